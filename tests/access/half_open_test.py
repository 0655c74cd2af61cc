"""Connections that come to nothing: opened and silent, stopped in the midst of the handshake or of a frame, a byte at a time, gone.

A good client beside them is answered all along; the service's descriptors and memory come back to what they were.
"""
import os
import resource
import socket
import struct
import sys
import time
import unittest

import played  # noqa: F401  (finds suite.py)
from curve import COMMAND, DEALER, GREETING, LARGE, Raw
from floods_test import memory_mb
from suite import PATIENCE, Suite, notification, wait_for, wire

BODY = notification.OpenInbox(agency="veterans", answer_days=100)
MANY = 300
HANDSHAKE = 10  # seconds, after which who has not shown his key is cut off
TRIED = {"connections": 0}


class HalfOpen(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8"
        cls.suite = Suite(["probe"], agencies={"operator": ["operator", "auditor"]})
        cls.addClassCleanup(cls.suite.__exit__, None, None, None)
        cls.suite.start()
        cls.peer = cls.suite.config["services"][0]
        cls.process = cls.suite.processes["probe"]
        cls.done = 0
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096), hard))

    @classmethod
    def tearDownClass(cls):
        cls.suite.stop()
        cls.suite.assert_sound()
        print(f"access half-open: {TRIED['connections']} connections that came to nothing, {cls.done} commands of others done beside them",
              file=sys.stderr)

    def setUp(self):
        self.opened = []
        self.addCleanup(self.close_all)
        self.good = self.suite.client("operator", "probe")
        self.work()
        self.base = self.descriptors()

    def close_all(self):
        for one in self.opened:
            one.close()
        self.opened = []

    def work(self):
        reply = self.good.answer(self.good.command("OpenInbox", BODY), again=PATIENCE)
        self.assertEqual(reply.code, wire.OK)
        HalfOpen.done += 1

    def newcomer_works(self):
        client = self.suite.client("operator", "probe")
        reply = client.answer(client.command("OpenInbox", BODY))
        self.assertIsNotNone(reply)
        HalfOpen.done += 1
        client.close()

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def open(self, patience=10):
        host, port = self.peer["endpoint"].removeprefix("tcp://").split(":")
        TRIED["connections"] += 1
        plain = socket.create_connection((host, int(port)), timeout=patience)
        self.opened.append(plain)
        return plain

    def raw(self, patience=10):
        TRIED["connections"] += 1
        raw = Raw(self.peer["endpoint"], self.peer["key"].encode(), self.suite.keys["operator"], patience)
        self.opened.append(raw)
        return raw

    def test_silent_ones_are_cut_off(self):
        """Nothing, half a greeting, a greeting, a hello, a byte at a time: all are gone after the handshake's time, one for all of it."""
        for number in range(MANY):
            if number % 4 == 3:
                raw = self.raw()
                raw.greet()
                raw.send(raw.hello())
                continue
            self.open().sendall((b"", GREETING[:11], GREETING)[number % 4])
            if number % 50 == 0:
                self.work()
        self.assertGreater(self.descriptors(), self.base)
        self.assertLessEqual(self.descriptors(), self.base + MANY + 5)
        self.newcomer_works()
        slow = self.open()
        wait_for("they are cut off", lambda: self.drip(slow) or self.work() or self.descriptors() <= self.base + 2,
                 seconds=HANDSHAKE + PATIENCE, every=0.2)

    @staticmethod
    def drip(slow):
        try:
            slow.sendall(b"\xff")
        except ConnectionError:
            pass

    def test_stopped_in_the_midst_of_a_frame(self):
        """A key that is known, a frame of nearly a megabyte announced, ten bytes of it sent: no memory is taken for the rest."""
        before = memory_mb(self.process)
        for _ in range(100):
            raw = self.raw().connect()
            raw.send(bytes([LARGE]) + struct.pack(">Q", 1_000_000) + b"\x07MESSAGE  ")
        self.work()
        self.newcomer_works()
        grown = memory_mb(self.process) - before
        self.assertLess(grown, 150, "memory was taken for what has not come")
        self.close_all()
        wait_for("their descriptors are back", lambda: self.descriptors() <= self.base + 5)

    def test_gone_at_every_point(self):
        """Reset instead of closed, at each step, a ping on the way: libzmq must not be led astray by it."""
        def reset(raw):
            raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.close()

        for turn in range(60):
            raw = self.raw(patience=5)
            try:
                raw.greet()
                if turn % 5 > 0:
                    raw.send(raw.hello())
                    raw.welcome()
                if turn % 5 > 1:
                    ping = raw.message(b"\x04PING\x00\x0acontext", COMMAND) if turn % 5 == 4 else b""
                    raw.send(raw.initiate(DEALER) + ping * 20)
                if turn % 5 == 3:
                    raw.ready()
                    raw.send(raw.message(self.good.command("Nothing", BODY).SerializeToString()) * 3)
            except (ConnectionError, TimeoutError):
                pass
            reset(raw)
            if turn % 10 == 9:
                self.work()
        self.assertIsNone(self.process.poll(), "the service has left")
        self.newcomer_works()

    def test_gone_with_its_queue_full(self):
        """A peer that pours and is reset while its messages wait, pings among them: what had come is handled, the service goes on."""
        for _ in range(3):
            raw = self.raw().connect()
            heavy = notification.Acknowledge(through=200)
            try:
                for number in range(1200):
                    raw.send(raw.message(self.good.command("Acknowledge", heavy).SerializeToString()))
                    if number % 20 == 0:
                        raw.send(raw.message(b"\x04PING\x00\x0acontext", COMMAND))
            except (ConnectionError, TimeoutError):
                pass
            raw.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            raw.close()
        until = time.monotonic() + 6  # more than a heartbeat
        while time.monotonic() < until:
            self.work()
            time.sleep(0.1)
        self.assertIsNone(self.process.poll(), "the service has left")

    def test_z_no_descriptor_is_left(self):
        """Who is connected is served on; who comes is served when there is room again."""
        soft, hard = resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (self.base + 40, hard))
        for _ in range(100):
            self.open()
        for _ in range(20):
            self.work()
        self.assertLessEqual(self.descriptors(), self.base + 40)
        self.close_all()
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (soft, hard))
        self.newcomer_works()
        self.work()


if __name__ == "__main__":
    unittest.main()
