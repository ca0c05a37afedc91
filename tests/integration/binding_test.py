#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A credential goes nowhere but where it was issued for: whatever leads a profile elsewhere, every command asks for a
new sign-in, and a server that writes down what it is sent sees nothing of what is kept."""

import base64
import copy
import json
import pathlib
import ssl
import subprocess
import tempfile
import urllib.parse

import acme_product
import support

CANARY = support.CANARY
ELSEWHERE = "credential.elsewhere"


def description():
    """Acme with OAuth 1.0a beside all other ways, and with calls for tokens."""
    acme = copy.deepcopy(acme_product.DESCRIPTION)
    acme["sign_in"]["oauth1"] = {
        "request_token": {"path": "/o1/request"}, "authorize": {"path": "/o1/page"}, "access_token": {"path": "/o1/access"},
        "signature_methods": ["RSA-SHA1", "HMAC-SHA1", "PLAINTEXT"], "transmissions": ["header"], "renewal": True,
    }  # fmt: skip
    acme["sign_in"]["token"].update({"list": "token-list", "revoke": "token-revoke"})
    parameter = {"summary": "which", "required": True}
    acme["operations"] = {
        "token-list": {"summary": "list", "path": "/rest/tokens"},
        "token-revoke": {"summary": "revoke", "method": "DELETE", "path": "/rest/tokens/{token}", "parameters": {"token": parameter}},
    }
    return acme


def everything_decoded(request):
    """A request with all that is in it, and what its parts are when they are decoded."""
    _, path, headers, body = request
    text = urllib.parse.unquote(" ".join([path, json.dumps(headers), body.decode("latin-1")]))
    for part in text.replace('"', " ").split():
        try:
            text += " " + base64.b64decode(part + "==").decode("latin-1")
        except ValueError:
            continue
    return text


def answer(_method, path, headers, _body):
    """A site, an authorization server and a gateway in one, with canaries for everything it hands out."""
    path = path.split("?")[0]
    if path.endswith("/about"):
        return 200, {}, b'{"product":"acme","version":"4.1"}'
    if path.endswith("/token"):
        token = {"access_token": f"a-{CANARY}", "refresh_token": f"r-{CANARY}", "token_type": "Bearer", "expires_in": 1}
        return 200, {}, json.dumps(token).encode()
    if path.endswith("/o1/request"):
        return 200, {}, b"oauth_token=begun&oauth_token_secret=s&oauth_callback_confirmed=true"
    if path.endswith("/o1/access"):
        return 200, {}, (f"oauth_token=t-{CANARY}&oauth_token_secret=s-{CANARY}&oauth_session_handle=h-{CANARY}"
                         "&oauth_expires_in=1&oauth_authorization_expires_in=9999").encode()  # fmt: skip
    if path.endswith("/sites"):
        return 200, {}, b'[{"id":"s7","url":"https://acme.example","name":"x"}]'
    return (200, {}, b'{"name":"alice"}') if "Authorization" in headers else (401, {}, b"{}")


class TlsServer(support.ScriptedServer):
    def __init__(self, folder, reply):
        super().__init__(reply)
        self.server.handle_error = lambda *_: None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / "server.pem", folder / "server.key")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.base = self.base.replace("http://127.0.0.1", "https://localhost")


class Binding(support.Story):
    def setUp(self):
        super().setUp()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atlink-binding-"))
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", str(self.folder)], check=False))
        self.ca = support.private_ca(self.folder)
        self.answer = answer
        self.site = self.start(TlsServer(self.folder, lambda *request: self.answer(*request)))
        self.thief = self.start(TlsServer(self.folder, answer))
        self.secret = self.home.folder / "secret"
        self.secret.write_text(f"secret-{CANARY}\n", encoding="utf-8")
        self.install(description())

    def install(self, described):
        acme_product.install(self.home, described)
        beta = {**description(), "id": "beta", "name": "Beta"}
        folder = self.home.data / "plugins/beta"
        folder.mkdir(mode=0o755, exist_ok=True)
        (folder / "product.json").write_text(json.dumps(beta), encoding="utf-8")

    def profile(self, *options):
        self.home.run("profile", "remove", "work")
        self.install(description())
        self.ok("profile", "set", "work", "--product", "acme", "--url", self.site.base, "--ca-file", self.ca, *options)

    def cloud(self, *options):
        self.profile("--deployment", "cloud", "--set", f"accounts={self.site.base}", "--set", f"gateway={self.site.base}", *options)

    def by_code(self):
        page = self.ok("login", "--begin", "--agree").stdout.strip()
        self.ok("login", "--verifier", self.answered(page), "--site", "s7", "--agree")
        self.ok("login", "--begin", "--agree")

    def answered(self, page):
        """The address at which the browser ends."""
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(page).query))
        return f"{query['redirect_uri']}?code=c-{CANARY}&state={query['state']}"

    def by_dance(self):
        self.ok("login", "--begin")
        self.ok("login", "--verifier", "v")
        self.ok("login", "--begin")

    # Each way to sign in.

    CLIENT = ("--client-id", "app", "--redirect-uri", "http://localhost:7777/callback")

    def rsa(self):
        keys = self.home.folder / "keys"
        if not keys.exists():
            self.ok("keygen", "--out", keys)
        self.profile("--method", "oauth1", "--consumer-key", "c", "--private-key", keys / "private.pem")
        self.by_dance()

    def plaintext(self):
        self.profile("--method", "oauth1", "--consumer-key", "c", "--signature-method", "PLAINTEXT", "--secret-file", self.secret)
        self.by_dance()

    def code(self):
        self.profile("--method", "oauth2", "--secret-file", self.secret, "--client-id", "app", "--redirect-uri", "http://127.0.0.1:7777/callback")
        self.by_code()

    def code_of_cloud(self):
        self.cloud("--method", "oauth2", "--secret-file", self.secret, *self.CLIENT)
        self.by_code()

    def client_credentials(self):
        self.profile("--method", "client-credentials", "--client-id", "app", "--secret-file", self.secret)
        self.ok("login")

    def token(self):
        self.profile("--method", "token")
        self.ok("login", "--secret-file", self.secret)

    def api_token(self):
        self.cloud("--method", "api-token", "--user", "alice")
        self.ok("login", "--secret-file", self.secret)

    def basic(self):
        self.profile("--method", "basic", "--user", "alice")
        self.ok("login", "--secret-file", self.secret, "--switched-on")

    # What leads elsewhere. Each gives the environment that it takes.

    def set(self, *options):
        self.ok("profile", "set", "work", *options)
        return {}

    def edited(self, before, after):
        file = self.home.config / "profiles/work.json"
        text = file.read_text(encoding="utf-8")
        self.assertIn(before, text)
        file.write_text(text.replace(before, after), encoding="utf-8")
        return {}

    def described(self, change):
        acme = description()
        acme["settings"]["evil"] = {"summary": "elsewhere", "origin": self.thief.base}
        change(acme)
        self.install(acme)
        return {}

    def services_of(self, acme, cloud, names):
        rules = (acme["deployments"]["cloud"] if cloud else acme)["sign_in"]["oauth2"]
        for name in names:
            rules[name] = {"setting": "evil", "path": "/" + name}

    def everywhere(self):
        """For every method."""
        thief = self.thief.base
        return {
            "the URL by environment": lambda: {"ATLINK_URL": thief, "ATLINK_PROFILE": "work"},
            "the URL by profile set": lambda: self.set("--url", thief),
            "the URL by hand": lambda: self.edited(f'"site": "{self.site.base}"', f'"site": "{thief}"'),
            "the path by environment": lambda: {"ATLINK_CONTEXT_PATH": "/evil"},
            "the path by profile set": lambda: self.set("--context-path", "/evil"),
            "the product by environment": lambda: {"ATLINK_PRODUCT": "beta"},
            "the product by profile set": lambda: self.set("--product", "beta"),
        }

    def of_services(self, cloud):
        """For OAuth 2.0."""
        changes = {"the description": lambda: self.described(lambda acme: self.services_of(acme, cloud, ["authorize", "token", "sites"][: 3 if cloud else 2]))}
        if cloud:
            changes["the authorization server"] = lambda: self.set("--set", f"accounts={self.thief.base}")
            changes["the authorization server by hand"] = lambda: self.edited(f'"accounts": "{self.site.base}"', f'"accounts": "{self.thief.base}"')
        return changes

    def of_gateway(self):
        def moved(acme):
            for rules in ("oauth2", "api_token"):
                acme["deployments"]["cloud"]["sign_in"][rules]["gateway"] = {"setting": "evil", "path": "/ex/{site_id}"}

        return {
            "the gateway": lambda: self.set("--set", f"gateway={self.thief.base}"),
            "the description's gateway": lambda: self.described(moved),
        }

    COMMANDS = (
        ("renew",), ("token", "list"), ("token", "revoke", "1"), ("token", "print", "--reveal"), ("sign", "GET", "{site}/rest/me"),
        ("doctor",), ("status", "--all"), ("login", "--verifier", f"c-{CANARY}"), ("login", "--resume"), ("login", "--no-input", "--begin"),
        ("login", "--no-input", "--switched-on", "--no-browser", "--timeout", "1"), ("link", "check"),
        ("setup", "{site}", "--profile", "work", "--no-input", "--no-browser", "--timeout", "1"), ("logout",),
    )  # fmt: skip

    def check_nothing_is_sent(self, environment, signs_by_key):
        for server in (self.site, self.thief):
            server.requests.clear()
        for command in (("request", "GET", "/rest/me"), ("status",)):
            self.fails(4, ELSEWHERE, *command, env=environment)
        for command in self.COMMANDS:
            if signs_by_key and command[0] in ("login", "sign", "setup"):
                continue  # a new sign-in, which a key pair begins anywhere
            result = self.home.run(*(part.replace("{site}", self.site.base) for part in command), env=environment)
            self.assertNotIn(CANARY, result.stdout + result.stderr, command)
            moved = [r for r in self.site.requests if r[1].startswith("/evil")]
            for request in self.thief.requests + moved:
                self.assertNotIn(CANARY, everything_decoded(request), command)
        self.assertEqual([r for r in self.site.requests if "/rest/tokens" in r[1] or "revocation" in r[1]], [])
        kept = self.home.state / "credentials/work.json"
        self.assertFalse(kept.exists(), "logout forgets it all the same")

    def check_method(self, sign_in, changes):
        for name, change in changes.items():
            with self.subTest(method=sign_in.__name__, change=name):
                sign_in()
                self.check_nothing_is_sent(change(), sign_in == self.rsa)

    def test_a_signing_key(self):
        self.check_method(self.rsa, self.everywhere())

    def test_a_shared_secret(self):
        self.check_method(self.plaintext, self.everywhere())

    def test_oauth2(self):
        self.check_method(self.code, {**self.everywhere(), **self.of_services(False)})

    def test_oauth2_with_a_gateway(self):
        self.check_method(self.code_of_cloud, {**self.of_services(True), **self.of_gateway(), **self.everywhere()})

    def test_client_credentials(self):
        self.check_method(self.client_credentials, {**self.everywhere(), **self.of_services(False)})

    def test_tokens_and_passwords(self):
        for sign_in in (self.token, self.basic):
            self.check_method(sign_in, self.everywhere())
        self.check_method(self.api_token, {**self.of_gateway(), **self.everywhere()})

    # Within one sign-in, and by the server's own word.

    def test_a_list_of_sites_elsewhere_is_agreed_to_before_it_gets_a_token(self):
        self.cloud("--method", "oauth2", "--secret-file", self.secret, *self.CLIENT)
        page = self.ok("login", "--begin", "--agree").stdout.strip()
        self.described(lambda acme: self.services_of(acme, True, ["sites"]))
        refused = self.fails(3, "origin.not_agreed", "login", "--verifier", self.answered(page), "--site", "s7")
        self.assertIn(self.thief.base, refused["message"])
        self.assertEqual((self.thief.requests, [r for r in self.site.requests if r[1] == "/token"]), ([], []))
        self.ok("login", "--verifier", self.answered(page), "--site", "s7", "--agree")
        self.assertEqual([r[1] for r in self.thief.requests], ["/sites"])

    def test_a_page_for_consent_elsewhere_is_agreed_to_before_it_is_opened(self):
        self.cloud("--method", "oauth2", "--secret-file", self.secret, *self.CLIENT)
        self.described(lambda acme: self.services_of(acme, True, ["authorize"]))
        refused = self.fails(3, "origin.not_agreed", "login", "--begin")
        self.assertIn(self.thief.base, refused["message"])
        self.assertTrue(self.ok("login", "--begin", "--agree").stdout.startswith(self.thief.base + "/authorize?"))

    def test_a_place_for_revoking_elsewhere_is_told_nothing(self):
        self.code()
        self.described(lambda acme: self.services_of(acme, False, ["revoke"]))
        said = self.ok("logout").stderr
        self.assertIn("did not take the token back", said)
        self.assertEqual(self.thief.requests, [])

    def test_redirects_take_no_credential_along(self):
        other_host = self.thief.base.replace("localhost", "127.0.0.1")
        for sign_in in (self.rsa, self.plaintext, self.code, self.client_credentials, self.token, self.basic):
            for status, target in ((302, self.thief.base), (307, other_host), (307, self.thief.base.replace("https", "http"))):
                with self.subTest(method=sign_in.__name__, to=target):
                    self.answer = answer
                    sign_in()
                    self.answer = lambda *_, to=target, status=status: (status, {"Location": f"{to}/rest/me"}, b"")
                    self.thief.requests.clear()
                    for command in (("request", "GET", "/rest/me"), ("status",), ("renew",), ("token", "list"), ("logout",)):
                        result = self.home.run(*command)
                        self.assertNotIn(CANARY, result.stdout + result.stderr)
                    for request in self.thief.requests:
                        self.assertNotIn(CANARY, everything_decoded(request))
                        self.assertNotIn("Authorization", request[2])


if __name__ == "__main__":
    support.main()
