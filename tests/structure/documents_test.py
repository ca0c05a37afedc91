#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Documents that list what the code holds list all of it and nothing else."""

import json
import re
import unittest

import tree

DEFINITION = re.compile(r'^ATLINK_ERROR_CODE\((\w+), (\d+), "([^"]+)",\s*"([^"]+)"\)', re.M)
ROW = re.compile(r"^\| (\d+) \| `([^`]+)` \|", re.M)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")


def error_differences(definitions, page):
    """Codes that only one of the two knows, as (number, dotted name)."""
    defined = {(int(m[1]), m[2]) for m in DEFINITION.findall(definitions)}
    documented = {(int(number), name) for number, name in ROW.findall(page)}
    return sorted(defined ^ documented)


def product_rows(page):
    """Of README's table of products: id in the first column → deployments in the fourth."""
    table = re.search(r"<!-- products -->\n(.*?)<!-- /products -->", page, re.S)
    row = r"^\| \[`([a-z0-9-]+)`\]\(products/\1/README\.md\) \|[^|]*\|[^|]*\|([^|]*)\|"
    rows = re.findall(row, table.group(1) if table else "", re.M)
    return {product: {name.strip() for name in names.split(",")} for product, names in rows}


def deployments_of(product):
    """Those that a description has, with what it builds on."""
    description = json.loads(tree.text(f"products/{product}/product.json"))
    base = description.get("extends")
    return set(description.get("deployments", {})) | (deployments_of(base) if base else set())


def dead_links(path, page):
    """Links to files that are not there."""
    folder = (tree.ROOT / path).parent
    targets = [t for t in LINK.findall(page) if not re.match(r"[a-z]+:", t)]
    return [t for t in targets if not (folder / t).exists()]


class Documents(unittest.TestCase):
    def test_every_error_code_is_documented(self):
        definitions = tree.text("core/include/atlink/error_codes.def")
        self.assertGreater(len(DEFINITION.findall(definitions)), 60)
        self.assertEqual(definitions.count("\nATLINK_ERROR_CODE("), len(DEFINITION.findall(definitions)))
        self.assertEqual(error_differences(definitions, tree.text("docs/errors.md")), [])

    def test_readme_tells_the_truth_of_products(self):
        # The folders are the list of products; the table shows some of them.
        page = tree.text("README.md")
        rows = product_rows(page)
        self.assertGreaterEqual(len(rows), 3)
        self.assertEqual(page.count("](products/"), len(rows) + 1)
        for product, deployments in rows.items():
            self.assertEqual(deployments, deployments_of(product), product)

    def test_links_between_documents_lead_somewhere(self):
        for path in ["README.md", "CHANGELOG.md"] + tree.files("docs", "products", "plugins", "tests", suffixes=(".md",)):
            self.assertEqual(dead_links(path, tree.text(path)), [], path)

    def test_decisions_have_their_sections(self):
        decisions = tree.files("docs/decisions", suffixes=(".md",))
        self.assertGreaterEqual(len(decisions), 7)
        for path in decisions:
            headings = re.findall(r"^## (.+)$", tree.text(path), re.M)
            self.assertEqual(headings, ["Status", "Context", "Decision", "Consequences"], path)

    def test_json_files_parse(self):
        for path in tree.files("products", "plugins", suffixes=(".json",)):
            json.loads(tree.text(path))

    def test_the_checks_see_what_they_must(self):
        definition = '\nATLINK_ERROR_CODE(usage, 100, "usage", "x")\n'
        self.assertEqual(error_differences(definition, "| 100 | `usage` | x |"), [])
        self.assertEqual(error_differences(definition, "| 101 | `usage` | x |"), [(100, "usage"), (101, "usage")])
        self.assertEqual(error_differences(definition, ""), [(100, "usage")])
        table = "<!-- products -->\n| [`acme`](products/acme/README.md) | x | y | a, b | z |\n<!-- /products -->"
        self.assertEqual(product_rows(table), {"acme": {"a", "b"}})
        self.assertEqual(dead_links("README.md", "[a](docs/nowhere.md) [b](https://x.example/)"), ["docs/nowhere.md"])


if __name__ == "__main__":
    unittest.main()
