#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""From nothing to a signed request by `setup`, as a person at a terminal and as a script."""

import base64
import json
import re
import shlex
import signal
import subprocess

import acme_product
import support
from support import PROGRAM, ROOT, Story, http_request

BUNDLED = sorted(path.parent.name for path in (ROOT / "products").glob("*/product.json"))
SAVED = "press Enter once the link is saved"
CODE = "the code that it shows"


class TwoBehindOne(support.TlsFront):
    """One site with a product at its root and another below /wiki."""

    CONFIGURATION = support.TlsFront.CONFIGURATION.replace(
        "    location / {{", """    location /wiki {{
      proxy_pass {wiki};
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-Proto $scheme;
    }}
    location / {{""")  # fmt: skip

    def __init__(self, folder, backend, wiki):
        self.wiki = wiki
        super().__init__(folder, backend)

    def settings(self):
        return {"wiki": self.wiki}


class Setup(Story):
    def site(self, product, context_path="/tools", *options):
        command = [PROGRAM, "sandbox", "--product", product, "--context-path", context_path, *options]
        return self.start(support.Server(command, env=self.home.environment))

    def person(self, *arguments):
        return self.start(support.Person(self.home, *arguments))

    def register(self, site, key):
        """What an administrator does with the values that setup shows."""
        public = (self.home.config / "keys/public.pem").read_text(encoding="utf-8")
        status, _, text = http_request(f"{site.base}/-/sandbox/consumers/{key}", "PUT", json.dumps({"public_key": public}).encode(),
                                       {"Content-Type": "application/json"})  # fmt: skip
        self.assertIn(status, (201, 204), text)

    def link_and_sign_in(self, person, site):
        """What a person does until the program has no more questions."""
        person.wait_for(SAVED)
        key = re.search(r"consumer key +(\S+)", person.text).group(1)
        self.register(site, key)
        person.type("")
        person.wait_for(CODE)
        url = re.findall(r"https?://\S*oauth_token=\S+", person.text)[-1]
        person.type(support.allow(url))
        return key

    def assert_signed(self, profile):
        status = self.json("status", "--profile", profile)
        self.assertEqual((status["user"], status["valid"]), ("alice", True))

    def test_every_bundled_product_from_nothing(self):
        for product in BUNDLED:
            with self.subTest(product):
                site = self.site(product)
                person = self.person("setup", site.base, "--paste")
                self.link_and_sign_in(person, site)
                self.assertEqual(person.end(), 0, person.text)
                self.assert_signed(product)
                tries = re.search(r"try next:\s+(.*)\Z", person.text, re.S).group(1).split("\n")
                tries = [line.strip() for line in tries if line.strip()]
                self.assertEqual(len(tries), 3, person.text)
                answer = self.ok(*shlex.split(tries[0])[1:]).stdout
                self.assertTrue(answer)
                self.assertIn("alice", self.ok(*shlex.split(tries[2])[1:]).stdout)
                curl = subprocess.run(["bash", "-c", tries[1].replace("atlink", shlex.quote(PROGRAM), 1)], env=self.home.environment,
                                      capture_output=True, text=True, check=True)  # fmt: skip
                self.assertEqual(curl.stdout, answer)
                site.stop()

    def test_stopped_at_every_question_it_goes_on(self):
        site = self.site("jira")
        person = self.person("setup", site.base, "--paste")
        person.wait_for(SAVED)
        person.kill(signal.SIGKILL)
        key = self.json("profile", "show", "jira")["consumer_key"]
        made = (self.home.config / "keys/private.pem").read_bytes()
        person = self.person("setup", site.base, "--paste")
        person.wait_for(SAVED)
        person.type("")  # not saved yet
        person.wait_for("not yet")
        person.type("q")
        self.assertEqual(person.end(), 3, person.text)
        self.register(site, key)
        person = self.person("setup", site.base, "--paste")
        person.wait_for(CODE)
        person.kill(signal.SIGHUP)
        person = self.person("setup", site.base, "--paste")
        person.wait_for(CODE)
        url = re.findall(r"https?://\S*oauth_token=\S+", person.text)[-1]
        code = support.allow(url)
        person.type(code.swapcase() if code.swapcase() != code else code + "x")
        person.wait_for("does not take this code")
        person.type(code)
        self.assertEqual(person.end(), 0, person.text)
        self.assert_signed("jira")
        self.assertEqual((self.home.config / "keys/private.pem").read_bytes(), made)
        self.assertEqual(self.json("profile", "show", "jira")["consumer_key"], key)
        # Nothing is left to do, and nothing is undone.
        again = self.json("setup", site.base)
        outcomes = {step["step"]: step["outcome"] for step in again["sites"][0]["steps"]}
        self.assertEqual(outcomes, {"keys": "already", "profile": "already", "link": "already", "login": "already", "check": "done"})
        self.assertEqual(again["sites"][0]["user"], "alice")

    def test_a_script_stops_at_the_link_and_goes_on_after_it(self):
        site = self.site("confluence", "/wiki")
        result = self.home.run("setup", site.base, "--no-input", "--output", "json", "--consumer-key", "robot")
        self.assertEqual(result.returncode, 3, result.stderr)
        steps = json.loads(result.stdout)["sites"][0]["steps"]
        self.assertEqual([(s["step"], s["outcome"]) for s in steps], [("keys", "done"), ("profile", "done"), ("link", "failed")])
        error = json.loads(result.stderr)
        self.assertEqual(error["code"], "oauth1.consumer_key_unknown")
        self.assertIn("atlink link show --profile confluence", error["next"])
        self.register(site, "robot")
        process = self.home.popen("setup", site.base, "--no-input", "--no-browser", "--output", "json", text=True)
        line = support.read_line(process, process.stderr)
        self.assertEqual(http_request(support.allow(json.loads(line)["url"]))[0], 200)
        out, errors = process.communicate(timeout=support.PATIENCE)
        self.assertEqual(process.returncode, 0, errors)
        done = json.loads(out)
        self.assertEqual(done["sites"][0]["user"], "alice")
        self.assertEqual(done["sites"][0]["private_key"], str(self.home.config / "keys/private.pem"))
        self.assertEqual(len(done["next"]), 3)

    def test_a_plan_changes_nothing(self):
        site = self.site("bamboo")
        plan = self.json("setup", site.base, "--dry-run")
        self.assertEqual([s["outcome"] for s in plan["sites"][0]["steps"]], ["planned"] * 5)
        self.assertEqual(plan["sites"][0]["product"], "bamboo")
        self.assertFalse(self.home.config.exists())
        self.assertIn("atlink keygen", self.ok("setup", site.base, "--dry-run").stdout)

    def test_steps_can_be_left_out(self):
        site = self.site("jira")
        done = self.json("setup", site.base, "--skip", "link", "--skip", "login", "--skip", "check", "--profile", "work")
        self.assertEqual([s["outcome"] for s in done["sites"][0]["steps"]], ["done", "done", "skipped", "skipped", "skipped"])
        self.assertEqual(self.json("profile", "show", "work")["product"], "jira")
        self.fails(2, "usage", "setup", site.base, "--skip", "links")
        self.fails(2, "usage", "setup", site.base, "--context-path", "/tools")
        # A name that leads elsewhere is not taken over, and nothing is sent there.
        before = self.ok("profile", "show", "work").stdout
        other = self.site("bamboo", "/other")
        error = self.fails(2, "usage", "setup", other.base, "--profile", "work")
        self.assertIn("--profile", error["next"])
        self.assertEqual(self.ok("profile", "show", "work").stdout, before)

    def test_what_it_cannot_find_out_it_says(self):
        silent = self.start(support.ScriptedServer(lambda *_: (404, {}, b"nothing")))
        error = self.fails(6, "site.unknown", "setup", silent.base)
        self.assertIn("atlink setup", error["next"])
        self.assertIn("--product ID", error["next"])
        self.fails(2, "usage", "setup", silent.base, env={"ATLINK_URL": "https://elsewhere.example"})
        self.assertFalse(self.home.config.exists())

    def acme(self):
        """A product with every way to sign in, for one token and one password."""
        good = {"Bearer token-of-alice", "Basic " + base64.b64encode(b"alice:word").decode()}

        def answer(_method, target, headers, _body):
            if target.startswith("/about"):
                return 200, {"Content-Type": "application/json"}, b'{"product":"acme","version":"4.1"}'
            if target.startswith("/token"):
                return 200, {"Content-Type": "application/json"}, b'{"access_token":"token-of-alice","token_type":"bearer","expires_in":600}'
            if headers.get("Authorization") not in good:
                return 401, {}, b'{"message":"who are you?"}'
            return 200, {"Content-Type": "application/json"}, b'{"name":"alice"}'

        acme_product.install(self.home)
        return self.start(support.ScriptedServer(answer))

    def answer_questions(self, person, *pairs):
        for words, text in pairs:
            person.wait_for(words)
            person.type(text)

    def test_by_other_ways_to_sign_in(self):
        server = self.acme()
        for method, questions in (
            ("token", [("personal access token at", "token-of-alice")]),
            ("basic", [("user name at", "alice"), ("password of alice at", "word")]),
            ("client-credentials", [("client id, as the program is registered at", "app"), ("secret of client app", "s")]),
        ):
            with self.subTest(method):
                person = self.person("setup", server.base, "--method", method, "--profile", method)
                self.answer_questions(person, *questions)
                self.assertEqual(person.end(), 0, person.text)
                self.assertNotIn("token-of-alice", person.text)
                self.assertFalse((self.home.config / "keys").exists())
                status = self.json("status", "--profile", method)
                self.assertEqual((status["method"], status["user"]), (method, "alice"))
                again = self.json("setup", server.base, "--profile", method)
                outcomes = [step["outcome"] for step in again["sites"][0]["steps"]]
                self.assertEqual(outcomes, ["already", "already", "already", "already", "done"])
                # Stopped at each question, the next run asks again.
                for words, _ in questions:
                    self.ok("profile", "remove", method)
                    person = self.person("setup", server.base, "--method", method, "--profile", method)
                    for before, text in questions:
                        person.wait_for(before)
                        if before == words:
                            break
                        person.type(text)
                    person.kill(signal.SIGKILL)
                    person = self.person("setup", server.base, "--method", method, "--profile", method)
                    left = [pair for pair in questions if method != "basic" or words == "user name at" or pair[0] != "user name at"]
                    left = [pair for pair in left if method != "client-credentials" or words.startswith("client id") or not pair[0].startswith("client id")]
                    self.answer_questions(person, *left)
                    self.assertEqual(person.end(), 0, person.text)
        # A token that is no good ends the login step, and setup goes on from there.
        person = self.person("setup", server.base, "--method", "token", "--profile", "wrong")
        self.answer_questions(person, ("personal access token at", "nonsense"))
        self.assertEqual(person.end(), 4, person.text)
        person = self.person("setup", server.base, "--profile", "wrong")
        self.answer_questions(person, ("personal access token at", "token-of-alice"))
        self.assertEqual(person.end(), 0, person.text)
        self.fails(2, "usage", "setup", server.base, "--method", "telepathy")

    def test_on_providers_of_others(self):
        keys = self.keys()
        for kind in support.PROVIDERS:
            with self.subTest(kind):
                provider = self.provider(kind, keys, context_path="/a/b")
                profile = kind.replace("_", "-")
                person = self.person("setup", provider.base, "--product", "self-hosted", "--profile", profile,
                                     "--consumer-key", "atlink-story", "--private-key", keys / "private.pem", "--paste")  # fmt: skip
                person.wait_for(CODE)
                url = re.findall(r"https?://\S*oauth_token=\S+", person.text)[-1]
                person.type(provider.decide(self.token_of(url))["verifier"])
                self.assertEqual(person.end(), 0, person.text)
                self.assertEqual(self.json("status", "--profile", profile)["user"], "alice")

    def test_two_products_of_one_site_share_key_and_consumer(self):
        root, wiki = self.site("jira", ""), self.site("confluence", "/wiki")
        front = self.start(TwoBehindOne(self.home.folder, root.base, wiki=wiki.base.removesuffix("/wiki")))
        person = self.person("setup", front.site, "--all", "--paste", "--ca-file", front.ca)
        person.wait_for(SAVED)
        key = re.search(r"consumer key +(\S+)", person.text).group(1)
        for site in (root, wiki):
            self.register(site, key)
        person.type("")
        for _ in range(2):
            person.wait_for(CODE)
            url = re.findall(r"https?://\S*oauth_token=\S+", person.text)[-1]
            person.type(support.allow(url, front.context()))
        self.assertEqual(person.end(), 0, person.text)
        profiles = [self.json("profile", "show", name) for name in ("jira", "confluence")]
        self.assertEqual({p["consumer_key"] for p in profiles}, {key})
        self.assertEqual(len({p["private_key"] for p in profiles}), 1)
        for name in ("jira", "confluence"):
            self.assert_signed(name)


if __name__ == "__main__":
    support.main()
