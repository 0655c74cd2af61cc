"""Runs a case file of the policy: YAML with facts, and what is due or refused."""

import yaml

from entitlement import (PACK_STANDARDS, Certificate, Facts, Figures, InvalidFacts, Paid, Policy,
                         evaluate)
from sheets import parse_date as day, parse_hundredths as hundredths

CASE_KEYS = {"name", "clauses", "facts", "standards", "reference", "due", "refused", "invalid"}


def number(text):
    return None if text is None else int(text)


def truth(text):
    return text == "true"


def certificate_of(entry):
    if entry is None:
        return None
    return Certificate(entry["kind"], number(entry.get("level")), day(entry["date"]))


def past_of(entry):
    return Paid(entry["item"], day(entry["date"]), entry.get("occupation", ""),
                number(entry.get("level")), int(entry.get("months", 0)))


def facts_of(entry):
    person, training = entry["person"], entry["training"]
    employer = entry.get("employer") or {}
    return Facts(
        date=day(entry["date"]), division=entry["division"], kind=training["kind"],
        occupation=training.get("occupation", ""), cost=hundredths(training["cost"]) or 0,
        level=number(training.get("level")), groups=frozenset(person.get("groups", ())),
        household=person.get("household"),
        living_allowance=truth(person.get("living_allowance")),
        insured_months=int(person.get("insured_months", 0)),
        employed_months=int(person.get("employed_months", 0)),
        employer=employer.get("kind"), employer_insured=truth(employer.get("insured")),
        days=int(training.get("days", 0)), months=int(training.get("months", 0)),
        years=int(training.get("years", 0)),
        project_based=truth(training.get("project_based")),
        enterprise_school=truth(training.get("enterprise_school")),
        certificate=certificate_of(entry.get("certificate")),
        history=[past_of(past) for past in entry.get("history", ())])


def figures_of(entries, otherwise, division):
    """One case's own figures, in force on every day; technician_training comes by level."""
    figures = Figures(otherwise)
    for name, amount in entries.items():
        levels = amount if isinstance(amount, dict) else {None: amount}
        for level, figure in levels.items():
            figures.add(division, name, number(level), day("0001-01-01"), hundredths(figure))
    return figures


def outcome(case):
    """(due, refused) or "invalid"."""
    try:
        facts = facts_of(case["facts"])
    except InvalidFacts:
        return "invalid"
    standards = figures_of(case.get("standards", {}), PACK_STANDARDS, facts.division)
    reference = figures_of(case.get("reference", {}), {}, facts.division)
    return evaluate(facts, Policy(standards, reference))


def expected(case):
    if truth(case.get("invalid")):
        return "invalid"
    due = {name: hundredths(amount) for name, amount in case["due"].items()}
    return due, case.get("refused", {})


def load(path):
    """Every scalar stays text (BaseLoader), so that no amount passes through a float."""
    with open(path, encoding="utf-8") as file:
        cases = yaml.load(file, yaml.BaseLoader)["cases"]
    for case in cases:
        if case.keys() - CASE_KEYS:
            raise ValueError(f"{path}: {case.get('name')}: unknown key")
    return cases


def run(path, out):
    cases, failed = load(path), 0
    for case in cases:
        got = outcome(case)
        if got != expected(case):
            failed += 1
            print(f"{case['name']}: expected {expected(case)}, came {got}", file=out)
    print(f"{len(cases) - failed} passed, {failed} failed", file=out)
    return 1 if failed else 0
