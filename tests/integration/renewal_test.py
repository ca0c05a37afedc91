#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Access tokens that wear out, and sites behind a gateway: what happens when processes are killed while
they renew, when servers fail, and when a sign-in opens several sites."""

import json
import os
import random
import shutil
import tempfile
import threading
import time
import urllib.parse

import acme_product
import support

CLIENT_SECRET = f"client-secret-{support.CANARY}"
# How many processes are killed while they renew; tools/test --full has 500.
KILLS = int(os.environ.get("ATLINK_KILLS", "100"))


class Site:
    """Everything in one: consent, tokens that rotate, a list of sites, a gateway, and the API."""

    SCOPE = b'{"message":"Unauthorized; scope does not match"}'

    def __init__(self):
        self.lock = threading.Lock()
        self.valid = {}
        self.refresh = "r0"
        self.previous = set()
        self.count = 0
        self.calls = []
        self.family_ended = False
        # Whether tokens that were used a short while ago are still taken, as servers do to absorb races.
        self.leeway = False
        self.status = 200
        # What is answered to whoever asks who has signed in, instead of that.
        self.closed = b""
        self.lifetime = 3600
        self.hold = None
        self.server = support.ScriptedServer(self.answer)
        # Whoever is killed leaves a broken connection; that is no news.
        self.server.server.handle_error = lambda *_: None
        self.base = self.server.base
        self.sites = [{"id": "s1", "name": "One", "url": "https://one.acme.cloud"},
                      {"id": "s2", "name": "Two", "url": self.base}]  # fmt: skip

    def stop(self):
        if self.hold is not None:
            self.hold.set()
        self.server.stop()

    def answer(self, method, path, headers, body):
        if path.endswith("/token"):
            return self.token(headers, body)
        bearer = headers.get("Authorization", "").removeprefix("Bearer ")
        if bearer not in self.valid:
            return 401, {}, b'{"message":"who are you?"}'
        if path.endswith("/scoped") or (self.closed and path.endswith("/rest/me")):
            return 401, {}, self.closed or self.SCOPE
        if path in ("/sites", "/oauth/token/accessible-resources"):
            return 200, {}, json.dumps(self.sites).encode()
        return 200, {"Content-Type": "application/json"}, json.dumps({"name": self.valid[bearer]}).encode()

    def token(self, headers, body):
        fields = json.loads(body) if "json" in headers["Content-Type"] else dict(urllib.parse.parse_qsl(body.decode()))
        with self.lock:
            self.calls.append(fields["grant_type"])
            status, answer = self.grant(fields)
        if self.hold is not None:
            self.hold.wait(support.PATIENCE)
        return status, {"Content-Type": "application/json"}, json.dumps(answer).encode()

    def grant(self, fields):
        if self.status != 200:
            return self.status, {"message": "later"}
        if fields["grant_type"] == "refresh_token":
            known = {self.refresh} | (self.previous if self.leeway else set())
            if self.family_ended or fields["refresh_token"] not in known:
                self.family_ended = True
                return 403, {"error": "unauthorized_client", "error_description": "refresh_token is invalid"}
        self.count += 1
        self.previous.add(self.refresh)
        access, self.refresh = f"a{self.count}-{support.CANARY}", f"r{self.count}"
        self.valid[access] = "alice"
        return 200, {"access_token": access, "expires_in": self.lifetime, "token_type": "Bearer",
                     "refresh_token": self.refresh, "scope": "read offline"}  # fmt: skip


class Renewal(support.Story):
    def setUp(self):
        super().setUp()
        acme_product.install(self.home)
        self.site = self.start(Site())
        secret = self.home.folder / "secret.txt"
        secret.write_text(CLIENT_SECRET, encoding="utf-8")
        self.ok("profile", "set", "work", "--product", "acme", "--deployment", "cloud", "--url", self.site.base,
                "--method", "oauth2", "--client-id", "app", "--secret-file", secret, "--redirect-uri",
                "http://localhost:8123/callback", "--set", f"accounts={self.site.base}",
                "--set", f"gateway={self.site.base}")  # fmt: skip

    def sign_in(self, *options):
        url = self.ok("login", "--begin").stdout.strip()
        state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["state"]
        return self.ok("login", "--verifier", f"http://localhost:8123/callback?code=c&state={state}", *options)

    def credential(self):
        return self.home.state / "credentials/work.json"

    def expire(self, seconds=-3600):
        record = json.loads(self.credential().read_text())
        for member, moment in (("expires_at", time.time() + seconds), ("issued_at", time.time() + seconds - 3600)):
            record[member] = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment))
        self.credential().write_text(json.dumps(record))

    def works(self):
        self.assertEqual(json.loads(self.ok("request", "GET", "/rest/me").stdout), {"name": "alice"})

    def kill_while_it_renews(self):
        """The server has replaced the token, and the answer reaches nobody."""
        self.site.hold = threading.Event()
        before = len(self.site.calls)
        process = self.home.popen("request", "GET", "/rest/me")
        while len(self.site.calls) == before:
            self.assertIsNone(process.poll())
            time.sleep(0.01)
        process.kill()
        process.communicate()
        self.site.hold.set()
        self.site.hold = None

    def test_the_site_is_found_by_the_base_url(self):
        self.sign_in()
        self.works()
        paths = {path for _, path, _, _ in self.site.server.requests}
        self.assertEqual(paths, {"/token", "/sites", "/ex/acme/s2/rest/me"})
        token_call = next(r for r in self.site.server.requests if r[1] == "/token")
        self.assertEqual(json.loads(token_call[3])["client_secret"], CLIENT_SECRET)

    def test_other_sites_are_named_and_one_can_be_chosen(self):
        self.site.sites[1]["url"] = "https://two.acme.cloud"
        url = self.ok("login", "--begin").stdout.strip()
        state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["state"]
        answer = f"http://localhost:8123/callback?code=c&state={state}"
        refused = self.fails(3, "login.site_unclear", "login", "--verifier", answer)
        self.assertIn("https://two.acme.cloud", refused["message"])
        self.sign_in("--site", "https://two.acme.cloud")
        self.works()

    def test_which_site_is_asked_where_somebody_can_answer(self):
        self.site.sites[1]["url"] = "https://two.acme.cloud"
        for typed, exit_code in (("", 3), ("3", 3), ("2", 0)):
            url = self.ok("login", "--begin").stdout.strip()
            state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["state"]
            answer = f"http://localhost:8123/callback?code=c&state={state}"
            person = self.start(support.Person(self.home, "login", "--verifier", answer))
            person.wait_for("2  https://two.acme.cloud")
            person.wait_for("which one")
            person.type(typed)
            self.assertEqual(person.end(), exit_code, person.text)
        self.works()
        self.assertIn("/ex/acme/s2/rest/me", {path for _, path, _, _ in self.site.server.requests})

    def test_the_redirect_uri_is_sent_as_it_is_registered(self):
        for registered in ("http://localhost:8123", "http://localhost/callback", "http://LOCALHOST:8123/a%7Eb"):
            self.ok("profile", "set", "work", "--redirect-uri", registered)
            url = self.ok("login", "--begin").stdout.strip()
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
            self.assertEqual(query["redirect_uri"], registered)
            self.ok("login", "--verifier", f"{registered}?code=c&state={query['state']}")
            code_call = [request for request in self.site.server.requests if request[1] == "/token"][-1]
            self.assertEqual(json.loads(code_call[3])["redirect_uri"], registered)

    def test_a_browser_is_sent_to_what_is_registered(self):
        self.ok("profile", "set", "work", "--redirect-uri", f"http://localhost:{support.free_port()}")
        registered = self.json("profile", "show")["redirect_uri"]
        process = self.home.popen("login", "--no-browser", "--timeout", "60", text=True)
        self.addCleanup(process.kill)
        url = next(line for line in process.stderr if line.startswith("http")).strip()
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        self.assertEqual(query["redirect_uri"], registered)
        status, _, page = support.http_request(f"{registered}/?code=c&state={query['state']}")
        self.assertEqual((status, "You are signed in" in str(page)), (200, True))
        self.assertEqual(process.wait(support.PATIENCE), 0)
        process.communicate()

    def test_a_port_that_somebody_has_can_be_done_without(self):
        other = self.start(support.ScriptedServer(lambda *_: (200, {}, b"")))
        self.ok("profile", "set", "work", "--redirect-uri", other.base.replace("127.0.0.1", "localhost") + "/callback")
        refused = self.fails(1, "listen.failed", "login", "--no-browser")
        self.assertIn("atlink login --profile work --begin", refused["next"])

    def test_a_port_alone_is_not_enough_where_renewals_want_the_redirect_uri(self):
        self.ok("profile", "set", "dc", "--product", "jira", "--deployment", "data-center", "--url",
                self.site.base, "--method", "oauth2", "--client-id", "app")  # fmt: skip
        refused = self.fails(2, "usage", "--profile", "dc", "login", "--port", "8123",
                             "--secret-file", self.home.folder / "secret.txt")  # fmt: skip
        self.assertIn("--redirect-uri http://localhost:8123/callback", refused["next"])

    def test_a_killed_renewal_is_recovered_where_the_server_allows(self):
        self.site.leeway = True
        self.sign_in()
        self.expire()
        self.kill_while_it_renews()
        self.works()
        self.assertFalse((self.home.state / "renewals/work.json").exists())

    def test_a_killed_renewal_is_reported_as_what_it_is(self):
        self.sign_in()
        self.expire()
        self.kill_while_it_renews()
        refused = self.fails(4, "credential.uncertain", "request", "GET", "/rest/me")
        self.assertIn("could be stored", refused["message"])
        self.assertIn("atlink login", refused["next"])
        # A new sign-in ends it.
        self.site.family_ended = False
        self.sign_in()
        self.works()

    def test_a_killed_early_renewal_does_not_end_what_still_works(self):
        self.sign_in()
        self.expire(60)
        self.kill_while_it_renews()
        calls = len(self.site.calls)
        self.works()
        self.assertEqual(len(self.site.calls), calls, "the refresh token must not be sent twice")

    def test_a_failed_early_renewal_leaves_the_good_token_in_use(self):
        self.sign_in()
        self.expire(60)
        self.site.status = 503
        self.works()
        self.expire()
        self.fails(10, "answer.server_error", "request", "GET", "/rest/me")
        self.site.status = 200
        self.works()

    def test_killed_at_any_moment_the_profile_still_works(self):
        self.site.leeway = True
        self.sign_in()
        dice = random.Random(20260131)
        for _ in range(KILLS):
            self.expire()
            process = self.home.popen("request", "GET", "/rest/me")
            time.sleep(dice.uniform(0, 0.06))
            process.kill()
            process.communicate()
            json.loads(self.credential().read_text())
            self.works()
        self.assertFalse(self.site.family_ended)

    def test_a_store_that_cannot_be_written_sends_nothing(self):
        self.sign_in()
        self.expire()
        calls = len(self.site.calls)
        (self.home.state / "renewals").rmdir() if (self.home.state / "renewals").is_dir() else None
        (self.home.state / "renewals").write_text("in the way", encoding="utf-8")
        result = self.home.run("request", "GET", "/rest/me")
        self.assertEqual(result.returncode, 3, result.stderr)
        self.assertEqual(len(self.site.calls), calls)

    def test_another_authorization_server_gets_nothing(self):
        self.sign_in()
        self.expire()
        other = self.start(Site())
        self.ok("profile", "set", "work", "--set", f"accounts={other.base}")
        self.fails(4, "credential.elsewhere", "request", "GET", "/rest/me")
        self.assertEqual(other.server.requests, [])

    def test_a_replaced_description_gets_nothing(self):
        self.sign_in()
        other = self.start(Site())
        text = json.dumps(acme_product.DESCRIPTION).replace('"path": "/token"', '"path": "/other-token"')
        acme_product.install(self.home, json.loads(text))
        calls = len(self.site.server.requests)
        self.fails(4, "credential.elsewhere", "request", "GET", "/rest/me")
        self.assertEqual((len(self.site.server.requests), other.server.requests), (calls, []))

    def test_token_calls_trust_what_the_profile_trusts(self):
        folder = tempfile.mkdtemp(prefix="atlink-front-")
        self.addCleanup(shutil.rmtree, folder, True)
        front = self.start(support.TlsFront(folder, self.site.base))
        self.site.sites[1]["url"] = front.site
        self.ok("profile", "set", "work", "--url", front.site, "--ca-file", front.ca, "--secret-file",
                self.home.folder / "secret.txt", "--set", f"accounts={front.site}", "--set", f"gateway={front.site}")  # fmt: skip
        self.sign_in()
        self.expire()
        self.works()
        self.assertEqual(self.site.calls, ["authorization_code", "refresh_token"])
        self.ok("profile", "set", "work", "--ca-file", "")
        self.expire()
        self.fails(9, "network.certificate", "request", "GET", "/rest/me")
        self.assertEqual(self.site.calls, ["authorization_code", "refresh_token"])

    def test_bundled_products_behind_a_gateway(self):
        for product, below in (("jira", "/ex/jira/s2/"), ("confluence", "/ex/confluence/s2/wiki/")):
            self.ok("profile", "set", "work", "--product", product, "--url", self.site.base, "--secret-file",
                    self.home.folder / "secret.txt", "--set", "accounts=", "--set", "gateway=", "--set",
                    f"authorization_server={self.site.base}", "--set", f"gateway={self.site.base}")  # fmt: skip
            self.sign_in()
            self.expire()
            self.ok("request", "GET", "/rest/x")
            self.assertEqual(self.site.server.requests[-1][1], below + "rest/x")
            self.ok("profile", "set", "work", "--set", "authorization_server=", "--set", "gateway=", "--product", "acme",
                    "--set", f"accounts={self.site.base}", "--set", f"gateway={self.site.base}",
                    "--secret-file", self.home.folder / "secret.txt")  # fmt: skip

    def test_another_client_is_given_its_secret_at_the_sign_in(self):
        self.sign_in()
        self.ok("profile", "set", "work", "--client-id", "another")
        elsewhere = self.fails(4, "credential.elsewhere", "login", "--begin")
        self.assertIn("atlink login --profile work --secret-file", elsewhere["next"])
        fresh = self.home.folder / "another.txt"
        fresh.write_text(f"another-{support.CANARY}", encoding="utf-8")
        url = self.ok("login", "--begin", "--secret-file", fresh).stdout.strip()
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))
        self.assertEqual(query["client_id"], "another")
        self.ok("login", "--verifier", f"http://localhost:8123/callback?code=c&state={query['state']}")
        code_call = json.loads([request for request in self.site.server.requests if request[1] == "/token"][-1][3])
        self.assertEqual((code_call["client_id"], code_call["client_secret"]), ("another", f"another-{support.CANARY}"))
        self.works()

    def test_setup_passes_on_how_the_client_is_registered(self):
        plan = self.json("setup", self.site.base, "--product", "acme", "--deployment", "cloud", "--profile", "made",
                         "--method", "oauth2", "--client-id", "app", "--redirect-uri", "http://localhost:8123/x",
                         "--scope", "read", "--scope", "write", "--set", f"accounts={self.site.base}",
                         "--set", f"gateway={self.site.base}", "--dry-run")  # fmt: skip
        command = next(step["command"] for step in plan["sites"][0]["steps"] if step["step"] == "profile")
        self.assertIn("--redirect-uri http://localhost:8123/x", command)
        self.assertIn("--scope read --scope write", command)

    def test_a_scope_that_was_not_asked_for_can_be_the_reason(self):
        self.sign_in()
        refused = self.fails(4, "answer.unauthorized", "request", "GET", "/scoped", body=Site.SCOPE.decode())
        self.assertIn("scope does not match", refused["message"])
        self.assertIn("atlink profile set work --scope SCOPE", refused["next"])

    def test_a_token_that_may_not_ask_who_it_is_for_is_kept(self):
        self.site.closed = Site.SCOPE
        said = self.sign_in().stderr
        self.assertIn("warning: the server did not say who is signed in", said)
        self.assertEqual(self.site.calls, ["authorization_code"], "nothing was renewed")
        self.ok("request", "GET", "/rest/x")

    def test_a_new_token_is_tried_and_not_the_one_before(self):
        self.sign_in()
        before = self.credential().read_text()
        self.site.closed = b'{"message":"who are you?"}'
        url = self.ok("login", "--begin").stdout.strip()
        state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["state"]
        asked = len(self.site.server.requests)
        refused = self.fails(4, "answer.unauthorized", "login", "--verifier",
                             f"http://localhost:8123/callback?code=c&state={state}")  # fmt: skip
        self.assertIn("atlink profile set work --url URL --scope SCOPE", refused["next"])
        sent = [path for _, path, _, _ in self.site.server.requests[asked:]]
        self.assertEqual(sent, ["/token", "/sites", "/ex/acme/s2/rest/me"])
        self.assertEqual(self.credential().read_text(), before)

    def test_addresses_that_nobody_agreed_to_get_nothing(self):
        self.ok("profile", "set", "work", "--set", "accounts=", "--set", "gateway=")
        elsewhere = self.fails(4, "credential.elsewhere", "login", "--begin")
        self.assertIn("--secret-file", elsewhere["next"])
        self.ok("profile", "set", "work", "--secret-file", self.home.folder / "secret.txt")
        refused = self.fails(3, "origin.not_agreed", "login", "--begin")
        self.assertIn("https://accounts.acme.example", refused["message"])
        self.assertIn("https://gateway.acme.example", refused["message"])

    def test_what_was_agreed_to_is_remembered_and_a_change_asks_anew(self):
        accounts, other = self.start(Site()), self.start(Site())
        folder = tempfile.mkdtemp(prefix="atlink-front-")
        self.addCleanup(shutil.rmtree, folder, True)
        front = self.start(support.TlsFront(folder, accounts.base))
        elsewhere = other.base.replace("http:", "https:")

        def describe(origin):
            description = json.loads(json.dumps(acme_product.DESCRIPTION))
            description["settings"]["accounts"]["origin"] = origin
            acme_product.install(self.home, description)

        describe(front.site)
        self.ok("profile", "set", "work", "--ca-file", front.ca, "--set", "accounts=", "--secret-file", self.home.folder / "secret.txt")
        refused = self.fails(3, "origin.not_agreed", "login", "--begin")
        self.assertIn(front.site, refused["message"])
        url = self.ok("login", "--begin", "--agree").stdout.strip()
        self.site.valid = accounts.valid
        state = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(url).query))["state"]
        self.ok("login", "--verifier", f"http://localhost:8123/callback?code=c&state={state}")
        self.assertEqual(json.loads(self.credential().read_text())["agreed_origins"], front.site)
        self.expire()
        self.works()
        self.assertEqual(json.loads(self.credential().read_text())["agreed_origins"], front.site)
        self.ok("login", "--begin")
        describe(elsewhere)
        self.ok("profile", "set", "work", "--secret-file", self.home.folder / "secret.txt")
        self.assertIn(elsewhere, self.fails(3, "origin.not_agreed", "login", "--begin")["message"])
        self.assertEqual(other.server.requests, [])


if __name__ == "__main__":
    support.main()
