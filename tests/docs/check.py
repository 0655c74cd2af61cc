#!/usr/bin/python3
"""Runs what a README shows, in a scratch copy of the tree: check.py README BIN

A fenced sh block is run where the line before it says so:

    <!-- tested -->               it must end well
    <!-- tested until: TEXT -->   it must print TEXT, and stays up beside the blocks that follow; then it is interrupted
    <!-- file: NAME -->           a block of any language, written to a file of that name

JINENG_BIN is BIN, so that scripts/run builds nothing, and BIN comes first in PATH.
"""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PATIENCE = 150
BLOCK = re.compile(r"^<!-- (tested|tested until|file)(?:: ([^\n]+))? -->\n```(\w+)\n(.*?)^```$", re.M | re.S)
NOT_COPIED = shutil.ignore_patterns("build*", ".git", "__pycache__", "data")


class Fault(Exception):
    pass


def blocks(text):
    for mark, argument, language, body in BLOCK.findall(text):
        if mark != "file" and language != "sh":
            raise Fault(f"a block that is to be tested is {language}, not sh:\n{body}")
        if (mark == "tested") != (not argument):
            raise Fault(f"`{mark}` with `{argument}`:\n{body}")
        yield mark, argument, body


class Kept:
    """A block that stays up; what it says goes to a file."""

    def __init__(self, body, text, scratch, environment):
        self.body, self.path = body, scratch / f".said-{time.monotonic_ns()}"
        with open(self.path, "w", encoding="utf-8") as said:
            self.start(scratch, environment, said)
        end = time.monotonic() + PATIENCE
        while text not in self.output():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise Fault(f"it never said \"{text}\":\n{body}\n{self.output()}")
            time.sleep(0.1)

    def start(self, scratch, environment, said):
        self.process = subprocess.Popen(["bash", "-euo", "pipefail", "-c", self.body], cwd=scratch, env=environment,
                                        stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT, start_new_session=True)

    def output(self):
        return self.path.read_text(encoding="utf-8")

    def stop(self):
        """As Ctrl-C does: the terminal tells all of them."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            return self.process.wait()


def run(body, scratch, environment):
    done = subprocess.run(["bash", "-euo", "pipefail", "-c", body], cwd=scratch, env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE, check=False)
    if done.returncode != 0:
        raise Fault(f"it ended with {done.returncode}:\n{body}\n{done.stdout}")


def follow(text, scratch, environment):
    """All blocks of a document, in order; how many were run."""
    kept, count = [], 0
    try:
        for mark, argument, body in blocks(text):
            if mark == "file":
                (scratch / argument).write_text(body, encoding="utf-8")
                continue
            count += 1
            if mark == "tested":
                run(body, scratch, environment)
            else:
                kept.append(Kept(body, argument, scratch, environment))
        while kept:
            one = kept.pop()
            code = one.stop()
            if code not in (0, 130):
                raise Fault(f"interrupted, it ended with {code}:\n{one.body}\n{one.output()}")
    finally:
        for one in kept:
            one.stop()
    return count


def main(readme, programs):
    with tempfile.TemporaryDirectory(prefix="jineng-docs-") as folder:
        scratch = pathlib.Path(folder, "jineng")
        shutil.copytree(ROOT, scratch, ignore=NOT_COPIED, symlinks=True)
        programs = str(pathlib.Path(programs).resolve())
        environment = {**os.environ, "JINENG_BIN": programs, "PATH": f"{programs}:/usr/bin:{os.environ['PATH']}",
                       "LC_ALL": "C.UTF-8", "HOME": folder}
        try:
            count = follow((ROOT / readme).read_text(encoding="utf-8"), scratch, environment)
        except Fault as fault:
            sys.exit(f"{readme}: {fault}")
        print(f"{readme}: {count} blocks")


if __name__ == "__main__":
    main(*sys.argv[1:])
