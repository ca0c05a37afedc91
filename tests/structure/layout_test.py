#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The house: what lies at the top, how long sources and functions are, what each file opens with."""

import re
import statistics
import subprocess
import unittest

import tree

TOP = {
    ".ci", ".clang-format", ".clang-tidy", ".gitignore", "CHANGELOG.md", "CMakeLists.txt",
    "CMakePresets.json", "LICENSE", "README.md", "cli", "core", "docs", "plugins", "products",
    "tests", "tools",
}  # fmt: skip
LINES_OF_A_SOURCE = 400
LINES_OF_A_FUNCTION = 60
CONTROL = re.compile(r"\s*(if|for|while|switch|catch|do|else|try|return|case|default)\b")
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()]*$")
# A brace in a constructor's list of members: what stands before it.
MEMBER = re.compile(r"\)[^()]*[:,][^:]*\w$", re.S)


def functions(code):
    """(first line, lines) of every function body, found by its braces."""
    code = tree.without_comments(code)
    code = re.sub(r"^[ \t]*#.*(\\\n.*)*", "", code, flags=re.M)
    found, stack, since, line = [], [], "", 1
    for char in code:
        if char == "{":
            inside = any(kind == "function" for kind, _, _ in stack)
            is_function = "(" in since and not CONTROL.match(since) and not SCOPE.search(since)
            kind = "function" if is_function and not inside else "other"
            stack.append(("member" if is_function and MEMBER.search(since) else kind, line, since))
        elif char == "}" and stack:
            kind, start, before = stack.pop()
            if kind == "function":
                found.append((start, line - start + 1))
            if kind == "member":
                since = before
                line += char == "\n"
                continue
        since = "" if char in "{};" else since + char
        line += char == "\n"
    return found


def top_level():
    """What git knows at the top, or what lies there where git is of no use."""
    command = ["git", "-c", "safe.directory=*", "-C", str(tree.ROOT), "ls-files", "-z"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return {name.split("/")[0] for name in listed.stdout.split("\0") if name}
    return {path.name for path in tree.ROOT.iterdir()} - {".git", "build", "Testing"}


class Layout(unittest.TestCase):
    sources = tree.files("core", "plugins", "products", "cli", suffixes=tree.CODE)

    def test_the_top_level_holds_only_what_belongs(self):
        self.assertEqual(top_level() - TOP, set())

    def test_the_program_starts_in_a_few_lines(self):
        self.assertLess(len(tree.text("cli/main.cpp").splitlines()), 20)

    def test_sources_are_short(self):
        lengths = {p: len(tree.text(p).splitlines()) for p in self.sources}
        long = {p: n for p, n in lengths.items() if n > LINES_OF_A_SOURCE}
        self.assertEqual(long, {})
        self.assertLessEqual(statistics.median(lengths.values()), 150)

    def test_functions_are_short(self):
        lengths, long = [], []
        for path in self.sources:
            for start, lines in functions(tree.text(path)):
                lengths.append(lines)
                if lines > LINES_OF_A_FUNCTION:
                    long.append(f"{path}:{start}: {lines} lines")
        self.assertEqual(long, [], "\n" + "\n".join(long))
        self.assertLessEqual(statistics.median(lengths), 10)

    def test_the_command_line_is_thin(self):
        count = lambda *folders: sum(len(tree.text(p).splitlines()) for p in tree.files(*folders, suffixes=tree.CODE))
        self.assertLess(count("cli") * 2, count("core", "plugins"))

    def test_every_source_names_its_licence(self):
        for path in self.sources + tree.files("tests", suffixes=tree.CODE + (".py", ".rb")):
            head = "\n".join(tree.text(path).splitlines()[:3])
            self.assertIn("SPDX-License-Identifier: Apache-2.0", head, path)

    def test_the_measure_sees_a_long_function(self):
        body = "  work();\n" * 70
        code = "namespace a {\nint f(int x) {\n" + body + "}\nstruct S {\n  int g() const {\n    return 1;\n  }\n};\n}\n"
        self.assertEqual(functions(code), [(2, 72), (75, 3)])
        lists = "S::S(int a)\n    : a_(a), b_{a} {\n  if (a) {\n    go();\n  }\n}\n"
        self.assertEqual(functions(lists), [(2, 5)])


if __name__ == "__main__":
    unittest.main()
