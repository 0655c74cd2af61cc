"""What scripts/bench runs once everything is built: bench.py ROOT BUILD [options]."""

import argparse
import json
import os
import pathlib
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time

SERVICES = ("enrollment", "certification", "subsidy", "ledger", "notification")
PAGE = os.sysconf("SC_PAGE_SIZE")
TICKS = os.sysconf("SC_CLK_TCK")


def out(text=""):
    print(text, flush=True)


def median(values):
    return statistics.median(values)


def spread(values):
    return f"{min(values):,.0f} to {max(values):,.0f}"


# ---- The machine ----

def first_line(path, key):
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.startswith(key):
                return line.split(":", 1)[1].strip()
    return "?"


def sync_ms(folder):
    """What one synced write of 4 KiB costs: what every acknowledged block waits for."""
    times = []
    with tempfile.TemporaryFile(dir=folder) as file:
        for _ in range(200):
            os.write(file.fileno(), b"x" * 4096)
            begun = time.perf_counter()
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begun) * 1000)
    return median(times)


def machine(folder):
    where = subprocess.run(["findmnt", "-no", "SOURCE,FSTYPE", "-T", folder], stdout=subprocess.PIPE, text=True, check=False)
    out("Machine")
    out(f"  {first_line('/proc/cpuinfo', 'model name')}, {len(os.sched_getaffinity(0))} cores to use, "
        f"{int(first_line('/proc/meminfo', 'MemTotal').split()[0]) / 2**20:.1f} GiB")
    out(f"  Linux {os.uname().release}; data on {' '.join(where.stdout.split()) or '?'}, "
        f"{shutil.disk_usage(folder).free / 2**30:.0f} GiB free; a synced write of 4 KiB takes {sync_ms(folder):.2f} ms")
    out("Settings")
    out("  Release build; five services, supervisor and client on this machine; CURVE on every connection; every "
        "acknowledged command synced")


# ---- One service ----

def commands(build, runs):
    line_form = re.compile(r"\s*(\d+) in flight:\s+([\d.]+) commands/s\s+p50\s+([\d.]+) ms\s+p99\s+([\d.]+) ms")
    found = {}
    for _ in range(runs):
        done = subprocess.run([build / "tests/bench/bench-commands"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              check=False)
        if done.returncode != 0:
            sys.exit(f"bench-commands failed: {done.stderr}")
        last = {}  # what warms up comes first, under the same heading
        for window, *figures in (match.groups() for match in map(line_form.match, done.stdout.splitlines()) if match):
            last[int(window)] = [float(figure) for figure in figures]
        for window, figures in last.items():
            found.setdefault(window, []).append(figures)
    out(f"\nCommands to one service, one client (medians of {runs})")
    out("  in flight    commands/s   p50 ms   p99 ms   commands/s from, to")
    for window, rows in sorted(found.items()):
        rates, p50s, p99s = zip(*rows)
        out(f"  {window:9,} {median(rates):13,.0f} {median(p50s):8.2f} {median(p99s):8.2f}   {spread(rates)}")


# ---- The suite ----

class Suite:
    def __init__(self, build, folder):
        self.bin, self.data = build / "bin", folder
        self.start()

    def start(self):
        begun = time.perf_counter()
        self.up = subprocess.Popen([self.bin / "jineng", "up", "--data", self.data, "--init", "--driven", "--start", "2019-01-01"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        if not any(line == "ready\n" for line in self.up.stdout):
            sys.exit(f"The suite did not start; see the *.log files in {self.data}.")
        self.ready_ms = (time.perf_counter() - begun) * 1000

    def stop(self):
        self.up.send_signal(signal.SIGTERM)
        self.up.wait()

    def processes(self):
        """name -> pid: the services, and `up`."""
        children = pathlib.Path(f"/proc/{self.up.pid}/task/{self.up.pid}/children").read_text(encoding="ascii").split()
        names = {pathlib.Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")[0].decode(): int(pid) for pid in children}
        return {"up": self.up.pid, **{pathlib.Path(name).name.removeprefix("jineng-"): pid for name, pid in names.items()}}

    def memory(self):
        """name -> MiB: resident, proportional, and of that what is no file."""
        found = {}
        for name, pid in self.processes().items():
            with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
                kib = {words[0]: int(words[1]) for words in map(str.split, file) if len(words) == 3 and words[2] == "kB"}
            found[name] = [kib[key] / 1024 for key in ("Rss:", "Pss:", "Pss_Anon:")]
        return found

    def cpu(self):
        """name -> seconds so far."""
        found = {}
        for name, pid in self.processes().items():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
            found[name] = (int(fields[11]) + int(fields[12])) / TICKS
        return found


def total(memory):
    return [sum(column) for column in zip(*memory.values())]


def idle(build, folder, runs):
    fresh, again, memories = [], [], []
    for run in range(runs):
        suite = Suite(build, folder / f"idle-{run}")
        fresh.append(suite.ready_ms)
        time.sleep(1)
        memories.append(suite.memory())
        suite.stop()
        suite.start()
        again.append(suite.ready_ms)
        suite.stop()
    out(f"\nThe idle suite (medians of {runs})")
    out(f"  start to ready: {median(fresh):,.0f} ms with a fresh data folder and its keys, {median(again):,.0f} ms after that")
    out("  memory, MiB          resident  proportional  of that no file")
    for name in ("up", *SERVICES):
        rows = [memory[name] for memory in memories]
        out(f"    {name:18} {median([row[0] for row in rows]):8.1f} {median([row[1] for row in rows]):13.1f} "
            f"{median([row[2] for row in rows]):16.1f}")
    sums = [total(memory) for memory in memories]
    out(f"    {'all':18} {median([row[0] for row in sums]):8.1f} {median([row[1] for row in sums]):13.1f} "
        f"{median([row[2] for row in sums]):16.1f}")


# ---- Campaigns ----

def generated(root, build, people):
    """The same folder each time; made anew when what makes it has changed."""
    folder = build / "bench" / f"campaign-{people}"
    maker = root / "tests/oracle"
    newest = max(path.stat().st_mtime for path in maker.glob("*.py"))
    mark = folder / "expected.json"
    if not mark.exists() or mark.stat().st_mtime < newest:
        shutil.rmtree(folder, ignore_errors=True)
        folder.parent.mkdir(parents=True, exist_ok=True)
        print(f"inventing a campaign of {people:,} people", file=sys.stderr, flush=True)
        subprocess.run([sys.executable, maker / "generate.py", folder, "--people", str(people), "--seed", "1"], check=True,
                       stdout=subprocess.DEVNULL)
    return folder


class Watch(threading.Thread):
    """The suite's memory at its largest while something runs."""

    def __init__(self, suite):
        super().__init__(daemon=True)
        self.suite, self.largest, self.over = suite, {}, threading.Event()

    def run(self):
        while not self.over.wait(0.2):
            now = self.suite.memory()
            if not self.largest or total(now)[1] > total(self.largest)[1]:
                self.largest = now

    def stop(self):
        self.over.set()
        self.join()
        return self.largest or self.suite.memory()


def without_empty(totals):
    return {key: value for key, value in totals.items() if value not in ({}, [])}


def play(suite, campaign):
    """One campaign through a fresh suite: the play's own figures and what it took."""
    watch = Watch(suite)
    watch.start()
    before = suite.cpu()
    process = subprocess.Popen([suite.bin / "jineng", "play", campaign, "--data", suite.data, "--json", "--quiet"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    said, figures = process.communicate()
    after = suite.cpu()
    if process.returncode != 0:
        sys.exit(f"The campaign could not be played: {figures}")
    with open(campaign / "expected.json", encoding="utf-8") as file:
        if without_empty(json.load(file)) != without_empty(json.loads(said)):
            sys.exit(f"The totals are not those of {campaign}/expected.json: nothing was measured.")
    found = {key: float(value) for key, value in re.findall(r"(\w+)=([\d.]+)", figures)}
    found["cpu"] = {name: after[name] - before[name] for name in after}
    found["memory"] = watch.stop()
    return found


def size_of(folder):
    return sum(path.stat().st_blocks * 512 for path in pathlib.Path(folder).rglob("*") if path.is_file()) / 2**20


def campaigns(root, build, folder, sizes, runs):
    out(f"\nCampaigns, from roster to settled payment and the inboxes (medians of {runs})")
    out("     people  trainings  seconds  trainings/s  from, to          setup s  clock s  messages  us of CPU a training  disk MiB")
    rows = []
    for people in sizes:
        campaign, found = generated(root, build, people), []
        for run in range(runs):
            data = folder / f"{people}-{run}"
            suite = Suite(build, data)
            found.append(play(suite, campaign))
            suite.stop()
            found[-1]["disk"] = size_of(data)
            shutil.rmtree(data)
        rows.append((people, found))
        of = lambda key: median([one[key] for one in found])
        cpu = median([sum(one["cpu"].values()) for one in found])
        out(f"  {people:9,} {of('trainings'):10,.0f} {of('seconds'):8.2f} {of('trainings_per_second'):12,.0f}  "
            f"{spread([one['trainings_per_second'] for one in found]):16} {of('setup_seconds'):8.2f} {of('clock_seconds'):8.2f} "
            f"{of('messages'):9,.0f} {cpu / of('trainings') * 1e6:21.0f} {of('disk'):9.0f}")
    people, found = rows[-1]
    out(f"\nThe loaded suite, {people:,} people, at its largest (medians of {runs})")
    out("                         CPU s  resident MiB  proportional  of that no file")
    for name in ("up", *SERVICES):
        memory = [median([one["memory"][name][i] for one in found]) for i in range(3)]
        out(f"    {name:18} {median([one['cpu'][name] for one in found]):7.2f} {memory[0]:13.1f} {memory[1]:13.1f} {memory[2]:16.1f}")
    sums = [median([total(one["memory"])[i] for one in found]) for i in range(3)]
    out(f"    {'all':18} {median([sum(one['cpu'].values()) for one in found]):7.2f} {sums[0]:13.1f} {sums[1]:13.1f} {sums[2]:16.1f}")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench")
    parser.add_argument("root", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("build", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--sizes", default="1000,10000,50000", type=lambda text: [int(size) for size in text.split(",")])
    parser.add_argument("--runs", default=3, type=int)
    parser.add_argument("--only", choices=("commands", "idle", "campaigns"))
    given = parser.parse_args()
    # On the build's disk: /tmp may be memory.
    with tempfile.TemporaryDirectory(prefix="bench-", dir=given.build) as name:
        folder = pathlib.Path(name)
        machine(folder)
        if given.only in (None, "commands"):
            commands(given.build, given.runs)
        if given.only in (None, "idle"):
            idle(given.build, folder, given.runs)
        if given.only in (None, "campaigns"):
            campaigns(given.root, given.build, folder, given.sizes, given.runs)


if __name__ == "__main__":
    main()
