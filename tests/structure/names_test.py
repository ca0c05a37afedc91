#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The engine and the command line name no product and no vendor, in code, text or file names."""

import re
import unittest

import tree

WORDS = re.compile(
    r"jira|confluence|bitbucket|bamboo|wiki|atlassian|seraph|servlet|websudo|\bx-a[a-z]", re.I
)


def names(path, text):
    """Where a file or its path names a product or a vendor."""
    found = [f"{path}: the path"] if WORDS.search(path) else []
    for number, line in enumerate(text.splitlines(), 1):
        match = WORDS.search(line)
        if match:
            found.append(f"{path}:{number}: {match.group(0)}")
    return found


class Names(unittest.TestCase):
    def test_core_and_cli_name_no_product(self):
        paths = tree.files("core", "cli")
        self.assertGreater(len(paths), 20)
        found = [hit for path in paths for hit in names(path, tree.text(path))]
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_the_check_sees_what_it_must(self):
        for bad in ("// as Jira does", '"X-AUSERNAME"', '"x-atlassian-token"', "/plugins/servlet/", "rewiki"):
            self.assertTrue(names("core/x.cpp", bad), bad)
        self.assertTrue(names("core/jira.cpp", ""))
        self.assertEqual(names("core/x.cpp", "max-age, x-forwarded-proto, acme"), [])


if __name__ == "__main__":
    unittest.main()
