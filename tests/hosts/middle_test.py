"""Somebody in the middle who hears all, says it again, and changes what he likes: nothing takes effect twice, and nothing is understood.

    middle_test.py [--long] [--runs N] [--seed N]
"""
import os
import sys
import time
import unittest

from hosts import Hosts, figures
from net import arguments
from rehearsal import SERVICES, campaign, chance, differences, personal_texts
from suite import wait_for, wire
from jineng.v1 import common_pb2 as common
from jineng.v1 import ledger_pb2 as ledger
from jineng.v1 import runtime_pb2 as runtime

GIVEN = arguments()
SMALL = campaign("small")
ALTERED = 120 if GIVEN.long else 9
CITY_MS, DAY_MS = 8 * 3_600_000, 86_400_000


def found_in(path, texts):
    """Which of the texts the file holds, in any of the ways in which a program may write them down."""
    with open(path, "rb") as file:
        content = file.read().rstrip(b"\0")
    return {text for text in texts for coding in ("utf-8", "gb18030", "utf-16-le") if text.encode(coding) in content}


class Middle(unittest.TestCase):
    def test_the_middle(self):
        for run in range(GIVEN.runs):
            with self.subTest(seed=GIVEN.seed + run):
                self.one_run(GIVEN.seed + run)

    def one_run(self, seed):
        self.random, began = chance(seed), time.monotonic()
        with Hosts(seed) as hosts:
            heard = os.path.join(hosts.parent, "heard")
            os.mkdir(heard)
            hosts.net.order_all("record", "*", folder=heard)
            hosts.up()
            done = hosts.office.jineng("play", SMALL, "--json")
            self.assertEqual((done.returncode, differences(SMALL, done.stdout)), (0, []), done.stderr)
            hosts.net.order_all("record", "*", folder=None)
            recorded = self.nothing_is_understood(hosts, heard)
            replayed = self.said_again(hosts, heard)
            told = self.altered(hosts)
            hosts.assert_sound()
            self.assertEqual(hosts.log_lines("level=error", "level=warning", "ssert", "Sanitizer", "runtime error")[:10], [])
            print(f"hosts middle: seed {seed}: {recorded}; {replayed}; {told}; {figures(hosts.net)}; {time.monotonic() - began:.1f} s",
                  file=sys.stderr)

    # ---- Heard ----

    def nothing_is_understood(self, hosts, heard):
        texts = {text for text in personal_texts(SMALL) if len(text.encode()) >= 6}
        secrets = {secret for host in hosts.hosts.values() for secret in host.secrets().values()}
        names = sorted(os.listdir(heard))
        for name in names:
            path = os.path.join(heard, name)
            self.assertEqual(found_in(path, texts | secrets), set(), f"{name} can be understood")
            self.assertEqual(found_in(path, {"Enrol", "Appropriate", "RecordBankResults"}), set(), f"{name}: what is asked can be read")
        # The same look finds them where they are: in enrollment's log.
        known = set(sorted(texts)[:200])
        self.assertGreater(len(found_in(hosts["enrollment"].path("enrollment", "log", "data.mdb"), known)), 50)
        size = sum(os.path.getsize(os.path.join(heard, name)) for name in names)
        self.assertGreater(size, 500_000, "it has not heard much")
        return f"{size >> 10} KiB of {len(names)} streams heard, none of {len(texts)} personal texts in them"

    # ---- Said again ----

    def said_again(self, hosts, heard):
        """Every stream, whole, to who got it the first time; and what the office said to one service, to the others."""
        before = {name: self.standing(hosts, name) for name in SERVICES}
        count = answered = 0
        for name in sorted(os.listdir(heard)):
            if not name.endswith(".up"):
                continue
            link = name.rsplit("-", 1)[0]
            targets = {link, link.split(">")[0] + ">" + self.random.choice(SERVICES)} & set(hosts.net.links)
            for target in sorted(targets):
                answer = hosts.net.order("replay", target, file=os.path.join(heard, name))
                # The greeting, and the welcome to a stranger: less than one reply takes.
                self.assertLess(answer["answered"], 64 + 170 + 60, f"{name} was answered {answer}")
                count, answered = count + 1, answered + answer["answered"]
        self.assertGreater(count, 25)
        for name in SERVICES:
            self.assertEqual(self.standing(hosts, name), before[name], f"{name}: something took effect again")
        return f"{count} streams said again"

    def standing(self, hosts, name):
        """How much has happened, and what was ever refused or repeated."""
        operator = hosts.client("operator", name)
        stats = operator.stats()
        return operator.stand().events, stats["denied"], stats["malformed"], stats["repeats"]

    # ---- Altered ----

    def altered(self, hosts):
        """Commands of which a byte is altered on the way there or back: each is done once, as it was meant."""
        finance = hosts.client("finance", "ledger")
        operator = hosts.client("operator", "ledger", host="notification", keys=self.operators(hosts))
        day = (operator.stand().time_ms + CITY_MS) // DAY_MS
        before, malformed, meant = self.account(operator, day), operator.stats()["malformed"], 0
        for number in range(1, ALTERED + 1):
            body = ledger.Appropriate(fund=common.SKILLS_ACCOUNT, division=130100, amount_fen=number, day=day, document="altered")
            hosts.net.order("alter", "office>ledger", way=self.random.choice(("up", "down")), chunks=self.random.choice((1, 1, 2)))
            reply = finance.answer(finance.command("Appropriate", body), again=0.3)
            self.assertEqual(reply.code, wire.OK, reply.reason)
            meant += number
        self.assertEqual(self.account(operator, day) - before, meant)
        self.assertEqual(operator.stats()["malformed"], malformed, "what was altered got as far as to be read")
        hosts.net.order_all("alter", "office>ledger", way="up", chunks=0)
        hosts.net.order_all("alter", "office>ledger", way="down", chunks=0)
        spoiled = hosts.net.order("figures", "office>ledger")["altered"]
        self.assertGreaterEqual(spoiled, ALTERED // 2)
        return f"{ALTERED} commands done once each while {spoiled} pieces of them were altered; {self.followers_are_altered(hosts)}"

    def operators(self, hosts):
        class Pair:
            public, secret = (line.encode() for line in hosts.office.read("keys", "operator.key").split())
        return Pair

    def account(self, operator, day):
        year = time.gmtime(day * 86400).tm_year
        view = operator.query("Accounts", ledger.AccountsRequest(year=year), ledger.AccountsView)
        return sum(one.appropriated_fen for one in view.rows)

    def followers_are_altered(self, hosts):
        """Every follower's next answer: it is not taken in; the one that comes after it is."""
        links = [link for link in hosts.net.links if not link.startswith("office>") and hosts.net.order("figures", link)["open"]]
        for link in links:
            hosts.net.order("alter", link, way="down", chunks=1)
        operators = {name: hosts.client("operator", name) for name in SERVICES}
        wait_for("each has had its byte altered", lambda: all(hosts.net.order("figures", link)["altered"] for link in links))
        for operator in operators.values():
            operator.query("Advance", runtime.AdvanceTo(time_ms=operator.stand().time_ms + DAY_MS), runtime.Standing)
        heads = {name: operator.stand().block for name, operator in operators.items()}
        for name, operator in operators.items():
            wait_for(f"{name} reads on", lambda: all(one.block >= heads[one.upstream] for one in operator.stand().cursors))
        return f"{len(links)} feeds went on after a byte of theirs was altered"


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
