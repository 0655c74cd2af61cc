"""Budgets by fund and division, with waiting queues and the city standing in."""

from collections import defaultdict
from typing import NamedTuple

from vocabulary import CITY


class Claim(NamedTuple):
    """One entitlement (补贴) as the budgets see it."""
    date: object
    fund: str
    division: str
    amount: int


class Budget:
    def __init__(self):
        self._left = defaultdict(int)      # (fund, division) -> fen
        self._waiting = defaultdict(list)  # fund -> claims in the order of settlement
        self._blocked = defaultdict(set)   # fund -> divisions with a claim that waits
        self.paid = []

    def appropriate(self, fund, division, amount):
        self._left[fund, division] += amount

    def settle(self, claim):
        """Pays the claim, or lets it wait; nobody overtakes in a queue of fund and division."""
        if claim.division in self._blocked[claim.fund] or not self._pay(claim):
            self._waiting[claim.fund].append(claim)
            self._blocked[claim.fund].add(claim.division)

    def free(self, fund):
        """New money frees the queues of a fund in the order of settlement over all divisions.

        Reading: a claim that still cannot be paid holds back its own division alone, so the
        city's money may go to a later, smaller claim of another division.
        """
        blocked, still = set(), []
        for claim in self._waiting[fund]:
            if claim.division in blocked or not self._pay(claim):
                blocked.add(claim.division)
                still.append(claim)
        self._waiting[fund], self._blocked[fund] = still, blocked

    def waiting(self):
        return [claim for queue in self._waiting.values() for claim in queue]

    def _pay(self, claim):
        """Whole and from one account: the division's own, or the city's (市级资金) instead.

        Reading: the own account "has run out" for a claim that it cannot cover whole; what is
        left in it still pays a smaller claim later.
        """
        for owner in (claim.division, CITY):
            if self._left[claim.fund, owner] >= claim.amount:
                self._left[claim.fund, owner] -= claim.amount
                self.paid.append(claim)
                return True
        return False


def run(appropriations, claims):
    """Plays money and claims through in date order; claims come in the order of settlement.

    Reading: all money of a day is booked before any queue moves, and the queues move before
    that day's own claims.
    """
    budget = Budget()
    money = defaultdict(list)
    for entry in appropriations:
        money[entry.date].append(entry)
    upcoming = iter(claims)
    claim = next(upcoming, None)
    for day in sorted(money):
        while claim and claim.date < day:
            budget.settle(claim)
            claim = next(upcoming, None)
        for entry in money[day]:
            budget.appropriate(entry.fund, entry.division, entry.amount)
        for fund in {entry.fund for entry in money[day]}:
            budget.free(fund)
    while claim:
        budget.settle(claim)
        claim = next(upcoming, None)
    return budget
