"""What watches over the tests' processes sees what is wrong there: a leak, a read behind the end, undefined behaviour, in a service, in
one that `jineng up` started, in the command, in a unit test. Each would fail the test that ran it."""
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "end-to-end"))
from rehearsal import Rehearsal  # noqa: E402
from suite import PATIENCE, SANITIZED, Suite, notification, wait_for  # noqa: E402

BODY = notification.OpenInbox(agency="veterans", answer_days=100)
# gcc's runtime would rather come first of all, and here something comes before it. The rest is as for every test: sanitizers.cmake.
OPTIONS = f"{os.environ.get('ASAN_OPTIONS', '')}:verify_asan_link_order=0"
FAULTY = 99


@unittest.skipUnless(SANITIZED, "skip: the programs are not built with sanitizers")
class Bites(unittest.TestCase):
    seen = 0

    def fault(self, what):
        os.environ.update(LD_PRELOAD=os.environ["JINENG_FAULTS"], JN_FAULT=what, ASAN_OPTIONS=OPTIONS)
        self.addCleanup(lambda: [os.environ.pop(name, None) for name in ("LD_PRELOAD", "JN_FAULT")])

    def is_seen(self, words, run, *arguments):
        """In what the test would fail with."""
        with self.assertRaises(AssertionError) as raised:
            run(*arguments)
        self.assertIn(words, str(raised.exception))
        Bites.seen += 1

    def probe(self, fault):
        """A suite whose one service has met its fault; what is wrong with it does not end the test before it is asked for."""
        self.fault(fault)
        suite = Suite(["probe"])
        self.addCleanup(self.ended, suite)
        suite.start()
        client = suite.client("operator", "probe")
        for _ in range(20):
            if suite.processes["probe"].poll() is None:
                client.answer(client.command("OpenInbox", BODY), seconds=2, again=0.5)
        return suite

    def ended(self, suite):
        for process in suite.processes.values():
            process.kill()
            process.wait()

    def test_without_a_fault_nothing_is_seen(self):
        suite = self.probe("nobody:leak")
        suite.stop()
        suite.__exit__(None, None, None)

    def test_a_leak_of_a_service_that_is_stopped(self):
        suite = self.probe("jineng-probe:leak")
        self.is_seen(f"left with {FAULTY}", suite.stop)
        self.is_seen("LeakSanitizer: detected memory leaks", suite.__exit__, None, None, None)

    def test_a_leak_of_a_service_that_nobody_stops(self):
        self.is_seen("LeakSanitizer: detected memory leaks", self.probe("jineng-probe:leak").__exit__, None, None, None)

    def test_a_read_behind_the_end(self):
        suite = self.probe("jineng-probe:overflow")
        self.assertEqual(suite.processes["probe"].wait(PATIENCE), FAULTY)
        self.is_seen("AddressSanitizer: heap-buffer-overflow", suite.__exit__, None, None, None)

    def test_undefined_behaviour(self):
        suite = self.probe("jineng-probe:undefined")
        self.assertEqual(suite.processes["probe"].wait(PATIENCE), FAULTY)
        self.is_seen("runtime error: signed integer overflow", suite.__exit__, None, None, None)

    def test_a_leak_below_jineng_up(self):
        self.fault("jineng-ledger+:leak")
        rehearsal = Rehearsal("bites")
        self.addCleanup(rehearsal.end)
        rehearsal.up()
        self.is_seen("ledger", rehearsal.down)
        self.is_seen("LeakSanitizer: detected memory leaks", rehearsal.close)

    def test_undefined_behaviour_below_jineng_up(self):
        """It is restarted, and the test might well come through."""
        self.fault("jineng-ledger:undefined")
        rehearsal = Rehearsal("bites")
        self.addCleanup(rehearsal.end)
        rehearsal.launch()
        wait_for("the ledger meets its fault", lambda: "runtime error" in rehearsal.logs().get("ledger.log", ""))
        self.is_seen("runtime error: signed integer overflow", rehearsal.close)

    def test_a_leak_of_the_command(self):
        self.fault("jineng+:leak")
        suite = Suite(["probe"])
        self.addCleanup(suite.__exit__, None, None, None)
        self.is_seen("LeakSanitizer: detected memory leaks", suite.jineng, "help")

    def test_a_unit_test(self):
        for fault, words in (("leak", "LeakSanitizer"), ("overflow", "heap-buffer-overflow"), ("undefined", "runtime error")):
            with self.subTest(fault):
                program = os.environ["JINENG_UNIT_TEST"]
                self.fault(f"{os.path.basename(program)}+:{fault}")
                done = subprocess.run([program], capture_output=True, text=True, timeout=PATIENCE, check=False)
                self.assertEqual(done.returncode, FAULTY)
                self.assertIn(words, done.stderr)
                Bites.seen += 1

    @classmethod
    def tearDownClass(cls):
        print(f"bites: {cls.seen} faults seen", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
