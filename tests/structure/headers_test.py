#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every public header compiles alone, with warnings as errors; those of the plugin ABI as C11 too."""

import concurrent.futures
import subprocess
import unittest

import tree

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
INCLUDES = [f"-I{tree.ROOT}/core/include", f"-I{tree.ROOT}/plugins/include"]


def compile_alone(code, language, standard):
    """What the compiler says to a source of these lines; empty if it takes them."""
    compiler = tree.cache_value("CMAKE_CXX_COMPILER" if language == "c++" else "CMAKE_C_COMPILER")
    command = [compiler, f"-std={standard}", "-fsyntax-only", *WARNINGS, *INCLUDES, "-x", language, "-"]
    result = subprocess.run(command, input=code, capture_output=True, text=True, check=False)
    return result.stderr if result.returncode else ""


def header_alone(path, language, standard):
    name = path.split("include/", 1)[1]
    said = compile_alone(f'#include "{name}"\n#include "{name}"\nint unused_;\n', language, standard)
    return f"{name} as {standard}:\n{said}" if said else ""


class Headers(unittest.TestCase):
    def test_public_headers_are_self_contained(self):
        headers = tree.files("core/include", "plugins/include", suffixes=(".h", ".hpp"))
        self.assertGreater(len(headers), 15)
        jobs = [(path, "c++", "c++20") for path in headers]
        jobs += [(path, "c", "c11") for path in headers if "/atlink/plugin/" in path and path.endswith(".h")]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = [said for said in pool.map(lambda job: header_alone(*job), jobs) if said]
        self.assertEqual(found, [], "\n" + "\n".join(found))

    def test_the_check_sees_a_header_that_leans_on_others(self):
        self.assertTrue(compile_alone("std::string name();\n", "c++", "c++20"))
        self.assertTrue(compile_alone("class Plugin {};\n", "c", "c11"))
        self.assertTrue(compile_alone("inline int f(long a) { return a; }\n", "c++", "c++20"))


if __name__ == "__main__":
    unittest.main()
