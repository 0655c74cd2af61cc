"""Receipts of claims and refusals: issued by `jineng explain`, checked offline; any byte that is changed is found out by the proof, and
a service that lies under its own good signature by the sum, which is done again."""
import csv
import io
import json
import os
import random
import subprocess
import sys
import unittest

import checker
from checker import G, N, USER, sm3, times

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "access"))

from played import MODULES, Played, wire  # noqa: E402
from suite import BIN  # noqa: E402
from jineng.v1 import common_pb2 as common, policy_pb2 as policy, proof_pb2 as proof  # noqa: E402

SEED = 20261127
LINE = b"jineng receipt 1\n"
PACKS = os.path.join(os.path.dirname(os.path.dirname(HERE)), "deploy", "policy")
subsidy = MODULES["subsidy"]


def item_name(item):
    return {"apprenticeship_training": "apprenticeship",
            "work_as_training_subsidy": "work_as_training"}.get(common.Item.Name(item).lower(), common.Item.Name(item).lower())


def name_of(line, question):
    """What the first column calls a line of the funnel."""
    if not question:
        return f"{line['year']}Q{line['quarter']}"
    return line.get("class_no") or str(line["number"])


def sign(secret, message):
    """SM2 as checker.py checks it, with a number that is good enough for a forger."""
    public = times(secret, G)
    numbers = [value.to_bytes(32, "big") for value in (checker.A, checker.B, *G, *public)]
    digest = sm3(sm3((8 * len(USER)).to_bytes(2, "big"), USER, *numbers), message)
    k = 0x1234567 + secret
    r = (int.from_bytes(digest, "big") + times(k, G)[0]) % N
    s = pow(1 + secret, -1, N) * (k - r * secret) % N
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


class Receipts(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.played = Played(120, SEED)
        cls.addClassCleanup(cls.played.__exit__, None, None, None)
        cls.played.__enter__()
        cls.rehearsal = cls.played.rehearsal
        cls.key = cls.write("subsidy.pub", cls.jineng("keys", "public", "subsidy").stdout.encode())
        cls.due, cls.refused, cls.settled = {}, {}, {}
        blocks, _ = cls.played.feed(cls.played.client("auditor", "subsidy"))
        for block in blocks:
            for event in block.events:
                body = subsidy.Event.FromString(wire.Record.FromString(event.record).event)
                if body.HasField("settled"):
                    cls.learn(body.settled)
        cls.figures = {"receipts": 0, "changed": 0, "forged": 0}

    @classmethod
    def learn(cls, settled):
        for claim in settled.claims:
            cls.due.setdefault(claim.item, claim)
            cls.settled[claim.claim] = settled
        for refusal in settled.refused:
            cls.refused.setdefault((refusal.item, refusal.reason), (settled.class_no, refusal))

    @classmethod
    def tearDownClass(cls):
        print("receipts: " + ", ".join(f"{count} {what}" for what, count in cls.figures.items()), file=sys.stderr)

    @classmethod
    def jineng(cls, *arguments, code=0):
        done = cls.rehearsal.jineng(*arguments)
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done

    @classmethod
    def write(cls, name, data):
        path = os.path.join(cls.rehearsal.folder, name)
        with open(path, "wb") as file:
            file.write(data)
        return path

    def check(self, path, *arguments, key=None):
        """In an empty folder, with an empty environment but for what sanitizers need: no data folder, no configuration."""
        environment = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        empty = os.path.join(self.rehearsal.folder, "empty")
        os.makedirs(empty, exist_ok=True)
        return subprocess.run([os.path.join(BIN, "jineng"), "proof", "check", path, "--key", key or self.key, *arguments],
                              capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, cwd=empty, env=environment,
                              check=False)

    def receipt_of(self, name, claim):
        path = os.path.join(self.rehearsal.folder, f"{name}.receipt")
        if not os.path.exists(path):
            self.jineng("explain", claim, "--receipt", path)
        return path

    def test_what_is_due_and_what_is_refused(self):
        """One of each item, and one of each reason: explained, and its receipt proven and reckoned again."""
        self.assertTrue(self.due and self.refused)
        for item, claim in self.due.items():
            with self.subTest(item=item_name(item)):
                told = self.jineng("explain", str(claim.claim)).stdout
                self.assertIn("Facts, and whose word they are", told)
                self.assertNotIn("cannot be put together", told)
                done = self.check(self.receipt_of(f"due-{item}", str(claim.claim)), "--packs", PACKS)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("the sum comes out again", done.stdout)
                self.assertIn(f"{claim.amount_fen // 100}.{claim.amount_fen % 100:02} yuan", done.stdout)
                self.figures["receipts"] += 1
        for (item, reason), (class_no, refusal) in self.refused.items():
            with self.subTest(item=item_name(item), reason=common.Reason.Name(reason)):
                claim = f"{class_no}/{refusal.seat}/{item_name(item)}"
                told = self.jineng("explain", claim, "--lang", "zh").stdout
                self.assertIn("不予补贴", told)
                self.assertIn("怎样才会有不同结果", told)
                done = self.check(self.receipt_of(f"refused-{item}-{reason}", claim))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn(common.Reason.Name(reason).lower(), done.stdout)
                self.figures["receipts"] += 1

    def read(self):
        item, claim = next(iter(self.due.items()))
        with open(self.receipt_of(f"due-{item}", str(claim.claim)), "rb") as file:
            return file.read()

    def test_no_byte_can_be_changed(self):
        data, dice = self.read(), random.Random(7)
        for _ in range(60):
            place = dice.randrange(len(data))
            changed = bytearray(data)
            changed[place] ^= 1 << dice.randrange(8)
            done = self.check(self.write("changed", bytes(changed)))
            self.assertEqual(done.returncode, 1 if place >= len(LINE) else done.returncode, (place, done.stdout, done.stderr))
            self.assertNotIn("PROVEN: it is in the log", done.stdout)
            self.figures["changed"] += 1
        for length in (0, len(LINE), len(data) // 2, len(data) - 1):
            self.assertEqual(self.check(self.write("changed", data[:length])).returncode, 1)

    def test_it_names_nobody(self):
        data = self.read()
        with open(os.path.join(self.played.folder, "roster.csv"), encoding="utf-8-sig") as file:
            header, *rows = [line.strip().split(",") for line in file]
        for row in rows:
            for column in ("name", "id_number", "phone"):
                value = row[header.index(column)]
                self.assertFalse(value and value.encode() in data, column)

    # ---- A service that lies, with a good signature ----

    def forged(self, change, data=None):
        """The receipt, changed, in a log of one block that is signed with the forger's own key."""
        receipt = proof.Receipt.FromString((data or self.read())[len(LINE):])
        record = wire.Record.FromString(receipt.proof.record)
        event = subsidy.Event.FromString(record.event)
        change(event.receipted, receipt)
        record.event = event.SerializeToString()
        one, salt = receipt.proof, bytes(16)
        one.record, one.salt, one.index, one.head = record.SerializeToString(), salt, 0, 1
        del one.path[:], one.history[:]
        header = wire.BlockHeader.FromString(one.header)
        header.number, header.events, header.events_root = 1, 1, sm3(b"\0", salt, one.record)
        one.header = header.SerializeToString()
        head = proof.Head.FromString(receipt.head.head)
        head.block, head.hash, head.history = 1, sm3(b"\2", one.header), sm3(b"\2", one.header)
        secret = 0xC0FFEE
        receipt.head.head = head.SerializeToString()
        receipt.head.signature = sign(secret, b"jineng head 1\n" + receipt.head.head)
        public = times(secret, G)
        key = self.write("forger.pub", b"%064x%064x\n" % public)
        self.figures["forged"] += 1
        return self.check(self.write("forged", LINE + receipt.SerializeToString()), key=key)

    def test_a_lie_is_found_by_the_sum(self):
        def pack_changed(said, receipt):
            pack = policy.Pack.FromString(receipt.pack)
            for rule in pack.rules:
                if rule.item == said.item:
                    rule.payee = 1 if rule.payee != 1 else 2
            receipt.pack = pack.SerializeToString()
            said.pack_digest = sm3(receipt.pack)

        def figure_changed(said, receipt):
            said.facts.figures[0].none, said.facts.figures[0].amount = False, 100

        done = self.forged(lambda said, receipt: None)
        self.assertEqual(done.returncode, 0, done.stderr)  # the forger's art is good: what follows is found by what it changes
        for change, sentence in (
                (lambda said, receipt: setattr(said, "amount_fen", said.amount_fen + 1), "come to another answer"),
                (lambda said, receipt: setattr(said, "fund", said.fund % 5 + 1), "come to another answer"),
                (lambda said, receipt: setattr(said.facts, "groups", 1 << common.FARMER), "come to another answer"),
                (figure_changed, "come to another answer"),
                (lambda said, receipt: setattr(said.facts, "cost_fen", 0), "cannot be judged"),
                (lambda said, receipt: said.trace.values.__setitem__(0, said.trace.values[0] ^ 2), "other steps"),
                (lambda said, receipt: setattr(receipt, "pack", receipt.pack + b"\x60\x00"), "digest is another"),
                (lambda said, receipt: setattr(said, "pack_digest", bytes(32)), "digest is another"),
                (pack_changed, "come to another answer")):
            done = self.forged(change)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(sentence, done.stderr)

    def reassessed(self):
        """A standard of 100 yuan less is set late, then the old one again: the class is reckoned again each time, and the second makes
        a claim over the 100 that are missing."""
        client = self.played.client("human_resources.administration", "subsidy")
        claim = self.due[common.CERTIFIED_TRAINING]
        settled = self.settled[claim.claim]
        for day, fen in ((settled.day - 1, claim.amount_fen - 10000), (settled.day, claim.amount_fen)):
            row = subsidy.Standard(division=130100, item=claim.item, amount_fen=fen, from_day=day, document="石人社〔2020〕99号")
            client.answer(client.command("SetStandards", subsidy.SetStandards(rows=[row])))
            reply = client.answer(client.command("Reassess", subsidy.Reassess(
                class_no=settled.class_no, seats=[claim.seat], document="石人社核〔2020〕1号", reason="标准补发")))
            self.assertEqual(reply.code, 0, reply)
        self.assertEqual(subsidy.ReassessReply.FromString(reply.body).more_fen, 10000)
        view = client.answer(client.request("Reassessments", subsidy.ReassessmentsRequest(class_no=settled.class_no)))
        return claim, subsidy.ReassessmentsView.FromString(view.body).rows[-1].rows[-1].topup

    def test_a_reassessments_claim_is_checked_offline(self):
        claim, topup = self.reassessed()
        self.assertIn("A reassessment found it missing", self.jineng("explain", str(topup), "--lang", "en").stdout)
        path = self.receipt_of("topup", str(topup))
        done = self.check(path, "--packs", PACKS)
        self.assertEqual(done.returncode, 0, done.stderr)
        yuan = claim.amount_fen // 100
        for sentence in (f"{topup}: 100.00 yuan", f" {yuan}.00 yuan 元, reassessment 重新核定编号 ", "石人社核〔2020〕1号", "what if",
                         f" {yuan - 100}.00 yuan 元, claim 补贴编号 {claim.claim}"):
            self.assertIn(sentence, done.stdout)
        told = json.loads(self.jineng("explain", str(topup), "--json").stdout)
        for line in told["what_if"]:  # the paper finds again what the service says
            self.assertIn(line["en"], done.stdout)
            self.assertIn(line["zh"], done.stdout)
        with open(path, "rb") as file:
            data = file.read()
        for change in (lambda said, receipt: setattr(said, "amount_fen", said.amount_fen + 1),
                       lambda said, receipt: setattr(said.stood[0], "rest_fen", said.stood[0].rest_fen - 1),
                       lambda said, receipt: setattr(said, "due_fen", said.due_fen + 1),
                       lambda said, receipt: setattr(said, "reassessment", 0),
                       lambda said, receipt: said.stood.add(claim=1, rest_fen=-500)):
            done = self.forged(change, data)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("come to another answer", done.stderr)
        self.assertEqual(self.forged(lambda said, receipt: None, data).returncode, 0)

    def test_it_is_of_one_claim_alone(self):
        item, claim = next(iter(self.due.items()))
        path = self.receipt_of(f"due-{item}", str(claim.claim))
        self.assertEqual(self.check(path, "--claim", str(claim.claim)).returncode, 0)
        done = self.check(path, "--claim", str(claim.claim + 1))
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertNotIn("PROVEN: it is in the log", done.stdout)
        self.assertIn(f"of claim {claim.claim}, not of claim {claim.claim + 1}", done.stderr)
        (item, reason), (class_no, refusal) = next(iter(self.refused.items()))
        done = self.check(self.receipt_of(f"refused-{item}-{reason}", f"{class_no}/{refusal.seat}/{item_name(item)}"), "--claim", "1")
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn(f"of a refusal, seat {refusal.seat}, not of claim 1", done.stderr)

    def test_a_pack_that_was_published_is_held_against_it(self):
        empty = os.path.join(self.rehearsal.folder, "no-packs")
        os.makedirs(empty, exist_ok=True)
        item, claim = next(iter(self.due.items()))
        done = self.check(self.receipt_of(f"due-{item}", str(claim.claim)), "--packs", empty)
        self.assertEqual(done.returncode, 1)
        self.assertIn("no pack in that folder", done.stderr)

    def same_in_each_form(self, *kinds):
        """Table, CSV and JSON say the same names, figures and remarks, in both languages."""
        questions = [()] + [("2020Q2", *kind) for kind in kinds]
        for question in questions:
            told = json.loads(self.jineng("report", "funnel", *question, "--json").stdout)
            self.assertTrue(told, question)
            for lang in ("en", "zh"):
                expected = [[name_of(line, question), *(str(int(step.get("count", 0))) for step in line["steps"]),
                             line.get(f"remark_{lang}", "")] for line in told]
                sheet = self.jineng("report", "funnel", *question, "--csv", "--lang", lang).stdout.lstrip("\ufeff")
                self.assertEqual(list(csv.reader(io.StringIO(sheet)))[1:], expected)
                table = [line.split(maxsplit=9) for line in self.jineng("report", "funnel", *question, "--lang", lang).stdout.splitlines()]
                rows = [line for line in table if len(line) >= 9 and all(cell.isdigit() for cell in line[1:9])]
                self.assertEqual([[*line[:9], line[9].strip() if len(line) > 9 else ""] for line in rows], expected)

    def test_the_funnel_adds_up_over_the_campaign(self):
        """Each line of `jineng report funnel`: filed is paid, lost and under way; the quarters hold all seats of the roster."""
        with open(os.path.join(self.played.folder, "roster.csv"), encoding="utf-8-sig") as file:
            filed = len(file.read().strip().splitlines()) - 1
        told = self.jineng("report", "funnel", "--json").stdout
        lines, sum_filed = json.loads(told), 0
        for line in lines:
            counts = [int(step.get("count", 0)) for step in line["steps"]]
            lost = sum(int(loss["count"]) for loss in line.get("losses", []))
            under_way = sum(int(step.get("under_way", 0)) for step in line["steps"])
            self.assertEqual(counts[0], counts[-1] + lost + under_way)
            self.assertEqual(counts, sorted(counts, reverse=True))
            sum_filed += counts[0]
        self.assertLessEqual(sum_filed, filed)
        self.assertGreater(sum_filed, 0)
        self.same_in_each_form(("--by", "class"), ("--by", "institution"), ("--by", "division"))
        self.assertIn("filed", self.jineng("report", "funnel", "--lang", "en").stdout)
        self.assertIn("申报", self.jineng("report", "funnel", "2020Q2", "--lang", "zh", "--csv").stdout)


if __name__ == "__main__":
    unittest.main()
