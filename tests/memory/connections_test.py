"""What a client leaves behind: connections that come and go, sessions, questions whose asker has gone, requests that were held. Memory and
descriptors are what they were; the tables have grown by the rows that the contract names.

    connections_test.py [--times N]     so many times as many; 1
"""
import os
import socket
import sys
import time
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "end-to-end"))
sys.path.insert(0, HERE)
import sampling  # noqa: E402
from suite import PATIENCE, Keys, Suite, notification, runtime, wait_for, wire  # noqa: E402

TIMES = int(sys.argv[sys.argv.index("--times") + 1]) if "--times" in sys.argv else 1
CONNECTIONS, SESSIONS, WAITING = 1000 * TIMES, 5000 * TIMES, 500 * TIMES  # in a round
# A process takes memory until it has what its largest moment needs, and keeps it: some rounds grow, and then none does. What is lost at
# each, if it is only a word or two, makes all of them grow.
ROUNDS = (2, 12)  # at least, at most
FLAT = 40 * 1024  # bytes of anonymous memory, in the last of them
WINDOW = 4096  # commands that a service remembers of a session
BODY = notification.OpenInbox(agency="veterans", answer_days=100)


class Left(unittest.TestCase):
    figures = []

    def setUp(self):
        self.suite = Suite(["probe", "shadow"])
        self.addCleanup(self.suite.__exit__, None, None, None)
        self.suite.start()
        self.watched = "probe"

    def look(self):
        process = self.suite.processes[self.watched]
        time.sleep(0.3)  # what was closed a moment ago
        return sampling.look(0.0, process.pid, 0)

    def is_flat(self, what, count, act):
        """act(count) does it so many times; how many times it was done."""
        before, grown = self.look(), []
        while len(grown) < ROUNDS[0] or (grown[-1] > FLAT and len(grown) < ROUNDS[1]):
            earlier = self.look()
            act(count)
            wait_for(f"{what}: descriptors", lambda: self.look().descriptors <= earlier.descriptors + 1)
            grown.append(self.look().anonymous - earlier.anonymous)
        self.assertLessEqual(grown[-1], FLAT, f"{what}: {grown[-1] / count:.0f} bytes each in the last of {len(grown)} rounds: {grown}")
        self.assertLessEqual(self.look().descriptors, before.descriptors + 2)
        self.assertEqual(self.look().threads, before.threads)
        Left.figures.append(f"{count * len(grown)} {what} ({sum(grown) / 1024:+.0f} KiB, the last {count} {grown[-1] / 1024:+.0f})")
        return count * len(grown)

    def rows(self, table):
        program = os.path.join(os.environ["JINENG_MEMORY"], "lmdb-pages")
        return sampling.pages(program, os.path.join(self.suite.data, "probe", "tables"))[f"rows.{table}"]

    def test_connections(self):
        def known(count):
            for _ in range(count):
                client = self.suite.client("operator", "probe")
                client.query("Stand", runtime.StandRequest())
                self.suite.clients.remove(client)
                client.close()
        self.is_flat("connections", CONNECTIONS, known)

    def test_connections_of_nobody(self):
        peer = self.suite.config["services"][0]["endpoint"].removeprefix("tcp://").split(":")

        def bare(count):
            for number in range(count):
                with socket.create_connection((peer[0], int(peer[1])), timeout=PATIENCE) as one:
                    if number % 2:
                        one.sendall(bytes([number % 256]) * (number % 100))
        self.is_flat("bare connections", CONNECTIONS, bare)

        def unknown(count):
            for start in range(0, count, 20):
                turned = self.good.stats()["turned_away"]
                clients = [self.suite.client("operator", "probe", Keys()) for _ in range(min(20, count - start))]
                wait_for("they are turned away", lambda: self.good.stats()["turned_away"] >= turned + len(clients))
                for client in clients:
                    self.suite.clients.remove(client)
                    client.close()
        self.good = self.suite.client("operator", "probe")
        self.is_flat("unknown keys", CONNECTIONS // 5, unknown)

    def commands(self, client, requests):
        """All of them, a hundred in flight; each is answered OK."""
        waiting = 0
        for request in requests:
            client.send(request)
            waiting += 1
            if waiting == 100:
                waiting -= self.receive(client)
        while waiting:
            waiting -= self.receive(client)

    def receive(self, client):
        reply = client.receive()
        self.assertIsNotNone(reply, "no answer")
        self.assertEqual(reply.code, wire.OK, reply.reason)
        return 1

    def test_sessions(self):
        client = self.suite.client("operator", "probe")

        def each_its_own(count):
            self.commands(client, (client.command("OpenInbox", BODY, sequence=1, session=os.urandom(16)) for _ in range(count)))
        done = self.is_flat("sessions", SESSIONS, each_its_own)
        self.assertEqual((self.rows("_session"), self.rows("_command")), (done, done))

        def one_for_all(count):
            self.commands(client, (client.command("OpenInbox", BODY) for _ in range(count)))
        more = self.is_flat("commands of one session", SESSIONS, one_for_all)
        self.assertGreater(more, WINDOW)
        self.assertEqual((self.rows("_session"), self.rows("_command")), (done + 1, done + WINDOW))

    def test_questions_that_wait(self):
        """Feeds that wait while their asker leaves; requests that are held until their time is over."""
        good = self.suite.client("operator", "probe")
        shadow = self.suite.client("operator", "shadow")
        far = wire.Cursor(upstream="probe", block=1 << 40)

        def abandon(count):
            for _ in range(count):
                client = self.suite.client("operator", "probe")
                head = good.stand().block
                client.query("Stand", runtime.StandRequest())
                client.send(client.request("Feed", runtime.FeedRequest(after=head, wait_ms=300)))
                self.suite.clients.remove(client)
                client.close()
        self.is_flat("feeds that nobody waits for", WAITING, abandon)

        def hold(count):
            for start in range(0, count, 50):
                requests = [shadow.request("Stand", runtime.StandRequest(), after=[far], budget_ms=20, trace=b"t" * 32)
                            for _ in range(min(50, count - start))]
                for request in requests:
                    shadow.send(request)
                self.assertEqual({shadow.receive().code for _ in requests}, {wire.NOT_YET})
        self.watched = "shadow"
        self.is_flat("held requests", WAITING, hold)

    @classmethod
    def tearDownClass(cls):
        print("connections: " + ", ".join(cls.figures), file=sys.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
