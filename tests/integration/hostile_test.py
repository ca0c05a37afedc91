#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Whoever visits a loopback address while somebody signs in or looks at the link's page: the right visitor is heard all
the same, and before any of the others has gone."""

import json
import socket
import threading
import urllib.parse

import acme_product
import support
from support import PROGRAM, ScriptedServer, Story, http_request

JSON = {"Content-Type": "application/json"}


class Crowd:
    """Visitors who have no business here; all of them stay as long as they are let."""

    def __init__(self, url):
        address = urllib.parse.urlsplit(url)
        self.host, self.port, self.path = address.hostname, address.port, address.path or "/"
        self.sockets = []
        self.dripping = threading.Event()

    def connect(self, first=b""):
        visitor = socket.create_connection((self.host, self.port), support.PATIENCE)
        self.sockets.append(visitor)
        if first:
            visitor.sendall(first)
        return visitor

    def ask(self, request):
        """Status of one request, sent as it is."""
        with socket.create_connection((self.host, self.port), support.PATIENCE) as visitor:
            visitor.sendall(request)
            visitor.settimeout(support.PATIENCE)
            answer = visitor.recv(4096)
        return int(answer.split()[1]) if answer else 0

    def come(self):
        """Some silent, some with half a request that never gets longer, some drop by drop."""
        for number in range(300):
            self.connect((b"", b"GET ", f"GET {self.path} HTTP/1.1\r\nHost: 127".encode())[number % 3])
        drip = [self.connect(b"G") for _ in range(40)]

        def more():
            while not self.dripping.wait(0.05):
                for visitor in drip:
                    try:
                        visitor.sendall(b"E")
                    except OSError:
                        pass

        threading.Thread(target=more, daemon=True).start()

    def go(self):
        self.dripping.set()
        for visitor in self.sockets:
            visitor.close()


class Hostile(Story):
    def setUp(self):
        super().setUp()
        self.pair = self.keys()

    def login(self, *options):
        process = self.home.popen("login", "--no-browser", "--output", "json", *options, text=True)
        self.addCleanup(process.kill)
        return process, json.loads(support.read_line(process, process.stderr))["url"]

    def crowd(self, url):
        crowd = Crowd(url)
        self.addCleanup(crowd.go)
        crowd.come()
        return crowd

    def bother(self, crowd, guess):
        """Requests that are answered, and change nothing. `guess` is the query of somebody who knows the path."""
        host = f"Host: 127.0.0.1:{crowd.port}\r\n".encode()
        path = crowd.path.encode()
        get = lambda target, headers=host: crowd.ask(b"GET " + target + b" HTTP/1.1\r\n" + headers + b"Connection: close\r\n\r\n")  # noqa: E731
        cross = b"Origin: https://evil.example\r\nReferer: https://evil.example/\r\nSec-Fetch-Site: cross-site\r\n"
        self.assertEqual(get(b"/"), 404)
        self.assertEqual(get(b"/favicon.ico", host + cross), 404)
        self.assertEqual(get(b"/callback/" + b"0" * 32 + guess), 404)
        self.assertEqual(get(b"//" + path + guess), 404)
        self.assertEqual(get(path + guess, b"Host: evil.example\r\n"), 421)
        self.assertEqual(get(path + guess, f"Host: evil.example:{crowd.port}\r\n".encode()), 421)
        self.assertEqual(get(path, host + b"X-Long: " + b"x" * 100000 + b"\r\n"), 431)
        self.assertIn(crowd.ask(b"POST " + path + guess + b" HTTP/1.1\r\n" + host + cross + b"Content-Length: 5\r\nConnection: close\r\n\r\nhello"), (404, 405))
        self.assertEqual(crowd.ask(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 200), 400)

    def finish(self, process, crowd, url):
        """The right visitor; all others are still there when it is answered."""
        status, _, page = http_request(url)
        self.assertEqual(status, 200, page)
        self.assertIn(b"You are signed in", page)
        self.assertFalse(crowd.dripping.is_set())
        out, errors = process.communicate(timeout=support.PATIENCE)
        self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(json.loads(out)["user"], "alice")
        with socket.socket() as probe:
            self.assertNotEqual(probe.connect_ex((crowd.host, crowd.port)), 0)

    def test_a_sign_in_by_oauth1(self):
        command = [PROGRAM, "sandbox", "--product", "jira", "--context-path", "/tools", "--consumer", f"robot={self.pair / 'public.pem'}"]
        site = self.start(support.Server(command, env=self.home.environment))
        self.ok("profile", "set", "work", "--product", "jira", "--url", site.base, "--consumer-key", "robot", "--private-key", self.pair / "private.pem")
        process, url = self.login()
        callback = support.allow(url)
        crowd = self.crowd(callback)
        self.bother(crowd, b"?oauth_token=wrong&oauth_verifier=x")
        wrong = callback.split("?")[0] + "?oauth_token=wrong&oauth_verifier=%3Cscript%3E"
        status, headers, page = http_request(wrong)
        self.assertEqual(status, 400)
        self.assertNotIn(b"script", page)
        self.assertIn("default-src 'none'", headers["Content-Security-Policy"])
        self.assertIsNone(process.poll())
        self.finish(process, crowd, callback)

    def test_a_sign_in_by_oauth2(self):
        def answer(_method, target, _headers, _body):
            if target.startswith("/token"):
                return 200, JSON, b'{"access_token": "t", "token_type": "bearer", "expires_in": 60}'
            return 200, JSON, b'{"name": "alice"}'

        acme_product.install(self.home)
        server = self.start(ScriptedServer(answer))
        secret = self.home.folder / "secret"
        secret.write_text("s", encoding="utf-8")
        self.ok("profile", "set", "work", "--product", "acme", "--url", server.base, "--method", "oauth2", "--client-id", "app", "--secret-file", secret)
        process, url = self.login()
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        crowd = self.crowd(query["redirect_uri"])
        self.bother(crowd, b"?code=c&state=wrong")
        for wrong in ("?code=stolen&state=wrong", "?error=access_denied", "?code=c", ""):
            self.assertEqual(http_request(query["redirect_uri"] + wrong)[0], 400, wrong)
        self.assertIsNone(process.poll())
        self.assertFalse([target for _, target, _, _ in server.requests if target.startswith("/token")])
        self.finish(process, crowd, f"{query['redirect_uri']}?code=c&state={query['state']}")

    def test_nobody_comes_but_they(self):
        """The deadline ends it, whoever is there."""
        acme_product.install(self.home)
        secret = self.home.folder / "secret"
        secret.write_text("s", encoding="utf-8")
        self.ok("profile", "set", "work", "--product", "acme", "--url", "http://127.0.0.1:9", "--method", "oauth2", "--client-id", "app", "--secret-file", secret)
        process, url = self.login("--timeout", "2")
        redirect = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["redirect_uri"]
        crowd = self.crowd(redirect)
        _, errors = process.communicate(timeout=support.PATIENCE)
        self.assertEqual((process.returncode, json.loads(errors)["code"]), (4, "login.expired"))
        with socket.socket() as probe:
            self.assertNotEqual(probe.connect_ex((crowd.host, crowd.port)), 0)

    def test_the_page_of_the_link(self):
        site = self.start(ScriptedServer(lambda *_: (404, {}, b"")))
        self.ok("profile", "set", "work", "--product", "jira", "--url", site.base, "--consumer-key", "robot", "--private-key", self.pair / "private.pem")
        process = self.home.popen("link", "show", "--web", "--no-browser", "--output", "json", text=True)
        self.addCleanup(process.kill)
        url = json.loads(support.read_line(process, process.stderr))["url"]
        crowd = self.crowd(url)
        host = f"Host: 127.0.0.1:{crowd.port}\r\n".encode()
        path = crowd.path.encode()
        get = lambda target, headers=host: crowd.ask(b"GET " + target + b" HTTP/1.1\r\n" + headers + b"Connection: close\r\n\r\n")  # noqa: E731
        self.assertEqual(get(b"/link/guess"), 404)
        self.assertEqual(get(path + b"?x=1"), 404)
        self.assertEqual(get(path, b"Host: evil.example\r\n"), 421)
        self.assertEqual(get(path, host + b"X-Long: " + b"x" * 100000 + b"\r\n"), 431)
        # A page of another site that knows the address cannot end it.
        post = b"POST " + path + b"/done HTTP/1.1\r\n" + host + b"Origin: https://evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        self.assertEqual(crowd.ask(post), 403)
        self.assertIsNone(process.poll())
        status, _, page = http_request(url)
        self.assertEqual((status, b"Application link" in page), (200, True))
        self.assertEqual(http_request(url + "/done", "POST", b"", {"Origin": f"http://127.0.0.1:{crowd.port}"})[0], 200)
        self.assertEqual(process.wait(support.PATIENCE), 0)
        with socket.socket() as probe:
            self.assertNotEqual(probe.connect_ex((crowd.host, crowd.port)), 0)


if __name__ == "__main__":
    support.main()
