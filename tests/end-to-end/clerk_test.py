"""What a clerk, a treasurer and an auditor see of a campaign that was played: claims, queues, quarters, accounts, events, keys."""
import csv
import json
import os
import re
import time
import unittest
from collections import Counter

from rehearsal import SERVICES, Rehearsal, campaign, differences, expected
from suite import SANITIZED, Client, Keys, notification, wire

YEARS = (2019, 2020, 2021, 2022)
QUARTERS = [(year, quarter) for year in YEARS for quarter in (1, 2, 3, 4)]
SIDES = (("appropriated_fen", "carried_in_fen"),
         ("available_fen", "committed_fen", "instructed_fen", "paid_fen", "advanced_fen", "carried_out_fen",
          "receivable_fen", "written_off_fen"))


def fen(yuan):
    whole, hundredths = yuan.split(".")
    return int(whole) * 100 + int(hundredths)


def yuan(amount):
    return f"{amount // 100}.{amount % 100:02}"


class Played:
    """One folder, played once; each test asks about it."""

    folder = None

    @classmethod
    def setUpClass(cls):
        cls.rehearsal = Rehearsal("clerk")
        cls.addClassCleanup(cls.rehearsal.close)
        cls.rehearsal.up()
        done = cls.rehearsal.play(campaign(cls.folder), "--json")
        wrong = differences(campaign(cls.folder), done.stdout)
        assert done.returncode == 0 and not wrong, (done.stderr, wrong)
        cls.totals = expected(campaign(cls.folder))

    def jineng(self, *arguments):
        done = self.rehearsal.jineng(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def call(self, *arguments):
        return self.rehearsal.call(*arguments)

    def classes(self):
        with open(os.path.join(campaign(self.folder), "classes.csv"), encoding="utf-8-sig", newline="") as file:
            return [row["class_no"] for row in csv.DictReader(file)]

    def events(self, service, *types):
        """The event's own part of each line, by --json, and the chain proven on the way."""
        done = self.rehearsal.jineng("events", service, "--json", *(word for one in types for word in ("--type", one)))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stderr, r"the chain holds through block \d+, SM3 [0-9a-f]{64}")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        places = [(line["block"], line["index"]) for line in lines]
        self.assertEqual(places, sorted(set(places)))
        return [line["event"] for line in lines]

    def claims_of(self, class_no):
        """(claims, refusals) of a class, seat by seat."""
        rows, after = [], 0
        while True:
            view = self.call("subsidy.ClassClaims", {"class_no": class_no, "after_seat": after})
            rows += view.get("rows", [])
            if not view.get("more"):
                return [row for row in rows if row.get("claim")], [row for row in rows if not row.get("claim")]
            after = view["rows"][-1]["seat"]

    def accounts(self, year):
        rows, after = [], {}
        while True:
            view = self.call("ledger.Accounts", {"year": year, **after})
            rows += view.get("rows", [])
            if not view.get("more"):
                return rows
            after = {"after_fund": view["rows"][-1]["fund"], "after_division": view["rows"][-1]["division"]}

    # ---- The ledger, from three sides ----

    def test_events_of_the_ledger_sum_to_the_totals(self):
        rows = [(row, paid["paid"]["division"]) for paid in self.events("ledger", "paid") for row in paid["paid"]["rows"]]
        self.assertEqual(len(rows), self.totals["paid"]["count"])
        self.assertEqual(len({row["claim"] for row, _ in rows}), len(rows), "a claim was paid twice")
        self.assertEqual(yuan(sum(row["amount_fen"] for row, _ in rows)), self.totals["paid"]["amount"])
        by_fund, by_division = Counter(), Counter()
        for row, division in rows:
            by_fund[row["fund"].lower()] += row["amount_fen"]
            by_division[str(division)] += row["amount_fen"]
        self.assertEqual({fund: yuan(amount) for fund, amount in by_fund.items()}, self.totals["by_fund"])
        self.assertEqual({code: yuan(amount) for code, amount in by_division.items()}, self.totals["by_division"])

    def test_every_log_can_be_followed(self):
        for service in SERVICES:
            with self.subTest(service):
                self.assertTrue(self.events(service))

    def test_two_hands_sent_each_payment(self):
        """2.12-c: what was declared is what was released, by another key, and nothing else was paid by the bank."""
        moved = [one["batch_moved"] for one in self.events("ledger", "batch_moved")]
        made = {one["batch"]: one for one in moved if one["to"] == "SUBMITTED"}
        released = {one["batch"]: one for one in moved if one["to"] == "RELEASED"}
        self.assertTrue(released)
        self.assertEqual(set(made), set(released))
        for batch, one in released.items():
            self.assertEqual([one.get(name) for name in ("rows", "amount_fen")], [made[batch].get(name) for name in ("rows", "amount_fen")])
            self.assertEqual((made[batch]["by"], one["by"]), ("finance", "finance.checker"))
            self.assertNotEqual(made[batch]["key"], one["key"])
        instructed = [one["instructed"] for one in self.events("ledger", "instructed")]
        drafts = {one["batch"] for one in instructed if one.get("draft")}
        self.assertLessEqual(drafts, set(released))
        told = self.call("ledger.ReleaseBatches", {"batches": [min(released)]}, "finance.checker")
        self.assertIn("done", told["refused"][0]["reason"])

    def test_accounts_balance(self):
        paid, carried = Counter(), {}
        for year in YEARS:
            for row in self.accounts(year):
                self.assertEqual(row["year"], year)
                left, right = (sum(row.get(name, 0) for name in side) for side in SIDES)
                self.assertEqual(left, right, row)
                for name in {name for side in SIDES for name in side}:
                    self.assertGreaterEqual(row.get(name, 0), 0, row)
                account = (row["fund"], row["division"])
                self.assertEqual(row.get("carried_in_fen", 0), carried.pop(account, 0), f"{row}: not what {year - 1} carried out")
                carried[account] = row.get("carried_out_fen", 0)
                paid[row["fund"].lower()] += row.get("paid_fen", 0)
        self.assertEqual({fund: yuan(amount) for fund, amount in paid.items() if amount}, self.totals["by_fund"])
        self.assertEqual(sum(paid.values()), fen(self.totals["paid"]["amount"]))

    def test_quarters_sum_to_the_totals(self):
        paid, by_fund, counts, appropriated = 0, Counter(), 0, 0
        for year, quarter in QUARTERS:
            report = json.loads(self.jineng("report", "quarter", f"{year}Q{quarter}", "--json"))
            self.assertEqual((report["year"], report["quarter"]), (year, quarter))
            self.assertEqual(sum(row["paid_fen"] for row in report["paid"]), report["paid_fen"])
            counts += sum(row["count"] for row in report["paid"])
            paid += report["paid_fen"]
            appropriated += report["appropriated_fen"]
            for row in report["paid"]:
                by_fund[row["fund"].lower()] += row["paid_fen"]
        self.assertEqual({"count": counts, "amount": yuan(paid)}, self.totals["paid"])
        self.assertEqual({fund: yuan(amount) for fund, amount in by_fund.items()}, self.totals["by_fund"])
        self.assertEqual(appropriated, sum(event["appropriated"]["amount_fen"] for event in self.events("ledger", "appropriated")))

    def test_a_quarter_for_people(self):
        for language, words in (("en", ["2020 Q3", "paid, yuan", "By fund"]), ("zh", ["支付", "资金来源"])):
            report = self.jineng("report", "quarter", "2020Q3", "--lang", language)
            told = json.loads(self.jineng("report", "quarter", "2020Q3", "--json"))
            self.assertIn(yuan(told["paid_fen"]), report)
            self.assertEqual([word for word in words if word.lower() not in report.lower()], [])
            self.assertIn(str(self.totals["certified"]), report)

    # ---- Figures of the running services ----

    def test_stats(self):
        text = self.jineng("stats")
        self.assertEqual([service for service in SERVICES if f"{service}, up " not in text], [])
        for line in self.jineng("stats", "--json").splitlines():
            report = json.loads(line)
            counters = {one["name"]: one.get("value", 0) for one in report["counters"]}
            self.assertGreater(counters["events"], 0, report["service"])
            self.assertGreaterEqual(counters["messages"], sum(one.get("accepted", 0) for one in report["methods"]))
            self.assertEqual((counters["malformed"], counters["denied"], counters["turned_away"]), (0, 0, 0), report["service"])


class Small(Played, unittest.TestCase):
    folder = "small"

    def test_where_a_claim_stands_and_why(self):
        """By number and by class, seat and item: the same sentence."""
        due = Counter()
        for class_no in self.classes()[::4]:
            claims, _ = self.claims_of(class_no)
            due.update(row["item"].lower() for row in claims)
            for row in claims[::15]:
                item = row["item"].lower()
                text = self.jineng("status", str(row["claim"]))
                self.assertEqual(self.jineng("status", f"{class_no}/{row['seat']}/{item}"), text)
                self.assertIn(f"claim {row['claim']}: {item}, {yuan(row['amount_fen'])} yuan", text)
                self.assertRegex(text, r"state +paid: Paid\.")
                self.assertRegex(text, r"fund +\w+")
                self.assertRegex(text, rf"class +{class_no}, seat {row['seat']}\n")
                self.assertRegex(text, r"rule \d+, clause 2\.\d+-\w: .*\n")
                self.assertRegex(text, r"payment batch +\d+")
                self.assertNotIn("place in queue", text)
        self.assertTrue(due)

    def test_why_an_item_is_refused(self):
        reasons = set()
        for class_no in self.classes():
            for row in self.claims_of(class_no)[1]:
                if row["refused"] in reasons:
                    continue
                reasons.add(row["refused"])
                text = self.jineng("status", f"{class_no}/{row['seat']}/{row['item'].lower()}")
                self.assertRegex(text, r"state +refused: .{10}")
                self.assertRegex(text, r"rule \d+, clause 2\.\d+-\w: ")
        self.assertEqual({reason.lower() for reason in reasons}, set(self.totals["refused"]))

    def test_in_both_languages_and_for_programs(self):
        told = json.loads(self.jineng("status", "1", "--json"))
        self.assertEqual((told["subsidy"]["state"], told["ledger"]["state"]), ("paid", "paid"))
        self.assertTrue(told["subsidy"]["trace"])
        text = self.jineng("status", "1", "--lang", "zh")
        for word in ("补贴 1", "班级", "状态", "计算过程", "条款", "已支付：已支付。"):
            self.assertIn(word, text)
        self.assertNotIn("Paid", text)
        self.assertNotIn("支付", self.jineng("status", "1", "--lang", "en"))

    def test_what_is_not_there(self):
        for what, code in (("999999", 1), ("NO-SUCH/1/free_training", 1), ("1/2", 2), ("1/1/no_item", 2), ("", 2)):
            done = self.rehearsal.jineng("status", what)
            self.assertEqual((done.returncode, done.stdout), (code, ""), what)
            self.assertTrue(done.stderr.strip(), what)


class Short(Played, unittest.TestCase):
    folder = "short"

    def queues(self):
        for row in [row for year in YEARS for row in self.accounts(year) if row.get("waiting")]:
            yield row["fund"], row["division"], row

    def queue(self, fund, division):
        claims, after = [], 0
        while True:
            view = self.call("ledger.Queue", {"fund": fund, "division": division, "after": after})
            claims += view.get("claims", [])
            if not view.get("more"):
                return claims, view
            after = claims[-1]

    def test_who_waits_sees_his_place(self):
        count, amount, seen = 0, 0, set()
        for fund, division, row in self.queues():
            if (fund, division) in seen:
                continue
            seen.add((fund, division))
            claims, view = self.queue(fund, division)
            self.assertEqual((len(claims), view["length"], view["amount_fen"]), (view["length"], row["waiting"], row["waiting_fen"]))
            self.assertEqual(claims, sorted(claims), "the order of settlement")
            count, amount = count + len(claims), amount + view["amount_fen"]
            for place in {1, len(claims) // 2 + 1, len(claims)}:
                text = self.jineng("status", str(claims[place - 1]))
                self.assertRegex(text, rf"place in queue +{place}\n")
                self.assertRegex(text, r"state +waiting: ")
                self.assertRegex(text, rf"ledger +waiting: {fund.lower()} waits for money of division {division}")
        self.assertEqual({"count": count, "amount": yuan(amount)}, self.totals["waiting"])

    def test_nobody_overtakes(self):
        """Whatever was paid of a fund and division was settled before whatever waits there."""
        waits = {(fund, division): self.queue(fund, division)[0][0] for fund, division, _ in self.queues()}
        for paid in self.events("ledger", "paid"):
            for row in paid["paid"]["rows"]:
                first = waits.get((row["fund"], paid["paid"]["division"]))
                self.assertFalse(first and row["claim"] > first, f"{row} before {first}")


class Revoked(unittest.TestCase):
    def test_a_key_ends_within_two_seconds(self):
        with Rehearsal("keys") as rehearsal:
            rehearsal.up()
            rehearsal.call("notification.OpenInbox", {"agency": "veterans", "department": "VETERANS", "kinds": ["PAID"]})
            client = self.veterans(rehearsal)
            self.addCleanup(client.close)
            self.assertEqual(self.code(client), wire.OK)
            done = rehearsal.jineng("keys", "revoke", "veterans")
            revoked = time.monotonic()
            self.assertEqual(done.returncode, 0, done.stderr)
            while (code := self.code(client)) == wire.OK and time.monotonic() < revoked + 30:
                time.sleep(0.05)
            self.assertLess(time.monotonic() - revoked, 10 if SANITIZED else 2)
            self.assertEqual(code, wire.DENIED)
            denied = rehearsal.jineng("call", "notification.Inbox", '{"limit": 1}', "--as", "veterans", "--timeout", "2000")
            self.assertIn(denied.returncode, (1, 3), denied.stderr)
            self.assertEqual(denied.stdout, "")
            listed = rehearsal.jineng("keys", "list").stdout
            self.assertRegex(listed, r"(?m)^veterans +revoked ")
            self.assertEqual(rehearsal.call("notification.Inboxes")["rows"][0]["agency"], "veterans")  # nobody else is hurt

    def code(self, client):
        """Over the connection that stood when the key was revoked."""
        reply = client.answer(client.request("Inbox", notification.InboxRequest(limit=1)), seconds=5)
        return reply.code if reply else None

    def veterans(self, rehearsal):
        with open(f"{rehearsal.data}/jineng.yaml", encoding="utf-8") as file:
            text = file.read()
        found = re.search(r"name: notification .*\n +endpoint: (\S+)\n +key: \"(.{40})\"", text)
        keys = Keys()
        with open(f"{rehearsal.data}/keys/veterans.key", "rb") as file:
            keys.public, keys.secret = file.read().split()
        return Client(found[1], found[2].encode(), keys, "notification")


if __name__ == "__main__":
    unittest.main()
