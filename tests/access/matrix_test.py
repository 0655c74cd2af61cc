"""Role x method and role x event of every service, each cell tried over a real connection in a suite that has played a campaign.

What is not granted in matrix.txt is refused, with the same bytes whatever was asked, whether it exists or not; feeds bring the events
of the role and nothing else. Scope is scope_test.py's.
"""
import random
import sys
import unittest

from played import DENIED, MODULES, ROLES, SERVICES, Agency, Played, commands, event_names, policy, printed_access, rpcs
from rehearsal import personal_texts
from suite import PATIENCE, runtime, wire

SEED = 20261125
CHANCE = random.Random(SEED)
# Who asks, beside a key for each role: several roles add up, the auditor's is never widened by them, all at once.
SEVERAL = [["attestor", "reviewer", "inbox"], ["finance", "auditor"], ["service", "certifier"], ["service", "payer"], ROLES]
OWN = {"inbox": "notification.Inbox"}
PERSONAL_QUERIES = {"enrollment.Requests", "enrollment.People", "enrollment.Record", "ledger.Batch", "notification.Inbox"}
OF_READERS = ["Feed", "Head", "Prove", "Extend"]  # whoever may read something of the log
UNKNOWN = ["Nothing", "inbox", "", "Feed ", "../Feed"]
REFUSED_ID = 7


def granted(methods, name, roles):
    return "anyone" in methods[name] or bool(methods[name] & set(roles))


def readable(events, service, roles):
    """The numbers of the events that such a key is sent."""
    numbers = event_names()
    return {numbers[name] for name, (readers, _) in events.items() if name.startswith(service + ".") and readers & set(roles)}


def filled(kind, known, depth=0):
    """A message of the kind with something in every field: what exists where `known` has it under the field's name."""
    message = kind()
    for field in kind.DESCRIPTOR.fields:
        if field.type == field.TYPE_MESSAGE:
            if depth < 3 and field.containing_oneof is None:
                inner = filled(message_kind(message, field), known, depth + 1)
                if field.label == field.LABEL_REPEATED:
                    getattr(message, field.name).append(inner)
                else:
                    getattr(message, field.name).CopyFrom(inner)
            continue
        value = known.get(field.name, default(field))
        if field.label == field.LABEL_REPEATED:
            getattr(message, field.name).append(value)
        else:
            setattr(message, field.name, value)
    return message


def message_kind(message, field):
    value = getattr(message, field.name)
    return type(value.add()) if field.label == field.LABEL_REPEATED else type(value)


def default(field):
    if field.type == field.TYPE_STRING:
        return "99"
    if field.type == field.TYPE_BYTES:
        return b"0123456789abcdef"
    if field.type == field.TYPE_BOOL:
        return True
    if field.type == field.TYPE_ENUM:
        return field.enum_type.values[-1].number
    return 999_999


class Matrix(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.methods, cls.events = policy()
        cls.kinds = rpcs()
        cls.played = Played(200, SEED)
        cls.addClassCleanup(cls.played.__exit__, None, None, None)
        cls.played.__enter__()
        cls.agencies = [Agency(f"only.{role}", [role], {}) for role in ROLES]
        cls.agencies += [Agency(f"several.{number}", roles, {}) for number, roles in enumerate(SEVERAL)]
        cls.played.add(*cls.agencies)
        cls.tried = {"cells": 0, "refused": 0, "granted": 0, "requests": 0, "event cells": 0}
        with open(f"{cls.played.folder}/classes.csv", encoding="utf-8-sig") as file:
            class_no = file.readlines()[1].split(",")[0]
        cls.known = {"class_no": class_no, "division": 130102,
                     **{name: 1 for name in ("claim", "batch", "class", "request", "seat", "certificate")}}

    @classmethod
    def tearDownClass(cls):
        print("access matrix: " + ", ".join(f"{count} {what}" for what, count in cls.tried.items()), file=sys.stderr)

    # ---- The policy itself ----

    def test_every_method_and_event_has_a_line_and_no_line_is_left_over(self):
        self.assertEqual(set(self.methods), set(self.kinds))
        self.assertEqual(set(self.events), set(event_names()))

    def test_the_programs_say_the_same(self):
        methods, events = printed_access()
        self.assertEqual(methods, self.methods)
        self.assertEqual(events, self.events)

    def test_the_auditor_changes_nothing_and_reads_everything_but_personal_data(self):
        for name, roles in self.methods.items():
            own = name.split(".")[1] in ("Advance", "Await", "Hold")
            may = name not in commands() and name not in PERSONAL_QUERIES and not own
            self.assertEqual("auditor" in roles or "anyone" in roles, may, name)
        for name, (readers, personal) in self.events.items():
            self.assertEqual("auditor" in readers, not personal, name)

    def test_personal_events_go_to_one_service_or_to_nobody(self):
        personal = {name: readers for name, (readers, is_personal) in self.events.items() if is_personal}
        self.assertEqual(personal, {"enrollment.people_registered": {"certifier"}, "enrollment.payees_registered": {"payer"},
                                    "certification.people_noted": set(), "ledger.payees_noted": set()})

    def test_nothing_but_the_feed_and_its_proofs_is_open_to_every_key(self):
        self.assertEqual({name for name, roles in self.methods.items() if "anyone" in roles},
                         {f"{service}.{method}" for service in SERVICES for method in OF_READERS})

    # ---- The cells ----

    def attempts(self, service, method, client):
        """What somebody who probes would send: each must make no difference to him."""
        kind = self.kinds[f"{service}.{method}"]
        command = {"session": client.session, "sequence": 1}
        empty, existing, missing = kind(), filled(kind, self.known), filled(kind, {})
        request = client.request
        yield request(method, empty, **command)
        yield request(method, existing, **command)
        yield request(method, missing, **{**command, "sequence": 2})
        yield request(method, existing)
        garbage = request(method, None, **command)
        garbage.body = CHANCE.randbytes(40)
        yield garbage
        yield request(method, existing, **command | {"session": b"short", "sequence": 0})
        yield request(method, existing, **command | {"not_before_ms": 2**60, "budget_ms": 5000})
        yield request(method, existing, **command | {"after": [wire.Cursor(upstream="nobody", block=2**60)]})
        yield request(method, existing, **command | {"after": [wire.Cursor(upstream="enrollment", block=2**60)] * 9, "budget_ms": 1})

    def refused_bytes(self):
        return wire.Reply(id=REFUSED_ID, code=wire.DENIED, reason=DENIED).SerializeToString()

    def try_refused(self, client, service, method):
        """All refusals of a connection come in the order of what they refuse, at once, with the same bytes."""
        requests = list(self.attempts(service, method, client))
        for request in requests:
            request.id = REFUSED_ID
            client.send(request)
        for request in requests:
            self.assertTrue(client.socket.poll(PATIENCE * 1000), f"{service}.{method}: no answer")
            self.assertEqual(client.socket.recv(), self.refused_bytes(), f"{service}.{method}: {request}")
        self.tried["refused"] += 1
        self.tried["requests"] += len(requests)

    def try_granted(self, client, service, method):
        """It is taken further than the door: whatever comes of it is no refusal of the role."""
        kind = self.kinds[f"{service}.{method}"]
        bodies = [kind(), filled(kind, {})]
        if method in ("Hold", "Advance"):
            bodies = [kind()]  # a clock that stands in the year 2969, followers that rest, would be no suite to try more on
        for body in bodies:
            reply = client.answer(client.command(method, body))
            self.assertIsNotNone(reply, f"{service}.{method}")
            self.assertNotIn((reply.code, reply.reason), {(wire.DENIED, DENIED)}, f"{service}.{method} is granted")
            self.assertNotEqual(reply.code, wire.UNKNOWN_METHOD)
            self.assertGreater(reply.block, 0)
        self.tried["granted"] += 1
        self.tried["requests"] += len(bodies)

    def test_every_cell(self):
        for agency in self.agencies:
            for service in SERVICES:
                client = self.played.client(agency, service)
                for name in [name for name in self.kinds if name.startswith(service + ".")]:
                    method = name.split(".")[1]
                    may = granted(self.methods, name, agency.roles)
                    if method in OF_READERS:
                        may = bool(readable(self.events, service, agency.roles))
                    with self.subTest(agency=agency.roles, method=name):
                        (self.try_granted if may else self.try_refused)(client, service, method)
                    self.tried["cells"] += 1
                client.close()

    def test_a_method_that_is_not_there_sounds_the_same_to_every_key(self):
        heard = set()
        for agency in self.agencies:
            for service in SERVICES:
                client = self.played.client(agency, service)
                for method in UNKNOWN:
                    request = client.request(method)
                    request.id = REFUSED_ID
                    client.send(request)
                    self.assertTrue(client.socket.poll(PATIENCE * 1000))
                    heard.add(client.socket.recv())
                client.close()
        self.assertEqual(len(heard), 1, heard)
        reply = wire.Reply.FromString(heard.pop())
        self.assertEqual((reply.code, reply.block, reply.time_ms), (wire.UNKNOWN_METHOD, 0, 0))

    # ---- Feeds ----

    def test_every_event_and_role(self):
        present = {service: set() for service in SERVICES}
        seen = {}
        for agency in self.agencies:
            for service in SERVICES:
                if readable(self.events, service, agency.roles):
                    seen[agency.name, service] = self.read(agency, service)
                    present[service] |= seen[agency.name, service]
        for (name, service), types in seen.items():
            agency = next(one for one in self.agencies if one.name == name)
            self.assertEqual(types, readable(self.events, service, agency.roles) & present[service], (name, service))
            self.tried["event cells"] += len(present[service])
        self.assertLessEqual({4, 5}, present["enrollment"], "people and payees were registered, and read by one service each")
        happened = sum(map(len, present.values()))
        print(f"access matrix: {happened} of {len(self.events)} kinds of event happened and were read by whoever may", file=sys.stderr)
        self.assertGreater(happened, 45)

    def read(self, agency, service):
        """The kinds of event that it is sent; no personal text comes with them unless its role is to have it."""
        client = self.played.client(agency, service)
        blocks, frames = self.played.feed(client)
        client.close()
        types = set()
        for block in blocks:
            header = wire.BlockHeader.FromString(block.header)
            records = [wire.Record.FromString(event.record) for event in block.events]
            types |= {field.number for record in records for field, _ in MODULES[service].Event.FromString(record.event).ListFields()}
            self.assertIn(len(block.leaves), (0, header.events))
            self.assertEqual({len(leaf) for leaf in block.leaves} - {32}, set())
            # Who is not sent an event is not sent its salt either: its leaf is no help to guess it by.
            self.assertEqual(len({event.salt for event in block.events}), len(block.events))
        if not {"certifier", "payer"} & set(agency.roles):
            self.assert_nobody_named(agency, service, b"".join(frames))
        return types

    def assert_nobody_named(self, agency, service, bytes_sent):
        if not hasattr(Matrix, "texts"):
            Matrix.texts = [text.encode() for text in personal_texts(self.played.folder) if len(text.encode()) >= 6]
            self.assertGreater(len(Matrix.texts), 200)
        self.assertEqual([text for text in Matrix.texts if text in bytes_sent], [], (agency.name, service))


if __name__ == "__main__":
    unittest.main()
