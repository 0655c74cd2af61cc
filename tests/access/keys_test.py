"""Whose key it is decides, and nothing that a sender says: wrong keys, no key, another's key, forged sender fields, replayed frames.

A good client beside each attack is answered all along; at the end nothing was done that should not have been.
"""
import os
import random
import socket
import sys
import time
import unittest

import zmq

import played  # noqa: F401  (finds suite.py)
from curve import COMMAND, DEALER, GREETING, LARGE, Raw, frame, pair, properties, property_list
from suite import PATIENCE, Client, Keys, Suite, notification, runtime, wait_for, wire

SEED = 20261125
CHANCE = random.Random(SEED)
BODY = notification.OpenInbox(agency="veterans", answer_days=100)
AGENCIES = {"operator": ["operator", "auditor"], "auditor": ["auditor"], "other": ["operator"],
            "third": ["operator"], "leaver": ["operator"], "veterans": ["attestor"]}
SILENCE = 0.5
TRIED = {"attacks": 0}


class Door(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.suite = Suite(["probe"], agencies=AGENCIES)
        cls.addClassCleanup(cls.suite.__exit__, None, None, None)
        cls.suite.start()
        cls.peer = cls.suite.config["services"][0]
        cls.good = cls.suite.client("operator", "probe")
        cls.done = 0  # commands that a key with the role was told OK of

    @classmethod
    def tearDownClass(cls):
        """Nothing was done but what was granted, each once; and it left as it should."""
        assert cls.opened() == cls.done, (cls.opened(), cls.done)
        cls.suite.stop()
        cls.suite.assert_sound()
        print(f"access keys: {TRIED['attacks']} attacks, {cls.done} commands done, each once", file=sys.stderr)

    @classmethod
    def opened(cls):
        return cls.good.query("Inboxes", notification.InboxesRequest(), notification.Done).number

    def setUp(self):
        self.client = self.suite.client("operator", "probe")
        self.open_one(self.client)

    def tearDown(self):
        self.open_one(self.good)

    def open_one(self, client, **fields):
        reply = client.answer(client.command("OpenInbox", BODY, **fields))
        self.assertEqual(reply.code, wire.OK, reply.reason)
        Door.done += 1
        return reply

    def raw(self, agency="operator", keys=None, patience=PATIENCE):
        TRIED["attacks"] += 1
        raw = Raw(self.peer["endpoint"], self.peer["key"].encode(), keys or self.suite.keys[agency], patience)
        self.addCleanup(raw.close)
        return raw

    def say(self, raw, request, flags=0):
        raw.send(raw.message(request.SerializeToString(), flags))
        return wire.Reply.FromString(raw.receive())

    def assert_unheard(self, plain):
        """A DEALER that was never let in: it is told nothing."""
        TRIED["attacks"] += 1
        plain.linger = 0
        plain.connect(self.peer["endpoint"])
        plain.send(self.client.command("OpenInbox", BODY).SerializeToString())
        self.assertEqual(plain.poll(SILENCE * 1000), 0, "who showed no good key was answered")
        plain.close()

    # ---- No key, wrong keys ----

    def test_no_key(self):
        self.assert_unheard(zmq.Context.instance().socket(zmq.DEALER))

    def test_a_password(self):
        plain = zmq.Context.instance().socket(zmq.DEALER)
        plain.plain_username, plain.plain_password = b"operator", b"operator"
        self.assert_unheard(plain)

    def test_wrong_keys(self):
        good, server = self.suite.keys["operator"], self.peer["key"].encode()
        for public, secret, server_key in ((Keys().public, Keys().secret, server), (good.public, Keys().secret, server),
                                           (Keys().public, good.secret, server), (good.public, good.secret, Keys().public)):
            plain = zmq.Context.instance().socket(zmq.DEALER)
            plain.curve_publickey, plain.curve_secretkey, plain.curve_serverkey = public, secret, server_key
            self.assert_unheard(plain)
        unknown = Keys()
        plain = zmq.Context.instance().socket(zmq.DEALER)
        plain.curve_publickey, plain.curve_secretkey, plain.curve_serverkey = unknown.public, unknown.secret, server
        self.assert_unheard(plain)

    def test_another_kind_of_socket(self):
        """REQ puts an empty frame before its own, SUB and PULL have nothing to ask: none of it is done."""
        keys = self.suite.keys["operator"]
        for kind in (zmq.REQ, zmq.SUB, zmq.PULL, zmq.ROUTER, zmq.REP):
            TRIED["attacks"] += 1
            plain = zmq.Context.instance().socket(kind)
            plain.linger = 0
            plain.curve_publickey, plain.curve_secretkey, plain.curve_serverkey = keys.public, keys.secret, self.peer["key"].encode()
            plain.connect(self.peer["endpoint"])
            if kind == zmq.REQ:
                plain.send(self.client.command("OpenInbox", BODY).SerializeToString())
            time.sleep(0.05)
            plain.close()

    def test_a_wrong_mechanism_in_the_greeting(self):
        for name, server in ((b"NULL", 0), (b"PLAIN", 0), (b"CURVE", 1), (b"GSSAPI", 0), (b"", 0), (b"CURVE\0\0\0\0\0X", 0)):
            raw = self.raw()
            raw.send(GREETING[:12] + name.ljust(20, b"\0") + bytes([server]) + bytes(31))
            raw.send(frame(b"\x05READY" + DEALER, COMMAND) + frame(self.client.command("OpenInbox", BODY).SerializeToString()))
            self.assertTrue(raw.cut_off() or name == b"CURVE")

    # ---- Forged senders ----

    def test_by_hand_it_works(self):
        raw = self.raw("operator").connect()
        self.assertEqual(self.say(raw, self.client.command("OpenInbox", BODY)).code, wire.OK)
        Door.done += 1

    def test_whoever_claims_another_key_must_have_its_secret(self):
        operator = self.suite.keys["operator"]
        other = self.raw("veterans")
        public = Raw(self.peer["endpoint"], self.peer["key"].encode(), operator)
        public.close()
        for secret in (None, pair()[1]):
            raw = self.raw("veterans")
            raw.greet()
            raw.send(raw.hello())
            raw.welcome()
            raw.send(raw.initiate(vouch=raw.vouch(public=public.public, secret=secret)))
            with self.assertRaises((ConnectionError, TimeoutError)):
                raw.ready()
        other.close()

    def test_a_vouch_of_another_connection(self):
        """A recorded INITIATE, and the vouch in it, are of that connection alone."""
        first = self.raw("operator")
        first.greet()
        first.send(first.hello())
        first.welcome()
        vouch, initiate = first.vouch(), first.initiate()
        for spoiled in ("vouch", "initiate"):
            second = self.raw("veterans")
            second.greet()
            second.send(second.hello())
            second.welcome()
            second.send(second.initiate(vouch=vouch) if spoiled == "vouch" else initiate)
            with self.assertRaises((ConnectionError, TimeoutError)):
                second.ready()
        first.send(initiate)
        first.ready()

    def test_a_user_id_of_ones_own(self):
        """ZMTP metadata is the sender's: what ZAP said of his key stands above it."""
        operator = self.suite.keys["operator"].public
        for name in ("User-Id", "user-id", "USER-ID", "X-User-Id", "Peer-Address"):
            for pairs in ([("Socket-Type", b"DEALER"), ("Identity", b""), (name, operator)], [(name, operator), ("Socket-Type", b"DEALER")],
                          [(name, operator), ("Socket-Type", b"DEALER"), (name, operator), ("Identity", b"")]):
                raw = self.raw("veterans", patience=2)
                try:
                    raw.connect(property_list(pairs))
                    reply = self.say(raw, self.client.command("OpenInbox", BODY))
                except (ConnectionError, TimeoutError):
                    continue  # cut off: that is well too
                self.assertEqual((reply.code, reply.block), (wire.DENIED, 0), name)

    def test_metadata_that_is_none(self):
        for metadata in (b"", b"\xff", b"\x0bSocket-Type\xff\xff\xff\xff", b"\x0bSocket-Type\x00\x00\x00\x06DEALE", b"\x00" * 100,
                         properties(Socket_Type=b"PUB"), properties(Socket_Type=b"DEALER", Identity=b"x" * 5000),
                         property_list([(f"X-{number}", b"y" * 100) for number in range(2000)]), CHANCE.randbytes(500)):
            raw = self.raw(patience=0.3)
            try:
                raw.connect(metadata)
                reply = self.say(raw, self.client.command("Nothing", BODY))
                self.assertIn(reply.code, (wire.UNKNOWN_METHOD, wire.MALFORMED))
            except (ConnectionError, TimeoutError):
                pass

    def test_an_address_of_ones_own(self):
        """A routing id that a client chooses would be free for another when it has left: it is served nothing."""
        for identity in (b"a", b"operator", b"x" * 255, b"\x01abcd", b"\0ab", b"\0abcdef"):
            raw = self.raw("operator", patience=PATIENCE)
            raw.connect(properties(Socket_Type=b"DEALER", Identity=identity))
            for request in (self.client.command("OpenInbox", BODY), self.client.request("Feed", runtime.FeedRequest(wait_ms=5000)),
                            self.client.command("OpenInbox", BODY, not_before_ms=2**60)):
                reply = self.say(raw, request)
                self.assertEqual((reply.code, reply.block), (wire.MALFORMED, 0), identity)
            raw.close()

    def test_the_address_of_another(self):
        """Two connections under one routing id: the second takes nothing from the first."""
        first = self.raw("operator").connect(properties(Socket_Type=b"DEALER", Identity=b"\0same"))
        waits = self.client.request("Feed", runtime.FeedRequest(after=self.client.stand().block, wait_ms=5000))
        first.send(first.message(waits.SerializeToString()))
        second = self.raw("veterans").connect(properties(Socket_Type=b"DEALER", Identity=b"\0same"))
        second.socket.settimeout(0.5)
        second.send(second.message(self.client.command("OpenInbox", BODY).SerializeToString()))
        self.open_one(self.client)
        self.assertEqual(wire.Reply.FromString(first.receive()).code, wire.OK)
        with self.assertRaises((ConnectionError, TimeoutError)):
            second.receive()

    def test_more_frames_than_one(self):
        """What comes before or behind the frame is no address and no second request."""
        request = self.client.command("OpenInbox", BODY).SerializeToString()
        route = b"\0" + os.urandom(4)
        raw = self.raw("operator").connect()
        for frames in ([b"", request], [route, request], [request, request], [request, b""], [route, b"", request]):
            for number, part in enumerate(frames):
                raw.send(raw.message(part, 1 if number + 1 < len(frames) else 0))
            self.assertEqual(wire.Reply.FromString(raw.receive()).code, wire.MALFORMED)
        veterans = self.raw("veterans").connect()
        for part, more in ((b"", 1), (request, 0)):
            veterans.send(veterans.message(part, more))
        self.assertEqual(wire.Reply.FromString(veterans.receive()).code, wire.MALFORMED)

    # ---- Replays ----

    def test_a_recorded_frame_on_its_own_connection(self):
        """The same bytes once more: CURVE's nonce tells, the connection is cut, the command was done once."""
        raw = self.raw("operator").connect()
        recorded = raw.message(self.client.command("OpenInbox", BODY).SerializeToString())
        raw.send(recorded)
        self.assertEqual(wire.Reply.FromString(raw.receive()).code, wire.OK)
        Door.done += 1
        before = self.opened()
        raw.send(recorded)
        self.assertTrue(raw.cut_off())
        self.assertEqual(self.opened(), before)

    def test_a_recorded_frame_on_another_connection(self):
        first = self.raw("operator").connect()
        recorded = first.message(self.client.command("OpenInbox", BODY).SerializeToString())
        before = self.opened()
        for agency in ("operator", "veterans"):
            second = self.raw(agency).connect()
            second.send(recorded)
            self.assertTrue(second.cut_off())
        self.assertEqual(self.opened(), before)

    def test_the_same_request_from_the_same_key(self):
        """Over another connection too: done once, the same answer."""
        request = self.client.command("OpenInbox", BODY)
        first = self.client.answer(request)
        Door.done += 1
        for _ in range(3):
            TRIED["attacks"] += 1
            again = self.suite.client("operator", "probe").answer(request)
            self.assertEqual((again.code, again.body, again.block), (first.code, first.body, first.block))

    def test_anothers_session(self):
        """Under another key it is another session: never the first's answer, never its conflict; without the role nothing at all."""
        request = self.client.command("OpenInbox", BODY)
        first = self.client.answer(request)
        Door.done += 1
        other = self.suite.client("other", "probe")
        reply = self.open_one(other, session=self.client.session, sequence=request.sequence)
        self.assertNotEqual(reply.body, first.body)
        request.body = notification.OpenInbox(agency="somebody else", answer_days=101).SerializeToString()
        self.assertEqual(self.client.answer(request).code, wire.CONFLICT)
        third = self.suite.client("third", "probe")
        request.id = 77
        self.assertEqual(third.answer(request).code, wire.OK)
        Door.done += 1
        TRIED["attacks"] += 4
        for agency in ("auditor", "veterans"):
            denied = self.suite.client(agency, "probe").answer(request)
            self.assertEqual((denied.code, denied.body, denied.block), (wire.DENIED, b"", 0))

    def test_older_than_the_window(self):
        old = self.client.command("OpenInbox", BODY, sequence=1000)
        self.assertEqual(self.client.answer(old).code, wire.OK)
        Door.done += 1
        self.open_one(self.client, sequence=1000 + 4095)
        self.assertEqual(self.client.answer(old).code, wire.OK)
        self.open_one(self.client, sequence=1000 + 4096)
        TRIED["attacks"] += 2
        self.assertEqual(self.client.answer(old).code, wire.TOO_OLD)
        self.assertEqual(self.client.answer(self.client.command("OpenInbox", BODY, sequence=999)).code, wire.TOO_OLD)

    # ---- Keys that were good ----

    def test_a_role_that_was_taken_away(self):
        """Its commands that were answered before are answered no more: the role is asked first."""
        client = self.suite.client("leaver", "probe")
        request = client.command("OpenInbox", BODY)
        self.assertEqual(client.answer(request).code, wire.OK)
        Door.done += 1
        entry = next(one for one in self.suite.config["agencies"] if one["name"] == "leaver")
        entry["roles"] = ["inbox"]
        self.suite.write_config()
        TRIED["attacks"] += 1
        wait_for("the role is gone", lambda: client.answer(request).code == wire.DENIED)
        self.assertEqual(client.answer(request).body, b"")

    def test_z_a_key_revoked_and_a_key_replaced_on_a_live_connection(self):
        client, waiting, held = (self.suite.client("other", "probe") for _ in range(3))
        self.open_one(client)
        head = self.client.stand().block
        waiting.send(waiting.request("Await", runtime.AwaitCursors(wait_ms=3000)))
        self.assertEqual(waiting.receive().code, wire.OK)
        held.send(held.command("OpenInbox", BODY, not_before_ms=int(time.time() * 1000) + 3000, budget_ms=5000))
        entry = next(one for one in self.suite.config["agencies"] if one["name"] == "other")
        lost, entry["key"] = entry["key"], Keys().public.decode()
        self.suite.write_config()
        wait_for("the old key is refused", lambda: self.denied(client))
        TRIED["attacks"] += 3
        self.assertEqual(held.receive().code, wire.DENIED)  # it was let in, and is asked again when its time has come
        self.assertTrue(self.denied(client))
        for agency in self.suite.config["agencies"]:
            self.assertNotEqual(agency["key"], lost)
        fresh = self.suite.client("other", "probe")
        fresh.send(fresh.command("OpenInbox", BODY))
        self.assertIsNone(fresh.receive(SILENCE))
        self.assertGreaterEqual(self.client.stand().block, head)

    def denied(self, client):
        reply = client.answer(client.command("OpenInbox", BODY), seconds=5)
        if reply.code == wire.OK:
            Door.done += 1
        else:
            self.assertEqual((reply.code, reply.block, reply.time_ms), (wire.DENIED, 0, 0))
        return reply.code == wire.DENIED

    # ---- Handshakes that are none ----

    def test_handshakes_out_of_order_and_spoiled(self):
        """Each is cut off or left alone; the good client beside is answered after each."""
        def opened(raw):
            raw.greet()
            return raw

        def welcomed(raw):
            opened(raw).send(raw.hello())
            raw.welcome()
            return raw

        spoils = [lambda raw: opened(raw).send(frame(b"\x05HELLO" + CHANCE.randbytes(194), COMMAND)),
                  lambda raw: opened(raw).send(frame(b"\x05HELLO", COMMAND)), lambda raw: opened(raw).send(frame(b"", COMMAND)),
                  lambda raw: opened(raw).send(frame(b"\x08INITIATE" + CHANCE.randbytes(300), COMMAND)),
                  lambda raw: opened(raw).send(frame(b"\x05ERROR\xff", COMMAND)), lambda raw: opened(raw).send(raw.hello() * 2),
                  lambda raw: opened(raw).send(bytes([COMMAND | LARGE]) + b"\xff" * 8 + b"x" * 1000),
                  lambda raw: opened(raw).send(bytes([LARGE]) + b"\x7f" + b"\xff" * 7), lambda raw: raw.send(CHANCE.randbytes(64)),
                  lambda raw: raw.send(GREETING[:10] + b"\x00" * 54), lambda raw: raw.send(b"GET / HTTP/1.1\r\nHost: ledger\r\n\r\n" * 3),
                  lambda raw: welcomed(raw).send(frame(b"\x08INITIATE" + raw.cookie[:40], COMMAND)),
                  lambda raw: welcomed(raw).send(raw.initiate()[:-20] + bytes(20)),
                  lambda raw: welcomed(raw).send(frame(b"\x07MESSAGE" + CHANCE.randbytes(60))),
                  lambda raw: raw.connect().send(frame(b"\x07MESSAGE" + CHANCE.randbytes(60))),
                  lambda raw: raw.connect().send(frame(b"\x07MESSAGE")), lambda raw: raw.connect().send(raw.hello()),
                  lambda raw: raw.connect().send(raw.message(b"\x04PING", COMMAND) + raw.message(b"\x09SUBSCRIBEx", COMMAND)),
                  lambda raw: raw.connect().send(raw.message(b"x" * 10, 0xff)),
                  lambda raw: raw.connect().send(frame(CHANCE.randbytes(200), COMMAND))]
        for number, spoil in enumerate(spoils):
            raw = self.raw(patience=1)
            try:
                spoil(raw)
            except (ConnectionError, TimeoutError):
                pass
            with self.subTest(spoil=number):
                self.open_one(self.good)
            raw.close()

    def test_a_handshake_of_noise_byte_by_byte(self):
        """A good handshake with one byte spoiled: never let in, never harmful."""
        raw = self.raw()
        raw.greet()
        hello = raw.hello()
        raw.close()
        for _ in range(40):
            spoiled = bytearray(hello)
            spoiled[CHANCE.randrange(10, len(spoiled))] ^= 1 << CHANCE.randrange(8)
            other = self.raw()
            other.greet()
            other.send(bytes(spoiled))
            other.socket.settimeout(0.05)
            try:
                other.welcome()
            except (ConnectionError, TimeoutError):
                pass
            other.close()
        self.open_one(self.good)

    def test_plain_bytes_without_end(self):
        """Neither a greeting nor a frame: cut off, or held for no more than the handshake's ten seconds."""
        host, port = self.peer["endpoint"].removeprefix("tcp://").split(":")
        TRIED["attacks"] += 1
        with socket.create_connection((host, int(port)), timeout=5) as pipe:
            try:
                for _ in range(200):
                    pipe.sendall(b"\0" * 65536)
            except (ConnectionError, TimeoutError):
                pass
        self.open_one(self.good)


if __name__ == "__main__":
    unittest.main()
