#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""One JSON file, dropped into the user's folder of an installed atlink, is a product like any other."""

import json
import shutil
import subprocess
import urllib.parse

import support
from support import BUILD, Story, http_request

# A product like none that is bundled: its own context path and paths, shared secrets, parameters in the query, pages
# by token, and errors of its own shape.
ACME = {
    "schema": 1,
    "id": "acme",
    "version": "1.0",
    "name": "Acme Tracker",
    "context_path": {"default": "/tracker", "known": ["/tracker", "/issues"]},
    "detect": {
        "probes": {
            "about": {
                "endpoint": {"path": "/api/v2/about"},
                "json": {"/product": ["Acme Tracker"]},
                "tells": {"version": "/release"},
            }
        }
    },
    "sign_in": {
        "oauth1": {
            "request_token": {"path": "/auth/1/temporary"},
            "authorize": {"path": "/consent", "relative_to": "site"},
            "access_token": {"path": "/auth/1/token"},
            "signature_methods": ["HMAC-SHA256"],
            "transmissions": ["query"],
            "denied_verifier": "refused",
            "lifetimes": {"request_token": 300, "access_token": 86400},
        }
    },
    "identity": {"endpoint": {"path": "/api/v2/me"}, "json": ["/user/login"], "anonymous": ["guest"]},
    "errors": {"messages": ["/problems/*/text"]},
    "pagers": {
        "things": {
            "style": "token",
            "items": ["/things"],
            "position": "after",
            "size": "count",
            "usual_size": 20,
            "tells": {"next": "/more/after"},
        }
    },
    "operations": {"thing-list": {"summary": "list the things", "path": "/api/v2/things", "pager": "things"}},
    "pages": {"links": {"path": "/admin/consumers"}, "revoke": {"path": "/account/tokens", "relative_to": "site"}},
    "link": {
        "guides": {"consumers": {"title": "The menu has \"Consumers\"", "screens": ["consumer"]}},
        "screens": {
            "consumer": {
                "title": "Consumer",
                "fields": [
                    {"label": "Key", "action": "paste", "value": "{consumer_key}"},
                    {"label": "Temporary credentials", "action": "paste", "value": "{request_token_url}"},
                ],
            }
        },
    },
}


class DroppedPlugin(Story):
    def setUp(self):
        super().setUp()
        program = support.PROGRAM
        self.addCleanup(setattr, support, "PROGRAM", program)
        prefix = self.home.folder / "prefix"
        subprocess.run(["cmake", "--install", str(BUILD), "--prefix", str(prefix)], check=True, capture_output=True)
        support.PROGRAM = str(prefix / "bin/atlink")
        # No compiler, and nothing else either.
        self.home.environment["PATH"] = str(prefix / "bin")
        folder = self.home.data / "plugins/acme"
        folder.mkdir(parents=True)
        for path in (self.home.data, self.home.data / "plugins", folder):
            path.chmod(0o755)
        (folder / "product.json").write_text(json.dumps(ACME, indent=2), encoding="utf-8")
        (folder / "product.json").chmod(0o644)

    def test_it_is_listed_shown_and_checked(self):
        listed = {entry["id"]: entry for entry in self.json("plugin", "list")["plugins"]}
        self.assertEqual((listed["acme"]["from"], listed["acme"]["problem"]), ("user", None))
        shown = self.json("plugin", "show", "acme")
        self.assertEqual(shown["description"]["sign_in"]["oauth1"]["request_token"]["path"], "/auth/1/temporary")
        report = self.json("plugin", "check", "acme")
        self.assertEqual([c for c in report["checks"] if c["outcome"] == "fail"], [])
        played = {c["name"]: c["outcome"] for c in report["checks"] if c["name"].startswith("play.")}
        self.assertEqual({name for name in played if name.startswith("play.dance.")},
                         {"play.dance.hmac-sha256.query", "play.dance.callback", "play.dance.denied",
                          "play.dance.wrong-verifier", "play.dance.expired"})  # fmt: skip
        for name in ("dance.hmac-sha256.query", "dance.denied", "identity", "anonymous", "error-message", "probe.about", "pager.things"):
            self.assertEqual(played[f"play.{name}"], "pass")

    def test_it_signs_in_and_is_served(self):
        secret = self.home.folder / "secret"
        secret.write_text("a shared secret\n", encoding="utf-8")
        secret.chmod(0o600)
        command = [support.PROGRAM, "sandbox", "--product", "acme", "--consumer-secret-file", f"robot={secret}"]
        site = self.start(support.Server(command, env=self.home.environment))
        self.assertTrue(site.base.endswith("/tracker"), site.base)
        found = self.json("detect", site.base.removesuffix("/tracker"))["found"][0]
        self.assertEqual((found["product"], found["base_url"], found["certain"]), ("acme", site.base, True))
        self.assertEqual([way["method"] for way in found["sign_in"]], ["oauth1"])
        self.ok("profile", "set", "work", "--product", "acme", "--url", site.base, "--consumer-key", "robot", "--secret-file", secret)
        self.assertEqual(self.json("profile", "show", "work")["context_path"], "/tracker")
        link = self.json("link", "show")
        self.assertEqual(link["request_token_url"], site.base + "/auth/1/temporary")
        self.assertEqual(link["authorize_url"], site.base.removesuffix("/tracker") + "/consent")
        self.assertEqual([f["value"] for f in link["guides"][0]["screens"][0]["fields"]], ["robot", site.base + "/auth/1/temporary"])
        page = self.ok("login", "--begin").stdout.strip()
        self.assertTrue(page.startswith(link["authorize_url"] + "?"), page)
        body = urllib.parse.urlencode({"oauth_token": self.token_of(page), "decision": "allow"}).encode()
        verifier = json.loads(http_request(site.base + "/-/sandbox/decide", "POST", body)[2])["verifier"]
        self.assertEqual(self.json("login", "--verifier", verifier)["user"], "alice")
        status = self.json("status")
        self.assertEqual((status["profile"], status["user"], status["valid"], status["signature_method"]), ("work", "alice", True, "HMAC-SHA256"))
        self.assertEqual(json.loads(self.ok("request", "GET", "/api/v2/me").stdout), {"user": {"login": "alice"}})
        # The signature travels in the query, and in no header.
        echo = json.loads(self.ok("request", "GET", "/-/sandbox/echo?a=1").stdout)
        names = [name for name, _ in echo["query"]]
        self.assertIn("oauth_signature", names)
        self.assertIn(["oauth_signature_method", "HMAC-SHA256"], echo["query"])
        self.assertNotIn("authorization", [name.lower() for name, _ in echo["headers"]])
        # An error has the product's own shape, and its message is found.
        error = self.home.run("request", "GET", "/api/v2/nothing", "--output", "json")
        self.assertEqual(error.returncode, 6, error.stderr)
        self.assertEqual(list(json.loads(error.stdout)), ["problems"])
        self.assertIn("there is no such thing here", json.loads(error.stderr)["message"])

    def test_nothing_but_the_installation_is_used(self):
        moved = self.home.folder / "elsewhere"
        (self.home.folder / "prefix").rename(moved)
        support.PROGRAM = str(moved / "bin/atlink")
        self.home.environment["PATH"] = str(moved / "bin")
        log = self.home.folder / "strace.log"
        strace = shutil.which("strace")
        process = self.home.popen("plugin", "check", "acme", prefix=[strace, "-f", "-qq", "-e", "trace=open,openat,execve", "-o", str(log)])
        out, errors = process.communicate(timeout=support.PATIENCE * 4)
        self.assertEqual(process.returncode, 0, (out, errors))
        text = log.read_text(encoding="utf-8")
        self.assertNotIn(str(BUILD), text)
        self.assertNotIn(str(support.ROOT) + "/", text)
        self.assertEqual(text.count("execve("), 1)


if __name__ == "__main__":
    support.need("cmake", "strace")
    support.main()
