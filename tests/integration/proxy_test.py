#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Proxies: which one counts, what each kind is asked, who gets which credential, and what is said when
one of them fails. Against Debian's tinyproxy and microsocks, and against one that records."""

import base64
import json
import os
import pathlib
import socket
import ssl
import subprocess
import tempfile

import acme_product
import proxies
import support

TOKEN = f"token-{support.CANARY}"
PASSWORD = f"proxy-password-{support.CANARY}"
ALICE = json.dumps({"name": "alice"}).encode()
LOOPBACK = {"NO_PROXY": "<-loopback>"}


def answer(_method, path, headers, _body):
    if path == "/about":
        return 200, {}, b'{"product":"acme","version":"4.1"}'
    if path == "/token":
        return 200, {}, b'{"access_token":"a","token_type":"Bearer","expires_in":3600}'
    if path.startswith("/away/"):
        return 302, {"Location": "http://" + path.removeprefix("/away/")}, b""
    return 200, {"Content-Type": "application/json"}, ALICE


class TlsServer(support.ScriptedServer):
    """The same behind TLS, with a certificate of a private CA."""

    def __init__(self, folder, reply=answer):
        super().__init__(reply)
        self.ca = support.private_ca(folder, names="DNS:site.test,DNS:other.test,DNS:localhost,IP:127.0.0.1,IP:::1")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pathlib.Path(folder, "server.pem"), pathlib.Path(folder, "server.key"))
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]


class Proxies(support.Story):
    def setUp(self):
        super().setUp()
        acme_product.install(self.home)
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atlink-proxies-"))
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", str(self.folder)], check=False))
        self.token = self.file("token", TOKEN)
        self.password = self.file("password", PASSWORD)

    def file(self, name, text):
        path = self.home.folder / name
        path.write_text(text + "\n", encoding="utf-8")
        return path

    def server(self):
        server = self.start(support.ScriptedServer(answer))
        server.port = server.server.server_address[1]
        return server

    def recording(self, *sites, **named):
        """A proxy that knows site.test at these servers' ports."""
        return self.start(proxies.RecordingProxy({f"site.test:{site.port}": site.port for site in sites}, **named))

    def profile(self, url, *options, **named):
        self.ok("profile", "set", "work", "--product", "acme", "--url", url, "--method", "token", *options, **named)

    def secrets_in(self, text):
        encoded = base64.b64encode(f"alice:{PASSWORD}".encode()).decode()
        return [name for name, secret in (("token", TOKEN), ("password", PASSWORD), ("password", encoded)) if secret in text]

    def everything_sent(self, server):
        return json.dumps([[r[1], r[2], r[3].decode("latin-1")] for r in server.requests])

    # Who is told what.

    def test_https_goes_through_a_tunnel_that_is_told_no_credential(self):
        server = self.start(TlsServer(self.folder))
        proxy = self.recording(server, login=f"alice:{PASSWORD}")
        self.profile(f"https://site.test:{server.port}", "--ca-file", server.ca, "--proxy",
                     f"http://alice@127.0.0.1:{proxy.port}", "--proxy-secret-file", self.password)  # fmt: skip
        self.ok("login", "--secret-file", self.token)
        self.assertEqual(self.ok("request", "GET", "/rest/me").stdout.encode(), ALICE)
        self.assertTrue(all(head.startswith(f"CONNECT site.test:{server.port} HTTP/1.1") for head in proxy.heads), proxy.heads)
        for head in proxy.heads:
            self.assertEqual(self.secrets_in(head), ["password"])
            self.assertNotIn("\r\nauthorization:", head.lower())
        self.assertEqual(self.secrets_in(self.everything_sent(server)), ["token"])
        self.assertNotIn("proxy-authorization", self.everything_sent(server).lower())
        self.assertFalse(any(TOKEN.encode() in piece for piece in proxy.tunnelled))

    def test_plain_http_names_the_whole_url_and_keeps_the_two_credentials_apart(self):
        server = self.server()
        proxy = self.recording(server, login=f"alice:{PASSWORD}")
        self.profile(f"http://site.test:{server.port}", "--proxy", f"http://alice@127.0.0.1:{proxy.port}",
                     "--proxy-secret-file", self.password)  # fmt: skip
        result = self.home.run("detect", f"http://site.test:{server.port}", "--proxy", f"http://alice@127.0.0.1:{proxy.port}",
                               env={"ATLINK_PROXY_PASSWORD": PASSWORD})  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(all(f"GET http://site.test:{server.port}/" in head for head in proxy.heads), proxy.heads)
        self.assertEqual(self.secrets_in("".join(proxy.heads)), ["password"])
        self.assertEqual(self.secrets_in(self.everything_sent(server)), [])

    def test_each_method_keeps_its_credential_at_home(self):
        """A recording server at the end of every redirect, and a recording proxy before everything."""
        away = lambda m, p, h, b: (302, {"Location": f"https://other.test:{p[1:]}/x"}, b"") if p[1:].isdigit() else answer(m, p, h, b)
        server = self.start(TlsServer(self.folder, away))
        folder = self.folder / "other"
        folder.mkdir()
        foreign = self.start(TlsServer(folder))
        bundle = self.folder / "bundle.pem"
        bundle.write_bytes(server.ca.read_bytes() + foreign.ca.read_bytes())
        proxy = self.recording(server, login=f"alice:{PASSWORD}")
        proxy.names[f"other.test:{foreign.port}"] = foreign.port
        keys = self.home.folder / "keys"
        self.ok("keygen", "--out", keys)
        methods = (
            ("token", "acme", (), ("login", "--secret-file", self.token), "Bearer "),
            ("basic", "acme", ("--user", "bob"), ("login", "--secret-file", self.token, "--switched-on"), "Basic "),
            ("client-credentials", "acme", ("--client-id", "app", "--secret-file", self.token), ("login",), "Bearer "),
            ("oauth1", "self-hosted", ("--consumer-key", "c", "--private-key", keys / "private.pem", "--two-legged"), None, "OAuth "),
        )
        for method, product, options, login, scheme in methods:
            with self.subTest(method):
                server.requests.clear()
                foreign.requests.clear()
                proxy.heads.clear()
                self.ok("profile", "set", method, "--product", product, "--url", f"https://site.test:{server.port}", "--ca-file", bundle, "--method", method,
                        "--proxy", f"http://alice@127.0.0.1:{proxy.port}", "--proxy-secret-file", self.password, *options)  # fmt: skip
                if login:
                    self.ok(*login, "--profile", method)
                self.home.run("request", "GET", f"/{foreign.port}", "--profile", method)
                last = [request for request in server.requests if request[1] == f"/{foreign.port}"]
                self.assertTrue(last[0][2]["Authorization"].startswith(scheme), last)
                self.assertEqual([request[1] for request in foreign.requests], ["/x"])
                self.assertNotIn("Authorization", foreign.requests[0][2])
                self.assertNotIn("oauth_", self.everything_sent(foreign))
                self.assertEqual(self.secrets_in(self.everything_sent(foreign)), [])
                self.assertEqual(self.secrets_in("".join(proxy.heads)), ["password"])
                self.assertNotIn("authorization: " + scheme.lower(), "".join(proxy.heads).lower().replace("proxy-authorization", ""))
                self.assertNotIn("proxy-authorization", self.everything_sent(server).lower())

    def test_the_whole_dance_of_oauth1(self):
        keys = self.keys()
        provider = self.provider("oauthlib", keys, context_path="/a/b")
        port = int(provider.base.split(":")[2].split("/")[0])
        proxy = self.start(proxies.RecordingProxy({f"127.0.0.1:{port}": port}))
        environment = {**LOOPBACK, "http_proxy": f"http://127.0.0.1:{proxy.port}"}
        self.ok("profile", "set", "work", "--product", "self-hosted", "--url", provider.base, "--context-path", "/a/b", "--consumer-key", "atlink-story",
                "--private-key", keys / "private.pem", env=environment)  # fmt: skip
        url = self.ok("login", "--begin", env=environment).stdout.strip()
        verifier = provider.decide(self.token_of(url))["verifier"]
        self.ok("login", "--verifier", verifier, env=environment)
        self.ok("request", "GET", "/rest/x", env=environment)
        told = [head.split(" ")[0] + " " + head.split(" ")[1] for head in proxy.heads]
        for endpoint in ("request-token", "access-token", "rest/x"):
            self.assertTrue(any(endpoint in line and line.split(" ")[1].startswith("http://127.0.0.1") for line in told), told)

    def test_token_calls_trust_and_detect_go_through_it(self):
        server = self.start(TlsServer(self.folder))
        proxy = self.recording(server)
        environment = {"https_proxy": f"http://127.0.0.1:{proxy.port}", "ATLINK_CLIENT_SECRET": "s"}
        url = f"https://site.test:{server.port}"
        self.ok("profile", "set", "work", "--product", "acme", "--url", url, "--ca-file", server.ca, "--method",
                "client-credentials", "--client-id", "app", env=environment)  # fmt: skip
        self.ok("login", env=environment)
        self.assertIn("/token", [request[1] for request in server.requests])
        self.ok("detect", url, "--ca-file", server.ca, env=environment)
        before = len(proxy.heads)
        self.ok("trust", url, env=environment)
        self.assertGreater(len(proxy.heads), before)
        # Nothing went there by another way: nobody else knows the name.
        self.fails(9, "network.name", "request", "GET", "/rest/me")

    # Which one counts.

    def test_flag_then_environment_then_profile(self):
        server = self.start(TlsServer(self.folder))
        first, second, third, fourth = (self.recording(server) for _ in range(4))
        at = lambda proxy: f"http://127.0.0.1:{proxy.port}"
        self.profile(f"https://site.test:{server.port}", "--ca-file", server.ca, "--proxy", at(fourth))
        self.ok("login", "--secret-file", self.token)
        everything = {"https_proxy": at(third), "ATLINK_PROXY": at(second)}
        for proxy, flags, environment in (
            (first, ["--proxy", at(first)], everything), (second, [], everything),
            (third, [], {"https_proxy": at(third), "HTTPS_PROXY": at(first)}),
            (third, [], {"ALL_PROXY": at(third), "HTTP_PROXY": at(first), "http_proxy": at(first)}),
            (fourth, [], {"HTTPS_PROXY": ""}), (fourth, [], {"HTTP_PROXY": at(first)}),
        ):  # fmt: skip
            for each in (first, second, third, fourth):
                each.heads.clear()
            self.ok("request", "GET", "/rest/me", *flags, env=environment)
            self.assertEqual([each for each in (first, second, third, fourth) if each.heads], [proxy])

    def test_none_and_no_proxy_go_straight(self):
        server = self.start(TlsServer(self.folder))
        dead = f"http://127.0.0.1:{support.free_port()}"
        self.profile(f"https://localhost:{server.port}", "--ca-file", server.ca)
        self.ok("login", "--secret-file", self.token)
        go = lambda *flags, **environment: self.home.run("request", "GET", "/rest/me", *flags, env=environment).returncode
        self.assertEqual(go(https_proxy=dead), 0)  # this machine itself
        self.assertEqual(go(https_proxy=dead, **LOOPBACK), 9)
        self.assertEqual(go(https_proxy=dead, NO_PROXY="<-loopback>, localhost"), 0)
        self.assertEqual(go(https_proxy=dead, NO_PROXY=f"<-loopback>,localhost:{server.port}"), 0)
        self.assertEqual(go(https_proxy=dead, NO_PROXY="<-loopback>,localhost:1"), 9)
        self.assertEqual(go(https_proxy=dead, no_proxy="<-loopback>,*"), 0)
        self.assertEqual(go("--proxy", "none", https_proxy=dead, **LOOPBACK), 0)
        self.ok("profile", "set", "work", "--no-proxy", "localhost")
        self.assertEqual(go(https_proxy=dead, **LOOPBACK), 0)

    # SOCKS.

    def test_socks_with_names_for_the_proxy_to_look_up(self):
        server = self.start(TlsServer(self.folder))
        socks = self.start(proxies.NamingSocks({f"site.test:{server.port}": server.port}))
        self.profile(f"https://site.test:{server.port}", "--ca-file", server.ca, "--proxy", f"socks5h://127.0.0.1:{socks.port}")
        self.ok("login", "--secret-file", self.token)
        self.assertEqual(set(socks.asked), {f"site.test:{server.port}"})

    def test_microsocks(self):
        if proxies.program("microsocks") is None:
            self.skipTest("microsocks is not there (tools/test fetches it)")
        server = self.start(TlsServer(self.folder))
        socks = self.start(proxies.Microsocks("alice", PASSWORD))
        self.profile(f"https://127.0.0.1:{server.port}", "--ca-file", server.ca)
        self.ok("login", "--secret-file", self.token)
        for scheme in ("socks5", "socks5h"):
            url = f"{scheme}://alice@127.0.0.1:{socks.port}"
            self.ok("request", "GET", "/rest/me", "--proxy", url, env={**LOOPBACK, "ATLINK_PROXY_PASSWORD_WORK": PASSWORD})
            error = self.fails(9, "network.proxy_auth", "request", "GET", "/rest/me", "--proxy", url, env={**LOOPBACK, "ATLINK_PROXY_PASSWORD": "wrong"})
            self.assertIn("alice", error["message"])
        self.fails(9, "network.proxy_auth", "request", "GET", "/rest/me", "--proxy", f"socks5h://127.0.0.1:{socks.port}", env=LOOPBACK)
        closed = support.free_port()
        error = self.fails(9, "network.proxy", "request", "GET", "/x",
                           env={**LOOPBACK, "ALL_PROXY": f"socks5h://alice:{PASSWORD}@127.0.0.1:{socks.port}", "ATLINK_URL": f"https://127.0.0.1:{closed}",
                                "ATLINK_PRODUCT": "acme", "ATLINK_TOKEN": "t"})  # fmt: skip
        self.assertIn(str(closed), error["message"])

    # A foreign HTTP proxy.

    def tinyproxy(self, server, **named):
        if proxies.program("tinyproxy") is None:
            self.skipTest("tinyproxy is not there (tools/test fetches it)")
        return self.start(proxies.Tinyproxy(self.folder, connect_port=server.port, **named))

    def test_tinyproxy_with_a_password(self):
        server = self.start(TlsServer(self.folder))
        proxy = self.tinyproxy(server, password=PASSWORD)
        self.profile(f"https://localhost:{server.port}", "--ca-file", server.ca, "--no-proxy", "<-loopback>", "--proxy",
                     f"http://alice@127.0.0.1:{proxy.port}", "--proxy-secret-file", self.password)  # fmt: skip
        self.ok("login", "--secret-file", self.token)
        self.assertEqual(self.ok("request", "GET", "/rest/me").stdout.encode(), ALICE)
        body = self.home.folder / "body"
        body.write_bytes(os.urandom(3 << 20))
        self.ok("request", "POST", "/x", "--data", f"@{body}")
        self.assertEqual(server.requests[-1][3], body.read_bytes())
        error = self.fails(9, "network.proxy_auth", "request", "GET", "/rest/me", env={"ATLINK_PROXY_PASSWORD": "wrong"})
        self.assertIn("ATLINK_PROXY_PASSWORD", error["next"])
        checks = {c["name"]: c for c in json.loads(self.home.run("doctor", "--output", "json").stdout)["checks"]}
        self.assertEqual(checks["proxy"]["outcome"], "pass")
        self.assertIn(f"http://127.0.0.1:{proxy.port}", checks["proxy"]["message"])
        wrong = self.home.run("doctor", "--output", "json", env={"ATLINK_PROXY_PASSWORD": "wrong"})
        document = json.loads(wrong.stdout)
        failed = [check["name"] for check in document["checks"] if check["outcome"] == "fail"]
        self.assertEqual((failed[0], document["cause"]["code"]), ("proxy", "network.proxy_auth"))

    def test_tinyproxy_refuses_or_cannot_reach(self):
        server = self.start(TlsServer(self.folder))
        proxy = self.tinyproxy(server)
        environment = {**LOOPBACK, "ALL_PROXY": f"http://127.0.0.1:{proxy.port}", "ATLINK_PRODUCT": "acme", "ATLINK_TOKEN": "t"}
        ask = lambda url: self.fails(9, "network.proxy", "request", "GET", "/x", env={**environment, "ATLINK_URL": url})
        self.assertIn("403", ask(f"https://localhost:{support.free_port()}")["message"])  # not a port that it connects to
        server.stop()
        self.assertIn("runs", ask(f"https://localhost:{server.port}")["next"])

    def test_tinyproxy_and_plain_http(self):
        server = self.server()
        proxy = self.tinyproxy(server)
        ask = ("detect", f"http://localhost:{server.port}", "--proxy", f"http://127.0.0.1:{proxy.port}")
        self.assertEqual(self.home.run(*ask, env=LOOPBACK).returncode, 0)
        server.stop()
        result = self.home.run(*ask, env=LOOPBACK)
        self.assertIn("the proxy", result.stdout + result.stderr)

    # What is said when it fails.

    def failing(self, code, url="https://site.test", **environment):
        return self.fails(9, code, "request", "GET", "/x", env={"ATLINK_URL": url, "ATLINK_PRODUCT": "acme", "ATLINK_TOKEN": "t", **environment})

    def test_failures_of_the_proxy_are_told_from_those_of_the_server(self):
        closed = f"http://127.0.0.1:{support.free_port()}"
        error = self.failing("network.proxy_unreachable", HTTPS_PROXY=closed)
        self.assertIn("HTTPS_PROXY", error["message"])
        self.assertIn("proxy", self.failing("network.proxy_unreachable", HTTPS_PROXY="http://proxy.invalid:1")["message"])
        self.failing("network.proxy_unreachable", HTTPS_PROXY=closed.replace("http", "socks5h"))
        self.failing("network.proxy_unreachable", url="http://127.0.0.1:9", http_proxy=closed, **LOOPBACK)
        for line, words in (("403 Forbidden", "allow"), ("500 Unable to connect", "site runs"), ("502 Bad Gateway", "site runs"), ("504 Timeout", "site runs")):
            proxy = self.recording(refuse=f"HTTP/1.1 {line}\r\nContent-Length: 2\r\n\r\nno".encode())
            error = self.failing("network.proxy", HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}")
            self.assertIn(line.split(" ")[0], error["message"])
            self.assertIn(words, error["next"])
        for offered, reason in ((["NTLM"], "scheme"), (["Negotiate", "NTLM"], "scheme"), (['Digest realm="p", nonce="n"'], "scheme"),
                                (["NTLM", 'Basic realm="p"'], "wanted")):  # fmt: skip
            lines = "".join(f"Proxy-Authenticate: {each}\r\n" for each in offered)
            proxy = self.recording(refuse=f"HTTP/1.1 407 Who\r\n{lines}Content-Length: 2\r\n\r\nno".encode())
            at = f"http://127.0.0.1:{proxy.port}"
            for error in (self.failing("network.proxy_auth", HTTPS_PROXY=at),
                          self.failing("network.proxy_auth", url="http://127.0.0.1:9", http_proxy=at, **LOOPBACK)):  # fmt: skip
                self.assertEqual((offered, error["context"]["reason"]), (offered, reason))
        for nonsense in (b"SSH-2.0-OpenSSH_9.2\r\n", b"\x15\x03\x01\x00\x02\x02\x46", b""):
            proxy = self.recording(nonsense=nonsense)
            self.assertIn("no proxy", self.failing("network.proxy", HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}")["message"])
            self.failing("network.proxy", ALL_PROXY=f"socks5h://127.0.0.1:{proxy.port}")
        proxy = self.recording(login=f"alice:{PASSWORD}")
        self.failing("network.proxy_auth", HTTPS_PROXY=f"http://127.0.0.1:{proxy.port}")
        self.assertIn("alice", self.failing("network.proxy_auth", HTTPS_PROXY=f"http://alice:x@127.0.0.1:{proxy.port}")["message"])
        page = b"HTTP/1.1 503 Service Unavailable\r\nX-Squid-Error: ERR_CONNECT_FAIL 111\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>"
        proxy = self.recording(refuse=page)
        self.failing("network.proxy", url="http://127.0.0.1:9", http_proxy=f"http://127.0.0.1:{proxy.port}", **LOOPBACK)

    def test_a_proxy_that_never_answers_is_left_at_the_deadline(self):
        with socket.socket() as mute:
            mute.bind(("127.0.0.1", 0))
            mute.listen(8)
            result = self.home.run("trust", "https://site.test", "--output", "json", "--proxy", f"http://127.0.0.1:{mute.getsockname()[1]}")
        error = json.loads(result.stderr.splitlines()[-1])
        self.assertEqual((result.returncode, error["code"]), (9, "network.timeout"), error)
        self.assertIn("while the proxy was asked", error["message"])

    # Secrets.

    def test_a_password_stands_in_no_profile_argument_message_or_temporary_file(self):
        server = self.start(TlsServer(self.folder))
        proxy = self.recording(server, login=f"alice:{PASSWORD}")
        with_password = f"http://alice:{PASSWORD}@127.0.0.1:{proxy.port}"
        url = f"https://site.test:{server.port}"
        self.fails(2, "usage", "profile", "set", "work", "--product", "acme", "--url", url, "--proxy", with_password)
        self.profile(url, "--ca-file", server.ca, "--proxy", f"http://alice@127.0.0.1:{proxy.port}", "--proxy-secret-file", self.password)
        self.ok("login", "--secret-file", self.token)
        shown = self.ok("profile", "show").stdout + self.ok("profile", "show", "--output", "json").stdout
        self.assertNotIn(support.CANARY, shown)
        found = [str(path.relative_to(self.home.folder)) for path in self.home.folder.rglob("*")
                 if path.is_file() and path not in (self.token, self.password) and PASSWORD.encode() in path.read_bytes()]  # fmt: skip
        self.assertEqual(found, ["state/atlink/consumers/work~proxy.json"])
        self.assertEqual((self.home.state / "consumers/work~proxy.json").stat().st_mode & 0o777, 0o600)
        command_lines = []
        process = self.home.popen("request", "GET", "/rest/me")
        while process.poll() is None:
            try:
                command_lines.append(pathlib.Path(f"/proc/{process.pid}/cmdline").read_bytes())
            except OSError:
                break
        out, errors = process.communicate()
        self.assertEqual(process.returncode, 0, errors)
        for text in (out, errors, *command_lines):
            self.assertNotIn(support.CANARY.encode(), text)
        # Another proxy does not get it, and the profile's removal takes it away.
        second = self.recording(server, login=f"alice:{PASSWORD}")
        self.fails(9, "network.proxy_auth", "request", "GET", "/rest/me", "--proxy", f"http://alice@127.0.0.1:{second.port}")
        self.assertEqual(self.secrets_in("".join(second.heads)), [])
        self.ok("profile", "remove", "work")
        self.assertFalse((self.home.state / "consumers/work~proxy.json").exists())

    def test_the_password_is_asked_for(self):
        server = self.start(TlsServer(self.folder))
        proxy = self.recording(server, login=f"alice:{PASSWORD}")
        arguments = ("profile", "set", "work", "--product", "acme", "--url", f"https://site.test:{server.port}", "--method", "token",
                     "--ca-file", server.ca, "--proxy", f"http://alice@127.0.0.1:{proxy.port}")  # fmt: skip
        self.fails(2, "no_terminal", *arguments)
        person = self.start(support.Person(self.home, *arguments))
        person.wait_for("password of alice")
        person.type(PASSWORD)
        self.assertEqual(person.end(), 0, person.text)
        self.assertNotIn(PASSWORD, person.text)
        self.ok("login", "--secret-file", self.token)

    def test_help_and_sign_read_no_proxy(self):
        environment = {"https_proxy": "nonsense://", "http_proxy": "nonsense://"}
        self.assertEqual(self.home.run("help", env=environment).returncode, 0)
        self.assertEqual(self.home.run("profile", "list", env=environment).returncode, 0)


if __name__ == "__main__":
    support.main()
