"""Services that are killed under load: nothing that was acknowledged is lost, nothing that was repeated is done twice."""
import os
import random
import signal
import time
import unittest

from suite import SANITIZED, Load, Suite, notification, wait_for, wire

RANDOM = random.Random(int(os.environ.get("JINENG_SEED", "20261123")))
KILLS = 6 if SANITIZED else 12


class Restart(unittest.TestCase):
    def setUp(self):
        self.suite = Suite(["probe", "shadow"])
        self.addCleanup(self.suite.__exit__, None, None, None)

    def inboxes(self, service):
        return self.suite.client("auditor", service).query("Inboxes", notification.InboxesRequest(), notification.Done).number

    def assert_once_each(self, loads):
        told = [number for load in loads for number in load.told.values()]
        for load in loads:
            self.assertEqual(load.other, [])
            self.assertEqual(sorted(load.told), list(range(1, len(load.told) + 1)), "a command was never answered")
        self.assertEqual(sorted(told), list(range(1, len(told) + 1)), "an inbox was lost, or opened twice")
        self.assertEqual(self.inboxes("probe"), len(told))
        self.suite.follow("shadow", "probe")
        self.assertEqual(self.inboxes("shadow"), len(told))  # a million more for each that was seen twice
        self.suite.assert_sound()

    def test_killed_under_load(self):
        self.suite.start()
        loads = [Load(self.suite, window=64), Load(self.suite, window=1)]
        for load in loads:
            load.start()
        for turn in range(KILLS):
            time.sleep(RANDOM.uniform(0.05, 0.4))
            name = "probe" if turn % 3 else "shadow"
            self.suite.kill(name)
            if turn % 4 == 0:
                time.sleep(0.3)
            self.suite.start(name)
        for load in loads:
            load.finish()
        self.assertGreater(sum(len(load.told) for load in loads), 200)
        self.assert_once_each(loads)

    def test_killed_while_it_starts(self):
        self.suite.start()
        load = Load(self.suite)
        load.start()
        time.sleep(0.5)
        for _ in range(KILLS):
            self.suite.kill("probe")
            self.suite.launch("probe")
            time.sleep(RANDOM.uniform(0.0, 0.06))
        self.suite.kill("probe")
        self.suite.start("probe")
        load.finish()
        self.assert_once_each([load])

    def test_stopped_politely_under_load(self):
        self.suite.start()
        load = Load(self.suite)
        load.start()
        for name in ("probe", "shadow", "probe"):
            time.sleep(0.3)
            self.suite.stop(name)
            self.assertFalse(os.path.exists(os.path.join(self.suite.data, name, "in-use")))
            self.suite.start(name)
        load.finish()
        self.assert_once_each([load])

    def test_told_to_stop_again_and_again_it_ends_in_good_order(self):
        for turn in range(3):
            self.suite.start()
            process = self.suite.processes.pop("probe")
            process.send_signal(signal.SIGINT)
            while process.poll() is None:
                process.send_signal(signal.SIGTERM if turn % 2 else signal.SIGINT)
            self.assertEqual(process.returncode, 0)
            self.assertFalse(os.path.exists(os.path.join(self.suite.data, "probe", "in-use")))
            self.suite.stop("shadow")

    def test_the_mark_of_another_boot_has_the_tables_made_again(self):
        self.suite.start()
        load = Load(self.suite)
        load.start()
        time.sleep(0.5)
        self.suite.kill("probe")
        mark = os.path.join(self.suite.data, "probe", "in-use")
        with open(mark, "w", encoding="ascii") as file:
            file.write("boot 00000000-0000-0000-0000-000000000000 device 1 inode 1\n")
        self.suite.start("probe")
        load.finish()
        self.assertIn("rebuilding the tables", self.suite.log("probe"))
        self.assert_once_each([load])

    def test_blocks_larger_than_a_frame_reach_followers(self):
        self.suite.start()
        load = Load(self.suite, window=40, size=200_000)
        load.start()
        time.sleep(1.5)
        load.finish()
        self.assert_once_each([load])

    def test_a_client_that_starts_again_repeats_itself(self):
        self.suite.start()
        first = self.suite.client("operator", "probe")
        body = notification.OpenInbox(agency="veterans", answer_days=100)
        numbers = [first.ask("OpenInbox", body, notification.Done).number for _ in range(20)]
        second = self.suite.client("operator", "probe")
        second.session = first.session
        self.assertEqual([second.ask("OpenInbox", body, notification.Done).number for _ in range(20)], numbers)
        self.suite.kill("probe")
        self.suite.start("probe")
        third = self.suite.client("operator", "probe")
        third.session = first.session
        self.assertEqual([third.ask("OpenInbox", body, notification.Done).number for _ in range(20)], numbers)
        self.assertEqual(self.inboxes("probe"), 20)

    def test_a_folder_has_one_service(self):
        process = self.suite.launch("probe")
        wait_for("ready", lambda: " ready " in self.suite.log("probe"))
        self.assertIsNone(process.poll())
        again = self.suite.processes.pop("probe")
        other = self.suite.launch("probe")
        self.assertNotEqual(other.wait(20), 0)  # the folder is in use
        self.assertIn("in use", self.suite.log("probe"))
        self.suite.processes["probe"] = again
        self.assertEqual(self.suite.client("operator", "probe").answer(
            wire.Request(id=1, service="probe", method="Stand")).code, wire.OK)


if __name__ == "__main__":
    unittest.main()
