"""What the tests of this folder share: seeds, the two layers, a line of figures at the end."""
import argparse
import os
import random
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "end-to-end"))

LAYERS = os.environ.get("JINENG_LAYERS", os.path.join(os.path.dirname(os.path.dirname(HERE)), "build", "tests", "faults"))
FIXED_SEED = 20261123


def arguments(description, **figures):
    """--long, --seed N and the figures, each a pair (quick, long); the chosen values as a namespace with a `random` of their own."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--seed", type=int)
    for name in figures:
        parser.add_argument("--" + name, type=int)
    chosen, rest = parser.parse_known_args()
    chosen.rest = rest
    if chosen.seed is None:
        chosen.seed = int(os.environ.get("JINENG_SEED", 0)) or (FIXED_SEED if os.environ.get("CI") else int(time.time()) % 1_000_000_000)
    for name, (quick, long) in figures.items():
        if getattr(chosen, name) is None:
            setattr(chosen, name, long if chosen.long else quick)
    more = "".join(f" --{name} {getattr(chosen, name)}" for name in figures)
    chosen.again = f"/usr/bin/python3 {os.path.relpath(sys.argv[0])}{more} --seed {chosen.seed}"
    print(f"repeat with: {chosen.again}", file=sys.stderr, flush=True)
    chosen.random = random.Random(chosen.seed)
    return chosen


def layer(*names, **settings):
    """The environment in which a service runs on top of the layers. AddressSanitizer insists on being first but where it is told not to."""
    sanitizer = ":".join(filter(None, [os.environ.get("ASAN_OPTIONS"), "verify_asan_link_order=0"]))
    return {"LD_PRELOAD": ":".join(os.path.join(LAYERS, f"{name}.so") for name in names), "ASAN_OPTIONS": sanitizer, **settings}


class Faults:
    """The file through which faults.c is told what fails."""
    NAMES = ("clock_off_ms", "write_error", "sync_error", "half", "map_divisor", "effects")

    def __init__(self, folder, name="faults"):
        self.path = os.path.join(folder, name)
        with open(self.path, "wb") as file:
            file.write(bytes(8 * len(self.NAMES)))

    def set(self, **values):
        with open(self.path, "r+b", buffering=0) as file:
            for name, value in values.items():
                file.seek(8 * self.NAMES.index(name))
                file.write(struct.pack("<q", value))

    def effects(self):
        with open(self.path, "rb") as file:
            return struct.unpack("<6q", file.read())[5]

    def layer(self):
        return layer("faults", JN_FAULTS=self.path)


class Tally(dict):
    """What a test did, for its last line."""

    def add(self, **counts):
        for name, count in counts.items():
            self[name] = self.get(name, 0) + count

    def tell(self, name):
        print(f"{name}: " + ", ".join(f"{count} {what.replace('_', ' ')}" for what, count in self.items()), file=sys.stderr, flush=True)


SKIPS = []


def skip(test, what):
    """A check that this machine cannot do: counted and printed."""
    SKIPS.append(what)
    print(f"SKIPPED: {what}", file=sys.stderr, flush=True)
    test.skipTest(what)


def with_own_mounts():
    """Goes on in a mount namespace of its own, so that what is mounted goes with the process; False where that may not be."""
    if os.environ.get("JINENG_OWN_MOUNTS") == "yes":
        return True
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0:
        return False
    os.environ["JINENG_OWN_MOUNTS"] = "yes"
    os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])
    return False


def run(unittest, chosen, tally, name):
    """unittest's main, and the line of figures at its end."""
    done = unittest.main(argv=[sys.argv[0], *chosen.rest], exit=False)
    tally.add(checks_skipped=len(SKIPS))
    tally.tell(name)
    sys.exit(not done.result.wasSuccessful())
