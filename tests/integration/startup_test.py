#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Start-up does not grow with the number of plugins that a command does not use: counted in
instructions, which a busy machine does not change."""

import json
import re
import statistics
import subprocess

import support
from support import BUILD, Story

FEW, MANY = 5, 500
AT_MOST = 0.01


def is_sanitized():
    cache = BUILD / "CMakeCache.txt"
    return cache.exists() and re.search(r"^ATLINK_SANITIZE:\w+=.", cache.read_text(encoding="utf-8"), re.M)


class Startup(Story):
    def install(self, count):
        for number in range(count):
            folder = self.home.data / "plugins" / f"product-{number}"
            folder.mkdir(parents=True, exist_ok=True)
            description = {"schema": 1, "id": folder.name, "version": "1", "name": f"Product {number}", "extends": "self-hosted"}
            (folder / "product.json").write_text(json.dumps(description), encoding="utf-8")

    def instructions(self, *arguments, runs=3):
        """The median of some runs."""
        counts = []
        for _ in range(runs):
            done = self.home.popen(*arguments, prefix=("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"))
            out, errors = done.communicate(timeout=support.PATIENCE * 5)
            self.assertEqual(done.returncode, 0, (out, errors))
            counts.append(int(re.search(rb"Collected : (\d+)", errors).group(1)))
        return statistics.median(counts)

    def plugin_calls(self, *arguments):
        """The system calls that name the user's plugin folder or something below it."""
        log = self.home.folder / "calls"
        done = self.home.popen(*arguments, prefix=("strace", "-f", "-o", str(log), "-e", "trace=file"))
        done.communicate(timeout=support.PATIENCE)
        calls = log.read_text(encoding="utf-8", errors="replace")
        return re.findall(rf'"{re.escape(str(self.home.data))}/plugins[^"]*"', calls)

    def check(self, *arguments):
        self.install(FEW)
        few = self.instructions(*arguments)
        self.install(MANY)
        many = self.instructions(*arguments)
        print(f"atlink {arguments[0]}: {few} instructions with {FEW} plugins, {many} with {MANY}")
        self.assertGreater(few, 100_000)
        self.assertLess(abs(many - few) / few, AT_MOST)

    def test_a_command_that_uses_none(self):
        self.check("version")
        self.assertEqual(self.plugin_calls("version"), [])

    def test_a_signed_request(self):
        pair = self.keys()
        self.install(FEW)
        provider = self.provider("oauthlib", pair)
        self.ok("profile", "set", "work", "--product", "product-1", "--url", provider.base, "--consumer-key", "atlink-story",
                "--private-key", pair / "private.pem")  # fmt: skip
        self.ok("profile", "use", "work")
        self.sign_in(provider, "work")
        self.check("request", "GET", "/rest/x")
        named = {re.sub(r'.*/plugins/?|"|/.*', "", call) for call in self.plugin_calls("request", "GET", "/rest/x")}
        self.assertEqual(named - {"", "self-hosted"}, {"product-1"}, "only what is used is looked at")

    def test_the_measure_sees_what_it_must(self):
        self.install(FEW)
        few = self.instructions("plugin", "list", runs=1)
        self.install(FEW + 1)
        self.assertGreater(self.instructions("plugin", "list", runs=1) / few, 1 + AT_MOST)
        self.assertIn(f"product-{FEW}/", "".join(self.plugin_calls("plugin", "list")))


if __name__ == "__main__":
    support.need("valgrind", "strace")
    if is_sanitized():
        support.skip("a sanitized program does not run under valgrind")
    if subprocess.run(["valgrind", "--version"], capture_output=True, check=False).returncode != 0:
        support.skip("valgrind does not start")
    support.main()
