#!/usr/bin/python3
"""Checks the contract: check.py DESCRIPTORS [--update]. --update adds new fields to the registry and removes none."""

import argparse
import itertools
import pathlib
import sys

import contract
from google.protobuf import descriptor_pb2

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REGISTRY = HERE / "registry.txt"


def methods_source(service):
    path = ROOT / "services" / service / ("host_own.c" if service == "runtime" else "service.c")
    return path.read_text(encoding="utf-8") if path.exists() else None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("descriptors")
    parser.add_argument("--update", action="store_true")
    arguments = parser.parse_args()
    descriptors = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(arguments.descriptors).read_bytes())
    registry = REGISTRY.read_text(encoding="utf-8")
    if arguments.update:
        lines = contract.missing_lines(descriptors, registry)
        registry += "".join(line + "\n" for line in lines)
        REGISTRY.write_text(registry, encoding="utf-8")
        print(f"{len(lines)} lines added")
    findings = list(itertools.chain(
        contract.reaches_itself(descriptors), contract.plain(descriptors), contract.events(descriptors),
        contract.documented(descriptors), contract.units(descriptors), contract.registered(descriptors, registry),
        contract.dispatched(descriptors, methods_source)))
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
