# SPDX-License-Identifier: Apache-2.0
"""Exchanges through the real Transport, asked for by a test (tests/wire/exchange.cpp)."""

import json
import os
import select
import subprocess

BUILD = os.environ["ATLINK_BUILD"]
PROGRAM = os.path.join(BUILD, "tests", "atlink-exchange")
# Nothing a driver is asked for takes longer.
PATIENCE = 30


class Driver:
    """A process with one Transport in it, so that connections are kept from one exchange to the next."""

    def __init__(self, environment=None, before=()):
        if before:
            # Under strace a leak check cannot work; it is for sanitizer builds alone.
            environment = {**(environment or os.environ), "ASAN_OPTIONS": "detect_leaks=0"}
        self.process = subprocess.Popen(
            [*before, PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=environment)  # fmt: skip

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        """Ends the process by the end of its input; it must end by itself."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            status = self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
        finally:
            self.process.stdout.close()
        if status != 0:
            raise AssertionError(f"the driver ended with {status}")

    def start(self, url, method="GET", **plan):
        """Has an exchange begin; `finish` gives its outcome."""
        self._write({"method": method, "url": url, **plan})

    def finish(self):
        """The outcome; a driver that gives none for long hangs."""
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE)
        if not ready:
            self.process.kill()
            raise AssertionError("the exchange hangs")
        return json.loads(self.process.stdout.readline())

    def ask(self, url, method="GET", **plan):
        self.start(url, method, **plan)
        return self.finish()

    def has_loaded(self, name):
        self._write({"command": "loaded", "name": name})
        return self.finish()

    def _write(self, line):
        self.process.stdin.write(json.dumps(line) + "\n")
        self.process.stdin.flush()


def text_body(text, announced=True):
    """A body in memory, with its length announced or chunked."""
    return {"text": text, **({"announced": len(text)} if announced else {})}
