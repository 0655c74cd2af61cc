"""The power goes at any moment: what was acknowledged is there afterwards, whatever the disk kept of what was not synced.

    powercut_test.py [--long] [--runs N] [--cuts N] [--seed N]

A run is a probe and a shadow under load, written down by powercut.c; a cut is the disk as it may lie after some record of that journal
(powercut.py), on which both are started again, and what they answer, their logs and their tables held against the ledger. A second cut
comes while they recover from the first.
"""
import os
import random
import re
import shutil
import subprocess
import sys
import time
import unittest

import common
from powercut import Disk, read_journal
from suite import PATIENCE, Suite, wire
from ledger import Ledger

CHOSEN = common.arguments(__doc__.split("\n")[0], runs=(1, 3), cuts=(8, 16))
ALTER = os.environ["JINENG_ALTER"]
COMMANDS = 220  # a session's, in a run
TALLY = common.Tally()
LIES = 4  # cuts of a disk that lies
LITTLE_PATIENCE = 6  # seconds, where what must happen is that nothing does
DRAWS = 400  # of tables that are half-written, until LMDB opens them


class Machine:
    """A suite whose services' every write is written down, and the disks that its power cuts leave."""

    def __init__(self, seed, lies=()):
        self.random = random.Random(seed)
        self.suite = Suite(["probe", "shadow"])
        self.place, self.first = os.path.dirname(self.suite.data), self.suite.data
        self.boots = 0
        self.ledger = Ledger(self.suite, seed)
        self.boot(self.first, lies)

    def close(self):
        self.suite.__exit__(*sys.exc_info())

    def boot(self, data, lies=()):
        """Another boot of the machine, on the folder as it lies; what is done to it from now on is written down anew."""
        self.boots += 1
        boot_id, self.journal = os.path.join(self.place, "boot-id"), os.path.join(self.place, f"journal-{self.boots}")
        with open(boot_id, "w", encoding="ascii") as file:
            file.write(f"{self.boots:08d}-0000-4000-8000-{self.random.randrange(16**12):012x}\n")
        self.suite.data = data
        self.suite.surroundings = common.layer("powercut", JN_JOURNAL=self.journal, JN_ROOT=data, JN_BOOT_ID=boot_id)
        self.disk = Disk(data, lies)

    def die(self):
        for name in list(self.suite.processes):
            self.suite.kill(name)

    def work(self):
        """A life of the suite: load, a polite stop of either, more load, the end."""
        self.suite.start()
        with self.ledger.clerks(2, window=12, last=COMMANDS, again=0.1):
            for name in self.random.sample(("probe", "shadow"), 2):
                time.sleep(self.random.uniform(0.02, 0.2))
                if self.random.random() < 0.5:
                    self.suite.stop(name)
                else:
                    self.suite.kill(name)
                self.suite.start(name)
        self.die()
        self.records = read_journal(self.journal)

    def cut(self, through, keep=None):
        """The folder as it may lie after so many records of the journal; how it was drawn."""
        for record in self.records[self.taken:through]:
            self.disk.take(record)
        self.taken = through
        folder = os.path.join(self.place, "cut")
        drawn = self.disk.image(folder, self.random, keep)
        for service in ("probe", "shadow"):
            self.keep_inode(os.path.join(folder, service))
        return folder, f"after record {through} of {len(self.records)} ({self.records[through - 1].kind}), {drawn}"

    taken = 0

    @staticmethod
    def keep_inode(folder):
        """A disk that comes back has its files under the numbers they had; ours is a copy, and the mark names them."""
        mark, tables = os.path.join(folder, "in-use"), os.path.join(folder, "tables", "data.mdb")
        if not (os.path.exists(mark) and os.path.exists(tables)):
            return
        with open(mark, "r+", encoding="ascii") as file:
            said, st = file.read(), os.stat(tables)
            if re.fullmatch(r"boot [-0-9a-f]+ device \d+ inode \d+\n", said):
                file.seek(0)
                file.truncate()
                file.write(re.sub(r"device \d+ inode \d+", f"device {st.st_dev} inode {st.st_ino}", said))

    def remember(self, replies):
        """The ledger as the world had it at the cut: these replies had been handed to the network."""
        for command in self.ledger.commands:
            command.reply = None
        count = 0
        for bytes_ in replies:
            reply = wire.Reply.FromString(bytes_)
            session = reply.id // 10_000_000
            if 1 <= session <= len(self.ledger.sessions):
                count += self.ledger.sessions[session - 1].take(reply) is not None
        return count

    def recover(self):
        """Both services start, and everything is as the ledger says."""
        self.suite.start()
        self.ledger.settle()
        opened = self.ledger.audit()
        self.suite.assert_sound()
        self.suite.stop()
        return opened


class PowerCut(unittest.TestCase):
    def machine(self, seed, lies=()):
        machine = Machine(seed, lies)
        self.addCleanup(machine.close)
        return machine

    def test_what_was_acknowledged_survives(self):
        for number in range(CHOSEN.runs):
            self.one_run(CHOSEN.seed * 1000 + number)

    def one_run(self, seed):
        machine = self.machine(seed)
        machine.work()
        records = len(machine.records)
        early = [machine.random.randrange(1, 120) for _ in range(CHOSEN.cuts // 4)]
        late = [machine.random.randrange(1, records) for _ in range(CHOSEN.cuts - len(early))]
        for through in sorted(early + late):
            folder, drawn = machine.cut(through)
            with self.subTest(seed=seed, cut=drawn):
                self.survives(machine, folder)
        machine.close()

    def survives(self, machine, folder):
        disk, records, taken = machine.disk, machine.records, machine.taken
        try:
            acknowledged = machine.remember(disk.replies)
            machine.boot(folder)
            if machine.random.random() < 0.3:
                folder = self.cut_again(machine, folder)
            machine.recover()
            TALLY.add(power_cuts=1, acknowledgements_kept=acknowledged)
        finally:
            machine.die()
            machine.disk, machine.records, machine.taken = disk, records, taken

    def cut_again(self, machine, folder):
        """The power goes while they recover."""
        for name in machine.suite.services:
            machine.suite.launch(name)
        time.sleep(machine.random.uniform(0.0, 0.15))
        machine.die()
        machine.records, machine.taken = read_journal(machine.journal) if os.path.exists(machine.journal) else [], 0
        folder = os.path.join(machine.place, "again")
        shutil.rmtree(folder, ignore_errors=True)
        if machine.records:
            made, _ = machine.cut(machine.random.randrange(1, len(machine.records) + 1))
            os.rename(made, folder)
            Machine.keep_inode(os.path.join(folder, "probe"))
            machine.boot(folder)
            TALLY.add(cuts_while_recovering=1)
        else:
            machine.boot(os.path.join(machine.place, "cut"))
        return folder

    # ---- The instrument bites ----

    def test_a_disk_that_lies_is_found_out(self):
        """Of a log whose syncs are answered and not done, acknowledged commands are missing: the ledger must say so each time."""
        machine = self.machine(CHOSEN.seed * 1000 + 999, ["probe/log/data.mdb"])
        machine.work()
        machine.ledger.patience = LITTLE_PATIENCE
        found = 0
        for through in sorted(machine.random.randrange(len(machine.records) // 2, len(machine.records)) for _ in range(LIES)):
            folder, _ = machine.cut(through, keep=0.0)
            disk, records, taken = machine.disk, machine.records, machine.taken
            self.assertGreater(machine.remember(disk.replies), 0)
            machine.boot(folder)
            with self.assertRaises(AssertionError):
                machine.recover()
            found += 1
            machine.die()
            machine.disk, machine.records, machine.taken = disk, records, taken
        TALLY.add(lies_found_out=found)

    def test_half_written_tables_are_opened_by_lmdb_and_not_by_us(self):
        machine = self.machine(CHOSEN.seed * 1000 + 998)
        machine.suite.start()
        with machine.ledger.clerks(2, window=12, last=COMMANDS):
            pass
        machine.suite.follow("shadow", "probe")
        machine.ledger.patience = LITTLE_PATIENCE
        machine.die()
        machine.records, whole = read_journal(machine.journal), self.rows(os.path.join(machine.first, "probe"))
        opened, trusted = 0, 0
        for _ in range(DRAWS):
            folder, _ = machine.cut(len(machine.records), keep=machine.random.choice((0.7, 0.9, 0.97)))
            half = self.rows(os.path.join(folder, "probe"))
            if half is None or half == whole:
                continue
            opened += 1
            if opened % 2:
                trusted += self.found_wrong_where_the_mark_is_believed(machine, folder)
            else:
                self.made_again(machine, folder)
            if opened >= 4 and trusted:
                break
        self.assertGreater(opened, 1, "none of the draws was half-written and opened all the same")
        self.assertGreater(trusted, 0, "tables that were half-written did no harm: the mark is tried on nothing")
        TALLY.add(half_written_tables=opened)

    @staticmethod
    def rows(folder):
        """What LMDB reads there; None where it cannot."""
        done = subprocess.run([ALTER, os.path.join(folder, "tables"), "dump"], capture_output=True, check=False)
        return done.stdout if done.returncode == 0 else None

    def made_again(self, machine, folder):
        disk, records, taken, before = machine.disk, machine.records, machine.taken, machine.suite.log("probe")
        machine.remember(disk.replies)
        machine.boot(folder)
        machine.ledger.patience = PATIENCE
        machine.recover()
        machine.ledger.patience = LITTLE_PATIENCE
        self.assertIn("rebuilding the tables", machine.suite.log("probe")[len(before):])
        machine.disk, machine.records, machine.taken = disk, records, taken

    def found_wrong_where_the_mark_is_believed(self, machine, folder):
        """The same boot as before: nothing tells that the power was gone, and what is wrong with the tables shows only in use."""
        disk, records, taken = machine.disk, machine.records, machine.taken
        boot_id = os.path.join(machine.place, "boot-id")
        with open(os.path.join(folder, "probe", "in-use"), encoding="ascii") as file:
            same = file.read().split()[1]
        machine.remember(disk.replies)
        machine.boot(folder)
        with open(boot_id, "w", encoding="ascii") as file:
            file.write(same + "\n")
        try:
            machine.recover()
            return 0
        except AssertionError:
            return 1
        finally:
            machine.die()
            machine.disk, machine.records, machine.taken = disk, records, taken


if __name__ == "__main__":
    common.run(unittest, CHOSEN, TALLY, "powercut")
