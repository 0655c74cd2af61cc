"""What a process holds and what its files hold, sample by sample; and whether that is flat, or grows as what happened grows."""
import os
import statistics
import subprocess
from typing import NamedTuple

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = 4096
KIB, MIB = 1024, 1024 * 1024

# The log is filled ahead with zeros, 8 MiB at a time, up to 16 MiB ahead of the step in use (services/runtime/log.c).
ROOM_STEP, ROOM_WRITE = 8 * MIB, 64 * 1024
TABLES_ROOM = 16 << 20  # services/runtime/tables.c sets aside as much ahead, in such steps
# A value of half a page or more lies on pages of its own, and smaller ones fill a leaf at least to a half: nothing takes more
# than twice its size, and a node's head and its place in the page's list.
LOG_FACTOR, NODE_BYTES = 2, 16
# LMDB joins a page that is less than a quarter full with its neighbour.
TABLES_FACTOR = 4
# Whatever a table holds, it has a page; so have the free list and the list of names.
FEW_PAGES = 80


class Process(NamedTuple):
    """One look at a process."""

    at: float  # seconds since the start
    pid: int
    anonymous: int  # bytes of memory that is no file's
    mapped: int  # bytes of files, LMDB's map among them: the kernel may take them back at any time
    descriptors: int
    threads: int
    cpu: float  # seconds
    messages: int  # since it was started


def look(at, pid, messages):
    """None where it has just gone."""
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            kib = {words[0]: int(words[1]) for words in map(str.split, file) if len(words) == 3 and words[2] == "kB"}
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        descriptors = len(os.listdir(f"/proc/{pid}/fd"))
    except (OSError, KeyError):
        return None
    return Process(at, pid, kib["Anonymous:"] * 1024, (kib["Rss:"] - kib["Anonymous:"]) * 1024, descriptors, int(fields[17]),
                   (int(fields[11]) + int(fields[12])) / TICKS, messages)


# ---- Flat or not ----

def slope(points):
    """Of (x, y), by Theil and Sen: the median of the slopes between any two; a few outliers do not move it."""
    steps = [(y2 - y1) / (x2 - x1) for index, (x1, y1) in enumerate(points) for x2, y2 in points[index + 1:] if x2 > x1]
    return statistics.median(steps) if steps else 0.0


def growth(samples, of):
    """What a figure's trend comes to over these samples."""
    return slope([(one.at, of(one)) for one in samples]) * (samples[-1].at - samples[0].at) if len(samples) > 1 else 0.0


def lives(samples):
    """A list of lists: those of each process that did the work, one after the other."""
    found = []
    for one in samples:
        if not found or found[-1][-1].pid != one.pid:
            found.append([])
        found[-1].append(one)
    return found


class Bounds(NamedTuple):
    """How much is flat, over the second half of a run. The first checkpoint brings libuv's four threads."""

    anonymous: int = MIB  # bytes of trend
    descriptors: int = 3
    threads: int = 4


# A process takes memory until it has what its largest moment needs: in a short run that is not over at half time.
LONG_SECONDS = 900
SHORT = Bounds(anonymous=4 * MIB)


def judge_process(name, samples, since, bounds):
    """Sentences: what is not flat in the last life's samples since then."""
    kept = [one for one in lives(samples)[-1] if one.at >= since]
    if len(kept) < 8:
        return [f"{name}: {len(kept)} samples since {since:.0f} s are too few to tell"]
    faults = []
    grown = growth(kept, lambda one: one.anonymous)
    messages = max(1, kept[-1].messages - kept[0].messages)
    allowed = bounds.anonymous
    if grown > allowed:
        faults.append(f"{name}: anonymous memory grew by {grown / 1024:,.0f} KiB in {kept[-1].at - kept[0].at:.0f} s, "
                      f"{grown / messages:.1f} bytes a message; {allowed / 1024:,.0f} KiB are flat")
    for figure, limit in (("descriptors", bounds.descriptors), ("threads", bounds.threads)):
        values = [getattr(one, figure) for one in kept]
        third = len(values) // 3
        grown = min(values[-third:]) - max(values[:third])  # they come and go: at their fewest they are more than there were at most
        if grown > limit:
            faults.append(f"{name}: {figure} grew by {grown} in {kept[-1].at - kept[0].at:.0f} s, to {values[-1]}")
    return faults


def judge_lives(name, samples, bounds):
    """A process that was restarted again and again: each life came to the same, whatever had been read before it."""
    ends = [life[-1].anonymous for life in lives(samples)[1:-1] if len(life) > 3]
    if len(ends) < 2:
        return []
    grown = slope(list(enumerate(ends))) * (len(ends) - 1)
    return [f"{name}: from life to life anonymous memory grew by {grown / 1024:,.0f} KiB"] if grown > bounds.anonymous else []


# ---- Files ----

def pages(program, folder, content=False):
    """What lmdb-pages says of an environment, and the size of its file."""
    done = subprocess.run([program, folder, *(["content"] if content else [])], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{folder}: {done.returncode}: {done.stderr}"
    found = {name: int(value) for name, value in (line.split() for line in done.stdout.splitlines())}
    found["file"] = os.stat(os.path.join(folder, "data.mdb")).st_size
    return found


def sum_of(found, kind):
    return sum(value for name, value in found.items() if name.startswith(kind + "."))


def judge_log(name, found):
    faults = []
    blocks, content, taken = found["rows.blocks"], found["bytes.blocks"], found["pages.blocks"] * PAGE
    allowed = LOG_FACTOR * (content + blocks * NODE_BYTES) + FEW_PAGES * PAGE
    if taken > allowed:
        faults.append(f"{name}: {blocks} blocks of {content} bytes take {taken}; {allowed} are explained")
    parts = found["records_bytes"] + found["private_bytes"] + found["header_bytes"] + 8 * blocks
    framing = content - parts
    most = 12 * blocks + 6 * found["records"]  # three fields' heads a block, one a record; lengths of up to four bytes
    if not 0 <= framing <= most:
        faults.append(f"{name}: {framing} bytes of the blocks are neither events, answers nor headers; at most {most} are")
    used = found["pages"] * PAGE
    end = (used // ROOM_STEP + 2) * ROOM_STEP + ROOM_WRITE
    if not found["file"] <= end:
        faults.append(f"{name}: the file has {found['file']} bytes where {used} in use and the room ahead make {end}")
    return faults + judge_free(name, found)


def judge_tables(name, found):
    rows, content = sum_of(found, "rows"), sum_of(found, "bytes")
    taken, allowed = sum_of(found, "pages") * PAGE, TABLES_FACTOR * (content + rows * NODE_BYTES) + FEW_PAGES * PAGE
    faults = []
    if taken > allowed:
        faults.append(f"{name}: {rows} rows of {content} bytes take {taken}; {allowed} are explained")
    used = found["pages"] * PAGE
    end = ((used + TABLES_ROOM) // TABLES_ROOM + 1) * TABLES_ROOM
    if found["file"] > end:
        faults.append(f"{name}: the file has {found['file']} bytes where {used} in use and the room ahead make {end}")
    return faults + judge_free(name, found)


def judge_free(name, found):
    """Pages are in use or free, none is lost; and what is free is used again before the file grows."""
    faults = [f"{name}: {found['lost']} pages are neither in use nor free"] if found["lost"] else []
    if found["free"] > max(1024, found["used"]):
        faults.append(f"{name}: {found['free']} pages are free beside {found['used']} in use")
    return faults


# Of each half of a run; fewer say nothing of a page.
ENOUGH = 1000


def judge_rate(name, early, middle, late):
    """(things, what lmdb-pages said), three times: what is in use grows with what happened, as much in the second half as in the first."""
    def taken(before, after):
        return (after[1]["used"] - before[1]["used"]) * PAGE

    first, second = middle[0] - early[0], late[0] - middle[0]
    if min(first, second) < ENOUGH:
        return []
    allowed = 2 * taken(early, middle) * second / first + FEW_PAGES * PAGE
    return [f"{name}: {second} took {taken(middle, late)} bytes, {first} before them {taken(early, middle)}"] \
        if taken(middle, late) > allowed else []
