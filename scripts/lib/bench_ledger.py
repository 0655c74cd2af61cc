"""What scripts/bench ledger runs once everything is built: bench_ledger.py ROOT BUILD [options]."""

import argparse
import contextlib
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from bench import first_line, machine, out

POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
SETTINGS = {"listen_addresses": "", "shared_buffers": "1GB", "max_wal_size": "4GB", "max_connections": "80"}
DURABLE = ("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method", "commit_delay")
SPREAD = 5000
POSTING_BYTES = 38
BATCHES = (1, 10, 100, 1000)
CLIENTS = (1, 8, 32)
IN_FLIGHT = {1: (1, 8, 16, 32, 256, 4096), 10: (1, 8, 32, 256), 100: (1, 8, 32), 1000: (1, 8, 32)}
NAMES = {"postgres": "PostgreSQL 15", "jineng": "Jineng"}


def run(*command, **options):
    return subprocess.run([str(part) for part in command], check=True, text=True, stdout=subprocess.PIPE, **options).stdout


def lines_of(text):
    return [line.split() for line in text.splitlines()]


# ---- Where ----

def as_postgres():
    """The server does not run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def reachable(folder):
    """By the user of the server; sockets have a hundred bytes for their path."""
    return len(str(folder)) < 60 and subprocess.run([*as_postgres(), "test", "-x", folder], check=False).returncode == 0


def fresh(folder, name):
    made = folder / name
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir(mode=0o700)
    return made


def go_ahead():
    """Before the machine's other work: the kernel shares the processor out by sessions. bench-postgres takes the servers along,
    each of which has a session of its own."""
    pathlib.Path("/proc/self/autogroup").write_text("-19", encoding="ascii")


# ---- The two sides ----

@contextlib.contextmanager
def cluster(root, folder):
    """A PostgreSQL of its own: conninfo and the number of its first process."""
    home = fresh(folder, "postgres")
    if os.geteuid() == 0:
        shutil.chown(home, "postgres", "postgres")
    data, user = home / "data", as_postgres()
    options = " ".join(f"-c {name}='{value}'" for name, value in {**SETTINGS, "unix_socket_directories": home}.items())
    conninfo = f"host={home} dbname=postgres user=bench"
    run(*user, POSTGRES / "initdb", "-D", data, "-A", "trust", "-U", "bench", "--locale=C.UTF-8")
    run(*user, POSTGRES / "pg_ctl", "-D", data, "-l", home / "log", "-o", options, "-w", "start")
    try:
        run("psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", root / "tests/bench/postgres.sql", conninfo)
        yield conninfo, (data / "postmaster.pid").read_text(encoding="ascii").split("\n", 1)[0]
    finally:
        run(*user, POSTGRES / "pg_ctl", "-D", data, "-m", "fast", "-w", "stop")
        shutil.rmtree(home)


def postgres(given, folder, names):
    with cluster(given.root, folder) as (conninfo, pid):
        return lines_of(run(given.build / "tests/bench/bench-postgres", conninfo, pid, given.seconds, *names))


def jineng(given, folder, names):
    home = fresh(folder, "jineng")
    found = lines_of(run(given.build / "tests/bench/bench-postings", home, given.seconds, *names, stderr=subprocess.DEVNULL))
    shutil.rmtree(home)
    return found


def names_of(accounts, widths):
    return [f"{n}:{batch}:{width}" for n in accounts for batch in BATCHES for width in widths(batch)]


# ---- Tables ----

def median(rows, column):
    return statistics.median(row[column] for row in rows)


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def tell(found, accounts, runs, seconds):
    out(f"\nPostings, {'all on one account' if accounts == 1 else f'spread over {accounts:,} accounts'} "
        f"(medians of {runs} runs of {seconds:g} s, in turns)")
    out("  a request holds   in flight   postings/s   from, to                  p50 ms    p99 ms   us of CPU a posting: service, client")
    for batch in BATCHES:
        for side in NAMES:
            for name in sorted((name for name in found[side] if name.startswith(f"{accounts}:{batch}:")),
                               key=lambda name: int(name.rsplit(":", 1)[1])):
                rows = found[side][name]
                rates = [row[0] for row in rows]
                out(f"  {batch:>7,}  {NAMES[side]:14} {int(name.rsplit(':', 1)[1]):>5,} {median(rows, 0):12,.0f}   "
                    f"{number(min(rates)) + ' to ' + number(max(rates)):24} {median(rows, 1):9.2f} {median(rows, 2):9.2f} "
                    f"{median(rows, 3):21.1f} {median(rows, 4):7.1f}")


def best(found, side, accounts, batch):
    rates = {name: median(rows, 0) for name, rows in found[side].items() if name.startswith(f"{accounts}:{batch}:")}
    name = max(rates, key=rates.get)
    return rates[name], int(name.rsplit(":", 1)[1])


def ratios(found):
    out("\nJineng beside PostgreSQL, postings a second: as many requests in flight on both sides, and the best of each")
    out("                 a request holds " + "".join(f"{f'{count} in flight':>15}" for count in CLIENTS) + "     best of each")
    for accounts in (1, SPREAD):
        for batch in BATCHES:
            text = ""
            for count in CLIENTS:
                name = f"{accounts}:{batch}:{count}"
                pair = [median(found[side][name], 0) if name in found[side] else None for side in ("jineng", "postgres")]
                text += f"{f'{pair[0] / pair[1]:.1f} times' if None not in pair else '-':>15}"
            ours, flight = best(found, "jineng", accounts, batch)
            theirs, clients = best(found, "postgres", accounts, batch)
            out(f"  {'one account' if accounts == 1 else 'spread':12} {batch:>16,} {text}     {ours / theirs:.1f} times "
                f"({ours:,.0f} at {flight:,} to {theirs:,.0f} at {clients})")
    ours = max(best(found, "jineng", 1, batch)[0] for batch in BATCHES)
    theirs = best(found, "postgres", 1, 1)[0]
    out(f"  one account, requests in flight: {ours:,.0f} postings/s, {ours / theirs:.0f} times what PostgreSQL does there with a "
        f"request a posting ({theirs:,.0f}); aimed at: 100,000 and 50 times")


# ---- What could be ----

def limits(build, folder, found):
    said = lines_of(run(build / "tests/bench/bench-limits", fresh(folder, "limits")))
    disk = {int(row[1]): float(row[2]) for row in said if row[0] == "disk"}
    log = {int(row[1]): float(row[2]) for row in said if row[0] == "log"}
    other = {row[0]: float(row[1]) for row in said if len(row) == 2}
    out("\nWhat could be at most on this disk, were there nothing else")
    out("  a block of      write and fdatasync    LMDB, a synced transaction")
    for size in disk:
        out(f"  {size // 1024:>5} KiB {disk[size]:>16,.0f} a second {log[size]:>17,.0f} a second")
    largest = max(log)
    out(f"  A posting takes {POSTING_BYTES} bytes of a block (of 100 in a request, see growth), of which {largest // 1024} KiB is the "
        f"most: the log alone could take {log[largest] * largest / POSTING_BYTES:,.0f} postings/s.")
    out(f"  LMDB, unsynced: {other['one-row']:,.0f} puts/s of one row, {other['rows']:,.0f} all over a million rows; SM3: "
        f"{other['leaves']:,.0f} events/s (salt, leaf, node).")
    ours = max(best(found, "jineng", 1, batch)[0] for batch in BATCHES) if found else None
    if ours:
        out(f"  Measured at most on one account: {ours:,.0f} postings/s.")


# What runtime/sm3.c, chain.c and pack.c are made of once they are compiled.
HASHING = {"compress_wide", "compress_anywhere", "group", "block_at", "hash_leaves", "hash_level", "jn_sm3_texts"}
PACKING = {"pack_message", "put_value", "put_field", "put_number", "put_bytes", "put_list", "jn_pack"}
PARTS = (
    ("SM3", lambda comm, dso, symbol: dso.startswith("libcrypto") or symbol in HASHING),
    ("protobuf", lambda comm, dso, symbol: dso.startswith("libprotobuf") or symbol in PACKING),
    ("LMDB", lambda comm, dso, symbol: dso.startswith("liblmdb")),
    ("CURVE and ZeroMQ's thread", lambda comm, dso, symbol: comm.startswith("ZMQ") or dso.startswith("libsodium")),
    ("ZeroMQ in the service's thread", lambda comm, dso, symbol: dso.startswith("libzmq")),
    ("kernel: sync, writing, sockets", lambda comm, dso, symbol: "kernel" in dso or dso in ("[vdso]", "[unknown]")),
    ("fold and runtime", lambda comm, dso, symbol: dso == "jineng-ledger"),
    ("C library: copies, comparisons, memory", lambda comm, dso, symbol: True),
)


def shares(text):
    found = dict.fromkeys((name for name, _ in PARTS), 0.0)
    for share, *where in re.findall(r"^\s*([\d.]+)%\s+(\S+)\s+(\S+)\s+\[.\]\s+(\S+)", text, re.MULTILINE):
        found[next(name for name, fits in PARTS if fits(*where))] += float(share)
    return found


def child_of(pid):
    for _ in range(100):
        found = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        if found and b"--config" in pathlib.Path(f"/proc/{found[0]}/cmdline").read_bytes():
            return found[0]
        time.sleep(0.05)
    return None


def profile(build, folder, name):
    """The service's processor time by part, and what it comes to a posting; None where it cannot be had."""
    home, data = fresh(folder, "profile"), folder / "perf.data"
    up = subprocess.Popen([build / "tests/bench/bench-postings", home, "5", name], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True)
    service = child_of(up.pid)
    time.sleep(1)
    took = service and shutil.which("perf") and subprocess.run(
        ["perf", "record", "-q", "-F", "1999", "-p", service, "-o", data, "--", "sleep", "3"], stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, check=False).returncode == 0
    cost = float(lines_of(up.communicate()[0])[0][4])
    shutil.rmtree(home)
    if not took:
        return None
    text = run("perf", "report", "-i", data, "--no-children", "-g", "none", "--sort", "comm,dso,sym", stderr=subprocess.DEVNULL)
    return cost, shares(text)


def where(build, folder):
    names = {"1:1:256": "a request a posting, 256 in flight", "1:100:32": "100 in a request, 32 in flight"}
    found = {name: profile(build, folder, name) for name in names}
    if None in found.values():
        out("\nWhere the processor's time goes was not measured: perf (linux-perf) is not there or may not.")
        return
    out("\nWhere the service's processor time goes, us a posting on one account (perf)")
    out(" " * 44 + "".join(f"{text:>38}" for text in names.values()))
    for part, _ in PARTS:
        out(f"  {part:42}" + "".join(f"{cost * share[part] / 100:30.2f} {share[part]:5.1f} %" for cost, share in found.values()))
    out(f"  {'all':42}" + "".join(f"{cost:30.2f} {'':7}" for cost, _ in found.values()))


# ---- The fold alone ----

def fold(build, folder):
    """Without sockets, client and sync: what deciding, booking, hashing and writing take."""
    kinds = {"appropriate": "an appropriation", "grant": "a grant (a commitment of money)"}
    out("\nWhat the fold takes of the processor, us a posting (blocks of up to 4,000 events, not synced; median, least of 40 blocks)")
    for kind, text in kinds.items():
        names = [f"{kind}:{accounts}:{batch}" for accounts in (1, SPREAD) for batch in (1, 100)]
        for name, middle, least in lines_of(run(build / "tests/bench/bench-fold", fresh(folder, "fold"), 40, *names)):
            _, accounts, batch = name.split(":")
            out(f"  {text:32} {int(accounts):>5,} accounts, {batch:>3} in a command {middle:>10} {least:>8}")
    shutil.rmtree(folder / "fold")


# ---- Growth ----

def growth(build, folder, millions):
    out(f"\nWhat a posting costs after so many (spread over {SPREAD:,} accounts, 100 in a request, 64 in flight; one run)")
    out("      postings   us of CPU a posting   postings/s   log, bytes a posting   tables, bytes a posting")
    home = fresh(folder, "growth")
    rows = [[float(word) for word in row[:3]] + [float(word) for word in row[4:]] for row in lines_of(
        run(build / "tests/bench/bench-postings", home, "--grow", millions, stderr=subprocess.DEVNULL))]
    shutil.rmtree(home)
    for row in rows:
        out(f"  {row[0]:12,.0f} {row[6]:21.2f} {row[3]:12,.0f} {row[1]:22.1f} {row[2]:25.1f}")
    late = [row for row in rows if row[0] > rows[-1][0] / 2]
    cost = median(late, 6) / rows[0][6]
    out(f"  The last half's median is {cost:.2f} times the cost of the first 100,000; aimed at: 1.2 at most.")
    out(f"  100 million are extrapolated: a block is appended and rows of accounts are rewritten, neither of which grows but by "
        f"the depth of the log's tree; the log would take {rows[-1][1] / 10:.1f} GB.")


def main():
    parser = argparse.ArgumentParser(prog="scripts/bench ledger")
    parser.add_argument("root", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("build", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", default=2.0, type=float)
    parser.add_argument("--runs", default=3, type=int)
    parser.add_argument("--millions", default=5.0, type=float)
    parser.add_argument("--ahead", action="store_true")
    parser.add_argument("--only", choices=("postings", "limits", "where", "fold", "growth"))
    given = parser.parse_args()
    if given.ahead:
        go_ahead()
    above = given.build if reachable(given.build) else pathlib.Path("/var/tmp")
    with tempfile.TemporaryDirectory(prefix="b-", dir=above) as name:
        folder, found = pathlib.Path(name), {side: {} for side in NAMES}
        folder.chmod(0o711)
        measure(given, folder, found)


def measure(given, folder, found):
    machine(folder)
    out(f"  {run(POSTGRES / 'postgres', '--version').strip()}, over a unix socket, " +
        ", ".join(f"{key} {value}" for key, value in SETTINGS.items() if value) +
        f"; {', '.join(DURABLE)} as they come; all else too")
    out("  A posting: one amount out of one balance of an account into another, refused where a balance or the sum would leave its "
        "limits; done once, by its id there,\n  by its command's session and number here; acknowledged once it is on the disk. "
        "Each request is one transaction there; here one command, of more than 200 postings several.")
    out(f"  Load before: {' '.join(f'{load:.1f}' for load in os.getloadavg())} on {os.cpu_count()} cores "
        f"({first_line('/proc/cpuinfo', 'model name')})")
    if given.ahead:
        out("  Both sides run ahead of the machine's other work (autogroup -19).")
    if given.only in (None, "postings"):
        for _ in range(given.runs):
            for side, measured, widths in (("postgres", postgres, lambda batch: CLIENTS), ("jineng", jineng, IN_FLIGHT.get)):
                for row in measured(given, folder, names_of((1, SPREAD), widths)):
                    found[side].setdefault(row[0], []).append([float(word) for word in row[1:]])
        for accounts in (1, SPREAD):
            tell(found, accounts, given.runs, given.seconds)
        ratios(found)
    if given.only in (None, "postings", "limits"):
        limits(given.build, folder, found["jineng"] and found)
    if given.only in (None, "where"):
        where(given.build, folder)
    if given.only in (None, "fold"):
        fold(given.build, folder)
    if given.only in (None, "growth"):
        growth(given.build, folder, given.millions)
    out(f"\nLoad after: {' '.join(f'{load:.1f}' for load in os.getloadavg())}")


if __name__ == "__main__":
    sys.exit(main())
