#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every atlink command that the documents show exists and takes the options shown."""

import os
import re
import shlex
import shutil
import subprocess

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


# Stands for the program: notes how it was called and ends as it is told.
STAND_IN = """#!/bin/sh
for word in "$@"; do printf '%s\\n' "$word"; done >> "$CALLS"
printf answer
exit "$EXIT"
"""


class Snippets(Story):
    """The snippets of the README for shell, Make and CMake do what they say, also when a request fails."""

    def setUp(self):
        super().setUp()
        program = self.home.folder / "bin" / "atlink"
        program.parent.mkdir()
        program.write_text(STAND_IN, encoding="utf-8")
        program.chmod(0o755)
        self.calls = self.home.folder / "calls"
        self.environment = {**self.home.environment, "CALLS": str(self.calls),
                            "PATH": f"{program.parent}:{os.environ.get('PATH', '/usr/bin:/bin')}"}  # fmt: skip

    def snippet(self, language, mark):
        page = (ROOT / "README.md").read_text(encoding="utf-8")
        found = [b for b in re.findall(rf"^```{language}\n(.*?)^```", page, re.M | re.S) if mark in b]
        self.assertEqual(len(found), 1)
        return found[0]

    def run_with(self, exit_code, *command):
        result = subprocess.run(command, cwd=self.home.folder, env={**self.environment, "EXIT": str(exit_code)},
                                capture_output=True, text=True, timeout=support.PATIENCE, check=False)  # fmt: skip
        return result.returncode, result.stderr

    def content(self, name):
        path = self.home.folder / name
        return path.read_text(encoding="utf-8") if path.exists() else None

    def test_the_shell_script(self):
        (self.home.folder / "script").write_text(self.snippet("sh", "case $?"), encoding="utf-8")
        for exit_code, words in ((4, "sign in again"), (6, "there is no issue ABC-1"), (9, "failed")):
            with self.subTest(exit_code):
                code, said = self.run_with(exit_code, "sh", "script", "ABC-1")
                self.assertEqual(code, 1)
                self.assertIn(words, said)
        self.assertEqual(self.run_with(0, "sh", "script", "ABC-1"), (0, ""))
        self.assertEqual(self.content("issue.json"), "answer")

    def test_the_makefile(self):
        if shutil.which("make") is None:
            self.skipTest("make is not installed")
        (self.home.folder / "Makefile").write_text(self.snippet("make", "release-note.json"), encoding="utf-8")
        self.assertNotEqual(self.run_with(7, "make", "VERSION=1.2")[0], 0)
        self.assertIsNone(self.content("release-note.json"))
        self.assertEqual(self.run_with(0, "make", "VERSION=1.2")[0], 0)
        self.assertEqual(self.content("release-note.json"), "answer")
        self.assertIn('{"name": "1.2", "project": "APP"}\n', self.content("calls"))

    def test_the_cmake_project(self):
        head = "cmake_minimum_required(VERSION 3.25)\nproject(snippet NONE)\n"
        (self.home.folder / "CMakeLists.txt").write_text(head + self.snippet("cmake", "ATLINK"), encoding="utf-8")
        code, said = self.run_with(6, "cmake", "-S", ".", "-B", "build")
        self.assertNotEqual(code, 0)
        self.assertIn("code: 6", said)
        self.assertEqual(self.run_with(0, "cmake", "-S", ".", "-B", "build")[0], 0)
        self.assertEqual(self.content("build/release-page.json"), "answer")


if __name__ == "__main__":
    support.main()
