"""A whole suite under `jineng up` with a driven clock, for campaigns to be played through; and what a folder must come to.

    with Rehearsal() as rehearsal:
        rehearsal.up()
        done = rehearsal.play(folder, "--json")
"""
import csv
import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unicodedata

from suite import BIN, PATIENCE, ROOT, SANITIZED, Ports, assert_no_reports, wait_for

CAMPAIGNS = os.path.join(ROOT, "tests", "campaigns")
ORACLE = os.path.join(ROOT, "tests", "oracle")
SERVICES = ["enrollment", "certification", "subsidy", "ledger", "notification"]
PLAY_TIMEOUT = 1800

sys.path.insert(0, ORACLE)
import oracle  # noqa: E402  (beside the sheets that it reckons)
import sheets  # noqa: E402
from generate import generate  # noqa: E402
from vocabulary import CHINESE_HEADERS  # noqa: E402


class Rehearsal:
    """A data folder and the processes that run on it; nothing is left of either."""

    def __init__(self, name="play", clock=("--driven", "--start", "2015-01-01")):
        self.folder = tempfile.mkdtemp(prefix=f"jineng-{name}-")
        self.data = os.path.join(self.folder, "data")
        self.port = Ports.take(len(SERVICES))
        self.supervisors, self.player, self.ups = [], None, 0
        self.clock = clock
        self.environment = {**os.environ, "JINENG_DATA": self.data, "LC_ALL": "C.UTF-8"}

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind:
            self.tell()
            self.end()
        else:
            self.close()

    def close(self):
        """In good order where a sanitizer looks on: it tells of a leak at such an end alone."""
        try:
            for service in SERVICES if SANITIZED else ():
                self.signal(service, signal.SIGCONT)
            for supervisor in self.supervisors if SANITIZED else ():
                supervisor.terminate()
            for supervisor in self.supervisors if SANITIZED else ():
                supervisor.wait(PATIENCE)
            assert_no_reports(self.logs())
        finally:
            self.end()

    def end(self):
        for process in filter(None, [self.player, *self.supervisors]):
            if process.poll() is None:
                process.kill()
                process.wait()
        for service in SERVICES:
            self.signal(service, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def tell(self):
        for name, text in self.logs().items():
            print(f"---- {name}, its end\n{text[-2000:]}", file=sys.stderr)

    def logs(self):
        """All that the suite and its supervisor have written so far, by file."""
        texts = {}
        for where in (self.folder, self.data):
            for name in sorted(os.listdir(where)) if os.path.isdir(where) else []:
                if name.endswith((".log", ".out", ".err")):
                    with open(os.path.join(where, name), encoding="utf-8", errors="replace") as file:
                        texts[name] = file.read()
        return texts

    def log_lines(self, *words):
        return [f"{name}: {line}" for name, text in self.logs().items() for line in text.splitlines()
                if any(word in line for word in words)]

    # ---- Processes ----

    @property
    def supervisor(self):
        """The latest; there are several where services run in parts."""
        return self.supervisors[-1]

    def launch(self, *services):
        """Starts `jineng up` for all services or those named, and waits for nothing."""
        self.ups += 1
        with open(os.path.join(self.folder, f"up-{self.ups}.out"), "wb") as out, \
                open(os.path.join(self.folder, f"up-{self.ups}.err"), "wb") as err:
            self.supervisors.append(subprocess.Popen(
                [os.path.join(BIN, "jineng"), "up", *services, "--data", self.data, "--init", *self.clock, "--base-port",
                 str(self.port)], stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=self.environment))
        return self.supervisor

    def ready(self):
        return self.logs().get(f"up-{self.ups}.out", "").endswith("ready\n")

    def up(self):
        self.launch()
        wait_for("the suite is ready", lambda: self.ready() or self.supervisor.poll() is not None)
        assert self.supervisor.poll() is None, f"jineng up left with {self.supervisor.returncode}: {self.logs()}"

    def down(self):
        """Politely; all must leave, and with 0."""
        for supervisor in self.supervisors:
            supervisor.terminate()
        codes = [supervisor.wait(PATIENCE) for supervisor in self.supervisors]
        ended = self.log_lines("ended=yes")
        assert not any(codes), f"jineng up left with {codes}: {ended}"
        assert not [service for service in SERVICES if self.pids(service)], "a service outlived jineng up"
        assert not self.log_lines("level=warning", "level=error"), self.log_lines("level=warning", "level=error")
        self.supervisors = []

    def pids(self, service):
        """Of the processes of a service on this data folder, whoever started them."""
        found = []
        for entry in os.listdir("/proc"):
            if not entry.isdigit():
                continue
            try:
                with open(f"/proc/{entry}/cmdline", "rb") as file:
                    words = file.read().decode(errors="replace").split("\0")
            except OSError:
                continue
            if os.path.basename(words[0]) == f"jineng-{service}" and any(word.startswith(self.data + "/") for word in words):
                found.append(int(entry))
        return found

    def signal(self, service, number):
        """To every process of a service; those that there were."""
        pids = self.pids(service)
        for pid in pids:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
        return pids

    # ---- The command ----

    def jineng(self, *arguments, timeout=PLAY_TIMEOUT):
        """Runs jineng; the completed process with its texts."""
        done = subprocess.run([os.path.join(BIN, "jineng"), *arguments], capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, env=self.environment, check=False)
        assert_no_reports({f"jineng {arguments[0]}": done.stderr})
        return done

    def play(self, folder, *arguments):
        return self.jineng("play", folder, "--data", self.data, *arguments)

    def launch_play(self, folder):
        """Starts a play and waits for nothing; its output lies in the folder."""
        with open(os.path.join(self.folder, "play.json"), "wb") as out, open(os.path.join(self.folder, "play.err"), "ab") as err:
            self.player = subprocess.Popen([os.path.join(BIN, "jineng"), "play", folder, "--data", self.data, "--json"],
                                           stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=self.environment)
        return self.player

    def played(self):
        with open(os.path.join(self.folder, "play.json"), encoding="utf-8") as file:
            return file.read()

    def call(self, method, request=None, agency="operator"):
        done = self.jineng("call", method, json.dumps(request or {}), "--as", agency, "--compact")
        assert done.returncode == 0, f"{method} as {agency}: {done.returncode} {done.stderr}"
        return json.loads(done.stdout)

    def events(self):
        """How much has happened. (Blocks may come without events: what a follower has read.)"""
        return {service: self.call(f"{service}.Stand").get("events", 0) for service in SERVICES}

    def rejected(self):
        with open(os.path.join(self.data, "rejected.csv"), encoding="utf-8") as file:
            return file.read()

    def verify(self):
        return self.jineng("verify", "--data", self.data)

    def assert_sound(self):
        done = self.verify()
        assert done.returncode == 0, f"jineng verify: {done.returncode}\n{done.stdout}{done.stderr}"


# ---- Folders ----

def campaign(name):
    return os.path.join(CAMPAIGNS, name)


def make_folder(parent, people, seed, *flags):
    """A generated folder, named after what it is."""
    folder = os.path.join(parent, "-".join([str(people), str(seed), *flags]))
    generate(folder, people, seed, **{flag: True for flag in flags})
    return folder


def snapshot(folder):
    """Everything in a folder: names, times, contents."""
    found = {".": os.stat(folder).st_mtime_ns}
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        with open(path, "rb") as file:
            found[name] = (os.stat(path).st_mtime_ns, os.stat(path).st_mode, hashlib.sha256(file.read()).hexdigest())
    return found


def expected(folder):
    with open(os.path.join(folder, "expected.json"), encoding="utf-8") as file:
        return json.load(file)


def without_empty(totals):
    return {key: value for key, value in totals.items() if value != {}}


def differences(folder, printed):
    """What a play printed against what it must come to, field for field; empty where it is equal."""
    try:
        got = without_empty(json.loads(printed))
    except ValueError as error:
        return [f"no JSON alone: {error}: {printed[:200]!r}"]
    must = without_empty(expected(folder))
    return [f"{key}: expected {must.get(key)}, got {got.get(key)}"
            for key in sorted({*must, *got}) if must.get(key) != got.get(key)]


def rejected_by_oracle(folder):
    return sorted((row.file, row.line) for row in sheets.Campaign(folder).rejected)


# ---- People ----

ENGLISH = {word: name for name, word in CHINESE_HEADERS.items()} | {"姓名": "name"}
PERSONAL = {"roster": ("name", "id_number", "phone", "account"), "results": ("id_number",), "attestations": ("id_number",),
            "history": ("id_number",), "attendance": ("absent",)}


def cells_of(folder, sheet, columns):
    path = os.path.join(folder, f"{sheet}.csv")
    if not os.path.exists(path):
        return
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = csv.reader(file)
        header = [ENGLISH.get(name.strip(), name.strip()) for name in next(rows)]
        for row in rows:
            yield from (cell for name, cell in zip(header, row) if name in columns)


def personal_texts(folder):
    """Names, id numbers, phones and accounts of the sheets, as they are written and put right."""
    found = set()
    for sheet, columns in PERSONAL.items():
        for cell in cells_of(folder, sheet, columns):
            for part in cell.split(";"):
                found |= {part.strip(), unicodedata.normalize("NFKC", part).strip().upper()}
    return {text for text in found if len(text) >= 2}


def personal_in(folder, text):
    return sorted(one for one in personal_texts(folder) if one in text)


# ---- Chance ----

def chosen_seed():
    """JINENG_SEED, or another one each time, but where the run must tell the same of the same commit (CI); whoever uses it prints it."""
    return int(os.environ.get("JINENG_SEED", 0)) or (20261123 if os.environ.get("CI") else int(time.time() * 1000) % 1_000_000_000)


def chance(seed):
    print(f"seed {seed}: JINENG_SEED={seed} repeats it", file=sys.stderr, flush=True)
    return random.Random(seed)
