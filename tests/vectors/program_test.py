#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The program that runs vectors: it finds what differs, and takes nothing for read that it cannot read."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = sys.argv.pop(1)
DATA = pathlib.Path(__file__).parent / "data"


def run(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Program(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.path = pathlib.Path(self.folder.name) / "vectors.json"

    def write(self, *vectors, **more):
        self.path.write_text(json.dumps({"family": "x", "vectors": vectors, **more}))
        return self.path

    def test_it_runs_every_vector_of_every_file(self):
        count = sum(len(json.loads(p.read_text())["vectors"]) for p in DATA.glob("*.json"))
        self.assertEqual(count, 214)
        code, out, _ = run(DATA)
        self.assertEqual((code, out.splitlines()[-1]), (0, "214 passed, 0 failed"))
        one = DATA / "gen-ports.json"
        self.assertEqual(run(one, one)[1].splitlines()[-1], "18 passed, 0 failed")

    def test_each_expected_answer_counts(self):
        for path in sorted(DATA.glob("*.json")):
            document = json.loads(path.read_text())
            altered = 0
            for vector in document["vectors"]:
                altered += self.alter(vector, len(vector["id"]))
            self.path.write_text(json.dumps(document))
            code, out, _ = run(self.path)
            self.assertEqual((code, out.splitlines()[-1]), (1, f"0 passed, {altered} failed"), path)

    def alter(self, vector, number):
        """Changes one expected answer of a vector, another one from vector to vector."""
        places = [(vector, "expected")]
        if vector["kind"] == "request":
            places = [(vector["expected"], name) for name in vector["expected"]]
            if "signature" in vector:
                places.append((vector["signature"], "expected"))
        holder, name = places[number % len(places)]
        holder[name] += "A"
        return 1

    def test_it_names_the_first_stage_that_differs(self):
        vector = {
            "id": "x", "kind": "request", "method": "GET", "url": "http://h/p?a=1", "oauth_params": [],
            "expected": {"base_uri": "http://h/q", "normalized": "a=1", "base_string": "GET&x&y"},
        }  # fmt: skip
        out = run(self.write(vector))[1]
        self.assertIn("x: base_uri differs at byte 9", out)
        self.assertIn("expected http://h/q", out)
        self.assertIn("got      http://h/p", out)

    def test_vectors_it_cannot_run_fail(self):
        broken = [
            {"id": "a", "kind": "future", "expected": ""},
            {"id": "b", "kind": "request", "method": "GET", "url": "http://h/"},
            {"id": "c", "kind": "signature", "method": "MD5", "base_string": "x", "expected": ""},
            {"id": "d", "kind": "signature", "method": "RSA-SHA1", "key": "k", "base_string": "x", "expected": ""},
            {"id": "e", "kind": "normalize_parameters", "params": ["a"], "expected": ""},
            {"id": "f", "kind": "base_string_uri", "url": "nowhere", "expected": ""},
        ]
        code, out, _ = run(self.write(*broken))
        self.assertEqual((code, out.splitlines()[-1]), (1, "0 passed, 6 failed"))

    def test_no_vectors_are_no_success(self):
        self.assertEqual(run(self.write())[:2], (1, "0 passed, 0 failed\n"))

    def test_what_cannot_be_read_is_named(self):
        foreign = self.path.with_name("foreign.json")
        for content, word in (("{", "foreign.json"), ("[1]", "no file of vectors"), ('{"vectors":1}', "no file of vectors")):
            foreign.write_text(content)
            code, out, error = run(foreign, DATA / "gen-ports.json")
            self.assertEqual((code, out), (2, "9 passed, 0 failed\n"))
            self.assertIn(word, error)
        self.assertEqual(run(self.folder.name + "/none")[0], 2)
        empty = self.path.with_name("empty")
        empty.mkdir()
        self.assertEqual(run(empty)[0], 2)
        self.assertEqual(run()[0], 2)


if __name__ == "__main__":
    unittest.main()
