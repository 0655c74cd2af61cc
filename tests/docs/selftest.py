#!/usr/bin/python3
"""Shows that a README whose commands do not work is noticed."""

import os
import pathlib
import tempfile
import unittest

import check


def block(mark, body, language="sh"):
    return f"Text.\n\n<!-- {mark} -->\n```{language}\n{body}```\n\nMore.\n"


class Documents(unittest.TestCase):
    def follow(self, text):
        with tempfile.TemporaryDirectory() as folder:
            return check.follow(text, pathlib.Path(folder), dict(os.environ))

    def fails(self, text, words):
        with self.assertRaises(check.Fault) as caught:
            self.follow(text)
        self.assertIn(words, str(caught.exception))

    def test_what_is_not_marked_is_left_alone(self):
        self.assertEqual(self.follow("```sh\nfalse\n```\n"), 0)

    def test_a_block_that_fails(self):
        self.assertEqual(self.follow(block("tested", "true\n")), 1)
        self.fails(block("tested", "echo so; false; true\n"), "so")
        self.fails(block("tested", "false | true\n"), "ended with 1")

    def test_a_file_and_what_reads_it(self):
        text = block("file: a.py", "print('seen')\n", "python") + block("tested", "python3 a.py | grep seen\n")
        self.assertEqual(self.follow(text), 1)

    def test_what_stays_up_does_so_beside_the_rest(self):
        up = block("tested until: ready", "trap 'rm up; exit 0' INT\ntouch up; echo ready\nwhile :; do sleep 0.1; done\n")
        self.assertEqual(self.follow(up + block("tested", "test -e up\n")), 2)
        self.fails(up + block("tested", "test ! -e up\n"), "ended with 1")

    def test_what_never_comes_up(self):
        self.fails(block("tested until: ready", "echo steady\n"), "never said")

    def test_what_ends_badly(self):
        self.fails(block("tested until: ready", "trap 'exit 3' INT\necho ready\nwhile :; do sleep 0.1; done\n"), "ended with 3")

    def test_a_mark_that_makes_no_sense(self):
        self.fails(block("tested", "x\n", "python"), "not sh")
        self.fails(block("tested until", "x\n"), "with")


if __name__ == "__main__":
    unittest.main()
