"""jineng verify: finds nothing where nothing is wrong, and any byte that was changed behind the suite's back."""
import os
import random
import shutil
import subprocess
import unittest

from rehearsal import SERVICES, Rehearsal, campaign, make_folder
from suite import BIN, Load, Suite, notification, runtime, wait_for

ALTER = os.environ["JINENG_ALTER"]
RANDOM = random.Random(20261123)


def alter(env, *arguments):
    return subprocess.run([ALTER, env, *map(str, arguments)], capture_output=True, text=True, check=False)


def open_inboxes(suite, count, start=0):
    client = suite.client("operator", "probe")
    for number in range(start, start + count):
        client.ask("OpenInbox", notification.OpenInbox(agency=f"agency {number}", answer_days=100))


def findings(data, service):
    """What the service's own program finds: cheaper than jineng verify, which runs it."""
    scratch = os.path.join(os.path.dirname(data), "scratch")
    shutil.rmtree(scratch, ignore_errors=True)
    os.mkdir(scratch)
    done = subprocess.run([os.path.join(BIN, f"jineng-{service}"), "--config", os.path.join(data, "jineng.yaml"), "--verify",
                           "--scratch", scratch], capture_output=True, text=True, timeout=60, check=False)
    found = [line for line in done.stdout.splitlines() if line.startswith("finding ")]
    if done.returncode not in (0, 1) or "verified " not in done.stdout:
        found.append(f"crashed: {done.returncode}")
    assert (done.returncode == 0) == (not found), done.stdout
    return found


def change_bytes_of(test, data, service, part, share):
    """Changes every so many-th byte of each table's keys and values, some `share` of them a table; each must be found."""
    changed, env = 0, os.path.join(data, service, part)
    good, kept = os.path.join(env, "data.mdb"), os.path.join(env, "data.kept")
    shutil.copy(good, kept)
    for line in alter(env, "list").stdout.splitlines():
        table, _, length = line.split()
        step = max(1, int(length) // share)
        for byte in range(RANDOM.randrange(step), int(length), step):
            bit = RANDOM.randrange(8)
            done = alter(env, "flip", table, byte, bit)
            test.assertIn(done.returncode, (0, 3), done.stderr)  # 3: another row has that key
            if done.returncode == 0:
                test.assertTrue(findings(data, service), f"{env}, table {table}: bit {bit} of byte {byte} changed unnoticed")
                changed += 1
            shutil.copy(kept, good)
    os.unlink(kept)
    return changed


class Verify(unittest.TestCase):
    def setUp(self):
        self.suite = Suite(["probe", "shadow"])
        self.addCleanup(self.suite.__exit__, None, None, None)

    def quiet_folder(self, count):
        self.suite.start()
        open_inboxes(self.suite, count)
        self.suite.follow("shadow", "probe")
        self.suite.stop()
        self.suite.assert_sound()

    def path(self, *parts):
        return os.path.join(self.suite.data, *parts)

    # ---- Sound ----

    def test_nothing_is_found_while_it_runs(self):
        self.suite.start()
        load = Load(self.suite)
        load.start()
        for _ in range(5):
            self.suite.assert_sound()
        load.finish()
        self.suite.follow("shadow", "probe")
        self.suite.assert_sound()
        self.suite.stop()
        self.suite.assert_sound()
        self.assertEqual(load.other, [])

    # ---- Keys and values ----

    def test_any_changed_byte_of_a_key_or_value_is_found(self):
        self.quiet_folder(4)
        changed = 0
        for service in ("probe", "shadow"):
            for part in ("log", "tables"):
                changed += change_bytes_of(self, self.suite.data, service, part, 24)
        self.assertGreater(changed, 250)
        self.suite.assert_sound()

    def test_a_changed_pseudonym_key_is_found(self):
        self.quiet_folder(1)
        path = self.path("probe", "pseudonym.key")
        with open(path, "rb") as file:
            key = file.read()
        for byte in (0, 17, 31, 32, 47):
            with open(path, "wb") as file:
                file.write(key[:byte] + bytes([key[byte] ^ 4]) + key[byte + 1:])
            self.assertTrue(findings(self.suite.data, "probe"), f"byte {byte} of the pseudonym key changed unnoticed")

    # ---- Pages: LMDB itself may crash on them ----

    def test_damaged_pages_are_found_and_crash_nobody_else(self):
        self.quiet_folder(300)
        ended = {"found": 0, "crashed": 0, "unused": 0}
        for env in (self.path("probe", "log"), self.path("probe", "tables"), self.path("shadow", "tables")):
            self.damage_pages_of(env, ended)
        self.assertGreater(ended["found"] + ended["crashed"], 10, ended)

    def damage_pages_of(self, env, ended):
        file_name = os.path.join(env, "data.mdb")
        with open(file_name, "rb") as file:
            good = file.read()
        dump, used = alter(env, "dump").stdout, len(good.rstrip(b"\0"))  # the rest is room that was made ahead
        for turn in range(20):
            page = 2 + RANDOM.randrange(used // 4096 - 1)
            at = page * 4096 + (RANDOM.randrange(48) if turn % 2 else RANDOM.randrange(4096))
            damage = RANDOM.randbytes(RANDOM.choice([1, 8, 200]))[:(page + 1) * 4096 - at]
            ended[self.verify_spoiled(env, good[:at] + damage + good[at + len(damage):], dump)] += 1
        with open(file_name, "wb") as file:
            file.write(good)

    def verify_spoiled(self, env, content, dump):
        """A file of LMDB's with that content is found wrong, unless all that changed are pages which hold no row."""
        with open(os.path.join(env, "data.mdb"), "wb") as file:
            file.write(content)
        done = self.suite.verify()
        self.assertIn(done.returncode, (0, 1), done.stderr)
        if done.returncode == 0:
            self.assertEqual(alter(env, "dump").stdout, dump, f"{env}: a row changed unnoticed")
            return "unused"
        self.assertIn("FOUND", done.stdout)
        return "crashed" if "ended by signal" in done.stdout else "found"

    def test_a_file_cut_short_is_found(self):
        self.quiet_folder(300)
        for service, part in (("probe", "log"), ("probe", "tables"), ("shadow", "log")):
            env = self.path(service, part)
            with open(os.path.join(env, "data.mdb"), "rb") as file:
                good = file.read()
            dump = alter(env, "dump").stdout
            ended = [self.verify_spoiled(env, good[:pages * 4096], dump) for pages in (len(good) // 8192, 8, 3, 1)]
            self.assertNotIn("unused", ended[-3:], env)
            with open(os.path.join(env, "data.mdb"), "wb") as file:
                file.write(good)
        self.suite.assert_sound()

    # ---- Followers are witnesses ----

    def test_another_history_is_found_by_who_has_read_the_first(self):
        self.assertEqual(self.suite.jineng("keys", "sign", "probe").returncode, 0)
        self.quiet_folder(3)
        kept = self.path("..", "kept")
        shutil.copytree(self.path("probe"), kept)
        self.suite.start()
        open_inboxes(self.suite, 2, 100)
        self.suite.follow("shadow", "probe")
        # Signed for whoever asks; followers are given it, too.
        self.suite.client("auditor", "probe").query("Head", runtime.HeadRequest())
        open_inboxes(self.suite, 1, 102)
        self.suite.follow("shadow", "probe")
        self.suite.stop()
        done = self.suite.verify()
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertRegex(done.stdout, r"witnesses +[1-9][0-9]* signed heads held against the logs that they name, 0 of them")
        # The older copy in its place: the follower has read further than it goes.
        shutil.move(self.path("probe"), self.path("..", "first"))
        shutil.copytree(kept, self.path("probe"))
        done = self.suite.verify()
        self.assertEqual(done.returncode, 1)
        self.assertIn("has read this log through block", done.stdout)
        # And it goes on another way: as long as the first, sound in itself, and not what the follower saw.
        self.suite.start("probe")
        open_inboxes(self.suite, 4, 200)
        self.suite.stop()
        done = self.suite.verify()
        self.assertEqual(done.returncode, 1)
        self.assertIn("was another one than now: the log's history was changed", done.stdout)
        # It had signed what is no more, and the follower has kept that: its own hand convicts it.
        self.assertIn("was another one than now, signed by it: with its own signature: the log's history was changed", done.stdout)
        # The follower itself does not take it in either.
        self.suite.start()
        open_inboxes(self.suite, 1, 300)
        wait_for("the shadow says so", lambda: "feed=broken" in self.suite.log("shadow"))
        shadow = self.suite.client("auditor", "shadow")
        self.assertEqual(shadow.query("Inboxes", notification.InboxesRequest(), notification.Done).number, 6)


class VerifyCampaign(unittest.TestCase):
    def test_a_head_that_a_follower_has_kept_is_one_like_any_other(self):
        with Rehearsal("verify") as rehearsal:
            rehearsal.up()
            self.assertEqual(rehearsal.play(campaign("small")).returncode, 0)
            heads = os.path.join(rehearsal.folder, "heads")
            os.mkdir(heads)
            done = rehearsal.jineng("verify", "--data", rehearsal.data, "--heads", heads)
            self.assertEqual(done.returncode, 0, done.stdout)
            self.assertIn("ledger.subsidy.head", os.listdir(heads))
            with open(os.path.join(heads, "subsidy.key"), "w", encoding="utf-8") as file:
                file.write(rehearsal.jineng("keys", "public", "subsidy").stdout)
            now, key = os.path.join(heads, "now.head"), os.path.join(heads, "subsidy.key")
            self.assertEqual(rehearsal.jineng("head", "subsidy", "--out", now).returncode, 0)
            for name in os.listdir(heads):
                if name.endswith(".subsidy.head"):
                    done = rehearsal.jineng("proof", "consistency", os.path.join(heads, name), now, "--key", key)
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            rehearsal.down()

    def test_any_changed_byte_of_the_five_services_is_found(self):
        with Rehearsal("verify") as rehearsal:
            rehearsal.up()
            self.assertEqual(rehearsal.play(make_folder(rehearsal.folder, 100, 7)).returncode, 0)
            rehearsal.down()
            rehearsal.assert_sound()
            for service in SERVICES:
                for part, share in (("log", 3), ("tables", 1)):
                    self.assertGreater(change_bytes_of(self, rehearsal.data, service, part, share), 2)
            rehearsal.assert_sound()


if __name__ == "__main__":
    unittest.main()
