"""Under valgrind's memcheck, which sees what sanitizers do not: a decision, a hash, a page or a frame that depends on what nobody wrote.
Unit tests of each part, and services that are started, served, fed, sent nonsense and stopped.

    valgrind_test.py          a choice of them
    valgrind_test.py --all    every unit test, and the five services while a campaign is played

MemorySanitizer is not used: it needs every library built with it, and libzmq, LMDB, libuv and OpenSSL are Debian's.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "end-to-end"))

ALL = "--all" in sys.argv
PLAIN = os.environ["JINENG_PLAIN"]  # a build without sanitizers
UNIT = os.path.join(PLAIN, "tests", "unit")
FAULTY = 99
VALGRIND = ["valgrind", "-q", f"--error-exitcode={FAULTY}", "--leak-check=full", "--errors-for-leak-kinds=definite,indirect,possible",
            "--show-leak-kinds=definite,indirect,possible", "--num-callers=30", f"--suppressions={HERE}/valgrind.supp"]
CHOICE = ("domain", "json", "certification-papers", "enrollment-people", "notification-inbox", "subsidy-claim", "runtime-store",
          "runtime-feed")
PROGRAM_SECONDS = 1200

# What suite.py takes for the programs are a line of shell each, that runs them under valgrind.
WRAPPED = tempfile.mkdtemp(prefix="jineng-valgrind-")
os.environ.update(JINENG_BIN=WRAPPED, JINENG_SANITIZED="ON")
from rehearsal import SERVICES, Rehearsal, campaign, differences  # noqa: E402
from suite import Load, Suite, runtime, wire  # noqa: E402


def wrap():
    for name in ("probe", "shadow", *SERVICES):
        path = os.path.join(WRAPPED, f"jineng-{name}")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\nexec {' '.join(VALGRIND)} {PLAIN}/bin/jineng-{name} \"$@\"\n")
        os.chmod(path, 0o700)
    shutil.copy(os.path.join(PLAIN, "bin", "jineng"), WRAPPED)
    # Where it looks for the policy, beside itself.
    os.makedirs(os.path.join(WRAPPED, "deploy"))
    os.symlink(os.path.join(HERE, "..", "..", "deploy", "policy"), os.path.join(WRAPPED, "deploy", "policy"))


def setUpModule():
    wrap()


def tearDownModule():
    shutil.rmtree(WRAPPED, ignore_errors=True)
    print(f"valgrind: {Units.programs} unit test programs, {Services.served} services with {Services.messages} messages, "
          f"{Bites.seen} faults seen" + ("" if ALL else "; skipped: 1 campaign under the five services (--all)"), file=sys.stderr)


def run(program, **environment):
    return subprocess.run([*VALGRIND, program], capture_output=True, text=True, timeout=PROGRAM_SECONDS, check=False,
                          env={**os.environ, **environment})


class Units(unittest.TestCase):
    programs = 0

    def test_units(self):
        names = sorted(name.removeprefix("test-") for name in os.listdir(UNIT) if name.startswith("test-")) if ALL else CHOICE
        self.assertGreaterEqual(len(names), len(CHOICE))
        for name in names:
            with self.subTest(name):
                began = time.monotonic()
                done = run(os.path.join(UNIT, f"test-{name}"))
                self.assertEqual(done.returncode, 0, (done.stdout + done.stderr)[-6000:])
                self.assertNotIn("==ERROR", done.stderr)
                Units.programs += 1
                print(f"  {name}: {time.monotonic() - began:.1f} s", file=sys.stderr)


class Services(unittest.TestCase):
    served, messages = 0, 0

    def test_a_service_and_its_follower(self):
        with Suite(["probe", "shadow"]) as suite:
            suite.start()
            load = Load(suite, window=8, size=300)
            load.start()
            bad = suite.client("auditor", "probe")
            for frame in (b"", b"nonsense", bad.request("NoSuchMethod").SerializeToString(),
                          bad.command("Advance", runtime.AdvanceTo(time_ms=1)).SerializeToString(),
                          bad.request("Stats", runtime.StatsRequest()).SerializeToString()[:9]):
                bad.send(frame)
                reply = bad.receive()
                self.assertIsNotNone(reply)
                self.assertNotEqual(reply.code, wire.OK)
            load.finish()
            self.assertGreater(len(load.told), 0)
            suite.follow("shadow", "probe")
            Services.messages += sum(suite.client("operator", name).stats()["messages"] for name in suite.services)
            suite.stop()
            Services.served += 2

    def with_little_address_space(self, rehearsal):
        """valgrind has less of it to give than two maps of 64 GiB."""
        done = rehearsal.jineng("init", rehearsal.data, *rehearsal.clock, "--base-port", str(rehearsal.port))
        self.assertEqual(done.returncode, 0, done.stderr)
        path = os.path.join(rehearsal.data, "jineng.yaml")
        with open(path, encoding="utf-8") as file:
            text = file.read()
        self.assertIn("map_gib: 64", text)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("map_gib: 64", "map_gib: 4"))

    @unittest.skipUnless(ALL, "with --all")
    def test_a_campaign(self):
        with Rehearsal("valgrind") as rehearsal:
            self.with_little_address_space(rehearsal)
            rehearsal.up()
            done = rehearsal.play(campaign("short"), "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(differences(campaign("short"), done.stdout), [])
            rehearsal.down()
            Services.served += len(SERVICES)


class Bites(unittest.TestCase):
    seen = 0

    def test_what_nobody_wrote_and_what_nobody_freed(self):
        for fault, words in (("uninitialised", "depends on uninitialised"), ("leak", "definitely lost")):
            done = run(os.path.join(UNIT, "test-json"), LD_PRELOAD=os.path.join(PLAIN, "tests", "memory", "libfaults.so"),
                       JN_FAULT=f"test-json+:{fault}")
            self.assertEqual(done.returncode, FAULTY, done.stderr)
            self.assertIn(words, done.stderr)
            Bites.seen += 1


if __name__ == "__main__":
    unittest.main(argv=[argument for argument in sys.argv if argument != "--all"])
