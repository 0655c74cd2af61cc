"""Signed heads and proofs of a suite that has played a campaign: made by `jineng`, checked by it offline and by a program that was
written from the contract alone (checker.py); whatever is changed in them is found out by both."""
import concurrent.futures
import os
import random
import subprocess
import sys
import unittest

import checker

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "access"))

from played import MODULES, SERVICES, Agency, Played, runtime, wire  # noqa: E402
from suite import BIN  # noqa: E402

SEED = 20261126
PERSONAL = {"enrollment": ["people_registered", "payees_registered"], "ledger": ["payees_noted"]}
NOT_THERE = "there is no such record, or it is none that this key may read"
MAGIC = {"head": b"jineng head 1\n", "proof": b"jineng proof 1\n", "extension": b"jineng extension 1\n"}


class Proofs(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.played = Played(120, SEED)
        cls.addClassCleanup(cls.played.__exit__, None, None, None)
        cls.played.__enter__()
        cls.auditor = Agency("an.auditor", ["auditor"], {})
        cls.county = Agency("a.county", ["finance"], {"divisions": [130102]})
        cls.played.add(cls.auditor, cls.county)
        cls.rehearsal = cls.played.rehearsal
        cls.keys = {}
        for service in SERVICES:
            text = cls.jineng("keys", "public", service).stdout
            cls.write(f"{service}.pub", text.encode())
            cls.keys[service] = checker.check_key(text.encode())

    @classmethod
    def jineng(cls, *arguments, code=0):
        done = cls.rehearsal.jineng(*arguments)
        assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
        return done

    @classmethod
    def path(cls, name):
        return os.path.join(cls.rehearsal.folder, name)

    @classmethod
    def write(cls, name, data):
        with open(cls.path(name), "wb") as file:
            file.write(data)
        return cls.path(name)

    @classmethod
    def read(cls, name):
        with open(cls.path(name), "rb") as file:
            return file.read()

    def offline(self, *arguments):
        """In an empty folder, with an empty environment but for what sanitizers need: no data folder, no configuration."""
        environment = {name: value for name, value in os.environ.items() if name.endswith("SAN_OPTIONS")}
        empty = self.path("empty")
        os.makedirs(empty, exist_ok=True)
        return subprocess.run([os.path.join(BIN, "jineng"), "proof", *arguments], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, cwd=empty, env=environment, check=False)

    def head(self, service, name):
        if not os.path.exists(self.path(name)):
            self.jineng("head", service, "--out", self.path(name), "--key", self.path(f"{service}.pub"))
        return self.path(name), checker.check_head(self.read(name), self.keys[service])

    def prove(self, client, **request):
        return client.answer(client.request("Prove", runtime.ProveRequest(**request)))

    # ---- Payments ----

    def test_every_payment_has_its_proof_and_they_add_up(self):
        """By the contract's own method, claim by claim out of the feed; the sum is what the ledger says was paid."""
        path, head = self.head("ledger", "all.head")
        client, total, claims = self.played.client(self.auditor, "ledger"), 0, {}
        blocks, _ = self.played.feed(client)
        for number, block in enumerate(blocks[:head["block"]], 1):
            for event in block.events:
                if not MODULES["ledger"].Event.FromString(wire.Record.FromString(event.record).event).HasField("paid"):
                    continue
                reply = self.prove(client, block=number, index=event.index, head=head["block"])
                self.assertEqual(reply.code, wire.OK, reply)
                header, record = checker.check_proof(MAGIC["proof"] + reply.body, head)
                self.assertEqual(header["number"], number)
                for claim, amount, fund, item in checker.paid_rows(record):
                    self.assertNotIn(claim, claims)
                    claims[claim] = (amount, fund, item)
                    total += amount
        paid = self.rehearsal.call("ledger.Totals", agency="auditor")["paid"]
        self.assertEqual((len(claims), total), (int(paid["count"]), int(paid["amount_fen"])))
        self.assertGreater(len(claims), 50)
        for claim in random.Random(SEED).sample(sorted(claims), 6):
            self.by_command(path, head, claim, claims[claim])
        print(f"proof: {len(claims)} payments proven, {total} fen", file=sys.stderr)

    def by_command(self, head_path, head, claim, row):
        proof = self.path(f"claim-{claim}.proof")
        self.jineng("proof", "make", "ledger", "--claim", str(claim), "--head", head_path, "--out", proof, "--as", "auditor")
        done = self.offline("check", proof, "--head", head_path, "--key", self.path("ledger.pub"), "--claim", str(claim))
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(f"{claim}: {row[0] // 100}.{row[0] % 100:02} yuan 元", done.stdout)
        self.assertIn("PROVEN", done.stdout)
        self.assertIn("已证明", done.stdout)
        _, record = checker.check_proof(self.read(proof), head)
        self.assertIn((claim, *row), checker.paid_rows(record))
        other = self.offline("check", proof, "--head", head_path, "--key", self.path("ledger.pub"), "--claim", "999999")
        self.assertEqual((other.returncode, "not of claim 999999" in other.stderr), (1, True), other.stderr)

    def test_what_was_not_paid_has_no_proof(self):
        done = self.jineng("proof", "make", "ledger", "--claim", "999999", "--out", self.path("none"), code=1)
        self.assertIn("has not been settled", done.stderr)
        self.assertFalse(os.path.exists(self.path("none")))

    def test_any_record_of_any_service(self):
        for service in SERVICES:
            path, head = self.head(service, f"{service}.any.head")
            client = self.played.client(self.auditor, service)
            blocks, _ = self.played.feed(client)
            number, event = next((number, event) for number, block in enumerate(blocks, 1) for event in block.events)
            proof = self.path(f"{service}.any.proof")
            self.jineng("proof", "make", service, "--block", str(number), "--record", str(event.index), "--head", path,
                        "--out", proof, "--as", "auditor")
            done = self.offline("check", proof, "--head", path, "--key", self.path(f"{service}.pub"))
            self.assertEqual(done.returncode, 0, done.stderr)
            _, record = checker.check_proof(self.read(proof), head)
            self.assertEqual(record, checker.message(event.record, checker.RECORD))
            shown = self.offline("show", proof)
            self.assertEqual((shown.returncode, "not checked" in shown.stdout), (0, True), shown.stderr)

    # ---- Every byte ----

    def files(self):
        head, _ = self.head("ledger", "bytes.head")
        if not os.path.exists(self.path("bytes.proof")):
            self.jineng("proof", "make", "ledger", "--claim", "7", "--head", head, "--out", self.path("bytes.proof"))
        return {"proof": self.read("bytes.proof"), "head": self.read("bytes.head"), "key": self.read("ledger.pub")}

    def test_no_byte_of_proof_head_or_key_can_be_changed(self):
        files, chance = self.files(), random.Random(SEED)
        changes = [(name, place, chance.randrange(1, 256)) for name in files for place in range(len(files[name]))]
        self.second_opinion(files)
        for name, place, by in changes:
            changed = {**files, name: files[name][:place] + bytes([files[name][place] ^ by]) + files[name][place + 1:]}
            with self.assertRaises(checker.Misfit, msg=(name, place, by)):
                self.second_opinion(changed)
        # As the command reads it (every byte: tests/unit/runtime_proof.c).
        some = chance.sample(changes, 80)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            for change, code in zip(some, pool.map(lambda change: self.changed_by_command(files, *change), some)):
                self.assertEqual(code, 1, change)
        print(f"proof: {len(changes)} changed bytes refused, {len(some)} of them by the command too", file=sys.stderr)

    def second_opinion(self, files):
        checker.check_proof(files["proof"], checker.check_head(files["head"], checker.check_key(files["key"])))

    def changed_by_command(self, files, name, place, by):
        data = files[name]
        path = self.write(f"changed-{name}-{place}", data[:place] + bytes([data[place] ^ by]) + data[place + 1:])
        paths = {"proof": self.path("bytes.proof"), "head": self.path("bytes.head"), "key": self.path("ledger.pub"), name: path}
        done = self.offline("check", paths["proof"], "--head", paths["head"], "--key", paths["key"])
        os.unlink(path)
        return done.returncode if "Sanitizer" not in done.stderr else done.stderr

    def test_cut_short_or_longer_they_are_refused(self):
        files = self.files()
        for name, data in files.items():
            for other in (data[:-1], data + b"\0", data + b"\n", b"", data[:len(data) // 2], data * 2, b"\xff" * 5_000_000):
                with self.assertRaises(checker.Misfit):
                    self.second_opinion({**files, name: other})
                paths = {one: self.write(f"cut-{one}", {**files, name: other}[one]) for one in files}
                done = self.offline("check", paths["proof"], "--head", paths["head"], "--key", paths["key"])
                self.assertEqual(done.returncode, 1, (name, len(other), done.stdout, done.stderr))

    def test_another_services_key_or_head_does_not_do(self):
        self.files()
        self.head("subsidy", "subsidy.other.head")
        for head, key, words in (("bytes.head", "subsidy.pub", "the signature is not this key's"),
                                 ("subsidy.other.head", "ledger.pub", "the signature is not this key's"),
                                 ("subsidy.other.head", "subsidy.pub", "the head is another service's")):
            done = self.offline("check", self.path("bytes.proof"), "--head", self.path(head), "--key", self.path(key))
            self.assertEqual((done.returncode, words in done.stderr), (1, True), done.stderr)

    # ---- Heads ----

    def test_a_later_head_extends_an_earlier_one(self):
        old_path, old = self.head("ledger", "old.head")
        self.appropriate(self.rehearsal, "later")
        new_path, new = self.head("ledger", "new.head")
        self.assertGreater(new["block"], old["block"])
        extension = self.path("extension")
        key = ["--key", self.path("ledger.pub")]
        self.jineng("proof", "consistency", old_path, new_path, *key, "--out", extension, "--as", "auditor")
        checker.check_extension(self.read("extension"), old, new)
        self.assertEqual(self.offline("consistency", old_path, new_path, *key, "--extension", extension).returncode, 0)
        self.assertEqual(self.offline("consistency", new_path, old_path, *key, "--extension", extension).returncode, 1)
        for place in range(len(self.read("extension"))):
            data = bytearray(self.read("extension"))
            data[place] ^= 1 << place % 8
            with self.assertRaises(checker.Misfit):
                checker.check_extension(bytes(data), old, new)
        # A proof leads to one head; the same record is proven to the other one as well.
        self.jineng("proof", "make", "ledger", "--claim", "7", "--head", new_path, "--out", self.path("new.proof"))
        done = self.offline("check", self.path("new.proof"), "--head", old_path, *key)
        self.assertEqual((done.returncode, "another head of this service" in done.stderr), (1, True), done.stderr)

    def appropriate(self, rehearsal, document):
        rehearsal.call("ledger.Appropriate", {"fund": "SKILLS_ACCOUNT", "division": 130100, "amount_fen": 100, "day": "2020-01-02",
                                              "document": document}, "finance")

    def test_a_log_that_was_written_anew_is_found_out(self):
        """Its own key signs it, its chain is whole: nothing but the head that was kept tells of it."""
        backup, data = self.path("backup"), self.rehearsal.data
        self.jineng("backup", backup)
        self.appropriate(self.rehearsal, "what happened")
        kept_path, kept = self.head("ledger", "kept.head")
        self.rehearsal.down()
        os.rename(data, data + ".true")
        try:
            self.jineng("restore", backup, data)
            self.rehearsal.up()
            for document in ("something", "else"):
                self.appropriate(self.rehearsal, document)
            forged_path, forged = self.head("ledger", "forged.head")
            self.assertGreater(forged["block"], kept["block"])
            done = self.jineng("proof", "consistency", kept_path, forged_path, "--key", self.path("ledger.pub"), code=1)
            self.assertIn("history was changed", done.stderr)
            self.rehearsal.down()
        finally:
            os.rename(data, data + ".forged")
            os.rename(data + ".true", data)
            self.rehearsal.up()

    def test_without_a_key_nothing_is_signed_and_the_service_says_so(self):
        key, aside = os.path.join(self.rehearsal.data, "keys", "certification.sm2"), self.path("aside.sm2")
        self.rehearsal.down()
        os.rename(key, aside)
        try:
            self.rehearsal.up()
            done = self.jineng("head", "certification", code=1)
            self.assertIn("jineng keys sign", done.stderr)
            # Made while it runs: another key, whose heads the old one does not vouch for.
            public = self.jineng("keys", "sign", "certification").stdout
            self.jineng("head", "certification", "--out", self.path("signed.head"))
            checker.check_head(self.read("signed.head"), checker.check_key(public.encode()))
            with self.assertRaises(checker.Misfit):
                checker.check_head(self.read("signed.head"), self.keys["certification"])
        finally:
            self.rehearsal.down()
            os.rename(aside, key)
            self.rehearsal.up()

    # ---- Who may ----

    def test_what_may_not_be_read_sounds_like_what_is_not_there(self):
        heard, hidden = set(), 0
        for service in SERVICES:
            client = self.played.client(self.auditor, service)
            blocks, _ = self.played.feed(client)
            places = [(number, index) for number, block in enumerate(blocks, 1)
                      for index in set(range(wire.BlockHeader.FromString(block.header).events)) - {event.index for event in block.events}]
            hidden += len(places)
            for block, index in [*places, (1, 4000), (len(blocks) + 5, 0), (2**62, 0)]:
                request = client.request("Prove", runtime.ProveRequest(block=block, index=index))
                request.id = 7
                reply = client.answer(request)
                heard.add((reply.code, reply.reason, reply.body))
            client.close()
        self.assertEqual(heard, {(wire.NOT_FOUND, NOT_THERE, b"")})
        self.assertGreater(hidden, 3)

    def test_who_reads_nothing_of_a_log_hears_nothing_of_its_head(self):
        for method in ("Head", "Prove", "Extend"):
            for agency, service in ((self.county, "ledger"), ("veterans", "ledger"), ("finance", "enrollment")):
                client = self.played.client(agency, service)
                reply = client.answer(client.request(method))
                self.assertEqual((reply.code, reply.block, reply.time_ms, reply.body), (wire.DENIED, 0, 0, b""), (agency, method))
                client.close()

    def test_what_makes_no_sense_is_refused_with_a_sentence(self):
        client = self.played.client(self.auditor, "ledger")
        last = client.stand().block
        for method, request in (("Prove", runtime.ProveRequest()), ("Prove", runtime.ProveRequest(block=1, head=last + 1)),
                                ("Prove", runtime.ProveRequest(block=3, head=2)), ("Extend", runtime.ExtendRequest()),
                                ("Extend", runtime.ExtendRequest(to=3, **{"from": 4})),
                                ("Extend", runtime.ExtendRequest(to=last + 1, **{"from": 1})),
                                ("Extend", runtime.ExtendRequest(**{"from": 2**64 - 1}))):
            reply = client.answer(client.request(method, request))
            self.assertEqual((reply.code, bool(reply.reason)), (wire.MALFORMED, True), request)


if __name__ == "__main__":
    unittest.main()
