"""Runs the fuzzers one after the other and prints what came of it; scripts/fuzz says how."""

import argparse
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "tests" / "fuzz"))
import run  # noqa: E402  tests/fuzz/run.py

RUNTIME_OF_FRAMES = ("answers", "decision", "engine", "feed", "host_follow", "host_hold", "host_method", "replay", "rows", "seal",
                     "wire")
# What each is about: files and folders of services/.
ABOUT = {
    **{service: [f"{service}/"] for service in ("enrollment", "certification", "ledger", "notification")},
    "subsidy": ["subsidy/", "-subsidy/policy/"],
    "frame": [f"runtime/{name}.c" for name in RUNTIME_OF_FRAMES],
    "replay": ["runtime/replay.c", "runtime/chain.c"],
    "json": ["runtime/json_read.c", "runtime/json_value.c", "runtime/json_write.c", "runtime/wire.c"],
    "config": ["runtime/config.c", "runtime/config_source.c", "runtime/keys.c"],
    "proof": ["runtime/proof.c", "runtime/merkle.c", "runtime/sign.c"],
    "pack": ["subsidy/policy/file/", "subsidy/policy/check/"],
    "cases": ["subsidy/policy/cases/", *(f"subsidy/policy/{name}.c" for name in (
        "amount", "cap", "evaluate", "facts", "limits", "table", "trace/sentence", "trace/trace", "trace/trace_limit",
        "trace/trace_print", "file/source"))],
    "sheets": ["cli/campaign/"],
    "bank": ["bank/"],
}


def about(target, path):
    name = path.split("/services/", 1)[-1]
    wanted = [part for part in ABOUT[target] if not part.startswith("-")]
    unwanted = [part[1:] for part in ABOUT[target] if part.startswith("-")]
    return "/services/" in path and name.startswith(tuple(wanted)) and not (unwanted and name.startswith(tuple(unwanted)))


def lines_reached(target, grown):
    """(covered, count) of the lines that the target is about, by all inputs there are."""
    build = ROOT / "build-fuzz-coverage"
    program, raw, merged = build / "tests" / "fuzz" / f"fuzz-{target}", build / f"{target}.profraw", build / f"{target}.profdata"
    subprocess.run([program, "-runs=0", f"-max_len={run.INPUT_BYTES}", grown, *run.folders(target)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**run.os.environ, "LLVM_PROFILE_FILE": str(raw)})
    subprocess.run(["llvm-profdata", "merge", "-sparse", raw, "-o", merged], check=True)
    told = subprocess.run(["llvm-cov", "export", "-summary-only", f"-instr-profile={merged}", program], check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    files = [file for file in json.loads(told.stdout)["data"][0]["files"] if about(target, file["filename"])]
    return tuple(sum(file["summary"]["lines"][what] for file in files) for what in ("covered", "count"))


def keep(target, grown):
    """The fewest inputs that reach what all of them reach: those of the tree first."""
    corpus = ROOT / "tests" / "fuzz" / "corpus" / target
    subprocess.run([ROOT / "build-fuzz" / "tests" / "fuzz" / f"fuzz-{target}", "-set_cover_merge=1", f"-max_len={run.INPUT_BYTES}",
                    corpus, grown], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def options_of(arguments):
    parser = argparse.ArgumentParser(prog="scripts/fuzz")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--minutes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--coverage", action="store_true")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args(arguments)
    for target in options.targets:
        if target not in ABOUT:
            parser.error(f"{target} is none of {', '.join(ABOUT)}")
    return options


def main():
    options = options_of(sys.argv[2:])
    build, failed = ROOT / "build-fuzz", False
    print(f"{'target':14}{'inputs':>8}{'executions':>12}{'a second':>10}{'edges':>14}"
          f"{'lines' if options.coverage else '':>18}", flush=True)
    for target in options.targets or ABOUT:
        grown = build / "grown" / target
        good, figures, said = run.run(build, target, 60 * options.minutes, options.seed, grown)
        lines = ""
        if good and options.coverage:
            covered, count = lines_reached(target, grown)
            lines = f"{covered} of {count}, {100 * covered // max(count, 1)} %"
        if good and options.keep:
            keep(target, grown)
        print(f"{target:14}{figures['inputs']:8}{figures['executions']:12}{figures['a second']:10}"
              f"{figures['edges']:>7}/{figures['of']:<6}{lines:>18}", flush=True)
        if not good:
            failed = True
            written = re.findall(r"Test unit written to (\S+)", said)
            print(said[-6000:], file=sys.stderr)
            print(f"found; again: {build}/tests/fuzz/fuzz-{target} {written[-1] if written else ''}", file=sys.stderr)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
