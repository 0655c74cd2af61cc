"""What was played is gone on with: after a restart, in parts, and for one campaign a data folder."""
import os
import re
import shutil
import signal
import tempfile
import time
import unittest

from rehearsal import SERVICES, Rehearsal, campaign, differences
from suite import wait_for


def messages(done):
    return int(re.search(r" messages=(\d+) ", done.stderr)[1])


class Again(unittest.TestCase):
    def rehearsal(self):
        rehearsal = Rehearsal("again")
        self.addCleanup(rehearsal.close)
        return rehearsal

    def plays(self, rehearsal, folder):
        done = rehearsal.play(folder, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(differences(folder, done.stdout), [])
        return done

    def is_refused(self, rehearsal, folder, words):
        stood, rejected = rehearsal.events(), rehearsal.rejected()
        done = rehearsal.play(folder, "--json")
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        self.assertIn(words, done.stderr)
        self.assertIn("use a fresh data folder", done.stderr)
        self.assertEqual(rehearsal.events(), stood, "something was done for it")
        self.assertEqual(rehearsal.rejected(), rejected, "the list of the other's rows was replaced")

    def test_a_stop_and_a_start_change_nothing(self):
        rehearsal = self.rehearsal()
        rehearsal.up()
        first = self.plays(rehearsal, campaign("dirty-zh"))
        stood = rehearsal.events()
        for turn in ("still up", "started again", "and again"):
            with self.subTest(turn):
                again = self.plays(rehearsal, campaign("dirty-zh"))
                self.assertEqual(again.stdout, first.stdout)
                self.assertLess(messages(again), messages(first) / 5)
                self.assertEqual(rehearsal.events(), stood, "something was done once more")
            rehearsal.down()
            rehearsal.up()
        rehearsal.assert_sound()

    def test_a_data_folder_holds_one_campaign(self):
        rehearsal = self.rehearsal()
        rehearsal.up()
        first = self.plays(rehearsal, campaign("dirty-zh"))
        self.is_refused(rehearsal, campaign("small"), "already holds another campaign")
        with tempfile.TemporaryDirectory(prefix="jineng-folders-") as parent:
            folder = os.path.join(parent, "corrected")
            shutil.copytree(campaign("dirty-zh"), folder)
            self.assertEqual(self.plays(rehearsal, folder).stdout, first.stdout)  # another place, the same sheets
            with open(os.path.join(folder, "classes.csv"), "ab") as file:
                file.write(b"\r\n")
            self.is_refused(rehearsal, folder, "this folder's sheets have changed since")
        self.assertEqual(self.plays(rehearsal, campaign("dirty-zh")).stdout, first.stdout)

    def test_what_was_interrupted_goes_on(self):
        rehearsal = self.rehearsal()
        rehearsal.up()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            rehearsal.launch_play(campaign("small"))
            time.sleep(0.3)
            rehearsal.player.send_signal(number)
            rehearsal.player.wait()
            rehearsal.down()
            rehearsal.up()
        self.plays(rehearsal, campaign("small"))
        rehearsal.assert_sound()

    def test_a_second_play_is_sent_away(self):
        rehearsal = self.rehearsal()
        rehearsal.up()
        rehearsal.launch_play(campaign("small"))
        wait_for("the first has begun", lambda: os.path.exists(os.path.join(rehearsal.data, "campaign")))
        done = rehearsal.play(campaign("small"), "--json")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("another jineng play is at work", done.stderr)
        self.assertEqual(rehearsal.player.wait(), 0)
        self.assertEqual(differences(campaign("small"), rehearsal.played()), [])

    def test_services_that_come_later_catch_up(self):
        """The play waits for a service that is not there yet; each is stopped and started alone."""
        rehearsal = self.rehearsal()
        rehearsal.up()
        rehearsal.down()
        rehearsal.launch("enrollment", "certification")
        rehearsal.launch_play(campaign("small"))
        for services in (["ledger"], ["notification"], ["subsidy"]):
            time.sleep(0.3)
            rehearsal.launch(*services)
        wait_for("the play comes through", lambda: rehearsal.player.poll() is not None, 120)
        self.assertEqual(differences(campaign("small"), rehearsal.played()), [])
        for service in reversed(SERVICES):
            one = [process for process in rehearsal.supervisors if service in process.args]
            self.assertEqual(len(one), 1)
        rehearsal.down()

    def test_services_do_not_outlive_their_supervisor(self):
        rehearsal = self.rehearsal()
        rehearsal.up()
        self.assertTrue(all(rehearsal.pids(service) for service in SERVICES))
        rehearsal.supervisor.kill()
        rehearsal.supervisor.wait()
        wait_for("the services have left", lambda: not any(rehearsal.pids(service) for service in SERVICES))

    def test_a_service_stopped_alone_starts_again(self):
        """SIGTERM to each in turn while it plays: its supervisor brings it back, nobody else is hurt."""
        rehearsal = self.rehearsal()
        rehearsal.up()
        rehearsal.launch_play(campaign("small"))
        for service in SERVICES:
            time.sleep(0.15)
            rehearsal.signal(service, signal.SIGTERM)
        wait_for("the play comes through", lambda: rehearsal.player.poll() is not None, 120)
        self.assertEqual(differences(campaign("small"), rehearsal.played()), [])
        rehearsal.assert_sound()


if __name__ == "__main__":
    unittest.main()
