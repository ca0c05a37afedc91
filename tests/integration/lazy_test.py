#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What a command does not use it does not load."""

import re

import support
from support import Story

HEAVY = ("libcurl", "libPoco", "libssl")


class Lazy(Story):
    def loaded(self, *arguments, exit_code=0):
        """Names of the shared objects that the dynamic linker opened for a command."""
        result = self.home.run(*arguments, env={"LD_DEBUG": "files", "LD_DEBUG_OUTPUT": str(self.home.folder / "ld")})
        self.assertEqual(result.returncode, exit_code, result.stderr)
        logs = list(self.home.folder.glob("ld.*"))
        text = "".join(log.read_text(encoding="utf-8", errors="replace") for log in logs)
        for log in logs:
            log.unlink()
        names = set(re.findall(r"calling init: (\S+)", text))
        self.assertTrue(any("libstdc++" in name for name in names), text[:500])
        return names

    def heavy(self, *arguments, **named):
        names = self.loaded(*arguments, **named)
        return {part for part in HEAVY for name in names if part in name}

    def test_what_sends_nothing_loads_no_network_library(self):
        pair = self.keys()
        self.ok("profile", "set", "work", "--product", "self-hosted", "--url", "http://127.0.0.1:9", "--consumer-key", "k",
                "--private-key", pair / "private.pem")  # fmt: skip
        self.ok("profile", "use", "work")
        for arguments in (["help"], ["version"], ["--help"], ["request", "--help"], ["help", "login"], ["plugin", "list"],
                          ["profile", "list"], ["profile", "show", "work"], ["link", "show"],
                          ["keygen", "--out", self.home.folder / "more"]):  # fmt: skip
            with self.subTest(arguments):
                self.assertEqual(self.heavy(*arguments), set())
        self.assertEqual(self.heavy("sign", "GET", "http://127.0.0.1:9/x", exit_code=4), set())

    def test_what_sends_loads_no_listener(self):
        pair = self.keys()
        provider = self.provider("oauthlib", pair)
        self.ok("profile", "set", "work", "--product", "self-hosted", "--url", provider.base, "--consumer-key", "atlink-story",
                "--private-key", pair / "private.pem")  # fmt: skip
        self.ok("profile", "use", "work")
        self.sign_in(provider, "work")
        self.assertIn("libcurl", self.heavy("request", "GET", "/rest/x"))
        self.assertNotIn("libPoco", self.heavy("request", "GET", "/rest/x"))
        self.assertEqual(self.heavy("sign", "GET", provider.base + "/rest/x"), set())


if __name__ == "__main__":
    support.main()
