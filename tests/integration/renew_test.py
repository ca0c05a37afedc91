#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Renewing a credential by its session: against providers that nobody here wrote, and on the sandbox."""

import json
import os
import random
import re
import signal
import subprocess
import time
import urllib.parse

import support
from support import PROGRAM, Story, http_request

# How many processes are killed while they renew.
KILLS = int(os.environ.get("ATLINK_KILLS", "100")) // 5


class Renewal:
    """The stories; each provider runs all of them."""

    kind = ""

    def setUp(self):
        super().setUp()
        self.pair = self.keys()

    def place(self, *options):
        provider = self.provider(self.kind, self.pair, *options, context_path="/a/b")
        self.profile("work", provider.base)
        self.ok("profile", "use", "work")
        self.sign_in(provider, "work")
        return provider

    def profile(self, name, base, product="self-hosted"):
        self.ok("profile", "set", name, "--product", product, "--deployment", "data-center", "--url", base, "--context-path",
                urllib.parse.urlsplit(base).path or "/", "--consumer-key", "atlink-story", "--private-key", self.pair / "private.pem")  # fmt: skip

    def stored(self, name="work"):
        return json.loads((self.home.state / f"credentials/{name}.json").read_text(encoding="utf-8"))

    def user(self):
        return json.loads(self.ok("request", "GET", "/rest/x").stdout)["user"]

    def test_a_new_token_takes_the_place_of_the_old_one(self):
        provider = self.place()
        before = self.stored()
        renewed = self.json("renew")
        self.assertEqual((renewed["profile"], renewed["renewed"], renewed["user"]), ("work", True, "alice"))
        self.assertLess(renewed["expires_at"], renewed["session_ends_at"])
        after = self.stored()
        for secret in ("token", "token_secret", "session_handle"):
            self.assertNotEqual(before[secret], after[secret])
        self.assertEqual(after["version"], before["version"] + 1)
        self.assertEqual(after["user"], "alice")
        self.assertEqual(self.user(), "alice")
        self.assertIs([e for e in provider.log() if e["endpoint"] in ("renewal", "access-token")][-1]["verdict"]["signature"], True)
        # The handle was renewed as well.
        self.ok("renew")
        self.assertEqual(self.user(), "alice")

    def test_an_expired_token_is_renewed_too(self):
        provider = self.place()
        before = self.stored()
        provider.expire("access")
        self.ok("renew")
        self.assertEqual(self.user(), "alice")
        # And without being told to, once the server says so.
        provider.expire("access")
        self.ok("request", "GET", "/rest/x")
        after = self.stored()
        self.assertEqual(after["version"], before["version"] + 2)
        self.assertNotEqual(before["session_handle"], after["session_handle"])
        self.assertFalse((self.home.state / "renewals/work.json").exists())

    def test_killed_at_any_moment_it_works_or_says_why_not(self):
        provider = self.place()
        dice = random.Random(20260131)
        for _ in range(KILLS):
            provider.expire("access")
            process = self.home.popen("request", "GET", "/rest/x")
            time.sleep(dice.uniform(0, 0.08))
            process.kill()
            process.communicate()
            self.stored()
            result = self.home.run("request", "GET", "/rest/x", "--output", "json")
            if result.returncode != 0:
                # Only where the answer had been given and could not be stored any more.
                error = json.loads(result.stderr.splitlines()[-1])
                self.assertEqual(result.returncode, 4, error)
                self.assertIn(error["code"], ("credential.uncertain", "oauth1.token_rejected"), error)
                self.sign_in(provider, "work")

    def test_many_at_once_renew_once(self):
        provider = self.place()
        provider.expire("access")
        before = self.stored()
        many = [self.home.popen("request", "GET", "/rest/x") for _ in range(8)]
        ends = [(process.communicate(timeout=support.PATIENCE), process.returncode) for process in many]
        self.assertEqual([code for _, code in ends], [0] * len(many), ends)
        self.assertEqual(self.stored()["version"], before["version"] + 1)

    def test_a_token_that_ends_soon_is_renewed_before_it_is_used(self):
        self.place()
        path = self.home.state / "credentials/work.json"
        credential = self.stored()
        credential["expires_at"] = "2020-01-01T00:00:00Z"
        path.write_text(json.dumps(credential), encoding="utf-8")
        self.ok("request", "GET", "/rest/x")
        self.assertEqual(self.stored()["version"], credential["version"] + 1)

    def test_an_answer_that_was_lost_is_told_as_that(self):
        provider = self.place()
        renewals = self.home.state / "renewals"
        renewals.mkdir(mode=0o700, exist_ok=True)
        note = renewals / "work.json"
        note.write_text(json.dumps({"format": 2, "version": self.stored()["version"], "begun_at": "2026-01-31T09:30:00Z"}), encoding="utf-8")
        note.chmod(0o600)
        provider.expire("session")
        error = self.fails(4, "credential.uncertain", "renew")
        self.assertIn("could be stored", error["message"])

    def test_a_session_that_is_over_leaves_the_old_token(self):
        provider = self.place()
        before = self.stored()
        provider.expire("session")
        error = self.fails(4, "credential.not_renewable", "renew")
        self.assertEqual(error["context"]["oauth_problem"], "permission_denied")
        self.assertIn("atlink login --profile work", error["next"])
        self.assertEqual(self.stored(), before)
        self.assertEqual(self.user(), "alice")

    def test_a_handle_of_somebody_else_is_refused(self):
        self.place()
        path = self.home.state / "credentials/work.json"
        credential = self.stored()
        credential["session_handle"] = "somebody else's"
        path.write_text(json.dumps(credential), encoding="utf-8")
        error = self.fails(4, "credential.not_renewable", "renew")
        self.assertEqual(error["context"]["oauth_problem"], "token_rejected")
        self.assertEqual(self.user(), "alice")

    def test_a_server_without_sessions(self):
        self.place("--no-sessions")
        self.assertIsNone(self.json("status")["session_ends_at"])
        error = self.fails(4, "credential.not_renewable", "renew")
        self.assertIn("no session", error["message"])
        self.assertEqual(self.user(), "alice")

    def test_a_key_that_does_not_fit_is_no_end_of_the_session(self):
        self.place()
        credential = self.stored()
        other = self.keys("other keys")
        self.ok("profile", "set", "work", "--private-key", other / "private.pem")
        self.fails(4, "credential.elsewhere", "renew")
        self.ok("profile", "set", "work", "--private-key", self.pair / "private.pem")
        self.assertEqual(self.stored(), credential)

    def test_an_answer_that_is_lost_is_told(self):
        provider = self.place()
        dropping = []

        def relay(method, path, headers, body):
            kept = {k: v for k, v in headers.items() if k.lower() in ("authorization", "content-type", "host")}
            answer = http_request(provider.base.removesuffix("/a/b") + path, method, body or None, kept)
            if dropping and "access-token" in path:
                raise ConnectionError("the answer is lost on purpose")
            return answer[0], {k: v for k, v in answer[1].items() if k.lower() in ("content-type", "www-authenticate", "x-ausername")}, answer[2]

        front = self.start(support.ScriptedServer(relay))
        self.profile("relayed", front.base + "/a/b")
        self.sign_in(provider, "relayed")
        before = self.stored("relayed")
        dropping.append(True)
        error = self.fails(9, "network.answer_lost", "renew", "--profile", "relayed")
        self.assertIn("may have renewed it", error["next"])
        self.assertIn("atlink status --profile relayed", error["next"])
        self.assertEqual(self.stored("relayed"), before)
        # As it said: the server knows the old token no more, nor its session, and a sign-in mends that.
        dropping.clear()
        self.fails(4, "oauth1.token_rejected", "request", "GET", "/rest/x", "--profile", "relayed", body="oauth_problem=token_rejected")
        self.fails(4, "credential.uncertain", "renew", "--profile", "relayed")
        self.sign_in(provider, "relayed")
        self.ok("status", "--profile", "relayed")

    def test_a_link_that_was_made_anew_or_deleted_is_explained(self):
        port = support.free_port()
        old = self.place("--port", str(port))
        old.stop()
        # The same consumer in a link that was made anew: the tokens of the old one are gone.
        anew = self.provider(self.kind, self.pair, "--port", str(port), context_path="/a/b")
        error = self.fails(4, "oauth1.token_rejected", "request", "GET", "/rest/x", body="oauth_problem=token_rejected")
        self.assertIn("atlink login", error["next"])
        self.assertIn("made anew", error["next"])
        self.fails(4, "credential.not_renewable", "renew")
        self.sign_in(anew, "work")
        self.assertEqual(self.user(), "alice")
        anew.stop()
        # The link deleted: nobody knows the consumer any more.
        self.provider(self.kind, self.pair, "--port", str(port), context_path="/a/b", consumer="somebody-else")
        for command in (("request", "GET", "/rest/x"), ("login", "--begin"), ("renew",)):
            result = self.home.run(*command, "--output", "json")
            error = json.loads(result.stderr.splitlines()[-1])
            self.assertEqual((result.returncode, error["code"]), (3, "oauth1.consumer_key_unknown"), command)
            self.assertIn("If it worked before", error["next"])
            self.assertIn("sign in again afterwards", error["next"])

    def test_two_at_a_time_both_end_well(self):
        self.place()
        runs = [self.home.popen("renew", "--profile", "work") for _ in range(4)]
        for run in runs:
            _, errors = run.communicate(timeout=support.PATIENCE * 2)
            self.assertEqual(run.returncode, 0, errors)
        self.assertEqual(self.user(), "alice")

    def test_an_interrupted_renewal_leaves_the_old_token(self):
        self.place()
        before = self.stored()
        waiting = []

        def hang(method, path, headers, body):
            waiting.append(path)
            time.sleep(30)
            return 503, {}, b""

        silent = self.start(support.ScriptedServer(hang))
        profile = self.home.config / "profiles/work.json"
        at_home = profile.read_text(encoding="utf-8")
        credential = self.home.state / "credentials/work.json"
        kept = credential.read_text(encoding="utf-8")
        # The same credential, asked for at a server that never answers.
        profile.write_text(at_home.replace(json.loads(at_home)["site"], silent.base), encoding="utf-8")
        credential.write_text(kept.replace(json.loads(kept)["issued_for"]["base_url"], silent.base + "/a/b"), encoding="utf-8")
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGKILL, -9)):
            with self.subTest(number):
                count = len(waiting)
                run = self.home.popen("renew")
                self.addCleanup(run.kill)
                self.wait_for(lambda: len(waiting) > count)
                run.send_signal(number)
                _, errors = run.communicate(timeout=support.PATIENCE)
                self.assertEqual(run.returncode, code, errors)
                if code > 0:
                    self.assertIn(b"may have renewed it", errors)
        profile.write_text(at_home, encoding="utf-8")
        credential.write_text(kept, encoding="utf-8")
        self.assertEqual(self.stored(), before)
        self.ok("renew")
        self.assertEqual(self.user(), "alice")

    def wait_for(self, holds):
        end = time.monotonic() + support.PATIENCE
        while not holds():
            self.assertLess(time.monotonic(), end, "it never came")
            time.sleep(0.01)


class AgainstOauthlib(Renewal, Story):
    kind = "oauthlib"


class AgainstRuby(Renewal, Story):
    kind = "ruby-oauth"


class OnTheSandbox(Story):
    def test_every_product_that_renews(self):
        pair = self.keys()
        for product in ("self-hosted", "jira", "confluence"):
            with self.subTest(product):
                command = [PROGRAM, "sandbox", "--product", product, "--deployment", "data-center", "--consumer", f"robot={pair / 'public.pem'}"]
                site = self.start(support.Server(command, env=self.home.environment))
                self.ok("profile", "set", product, "--product", product, "--deployment", "data-center", "--url", site.base, "--context-path",
                        urllib.parse.urlsplit(site.base).path or "/", "--consumer-key", "robot", "--private-key", pair / "private.pem")  # fmt: skip
                begun = self.ok("login", "--begin", "--profile", product)
                self.ok("login", "--verifier", self.allow(begun.stdout.strip()), "--profile", product)
                before = self.json("status", "--profile", product)
                renewed = self.json("renew", "--profile", product)
                self.assertTrue(renewed["renewed"])
                self.assertGreaterEqual(renewed["expires_at"], before["expires_at"])
                after = self.json("status", "--profile", product)
                self.assertEqual((after["user"], after["expires_at"]), (before["user"], renewed["expires_at"]))

    def allow(self, url):
        """Presses Allow on the sandbox's page; the code that it shows."""
        _, _, page = http_request(url)
        page = page.decode()
        action = re.search(r'<form[^>]*action="([^"]*)"', page)
        fields = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', page)
        body = urllib.parse.urlencode([*fields, ("approve", "approve")]).encode()
        _, _, done = http_request(urllib.parse.urljoin(url, action.group(1) if action else url), "POST", body,
                                  {"Content-Type": "application/x-www-form-urlencoded"})  # fmt: skip
        return re.search(rb"<(?:code|strong|kbd)[^>]*>([0-9A-Za-z]{6})<", done).group(1).decode()


if __name__ == "__main__":
    support.need("ruby")
    if subprocess.run(["ruby", "-e", "require 'oauth'; require 'webrick'"], capture_output=True, check=False).returncode:
        support.skip("ruby-oauth is not installed")
    support.main()
