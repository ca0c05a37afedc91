#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""From nothing to a signed request by `setup`, as a person at a terminal and as a script."""

import base64
import json
import re
import shlex
import signal
import subprocess
import urllib.parse

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
        talk = self.ok("setup", site.base, "--profile", "work", "--skip", "link", "--skip", "login", "--skip", "check").stderr
        self.assertIn("step 3 of 5, link: left out", talk)
        self.fails(2, "usage", "setup", site.base, "--skip", "links")
        self.fails(2, "usage", "setup", site.base, "--context-path", "/tools")
        # A name that leads elsewhere is not taken over, and nothing is sent there.
        before = self.ok("profile", "show", "work").stdout
        other = self.site("bamboo", "/other")
        error = self.fails(2, "usage", "setup", other.base, "--profile", "work")
        self.assertIn("--profile", error["next"])
        self.assertEqual(self.ok("profile", "show", "work").stdout, before)

    def test_a_pair_that_was_lost_is_made_again(self):
        site = self.site("jira")
        only_keys = [word for step in ("link", "login", "check") for word in ("--skip", step)]
        self.json("setup", site.base, *only_keys)
        key = self.json("profile", "show", "jira")["consumer_key"]
        for path in (self.home.config / "keys").iterdir():
            path.unlink()
        steps = self.json("setup", site.base, *only_keys)["sites"][0]["steps"]
        self.assertEqual([s["outcome"] for s in steps[:2]], ["done", "already"])
        self.assertTrue((self.home.config / "keys/private.pem").exists())
        self.assertEqual(self.json("profile", "show", "jira")["consumer_key"], key)
        # A profile that cannot be read is not mistaken for none.
        (self.home.config / "profiles/jira.json").write_text("{oops", encoding="utf-8")
        self.assertIn("profile jira cannot be read", self.ok("setup", site.base, *only_keys).stderr)

    def test_nothing_is_made_for_a_name_that_cannot_be(self):
        site = self.site("jira")
        self.fails(2, "usage", "setup", site.base, "--profile", "no name!")
        self.assertFalse(self.home.config.exists())

    def test_what_it_cannot_find_out_it_says(self):
        front = self.start(support.TlsFront(self.home.folder, self.site("jira", "").base))
        error = self.fails(9, "network.certificate", "setup", front.site)
        self.assertIn(f"atlink trust {front.site}", error["next"])
        self.assertEqual(self.fails(2, "url.invalid", "setup", "https://")["next"], "atlink help setup")
        self.assertIn(f"atlink setup {front.site} --ca-file FILE", error["next"])
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
            query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(target).query))
            if target.startswith("/about"):
                return 200, {"Content-Type": "application/json"}, b'{"product":"acme","version":"4.1"}'
            if target.startswith("/auth"):
                return 302, {"Location": f"{query['redirect_uri']}?code=c&state={query['state']}"}, b""
            if target.startswith("/info"):
                return 200, {"Content-Type": "application/json"}, b'{"id":"site-1"}'
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

    def asked_to_go(self, person):
        """Where the person's browser ends who opens the address that is printed."""
        person.wait_for("/auth?")
        person.wait_for("\n")
        return http_request(re.findall(r"https?://\S*/auth\?\S+", person.text)[-1])[1]["Location"]

    def assert_by_no_key(self, person, method):
        """It ended well, and spoke of nothing that this way to sign in has no use for."""
        self.assertEqual(person.end(), 0, person.text)
        self.assertNotIn("an administrator tells", person.text)
        self.assertFalse((self.home.config / "keys").exists())
        status = self.json("status", "--profile", method)
        self.assertEqual((status["method"], status["user"]), (method, "alice"))

    def test_by_oauth2_in_the_browser_and_by_pasting(self):
        server = self.acme()
        client = [("client id, as the program is registered at", "app"), ("secret of client app", "s")]
        person = self.person("setup", server.base, "--method", "oauth2", "--no-browser", "--profile", "oauth2")
        self.answer_questions(person, *client)
        self.assertEqual(http_request(self.asked_to_go(person))[0], 200)
        self.assert_by_no_key(person, "oauth2")
        for line in re.search(r"try next:\s+(.*)\Z", person.text, re.S).group(1).split("\n"):
            if line.strip():
                self.ok(*shlex.split(line)[1:])
        again = self.json("setup", server.base, "--profile", "oauth2")
        self.assertEqual([step["outcome"] for step in again["sites"][0]["steps"]], ["already", "already", "already", "already", "done"])
        # By pasting: given up at each question, then with an address that belongs to another sign-in first.
        for words in ("client id", "secret of client", CODE):
            self.home.run("profile", "remove", "oauth2")
            person = self.person("setup", server.base, "--method", "oauth2", "--paste", "--profile", "oauth2")
            for question, answer in client:
                person.wait_for(question)
                if question.startswith(words):
                    break
                person.type(answer)
            if words == CODE:
                person.wait_for(CODE)
            person.kill(signal.SIGKILL)
        person = self.person("setup", server.base, "--paste", "--profile", "oauth2")
        end = self.asked_to_go(person)
        self.answer_questions(person, (CODE, end + "x"), ("belongs to another sign-in", end))
        self.assert_by_no_key(person, "oauth2")

    def test_by_oauth2_for_a_script(self):
        server = self.acme()
        secret = self.home.folder / "secret"
        secret.write_text("s\n", encoding="utf-8")
        error = json.loads(self.home.run("setup", server.base, "--method", "oauth2", "--no-input", "--profile", "bare", "--output", "json").stderr)
        self.assertIn("atlink profile set bare --client-id ID", error["next"])
        person = self.person("setup", server.base, "--method", "oauth2", "--client-id", "app", "--secret-file", secret, "--paste", "--profile", "oauth2")
        self.answer_questions(person, (CODE, self.asked_to_go(person)))
        self.assertNotIn("secret of client", person.text)
        self.assert_by_no_key(person, "oauth2")

    def test_by_api_token(self):
        server = self.acme()
        arguments = ["setup", server.base, "--product", "acme", "--deployment", "cloud", "--method", "api-token", "--profile", "api-token",
                     "--set", f"gateway={server.base}", "--set", f"accounts={server.base}"]  # fmt: skip
        questions = [("user name that goes with the API token at", "alice"), ("API token of alice at", "word")]
        for last in questions:
            person = self.person(*arguments)
            for question in questions[: questions.index(last)]:
                self.answer_questions(person, question)
            person.wait_for(last[0])
            person.kill(signal.SIGKILL)
        person = self.person(*arguments)  # the name is known by now
        self.answer_questions(person, (questions[1][0], "nonsense"))
        self.assertEqual(person.end(), 4, person.text)
        person = self.person("setup", server.base, "--product", "acme", "--deployment", "cloud", "--profile", "api-token")
        self.answer_questions(person, questions[1])
        self.assertNotIn("word", person.text.replace("password", ""))
        self.assert_by_no_key(person, "api-token")

    def test_a_code_given_too_early_is_asked_for_again(self):
        site = self.site("jira")
        person = self.person("setup", site.base, "--paste")
        person.wait_for(SAVED)
        self.register(site, re.search(r"consumer key +(\S+)", person.text).group(1))
        person.type("")
        person.wait_for(CODE)
        url = re.findall(r"https?://\S*oauth_token=\S+", person.text)[-1]
        person.type("abc123")
        person.wait_for('waits for "Allow"')
        person.type(support.allow(url))
        self.assertEqual(person.end(), 0, person.text)

    def test_the_passphrase_of_a_key_is_asked_for_once(self):
        site = self.site("jira")
        keys = self.keys()
        locked = keys / "locked.pem"
        support.openssl("pkcs8", "-topk8", "-in", keys / "private.pem", "-out", locked, "-passout", "pass:open")
        (self.home.config / "keys").mkdir(parents=True)
        (self.home.config / "keys/public.pem").write_text((keys / "public.pem").read_text(encoding="utf-8"), encoding="utf-8")
        self.register(site, "robot")
        person = self.person("setup", site.base, "--paste", "--consumer-key", "robot", "--private-key", locked)
        self.answer_questions(person, ("passphrase of", "open"), (CODE, ""))
        person.wait_for(CODE)
        person.type(support.allow(re.findall(r"https?://\S*oauth_token=\S+", person.text)[-1]))
        self.assertEqual(person.end(), 0, person.text)
        self.assertEqual(person.text.count("passphrase of"), 1, person.text)

    def test_the_link_is_not_blamed_for_what_is_not_its_fault(self):
        """Neither the screens nor the wish to save a link come where the endpoint is not there."""
        login_page = b'<html><title>Log in</title><form><input type="password" name="p"></form></html>'
        for status, body in ((404, b"nothing"), (401, b"no"), (200, login_page)):
            server = self.start(support.ScriptedServer(lambda *_, s=status, b=body: (s, {"Content-Type": "text/html"}, b)))
            profile = f"site-{status}"
            person = self.person("setup", server.base, "--product", "jira", "--profile", profile)
            self.assertNotEqual(person.end(), 0)
            self.assertNotIn("paste:", person.text)
            self.assertNotIn("make the link", person.text)
            self.assertIn("check: endpoint", person.text)

    def test_a_link_with_another_key_is_said_to_be_wrong(self):
        site = self.site("jira")
        self.json("setup", site.base, "--skip", "link", "--skip", "login", "--skip", "check", "--consumer-key", "robot")
        made = self.home.config / "keys/public.pem"
        own, other = made.read_text(encoding="utf-8"), (self.keys("other") / "public.pem").read_text(encoding="utf-8")
        made.write_text(other, encoding="utf-8")
        self.register(site, "robot")
        made.write_text(own, encoding="utf-8")
        person = self.person("setup", site.base, "--paste")
        person.wait_for("the link is not right yet: ")
        person.wait_for(SAVED)
        self.register(site, "robot")
        person.type("")
        person.wait_for(CODE)
        person.kill(signal.SIGKILL)

    def test_a_key_that_is_named_counts_where_its_step_is_left_out(self):
        site = self.site("jira")
        key = self.keys() / "private.pem"
        done = self.json("setup", site.base, "--private-key", key, *(word for step in ("keys", "link", "login", "check") for word in ("--skip", step)))
        self.assertEqual(done["sites"][0]["private_key"], str(key))
        self.assertEqual(self.json("profile", "show", "jira")["private_key"], str(key))

    def test_a_site_that_sends_people_on_is_followed_by_hand(self):
        site = self.site("jira", "/dev/tools/tracker")
        front = self.start(support.ScriptedServer(lambda _m, path, _h, _b: (301, {"Location": site.base.replace("/dev/tools/tracker", "") + path}, b"")))
        error = self.fails(6, "site.unknown", "setup", front.base + "/dev/tools/tracker/browse/ABC-1")
        self.assertIn(f"atlink setup {site.base}/browse/ABC-1", error["next"])
        # Also below a path of three parts, which no description knows.
        plan = self.json(*shlex.split(error["next"][error["next"].index("atlink") :])[1:], "--dry-run")
        self.assertEqual(plan["sites"][0]["base_url"], site.base)
        broken = self.start(support.ScriptedServer(lambda *_: (503, {}, b"maintenance")))
        self.fails(10, "answer.server_error", "setup", broken.base)
        self.assertFalse(self.home.config.exists())

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

    def test_one_administrator_makes_the_links_of_two_products(self):
        root, wiki = self.site("jira", ""), self.site("confluence", "/wiki")
        front = self.start(TwoBehindOne(self.home.folder, root.base, wiki=wiki.base.removesuffix("/wiki")))
        made = self.json("setup", front.site, "--all", "--skip", "login", "--skip", "check", "--no-input", "--ca-file", front.ca,
                         "--admin-user", "admin", "--admin-secret-file", "-", input="admin\n")  # fmt: skip
        links = [step for site in made["sites"] for step in site["steps"] if step["step"] == "link"]
        self.assertEqual([step["outcome"] for step in links], ["done", "done"])

    def test_two_products_of_one_site_share_key_and_consumer(self):
        root, wiki = self.site("jira", ""), self.site("confluence", "/wiki")
        front = self.start(TwoBehindOne(self.home.folder, root.base, wiki=wiki.base.removesuffix("/wiki")))
        plan = self.json("setup", front.site, "--all", "--dry-run", "--ca-file", front.ca)
        self.assertEqual([site["steps"][0]["outcome"] for site in plan["sites"]], ["planned", "already"])
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
        # What the profile trusts need not be said again, and holds for what is to be tried next.
        again = self.json("setup", front.site)
        self.assertEqual(again["sites"][0]["user"], "alice")
        curl = subprocess.run(["bash", "-c", again["next"][1].replace("atlink", shlex.quote(PROGRAM), 1)], env=self.home.environment,
                              capture_output=True, text=True, check=True)  # fmt: skip
        self.assertIn("alice", curl.stdout)
        for name in ("jira", "confluence"):
            self.assert_signed(name)


if __name__ == "__main__":
    support.main()
