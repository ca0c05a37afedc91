#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""`link show --web`: a page on loopback that follows the link and the sign-in."""

import json
import re
import signal
import time

import support
from support import PROGRAM, Story, http_request


class LinkPage(Story):
    def setUp(self):
        super().setUp()
        self.pair = self.keys()
        self.site = self.start(support.Server([PROGRAM, "sandbox", "--product", "jira", "--context-path", "/jira"], env=self.home.environment))
        self.ok("profile", "set", "work", "--product", "jira", "--url", self.site.base, "--consumer-key", "robot",
                "--private-key", self.pair / "private.pem")  # fmt: skip

    def serve(self):
        process = self.home.popen("link", "show", "--web", "--no-browser", "--output", "json", text=True)
        self.addCleanup(process.kill)
        return process, json.loads(support.read_line(process, process.stderr))["url"]

    def state(self, url):
        status, headers, text = http_request(url + "/state")
        self.assertEqual((status, headers["Content-Type"]), (200, "application/json; charset=utf-8"))
        return json.loads(text)["text"]

    def test_it_follows_the_progress_and_ends_by_its_button(self):
        process, url = self.serve()
        self.assertRegex(url, r"^http://127\.0\.0\.1:[0-9]+/link/[A-Za-z0-9]{16,}$")
        self.assertIn("not there yet", self.state(url))
        self.assertIn("not there yet", self.state(url))
        public = (self.pair / "public.pem").read_text(encoding="utf-8")
        http_request(self.site.base + "/-/sandbox/consumers/robot", "PUT", json.dumps({"public_key": public}).encode(), {"Content-Type": "application/json"})
        for _ in range(100):  # what was found out counts for a few seconds
            text = self.state(url)
            if "not there yet" not in text:
                break
            time.sleep(0.1)
        self.assertIn("The link is there", text)
        self.assertIn("atlink login --profile work", text)
        self.assertEqual(http_request(url + "/done", "GET")[0], 404)
        self.assertEqual(http_request(url + "/done", "POST", b"")[0], 200)
        self.assertEqual(process.wait(10), 0)

    def test_a_page_is_no_message(self):
        self.fails(2, "usage", "link", "show", "--web", "--for-admin")

    def test_its_page_stands_alone(self):
        process, url = self.serve()
        status, headers, page = http_request(url)
        page = page.decode()
        self.assertEqual(status, 200)
        policy = headers["Content-Security-Policy"]
        nonce = re.search(r"script-src 'nonce-([A-Za-z0-9]+)'", policy).group(1)
        self.assertIn("default-src 'none'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertEqual(re.findall(r"<script[^>]*>", page), [f'<script nonce="{nonce}">'])
        self.assertEqual(re.findall(r"\s(?:src|srcset|action|style|on[a-z]+)=", page), [])
        self.assertEqual(set(re.findall(r'href="([^"]*)"', page)), {self.site.base + "/plugins/servlet/applinks/listApplicationLinks"})
        public = (self.pair / "public.pem").read_text(encoding="utf-8").strip()
        self.assertIn(public, page)
        self.assertNotIn("PRIVATE", page)
        copies = re.findall(r'data-copy="(v[0-9]+)"', page)
        self.assertGreater(len(copies), 8)
        for each in copies:
            self.assertEqual(len(re.findall(f' id="{each}"', page)), 1)
        for target, headers in (("/", {}), ("/link/", {}), ("/favicon.ico", {})):
            root = re.match(r"http://[^/]+", url).group(0)
            self.assertEqual(http_request(root + target, headers=headers)[0], 404)
        self.assertEqual(http_request(url, headers={"Host": "evil.example"})[0], 421)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(10), 0)


if __name__ == "__main__":
    support.main()
