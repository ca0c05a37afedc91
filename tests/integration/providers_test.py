#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The test providers by themselves: a client that nobody here wrote is served and refused rightly.

When this fails the providers are wrong; when it passes and another story fails, atlink is.
"""

import json
import subprocess
import urllib.parse

import support
from support import Story, http_request

try:
    from oauthlib import oauth1
except ImportError:
    support.skip("python3-oauthlib is not installed")

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Providers:
    kind = ""

    def setUp(self):
        super().setUp()
        folder = self.home.folder / "keys"
        folder.mkdir()
        support.openssl("genpkey", "-algorithm", "RSA", "-out", folder / "private.pem")
        support.openssl("pkey", "-in", folder / "private.pem", "-pubout", "-out", folder / "public.pem")
        (folder / "secret").write_text("a shared secret\n", encoding="utf-8")
        self.folder = folder
        key = (folder / "private.pem").read_text(encoding="utf-8")
        self.identities = {
            "rsa": {"client_key": "atlink-story", "signature_method": "RSA-SHA1", "rsa_key": key},
            "hmac": {"client_key": "shared", "client_secret": "a shared secret"},
        }

    def start_provider(self, *options):
        return self.provider(
            self.kind, self.folder, "--hmac-consumer", f"shared={self.folder / 'secret'}", *options, context_path="/a/b")

    def send(self, client, url, method="GET", body=None, headers=None, change=lambda url: url):
        url, headers, signed_body = client.sign(url, method, body if headers == FORM else None, headers or {})
        body = signed_body if headers.get("Content-Type") == FORM["Content-Type"] else body
        status, fields, text = http_request(change(url), method, body.encode() if body else (b"" if method == "POST" else None), headers)
        return status, fields, text.decode()

    def dance(self, provider, identity, decision="allow", callback="oob"):
        """Token credentials from a foreign client's dance, or the status where it ended."""
        endpoints = provider.base + "/plugins/servlet/oauth"
        status, _, text = self.send(oauth1.Client(callback_uri=callback, **identity), endpoints + "/request-token", "POST")
        if status != 200:
            return status, text
        token = dict(urllib.parse.parse_qsl(text))
        self.assertEqual(token["oauth_callback_confirmed"], "true")
        told = provider.decide(token["oauth_token"], decision)
        client = oauth1.Client(resource_owner_key=token["oauth_token"], resource_owner_secret=token["oauth_token_secret"],
                               verifier=told["verifier"] or "abcdef", **identity)  # fmt: skip
        status, _, text = self.send(client, endpoints + "/access-token", "POST")
        return status, text

    def client(self, provider, identity):
        status, text = self.dance(provider, identity)
        self.assertEqual(status, 200, text)
        token = dict(urllib.parse.parse_qsl(text))
        self.assertEqual(token["oauth_expires_in"], "157680000")
        return oauth1.Client(resource_owner_key=token["oauth_token"], resource_owner_secret=token["oauth_token_secret"], **identity)

    def test_a_foreign_client_is_served(self):
        provider = self.start_provider()
        for name, identity in self.identities.items():
            with self.subTest(name):
                client = self.client(provider, identity)
                status, fields, text = self.send(client, provider.base + "/rest/x%2Fy?a=1%202&a=0&b=&c=%2B")
                self.assertEqual((status, json.loads(text)["query"]), (200, [["a", "1 2"], ["a", "0"], ["b", ""], ["c", "+"]]))
                self.assertEqual({k.lower(): v for k, v in fields.items()}["x-ausername"], "alice")
                status, _, text = self.send(client, provider.base + "/rest/form", "POST", "a=b+c&d=%C3%A9", FORM)
                self.assertEqual((status, json.loads(text)["form"]), (200, [["a", "b c"], ["d", "é"]]))
                status, _, text = self.send(client, provider.base + "/rest/json", "PUT", '{"a": 1}', {"Content-Type": "application/json"})
                self.assertEqual((status, json.loads(text)["body_length"]), (200, 8))
        self.assertTrue(all(entry["verdict"]["signature"] for entry in provider.log()))

    def test_a_changed_request_is_refused_by_the_library(self):
        provider = self.start_provider()
        client = self.client(provider, self.identities["rsa"])
        status, fields, text = self.send(client, provider.base + "/rest/x?a=1", change=lambda url: url.replace("a=1", "a=2"))
        self.assertEqual((status, text), (401, "oauth_problem=signature_invalid"))
        self.assertIn('oauth_problem="signature_invalid"', fields["WWW-Authenticate"])
        self.assertIs(provider.log()[-1]["verdict"]["signature"], False)

    def test_a_nonce_counts_once(self):
        provider = self.start_provider()
        client = self.client(provider, self.identities["rsa"])
        url, headers, _ = client.sign(provider.base + "/rest/x")
        self.assertEqual(http_request(url, headers=headers)[0], 200)
        self.assertEqual(http_request(url, headers=headers)[2], b"oauth_problem=nonce_used")

    def test_other_refusals(self):
        provider = self.start_provider()
        rsa = self.identities["rsa"]
        self.assertEqual(self.dance(provider, {**rsa, "client_key": "nobody"}), (401, "oauth_problem=consumer_key_unknown"))
        self.assertEqual(self.dance(provider, rsa, "deny"), (401, "oauth_problem=permission_denied"))
        support.openssl("genpkey", "-algorithm", "RSA", "-out", self.folder / "other.pem")
        foreign = {**rsa, "rsa_key": (self.folder / "other.pem").read_text(encoding="utf-8")}
        self.assertEqual(self.dance(provider, foreign), (401, "oauth_problem=signature_invalid"))
        self.assertEqual(http_request(provider.base + "/rest/x")[0], 401)
        self.assertNotIn("oauth_problem", http_request(provider.base + "/rest/x")[1]["WWW-Authenticate"])

    def test_a_wrong_clock(self):
        provider = self.start_provider("--clock-skew", "-900")
        status, text = self.dance(provider, self.identities["rsa"])
        self.assertEqual(status, 400)
        self.assertRegex(text, r"^oauth_problem=timestamp_refused&oauth_acceptable_timestamps=\d{10}-\d{10}$")

    def test_it_ends_when_asked(self):
        provider = self.start_provider()
        self.assertEqual(provider.stop(), (0, ""))


class Oauthlib(Providers, Story):
    kind = "oauthlib"


class Ruby(Providers, Story):
    kind = "ruby-oauth"


if __name__ == "__main__":
    support.need("ruby", "openssl")
    if subprocess.run(["ruby", "-e", "require 'oauth'; require 'webrick'"], capture_output=True, check=False).returncode:
        support.skip("ruby-oauth is not installed")
    support.main()
