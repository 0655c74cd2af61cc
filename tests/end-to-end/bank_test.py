"""A campaign's payment batches go to the bank as files, and come back: paid, failed, pending, with each of the bank's faults."""
import json
import os
import re
import stat
import subprocess
import unittest

from rehearsal import Rehearsal, campaign, expected

PAYER = ("--payer-name", "石家庄市人力资源和社会保障局", "--payer-account", "13001615108050001234", "--payer-bank", "105121000012")
ORDERS = (("pain001", "utf-8"), ("csv", "gbk"), ("pain001", "gbk"), ("csv", "utf-8"))
SCHEMAS = os.path.join(os.path.dirname(os.path.dirname(os.path.realpath(__file__))), "unit", "iso20022")


def fen(yuan):
    whole, hundredths = yuan.split(".")
    return int(whole) * 100 + int(hundredths)


class Bank(unittest.TestCase):
    """One campaign, left to the bank; the tests go on from one another, in their order."""

    @classmethod
    def setUpClass(cls):
        cls.rehearsal = Rehearsal("bank")
        cls.addClassCleanup(cls.rehearsal.close)
        cls.rehearsal.up()
        done = cls.rehearsal.play(campaign("small"), "--json", "--quiet", "--leave-bank")
        assert done.returncode == 0, done.stderr
        cls.totals = expected(campaign("small"))
        cls.folder = os.path.join(cls.rehearsal.folder, "files")
        os.mkdir(cls.folder)
        cls.turn = 0

    # ---- What is asked ----

    def bank(self, *arguments, code=0):
        done = self.rehearsal.jineng("bank", *arguments)
        self.assertEqual(done.returncode, code, (arguments, done.stdout, done.stderr))
        return done.stdout

    def batches(self):
        found, more = [], True
        while more:
            view = self.rehearsal.call("ledger.Batches", {"limit": 200, "after": found[-1] if found else 0}, "finance")
            found += [row["batch"] for row in view.get("rows", [])]
            more = view.get("more", False)
        return found

    def batch(self, number):
        return self.rehearsal.call("ledger.Batch", {"batch": number}, "finance")

    def resend(self, batch):
        """What failed, in a new batch, which finance's two keys make the bank's; 2.12-c."""
        number = self.rehearsal.call("ledger.Resend", {"batch": batch}, "finance")["number"]
        head = self.batch(number)["head"]
        refused = self.rehearsal.jineng("bank", "send", str(number), "--out", self.path("none"), *PAYER)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("finance has not released batch", refused.stderr)
        declared = {"rows": [{"batch": number, "rows": head["rows"], "amount_fen": head["amount_fen"]}]}
        self.assertEqual(self.rehearsal.call("ledger.SubmitBatches", declared, "finance"), {"done": 1})
        self.assertEqual(self.rehearsal.call("ledger.ReleaseBatches", {"batches": [number]}, "finance.checker"), {"done": 1})
        return number

    def ledger(self):
        return self.rehearsal.call("ledger.Totals")

    def events(self, kind):
        done = self.rehearsal.jineng("events", "ledger", "--json", "--type", kind)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [json.loads(line)["event"][kind] for line in done.stdout.splitlines()]

    def path(self, name):
        return os.path.join(self.folder, name)

    # ---- What is done ----

    def send(self, batch, kind=0):
        form, encoding = ORDERS[kind % len(ORDERS)]
        order = self.path(f"order-{batch}-{form}-{encoding}")
        self.bank("send", str(batch), "--out", order, "--format", form, "--encoding", encoding, *PAYER)
        return order

    def answer(self, order, *arguments):
        answer = f"{order}-answer"
        self.bank("answer", order, "--out", answer, *arguments)
        return answer

    def pay(self, batch, kind=0, *arguments):
        return self.bank("read", self.answer(self.send(batch, kind), *arguments))

    # ---- Stories ----

    def test_1_nothing_is_paid_before_the_bank_says_so(self):
        self.assertFalse(self.ledger().get("paid", {}).get("count"))
        self.assertGreater(len(self.batches()), 20)

    def test_2_a_file_is_made_twice_the_same_and_for_its_owner_alone(self):
        batch = self.batches()[0]
        head = self.batch(batch)["head"]
        for kind in range(len(ORDERS)):
            order = self.send(batch, kind)
            self.assertEqual(stat.S_IMODE(os.stat(order).st_mode), 0o600)
            with open(order, "rb") as file:
                first = file.read()
            self.send(batch, kind)
            with open(order, "rb") as file:
                self.assertEqual(file.read(), first)
            text = first.decode("gbk" if "gbk" in order else "utf-8")
            self.assertIn(f"JN-{batch}", text)
            self.assertIn(f"{head['amount_fen'] // 100}.{head['amount_fen'] % 100:02}", text)
        order = self.send(batch)
        valid = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", os.path.join(SCHEMAS, "pain.001.001.09.xsd"), order],
                               capture_output=True, text=True, check=False)
        self.assertEqual(valid.returncode, 0, valid.stderr)
        self.assertEqual([name for name in os.listdir(self.folder) if name.endswith(".new")], [])

    def test_3_what_cannot_be_is_refused(self):
        out = self.path("none")
        for arguments, code in ((("send", "999999", "--out", out, *PAYER), 1), (("send", "1", "--out", out), 78),
                                (("send", "x", "--out", out, *PAYER), 2), (("send", "1", *PAYER), 2),
                                (("send", "1", "--out", out, "--format", "pain002", *PAYER), 2),
                                (("send", "1", "--out", self.path("no/such"), *PAYER), 1),
                                (("send", "1", "--out", out, "--as", "auditor", *PAYER), 1),
                                (("read", self.path("nothing")), 1), (("read", "/dev/null"), 1), (("steal", "1"), 2),
                                (("send",), 2), (("answer", self.send(self.batches()[0]), "--out", out, "--fault", "none"), 2)):
            done = self.rehearsal.jineng("bank", *arguments)
            self.assertEqual(done.returncode, code, (arguments, done.stderr))
            self.assertFalse(os.path.exists(out), arguments)
        self.assertIn("this is an order", self.bank("read", self.send(self.batches()[0], 1), code=1))

    def test_3_production_takes_nothing_of_the_simulated_bank(self):
        data = self.path("production")
        self.assertEqual(self.rehearsal.jineng("init", data, "--production", "--base-port", "any").returncode, 0)
        for form in ("pain002", "camt053", "csv"):
            answer = self.answer(self.send(self.batches()[0]), "--format", form)
            done = self.rehearsal.jineng("bank", "read", answer, "--data", data)
            self.assertEqual(done.returncode, 1)
            self.assertIn("is the simulated bank's", done.stderr)

    def test_4_each_fault_is_named_and_spoils_no_good_row(self):
        """Tried on a batch of several rows, one fault after the other; what was good the first time is known the next."""
        batch = next(one for one in self.batches() if self.batch(one)["head"]["rows"] >= 5)
        orders = {"pain002": self.send(batch, 0), "camt053": self.send(batch, 0), "csv": self.send(batch, 1)}
        for fault, form in (("malformed", "pain002"), ("malformed", "csv"), ("wrong-encoding", "csv"), ("wrong-encoding", "camt053"),
                            ("wrong-total", "pain002"), ("wrong-total", "camt053"), ("wrong-total", "csv"), ("wrong-currency", "csv")):
            answer = self.answer(orders[form], "--format", form, "--fault", fault)
            self.assertIn(f"! {fault}: ", self.bank("read", answer, code=1))
            self.assertEqual({row["state"] for row in self.batch(batch)["rows"]}, {"instructed"}, (fault, form))
        first = True
        for fault, form in (("wrong-currency", "pain002"), ("wrong-currency", "camt053"), ("wrong-batch", "pain002"),
                            ("wrong-batch", "camt053"), ("wrong-batch", "csv"), ("amount-differs", "pain002"),
                            ("amount-differs", "camt053"), ("amount-differs", "csv"), ("contradicts", "csv"),
                            ("contradicts", "pain002"), ("unclear", "camt053"), ("unclear", "csv")):
            answer = self.answer(orders[form], "--format", form, "--fault", fault)
            dry = self.bank("read", answer, "--dry-run", code=1)
            said = self.bank("read", answer, code=1)
            self.assertIn(f"! {fault}: ", said)
            self.assertRegex(said, r"\n    next: .{20}")
            self.assertIn(f"paid {len(self.batch(batch)['rows']) - 1 if first else 0}, ", dry)
            first = False
            self.assertEqual([row["state"] for row in self.batch(batch)["rows"]].count("instructed"), 1, (fault, form))
        for fault, form in (("unknown-row", "camt053"), ("double-debit", "csv"), ("double-debit", "camt053")):
            said = self.bank("read", self.answer(orders[form], "--format", form, "--fault", fault, "--encoding", "gbk"), code=1)
            self.assertIn(f"! {fault}: ", said)
            self.assertEqual({row["state"] for row in self.batch(batch)["rows"]}, {"paid"})
        self.assertNotIn(batch, self.batches())
        # The statement has the references of both debits; what then comes back is the one too many.
        listed = self.rehearsal.call("ledger.Disagreements", {}, "finance")["rows"]
        self.assertEqual([(row["batch"], row["what"], len(row["bookings"])) for row in listed], [(batch, "DOUBLE_DEBIT", 1)])
        said = self.bank("read", self.answer(orders["csv"], "--fault", "returned", "--format", "camt053"))
        self.assertIn(f"known before {len(self.batch(batch)['rows'])}", said)
        self.assertEqual({row["state"] for row in self.batch(batch)["rows"]}, {"paid"})

    def test_4_what_was_paid_and_comes_back_moves_nothing(self):
        batch = next(one for one in self.batches() if self.batch(one)["head"]["rows"] >= 3)
        order = self.send(batch)
        self.bank("read", self.answer(order))
        said = self.bank("read", self.answer(order, "--fault", "returned", "--format", "camt053"), "--lang", "zh", code=1)
        self.assertIn("! returned: 款项付出后被退回", said)
        self.assertEqual({row["state"] for row in self.batch(batch)["rows"]}, {"paid"})
        listed = [row for row in self.rehearsal.call("ledger.Disagreements", {}, "finance")["rows"] if row["batch"] == batch]
        self.assertEqual([row["what"] for row in listed], ["PAYMENT_REVERSED"])
        self.assertIn("退汇 returned: AC04", listed[0]["reason"])

    def test_5_a_payment_that_came_back_is_sent_again(self):
        batch = self.batches()[0]
        rows = len(self.batch(batch)["rows"])
        answer = self.answer(self.send(batch), "--format", "camt053", "--fault", "returned")
        self.assertIn("! returned: ", self.bank("read", answer, code=1))
        self.assertIn(f"known before {rows}", self.bank("read", answer))  # and 0: known, and the same
        failed = [row for row in self.batch(batch)["rows"] if row["state"] == "failed"]
        self.assertEqual(len(failed), 1)
        self.assertIn("退汇 returned: AC04 收款账户已销户", self.rehearsal.call("ledger.Claim", {"claim": failed[0]["claim"]})["why"])
        self.assertNotIn(batch, self.batches())
        resent = self.resend(batch)
        self.assertIn("paid 1, ", self.pay(resent))
        again = self.answer(self.send_again(batch))
        for _ in range(2):  # told once, however often the file is read
            self.assertIn("! contradicts: ", self.bank("read", again, code=1))
            listed = self.rehearsal.call("ledger.Disagreements", {}, "finance")["rows"]
            self.assertEqual([(row["batch"], row["claim"], row["what"]) for row in listed if row["batch"] == batch],
                             [(batch, failed[0]["claim"], "DOUBLE_DEBIT")])

    def send_again(self, batch):
        """The order as it was first made: the ledger makes no file any more where all was answered."""
        self.assertIn("all of it was answered", self.rehearsal.jineng("bank", "send", str(batch), "--out", self.path("none"), *PAYER).stderr)
        return self.path(f"order-{batch}-pain001-utf-8")

    def test_6_all_is_paid_once(self):
        """Failures are sent again in batches of their own, pending rows are settled by a later answer, files are read twice."""
        failures, pendings, rounds, sent = 0, 0, 0, {}
        while waiting := self.batches():
            rounds += 1
            self.assertLess(rounds, 12)
            for batch in waiting:
                kind = batch % len(ORDERS)
                form = ("pain002", "csv")[batch % 2]
                order = sent.get(batch) or self.send(batch, kind)
                seed = ("--seed", "20", "--format", form, "--encoding", ("utf-8", "gbk")[batch % 3 == 0])
                answer = self.answer(order, *seed, *(["--settled"] if batch in sent else []))
                said = self.bank("read", answer)
                sent[batch] = order
                counts = [int(one) for one in re.search(r"paid (\d+), .*; failed (\d+), .*; still open (\d+); known before (\d+)", said).groups()]
                if counts[2] and batch % 4 == 0:
                    self.assertEqual([row["state"] for row in self.batch(batch)["rows"]].count("unknown"), counts[2])
                failures, pendings = failures + counts[1], pendings + counts[2]
                if batch % 4 == 0:
                    again = self.bank("read", answer)
                    self.assertRegex(again, rf"paid 0, 0.00 yuan; failed 0, 0.00 yuan; still open {counts[2]}; known before")
                    self.assertEqual(sum(counts), len(self.batch(batch)["rows"]))
                if counts[1]:
                    resent = self.resend(batch)
                    self.assertGreater(resent, batch)
        self.assertGreater(failures, 10)
        self.assertGreater(pendings, 10)
        totals = self.ledger()
        self.assertEqual(totals["paid"], {"count": self.totals["paid"]["count"], "amount_fen": fen(self.totals["paid"]["amount"])})
        self.assertEqual({row["fund"].lower(): row["paid"]["amount_fen"] for row in totals["by_fund"] if row.get("paid")},
                         {fund: fen(amount) for fund, amount in self.totals["by_fund"].items()})
        self.assertFalse(totals.get("failed", {}).get("count") or totals.get("open_batches"))

    def test_7_each_claim_was_paid_once_and_nobody_is_named(self):
        claims = [row["claim"] for event in self.events("paid") for row in event["rows"]]
        self.assertEqual(len(claims), len(set(claims)))
        self.assertEqual(len(claims), self.totals["paid"]["count"])
        reasons = [row["reason"] for event in self.events("failed") for row in event["rows"]]
        self.assertTrue(reasons)
        for reason in reasons:
            self.assertLessEqual(len(reason.encode()), 120)
            self.assertNotRegex(reason, r"\d{7}")
        self.rehearsal.assert_sound()

    # ---- A later statement ----

    def whole(self):
        """An order that went out whole and was paid whole: its file and its batch."""
        for name in sorted(os.listdir(self.folder)):
            found = re.fullmatch(r"order-(\d+)-pain001-utf-8", name)
            if not found:
                continue
            rows = self.batch(int(found[1]))["rows"]
            with open(self.path(name), encoding="utf-8") as file:
                text = file.read()
            if len(rows) > 2 and all(row["state"] == "paid" and f">JN-{found[1]}-{row['claim']}<" in text for row in rows):
                contradicted = self.rehearsal.call("ledger.Disagreements", {}, "finance").get("rows", [])
                if int(found[1]) not in [row["batch"] for row in contradicted]:
                    return self.path(name), int(found[1])
        self.fail("no batch was paid whole")
        return None

    def test_8_a_second_debit_in_a_later_statement_is_found(self):
        order, batch = self.whole()
        rows = len(self.batch(batch)["rows"])
        first = self.answer(order, "--format", "camt053")
        for _ in range(2):  # whatever said first that it was paid, the statement's debit is that payment's own
            self.assertIn(f"known before {rows}", self.bank("read", first))
        self.assertEqual([len(row["booked"]) for row in self.batch(batch)["rows"]], [1] * rows)
        later = self.answer(order, "--format", "camt053", "--fault", "double-debit", "--later")
        for _ in range(2):
            said = self.bank("read", later, code=1)
            self.assertIn("! double-debit: the same payment was booked more than once", said)
            self.assertRegex(said, r"bookings \S+-1 \S+-2; found 2; expected 1\n    next: .*both booking references")
            listed = [row for row in self.rehearsal.call("ledger.Disagreements", {}, "finance")["rows"] if row["batch"] == batch]
            self.assertEqual([(row["what"], len(row["bookings"])) for row in listed], [("DOUBLE_DEBIT", 1)])
        self.assertEqual({row["state"] for row in self.batch(batch)["rows"]}, {"paid"})
        self.rehearsal.call("ledger.SettleDisagreement", {"batch": batch, "claim": listed[0]["claim"], "what": "DOUBLE_DEBIT",
                                                          "document": "退款函 1号"}, "finance")
        # The bank gives it back: one debit is left, and nothing is for a person.
        back = self.answer(order, "--format", "camt053", "--fault", "returned", "--later")
        self.assertIn("known before 1", self.bank("read", back))
        done = self.rehearsal.jineng("bank", "answer", order, "--out", self.path("none"), "--fault", "double-debit", "--later", "--format", "csv")
        self.assertEqual(done.returncode, 2)

    # ---- Grants ----

    def test_9_grants_are_paid_by_file(self):
        call = self.rehearsal.call
        today = self.batch(self.whole()[1])["head"]["day"]
        call("ledger.Appropriate", {"fund": "LOCAL_TALENT", "division": 130102, "amount_fen": 90_000_00, "day": today,
                                    "document": "支持性"}, "finance")
        rows = [{"id": f"实训-{place}", "fund": "LOCAL_TALENT", "division": 130102, "purpose": "TRAINING_BASE", "institution": place,
                 "amount_fen": place * 10_000_00, "document": "立项"} for place in (1, 2, 3)]
        self.assertEqual(call("ledger.Grant", {"rows": rows}, "finance"), {"done": 3})
        grants = [row["grant"] for row in call("ledger.Grants", {"fund": "LOCAL_TALENT"}, "finance")["rows"]]
        done = call("ledger.DisburseGrants", {"rows": [{"grant": grant, "amount_fen": 5_000_00, "document": "首拨"}
                                                       for grant in grants]}, "finance")
        self.assertEqual((done["done"], len(done["batches"])), (3, 1))
        batch = done["batches"][0]
        head = self.batch(batch)["head"]
        self.assertEqual((head["rows"], head["amount_fen"], head["grants"]), (3, 15_000_00, True))
        call("ledger.SubmitBatches", {"rows": [{"batch": batch, "rows": 3, "amount_fen": 15_000_00}]}, "finance")
        self.assertIn("may not release it", json.dumps(call("ledger.ReleaseBatches", {"batches": [batch]}, "finance")))
        self.assertEqual(call("ledger.ReleaseBatches", {"batches": [batch]}, "finance.checker"), {"done": 1})
        numbers = [row["disbursement"] for row in self.batch(batch)["rows"]]
        for kind, encoding in ((0, "utf-8"), (1, "gbk")):
            with open(self.send(batch, kind), encoding=encoding) as file:
                text = file.read()
            for number in numbers:
                self.assertRegex(text, rf"\bJN-{batch}-G{number}\b")
        # One comes back and is sent again; the file read twice, the other form and a later debit change nothing or are told.
        answer = self.answer(self.send(batch), "--format", "camt053", "--fault", "returned")
        self.assertIn(f"JN-{batch}-G{numbers[1]} failed: 退汇 returned: AC04", self.bank("read", answer, code=1))
        self.assertIn("known before 3", self.bank("read", answer))
        self.assertEqual([row["state"] for row in self.batch(batch)["rows"]], ["paid", "failed", "paid"])
        resent = self.resend(batch)
        self.assertIn("paid 1, 5000.00 yuan", self.pay(resent, 1, "--encoding", "gbk"))
        self.assertIn("known before 1", self.bank("read", self.answer(self.path(f"order-{resent}-csv-gbk"), "--format", "camt053")))
        later = self.answer(self.path(f"order-{resent}-csv-gbk"), "--format", "camt053", "--fault", "double-debit", "--later")
        self.assertIn(f"! double-debit: the same payment was booked more than once; JN-{resent}-G{numbers[1]}",
                      self.bank("read", later, code=1))
        views = call("ledger.Grants", {"fund": "LOCAL_TALENT"}, "auditor")["rows"]
        self.assertEqual([row["paid_fen"] for row in views], [5_000_00] * 3)
        self.assertTrue(all(row["institution_name"] for row in views))
        for grant in grants:
            refused = self.rehearsal.jineng("call", "ledger.RecordGrantPaid", "--as", "finance", json.dumps(
                {"grant": grant, "amount_fen": 4_000_00, "day": today, "document": "首拨"}))
            self.assertEqual(refused.returncode, 1, refused.stdout)  # the document was paid by the bank
        self.rehearsal.assert_sound()


if __name__ == "__main__":
    unittest.main()
