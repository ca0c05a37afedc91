#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The whole dance and signed requests of every kind, against providers that nobody here wrote."""

import hashlib
import json
import re
import subprocess
import urllib.parse

import support
from support import PROGRAM, Story, http_request

# Context path → the product that is used there.
PLACES = {"": "jira", "/jira": "jira", "/wiki": "confluence", "/a/b": "self-hosted"}
FIVE_YEARS = 5 * 365


class Dance:
    """The stories; each provider runs all of them."""

    kind = ""

    def setUp(self):
        super().setUp()
        self.pair = self.keys()

    def place(self, context_path, *options, keys=None, profile="work"):
        """A provider at a context path and a profile for it, not signed in yet."""
        keys = keys or self.pair
        provider = self.provider(self.kind, keys, *options, context_path=context_path)
        self.ok(
            "profile", "set", profile, "--product", PLACES.get(context_path, "self-hosted"),
            "--deployment", "data-center", "--url", provider.base, "--context-path", context_path or "/",
            "--consumer-key", "atlink-story", "--private-key", keys / "private.pem")  # fmt: skip
        self.ok("profile", "use", profile)
        return provider

    def echo(self, *arguments, **named):
        """What the provider's resource received."""
        return json.loads(self.ok("request", *arguments, **named).stdout)

    # The dance.

    def test_out_of_band_at_every_context_path(self):
        for context_path in PLACES:
            with self.subTest(context_path):
                provider = self.place(context_path)
                screens = self.ok("link", "show").stdout
                for endpoint in ("request-token", "authorize", "access-token"):
                    self.assertIn(f"{provider.base}/plugins/servlet/oauth/{endpoint}", screens)
                self.assertIn("atlink-story", screens)
                begun = self.ok("login", "--begin")
                self.assertTrue(begun.stdout.startswith(f"{provider.base}/plugins/servlet/oauth/authorize?"), begun.stdout)
                self.assertEqual(begun.stdout.count("\n"), 1)
                verifier = provider.decide(self.token_of(begun.stdout))["verifier"]
                self.ok("login", "--verifier", verifier)
                self.assert_signed_in()
                self.requests_of_every_kind(provider, context_path)
                self.assertTrue(all(entry["problem"] == "" for entry in provider.log()), provider.log())

    def test_loopback_at_every_context_path(self):
        for context_path in PLACES:
            with self.subTest(context_path):
                provider = self.place(context_path)
                page, process = self.log_in_with_a_browser(provider, "allow")
                self.assertEqual(process.returncode, 0, process.stderr)
                self.assertIn(b"<html", page.lower())
                self.assert_signed_in()

    def log_in_with_a_browser(self, provider, decision):
        """Runs `login --no-browser` and plays the person: (callback page, ended process)."""
        login = self.home.popen("login", "--no-browser")
        self.addCleanup(login.kill)
        url, said = "", b""
        while not url:
            line = login.stderr.readline()
            self.assertTrue(line, f"login ended: {said!r}")
            said += line
            found = re.search(rb"https?://\S+oauth_token=\S+", line)
            url = found.group(0).decode() if found else ""
        status, _, consent = http_request(url)
        self.assertEqual(status, 200)
        self.assertIn(b"Allow", consent)
        status, headers, _ = http_request(url, "POST", f"decision={decision}".encode())
        self.assertEqual(status, 303)
        callback = headers["Location"]
        self.assertTrue(callback.startswith("http://127.0.0.1:"), callback)
        # A stranger who guesses the port gets nothing and disturbs nobody.
        stranger = urllib.parse.urlsplit(callback)
        http_request(f"http://{stranger.netloc}/?oauth_verifier=guess&oauth_token=guess")
        _, _, page = http_request(callback)
        out, errors = login.communicate(timeout=support.PATIENCE)
        return page, subprocess.CompletedProcess(login.args, login.returncode, out, said + errors)

    def assert_signed_in(self):
        status = self.json("status")
        self.assertEqual(status["profile"], "work")
        self.assertEqual(status["user"], "alice")
        self.assertIn(status["days_left"], (FIVE_YEARS - 1, FIVE_YEARS))
        for field in ("issued_at", "expires_at", "session_ends_at"):
            self.assertRegex(status[field], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")
        self.assertLess(status["expires_at"], status["session_ends_at"])

    # Requests.

    def requests_of_every_kind(self, provider, context_path):
        self.get_with_difficult_parameters(context_path)
        self.form_post()
        self.bodies_that_are_not_signed()
        self.signed_for_curl(provider)

    def get_with_difficult_parameters(self, context_path):
        path = "/rest/a%20b/x%2Fy/z:1/p+q/%C3%A9?inline=1%202&plus=%2B&flag"
        pairs = [
            ("space", "a b"), ("plus", "a+b"), ("slash", "a/b%2F"), ("colon", "a:b"), ("name", "é€"), ("a", "2"),
            ("a", "10"), ("a", ""), ("empty", ""), ("reserved", "!*'();@&=$,?#[]"), ("tilde", "~-._"),
        ]  # fmt: skip
        if self.kind == "oauthlib":  # ruby-oauth sorts decoded values
            pairs += [("é", "ü"), ("é", "ö"), ("é", "z")]
        options = [text for name, value in pairs for text in ("--query", f"{name}={value}")]
        got = self.echo("GET", path, *options)
        self.assertEqual(got["method"], "GET")
        self.assertEqual(got["path"], context_path + path.split("?")[0])
        expected = [["inline", "1 2"], ["plus", "+"], ["flag", ""], *map(list, pairs)]
        self.assertEqual(got["query"], expected)
        self.assertEqual(got["user"], "alice")
        got = self.echo("DELETE", "/rest/thing%2F1?confirm=a%2Bb", "--query", "why=no longer: needed")
        self.assertEqual((got["method"], got["query"]), ("DELETE", [["confirm", "a+b"], ["why", "no longer: needed"]]))

    def form_post(self):
        pairs = [("text", "two words"), ("plus", "1+1=2"), ("slash", "%2F/"), ("colon", "a:b"), ("name", "é"), ("n", "2"), ("n", "1"), ("empty", "")]
        options = [text for name, value in pairs for text in ("--form", f"{name}={value}")]
        got = self.echo("POST", "/rest/form?q=1", *options)
        self.assertEqual(got["form"], list(map(list, pairs)))
        self.assertEqual(got["query"], [["q", "1"]])
        self.assertIn("application/x-www-form-urlencoded", got["content_type"])

    def bodies_that_are_not_signed(self):
        text = '{"summary": "zwei Wörter, a+b=c&d", "empty": ""}'
        for method in ("POST", "PUT"):
            got = self.echo(method, "/rest/json", "--data", text)
            self.assert_body(got, text.encode())
            self.assertIn("application/json", got["content_type"])
        body = bytes(range(256)) * 300
        file = self.home.folder / "body.bin"
        file.write_bytes(body)
        got = self.echo("PUT", "/rest/file", "--data", f"@{file}", "--header", "Content-Type: application/octet-stream")
        self.assert_body(got, body)
        self.assertEqual(got["content_type"], "application/octet-stream")
        self.assert_body(self.echo("POST", "/rest/pipe", "--data", "-", input=text), text.encode())
        self.assert_body(self.echo("POST", "/rest/none"), b"")
        self.assertEqual(self.echo("DELETE", "/rest/none")["method"], "DELETE")

    def assert_body(self, got, body):
        self.assertEqual(got["body_length"], len(body))
        self.assertEqual(got["body_sha256"], hashlib.sha256(body).hexdigest())

    def signed_for_curl(self, provider):
        repeated = "a=%C3%A9" if self.kind == "oauthlib" else "a=0"
        self.assertEqual(self.curl(provider.base + f"/rest/x%2Fy?b=2%202&a=1&{repeated}&c=%2B&d=%C3%BC")[0], 200)
        self.assertEqual(self.curl(provider.base + "/rest/form", "a=b+c&d=%C3%A9", ("--form", "a=b c", "--form", "d=é"))[0], 200)

    def curl(self, url, form=None, sign=(), sent=None):
        """`atlink sign … | curl -H @- …`, as the README shows it: (status, body)."""
        method = "POST" if form else "GET"
        body = ["--data", form] if form else []
        shell = 'set -o pipefail; program=$1 method=$2 url=$3 sent=$4; shift 4; n=$1; shift; "$program" sign "$method" "$url" "${@:1:n}" | curl -sS -H @- "${@:n+1}" -w "\\n%{http_code}" "$sent"'
        result = subprocess.run(
            ["bash", "-c", shell, "story", PROGRAM, method, url, sent or url, str(len(sign)), *sign, *body],
            env=self.home.environment, capture_output=True, text=True, check=False)  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        text, _, status = result.stdout.rpartition("\n")
        return int(status), text

    # What must fail, there and here.

    def test_a_tampered_request_fails_by_the_library(self):
        provider = self.place("/jira")
        self.sign_in(provider, "work")
        url = provider.base + "/rest/x?amount=1"
        status, text = self.curl(url, sent=provider.base + "/rest/x?amount=1000")
        self.assertEqual((status, text), (401, "oauth_problem=signature_invalid"))
        self.assert_verdict(provider, "signature", False)
        status, _ = self.curl(provider.base + "/rest/x", "a=2", ("--form", "a=1"))
        self.assertEqual(status, 401)
        self.assert_verdict(provider, "signature", False)
        self.assertEqual(self.curl(url)[0], 200)

    def test_a_request_changed_on_its_way_is_told(self):
        provider = self.place("")
        self.sign_in(provider, "work")
        relay = self.start(support.ScriptedServer(lambda *request: self.relay(provider, *request)))
        # The provider sees the relay's host name, so only the change differs.
        self.ok("profile", "set", "relayed", "--product", "self-hosted", "--url", relay.base, "--context-path", "/",
                "--consumer-key", "atlink-story", "--private-key", self.pair / "private.pem")  # fmt: skip
        self.tamper = ""
        begun = self.ok("login", "--begin", "--profile", "relayed")
        verifier = provider.decide(self.token_of(begun.stdout))["verifier"]
        self.ok("login", "--verifier", verifier, "--profile", "relayed")
        self.assertEqual(self.echo("GET", "/rest/x?a=1", "--profile", "relayed")["user"], "alice")
        self.tamper = "&added=1"
        self.fails(3, "oauth1.signature_invalid", "request", "GET", "/rest/x?a=1", "--profile", "relayed",
                   body="oauth_problem=signature_invalid")  # fmt: skip
        self.assert_verdict(provider, "signature", False)

    def relay(self, provider, method, path, headers, body):
        headers = {k: v for k, v in headers.items() if k.lower() in ("authorization", "content-type", "host")}
        changed = path + (self.tamper if "?" in path else "")
        status, fields, text = http_request(provider.base + changed, method, body or None, headers)
        kept = {k: v for k, v in fields.items() if k.lower() in ("content-type", "www-authenticate", "x-ausername")}
        return status, kept, text

    def test_a_stale_request_is_refused_or_mended(self):
        skewed = self.place("", "--clock-skew", "1200")
        self.sign_in(skewed, "work")
        self.assertEqual(self.echo("GET", "/rest/x")["user"], "alice")
        self.assertIn("timestamp_refused", [entry["problem"] for entry in skewed.log()])
        status, text = self.curl(skewed.base + "/rest/x")
        self.assertEqual(status, 400)
        self.assertIn("oauth_problem=timestamp_refused", text)
        mute = self.place("", "--clock-skew", "-1200", "--no-acceptable-timestamps", profile="mute")
        self.fails(7, "oauth1.timestamp_refused", "login", "--begin", "--profile", "mute")
        if self.kind == "oauthlib":  # the library's own check; ruby-oauth has none
            self.assertIn("Timestamp given is invalid", mute.log()[-1]["complaint"])

    def test_a_foreign_key_is_refused(self):
        provider = self.place("/wiki")
        other = self.keys("other keys", 3072)
        self.ok("profile", "set", "work", "--private-key", other / "private.pem")
        self.fails(3, "oauth1.signature_invalid", "login", "--begin")
        self.assert_verdict(provider, "signature", False)

    def test_an_unknown_consumer_is_refused(self):
        provider = self.place("/a/b")
        self.ok("profile", "set", "work", "--consumer-key", "nobody")
        self.fails(3, "oauth1.consumer_key_unknown", "login", "--begin")
        self.assertEqual(provider.log()[-1]["problem"], "consumer_key_unknown")
        if self.kind == "oauthlib":
            self.assert_verdict(provider, "client", False)

    def test_an_expired_token_asks_for_a_sign_in(self):
        provider = self.place("")
        self.sign_in(provider, "work")
        provider.expire("access")
        provider.expire("session")
        error = self.fails(4, "credential.not_renewable", "request", "GET", "/rest/x")
        self.assertIn("atlink login", error["next"])

    def assert_verdict(self, provider, what, value):
        self.assertEqual(provider.log()[-1]["verdict"].get(what), value, provider.log()[-1])

    # Consent.

    def test_denied_consent(self):
        provider = self.place("/jira")
        begun = self.ok("login", "--begin")
        provider.decide(self.token_of(begun.stdout), "deny")
        self.fails(5, "oauth1.permission_denied", "login", "--verifier", "abcdef")
        self.ok("login", "--begin")
        self.fails(5, "login.denied", "login", "--verifier", "denied")
        _, process = self.log_in_with_a_browser(provider, "deny")
        self.assertEqual(process.returncode, 5, process.stderr)

    def test_consent_that_nobody_gave_yet(self):
        provider = self.place("")
        begun = self.ok("login", "--begin")
        self.fails(4, "oauth1.permission_unknown", "login", "--verifier", "abcdef")
        verifier = provider.decide(self.token_of(begun.stdout))["verifier"]
        self.ok("login", "--verifier", verifier)
        self.assert_signed_in()

    def test_expired_consent(self):
        provider = self.place("")
        begun = self.ok("login", "--begin")
        verifier = provider.decide(self.token_of(begun.stdout))["verifier"]
        provider.expire("request")
        self.fails(4, "oauth1.token_expired", "login", "--verifier", verifier)

    def test_a_wrong_verifier(self):
        provider = self.place("")
        begun = self.ok("login", "--begin")
        verifier = provider.decide(self.token_of(begun.stdout))["verifier"]
        error = self.fails(4, "oauth1.token_rejected", "login", "--verifier", "WRONG1")
        self.assertIn("--verifier CODE", error["next"])
        self.ok("login", "--verifier", verifier)
        self.assert_signed_in()

    def test_logging_out(self):
        provider = self.place("")
        self.sign_in(provider, "work")
        self.ok("logout")
        self.fails(4, "credential.missing", "request", "GET", "/rest/x")

    # Other ways to sign.

    def test_a_consumer_with_a_shared_secret(self):
        secret = self.home.folder / "secret"
        secret.write_text(f"s+h/a=r%e&d {support.CANARY}\n", encoding="utf-8")
        provider = self.provider(self.kind, self.pair, "--hmac-consumer", f"shared={secret}", context_path="/a/b")
        self.ok("profile", "set", "shared", "--product", "self-hosted", "--url", provider.base, "--context-path", "/a/b",
                "--consumer-key", "shared", "--signature-method", "HMAC-SHA1", "--secret-file", secret)  # fmt: skip
        self.ok("profile", "use", "shared")
        self.sign_in(provider, "shared")
        got = self.echo("POST", "/rest/form?q=1%202", "--form", "a=b c", "--form", "empty=")
        self.assertEqual((got["user"], got["form"]), ("alice", [["a", "b c"], ["empty", ""]]))
        self.assertEqual(self.curl(provider.base + "/rest/x?a=1")[0], 200)
        self.assertTrue(all(entry["problem"] == "" for entry in provider.log()), provider.log())
        # The secret is in a private file and nowhere else.
        for path in self.home.config.rglob("*"):
            self.assertFalse(path.is_file() and support.CANARY.encode() in path.read_bytes(), path)
        (self.home.folder / "wrong").write_text("another secret\n", encoding="utf-8")
        self.ok("profile", "set", "shared", "--secret-file", self.home.folder / "wrong")
        self.fails(3, "oauth1.signature_invalid", "login", "--begin")
        self.assert_verdict(provider, "signature", False)

    def test_parameters_in_query_and_form(self):
        provider = self.place("/jira")
        for transmission in ("query", "form"):
            with self.subTest(transmission):
                self.ok("profile", "set", "work", "--transmission", transmission)
                self.sign_in(provider, "work")
                got = self.echo("GET", "/rest/x%2Fy?a=1%202&b=", "--query", "c=d+e")
                self.assertEqual([pair for pair in got["query"] if not pair[0].startswith("oauth_")], [["a", "1 2"], ["b", ""], ["c", "d+e"]])
                got = self.echo("POST", "/rest/form", "--form", "a=b c")
                self.assertIn(["a", "b c"], got["form"])
                self.assertEqual("oauth_signature" in dict(got["form"]), transmission == "form")
                self.assertEqual(self.echo("PUT", "/rest/json", "--data", '{"a": 1}')["body_length"], 8)
        self.assertTrue(all(entry["problem"] == "" for entry in provider.log()), provider.log())

    def test_requests_without_a_user(self):
        provider = self.place("")
        self.ok("profile", "set", "work", "--two-legged")
        got = self.echo("POST", "/rest/x?a=1%202", "--form", "b=c d")
        self.assertEqual((got["user"], got["form"]), ("robot", [["b", "c d"]]))
        self.assertIs(provider.log()[-1]["verdict"]["signature"], True)
        got = self.echo("GET", "/rest/x?a=1", "--as", "bob & co")
        self.assertEqual(got["query"], [["a", "1"], ["xoauth_requestor_id", "bob & co"]])
        self.assertIs(provider.log()[-1]["verdict"]["signature"], True)
        self.ok("profile", "set", "work", "--as", "bob & co")
        silent = self.ok("sign", "GET", provider.base + "/rest/x?xoauth_requestor_id=bob%20%26%20co")
        self.assertEqual(silent.stderr, "")
        warned = self.ok("sign", "GET", provider.base + "/rest/x?a=1")
        self.assertIn("add xoauth_requestor_id=bob%20%26%20co to its query", warned.stderr)
        self.ok("profile", "set", "work", "--as", "")
        self.ok("profile", "set", "work", "--three-legged")
        self.fails(3, "method.unavailable", "request", "GET", "/x", "--as", "bob", env={"ATLINK_OAUTH_TOKEN": "t"})

    # Without any file.

    def test_headless_from_the_environment_alone(self):
        provider = self.place("/jira")
        self.sign_in(provider, "work")
        credential = json.loads((self.home.state / "credentials/work.json").read_text(encoding="utf-8"))
        settings = {
            "ATLINK_PRODUCT": "jira", "ATLINK_URL": provider.base, "ATLINK_CONSUMER_KEY": "atlink-story",
            "ATLINK_PRIVATE_KEY": (self.pair / "private.pem").read_text(encoding="utf-8"),
            "ATLINK_OAUTH_TOKEN": credential["token"], "ATLINK_OAUTH_TOKEN_SECRET": credential["token_secret"],
        }  # fmt: skip
        bare = support.Home()
        self.addCleanup(bare.remove)
        bare.environment = {"PATH": "/usr/bin:/bin", **settings}
        got = bare.run("request", "GET", "/rest/x?a=1", cwd="/")
        self.assertEqual((got.returncode, json.loads(got.stdout)["user"]), (0, "alice"), got.stderr)
        self.assertEqual(bare.run("status", cwd="/").returncode, 0)
        line = bare.run("sign", "GET", provider.base + "/rest/x").stdout
        name, _, value = line.strip().partition(": ")
        self.assertEqual(http_request(provider.base + "/rest/x", headers={name: value})[0], 200)
        self.assertEqual(list(bare.folder.iterdir()), [])

    # Behind a real TLS front.

    def test_through_nginx_with_a_private_ca(self):
        backend = self.provider(self.kind, self.pair, "--forwarded", context_path="/jira")
        front = self.start(support.TlsFront(self.home.folder, backend.base.removesuffix("/jira")))
        base = front.site + "/jira"
        self.ok("profile", "set", "work", "--product", "jira", "--deployment", "data-center", "--url", base,
                "--consumer-key", "atlink-story", "--private-key", self.pair / "private.pem")  # fmt: skip
        self.ok("profile", "use", "work")
        self.fails(9, "network.certificate", "login", "--begin")
        self.ok("profile", "set", "work", "--ca-file", front.ca)
        self.sign_in(backend, "work")
        self.assert_signed_in()
        got = self.echo("POST", "/rest/x%2Fy?q=a%20b", "--form", "name=é ü")
        self.assertEqual((got["path"], got["form"]), ("/jira/rest/x%2Fy", [["name", "é ü"]]))
        self.assertEqual(self.echo("GET", base + "/rest/whole")["user"], "alice")


class AgainstOauthlib(Dance, Story):
    kind = "oauthlib"


class AgainstRuby(Dance, Story):
    kind = "ruby-oauth"


if __name__ == "__main__":
    support.need("ruby", "curl", "openssl")
    support.main()
