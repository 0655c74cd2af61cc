"""What lies outside an agency's scope is answered as what is not there, in a suite that has played a campaign.

A class, claim, batch or request of another division, group or department: the same bytes as for one that does not exist. A division
that the caller names himself: DENIED, whether it is known or not. Lists leave out what is not in scope, a feed is for the whole city.
"""
import sys
import unittest

from played import DENIED, MODULES, SERVICES, Agency, Played, rpcs
from jineng.v1 import common_pb2 as common
from suite import runtime, wire

SEED = 20261125
UNKNOWN = 130199  # a division that nobody knows
MISSING = 987_654
enrollment, certification, subsidy, ledger = (MODULES[name] for name in SERVICES[:4])

# Of every service: what drives it, and what is the whole city's (test_a_feed_is_for_the_whole_city).
OF_ALL = ("Feed", "Head", "Prove", "Extend", "Advance", "Await", "Stand", "Stats", "Hold")
# Methods in which nothing hangs on a scope, and why.
UNSCOPED = {
    "enrollment.ListProjects": "the city's directory", "enrollment.ImportHistory": "people are the city's",
    "enrollment.Totals": "published, 2.12-b", "certification.SetBase": "the city's figure",
    "certification.Certificate": "whether one is genuine concerns every employer, 2.14-a; the name is masked",
    "certification.MayWork": "any employer may ask, 2.1-f", "certification.Totals": "published", "subsidy.SettleDay": "the whole city",
    "subsidy.DecideObjection": "a campaign leaves nothing to object to: unit/subsidy_gate.c tries it",
    "ledger.SetTerms": "the whole city's", "ledger.Terms": "the whole city's", "ledger.GrantUse": "published, 2.12-b",
    "ledger.CheckStaffEducation": "a calculator", "subsidy.Totals": "published", "subsidy.Packs": "published", "ledger.Totals": "published, 2.12-b", "ledger.Quarter": "published, 2.12-b",
    "ledger.ClosePeriod": "the whole city's books", "ledger.Periods": "sums over the whole city, as Totals",
    "notification.OpenInbox": "sets scopes", "notification.Inboxes": "no contents", "notification.Inbox": "the caller's own",
    "notification.Acknowledge": "the caller's own"}


class Scope(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.played = Played(200, SEED)
        cls.addClassCleanup(cls.played.__exit__, None, None, None)
        cls.played.__enter__()
        cls.covered, cls.figures = set(), {"things": 0, "divisions": 0, "lists": 0, "feeds": 0}
        cls.learn()
        cls.make_keys()

    @classmethod
    def tearDownClass(cls):
        print("access scope: " + ", ".join(f"{count} {what}" for what, count in cls.figures.items())
              + f" tried; {len(UNSCOPED)} methods have no scope", file=sys.stderr)

    @classmethod
    def learn(cls):
        """What there is, from the logs."""
        cls.happened = {}
        for service in SERVICES[:4]:
            blocks, _ = cls.played.feed(cls.played.client("ledger" if service == "enrollment" else "auditor", service))
            for block in blocks:
                for event in block.events:
                    body = MODULES[service].Event.FromString(wire.Record.FromString(event.record).event)
                    cls.happened.setdefault((service, body.WhichOneof("body")), []).append(getattr(body, body.WhichOneof("body")))
        cls.settled = next(one for one in cls.happened["subsidy", "settled"] if one.claims)
        cls.class_no, cls.division = cls.settled.class_no, cls.settled.division
        cls.claim = cls.settled.claims[0]
        cls.advance = cls.happened["subsidy", "advance_granted"][0]
        instructed = next(one for one in cls.happened["ledger", "instructed"] if one.division == cls.division)
        cls.batch, cls.bank_claim = instructed.batch, instructed.rows[0].claim
        cls.paid = next(one for one in cls.happened["ledger", "paid"] if one.division == cls.division)
        cls.request = next(one for one in cls.happened["enrollment", "attestation_requested"] if one.division == cls.division)
        cls.results = next(one for one in cls.happened["certification", "results_recorded"]
                           if getattr(one, "class") == getattr(cls.settled, "class"))
        known = {row.code for one in cls.happened["enrollment", "divisions_set"] for row in one.rows}
        used = {one.division for one in cls.happened["enrollment", "class_filed"]}
        cls.elsewhere = min(code for code in known - used if code % 100)  # a county where nothing happened
        assert cls.division in known and UNKNOWN not in known
        with open(f"{cls.played.folder}/roster.csv", encoding="utf-8-sig") as file:
            header, *rows = [line.strip().split(",") for line in file]
        cls.learn_mixed()
        cls.person = next(row[header.index("id_number")] for row in rows if row[header.index("class_no")] == cls.class_no)

    @classmethod
    def learn_mixed(cls):
        """A class on which one group has claims, and others have, too: (class_no, group, claims by seat, seats of the group)."""
        seats = {}
        for noted in cls.happened["subsidy", "roster_noted"]:
            seats.setdefault(getattr(noted, "class"), {}).update({row.seat: row.groups for row in noted.rows})
        for one in cls.happened["subsidy", "settled"]:
            groups, claims = seats[getattr(one, "class")], {claim.seat: claim for claim in one.claims}
            for group in range(1, 32):
                mine = {seat for seat in groups if groups[seat] >> group & 1}
                if mine & set(claims) and set(claims) - mine:
                    cls.mixed = one.class_no, group, claims, mine
                    return
        assert False, "the campaign has no such class"

    @classmethod
    def make_keys(cls):
        """By role: the whole city, and a division of it in which nothing is."""
        department = common.Department.Name(cls.request.department).lower()
        other = next(name.lower() for name, number in common.Department.items() if number and number != cls.request.department)
        groups = [name.lower() for name, number in common.Group.items() if number and not cls.settled.groups >> number & 1]
        roles = ["operator", "auditor", "administration", "employment_service", "appraisal", "attestor", "reviewer", "finance", "inbox"]
        more = {"attestor": {"department": department}}
        cls.whole = {role: Agency(f"whole.{role}", [role], more.get(role, {})) for role in roles}
        cls.county = {role: Agency(f"county.{role}", [role], {"divisions": [cls.elsewhere], **more.get(role, {})}) for role in roles}
        cls.other = {"department": Agency("other.attestor", ["attestor"], {"department": other}),
                     "groups": Agency("other.reviewer", ["reviewer"], {"groups": groups[:2]}),
                     "mixed": Agency("mixed.reviewer", ["reviewer"], {"groups": [common.Group.Name(cls.mixed[1]).lower()]})}
        cls.clients = {}
        cls.played.add(*cls.whole.values(), *cls.county.values(), *cls.other.values())

    def told(self, agency, service, method, body):
        client = self.clients.get((agency.name, service))
        if not client:
            client = self.clients[agency.name, service] = self.played.client(agency, service)
        reply = client.answer(client.command(method, body))
        self.assertIsNotNone(reply, f"{service}.{method}")
        reply.id = 0
        return reply

    # ---- Things that are somebody's ----

    def thing(self, service, method, role, there, missing, outside=None):
        """`there` is in the suite and not in the scope of `outside`; `missing` is nowhere. (text of the one, of the other) in sentences."""
        self.covered.add(f"{service}.{method}")
        for agency in outside or [self.county[role]]:
            with self.subTest(method=f"{service}.{method}", agency=agency.name):
                is_there, is_not = self.both(agency, service, method, there, missing)
                is_not.reason = is_not.reason.replace(str(MISSING), self.number_of(there))
                self.assertEqual(is_there.SerializeToString(), is_not.SerializeToString())
                self.assertIn(is_there.code, (wire.NOT_FOUND, wire.NOT_YET))
                self.figures["things"] += 1
        inside = self.told(self.whole[role], service, method, there)
        self.assertNotIn(inside.code, (wire.NOT_FOUND, wire.NOT_YET, wire.DENIED, wire.MALFORMED), f"{service}.{method}: {inside.reason}")

    def both(self, agency, service, method, there, missing):
        """The two answers at one moment of the log: its head, which they tell, moves where the service follows others meanwhile."""
        for _ in range(50):
            is_there, is_not = (self.told(agency, service, method, body) for body in (there, missing))
            if (is_there.block, is_there.time_ms) == (is_not.block, is_not.time_ms):
                break
        return is_there, is_not

    @staticmethod
    def number_of(body):
        for field, value in body.ListFields():
            if field.name in ("claim", "batch", "request", "certificate", "receivable", "number", "grant", "disbursement", "draft"):
                return str(value)
        return "-"

    def test_classes(self):
        no = self.class_no
        sheet = [enrollment.Sheet(day=18000)]
        result = [certification.Result(id_number=self.person)]
        for service, method, role, make in (
                ("enrollment", "Enrol", "employment_service",
                 lambda no: enrollment.Enrol(class_no=no, rows=[enrollment.Enrolment(name="a")])),
                ("enrollment", "OpenClass", "employment_service", lambda no: enrollment.OpenClass(class_no=no)),
                ("enrollment", "StopClass", "employment_service", lambda no: enrollment.StopClass(class_no=no, reason="x")),
                ("enrollment", "RecordAttendance", "employment_service", lambda no: enrollment.RecordAttendance(class_no=no, sheets=sheet)),
                ("enrollment", "FinishClass", "employment_service", lambda no: enrollment.FinishClass(class_no=no)),
                ("certification", "RecordResults", "appraisal", lambda no: certification.RecordResults(class_no=no, rows=result)),
                ("certification", "CloseResults", "appraisal", lambda no: certification.CloseResults(class_no=no)),
                *(("enrollment", "Class", role, lambda no: enrollment.ClassRequest(class_no=no))
                  for role in ("employment_service", "administration", "operator", "auditor", "reviewer", "attestor")),
                *(("subsidy", "ClassClaims", role, lambda no: subsidy.ClassClaimsRequest(class_no=no))
                  for role in ("employment_service", "administration", "operator", "auditor", "reviewer", "finance")),
                ("subsidy", "RecordOutcomes", "employment_service", lambda no: subsidy.RecordOutcomes(
                    class_no=no, document="x", rows=[subsidy.OutcomeRow(seat=9999, outcomes=[4], day=1)])),
                ("subsidy", "RecordContributions", "employment_service", lambda no: subsidy.RecordContributions(
                    class_no=no, document="x", rows=[subsidy.ContributionRow(seat=9999, months=1, through_day=1)])),
                ("subsidy", "Reassess", "administration", lambda no: subsidy.Reassess(class_no=no, document="x", reason="x")),
                *(("subsidy", "Awaited", role, lambda no: subsidy.AwaitedRequest(class_no=no))
                  for role in ("employment_service", "administration", "operator", "auditor", "reviewer")),
                *(("subsidy", "Reassessments", role, lambda no: subsidy.ReassessmentsRequest(class_no=no))
                  for role in ("employment_service", "administration", "operator", "auditor", "reviewer")),
                *(("subsidy", "Warnings", role, lambda no: subsidy.WarningsRequest(class_no=no))
                  for role in ("employment_service", "administration", "operator", "auditor")),
                *(("subsidy", "Explain", role, lambda no: subsidy.ExplainRequest(class_no=no, seat=self.claim.seat, item=self.claim.item))
                  for role in ("employment_service", "administration", "operator", "auditor", "reviewer", "finance")),
                *(("subsidy", "IssueReceipt", role, lambda no: subsidy.IssueReceipt(class_no=no, seat=self.claim.seat, item=self.claim.item))
                  for role in ("employment_service", "administration", "operator")),
                *(("subsidy", "Funnel", role, lambda no: subsidy.FunnelRequest(class_no=no))
                  for role in ("employment_service", "administration", "operator", "auditor", "reviewer"))):
            outside = [self.county[role]] + ([self.other["groups"]] if (service, role) == ("subsidy", "reviewer") else [])
            self.thing(service, method, role, make(no), make("9" * len(no)), outside)

    def test_certificates(self):
        def make(number, reason="x"):
            return certification.RevokeCertificate(certificate=number, reason=reason)

        number = self.results.rows[0].certificate
        county = self.county["appraisal"]
        is_there, is_not = self.both(county, "certification", "RevokeCertificate", make(number, ""), make(MISSING, ""))
        self.assertEqual(is_there, is_not)

        def correct(number):
            return certification.CorrectCertificate(certificate=number, kind=1, level=4, day=18000, document="x", reason="x")

        # What it says does not fit a certificate, which is seen once it is found.
        self.covered.add("certification.CorrectCertificate")
        is_there, is_not = self.both(county, "certification", "CorrectCertificate", correct(number), correct(MISSING))
        self.assertEqual((is_there.code, is_there.SerializeToString()), (wire.NOT_FOUND, is_not.SerializeToString()))
        self.assertEqual(self.told(self.whole["appraisal"], "certification", "CorrectCertificate", correct(number)).code, wire.MALFORMED)
        self.thing("certification", "RevokeCertificate", "appraisal", make(number), make(MISSING))

    def test_attestation_requests(self):
        outside = [self.county["attestor"], self.other["department"]]
        row = [enrollment.AttestRow(seat=1, group=1, answer=enrollment.HOLDS)]
        for method, make in (("People", lambda number: enrollment.PeopleRequest(request=number)),
                             ("Attest", lambda number: enrollment.Attest(request=number, rows=row)),
                             ("WithdrawAttestation",
                              lambda number: enrollment.WithdrawAttestation(request=number, rows=row, document="x", reason="x"))):
            self.thing("enrollment", method, "attestor", make(self.request.request), make(MISSING), outside)

    def test_people(self):
        missing = "110101199003070003" if self.person != "110101199003070003" else "11010119900307002X"
        self.thing("enrollment", "Record", "employment_service", enrollment.RecordRequest(id_number=self.person),
                   enrollment.RecordRequest(id_number=self.valid_number(missing)))

    @staticmethod
    def valid_number(number):
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        return number[:17] + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(number, weights)) % 11]

    def test_claims(self):
        outside = [self.county["reviewer"], self.other["groups"]]
        number = self.claim.claim
        for method, kind in (("HoldClaim", subsidy.HoldClaim), ("ReleaseClaim", subsidy.ReleaseClaim)):
            self.thing("subsidy", method, "reviewer", kind(claim=number, reason="x"), kind(claim=MISSING, reason="x"), outside)
        self.thing("subsidy", "Claim", "reviewer", subsidy.ClaimRequest(claim=number), subsidy.ClaimRequest(claim=MISSING), outside)
        for role in ("employment_service", "administration", "operator", "auditor", "reviewer", "finance"):
            there = subsidy.ClaimRequest(class_no=self.class_no, seat=self.claim.seat, item=self.claim.item)
            missing = subsidy.ClaimRequest(class_no="9" * len(self.class_no), seat=self.claim.seat, item=self.claim.item)
            self.thing("subsidy", "Claim", role, there, missing)
        for role in ("finance", "administration", "reviewer", "operator", "auditor"):
            self.thing("ledger", "Claim", role, ledger.ClaimRequest(claim=number), ledger.ClaimRequest(claim=MISSING))

    def test_a_group_beside_ones_own_is_not_ones_own(self):
        """Of a class that its own group is on, a department sees and suspends its own seats alone."""
        class_no, _, claims, mine = self.mixed
        agency = self.other["mixed"]
        theirs = next(claim for seat, claim in claims.items() if seat not in mine)
        own = next(claim for seat, claim in claims.items() if seat in mine)
        about = {"kind": subsidy.CASE_ERROR, "document": "x", "reason": "x"}
        for method, make in (("Claim", lambda number: subsidy.ClaimRequest(claim=number)),
                             ("Explain", lambda number: subsidy.ExplainRequest(claim=number)),
                             ("HoldClaim", lambda number: subsidy.HoldClaim(claim=number, reason="x")),
                             ("ReleaseClaim", lambda number: subsidy.ReleaseClaim(claim=number, reason="x")),
                             ("Object", lambda number: subsidy.Object(claim=number, reference="x", reason="x")),
                             ("OpenCase", lambda number: subsidy.OpenCase(claim=number, **about))):
            with self.subTest(method=method):
                there, is_not = self.both(agency, "subsidy", method, make(theirs.claim), make(MISSING))
                is_not.reason = is_not.reason.replace(str(MISSING), str(theirs.claim))
                self.assertEqual((there.code, there.SerializeToString()), (wire.NOT_FOUND, is_not.SerializeToString()))
                self.assertNotIn(self.told(agency, "subsidy", method, make(own.claim)).code, (wire.NOT_FOUND, wire.DENIED))
                self.figures["things"] += 1
        told = self.told(agency, "subsidy", "ClassClaims", subsidy.ClassClaimsRequest(class_no=class_no))
        seen = {row.seat for row in subsidy.ClassClaimsView.FromString(told.body).rows}
        self.assertLessEqual({own.seat}, seen)
        self.assertLessEqual(seen, mine)

    def today(self):
        """By the service's clock, in the city's time."""
        return (self.told(self.whole["operator"], "subsidy", "Totals", subsidy.TotalsRequest()).time_ms + 8 * 3_600_000) // 86_400_000

    def test_a_claim_goes_its_way_by_its_own_offices(self):
        """Rows have an outcome of their own: NOT_FOUND, in the same words."""
        def way(field, number):
            return [subsidy.WayRow(**{field: number})]

        missing_no = "9" * len(self.class_no)
        for method, role, make, number, missing in (
                *((method, role, lambda number, kind=kind, field=field: kind(rows=way(field, number), reference="x"), number, missing)
                  for method, role, kind in (("ConfirmClaims", "employment_service", subsidy.ConfirmClaims),
                                             ("ReviewClaims", "administration", subsidy.ReviewClaims),
                                             ("ReviewClaims", "finance", subsidy.ReviewClaims))
                  for field, number, missing in (("settlement", self.settled.settlement, MISSING), ("claim", self.claim.claim, MISSING),
                                                 ("class_no", self.class_no, missing_no))),
                ("OverrideGate", "administration", lambda number: subsidy.OverrideGate(
                    rows=[subsidy.OverrideRow(claim=number, gate=1)], reason="x", document="x", until_day=self.today()), self.claim.claim, MISSING)):
            self.covered.add(f"subsidy.{method}")
            with self.subTest(method=method, role=role, number=number):
                there, is_not = (self.refusal(self.told(self.county[role], "subsidy", method, make(one))) for one in (number, missing))
                self.assertEqual(there[0], wire.NOT_FOUND)
                self.assertEqual(there, (is_not[0], is_not[1].replace(str(MISSING), str(number))))
                self.figures["things"] += 1

    def test_objections_and_cases(self):
        number = self.claim.claim
        texts = {"reference": "x", "reason": "x"}
        for role in ("administration", "employment_service", "finance", "reviewer"):
            self.thing("subsidy", "Object", role, subsidy.Object(claim=number, **texts), subsidy.Object(claim=MISSING, **texts))
        about = {"kind": subsidy.CASE_ERROR, "document": "x", "reason": "x"}
        self.thing("subsidy", "OpenCase", "administration", subsidy.OpenCase(claim=number, **about), subsidy.OpenCase(claim=MISSING, **about))
        for method, role, make in (("AddEvidence", "reviewer", lambda case: subsidy.AddEvidence(case=case, document="x", about="x")),
                                   ("Cases", "administration", lambda case: subsidy.CasesRequest(case=case)),
                                   ("DecideCase", "administration", lambda case: subsidy.DecideCase(case=case, outcome=1, document="x"))):
            self.covered.add(f"subsidy.{method}")
            there, is_not = (self.told(self.county[role], "subsidy", method, make(case)) for case in (1, MISSING))
            self.assertEqual((there.code, there.reason), (wire.NOT_FOUND, is_not.reason.replace(str(MISSING), "1")))
            self.figures["things"] += 1
        refused = self.told(self.county["administration"], "subsidy", "OpenCase", subsidy.OpenCase(institution=1, **about))
        self.assertEqual(refused.code, wire.DENIED)  # an institution is the whole city's
        late = self.told(self.county["administration"], "subsidy", "Overdue", subsidy.OverdueRequest())
        self.assertEqual(len(subsidy.OverdueView.FromString(late.body).rows), 0)
        self.covered.add("subsidy.Overdue")

    def test_batches_and_advances(self):
        for method, make in (("RecordBankResults", lambda number: ledger.RecordBankResults(batch=number, all=True)),
                             ("Resend", lambda number: ledger.Resend(batch=number)),
                             ("Batch", lambda number: ledger.BatchRequest(batch=number))):
            self.thing("ledger", method, "finance", make(self.batch), make(MISSING))
        self.thing("ledger", "Resend", "finance", ledger.Resend(claim=self.claim.claim), ledger.Resend(claim=MISSING))

        def recovery(number):
            return ledger.RecordRecovery(**{"class": number, "fund": self.advance.parts[0].fund, "amount_fen": 10**12})

        self.thing("ledger", "RecordRecovery", "finance", recovery(getattr(self.advance, "class")), recovery(MISSING))

    def test_grants_and_commitments(self):
        money = dict(fund=common.EMPLOYMENT_SUBSIDY, division=self.division, purpose=common.TRAINING_BASE)
        finance = self.whole["finance"]
        self.told(finance, "ledger", "Appropriate", ledger.Appropriate(amount_fen=1000, day=18000, **money))
        asked = ledger.GrantAsked(id="scope", institution=1, amount_fen=500, document="x", **money)
        given = ledger.Outcomes.FromString(self.told(finance, "ledger", "Grant", ledger.Grant(rows=[asked])).body)
        self.assertEqual(given.done, 1, given)
        whole, county = self.listed("ledger", "Grants", "finance", ledger.GrantsRequest(), ledger.GrantsView)
        self.assertEqual({row.division for row in county} - {self.elsewhere}, set())
        number = next(row.grant for row in whole if row.id == "scope")
        day = dict(amount_fen=10**12, document="x")
        for method, make in (("RecordGrantPaid", lambda number: ledger.RecordGrantPaid(grant=number, day=18000, **day)),
                             ("ReleaseGrant", lambda number: ledger.ReleaseGrant(grant=number, **day)),
                             ("ReleaseCommitment", lambda number: ledger.ReleaseCommitment(claim=number, **day))):
            there = self.claim.claim if method == "ReleaseCommitment" else number
            self.thing("ledger", method, "finance", make(there), make(MISSING))
        self.thing("ledger", "Grants", "finance", ledger.GrantsRequest(grant=number), ledger.GrantsRequest(grant=MISSING))
        recovery = dict(document="x", clause="2.12-e", kind=ledger.DEBT_ERROR)
        self.thing("ledger", "OpenRecovery", "finance", ledger.OpenRecovery(grant=number, **recovery),
                   ledger.OpenRecovery(grant=MISSING, **recovery))

        def disburse(agency, grant):
            rows = [ledger.Disburse(grant=grant, amount_fen=100, document="批次")]
            return self.told(agency, "ledger", "DisburseGrants", ledger.DisburseGrants(rows=rows))

        self.covered.add("ledger.DisburseGrants")
        there, missing = (self.refusal(disburse(self.county["finance"], one)) for one in (number, MISSING))
        self.assertEqual(there, (missing[0], missing[1].replace(str(MISSING), str(number))))
        self.assertEqual(there[0], wire.NOT_FOUND)
        self.assertEqual(ledger.Disbursed.FromString(disburse(finance, number).body).done, 1)
        self.thing("ledger", "Resend", "finance", ledger.Resend(disbursement=1), ledger.Resend(disbursement=MISSING))

    def test_recovery(self):
        paper = dict(document="x", clause="2.12-e", kind=ledger.DEBT_ERROR)
        # A class whose certificates nobody revokes meanwhile: what hangs on them is reversed by itself.
        paid = next(row.claim for one in self.happened["ledger", "paid"]
                    if getattr(one, "class") != getattr(self.settled, "class") for row in one.rows)
        self.thing("ledger", "OpenRecovery", "finance", ledger.OpenRecovery(claim=paid, amount_fen=1, **paper),
                   ledger.OpenRecovery(claim=MISSING, amount_fen=1, **paper))
        opened = self.told(self.whole["finance"], "ledger", "OpenRecovery", ledger.OpenRecovery(claim=paid, amount_fen=1, **paper))
        number = ledger.Posted.FromString(opened.body).number
        self.assertGreater(number, 0, opened)
        for method, make in (
                ("RecordRepayment", lambda one: ledger.RecordRepayment(receivable=one, amount_fen=2)),
                ("ArrangeRecovery", lambda one: ledger.ArrangeRecovery(receivable=one, offset=True, document="x")),
                ("WriteOff", lambda one: ledger.WriteOff(receivable=one, document="x")),
                ("Receivables", lambda one: ledger.ReceivablesRequest(number=one))):
            self.thing("ledger", method, "finance", make(number), make(MISSING))

    def test_a_batch_is_moved_by_its_own_finance(self):
        """Rows have an outcome of their own: NOT_FOUND, in the same words."""
        self.thing("ledger", "WithdrawClaims", "finance", ledger.WithdrawClaims(batch=self.batch, claims=[self.claim.claim]),
                   ledger.WithdrawClaims(batch=MISSING, claims=[self.claim.claim]))
        for method, make in (("SubmitBatches", lambda number: ledger.SubmitBatches(rows=[ledger.Declaration(batch=number)])),
                             ("ReleaseBatches", lambda number: ledger.ReleaseBatches(batches=[number])),
                             ("SendBackBatches", lambda number: ledger.SendBackBatches(batches=[number], reason="x"))):
            self.covered.add(f"ledger.{method}")
            there, missing = (self.refusal(self.told(self.county["finance"], "ledger", method, make(number)))
                              for number in (self.batch, MISSING))
            self.assertEqual(there[0], wire.NOT_FOUND)
            self.assertEqual(there, (missing[0], missing[1].replace(str(MISSING), str(self.batch))))
            self.assertEqual(self.refusal(self.told(self.whole["finance"], "ledger", method, make(self.batch)))[0], wire.WRONG_STATE)
            self.figures["things"] += 1

    def test_what_the_bank_contradicts_is_settled_by_its_own_finance(self):
        self.told(self.whole["finance"], "ledger", "RecordBankResults",
                  ledger.RecordBankResults(batch=self.batch, rows=[ledger.BankResult(claim=self.bank_claim, reason="returned")]))

        def settle(number):
            return ledger.SettleDisagreement(batch=number, claim=self.bank_claim, what=ledger.PAYMENT_REVERSED, document="x")

        _, county = self.listed("ledger", "Disagreements", "finance", ledger.DisagreementsRequest(), ledger.DisagreementsView)
        self.assertEqual(county, [])
        self.thing("ledger", "SettleDisagreement", "finance", settle(self.batch), settle(MISSING))

    def test_a_payee_is_the_citys(self):
        """It has claims in many divisions: no county freezes it, and none hears whether it is there."""
        row = ledger.FreezePayee(claim=self.claim.claim, document="x", reason="x")
        nobody = ledger.FreezePayee(claim=MISSING, document="x", reason="x")
        for method, kind, code in (("FreezePayees", ledger.FreezePayees, wire.OK), ("ThawPayees", ledger.ThawPayees, wire.OK),
                                   ("ConfirmThaws", ledger.ConfirmThaws, wire.REFUSED)):  # its own
            self.covered.add(f"ledger.{method}")
            there, missing = (self.refusal(self.told(self.county["finance"], "ledger", method, kind(rows=[one]))) for one in (row, nobody))
            self.assertEqual(there[0], wire.DENIED)
            self.assertEqual(there, missing)
            self.assertEqual(self.refusal(self.told(self.whole["finance"], "ledger", method, kind(rows=[row])))[0], code)
            self.figures["things"] += 1
        for role in ("finance", "operator", "auditor"):
            self.covered.add("ledger.FrozenPayees")
            self.assertEqual(self.told(self.county[role], "ledger", "FrozenPayees", ledger.FrozenPayeesRequest()).code, wire.DENIED)
            self.assertEqual(self.told(self.whole[role], "ledger", "FrozenPayees", ledger.FrozenPayeesRequest()).code, wire.OK)

    # ---- Divisions that the caller names ----

    def refusal(self, reply):
        """(code, reason): the command's own, or its one row's."""
        outcomes = enrollment.Outcomes.FromString(reply.body) if reply.code == wire.OK else None
        if not outcomes or not outcomes.refused:
            return reply.code, reply.reason
        return outcomes.refused[0].code, outcomes.refused[0].reason

    def named(self, service, method, role, make, in_reason=True):
        """make(division): refused for a known one outside the scope as for one that nobody knows."""
        self.covered.add(f"{service}.{method}")
        with self.subTest(method=f"{service}.{method}", role=role):
            known, unknown = (self.refusal(self.told(self.county[role], service, method, make(division)))
                              for division in (self.division, UNKNOWN))
            self.assertEqual(known[0], wire.DENIED, known)
            self.assertEqual((known[0], known[1].replace(str(self.division), str(UNKNOWN))), unknown)
            self.assertNotEqual(self.refusal(self.told(self.whole[role], service, method, make(self.division)))[0], wire.DENIED)
            self.assertNotEqual(self.refusal(self.told(self.county[role], service, method, make(self.elsewhere)))[0], wire.DENIED)
            self.figures["divisions"] += 1

    def filed_again(self, division):
        view = self.told(self.whole["employment_service"], "enrollment", "Class", enrollment.ClassRequest(class_no=self.class_no))
        filed = enrollment.ClassView.FromString(view.body).filed
        filed.class_no, filed.division = f"again-{division}", division
        return filed

    def institution(self, division):
        return enrollment.Institution(uscc="91350100M000100Y43", name="x", kind=common.ENTERPRISE, division=division)

    def test_divisions(self):
        row = dict(item=common.FREE_TRAINING, amount_fen=100_000, from_day=18262, document="x")
        for role in ("administration", "employment_service", "operator", "auditor"):
            self.named("enrollment", "Progress", role, lambda division: enrollment.ProgressRequest(division=division))
        self.named("enrollment", "SetDivisions", "administration",
                   lambda division: enrollment.SetDivisions(rows=[enrollment.Division(code=division, name="x")]))
        self.named("enrollment", "FileClass", "employment_service", self.filed_again)
        self.named("subsidy", "SetStandards", "administration",
                   lambda division: subsidy.SetStandards(rows=[subsidy.Standard(division=division, **row)]))
        self.named("subsidy", "SetReferences", "administration", lambda division: subsidy.SetReferences(rows=[subsidy.Reference(
            name="secondary_grant_monthly", division=division, amount_fen=100, from_day=18262)]))
        money = dict(fund=common.EMPLOYMENT_SUBSIDY, amount_fen=1, day=18000)
        self.named("ledger", "Appropriate", "finance", lambda division: ledger.Appropriate(division=division, **money))
        self.named("ledger", "AppropriateAll", "finance",
                   lambda division: ledger.AppropriateAll(rows=[ledger.Appropriate(division=division, **money)]))
        support = dict(id="x", fund=common.EMPLOYMENT_SUBSIDY, purpose=common.TRAINING_BASE, institution=1, amount_fen=1, document="x")
        self.named("ledger", "Grant", "finance", lambda division: ledger.Grant(rows=[ledger.GrantAsked(division=division, **support)]))
        share = ledger.PoolShare(fund=common.EMPLOYMENT_SUBSIDY, amount_fen=1)
        self.named("ledger", "Pool", "finance", lambda division: ledger.Pool(division=division, sources=[share], document="x"))
        self.named("ledger", "DissolvePool", "finance", lambda division: ledger.DissolvePool(division=division, document="x"))
        wages = dict(year=2019, wages_fen=1, document="x")
        self.named("ledger", "FileStaffEducation", "finance", lambda division: ledger.StaffEducation(
            division=division, enterprise=1 if division == self.division else 2, **wages))
        for role in ("finance", "operator", "auditor"):
            self.named("ledger", "Forecast", role, lambda division: ledger.ForecastRequest(division=division, fund=common.EMPLOYMENT_SUBSIDY))
        self.named("ledger", "SetPaymentLimits", "finance", lambda division: ledger.SetPaymentLimits(
            rows=[ledger.PaymentLimit(division=division, from_day=30000, document="x")]))
        self.named("ledger", "ConfirmPaymentLimits", "finance", lambda division: ledger.ConfirmPaymentLimits(
            rows=[ledger.PaymentLimit(division=division, from_day=30000)]))
        for role in ("finance", "operator", "auditor"):
            self.named("ledger", "PaymentLimits", role, lambda division: ledger.PaymentLimitsRequest(division=division))
        for role in ("finance", "administration", "reviewer", "operator", "auditor"):
            self.named("ledger", "Account", role, lambda division: ledger.AccountRequest(division=division, fund=common.EMPLOYMENT_SUBSIDY))
            self.named("ledger", "Statement", role, lambda division: ledger.StatementRequest(
                division=division, kind=ledger.STATEMENT_FUND, period=ledger.Period(kind=ledger.PERIOD_YEAR, year=2020)))
            self.named("ledger", "Queue", role, lambda division: ledger.QueueRequest(division=division, fund=common.EMPLOYMENT_SUBSIDY))

    def test_institutions(self):
        """Nor is one taken over by giving it the caller's own division."""
        def make(division):
            return enrollment.DesignateInstitutions(rows=[self.institution(division)])

        self.covered.add("enrollment.DesignateInstitutions")
        county = self.county["administration"]
        known, unknown = (self.refusal(self.told(county, "enrollment", "DesignateInstitutions", make(division)))
                          for division in (self.division, UNKNOWN))
        self.assertEqual((known[0], known[1].replace(str(self.division), str(UNKNOWN))), unknown)
        self.assertEqual(known[0], wire.DENIED)
        self.assertEqual(self.refusal(self.told(county, "enrollment", "DesignateInstitutions", make(self.elsewhere)))[0], wire.OK)
        theirs = next(row.facts for one in self.happened["enrollment", "institutions_designated"] for row in one.rows
                      if row.facts.division == self.division)
        mine = enrollment.Institution.FromString(theirs.SerializeToString())
        mine.division, mine.account = self.elsewhere, "6217000000000000"
        taken = self.told(county, "enrollment", "DesignateInstitutions", enrollment.DesignateInstitutions(rows=[mine]))
        self.assertEqual(self.refusal(taken)[0], wire.DENIED, "another division's institution, and its account, can be taken over")
        self.figures["divisions"] += 2

        # Nor is it told what it was paid before.
        paid = enrollment.ImportEnterpriseHistory(
            rows=[enrollment.EnterpriseHistoryRow(uscc=theirs.uscc, item=common.PRE_JOB_TRAINING, day=18000, amount_fen=100, people=1)])
        self.covered.add("enrollment.ImportEnterpriseHistory")
        for agency, code in ((self.county, wire.DENIED), (self.whole, wire.OK)):
            told = self.told(agency["employment_service"], "enrollment", "ImportEnterpriseHistory", paid)
            self.assertEqual(self.refusal(told)[0], code)
        self.figures["divisions"] += 1
        for role in ("employment_service", "administration", "operator", "auditor"):
            self.thing("enrollment", "EnterpriseHistory", role, enrollment.EnterpriseHistoryRequest(uscc=theirs.uscc),
                       enrollment.EnterpriseHistoryRequest(uscc="91110000MA01MISSX9"))

    def test_a_pack_is_the_citys(self):
        self.covered.add("subsidy.AdoptPack")
        adopted = self.happened["subsidy", "pack_adopted"][0].pack
        adopted.id = "another"
        request = subsidy.AdoptPack(pack=adopted)
        self.assertEqual(self.told(self.county["administration"], "subsidy", "AdoptPack", request).code, wire.DENIED)
        self.assertEqual(self.told(self.whole["administration"], "subsidy", "AdoptPack", request).code, wire.OK)
        self.figures["divisions"] += 1

        def backwards(pack):
            return subsidy.ApplyPackBackwards(pack=pack, from_day=self.settled.day, until_day=self.settled.day, document="x", reason="x")

        self.thing("subsidy", "ApplyPackBackwards", "administration", backwards("another"), backwards("nowhere"))

    def test_x_a_class_is_inspected(self):
        def inspect(no):
            return enrollment.InspectClass(class_no=no, day=self.settled.day, outcome=enrollment.SOUND, document="x")

        def check(no):
            return enrollment.VerifyPeople(class_no=no, document="x", rows=[enrollment.PersonCheck(seat=1)])

        self.thing("enrollment", "VerifyPeople", "employment_service", check(self.class_no), check("9" * len(self.class_no)))
        self.thing("enrollment", "InspectClass", "employment_service", inspect(self.class_no), inspect("9" * len(self.class_no)))

    def test_y_what_is_to_be_reassessed_elsewhere(self):
        whole, county = self.listed("subsidy", "ToReassess", "administration", subsidy.ToReassessRequest(), subsidy.ToReassessView)
        self.assertEqual({row.division for row in county} - {self.elsewhere}, set())
        self.assertLessEqual(len(county), len(whole))

    def test_y_a_class_is_cancelled(self):
        def cancel(no):
            return enrollment.CancelClass(class_no=no, document="x", reason="x")

        def correct(no):
            return enrollment.CorrectAttendance(class_no=no, rows=[enrollment.CorrectedDays(seat=1, days=1)], document="x", reason="x")

        self.thing("enrollment", "CorrectAttendance", "administration", correct(self.class_no), correct("9" * len(self.class_no)))
        self.thing("enrollment", "CancelClass", "employment_service", cancel(self.class_no), cancel("9" * len(self.class_no)))
    def test_a_draft_is_the_citys(self):
        self.covered.add("subsidy.ProposePack")
        pack = self.happened["subsidy", "pack_adopted"][0].pack
        pack.id = "draft"
        request = subsidy.ProposePack(pack=pack, document="x")
        self.assertEqual(self.told(self.county["administration"], "subsidy", "ProposePack", request).code, wire.DENIED)
        done = self.told(self.whole["administration"], "subsidy", "ProposePack", request)
        draft = subsidy.Done.FromString(done.body).number
        cases = subsidy.Cases(passed=1, digest=bytes(32))
        for method, role, make in (
                ("RecordCases", "administration", lambda number: subsidy.RecordCases(draft=number, cases=cases)),
                ("ApprovePack", "administration", lambda number: subsidy.ApprovePack(draft=number, document="x")),
                ("Draft", "reviewer", lambda number: subsidy.DraftRequest(draft=number)),
                ("WithdrawPack", "administration", lambda number: subsidy.WithdrawPack(draft=number, reason="x"))):
            self.thing("subsidy", method, role, make(draft), make(MISSING))
        self.covered.add("subsidy.Drafts")
        told = self.told(self.county["auditor"], "subsidy", "Drafts", subsidy.DraftsRequest())
        self.assertEqual(list(subsidy.DraftsView.FromString(told.body).rows), [])

    # ---- Lists ----

    def listed(self, service, method, role, body, kind):
        self.covered.add(f"{service}.{method}")
        self.figures["lists"] += 1
        return [list(kind.FromString(self.told(agency[role], service, method, body).body).rows) for agency in (self.whole, self.county)]

    def test_lists_leave_out_what_is_not_in_scope(self):
        for role in ("finance", "administration", "reviewer", "operator", "auditor"):
            whole, county = self.listed("ledger", "Accounts", role, ledger.AccountsRequest(year=2020), ledger.AccountsView)
            self.assertTrue([row for row in whole if row.division == self.division or row.division == 130100])
            self.assertEqual({row.division for row in county} - {self.elsewhere}, set())
        year = ledger.Period(kind=ledger.PERIOD_YEAR, year=2020)
        for role in ("finance", "operator", "auditor"):
            whole, county = self.listed("ledger", "Trial", role, ledger.TrialRequest(period=year), ledger.TrialView)
            self.assertTrue([row for row in whole if row.division == self.division or row.division == 130100])
            self.assertEqual({row.division for row in county} - {self.elsewhere}, set())
        for role in ("finance", "administration", "reviewer", "operator", "auditor"):
            request = ledger.StatementRequest(kind=ledger.STATEMENT_DIVISION, period=year)
            whole, county = self.listed("ledger", "Statement", role, request, ledger.StatementView)
            self.assertIn(self.division, {row.id for row in whole})
            self.assertEqual({row.id for row in county} - {self.elsewhere}, set())
        for role in ("administration", "employment_service", "operator", "auditor"):
            whole, county = self.listed("enrollment", "Progress", role, enrollment.ProgressRequest(), enrollment.ProgressView)
            self.assertIn(self.division, {row.division for row in whole})
            self.assertEqual({row.division for row in county} - {self.elsewhere}, set())
        whole, county = self.listed("enrollment", "Requests", "attestor", enrollment.RequestsRequest(), enrollment.RequestsView)
        self.assertEqual(county, [])
        for role in ("finance", "operator", "auditor"):
            for method, request, kind in (("Batches", ledger.BatchesRequest(), ledger.BatchesView),
                                          ("Receivables", ledger.ReceivablesRequest(), ledger.ReceivablesView),
                                          ("Debts", ledger.DebtsRequest(), ledger.DebtsView),
                                          ("Unknowns", ledger.UnknownsRequest(), ledger.UnknownsView)):
                _, county = self.listed("ledger", method, role, request, kind)
                self.assertEqual(county, [])
        _, county = self.listed("ledger", "Pools", "finance", ledger.PoolsRequest(), ledger.PoolsView)
        self.assertEqual({row.division for row in county} - {self.elsewhere}, set())
        request = ledger.StaffEducationRequest(year=2019)
        self.listed("ledger", "StaffEducationStatements", "finance", request, ledger.StaffEducationView)

    def test_an_inbox_is_its_agencys_alone(self):
        inbox = MODULES["notification"].InboxRequest(limit=200)
        mine = self.told(self.whole["inbox"], "notification", "Inbox", inbox)
        self.assertEqual(mine.code, wire.NOT_FOUND)
        seen = []
        for name in ("finance", "veterans"):
            client = self.played.client(name, "notification")
            seen.append({(item.service, item.block, item.index, item.kind)
                         for item in client.query("Inbox", inbox, MODULES["notification"].InboxView).items})
        self.assertTrue(seen[0])
        self.assertNotEqual(seen[0], seen[1])

    # ---- Feeds ----

    def test_a_feed_is_for_the_whole_city(self):
        refused = wire.Reply(code=wire.DENIED, reason=DENIED)
        for agency in (*self.county.values(), *self.other.values()):
            for service in SERVICES:
                self.assertEqual(self.told(agency, service, "Feed", runtime.FeedRequest()), refused, (agency.name, service))
                for method, request in (("Head", runtime.HeadRequest()), ("Prove", runtime.ProveRequest(block=1)),
                                        ("Extend", runtime.ExtendRequest(**{"from": 1}))):
                    self.assertEqual(self.told(agency, service, method, request), refused, (agency.name, service, method))
                self.figures["feeds"] += 1

    # ---- None is left out ----

    def test_z_every_method_was_looked_at(self):
        trade = {name for name in rpcs() if name.split(".")[1] not in OF_ALL}
        self.assertEqual(self.covered & set(UNSCOPED), set())
        self.assertEqual(trade, self.covered | set(UNSCOPED))


if __name__ == "__main__":
    unittest.main()
