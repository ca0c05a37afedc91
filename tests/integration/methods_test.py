#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Signing in with tokens and passwords, against nginx and small servers: what is sent where, what is
stored, and what never is."""

import base64
import json
import os
import pathlib
import subprocess
import tempfile

import acme_product
import support

ALICE = json.dumps({"name": "alice"}).encode()
SECRET = f"secret-{support.CANARY}"


class NginxFront(support.TlsFront):
    """An nginx that lets in whom `rule` says, in front of a server that says who it is."""

    def __init__(self, folder, backend, rule):
        self.rule = rule.replace("{folder}", str(folder))
        super().__init__(folder, backend)

    def settings(self):
        return {"rule": self.rule}

    CONFIGURATION = support.TlsFront.CONFIGURATION.replace("proxy_pass {backend};", "{rule} proxy_pass {backend};")


def basic(user, password):
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


def only_for(authorization):
    """A server that knows one Authorization header, and where /about needs none."""

    def answer(_method, path, headers, _body):
        if path.endswith("/about"):
            return 200, {}, b'{"product":"acme","version":"4.1"}'
        if headers.get("Authorization") != authorization:
            return 401, {"WWW-Authenticate": 'Basic realm="acme"'}, b'{"message":"who are you?"}'
        return 200, {"Content-Type": "application/json"}, ALICE

    return answer


class Methods(support.Story):
    def setUp(self):
        super().setUp()
        acme_product.install(self.home)
        self.secret = self.home.folder / "secret.txt"
        self.secret.write_text(SECRET + "\n", encoding="utf-8")
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="atlink-front-"))
        self.addCleanup(lambda: subprocess.run(["rm", "-rf", str(self.folder)], check=False))

    def server(self, answer):
        return self.start(support.ScriptedServer(answer))

    def profile(self, url, *options):
        self.ok("profile", "set", "work", "--product", "acme", "--url", url, *options)

    def sign_in(self, *options):
        return self.ok("login", "--secret-file", self.secret, *options)

    def asked(self, server):
        """Requests with a credential: those that recognise the product have none."""
        return [request for request in server.requests if "Authorization" in request[2]]

    def check_nowhere_but_in_the_store(self):
        places = [
            str(path.relative_to(self.home.folder))
            for path in self.home.folder.rglob("*")
            if path.is_file() and path != self.secret and support.CANARY.encode() in path.read_bytes()
        ]
        self.assertEqual(places, ["state/atlink/credentials/work.json"])
        mode = (self.home.state / "credentials/work.json").stat().st_mode
        self.assertEqual(mode & 0o777, 0o600)

    def check_story(self, method):
        """What can be done with a profile once it is signed in."""
        status = self.json("status")
        self.assertEqual((status["method"], status["user"], status["valid"]), (method, "alice", True))
        self.assertEqual(status["store"], "file")
        # Looking after the credential is no use of it; a request is, and is noted once an hour.
        self.assertIsNone(status["last_used_at"])
        self.assertEqual(json.loads(self.ok("request", "GET", "/rest/me").stdout), {"name": "alice"})
        used = self.json("status")["last_used_at"]
        self.assertIsNotNone(used)
        note = self.home.state / "used/work"
        before = note.stat().st_mtime_ns
        self.ok("request", "GET", "/rest/me")
        self.assertEqual((note.stat().st_mtime_ns, self.json("status")["last_used_at"]), (before, used))
        note.write_text("2020-01-01T00:00:00Z\n", encoding="utf-8")
        self.assertEqual(self.json("status")["last_used_at"], "2020-01-01T00:00:00Z")
        self.ok("request", "GET", "/rest/me")
        self.assertGreaterEqual(self.json("status")["last_used_at"], used)
        self.check_nowhere_but_in_the_store()
        refused = self.fails(3, "method.no_signature", "sign", "GET", self.json("profile", "show")["base_url"] + "/x")
        self.assertIn("atlink request", refused["next"])
        gone = self.json("logout")
        self.assertEqual((gone["was_signed_in"], gone["revoke_url"]), (True, None))
        self.assertFalse((self.home.state / "credentials/work.json").exists())
        self.assertFalse(note.exists())

    def test_basic_through_nginx(self):
        backend = self.server(lambda *_: (200, {}, ALICE))
        hashed = subprocess.run(["openssl", "passwd", "-apr1", SECRET], check=True, capture_output=True, text=True).stdout
        (self.folder / "users").write_text(f"alice:{hashed}", encoding="utf-8")
        front = self.start(NginxFront(self.folder, backend.base, "auth_basic acme; auth_basic_user_file {folder}/users;"))
        self.profile(front.site, "--method", "basic", "--user", "alice", "--ca-file", front.ca)
        self.sign_in()
        self.assertEqual(backend.requests[-1][2]["Authorization"], basic("alice", SECRET))
        self.check_story("basic")
        self.secret.write_text(f"wrong-{support.CANARY}\n", encoding="utf-8")
        before = len(backend.requests)
        refused = self.fails(4, "answer.unauthorized", "login", "--secret-file", self.secret)
        self.assertIn("user name and password", refused["next"])
        self.assertEqual([r for r in backend.requests[before:] if "Authorization" in r[2]], [])

    def test_bearer_through_nginx(self):
        backend = self.server(lambda *_: (200, {}, ALICE))
        rule = f'if ($http_authorization != "Bearer {SECRET}") {{ return 401; }}'
        front = self.start(NginxFront(self.folder, backend.base, rule))
        self.profile(front.site, "--ca-file", front.ca)
        said = self.sign_in("--method", "token")
        self.assertIn("signed in as alice", said.stderr)
        self.check_story("token")

    def test_login_picks_by_version_and_says_why(self):
        server = self.server(only_for(f"Bearer {SECRET}"))
        self.profile(server.base)
        said = self.sign_in()
        self.assertIn("signing in by token", said.stderr)
        self.assertIn("4.1", said.stderr)
        self.assertEqual(self.json("status", "--offline")["method"], "token")

    def test_the_environment_alone_is_enough(self):
        server = self.server(only_for(f"Bearer {SECRET}"))
        environment = {"ATLINK_URL": server.base, "ATLINK_PRODUCT": "acme", "ATLINK_TOKEN": SECRET}
        got = self.ok("request", "GET", "/rest/me", env=environment)
        self.assertEqual(json.loads(got.stdout), {"name": "alice"})
        self.assertEqual(self.json("status", env=environment)["store"], "environment")
        self.fails(3, "credential.read_only", "logout", env=environment)
        other = self.server(only_for(basic("alice", SECRET)))
        environment = {
            "ATLINK_URL": other.base, "ATLINK_PRODUCT": "acme", "ATLINK_USER": "alice", "ATLINK_PASSWORD_ENVIRONMENT": SECRET,
        }  # fmt: skip
        self.ok("request", "GET", "/rest/me", env=environment)
        self.assertFalse(self.home.state.exists())

    def test_no_home_is_needed(self):
        server = self.server(only_for(f"Bearer {SECRET}"))
        bare = support.Home()
        self.addCleanup(bare.remove)
        bare.environment = {"PATH": "/usr/bin:/bin", "ATLINK_PLUGIN_PATH": str(self.home.data / "plugins"),
                            "ATLINK_URL": server.base, "ATLINK_PRODUCT": "acme", "ATLINK_TOKEN": SECRET}  # fmt: skip
        for command in (["status"], ["request", "GET", "/rest/me"]):
            got = bare.run(*command, cwd="/")
            self.assertEqual(got.returncode, 0, got.stderr)
            self.assertNotIn(support.CANARY, got.stdout + got.stderr)
        self.assertEqual(list(bare.folder.iterdir()), [])

    def test_the_environment_gives_a_secret_to_keep(self):
        server = self.server(only_for(f"Bearer {SECRET}"))
        self.profile(server.base, "--method", "token")
        self.ok("login", env={"ATLINK_TOKEN_WORK": SECRET})
        self.check_story("token")

    def test_without_a_terminal_the_flag_is_named(self):
        server = self.server(only_for("nothing"))
        self.profile(server.base, "--method", "token")
        missing = self.fails(2, "no_terminal", "login", "--no-input")
        self.assertIn("--secret-file", missing["next"])
        self.assertIn("ATLINK_TOKEN", missing["next"])
        self.assertEqual(server.requests, [])

    def test_a_refused_secret_is_sent_once_and_not_stored(self):
        for method, options in (("token", ()), ("basic", ("--user", "alice"))):
            server = self.server(only_for("somebody else"))
            self.profile(server.base, "--method", method, *options)
            self.fails(4, "answer.unauthorized", "login", "--secret-file", self.secret)
            self.assertEqual(len(self.asked(server)), 1)
            self.assertFalse((self.home.state / "credentials/work.json").exists())

    def test_a_captcha_is_said_and_not_tried_again(self):
        page = b"<html>solve it</html>"
        server = self.server(lambda *_: (403, {"X-Denied": "captcha_challenge"}, page))
        self.profile(server.base, "--method", "basic", "--user", "alice")
        refused = self.fails(4, "answer.captcha", "login", "--secret-file", self.secret)
        self.assertIn("browser", refused["next"])
        self.assertEqual(len(self.asked(server)), 1)

    def test_basic_that_is_switched_off_gets_no_password(self):
        def answer(_method, path, headers, _body):
            if path == "/about":
                return 200, {"Content-Type": "application/json"}, b'{"product":"acme","version":"5.2"}'
            return only_for(basic("alice", SECRET))("GET", path, headers, b"")

        server = self.server(answer)
        self.profile(server.base, "--method", "basic", "--user", "alice")
        refused = self.fails(3, "method.unavailable", "login", "--secret-file", self.secret)
        self.assertIn("5.2", refused["message"])
        self.assertIn("--method token", refused["next"])
        self.assertEqual([r for r in server.requests if "Authorization" in r[2]], [])
        self.sign_in("--switched-on")

    def test_plain_http_beyond_loopback_gets_nothing(self):
        for method, options in (("token", ()), ("basic", ("--user", "alice"))):
            self.profile("http://acme.example", "--method", method, *options)
            self.fails(3, "credential.insecure", "login", "--secret-file", self.secret)
        self.profile("http://acme.example", "--method", "token")
        self.fails(3, "credential.insecure", "request", "GET", "/x", env={"ATLINK_TOKEN": SECRET})

    def test_a_credential_goes_nowhere_else(self):
        server = self.server(only_for(f"Bearer {SECRET}"))
        elsewhere = self.server(lambda *_: (200, {}, ALICE))
        self.profile(server.base, "--method", "token")
        self.sign_in()
        self.fails(4, "credential.elsewhere", "request", "GET", "/x", "--profile", "work", env={"ATLINK_URL": elsewhere.base})
        self.profile(elsewhere.base)
        self.fails(4, "credential.elsewhere", "status")
        self.profile(server.base, "--method", "basic", "--user", "alice")
        self.fails(4, "credential.elsewhere", "request", "GET", "/x")
        self.assertEqual(elsewhere.requests, [])
        self.assertEqual(len(self.asked(server)), 1)

    def test_a_redirect_to_another_place_gets_no_credential(self):
        elsewhere = self.server(lambda *_: (200, {}, b"there"))
        site = only_for(f"Bearer {SECRET}")

        def answer(method, path, headers, body):
            leads = path == "/away"
            return (302, {"Location": elsewhere.base + "/x"}, b"") if leads else site(method, path, headers, body)

        server = self.server(answer)
        self.profile(server.base, "--method", "token")
        self.sign_in()
        self.ok("request", "GET", "/away")
        self.assertEqual(len(elsewhere.requests), 1)
        self.assertNotIn("Authorization", elsewhere.requests[0][2])

    def test_a_method_that_there_is_not(self):
        self.profile("https://acme.example", "--method", "oauth1")
        refused = self.fails(3, "method.unavailable", "login")
        self.assertIn("token", refused["next"])

    def cloud(self, answer):
        """A site and a gateway in one, as two servers."""
        gateway = self.server(only_for(basic("alice@acme.example", SECRET)))
        site = self.server(answer)
        self.profile(site.base, "--deployment", "cloud", "--user", "alice@acme.example", "--method", "api-token",
                     "--set", f"gateway={gateway.base}")  # fmt: skip
        return site, gateway

    def test_an_api_token_at_the_site(self):
        site, gateway = self.cloud(only_for(basic("alice@acme.example", SECRET)))
        self.sign_in()
        self.assertEqual(gateway.requests, [])
        self.check_story("api-token")
        self.assertEqual({path for _, path, _, _ in self.asked(site)}, {"/rest/me"})

    def test_an_api_token_with_scopes_goes_through_the_gateway(self):
        def answer(_method, path, headers, _body):
            if path == "/info":
                self.assertNotIn("Authorization", headers)
                return 200, {}, b'{"id":"site-7"}'
            return 401, {}, b"{}"

        site, gateway = self.cloud(answer)
        self.sign_in()
        asked = len(site.requests)
        self.check_story("api-token")
        self.assertEqual(len(site.requests), asked, "found out once, and remembered")
        self.assertEqual({path for _, path, _, _ in gateway.requests}, {"/ex/acme/site-7/rest/me"})

    def test_a_token_of_the_environment_goes_where_the_kept_one_goes(self):
        site, gateway = self.cloud(
            lambda _method, path, *_: (200, {}, b'{"id":"site-7"}') if path == "/info" else (401, {}, b"{}"))
        alone = {"ATLINK_TOKEN_WORK": SECRET}
        refused = self.fails(4, "answer.unauthorized", "request", "GET", "/rest/me", body="{}", env=alone)
        self.assertIn(gateway.base + "/ex/acme/{site_id}", refused["next"])
        self.sign_in()
        asked = len(site.requests)
        other = {"ATLINK_TOKEN_WORK": "another"}
        self.fails(4, "answer.unauthorized", "request", "GET", "/rest/me", body='{"message":"who are you?"}', env=other)
        self.assertEqual(len(site.requests), asked)
        self.assertEqual(gateway.requests[-1][2]["Authorization"], basic("alice@acme.example", "another"))

    def test_a_gateway_that_nobody_agreed_to_gets_nothing(self):
        site = self.server(lambda *_: (401, {}, b"{}"))
        self.profile(site.base, "--deployment", "cloud", "--user", "alice", "--method", "api-token")
        refused = self.fails(3, "origin.not_agreed", "login", "--secret-file", self.secret)
        self.assertIn("https://gateway.acme.example", refused["message"])
        self.assertFalse((self.home.state / "credentials/work.json").exists())

    def test_a_token_at_the_site_says_nothing_of_the_gateway(self):
        """Nobody was asked about it, so that a token that only works there does not go there."""
        known = only_for(basic("alice@acme.example", SECRET))
        site = self.server(lambda *request: (200, {}, b'{"id":"s"}') if request[1] == "/info" else known(*request))
        self.profile(site.base, "--deployment", "cloud", "--user", "alice@acme.example", "--method", "api-token")
        self.sign_in()
        other = self.home.folder / "other.txt"
        other.write_text("another", encoding="utf-8")
        self.fails(3, "origin.not_agreed", "login", "--secret-file", other)
        self.assertNotIn("/info", {path for _, path, _, _ in site.requests})

    def test_what_stays_at_the_server_is_said_of_each(self):
        site = self.server(lambda *_: (200, {}, ALICE))
        for method, words in (("token", "atlink token revoke ID"), ("basic", "goes on accepting the password")):
            self.profile(site.base, "--method", method, "--user", "alice")
            self.sign_in()
            said = self.ok("logout").stderr
            self.assertIn(words, said)
            self.assertNotIn("removes the link", said)

    def test_a_refused_credential_says_where_another_belongs(self):
        site = self.server(lambda *_: (401, {}, b"{}"))
        self.profile(site.base, "--method", "token")
        outside = self.fails(4, "answer.unauthorized", "request", "GET", "/x", body="{}", env={"ATLINK_TOKEN": "t"})
        self.assertIn("the environment gives this credential", outside["next"])
        alone = {"ATLINK_URL": site.base, "ATLINK_PRODUCT": "acme", "ATLINK_TOKEN": "t"}
        outside = self.fails(4, "answer.unauthorized", "request", "GET", "/x", body="{}", env=alone)
        self.assertIn("the environment gives this credential", outside["next"])
        good = self.server(lambda *_: (200, {}, ALICE))
        self.profile(good.base)
        self.sign_in()
        record = self.home.state / "credentials/work.json"
        record.write_text(record.read_text().replace(good.base, site.base))
        self.profile(site.base)
        refused = self.fails(4, "answer.unauthorized", "request", "GET", "/x", body="{}")
        self.assertEqual(refused["next"], "sign in again: atlink login --profile work")
        told = self.home.run("status", "--output", "json")
        self.assertIn("atlink login --profile work", json.loads(told.stderr)["next"])

    def test_basic_that_is_refused_as_such_is_told_from_a_permission(self):
        for product, code in (("acme", "answer.forbidden"), ("jira", "answer.unauthorized")):
            says = json.dumps({"message": "Basic Authentication has been disabled on this instance."}).encode()
            site = self.server(lambda *_, says=says: (403, {}, says))
            name = f"of-{product}"
            self.ok("profile", "set", name, "--product", product, "--deployment", "data-center", "--url", site.base,
                    "--method", "basic", "--user", "alice")  # fmt: skip
            exit_code = 5 if code == "answer.forbidden" else 4
            refused = self.fails(exit_code, code, "--profile", name, "login", "--secret-file", self.secret)
            self.assertIn("--method token", refused["next"])
            self.assertEqual(len(self.asked(site)), 1)

    def test_another_gateway_asks_for_a_new_sign_in(self):
        _, gateway = self.cloud(lambda _m, path, *_: (200, {}, b'{"id":"s"}') if path == "/info" else (401, {}, b"{}"))
        self.sign_in()
        elsewhere = self.server(lambda *_: (200, {}, ALICE))
        self.ok("profile", "set", "work", "--set", f"gateway={elsewhere.base}")
        self.fails(4, "credential.elsewhere", "request", "GET", "/rest/me")
        self.assertEqual(elsewhere.requests, [])
        self.ok("profile", "set", "work", "--set", f"gateway={gateway.base}")
        self.ok("request", "GET", "/rest/me")

    def test_no_secret_in_the_command_line(self):
        self.assertNotIn("--password", self.ok("help", "login").stdout)
        for option in ("--token", "--password", "--secret", "--client-secret"):
            for given in ([option, SECRET], [f"{option}={SECRET}"]):
                refused = self.fails(2, "usage", "login", *given)
                self.assertIn("--secret-file", refused["next"])
        self.assertIn("--secret-file?", self.fails(2, "usage", "login", "--secret-fil", "x")["next"])

    def test_a_next_step_names_the_profile_that_was_named(self):
        self.profile("https://acme.example", "--method", "token")
        self.ok("profile", "set", "other", "--product", "acme", "--url", "https://other.example", "--method", "oauth2",
                "--client-id", "app", "--redirect-uri", "http://127.0.0.1:1/x")  # fmt: skip
        self.assertIn("atlink login --profile other", self.fails(4, "credential.missing", "--profile", "other", "request",
                                                                 "GET", "/x")["next"])  # fmt: skip
        missing = self.fails(3, "consumer.missing", "login", "--profile", "other", "--no-input")
        self.assertIn("--secret-file", missing["next"])


if __name__ == "__main__":
    os.umask(0o022)
    support.main()

