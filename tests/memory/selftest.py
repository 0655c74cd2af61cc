"""The soak's judgement on series that are made up: what is flat is let pass, what grows or is lost is named."""
import os
import random
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import sampling  # noqa: E402
from sampling import KIB, MIB, Bounds, Process  # noqa: E402


def series(memory=lambda at: 5 * MIB, descriptors=lambda at: 30, threads=lambda at: 3, pid=lambda at: 7):
    return [Process(float(at), pid(at), memory(at), 0, descriptors(at), threads(at), 0.0, at * 10) for at in range(0, 3600, 15)]


def judged(**of):
    return sampling.judge_process("one", series(**of), 1800, Bounds())


def log(**but):
    return {"rows.blocks": 1000, "pages.blocks": 150, "bytes.blocks": 500000, "records": 2000, "records_bytes": 300000,
            "private_bytes": 80000, "header_bytes": 98000, "pages": 170, "used": 160, "free": 10, "lost": 0, "file": 16 * MIB, **but}


def tables(**but):
    return {"rows.a": 5000, "bytes.a": 200000, "pages.a": 80, "rows.b": 10, "bytes.b": 400, "pages.b": 1, "pages": 120, "used": 100,
            "free": 20, "lost": 0, "file": 120 * 4096, **but}


class Judgement(unittest.TestCase):
    def test_flat(self):
        noise = random.Random(1)
        self.assertEqual(judged(), [])
        self.assertEqual(judged(memory=lambda at: 5 * MIB + noise.randrange(300 * KIB), descriptors=lambda at: 30 + noise.randrange(9)), [])
        self.assertEqual(judged(memory=lambda at: min(5 * MIB, at * 5 * KIB)), [], "it warms up in the first half")
        self.assertEqual(judged(memory=lambda at: 50 * MIB if at == 2700 else 5 * MIB), [], "a moment's peak")

    def test_what_grows(self):
        self.assertIn("anonymous memory grew", judged(memory=lambda at: 5 * MIB + at * 1024)[0])
        self.assertIn("descriptors grew", judged(descriptors=lambda at: 30 + at // 200)[0])
        self.assertIn("threads grew", judged(threads=lambda at: 3 + at // 100)[0])
        self.assertIn("too few", judged(pid=lambda at: at // 3500)[0])

    def test_lives(self):
        for step, faults in ((0, 0), (200 * KIB, 1)):
            lives = series(memory=lambda at: 5 * MIB + at // 300 * step, pid=lambda at: at // 300)
            self.assertEqual(len(sampling.judge_lives("one", lives, Bounds())), faults)

    def test_files(self):
        self.assertEqual(sampling.judge_log("one", log()), [])
        self.assertEqual(sampling.judge_tables("one", tables()), [])
        for changed in ({"pages.blocks": 500}, {"records_bytes": 100000}, {"records_bytes": 400000}, {"lost": 1}, {"lost": -1},
                        {"free": 5000}, {"file": 30 * MIB}):
            self.assertEqual(len(sampling.judge_log("one", log(**changed))), 1, changed)
        for changed in ({"pages.a": 500}, {"lost": 3}, {"free": 2000}, {"file": 60 * MIB}):
            self.assertEqual(len(sampling.judge_tables("one", tables(**changed))), 1, changed)

    def test_rates(self):
        def looks(*used):
            return [(number * 5000, {"used": pages}) for number, pages in enumerate(used)]
        self.assertEqual(sampling.judge_rate("one", *looks(0, 500, 1000)), [])
        self.assertEqual(len(sampling.judge_rate("one", *looks(0, 500, 1700))), 1)


if __name__ == "__main__":
    unittest.main()
