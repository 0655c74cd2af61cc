#!/usr/bin/python3
"""A second, independent reckoning of what `jineng play DIR --json` must print.

    oracle.py DIR               the totals as JSON
    oracle.py DIR --rejected    the rejected rows as CSV
    oracle.py --cases FILE      runs a case file, prints "N passed, N failed"
"""

import argparse
import csv
import json
import sys
from collections import Counter
from datetime import timedelta
from typing import NamedTuple

import budget
import casefile
from entitlement import FUND_OF, ITEM_NAMES, Facts, Paid, Policy, evaluate, months_of_work
from sheets import Campaign, Stop
from vocabulary import EMPLOYER_KINDS


class Entitlement(NamedTuple):
    date: object
    fund: str
    division: str
    amount: int
    item: str
    class_no: str
    id_number: str


def whole_months(start, end):
    """Months from start to the day after end; no clamping at short months."""
    after = end + timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    return months - (after.day < start.day)


def attested_groups(campaign, trainee, number):
    """Groups whose keeper says yes; false or silence takes the group off."""
    return frozenset(group for group in trainee.groups
                     if campaign.attested.get((number, group), False))


def facts_of(campaign, taught, number):
    key = (taught.class_no, number)
    trainee = campaign.roster[key]
    employer = campaign.institutions.get(taught.employer)
    months = whole_months(taught.start, taught.end)
    return Facts(
        date=taught.end, division=taught.division, kind=taught.kind,
        occupation=taught.project.occupation, level=taught.project.level, cost=taught.cost,
        groups=attested_groups(campaign, trainee, number), household=trainee.household,
        living_allowance=trainee.living_allowance, insured_months=trainee.insured_months,
        employed_months=trainee.employed_months,
        employer=EMPLOYER_KINDS[employer.kind] if employer else None,
        employer_insured=bool(employer and employer.insured),
        days=campaign.sheets.get(taught.class_no, 0) - campaign.absences.get(key, 0),
        months=months, years=months // 12, project_based=taught.project_based,
        enterprise_school=campaign.institutions[taught.provider].kind == "enterprise_school",
        certificate=campaign.results.get(key), history=campaign.history.get(number, []))


def joins_history(name, facts):
    """What falls due, as the next evaluation of the person sees it."""
    level = facts.certificate.level if facts.certificate else None
    months = months_of_work(facts) if name == "work_as_training" else 0
    return Paid(name, facts.date, facts.occupation, level, months)


def settle(campaign):
    """Evaluates every roster row in order; yields the entitlements and refusals of each."""
    policy = Policy(campaign.standards, campaign.reference)
    order = sorted((campaign.classes[class_no].end, class_no, number)
                   for class_no, number in campaign.roster)
    for _, class_no, number in order:
        taught = campaign.classes[class_no]
        facts = facts_of(campaign, taught, number)
        due, refused = evaluate(facts, policy)
        past = campaign.history.setdefault(number, [])
        past.extend([joins_history(name, facts) for name in due])
        yield [Entitlement(taught.end, FUND_OF[name], taught.division, amount, name, class_no,
                           number) for name, amount in due.items()], refused


def yuan(fen):
    return f"{fen // 100}.{fen % 100:02d}"


def tally(entries):
    return {"count": len(entries), "amount": yuan(sum(entry.amount for entry in entries))}


def by(entries, column):
    sums = Counter()
    for entry in entries:
        sums[getattr(entry, column)] += entry.amount
    return {key: yuan(sums[key]) for key in sorted(sums)}


def play(campaign):
    """The entitlements in the order of settlement and the refusals by reason."""
    entitlements, refusals = [], Counter()
    for due, refused in settle(campaign):
        entitlements += due
        refusals.update(refused.values())
    return entitlements, refusals


def totals(campaign):
    entitlements, refusals = play(campaign)
    played = budget.run(campaign.appropriations, entitlements)
    due = {name: tally([entry for entry in entitlements if entry.item == name])
           for name in sorted(ITEM_NAMES)}
    return {
        "people": len({number for _, number in campaign.roster}),
        "classes": len(campaign.classes),
        "trained": len(campaign.roster),
        "certified": len(campaign.results),
        "due": {name: entry for name, entry in due.items() if entry["count"]},
        "refused": dict(sorted(refusals.items())),
        "paid": tally(played.paid),
        "waiting": tally(played.waiting()),
        "by_fund": by(played.paid, "fund"),
        "by_division": by(played.paid, "division"),
        "rejected_rows": len(campaign.rejected),
    }


def print_rejected(campaign, out):
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("file", "line", "column", "reason"))
    writer.writerows(campaign.rejected)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", metavar="DIR")
    parser.add_argument("--rejected", action="store_true")
    parser.add_argument("--cases", metavar="FILE")
    chosen = parser.parse_args()
    if bool(chosen.folder) == bool(chosen.cases):
        parser.error("either DIR or --cases FILE")
    return chosen


def main():
    chosen = arguments()
    if chosen.cases:
        return casefile.run(chosen.cases, sys.stdout)
    try:
        campaign = Campaign(chosen.folder)
    except Stop as stop:
        print(stop, file=sys.stderr)
        return 2
    if chosen.rejected:
        print_rejected(campaign, sys.stdout)
    else:
        print(json.dumps(totals(campaign), ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
