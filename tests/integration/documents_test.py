#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every atlink command that the documents show exists and takes the options shown."""

import re
import shlex

import support
from support import ROOT, Story


def shown_commands(text):
    """Command lines of the shell, Make and CMake blocks of a page."""
    for block in re.findall(r"^```(?:sh|make|cmake|console)\n(.*?)^```", text, re.M | re.S):
        block = block.replace("\\\n", " ").replace("${ATLINK}", "atlink")
        for line in block.splitlines():
            for match in re.finditer(r"(?:^|[\s(|!])atlink (?=[a-z-])([^|>;#]*)", line):
                try:
                    yield shlex.split(match.group(1))
                except ValueError:  # a quote that ends behind a ">" or "|"
                    yield shlex.split(re.sub(r"['\"].*", "", match.group(1)))


class Documents(Story):
    def help_of(self, words):
        """(name, help page) of the longest command that these words begin with."""
        for count in (2, 1):
            result = self.home.run("help", *words[:count])
            if result.returncode == 0 and len(words) >= count:
                return " ".join(words[:count]), result.stdout
        return "", ""

    def test_commands_in_documents_exist(self):
        pages = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md")), *sorted(ROOT.glob("products/*/README.md"))]
        commands = [(page, words) for page in pages for words in shown_commands(page.read_text(encoding="utf-8"))]
        self.assertGreater(len(commands), 20)
        for page, words in commands:
            with self.subTest(page=page.name, words=words):
                name, text = self.help_of([w for w in words if not w.startswith("-")])
                self.assertTrue(name, f"there is no command for {words}")
                for option in [w for w in words if re.match(r"--[a-z]", w)]:
                    self.assertIn(option.split("=")[0], text)

    def test_the_check_sees_what_it_must(self):
        page = "```sh\nu=x\natlink sign GET \"$u\" --bad | curl -H @- \"$u\"\nif ! atlink request GET /x > y; then\n```\n"
        self.assertEqual(list(shown_commands(page)), [["sign", "GET", "$u", "--bad"], ["request", "GET", "/x"]])
        self.assertEqual(self.help_of(["nonsense"])[0], "")


if __name__ == "__main__":
    support.main()
