"""Reads the sheets of a campaign folder and parts the usable rows from the rejected ones.

`campaign.md`'s rules, one function per sheet. A check raises Unusable with the column and a
reason word; rows that hang on an unusable row fail because what they name is not there.
"""

import csv
import functools
import io
import os
import re
from datetime import date
from typing import NamedTuple

import identifiers
import vocabulary as words
from entitlement import (CAPS, FLOORS, HISTORY_ITEMS, PACK_STANDARDS, STANDARD_ITEMS, Certificate,
                         Figures, Paid)


class Unusable(Exception):
    """This row (行) cannot be used: column and reason word."""


class Stop(Exception):
    """The import cannot start at all."""


class Rejected(NamedTuple):
    file: str
    line: int
    column: str
    reason: str


class Appropriation(NamedTuple):
    date: date
    fund: str
    division: str
    amount: int


class Institution(NamedTuple):
    kind: str
    insured: bool
    designated_from: date | None
    designated_to: date | None
    certifies: frozenset


class Project(NamedTuple):
    occupation: str
    level: int


class Class(NamedTuple):
    class_no: str
    provider: str
    project: Project
    division: str
    kind: str
    project_based: bool
    start: date
    end: date
    capacity: int
    cost: int
    employer: str | None


class Trainee(NamedTuple):
    groups: frozenset
    household: str | None
    living_allowance: bool
    insured_months: int
    employed_months: int


# --- cells ------------------------------------------------------------------------------------

@functools.cache
def parse_date(text):
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@functools.cache
def parse_hundredths(text):
    """Yuan or percent with up to two decimals, in fen or hundredths of a percent."""
    parts = re.fullmatch(r"([0-9]{1,15})(?:\.([0-9]{1,2}))?", text)
    return int(parts[1] + (parts[2] or "").ljust(2, "0")) if parts else None


class Row:
    """One row of a sheet; every accessor takes an English column name."""

    def __init__(self, line, cells):
        self.line, self._cells = line, cells

    def text(self, column):
        return self._cells.get(column, "")

    def needed(self, column):
        return self._readable(column, self.text(column) or None)

    def day(self, column):
        return self._readable(column, parse_date(self.text(column)))

    def day_or_none(self, column):
        return self.day(column) if self.text(column) else None

    def hundredths(self, column):
        return self._readable(column, parse_hundredths(self.text(column)))

    def number(self, column):
        text = self.text(column)
        return self._readable(column, int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None)

    def number_or(self, column, otherwise):
        return self.number(column) if self.text(column) else otherwise

    def boolean(self, column):
        return self._readable(column, words.BOOLEANS.get(self.text(column)))

    def boolean_or_false(self, column):
        return self.boolean(column) if self.text(column) else False

    def level(self, column="level"):
        level = self.number(column)
        return self._readable(column, level if 1 <= level <= 5 else None)

    def level_or_none(self, column="level"):
        return self.level(column) if self.text(column) else None

    def word(self, column, known):
        """A word of a fixed list, or of a map that also takes the Chinese word."""
        text = self.text(column)
        if text not in known:
            raise Unusable(column, "unknown")
        return known[text] if isinstance(known, dict) else text

    def list(self, column):
        """A `;` list; spaces around its parts and empty parts do not matter."""
        return [part.strip() for part in self.text(column).split(";") if part.strip()]

    def citizen(self, column="id_number"):
        number = identifiers.righted(self.text(column))
        fault = identifiers.citizen_fault(number)
        if fault:
            raise Unusable(column, fault)
        return number

    def credit_code(self, column):
        code = self.text(column)
        fault = identifiers.credit_fault(code)
        if fault:
            raise Unusable(column, fault)
        return code

    def _readable(self, column, value):
        if value is None:
            raise Unusable(column, "unreadable")
        return value


# --- sheets as tables -------------------------------------------------------------------------

def _headers(sheet):
    """Header in either language -> English column; both may be mixed in one sheet."""
    known = {}
    for column in words.COLUMNS[sheet]:
        chinese = words.HEADER_EXCEPTIONS.get((sheet, column), words.CHINESE_HEADERS[column])
        known[column] = known[chinese] = column
    return known


def _columns(sheet, header):
    known = _headers(sheet)
    strange = [name for name in header if name not in known]
    if strange:
        raise Stop(f"{sheet}.csv: unknown column {strange[0]!r}")
    columns = [known[name] for name in header]
    optional = words.OPTIONAL_COLUMNS.get(sheet, set())
    missing = [name for name in words.COLUMNS[sheet]
               if name not in columns and name not in optional]
    if missing or len(set(columns)) < len(columns):
        raise Stop(f"{sheet}.csv: the header lacks or repeats a column")
    return columns


def _records(text):
    """(line where the record begins, cells); blank lines are no rows."""
    reader, line = csv.reader(io.StringIO(text, newline=""), strict=True), 1
    for cells in reader:
        if len(cells) > 1 or cells and cells[0].strip():
            yield line, [cell.strip() for cell in cells]
        line = reader.line_num + 1


def _table(folder, sheet):
    """Yields (line, cells by column, or None where their number is wrong)."""
    path = os.path.join(folder, sheet + ".csv")
    if not os.path.exists(path):
        if sheet in words.REQUIRED_SHEETS:
            raise Stop(f"{sheet}.csv is missing")
        return
    with open(path, encoding="utf-8-sig", newline="") as file:
        records = _records(file.read())
    _, header = next(records, (1, []))
    columns = _columns(sheet, header)
    for line, cells in records:
        yield line, dict(zip(columns, cells)) if len(cells) == len(columns) else None


# --- the campaign -----------------------------------------------------------------------------

class Campaign:
    """The usable rows of a folder, and the rejected ones."""

    def __init__(self, folder):
        self.rejected = []
        self.divisions = {}      # code -> may it set standards of its own?
        self.appropriations = []
        self.standards = Figures(PACK_STANDARDS)
        self.reference = Figures()
        self.institutions = {}   # uscc -> Institution
        self.projects = {}       # code -> Project
        self.classes = {}        # class_no -> Class
        self.roster = {}         # (class_no, id_number) -> Trainee
        self.sheets = {}         # class_no -> number of attendance sheets
        self.absences = {}       # (class_no, id_number) -> days absent
        self.results = {}        # (class_no, id_number) -> Certificate
        self.attested = {}       # (id_number, group) -> holds, by every row of its keeper
        self.history = {}        # id_number -> [Paid]
        self._keys = set()
        self._seats = {}         # class_no -> seats taken
        for sheet in words.COLUMNS:
            self._read(folder, sheet)

    def _read(self, folder, sheet):
        use = getattr(self, "_use_" + sheet)
        for line, cells in _table(folder, sheet):
            try:
                if cells is None:
                    raise Unusable("", "cells")
                use(Row(line, cells))
            except Unusable as fault:
                self.rejected.append(Rejected(sheet + ".csv", line, *fault.args))

    # A check that several sheets share

    def _division(self, row):
        """Reading: the city (130100) is known though no sample lists it in divisions.csv."""
        code = row.text("division")
        if code != words.CITY and code not in self.divisions:
            raise Unusable("division", "unknown")
        return code

    def _once(self, column, *key):
        """Called last: only a row that is usable otherwise takes its key."""
        if key in self._keys:
            raise Unusable(column, "duplicate")
        self._keys.add(key)

    def _class(self, row):
        return self._known(row, "class_no", self.classes)

    @staticmethod
    def _known(row, column, held):
        name = row.text(column)
        if name not in held:
            raise Unusable(column, "unknown")
        return held[name]

    # One function for each sheet

    def _use_divisions(self, row):
        code = row.text("code")
        if not re.fullmatch(r"[0-9]{6}", code):
            raise Unusable("code", "unreadable")
        own = row.boolean("province_administered")
        for column in ("target_2019", "target_2020", "target_2021"):
            row.number_or(column, 0)
        self._once("code", "division", code)
        self.divisions[code] = own

    def _use_appropriations(self, row):
        """No key: the same row twice is two appropriations (reading)."""
        self.appropriations.append(Appropriation(
            row.day("date"), row.word("fund", words.FUNDS), self._division(row),
            row.hundredths("amount")))

    def _use_standards(self, row):
        item, division = row.word("item", HISTORY_ITEMS), self._division(row)
        if item not in STANDARD_ITEMS:
            raise Unusable("item", "no_standard")
        # Reading: technician_training alone has levels; it needs one, the others have none.
        level = row.level_or_none()
        if level not in (FLOORS if item == "technician_training" else (None,)):
            raise Unusable("level", "level")
        amount, since = self._figure(row, item), row.day("from")
        if division != words.CITY and not self.divisions[division]:
            raise Unusable("division", "may_not_set")
        if item in CAPS and amount > CAPS[item]:
            raise Unusable("amount", "over_cap")
        if level in FLOORS and amount < FLOORS[level]:
            raise Unusable("amount", "under_floor")
        self._once("from", "standard", division, item, level, since)
        self.standards.add(division, item, level, since, amount)

    @staticmethod
    def _figure(row, item):
        """Reading: a percentage stands in `rate`, or in `amount` where `rate` is empty."""
        if item == "pre_job_training" and row.text("rate"):
            return row.hundredths("rate")
        if row.text("rate"):
            raise Unusable("rate", "unreadable")
        return row.hundredths("amount")

    def _use_reference(self, row):
        """Any known division may have a figure (the small sample: 130171)."""
        name = row.word("name", words.REFERENCE_FIGURES)
        division, since, amount = self._division(row), row.day("from"), row.hundredths("amount")
        self._once("from", "reference", division, name, since)
        self.reference.add(division, name, None, since, amount)

    def _use_institutions(self, row):
        code = row.credit_code("uscc")
        self._division(row)
        institution = Institution(
            row.word("kind", words.INSTITUTION_KINDS), row.boolean("insured"),
            row.day_or_none("designated_from"), row.day_or_none("designated_to"),
            frozenset(row.list("certifies")))
        self._once("uscc", "institution", code)
        self.institutions[code] = institution

    def _use_projects(self, row):
        code = row.needed("code")
        project = Project(row.needed("occupation"), row.level())
        row.number("hours"), row.boolean("urgent")
        self._once("code", "project", code)
        self.projects[code] = project

    def _use_classes(self, row):
        class_no = row.needed("class_no")
        provider = self._known(row, "provider", self.institutions)
        start, end = row.day("start"), row.day("end")
        found = Class(
            class_no, row.text("provider"), self._known(row, "project", self.projects),
            self._division(row), row.word("kind", words.CLASS_KINDS),
            row.boolean_or_false("project_based"), start, end, row.number("capacity"),
            row.hundredths("cost"), self._employer(row))
        row.boolean_or_false("advance")
        if row.text("for_group"):
            row.word("for_group", words.GROUPS)
        if not 0 < found.cost <= 1_000_000_00:  # its facts would be invalid
            raise Unusable("cost", "unreadable")
        if end < start:
            raise Unusable("end", "end_before_start")
        # Reading: without designated_from an institution is not designated; without
        # designated_to its designation (定点) has no end.
        if not (provider.designated_from and provider.designated_from <= start
                <= (provider.designated_to or date.max)):
            raise Unusable("provider", "not_designated")
        self._once("class_no", "class", class_no)
        self.classes[class_no] = found

    def _employer(self, row):
        if not row.text("employer"):
            return None
        if self._known(row, "employer", self.institutions).kind not in words.EMPLOYER_KINDS:
            raise Unusable("employer", "employer_kind")
        return row.text("employer")

    def _use_roster(self, row):
        """Order: class, cells, then duplicate, then capacity; what fails takes no seat."""
        taught, number = self._class(row), row.citizen()
        row.needed("name")
        groups = frozenset(self._groups(row))
        household = row.word("household", words.HOUSEHOLDS) if row.text("household") else None
        trainee = Trainee(
            groups, household, row.boolean_or_false("living_allowance"),
            row.number_or("insured_months", 0), row.number_or("employed_months", 0))
        key = (taught.class_no, number)
        if key in self.roster:
            raise Unusable("id_number", "duplicate")
        seats = self._seats.get(taught.class_no, 0)
        if seats >= taught.capacity:
            raise Unusable("class_no", "beyond_capacity")
        self._seats[taught.class_no] = seats + 1
        self.roster[key] = trainee

    @staticmethod
    def _groups(row):
        """One unknown group makes the whole row unusable."""
        for group in row.list("groups"):
            if group not in words.GROUPS:
                raise Unusable("groups", "unknown")
            yield words.GROUPS[group]

    def _use_attendance(self, row):
        taught, day = self._class(row), row.day("date")
        if not taught.start <= day <= taught.end:
            raise Unusable("date", "outside_class")
        self._once("date", "attendance", taught.class_no, day)
        self.sheets[taught.class_no] = self.sheets.get(taught.class_no, 0) + 1
        # Reading: whoever is not on the roster is ignored, also where the number itself is
        # wrong; a person listed twice on one sheet is absent once.
        for number in {identifiers.righted(part) for part in row.list("absent")}:
            key = (taught.class_no, number)
            if key in self.roster:
                self.absences[key] = self.absences.get(key, 0) + 1

    def _use_results(self, row):
        taught, number = self._class(row), row.citizen()
        key = (taught.class_no, number)
        if key not in self.roster:
            raise Unusable("id_number", "not_on_roster")
        certificate = self._certificate(row)
        if certificate.date < taught.end:
            raise Unusable("date", "before_end")
        # Reading: whatever its kind and term, an institution may evaluate what it lists in
        # `certifies`; the certificates without level need it as well.
        evaluator = self._known(row, "evaluator", self.institutions)
        if taught.project.occupation not in evaluator.certifies:
            raise Unusable("evaluator", "may_not_certify")
        if key in self.results:
            raise Unusable("id_number", "duplicate")
        self.results[key] = certificate

    @staticmethod
    def _certificate(row):
        """Reading: the row's level need not be the project's, but its number must carry it."""
        kind, day = row.word("certificate_kind", words.CERTIFICATES), row.day("date")
        level = row.level_or_none()
        if (kind in words.LEVELLED_CERTIFICATES) != (level is not None):
            raise Unusable("level", "level")
        fault = identifiers.number_fault(kind, row.needed("certificate_no"), level, day)
        if fault:
            raise Unusable("certificate_no", fault)
        return Certificate(kind, level, day)

    def _use_attestations(self, row):
        department = row.word("department", words.DEPARTMENTS)
        number, group = row.citizen(), row.word("group", words.GROUPS)
        holds = row.boolean("holds")
        if words.KEEPERS[group] != department:
            raise Unusable("department", "not_the_keeper")
        key = (number, group)
        self.attested[key] = holds and self.attested.get(key, True)

    def _use_history(self, row):
        """No key: the same row twice counts twice (reading)."""
        number, item = row.citizen(), row.word("item", HISTORY_ITEMS)
        paid = Paid(item, row.day("date"), row.text("occupation"), row.level_or_none(),
                    row.number_or("months", 0))
        self.history.setdefault(number, []).append(paid)
