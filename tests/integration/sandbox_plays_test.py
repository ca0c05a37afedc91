#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A description that is dropped in, played by the sandbox: probes, lists, files, faults, and curl beside atlink."""

import json
import shutil
import subprocess
import urllib.parse

import support
from support import CANARY, PROGRAM, ROOT, Story, http_request

TESTDATA = {
    "version": "5.4",
    "resources": [{"path": "/api/v2/plain", "body": {"words": "plain words"}}],
    "collections": [
        {
            "path": "/api/v2/things", "id_member": "key", "id_prefix": "T-", "fill": 45, "pager": "things",
            "initial": [{"key": "T-1", "text": "the first thing of {user}"}],
        }
    ],
    "files": {"largest": 100000},
}  # fmt: skip
FORGERY_HEADER = "X-Acme-Write: yes"


class Plays(Story):
    def setUp(self):
        super().setUp()
        support.need("curl")
        folder = self.home.data / "plugins" / "acme"
        shutil.copytree(ROOT / "tests" / "plugins" / "data" / "acme", folder)
        (folder / "testdata").mkdir()
        (folder / "testdata" / "sandbox.json").write_text(json.dumps(TESTDATA), encoding="utf-8")
        for path in (self.home.data, folder.parent, folder, folder / "testdata"):
            path.chmod(0o755)
        self.pair = self.keys()
        self.site = self.play()

    def play(self, *options):
        command = [PROGRAM, "sandbox", "--product", "acme", "--consumer", f"robot={self.pair / 'public.pem'}", *options]
        return self.start(support.Server(command, env=self.home.environment))

    def sign_in(self, site=None, profile="acme"):
        site = site or self.site
        self.ok("profile", "set", profile, "--url", site.base, "--product", "acme", "--consumer-key", "robot",
                "--private-key", self.pair / "private.pem", "--signature-method", "RSA-SHA1")  # fmt: skip
        token = self.token_of(self.ok("login", "--begin", "--profile", profile).stdout)
        body = urllib.parse.urlencode({"oauth_token": token, "decision": "allow"}).encode()
        answer = http_request(site.base + "/-/sandbox/decide", "POST", body, {"Content-Type": "application/x-www-form-urlencoded"})
        self.ok("login", "--verifier", json.loads(answer[2])["verifier"], "--profile", profile)

    def get(self, path, *options):
        return json.loads(self.ok("request", "GET", path, *options).stdout)

    def fault(self, *faults, method="PUT"):
        status, _, text = http_request(self.site.base + "/-/sandbox/faults", method, json.dumps({"faults": list(faults)}).encode())
        self.assertEqual(status, 200, text)

    def curl(self, url, *options):
        """(status, body) of what curl gets."""
        done = subprocess.run(["curl", "-sS", "--noproxy", "*", "-w", "\n%{http_code}", *options, url],
                              capture_output=True, text=True, errors="replace", check=True, timeout=support.PATIENCE)  # fmt: skip
        body, _, status = done.stdout.rpartition("\n")
        return int(status), body

    def test_it_is_recognised_and_its_lists_have_pages(self):
        status, body = self.curl(self.site.base + "/api/v2/about")
        about = json.loads(body)
        self.assertEqual((status, about["product"], about["release"], about["url"]), (200, "Acme Tracker", "5.4", self.site.base))
        front = http_request(self.site.base.rsplit("/", 1)[0] + "/")
        self.assertEqual(front[0], 200)
        self.assertIn("X-Acme-Node", front[1])
        self.sign_in()
        keys, token = [], ""
        for size in (20, 20, 5):
            page = self.get("/api/v2/things", *(["--query", f"after={token}"] if token else []))
            self.assertEqual((len(page["things"]), page["count"]), (size, 45))
            keys += [thing["key"] for thing in page["things"]]
            token = page.get("more", {}).get("after", "")
        self.assertEqual((keys, token), ([f"T-{i}" for i in range(1, 46)], ""))
        self.assertEqual(len(self.get("/api/v2/things?count=1000")["things"]), 45)
        closed = self.play("--closed-probes", "--site-version", "3.1")
        self.assertEqual(self.curl(closed.base + "/api/v2/about")[0], 401)
        self.assertIn("The menu has &quot;Consumers&quot;", self.curl(closed.base + "/admin/consumers")[1])

    def test_a_file_goes_up_and_comes_back_from_another_origin(self):
        self.sign_in()
        picture = self.home.folder / "a picture.png"
        picture.write_bytes(bytes(range(256)) * 100)
        url = self.site.base + "/api/v2/things/T-1/pictures"
        header = self.ok("sign", "POST", url).stdout.strip()
        form = f"picture=@{picture};type=image/png"
        self.assertEqual(self.curl(url, "-H", header, "-F", form)[0], 403)
        send = ["-H", FORGERY_HEADER, "-F", form]
        status, body = self.curl(url, "-H", self.ok("sign", "POST", url).stdout.strip(), *send)
        self.assertEqual(status, 200, body)
        stored = json.loads(body)[0]
        self.assertEqual((stored["name"], stored["size"]), ("a picture.png", 25600))
        told = self.get(f"/api/v2/things/T-1/pictures/{stored['id']}")
        self.assertEqual(told["content"], stored["content"])
        fetched = self.ok("request", "GET", stored["content"], text=False).stdout
        self.assertEqual(fetched, picture.read_bytes())
        picture.write_bytes(b"x" * 100001)
        self.assertEqual(self.curl(url, "-H", self.ok("sign", "POST", url).stdout.strip(), *send)[0], 413)
        # A client that carries its credential along is told so.
        plain = ["-H", self.ok("sign", "GET", stored["content"]).stdout.strip()]
        self.assertEqual(self.curl(stored["content"], "-L", *plain)[0], 200)
        status, body = self.curl(stored["content"], "-L", "--location-trusted",
                                 "-H", self.ok("sign", "GET", stored["content"]).stdout.strip())  # fmt: skip
        self.assertEqual(status, 400)
        self.assertIn("no credential belongs", body)

    def test_faults_come_and_go_and_each_has_its_exit_code(self):
        self.sign_in()
        path = "/api/v2/plain"
        for fault, exit_code, code in (
            ({"name": "login-page"}, 4, "answer.login_page"),
            ({"name": "xsrf"}, 5, "answer.xsrf"),
            ({"name": "captcha"}, 5, "answer.forbidden"),
            ({"name": "problem", "value": "token_expired"}, 4, "oauth1.token_expired"),
            ({"name": "problem", "value": "permission_denied"}, 5, "oauth1.permission_denied"),
            ({"name": "status", "value": 500}, 10, "answer.server_error"),
            ({"name": "rate-limit", "value": "999999"}, 8, "answer.rate_limited"),
            ({"name": "cut", "value": 3}, 11, "answer.truncated"),
            ({"name": "wrong-length", "value": 7}, 11, "answer.truncated"),
        ):  # fmt: skip
            with self.subTest(fault["name"]):
                self.fault({**fault, "path": "/api"})
                result = self.home.run("request", "GET", path, "--output", "json")
                self.assertEqual(result.returncode, exit_code, result.stderr)
                error = json.loads(result.stderr.splitlines()[-1])
                self.assertEqual(error["code"], code)
        self.fault({"name": "rate-limit", "value": "date", "count": 1}, {"name": "rate-limit", "value": 0, "count": 1})
        self.assertEqual(self.get(path), {"words": "plain words"})
        self.fault({"name": "clock-skew", "value": 5000})
        self.assertEqual(self.get(path), {"words": "plain words"})
        self.fault({"name": "rate-limit", "value": "999999"})
        error = json.loads(self.home.run("request", "GET", path, "--output", "json").stderr.splitlines()[-1])
        self.assertEqual((error["context"]["limit"], error["context"]["remaining"]), ("1000", "0"))
        self.fault()
        self.assertEqual(self.get(path), {"words": "plain words"})

    def test_an_unknown_fault_is_refused_with_the_list(self):
        error = self.fails(2, "usage", "sandbox", "--product", "acme", "--fault", CANARY[:6])
        self.assertIn("repeat-page", error["next"])
        status, _, body = http_request(self.site.base + "/-/sandbox/faults", "POST", b'{"name": "nothing"}')
        self.assertEqual(status, 400)
        self.assertIn("repeat-page", json.loads(body)["problems"][0]["text"])


if __name__ == "__main__":
    support.main()
