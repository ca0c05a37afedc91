#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""check_case.py CASE.cpp COMPILER…: compiles as it stands, and fails with ATLINK_MUST_NOT_COMPILE.

The case names the reason in a line "// refused because: REGULAR EXPRESSION", which must match what
the compiler says, so that a case cannot pass by failing for another reason.
"""

import re
import subprocess
import sys


def main():
    case, command = sys.argv[1], sys.argv[2:]
    with open(case, encoding="utf-8") as file:
        reason = re.search(r"^// refused because: (.+)$", file.read(), re.M)
    if reason is None:
        print(f"{case} does not say why it is refused")
        return 1
    twin = subprocess.run([*command, case], capture_output=True, text=True, check=False)
    if twin.returncode != 0:
        print(f"the positive twin does not compile:\n{twin.stderr}")
        return 1
    refused = subprocess.run([*command, "-DATLINK_MUST_NOT_COMPILE", case], capture_output=True, text=True, check=False)
    if refused.returncode == 0:
        print("it compiles, and must not")
        return 1
    if not re.search(reason.group(1), refused.stderr):
        print(f"it is refused for another reason than {reason.group(1)!r}:\n{refused.stderr}")
        return 1
    return 0


sys.exit(main())
