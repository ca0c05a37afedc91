# SPDX-License-Identifier: Apache-2.0
"""What the structure tests share: the files of the repository and how to read them."""

import os
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
CODE = (".cpp", ".h", ".hpp", ".c")


def files(*folders, suffixes=None):
    """Repository-relative paths of the files below `folders`, sorted."""
    found = []
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                if suffixes is None or path.suffix in suffixes:
                    found.append(path.relative_to(ROOT).as_posix())
    return found


def text(path):
    return (ROOT / path).read_text(encoding="utf-8", errors="replace")


def without_comments(code):
    """C++ with comments and string contents blanked; line numbers stay."""

    def blank(match):
        piece = match.group(0)
        if piece.startswith(("//", "/*")):
            return "\n" * piece.count("\n") + " "
        return '""' + "\n" * piece.count("\n") if piece.startswith(('"', "R")) else "' '"

    pattern = r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])+\''
    return re.sub(pattern, blank, code, flags=re.S)


def cache_value(name):
    """An entry of the CMake cache of the build under test."""
    cache = pathlib.Path(os.environ["ATLINK_BUILD"], "CMakeCache.txt").read_text(encoding="utf-8")
    match = re.search(rf"^{name}:\w+=(.*)$", cache, flags=re.M)
    return match.group(1) if match else ""
