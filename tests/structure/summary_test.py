#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The last line of tools/test tells the truth about what CTest found."""

import subprocess
import tempfile
import unittest

import tree

PASSED = '<testcase name="a" status="run"/>'
FAILED = '<testcase name="b" status="fail"><failure message=""/></testcase>'
SKIPPED = (
    '<testcase name="c" status="notrun"><skipped message="SKIP_RETURN_CODE=77"/>'
    "<system-out>skipped: strace is not installed\n</system-out></testcase>"
)
MISSING = '<testcase name="d" status="notrun"><skipped message="Unable to find executable"/></testcase>'


def summary(cases, *arguments):
    """(exit code, lines) of tools/lib/summary.py over these cases."""
    with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
        file.write(f"<testsuite>{''.join(cases)}</testsuite>")
        file.flush()
        done = subprocess.run(
            ["/usr/bin/python3", "-B", str(tree.ROOT / "tools/lib/summary.py"), file.name, *arguments],
            capture_output=True, text=True, check=False)  # fmt: skip
    return done.returncode, done.stdout.splitlines()


class Summary(unittest.TestCase):
    def test_all_passed(self):
        self.assertEqual(summary([PASSED, PASSED]), (0, ["2 passed, 0 failed, 0 skipped"]))

    def test_skipped_ones_are_named_with_their_reason(self):
        code, lines = summary([PASSED, SKIPPED])
        self.assertEqual((code, lines[-1]), (0, "1 passed, 0 failed, 1 skipped"))
        self.assertEqual(lines[0], "== skipped: c (skipped: strace is not installed)")

    def test_a_failure_and_a_program_that_is_missing_fail(self):
        self.assertEqual(summary([PASSED, FAILED])[0], 1)
        code, lines = summary([PASSED, MISSING])
        self.assertEqual((code, lines[-1]), (1, "1 passed, 1 failed, 0 skipped"))

    def test_nothing_run_is_a_failure(self):
        self.assertEqual(summary([])[0], 1)
        self.assertEqual(summary([SKIPPED])[0], 1)

    def test_a_failed_stage_counts(self):
        self.assertEqual(summary([PASSED], "1"), (1, ["1 passed, 1 failed, 0 skipped"]))


if __name__ == "__main__":
    unittest.main()
