#!/usr/bin/python3
"""What people type: scripts/run with programs that are built already. scripts.py BIN"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SMALL = ROOT / "tests" / "campaigns" / "small"
PATIENCE = 120
BIN = None


class Run(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="jineng-scripts-")
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()
        self.environment = {**os.environ, "JINENG_BIN": BIN, "TMPDIR": str(self.temporary), "LC_ALL": "C.UTF-8"}

    def start(self, *arguments):
        return subprocess.Popen([ROOT / "scripts" / "run", *arguments], cwd=self.folder, env=self.environment, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)

    def run_to_end(self, *arguments):
        process = self.start(*arguments)
        out, err = process.communicate(timeout=PATIENCE)
        return process.returncode, out, err

    def nothing_is_left(self):
        self.assertEqual(list(self.temporary.iterdir()), [])
        running = subprocess.run(["pgrep", "-f", str(self.folder)], stdout=subprocess.PIPE, text=True, check=False) \
            if shutil.which("pgrep") else None
        if running:
            self.assertEqual(running.stdout, "")

    def test_totals_alone_with_options_in_any_order(self):
        expected = json.loads((SMALL / "expected.json").read_text(encoding="utf-8"))
        for arguments in (("--once", "--json", SMALL), (SMALL, "--json", "--once")):
            code, out, _ = self.run_to_end(*arguments)
            self.assertEqual(code, 0)
            totals = json.loads(out)
            self.assertEqual({key: totals[key] for key in expected if expected[key]}, {key: expected[key] for key in expected if expected[key]})
        self.nothing_is_left()

    def test_a_named_data_folder_stays(self):
        code, out, _ = self.run_to_end("--once", "--data=kept")
        self.assertEqual(code, 0)
        self.assertIn("Paid", out)
        self.assertTrue((self.folder / "kept" / "jineng.yaml").exists())
        code, _, err = self.run_to_end("--once", "--data", "kept")
        self.assertEqual(code, 1)
        self.assertIn("not empty", err)

    def test_what_is_not_understood(self):
        for arguments in (("--onec",), ("--data",), ("a", "b")):
            code, out, err = self.run_to_end(*arguments)
            self.assertEqual((code, out), (2, ""))
            self.assertIn("scripts/run [--once]", err)
        code, _, err = self.run_to_end("--once", "nowhere")
        self.assertEqual(code, 1)
        self.assertIn("nowhere", err)
        self.assertEqual(self.run_to_end("--help")[0], 0)

    def test_scripts_say_what_they_do(self):
        for script, word in (("fuzz", "--coverage"), ("bench", "--sizes")):
            said = subprocess.run([ROOT / "scripts" / script, "--help"], stdout=subprocess.PIPE, text=True, timeout=PATIENCE,
                                  check=True).stdout
            self.assertIn(f"scripts/{script} [", said)
            self.assertIn(word, said)

    def test_a_folder_that_is_no_campaign(self):
        code, out, err = self.run_to_end("--once", "--json", str(self.temporary))
        self.assertNotEqual(code, 0)
        self.assertEqual(out, "")
        self.assertIn("divisions.csv", err)
        self.nothing_is_left()

    def test_interrupted_at_any_moment_it_stops_everything(self):
        for sent in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for after in (0.1, 0.3, 0.6, 1.5):
                process = self.start("--data", f"data-{sent.name}-{after}")
                time.sleep(after)
                os.killpg(process.pid, sent)  # a terminal tells all of them
                try:
                    said = process.communicate(timeout=PATIENCE)
                finally:
                    process.kill()
                self.assertIn(process.returncode, (0, 128 + sent, -sent), (sent, after, said))
                self.nothing_is_left()


if __name__ == "__main__":
    BIN = sys.argv.pop(1)
    unittest.main()
