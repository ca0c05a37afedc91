#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The sandbox, as a client that nobody here wrote meets it, and as a person with a browser does."""

import json
import re
import signal
import urllib.parse

import support
from support import PROGRAM, Story, http_request

try:
    from oauthlib import oauth1
except ImportError:
    support.skip("python3-oauthlib is not installed")

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Sandbox(Story):
    def setUp(self):
        super().setUp()
        self.pair = self.keys()
        (self.home.folder / "secret").write_text("a shared secret\n", encoding="utf-8")
        key = (self.pair / "private.pem").read_text(encoding="utf-8")
        self.rsa = {"client_key": "robot", "signature_method": "RSA-SHA1", "rsa_key": key}

    def site(self, *options, product="jira", context_path="/jira"):
        command = [PROGRAM, "sandbox", "--product", product, "--context-path", context_path,
                   "--consumer", f"robot={self.pair / 'public.pem'}", *options]  # fmt: skip
        return self.start(support.Server(command, env=self.home.environment))

    def endpoint(self, site, name):
        return f"{site.base}/plugins/servlet/oauth/{name}"

    @staticmethod
    def send(client, url, method="GET", body=None, headers=None, change=lambda url: url):
        """Signs and sends with the foreign client."""
        form = body if headers == FORM else None
        url, fields, signed_body = client.sign(url, method, form, headers or {})
        sent = (signed_body if form else body or "").encode()
        status, answer, text = http_request(change(url), method, sent if method != "GET" else None, fields)
        return status, {k.lower(): v for k, v in answer.items()}, text.decode()

    def begin(self, site, callback="oob", identity=None):
        status, _, text = self.send(oauth1.Client(callback_uri=callback, **(identity or self.rsa)), self.endpoint(site, "request-token"), "POST")
        return (dict(urllib.parse.parse_qsl(text)) if status == 200 else None), (status, text)

    def finish(self, site, token, verifier, identity=None):
        client = oauth1.Client(resource_owner_key=token["oauth_token"], resource_owner_secret=token["oauth_token_secret"],
                               verifier=verifier, **(identity or self.rsa))  # fmt: skip
        status, _, text = self.send(client, self.endpoint(site, "access-token"), "POST")
        return (dict(urllib.parse.parse_qsl(text)) if status == 200 else None), (status, text)

    def consent(self, site, token, button, callback="oob"):
        """Presses a button of the consent page, as a browser without JavaScript does: (status, headers, page)."""
        url = self.endpoint(site, "authorize") + "?oauth_token=" + token["oauth_token"]
        status, _, page = http_request(url)
        self.assertEqual(status, 200)
        page = page.decode()
        self.assertNotIn("<script", page)
        action = re.search(r'<form[^>]*action="([^"]*)"', page)
        fields = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', page)
        pressed = re.search(rf'<(?:button|input)[^>]*name="({button})"[^>]*?(?:value="([^"]*)")?[^>]*>', page)
        self.assertTrue(pressed, page)
        body = urllib.parse.urlencode([*fields, (pressed.group(1), pressed.group(2) or button)]).encode()
        return http_request(urllib.parse.urljoin(url, action.group(1) if action else url), "POST", body, FORM)

    def token(self, site):
        begun, why = self.begin(site)
        self.assertIsNotNone(begun, why)
        _, _, page = self.consent(site, begun, "approve")
        verifier = re.search(rb"<(?:code|strong|kbd)[^>]*>([0-9A-Za-z]{6})<", page)
        self.assertTrue(verifier, page)
        granted, why = self.finish(site, begun, verifier.group(1).decode())
        self.assertIsNotNone(granted, why)
        return granted

    def client(self, site):
        granted = self.token(site)
        return oauth1.Client(resource_owner_key=granted["oauth_token"], resource_owner_secret=granted["oauth_token_secret"], **self.rsa)

    def test_a_foreign_client_signs_in_and_is_served(self):
        for product, context_path, whoami in (("jira", "/jira", "/rest/api/2/myself"), ("confluence", "/wiki", "/rest/api/user/current"),
                                              ("jira", "", "/rest/api/2/myself"), ("self-hosted", "/a/b", "/rest/applinks/1.0/manifest")):  # fmt: skip
            with self.subTest(product):
                site = self.site(product=product, context_path=context_path)
                granted = self.token(site)
                self.assertEqual((granted["oauth_expires_in"], granted["oauth_authorization_expires_in"]), ("157680000", "160272000"))
                self.assertTrue(granted["oauth_session_handle"])
                client = oauth1.Client(resource_owner_key=granted["oauth_token"], resource_owner_secret=granted["oauth_token_secret"], **self.rsa)
                status, headers, text = self.send(client, site.base + whoami + "?x=1%202&y=&z=%C3%A9%2B")
                self.assertEqual((status, headers.get("x-ausername", "alice")), (200, "alice"), text)

    def test_a_changed_request_is_refused(self):
        site = self.site()
        client = self.client(site)
        url = site.base + "/rest/api/2/myself?a=1"
        status, headers, _ = self.send(client, url, change=lambda u: u.replace("a=1", "a=2"))
        self.assertEqual(status, 401)
        self.assertIn('oauth_problem="signature_invalid"', headers["www-authenticate"])
        signed, fields, _ = client.sign(url)
        self.assertEqual(http_request(signed, headers=fields)[0], 200)
        self.assertIn("nonce_used", http_request(signed, headers=fields)[1]["WWW-Authenticate"])
        status, _, text = self.send(client, site.base + "/rest/api/2/issue", "POST", '{"fields": {"summary": "é"}}', {"Content-Type": "application/json"})
        self.assertEqual(status // 100, 2, text)

    def test_problems_have_the_products_words(self):
        site = self.site()
        _, answer = self.begin(site, identity={**self.rsa, "client_key": "nobody"})
        self.assertEqual((answer[0], dict(urllib.parse.parse_qsl(answer[1]))["oauth_problem"]), (401, "consumer_key_unknown"))
        _, answer = self.begin(site, identity={"client_key": "robot", "client_secret": "x"})
        self.assertEqual((answer[0], dict(urllib.parse.parse_qsl(answer[1]))["oauth_problem"]), (400, "signature_method_rejected"))
        _, answer = self.begin(site, callback="custom:thing")
        self.assertEqual((answer[0], dict(urllib.parse.parse_qsl(answer[1]))["oauth_parameters_rejected"]), (400, "oauth_callback"))
        begun, _ = self.begin(site)
        _, answer = self.finish(site, begun, "abcdef")
        self.assertEqual(answer, (401, "oauth_problem=permission_unknown"))
        self.consent(site, begun, "deny")
        _, answer = self.finish(site, begun, "abcdef")
        self.assertEqual(answer, (401, "oauth_problem=permission_denied"))
        self.assertEqual(http_request(site.base + "/rest/api/2/myself")[0], 401)
        ahead = self.site("--clock-skew", "900")
        _, answer = self.begin(ahead)
        problem = dict(urllib.parse.parse_qsl(answer[1]))
        self.assertEqual((answer[0], problem["oauth_problem"]), (400, "timestamp_refused"))
        self.assertRegex(problem["oauth_acceptable_timestamps"], r"^\d+-\d+$")

    def test_a_callback_is_visited(self):
        site = self.site()
        begun, _ = self.begin(site, "http://127.0.0.1:9/back?x=1")
        status, headers, _ = self.consent(site, begun, "approve")
        self.assertIn(status, (302, 303))
        target = urllib.parse.urlsplit(headers["Location"])
        fields = dict(urllib.parse.parse_qsl(target.query))
        self.assertEqual((target.netloc, target.path, fields["x"], fields["oauth_token"]), ("127.0.0.1:9", "/back", "1", begun["oauth_token"]))
        granted, why = self.finish(site, begun, fields["oauth_verifier"])
        self.assertIsNotNone(granted, why)
        refused, _ = self.begin(site, "http://127.0.0.1:9/back")
        _, headers, _ = self.consent(site, refused, "deny")
        self.assertIn("oauth_verifier=denied", headers["Location"])

    def test_it_listens_on_loopback_only_and_ends_when_asked(self):
        site = self.site()
        port = urllib.parse.urlsplit(site.base).port
        with open(f"/proc/{site.process.pid}/net/tcp", encoding="ascii") as table:
            local = [line.split()[1] for line in table if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")]
        self.assertEqual(local, [f"0100007F:{port:04X}"])
        site.process.send_signal(signal.SIGINT)
        self.assertEqual(site.process.wait(10), 0)

    def test_its_list_of_consumers_is_json(self):
        site = self.site()
        status, _, text = http_request(site.base + "/-/sandbox/consumers")
        self.assertEqual((status, [c["key"] for c in json.loads(text)["consumers"]]), (200, ["robot"]))


if __name__ == "__main__":
    support.main()
