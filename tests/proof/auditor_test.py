"""The auditor's key (2.12-c), in a suite that has played a campaign: all methods of all services, out of the descriptors. It reads every
event that names nobody, each with its proof under a signed head, and every answer that is no personal one; it changes nothing, not by
any method, whatever it sends."""
import os
import sys
import unittest

import checker

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "access"))

from matrix_test import PERSONAL_QUERIES, filled  # noqa: E402
from played import DENIED, MODULES, SERVICES, Agency, Played, commands, policy, rpcs, runtime, wire  # noqa: E402

SEED = 20261127
# Of what every service answers: what drives it.
DRIVES = {"Advance", "Await", "Hold"}


def may_call(name):
    """All that is no command and names nobody; of what every service answers, what does not drive it."""
    service, method = name.split(".")
    if method in {one.name for one in runtime.DESCRIPTOR.services_by_name["Runtime"].methods}:
        return method not in DRIVES
    return name not in commands() | PERSONAL_QUERIES


def personal_events(service):
    return {name.split(".")[1] for name, (_, personal) in policy()[1].items() if personal and name.startswith(service + ".")}


class TheAuditor(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.played = Played(150, SEED)
        cls.addClassCleanup(cls.played.__exit__, None, None, None)
        cls.played.__enter__()
        cls.auditor = Agency("the.auditor", ["auditor"], {})
        cls.played.add(cls.auditor)
        cls.clients = {service: cls.played.client(cls.auditor, service) for service in SERVICES}
        with open(f"{cls.played.folder}/classes.csv", encoding="utf-8-sig") as file:
            class_no = file.readlines()[1].split(",")[0]
        cls.known = {"class_no": class_no, "division": 130100, "fund": 1, "year": 2020, "quarter": 3,
                     **{name: 1 for name in ("claim", "batch", "class", "request", "seat", "certificate", "settlement", "institution")}}

    def stand(self):
        """Where each log stands, its hash and all."""
        found = {}
        for service, client in self.clients.items():
            reply = client.answer(client.request("Head"))
            self.assertEqual(reply.code, wire.OK, reply)
            head = checker.message(checker.message(reply.body, checker.SIGNED_HEAD)["head"], checker.HEAD)
            found[service] = (head["log"], head["block"], head["hash"], head["history"])
        return found

    def test_it_changes_nothing_by_any_method(self):
        before, tried, refused = self.stand(), 0, 0
        for name in rpcs():
            service, method = name.split(".")
            client, kind = self.clients[service], rpcs()[name]
            may = may_call(name)
            for body in (kind(), filled(kind, self.known), filled(kind, {})):
                for request in (client.command(method, body), client.request(method, body)):
                    reply = client.answer(request)
                    self.assertIsNotNone(reply, name)
                    denied = (reply.code, reply.reason) == (wire.DENIED, DENIED)
                    self.assertEqual(denied, not may, (name, reply))
                    tried, refused = tried + 1, refused + denied
        self.assertEqual(self.stand(), before)
        self.assertGreater(refused, 200)
        print(f"auditor: {len(rpcs())} methods, {tried} requests, {refused} refused, no block written", file=sys.stderr)

    def test_it_reads_every_event_that_names_nobody_with_its_proof(self):
        happened = proven = 0
        for service, client in self.clients.items():
            key = checker.check_key(self.played.rehearsal.jineng("keys", "public", service).stdout.encode())
            answered = client.answer(client.request("Head"))
            head = checker.check_head(b"jineng head 1\n" + answered.body, key)
            blocks, _ = self.played.feed(client)
            seen, hidden = {}, 0
            for number, block in enumerate(blocks, 1):
                header = wire.BlockHeader.FromString(block.header)
                hidden += header.events - len(block.events)
                for event in block.events:
                    kind = MODULES[service].Event.FromString(wire.Record.FromString(event.record).event).WhichOneof("body")
                    seen.setdefault(kind, (number, event))
            self.assertEqual(set(seen) & personal_events(service), set())
            # Where no kind of event names people, nothing at all is kept from it.
            self.assertTrue(hidden == 0 or personal_events(service), service)
            for kind, (number, event) in seen.items():
                reply = client.answer(client.request("Prove", runtime.ProveRequest(block=number, index=event.index, head=head["block"])))
                self.assertEqual(reply.code, wire.OK, (service, kind, reply))
                _, record = checker.check_proof(b"jineng proof 1\n" + reply.body, head)
                self.assertEqual(record["event"], wire.Record.FromString(event.record).event)
                proven += 1
            happened += len(seen)
        self.assertGreater(happened, 40)
        print(f"auditor: {happened} kinds of event read, {proven} proven", file=sys.stderr)

    def test_statements_are_its_to_read(self):
        for service, method, request in (("ledger", "Totals", {}), ("ledger", "Accounts", {"year": 2020}), ("ledger", "Batches", {"limit": 200}),
                                         ("ledger", "Quarter", {"year": 2020, "quarter": 3}), ("ledger", "Debts", {}),
                                         ("subsidy", "Totals", {}), ("enrollment", "Totals", {}), ("certification", "Totals", {}),
                                         ("notification", "Inboxes", {}), *((service, "Stats", {}) for service in SERVICES)):
            client = self.clients[service]
            reply = client.answer(client.request(method, rpcs()[f"{service}.{method}"](**request)))
            self.assertEqual(reply.code, wire.OK, (service, method, reply))


if __name__ == "__main__":
    unittest.main()
