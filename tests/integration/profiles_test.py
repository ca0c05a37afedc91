#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two who change one profile at the same time: both changes count."""

import os

import support
from support import Story

HMAC = ["--signature-method", "HMAC-SHA1"]


class Simultaneous(Story):
    def setUp(self):
        super().setUp()
        self.secret = self.home.folder / "secret"
        os.mkfifo(self.secret)

    def begin_change(self, *options):
        """Starts a change that has read the profile and waits for a secret; how to let it go on."""
        process = self.home.popen("profile", "set", "work", *HMAC, "--secret-file", self.secret, *options)
        self.addCleanup(process.wait)
        writer = open(self.secret, "wb")  # comes back once the change reads at the other end
        self.addCleanup(writer.close)

        def finish():
            writer.write(b"a shared secret")
            writer.close()
            _, errors = process.communicate(timeout=support.PATIENCE)
            self.assertEqual(process.returncode, 0, errors)

        return finish

    def test_a_change_in_between_survives(self):
        self.ok("profile", "set", "work", "--product", "self-hosted", "--url", "https://acme.example")
        finish = self.begin_change("--consumer-key", "ours")
        self.ok("profile", "set", "work", "--context-path", "/theirs", "--transmission", "query")
        finish()
        shown = self.json("profile", "show", "work")
        self.assertEqual(shown["consumer_key"], "ours")
        self.assertEqual(shown["signature_method"], "HMAC-SHA1")
        self.assertEqual(shown["base_url"], "https://acme.example/theirs")
        self.assertEqual(shown["transmission"], "query")

    def test_two_who_make_the_same_profile(self):
        place = ["--product", "self-hosted", "--url", "https://acme.example"]
        finish = self.begin_change("--consumer-key", "ours", *place)
        self.ok("profile", "set", "work", "--context-path", "/theirs", *place)
        finish()
        shown = self.json("profile", "show", "work")
        self.assertEqual((shown["consumer_key"], shown["base_url"]), ("ours", "https://acme.example/theirs"))

    def test_a_profile_that_is_removed_meanwhile_is_not_half_made(self):
        self.ok("profile", "set", "work", "--product", "self-hosted", "--url", "https://acme.example")
        process = self.home.popen("profile", "set", "work", *HMAC, "--secret-file", self.secret, "--output", "json")
        with open(self.secret, "wb") as writer:
            self.ok("profile", "remove", "work")
            writer.write(b"a shared secret")
        _, errors = process.communicate(timeout=support.PATIENCE)
        self.assertEqual(process.returncode, 2, errors)
        self.assertEqual(self.json("profile", "list")["profiles"], [])


if __name__ == "__main__":
    support.main()
