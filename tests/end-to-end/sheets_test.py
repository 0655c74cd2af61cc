"""Folders of sheets, played from the appropriation to the settled payment: what is printed, what is written, what is left behind.

    sheets_test.py [--long]
"""
import csv
import io
import json
import os
import random
import shutil
import sys
import tempfile
import unittest

from rehearsal import (PERSONAL, Rehearsal, campaign, differences, make_folder, oracle, personal_in, rejected_by_oracle, sheets,
                       snapshot)
from suite import wait_for
from vocabulary import COLUMNS, KEEPERS

LONG = "--long" in sys.argv
DEPARTMENT_AGENCIES = {"human_resources": "human_resources.administration"}  # whose name is not its department's


def groups_claimed(folder):
    read = sheets.Campaign(folder)
    return {group for trainee in read.roster.values() for group in trainee.groups}


def put(folder, name, content):
    with open(os.path.join(folder, name), "wb") as file:
        file.write(content if isinstance(content, bytes) else content.encode())


def text_of(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8-sig", newline="") as file:
        return file.read()


def each_row(folder, name, change):
    """Rewrites a sheet: `change` may alter a row (a dict), or return others to follow it."""
    rows = csv.DictReader(io.StringIO(text_of(folder, name), newline=""))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows.fieldnames)
    writer.writeheader()
    for row in rows:
        more = change(row) or []
        writer.writerows([row, *more])
    put(folder, name, out.getvalue())


def reckon(folder):
    """expected.json anew, by the oracle."""
    with open(os.path.join(folder, "expected.json"), "w", encoding="utf-8") as file:
        json.dump(oracle.totals(sheets.Campaign(folder)), file)


class Campaign(unittest.TestCase):
    """One folder, one suite, everything that must hold of it."""

    longMessage = True

    @classmethod
    def setUpClass(cls):
        cls.parent = tempfile.mkdtemp(prefix="jineng-folders-")
        cls.addClassCleanup(shutil.rmtree, cls.parent, True)

    def made(self, people, seed, *flags):
        return make_folder(self.parent, people, seed, *flags)

    def plays(self, folder):
        before = snapshot(folder)
        with self.subTest(folder=os.path.basename(folder)), Rehearsal() as rehearsal:
            rehearsal.up()
            done = rehearsal.play(folder, "--json")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(differences(folder, done.stdout), [])
            self.assertEqual(snapshot(folder), before, "something was written into the campaign's folder")
            self.rejects_what_the_oracle_rejects(rehearsal, folder)
            self.departments_have_answered(rehearsal, folder)
            rehearsal.assert_sound()
            rehearsal.down()
            self.tells_nobodys_data(rehearsal, folder, done.stderr)

    def rejects_what_the_oracle_rejects(self, rehearsal, folder):
        rows = list(csv.reader(io.StringIO(rehearsal.rejected(), newline="")))
        self.assertEqual(rows[0], ["file", "line", "column", "reason"])
        self.assertEqual(sorted((row[0], int(row[1])) for row in rows[1:]), rejected_by_oracle(folder))
        for row in rows[1:]:
            self.assertEqual(len(row), 4, row)
            self.assertTrue(row[3], f"no reason: {row}")

    def departments_have_answered(self, rehearsal, folder):
        """Who was asked is who keeps a group that somebody claims; nothing that was asked is open."""
        asked = set()
        inboxes = rehearsal.call("notification.Inboxes")["rows"]
        for row in inboxes:
            for item in self.items_of(rehearsal, row["agency"]):
                if item["kind"] == "ATTESTATION_REQUESTED":
                    asked.add(row["agency"])
                    self.assertTrue(item.get("answered"), f"{row['agency']}: {item}")
                    self.assertFalse(item.get("overdue"), f"{row['agency']}: {item}")
        keepers = {KEEPERS[group] for group in groups_claimed(folder)}
        self.assertEqual(asked, {DEPARTMENT_AGENCIES.get(keeper, keeper) for keeper in keepers})
        for row in inboxes:
            self.assertEqual(row.get("overdue", 0), 0, row)
            if row["agency"] in asked:
                self.assertEqual(row["acknowledged"], row["delivered"], row)
                self.assertNotIn("rows", rehearsal.call("enrollment.Requests", agency=row["agency"]))

    def items_of(self, rehearsal, agency):
        after = 0
        while True:
            view = rehearsal.call("notification.Inbox", {"after": after, "limit": 200}, agency)
            yield from view.get("items", [])
            if not view.get("items"):
                return
            after = view["items"][-1]["number"]

    def tells_nobodys_data(self, rehearsal, folder, said):
        texts = {**rehearsal.logs(), "rejected.csv": rehearsal.rejected(), "standard error of play": said}
        self.assertIn("enrollment.log", texts)
        for name, text in texts.items():
            self.assertEqual(personal_in(folder, text)[:5], [], name)


class Kept(Campaign):
    """The three folders that are kept beside this test, and one with nothing in it."""

    def test_headers_alone(self):
        folder = os.path.join(self.parent, "headers")
        os.mkdir(folder)
        for sheet, columns in COLUMNS.items():
            put(folder, f"{sheet}.csv", ",".join(columns) + "\r\n")
        reckon(folder)
        self.plays(folder)

    def test_small(self):
        self.plays(campaign("small"))

    def test_dirty_zh(self):
        self.plays(campaign("dirty-zh"))

    def test_short(self):
        self.plays(campaign("short"))


class Odd(Campaign):
    """Cells that look odd and are right: no service may refuse what the sheets' check let pass."""

    def small(self):
        folder = os.path.join(self.parent, self.id().rsplit(".", 1)[1])
        shutil.copytree(campaign("small"), folder)
        return folder

    def test_class_numbers_in_chinese(self):
        """A class is called what its sheet calls it, and settled in that order."""
        folder = self.small()
        numbers = {row["class_no"]: "期第一二三四五六七八九十"[int(row["class_no"][-2:]) % 12] + row["class_no"][-2:] + "班"
                   for row in csv.DictReader(io.StringIO(text_of(folder, "classes.csv")))}

        def rename(row):
            row["class_no"] = numbers[row["class_no"]]
        for name in ("classes.csv", "roster.csv", "attendance.csv", "results.csv"):
            each_row(folder, name, rename)
        reckon(folder)
        self.plays(folder)

    def test_texts_that_nothing_hangs_on(self):
        """Accounts that a spreadsheet ate, long titles, line breaks: kept, mended or left out, and the row is used."""
        folder, long = self.small(), "关于下达就业补助资金的通知" * 20

        def institution(row):
            row.update(account="6.217E+18", bank=long[:200], name="又名\n" + row["name"])
        each_row(folder, "institutions.csv", institution)
        each_row(folder, "appropriations.csv", lambda row: row.update(document=long))
        each_row(folder, "standards.csv", lambda row: row.update(document=long))
        each_row(folder, "divisions.csv", lambda row: row.update(name=long))
        each_row(folder, "classes.csv", lambda row: row.update(programme=long))
        each_row(folder, "projects.csv", lambda row: row.update(name=row["name"] * 10, hours="10000"))
        each_row(folder, "roster.csv", lambda row: row.update(account="12 34", phone="0311-8666 9999转1", name="买买提·阿不都热依木" * 6))
        each_row(folder, "results.csv", lambda row: row["certificate_kind"] == "completion" and row.update(
            certificate_no="石职培字第" + row["certificate_no"] + "号"))
        reckon(folder)
        self.plays(folder)

    @unittest.skipUnless(LONG, "long")
    def test_figures_at_their_bounds(self):
        folder = self.small()
        each_row(folder, "appropriations.csv", lambda row: row.update(amount="100000000000.00"))
        each_row(folder, "roster.csv", lambda row: row.update(insured_months="1200", employed_months="1200"))
        each_row(folder, "classes.csv", lambda row: row.update(capacity="1000000", cost="0.01"))
        reckon(folder)
        self.plays(folder)

    @unittest.skipUnless(LONG, "long")
    def test_a_class_of_hundreds(self):
        """Everybody in one class: several messages of each kind."""
        folder = os.path.join(self.parent, "hundreds")
        shutil.copytree(campaign("small"), folder)

        def together(row):
            row["class_no"] = first
        first = next(csv.DictReader(io.StringIO(text_of(folder, "classes.csv"))))["class_no"]
        each_row(folder, "classes.csv", lambda row: row.update(capacity="2000"))
        each_row(folder, "roster.csv", together)
        reckon(folder)
        self.plays(folder)


WORDS = ["", "0", "-1", "1", "7", "1e5", "2020-02-30", "2020-02-29", "2020/1/5", "2021-06-15", "2019-10-26", "2022-01-05", "true", "是",
         "否", "yes", "a,b", 'quo"te', "line\nbreak", "a\tb", ";", ";;", "130100", "130102", "110000", "0.005", "0.01", "100.999", "50.00",
         "101", "veteran", "rural", "农村", "finance", "training", "enterprise", "P001", "completion", "培训合格证书", "5", "6"]
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
# What the oracle reads more kindly than the suite: an occupation's form, bounds of figures, names left out.
LEFT_ALONE = {"occupation", "certifies", "hours", "target_2019", "target_2020", "target_2021", "rate", "amount", "name", "months",
              "insured_months", "employed_months", "capacity", "code", "advance"}


class Spoiled(Campaign):
    """Cells changed, rows doubled and dropped at random: the suite and the oracle agree on what is left, and nothing stops the play."""

    def spoiled(self, seed):
        rnd = random.Random(seed)
        flags = [flag for bit, flag in enumerate(("dirty", "short", "spread")) if seed >> bit & 1]
        folder = self.made(300, seed, *flags)
        for name in sorted(os.listdir(folder)):
            if name.endswith(".csv"):
                rows = list(csv.DictReader(io.StringIO(text_of(folder, name), newline="")))
                each_row(folder, name, lambda row, rows=rows, name=name: rnd.random() < 0.03 and self.spoil(rnd, name, row, rows))
        reckon(folder)
        return folder

    def spoil(self, rnd, name, row, rows):
        column = rnd.choice(sorted(set(row) - LEFT_ALONE))
        personal = column in PERSONAL.get(name[:-4], ())
        kind = rnd.choice(("word", "another's", "another's", "blanks", "full width", "double"))
        if kind == "word" and not personal:
            row[column] = rnd.choice(WORDS)
        elif kind == "another's":
            row[column] = rnd.choice(rows)[column]
        elif kind == "blanks":
            row[column] = f"  {row[column]} "
        elif kind == "full width":
            row[column] = row[column].translate(FULL_WIDTH)
        return [dict(row)] if kind == "double" else []

    def test_spoiled(self):
        for seed in range(500, 507 if LONG else 501):
            self.plays(self.spoiled(seed))


class Generated(Campaign):
    """Folders nobody has looked at."""

    def test_dirty_chinese_spread(self):
        self.plays(self.made(400, 71, "dirty", "zh", "spread"))

    @unittest.skipUnless(LONG, "long")
    def test_short_spread(self):
        self.plays(self.made(500, 72, "short", "spread"))

    def test_everything_at_once(self):
        self.plays(self.made(500, 73, "dirty", "short", "zh", "spread"))


@unittest.skipUnless(LONG, "long")
class Many(Campaign):
    """More seeds, more people."""

    def test_seeds(self):
        for seed in range(204, 209):
            flags = [flag for bit, flag in enumerate(("dirty", "short", "zh", "spread")) if seed >> bit & 1]
            self.plays(self.made(400 + seed % 7 * 180, seed, *flags))

    def test_thousands(self):
        self.plays(self.made(2500, 301, "dirty", "spread"))
        self.plays(self.made(2500, 302, "short"))


# ---- What stops an import ----

def header_changed(name, change):
    """Spoils a folder by what `change` makes of a sheet's header line."""
    def spoil(folder):
        header, rest = text_of(folder, name).split("\n", 1)
        put(folder, name, change(header) + "\n" + rest)
    return spoil


def column_dropped(name, column):
    def spoil(folder):
        rows = list(csv.reader(io.StringIO(text_of(folder, name))))
        at = rows[0].index(column)
        put(folder, name, "\r\n".join(",".join(cell for i, cell in enumerate(row) if i != at) for row in rows) + "\r\n")
    return spoil


def removed(name):
    return lambda folder: os.unlink(os.path.join(folder, name))


def a_folder_in_its_place(name):
    def spoil(folder):
        os.unlink(os.path.join(folder, name))
        os.mkdir(os.path.join(folder, name))
    return spoil


# what: (how, file, line and column where there is one, what to do)
STOPS = {
    "a required sheet is missing": (removed("roster.csv"), ["roster.csv", "missing", "add it"]),
    "the first sheet is missing": (removed("divisions.csv"), ["divisions.csv", "missing", "add it"]),
    "money is missing": (removed("appropriations.csv"), ["appropriations.csv", "missing", "add it"]),
    "institutions are missing": (removed("institutions.csv"), ["institutions.csv", "missing", "add it"]),
    "projects are missing": (removed("projects.csv"), ["projects.csv", "missing", "add it"]),
    "classes are missing": (removed("classes.csv"), ["classes.csv", "missing", "add it"]),
    "a folder in a sheet's place": (a_folder_in_its_place("classes.csv"), ["classes.csv", "plain file"]),
    "an unknown column": (header_changed("roster.csv", lambda line: line.replace("phone", "fone")),
                          ["roster.csv", "line 1", "fone", "unknown column", "remove it"]),
    "an unknown column in an optional sheet": (header_changed("attestations.csv", lambda line: line.replace("holds", "hold")),
                                               ["attestations.csv", "line 1", "hold", "unknown column"]),
    "a column twice": (header_changed("classes.csv", lambda line: line.replace("capacity", "cost")),
                       ["classes.csv", "line 1", "cost", "twice", "remove one"]),
    "a column too few": (column_dropped("roster.csv", "id_number"), ["roster.csv", "line 1", "id_number", "missing", "add it"]),
    "no header, data at once": (lambda folder: put(folder, "roster.csv", text_of(folder, "roster.csv").split("\n", 1)[1]),
                                ["roster.csv", "line 1", "header", "add one"]),
    "an empty sheet": (lambda folder: put(folder, "projects.csv", b""), ["projects.csv", "header", "add one"]),
    "a header that is no UTF-8": (lambda folder: put(folder, "divisions.csv", "编号,名称,省直管\r\n".encode("gbk")),
                                  ["divisions.csv", "line 1", "UTF-8", "save"]),
    "a quotation mark that is not closed": (lambda folder: put(folder, "history.csv", text_of(folder, "history.csv") + '"130'),
                                            ["history.csv", "quotation mark", "close it"]),
}


class Stopped(unittest.TestCase):
    """The import is refused as a whole, before anything is done."""

    def test_folders_that_stop_the_import(self):
        with tempfile.TemporaryDirectory(prefix="jineng-stops-") as parent, Rehearsal() as rehearsal:
            rehearsal.up()
            stood = rehearsal.events()
            for number, (what, (spoil, words)) in enumerate(STOPS.items()):
                folder = os.path.join(parent, f"stop-{number:02}")
                shutil.copytree(campaign("small"), folder)
                spoil(folder)
                with self.subTest(what):
                    self.is_refused(rehearsal, folder, words)
            with self.subTest("a folder that is not there"):
                self.is_refused(rehearsal, os.path.join(parent, "nowhere"), ["nowhere", "cannot be opened"])
            self.assertEqual(rehearsal.events(), stood, "something was begun")
            # And nothing stands in the way of the folder put right. What enterprises were paid before is told; the plan has no limit on it.
            right = os.path.join(parent, "right")
            shutil.copytree(campaign("small"), right)
            uscc = next(csv.DictReader(io.StringIO(text_of(right, "institutions.csv"))))["uscc"]
            put(right, "enterprise_history.csv", f"统一社会信用代码,补贴项目,日期,金额,人数\n{uscc},pre_job_training,2019-08-26,8000.5,\n")
            done = rehearsal.play(right, "--json")
            self.assertEqual(differences(campaign("small"), done.stdout), [])
            told = rehearsal.call("enrollment.EnterpriseHistory", {"uscc": uscc})["rows"]
            self.assertEqual([(row["item"], str(row["amount_fen"]), row["people"]) for row in told], [("PRE_JOB_TRAINING", "800050", 1)])
            with self.subTest("no suite"):
                rehearsal.down()
                self.names_who_is_missing(rehearsal)

    def names_who_is_missing(self, rehearsal):
        """At once, not when it gives up."""
        player = rehearsal.launch_play(campaign("small"))
        try:
            said = os.path.join(rehearsal.folder, "play.err")
            wait_for("the play says what is missing", lambda: "enrollment at tcp://" in text_of(rehearsal.folder, "play.err"), 20)
            with open(said, encoding="utf-8") as file:
                self.assertIn("cannot be reached: see whether it runs (jineng up)", file.read())
        finally:
            player.terminate()
            player.wait()

    def test_a_clock_that_has_passed_the_first_day(self):
        for clock, words in ((("--driven", "--start", "2019-10-28"), ["stands at 2019-10-28,"]), ((), ["is not driven"])):
            with self.subTest(clock), Rehearsal(clock=clock) as rehearsal:
                rehearsal.up()
                stood = rehearsal.events()
                done = rehearsal.play(campaign("small"), "--json")
                self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
                for word in [*words, "begins on 2019-10-27", "fresh data folder", "--start 2019-10-27"]:
                    self.assertIn(word, done.stderr)
                self.assertEqual(rehearsal.events(), stood)
                self.nothing_was_begun(rehearsal)

    def nothing_was_begun(self, rehearsal):
        self.assertEqual([name for name in os.listdir(rehearsal.data) if name.startswith(("campaign", "rejected"))], [])

    def is_refused(self, rehearsal, folder, words):
        listing = os.path.isdir(folder) and sorted(os.listdir(folder))
        done = rehearsal.play(folder, "--json")
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        lines = done.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertTrue(lines[0].startswith("jineng play: "), lines[0])
        self.assertEqual([word for word in words if word not in lines[0]], [], lines[0])
        self.assertEqual(lines[0].count(os.path.basename(folder)), 1, lines[0])
        self.nothing_was_begun(rehearsal)
        self.assertEqual(os.path.isdir(folder) and sorted(os.listdir(folder)), listing)
        self.assertEqual(personal_in(campaign("small"), done.stderr)[:5], [])
        with self.assertRaises((sheets.Stop, OSError, UnicodeError, csv.Error), msg="the oracle would have gone on"):
            sheets.Campaign(folder)


if __name__ == "__main__":
    unittest.main(argv=[argument for argument in sys.argv if argument != "--long"])
