"""Checks the oracle against the sample campaigns and cases, and its subtler readings."""

import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
from datetime import date

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)

import budget
import casefile
import generate
import identifiers
import oracle
from entitlement import Facts, Figures, Policy, PACK_STANDARDS, Paid, Certificate, evaluate
from sheets import Campaign, Stop

TESTS = os.path.dirname(HERE)


def without_empty_maps(totals):
    return {key: value for key, value in totals.items() if value != {}}


class Samples(unittest.TestCase):
    def test_campaigns(self):
        for name in ("small", "dirty-zh", "short"):
            with self.subTest(name):
                folder = os.path.join(TESTS, "campaigns", name)
                with open(os.path.join(folder, "expected.json"), encoding="utf-8") as file:
                    expected = json.load(file)
                got = oracle.totals(Campaign(folder))
                self.assertEqual(without_empty_maps(got), without_empty_maps(expected))

    def test_cases(self):
        out = io.StringIO()
        path = os.path.join(TESTS, "policy", "cases-open.yaml")
        self.assertEqual(casefile.run(path, out), 0, out.getvalue())
        self.assertEqual(out.getvalue(), "300 passed, 0 failed\n")


class Identifiers(unittest.TestCase):
    def test_credit_code(self):
        self.assertIsNone(identifiers.credit_fault("91350100M000100Y43"))
        self.assertEqual(identifiers.credit_fault("91350100M000100Y4Z"), "unreadable")
        self.assertEqual(identifiers.credit_fault("91350100M000100Y44"), "wrong_check")
        self.assertEqual(identifiers.organisation_check("M000100Y"), "4")

    def test_citizen_number(self):
        self.assertIsNone(identifiers.citizen_fault("13019919600814066X"))
        self.assertEqual(identifiers.citizen_fault("130199196008140661"), "wrong_check")
        first17 = "13019920010229001"
        leap = first17 + identifiers.citizen_check(first17)
        self.assertEqual(identifiers.citizen_fault(leap), "no_such_date")
        self.assertEqual(identifiers.righted(" １３０１９９19600814066x "), "13019919600814066X")

    def test_certificate_number(self):
        fault = identifiers.number_fault
        day = date(2021, 1, 2)
        self.assertIsNone(fault("skill_level", "S000013130100214000001", 4, day))
        self.assertEqual(fault("skill_level", "Z000013130100214000001", 4, day), "number_form")
        self.assertEqual(fault("skill_level", "S000013130100214000001", 3, day), "number_level")
        self.assertEqual(fault("skill_level", "S000013130100204000001", 4, day), "number_year")
        self.assertIsNone(fault("qualification", "2113011001400003", 4, day))
        self.assertIsNone(fault("completion", "anything", None, day))


class Months(unittest.TestCase):
    def test_no_clamping(self):
        for start, end, months in (
                ("2020-03-01", "2020-04-30", 2), ("2020-03-15", "2020-04-10", 0),
                ("2020-12-30", "2021-02-27", 1), ("2020-12-08", "2021-12-07", 12),
                ("2020-01-31", "2020-02-29", 1), ("2020-01-31", "2020-03-30", 2)):
            with self.subTest(start=start, end=end):
                got = oracle.whole_months(date.fromisoformat(start), date.fromisoformat(end))
                self.assertEqual(got, months)


class Limits(unittest.TestCase):
    DAY = date(2020, 12, 30)

    def due(self, figures=(), **facts):
        standards = Figures(PACK_STANDARDS)
        for name, amount in figures:
            standards.add("130102", name, None, date.min, amount)
        given = {"date": self.DAY, "division": "130102", "occupation": "1", "cost": 1500_00,
                 "level": 5} | facts
        return evaluate(Facts(**given), Policy(standards, Figures()))

    def test_limit_counts_the_certificates_year(self):
        past = [Paid("free_training", date(2021, 2, day)) for day in (1, 2, 3)]
        late = Certificate("completion", None, date(2021, 1, 4))
        facts = {"kind": "employment", "groups": frozenset({"veteran"}), "history": past}
        figures = (("free_training", 1800_00),)
        self.assertEqual(self.due(figures, certificate=late, **facts)[1],
                         {"free_training": "yearly_limit"})
        early = late._replace(date=self.DAY)
        self.assertEqual(self.due(figures, certificate=early, **facts)[0],
                         {"free_training": 1500_00})

    def test_work_months_already_paid(self):
        facts = {"kind": "work_as_training", "groups": frozenset({"registered_poor"}),
                 "employer": "enterprise", "months": 5}
        past = [Paid("work_as_training", date(2019, 1, 1), months=4)]
        self.assertEqual(self.due(history=past, **facts)[0], {"work_as_training": 600_00})
        past.append(Paid("work_as_training", date(2022, 1, 1), months=2))
        self.assertEqual(self.due(history=past, **facts)[1],
                         {"work_as_training": "months_used_up"})

    def test_first_in_the_table_among_equals(self):
        facts = {"kind": "employment", "groups": frozenset({"veteran", "college_graduate"}),
                 "certificate": Certificate("completion", None, self.DAY)}
        due, refused = self.due((("free_training", 1800_00), ("graduate_training", 1600_00)),
                                **facts)
        self.assertEqual(due, {"free_training": 1500_00})
        self.assertEqual(refused, {"graduate_training": "another_pays_this_training"})


class Figure(unittest.TestCase):
    def test_own_figure_outlives_the_citys_later_one(self):
        figures = Figures({("x", None): 1})
        figures.add("130100", "x", None, date(2020, 1, 1), 2)
        figures.add("130102", "x", None, date(2020, 3, 1), 3)
        figures.add("130100", "x", None, date(2020, 5, 1), 4)
        got = [figures.find("130102", "x", None, date(year, month, 1))
               for year, month in ((2019, 12), (2020, 1), (2020, 3), (2020, 6))]
        self.assertEqual(got, [1, 2, 3, 3])


class Money(unittest.TestCase):
    DAY, LATER = date(2020, 1, 10), date(2020, 2, 10)

    def claim(self, amount, division="130102", day=DAY):
        return budget.Claim(day, "industry", division, amount)

    def money(self, amount, division="130102", day=DAY):
        return budget.Claim(day, "industry", division, amount)

    def paid(self, money, claims):
        return [(claim.division, claim.amount) for claim in budget.run(money, claims).paid]

    def test_whole_from_one_account(self):
        money = [self.money(50), self.money(60, "130100")]
        self.assertEqual(self.paid(money, [self.claim(100)]), [])
        self.assertEqual(self.paid(money, [self.claim(60), self.claim(50)]),
                         [("130102", 60), ("130102", 50)])

    def test_nobody_overtakes(self):
        claims = [self.claim(100), self.claim(10), self.claim(20, "130104")]
        money = [self.money(50), self.money(30, "130100")]
        self.assertEqual(self.paid(money, claims), [("130104", 20)])

    def test_new_money_frees_in_order(self):
        claims = [self.claim(100), self.claim(30, "130104"), self.claim(10)]
        city = [self.money(45, "130100", self.LATER)]
        self.assertEqual(self.paid(city, claims), [("130104", 30)])
        own = [self.money(100, day=self.LATER)]
        self.assertEqual(self.paid(city + own, claims),
                         [("130102", 100), ("130104", 30), ("130102", 10)])

    def test_money_of_the_day_comes_first(self):
        self.assertEqual(self.paid([self.money(10)], [self.claim(10)]), [("130102", 10)])
        late = [self.money(10, day=self.LATER)]
        self.assertEqual(self.paid(late, [self.claim(10)]), [("130102", 10)])
        queued = [self.claim(10), self.claim(5, day=self.LATER)]
        self.assertEqual(self.paid(late, queued), [("130102", 10)])


class Folders(unittest.TestCase):
    """Generated folders: the generator itself holds its marks against the rejections."""

    def test_marks_agree_and_seed_repeats(self):
        with tempfile.TemporaryDirectory() as home:
            first, second = os.path.join(home, "a"), os.path.join(home, "b")
            for folder in (first, second):
                generate.generate(folder, 150, 5, dirty=True, short=True, zh=True)
            for name in os.listdir(first):
                with open(os.path.join(first, name), "rb") as one, \
                        open(os.path.join(second, name), "rb") as other:
                    self.assertEqual(one.read(), other.read(), name)

    def test_language_and_order_of_columns_change_nothing(self):
        with tempfile.TemporaryDirectory() as home:
            english, chinese = os.path.join(home, "en"), os.path.join(home, "zh")
            generate.generate(english, 150, 6)
            generate.generate(chinese, 150, 6, zh=True)
            self.assertEqual(*(oracle.totals(Campaign(folder)) for folder in (english, chinese)))

    def test_advances_change_no_total(self):
        with tempfile.TemporaryDirectory() as home:
            generate.generate(home, 150, 7)
            before = oracle.totals(Campaign(home))
            path = os.path.join(home, "classes.csv")
            with open(path, encoding="utf-8", newline="") as file:
                text = file.read()
            self.assertIn(",true\r\n", text)
            with open(path, "w", encoding="utf-8", newline="") as file:
                file.write(text.replace(",true\r\n", ",false\r\n"))
            self.assertEqual(oracle.totals(Campaign(home)), before)

    def test_what_stops_the_import(self):
        for sheet, spoil in (("roster.csv", None), ("history.csv", "months"),
                             ("classes.csv", "cost")):
            with self.subTest(sheet), tempfile.TemporaryDirectory() as home:
                generate.generate(home, 60, 8)
                path = os.path.join(home, sheet)
                if spoil is None:
                    os.remove(path)
                else:
                    self._replace(path, spoil, "colour")
                with self.assertRaises(Stop):
                    Campaign(home)

    @staticmethod
    def _replace(path, old, new):
        with open(path, encoding="utf-8", newline="") as file:
            text = file.read()
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text.replace(old, new, 1))

    def test_rejected_rows_as_csv(self):
        out = io.StringIO()
        campaign = Campaign(os.path.join(TESTS, "campaigns", "dirty-zh"))
        with contextlib.redirect_stdout(out):
            oracle.print_rejected(campaign, sys.stdout)
        lines = out.getvalue().splitlines()
        self.assertEqual(lines[:2], ["file,line,column,reason",
                                     "standards.csv,5,division,may_not_set"])
        self.assertEqual(len(lines), 47)


if __name__ == "__main__":
    unittest.main()
