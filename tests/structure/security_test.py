#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every claim of docs/security.md names a test, and every test that it names is there."""

import re
import unittest

import tree

ROW = re.compile(r"^\| (?P<claim>[^|]+) \| (?P<tests>(?:`[a-z]+/[a-z0-9_]+`(?:, )?)+) \|$", re.M)


def claims(page):
    """Claim → names of the tests behind it, from the last table of the page."""
    section = page.split("## The claims and their tests", 1)[1]
    return {row["claim"]: re.findall(r"`([^`]+)`", row["tests"]) for row in ROW.finditer(section)}


def exists(name):
    """Whether CTest has a case of this name: they are made of the files of tests/."""
    area, case = name.split("/")
    if area == "negative":
        return (tree.ROOT / f"tests/negative/{case}.cpp").is_file()
    return any((tree.ROOT / f"tests/{area}/{case}_test{suffix}").is_file() for suffix in (".cpp", ".py"))


class Security(unittest.TestCase):
    def test_every_claim_has_tests_that_exist(self):
        page = tree.text("docs/security.md")
        found = claims(page)
        self.assertGreater(len(found), 20)
        rows = page.split("## The claims and their tests", 1)[1].count("\n| ")
        self.assertEqual(len(found), rows - 2, "a row that names no test")
        for claim, tests in found.items():
            for name in tests:
                self.assertTrue(exists(name), f"{claim}: {name}")

    def test_the_check_sees_what_it_must(self):
        page = "## The claims and their tests\n\n| It holds | `core/no_such`, `structure/security` |\n"
        self.assertEqual(claims(page), {"It holds": ["core/no_such", "structure/security"]})
        self.assertTrue(exists("structure/security"))
        self.assertFalse(exists("core/no_such"))


if __name__ == "__main__":
    unittest.main()
