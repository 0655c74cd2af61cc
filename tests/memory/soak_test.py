"""scripts/soak for a moment, and what it says where a service leaks."""
import os
import subprocess
import sys
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))
PATIENCE = 600


def soak(*arguments):
    return subprocess.run(["/usr/bin/python3", os.path.join(HERE, "soak.py"), *arguments], capture_output=True, text=True,
                          timeout=PATIENCE, check=False)


class Soak(unittest.TestCase):
    def test_all_is_flat(self):
        done = soak("--seconds", "40")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        print(done.stdout.splitlines()[-2], file=sys.stderr)

    def test_a_leak_is_seen_where_it_is(self):
        """64 KiB a message of the ledger's, a descriptor a message of the subsidy's: these two are named, and no other service."""
        done = soak("--seconds", "20", "--fault", "jineng-ledger:memory,jineng-subsidy:descriptors")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        found = [line for line in done.stdout.splitlines() if line.startswith("NOT ")]
        self.assertEqual([line.split(":")[1].strip() for line in found], ["subsidy", "ledger"], found)
        self.assertIn("subsidy: descriptors grew by", found[0])
        self.assertIn("ledger: anonymous memory grew by", found[1])


if __name__ == "__main__":
    unittest.main()
