"""A campaign that is copied while it is played, and played on from the copy: the totals are what they are without all that."""
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from rehearsal import SERVICES, Rehearsal, chance, chosen_seed, differences, make_folder
from suite import BIN, PATIENCE, SANITIZED, wait_for

PEOPLE = 1500 if SANITIZED else 6000


class CampaignBackup(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.random = chance(chosen_seed())
        parent = tempfile.mkdtemp(prefix="jineng-folders-")
        cls.addClassCleanup(shutil.rmtree, parent, True)
        cls.sheets = make_folder(parent, PEOPLE, 7, "spread")

    def setUp(self):
        self.rehearsal = Rehearsal("backup")
        self.addCleanup(self.rehearsal.close)
        self.rehearsal.environment["TMPDIR"] = self.rehearsal.folder  # where jineng leaves its scratch when it is killed
        self.rehearsal.up()

    def path(self, name):
        return os.path.join(self.rehearsal.folder, name)

    def run_jineng(self, *arguments, code=0):
        done = self.rehearsal.jineng(*arguments)
        self.assertEqual(done.returncode, code, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout + done.stderr

    def begin(self):
        player = self.rehearsal.launch_play(self.sheets)
        wait_for("money has come", lambda: self.rehearsal.call("ledger.Stand").get("events", 0) > 0)
        return player

    def finish(self):
        self.assertEqual(self.rehearsal.player.wait(PATIENCE * 10), 0)
        self.assertEqual(differences(self.sheets, self.rehearsal.played()), [])
        self.rehearsal.assert_sound()

    def test_from_a_backup_taken_in_the_middle(self):
        player = self.begin()
        self.rehearsal.assert_sound()
        self.run_jineng("backup", self.path("backup"))
        self.assertIsNone(player.poll(), "it was over before it was copied")
        self.finish()
        self.rehearsal.down()
        self.run_jineng("restore", self.path("backup"), self.path("again"))
        self.rehearsal.data = self.path("again")
        self.rehearsal.environment["JINENG_DATA"] = self.rehearsal.data
        self.rehearsal.up()
        self.rehearsal.launch_play(self.sheets)
        self.finish()

    def test_backups_while_services_die(self):
        """Each is whole and sound, or is not there."""
        self.begin()
        good = 0
        for turn in range(8):
            target = self.path(f"backup-{turn}")
            maker = subprocess.Popen([os.path.join(BIN, "jineng"), "backup", target], stdout=subprocess.DEVNULL,
                                     stderr=subprocess.DEVNULL, env=self.rehearsal.environment)
            time.sleep(self.random.uniform(0.0, 0.2))
            if turn % 4 == 3:
                maker.kill()
            elif turn % 2:
                self.rehearsal.signal(self.random.choice(SERVICES), signal.SIGKILL)
            maker.wait(PATIENCE * 6)
            self.assertEqual(os.path.exists(target), maker.returncode == 0)
            if maker.returncode == 0:
                self.run_jineng("restore", target, self.path(f"again-{turn}"))
                good += 1
        self.assertGreater(good, 0)
        self.finish()

    def test_nothing_is_restored_under_a_supervisor(self):
        self.run_jineng("backup", self.path("backup"))
        self.assertIn("in use", self.run_jineng("restore", self.path("backup"), self.rehearsal.data, code=1))
        shutil.rmtree(os.path.join(self.rehearsal.data, "ledger"))
        self.assertIn("in use", self.run_jineng("restore", self.path("backup"), self.rehearsal.data, "ledger", code=1))
        self.rehearsal.signal("ledger", signal.SIGKILL)
        self.assertIn("in use", self.run_jineng("restore", self.path("backup"), self.rehearsal.data, "ledger", code=1))


if __name__ == "__main__":
    unittest.main()
