#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""OAuth 2.0 against npm's oidc-provider: sign-ins by browser and by client, everything that a server
refuses, and renewals that many processes want at once."""

import http.cookiejar
import json
import pathlib
import urllib.error
import urllib.parse
import urllib.request

import acme_product
import support

FOLDER = support.ROOT / "build/npm-oauth2"
CLIENT_SECRET = f"client-secret-{support.CANARY}"
PROCESSES = 32


support.need("node")
if not (FOLDER / "node_modules/oidc-provider").is_dir():
    support.skip("oidc-provider is not in build/npm-oauth2 (tools/test fetches it)")


class OidcProvider(support.Server):
    """See tests/providers/oauth2_provider.mjs."""

    def __init__(self, lifetime=3600):
        script = support.ROOT / "tests/providers/oauth2_provider.mjs"
        super().__init__(["node", str(script), str(FOLDER), str(support.free_port()), str(lifetime)])

    def grants(self):
        return [call["grant"] for call in json.loads(support.http_request(self.base + "/-/log")[2])]

    def decide(self, decision):
        support.http_request(self.base + "/-/decide", "POST", decision.encode())


def browse(url):
    """A person's browser that says yes to everything; (status, the address at which it ends)."""
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), jar)
    try:
        with opener.open(url, timeout=support.PATIENCE) as page:
            return page.status, page.url
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.url
    except urllib.error.URLError as error:
        # Nobody listens at the redirect URI: a browser shows an error and the address.
        raise AssertionError(error) from error


class LastAddress(urllib.request.HTTPRedirectHandler):
    """Stops before the redirect that leads to `prefix`."""

    def __init__(self, prefix):
        self.prefix = prefix
        self.found = None

    def redirect_request(self, request, file, code, message, headers, new):
        if new.startswith(self.prefix):
            self.found = new
            return None
        return super().redirect_request(request, file, code, message, headers, new)


def browse_until(url, prefix):
    """The address of the redirect that leads to `prefix`."""
    last = LastAddress(prefix)
    jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    try:
        urllib.request.build_opener(urllib.request.ProxyHandler({}), jar, last).open(url, timeout=support.PATIENCE)
    except urllib.error.HTTPError as error:
        error.close()
    return last.found


class OAuth2(support.Story):
    lifetime = 3600

    def setUp(self):
        super().setUp()
        acme_product.install(self.home)
        self.secret = self.home.folder / "secret.txt"
        self.secret.write_text(CLIENT_SECRET, encoding="utf-8")
        self.provider = self.start(OidcProvider(self.lifetime))

    def profile(self, *options, client="app", method="oauth2"):
        self.ok("profile", "set", "work", "--product", "acme", "--url", self.provider.base, "--method", method,
                "--client-id", client, "--secret-file", self.secret, *options)  # fmt: skip

    def begin(self):
        return self.ok("login", "--begin").stdout.strip()

    def begin_with(self, secret):
        return self.ok("login", "--begin", "--secret-file", secret).stdout.strip()

    def sign_in(self):
        address = browse_until(self.begin(), "http://127.0.0.1/callback")
        return self.ok("login", "--verifier", address)

    def credential(self):
        return self.home.state / "credentials/work.json"

    def expire(self):
        record = json.loads(self.credential().read_text())
        record["expires_at"] = "2020-01-01T00:00:00Z"
        self.credential().write_text(json.dumps(record))
        return record

    def test_an_interrupted_sign_in_goes_on_where_it_was(self):
        self.profile()
        process = self.home.popen("login", "--no-browser", "--output", "json")
        first = json.loads(process.stderr.readline())["url"]
        process.kill()
        process.communicate()
        process = self.home.popen("login", "--resume", "--no-browser", "--output", "json")
        lines = [process.stderr.readline() for _ in range(1)]
        url = json.loads(lines[-1])["url"]
        self.assertEqual(url, first)
        self.assertEqual(browse(url)[0], 200)
        out, errors = process.communicate(timeout=support.PATIENCE)
        self.assertEqual((process.returncode, json.loads(out)["user"]), (0, "alice"), errors)
        self.fails(4, "login.not_begun", "login", "--resume", "--method", "oauth2")

    def test_through_the_browser(self):
        self.profile()
        process = self.home.popen("login", "--no-browser", "--output", "json")
        url = json.loads(process.stderr.readline())["url"]
        fields = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        self.assertEqual((fields["code_challenge_method"], fields["scope"]), ("S256", "read"))
        self.assertNotIn(support.CANARY, url)
        status, _ = browse(url)
        out, errors = process.communicate(timeout=support.PATIENCE)
        self.assertEqual((status, process.returncode), (200, 0), errors)
        self.assertEqual(json.loads(out)["user"], "alice")
        standing = self.json("status")
        self.assertEqual((standing["method"], standing["user"], standing["scopes"]), ("oauth2", "alice", ["read"]))
        self.assertEqual(json.loads(self.ok("request", "GET", "/rest/me").stdout), {"name": "alice"})
        self.assertEqual(self.provider.grants(), ["authorization_code"])

    def test_in_two_steps_and_with_the_secret_in_a_header(self):
        description = json.loads(json.dumps(acme_product.DESCRIPTION))
        description["sign_in"]["oauth2"]["client_authentication"] = ["basic"]
        acme_product.install(self.home, description)
        self.profile(client="app-basic")
        self.sign_in()
        self.assertEqual(self.json("status")["user"], "alice")

    def test_denied_consent(self):
        self.profile()
        self.provider.decide("deny")
        address = browse_until(self.begin(), "http://127.0.0.1/callback")
        self.fails(5, "login.denied", "login", "--verifier", address)
        self.assertEqual(self.provider.grants(), [])
        self.fails(4, "login.not_begun", "login", "--verifier", "no-such-code")

    def test_a_wrong_client_secret(self):
        self.secret.write_text(f"wrong-{support.CANARY}")
        self.profile()
        address = browse_until(self.begin(), "http://127.0.0.1/callback")
        refused = self.fails(3, "oauth2.invalid_client", "--profile", "work", "login", "--verifier", address)
        self.assertIn("atlink profile set work --client-id", refused["next"])

    def test_a_wrong_client_secret_is_not_kept(self):
        kept = self.home.state / "consumers/work.json"
        self.ok("profile", "set", "work", "--product", "acme", "--url", self.provider.base, "--method", "oauth2",
                "--client-id", "app")  # fmt: skip
        wrong = self.home.folder / "wrong.txt"
        wrong.write_text(f"wrong-{support.CANARY}")
        address = browse_until(self.begin_with(wrong), "http://127.0.0.1/callback")
        self.fails(3, "oauth2.invalid_client", "login", "--verifier", address, "--secret-file", wrong)
        self.assertIn("wrong", kept.read_text(), "the first half kept it, and the second only gave it again")
        kept.unlink()
        self.fails(3, "oauth2.invalid_client", "login", "--method", "client-credentials", "--secret-file", wrong)
        self.assertFalse(kept.exists())
        self.profile()
        before = kept.read_text()
        self.fails(3, "oauth2.invalid_client", "login", "--method", "client-credentials", "--secret-file", wrong)
        self.assertEqual(json.loads(kept.read_text())["secret"], json.loads(before)["secret"])

    def test_without_a_client_id_nobody_is_sent_anywhere(self):
        self.ok("profile", "set", "work", "--product", "acme", "--url", self.provider.base)
        for method in ("oauth2", "client-credentials"):
            refused = self.fails(3, "consumer.missing", "login", "--method", method)
            self.assertIn("atlink profile set work --client-id", refused["next"])

    def test_what_is_pasted_is_told_apart(self):
        self.profile()
        address = browse_until(self.begin(), "http://127.0.0.1/callback")
        cut = self.fails(4, "login.wrong_answer", "login", "--verifier", address[: address.index("&")])
        self.assertIn("in quotes", cut["next"])
        for text in ("", "http://127.0.0.1/callback", "http://127.0.0.1/callback?x=1"):
            self.fails(4, "login.wrong_answer", "login", "--verifier", text)
        self.assertEqual(self.provider.grants(), [], "nothing of this was sent")
        self.ok("login", "--verifier", address[address.index("?") + 1 :])

    def test_a_code_that_is_wrong_or_used(self):
        self.profile()
        self.begin()
        self.fails(4, "oauth2.invalid_grant", "login", "--verifier", "no-such-code")
        self.sign_in()
        self.fails(4, "login.not_begun", "login", "--verifier", "no-such-code")

    def test_the_answer_of_another_sign_in(self):
        self.profile()
        stale = browse_until(self.begin(), "http://127.0.0.1/callback")
        self.begin()
        self.fails(4, "login.wrong_answer", "login", "--verifier", stale)
        self.assertEqual(self.provider.grants(), [])

    def test_a_redirect_uri_that_is_not_registered(self):
        self.profile("--redirect-uri", "http://127.0.0.1/elsewhere")
        status, address = browse(self.begin())
        self.assertEqual(status, 400)
        self.assertTrue(address.startswith(self.provider.base), address)

    def test_a_scope_that_the_client_may_not_have(self):
        self.profile("--scope", "write", client="machine", method="client-credentials")
        self.fails(3, "oauth2.invalid_scope", "login")

    def test_in_the_clients_own_name(self):
        self.profile(client="machine", method="client-credentials")
        self.ok("login")
        self.assertEqual(self.json("status")["user"], "machine")
        self.expire()
        self.ok("request", "GET", "/rest/me")
        self.assertEqual(self.provider.grants(), ["client_credentials"] * 2)

    def test_in_the_clients_own_name_from_the_environment_alone(self):
        environment = {
            "ATLINK_URL": self.provider.base, "ATLINK_PRODUCT": "acme", "ATLINK_METHOD": "client-credentials",
            "ATLINK_CLIENT_ID": "machine", "ATLINK_CLIENT_SECRET": CLIENT_SECRET,
        }  # fmt: skip
        got = self.ok("request", "GET", "/rest/me", env=environment)
        self.assertEqual(json.loads(got.stdout), {"name": "machine"})
        self.assertFalse(self.credential().exists())

    def test_a_renewal_is_stored_before_it_is_used(self):
        self.profile()
        self.sign_in()
        before = self.expire()
        self.ok("request", "GET", "/rest/me")
        after = json.loads(self.credential().read_text())
        self.assertNotEqual(after["refresh_token"], before["refresh_token"])
        self.assertEqual(after["version"], before["version"] + 1)
        self.assertFalse((self.home.state / "renewals/work.json").exists())
        self.assertEqual(self.provider.grants(), ["authorization_code", "refresh_token"])
        self.expire()
        self.assertGreater(self.json("status")["expires_at"], "2026")

    def test_signing_out_takes_the_token_back(self):
        self.profile()
        self.sign_in()
        record = json.loads(self.credential().read_text())
        self.assertTrue(self.json("logout")["revoked"])
        self.assertFalse(self.credential().exists())
        body = urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": record["refresh_token"],
                                       "client_id": "app", "client_secret": CLIENT_SECRET}).encode()  # fmt: skip
        status, _, answer = support.http_request(self.provider.base + "/token", "POST", body,
                                                 {"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
        self.assertEqual((status, json.loads(answer)["error"]), (400, "invalid_grant"))

    def test_signing_out_works_without_the_server(self):
        self.profile()
        self.sign_in()
        self.provider.stop()
        result = self.ok("logout")
        self.assertIn("did not take the token back", result.stderr)
        self.assertFalse(self.credential().exists())

    def test_many_processes_renew_once(self):
        self.profile()
        self.sign_in()
        for rounds in range(1, 4):
            self.expire()
            processes = [self.home.popen("request", "GET", "/rest/me") for _ in range(PROCESSES)]
            for process in processes:
                out, errors = process.communicate(timeout=support.PATIENCE * 2)
                self.assertEqual(process.returncode, 0, errors)
                self.assertEqual(json.loads(out), {"name": "alice"})
            self.assertEqual(self.provider.grants().count("refresh_token"), rounds)

    def test_a_family_that_was_revoked(self):
        self.profile()
        self.sign_in()
        old = self.expire()
        self.ok("request", "GET", "/rest/me")
        # Somebody uses the old refresh token: the server takes that for theft and ends the family.
        body = urllib.parse.urlencode({"grant_type": "refresh_token", "refresh_token": old["refresh_token"],
                                       "client_id": "app", "client_secret": CLIENT_SECRET}).encode()  # fmt: skip
        status, _, _ = support.http_request(self.provider.base + "/token", "POST", body,
                                            {"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
        self.assertEqual(status, 400)
        self.expire()
        refused = self.fails(4, "oauth2.invalid_grant", "request", "GET", "/rest/me")
        self.assertIn("atlink login", refused["next"])

    def test_a_token_that_the_server_refuses_is_renewed_once(self):
        self.profile()
        self.sign_in()
        record = json.loads(self.credential().read_text())
        record["access"] = "not-a-token"
        self.credential().write_text(json.dumps(record))
        self.ok("request", "POST", "/rest/me")
        self.assertEqual(self.provider.grants(), ["authorization_code", "refresh_token"])

    def test_secrets_stay_in_the_store(self):
        self.profile()
        said = self.sign_in()
        self.assertNotIn(support.CANARY, said.stdout + said.stderr)
        places = [
            str(path.relative_to(self.home.folder))
            for path in self.home.folder.rglob("*")
            if path.is_file() and path != self.secret and support.CANARY.encode() in path.read_bytes()
        ]
        self.assertEqual(places, ["state/atlink/consumers/work.json"])
        for path in pathlib.Path(self.home.state).rglob("*.json"):
            self.assertEqual(path.stat().st_mode & 0o777, 0o600, path)


if __name__ == "__main__":
    support.main()
