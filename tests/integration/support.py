# SPDX-License-Identifier: Apache-2.0
"""What the stories share: a home of one's own, the program, foreign providers, a TLS front.

Everything listens on loopback, lives in temporary folders and ends with the test that started it.
"""

import contextlib
import html
import http.server
import json
import os
import pathlib
import pty
import re
import select
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = os.environ.get("ATLINK", str(ROOT / "build/release/bin/atlink"))
BUILD = pathlib.Path(os.environ.get("ATLINK_BUILD", ROOT / "build/release"))
PROVIDERS = {
    "oauthlib": ["/usr/bin/python3", "-B", str(ROOT / "tests/providers/oauthlib_provider.py")],
    "ruby-oauth": ["ruby", str(ROOT / "tests/providers/ruby_provider.rb")],
}
PATIENCE = 60
# Sent through everything that could leak; must never be seen where people look.
CANARY = "canary-3fb1c9d27e"


def skip(reason):
    """Ends the whole story as skipped."""
    print(f"skipped: {reason}")
    sys.exit(77)


def need(*programs):
    for program in programs:
        if shutil.which(program) is None:
            skip(f"{program} is not installed")


def main():
    """Runs the story of the calling file."""
    unittest.main(module="__main__", verbosity=1)


def free_port():
    """A port that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def http_request(url, method="GET", body=None, headers=None, context=None):
    """(status, headers, body) of a plain request; an HTTP error status is an answer like any other."""

    class NoRedirect(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_):
            return None

    handlers = [NoRedirect, urllib.request.ProxyHandler({})]
    if context is not None:
        handlers.append(urllib.request.HTTPSHandler(context=context))
    request = urllib.request.Request(url, data=body, headers=headers or {}, method=method)
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=PATIENCE) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read()


def read_line(process, stream, patience=PATIENCE):
    """The next line of a child's stream, or what it said when it ended without one."""
    readable, _, _ = select.select([stream], [], [], patience)
    line = stream.readline() if readable else ""
    if not line:
        process.kill()
        raise AssertionError(f"{process.args[:4]} said nothing: {process.communicate()}")
    return line.rstrip("\n")


def allow(url, context=None):
    """Presses Allow on the sandbox's consent page; the code that it shows, or where the browser is sent."""
    _, _, page = http_request(url, context=context)
    page = page.decode()
    fields = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', page)
    action = re.search(r'<form[^>]*action="([^"]*)"', page)
    body = urllib.parse.urlencode([*fields, ("approve", "approve")]).encode()
    target = urllib.parse.urljoin(url, html.unescape(action.group(1)) if action else url)
    status, headers, page = http_request(target, "POST", body, {"Content-Type": "application/x-www-form-urlencoded"}, context)
    if status in (302, 303):
        return headers["Location"]
    shown = re.search(rb"<(?:code|strong|kbd)[^>]*>([0-9A-Za-z]{6})<", page)
    assert shown, page
    return shown.group(1).decode()


class Server:
    """A child process that prints its base URL when it listens and ends on SIGTERM."""

    def __init__(self, command, **named):
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, start_new_session=True, **named)  # fmt: skip
        line = read_line(self.process, self.process.stdout)
        found = re.search(r"https?://\S+", line)
        if not found:
            self.stop()
            raise AssertionError(f"no base URL in {line!r}")
        self.base = found.group(0)

    def stop(self):
        """Ends it and says how: its exit code and what it wrote on standard error."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            _, errors = self.process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            _, errors = self.process.communicate()
        return self.process.returncode, errors


class Provider(Server):
    """A foreign OAuth provider; see tests/README.md for its control addresses."""

    def __init__(self, kind, *options):
        super().__init__([*PROVIDERS[kind], *options])
        self.kind = kind

    def decide(self, token, decision="allow"):
        body = urllib.parse.urlencode({"oauth_token": token, "decision": decision}).encode()
        status, _, answer = http_request(self.base + "/-/decide", "POST", body)
        assert status == 200, answer
        return json.loads(answer)

    def expire(self, kind):
        http_request(self.base + "/-/expire", "POST", f"kind={kind}".encode())

    def log(self):
        return json.loads(http_request(self.base + "/-/log")[2])


class ScriptedServer:
    """Answers every request with what `answer(method, path, headers, body)` returns: (status, headers, body)."""

    def __init__(self, answer):
        requests = self.requests = []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def reply(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                requests.append((self.command, self.path, dict(self.headers), body))
                status, headers, text = answer(self.command, self.path, dict(self.headers), body)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_PUT = do_DELETE = reply

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


def private_ca(folder, names="DNS:localhost,IP:127.0.0.1"):
    """Makes ca.pem, and server.pem with server.key for these names, in `folder`; the path of ca.pem."""
    folder = pathlib.Path(folder)
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "ca.key", "-out",
            folder / "ca.pem", "-days", "2", "-subj", "/CN=A CA of our own")  # fmt: skip
    openssl("req", "-newkey", "rsa:2048", "-nodes", "-keyout", folder / "server.key", "-out",
            folder / "server.csr", "-subj", "/CN=a server")  # fmt: skip
    (folder / "names").write_text(f"subjectAltName={names}\n", encoding="utf-8")
    openssl("x509", "-req", "-in", folder / "server.csr", "-CA", folder / "ca.pem", "-CAkey",
            folder / "ca.key", "-CAcreateserial", "-days", "2", "-extfile", folder / "names", "-out",
            folder / "server.pem")  # fmt: skip
    return folder / "ca.pem"


def nginx_program():
    for candidate in (shutil.which("nginx"), "/usr/sbin/nginx", ROOT / "build/nginx/usr/sbin/nginx"):
        if candidate and os.access(candidate, os.X_OK):
            return str(candidate)
    skip("nginx is not installed")
    return ""


class TlsFront:
    """A real nginx in front of `backend`, with a certificate of a private CA."""

    CONFIGURATION = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log stderr error;
events {{ worker_connections 64; }}
http {{
  access_log off; client_max_body_size 64m;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl; server_name localhost;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key;
    location / {{
      proxy_pass {backend};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
  }}
}}
"""

    def __init__(self, folder, backend, **names):
        program = nginx_program()
        self.ca = private_ca(folder, **names)
        self.port = free_port()
        configuration = pathlib.Path(folder, "nginx.conf")
        text = self.CONFIGURATION.format(folder=folder, port=self.port, backend=backend, **self.settings())
        configuration.write_text(text, encoding="utf-8")
        self.process = subprocess.Popen(
            [program, "-e", "stderr", "-p", str(folder), "-c", str(configuration)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)  # fmt: skip
        self.site = f"https://localhost:{self.port}"
        self.wait()

    def settings(self):
        """What else the configuration names; for those who bring another one."""
        return {}

    def wait(self):
        for _ in range(200):
            if self.process.poll() is not None:
                raise AssertionError("nginx ended: " + self.process.communicate()[1])
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            time.sleep(0.05)
        raise AssertionError("nginx does not listen")

    def context(self):
        """For clients that trust its CA."""
        return ssl.create_default_context(cafile=self.ca)

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=10)


class Home:
    """A person's surroundings: HOME and XDG folders of their own, and nothing else inherited."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atlink-story-"))
        self.config = self.folder / "config" / "atlink"
        self.data = self.folder / "data" / "atlink"
        self.state = self.folder / "state" / "atlink"
        self.environment = {
            "PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.folder), "LANG": "C.UTF-8",
            "XDG_CONFIG_HOME": str(self.config.parent), "XDG_DATA_HOME": str(self.data.parent),
            "XDG_STATE_HOME": str(self.state.parent),
        }  # fmt: skip

    def popen(self, *arguments, prefix=(), **named):
        """Starts the program without a terminal."""
        environment = {**self.environment, **named.pop("env", {})}
        if prefix:  # what traces a program keeps the leak sanitizer from doing so
            environment.setdefault("ASAN_OPTIONS", "detect_leaks=0")
        named = {"stdin": subprocess.DEVNULL, "cwd": self.folder, **named}
        return subprocess.Popen(
            [*prefix, PROGRAM, *map(str, arguments)], env=environment, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, start_new_session=True, **named)  # fmt: skip

    def run(self, *arguments, input=None, text=True, **named):
        """Runs the program to its end. Bytes in `input` go to its standard input."""
        if input is not None:
            named["stdin"] = subprocess.PIPE
            input = input.encode() if isinstance(input, str) else input
        process = self.popen(*arguments, **named)
        try:
            out, errors = process.communicate(input, timeout=PATIENCE * 2)
        except subprocess.TimeoutExpired:
            process.kill()
            raise AssertionError(f"{arguments} hangs: {process.communicate()}") from None
        if text:
            out, errors = out.decode(), errors.decode()
        return subprocess.CompletedProcess(process.args, process.returncode, out, errors)

    def remove(self):
        subprocess.run(["chmod", "-R", "u+rwX", str(self.folder)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)


class Person:
    """Somebody at a terminal of their own, who runs the program and reads all that it prints."""

    def __init__(self, home, *arguments, **environment):
        pid, self.terminal = pty.fork()
        if pid == 0:
            os.chdir(home.folder)
            os.execve(PROGRAM, [PROGRAM, *map(str, arguments)], {**home.environment, "TERM": "dumb", **environment})
        self.pid = pid
        self.text = ""
        self.code = None

    def read(self, patience):
        """More of what is printed; false at the end."""
        if not select.select([self.terminal], [], [], patience)[0]:
            raise AssertionError(f"nothing more is printed after {self.text!r}")
        try:
            piece = os.read(self.terminal, 65536)
        except OSError:  # the other side is closed
            piece = b""
        self.text += piece.decode(errors="replace").replace("\r\n", "\n")
        return bool(piece)

    def wait_for(self, words):
        """Reads until `words` have been printed after what was waited for last time."""
        while words not in self.text[getattr(self, "seen", 0) :]:
            if not self.read(PATIENCE):
                raise AssertionError(f"{words!r} was not printed: {self.text!r}")
        self.seen = self.text.index(words, getattr(self, "seen", 0)) + len(words)

    def type(self, line):
        os.write(self.terminal, line.encode() + b"\n")

    def end(self):
        """Reads to the end; the exit code."""
        while self.read(PATIENCE):
            pass
        return self.wait()

    def wait(self):
        if self.code is None:
            _, status = os.waitpid(self.pid, 0)
            self.code = os.waitstatus_to_exitcode(status)
            os.close(self.terminal)
        return self.code

    def kill(self, number):
        os.kill(self.pid, number)
        return self.wait()

    def stop(self):
        if self.code is None:
            self.kill(9)


class Story(unittest.TestCase):
    """A test case with a home and what it starts in it."""

    maxDiff = None

    def setUp(self):
        self.home = Home()
        self.addCleanup(self.home.remove)

    def start(self, thing):
        self.addCleanup(thing.stop)
        return thing

    def ok(self, *arguments, **named):
        """Runs the program, which must succeed; its result."""
        result = self.home.run(*arguments, **named)
        self.assertEqual(result.returncode, 0, f"{arguments}: {result.stderr}\n{result.stdout}")
        return result

    def json(self, *arguments, **named):
        return json.loads(self.ok(*arguments, "--output", "json", **named).stdout)

    def fails(self, exit_code, code, *arguments, body="", **named):
        """Runs the program, which must fail with this exit code and error; the error's object.

        It is asked for JSON. What is said has a cause and a next step, and holds no canary and no
        control character. On standard output stands the body of the server's answer, if any.
        """
        result = self.home.run(*arguments, "--output", "json", **named)
        self.assertEqual(result.returncode, exit_code, f"{arguments}: {result.stderr}\n{result.stdout}")
        self.assertEqual(result.stdout, body)
        lines = [line for line in result.stderr.splitlines() if line.startswith('{"code"')]
        self.assertEqual(len(lines), 1, result.stderr)
        error = json.loads(lines[0])
        self.assertEqual(error["code"], code, error)
        self.assertTrue(error["message"].strip(), error)
        self.assertTrue(error["next"].strip(), error)
        self.assert_clean(result.stderr)
        self.assert_clean(error["message"] + error["next"])
        return error

    def assert_clean(self, text):
        self.assertNotIn(CANARY, text)
        self.assertIsNone(re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text), repr(text))
        self.assertNotIn("terminate called", text)
        self.assertNotIn("std::", text)

    def keys(self, name="keys", bits=2048):
        """A key pair made by the program; its folder."""
        folder = self.home.folder / name
        self.ok("keygen", "--out", folder, "--bits", bits)
        return folder

    def provider(self, kind, keys, *options, context_path="", consumer="atlink-story"):
        """A provider that knows this key pair's public half."""
        return self.start(Provider(
            kind, "--context-path", context_path, "--consumer", f"{consumer}={keys / 'public.pem'}", *options))  # fmt: skip

    def sign_in(self, provider, profile, decision="allow"):
        """The out-of-band dance."""
        begun = self.ok("login", "--begin", "--profile", profile)
        verifier = provider.decide(self.token_of(begun.stdout), decision)["verifier"]
        self.ok("login", "--verifier", verifier, "--profile", profile)

    @staticmethod
    def token_of(authorize_url):
        query = urllib.parse.urlsplit(authorize_url.strip()).query
        return dict(urllib.parse.parse_qsl(query))["oauth_token"]
