"""Adds every kind of bad row to an invented campaign, and quirks that must be put right.

Each bad row is marked, so that the generator can hold the oracle's rejections against the marks.
"""

from datetime import date, timedelta

from identifiers import citizen_check, citizen_fault
from invent import AREA, Row, credit_code
from vocabulary import CITY

FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


class Dirt:
    def __init__(self, invention):
        self.made = invention
        self.tables = invention.tables
        self.random = invention.random
        self.times = 3 + len(invention.people) // 5000
        self.good = {sheet: list(rows) for sheet, rows in self.tables.items()}
        self.fresh = 0

    def spread(self):
        self._roster_full()
        for sheet in ("divisions", "standards", "reference", "institutions", "projects", "classes",
                      "roster", "attendance", "results", "attestations", "history"):
            getattr(self, "_" + sheet)()
        self._first_unusable()
        self._put_right()
        self._quoting()

    # --- placing ------------------------------------------------------------------------------

    def pick(self, sheet, wanted=lambda row: True):
        while True:
            row = self.random.choice(self.good[sheet])
            if wanted(row):
                return row

    def anywhere(self, sheet, row):
        rows = self.tables[sheet]
        rows.insert(self.random.randint(0, len(rows)), row)

    def place(self, sheet, row):
        return next(at for at, other in enumerate(self.tables[sheet]) if other is row)

    def before(self, sheet, good, row):
        self.tables[sheet].insert(self.random.randint(0, self.place(sheet, good)), row)

    def after(self, sheet, good, row):
        rows = self.tables[sheet]
        rows.insert(self.random.randint(self.place(sheet, good) + 1, len(rows)), row)

    def variants(self, sheet, *changes, wanted=lambda row: True):
        """For each change a copy of some good row with it, anywhere in the sheet."""
        for _ in range(self.times):
            for change in changes:
                row = self.pick(sheet, wanted)
                self.anywhere(sheet, row.but(**(change(row) if callable(change) else change)))

    def class_row(self, class_no):
        return next(row for row in self.good["classes"] if row["class_no"] == class_no)

    # --- numbers ------------------------------------------------------------------------------

    def wrong_check(self, number):
        others = [sign for sign in "0123456789X" if sign != number[-1]]
        return number[:-1] + self.random.choice(others)

    def no_such_date(self):
        """Leap days of common years among them; the check digit is right."""
        born = self.random.choice(("20010229", "19000229", "19990229", "19850631", "19901301",
                                   "19780230", "19700100"))
        first17 = AREA + born + f"{self.random.randrange(1, 1000):03d}"
        return first17 + citizen_check(first17)

    def eaten(self):
        """A number whose last three digits a spreadsheet turned into 000."""
        while True:
            number = self.random.choice(self.made.people).number[:15] + "000"
            if citizen_fault(number):
                return number

    def wrong_numbers(self, row):
        number = row["id_number"]
        short = number[:6] + number[8:17]  # the fifteen digits of old
        for wrong in (self.wrong_check(number), self.no_such_date(), self.eaten(), short,
                      number[:17], ""):
            yield wrong

    def every_wrong_number(self, sheet):
        for _ in range(self.times):
            row = self.pick(sheet)
            for wrong in self.wrong_numbers(row):
                self.anywhere(sheet, row.but(id_number=wrong))

    # --- sheet by sheet -----------------------------------------------------------------------

    def _divisions(self):
        self.anywhere("divisions", Row(code="1301", name="不存在", province_administered="true",
                                       target_2019="1", target_2020="1", target_2021="1").but())
        self.variants("divisions", {"code": "130198", "province_administered": "maybe"})
        row = self.pick("divisions")
        other = {"true": "false", "false": "true"}[row["province_administered"]]
        self.after("divisions", row, row.but(province_administered=other))

    def appropriations(self):
        """Called once the appropriations exist."""
        self.good["appropriations"] = list(self.tables["appropriations"])
        self.variants("appropriations", {"fund": "lottery"}, {"fund": ""}, {"division": "130198"},
                      {"date": "2021-02-29"}, {"date": "2020/01/01"}, {"amount": "1,000.00"},
                      {"amount": "12.345"}, {"amount": ""})

    def _standards(self):
        poor = [row["code"] for row in self.good["divisions"]
                if row["province_administered"] == "false"]

        def standard(division, item, level, amount, rate=""):
            self.anywhere("standards", Row({
                "division": division, "item": item, "level": level, "amount": amount,
                "rate": rate, "from": "2020-02-01", "document": "坏行"}).but())

        for item, amount in (("entrepreneurship_training", "1500.01"),
                             ("certified_training", "2200.01"), ("poverty_living", "100.01"),
                             ("work_as_training", "300.01")):
            standard(self.random.choice([CITY] + self.made.own), item, "", amount)
        standard(CITY, "pre_job_training", "", "", "50.01")
        standard(CITY, "technician_training", "2", "2999.99")
        standard(self.made.own[0], "technician_training", "1", "4999.99")
        for item in ("apprenticeship", "skill_upgrade", "student_living", "technical_grant",
                     "enterprise_school_bonus", "lunch"):
            standard(CITY, item, "", "100.00")
        for division in self.random.sample(poor, self.times) + ["130198"]:
            standard(division, "free_training", "", "1900.00")
        row = self.pick("standards", lambda row: row["item"] == "free_training")
        self.after("standards", row, row.but(amount="1777.77"))
        self.before("standards", row, row.but(amount="many"))
        self.variants("standards", {"from": "2020-11-31"})

    def _reference(self):
        self.variants("reference", {"amount": "1.234"}, {"from": "2019-02-29"},
                      {"division": "130198"})

    def _institutions(self):
        wrong = lambda row: {"uscc": row["uscc"][:17] + self.other_sign(row["uscc"][17])}
        self.variants("institutions", wrong)
        for change in ({"kind": "palace"}, {"division": "130198"}, {"insured": "perhaps"},
                       {"designated_to": "2021-02-30"}):
            self.anywhere("institutions", self.new_institution(**change))
        row = self.pick("institutions")
        self.after("institutions", row, row.but(name="重复", kind="evaluation"))
        # The inner check alone is wrong: a note, the row is used.
        self.made.serial += 1
        self.anywhere("institutions", self.pick("institutions").but(
            bad=False, uscc=credit_code("52", self.made.serial, wrong_inner=True), certifies=""))

    def other_sign(self, sign):
        return self.random.choice([other for other in "0123456789ABCD" if other != sign])

    def new_institution(self, bad=True, **changes):
        self.made.serial += 1
        row = self.pick("institutions", lambda row: row["kind"] == "training")
        return row.but(bad, uscc=credit_code("52", self.made.serial), **changes)

    def _projects(self):
        self.variants("projects", {"code": "P901", "level": "6"}, {"code": "P902", "level": ""},
                      {"code": "P903", "hours": "long"})
        row = self.pick("projects")
        self.after("projects", row, row.but(level="1" if row["level"] != "1" else "2"))

    def _classes(self):
        """Bad classes, each with rows that hang on it."""
        term = {"designated_from": "2020-03-01", "designated_to": "2020-08-31"}
        brief = self.new_institution(bad=False, **term)
        self.anywhere("institutions", brief)
        school = self.pick("institutions", lambda row: row["kind"] == "training")["uscc"]
        rejected = next(row for row in self.tables["institutions"] if row.bad
                        and row["kind"] == "palace")["uscc"]
        for change in (
                {"provider": rejected}, {"provider": credit_code("52", 999999)},
                {"provider": brief["uscc"], "start": "2020-02-29", "end": "2020-04-01"},
                {"provider": brief["uscc"], "start": "2020-09-01", "end": "2020-09-20"},
                {"project": "P901"}, {"project": "P999"}, {"division": "130198"},
                {"division": "1301"}, {"kind": "cooking"}, {"for_group": "nobody"},
                {"employer": school}, {"employer": credit_code("91", 999998)},
                {"start": "2020-05-11", "end": "2020-05-10"}, {"start": "2021-02-29"},
                {"end": "2021-06-31"}, {"capacity": "some"}, {"cost": "9.999"},
                {"project_based": "perhaps"}):
            self.hang(**change)
        row = self.pick("classes")
        self.after("classes", row, row.but(cost="1.00", capacity="1"))

    def hang(self, **change):
        self.fresh += 1
        taught = self.pick("classes")
        class_no = f"{taught['division']}-9{self.fresh:05d}"
        self.anywhere("classes", taught.but(class_no=class_no, **change))
        for sheet, count in (("roster", 3), ("attendance", 1), ("results", 1)):
            rows = [row for row in self.good[sheet] if row["class_no"] == taught["class_no"]]
            for row in rows[:count]:
                self.anywhere(sheet, row.but(class_no=class_no))

    def _roster_full(self):
        """Classes exactly full, with unusable rows inside and usable ones beyond."""
        for taught in self.random.sample(self.good["classes"], self.times):
            rows = [row for row in self.good["roster"] if row["class_no"] == taught["class_no"]]
            taught["capacity"] = str(len(rows))
            inside = {row["id_number"] for row in rows}
            self.before("roster", rows[0], rows[0].but(id_number=self.eaten()))
            self.after("roster", rows[-1], rows[0].but())
            self.before("roster", rows[1], rows[1].but(groups="unemployed;nobody"))
            outside = [row for row in self.good["roster"] if row["id_number"] not in inside][:2]
            for row in outside:
                beyond = row.but(class_no=taught["class_no"])
                self.after("roster", rows[-1], beyond)
            self.beyond_result(taught, outside)

    def beyond_result(self, taught, outside):
        results = [row for row in self.good["results"] if row["class_no"] == taught["class_no"]]
        if results and outside:
            self.anywhere("results", results[0].but(id_number=outside[0]["id_number"]))

    def _roster(self):
        self.every_wrong_number("roster")
        self.variants("roster", {"groups": "unknown_group"}, {"groups": "veteran;王"},
                      {"household": "abroad"}, {"insured_months": "a year"},
                      {"living_allowance": "perhaps"}, {"class_no": "130102-999999"},
                      {"class_no": ""})
        for _ in range(self.times):
            row = self.pick("roster")
            self.after("roster", row, row.but(insured_months="60"))
            short = self.pick("roster").but()
            short.short = True
            self.anywhere("roster", short)

    def _attendance(self):
        def outside(side, days):
            def change(row):
                day = date.fromisoformat(self.class_row(row["class_no"])[side])
                return {"date": str(day + timedelta(days))}
            return change
        self.variants("attendance", outside("start", -1), outside("end", 1),
                      {"class_no": "130102-999999"}, {"date": "2021-04-31"})
        for _ in range(self.times):
            row = self.pick("attendance")
            self.after("attendance", row, row.but(absent=""))
            stranger = self.random.choice(self.made.people).number
            row = self.pick("attendance")
            on_roster = {other["id_number"] for other in self.good["roster"]
                         if other["class_no"] == row["class_no"]}
            if stranger not in on_roster:
                row["absent"] = "; ".join(filter(None, (row["absent"], stranger)))

    def _results(self):
        self.every_wrong_number("results")
        levelled = lambda row: row["certificate_kind"] in ("skill_level", "qualification")
        skill = lambda row: row["certificate_kind"] == "skill_level"

        def other_level(row):
            return {"level": "5" if row["level"] != "5" else "4"}

        def other_year(row):
            day = date.fromisoformat(row["date"])
            return {"date": str(day + timedelta(366))}

        def before_end(row):
            end = date.fromisoformat(self.class_row(row["class_no"])["end"])
            return {"date": str(end - timedelta(1))}

        self.variants("results", other_level, other_year, {"level": ""}, {"level": "7"},
                      {"certificate_no": ""}, wanted=levelled)
        self.variants("results", lambda row: {"certificate_no": row["certificate_no"][:-1]},
                      lambda row: {"certificate_no": "Z" + row["certificate_no"][1:]},
                      lambda row: {"certificate_no": row["certificate_no"] + "0"}, wanted=skill)
        self.variants("results", before_end, {"certificate_kind": "praise"},
                      self.wrong_evaluator, {"evaluator": credit_code("52", 999997)},
                      {"evaluator": ""}, {"class_no": "130102-999999"}, {"date": "2020-13-01"},
                      self.stranger)
        for _ in range(self.times):
            row = self.pick("results")
            self.after("results", row, row.but(certificate_kind="completion", level="",
                                               certificate_no="COMP99999999"))

    def wrong_evaluator(self, row):
        """A school, or a body that may certify other occupations."""
        code = self.class_row(row["class_no"])["project"]
        occupation = next(project["occupation"] for project in self.good["projects"]
                          if project["code"] == code)
        bodies = [body["uscc"] for body in self.good["institutions"]
                  if occupation not in body["certifies"]]
        return {"evaluator": self.random.choice(bodies)}

    def stranger(self, row):
        inside = {other["id_number"] for other in self.good["roster"]
                  if other["class_no"] == row["class_no"]}
        outside = [person.number for person in self.made.people if person.number not in inside]
        return {"id_number": outside[0] if outside else self.no_such_date()}

    def _attestations(self):
        self.every_wrong_number("attestations")
        self.variants("attestations", {"department": "womens_federation"},
                      {"department": "finance"}, {"department": "weather"}, {"group": "nobody"},
                      {"holds": "perhaps"}, {"holds": ""})
        self.variants("attestations", {"department": "human_resources", "group": "veteran"},
                      {"department": "veterans", "group": "disabled"})

    def _history(self):
        self.every_wrong_number("history")
        self.variants("history", {"item": "lunch"}, {"item": ""}, {"date": "2019-02-29"},
                      {"level": "9"}, {"months": "few"})

    # --- subtleties ---------------------------------------------------------------------------

    def _first_unusable(self):
        """An unusable row ahead of the usable one with the same key takes no key."""
        for _ in range(self.times):
            row = self.pick("roster")
            self.before("roster", row, row.but(household="abroad"))
            row = self.pick("results")
            self.before("results", row, row.but(evaluator=""))
            row = self.pick("attendance")
            short = row.but()
            short.short = True
            self.before("attendance", row, short)
            row = self.pick("classes")
            self.before("classes", row, row.but(cost="free"))
        row = self.pick("divisions")
        self.before("divisions", row, row.but(province_administered="perhaps"))

    def _put_right(self):
        """Lower-case x and full-width digits in numbers that are right otherwise."""
        for sheet in ("roster", "results", "attestations", "history"):
            with_x = [row for row in self.good[sheet] if row["id_number"].endswith("X")]
            for row in with_x[:4 * self.times:2]:
                row["id_number"] = row["id_number"].lower()
            for row in self.random.sample(self.good[sheet],
                                          min(self.times, len(self.good[sheet]))):
                row["id_number"] = row["id_number"].upper().translate(FULL_WIDTH)
        for row in [row for row in self.good["attendance"] if "X" in row["absent"]][:self.times]:
            row["absent"] = row["absent"].lower()
        for row in [row for row in self.good["attendance"] if row["absent"]][-self.times:]:
            row["absent"] = row["absent"].translate(FULL_WIDTH)

    def _quoting(self):
        """Quoted cells with commas, quotes and newlines; lists with spaces."""
        for row in self.good["institutions"][5:5 + self.times]:
            row["name"] = row["name"] + ",\n" + '又名"第一"'
        for row in self.good["standards"][:2]:
            row["document"] = "石人社\n〔2019〕,1号"
        for row in self.good["roster"]:
            if ";" in row["groups"] and self.random.random() < .2:
                row["groups"] = row["groups"].replace(";", " ; ")
        for row in self.good["institutions"][:2]:
            row["certifies"] = row["certifies"].replace(";", "; ")
        self.good["roster"][0]["name"] += ",\r\n曾用名"
