"""What is due: facts in, entitlements out. A table of items and a chain of limits.

Money is whole fen. Nothing here reads files.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Callable, NamedTuple

from vocabulary import CITY, LEVELLED_CERTIFICATES

PACK_FROM, PACK_TO = date(2019, 10, 27), date(2021, 12, 31)
YEARLY_TRAININGS = 3
WORK_MONTHS = 6


class Certificate(NamedTuple):
    kind: str
    level: int | None
    date: date


class Paid(NamedTuple):
    """One line of the history (以往补贴) of a person."""
    item: str
    date: date
    occupation: str = ""
    level: int | None = None
    months: int = 0


class InvalidFacts(Exception):
    pass


@dataclass
class Facts:
    date: date
    division: str
    kind: str
    occupation: str
    cost: int
    level: int | None = None
    groups: frozenset = frozenset()
    household: str | None = None
    living_allowance: bool = False
    insured_months: int = 0
    employed_months: int = 0
    employer: str | None = None
    employer_insured: bool = False
    days: int = 0
    months: int = 0
    years: int = 0
    project_based: bool = False
    enterprise_school: bool = False
    certificate: Certificate | None = None
    history: list = field(default_factory=list)

    def __post_init__(self):
        if self.cost <= 0:
            raise InvalidFacts("cost")
        if "disabled" in self.groups:
            self.groups |= {"hard_to_employ"}
        if "capacity_cut_worker" in self.groups:
            self.groups |= {"unemployed"}

    def work_months_left(self):
        paid = sum(past.months for past in self.history if past.item == "work_as_training")
        return WORK_MONTHS - paid


class Figures:
    """Dated figures by name, level and division; the city's stand in for a division's own.

    A division's own figure, once in force, is never replaced by a later one of the city.
    """

    def __init__(self, otherwise=None):
        self._dated = {}
        self._otherwise = otherwise or {}

    def add(self, division, name, level, since, amount):
        self._dated.setdefault((division, name, level), []).append((since, amount))

    def find(self, division, name, level, day):
        for owner in (division, CITY):
            held = [dated for dated in self._dated.get((owner, name, level), ())
                    if dated[0] <= day]
            if held:
                return max(held)[1]
        return self._otherwise.get((name, level))


# Caps and floors (上限, 下限) of the source; the pack's standard until a division sets its own.
CAPS = {"pre_job_training": 50_00, "certified_training": 2200_00,
        "entrepreneurship_training": 1500_00, "poverty_living": 100_00,
        "work_as_training": 300_00}
FLOORS = {2: 3000_00, 1: 5000_00}  # technician_training, by level
PACK_STANDARDS = {(item, None): amount for item, amount in CAPS.items()} | {
    ("technician_training", level): amount for level, amount in FLOORS.items()}
UNCAPPED = ("free_training", "poverty_training", "graduate_training", "tuition_waiver",
            "household_education", "hardship_living")
STANDARD_ITEMS = frozenset(CAPS) | frozenset(UNCAPPED) | {"technician_training"}


class Policy(NamedTuple):
    """Standards and reference figures as an evaluation asks for them."""
    standards: Figures
    reference: Figures

    def standard(self, facts, item, level=None):
        amount = self.standards.find(facts.division, item, level, facts.date)
        if amount is None:
            raise Refusal("no_local_standard")
        return amount

    def reference_figure(self, facts, name):
        amount = self.reference.find(facts.division, name, None, facts.date)
        if amount is None:
            raise Refusal("no_reference_figure")
        return amount


class Refusal(Exception):
    pass


# --- occasions: does the item speak about this training at all? ------------------------------

COURSES = frozenset(("employment", "upgrade", "labour_preparation"))
COMPANY_COURSES = frozenset(("pre_job", "on_job", "transfer"))
FREE_GROUPS = frozenset(("rural_migrant", "school_leaver", "unemployed", "veteran",
                         "hard_to_employ", "registered_poor"))
EMPLOYEE = frozenset(("enterprise_employee",))
POOR = frozenset(("registered_poor",))
HARDSHIP = frozenset(("hard_to_employ", "zero_employment_family"))


def always(_facts):
    return True


def certificate_of_level(facts, levels, unlevelled=False):
    certificate = facts.certificate
    if certificate is None:
        return False
    if certificate.kind in LEVELLED_CERTIFICATES:
        return certificate.level in levels
    return unlevelled


def any_worker_certificate(facts):
    return certificate_of_level(facts, (5, 4, 3), unlevelled=True)


def worker_level(facts):
    return certificate_of_level(facts, (5, 4, 3))


def technician_level(facts):
    return certificate_of_level(facts, (2, 1))


def apprentice_level(facts):
    return facts.level in APPRENTICE_YEAR


def not_only_employee(facts):
    return bool(facts.groups - EMPLOYEE)


def poor_household(facts):
    """A rural family, or an urban one on the minimum living allowance (低保)."""
    return (facts.household == "rural"
            or facts.household == "urban" and facts.living_allowance)


def project_based(facts):
    return facts.project_based


def enterprise_school(facts):
    return facts.enterprise_school


def employed_for_training(facts):
    if facts.employer is None:
        return False
    if facts.groups & POOR:
        return True
    return (bool(facts.groups & HARDSHIP) and facts.employer == "enterprise"
            and facts.employer_insured)


# --- requirements: (holds, reason of the refusal) ---------------------------------------------

CERTIFIED = (lambda f: f.certificate is not None, "no_certificate")
A_MONTH = (lambda f: f.months >= 1, "no_attended_month")
A_DAY = (lambda f: f.days >= 1, "no_attended_day")
A_YEAR = (lambda f: f.years >= 1, "no_completed_year")
INSURED = (lambda f: f.insured_months >= 12, "insured_months")
EMPLOYED = (lambda f: f.employed_months >= 12, "employed_months")
MONTHS_LEFT = (lambda f: f.work_months_left() > 0, "months_used_up")


# --- amounts ----------------------------------------------------------------------------------

APPRENTICE_YEAR = {4: 4000_00, 3: 6000_00}
UPGRADE = {5: 1000_00, 4: 1500_00, 3: 2000_00}
SCHOOL_BONUS = 5000_00


def rate_of_cost(item):
    # A rate is kept in hundredths of a percent; the product is cut down to the fen.
    return lambda facts, policy: facts.cost * policy.standard(facts, item) // 100_00


def cost_up_to_standard(item):
    return lambda facts, policy: min(facts.cost, policy.standard(facts, item))


def flat_standard(item):
    return lambda facts, policy: policy.standard(facts, item)


def by_certificate_level(item):
    return lambda facts, policy: policy.standard(facts, item, facts.certificate.level)


def by_days(item):
    return lambda facts, policy: policy.standard(facts, item) * facts.days


def monthly_grant(facts, policy):
    return policy.reference_figure(facts, "secondary_grant_monthly") * facts.months


def hardship_allowance(facts, policy):
    """The division's monthly rate, clipped to the reference figure, which is needed anyway."""
    ceiling = policy.reference_figure(facts, "unemployment_benefit_min_monthly")
    own = policy.standards.find(facts.division, "hardship_living", None, facts.date)
    return (ceiling if own is None else min(own, ceiling)) * facts.months


def months_of_work(facts):
    return min(facts.months, facts.work_months_left())


def work_allowance(facts, policy):
    return policy.standard(facts, "work_as_training") * months_of_work(facts)


def apprentice_years(facts, _policy):
    return APPRENTICE_YEAR[facts.level] * facts.years


def upgrade_by_level(facts, _policy):
    return UPGRADE[facts.certificate.level]


def school_bonus(_facts, _policy):
    return SCHOOL_BONUS


# --- the table --------------------------------------------------------------------------------

class Item(NamedTuple):
    name: str                # 补贴项目
    groups: frozenset | None  # any of them; None where the group does not matter
    kinds: frozenset | None   # kinds of training; None where any will do
    occasion: Callable
    requirements: tuple
    amount: Callable
    fund: str


def item(name, groups, kinds, occasion, requirements, amount, fund):
    kinds = kinds if kinds is None or isinstance(kinds, frozenset) else frozenset((kinds,))
    return Item(name, groups, kinds, occasion, requirements, amount, fund)


ITEMS = (
    item("pre_job_training", EMPLOYEE, "pre_job", always, (),
         rate_of_cost("pre_job_training"), "skills_account"),
    item("certified_training", EMPLOYEE, COMPANY_COURSES, any_worker_certificate, (),
         cost_up_to_standard("certified_training"), "skills_account"),
    item("apprenticeship", EMPLOYEE, "apprenticeship", apprentice_level, (A_YEAR,),
         apprentice_years, "skills_account"),
    item("skill_upgrade", EMPLOYEE, None, worker_level, (INSURED,),
         upgrade_by_level, "unemployment_insurance"),
    item("technician_training", EMPLOYEE, "technician", technician_level, (),
         by_certificate_level("technician_training"), "skills_account"),
    item("free_training", FREE_GROUPS, COURSES, always, (CERTIFIED,),
         cost_up_to_standard("free_training"), "employment_subsidy"),
    item("entrepreneurship_training", None, "entrepreneurship", not_only_employee, (CERTIFIED,),
         cost_up_to_standard("entrepreneurship_training"), "employment_subsidy"),
    item("student_living", frozenset(("school_leaver",)), COURSES, poor_household, (A_MONTH,),
         monthly_grant, "employment_subsidy"),
    item("hardship_living", HARDSHIP, COURSES, always, (A_MONTH,),
         hardship_allowance, "employment_subsidy"),
    item("poverty_training", POOR, COURSES, project_based, (CERTIFIED,),
         cost_up_to_standard("poverty_training"), "employment_subsidy"),
    item("poverty_living", POOR, COURSES, always, (A_DAY,),
         by_days("poverty_living"), "employment_subsidy"),
    item("technical_grant", frozenset(("poor_family", "registered_poor")), "technical_education",
         always, (A_MONTH,), monthly_grant, "employment_subsidy"),
    item("tuition_waiver", frozenset(("poor_family", "registered_poor")), "technical_education",
         always, (), cost_up_to_standard("tuition_waiver"), "employment_subsidy"),
    item("household_education", POOR, "technical_education", always, (),
         flat_standard("household_education"), "employment_subsidy"),
    item("enterprise_school_bonus", None, "technical_education", enterprise_school, (EMPLOYED,),
         school_bonus, "skills_account"),
    item("graduate_training", frozenset(("college_graduate",)),
         frozenset(("employment", "upgrade")), always, (CERTIFIED,),
         cost_up_to_standard("graduate_training"), "employment_subsidy"),
    item("work_as_training", POOR | HARDSHIP, "work_as_training", employed_for_training,
         (A_MONTH, MONTHS_LEFT), work_allowance, "employment_subsidy"),
)
ITEM_NAMES = tuple(entry.name for entry in ITEMS)
FUND_OF = {entry.name: entry.fund for entry in ITEMS}
# What a history (history.csv) may name: the items and the bonus that is paid elsewhere.
HISTORY_ITEMS = frozenset(ITEM_NAMES) | {"absorption_bonus"}

COUNTED = frozenset((
    "pre_job_training", "certified_training", "technician_training", "free_training",
    "entrepreneurship_training", "poverty_training", "graduate_training"))
ONE_TRAINING = COUNTED | {"apprenticeship"}
ONE_ALLOWANCE = frozenset(("student_living", "hardship_living", "poverty_living"))


# --- limits -----------------------------------------------------------------------------------

def same_level_before(facts, items):
    level = facts.certificate.level if facts.certificate else None
    return level is not None and any(
        past.item in items and past.occupation == facts.occupation and past.level == level
        for past in facts.history)


def trainings_this_year(facts):
    year = (facts.certificate or facts).date.year
    return sum(past.item in COUNTED and past.date.year == year for past in facts.history)


def had(facts, name):
    return any(past.item == name for past in facts.history)


def limit_of_history(name, facts):
    """The limits (限制) three to five in their order; the first that bites."""
    if name in COUNTED and same_level_before(facts, COUNTED):
        return "same_occupation_level"
    if name == "skill_upgrade" and same_level_before(facts, {name}):
        return "same_occupation_level"
    if name == "enterprise_school_bonus" and had(facts, name):
        return "already_paid"
    if name in COUNTED and trainings_this_year(facts) >= YEARLY_TRAININGS:
        return "yearly_limit"
    if name == "work_as_training" and had(facts, "absorption_bonus"):
        return "exclusive_with_absorption"
    return None


def fits(entry, facts):
    return ((entry.kinds is None or facts.kind in entry.kinds)
            and (entry.groups is None or bool(entry.groups & facts.groups))
            and entry.occasion(facts))


def amount_of(entry, facts, policy):
    """The amount, or Refusal by the first of the limits one to five that bites."""
    if not PACK_FROM <= facts.date <= PACK_TO:
        raise Refusal("no_policy_in_force")
    for holds, reason in entry.requirements:
        if not holds(facts):
            raise Refusal(reason)
    amount = entry.amount(facts, policy)
    reason = limit_of_history(entry.name, facts)
    if reason:
        raise Refusal(reason)
    return amount


def keep_largest(due, refused, rivals, reason):
    """Of the rivals still due the largest stays, the first in the table among equals."""
    present = [name for name in due if name in rivals]
    if len(present) < 2:
        return
    kept = max(present, key=due.get)  # `due` is in table order and max keeps the first
    for name in present:
        if name != kept:
            del due[name]
            refused[name] = reason


def evaluate(facts, policy):
    """The maps due (item -> fen) and refused (item -> reason), each in table order."""
    due, refused = {}, {}
    for entry in ITEMS:
        if not fits(entry, facts):
            continue
        try:
            due[entry.name] = amount_of(entry, facts, policy)
        except Refusal as refusal:
            refused[entry.name] = str(refusal)
    keep_largest(due, refused, ONE_TRAINING, "another_pays_this_training")
    keep_largest(due, refused, ONE_ALLOWANCE, "another_living_allowance")
    return due, refused
