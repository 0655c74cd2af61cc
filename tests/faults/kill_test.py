"""kill -9 at random moments under load, and after each single thing that a service does to its files.

    kill_test.py [--long] [--kills N] [--points N] [--seed N]
"""
import os
import time
import unittest

import common
from ledger import Ledger
from suite import Suite, wait_for

CHOSEN = common.arguments(__doc__.split("\n")[0], kills=(16, 60), points=(8, 24))
TALLY = common.Tally()
POINTS_OF_A_START = 420  # records that a first start and some blocks take: folders, log, room, key, mark, tables; see powercut.c


class Kill(unittest.TestCase):
    def setUp(self):
        self.suite = Suite(["probe", "shadow"])
        self.addCleanup(self.suite.__exit__, None, None, None)
        self.ledger = Ledger(self.suite, CHOSEN.seed)

    def assert_all_there(self):
        self.ledger.settle()
        self.ledger.audit()
        self.suite.assert_sound()
        TALLY.add(acknowledgements_kept=len(self.ledger.accepted()))

    def test_at_random_moments(self):
        """One of them or both, at work or as they start; now and then verify reads beside them what they write."""
        random, suite = CHOSEN.random, self.suite
        suite.start()
        with self.ledger.clerks(2, window=16, again=0.2).clerks(1, window=1, again=0.2):
            for turn in range(CHOSEN.kills):
                time.sleep(random.choice((0.0, random.uniform(0.0, 0.05), random.uniform(0.05, 0.4))))
                names = random.choice((["probe"], ["probe"], ["shadow"], ["probe", "shadow"]))
                for name in names:
                    suite.kill(name)
                for name in names:
                    suite.launch(name)
                TALLY.add(kills=len(names))
                if random.random() < 0.5:
                    wait_for("ready", lambda: all(self.ready(name) for name in names))
                if turn % 12 == 11:
                    suite.assert_sound()
            wait_for("all have started", lambda: all(self.ready(name) for name in suite.services))
        self.assert_all_there()

    def ready(self, name):
        process = self.suite.processes[name]
        assert process.poll() is None, f"{name} left with {process.returncode}:\n{self.suite.log(name)[-1500:]}"
        return self.suite.log(name).rsplit(" ready ", 1)[-1].count("\n") < 5 and " ready " in self.suite.log(name)

    def test_after_each_thing_it_does(self):
        """The points of a first start and of the work after it, each in a folder of its own."""
        step = max(1, POINTS_OF_A_START // CHOSEN.points)
        for point in range(CHOSEN.random.randrange(1, step + 1), POINTS_OF_A_START, step):
            with self.subTest(point=point):
                self.one_point(point)

    def one_point(self, point):
        with Suite(["probe", "shadow"]) as suite:
            ledger = Ledger(suite, CHOSEN.seed + point)
            suite.surroundings = common.layer("powercut", JN_JOURNAL=os.path.join(os.path.dirname(suite.data), "journal"), JN_ROOT=suite.data,
                                              JN_KILL_AT=str(point))
            with ledger.clerks(2, window=8, last=60, again=0.1):
                for name in suite.services:
                    suite.launch(name)
                wait_for(f"the probe comes to point {point}, or to its end", lambda: suite.processes["probe"].poll() is not None or
                         ledger.answered() == 2 * 60)
                time.sleep(0.3)  # the shadow may have nothing more to do before it comes to its own
                for name in suite.services:
                    TALLY.add(kills=int(suite.processes[name].poll() is not None))
                    suite.kill(name)
                suite.surroundings = {}
                suite.start()
            ledger.settle()
            ledger.audit()
            suite.assert_sound()
            TALLY.add(points=1, acknowledgements_kept=len(ledger.accepted()))


if __name__ == "__main__":
    common.run(unittest, CHOSEN, TALLY, "kill")
