#!/usr/bin/python3
"""What the fuzzers of services begin with, made of what the unit tests' stories do: seeds.py BUILD

BUILD is a build of the suite in which the target fuzz-record was built. given/SERVICE are the states that inputs start from,
corpus/SERVICE the stories' own steps from there.
The corpora of files and texts come of the tree's own; what fuzzing adds to them is what scripts/fuzz --keep keeps."""

import collections
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import seed_files

HERE = pathlib.Path(__file__).resolve().parent
HEAD = 8
STEPS_MAX = 24   # as in steps.h
STATES = 4       # whole stories that are states, beside the empty world and what most stories begin with
STATE_BYTES = 20_000
SEED_BYTES = 6_000
GIVEN_STEPS_MAX = 90


def steps_of(recording):
    steps, at = [], 0
    while at + HEAD <= len(recording):
        end = at + HEAD + int.from_bytes(recording[at + 6:at + 8], "little")
        steps.append(recording[at:end])
        at = end
    return steps


def kind_of(step):
    """A command's method or an event's type: what a step is about."""
    return (step[0] & 3, step[5] if step[0] & 3 == 0 else (step[4], step[HEAD:HEAD + 2]))


def recordings(build):
    """{service: [(day, steps)]}, in the order of names."""
    with tempfile.TemporaryDirectory(prefix="jineng-record-") as folder:
        programs = sorted(path for path in (build / "tests" / "fuzz").glob("record-*") if os.access(path, os.X_OK))
        if not programs:
            sys.exit(f"{build} has no recorders: ninja -C {build} fuzz-record")
        for program in programs:
            subprocess.run([program], env={**os.environ, "JN_RECORD": folder}, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, check=True)
        return {service.name: [(path.name[:10], steps_of(path.read_bytes())) for path in sorted(service.iterdir())]
                for service in sorted(pathlib.Path(folder).iterdir())}


def common_beginning(stories):
    """(day, steps) that most stories begin with."""
    best = (stories[0][0], [])
    for length in range(1, 40):
        counts = collections.Counter((day, tuple(steps[:length])) for day, steps in stories if len(steps) >= length)
        if not counts or counts.most_common(1)[0][1] * 3 < len(stories):
            break
        best = counts.most_common(1)[0][0]
    return best[0], list(best[1])


def tellings(stories):
    """The stories that together do most: greedy, a step's kind counting once."""
    left = [story for story in stories if sum(map(len, story[1])) <= STATE_BYTES and len(story[1]) <= GIVEN_STEPS_MAX]
    seen, chosen = set(), []
    while left and len(chosen) < STATES:
        best = max(left, key=lambda story: (len({kind_of(step) for step in story[1]} - seen), len(story[1])))
        left.remove(best)
        seen |= {kind_of(step) for step in best[1]}
        chosen.append(best)
    return chosen


def write(service, stories):
    given, corpus = HERE / "given" / service, HERE / "corpus" / service
    for folder in (given, corpus):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
    day, beginning = common_beginning(stories)
    states = [("empty", day, []), ("begun", day, beginning)]
    states += [(f"story{number}", *story) for number, story in enumerate(tellings(stories), 1)]
    for number, (name, on, steps) in enumerate(states):
        (given / f"{on}.{number}-{name}").write_bytes(b"".join(steps))
    order = sorted(path.name for path in given.iterdir())
    at = {path.split("-", 3)[-1]: index for index, path in enumerate(order)}
    for on, steps in stories:
        begun = on == day and steps[:len(beginning)] == beginning
        rest = steps[len(beginning):] if begun else steps
        seed = bytes([at["begun" if begun else "empty"]]) + b"".join(rest[:STEPS_MAX])
        if 1 + HEAD <= len(seed) <= SEED_BYTES:
            (corpus / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    size = sum(path.stat().st_size for path in corpus.iterdir())
    print(f"{service}: {len(states)} states, {len(list(corpus.iterdir()))} seeds of {size} bytes")


def write_frames(stories):
    """From the richest state of certification's on."""
    corpus = HERE / "corpus" / "frame"
    shutil.rmtree(corpus, ignore_errors=True)
    corpus.mkdir(parents=True)
    for _, steps in stories:
        seed = b"\0" + b"".join(steps[:STEPS_MAX])
        if len(seed) <= SEED_BYTES:
            (corpus / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    print(f"frame: {len(list(corpus.iterdir()))} seeds")


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build = pathlib.Path(sys.argv[1])
    recorded = recordings(build)
    for service, stories in recorded.items():
        if service == "frame":
            write_frames(stories)
        else:
            write(service, stories)
    seed_files.packs()
    seed_files.cases()
    seed_files.sheets()
    seed_files.configurations(build)
    seed_files.proofs(build)
    seed_files.bank(build)
    seed_files.json_texts(build, recorded, HEAD)
    seed_files.write_corpus("replay", [bytes([state]) + edits for state in range(STATES)
                                       for edits in (b"", b"\x10\x00\x01\x01", b"\x40\x00\x02\x00", b"\x80\x00\x03\x41")])


if __name__ == "__main__":
    main()
