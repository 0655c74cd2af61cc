"""What a disk may hold after a power cut, made from the journal that powercut.c wrote (its head tells what is in it).

    disk = Disk(base)                        # a folder as it lay on the disk when the journal began
    for record in read_journal(path): disk.take(record)
    disk.image(folder, random)               # as it may lie there if the power goes now

A file holds what was synced, and of each write since then, sector by sector, what chance kept; a name that was made, moved or taken
away since its folder was synced is as chance wants it. A `lie` is a disk that says it has synced and has not.
"""
import os
import shutil
import struct
from collections import namedtuple

HEAD = struct.Struct("<IBBBxQQQ")
Record = namedtuple("Record", "kind durable zeros inode offset size content")
SECTORS = (512, 4096)


def read_journal(path):
    with open(path, "rb") as file:
        journal = file.read()
    at, records = 0, []
    while at + HEAD.size <= len(journal):
        length, kind, durable, zeros, inode, offset, size = HEAD.unpack_from(journal, at)
        at += HEAD.size
        if at + length > len(journal):
            break  # the writer was killed inside it
        records.append(Record(chr(kind), durable, zeros, inode, offset, size, journal[at:at + length]))
        at += length
    return records


def paths_of(record):
    return [part.decode() for part in record.content.split(b"\0")[:-1]]


class File:
    def __init__(self, content=b""):
        self.synced, self.size = bytearray(content), len(content)  # zeros behind `synced`, up to the size
        self.pending = []  # (offset, length, bytes or None for zeros); offset None: cut or stretched to that length

    def write(self, offset, length, content):
        self.size = max(self.size, offset + length)
        if length == 0 or (content is None and offset >= len(self.synced)):
            return  # room that was made: zeros already
        if len(self.synced) < offset + length:
            self.synced.extend(bytes(offset + length - len(self.synced)))
        self.synced[offset:offset + length] = content if content is not None else bytes(length)

    def stretch(self, size):
        self.size = size
        del self.synced[size:]

    def sync(self):
        for offset, length, content in self.pending:
            if offset is None:
                self.stretch(length)
            else:
                self.write(offset, length, content)
        self.pending = []

    def sync_range(self, start, end):
        """A write that is durable by itself takes along what was written before in its place, and nothing else."""
        through = [one for one in self.pending if one[0] is None or (one[0] < end and start < one[0] + one[1])]
        others = [one for one in self.pending if one not in through]
        self.pending = through
        self.sync()
        self.pending = others

    def after_cut(self, random, keep, sector):
        """A copy with each sector of each write since the last sync kept or not."""
        left = File()
        left.synced, left.size = bytearray(self.synced), self.size
        for offset, length, content in self.pending:
            if offset is None:
                if random.random() < keep:
                    left.stretch(length)
                continue
            if content is None:
                if random.random() < keep:
                    left.write(offset, length, None)
                continue
            start = offset
            while start < offset + length:
                end = min((start // sector + 1) * sector, offset + length)
                if random.random() < keep:
                    left.write(start, end - start, content[start - offset:end - offset])
                start = end
        return left


class Disk:
    def __init__(self, base, lies=()):
        self.files, self.names, self.folders, self.lies = {}, {}, set(), lies
        self.unsynced = {}  # folder -> what was done to its names since it was synced
        self.inodes = {}  # inode of the run -> file
        self.replies = []
        for where, _, names in os.walk(base):
            folder = os.path.relpath(where, base)
            self.folders.add(folder)
            for name in names:
                path = os.path.normpath(os.path.join(folder, name))
                with open(os.path.join(where, name), "rb") as file:
                    content = file.read()
                one = File(content.rstrip(b"\0"))
                one.size = len(content)
                self.names[path] = one
                self.inodes[os.stat(os.path.join(where, name)).st_ino] = one
        self.current = dict(self.names)  # as the processes see it

    def note_name(self, path, step):
        self.unsynced.setdefault(os.path.dirname(path) or ".", []).append(step)

    def take(self, record):
        getattr(self, "take_" + record.kind)(record)

    def take_C(self, record):
        [path] = paths_of(record)
        self.current[path] = self.inodes[record.inode] = File()
        self.note_name(path, ("link", path, self.current[path]))

    def take_T(self, record):
        self.inodes[record.inode].pending.append((None, record.size, None))

    def take_G(self, record):
        self.inodes[record.inode].pending.append((record.size, 0, None))

    def lied_to(self, one):
        return any(self.current.get(path) is one for path in self.lies)

    def take_W(self, record):
        one = self.inodes[record.inode]
        one.pending.append((record.offset, record.size, None if record.zeros else record.content))
        if record.durable and not self.lied_to(one):
            one.sync_range(record.offset, record.offset + record.size)

    def take_S(self, record):
        if not self.lied_to(self.inodes[record.inode]):
            self.inodes[record.inode].sync()

    def take_D(self, record):
        [folder] = paths_of(record)
        for step in self.unsynced.pop(folder or ".", []):
            self.perform(step, self.names, self.folders)

    def take_M(self, record):
        [path] = paths_of(record)
        self.note_name(path, ("folder", path))

    def take_U(self, record):
        [path] = paths_of(record)
        self.current.pop(path, None)
        self.note_name(path, ("unlink", path))

    def take_R(self, record):
        source, target = paths_of(record)
        assert not self.unsynced.get(source), "a folder was moved before its own names were synced"
        self.move(source, target, self.current, set())
        step = ("rename", source, target)
        self.note_name(target, step)
        if os.path.dirname(source) != os.path.dirname(target):
            self.note_name(source, step)

    def take_L(self, record):
        source, target = paths_of(record)
        self.current[target] = self.current[source]
        self.note_name(target, ("link", target, self.current[source]))

    def take_A(self, record):
        self.replies.append(record.content)

    @staticmethod
    def perform(step, names, folders):
        if step[0] == "link":
            names[step[1]] = step[2]
        elif step[0] == "folder":
            folders.add(step[1])
        elif step[0] == "unlink":
            names.pop(step[1], None)
        else:
            Disk.move(step[1], step[2], names, folders)

    @staticmethod
    def move(source, target, names, folders):
        """A file, or a folder with all that is in it."""
        for path in [path for path in names if path == source or path.startswith(source + "/")]:
            names[target + path[len(source):]] = names.pop(path)
        if source in folders:
            folders.remove(source)
            folders.add(target)

    def image(self, folder, random, keep=None):
        """Makes the folder anew as the disk may hold it now; returns how it was drawn."""
        keep, sector = random.choice((0.0, 0.1, 0.5, 0.9, 1.0)) if keep is None else keep, random.choice(SECTORS)
        keep_names = random.choice((0.0, 0.5, 1.0))
        names, folders = dict(self.names), set(self.folders)
        for steps in self.unsynced.values():
            for step in steps:
                if random.random() < keep_names:
                    self.perform(step, names, folders)
        shutil.rmtree(folder, ignore_errors=True)
        os.mkdir(folder, 0o700)
        for path in sorted(folders):
            if path != "." and os.path.dirname(path) in ("", *folders):
                os.mkdir(os.path.join(folder, path), 0o700)
        for path, one in names.items():
            if os.path.isdir(os.path.dirname(os.path.join(folder, path))):
                self.lay_down(os.path.join(folder, path), one.after_cut(random, keep, sector))
        return f"{keep:.0%} of what was not synced kept by {sector} bytes, {keep_names:.0%} of the names"

    @staticmethod
    def lay_down(path, one):
        with open(path, "wb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(one.synced)
            file.truncate(one.size)
