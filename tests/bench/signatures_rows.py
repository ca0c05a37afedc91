# SPDX-License-Identifier: Apache-2.0
"""Warm signatures beside `openssl speed rsa2048`, and what a signature costs beside the RSA operation."""

import statistics

from support import Row


def openssl_rate(bench):
    """Signatures per second of processor time on one core."""
    lines = bench.output("openssl", "speed", "-mr", "-seconds", bench.seconds, "rsa2048", cpus=1).splitlines()
    return float(next(line for line in lines if line.startswith("+F2:")).split(":")[3])


def our_rates(bench, threads):
    """(per second of processor time, per second of the clock) of whole Authorization headers."""
    program = bench.program("tests/atlink-bench-signatures")
    words = bench.output(program, "sign", threads, bench.seconds, cpus=threads).split()
    return float(words[1]), float(words[3])


def rows(bench):
    one, two_cpu, two_wall, yardsticks = [], [], [], []
    for _ in range(bench.rounds):
        yardstick = openssl_rate(bench)
        yardsticks.append(yardstick)
        alone, alone_wall = our_rates(bench, 1)
        both, both_wall = our_rates(bench, 2)
        one.append(alone / yardstick)
        two_cpu.append(both / alone)
        two_wall.append(both_wall / alone_wall)
    yield Row("warm signatures, RSA-2048, one core", "openssl speed rsa2048", statistics.median(one), 0.97,
              note=f"{min(one):.3f} to {max(one):.3f} over {bench.rounds} rounds")  # fmt: skip
    yield Row("the same on two threads, one key", "one thread, processor time", statistics.median(two_cpu), 1.9)
    if len(bench.cpus) > 1:
        yield Row("the same by the clock", "one thread, by the clock", statistics.median(two_wall), 1.9,
                  note="of use only on an idle machine")  # fmt: skip
    program = bench.program("tests/atlink-bench-signatures")
    rest = bench.median_of_rounds(lambda: float(bench.output(program, "rest", bench.seconds, cpus=1).split()[1]))
    yield Row("all of a signature that is not RSA", "–", rest, 3.0, higher_is_better=False, unit="µs",
              note=f"{rest * statistics.median(yardsticks) / 1e4:.2f} % of an RSA operation of the same run")  # fmt: skip
