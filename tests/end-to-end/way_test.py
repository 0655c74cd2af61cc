"""The way of a claim where the clock is real, by the command line alone: confirmed, returned, reviewed, objected to, held, overridden,
and a case that keeps it. Real days do not pass in a test: the notice is still open at the end."""
import datetime
import json
import os
import unittest

from rehearsal import ROOT, Rehearsal

PLAN = os.path.join(ROOT, "deploy", "policy", "shijiazhuang-2019.yaml")
CASES = """pack: shijiazhuang-2019
cases:
- name: entrepreneurship training at cost, on the day of this test
  clauses: [2.2-b]
  facts:
    date: {today}
    division: "130105"
    person: {{groups: [veteran]}}
    training: {{kind: entrepreneurship, occupation: "4-10-01-06", cost: 1200.00}}
    certificate: {{kind: completion, date: {today}}}
  due: {{entrepreneurship_training: 1200.00}}
"""
ADMINISTRATION, SERVICE, FINANCE = "human_resources.administration", "human_resources.employment_service", "finance"
SCHOOL, EVALUATOR = "52130100MA0011953G", "52130100MA0010133R"
DIVISION = 130105
PEOPLE = ("130199199802150666", "130199197704020666", "130199196907240664")
COST_FEN = 120000  # below the 1,500 yuan that clause 2.2-b grants at most: what is due is the cost
DAYS = 10


class Way(unittest.TestCase):
    def setUp(self):
        self.rehearsal = Rehearsal("way", clock=())
        self.addCleanup(self.rehearsal.close)
        self.today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=8))).date()
        self.rehearsal.up()
        self.adopt()

    def day(self, back):
        return (self.today - datetime.timedelta(days=back)).isoformat()

    def adopt(self):
        """The city's plan, as if it had been prolonged until today and beyond."""
        packs = os.path.join(self.rehearsal.folder, "packs")
        os.mkdir(packs)
        with open(PLAN, encoding="utf-8") as file:
            text = file.read()
        self.assertEqual(text.count("until: 2021-12-31"), 1)
        plan = os.path.join(packs, "shijiazhuang-2019.yaml")
        with open(plan, "w", encoding="utf-8") as file:
            file.write(text.replace("until: 2021-12-31", f"until: {self.today.year + 1}-12-31"))
        cases = os.path.join(packs, "cases.yaml")
        with open(cases, "w", encoding="utf-8") as file:
            file.write(CASES.format(today=self.today.isoformat()))
        for arguments in (("propose", plan, "--document", "石人社字〔2019〕7号"), ("cases", "1", cases, "--packs", packs),
                          ("approve", "1", "--document", "石人社批〔2019〕8号")):
            done = self.rehearsal.jineng("policy", *arguments, "--data", self.rehearsal.data)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def call(self, method, request, agency):
        reply = self.rehearsal.call(method, request, agency)
        self.assertFalse(reply.get("refused"), f"{method}: {reply}")
        return reply

    def refused(self, method, request, agency, *says):
        done = self.rehearsal.jineng("call", method, json.dumps(request), "--as", agency)
        text = done.stdout + done.stderr
        self.assertTrue(done.returncode == 1 or '"refused"' in text, text)
        for words in says:
            self.assertIn(words, text)

    def settled_class(self):
        """Three veterans in a class that has ended yesterday; each is due what the class has cost, by 2.2-b."""
        institution = {"division": DIVISION, "insured": True, "designated_from_day": self.day(400), "designated_to_day": self.day(-400),
                       "account": "62220210112233", "bank": "河北银行"}
        self.call("enrollment.SetDivisions", {"rows": [{"code": DIVISION, "name": "新华区"}]}, ADMINISTRATION)
        self.call("enrollment.DesignateInstitutions", {"rows": [
            {"uscc": SCHOOL, "name": "第一创业培训学校", "kind": "TRAINING", **institution},
            {"uscc": EVALUATOR, "name": "第一评价中心", "kind": "EVALUATION", "certifies": ["4-10-01-06"], **institution}]}, ADMINISTRATION)
        self.call("enrollment.ListProjects", {"rows": [
            {"code": "P1", "name": "家政服务员", "occupation": "4-10-01-06", "level": 5, "hours": 80}]}, ADMINISTRATION)
        self.call("enrollment.FileClass", {
            "class_no": "C-1", "provider": SCHOOL, "project": "P1", "division": DIVISION, "kind": "ENTREPRENEURSHIP",
            "start_day": self.day(DAYS), "end_day": self.day(1), "capacity": 50, "cost_fen": COST_FEN, "plan": "P", "safeguards": "S"}, SERVICE)
        self.call("enrollment.Enrol", {"class_no": "C-1", "rows": [
            {"name": f"学员{i}", "id_number": number, "phone": "13900000000", "groups": ["VETERAN"], "household": "URBAN",
             "account": f"622202100000000{i}"} for i, number in enumerate(PEOPLE)]}, SERVICE)
        self.call("enrollment.OpenClass", {"class_no": "C-1"}, SERVICE)
        self.call("enrollment.Attest", {"request": 1, "rows": [
            {"seat": seat, "group": "VETERAN", "answer": "HOLDS"} for seat in (1, 2, 3)]}, "veterans")
        self.call("enrollment.RecordAttendance", {"class_no": "C-1", "sheets": [
            {"day": self.day(back), "absent": []} for back in range(1, DAYS + 1)]}, SERVICE)
        self.call("enrollment.FinishClass", {"class_no": "C-1"}, SERVICE)
        self.follow("certification", "enrollment")
        self.call("certification.RecordResults", {"class_no": "C-1", "rows": [
            {"id_number": number, "kind": "COMPLETION", "certificate_no": f"COMP{i}", "day": self.day(0), "evaluator": EVALUATOR}
            for i, number in enumerate(PEOPLE)]}, "human_resources.appraisal")
        self.call("certification.CloseResults", {"class_no": "C-1"}, "human_resources.appraisal")
        self.follow("subsidy", "enrollment", "certification")
        self.call("subsidy.SettleDay", {"day": self.day(0)}, "operator")

    def follow(self, service, *upstreams):
        self.rehearsal.call(f"{service}.Await", {"cursors": [
            {"upstream": upstream, "block": self.rehearsal.call(f"{upstream}.Stand")["block"]} for upstream in upstreams]})

    def claim(self, number):
        return self.rehearsal.call("subsidy.Claim", {"claim": number})

    def test_a_claim_goes_its_way(self):
        self.settled_class()
        self.assertEqual([self.claim(number)["amount_fen"] for number in (1, 2, 3)], [COST_FEN] * 3)

        # Whose turn it is: nobody is passed over.
        whole = {"rows": [{"class_no": "C-1"}], "reference": "签字1"}
        self.refused("subsidy.ReviewClaims", whole, ADMINISTRATION, "nothing of it waits for this step by this key")
        self.call("subsidy.ConfirmClaims", whole, SERVICE)
        self.refused("subsidy.ReviewClaims", whole, FINANCE)

        # One goes back to who is due, and alone from then on; confirmed again it comes back for review.
        self.call("subsidy.ReviewClaims", {**whole, "returned": [{"claim": 3, "to": "TO_PAYEE", "reason": "账号待核实"}]}, ADMINISTRATION)
        self.call("subsidy.ReviewClaims", {**whole, "except": [3]}, FINANCE)
        self.assertIn("Returned to the payee to be mended: 账号待核实.", self.status(3))
        alone = {"rows": [{"claim": 3}], "reference": "签字2"}
        self.call("subsidy.ConfirmClaims", alone, SERVICE)
        self.call("subsidy.ReviewClaims", alone, ADMINISTRATION)
        self.call("subsidy.ReviewClaims", alone, FINANCE)
        self.assertIn("public notice", self.status(3))

        # An objection keeps its claim alone, until it is decided.
        number = self.call("subsidy.Object", {"claim": 1, "reference": "来信1", "reason": "本人未参加培训"}, SERVICE)["number"]
        self.assertIn("objected", self.status(1))
        self.assertNotIn("objected", self.status(2))
        decided = {"objection": number, "outcome": "DISMISSED", "document": "石人社复〔1〕号", "reason": "签到与照片相符"}
        self.call("subsidy.DecideObjection", decided, ADMINISTRATION)
        self.refused("subsidy.DecideObjection", decided, ADMINISTRATION, "decided")

        # A department's hold; a case, which a fraud's decision ends.
        self.call("subsidy.HoldClaim", {"claim": 2, "reason": "身份待查"}, "veterans")
        self.assertIn("held", self.status(2))
        self.call("subsidy.ReleaseClaim", {"claim": 2, "reason": "已查清"}, "veterans")
        case = self.call("subsidy.OpenCase", {"kind": "CASE_FRAUD", "claim": 3, "document": "立案1", "reason": "照片重复"}, FINANCE)["number"]
        self.call("subsidy.AddEvidence", {"case": case, "document": "档案9", "about": "两次签到照片相同"}, ADMINISTRATION)
        decided = {"case": case, "outcome": "FOUND_FRAUD", "document": "决定1", "clause": "2.12-e", "refused": [3]}
        self.refused("subsidy.DecideCase", decided, FINANCE, "DENIED")
        self.call("subsidy.DecideCase", decided, ADMINISTRATION)
        self.assertRegex(self.status(3), "state +(ended|released): It will not be paid")
        self.assertNotIn("looks into it", self.status(3))

        # An override has a reason, a document and an end that is not behind it.
        override = {"rows": [{"claim": 1, "gate": "CERTIFICATE_LIVE"}], "reason": "证书系统故障", "document": "特批1"}
        self.refused("subsidy.OverrideGate", {**override, "until_day": self.day(1)}, ADMINISTRATION)
        self.call("subsidy.OverrideGate", {**override, "until_day": self.day(-30)}, ADMINISTRATION)
        self.rehearsal.down()
        self.rehearsal.assert_sound()

    def status(self, number):
        done = self.rehearsal.jineng("status", str(number))
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout


if __name__ == "__main__":
    unittest.main()
