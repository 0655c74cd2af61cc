#!/usr/bin/python3
"""Shows that every check of the structure bites: a small tree, bad in one place each, and a good one that passes."""

import pathlib
import tempfile
import unittest

import rules

GOOD = {
    "services/domain/money.h": "#include <stdint.h>\n",
    "services/runtime/fold.h": '#include "runtime/code.h"\n#include "jineng/v1/envelope.pb-c.h"\n',
    "services/ledger/service.c": 'x = &subsidy__event__descriptor;\n',
    "services/ledger/accounts/fund.c":
        '/* free(time) is somebody\'s, open() too. */\n#include <string.h>\n\n#include "domain/money.h"\n'
        '#include "jineng/v1/ledger.pb-c.h"\n#include "jineng/v1/subsidy.pb-c.h"\n#include "ledger/ledger.h"\n'
        '#include "runtime/fold.h"\n\nstatic int\nfund_open(struct fund *fund)\n{\n'
        '    return refuse(fund, "malloc(3) %s", fund->time(1), fund.free(2));\n}\n',
    "services/ledger/main.c": '#include "runtime/host.h"\n',
    "services/subsidy/facts/class.c": '#include "subsidy/policy/evaluate.h"\n',
    "services/subsidy/policy/file/source.c": '#include <errno.h>\n#include "subsidy/policy/file/source.h"\nx = fopen(path, "r");\n',
    "services/cli/play.c": '#include "runtime/client.h"\n#include "subsidy/policy/command.h"\nx = time(NULL);\n',
    "proto/jineng/v1/ledger.proto": "// No double entry here.\n",
    "tests/unit/ledger.c": "x = malloc(1);\n",
    "deploy/README.md": "",
    "scripts/run": "",
}


class Structure(unittest.TestCase):
    def found(self, check, changes=None):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in {**GOOD, **(changes or {})}.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            return list(check(pathlib.Path(folder)))

    def bites(self, check, name, text, *words):
        found = self.found(check, {name: text})
        self.assertEqual(len(found), 1, (text, found))
        for word in (name, *words):
            self.assertIn(word, found[0])

    def passes(self, check, name, text):
        self.assertEqual(self.found(check, {name: text}), [])

    def test_a_good_tree_passes(self):
        for check in rules.CHECKS:
            self.assertEqual(self.found(check), [], check.__name__)

    def test_every_forbidden_word_is_found_in_a_fold(self):
        for what, words in rules.FORBIDDEN.items():
            for word in words.split():
                text = f"{word}open(x);\n" if word.endswith("_") else f"y =\n  {word} (x);\n"
                self.bites(rules.pure, "services/enrollment/a.c", text, word, what)

    def test_what_comes_from_outside(self):
        for word in ("stdout", "stderr", "environ", "errno", "time_t"):
            self.bites(rules.pure, "services/notification/a.h", f"x({word});\n", word)
        for header in ("time.h", "unistd.h", "lmdb.h", "sys/socket.h"):
            self.bites(rules.pure, "services/ledger/a.c", f"#include <{header}>\n", header)

    def test_the_evaluation_of_a_policy_is_a_fold_too(self):
        self.bites(rules.pure, "services/subsidy/policy/evaluate.c", "x = time(NULL);\n", "a clock")

    def test_forbidden_words_in_comments_texts_and_other_names(self):
        for text in ("/* malloc(3)\n * free(p) */\n", 'x = "time(1)";\n', "fund_open(x);\n", "x->read(y);\n", "// open()\n"):
            self.passes(rules.pure, "services/ledger/a.c", text)

    def test_includes_go_one_way(self):
        for name, target in (
                ("services/domain/a.c", "runtime/code.h"), ("services/domain/a.c", "jineng/v1/ledger.pb-c.h"),
                ("services/runtime/a.c", "ledger/ledger.h"), ("services/runtime/a.h", "jineng/v1/ledger.pb-c.h"),
                ("services/ledger/a.c", "subsidy/subsidy.h"), ("services/ledger/a.c", "runtime/tables.h"),
                ("services/ledger/a.c", "runtime/world.h"), ("services/ledger/a.c", "subsidy/policy/pack.h"),
                ("services/ledger/a.c", "jineng/v1/enrollment.pb-c.h"), ("services/ledger/a.c", "jineng/v1/policy.pb-c.h"),
                ("services/ledger/a.c", "ledger.h"), ("services/ledger/main.c", "runtime/store.h"),
                ("services/enrollment/a.c", "cli/play.h"), ("services/subsidy/a.c", "subsidy/policy/file/source.h"),
                ("services/subsidy/policy/a.c", "runtime/fold.h"), ("services/cli/a.c", "ledger/ledger.h")):
            self.bites(rules.one_way, name, f'#include "{target}"\n', target)

    def test_an_include_in_a_comment(self):
        self.passes(rules.one_way, "services/ledger/a.c", '/*\n#include "subsidy/subsidy.h"\n*/\n')

    def test_a_function_that_is_too_long(self):
        def function(lines):
            return "static int\npay(int a,\n    int b)\n{\n" + "    x();\n" * (lines - 4) + "}\n"
        self.passes(rules.short, "services/ledger/a.c", function(rules.FUNCTION_LINES))
        self.bites(rules.short, "services/ledger/a.c", function(rules.FUNCTION_LINES + 1), "pay")

    def test_a_file_that_is_too_long(self):
        for folder, most in rules.FILE_LINES.items():
            self.passes(rules.short, f"{folder}/ledger/a.c", "x;\n" * most)
            self.bites(rules.short, f"{folder}/ledger/a.c", "x;\n" * (most + 1), str(most + 1))

    def test_a_floating_number(self):
        for text in ("double x;\n", "float x;\n", "#include <math.h>\n", "x = strtod(y);\n"):
            self.bites(rules.whole_numbers, "services/runtime/a.c", text)
        self.bites(rules.whole_numbers, "proto/jineng/v1/a.proto", "message A { double x = 1; }\n")

    def test_what_was_put_off(self):
        for word in ("TO" + "DO", "FIX" + "ME"):
            self.bites(rules.tidy, "services/ledger/a.c", f"/* {word}: later. */\n", word)

    def test_a_path_of_somebodys_machine(self):
        for path in ("home/li", "root/x", "work/main"):
            self.bites(rules.tidy, "deploy/a.yaml", f"data: /{path}\n")

    def test_else_after_return(self):
        self.bites(rules.no_else_after_return, "services/ledger/a.c", "    if (x)\n        return 1;\n    else\n        y();\n")
        self.bites(rules.no_else_after_return, "services/ledger/a.c", "    if (x) {\n        return 1;\n    } else {\n    }\n")
        self.passes(rules.no_else_after_return, "services/ledger/a.c", "    if (x)\n        y();\n    else\n        z();\n")

    def test_every_exception_exists(self):
        root = pathlib.Path(__file__).resolve().parents[2]
        for header in rules.RUNTIME_FOR_FOLDS | rules.POLICY_FOR_FOLDS:
            self.assertTrue((root / "services" / header).exists(), header)
        for tool in rules.POLICY_TOOLS:
            self.assertTrue(any(name.startswith(tool) for name, _ in rules.files(root, "services")), tool)


if __name__ == "__main__":
    unittest.main()
