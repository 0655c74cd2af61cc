"""Disk full, map full, disk broken: new work is refused with a sentence, reads go on, nobody crashes again and again, nothing is lost.

    full_test.py [--long] [--errors N] [--seed N]

The disks are a tmpfs and an ext4 in a file, mounted for this process alone; a map that is small enough for a test is LMDB's own, divided
by faults.c as it is opened.
"""
import errno
import os
import subprocess
import tempfile
import time
import unittest

import common

MOUNTS = common.with_own_mounts()

from ledger import Ledger  # noqa: E402  (once the process is where it stays)
from suite import PATIENCE, Suite, notification, wait_for, wire  # noqa: E402

CHOSEN = common.arguments(__doc__.split("\n")[0], errors=(3, 12))
TALLY = common.Tally()
DISK_MB = 160  # two services' logs and tables with the room that they make ahead
KINDS = ("tmpfs", "ext4") if CHOSEN.long else (CHOSEN.random.choice(("tmpfs", "ext4")),)


class Full(unittest.TestCase):
    def setUp(self):
        self.suite = None
        self.faults_folder = tempfile.mkdtemp(prefix="jineng-faults-")
        self.addCleanup(subprocess.run, ["rm", "-rf", self.faults_folder], check=False)

    def make(self, size=0, **config):
        self.suite = Suite(["probe", "shadow"], **config)
        self.addCleanup(self.suite.__exit__, None, None, None)
        self.ledger = Ledger(self.suite, CHOSEN.seed, size)
        self.ledger.pace = 0.0 if size else 0.05
        return self.suite

    def inboxes(self, service="probe"):
        return self.suite.client("auditor", service).query("Inboxes", notification.InboxesRequest(), notification.Done).number

    def assert_all_there(self):
        self.ledger.settle()
        self.ledger.audit()
        self.suite.assert_sound()
        TALLY.add(acknowledgements_kept=len(self.ledger.accepted()))

    def assert_reads_go_on(self):
        opened = len(self.ledger.opened())
        self.assertGreaterEqual(self.inboxes(), opened)
        self.assertLessEqual(self.inboxes("shadow"), self.inboxes())
        blocks, _ = self.ledger.read_log()
        self.assertGreater(len(blocks), 0)

    def refused(self, session=b"another session!", sequence=1):
        """What a new command is told."""
        client = self.suite.client("operator", "probe")
        body = notification.OpenInbox(agency="not now", answer_days=100)
        return client.answer(client.request("OpenInbox", body, session=session, sequence=sequence))

    # ---- Map ----

    def test_a_map_that_is_full(self):
        """The probe's map holds 16 MiB, the shadow's 8: the shadow, which must follow, comes to its very end."""
        suite, faults = self.make(size=120_000, map_gib=1), {}
        for service, divisor in (("probe", 64), ("shadow", 128)):
            faults[service] = common.Faults(self.faults_folder, service)
            faults[service].set(map_divisor=divisor)
            suite.surroundings = faults[service].layer()
            suite.start(service)
        with self.ledger.clerks(2, window=48):
            wait_for("a command is put off", lambda: sum(self.ledger.sentences.values()) > 20)
            wait_for("the shadow has no room", lambda: "room=none" in suite.log("shadow") or "no room" in suite.log("shadow"))
            self.assertTrue(all(reason and "repeat it as it is" in reason for reason in self.ledger.sentences), self.ledger.sentences)
            time.sleep(2.5)  # past every pause after which somebody tries again
            for service in ("probe", "shadow"):
                self.assertIsNone(suite.processes[service].poll(), f"{service} ended:\n{suite.log(service)[-1500:]}")
                self.assertLess(len(suite.log(service).splitlines()), 60, f"{service} says the same again and again")
            self.inboxes("shadow")
            for service in ("probe", "shadow"):  # neither is in a loop of ends and starts
                suite.kill(service)
                suite.surroundings = faults[service].layer()
                suite.start(service)
            self.assertEqual(self.refused().code, wire.UNAVAILABLE)
            self.assert_reads_go_on()
            for service in ("probe", "shadow"):  # a larger map_gib
                suite.stop(service)
                faults[service].set(map_divisor=1)
                suite.surroundings = faults[service].layer()
                suite.start(service)
        self.assertGreater(faults["probe"].effects(), 0)
        self.assert_all_there()
        TALLY.add(maps_filled=2, commands_put_off=sum(self.ledger.sentences.values()))

    # ---- Disk ----

    def mount(self, kind):
        if not MOUNTS:
            common.skip(self, f"a full {kind}: no mount namespace may be made here")
        where = tempfile.mkdtemp(prefix="jineng-disk-", dir=self.faults_folder)
        if kind == "tmpfs":
            steps = [["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", where]]
        else:
            image = where + ".image"
            with open(image, "wb") as file:
                file.truncate(DISK_MB << 20)
            steps = [["mkfs.ext4", "-q", "-m", "0", image], ["mount", "-o", "loop", image, where]]
        for step in steps:
            done = subprocess.run(step, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                common.skip(self, f"a full {kind}: {' '.join(step[:2])}: {done.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", where], check=False)
        return where

    @staticmethod
    def fill(where, leave):
        """Somebody else takes what is left but so many bytes."""
        with open(os.path.join(where, "ballast"), "ab", buffering=0) as file:
            try:
                while (free := os.statvfs(where).f_bavail * os.statvfs(where).f_frsize) > leave:
                    file.write(bytes(min(1 << 20, free - leave)))
            except OSError as fault:
                assert fault.errno == errno.ENOSPC, fault

    def test_a_disk_that_is_nearly_full(self):
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.nearly_full(self.mount(kind))

    def nearly_full(self, where):
        suite = self.make(where=where, disk_reserve_mb=16)
        suite.start()
        with self.ledger.clerks(2, window=16):
            wait_for("some are answered", lambda: self.ledger.answered() > 100)
            self.fill(where, 8 << 20)
            wait_for("commands are put off", lambda: sum(self.ledger.sentences.values()) > 10)
            self.assert_reads_go_on()
            self.assertIn("disk", self.refused().reason)
            os.unlink(os.path.join(where, "ballast"))
            before = self.ledger.answered()
            wait_for("it goes on", lambda: self.ledger.answered() > before + 50)
        self.assert_all_there()
        suite.stop()
        suite.__exit__(None, None, None)
        TALLY.add(disks_filled=1, commands_put_off=sum(self.ledger.sentences.values()))

    def test_a_disk_without_a_byte_left(self):
        """Filled in the midst of a load of large commands, and again and again as the services take what room there is."""
        for kind in KINDS:
            with self.subTest(kind=kind):
                self.without_a_byte(self.mount(kind))

    def without_a_byte(self, where):
        suite = self.make(size=60_000, where=where, disk_reserve_mb=1)
        suite.start()
        with self.ledger.clerks(2, window=48):
            wait_for("some are answered", lambda: self.ledger.answered() > 60)
            self.fill(where, 0)
            wait_for("commands are put off", lambda: sum(self.ledger.sentences.values()) > 10)
            time.sleep(1.0)
            for service in ("probe", "shadow"):
                self.assertIsNone(suite.processes[service].poll(), f"{service} ended:\n{suite.log(service)[-1500:]}")
            self.assert_reads_go_on()
            for service in ("probe", "shadow"):  # who is killed comes back on a disk without a byte
                suite.kill(service)
                suite.start(service)
            self.assertEqual(self.refused().code, wire.UNAVAILABLE)
            self.assert_reads_go_on()
            os.unlink(os.path.join(where, "ballast"))
            before = self.ledger.answered()
            wait_for("it goes on", lambda: self.ledger.answered() > before + 20)
        self.assert_all_there()
        self.no_room_to_start(where)
        suite.__exit__(None, None, None)
        TALLY.add(disks_filled=1, commands_put_off=sum(self.ledger.sentences.values()))

    def no_room_to_start(self, where):
        """Stopped politely, and then there is no room for the mark: a clear refusal, and a start once there is."""
        suite = self.suite
        suite.stop()
        self.fill(where, 0)
        refused = suite.launch("probe")
        if wait_for("it says so, or starts", lambda: refused.poll() is not None or suite.log("probe").count(" ready ") > 2):
            if refused.poll() is not None:
                self.assertEqual(refused.returncode, 78)
                self.assertRegex(suite.log("probe").splitlines()[-1], "start=failed reason=.*(No space left|disk full)")
                del suite.processes["probe"]
        os.unlink(os.path.join(where, "ballast"))
        suite.start(*(name for name in suite.services if name not in suite.processes))
        self.assert_all_there()

    # ---- A disk that fails ----

    def test_writes_and_syncs_that_fail(self):
        """The service says so and ends; nothing was promised that is not there when it starts again."""
        suite, faults = self.make(), common.Faults(self.faults_folder)
        suite.surroundings = faults.layer()
        suite.start()
        errors = [dict(sync_error=errno.EIO), dict(write_error=errno.EIO), dict(write_error=errno.EIO, half=1),
                  dict(write_error=errno.ENOSPC), dict(write_error=errno.ENOSPC, half=1), dict(write_error=errno.EROFS)]
        with self.ledger.clerks(2, window=16, again=0.2):
            for turn in range(CHOSEN.errors):
                error = errors[turn % len(errors)] if turn < len(errors) else CHOSEN.random.choice(errors)
                before = self.ledger.answered()
                wait_for("it is at work", lambda: self.ledger.answered() > before + 20)
                faults.set(**error)
                self.ends_clearly("probe", error, PATIENCE)
                self.ends_clearly("shadow", error, 0.5)  # where it has something to write
                faults.set(write_error=0, sync_error=0, half=0)
                suite.start(*(service for service in suite.services if service not in suite.processes))
                TALLY.add(disk_errors=1)
        self.assertGreaterEqual(faults.effects(), CHOSEN.errors)
        self.assert_all_there()

    def ends_clearly(self, service, error, seconds):
        try:
            code = self.suite.processes[service].wait(seconds)
        except subprocess.TimeoutExpired:
            assert service != "probe", f"{service} goes on under {error}"
            return
        del self.suite.processes[service]
        self.assertEqual(code, 1, f"{service} under {error} left with {code}:\n{self.suite.log(service)[-1500:]}")
        self.assertIn("commit=failed", self.suite.log(service).splitlines()[-1])


if __name__ == "__main__":
    common.run(unittest, CHOSEN, TALLY, "full")
