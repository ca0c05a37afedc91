#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The C interface of native extensions: what its headers include, what each function pointer says,
and that neither the interface nor its version moves alone."""

import hashlib
import re
import unittest

import tree

FOLDER = "plugins/include/atlink/plugin/"
ALLOWED = {"<stdbool.h>", "<stddef.h>", "<stdint.h>"}
LINES = ["OWNERSHIP", "VALID", "THREAD"]
POINTER = re.compile(r"\(\s*\*\s*(\w+)\s*\)\s*\(")
VERSION = re.compile(r"^#define ATLINK_PLUGIN_ABI_(MAJOR|MINOR) (\d+)$", re.M)

# Every version that was ever released, with the digest of what its headers say. A change of the
# interface adds a line here and moves the version; the last line is today's.
PINNED = {
    "0.1": "7ddedc573d62b25afbf32bc17182d79aaec7aa94f5cb5759e7ceef50b995fc58",
}


def headers():
    return tree.files(FOLDER, suffixes=(".h",))


def contract(text):
    """What a header promises: its code, and the closing lines of its function pointers; neither
    other comments, nor white space, nor the version itself."""
    lines = re.findall(rf"^\s*\*\s+((?:{'|'.join(LINES)}): .*?)(?:\*/)?$", text, flags=re.M)
    code = re.sub(r"/\*.*?\*/", " ", VERSION.sub("", text), flags=re.S)
    return " ".join(" ".join([code, *lines]).split())


def digest(texts):
    return hashlib.sha256("\n".join(contract(text) for text in texts).encode()).hexdigest()


def includes(text):
    return set(re.findall(r'^\s*#\s*include\s+(["<][^">]+[">])', text, flags=re.M))


def foreign_includes(text):
    ours = {name for name in includes(text) if name.startswith('"atlink/plugin/')}
    return includes(text) - ALLOWED - ours


def pointers(text):
    """(name, the closing lines of its comment) of every function pointer that is a member."""
    found, comment = [], ""
    for part in re.split(r"(/\*.*?\*/)", text, flags=re.S):
        if part.startswith("/*"):
            comment = part
            continue
        for match in POINTER.finditer(part):
            # The comment is the pointer's own if nothing but its declaration stands in between.
            own = comment if ";" not in part[: match.start()] else ""
            closing = [line.strip(" */") for line in own.rstrip("*/ \n").splitlines()]
            found.append((match.group(1), [w for line in closing for w in LINES if line.startswith(w + ": ")]))
    return found


class PluginInterface(unittest.TestCase):
    def test_headers_include_three_of_the_standard_and_each_other(self):
        self.assertGreaterEqual(len(headers()), 2)
        for path in headers():
            self.assertEqual(foreign_includes(tree.text(path)), set(), path)

    def test_the_helper_needs_nothing_but_them_and_the_standard_library(self):
        helpers = tree.files(FOLDER, suffixes=(".hpp",))
        self.assertGreaterEqual(len(helpers), 1)
        for path in helpers:
            for name in includes(tree.text(path)):
                self.assertRegex(name, r'^(<[a-z_]+>|"atlink/plugin/[a-z_/0-9]+\.h(pp)?")$', path)

    def test_every_function_pointer_says_who_owns_how_long_and_which_thread(self):
        count = 0
        for path in headers():
            for name, closing in pointers(tree.text(path)):
                count += 1
                self.assertEqual(closing, LINES, f"{path}: {name}")
        written = sum(len(POINTER.findall(re.sub(r"/\*.*?\*/", "", tree.text(p), flags=re.S))) for p in headers())
        self.assertEqual(count, written)
        self.assertGreaterEqual(count, 3)

    def test_interface_and_version_move_together(self):
        texts = [tree.text(path) for path in headers()]
        version = ".".join(number for _, number in VERSION.findall(tree.text(FOLDER + "plugin.h")))
        self.assertEqual(version, list(PINNED)[-1], "the version moved: pin it with the digest of its headers")
        self.assertEqual(digest(texts), PINNED[version], "the interface moved: so must its version")
        self.assertEqual(len(set(PINNED.values())), len(PINNED), "a version moved without its interface")

    def test_the_exported_symbol_is_named_once(self):
        text = tree.text(FOLDER + "plugin.h")
        name = re.search(r'#define ATLINK_PLUGIN_SYMBOL "(\w+)"', text).group(1)
        self.assertRegex(text, rf"extern ATLINK_PLUGIN_EXPORT const atlink_plugin_entry_t {name};")

    def test_the_checks_see_what_they_must(self):
        header = tree.text(FOLDER + "plugin.h")
        self.assertEqual(foreign_includes("#include <stdio.h>\n#include <stdint.h>"), {"<stdio.h>"})
        self.assertEqual(foreign_includes('#  include "atlink/json.h"'), {'"atlink/json.h"'})
        without = header.replace("   * THREAD: only the thread that called the plugin. */", "   */")
        self.assertNotEqual(without, header)
        self.assertIn(("write", LINES[:2]), pointers(without))
        bare = "struct a {\n  /* OWNERSHIP: x\n   * VALID: y\n   * THREAD: z */\n  int (*f)(void);\n  int (*g)(void);\n};"
        self.assertEqual(pointers(bare), [("f", LINES), ("g", [])])
        self.assertEqual(digest([header]), digest([header.replace("MINOR 1", "MINOR 2")]))
        self.assertEqual(digest([header]), digest([header.replace("in order of importance", "in no order")]))
        for was, now in [("uint32_t abi_minor", "uint64_t abi_minor"), ("stays the plugin's;", "becomes the host's;")]:
            self.assertNotEqual(digest([header]), digest([header.replace(was, now)]))


if __name__ == "__main__":
    unittest.main()
