#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Breaks a copy of the engine in one place and demands that the vectors notice.

A mutation is a file `<name>.mutation`: what it breaks, the source, a line "<<<<", the text to find,
a line "====", what to put there instead, a line ">>>>". The text must stand in the source exactly
once. The mutated source is compiled alone, with the flags it has in the build, and linked in front
of the archive, which then does not give its own version of it. Without a mutation ("none") every
source that a mutation names is compiled unchanged, and the vectors must pass.
"""

import argparse
import json
import pathlib
import re
import shlex
import subprocess
import sys

FORM = re.compile(r"\A(?P<what>[^\n]+)\n(?P<source>\S+)\n<<<<\n(?P<find>.*?)====\n(?P<put>.*?)>>>>\n\Z", re.S)


def read_mutation(path):
    match = FORM.match(path.read_text())
    if not match:
        sys.exit(f"{path}: not in the form of a mutation")
    if match["find"] == match["put"]:
        sys.exit(f"{path}: changes nothing")
    return match["what"], match["source"], match["find"], match["put"]


def mutated(root, path):
    """(source, text) of a mutation."""
    what, source, find, put = read_mutation(path)
    text = (root / source).read_text()
    if text.count(find) != 1:
        sys.exit(f"{path}: no longer applies: its text stands {text.count(find)} times in {source}")
    print(f"{what} ({source})")
    return source, text.replace(find, put)


def unmutated(root, folder):
    sources = {read_mutation(path)[1] for path in folder.glob("*.mutation")}
    return [(source, (root / source).read_text()) for source in sorted(sources)]


class Build:
    """Compiles sources as the build does, but without optimisation, and links the vectors program."""

    def __init__(self, root, build, folder, linking):
        self.root, self.folder, self.linking = root, folder, linking
        database = build / "compile_commands.json"
        self.commands = {entry["file"]: entry for entry in json.loads(database.read_text())}

    def compile(self, source, text):
        copy = self.folder / source
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text)
        original = str(self.root / source)
        entry = self.commands[original]
        words = [str(copy) if word == original else word for word in shlex.split(entry["command"])]
        output = words.index("-o")
        words[output + 1] = str(copy.with_suffix(".o"))
        # _FORTIFY_SOURCE warns without optimisation; what a mutation leaves unused is no error.
        words += ["-O0", "-g0", "-U_FORTIFY_SOURCE", "-w"]
        subprocess.run(words, cwd=entry["directory"], check=True)
        return str(copy.with_suffix(".o"))

    def link(self, objects):
        program = self.folder / "vectors"
        compiler, *rest = self.linking
        subprocess.run([compiler, *objects, *rest, "-o", str(program)], check=True)
        return program


def run_vectors(program, data):
    """(exit code, failed vectors, output)"""
    done = subprocess.run([program, data], capture_output=True, text=True, timeout=60, check=False)
    print(done.stdout[-2000:] + done.stderr, end="")
    tally = re.search(r"^(\d+) passed, (\d+) failed\n\Z", done.stdout, re.M)
    if not tally:
        sys.exit(f"the vectors program ended with {done.returncode} and no tally")
    return done.returncode, int(tally[2])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--work", type=pathlib.Path, required=True)
    parser.add_argument("name")
    parser.add_argument("linking", nargs="+", help="compiler, then objects, archive and libraries")
    arguments = parser.parse_args()
    mutations = arguments.root / "tests/mutations"
    if arguments.name == "none":
        sources = unmutated(arguments.root, mutations)
    else:
        sources = [mutated(arguments.root, mutations / f"{arguments.name}.mutation")]
    build = Build(arguments.root, arguments.build, arguments.work / arguments.name, arguments.linking)
    program = build.link([build.compile(*source) for source in sources])
    code, failed = run_vectors(program, arguments.root / "tests/vectors/data")
    if arguments.name == "none":
        sys.exit(code)
    if code != 1 or failed == 0:
        sys.exit("no vector notices this mutation")


if __name__ == "__main__":
    main()
