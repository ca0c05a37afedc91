# SPDX-License-Identifier: Apache-2.0
"""What the groups of figures share.

A group is a file `<name>_rows.py` in this folder with a function `rows(bench)` that yields Row
objects. `bench` is a Bench: where the programs are, how many rounds, and the ways to measure.
"""

import dataclasses
import os
import pathlib
import statistics
import subprocess


@dataclasses.dataclass
class Row:
    """One line of the table. `figure` is a ratio to the yardstick unless `unit` says otherwise."""

    aspect: str
    yardstick: str
    figure: float
    aim: float
    higher_is_better: bool = True
    unit: str = "×"
    note: str = ""

    @property
    def met(self):
        return self.figure >= self.aim if self.higher_is_better else self.figure <= self.aim


class Missing(Exception):
    """A yardstick or program is not there; the group is left out with this reason."""


class Bench:
    def __init__(self, build, rounds, seconds):
        self.build = pathlib.Path(build)
        self.rounds = rounds
        self.seconds = seconds
        self.cpus = sorted(os.sched_getaffinity(0))

    def program(self, name):
        path = self.build / name
        if not path.is_file():
            raise Missing(f"{path} is not built")
        return str(path)

    def output(self, *command, cpus=None):
        """What a command prints, run on the first `cpus` processors (all by default)."""
        chosen = set(self.cpus[:cpus] if cpus else self.cpus)
        try:
            done = subprocess.run(
                [str(word) for word in command], capture_output=True, text=True, check=True, timeout=300,
                preexec_fn=lambda: os.sched_setaffinity(0, chosen),
            )  # fmt: skip
        except FileNotFoundError as error:
            raise Missing(f"{command[0]} is not installed") from error
        return done.stdout

    def median_of_rounds(self, measure):
        """The median of `measure()` over the rounds. To compare two things, measure both inside one
        call and return their ratio: the speed of a machine drifts, and pairs do not care."""
        return statistics.median(measure() for _ in range(self.rounds))
