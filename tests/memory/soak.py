"""What scripts/soak runs once everything is built: five services at work for as long as one likes, and what they hold meanwhile.

    soak.py [--hours H | --minutes M | --seconds S] [--data FOLDER] [--people N] [--pace P] [--seed N] [--fault PROGRAM:KIND,...]

Programs come from $JINENG_BIN, lmdb-pages and libfaults.so from $JINENG_MEMORY.
"""
import argparse
import csv
import json
import os
import random
import shutil
import signal
import sys
import time
from datetime import date, datetime, timezone

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "end-to-end"))
from rehearsal import SERVICES, Rehearsal, chosen_seed, differences, make_folder  # noqa: E402
from suite import PATIENCE, runtime, wait_for  # noqa: E402

import sampling  # noqa: E402
import sheets  # noqa: E402  (the oracle's)
from load import Load  # noqa: E402

MIB = sampling.MIB
RESTARTED = "certification"  # again and again: it has an upstream and followers
RESTARTS = 12  # of it, in a run
PEOPLE_A_SECOND, PEOPLE = 4, (60, 40000)
SLICE = 0.05  # seconds for which the play runs before it is looked where it is
DONE_BY = 0.93  # of the run: the campaign is through by then


def say(text=""):
    print(text, flush=True)


class Player:
    """`jineng play`, let run and held so that the campaign's years are spread over the run."""

    def __init__(self, rehearsal, folder, seconds):
        self.rehearsal, self.folder, self.seconds = rehearsal, folder, seconds
        with open(os.path.join(folder, "classes.csv"), encoding="utf-8-sig", newline="") as file:
            days = [row[name] for row in csv.DictReader(file) for name in ("start", "end")]
        days = sorted(date.fromisoformat(day) for day in days if plausible(day))
        self.first, self.last = days[len(days) // 50], days[-1 - len(days) // 50]
        self.starts = 0

    def start(self):
        self.starts += 1
        self.process = self.rehearsal.launch_play(self.folder)

    def share(self, time_ms):
        """Of the campaign, that a clock has left behind."""
        today = datetime.fromtimestamp(time_ms / 1000 + 8 * 3600, timezone.utc).date()
        return (today - self.first).days / max(1, (self.last - self.first).days)

    def turn(self, at, time_ms):
        """Lets it run for a moment where it is behind; True once it is through."""
        if self.process.poll() is not None:
            assert self.process.returncode == 0, f"jineng play left with {self.process.returncode}: {self.rehearsal.logs().get('play.err')}"
            return True
        if self.share(time_ms) <= at / (self.seconds * DONE_BY):
            self.process.send_signal(signal.SIGCONT)
            time.sleep(SLICE)
            if at < self.seconds:
                self.process.send_signal(signal.SIGSTOP)
        return False

    def finish(self):
        self.process.send_signal(signal.SIGCONT)
        wait_for("the campaign is through", lambda: self.process.poll() is not None, max(self.seconds, PATIENCE))
        assert self.process.returncode == 0, f"jineng play left with {self.process.returncode}: {self.rehearsal.logs().get('play.err')}"


def plausible(day):
    try:
        return 2019 <= date.fromisoformat(day).year <= 2024
    except ValueError:
        return False


class Soak:
    def __init__(self, arguments):
        self.given = arguments
        self.seconds = arguments.seconds
        self.random = random.Random(arguments.seed)
        self.every = min(15.0, max(0.5, self.seconds / 120))
        self.samples = {name: [] for name in (*SERVICES, "up")}
        self.files, self.kills, self.stats = [], 0, {}

    def random_of(self, name):
        return random.Random(f"{self.given.seed} {name}")

    # ---- The run ----

    def run(self):
        with Rehearsal("soak") as self.rehearsal:
            if self.given.data:
                os.makedirs(self.given.data)
                self.rehearsal.data = os.path.join(os.path.realpath(self.given.data), "suite")
                self.rehearsal.environment["JINENG_DATA"] = self.rehearsal.data
            if self.given.fault:
                self.rehearsal.environment.update(LD_PRELOAD=os.path.join(os.environ["JINENG_MEMORY"], "libfaults.so"),
                                                  JN_FAULT=self.given.fault)
            folder = make_folder(self.rehearsal.folder, self.people(), self.given.seed % 1_000_000, "spread", "dirty", "short")
            self.rehearsal.up()
            self.player = Player(self.rehearsal, folder, self.seconds)
            self.load = Load(self.rehearsal, SERVICES, directory_of(folder), self.random_of, self.given.pace)
            try:
                self.work()
            finally:
                self.player.process.send_signal(signal.SIGCONT)
                self.write_samples()
            return self.judged(folder)

    def people(self):
        least, most = PEOPLE
        return self.given.people or int(min(most, max(least, self.seconds * PEOPLE_A_SECOND)))

    def work(self):
        self.began = time.monotonic()
        self.askers = {name: self.load.connect("operator", name) for name in SERVICES}
        restarts = self.restarts()
        next_sample, next_files, through = 0.0, 0.0, False
        self.player.start()
        self.load.start()
        while (at := time.monotonic() - self.began) < self.seconds:
            through = through or self.player.turn(at, self.clock_ms())
            if restarts and at >= restarts[0][0]:
                self.kill(restarts.pop(0)[1])
            if at >= next_sample:
                self.sample(at)
                next_sample = at + self.every
                self.load.assert_alive()
                assert self.rehearsal.supervisor.poll() is None, "jineng up ended by itself"
            if at >= next_files:
                self.look_at_files(at)
                next_files = at + max(60.0, self.seconds / 60) if self.seconds > 600 else at + self.seconds / 10
            time.sleep(0.1)
        self.sample(self.seconds)
        self.load.finish()
        if not through:
            self.player.finish()
        self.look_at_files(time.monotonic() - self.began)

    def restarts(self):
        """(when, who): each of the others once, long before the second half; one again and again."""
        others = [(self.seconds * 0.04 * (number + 1), name)
                  for number, name in enumerate(name for name in SERVICES if name != RESTARTED)]
        count = min(RESTARTS, int(self.seconds / 10))
        return sorted(others + [(self.seconds * (number + 0.5) / count, RESTARTED) for number in range(count)])

    def kill(self, service):
        self.kills += len(self.rehearsal.signal(service, signal.SIGKILL))

    def clock_ms(self):
        """The suite's, as the ledger sees it, from its latest sample; asked anew each time."""
        reply = self.askers["ledger"].answer(self.askers["ledger"].request("Stand", runtime.StandRequest()))
        assert reply, "the ledger does not answer"
        return reply.time_ms

    def sample(self, at):
        for name in SERVICES:
            pids = self.rehearsal.pids(name)
            stats = self.askers[name].answer(self.askers[name].request("Stats", runtime.StatsRequest()))
            report = runtime.StatsReport.FromString(stats.body)
            self.stats[name] = {one.name: one.value for one in report.counters}
            self.keep(name, at, pids, self.stats[name]["messages"])
        self.keep("up", at, [self.rehearsal.supervisor.pid], 0)

    def keep(self, name, at, pids, messages):
        found = sampling.look(at, pids[0], messages) if len(pids) == 1 else None
        if found:
            self.samples[name].append(found)

    # ---- Files ----

    def look_at_files(self, at, content=False):
        found = {"at": at}
        for name in SERVICES:
            folder = os.path.join(self.rehearsal.data, name)
            for kind in ("log", "tables"):
                found[name, kind] = sampling.pages(os.path.join(os.environ["JINENG_MEMORY"], "lmdb-pages"),
                                                   os.path.join(folder, kind), content)
            stand = runtime.Standing.FromString(self.askers[name].answer(
                self.askers[name].request("Stand", runtime.StandRequest())).body)
            found[name, "events"], found[name, "blocks"] = stand.events, stand.block
        found["others"] = self.other_files()
        self.files.append(found)
        return found

    def other_files(self):
        """Bytes on the disk of what is neither log nor tables, by name."""
        sizes = {}
        for where, _, names in os.walk(self.rehearsal.data):
            for name in names:
                path = os.path.relpath(os.path.join(where, name), self.rehearsal.data)
                if path.split(os.sep)[1:] not in (["log", "data.mdb"], ["tables", "data.mdb"]):
                    sizes[path] = os.stat(os.path.join(where, name)).st_size
        return sizes

    # ---- The judgement ----

    def judged(self, folder):
        faults = []
        bounds = sampling.Bounds() if self.seconds >= sampling.LONG_SECONDS else sampling.SHORT
        for name, samples in self.samples.items():
            if name == RESTARTED:
                faults += sampling.judge_lives(name, samples, bounds)
            else:
                faults += sampling.judge_process(name, samples, self.seconds / 2, bounds)
        last = self.look_at_files(self.seconds, content=True)
        for name in SERVICES:
            faults += sampling.judge_log(f"{name}'s log", last[name, "log"])
            faults += sampling.judge_tables(f"{name}'s tables", last[name, "tables"])
            looks = [self.files[len(self.files) // 6], self.files[len(self.files) // 2], last]
            faults += sampling.judge_rate(f"{name}'s log, events", *((one[name, "events"], one[name, "log"]) for one in looks))
            faults += sampling.judge_rate(f"{name}'s tables, rows",
                                          *((sampling.sum_of(one[name, "tables"], "rows"), one[name, "tables"]) for one in looks))
        faults += self.judge_others()
        faults += self.judge_totals(folder)
        faults += [f"nobody got any {what} done: nothing was measured" for what in ("classes", "answered", "followed", "connections", "held")
                   if not self.load.counts[what]]
        self.table(last)
        if not self.given.fault:
            self.rehearsal.assert_sound()
        for fault in faults:
            say(f"NOT FLAT: {fault}" if "grew" in fault else f"NOT EXPLAINED: {fault}")
        if not faults:
            say("all flat, and every byte explained")
        return not faults

    def judge_others(self):
        """What is neither log nor tables nor what the services say: nothing new, nothing that grows."""
        early, late = self.files[len(self.files) // 3]["others"], self.files[-1]["others"]
        return [f"{name} grew from {early.get(name, 0)} to {size} bytes" for name, size in sorted(late.items())
                if size > early.get(name, 0) and not name.endswith(".log") and "checkpoint" not in name and name != "rejected.csv"]

    def judge_totals(self, folder):
        """The campaign came to what it must; classes and people are not its alone here."""
        wrong = [one for one in differences(folder, self.rehearsal.played()) if one.split(":")[0] not in ("people", "classes", "trained")]
        return [f"the campaign's totals: {one}" for one in wrong]

    def table(self, last):
        counts = self.load.counts
        say("process         memory, KiB: at half   at end   trend   file-mapped MiB   descriptors   threads   CPU %   messages")
        for name, samples in self.samples.items():
            kept = [one for one in sampling.lives(samples)[-1] if one.at >= self.seconds / 2] or samples[-1:]
            cpu = sum(life[-1].cpu for life in sampling.lives(samples)) / self.seconds * 100
            say(f"  {name:15} {kept[0].anonymous / 1024:18,.0f} {kept[-1].anonymous / 1024:8,.0f} "
                f"{sampling.growth(kept, lambda one: one.anonymous) / 1024:+7,.0f} {kept[-1].mapped / MIB:17.1f} "
                f"{kept[0].descriptors:6} {kept[-1].descriptors:6} {kept[-1].threads:9} {cpu:7.1f} {kept[-1].messages:10,}")
        say("files               events   blocks    file MiB   in use   free pages   bytes a block   an event in its record   rows   bytes a row")
        for name in SERVICES:
            log, tables = last[name, "log"], last[name, "tables"]
            say(f"  {name:15} {log['records']:10,} {log['rows.blocks']:8,} log {log['file'] / MIB:7.1f} "
                f"{log['used'] * 4096 / MIB:8.1f} {log['free']:12,} {log['bytes.blocks'] / max(1, log['rows.blocks']):15.0f} "
                f"{log['records_bytes'] / max(1, log['records']):24.0f}")
            rows = sampling.sum_of(tables, "rows")
            say(f"  {'':34} tables {tables['file'] / MIB:4.1f} {tables['used'] * 4096 / MIB:8.1f} {tables['free']:12,} "
                f"{'':40} {rows:6,} {sampling.sum_of(tables, 'bytes') / max(1, rows):13.0f}")
        others = self.files[-1]["others"]
        said = sum(size for name, size in others.items() if name.endswith(".log"))
        say(f"others, KiB: what the services say {said / 1024:.1f}, {len(others)} files in all {sum(others.values()) / 1024:.1f}")
        say(f"soak: {self.seconds:.0f} s, seed {self.given.seed}, {self.people()} people, {self.kills} kills, "
            + ", ".join(f"{count} {name}" for name, count in sorted(counts.items()))
            + f", {sum(last[name, 'log']['records'] for name in SERVICES)} events")

    def write_samples(self):
        if not self.given.data:
            return
        with open(os.path.join(self.given.data, "samples.csv"), "w", encoding="ascii", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["process", *sampling.Process._fields])
            for name, samples in self.samples.items():
                writer.writerows([name, *one] for one in samples)
        with open(os.path.join(self.given.data, "files.json"), "w", encoding="ascii") as file:
            json.dump([{" ".join(key) if isinstance(key, tuple) else key: value for key, value in one.items()} for one in self.files],
                      file, indent=1)


def directory_of(folder):
    """A provider with its division, and a project: of rows that the campaign takes, whatever is wrong with others."""
    read = sheets.Campaign(folder)
    for row in rows_of(folder, "institutions"):
        if row["uscc"] in read.institutions and (row["designated_from"], row["designated_to"]) == ("2019-10-27", "2021-12-31"):
            project = next(row for row in rows_of(folder, "projects") if row["code"] in read.projects)
            return (row["uscc"], int(row["division"])), project["code"]
    raise AssertionError(f"{folder}: nobody may teach")


def rows_of(folder, sheet):
    with open(os.path.join(folder, f"{sheet}.csv"), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def parse():
    parser = argparse.ArgumentParser(prog="scripts/soak")
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--hours", type=float)
    length.add_argument("--minutes", type=float)
    length.add_argument("--seconds", type=float)
    parser.add_argument("--data")
    parser.add_argument("--people", type=int)
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--fault")
    given = parser.parse_args()
    given.seconds = (given.hours or 0) * 3600 + (given.minutes or 0) * 60 + (given.seconds or 0) or 3600
    given.seed = given.seed or chosen_seed()
    if given.data and os.path.exists(given.data):
        parser.error(f"{given.data} is there already: a soak begins with a fresh folder")
    return given


def main():
    given = parse()
    say(f"a soak of {given.seconds:.0f} s, seed {given.seed}")
    well = Soak(given).run()
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
