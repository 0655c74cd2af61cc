"""Invents a campaign: institutions, classes, people and what happened to them.

Everybody is made up: valid check digits and dates, but an area prefix (130199) that was never
issued. Tables are lists of Row, English columns to text.
"""

import random
from collections import deque
from datetime import date, timedelta
from typing import NamedTuple

from entitlement import PACK_FROM, PACK_TO
from identifiers import citizen_check, credit_check, organisation_check
from vocabulary import CITY, COLUMNS, GROUPS, KEEPERS

AREA = "130199"
DIVISIONS = {
    "130102": "长安区", "130104": "桥西区", "130105": "新华区", "130107": "井陉矿区",
    "130108": "裕华区", "130109": "藁城区", "130110": "鹿泉区", "130111": "栾城区",
    "130121": "井陉县", "130123": "正定县", "130125": "行唐县", "130126": "灵寿县",
    "130127": "高邑县", "130128": "深泽县", "130129": "赞皇县", "130130": "无极县",
    "130131": "平山县", "130132": "元氏县", "130133": "赵县",
    "130171": "高新技术产业开发区", "130172": "循环化工园区", "130181": "辛集市",
    "130183": "晋州市", "130184": "新乐市",
}
TRADES = (  # name, occupation (职业), in short supply (急需紧缺)
    ("家政服务员", "4-10-01-06", True), ("养老护理员", "4-10-01-05", True),
    ("婴幼儿照护", "4-10-01-01", True), ("保安员", "4-07-05-01", True),
    ("电子商务师", "4-01-06-01", True), ("汽车维修工", "4-12-01-01", True),
    ("电工", "6-31-01-03", True), ("手工编织", "6-09-03-12", True),
    ("焊工", "6-18-02-04", False), ("车工", "6-18-01-01", False),
    ("人工智能训练师", "4-04-05-05", False), ("化工总控工", "6-11-01-01", False),
)
LEVEL_HOURS = {5: 60, 4: 90, 3: 120, 2: 150, 1: 180}
PROGRAMMES = ("spring_tide", "study_and_dream", "new_generation", "return_home", "labour_prep",
              "farmers_three_year", "rural_talent")
COSTS = ("800.00", "999.99", "1200.00", "1500.00", "1800.00", "2100.00", "2200.00", "2200.01",
         "2400.00", "3000.00", "3333.33", "4500.00")
SURNAMES, GIVEN = "王李张刘陈杨黄赵吴周", "伟芳秀敏静丽强磊军洋勇杰娜涛明超霞平"
ALL_GROUPS = tuple(dict.fromkeys(GROUPS.values()))


class Row(dict):
    """A row of a table; `bad` marks one that must be rejected, `short` one that lacks cells."""
    bad = False
    short = False

    def but(self, bad=True, **changes):
        changed = Row(self | changes)
        changed.bad = bad
        return changed


class Person(NamedTuple):
    number: str
    name: str
    phone: str
    account: str
    groups: tuple
    household: str
    living_allowance: str


class Kind(NamedTuple):
    """How classes of a kind look: their share, levels, lengths in days and whom they suit."""
    share: int
    levels: tuple
    lengths: tuple
    suits: tuple
    employer: bool


COMPANY = ("enterprise_employee",)
JOBLESS = ("rural_migrant", "school_leaver", "unemployed", "veteran", "hard_to_employ",
           "disabled", "zero_employment_family", "registered_poor", "college_graduate",
           "capacity_cut_worker", "farmer")
KINDS = {
    "pre_job": Kind(2, (5, 4, 3), (10, 15, 30), COMPANY, True),
    "on_job": Kind(3, (5, 4, 3), (10, 15, 31, 45), COMPANY, True),
    "transfer": Kind(2, (5, 4), (10, 20, 31), COMPANY, True),
    "apprenticeship": Kind(2, (5, 4, 3), (364, 365, 366, 730, 731, 300), COMPANY, True),
    "employment": Kind(5, (5, 4, 3), (10, 15, 28, 30, 31, 61), JOBLESS, False),
    "upgrade": Kind(3, (4, 3), (15, 30, 46, 92), JOBLESS, False),
    "labour_preparation": Kind(2, (5, 4), (30, 31, 62), ("school_leaver", "registered_poor"),
                               False),
    "entrepreneurship": Kind(2, (5, 4), (10, 15, 21), JOBLESS + COMPANY, False),
    "technician": Kind(2, (2, 1), (10, 20, 46), COMPANY, True),
    "work_as_training": Kind(2, (5, 4), (20, 60, 92, 153, 212),
                             ("registered_poor", "hard_to_employ", "zero_employment_family",
                              "disabled"), True),
    "technical_education": Kind(2, (5, 4), (20, 120, 151, 300),
                                ("poor_family", "registered_poor", "school_leaver"), False),
}


def credit_code(prefix, serial, wrong_inner=False):
    """A credit code of the city; `prefix` tells the kind of body."""
    organisation = f"MA{serial:06d}"
    inner = organisation_check(organisation)
    if wrong_inner:
        inner = "1" if inner != "1" else "2"
    first17 = prefix + CITY + organisation + inner
    return first17 + credit_check(first17)


def luhn(first):
    total = 0
    for place, digit in enumerate(reversed(first)):
        doubled = int(digit) * (1 if place % 2 else 2)
        total += doubled - 9 if doubled > 9 else doubled
    return first + str(-total % 10)


def yes(truth):
    return "true" if truth else "false"


def weekdays(start, end, most=60):
    days = (start + timedelta(step) for step in range((end - start).days + 1))
    return [day for day in days if day.weekday() < 5][:most]


class Invention:
    """One invented campaign; `tables` holds its sheets."""

    def __init__(self, people, seed, short=False, spread=False):
        self.random = random.Random(seed)
        self.short, self.spread = short, spread
        self.tables = {sheet: [] for sheet in COLUMNS}
        self.serial = seed % 1000 * 500 + 1000
        self.certificates = 0
        self.bodies = {}          # (division, kind) -> usccs
        self.evaluators = {}      # occupation -> usccs
        self._divisions()
        self._institutions()
        self._projects()
        self.people = self._people(people)
        self._standards()
        self._reference()
        self._classes(people * 9 // 5)
        self._attestations()
        self._history()

    def add(self, sheet, *values):
        row = Row(zip(COLUMNS[sheet], values, strict=True))
        self.tables[sheet].append(row)
        return row

    # --- the places ---------------------------------------------------------------------------

    def _divisions(self):
        chosen = set(self.random.sample(sorted(DIVISIONS), 9))
        for code, name in DIVISIONS.items():
            self.add("divisions", code, name, yes(code in chosen), "3333", "2916", "2916")
        self.own = sorted(chosen)

    def _institutions(self):
        occupations = [occupation for _, occupation, _ in TRADES]
        self._institution("130102", "evaluation", "52", "石家庄市第一职业技能评价中心",
                          certifies=occupations)
        self._institution("130104", "evaluation", "12", "石家庄市第二职业技能评价中心",
                          certifies=occupations[:5])
        for division, place in DIVISIONS.items():
            for number in (1, 2):
                self._institution(division, "training", "52", f"{place}第{number}职业培训学校")
            for number in (1, 2):
                certifies = self.random.sample(occupations, 2) if number == 2 else ()
                self._institution(division, "enterprise", "91", f"{place}第{number}制造有限公司",
                                  certifies, insured=self.random.random() < .75)
            self._institution(division, "enterprise_school", "52", f"{place}企业技工学校")
            self._institution(division, "vocational_school", "12", f"{place}职业教育中心")
            self._institution(division, self.random.choice(("cooperative", "poverty_workshop")),
                              "93", f"{place}扶贫车间", insured=self.random.random() < .5)

    def _institution(self, division, kind, prefix, name, certifies=(), insured=True,
                     term=(PACK_FROM, PACK_TO)):
        self.serial += 1
        uscc = credit_code(prefix, self.serial)
        account = luhn(f"62170000000{self.serial:07d}")
        row = self.add("institutions", uscc, name, kind, division, yes(insured), str(term[0]),
                       str(term[1]), account, "河北银行", ";".join(certifies))
        self.bodies.setdefault((division, kind), []).append(uscc)
        for occupation in certifies:
            self.evaluators.setdefault(occupation, []).append(uscc)
        return row

    def _projects(self):
        serial, self.by_level = 0, {level: [] for level in LEVEL_HOURS}
        for name, occupation, urgent in TRADES:
            for level, hours in LEVEL_HOURS.items():
                serial += 1
                row = self.add("projects", f"P{serial:03d}", name, occupation, str(level),
                               str(hours), yes(urgent))
                self.by_level[level].append(row)

    # --- figures ------------------------------------------------------------------------------

    def _standard(self, division, name, level, amount, since, rate=""):
        number = len(self.tables["standards"]) + 1
        self.add("standards", division, name, level, amount, rate, since,
                 f"石人社〔{since[:4]}〕{number}号")

    def _standards(self):
        """City figures, some of them late or not at all, and the divisions' own over time."""
        first, later = str(PACK_FROM), "2020-03-01"
        for name, amount in (("free_training", "1800.00"), ("graduate_training", "1500.00")):
            self._standard(CITY, name, "", amount, first)
        self._standard(CITY, "free_training", "", "1850.00", "2021-01-01")
        self._standard(CITY, "poverty_training", "", "1600.00", later)
        self._standard(CITY, "tuition_waiver", "", "1200.00", "2020-06-01")
        self._standard(CITY, "technician_training", "2", "3200.50", "2020-07-01")
        self._standard(CITY, "pre_job_training", "", "", "2020-09-01", rate="45.5")
        for division in self.own:
            for name, level, amount, rate in self._own_figures():
                since = date(2020, self.random.randint(1, 12), self.random.choice((1, 15)))
                self._standard(division, name, level, amount, str(since), rate)
            self._standard(division, "free_training", "", self._amount(1500, 2400), first)

    def _amount(self, least, most):
        return f"{self.random.randint(least * 100, most * 100) / 100:.2f}"

    def _own_figures(self):
        figures = (
            ("free_training", "", self._amount(1500, 2400), ""),
            ("poverty_training", "", self._amount(1200, 2400), ""),
            ("graduate_training", "", self._amount(1200, 2400), ""),
            ("tuition_waiver", "", self._amount(800, 2000), ""),
            ("household_education", "", "600.00", ""),
            ("certified_training", "", self._amount(999, 2200), ""),
            ("entrepreneurship_training", "", self._amount(999, 1500), ""),
            ("poverty_living", "", self._amount(40, 100), ""),
            ("work_as_training", "", self._amount(150, 300), ""),
            ("hardship_living", "", self._amount(900, 2000), ""),
            ("technician_training", "2", self._amount(3000, 4000), ""),
            ("technician_training", "1", self._amount(5000, 6500), ""),
            ("pre_job_training", "", "", self._amount(20, 50)))
        return self.random.sample(figures, 6)

    def _reference(self):
        """The grant comes late, so that early classes find no figure."""
        self.add("reference", "secondary_grant_monthly", CITY, "200.00", "2020-01-01")
        self.add("reference", "unemployment_benefit_min_monthly", CITY, "1184.00",
                 str(PACK_FROM))
        self.add("reference", "unemployment_benefit_min_monthly", CITY, "1344.00", "2019-11-01")
        for division in self.random.sample(sorted(DIVISIONS), 3):
            self.add("reference", "unemployment_benefit_min_monthly", division,
                     self._amount(1200, 1520), "2020-05-01")

    # --- the people ---------------------------------------------------------------------------

    def _people(self, count):
        numbers = set()
        while len(numbers) < count:
            born = date(1962, 1, 1) + timedelta(self.random.randrange(41 * 365))
            first17 = f"{AREA}{born:%Y%m%d}{self.random.randrange(1, 1000):03d}"
            if not (first17 + citizen_check(first17)).endswith("000"):
                numbers.add(first17 + citizen_check(first17))
        shuffled = sorted(numbers)
        self.random.shuffle(shuffled)
        return [self._person(number, serial) for serial, number in enumerate(shuffled, 1)]

    def _person(self, number, serial):
        pick = self.random.choice
        name = pick(SURNAMES) + pick(GIVEN) + (pick(GIVEN) if self.random.random() < .7 else "")
        return Person(number, name, f"1{pick('35789')}{self.random.randrange(10**9):09d}",
                      luhn(f"62170000001{serial:07d}"), self._groups(),
                      pick(("rural", "rural", "urban", "urban", "")),
                      yes(self.random.random() < .2))

    def _groups(self):
        draw = self.random.random()
        if draw < .03:
            return ()
        if draw < .40:
            return COMPANY
        return tuple(self.random.sample(ALL_GROUPS, self.random.choice((1, 1, 1, 2, 2, 3))))

    def _attestations(self):
        """Most true; some missing, some false, some contradicting in either order."""
        for person in self.people:
            for group in person.groups:
                draw = self.random.random()
                words = (("true",) if draw < .9 else ("false",) if draw < .93
                         else ("true", "false") if draw < .945 else ("false", "true")
                         if draw < .96 else ())
                for holds in words:
                    self.add("attestations", KEEPERS[group], person.number, group, holds)
        self.random.shuffle(self.tables["attestations"])

    def _history(self):
        names = ("pre_job_training", "certified_training", "technician_training",
                 "free_training", "entrepreneurship_training", "poverty_training",
                 "graduate_training", "skill_upgrade")
        for person in self.random.sample(self.people, len(self.people) // 8):
            for _ in range(self.random.randint(1, 4)):
                draw = self.random.random()
                if draw < .1:
                    self._past(person, "absorption_bonus")
                elif draw < .25:
                    self._past(person, "work_as_training",
                               months=str(self.random.randint(1, 6)))
                elif draw < .3:
                    self._past(person, "enterprise_school_bonus")
                else:
                    self._past(person, self.random.choice(names),
                               self.random.choice(TRADES)[1], self.random.choice("54321"))

    def _past(self, person, name, occupation="", level="", months=""):
        day = date(2019, 1, 1) + timedelta(self.random.randrange(800))
        self.add("history", person.number, name, str(day), occupation, level, months)

    # --- the classes --------------------------------------------------------------------------

    def _classes(self, seats):
        self._pool()
        kinds = [name for name, kind in KINDS.items() for _ in range(kind.share)]
        serial = 0
        while seats > 0:
            if serial % len(kinds) == 0:
                self.random.shuffle(kinds)
            size = min(self.random.choice((4, 18, 25, 33, 42, 49, 50)), len(self.people))
            self._class(serial + 1, kinds[serial % len(kinds)], size)
            serial, seats = serial + 1, seats - size

    def _pool(self):
        self.pool = {group: deque() for group in ALL_GROUPS}
        self.everybody = deque(self.people)
        for person in self.people:
            for group in person.groups:
                self.pool[group].append(person)
        # A few who train again and again, so that yearly limits bite.
        self.keen = self.random.sample(self.people, max(4, len(self.people) // 40))

    def _end(self, length):
        earliest = PACK_FROM + timedelta(length + 3)
        span = (PACK_TO - earliest).days
        if self.random.random() < .04:  # no policy any more, but a start in the designation
            return PACK_TO + timedelta(self.random.randint(1, min(25, length - 1)))
        day = earliest + timedelta(self.random.randrange(span + 1))
        if self.spread:
            return day
        ends = (day.replace(day=15), day.replace(day=28), date(2020, 12, 31), date(2021, 6, 30))
        wanted = self.random.choice(ends + (day, day))
        return wanted if wanted >= earliest else day

    def _class(self, serial, name, size):
        kind = KINDS[name]
        length = self.random.choice(kind.lengths)
        end = self._end(length)
        start = end - timedelta(length - 1)
        division = self.random.choice(sorted(DIVISIONS))
        project = self.random.choice(self.by_level[self.random.choice(kind.levels)])
        employer = self._employer(division, name) if kind.employer else ""
        bought = not kind.employer and self.random.random() < .4
        asked = (kind.employer or bought) and not self.short and self.random.random() < .4
        row = self.add(
            "classes", f"{division}-{serial:06d}", self._provider(division, name, employer),
            project["code"], division, name,
            self.random.choice(PROGRAMMES) if self.random.random() < .3 else "", yes(bought),
            self.random.choice(("registered_poor", "capacity_cut_worker", "veteran"))
            if bought else "", str(start), str(end), str(self.random.choice((size, 50))),
            self.random.choice(COSTS), employer, yes(asked))
        self._teach(row, project, self._trainees(kind, size), start, end)

    def _employer(self, division, kind):
        kinds = ["enterprise", "enterprise", "enterprise_school"]
        if kind == "work_as_training":
            if self.random.random() < .1:
                return ""
            kinds += ["cooperative", "poverty_workshop"]
        usccs = [uscc for body in kinds for uscc in self.bodies.get((division, body), ())]
        return self.random.choice(usccs)

    def _provider(self, division, kind, employer):
        if employer and self.random.random() < .3:
            return employer
        schools = ["enterprise_school", "vocational_school"] if kind == "technical_education" \
            else ["training", "training", "vocational_school"]
        return self.random.choice(self.bodies[division, self.random.choice(schools)])

    def _trainees(self, kind, size):
        """Mostly people whom the kind suits, in turn, so that nearly everybody trains."""
        chosen = {}
        suited = [self.pool[group] for group in kind.suits if self.pool[group]]
        for _ in range(size * 20):
            draw = self.random.random()
            if draw < .06:
                person = self.random.choice(self.keen)
            else:
                turn = self.everybody if draw < .2 or not suited else self.random.choice(suited)
                person = turn[0]
                turn.rotate(-1)
            chosen[person.number] = person
            if len(chosen) == size:
                break
        return list(chosen.values())

    def _teach(self, taught, project, trainees, start, end):
        for person in trainees:
            self.add("roster", taught["class_no"], person.name, person.number, person.phone,
                     ";".join(person.groups), person.household, person.living_allowance,
                     self.random.choice(("0", "6", "11", "12", "24", "60")),
                     self.random.choice(("0", "3", "11", "12", "18")), person.account)
            if self.random.random() < .82:
                self._result(taught["class_no"], person, project, end)
        truants = [person.number for person in trainees if self.random.random() < .05]
        for day in weekdays(start, end):
            absent = [person.number for person in trainees if self.random.random() < .03]
            absent = dict.fromkeys(absent + truants)
            self.add("attendance", taught["class_no"], str(day), ";".join(absent))

    def _result(self, class_no, person, project, end):
        kind = self.random.choices(
            ("skill_level", "qualification", "special_ability", "special_operation",
             "completion"), (50, 18, 10, 10, 12))[0]
        level = project["level"] if self.random.random() < .9 else self.random.choice("54321")
        day = end + timedelta(0 if self.random.random() < .6 else self.random.randint(1, 25))
        if kind not in ("skill_level", "qualification"):
            level = ""
        self.add("results", class_no, person.number, kind, level,
                 self.certificate_no(kind, level, day), str(day),
                 self.random.choice(self.evaluators[project["occupation"]]))

    def certificate_no(self, kind, level, day):
        self.certificates += 1
        serial = self.certificates
        if kind == "skill_level":
            letter = self.random.choice("SSSY")
            return f"{letter}000013130100{day:%y}{level}{serial:06d}"
        if kind == "qualification":
            return f"{day:%y}13011001{level}{serial % 100000:05d}"
        return f"{'COMP' if kind == 'completion' else 'SPEC'}{serial:08d}"


def document_number(day, number):
    """The number of an appropriation's document (文号)."""
    return f"石财社〔{day.year}〕{number}号"
