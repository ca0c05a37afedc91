#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a client that nobody here wrote (python3-oauthlib) sends arrives at the sandbox as it was meant."""

import json
import urllib.parse

import support

try:
    from oauthlib import oauth1
except ImportError:
    support.skip("python3-oauthlib is not installed")

OAUTH = "/plugins/servlet/oauth"


class Sandbox(support.Server):
    """`atlink sandbox` as a child process."""

    def __init__(self, home, product, public_key, *options):
        command = [support.PROGRAM, "sandbox", "--product", product, "--consumer", f"robot={public_key}", *options]
        super().__init__([str(part) for part in command], env=home.environment)

    def decide(self, token):
        body = urllib.parse.urlencode({"oauth_token": token, "decision": "allow"}).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status, _, answer = support.http_request(self.base + "/-/sandbox/decide", "POST", body, form)
        assert status == 200, answer
        return json.loads(answer)


class Stranger:
    """oauthlib's client over plain HTTP."""

    def __init__(self, private_key, **named):
        self.named = dict(signature_method=oauth1.SIGNATURE_RSA, rsa_key=private_key.read_text(), **named)

    def send(self, url, method="POST", body=None, headers=None, **named):
        client = oauth1.Client("robot", **{**self.named, **named})
        headers = dict(headers or {})
        if isinstance(body, dict) or isinstance(body, list):
            body = urllib.parse.urlencode(body)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        url, headers, body = client.sign(url, method, body, headers)
        return support.http_request(url, method, body.encode() if body else b"", headers)

    def token(self, url, **named):
        status, _, answer = self.send(url, **named)
        assert status == 200, answer
        return dict(urllib.parse.parse_qsl(answer.decode()))

    def sign_in(self, sandbox):
        temporary = self.token(sandbox.base + OAUTH + "/request-token", callback_uri="oob")
        verifier = sandbox.decide(temporary["oauth_token"])["verifier"]
        token = self.token(
            sandbox.base + OAUTH + "/access-token", resource_owner_key=temporary["oauth_token"],
            resource_owner_secret=temporary["oauth_token_secret"], verifier=verifier)  # fmt: skip
        self.named.update(resource_owner_key=token["oauth_token"], resource_owner_secret=token["oauth_token_secret"])
        return token


class ForeignClient(support.Story):
    # What the product wants so that no page of another site can send the like.
    unforged = {"X-Atlassian-Token": "no-check"}

    def setUp(self):
        super().setUp()
        self.pair = self.keys()
        self.stranger = Stranger(self.pair / "private.pem")

    def sandbox(self, product, *options):
        return self.start(Sandbox(self.home, product, self.pair / "public.pem", *options))

    def test_every_kind_of_request_of_a_foreign_client_is_understood(self):
        sandbox = self.sandbox("self-hosted")
        self.stranger.sign_in(sandbox)
        echo = sandbox.base + "/-/sandbox/echo?a=1%202&b=%2F&b=%3A&plus=%2B&empty="
        form = [("x", "a b+c"), ("x", "ä/:"), ("leer", "")]
        for method, body, headers in [
            ("GET", None, {}),
            ("DELETE", None, self.unforged),
            ("POST", form, self.unforged),
            ("POST", '{"k": "v"}', {"Content-Type": "application/json"}),
            ("PUT", '{"k": "v"}', {"Content-Type": "application/json"}),
        ]:
            with self.subTest(method=method, body=body):
                status, _, answer = self.stranger.send(echo, method, body, headers)
                self.assertEqual(status, 200, answer)
                seen = json.loads(answer)
                self.assertEqual(seen["query"][:2], [["a", "1 2"], ["b", "/"]])
                if body is form:
                    self.assertEqual([tuple(pair) for pair in seen["form"]], form)


if __name__ == "__main__":
    support.main()
