"""One client that sends without end beside one that has work to do: who has work gets his share, whatever the other sends.

The steady client keeps a window of commands under way. Of all the messages that the service handled meanwhile, a quarter at least must be
its own, where the other's cost as much: counted by the service, so that it does not hang on whom the machine gave its processors. None
of its commands may be refused, there must be room for it among those that wait, and the suite's own follower must get on; the service's
memory stays bounded.
"""
import argparse
import os
import signal
import statistics
import subprocess
import sys
import time

import played  # noqa: F401  (finds suite.py)
from played import HERE
from suite import PATIENCE, Suite, notification, runtime, wait_for, wire

OPEN = notification.OpenInbox(agency="veterans", answer_days=100)
QUICK = ["valid-many", "held"]
LONG = ["valid", "feeds", "waiters-many", "deaf-feeds", "malformed", "denied", "oversized", "large", "heavy", "handshakes", "cut-off",
        "deaf"]
AGENCIES = {"operator": ["operator", "auditor"], "steady": ["operator", "auditor"], "third": ["operator", "auditor"],
            **{kind: ["attestor"] if kind == "denied" else ["operator", "auditor"] for kind in [*QUICK, *LONG, "sessions", "repeated"]}}
SHARE = 1 / 4  # of the messages handled: by turns it is a half, but for moments in which the steady client itself was not heard
# What costs less than the steady client's commands is handled faster than it can ask: there its share is no measure.
COSTLY = {"valid", "valid-many", "sessions", "repeated", "large", "heavy"}
WINDOW = 1000
SLICE, SLICES = 0.5, 3
GROWTH_MB = 300  # of the service's memory under any flood: half of the trays, and of two turns' answers, with sanitizers


class Flood:
    """A process of flood.py that pours while it may."""

    def __init__(self, suite, kind):
        peer, keys = suite.config["services"][0], suite.keys[kind]
        self.process = subprocess.Popen(
            ["/usr/bin/python3", os.path.join(HERE, "flood.py"), kind, peer["endpoint"], peer["key"], keys.public.decode(),
             keys.secret.decode()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline() == "ready\n"
        time.sleep(0.5)  # its connections
        self.rest()

    def pour(self):
        self.process.send_signal(signal.SIGCONT)

    def rest(self):
        self.process.send_signal(signal.SIGSTOP)

    def end(self):
        self.process.kill()
        self.process.wait(PATIENCE)
        self.process.stdin.close()
        self.process.stdout.close()


class Steady:
    """A window of commands under way, each repeated until answered; and a third key's rights: a request held, a feed that waits."""

    def __init__(self, suite):
        self.client, self.side = suite.client("steady", "probe"), suite.client("third", "probe")
        self.flying, self.done, self.asked, self.last_asked = {}, 0, 0.0, 0

    def work(self, seconds):
        """How many were answered in the time."""
        count, until = 0, time.monotonic() + seconds
        while time.monotonic() < until:
            while len(self.flying) < WINDOW and self.client.sequence - self.oldest().sequence < 4000:
                request = self.client.command("OpenInbox", OPEN)
                self.flying[request.id] = request
                self.client.send(request)
            count += self.hear(0.05)
            if time.monotonic() - self.asked > 1:
                self.asked = time.monotonic()
                for number, request in self.flying.items():
                    if number <= self.last_asked:
                        self.client.send(request)
                self.last_asked = self.client.number
        return count

    def oldest(self):
        """What was asked first and is not answered: no number runs away from it. What was lost is asked again each second."""
        return next(iter(self.flying.values()), wire.Request(sequence=self.client.sequence))

    def hear(self, seconds):
        count, reply = 0, self.client.receive(seconds)
        while reply:
            assert reply.code == wire.OK, reply
            count += self.flying.pop(reply.id, None) is not None
            reply = self.client.receive(0)
        self.done += count
        return count

    def finish(self):
        """All are answered, the first time or asked again."""
        until = time.monotonic() + PATIENCE
        while self.flying and time.monotonic() < until:
            if not self.hear(1.0):
                for request in self.flying.values():
                    self.client.send(request)
        assert not self.flying, f"{len(self.flying)} commands were never answered"

    def find_places(self):
        """There is room for the third among those that wait."""
        held = self.side.command("OpenInbox", OPEN, not_before_ms=int(time.time() * 1000) + 50, budget_ms=PATIENCE * 1000)
        reply = self.side.answer(held, again=PATIENCE)
        assert reply and reply.code == wire.OK, f"held: {reply}"
        self.done += 1
        reply = self.side.answer(self.side.request("Feed", runtime.FeedRequest(after=reply.block, wait_ms=200)), again=PATIENCE)
        assert reply and reply.code == wire.OK, f"feed: {reply}"


def memory_mb(process):
    """Its own; the pages of its files are the kernel's to take away."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("RssAnon")) // 1024


class Trial:
    """A suite, its steady client, and a flood."""

    def __init__(self, suite):
        self.suite, self.steady = suite, Steady(suite)
        self.watch, self.shadow = suite.client("operator", "probe"), suite.client("operator", "shadow")
        self.messages, self.worst = 0, 1.0

    def slice_beside(self, flood):
        """(done by the steady client, handled of the flood)"""
        flood.pour()
        self.steady.work(0.2)  # both have a backlog now
        before, counted = self.watch.stats()["messages"], self.steady.done
        self.steady.work(SLICE)
        handled = self.watch.stats()["messages"] - before - 1
        done = self.steady.done - counted
        return done, max(0, handled - done)

    def follower_gets_on(self):
        """The suite's own service is not locked out of the feed: it reads on, as fast as it can."""
        before = self.read_through()
        self.steady.work(0.05)  # so that there is something to read
        wait_for("the follower reads on", lambda: self.read_through() > before)

    def read_through(self):
        return self.shadow.stand().cursors[0].block

    def run(self, kind):
        probe = self.suite.processes["probe"]
        before = memory_mb(probe)
        flood = Flood(self.suite, kind)
        slices = []
        try:
            for _ in range(SLICES):
                slices.append(self.slice_beside(flood))
                flood.pour()
                self.steady.find_places()
                self.follower_gets_on()
                grown = memory_mb(probe) - before
                flood.rest()
        finally:
            flood.end()
        share = statistics.median(done / max(done + handled, 1) for done, handled in slices)
        done, handled = (sum(column) for column in zip(*slices))
        print(f"  {kind:20} steady {done:6} done, flood {handled:7} handled, its share {share:4.0%}, memory {grown:+5d} MB",
              file=sys.stderr, flush=True)
        self.messages += handled
        assert done > 0, f"{kind}: nothing was done beside it"
        if kind in COSTLY:
            self.worst = min(self.worst, share)
            assert share >= SHARE, f"{kind}: of what was handled the steady client's were {share:.0%}"
        assert grown < GROWTH_MB, f"{kind}: the service grew by {grown} MB"


def main():
    # What the sanitizer keeps of what was freed is no growth of the service's.
    os.environ["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":quarantine_size_mb=8"
    parser = argparse.ArgumentParser()
    parser.add_argument("--long", action="store_true")
    parser.add_argument("kinds", nargs="*")
    arguments = parser.parse_args()
    attacks = messages = commands = 0
    worst = 1.0
    for kind in arguments.kinds or (LONG if arguments.long else QUICK):
        # A suite of its own: what one flood left in the service's trays is not the next one's.
        with Suite(["probe", "shadow"], agencies=AGENCIES) as suite:
            suite.start()
            trial = Trial(suite)
            trial.run(kind)
            trial.steady.finish()
            suite.stop()
            suite.assert_sound()
        attacks, messages, commands = attacks + 1, messages + trial.messages, commands + trial.steady.done
        worst = min(worst, trial.worst)
    print(f"access floods: {attacks} kinds, {messages} messages of theirs handled; beside commands without end the steady client's were "
          f"{worst:.0%} at least of what was handled, {commands} commands done, none refused", file=sys.stderr)


if __name__ == "__main__":
    main()
