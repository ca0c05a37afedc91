#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`link create`, `link list` and `link remove` with an administrator's credentials: a link is whole, or there is none."""

import base64
import json
import os
import re
import signal

import support
from support import PROGRAM, ROOT, ScriptedServer, Story, http_request

BUNDLED = sorted(path.parent.name for path in (ROOT / "products").glob("*/product.json"))
URL = "https://atlink.invalid/robot"


class Gate(ScriptedServer):
    """In front of a site: passes everything on, and kills the program at the request of that number."""

    def __init__(self, site):
        self.site = re.match(r"https?://[^/]+", site).group(0)
        self.victim = None
        self.at = None
        self.after = False
        super().__init__(self.forward)

    def forward(self, method, target, headers, body):
        last = self.victim is not None and len(self.requests) == self.at
        if last and not self.after:
            os.kill(self.victim.pid, signal.SIGKILL)
            return 503, {}, b""
        headers = {k: v for k, v in headers.items() if k.lower() not in ("connection", "content-length", "accept-encoding")}
        status, answer, text = http_request(self.site + target, method, body or None, headers)
        if last:
            os.kill(self.victim.pid, signal.SIGKILL)
        drop = ("content-length", "connection", "transfer-encoding", "date", "server")
        return status, {k: v for k, v in answer.items() if k.lower() not in drop}, text


class Decider:
    """A site whose consent page a script answers."""

    def __init__(self, site):
        self.site = site

    def decide(self, token, decision):
        status, _, text = http_request(self.site.base + "/-/sandbox/decide", "POST", f"oauth_token={token}&decision={decision}".encode())
        assert status == 200, text
        return json.loads(text)


class LinkAdmin(Story):
    def setUp(self):
        super().setUp()
        self.pair = self.keys()
        self.home.environment["ATLINK_ADMIN_USER"] = "admin"
        self.home.environment["ATLINK_ADMIN_SECRET"] = "admin"

    def site(self, product="jira", *options, context_path="/tools"):
        command = [PROGRAM, "sandbox", "--product", product, "--context-path", context_path, *options]
        return self.start(support.Server(command, env=self.home.environment))

    def profile(self, base, product="jira", name="work"):
        self.ok("profile", "set", name, "--product", product, "--url", base, "--context-path", "/tools",
                "--consumer-key", "robot", "--private-key", self.pair / "private.pem")  # fmt: skip

    def control(self, site, **change):
        body = json.dumps(change).encode() if change else None
        status, _, text = http_request(site.base + "/-/sandbox/administration", "PUT" if change else "GET", body, {"Content-Type": "application/json"})
        self.assertEqual(status, 200, text)
        return json.loads(text)

    def fault(self, site, *faults):
        status, _, text = http_request(site.base + "/-/sandbox/faults", "PUT", json.dumps({"faults": list(faults)}).encode(), {"Content-Type": "application/json"})
        self.assertEqual(status, 200, text)

    def consumers(self, site):
        return [each["key"] for each in json.loads(http_request(site.base + "/-/sandbox/consumers")[2])["consumers"]]

    def assert_whole(self, site):
        links = self.control(site)["links"]
        self.assertEqual([(link["url"], link["consumer_key"]) for link in links], [(URL, "robot")])
        self.ok("link", "check")
        self.assertEqual(self.journals(), [])

    def assert_none(self, site):
        self.assertEqual(self.control(site)["links"], [])
        self.assertNotIn("robot", self.consumers(site))
        self.assertEqual(self.journals(), [])

    def journals(self):
        return [path.name for path in (self.home.state / "links").glob("*.json")]

    # What is meant to happen.

    def test_every_product_that_offers_it(self):
        for product in BUNDLED:
            with self.subTest(product):
                site = self.site(product)
                self.profile(site.base, product)
                made = self.json("link", "create")
                self.assertEqual((made["outcome"], made["consumer_key"], made["application_url"]), ("created", "robot", URL))
                self.assert_whole(site)
                listed = self.json("link", "list")["links"]
                self.assertEqual([(link["id"], link["url"], link["of_profile"]) for link in listed], [(made["link_id"], URL, True)])
                self.assertIn("(this profile's)", self.ok("link", "list").stdout)
                again = self.json("link", "create")
                self.assertEqual((again["outcome"], again["link_id"]), ("already", made["link_id"]))
                removed = self.json("link", "remove", "--yes")
                self.assertEqual((removed["link_id"], removed["url"]), (made["link_id"], URL))
                self.assert_none(site)
                self.assertEqual(self.cause("link", "check")[1]["code"], "oauth1.consumer_key_unknown")
                self.fails(6, "link.missing", "link", "remove", "--yes")
                site.stop()

    def test_a_profile_without_a_consumer_key_can_list(self):
        site = self.site()
        self.ok("profile", "set", "bare", "--product", "self-hosted", "--url", site.base)
        self.assertEqual(self.json("link", "list", "--profile", "bare")["links"], [])

    def test_where_the_description_says_nothing_the_guide_is_shown(self):
        self.ok("profile", "set", "cloud", "--product", "jira", "--deployment", "cloud", "--url", "https://acme.invalid",
                "--consumer-key", "robot", "--private-key", self.pair / "private.pem")  # fmt: skip
        self.fails(3, "product.unsupported", "link", "create", "--profile", "cloud")
        shown = self.home.run("link", "create", "--profile", "cloud")
        self.assertEqual(shown.returncode, 3)
        self.assertIn("Consumer Key", shown.stdout)
        self.assertIn("atlink link show --profile cloud", shown.stderr)

    def test_a_dry_run_shows_what_would_be_sent(self):
        site = self.site()
        gate = self.start(Gate(site.base))
        self.profile(gate.base)
        plan = self.json("link", "create", "--dry-run")
        self.assertEqual([each["method"] for each in plan["requests"]], ["PUT", "PUT"])
        self.assertEqual(plan["requests"][0]["body"]["rpcUrl"], URL)
        self.assertEqual(plan["requests"][1]["body"]["key"], "robot")
        self.assertIn("/LINK-ID/", plan["requests"][1]["url"])
        self.assertIn("rest/applinks-oauth/1.0", self.ok("link", "create", "--dry-run").stdout)
        self.assertEqual(gate.requests, [])

    def test_credentials_come_from_options_files_and_variables_and_stay_nowhere(self):
        site = self.site()
        gate = self.start(Gate(site.base))
        self.profile(gate.base)
        for name in ("ATLINK_ADMIN_USER", "ATLINK_ADMIN_SECRET"):
            del self.home.environment[name]
        error = self.fails(2, "no_terminal", "link", "create", "--no-input")
        self.assertIn("--admin-user", error["next"])
        secret = self.home.folder / "secret"
        secret.write_text("admin\n", encoding="utf-8")
        secret.chmod(0o600)
        self.json("link", "create", "--admin-user", "admin", "--admin-secret-file", secret)
        self.json("link", "list", "--admin-user", "admin", "--admin-secret-file", "-", input="admin\n")
        self.json("link", "list", env={"ATLINK_ADMIN_SECRET_WORK": "admin-token"})
        self.json("link", "list", env={"ATLINK_ADMIN_SECRET": "admin-token"})
        secret.unlink()
        basic = base64.b64encode(b"admin:admin").decode()
        kinds = [headers.get("Authorization") for _, _, headers, _ in gate.requests]
        self.assertEqual(set(kinds), {f"Basic {basic}", "Bearer admin-token"})
        for path in self.home.folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                self.assertNotIn(b"admin-token", content)
                self.assertNotIn(basic.encode(), content)

    def test_a_person_is_asked_and_the_password_is_not_shown(self):
        site = self.site()
        self.profile(site.base)
        for name in ("ATLINK_ADMIN_USER", "ATLINK_ADMIN_SECRET"):
            del self.home.environment[name]
        person = self.start(support.Person(self.home, "link", "create"))
        person.wait_for("administrator's user name at")
        person.type("admin")
        person.wait_for("password of admin at")
        person.type("admin")
        self.assertEqual(person.end(), 0, person.text)
        self.assertIn("the link is made", person.text)
        self.assertEqual(person.text.split("password of admin at", 1)[1].count("admin"), 0, person.text)
        self.assert_whole(site)
        person = self.start(support.Person(self.home, "link", "remove", "--admin-user", "admin"))
        person.wait_for("password of admin")
        person.type("admin")
        person.wait_for("Every sign-in through it ends. [y/N]")
        person.type("n")
        self.assertEqual(person.end(), 130, person.text)
        self.assert_whole(site)
        self.fails(2, "no_terminal", "link", "remove", env={"ATLINK_ADMIN_USER": "admin", "ATLINK_ADMIN_SECRET": "admin"})
        person = self.start(support.Person(self.home, "link", "remove", "--admin-user", "admin"))
        person.wait_for("password of admin")
        person.type("admin")
        person.wait_for("[y/N]")
        person.type("y")
        self.assertEqual(person.end(), 0, person.text)
        self.assert_none(site)

    def test_a_person_who_leaves_at_a_question_has_changed_nothing(self):
        site = self.site()
        self.profile(site.base)
        del self.home.environment["ATLINK_ADMIN_SECRET"]
        for number, code in ((signal.SIGINT, 130), (signal.SIGHUP, 129), (signal.SIGTERM, 143), (signal.SIGKILL, -9)):
            person = self.start(support.Person(self.home, "link", "create"))
            person.wait_for("password of admin at")
            self.assertEqual(person.kill(number), code, person.text)
            self.assertEqual(self.control(site)["links"], [])
            self.assertEqual(self.journals(), [])

    def test_setup_makes_the_link_on_the_way(self):
        site = self.site()
        person = self.start(support.Person(self.home, "setup", site.base, "--paste"))
        person.wait_for("the code that it shows")
        person.type(support.allow(re.findall(r"https?://\S*oauth_token=\S+", person.text)[-1]))
        self.assertEqual(person.end(), 0, person.text)
        self.assertEqual(len(self.control(site)["links"]), 1)
        other = self.site("bamboo")
        for name in ("ATLINK_ADMIN_USER", "ATLINK_ADMIN_SECRET"):
            del self.home.environment[name]
        person = self.start(support.Person(self.home, "setup", other.base, "--paste"))
        person.wait_for("press Enter once the link is saved (c makes it here")
        person.type("c")
        person.wait_for("user name")
        person.type("alice")
        person.wait_for("password of alice")
        person.type("alice")
        person.wait_for("not made: the server does not let this account administer links")
        person.wait_for("press Enter once the link is saved (c makes it here")
        person.type("c")
        person.wait_for("user name")
        person.type("admin")
        person.wait_for("password of admin")
        person.type("admin")
        person.wait_for("the code that it shows")
        person.type(support.allow(re.findall(r"https?://\S*oauth_token=\S+", person.text)[-1]))
        self.assertEqual(person.end(), 0, person.text)
        self.assertEqual(self.json("status", "--profile", "bamboo")["user"], "alice")

    # What a server refuses.

    def test_a_secure_session_is_begun_and_given_back(self):
        site = self.site("jira", "--secure-session")
        self.profile(site.base)
        self.assertEqual(self.json("link", "create")["outcome"], "created")
        self.assert_whole(site)
        self.assertEqual(self.control(site)["sessions"], 0)
        self.json("link", "remove", "--yes")
        self.assert_none(site)
        token = {"ATLINK_ADMIN_USER": "", "ATLINK_ADMIN_SECRET": "admin-token"}
        error = self.fails(5, "link.session", "link", "create", env=token)
        self.assertIn("password", error["next"])
        self.assert_none(site)

    def test_a_secure_session_that_cannot_be_begun_is_named(self):
        site = self.site("confluence", "--secure-session")
        self.profile(site.base, "confluence")
        error = self.fails(5, "link.session", "link", "create")
        self.assertIn("WebSudo", error["message"])
        self.assertNotIn("password", error["next"])  # it was given
        self.assert_none(site)
        shown = self.home.run("link", "create")
        self.assertEqual(shown.returncode, 5)
        self.assertIn("Consumer Key", shown.stdout)
        self.control(site, secure_session=False)
        self.json("link", "create")
        self.assert_whole(site)

    def test_missing_rights_and_a_wrong_password(self):
        site = self.site()
        self.profile(site.base)
        error = self.fails(5, "answer.forbidden", "link", "create", env={"ATLINK_ADMIN_USER": "alice", "ATLINK_ADMIN_SECRET": "alice"})
        self.assertIn("you may not administer links", error["message"])
        self.assertIn("--for-admin", error["next"])
        for arguments in (["create"], ["list"], ["remove", "--yes"]):
            error = self.fails(4, "answer.unauthorized", "link", *arguments, env={"ATLINK_ADMIN_SECRET": "wrong"})
            self.assertIn("--admin-user", error["next"])
            self.assertNotIn("sign in again", error["next"])
        self.assert_none(site)
        shown = self.home.run("link", "create", env={"ATLINK_ADMIN_USER": "alice", "ATLINK_ADMIN_SECRET": "alice"})
        self.assertIn("Consumer Key", shown.stdout)

    def test_a_link_of_somebody_else_with_that_url_stays(self):
        site = self.site()
        self.profile(site.base)
        self.json("link", "create")
        self.ok("profile", "set", "work", "--consumer-key", "other")
        self.json("link", "create")
        # By hand: the URL of this profile, another consumer.
        self.ok("profile", "set", "work", "--consumer-key", "robot")
        self.json("link", "remove", "--yes")
        authorization = {"Authorization": "Basic " + base64.b64encode(b"admin:admin").decode(), "Content-Type": "application/json"}
        body = json.dumps({"name": "theirs", "rpcUrl": URL, "displayUrl": URL, "typeId": "generic"}).encode()
        self.assertEqual(http_request(site.base + "/rest/applinks/3.0/applicationlink", "PUT", body, authorization)[0], 201)
        theirs = next(link["id"] for link in self.control(site)["links"] if link["name"] == "theirs")
        self.assertEqual(self.control(site)["links"][0]["consumer_key"] or self.control(site)["links"][1]["consumer_key"], "other")
        public = "".join((self.pair / "public.pem").read_text(encoding="utf-8").splitlines()[1:-1])
        consumer = {"key": "third", "name": "theirs", "description": "made by atlink", "publicKey": public, "outgoing": False}
        target = f"{site.base}/rest/applinks-oauth/1.0/applicationlink/{theirs}/authentication/consumer"
        self.assertEqual(http_request(target, "PUT", json.dumps(consumer).encode(), authorization)[0], 201)
        error = self.fails(7, "link.exists", "link", "create")
        self.assertIn("theirs", error["message"])
        self.assertEqual(len(self.control(site)["links"]), 2)
        self.assertEqual(self.journals(), [])
        self.assertEqual(http_request(site.base + "/rest/applinks/3.0/applicationlink", "PUT", body, authorization)[0], 409)

    def test_a_link_that_only_calls_out_is_given_its_consumer(self):
        site = self.site()
        self.profile(site.base)
        self.by_hand(site)
        self.fault(site, {"name": "status", "value": "403", "path": "/rest/applinks-oauth/1.0/applicationlink", "count": 2})
        self.assertNotEqual(self.home.run("link", "create").returncode, 0)
        self.assertEqual(len(self.control(site)["links"]), 1)
        self.fault(site)
        self.assertEqual(self.json("link", "create")["outcome"], "finished")
        self.assert_whole(site)

    def test_a_key_that_is_refused_leaves_no_link(self):
        site = self.site()
        self.profile(site.base)
        public = (self.pair / "public.pem").read_text(encoding="utf-8")
        http_request(site.base + "/-/sandbox/consumers/robot", "PUT", json.dumps({"public_key": public}).encode(), {"Content-Type": "application/json"})
        error = self.fails(7, "link.key_refused", "link", "create")
        self.assertIn("taken already", error["message"])
        self.assertEqual(self.control(site)["links"], [])
        self.assertEqual(self.journals(), [])

    def test_a_refusal_that_repeats_the_credential_is_told_without_it(self):
        secret = f"{support.CANARY}-admin"
        encoded = base64.b64encode(f"admin:{secret}".encode()).decode()
        self.home.environment["ATLINK_ADMIN_SECRET"] = secret

        def refuse(method, path, headers, body):
            said = {"message": f"you sent {headers.get('Authorization', '')} and {secret}"}
            return state["status"], {"Content-Type": "application/json"}, json.dumps(said).encode()

        server = self.start(ScriptedServer(refuse))
        self.profile(server.base)
        for status in (400, 401, 403, 404, 409, 500):
            with self.subTest(status):
                state = {"status": status}
                result = self.home.run("link", "list")
                self.assertNotEqual(result.returncode, 0)
                self.assertIn("you sent Basic (hidden)", result.stderr)
                self.assertNotIn(secret, result.stdout + result.stderr)
                self.assertNotIn(encoded, result.stdout + result.stderr)

    def test_a_redirect_is_not_followed_with_the_password(self):
        elsewhere = self.start(ScriptedServer(lambda *_: (200, {}, b"{}")))
        front = self.start(ScriptedServer(lambda *_: (302, {"Location": elsewhere.base + "/x"}, b"")))
        self.profile(front.base)
        self.assertNotEqual(self.home.run("link", "create").returncode, 0)
        self.assertEqual(elsewhere.requests, [])
        self.ok("profile", "set", "plain", "--product", "jira", "--url", "http://acme.invalid", "--consumer-key", "robot", "--private-key", self.pair / "private.pem")
        self.fails(3, "credential.insecure", "link", "create", "--profile", "plain")

    # What only an administrator can tell.

    def cause(self, *command):
        result = self.home.run(*(command or ("doctor",)), "--output", "json")
        self.assert_clean(result.stderr)
        self.assertNotIn("admin-token", result.stdout + result.stderr)
        return result.returncode, json.loads(result.stderr)

    def mend(self, error):
        """Runs the command that the error ends in."""
        self.ok(*error["next"].split("; ")[0].removeprefix("atlink ").split())

    def by_hand(self, site):
        authorization = {"Authorization": "Basic " + base64.b64encode(b"admin:admin").decode(), "Content-Type": "application/json"}
        body = json.dumps({"name": "by hand", "rpcUrl": URL, "displayUrl": URL, "typeId": "generic"}).encode()
        self.assertEqual(http_request(site.base + "/rest/applinks/3.0/applicationlink", "PUT", body, authorization)[0], 201)

    def test_doctor_tells_why_the_consumer_is_unknown(self):
        site = self.site()
        self.profile(site.base)
        states = (
            ("link.outgoing_only", lambda: self.by_hand(site)),
            ("link.external", lambda: self.control(site, others=[{"id": "4711", "name": "atlink (work)"}])),
            ("oauth1.consumer_key_unknown", lambda: self.control(site, others=[{"id": "4711", "name": "something else"}])),
        )
        for command in (("doctor",), ("link", "check")):
            for code, prepare in states:
                with self.subTest(code=code, command=command):
                    self.control(site, others=[])
                    prepare()
                    exit_code, error = self.cause(*command)
                    self.assertEqual((exit_code, error["code"]), (3, code))
                    self.assertIn("atlink link create --profile work", error["next"])
                    self.mend(error)
                    self.assert_whole(site)
                    self.json("link", "remove", "--yes")
        # Both at once: the link that is there comes first, since giving it a consumer is enough.
        self.control(site, others=[{"id": "robot", "name": "x"}])
        self.by_hand(site)
        self.assertEqual(self.cause()[1]["code"], "link.outgoing_only")
        # Without rights, and without credentials, all three are named.
        for env in ({"ATLINK_ADMIN_USER": "alice", "ATLINK_ADMIN_SECRET": "alice"}, {"ATLINK_ADMIN_USER": "", "ATLINK_ADMIN_SECRET": ""}):
            result = self.home.run("doctor", "--output", "json", env=env)
            error = json.loads(result.stderr)
            self.assertEqual(error["code"], "oauth1.consumer_key_unknown")
            self.assertIn("external application", error["message"])
            self.assertIn("outgoing", error["message"])
        self.assertIn("could not be found out", json.loads(self.home.run("doctor", "--output", "json", env={"ATLINK_ADMIN_SECRET": "wrong"}).stderr)["message"])
        # An endpoint that does not answer as one comes before either.
        self.fault(site, {"name": "login-page", "path": "/plugins/servlet/oauth"})
        self.assertEqual(self.cause()[1]["code"], "answer.login_page")

    def test_a_link_that_was_edited_or_deleted_is_named(self):
        site = self.site()
        self.profile(site.base)
        self.json("link", "create")
        self.sign_in(Decider(site), "work")
        self.ok("request", "GET", "/-/sandbox/echo")
        # Deleted: its tokens went with it.
        self.json("link", "remove", "--yes")
        for command in (("request", "GET", "/-/sandbox/echo"), ("status",)):
            exit_code, error = self.cause(*command)
            self.assertEqual((exit_code, error["code"]), (4, "oauth1.token_rejected"))
            self.assertIn("registration is edited or made anew", error["next"])
        exit_code, error = self.cause()
        self.assertEqual((exit_code, error["code"]), (3, "oauth1.consumer_key_unknown"))
        self.mend(error)
        # Made anew: the old token is not of it.
        exit_code, error = self.cause()
        self.assertEqual((exit_code, error["code"]), (4, "oauth1.token_rejected"))
        self.assertIn("atlink login", error["next"])
        self.sign_in(Decider(site), "work")
        self.assertEqual(self.cause_of_health(), None)
        # Edited: another public key, while the token is kept.
        other = self.keys("other")
        body = json.dumps({"public_key": (other / "public.pem").read_text(encoding="utf-8")}).encode()
        http_request(site.base + "/-/sandbox/consumers/robot", "PUT", body, {"Content-Type": "application/json"})
        for command in (("request", "GET", "/-/sandbox/echo"), ("status",)):
            exit_code, error = self.cause(*command)
            self.assertEqual((exit_code, error["code"]), (3, "oauth1.signature_invalid"))
        exit_code, error = self.cause()
        self.assertEqual((exit_code, error["code"]), (3, "key.mismatch"))

    def cause_of_health(self):
        return self.json("doctor")["cause"]

    # What goes wrong on the way.

    def test_a_fault_at_every_step_leaves_a_whole_link_or_none(self):
        site = self.site()
        self.profile(site.base)
        link, consumer = "/rest/applinks/3.0/applicationlink", "/rest/applinks-oauth"
        listing, removal = "/rest/applinks/latest", "/rest/applinks/3.0/applinks"
        kinds = [("status", "500"), ("status", "403"), ("status", "404"), ("cut", "0"), ("wrong-length", "5"), ("login-page", ""), ("captcha", ""), ("xsrf", "")]
        outcomes = set()
        for path in (link, consumer, listing, removal):
            for name, value in kinds:
                for count in (1, 2, None):
                    fault = {"name": name, "path": path}
                    fault.update({"value": value} if value else {})
                    fault.update({"count": count} if count else {})
                    # A removal is only needed where the consumer is refused.
                    faults = [fault] + ([{"name": "status", "value": "403", "path": consumer, "count": 1}] if path == removal else [])
                    with self.subTest(path=path, name=name, count=count):
                        self.fault(site, *faults)
                        result = self.home.run("link", "create", "--output", "json")
                        self.assert_clean(result.stderr)
                        links = self.control(site)["links"]
                        state = "whole" if links and links[0]["consumer_key"] else "half" if links else "none"
                        self.assertEqual(result.returncode == 0, state == "whole", (result.stderr, links))
                        if state == "half":
                            self.assertEqual(json.loads(result.stderr)["code"], "link.unfinished")
                            self.assertEqual(len(self.journals()), 1)
                        elif json.loads(result.stderr or "{}").get("code") != "link.unfinished":
                            self.assertEqual(self.journals(), [])
                        outcomes.add(state)
                        self.fault(site)
                        made = self.json("link", "create")
                        self.assertEqual(made["outcome"], {"whole": "already", "half": "finished", "none": "created"}[state])
                        self.assert_whole(site)
                        self.json("link", "remove", "--yes")
                        self.assert_none(site)
        self.assertEqual(outcomes, {"whole", "half", "none"})

    def test_killed_at_every_request_the_next_run_makes_it_whole(self):
        site = self.site()
        gate = self.start(Gate(site.base))
        self.profile(gate.base + "/tools")
        states = []
        for after in (False, True):
            for number in range(1, 4):
                with self.subTest(number=number, after=after):
                    gate.requests.clear()
                    gate.after, gate.at = after, number
                    # Held back until the process is known: the first request may come at once.
                    gate.victim = process = self.home.popen("link", "create", "--output", "json")
                    process.communicate(timeout=support.PATIENCE)
                    gate.victim = None
                    self.assertEqual(process.returncode, -9)
                    links = self.control(site)["links"]
                    states.append("whole" if links and links[0]["consumer_key"] else "half" if links else "none")
                    made = self.json("link", "create")
                    self.assertIn(made["outcome"], ("created", "finished"))
                    self.assert_whole(site)
                    self.json("link", "remove", "--yes")
                    self.assert_none(site)
        self.assertEqual(set(states), {"whole", "half", "none"})

    def test_stopped_by_a_signal_while_the_server_thinks(self):
        site = self.site()
        self.profile(site.base)
        for path in ("/rest/applinks/3.0/applicationlink", "/rest/applinks-oauth"):
            with self.subTest(path):
                self.fault(site, {"name": "delay", "value": "30000", "path": path})
                process = self.home.popen("link", "create")
                for _ in range(500):
                    if self.journals() and (path.endswith("applicationlink") or self.control(site)["links"]):
                        break
                    support.time.sleep(0.02)
                process.send_signal(signal.SIGINT)
                process.communicate(timeout=support.PATIENCE)
                self.assertEqual(process.returncode, 130)
                self.fault(site)
                self.json("link", "create")
                self.assert_whole(site)
                self.json("link", "remove", "--yes")
                self.assert_none(site)


if __name__ == "__main__":
    support.main()
