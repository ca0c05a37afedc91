#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""A product is a folder and nothing else: no list of products anywhere, and every folder whole."""

import json
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import tree

PRODUCTS = tree.ROOT / "products"
# Without its operations: they are the rows of a catalogue, of which there may be any number.
LINES_OF_A_DESCRIPTION = 200
# Holds the screens and the ways to sign in that the others share.
LINES_OF_A_SHARED_DESCRIPTION = 350
# A build that knows of products only what products/CMakeLists.txt does.
PROJECT = f"""cmake_minimum_required(VERSION 3.25)
project(somewhere C)
set(ATLINK_PLUGIN_BUILD_DIR ${{CMAKE_BINARY_DIR}}/share/atlink/plugins)
add_custom_target(program ALL)
add_library(atlink_options INTERFACE)
target_compile_options(atlink_options INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Werror)
add_library(atlink::plugin INTERFACE IMPORTED)
target_include_directories(atlink::plugin INTERFACE "{tree.ROOT}/plugins/include")
add_subdirectory(plugins)
add_subdirectory(products)
"""
# Somewhere else than where the function is used, as in the real build.
INCLUDING = f'include("{tree.ROOT}/plugins/cmake/atlink_add_product.cmake")\n'


def ids():
    return sorted(path.parent.name for path in PRODUCTS.glob("*/product.json"))


def lines_without_operations(description):
    """Lines that stand outside the bodies of "operations"."""
    count, closing = 0, None
    for line in description.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        if closing is None:
            count += 1
            if line.strip() == '"operations": {':
                closing = indent + "}"
        elif line.rstrip(",") == closing:
            closing = None
    return count


def pagers(product):
    """Names of the pagers of a product, in any deployment, those that it inherits included."""
    data = json.loads((PRODUCTS / product / "product.json").read_text(encoding="utf-8"))
    parts = [data, *data.get("deployments", {}).values()]
    inherited = pagers(data["extends"]) if data.get("extends", product) != product else set()
    return inherited.union(*(part.get("pagers") or {} for part in parts))


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.stdout}{done.stderr}")


class Products(unittest.TestCase):
    def test_nothing_outside_the_folders_names_a_product(self):
        word = re.compile(r"\b(" + "|".join(ids()) + r")\b", re.I)
        sources = tree.files("core", "plugins", "cli", suffixes=tree.CODE + (".txt", ".in", ".cmake"))
        sources += ["CMakeLists.txt", "products/CMakeLists.txt", "tests/CMakeLists.txt"]
        self.assertGreater(len(sources), 50)
        for path in sources:
            self.assertEqual(word.findall(tree.text(path)), [], path)

    def test_a_folder_is_whole(self):
        for product in ids():
            folder = PRODUCTS / product
            self.assertTrue((folder / "README.md").is_file(), product)
            description = (folder / "product.json").read_text(encoding="utf-8")
            limit = LINES_OF_A_DESCRIPTION
            if '"extends"' not in description:
                limit = LINES_OF_A_SHARED_DESCRIPTION
            self.assertLessEqual(lines_without_operations(description), limit, product)
            self.assertEqual(json.loads(description)["id"], product)

    def test_the_sandbox_has_answers_in_the_documented_form(self):
        for product in ids():
            data = json.loads((PRODUCTS / product / "testdata" / "sandbox.json").read_text(encoding="utf-8"))
            self.assertLessEqual(set(data), {"version", "resources", "collections", "lists", "files", "note"}, product)
            for resource in data["resources"]:
                self.assertLessEqual(
                    set(resource),
                    {"deployment", "method", "path", "query", "status", "headers", "body", "text", "anonymous", "note"},
                )
                self.assertEqual(("body" in resource) + ("text" in resource), 1, resource["path"])
                self.assertRegex(resource["path"], r"^/[!-~]+$")
                self.assertRegex(resource["method"], r"^[A-Z]+$")
            for collection in data["collections"]:
                optional = {"version", "fill", "pager", "items", "note"}
                self.assertEqual(set(collection) - optional, {"path", "id_member", "id_prefix", "initial"})
                for item in collection["initial"]:
                    self.assertTrue(item[collection["id_member"]].startswith(collection["id_prefix"]))
            for listed in data.get("lists", []):
                self.assertEqual(set(listed) - {"pager", "items", "note"}, {"path", "of"})
                self.assertIn(listed["of"], [collection["path"] for collection in data["collections"]])
            self.assertLessEqual(set(data.get("files", {})), {"initial", "largest", "items", "note"})

    def test_a_pager_of_the_sandbox_is_one_that_the_product_has(self):
        for product in ids():
            data = json.loads((PRODUCTS / product / "testdata" / "sandbox.json").read_text(encoding="utf-8"))
            known = pagers(product)
            for listed in data["collections"] + data.get("lists", []):
                self.assertIn(listed.get("pager", ""), known | {""}, product)

    def test_lines_are_counted_without_operations(self):
        described = '{\n  "operations": {\n    "a": {\n    }\n  },\n  "operations": {},\n  "x": {\n  }\n}\n'
        self.assertEqual(lines_without_operations(described), 6)

    def test_adding_a_product_edits_nothing_else(self):
        with tempfile.TemporaryDirectory() as temporary:
            root = pathlib.Path(temporary)
            shutil.copytree(PRODUCTS, root / "products")
            shutil.copytree(tree.ROOT / "tests" / "plugins" / "data" / "acme", root / "products" / "acme")
            shutil.copytree(tree.ROOT / "docs" / "examples" / "native-c" / "acme-notes", root / "products" / "acme-notes")
            (root / "products" / "notes").mkdir()
            (root / "CMakeLists.txt").write_text(PROJECT, encoding="utf-8")
            (root / "plugins").mkdir()
            (root / "plugins" / "CMakeLists.txt").write_text(INCLUDING, encoding="utf-8")
            run("cmake", "-G", "Ninja", "-S", str(root), "-B", str(root / "build"))
            run("cmake", "--build", str(root / "build"))
            run("cmake", "--install", str(root / "build"), "--prefix", str(root / "installed"))
            there = sorted(ids() + ["acme", "acme-notes"])
            for at in ("build", "installed"):
                plugins = root / at / "share" / "atlink" / "plugins"
                self.assertEqual(sorted(p.name for p in plugins.iterdir()), there)
                for product in there:
                    self.assertTrue((plugins / product / "product.json").is_file(), f"{at} {product}")
                self.assertEqual([str(p.relative_to(plugins)) for p in plugins.rglob("*.so")], ["acme-notes/acme-notes.so"])
            shared = root / "installed" / "share" / "atlink" / "plugins"
            self.assertTrue((shared / ids()[0] / "testdata" / "sandbox.json").is_file())
            self.assertTrue((shared / ids()[0] / "README.md").is_file())
            self.assertFalse((shared / "acme-notes" / "native.c").exists())
            # One that goes leaves nothing behind, and takes nothing else along.
            (root / "products" / "acme-notes" / "native.c").unlink()
            shutil.move(root / "products" / "acme", root / "acme")
            run("cmake", "--build", str(root / "build"))
            plugins = root / "build" / "share" / "atlink" / "plugins"
            self.assertEqual(sorted(p.name for p in plugins.iterdir()), sorted(ids() + ["acme-notes"]))
            self.assertEqual(list(plugins.rglob("*.so")), [])
            self.assertTrue((root / "products" / ids()[0] / "testdata" / "sandbox.json").is_file())


if __name__ == "__main__":
    unittest.main()
