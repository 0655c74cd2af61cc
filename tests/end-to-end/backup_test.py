"""jineng backup and restore: a copy as of one moment while commands flow, and a suite that goes on from it."""
import os
import shutil
import time
import unittest

from suite import Load, Suite, notification

BODY = notification.OpenInbox(agency="veterans", answer_days=100)


class Backup(unittest.TestCase):
    def setUp(self):
        self.suite = Suite(["probe", "shadow"])
        self.addCleanup(self.suite.__exit__, None, None, None)
        self.backup = self.path("backup")

    def path(self, name):
        return os.path.join(os.path.dirname(self.suite.data), name)

    def assert_done(self, *arguments):
        done = self.suite.jineng(*arguments)
        self.assertEqual(done.returncode, 0, f"{arguments}: {done.stdout}{done.stderr}")
        return done.stdout

    def assert_refused(self, words, *arguments):
        done = self.suite.jineng(*arguments)
        self.assertEqual(done.returncode, 1, f"{arguments}: {done.stdout}{done.stderr}")
        self.assertIn(words, done.stdout + done.stderr)

    def ask(self, count=1):
        client = self.suite.client("operator", "probe")
        return [client.ask("OpenInbox", BODY, notification.Done).number for _ in range(count)]

    def inboxes(self, service):
        return self.suite.client("auditor", service).query("Inboxes", notification.InboxesRequest(), notification.Done).number

    def move_to(self, data):
        """The suite goes on in another folder."""
        self.suite.stop()
        self.suite.data = data

    # ---- While it runs ----

    def test_while_commands_flow(self):
        self.suite.start()
        load = Load(self.suite)
        load.start()
        time.sleep(0.5)
        before = len(load.told)
        said = self.assert_done("backup", self.backup)
        self.assertIn("kept probe through block", said)
        self.assertIn("sound", said)
        for turn in range(4):
            self.assert_done("backup", self.path(f"backup-{turn}"))
        load.finish()
        self.assertEqual(load.other, [])
        self.suite.follow("shadow", "probe")  # who rested goes on
        self.suite.assert_sound()
        self.assertFalse([name for name in os.listdir(os.path.dirname(self.suite.data)) if "partial" in name])

        said = self.assert_done("restore", self.backup, self.path("again"))
        self.assertIn("restored shadow through block", said)
        self.assertFalse(os.path.exists(os.path.join(self.path("again"), "probe", "in-use")))
        self.assertFalse(os.path.exists(os.path.join(self.path("again"), "probe", "tables")))
        self.move_to(self.path("again"))
        self.suite.start()
        kept = self.inboxes("probe")
        self.assertGreaterEqual(kept, before)
        self.assertLess(kept, len(load.told))
        self.suite.follow("shadow", "probe")
        self.assertEqual(self.inboxes("shadow"), kept)
        self.assertEqual(self.ask(10), list(range(kept + 1, kept + 11)))
        self.suite.follow("shadow", "probe")
        self.assertEqual(self.inboxes("shadow"), kept + 10)
        self.suite.stop()
        self.suite.assert_sound()

    def test_what_was_acknowledged_before_is_known_after(self):
        self.suite.start()
        client = self.suite.client("operator", "probe")
        request = client.command("OpenInbox", BODY)
        first = client.answer(request)
        self.assert_done("backup", self.backup)
        self.assert_done("restore", self.backup, self.path("again"))
        self.move_to(self.path("again"))
        self.suite.start()
        self.assertEqual(client.answer(request).body, first.body)
        self.assertEqual(self.inboxes("probe"), 1)

    def test_while_stopped_and_while_some_are(self):
        self.assert_done("backup", self.path("empty"))
        self.suite.start()
        self.ask(5)
        self.suite.follow("shadow", "probe")
        self.suite.stop("shadow")
        self.assert_done("backup", self.path("some"))
        self.suite.stop()
        self.assert_done("backup", self.path("none"))
        for name in ("empty", "some", "none"):
            self.assert_done("restore", self.path(name), self.path(name + "-again"))
            self.suite.assert_sound(self.path(name + "-again"))
        self.move_to(self.path("none-again"))
        self.suite.start()
        self.assertEqual(self.ask(), [6])
        self.move_to(self.path("empty-again"))
        self.suite.start()
        self.assertEqual(self.ask(), [1])

    # ---- What is refused ----

    def test_nothing_is_overwritten(self):
        self.suite.start()
        self.ask()
        os.mkdir(self.backup)
        self.assert_refused("is there already", "backup", self.backup)
        os.rmdir(self.backup)
        self.assert_done("backup", self.backup)
        self.assert_refused("is there already", "backup", self.backup)
        self.assert_refused("is in use", "restore", self.backup, self.suite.data)
        self.suite.stop()
        self.assert_refused("is not empty", "restore", self.backup, self.suite.data)
        self.assert_refused("is no backup", "restore", self.suite.data, self.path("again"))
        self.assertFalse(os.path.exists(self.path("again")))
        os.mkdir(self.path("again"))
        self.assert_done("restore", self.backup, self.path("again"))  # an empty folder will do

    def test_who_may(self):
        self.suite.start()
        self.assert_refused("may not do that", "backup", self.backup, "--as", "auditor")
        self.assertFalse(os.path.exists(self.backup))

    def test_what_is_not_understood(self):
        for arguments in (["backup"], ["backup", "one", "two"], ["restore", "one"], ["verify", "nobody"], ["verify", "probe", "probe"],
                          ["verify", "--deep"], ["restore", "--data", "x", "y", "z"]):
            self.assertEqual(self.suite.jineng(*arguments).returncode, 2, arguments)
        for arguments in (["verify", "--bin", "/nowhere"], ["verify", "--scratch", "/nowhere"], ["verify", "--data", "/nowhere"],
                          ["backup", self.backup, "--data", "/nowhere"], ["backup", self.backup, "--as", "nobody"]):
            self.assertEqual(self.suite.jineng(*arguments).returncode, 78, arguments)

    def test_a_backup_that_was_changed_is_found_and_not_started_from(self):
        self.suite.start()
        self.ask(20)
        self.assert_done("backup", self.backup)
        name = os.path.join(self.backup, "probe", "log", "data.mdb")
        with open(name, "rb") as file:
            good = file.read()
        at = good.index(b"veterans")
        with open(name, "wb") as file:
            file.write(good.replace(b"veterans", b"veterinary"[:8]))
        self.assertGreater(at, 0)
        self.assert_refused("FOUND", "restore", self.backup, self.path("again"))
        self.assertFalse(os.path.exists(os.path.join(self.path("again"), "jineng.yaml")))

    def test_a_shorter_log_is_not_taken_for_the_backups(self):
        self.suite.start()
        self.ask(3)
        self.assert_done("backup", self.path("older"))
        self.ask(3)
        self.assert_done("backup", self.backup)
        shutil.copy(os.path.join(self.path("older"), "probe", "log", "data.mdb"), os.path.join(self.backup, "probe", "log"))
        shutil.rmtree(os.path.join(self.backup, "shadow"))  # the witness
        with open(os.path.join(self.backup, "backup"), encoding="ascii") as file:
            lines = [line for line in file if not line.startswith("shadow")]
        with open(os.path.join(self.backup, "backup"), "w", encoding="ascii") as file:
            file.writelines(lines)
        self.assert_refused("was taken at block", "restore", self.backup, self.path("again"))

    # ---- One service alone ----

    def test_a_follower_alone_comes_back_and_reads_on(self):
        self.suite.start()
        self.ask(3)
        self.suite.follow("shadow", "probe")
        self.assert_done("backup", self.backup)
        self.ask(3)
        self.suite.follow("shadow", "probe")
        self.suite.kill("shadow")
        shutil.rmtree(os.path.join(self.suite.data, "shadow"))
        said = self.assert_done("restore", self.backup, self.suite.data, "shadow")
        self.assertIn("restored shadow", said)
        self.suite.start("shadow")
        self.suite.follow("shadow", "probe")
        self.assertEqual(self.inboxes("shadow"), 6)
        self.suite.assert_sound()

    def test_an_upstream_behind_its_followers_is_said_so(self):
        self.suite.start()
        self.ask(3)
        self.suite.follow("shadow", "probe")
        self.assert_done("backup", self.backup)
        self.ask(3)
        self.suite.follow("shadow", "probe")
        self.assert_refused("is in use", "restore", self.backup, self.suite.data, "probe")
        self.suite.stop()
        self.assert_refused("is not empty", "restore", self.backup, self.suite.data, "probe")
        shutil.rmtree(os.path.join(self.suite.data, "probe"))
        self.assert_refused("shadow has read this log through block", "restore", self.backup, self.suite.data, "probe")


if __name__ == "__main__":
    unittest.main()
