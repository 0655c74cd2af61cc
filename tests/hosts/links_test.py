"""Links that work, badly: what follows over them falls behind and comes to its end; it does not stand still, nor ask for ever the same.

    links_test.py [--long] [--runs N] [--seed N]

The ledger runs on one host; notification, which follows it, on another.
"""
import sys
import time
import unittest

from hosts import Hosts, figures
from net import arguments
from rehearsal import chance
from suite import PATIENCE, wait_for
from jineng.v1 import common_pb2 as common
from jineng.v1 import ledger_pb2 as ledger

GIVEN = arguments()
LINK = "notification>ledger"
BULKS, ROWS = (60, 200) if GIVEN.long else (10, 200)


def bulk(number):
    """Some 30 KB that the follower gets whole."""
    return ledger.AppropriateAll(rows=[ledger.Appropriate(fund=common.SKILLS_ACCOUNT, division=130100, amount_fen=1, day=16436,
                                                          document=f"{number:03}-{row:03} ".ljust(119, "x")) for row in range(ROWS)])


class Links(unittest.TestCase):
    def setUp(self):
        self.random, self.began = chance(GIVEN.seed), time.monotonic()
        self.hosts = Hosts(GIVEN.seed)
        self.addCleanup(self.hosts.close)
        for idle in ("enrollment", "certification", "subsidy"):
            self.hosts.net.order_all("set", f"*>{idle}", hold=["up", "down"])
        self.hosts.up("ledger", "notification")
        self.finance = self.hosts.client("finance", "ledger")
        self.operator = self.hosts.client("operator", "ledger")
        self.reader = self.hosts.client("operator", "notification")
        self.commands = 0
        self.fill(1)
        wait_for("the follower is there", self.follower_is_there)

    def fill(self, count):
        for _ in range(count):
            self.commands += 1
            self.finance.ask("AppropriateAll", bulk(self.commands), ledger.Outcomes)

    def follower_is_there(self):
        return self.cursor() == self.operator.stand().block

    def cursor(self):
        return next((one.block for one in self.reader.stand().cursors if one.upstream == "ledger"), 0)

    def passed(self):
        return self.hosts.net.order("figures", LINK)["bytes_down"]

    def follows(self, seconds):
        """To the end, having had sent to it little more than there was; what was sent a second time is the cost of not knowing."""
        before, began = self.passed(), time.monotonic()
        self.fill(BULKS)
        wait_for("the follower comes to the end", self.follower_is_there, seconds, every=0.2)
        took, sent = time.monotonic() - began, self.passed() - before
        self.assertEqual(self.hosts.log_lines("level=error", "level=warning"), [])
        self.hosts["notification"].assert_sound()
        return took, sent

    def tell(self, what, took, sent):
        print(f"hosts links: {what}: {self.commands * ROWS} rows, {sent >> 10} KiB to the follower within {took:.1f} s; {figures(self.hosts.net)}; "
              f"{time.monotonic() - self.began:.1f} s", file=sys.stderr)

    def test_a_link_on_which_an_answer_takes_longer_than_a_question_waits(self):
        self.hosts.net.order("set", LINK, delay_ms=1100, jitter_ms=300)
        took, sent = self.follows(PATIENCE * 2)
        self.tell("1.1 s and up to 0.3 more, each way", took, sent)

    def test_a_link_that_is_narrow(self):
        size = len(bulk(1).SerializeToString()) * BULKS
        rate = 48_000
        self.hosts.net.order("set", LINK, rate=rate)
        took, sent = self.follows(PATIENCE + 8 * size / rate)
        self.assertLess(sent, 4 * size, "the same was sent again and again")
        self.tell(f"{rate} bytes a second", took, sent)


if __name__ == "__main__":
    for _ in range(GIVEN.runs - 1):
        unittest.main(argv=sys.argv[:1], exit=False)
    unittest.main(argv=sys.argv[:1])
