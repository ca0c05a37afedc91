#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Sums up what CTest wrote: summary.py RESULTS.xml [FAILED-STAGES].

Names what failed, and what was skipped with its reason, then prints one line
"N passed, N failed, N skipped". Exits 0 only if something ran and nothing failed.
"""

import sys
import xml.etree.ElementTree as xml


def outcome(case):
    """'passed', 'failed' or 'skipped', and for the last one why."""
    if case.get("status") == "run":
        return "passed", ""
    if case.find("failure") is None and case.get("status") in ("notrun", "disabled"):
        output = [line for line in (case.findtext("system-out") or "").splitlines() if line.strip()]
        skipped = case.find("skipped")
        message = skipped.get("message", "") if skipped is not None else ""
        if message.startswith("SKIP"):
            return "skipped", output[-1].strip() if output else "it gave no reason"
    return "failed", ""


def main():
    stages = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    count = {"passed": 0, "failed": stages, "skipped": 0}
    try:
        cases = xml.parse(sys.argv[1]).getroot().findall("testcase")
    except (OSError, xml.ParseError):
        cases = []
    for case in cases:
        kind, reason = outcome(case)
        count[kind] += 1
        if kind != "passed":
            print(f"== {kind}: {case.get('name')}" + (f" ({reason})" if reason else ""))
    if not count["passed"]:
        print("== no test passed")
    print(f"{count['passed']} passed, {count['failed']} failed, {count['skipped']} skipped")
    return 0 if count["passed"] and not count["failed"] else 1


sys.exit(main())
