#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every description, of a bundled product or an example, carries a person from a link to its answers."""

import json
import pathlib
import urllib.parse

import support
from support import PROGRAM, Story, http_request

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "docs" / "examples"
FOLDERS = sorted(path.parent for place in (ROOT / "products", EXAMPLES) for path in place.glob("*/product.json"))


class Sandbox(support.Server):
    """A stand-in site whose consent is given by its own door for scripts."""

    def decide(self, token, decision):
        body = urllib.parse.urlencode({"oauth_token": token, "decision": decision}).encode()
        _, _, text = http_request(self.base + "/-/sandbox/decide", "POST", body, {"Content-Type": "application/x-www-form-urlencoded"})
        return json.loads(text)


def reads(sandbox):
    """Path and query of what the testdata answers to a GET."""
    for resource in sandbox["resources"]:
        if resource["method"] == "GET":
            query = urllib.parse.urlencode(resource.get("query", {}))
            yield resource["path"] + ("?" + query if query else ""), resource
    for collection in sandbox.get("collections", []):
        for item in collection["initial"]:
            yield f"{collection['path']}/{item[collection['id_member']]}", {"body": item}


class Products(Story):
    def setUp(self):
        super().setUp()
        self.pair = self.keys()

    def play(self, product, *options):
        """Signs in to a stand-in site of the product; the site."""
        site = self.start(Sandbox(
            [PROGRAM, "sandbox", "--plugin-dir", EXAMPLES, "--product", product, "--consumer", f"robot={self.pair / 'public.pem'}", *options],
            env=self.home.environment))  # fmt: skip
        self.ok("profile", "set", product, "--plugin-dir", EXAMPLES, "--product", product, "--url", site.base,
                "--deployment", "data-center", "--consumer-key", "robot", "--private-key", self.pair / "private.pem")  # fmt: skip
        begun = self.ok("login", "--begin", "--profile", product, "--plugin-dir", EXAMPLES)
        verifier = site.decide(self.token_of(begun.stdout), "allow")["verifier"]
        self.ok("login", "--verifier", verifier, "--profile", product, "--plugin-dir", EXAMPLES)
        return site

    def test_each_signs_in_and_is_read(self):
        self.assertGreaterEqual(len(FOLDERS), 4)
        for folder in FOLDERS:
            with self.subTest(folder.name):
                self.play(folder.name)
                status = self.json("status", "--profile", folder.name, "--plugin-dir", EXAMPLES)
                self.assertIn("alice", json.dumps(status))
                sandbox = json.loads((folder / "testdata" / "sandbox.json").read_text(encoding="utf-8"))
                seen = 0
                for path, resource in reads(sandbox):
                    answer = self.ok("request", "GET", path, "--profile", folder.name, "--plugin-dir", EXAMPLES).stdout
                    if "body" in resource:
                        self.assertEqual(type(json.loads(answer)), type(resource["body"]), path)
                    else:
                        self.assertEqual(answer, resource["text"], path)
                    seen += 1
                self.assertGreater(seen, 2)

    def test_each_says_what_to_fill_in(self):
        for folder in FOLDERS:
            with self.subTest(folder.name):
                self.ok("profile", "set", folder.name, "--plugin-dir", EXAMPLES, "--product", folder.name, "--url", "https://site.example",
                        "--deployment", "data-center", "--consumer-key", "robot", "--private-key", self.pair / "private.pem")  # fmt: skip
                shown = self.ok("link", "show", "--profile", folder.name, "--plugin-dir", EXAMPLES).stdout
                public = (self.pair / "public.pem").read_text(encoding="utf-8")
                self.assertIn("".join(public.splitlines()[1:-1]), shown)
                self.assertIn("https://site.example", shown)


if __name__ == "__main__":
    support.main()
