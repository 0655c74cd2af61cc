"""What must stay readable for ever is the log: those that earlier versions have written (record.py) are started from by today's."""
import json
import lzma
import os
import shutil
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "end-to-end"))
from rehearsal import SERVICES, Rehearsal, campaign, differences  # noqa: E402

ALTER = os.environ["JINENG_ALTER"]
SHORT = {"APPRENTICESHIP_TRAINING": "apprenticeship", "WORK_AS_TRAINING_SUBSIDY": "work_as_training"}  # as the sheets have them
RECORDINGS = sorted(entry.name for entry in os.scandir(HERE) if os.path.exists(os.path.join(entry.path, "campaign")))


def unpack(recording, service):
    with lzma.open(os.path.join(HERE, recording, f"{service}.log.xz")) as file:
        return file.read()


class Replay(unittest.TestCase):
    def put(self, rehearsal, recording):
        """A folder of today's, not used yet, is given the logs; there are no tables."""
        rehearsal.up()
        rehearsal.down()
        for service in SERVICES:
            folder = os.path.join(rehearsal.data, service)
            shutil.rmtree(folder)
            os.makedirs(os.path.join(folder, "log"), 0o700)
            os.chmod(folder, 0o700)
            shutil.copy(os.path.join(HERE, recording, f"{service}.key"), os.path.join(folder, "pseudonym.key"))
            os.chmod(os.path.join(folder, "pseudonym.key"), 0o600)
            subprocess.run([ALTER, os.path.join(folder, "log"), "load"], input=unpack(recording, service), check=True)

    def assert_as_recorded(self, rehearsal, recording):
        """Not a byte of what was recorded is another one; blocks may have come behind it."""
        for service in SERVICES:
            now = subprocess.run([ALTER, os.path.join(rehearsal.data, service, "log"), "dump"], capture_output=True, check=True).stdout
            then, now = ({line for line in text.splitlines() if line.startswith(b"blocks ")} for text in (unpack(recording, service), now))
            self.assertGreater(len(then), 40, service)
            self.assertEqual(then - now, set(), f"{service}: recorded blocks were changed")

    def totals(self, rehearsal):
        """As jineng play prints them: a campaign that was played is over, and cannot be played again."""
        enrolled, certified, due, paid = (rehearsal.call(f"{service}.Totals") for service in SERVICES[:4])

        def yuan(fen):
            return f"{int(fen) // 100}.{int(fen) % 100:02}"

        def both(total):
            return {"count": int(total.get("count", 0)), "amount": yuan(total.get("amount_fen", 0))}

        return json.dumps({
            **{key: int(enrolled[key]) for key in ("people", "classes", "trained")}, "certified": int(certified["certified"]),
            "due": {SHORT.get(row["item"], row["item"].lower()): both(row) for row in due["due"]},
            "refused": {row["reason"].lower(): int(row["count"]) for row in due["refused"]},
            "paid": both(paid["paid"]), "waiting": both(paid.get("waiting", {})),
            "by_fund": {row["fund"].lower(): both(row["paid"])["amount"] for row in paid["by_fund"] if int(row["paid"].get("count", 0))},
            "by_division": {str(row["division"]): both(row["paid"])["amount"] for row in paid["by_division"]
                            if int(row["paid"].get("count", 0))},
            "rejected_rows": 0})

    def goes_on(self, rehearsal):
        """What is asked of it today is done with what was written then: a payee is frozen, and thawed by two keys."""
        row = {"claim": 1, "document": "石人社监〔2022〕1号"}
        for method, agency, rows in (("FreezePayees", "finance", {**row, "reason": "核查"}), ("ThawPayees", "finance", row),
                                     ("ConfirmThaws", "finance.checker", {"claim": 1})):
            self.assertEqual(int(rehearsal.call(f"ledger.{method}", {"rows": [rows]}, agency).get("done", 0)), 1, method)

    def replayed(self, recording):
        with open(os.path.join(HERE, recording, "campaign"), encoding="utf-8") as file:
            played = campaign(file.read().strip())
        with Rehearsal("replay") as rehearsal:
            self.put(rehearsal, recording)
            done = rehearsal.verify()  # logs alone: each is followed and each follower asked
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("no tables yet", done.stdout)
            rehearsal.up()
            rehearsal.assert_sound()
            self.assertEqual(differences(played, self.totals(rehearsal)), [])
            self.goes_on(rehearsal)
            self.assertEqual(differences(played, self.totals(rehearsal)), [])
            rehearsal.assert_sound()
            rehearsal.down()
            rehearsal.assert_sound()
            self.assert_as_recorded(rehearsal, recording)

    def test_earlier_logs_are_read(self):
        self.assertTrue(RECORDINGS)
        for recording in RECORDINGS:
            with self.subTest(recording=recording):
                self.replayed(recording)


if __name__ == "__main__":
    unittest.main()
