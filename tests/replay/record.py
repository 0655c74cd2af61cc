"""Records what programs of today write, for those of later years to read: the logs of a campaign, played by them and stopped.

    JINENG_BIN=FOLDER JINENG_ALTER=PROGRAM /usr/bin/python3 tests/replay/record.py NAME [CAMPAIGN]

FOLDER holds the programs (of an older commit: build them in a worktree of it), PROGRAM is lmdb-alter. Written to tests/replay/NAME:
SERVICE.log.xz, its log row by row as `lmdb-alter dump` prints it; SERVICE.key, its pseudonym key (of invented people); campaign, whose
totals are to be met. A recording is never changed: what does not read it any more is at fault.
"""
import lzma
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "end-to-end"))
from rehearsal import SERVICES, Rehearsal, campaign, differences  # noqa: E402

ALTER = os.environ["JINENG_ALTER"]


def main(name, played="small"):
    folder = os.path.join(HERE, name)
    os.mkdir(folder)
    with Rehearsal("record") as rehearsal:
        rehearsal.up()
        done = rehearsal.play(campaign(played), "--json")
        found = differences(campaign(played), done.stdout)
        assert done.returncode == 0 and not found, (done.returncode, found)
        rehearsal.down()
        rehearsal.assert_sound()
        for service in SERVICES:
            dump = subprocess.run([ALTER, os.path.join(rehearsal.data, service, "log"), "dump"], capture_output=True, check=True)
            with lzma.open(os.path.join(folder, f"{service}.log.xz"), "wb", preset=9 | lzma.PRESET_EXTREME) as out:
                out.write(dump.stdout)
            with open(os.path.join(rehearsal.data, service, "pseudonym.key"), "rb") as key:
                with open(os.path.join(folder, f"{service}.key"), "wb") as out:
                    out.write(key.read())
    with open(os.path.join(folder, "campaign"), "w", encoding="utf-8") as out:
        out.write(played + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
