"""A service's second thread, which copies the tables for a checkpoint, beside the loop that commits and is asked to stop meanwhile: no
data race, and what was acknowledged is there. Programs are built with ThreadSanitizer, and make a checkpoint every few blocks.

    threads_test.py [--runs N]      so many stops under load; 6
"""
import os
import random
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "end-to-end"))
from suite import BIN, Load, Suite, notification, wait_for  # noqa: E402

RUNS = int(sys.argv[sys.argv.index("--runs") + 1]) if "--runs" in sys.argv else 6
SEED = int(os.environ.get("JINENG_SEED", "20261123"))
SUPPRESSIONS = os.path.join(HERE, "tsan.supp")
LARGE = 4000  # bytes of a row, so that a copy takes a while


class Checkpoints:
    """How often the copy was put in place: each is another file."""

    def __init__(self, suite, name):
        self.path, self.seen = os.path.join(suite.data, name, "checkpoint", "data.mdb"), set()

    def look(self):
        if os.path.exists(self.path):
            found = os.stat(self.path)
            self.seen.add((found.st_ino, found.st_mtime_ns))
        return len(self.seen)


class Threads(unittest.TestCase):
    checkpoints, commands, stops, slow, races = 0, 0, 0, 0, 0

    def setUp(self):
        os.environ["TSAN_OPTIONS"] = f"{os.environ.get('TSAN_OPTIONS', '')}:suppressions={SUPPRESSIONS}:second_deadlock_stack=1"
        self.random = random.Random(SEED)
        self.suite = Suite(["probe", "shadow"])
        self.addCleanup(self.suite.__exit__, None, None, None)

    def inboxes(self):
        return self.suite.client("auditor", "probe").query("Inboxes", notification.InboxesRequest(), notification.Done).number

    def opened(self, load):
        load.finish()
        self.assertEqual(load.other, [])
        numbers = sorted(load.told.values())
        self.assertEqual(numbers, list(range(1, len(numbers) + 1)), "an inbox was lost, or opened twice")
        self.assertEqual(self.inboxes(), len(numbers))
        Threads.commands += len(numbers)

    def rebuilt(self):
        """What the copies are for: tables that are gone are made again from one, and come to the same."""
        before = self.inboxes()
        self.suite.kill("probe")
        with open(os.path.join(self.suite.data, "probe", "in-use"), "w", encoding="ascii") as mark:
            mark.write("another boot\n")
        self.suite.start("probe")
        self.assertIn("rebuilding the tables from the checkpoint", self.suite.log("probe"))
        self.assertNotIn("rebuilding the tables from nothing", self.suite.log("probe"))
        self.assertEqual(self.inboxes(), before)
        with tempfile.TemporaryDirectory(prefix="jineng-scratch-") as scratch:  # they are what the log makes from its first block on
            subprocess.run([os.path.join(BIN, "jineng-probe"), "--config", self.suite.config_path, "--verify", "--scratch", scratch],
                           check=True, stdout=subprocess.DEVNULL)

    def test_checkpoints_under_load_and_a_stop_at_any_moment(self):
        self.suite.start()
        made = Checkpoints(self.suite, "probe")
        load = Load(self.suite, window=32, size=LARGE)
        load.start()
        for _ in range(RUNS):
            until = time.monotonic() + self.random.uniform(0.3, 1.2)
            while time.monotonic() < until:
                made.look()
                time.sleep(0.01)
            self.suite.stop("probe")  # with 0, and no report
            Threads.stops += 1
            self.suite.start("probe")
        wait_for("a checkpoint", lambda: made.look() > 2)
        self.opened(load)
        self.rebuilt()
        self.suite.follow("shadow", "probe")
        self.suite.stop()
        Threads.checkpoints += made.look()

    def test_a_stop_while_a_checkpoint_is_copied(self):
        os.environ.update(LD_PRELOAD=os.environ["JINENG_FAULTS"], JN_FAULT="jineng-probe+:slow")
        self.addCleanup(lambda: [os.environ.pop(name) for name in ("LD_PRELOAD", "JN_FAULT")])
        self.suite.start("probe")
        made = Checkpoints(self.suite, "probe")
        load = Load(self.suite, window=4, size=LARGE)
        load.start()
        begun = os.path.join(self.suite.data, "probe", "checkpoint.new")
        wait_for("a copy begins", lambda: os.path.exists(begun))
        self.suite.stop("probe")
        self.assertEqual(made.look(), 1, "it did not wait for the copy that was under way")
        Threads.slow += 1
        self.suite.start("probe")
        wait_for("another copy begins", lambda: made.look() > 1 or os.listdir(begun))
        self.suite.kill("probe")
        self.suite.start("probe")
        wait_for("a copy beside what the killed one left", lambda: made.look() > 1)
        self.opened(load)
        self.rebuilt()
        Threads.checkpoints += made.look()

    def test_a_race_is_seen(self):
        os.environ.update(LD_PRELOAD=os.environ["JINENG_FAULTS"], JN_FAULT="jineng-probe:race")
        self.addCleanup(lambda: [os.environ.pop(name) for name in ("LD_PRELOAD", "JN_FAULT")])
        racing = Suite(["probe"])
        racing.start()
        client = racing.client("operator", "probe")
        for _ in range(20):
            client.ask("OpenInbox", notification.OpenInbox(agency="veterans", answer_days=100))
        with self.assertRaises(AssertionError) as raised:
            racing.stop()
        self.assertIn("left with", str(raised.exception))
        with self.assertRaises(AssertionError) as raised:
            racing.__exit__(None, None, None)
        self.assertIn("WARNING: ThreadSanitizer: data race", str(raised.exception))
        Threads.races += 1

    @classmethod
    def tearDownClass(cls):
        print(f"threads: seed {SEED}, {cls.commands} commands, {cls.checkpoints} checkpoints, {cls.stops} stops under load, "
              f"{cls.slow} while a checkpoint was copied, {cls.races} race of a test's own seen", file=sys.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
