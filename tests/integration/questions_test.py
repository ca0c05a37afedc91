#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every command of docs/questions.md, run as it stands there, in the order of the page."""

import re
import shlex

import support
from support import PROGRAM, ROOT, Story

PAGE = ROOT / "docs/questions.md"
SITE = "https://jira.example.com"


class Questions(Story):
    def test_each_command_works_as_it_stands_there(self):
        keys = self.keys()
        sandbox = self.start(support.Server([PROGRAM, "sandbox", "--product", "jira", "--context-path", "", "--consumer",
                                             f"robot={keys / 'public.pem'}"], env=self.home.environment))  # fmt: skip
        front = self.start(support.TlsFront(self.home.folder, sandbox.base))
        self.ok("profile", "set", "work", "--product", "jira", "--url", front.site, "--consumer-key", "robot",
                "--private-key", keys / "private.pem", "--ca-file", front.ca)  # fmt: skip
        begun = self.ok("login", "--begin", "--profile", "work")
        verifier = support.allow(begun.stdout.strip(), front.context())
        self.ok("login", "--verifier", verifier, "--profile", "work")
        blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
        lines = [line for block in blocks for line in block.splitlines()]
        self.assertGreater(len(lines), 12)
        for line in lines:
            with self.subTest(line):
                words = shlex.split(line)
                self.assertEqual(words[0], "atlink")
                arguments = [word.replace(SITE, front.site) for word in words[1:]]
                self.ok(*arguments, env={"ATLINK_CA_FILE": str(front.ca)})


if __name__ == "__main__":
    support.main()
