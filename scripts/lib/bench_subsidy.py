"""What scripts/bench subsidy runs once everything is built: bench_subsidy.py ROOT BUILD [options]."""

import argparse
import os
import pathlib
import subprocess
import sys

from bench import first_line, out

LINES = (
    ("untraced", "without a trace", 1_000_000),
    ("traced", "with each step of it", 300_000),
    ("sentences", "with each step as a sentence", None),
    ("by-hand", "three items written by hand in C", None),
)


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench subsidy")
    parser.add_argument("root", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("build", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--facts", default=1_000_000, type=int)
    parser.add_argument("--seed", default=1, type=int)
    given = parser.parse_args()
    pack = given.root / "deploy/policy/shijiazhuang-2019.yaml"
    told = subprocess.run([given.build / "tests/bench/bench-evaluate", pack, str(given.facts), str(given.seed)], check=True,
                          text=True, stdout=subprocess.PIPE).stdout.splitlines()
    came = dict(zip(*[iter(told[0].split())] * 2))
    rates = {name: float(rate) for name, rate in (line.split() for line in told[1:])}
    out(f"{given.facts:,} facts of seed {given.seed} under {pack.name} on one core ({first_line('/proc/cpuinfo', 'model name')}; load "
        f"{os.getloadavg()[0]:.1f}; the processor's time counts)")
    out(f"  Something due {int(came['due']):,}, all refused {int(came['refused']):,}, no item fits {int(came['none']):,}; "
        f"{int(came['fen']) / 100:,.2f} yuan, {int(came['steps']) / given.facts:.1f} steps each. Without a trace the same, by hand the same amounts.")
    for name, text, aim in LINES:
        out(f"  {text:34} {rates[name]:>12,.0f} a second" + (f"   (aimed at: {aim:,})" if aim else ""))


if __name__ == "__main__":
    sys.exit(main())
