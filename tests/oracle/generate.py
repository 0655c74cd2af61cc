#!/usr/bin/python3
"""Writes an invented campaign folder with its expected.json, reproducible from the seed.

    generate.py OUT --people N --seed S [--dirty] [--short] [--zh] [--spread]

--dirty  bad rows of every kind; the marks are held against what the oracle rejects
--short  budgets that run short, with later money and the city standing in; no advances
--zh     Chinese headers and values, a BOM, shuffled columns
--spread classes end all over the campaign instead of many on the same days
"""

import argparse
import csv
import io
import json
import os
import sys
from collections import Counter
from datetime import timedelta

import oracle
from dirt import Dirt
from entitlement import PACK_FROM, PACK_TO
from invent import Invention, document_number
from sheets import Campaign
from vocabulary import (BOOLEANS, CERTIFICATES, CHINESE_HEADERS, CITY, CLASS_KINDS, COLUMNS, GROUPS,
                        HEADER_EXCEPTIONS, HOUSEHOLDS)


def chinese(words):
    return {name: word for word, name in words.items() if not word.isascii()}


CHINESE_VALUES = {
    "province_administered": BOOLEANS, "insured": BOOLEANS, "urgent": BOOLEANS,
    "project_based": BOOLEANS, "advance": BOOLEANS, "living_allowance": BOOLEANS,
    "holds": BOOLEANS, "household": HOUSEHOLDS, "groups": GROUPS, "group": GROUPS,
    "for_group": GROUPS, "certificate_kind": CERTIFICATES,
}
ENGLISH_BOOLEANS = {"true": True, "false": False}


def chinese_value(sheet, column, text):
    words = CLASS_KINDS if (sheet, column) == ("classes", "kind") else CHINESE_VALUES.get(column)
    if words is None:
        return text
    known = chinese(words)
    parts = [known.get(ENGLISH_BOOLEANS.get(part.strip(), part.strip()), part)
             for part in text.split(";")]
    return ";".join(parts)


def chinese_header(sheet, column):
    return HEADER_EXCEPTIONS.get((sheet, column), CHINESE_HEADERS[column])


class Writer:
    """Writes the sheets of one folder and remembers the lines of the marked rows."""

    def __init__(self, folder, random, zh, trailing):
        self.folder, self.random, self.zh, self.trailing = folder, random, zh, trailing
        self.marked = set()

    def write(self, sheet, rows):
        columns = self._columns(sheet)
        out, line = io.StringIO(newline=""), 2
        writer = csv.writer(out)
        writer.writerow([chinese_header(sheet, name) if self.zh else name for name in columns])
        for row in rows:
            if row.bad:
                self.marked.add((sheet + ".csv", line))
            begin = out.tell()
            writer.writerow(self._cells(sheet, columns, row))
            out.seek(begin)
            line += out.read().count("\n")
        if self.trailing:
            out.write("\r\n\r\n")
        self._save(sheet, out.getvalue())

    def _columns(self, sheet):
        columns = list(COLUMNS[sheet])
        if self.zh:
            self.random.shuffle(columns)
        return columns

    def _cells(self, sheet, columns, row):
        cells = [row[name] for name in columns]
        if self.zh:
            cells = [chinese_value(sheet, name, cell) for name, cell in zip(columns, cells)]
        return cells[:-1] if row.short else cells

    def _save(self, sheet, text):
        path = os.path.join(self.folder, sheet + ".csv")
        encoding = "utf-8-sig" if self.zh else "utf-8"
        with open(path, "w", encoding=encoding, newline="") as file:
            file.write(text)


# --- money ------------------------------------------------------------------------------------

def needs(folder):
    """What falls due by fund and division, and the ends of the classes it falls due at."""
    campaign = Campaign(folder)
    needed, ends = Counter(), {}
    for claim in oracle.play(campaign)[0]:
        needed[claim.fund, claim.division] += claim.amount
        ends.setdefault((claim.fund, claim.division), []).append(claim.date)
    return needed, ends


def ample(needed):
    """A fifth more than is due, all of it before the first class."""
    for account, amount in sorted(needed.items()):
        yield PACK_FROM, *account, amount * 6 // 5 + 100
    yield PACK_FROM, "local_talent", CITY, 5_000_000
    yield PACK_FROM, "industry", "130171", 1_234_567


def scarce(random, needed, ends):
    """Accounts that run short; later money, much of it on a class's last day."""
    totals = Counter()
    for account, amount in sorted(needed.items()):
        totals[account[0]] += amount
        draw = random.random()
        if draw < .1:
            continue  # the city alone
        first = 110 if draw < .25 else 0 if draw < .35 else random.randint(30, 75)
        if first:
            yield PACK_FROM, *account, amount * first // 100
        if first < 100:
            for _ in range(random.randint(1, 3)):
                yield (later(random, ends[account]), *account,
                       amount * random.randint(5, 40) // 100)
    for fund, amount in sorted(totals.items()):
        yield PACK_FROM, fund, CITY, amount * random.randint(2, 8) // 100
        fund_ends = sorted(day for account, days in ends.items() if account[0] == fund
                           for day in days)
        for _ in range(4):
            yield later(random, fund_ends), fund, CITY, amount * random.randint(1, 5) // 100


def later(random, ends):
    """A class's end, the day after one, or some day of the campaign and the months after it."""
    draw = random.random()
    if draw < .6:
        return random.choice(ends) + timedelta(random.choice((0, 0, 1)))
    return PACK_FROM + timedelta(random.randrange((PACK_TO - PACK_FROM).days + 60))


def appropriate(made, needed, ends):
    money = scarce(made.random, needed, ends) if made.short else ample(needed)
    for number, (day, fund, division, amount) in enumerate(money, 1):
        made.add("appropriations", str(day), fund, division, oracle.yuan(amount),
                 document_number(day, number))
    if made.short:
        made.random.shuffle(made.tables["appropriations"])


# --- the folder -------------------------------------------------------------------------------

def check_marks(folder, marked):
    """The oracle must reject exactly the rows that were made bad."""
    found = {(row.file, row.line) for row in Campaign(folder).rejected}
    if found != marked:
        sys.exit(f"made bad but used: {sorted(marked - found)[:9]}\n"
                 f"made good but rejected: {sorted(found - marked)[:9]}")


def generate(folder, people, seed, dirty=False, short=False, zh=False, spread=False):
    os.makedirs(folder, exist_ok=True)
    made = Invention(people, seed, short, spread)
    dirt = Dirt(made) if dirty else None
    if dirt:
        dirt.spread()
    writer = Writer(folder, made.random, zh, trailing=dirty)
    for sheet in COLUMNS:
        writer.write(sheet, made.tables[sheet])
    appropriate(made, *needs(folder))
    if dirt:
        dirt.appropriations()
    writer.write("appropriations", made.tables["appropriations"])
    check_marks(folder, writer.marked)
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        json.dump(oracle.totals(Campaign(folder)), file, ensure_ascii=False, indent=1)
        file.write("\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", metavar="OUT")
    parser.add_argument("--people", type=int, required=True, metavar="N")
    parser.add_argument("--seed", type=int, required=True, metavar="S")
    for flag in ("dirty", "short", "zh", "spread"):
        parser.add_argument("--" + flag, action="store_true")
    chosen = parser.parse_args()
    if chosen.people < 60:
        parser.error("at least 60 people")
    generate(chosen.out, chosen.people, chosen.seed, chosen.dirty, chosen.short, chosen.zh,
             chosen.spread)


if __name__ == "__main__":
    main()
