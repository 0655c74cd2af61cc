#!/usr/bin/python3
"""Checks how the tree is built; a line a fault. check.py [ROOT]"""

import pathlib
import sys

import rules


def main():
    root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parents[2]
    findings = [finding for check in rules.CHECKS for finding in check(root)]
    for finding in findings:
        print(finding)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
