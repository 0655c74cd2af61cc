"""A whole campaign while services, their supervisor and the player itself are killed, copied and brought back: the totals are what they
are without all that, and nothing is found."""
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

from suite import ROOT, SANITIZED, City

PEOPLE = 600 if SANITIZED else 3000
RANDOM = random.Random(20261123)


class Campaign(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sheets = tempfile.mkdtemp(prefix="jineng-campaign-")
        cls.addClassCleanup(shutil.rmtree, cls.sheets, True)
        subprocess.run([sys.executable, os.path.join(ROOT, "tests", "oracle", "generate.py"), "--people", str(PEOPLE), "--seed", "7",
                        cls.sheets], check=True, capture_output=True)
        with open(os.path.join(cls.sheets, "expected.json"), encoding="utf-8") as file:
            cls.expected = json.load(file)

    def setUp(self):
        self.city = City()
        self.addCleanup(self.city.__exit__, None, None, None)

    def finish(self, player):
        """What it printed, once it is done."""
        out, _ = player.communicate(timeout=300)
        with open(os.path.join(self.city.folder, "play.err"), encoding="utf-8") as file:
            self.assertEqual(player.returncode, 0, file.read()[-3000:])
        return json.loads(out)

    def assert_totals(self, totals):
        self.assertEqual({key: value for key, value in totals.items() if value != {}},
                         {key: value for key, value in self.expected.items() if value != {}})
        self.city.run("verify")

    def spoil(self, player, turn):
        """A fault a turn; the player that goes on."""
        what = ("service", "service", "up", "play", "both")[turn % 5]
        if what == "service":
            self.city.kill(RANDOM.choice(City.SERVICES))
        if what in ("play", "both"):
            player.kill()
            player.communicate()
        if what in ("up", "both"):
            self.city.kill_up()
            self.city.start()
        return self.city.play(self.sheets) if what in ("play", "both") else player

    def test_killed_all_the_time(self):
        self.city.start()
        player = self.city.play(self.sheets)
        turns = 0
        while turns < 25:
            time.sleep(RANDOM.uniform(0.05, 0.5))
            if player.poll() is not None:
                break
            player = self.spoil(player, turns)
            turns += 1
        totals = self.finish(player)
        self.assertGreater(turns, 3, "it was over before it was disturbed")
        self.assert_totals(totals)
        self.city.stop()
        self.city.run("verify")

    def test_from_a_backup_taken_in_the_middle(self):
        self.city.start()
        player = self.city.play(self.sheets)
        time.sleep(0.6)
        self.city.run("verify")
        backup = os.path.join(self.city.folder, "backup")
        self.city.run("backup", backup)
        self.assertIsNone(player.poll(), "it was over before it was copied")
        self.assert_totals(self.finish(player))
        self.city.stop()

        self.city.data = os.path.join(self.city.folder, "again")
        self.city.run("restore", backup, self.city.data)
        self.city.start()
        self.assert_totals(self.finish(self.city.play(self.sheets)))


if __name__ == "__main__":
    unittest.main()
