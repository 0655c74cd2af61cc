"""The power goes in the midst of a campaign, for all five services at once: played again on what the disk kept, it comes to the same totals.

    campaign_test.py [--long] [--cuts N] [--people N] [--seed N]
"""
import os
import shutil
import signal
import tempfile
import unittest

import common
from powercut import Disk, read_journal
from rehearsal import PLAY_TIMEOUT, SERVICES, Rehearsal, differences, make_folder

CHOSEN = common.arguments(__doc__.split("\n")[0], cuts=(2, 4), people=(40, 80))
TALLY = common.Tally()


class Campaign(unittest.TestCase):
    def test_totals_survive(self):
        parent = tempfile.mkdtemp(prefix="jineng-folders-")
        self.addCleanup(shutil.rmtree, parent, True)
        self.folder = make_folder(parent, CHOSEN.people, CHOSEN.seed % 1_000_000, "spread")
        with Rehearsal("powercut") as rehearsal:
            rehearsal.up()  # folders and keys are made, and all is synced
            rehearsal.down()
            disk, records = self.play_and_die(rehearsal)
            taken = 0
            for through in sorted(CHOSEN.random.randrange(1, len(records)) for _ in range(CHOSEN.cuts)):
                for record in records[taken:through]:
                    disk.take(record)
                taken = through
                rehearsal.data = os.path.join(rehearsal.folder, f"cut-{through}")
                drawn = disk.image(rehearsal.data, CHOSEN.random)
                with self.subTest(cut=f"after record {through} of {len(records)}, {drawn}"):
                    self.survives(rehearsal)
                shutil.rmtree(rehearsal.data, True)

    def boot(self, rehearsal, number):
        boot_id = os.path.join(rehearsal.folder, "boot-id")
        with open(boot_id, "w", encoding="ascii") as file:
            file.write(f"{number:08d}-0000-4000-8000-000000000000\n")
        rehearsal.environment |= common.layer("powercut", JN_BOOT_ID=boot_id)
        rehearsal.environment["JINENG_DATA"] = rehearsal.data
        rehearsal.environment.pop("JN_JOURNAL", None)

    def play_and_die(self, rehearsal):
        """A campaign from its beginning to its end, written down."""
        self.boot(rehearsal, 1)
        journal = os.path.join(rehearsal.folder, "journal")
        rehearsal.environment |= {"JN_JOURNAL": journal, "JN_ROOT": rehearsal.data}
        disk = Disk(rehearsal.data)
        rehearsal.up()
        self.come_through(rehearsal)
        self.die(rehearsal)
        return disk, read_journal(journal)

    def come_through(self, rehearsal):
        code = rehearsal.launch_play(self.folder).wait(PLAY_TIMEOUT)
        self.assertEqual(code, 0, rehearsal.logs().get("play.err", "")[-1500:])
        self.assertEqual(differences(self.folder, rehearsal.played()), [])

    @staticmethod
    def die(rehearsal):
        for supervisor in rehearsal.supervisors:
            supervisor.kill()
            supervisor.wait()
        rehearsal.supervisors = []
        for service in SERVICES:
            rehearsal.signal(service, signal.SIGKILL)

    def survives(self, rehearsal):
        self.boot(rehearsal, 2)
        try:
            rehearsal.up()
            rehearsal.assert_sound()
            self.come_through(rehearsal)
            rehearsal.assert_sound()
            TALLY.add(power_cuts_of_a_campaign=1)
        finally:
            self.die(rehearsal)


if __name__ == "__main__":
    common.run(unittest, CHOSEN, TALLY, "campaign")
