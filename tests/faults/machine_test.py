"""The machine misbehaves: the clock steps, a process stands still longer than heartbeats, no file descriptor is left, a folder is read-only.

    machine_test.py [--long] [--seconds N] [--seed N]      how long processes stand still
"""
import os
import resource
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import common

MOUNTS = common.with_own_mounts()

from ledger import Ledger  # noqa: E402  (once the process is where it stays)
from suite import PATIENCE, Suite, notification, runtime, wait_for, wire  # noqa: E402

CHOSEN = common.arguments(__doc__.split("\n")[0], seconds=(2, 23))  # a heartbeat is given up after 20 s
TALLY = common.Tally()
HOUR_MS = 3_600_000


class Machine(unittest.TestCase):
    def setUp(self):
        self.suite = Suite(["probe", "shadow"])
        self.addCleanup(self.suite.__exit__, None, None, None)
        self.ledger = Ledger(self.suite, CHOSEN.seed)
        self.ledger.pace = 0.05
        self.folder = tempfile.mkdtemp(prefix="jineng-faults-")
        self.addCleanup(subprocess.run, ["rm", "-rf", self.folder], check=False)

    def at_work(self, more=30):
        before = self.ledger.answered()
        wait_for("commands are answered", lambda: self.ledger.answered() > before + more)

    def assert_all_there(self):
        self.ledger.settle()
        self.ledger.audit()
        self.suite.assert_sound()
        TALLY.add(acknowledgements_kept=len(self.ledger.accepted()))

    # ---- The clock ----

    def test_a_clock_that_steps(self):
        faults = common.Faults(self.folder)
        self.suite.surroundings = faults.layer()
        self.suite.start()
        operator = self.suite.client("operator", "probe")
        with self.ledger.clerks(2, window=8):
            for step in (-HOUR_MS, 0, -24 * HOUR_MS, 2000, -HOUR_MS):
                self.at_work()
                before = operator.stand().time_ms
                self.step_while_they_wait(faults, step)
                self.at_work()
                self.assertGreaterEqual(operator.stand().time_ms, before, "the service's clock fell")
                self.waits_end()
                TALLY.add(clock_steps=1)
        self.assertGreater(faults.effects(), 0)
        self.assert_all_there()
        self.assert_times_never_fall()

    def waits_end(self):
        """Those that wait for what does not come are told so, by a clock that does not step."""
        shadow = self.suite.client("operator", "shadow")
        never = [wire.Cursor(upstream="probe", block=10**9)]
        started = time.monotonic()
        reply = shadow.answer(shadow.request("Await", runtime.AwaitCursors(cursors=never, wait_ms=300)), again=PATIENCE)
        self.assertEqual(reply.code, wire.NOT_YET)
        held = shadow.request("Inboxes", notification.InboxesRequest(), after=never, budget_ms=300)
        self.assertEqual(shadow.answer(held, again=PATIENCE).code, wire.NOT_YET)
        feed = self.suite.client("shadow", "probe")
        head = self.suite.client("operator", "probe").stand().block
        self.assertEqual(feed.answer(feed.request("Feed", runtime.FeedRequest(after=head, wait_ms=300)), again=PATIENCE).code, wire.OK)
        self.assertLess(time.monotonic() - started, PATIENCE)

    def step_while_they_wait(self, faults, step):
        """An Await and a follower's question are on their way; the question's probe is killed, and it must be asked once more."""
        shadow = self.suite.client("operator", "shadow")
        waiting = shadow.request("Await", runtime.AwaitCursors(cursors=[wire.Cursor(upstream="probe", block=10**9)], wait_ms=1500))
        shadow.answer(shadow.request("Stand", runtime.StandRequest()))
        shadow.send(waiting)
        time.sleep(0.2)
        self.suite.kill("probe")
        faults.set(clock_off_ms=step)
        self.suite.start("probe")
        self.suite.follow("shadow", "probe")
        reply = shadow.receive()
        self.assertEqual((reply.id, reply.code) if reply else None, (waiting.id, wire.NOT_YET), "an Await that does not end")

    def assert_times_never_fall(self):
        client, after, head, last = self.suite.client("shadow", "probe"), 0, 1, 0
        while after < head:
            batch = client.query("Feed", runtime.FeedRequest(after=after, types=[1]), runtime.FeedBatch)
            head = batch.head
            for block in batch.blocks:
                header = wire.BlockHeader.FromString(block.header)
                self.assertGreaterEqual(header.time_ms, last, f"the time of block {header.number} falls")
                after, last = header.number, header.time_ms

    def test_timers_fire_once_under_a_clock_that_steps(self):
        faults = common.Faults(self.folder)
        self.suite.surroundings = faults.layer()
        self.suite.start()
        client, count = self.suite.client("operator", "probe"), 40
        for number in range(count):
            client.ask("OpenInbox", notification.OpenInbox(agency=f"timer {number}", answer_days=5))  # due in a second
            if number % 10 == 5:
                faults.set(clock_off_ms=-CHOSEN.random.randrange(500, 1500))
            if number % 10 == 9:
                faults.set(clock_off_ms=CHOSEN.random.randrange(0, 1500))
                self.suite.kill("probe")
                self.suite.start("probe")
        faults.set(clock_off_ms=0)
        wait_for("all are overdue", lambda: len(self.overdue()) >= count)
        time.sleep(1.5)
        self.assertEqual(sorted(self.overdue()), list(range(1, count + 1)), "a timer fired twice, or never")
        self.suite.follow("shadow", "probe")
        self.suite.assert_sound()
        TALLY.add(timers=count)

    def overdue(self):
        client, after, head, found = self.suite.client("operator", "probe"), 0, 1, []
        while after < head:
            batch = client.query("Feed", runtime.FeedRequest(after=after, types=[4]), runtime.FeedBatch)
            head = batch.head
            for block in batch.blocks:
                after += 1
                found += [notification.Event.FromString(wire.Record.FromString(one.record).event).overdue.inbox for one in block.events]
        client.close()
        return found

    # ---- Standing still ----

    def test_who_stands_still_longer_than_heartbeats(self):
        """Service, follower, both: whoever waited for them goes on with them, and nothing is done twice."""
        self.suite.start()
        with self.ledger.clerks(2, window=16):
            for names in (["probe"], ["shadow"], ["probe", "shadow"])[2 if CHOSEN.seconds > 10 else 0:]:
                self.at_work()
                for name in names:
                    self.suite.processes[name].send_signal(signal.SIGSTOP)
                time.sleep(CHOSEN.seconds)
                for name in names:
                    self.suite.processes[name].send_signal(signal.SIGCONT)
                self.at_work()
                self.suite.follow("shadow", "probe")
                TALLY.add(stops=1)
        self.client_stands_still()
        self.assert_all_there()

    def client_stands_still(self):
        """A client of its own process, stopped with commands on their way."""
        pid = os.fork()
        if pid == 0:
            # zmq's threads are not in this process: a program of its own.
            peer = self.suite.config["services"][0]
            code = ("import sys; sys.path[:0] = [sys.argv[1], sys.argv[2]]; import common, suite, time\n"
                    "c = suite.Client(sys.argv[3], sys.argv[4].encode(), type('K', (), dict(public=sys.argv[5].encode(), secret=sys.argv[6].encode())), 'probe')\n"
                    "n = 0\n"
                    "while n < 60:\n"
                    "    c.query('Stand', suite.runtime.StandRequest()); n += 1; time.sleep(0.02)\n")
            keys = self.suite.keys["operator"]
            os.execv("/usr/bin/python3", ["/usr/bin/python3", "-c", code, common.HERE, os.path.join(os.path.dirname(common.HERE), "end-to-end"),
                                          peer["endpoint"], peer["key"], keys.public.decode(), keys.secret.decode()])
        time.sleep(1.0)
        os.kill(pid, signal.SIGSTOP)
        time.sleep(CHOSEN.seconds)
        os.kill(pid, signal.SIGCONT)
        until = time.monotonic() + 2 * PATIENCE
        done = (0, 0)
        while done[0] == 0 and time.monotonic() < until:
            done = os.waitpid(pid, os.WNOHANG)
            time.sleep(0.05)
        self.assertEqual(done, (pid, 0), "a client that stood still does not come through any more")
        TALLY.add(stops=1)

    # ---- File descriptors ----

    def limited(self, name, count):
        """Starts it with so many file descriptors."""
        self.suite.prepare = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (count, count))
        try:
            return self.suite.launch(name)
        finally:
            self.suite.prepare = None

    def test_too_few_file_descriptors_to_start(self):
        """It refuses with a sentence, whatever their number; with as many as it asks for it starts."""
        self.suite.start()
        with self.ledger.clerks(1, window=16, last=60):
            pass
        self.suite.stop()
        for count in [*range(4, 64, 1 if CHOSEN.long else 8), 64, 70]:
            before = self.suite.log("probe")
            probe = self.limited("probe", count)
            wait_for("it starts or not", lambda: " ready " in self.suite.log("probe")[len(before):] or probe.poll() is not None)
            self.assertEqual(probe.poll(), 78 if count < 64 else None, f"{count} file descriptors: {self.suite.log('probe')[len(before):]}")
            if count < 64:
                self.assertIn(f"only {count} file descriptors", self.suite.log("probe")[len(before):])
                del self.suite.processes["probe"]
                TALLY.add(starts_refused=1)
            else:
                self.suite.stop("probe")
        self.suite.start()
        self.assert_all_there()

    def test_no_file_descriptor_left_while_it_serves(self):
        """Connections take all there are: those that stand go on, new ones come in when others leave; a key revoked meanwhile is."""
        self.suite.start("shadow")
        self.limited("probe", 120)
        wait_for("ready", lambda: " ready " in self.suite.log("probe"))
        host, port = self.suite.config["services"][0]["endpoint"][6:].split(":")
        with self.ledger.clerks(2, window=8):
            self.at_work()
            self.suite.follow("shadow", "probe")
            crowd = []
            for _ in range(300):
                one = socket.socket()
                one.settimeout(0.2)
                try:
                    one.connect((host, int(port)))
                except OSError:
                    pass
                crowd.append(one)
            wait_for("all are taken", lambda: len(os.listdir(f"/proc/{self.suite.processes['probe'].pid}/fd")) >= 118)
            self.at_work()
            self.suite.config["agencies"] = [one for one in self.suite.config["agencies"] if one["name"] != "veterans"]
            self.suite.write_config()
            time.sleep(1.0)
            self.at_work()
            for one in crowd:
                one.close()
            wait_for("the change is read", lambda: self.suite.log("probe").count("agencies=4 reloaded=yes") == 1)
            late = self.suite.client("operator", "probe")
            wait_for("a new connection", lambda: late.answer(late.request("Stand", runtime.StandRequest()), 1.0) is not None)
        self.assert_all_there()
        TALLY.add(connections_crowded=len(crowd))

    # ---- Read-only ----

    def test_a_folder_that_is_read_only(self):
        """Refused at the start with a sentence; verify, which only reads, does its work."""
        if not MOUNTS:
            common.skip(self, "a read-only folder: no mount namespace may be made here")
        self.suite.start()
        with self.ledger.clerks(1, window=16, last=60):
            pass
        self.suite.follow("shadow", "probe")
        self.suite.stop()
        for where in ("", "probe", "probe/log", "probe/tables"):
            path = os.path.join(self.suite.data, where)
            self.assertEqual(subprocess.run(["mount", "--bind", path, path], check=False).returncode, 0)
            try:
                self.assertEqual(subprocess.run(["mount", "-o", "remount,bind,ro", path], check=False).returncode, 0)
                before = self.read_log_of("probe")
                probe = self.launch_with_log_elsewhere("probe")
                self.assertEqual(probe.wait(PATIENCE), 78, f"{where} read-only:\n{self.read_log_of('probe')[len(before):]}")
                self.assertRegex(self.read_log_of("probe")[len(before):], "start=failed reason=.*(Read-only|read-only)")
                done = self.suite.verify()
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                TALLY.add(folders_read_only=1)
            finally:
                subprocess.run(["umount", path], check=False)
        self.suite.start()
        self.assert_all_there()

    def launch_with_log_elsewhere(self, name):
        with open(os.path.join(self.folder, f"{name}.log"), "ab") as log:
            return subprocess.Popen([os.path.join(os.environ["JINENG_BIN"], f"jineng-{name}"), "--config", self.suite.config_path],
                                    stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def read_log_of(self, name):
        path = os.path.join(self.folder, f"{name}.log")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()


if __name__ == "__main__":
    common.run(unittest, CHOSEN, TALLY, "machine")
