#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Two who change one profile at the same time: both changes count."""

import contextlib
import os
import time

import support
from support import Story

HMAC = ["--signature-method", "HMAC-SHA1"]


class Simultaneous(Story):
    def setUp(self):
        super().setUp()
        self.secret = self.home.folder / "secret"
        os.mkfifo(self.secret)

    def begin_change(self, *options):
        """Starts a change that has read the profile and waits for a secret; how to let it go on: gives
        its exit code and what it said."""
        process = self.home.popen("profile", "set", "work", *HMAC, "--secret-file", self.secret, *options)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        writer = self.when_read(process)
        self.addCleanup(writer.close)

        def finish():
            writer.write(b"a shared secret")
            writer.close()
            _, errors = process.communicate(timeout=support.PATIENCE)
            return process.returncode, errors.decode()

        return finish

    def when_read(self, process):
        """The pipe's end for writing, as soon as somebody reads at the other."""
        end = time.monotonic() + support.PATIENCE
        while process.poll() is None and time.monotonic() < end:
            with contextlib.suppress(OSError):
                return os.fdopen(os.open(self.secret, os.O_WRONLY | os.O_NONBLOCK), "wb")
            time.sleep(0.01)
        raise AssertionError(f"the secret was not read, exit code {process.returncode}")

    def test_a_change_in_between_survives(self):
        self.ok("profile", "set", "work", "--product", "self-hosted", "--url", "https://acme.example")
        finish = self.begin_change("--consumer-key", "ours")
        self.ok("profile", "set", "work", "--context-path", "/theirs", "--transmission", "query")
        self.assertEqual(finish()[0], 0)
        shown = self.json("profile", "show", "work")
        self.assertEqual(shown["consumer_key"], "ours")
        self.assertEqual(shown["signature_method"], "HMAC-SHA1")
        self.assertEqual(shown["base_url"], "https://acme.example/theirs")
        self.assertEqual(shown["transmission"], "query")

    def test_two_who_make_the_same_profile(self):
        place = ["--product", "self-hosted", "--url", "https://acme.example"]
        finish = self.begin_change("--consumer-key", "ours", *place)
        self.ok("profile", "set", "work", "--context-path", "/theirs", *place)
        self.assertEqual(finish()[0], 0)
        shown = self.json("profile", "show", "work")
        self.assertEqual((shown["consumer_key"], shown["base_url"]), ("ours", "https://acme.example/theirs"))

    def test_a_profile_that_is_removed_meanwhile_is_not_half_made(self):
        self.ok("profile", "set", "work", "--product", "self-hosted", "--url", "https://acme.example")
        finish = self.begin_change()
        self.ok("profile", "remove", "work")
        code, said = finish()
        self.assertEqual(code, 2, said)
        self.assertEqual(self.json("profile", "list")["profiles"], [])


if __name__ == "__main__":
    support.main()
