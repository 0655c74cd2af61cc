"""A policy pack comes into force by two keys, where the clock is real: proposed, its cases green, approved."""
import os
import unittest

from rehearsal import ROOT, Rehearsal

PLAN = os.path.join(ROOT, "deploy", "policy", "shijiazhuang-2019.yaml")
CASES = os.path.join(ROOT, "tests", "policy", "cases-own.yaml")


class WayIntoForce(unittest.TestCase):
    def setUp(self):
        self.rehearsal = Rehearsal("policy", clock=())
        self.addCleanup(self.rehearsal.close)
        self.packs = os.path.join(self.rehearsal.folder, "packs")
        os.mkdir(self.packs)
        self.plan = self.write(PLAN, "shijiazhuang-2019.yaml")
        self.rehearsal.up()

    def write(self, source, name, old="", new=""):
        with open(source, encoding="utf-8") as file:
            text = file.read()
        self.assertIn(old, text)
        path = os.path.join(self.packs, name)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(old, new, 1) if old else text)
        return path

    def policy(self, *arguments, code=0, says=""):
        done = self.rehearsal.jineng("policy", *arguments, "--data", self.rehearsal.data)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertIn(says, done.stdout + done.stderr)
        return done.stdout

    def test_by_two_keys(self):
        done = self.rehearsal.jineng("call", "subsidy.AdoptPack", '{"pack": {"id": "x"}}', "--as", "human_resources.administration")
        self.assertEqual(done.returncode, 1)
        self.assertIn("WRONG_STATE", done.stderr)
        self.assertIn("jineng policy propose", done.stderr)

        self.policy("propose", self.plan, code=2, says="--document")
        self.policy("propose", self.plan, "--document", "石人社字〔2019〕7号", says="draft 1")
        self.policy("approve", "1", "--document", "石人社批〔2019〕8号", code=1, says="no case of draft 1 has passed")
        self.policy("drafts", says="no cases were recorded")
        self.policy("cases", "1", CASES, "--packs", self.rehearsal.folder, code=1, says="name its folder with --packs FOLDER")

        # A file of another pack, and cases that fail, approve nothing.
        other = self.write(CASES, "other.yaml", "pack: shijiazhuang-2019", "pack: another")
        self.write(PLAN, "another.yaml", "pack: shijiazhuang-2019", "pack: another")
        self.policy("cases", "1", other, "--packs", self.packs, code=1, says="0 passed, 1 failed")
        self.policy("approve", "1", "--document", "x", code=1, says="no case of draft 1 has passed")
        red = self.write(CASES, "red.yaml", "due: {pre_job_training: 500.00}", "due: {pre_job_training: 500.01}")
        self.policy("cases", "1", CASES, red, "--packs", self.packs, code=1, says=", 1 failed")
        self.policy("approve", "1", "--document", "x", code=1, says="failed: propose a version that passes")

        # A file that is not what was proposed; proposed anew it is another draft.
        self.write(PLAN, "shijiazhuang-2019.yaml", "notice_working_days: 5", "notice_working_days: 6")
        self.policy("cases", "1", CASES, "--packs", self.packs, code=1, says="is not what was proposed as draft 1")
        self.policy("propose", self.plan, "--document", "石人社字〔2019〕7号", says="draft 2")
        self.policy("cases", "1", CASES, "--packs", self.packs, code=1, says="there is no draft 1")
        self.policy("cases", "2", CASES, "--packs", self.packs, says="0 failed")
        self.policy("approve", "2", "--document", "x", "--as", "human_resources.administration", code=1, says="another key")
        self.policy("drafts", says="proposed by human_resources.administration")
        self.policy("approv", "2", code=2, says='"approv" is none of its subcommands')
        self.policy("approve", "2", "--document", "石人社批〔2019〕8号",
                    says="adopted: pack number 1, in force from its own first day on; what is settled already keeps the pack")
        told = self.policy("drafts")
        self.assertNotIn("draft 2", told)
        self.assertIn("approved by human_resources.checker", told)
        self.policy("propose", self.plan, "--document", "x", code=1, says="ALREADY_EXISTS")
        rows = self.rehearsal.call("subsidy.Packs")["rows"]
        self.assertEqual([row["id"] for row in rows], ["shijiazhuang-2019"])
        self.assertEqual(len(rows[0]["approval"]["cases"]["digest"]) > 0, True)
        self.policy("withdraw", "2", "--reason", "x", code=1, says="there is no draft 2")
        self.own_items_are_named()
        self.rehearsal.down()
        self.rehearsal.assert_sound()

    def explain(self, item, as_, code, says):
        done = self.rehearsal.jineng("explain", f"A-1/1/{item}", "--as", as_)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertIn(says, done.stdout + done.stderr)

    def own_items_are_named(self):
        """What a pack calls an item of its own is known once it is adopted, to whoever may ask for the packs; its number always."""
        lanting = os.path.join(ROOT, "tests", "policy", "packs", "lanting-2021.yaml")
        self.explain("attendance_allowance", "operator", 2, "no pack that was adopted calls an item attendance_allowance")
        self.explain("item 21", "operator", 1, "nothing has been settled")
        self.policy("propose", lanting, "--document", "x", says="draft 3")
        self.policy("cases", "3", os.path.join(ROOT, "tests", "policy", "cases-lanting.yaml"), "--packs", os.path.dirname(lanting),
                    says="0 failed")
        self.policy("approve", "3", "--document", "x", says="adopted: pack number 2")
        self.explain("attendance_allowance", "operator", 1, "nothing has been settled")
        self.explain("培训期间生活补贴", "auditor", 1, "nothing has been settled")
        self.explain("item_21", "operator", 2, "no pack that was adopted calls an item item_21")


if __name__ == "__main__":
    unittest.main()
