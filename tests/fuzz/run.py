#!/usr/bin/python3
"""Runs a fuzzer: replays its corpus and what was ever found, then goes on from there. run.py BUILD TARGET [--seconds N | --runs N]

  --seconds N   of fuzzing; 0: the replay alone
  --runs N      executions, the replay's among them: the same each time
  --seed N      that its choices come from; 1
  --grown DIR   takes what was found worth keeping before, and keeps it there; else it is forgotten

What crashes is kept in BUILD/crashed/TARGET; the line that repeats it is printed."""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INPUT_BYTES = 16384
ONE_INPUT_SECONDS = 60   # patience with one input on a machine under load
STARTUP_SECONDS = 240
MEMORY_MB = 3000


def number(pattern, text):
    found = re.findall(pattern, text)
    return int(found[-1]) if found else 0


def folders(target):
    return [folder for folder in (HERE / "found" / target, HERE / "corpus" / target) if folder.is_dir()]


def command(build, target, seconds, runs, seed, crashed, grown):
    dictionary = HERE / "dictionary" / f"{target}.dict"
    return [build / "tests" / "fuzz" / f"fuzz-{target}", f"-seed={seed}", f"-max_len={INPUT_BYTES}",
            f"-timeout={ONE_INPUT_SECONDS}", f"-rss_limit_mb={MEMORY_MB}", f"-artifact_prefix={crashed}/", "-print_final_stats=1",
            *([f"-dict={dictionary}"] if dictionary.exists() else []),
            f"-max_total_time={seconds}" if seconds else f"-runs={runs}", grown, *folders(target)]


def in_memory():
    """Where worlds are fast; None where there is no such place. A fuzzer ends without closing what it has open."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def run(build, target, seconds=0, seed=1, grown=None, runs=0):
    """(whether nothing was found, figures, what it said)"""
    crashed = build / "crashed" / target
    crashed.mkdir(parents=True, exist_ok=True)
    inputs = sum(1 for folder in folders(target) for _ in folder.iterdir())
    with tempfile.TemporaryDirectory(prefix="jineng-fuzz-", dir=in_memory()) as worlds, \
            tempfile.TemporaryDirectory(prefix="jineng-fuzz-") as forgotten:
        grown = grown or pathlib.Path(forgotten)
        grown.mkdir(parents=True, exist_ok=True)
        ended = subprocess.run(command(build, target, seconds, runs, seed, crashed, grown), stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
                               timeout=STARTUP_SECONDS + 2 * seconds, env={**os.environ, "TMPDIR": worlds, "UBSAN_OPTIONS": "print_stacktrace=1"})
    said = ended.stdout
    figures = {"inputs": inputs, "executions": number(r"stat::number_of_executed_units: (\d+)", said),
               "a second": number(r"stat::average_exec_per_sec: +(\d+)", said),
               "edges": number(r"\bcov: (\d+)", said), "of": number(r"Loaded \d+ modules +\((\d+)", said)}
    return ended.returncode == 0 and figures["executions"] > inputs, figures, said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("target")
    parser.add_argument("--seconds", type=int, default=0)
    parser.add_argument("--runs", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--grown", type=pathlib.Path)
    options = parser.parse_args()
    good, figures, said = run(options.build, options.target, options.seconds, options.seed, options.grown, options.runs)
    if not good:
        print(said[-8000:])
        written = re.findall(r"Test unit written to (\S+)", said)
        print(f"found; again: {options.build}/tests/fuzz/fuzz-{options.target} {written[-1] if written else ''}"
              f" (seed {options.seed})")
    print(f"fuzz {options.target}: {figures['inputs']} inputs of the tree, {figures['executions']} executions,"
          f" {figures['edges']} of {figures['of']} edges, seed {options.seed}")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
