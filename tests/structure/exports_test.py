#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""What the program, the shared library and its modules show to the outside and take from there."""

import os
import pathlib
import re
import subprocess
import unittest

import tree

BUILD = pathlib.Path(os.environ.get("ATLINK_BUILD", ""))
# Mangled names in our namespace: functions, tables, type information, guards, thunks.
OURS = re.compile(r"_Z(T[VTIS]|GV|Th[n0-9_]+|Tv[n0-9_]+)?N[VKRO]*6atlink")


def foreign(symbols):
    """Symbols that are not in our namespace."""
    return [symbol for symbol in symbols if not OURS.match(symbol)]


def exported(library):
    listing = subprocess.run(
        ["nm", "-D", "--defined-only", "--format=posix", str(library)], capture_output=True, text=True, check=True
    )
    return [line.split()[0] for line in listing.stdout.splitlines()]


def search_path(binary):
    """Where the loader looks for what this needs before it looks in the system's folders."""
    listing = subprocess.run(["readelf", "-d", str(binary)], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\((?:RUNPATH|RPATH)\).*\[(.*)\]", listing)
    return found.group(1).split(":") if found else []


def unsafe(path):
    """Elements of a search path that do not hang on where the file itself lies."""
    return [element for element in path if not element.startswith("$ORIGIN/")]


class Exports(unittest.TestCase):
    def library_folder(self):
        return BUILD / tree.cache_value("CMAKE_INSTALL_LIBDIR")

    def test_the_library_shows_only_its_own_namespace(self):
        symbols = exported(self.library_folder() / "libatlink.so")
        self.assertGreater(len(symbols), 10)
        self.assertEqual(foreign(symbols), [])

    def test_a_module_shows_only_its_entry(self):
        for module in sorted((self.library_folder() / "atlink/modules").glob("*.so")):
            symbols = exported(module)
            self.assertTrue(0 < len(symbols) <= 2, f"{module.name} shows {symbols}")

    def test_libraries_are_looked_for_beside_the_file_alone(self):
        # An empty element would be the working directory: a stranger's folder could bring a libc.
        library = self.library_folder()
        binaries = [BUILD / "bin/atlink", library / "libatlink.so", *sorted((library / "atlink/modules").glob("*.so"))]
        self.assertGreater(len(binaries), 2)
        for binary in binaries:
            self.assertEqual(unsafe(search_path(binary)), [], binary.name)
        self.assertEqual(len(search_path(BUILD / "bin/atlink")), 1)

    def test_the_check_sees_what_it_must(self):
        self.assertEqual(unsafe(["$ORIGIN/../lib", "", "lib", "/tmp", "$ORIGIN"]), ["", "lib", "/tmp", "$ORIGIN"])
        strange = ["_ZNSt6vectorIiE9push_backEi", "_ZN3fmt7vformat", "EVP_sign", "_ZTIN4Poco9ExceptionE"]
        self.assertEqual(foreign(strange), strange)
        self.assertEqual(foreign(["_ZNK6atlink3Url3strEv", "_ZTVN6atlink5ClockE", "_ZN6atlink7name_ofENS_9ErrorCodeE"]), [])


if __name__ == "__main__":
    unittest.main()
