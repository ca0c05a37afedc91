#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The reader and the schemas say the same of some thousand documents, valid and broken.

agreement_test.py JUDGE jsonschema|ajv: JUDGE is atlink-judge, the other a validator that others wrote.
A validator that is not installed skips the test. Documents are judged as files: what only holds in the
end (a screen that is named and not there, a member that is needed) no schema can say.
"""

import collections
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import documents

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "plugins/schema"
MODULES = ROOT / "build/npm/node_modules"
SEED = 20261125
MOST = {"product": 4000, "catalogue": 600}
# What the reader says of one file and JSON Schema has no words for: that a range has no version in it.
BEYOND_SCHEMA = {"versions"}


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def run(command, made):
    """What a judge says of each document."""
    lines = "".join(json.dumps(document) + "\n" for document in made)
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise AssertionError(f"{command[0]} failed: {done.stderr[-3000:]}")
    said = done.stdout.splitlines()
    assert len(said) == len(made), f"{len(said)} verdicts on {len(made)} documents"
    return said


def schema(kind):
    return json.loads((SCHEMAS / f"{kind}.schema.json").read_text(encoding="utf-8"))


def to_python(pattern):
    """The schema's regular expressions are of ECMA-262, where $ is the end and nothing else is."""
    return re.sub(r"\\.|\[(?:\\.|[^\]\\])*\]|\$", lambda m: r"\Z" if m.group(0) == "$" else m.group(0), pattern)


def in_python(value):
    if isinstance(value, list):
        return [in_python(element) for element in value]
    if not isinstance(value, dict):
        return value
    made = {}
    for name, inner in value.items():
        made[name] = to_python(inner) if name in ("pattern",) and isinstance(inner, str) else in_python(inner)
    return made


class Jsonschema:
    """python3-jsonschema."""

    def __init__(self):
        try:
            import jsonschema
        except ImportError:
            skip("python3-jsonschema is not installed")
        self.validators = jsonschema
        if not hasattr(jsonschema, "Draft202012Validator"):
            skip("this python3-jsonschema does not know JSON Schema 2020-12")

    def check(self, kind):
        self.validators.Draft202012Validator.check_schema(schema(kind))

    def judge(self, kind, made):
        product = in_python(schema("product"))
        document = in_python(schema(kind))
        resolver = self.validators.RefResolver(f"{kind}.schema.json", document, store={"product.schema.json": product})
        validator = self.validators.Draft202012Validator(document, resolver=resolver)
        # Twice the processors: one half of the documents each.
        return halves(lambda some: [validator.is_valid(each) for each in some], made)


def halves(judge, made):
    """`judge` over the first half in another process, and over the rest in this one."""
    middle = len(made) // 2
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as stream:
                stream.write("".join("1" if valid else "0" for valid in judge(made[:middle])))
            code = 0
        finally:
            os._exit(code)
    os.close(writing)
    second = judge(made[middle:])
    with os.fdopen(reading) as stream:
        first = [letter == "1" for letter in stream.read()]
    _, status = os.waitpid(child, 0)
    assert status == 0 and len(first) == middle, "the other process failed"
    return first + second


class Ajv:
    """ajv, which checks the schemas against the meta-schema when it compiles them."""

    def __init__(self):
        if shutil.which("node") is None:
            skip("node is not installed")
        if not (MODULES / "ajv/dist/2020.js").is_file():
            skip("ajv is not installed below build/npm (tools/test installs it where npm can)")

    def command(self, kind):
        return ["node", str(pathlib.Path(__file__).with_name("ajv_judge.mjs")), str(MODULES), str(SCHEMAS), kind]

    def check(self, kind):
        run(self.command(kind), [])

    def judge(self, kind, made):
        return [verdict == "pass" for verdict in run(self.command(kind), made)]


def reader(kind, made):
    """The rules that each document breaks."""
    return [json.loads(line) for line in run([JUDGE, kind], made)]


def references(value):
    if isinstance(value, dict):
        for name, inner in value.items():
            if name == "$ref":
                yield inner
            yield from references(inner)
    if isinstance(value, list):
        for inner in value:
            yield from references(inner)


def pattern_of(place, maps):
    """The place of a value as the reader names it: entries of maps are *, elements of lists nothing."""
    at = ""
    for step in place:
        if isinstance(step, str):
            at += "/*" if at + "/*" in maps else "/" + step
    return at


class Agreement(unittest.TestCase):
    def test_the_schemas_are_schemas(self):
        for kind in MOST:
            VALIDATOR.check(kind)

    def test_every_reference_leads_somewhere(self):
        for kind in MOST:
            for reference in references(schema(kind)):
                file, pointer = reference.split("#")
                at = schema(file.removesuffix(".schema.json") or kind)
                for name in pointer.split("/")[1:]:
                    at = at[name]

    def test_every_member_is_among_what_is_changed(self):
        members = subprocess.run([JUDGE, "members"], capture_output=True, text=True, check=True).stdout.split("\n")
        known = {line.split(" ", 1)[1] for line in members if line.startswith("product ")}
        there = {pattern_of(place, known) for _, part in documents.parts() for place in documents.places(part)}
        missing = {name for name in known - there if not name.startswith("/deployments/*/")}
        self.assertEqual(missing, set())
        self.assertIn("/deployments/*/hosts", there)

    def test_what_is_bundled_and_shown_passes(self):
        page = (ROOT / "docs/product-description.md").read_text(encoding="utf-8")
        shown = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", page, re.S)]
        shown = [each for each in shown if "schema" in each]
        bundled = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "products").glob("*/product.json"))]
        files = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((ROOT / "products").glob("*/catalogue/*.json"))]
        for kind, made in (("product", bundled + [each for each in shown if "id" in each]),
                           ("catalogue", files + [each for each in shown if "id" not in each])):  # fmt: skip
            self.assertGreater(len(made), 0)
            self.assertEqual(reader(kind, made), [[]] * len(made), kind)
            self.assertEqual(VALIDATOR.judge(kind, made), [True] * len(made), kind)

    def judge(self, kind, made):
        rules = reader(kind, made)
        verdicts = VALIDATOR.judge(kind, made)
        differ = []
        for document, broken, valid in zip(made, rules, verdicts):
            self.assertNotIn("json", broken, document)
            if valid != (set(broken) <= BEYOND_SCHEMA):
                differ.append(f"{WHO} {valid}, reader {broken}: {json.dumps(document)[:1500]}")
        counts = collections.Counter(rule for broken in rules for rule in set(broken))
        accepted = sum(verdicts)
        print(f"{kind}: {len(made)} documents, {accepted} pass, {len(made) - accepted} fail, "
              f"{len(differ)} differ; {len(counts)} rules: {dict(counts.most_common())}")  # fmt: skip
        self.assertEqual(differ[:40], [], f"{len(differ)} differ")
        self.assertGreater(min(accepted, len(made) - accepted), len(made) // 10, "both verdicts are common")
        return set(counts)

    def test_descriptions(self):
        made = documents.products(SEED, MOST["product"])
        self.assertEqual(made, documents.products(SEED, MOST["product"]), "the same seed gives the same")
        rules = self.judge("product", made)
        self.assertGreater(len(rules), 25)

    def test_catalogues(self):
        self.judge("catalogue", documents.catalogues(SEED, MOST["catalogue"]))


if __name__ == "__main__":
    JUDGE, WHO = sys.argv[1:3]
    VALIDATOR = {"jsonschema": Jsonschema, "ajv": Ajv}[WHO]()
    unittest.main(argv=sys.argv[:1])
