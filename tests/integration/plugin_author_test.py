#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""docs/plugin-author.md, followed to the letter: every command runs, and prints what the page shows."""

import contextlib
import os
import queue
import re
import signal
import socket
import subprocess
import threading
import time

import support
from support import ROOT, Story

PAGE = ROOT / "docs/plugin-author.md"
SHOWN_PORT = "8090"
END = "end of the block"


def blocks(page):
    """[(commands, output shown or None)] of a page, in order. Fails for a block that is neither."""
    found = []
    for language, text in re.findall(r"^```(\w*)\n(.*?)^```", page, re.M | re.S):
        if language == "sh":
            found.append([text, None])
        elif language == "text" and found and found[-1][1] is None:
            found[-1][1] = text
        else:
            raise AssertionError(f"what is this block? {language}: {text}")
    return [tuple(block) for block in found]


def fits(shown, printed):
    """Whether an output is the one shown, in which "…" stands for anything on a line."""
    pattern = r"[^\n]*".join(re.escape(piece) for piece in shown.split("…"))
    # An answer of a server need not end its last line.
    return re.fullmatch(pattern, printed if printed.endswith("\n") else printed + "\n") is not None


class Shell:
    """A person's shell, which keeps its folder, variables and jobs from one block to the next."""

    def __init__(self, environment, folder):
        self.talk = open(folder / ".talk", "w+", encoding="utf-8")  # closed by stop
        self.process = subprocess.Popen(
            ["bash", "--norc", "--noprofile"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.talk,
            text=True, env=environment, cwd=folder, start_new_session=True)  # fmt: skip
        self.lines = queue.Queue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.run("set -m")

    def read(self):
        for line in self.process.stdout:
            self.lines.put(line)

    def next_line(self):
        try:
            return self.lines.get(timeout=4 * support.PATIENCE)
        except queue.Empty:
            raise AssertionError(f"the shell hangs: {self.said()}") from None

    def said(self):
        """All of standard error so far."""
        self.talk.seek(0)
        return self.talk.read()

    def run(self, commands):
        """(exit code, standard output) of a block."""
        self.process.stdin.write(f"{commands}\nprintf '%s %s\\n' '{END}' $?\n")
        self.process.stdin.flush()
        lines = []
        while True:
            line = self.next_line()
            match = re.fullmatch(rf"(.*){END} (\d+)\n", line)
            if match:
                return int(match.group(2)), "".join(lines) + match.group(1)
            lines.append(line)

    def stop(self):
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True, text=True, check=False)
        for job in children.stdout.split():
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(job), signal.SIGTERM)
        self.process.stdin.close()
        self.process.wait(30)
        self.reader.join(30)
        self.process.stdout.close()
        self.talk.close()


def wait_for(port):
    for _ in range(600):
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        time.sleep(0.05)
    raise AssertionError("nothing listens")


class PluginAuthor(Story):
    def follow(self, page):
        port = support.free_port()
        folder = self.home.folder / "work"
        folder.mkdir()
        program = os.path.dirname(support.PROGRAM)
        environment = {"HOME": str(self.home.folder), "PATH": f"{program}:/usr/bin:/bin", "LANG": "C.UTF-8"}
        shell = self.start(Shell(environment, folder))
        count = 0
        for commands, shown in blocks(page):
            with self.subTest(commands):
                commands = commands.replace(SHOWN_PORT, str(port))
                code, printed = shell.run(commands)
                if commands.rstrip().endswith("&"):
                    wait_for(port)
                    # What a job prints comes when it comes.
                    printed = printed or shell.next_line()
                self.assertEqual(code, 0, printed + shell.said())
                if shown is not None:
                    shown = shown.replace(SHOWN_PORT, str(port))
                    self.assertTrue(fits(shown, printed), f"shown:\n{shown}\nprinted:\n{printed}")
                count += 1
        return count

    def test_the_page_can_be_followed(self):
        self.assertGreater(self.follow(PAGE.read_text(encoding="utf-8")), 12)

    def test_the_check_sees_what_it_must(self):
        self.assertEqual(blocks("a\n```sh\nx\ny\n```\n\n```text\nz\n```\n```sh\nw\n```\n"), [("x\ny\n", "z\n"), ("w\n", None)])
        for page in ("```json\n{}\n```\n", "```text\nz\n```\n"):
            with self.assertRaises(AssertionError):
                blocks(page)
        self.assertTrue(fits("a …\nb\n", "a 12 x\nb\n"))
        self.assertFalse(fits("a …\nb\n", "a 1\n2\nb\n"))
        self.assertFalse(fits("a\n", "a\nb\n"))


if __name__ == "__main__":
    support.need("bash", "curl", "sed", "ps")
    support.main()
