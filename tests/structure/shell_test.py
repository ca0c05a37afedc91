#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Shell scripts parse, stop at errors, and can be started."""

import os
import subprocess
import unittest

import tree


def scripts():
    """Every shell script: by its first line, or by its name where it is only sourced."""
    found = []
    for path in tree.files("tools", ".ci", "tests", "plugins", "products", "docs"):
        first = (tree.text(path).splitlines() or [""])[0]
        if path.endswith(".sh") or (first.startswith("#!") and "sh" in first.split("/")[-1]):
            found.append(path)
    return found


def parses(code):
    return subprocess.run(["bash", "-n"], input=code, text=True, capture_output=True, check=False).returncode == 0


class Shell(unittest.TestCase):
    def test_scripts_parse(self):
        self.assertGreater(len(scripts()), 3)
        for path in scripts():
            self.assertTrue(parses(tree.text(path)), path)

    def test_commands_stop_at_errors_and_can_be_started(self):
        for path in scripts():
            if not path.endswith(".sh"):
                self.assertIn("\nset -euo pipefail\n", tree.text(path), path)
                self.assertTrue(os.access(tree.ROOT / path, os.X_OK), f"{path} has no run bit")

    def test_the_check_sees_what_it_must(self):
        self.assertFalse(parses("if true; then\n"))
        self.assertTrue(parses("if true; then :; fi\n"))


if __name__ == "__main__":
    unittest.main()
