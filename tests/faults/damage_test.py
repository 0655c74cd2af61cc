"""Files cut short, altered, put back, taken away: a log that is damaged is refused or told of, never served; tables are made again.

    damage_test.py [--long] [--cases N] [--seed N]

Each case begins with a good folder and a ledger of what was acknowledged in it. What the service then answers must be what it answered
before, or nothing; and what it cannot notice by itself, jineng verify must.
"""
import os
import shutil
import subprocess
import time
import unittest

import common
from ledger import Ledger
from suite import PATIENCE, Suite, notification, wait_for

CHOSEN = common.arguments(__doc__.split("\n")[0], cases=(2, 7))
ALTER = os.environ["JINENG_ALTER"]
TALLY = common.Tally()
PAGE = 4096
STARTS = 3  # one that crashes on its tables, one that makes them again; and one more
LITTLE_PATIENCE = 4


class Damage(unittest.TestCase):
    def setUp(self):
        self.suite = Suite(["probe", "shadow"])
        self.suite.reports_expected = True
        self.addCleanup(self.suite.__exit__, None, None, None)
        self.ledger = Ledger(self.suite, CHOSEN.seed)
        self.good = self.suite.data
        self.suite.start()
        with self.ledger.clerks(2, window=16, last=150):
            pass
        self.suite.follow("shadow", "probe")
        self.older = self.keep("older")
        with self.ledger.clerks(1, window=16, last=150):
            pass
        self.suite.follow("shadow", "probe")
        self.killed = self.keep("killed")
        self.suite.stop()

    def keep(self, name):
        """The folder as it would lie there if all were killed now: nothing is written meanwhile."""
        time.sleep(0.3)
        kept = os.path.join(os.path.dirname(self.good), name)
        shutil.copytree(self.good, kept)
        return kept

    def lay(self, folder):
        """A fresh copy, under the inode that its mark names: as if it had never been away."""
        self.suite.data = os.path.join(os.path.dirname(self.good), "damaged")
        shutil.rmtree(self.suite.data, ignore_errors=True)
        shutil.copytree(folder, self.suite.data)
        for service in ("probe", "shadow"):
            mark = os.path.join(self.suite.data, service, "in-use")
            if os.path.exists(mark):
                inode = os.stat(os.path.join(self.suite.data, service, "tables", "data.mdb")).st_ino
                with open(mark, encoding="ascii") as file:
                    words = file.read().split()
                with open(mark, "w", encoding="ascii") as file:
                    file.write(" ".join([*words[:-1], str(inode)]) + "\n")

    def path(self, *parts):
        return os.path.join(self.suite.data, *parts)

    def rows(self, env):
        done = subprocess.run([ALTER, env, "dump"], capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else None

    # ---- Damage ----

    def damage(self, path):
        """One of the ways in which a file goes bad, within what it uses; what was done."""
        random = CHOSEN.random
        with open(path, "r+b") as file:
            content = file.read()
            pages = len(content.rstrip(b"\0")) // PAGE + 1
            page, kind = random.randrange(pages), random.choice(("cut", "byte", "byte", "zeros", "junk", "swap"))
            if kind == "cut":
                size = page * PAGE + random.choice((0, 0, 1, 2048))
                file.truncate(size)
                return f"cut to {size} bytes of {pages} pages"
            at, fresh = page * PAGE, bytes(PAGE)
            if kind == "byte":
                at += random.choice((random.randrange(64), random.randrange(PAGE)))
                fresh = bytes([content[at] ^ 1 << random.randrange(8)])
            elif kind == "junk":
                fresh = random.randbytes(PAGE)
            elif kind == "swap":
                other = random.randrange(pages) * PAGE
                fresh = content[other:other + PAGE]
            file.seek(at)
            file.write(fresh)
            return f"{kind} at {at}, page {page} of {pages}"

    def test_tables(self):
        for _ in range(CHOSEN.cases):
            self.lay(CHOSEN.random.choice((self.good, self.killed)))
            done = self.damage(self.path("probe", "tables", "data.mdb"))
            with self.subTest(tables=done):
                self.tables_case()
                TALLY.add(damaged_tables=1)

    def tables_case(self):
        """Serves what is right, if need be after a crash that it tells of. Rows that read well and are not what they were cannot be
        told from good ones without reading the log again: verify does, and tables that are taken away are made again."""
        found = self.suite.verify().returncode != 0
        before = len(self.suite.log("probe"))
        if self.serves_rightly():
            TALLY.add(**{"made_again" if "rebuilding" in self.suite.log("probe")[before:] else "unharmed": 1})
        else:
            self.assertTrue(found, "wrong answers, and verify found nothing")
            TALLY.add(left_to_verify=1)
            self.lay(self.good)  # the log as verify saw it, and its advice taken: no tables
            shutil.rmtree(self.path("probe", "tables"))
            self.assertTrue(self.serves_rightly(), "wrong even after the tables were taken away")

    def serves_rightly(self):
        """Starts until it stays, a few times at most. False where something that it says differs from the ledger."""
        self.ledger.patience = LITTLE_PATIENCE
        try:
            for _ in range(STARTS):
                try:
                    self.suite.start(*(one for one in self.suite.services if one not in self.suite.processes))
                    self.ledger.settle()
                    self.ledger.patience = PATIENCE
                    self.ledger.audit()
                    return self.suite.verify().returncode == 0
                except AssertionError as fault:
                    if self.suite.processes["probe"].poll() is None:
                        self.what = fault
                        return False
                    self.suite.processes.pop("probe")
                    self.assertRegex(self.suite.log("probe"), "is ended by signal|are damaged|start=failed")
            raise AssertionError(f"a loop of crashes:\n{self.suite.log('probe')[-1500:]}")
        finally:
            for name in list(self.suite.processes):
                self.suite.kill(name)

    def test_log(self):
        for _ in range(CHOSEN.cases):
            self.lay(CHOSEN.random.choice((self.good, self.killed)))
            env = self.path("probe", "log")
            whole = self.rows(env)
            done = self.damage(os.path.join(env, "data.mdb"))
            with self.subTest(log=done):
                self.log_case(whole == self.rows(env), " page 0 of " in done or " page 1 of " in done)
                TALLY.add(damaged_logs=1)

    def log_case(self, unharmed, head):
        """Refused, or ended with a sentence; where it is served all the same, what is answered is what was answered."""
        found, before = self.suite.verify(), len(self.suite.log("probe"))
        self.assertTrue(unharmed or found.returncode == 1, f"verify found nothing: {found.stdout}")
        self.ledger.patience = LITTLE_PATIENCE / 2
        self.suite.launch("probe")
        probe = self.suite.processes["probe"]
        wait_for("it starts or not", lambda: " ready " in self.suite.log("probe")[before:] or probe.poll() is not None)
        if probe.poll() is None:
            self.never_wrong(probe, head)
        if probe.poll() is None:
            TALLY.add(**{"unharmed" if unharmed else "served_rightly_and_found_by_verify": 1})
        else:
            self.assertRegex(self.suite.log("probe")[before:], "start=failed reason=.*log|is ended by signal|commit=failed|are damaged")
            TALLY.add(logs_refused=1)
        for name in list(self.suite.processes):
            self.suite.kill(name)

    def never_wrong(self, probe, head):
        """Each acknowledged command once more: the same answer, or none. LMDB keeps two heads, pages 0 and 1, and where the later is
        damaged it takes the earlier, which is sound in itself: a log that ends a block before. Who followed it notices."""
        try:
            self.ledger.settle()
        except AssertionError as fault:
            words = str(fault)
            if head and " was told " in words:
                self.suite.start("shadow")
                wait_for("the shadow says so", lambda: "feed=" in self.suite.log("shadow"))
                TALLY.add(heads_lost_and_noticed_by_the_follower=1)
            elif "are not answered" in words and probe.poll() is None:
                self.assertRegex(words, "run jineng verify|put off: {}")
            else:
                self.assertIn("the probe has ended", words)

    # ---- Whole files ----

    def test_an_older_log_is_noticed_by_who_followed_it(self):
        for state in ("as it was", "with its tables"):
            self.lay(self.good)
            parts = ["log"] if state == "as it was" else ["log", "tables"]
            for part in parts:
                shutil.copy(os.path.join(self.older, "probe", part, "data.mdb"), self.path("probe", part, "data.mdb"))
            done = self.suite.verify()
            self.assertEqual(done.returncode, 1)
            self.assertIn("has read this log through block", done.stdout)
            before = len(self.suite.log("shadow"))
            self.suite.start()
            wait_for("the shadow says so", lambda: "read further than this log goes" in self.suite.log("shadow")[before:])
            self.suite.stop()
            TALLY.add(logs_put_back=1)

    def test_older_tables_catch_up(self):
        self.lay(self.good)
        shutil.copy(os.path.join(self.older, "probe", "tables", "data.mdb"), self.path("probe", "tables", "data.mdb"))
        self.assertTrue(self.serves_rightly())
        self.assertRegex(self.suite.log("probe"), r"replayed=[1-9]|rebuilding")
        TALLY.add(tables_put_back=1)

    def test_files_that_are_gone(self):
        for part, files in (("tables", ["data.mdb"]), ("tables", ["lock.mdb"]), ("tables", ["data.mdb", "lock.mdb"]),
                            ("log", ["lock.mdb"])):
            self.lay(self.good)
            for name in files:
                os.unlink(self.path("probe", part, name))
            self.assertTrue(self.serves_rightly(), f"{part} without {files}")
            TALLY.add(files_taken_away=1)
        for files in (["data.mdb"], ["data.mdb", "lock.mdb"]):
            self.lay(self.good)
            for name in files:
                os.unlink(self.path("probe", "log", name))
            self.refused("its data.mdb is gone|is not this log's key")
        self.lay(self.good)
        os.truncate(self.path("probe", "log", "data.mdb"), 0)
        self.refused("its data.mdb is empty")
        TALLY.add(files_taken_away=3)

    def refused(self, sentence):
        before = len(self.suite.log("probe"))
        self.assertEqual(self.suite.launch("probe").wait(PATIENCE), 78)
        del self.suite.processes["probe"]
        self.assertRegex(self.suite.log("probe")[before:], f"start=failed reason=.*({sentence})")

    # ---- Under its feet ----

    def test_a_file_cut_short_while_it_serves(self):
        """LMDB reads through a map: what is not there any more ends the process, which must say so and come back or refuse."""
        for part in ("tables", "log"):
            self.lay(self.good)
            self.suite.start()
            before = len(self.suite.log("probe"))
            os.truncate(self.path("probe", part, "data.mdb"), 3 * PAGE)
            self.ledger.patience = LITTLE_PATIENCE
            with self.assertRaisesRegex(AssertionError, "the probe has ended"):
                self.ledger.settle()
            self.assertIn("is ended by signal", self.suite.log("probe")[before:])
            self.suite.processes.pop("probe")
            self.suite.kill("shadow")
            if part == "tables":
                self.assertTrue(self.serves_rightly(), getattr(self, "what", ""))
            else:
                self.refused("was cut short")
            TALLY.add(files_cut_while_served=1)


if __name__ == "__main__":
    common.run(unittest, CHOSEN, TALLY, "damage")
