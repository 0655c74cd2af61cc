"""The books seen from outside: hledger computes the same balances from the events, and finds what was changed; every cell of every
statement is the sum of its entries; what is closed stays."""
import csv
import io
import json
import os
import re
import shutil
import subprocess
import time
import unittest
import zipfile
from collections import defaultdict
from xml.etree import ElementTree

from clerk_test import fen, yuan
from rehearsal import Rehearsal, campaign, differences

BALANCES = ["appropriated", "carried_in", "available", "committed", "instructed", "paid", "advanced", "carried_out",
            "receivable", "written_off", "granted", "grant_paid", "pooled"]
SOURCES = {"appropriated", "carried_in"}
KINDS = ["fund", "division", "item", "institution"]
MEASURES = ["appropriated", "committed", "paid", "advanced", "recovered", "reversed", "released", "grant_paid", "grant_reversed"]
EMPLOYEE = 1 << 1  # bits of groups
FORMULA = '=HYPERLINK("x"),a;b'


def amount(text):
    return -fen(text[1:]) if text.startswith("-") else fen(text)


def rewritten(path, change):
    with open(path, encoding="utf-8-sig", newline="") as file:
        head, *rows = list(csv.reader(file))
    with open(path, "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *change(head, rows)])


def with_advances(parent):
    """The short campaign, in which every employer's class is paid in advance and one of them comes to little."""
    folder, few = os.path.join(parent, "advances"), "130102-000005"
    shutil.copytree(campaign("short"), folder)
    rewritten(os.path.join(folder, "classes.csv"), lambda head, rows: [
        [*row[:-1], "true" if row[head.index("employer")] else row[-1]] for row in rows])
    rewritten(os.path.join(folder, "results.csv"), lambda head, rows:
              [row for row in rows if row[0] != few] + [row for row in rows if row[0] == few][:3])
    return folder


class Books(unittest.TestCase):
    """A campaign with advances, payments that fail and are sent again, a recovery and a year's turn."""

    @classmethod
    def setUpClass(cls):
        cls.rehearsal = Rehearsal("books")
        cls.addClassCleanup(cls.rehearsal.close)
        cls.rehearsal.up()
        done = cls.rehearsal.play(with_advances(cls.rehearsal.folder), "--json")
        assert done.returncode == 0, done.stderr
        cls.happen(cls())

    def jineng(self, *arguments, code=0):
        done = self.rehearsal.jineng(*arguments)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def call(self, method, request, agency="finance"):
        return self.rehearsal.call(method, request, agency)

    def happen(self):
        """What no campaign's sheets bring about: money comes late and frees who waits, the bank sends some of it back."""
        self.earmark()
        self.call("ledger.Appropriate", {"fund": "EMPLOYMENT_SUBSIDY", "division": 130100, "amount_fen": 123457,
                                         "day": "2020-02-03", "document": "补记, 一月"})
        for fund in ("EMPLOYMENT_SUBSIDY", "UNEMPLOYMENT_INSURANCE", "SKILLS_ACCOUNT"):
            self.call("ledger.Appropriate", {"fund": fund, "division": 130100, "amount_fen": 9_000_000_00, "day": "2020-02-03",
                                             "document": FORMULA})
        drafts = self.call("ledger.Batches", {"state": "DRAFT"})["rows"]
        for batch in drafts[:3]:
            rows = self.call("ledger.Batch", {"batch": batch["batch"]})["rows"]
            self.send(batch)
            self.call("ledger.RecordBankResults", {"batch": batch["batch"], "rows": [
                {"claim": row["claim"], "paid": place > 0, "reason": "" if place else "户名不符"} for place, row in enumerate(rows)]})
            self.call("ledger.Resend", {"batch": batch["batch"]})
        row = self.call("ledger.Batch", {"batch": drafts[3]["batch"]})["rows"][0]
        events = [json.loads(line)["event"] for line in self.jineng("events", "ledger", "--json", "--type", "committed").splitlines()]
        payee = next(one for event in events for one in event["committed"]["rows"] if one["claim"] == row["claim"])
        who = "institution" if payee.get("institution") else "person"
        for method, request in (("FreezePayees", {"rows": [{who: payee[who], "document": "F-1", "reason": "花名册核查"}]}),
                                ("WithdrawClaims", {"batch": drafts[3]["batch"], "claims": [row["claim"]]})):
            self.assertFalse(self.call(f"ledger.{method}", request).get("refused"))
        # Claims 1 to 4 were paid; an error comes back in part, a rest is given up, fraud is owed.
        case = {"document": "石人社〔2022〕9号", "clause": "2.12-e"}
        for claim, kind, fen in ((1, "DEBT_ERROR", 0), (2, "DEBT_ERROR", 9000), (3, "DEBT_ERROR", 10), (4, "DEBT_FRAUD", 0)):
            number = self.call("ledger.OpenRecovery", {"claim": claim, "kind": kind, "amount_fen": fen, **case})["number"]
            if claim == 1:
                self.call("ledger.RecordRepayment", {"receivable": number, "amount_fen": 12345, "document": "R-1"})
            if claim == 2:
                self.call("ledger.WriteOff", {"receivable": number, "document": "W-1"})

        self.release(drafts[4])
        self.correct()
        self.support()

    def correct(self):
        """Facts of finished classes turn out wrong: each is put right by its own hand, and what was settled moves by the difference."""
        papers = {"document": "更正〔2022〕1号", "reason": "登记有误"}
        paid = {row["claim"] for one in self.told("paid") for row in one["rows"]} - {1, 2, 3, 4}
        due = defaultdict(list)
        for one in self.told("settled", "subsidy"):
            for claim in one.get("claims", []):
                due[one["class"], claim["seat"]].append(claim)
        due = {seat: claims for seat, claims in due.items() if all(claim["claim"] in paid for claim in claims)}
        seats = {(one["class"], row["seat"]): row for one in self.told("class_finished", "enrollment") for row in one["rows"]}
        # No item of this campaign is reckoned by days: it is on record, and nothing moves.
        (number, seat), row = next(iter(seats.items()))
        class_no = next(one["class_no"] for one in self.told("class_filed", "enrollment") if one["class"] == number)
        self.corrected("enrollment.CorrectAttendance", "human_resources.administration", {
            "class_no": class_no, "rows": [{"seat": seat, "days": row.get("days", 0) - 1}], **papers}, "ATTENDANCE_CORRECTED", 0)
        # Who works for an enterprise and is nothing else is due nothing, once he does not.
        request, denied = next((one["request"], (one["class"], row["seat"])) for one in self.told("attestation_requested", "enrollment")
                               for row in one["rows"] if row["groups"] == seats[one["class"], row["seat"]].get("groups") == EMPLOYEE
                               and (one["class"], row["seat"]) in due)
        self.corrected("enrollment.WithdrawAttestation", "human_resources.administration", {
            "request": request, "rows": [{"seat": denied[1], "group": "ENTERPRISE_EMPLOYEE", "answer": "DENIED"}], **papers},
            "ATTESTATION_WITHDRAWN", sum(claim["amount_fen"] for claim in due.pop(denied)))
        # A completion certificate raises nobody's skill: 2.1-d, 2.1-e.
        seat, fen = next((seat, sum(claim["amount_fen"] for claim in claims)) for seat, claims in due.items()
                         if {claim["item"] for claim in claims} <= {"SKILL_UPGRADE", "TECHNICIAN_TRAINING"})
        number = next(row["certificate"] for one in self.told("results_recorded", "certification") if one["class"] == seat[0]
                      for row in one["rows"] if row["seat"] == seat[1])
        paper = self.call("certification.Certificate", {"certificate": number}, "human_resources.appraisal")
        self.corrected("certification.CorrectCertificate", "human_resources.appraisal", {
            "certificate": number, "kind": "COMPLETION", "day": paper["day"], "evaluator": paper["evaluator"],
            "new_certificate_no": "JY-2022-1", **papers}, "CERTIFICATE_CORRECTED", fen)

    def corrected(self, method, agency, request, cause, less_fen):
        """Heard by subsidy; the ledger takes back what is no longer due."""
        before = sum(one["amount_fen"] for one in self.told("reversed"))
        reply = self.call(method, request, agency)
        self.assertFalse(reply.get("refused"), reply)
        for _ in range(100):
            noted = [one for one in self.told("correction_noted", "subsidy") if one["cause"] == cause]
            moved = sum(one["amount_fen"] for one in self.told("reversed")) - before
            if noted and moved >= less_fen:
                break
            time.sleep(0.1)
        taken = sum(row["amount_fen"] for one in self.told("reassessed", "subsidy") if one["cause"] == cause
                    for item in one["rows"] for row in item.get("taken", []))
        self.assertEqual((len(noted), taken, moved), (1, less_fen, less_fen))

    def support(self):
        """Grants of general and of earmarked money and of a pool: paid in part, released in part; the pool is dissolved."""
        today = self.told("written_off")[-1]["day"]
        for fund, purpose in (("EMPLOYMENT_SUBSIDY", "TRAINING_BASE"), ("EMPLOYMENT_SUBSIDY", ""), ("LOCAL_TALENT", "")):
            earmark = {"purpose": purpose} if purpose else {}
            self.call("ledger.Appropriate", {"fund": fund, "division": 130102, "amount_fen": 500_000_00, "day": today,
                                             "document": "支持性", **earmark})
        self.call("ledger.Pool", {"division": 130102, "document": "池〔1〕", "sources": [
            {"fund": "EMPLOYMENT_SUBSIDY", "amount_fen": 100_001}, {"fund": "LOCAL_TALENT", "amount_fen": 200_000}]})
        asked = [{"id": f"G-{place}", "division": 130102, "institution": 1, "purpose": "TRAINING_BASE", "document": "立项",
                  "amount_fen": amount, **more} for place, (amount, more) in enumerate((
                      (123_45, {"fund": "EMPLOYMENT_SUBSIDY"}), (4_000_00, {"fund": "LOCAL_TALENT"}), (100_000, {"pooled": True})))]
        self.assertEqual(self.call("ledger.Grant", {"rows": asked}).get("done"), 3)
        grants = {row["id"]: row["grant"] for row in self.call("ledger.Grants", {})["rows"]}
        for place, (paid, released) in enumerate(((100_00, 5_00), (1_000_00, 0), (50_001, 10_001))):
            number = grants[f"G-{place}"]
            self.call("ledger.RecordGrantPaid", {"grant": number, "amount_fen": paid, "day": today, "document": "拨付"})
            if released:
                self.call("ledger.ReleaseGrant", {"grant": number, "amount_fen": released, "document": "核减"})
        self.disburse(grants)
        self.misuse(grants)
        self.call("ledger.DissolvePool", {"division": 130102, "document": "池〔2〕"})
        self.call("ledger.Pool", {"division": 130102, "document": "池〔3〕", "sources": [{"fund": "LOCAL_TALENT", "amount_fen": 7}]})

    def disburse(self, grants):
        """Instalments through the bank: one is paid, one fails, is resent and paid; a claim's payee could be told by no file."""
        rows = [{"grant": grants[name], "amount_fen": amount, "document": "批次"} for name, amount in (("G-1", 700_00), ("G-2", 20_000))]
        done = self.call("ledger.DisburseGrants", {"rows": rows})
        self.assertEqual((done.get("done"), len(done["batches"])), (2, 1))
        batch = self.call("ledger.Batch", {"batch": done["batches"][0]})
        self.send(batch["head"])
        self.call("ledger.RecordBankResults", {"batch": batch["head"]["batch"], "rows": [
            {"disbursement": row["disbursement"], "paid": place > 0, "reason": "" if place else "户名不符"}
            for place, row in enumerate(batch["rows"])]})
        again = self.call("ledger.Resend", {"batch": batch["head"]["batch"]})["number"]
        self.send(self.call("ledger.Batch", {"batch": again})["head"])
        self.call("ledger.RecordBankResults", {"batch": again, "all": True})
        self.assertEqual([row["state"] for row in self.call("ledger.Batch", {"batch": again})["rows"]], ["paid"])

    def misuse(self, grants):
        """A part of an earmarked grant comes back, a part of another's is given up, of the pool's each source's share is owed."""
        case = {"document": "石审〔2022〕2号", "clause": "2.4-c", "kind": "DEBT_ERROR"}
        first = self.call("ledger.OpenRecovery", {"grant": grants["G-0"], "amount_fen": 60_00, **case})["number"]
        self.call("ledger.RecordRepayment", {"receivable": first, "amount_fen": 25_00, "document": "退款"})
        self.call("ledger.WriteOff", {"receivable": first, "document": "核销"})
        pooled = self.call("ledger.OpenRecovery", {"grant": grants["G-2"], "amount_fen": 30_000, **case})["numbers"]
        self.assertEqual(len(pooled), 2)
        self.call("ledger.RecordRepayment", {"receivable": pooled[0], "amount_fen": 1_000, "document": "退款"})

    def told(self, kind, service="ledger"):
        """The contents of all events of the kind."""
        return [json.loads(line)["event"][kind] for line in self.jineng("events", service, "--json", "--type", kind).splitlines()]

    def earmark(self):
        """Money for one item alone frees who waits for it."""
        one = self.told("queued")[0]
        row = one["rows"][0]
        self.call("ledger.Appropriate", {"fund": row["fund"], "division": one["division"], "item": row["item"],
                                         "amount_fen": 50_000_00, "day": "2020-02-04", "document": "专项"})
        self.assertTrue([row for event in self.told("committed") for row in event["rows"] if row.get("earmarked")])

    def release(self, batch):
        """The bank refuses two: of one a part will not be paid, the other is over."""
        rows = self.call("ledger.Batch", {"batch": batch["batch"]})["rows"]
        self.send(batch)
        self.call("ledger.RecordBankResults", {"batch": batch["batch"], "rows": [
            {"claim": row["claim"], "paid": place > 1, "reason": "" if place > 1 else "账户已销"} for place, row in enumerate(rows)]})
        for row, amount_fen in zip(rows, (101, 0)):
            self.call("ledger.ReleaseCommitment", {"claim": row["claim"], "amount_fen": amount_fen, "document": "核减"})
        self.call("ledger.Resend", {"batch": batch["batch"]})

    def send(self, batch):
        """Two keys: one submits, another releases."""
        self.call("ledger.SubmitBatches", {"rows": [{name: batch[name] for name in ("batch", "rows", "amount_fen")}]})
        self.call("ledger.ReleaseBatches", {"batches": [batch["batch"]]}, "finance.checker")

    # ---- hledger ----

    def hledger(self, journal, *arguments):
        return subprocess.run(["hledger", "-f", journal, *arguments], capture_output=True, text=True, timeout=300, check=False,
                              env={**os.environ, "LC_ALL": "C.UTF-8"})

    def export(self, *arguments):
        path = os.path.join(self.rehearsal.folder, "books.journal")
        self.jineng("ledger", "export", "--hledger", "--out", path, *arguments)
        return path

    def accounts(self):
        """{account's name: fen, a debit where more than nothing}, as the ledger answers."""
        found = {}
        for year in range(2019, 2024):
            after = {}
            while True:
                view = self.call("ledger.Accounts", {"year": year, **after}, "auditor")
                for row in view.get("rows", []):
                    fund = row["fund"].lower()
                    earmark = [row[name].lower() for name in ("item", "purpose") if name in row]
                    for balance in BALANCES:
                        value = int(row.get(f"{balance}_fen", 0)) * (-1 if balance in SOURCES else 1)
                        if value:
                            found[":".join([fund, str(row["division"]), str(row["year"]), balance, *earmark])] = value
                if not view.get("more"):
                    break
                after = {f"after_{name}": row[name] for name in ("fund", "division", "item", "purpose") if name in row}
        return found

    def test_hledger_computes_the_same_balances(self):
        journal = self.export()
        checked = self.hledger(journal, "check", "--strict")
        self.assertEqual(checked.returncode, 0, checked.stderr)
        table = self.hledger(journal, "balance", "--flat", "--no-total", "--output-format", "csv", "--layout", "bare")
        self.assertEqual(table.returncode, 0, table.stderr)
        found = {row["account"]: amount(row["balance"]) for row in csv.DictReader(io.StringIO(table.stdout))
                 if row["balance"] != "0"}
        self.assertEqual(found, self.accounts())
        kinds = {name.split(":")[3] for name in found}
        self.assertEqual(kinds, set(BALANCES) - {"advanced"})  # earned or recovered

    def test_what_was_done_is_in_the_journal(self):
        with open(self.export(), encoding="utf-8") as file:
            text = file.read()
        for kind in ("appropriated", "committed", "instructed", "paid", "failed", "advance_paid", "recovered", "carried_over",
                     "advance_settled", "reversed", "returned", "written_off", "claims_withdrawn", "grant_committed",
                     "grant_paid", "grant_released", "pool_contributed", "pool_dissolved", "commitment_released"):  # grant_paid: by the bank, too
            self.assertIn(f"kind:{kind},", text)
        for tag in ("claim:", "clause:2.", "class:", "batch:", "document:补记， 一月", "day:2020-02-03"):
            self.assertIn(tag, text)

    def test_a_changed_amount_is_found(self):
        journal = self.export()
        with open(journal, encoding="utf-8") as file:
            lines = file.read().split("\n")
        postings = [at for at, line in enumerate(lines) if re.match(r"    \S+:paid  [1-9]\d*\.\d\d CNY", line)]
        self.assertGreater(len(postings), 100)
        bad = journal + ".bad"
        # One side alone does not balance.
        at = postings[len(postings) // 2]
        one = lines.copy()
        one[at] = re.sub(r"  (\d+)\.", lambda found: f"  {int(found[1]) + 1}.", one[at], count=1)
        self.write(bad, one)
        self.assertNotEqual(self.hledger(bad, "check").returncode, 0)
        # Both sides balance: the ledger's own answers do not agree.
        both = one.copy()
        both[at + 1] = re.sub(r"  -(\d+)\.", lambda found: f"  -{int(found[1]) + 1}.", both[at + 1], count=1)
        self.assertNotEqual(both[at + 1], lines[at + 1])
        self.write(bad, both)
        checked = self.hledger(bad, "check")
        self.assertNotEqual(checked.returncode, 0)
        self.assertIn("balance assertion", checked.stderr.lower())
        # An entry that was left out, too.
        begin = max(number for number in range(at) if lines[number] == "")
        end = lines.index("", begin + 1)
        self.write(bad, lines[:begin] + lines[end:])
        self.assertNotEqual(self.hledger(bad, "check").returncode, 0)

    def write(self, path, lines):
        with open(path, "w", encoding="utf-8") as file:
            file.write("\n".join(lines))

    def test_a_part_of_the_time_has_opening_balances(self):
        whole = self.hledger(self.export(), "balance", "--flat", "-E", "--output-format", "csv")
        part = self.export("--from", "2020-03-15")
        self.assertEqual(self.hledger(part, "check", "--strict").returncode, 0)
        again = self.hledger(part, "balance", "--flat", "-E", "--output-format", "csv")
        self.assertEqual(whole.stdout, again.stdout)
        with open(part, encoding="utf-8") as file:
            self.assertIn("2020-03-15 * opening balances", file.read())

    # ---- Statements ----

    def rows(self, *arguments):
        text = self.jineng("ledger", *arguments, "--format", "csv")
        return list(csv.DictReader(io.StringIO(text.lstrip("\ufeff"))))

    def opened(self, statement, period, cell):
        return self.rows("statement", statement, "--period", period, "--open", cell)

    def test_every_cell_of_the_trial_balance_is_the_sum_of_its_entries(self):
        entries = self.rows("entries")
        for period, months in (("2019", range(2019 * 12, 2020 * 12)), ("2020-Q1", range(2020 * 12, 2020 * 12 + 3)),
                               ("2020-02", range(2020 * 12 + 1, 2020 * 12 + 2)), ("2021", range(2021 * 12, 2022 * 12))):
            sums = defaultdict(lambda: [0, 0, 0])
            for entry in entries:
                year, month, _ = map(int, entry["booked"].split("-"))
                month, value = year * 12 + month - 1, amount(entry["amount"])
                if month < months.start:
                    sums[entry["account"]][0] += value
                elif month in months:
                    sums[entry["account"]][1 if value > 0 else 2] += abs(value)
            wanted = {name: (*parts, parts[0] + parts[1] - parts[2]) for name, parts in sums.items() if any(parts)}
            found = {row["row"]: tuple(amount(row[name]) for name in ("opening", "debits", "credits", "closing"))
                     for row in self.rows("statement", "trial", "--period", period)}
            total = found.pop("total")
            self.assertEqual(found, wanted, period)
            self.assertEqual((total[0], total[3]), (0, 0))
            self.assertEqual(total[1], total[2])
        self.assertTrue(any(parts[0] for parts in wanted.values()))

    def test_a_cell_of_the_trial_balance_is_opened(self):
        rows = self.rows("statement", "trial", "--period", "2020-Q1")
        busy = [row for row in rows[:-1] if all(amount(row[name]) for name in ("debits", "credits"))][:3]
        self.assertTrue(busy)
        for row in [*busy, rows[-1]]:
            for column in ("opening", "debits", "credits", "closing"):
                entries = self.opened("trial", "2020-Q1", f"{row['row']}/{column}")
                self.assertEqual(sum(amount(entry["amount"]) for entry in entries), amount(row[column]), (row, column))
        for entry in self.opened("trial", "2020-Q1", f"{busy[0]['row']}/debits"):
            self.assertRegex(entry["block"], r"^\d+\.\d+$")
            self.assertRegex(entry["time"], r"^2020-0[123]-\d\d \d\d:\d\d:\d\d$")
            self.assertTrue(entry["kind"])

    def test_every_cell_of_the_statements_is_the_sum_of_its_entries(self):
        keys = {"fund": "account", "division": "division", "item": "item", "institution": "institution"}
        for period in ("2019", "2020", "2020-Q1", "2021-Q4"):
            uses = {measure: self.opened("fund", period, f"total/{measure}") for measure in MEASURES}
            for kind in KINDS:
                found = {row["row"]: row for row in self.rows("statement", kind, "--period", period)}
                total = found.pop("total")
                for measure in MEASURES:
                    wanted, counts = defaultdict(int), defaultdict(int)
                    for use in uses[measure]:
                        key = use[keys[kind]] or {"item": "none", "institution": "0"}[kind]
                        wanted[key] += amount(use["amount"])
                        counts[key] += 1
                    for key, row in found.items():
                        self.assertEqual(amount(row[measure]), wanted.pop(key, 0), (period, kind, measure, key))
                        if measure in ("committed", "paid", "reversed", "grant_paid", "grant_reversed"):
                            self.assertEqual(int(row[f"{measure}_count"]), counts[key])
                    self.assertFalse(wanted, (period, kind, measure))
                    self.assertEqual(amount(total[measure]), sum(amount(use["amount"]) for use in uses[measure]))

    def test_institutions_are_named(self):
        rows = self.rows("statement", "institution", "--period", "2020")
        self.assertTrue(all(row["name"] for row in rows))
        with open(os.path.join(campaign("short"), "institutions.csv"), encoding="utf-8-sig", newline="") as file:
            names = {row["name"] for row in csv.DictReader(file)}
        self.assertLessEqual({row["name"] for row in rows if row["row"] not in ("0", "total")}, names)
        self.assertGreater(len(rows), 5)

    def test_cells_of_the_statements_are_opened(self):
        for kind in KINDS:
            rows = self.rows("statement", kind, "--period", "2020")
            for row in [*rows[:3], rows[-1]]:
                for measure in ("committed", "paid"):
                    entries = self.opened(kind, "2020", f"{row['row']}/{measure}")
                    self.assertEqual(sum(amount(entry["amount"]) for entry in entries), amount(row[measure]), (row, measure))
                    self.assertEqual(len(self.opened(kind, "2020", f"{row['row']}/{measure}_count")),
                                     int(row[f"{measure}_count"]))
                    self.assertTrue(all(entry["claim"] and entry["clause"] for entry in entries))

    def test_every_cell_of_the_disclosure_is_the_sum_of_its_entries(self):
        paid = 0
        for quarter in ("2020-Q1", "2020-Q2"):
            rows = self.rows("statement", "disclosure", "--period", quarter)
            uses = defaultdict(list)
            for use in self.opened("disclosure", quarter, "total/paid"):
                uses[f"{use['account']}:{use['division']}:{use['item']}"].append(amount(use["amount"]))
            for row in rows[:-1]:
                parts = uses.pop(row["row"])
                self.assertEqual((int(row["paid_count"]), amount(row["paid"])), (len(parts), sum(parts)))
            self.assertFalse(uses)
            appropriated = self.opened("disclosure", quarter, "total/appropriated")
            self.assertEqual(sum(amount(use["amount"]) for use in appropriated), amount(rows[-1]["appropriated"]))
            paid += amount(rows[-1]["paid"])
        self.assertGreater(paid, 0)
        one = rows[0]["row"]
        self.assertEqual(sum(amount(use["amount"]) for use in self.opened("disclosure", "2020-Q2", f"{one}/paid")),
                         amount(rows[0]["paid"]))

    def test_no_document_becomes_a_formula(self):
        entries = self.rows("entries")
        documents = {entry["document"] for entry in entries}
        self.assertIn("'" + FORMULA, documents)
        self.assertFalse([one for one in documents if one[:1] in ("=", "+", "-", "@")])

    def test_a_spreadsheet_holds_numbers_as_numbers(self):
        path = os.path.join(self.rehearsal.folder, "trial.xlsx")
        self.jineng("ledger", "statement", "trial", "--period", "2020", "--format", "xlsx", "--out", path)
        rows = self.rows("statement", "trial", "--period", "2020")
        with zipfile.ZipFile(path) as book:
            sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
            self.assertIsNone(sheet.find(".//{*}f"))
        lines = sheet.findall(".//{*}row")
        self.assertEqual(len(lines), len(rows) + 1)
        for line, row in zip(lines[1:], rows):
            cells = line.findall("{*}c")
            for cell, name in zip(cells[-4:], ("opening", "debits", "credits", "closing")):
                self.assertNotEqual(cell.get("t"), "s")
                self.assertEqual(round(float(cell.find("{*}v").text) * 100), amount(row[name]))
        self.assertIn("--out", self.jineng("ledger", "statement", "trial", "--period", "2020", "--format", "xlsx", code=2))

    def test_both_languages_say_the_same(self):
        english = self.jineng("ledger", "statement", "fund", "--period", "2020", "--lang", "en")
        chinese = self.jineng("ledger", "statement", "fund", "--period", "2020", "--lang", "zh")
        figures = re.compile(r"-?\d+\.\d\d")
        self.assertEqual(figures.findall(english), figures.findall(chinese))
        self.assertIn("就业补助资金", chinese)
        self.assertIn("支付金额", chinese)

    def test_what_is_not_understood_is_said(self):
        for arguments, words in ((("statement", "fund"), "--period"), (("statement", "funds", "--period", "2020"), "institution"),
                                 (("statement", "disclosure", "--period", "2020"), "quarter"), (("export",), "--hledger"),
                                 (("statement", "fund", "--period", "2020-13"), "--period"),
                                 (("statement", "fund", "--period", "2020", "--open", "total"), "ROW/COLUMN"),
                                 (("statement", "fund", "--period", "2020", "--open", "total/gold"), "column"),
                                 (("statement", "fund", "--period", "2020", "--open", "gold/paid"), "row")):
            self.assertIn(words, self.jineng("ledger", *arguments, code=2))


class Closing(unittest.TestCase):
    """Periods closed after a campaign; the totals of the play never close any."""

    def test_what_is_closed_stays(self):
        with Rehearsal("closing") as rehearsal:
            rehearsal.up()
            done = rehearsal.play(campaign("small"), "--json")
            self.assertEqual((done.returncode, differences(campaign("small"), done.stdout)), (0, []))

            def jineng(*arguments, code=0):
                done = rehearsal.jineng("ledger", *arguments)
                self.assertEqual(done.returncode, code, done.stderr)
                return done.stdout if code == 0 else done.stderr

            def close(period, code=0):
                return jineng("close", "--period", period, "--as", "finance", code=code)

            def appropriate(day):
                return rehearsal.call("ledger.Appropriate", {"fund": "EMPLOYMENT_SUBSIDY", "division": 130100, "day": day,
                                                            "amount_fen": 700}, "finance")

            rows = list(csv.DictReader(io.StringIO(jineng("entries", "--format", "csv").lstrip("\ufeff"))))
            months = sorted({row["booked"][:7] for row in rows})
            year, month = map(int, months[0].split("-"))
            last = int(months[-1][:4])
            while (year, month) < (last, 1):
                before = jineng("statement", "trial", "--period", f"{year}-{month:02}", "--format", "csv")
                close(f"{year}-{month:02}")
                self.assertEqual(jineng("statement", "trial", "--period", f"{year}-{month:02}", "--format", "csv"), before)
                if month % 3 == 0:
                    close(f"{year}-Q{month // 3}")
                if month == 12:
                    close(str(year))
                year, month = (year, month + 1) if month < 12 else (year + 1, 1)
            quarters = {period: jineng("statement", "disclosure", "--period", period, "--format", "csv")
                        for period in (f"{one}-Q{quarter}" for one in range(int(months[0][:4]), last) for quarter in (1, 2, 3, 4))}
            self.assertIn("already", close(f"{last - 1}-12", code=1))
            appropriate(f"{last - 1}-11-05")
            for period, before in quarters.items():
                self.assertEqual(jineng("statement", "disclosure", "--period", period, "--format", "csv"), before)
            late = list(csv.DictReader(io.StringIO(jineng("entries", "--period", f"{last}-01", "--format", "csv").lstrip("\ufeff"))))
            self.assertIn((f"{last - 1}-11-05", f"{last}-01-01"), {(row["day"], row["booked"]) for row in late})
            journal = os.path.join(rehearsal.folder, "closed.journal")
            jineng("export", "--hledger", "--out", journal)
            checked = subprocess.run(["hledger", "-f", journal, "check", "--strict"], capture_output=True, text=True, check=False,
                                     env={**os.environ, "LC_ALL": "C.UTF-8"})
            self.assertEqual(checked.returncode, 0, checked.stderr)
            self.assertEqual(rehearsal.jineng("verify").returncode, 0)


if __name__ == "__main__":
    if not shutil.which("hledger"):
        raise SystemExit("hledger is missing: scripts/install --tests")
    unittest.main()
