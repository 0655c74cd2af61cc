"""A campaign is played while services, supervisor and player are killed at any moment: the totals are what they would have been.

    chaos_test.py [--long]      JINENG_SEED=N plays the same folder and draws the same kills; their moments still differ
"""
import os
import shutil
import signal
import sys
import tempfile
import time
import unittest

from rehearsal import PLAY_TIMEOUT, SERVICES, Rehearsal, chance, chosen_seed, differences, make_folder
from suite import SANITIZED

LONG = "--long" in sys.argv
PEOPLE = 4000 if LONG else 1200 if SANITIZED else 3000
KILLS = (30, 70) if LONG else (12, 18)  # at least, at most, a campaign
PAUSE = (0.05, 0.6)
TRIES = 60  # plays that end early in a campaign: each needs a cause among the kills
CAMPAIGNS = 2 if LONG else 1


class Storm:
    """Kills what a rehearsal runs, at random moments, and starts again what jineng up does not."""

    def __init__(self, rehearsal, folder, random):
        self.rehearsal, self.folder, self.random = rehearsal, folder, random
        self.kills, self.held, self.tries, self.began = 0, 0, 0, time.monotonic()
        self.done = []

    def note(self, what):
        self.done.append(f"{time.monotonic() - self.began:7.2f} s  {what}")

    def play(self):
        self.tries += 1
        self.rehearsal.launch_play(self.folder)

    def blow(self, least, most):
        """Until the play has come through and enough was killed; at the last without disturbance."""
        self.rehearsal.launch()
        self.play()
        while True:
            self.pause()
            if self.player_ended() and (self.kills >= least or not self.begin_again()):
                return
            assert self.rehearsal.supervisor.poll() is None, f"jineng up ended by itself: {self.rehearsal.supervisor.returncode}"
            assert time.monotonic() - self.began < PLAY_TIMEOUT, "it does not come through"
            if self.kills < most:
                self.strike()

    def pause(self):
        time.sleep(self.random.uniform(*PAUSE))

    def begin_again(self):
        """Once through already: what is played again must not change anything."""
        self.note("played through; again")
        assert not differences(self.folder, self.rehearsal.played()), differences(self.folder, self.rehearsal.played())
        self.play()
        return True

    def player_ended(self):
        """True where it came through; where it gave up, another one goes on."""
        code = self.rehearsal.player.poll()
        if code is None:
            return False
        if code == 0:
            return True
        self.note(f"play ended with {code}: {self.last_words()}")
        assert self.tries < TRIES, "play gives up again and again"
        self.play()
        return False

    def last_words(self):
        lines = self.rehearsal.logs().get("play.err", "").strip().splitlines()
        return lines[-1] if lines else ""

    def strike(self):
        draw = self.random.random()
        if draw < 0.12:
            self.note("kill play")
            self.kills += 1
            self.rehearsal.player.kill()
            self.rehearsal.player.wait()
            self.play()
        elif draw < 0.28:
            self.strike_supervisor()
        elif draw < 0.34:
            self.strike_services(SERVICES)
        elif draw < 0.46:
            self.hold_up(self.random.choice(SERVICES))
        else:
            self.strike_services(self.random.sample(SERVICES, self.random.choice((1, 1, 1, 2))))

    def strike_supervisor(self):
        """Its services stop by themselves when it is gone, and must not be in the next one's way."""
        self.note("kill up")
        self.kills += 1
        self.rehearsal.supervisor.kill()
        self.rehearsal.supervisor.wait()
        time.sleep(self.random.choice((0, 0.02, 0.3)))
        self.rehearsal.launch()

    def hold_up(self, service):
        """It answers late: what is asked again meanwhile must not be done twice."""
        self.note(f"stop {service} for a while")
        pids = self.rehearsal.signal(service, signal.SIGSTOP)
        self.pause()
        self.pause()
        self.rehearsal.signal(service, signal.SIGCONT)
        self.held += len(pids)

    def strike_services(self, services):
        self.note(f"kill {' '.join(services)}")
        self.kills += sum(len(self.rehearsal.signal(service, signal.SIGKILL)) for service in services)


class Chaos(unittest.TestCase):
    def test_kills_change_no_total(self):
        seed = chosen_seed()
        for number in range(CAMPAIGNS):
            with self.subTest(seed=seed + number):
                self.one_campaign(seed + number)

    def one_campaign(self, seed):
        random = chance(seed)
        parent = tempfile.mkdtemp(prefix="jineng-folders-")
        self.addCleanup(shutil.rmtree, parent, True)
        flags = ["spread", *(flag for flag in ("dirty", "short", "zh") if random.random() < 0.5)]
        folder = make_folder(parent, PEOPLE, seed % 1_000_000, *flags)
        with Rehearsal("chaos") as rehearsal:
            storm = Storm(rehearsal, folder, random)
            try:
                storm.blow(*KILLS)
                self.must_hold(rehearsal, folder)
            except BaseException:
                print(f"seed {seed}, folder {os.path.basename(folder)}:", *storm.done[-60:], sep="\n  ", file=sys.stderr)
                raise
            print(f"seed {seed}, {os.path.basename(folder)}: {storm.kills} kills, {storm.held} stops, {storm.tries} plays, {rehearsal.ups} times up, "
                  f"{time.monotonic() - storm.began:.1f} s", file=sys.stderr)

    def must_hold(self, rehearsal, folder):
        self.assertEqual(differences(folder, rehearsal.played()), [])
        rehearsal.assert_sound()
        self.everything_dies_at_once(rehearsal)
        again = rehearsal.play(folder, "--json")
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertEqual(again.stdout, rehearsal.played())
        rehearsal.assert_sound()
        self.logs_know_of_kills_alone(rehearsal)

    def everything_dies_at_once(self, rehearsal):
        rehearsal.supervisor.kill()
        rehearsal.supervisor.wait()
        for service in SERVICES:
            rehearsal.signal(service, signal.SIGKILL)
        rehearsal.up()

    def logs_know_of_kills_alone(self, rehearsal):
        """What the services say of it is information; the supervisor tells of the ends alone."""
        said = [line for line in rehearsal.log_lines("level=error", "level=warning", "ssert", "Sanitizer", "runtime error")
                if not ("up-" in line and ("signal=9" in line or "waits=yes" in line))]
        self.assertEqual(said[:10], [])


if __name__ == "__main__":
    unittest.main(argv=[argument for argument in sys.argv if argument != "--long"])
