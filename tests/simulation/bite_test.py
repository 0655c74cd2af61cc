#!/usr/bin/python3
"""Does the simulation bite? Each fault of seeded.yaml is compiled in by itself and must be found; says after how many messages.

    bite_test.py BUILD [--only NAME] [--runs N]

BUILD is a folder that ninja has built `simulate` in. A fault is a text of one source file put in another's place; the text must
stand there exactly once, so that a list that no longer fits the sources fails. Nothing of the build is changed: the altered file is
compiled, its library copied with the object replaced, and the program linked anew, all in a temporary folder."""
import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import yaml

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TARGET = "tests/simulation/simulate"


def ninja(build, *arguments):
    return subprocess.run(["ninja", "-C", build, "-t", *arguments], check=True, capture_output=True, text=True).stdout


class Build:
    def __init__(self, folder):
        self.folder = folder
        self.compilations = {entry["file"]: entry for entry in json.loads(ninja(folder, "compdb"))
                             if " -c " in entry["command"]}
        self.commands = ninja(folder, "commands", TARGET).splitlines()

    def compile(self, source, text, out):
        """The object of the altered file; the first that names the file is the library's."""
        entry = next(entry for name, entry in self.compilations.items() if os.path.join(self.folder, name).endswith(source))
        altered = os.path.join(out, os.path.basename(source))
        with open(altered, "w", encoding="utf-8") as file:
            file.write(text)
        words = shlex.split(entry["command"])
        words[words.index("-o") + 1] = altered + ".o"
        words[words.index("-c") + 1] = altered
        for option in ("-MF", "-MT"):
            words[words.index(option) + 1] = altered + ".d"
        # A fault may leave something unused.
        subprocess.run([word for word in words if word != "-Werror"] + ["-w"], check=True, cwd=self.folder)
        return entry["output"], altered + ".o"

    def link(self, output, altered, out):
        """The program with the object in its place: its library is copied, what is made of the library made anew."""
        part = re.match(r"services/(.*)/CMakeFiles/(\w+)\.dir/", output)
        library = f"services/{part.group(1)}/lib{part.group(2)}.a"
        copy = os.path.join(out, os.path.basename(library))
        shutil.copy(os.path.join(self.folder, library), copy)
        subprocess.run(["ar", "r", copy, altered], check=True, capture_output=True)
        program = os.path.join(out, "simulate")
        link = self.commands[-1].replace(library, copy).replace(f"-o {TARGET}", f"-o {program}")
        for line in self.commands:
            made = re.search(rf"-o (\S*tests/simulation/(\w+)\.o) --whole-archive (\S*{re.escape(library)})", line)
            if made:
                fresh = os.path.join(out, f"{made.group(2)}-closed.o")
                line = line.replace(made.group(1), fresh).replace(made.group(3), copy)
                subprocess.run(line, shell=True, check=True, cwd=self.folder)
                link = link.replace(f" tests/simulation/{made.group(2)}.o ", f" {fresh} ")
        subprocess.run(link, shell=True, check=True, cwd=self.folder)
        return program


def alter(fault):
    with open(os.path.join(ROOT, fault["file"]), encoding="utf-8") as file:
        text = file.read()
    if text.count(fault["from"]) != 1:
        raise SystemExit(f"{fault['name']}: its text stands {text.count(fault['from'])} times in {fault['file']}; mend seeded.yaml")
    return text.replace(fault["from"], fault["to"])


def simulate(build, source, text, *bound, may_crash=False):
    """In which run, after how many messages and why it failed; None where it held. That it crashed or took for ever is no finding,
    what the simulation or an assertion says is; but for a fault that lets LMDB read nonsense."""
    with tempfile.TemporaryDirectory(prefix="jineng-bite-") as out:
        output, object_file = build.compile(source, text, out)
        program = build.link(output, object_file, out)
        run = subprocess.run([program, "--seed", "1", *bound, "--shrink", "0"], capture_output=True, text=True, check=False)
    found = re.search(r"FAILED after (\d+) messages: (.*)\n", run.stdout)
    total = re.search(r"(\d+) runs, .*?(\d+) messages", run.stdout)
    assert total, f"it was not run: {run.stdout}{run.stderr}"
    if found and not may_crash and re.match(r"signal \d+; (?!.*assertion)", found.group(2)):
        raise SystemExit(f"{source}: it crashed, which shows nothing: {found.group(2)}")
    return (int(total.group(1)), int(total.group(2)), found.group(2)) if found else None


def unaltered(build, source):
    """Put together in the same way, without a fault: this must hold, or what follows shows nothing."""
    with open(os.path.join(ROOT, source), encoding="utf-8") as file:
        result = simulate(build, source, file.read(), "--runs", "3")
    if result:
        raise SystemExit(f"{source} fails without any fault, after {result[1]} messages: {result[2]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--only")
    parser.add_argument("--runs", type=int, default=120)
    arguments = parser.parse_args()
    with open(os.path.join(HERE, "seeded.yaml"), encoding="utf-8") as file:
        faults = [fault for fault in yaml.safe_load(file) if arguments.only in (None, fault["name"])]
    build = Build(os.path.realpath(arguments.build))
    missed = []
    unaltered(build, "services/runtime/engine.c")
    unaltered(build, "services/subsidy/way/notice.c")
    for fault in faults:
        result = simulate(build, fault["file"], alter(fault), "--runs", str(arguments.runs),
                          *map(str, fault.get("knobs", [])), may_crash=fault.get("may_crash", False))
        if result:
            print(f"{fault['name']}: found in run {result[0]}, after {result[1]} messages: {result[2][:150]}", flush=True)
        else:
            missed.append(fault["name"])
            print(f"{fault['name']}: NOT FOUND in {arguments.runs} runs", flush=True)
    print(f"seeded faults: {len(faults) - len(missed)} of {len(faults)} found")
    return 1 if missed or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
