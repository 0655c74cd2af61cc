"""The ledger of acknowledgements: each command that was sent with its number, each reply that came; and what must be true of both.

    ledger = Ledger(suite)
    with ledger.clerks(2):
        ...                     # whatever may happen to the services
    ledger.settle()             # everything once more, with the same numbers: the same answers, nothing done twice
    ledger.audit()              # the log holds each acknowledged command once and whole, of a refused one nothing

The service is the probe of tests/probe: OpenInbox emits one event that names its command, Acknowledge as many as are asked for (a row in
two is taken back), an OpenInbox of thirteen days is refused after it has emitted. Nothing here asks the service's tables what is true but
to compare them with the log.
"""
import random
import threading
import time

from suite import PATIENCE, notification, runtime, wire

OPEN, BULK, THIRTEEN = "open", "bulk", "thirteen"
NO_TIMER = 100  # days from which on the probe sets no timer
AHEAD = 4000  # a service remembers 4,096 numbers of a session
PUT_OFF = (wire.UNAVAILABLE, wire.NOT_YET, wire.TOO_LATE)  # nothing was done: to be repeated as it is


class Command:
    """One of a session's numbers, and what was heard of it."""

    def __init__(self, kind, text, body, rows):
        self.kind, self.text, self.body, self.rows = kind, text, body, rows
        self.reply = None  # the first that decided it: never another one afterwards

    @property
    def method(self):
        return "Acknowledge" if self.kind == BULK else "OpenInbox"

    @property
    def events(self):
        """What it leaves in the log where it was accepted."""
        return {OPEN: 1, BULK: (self.rows + 1) // 2, THIRTEEN: 0}[self.kind]

    @property
    def accepted(self):
        return self.reply is not None and self.reply.code == wire.OK

    def decided(self, reply):
        if self.reply is None:
            assert reply.code == (wire.REFUSED if self.kind == THIRTEEN else wire.OK), f"{self.text}: {reply}"
            self.reply = reply
            return
        first = self.reply
        assert (reply.code, reply.body) == (first.code, first.body), f"{self.text} was told {first}, and now {reply}"
        assert not self.accepted or reply.block == first.block, f"{self.text} was done in block {first.block}, now it is {reply.block}"


class Session:
    """A session's commands, sent over whatever connection there is."""

    def __init__(self, ledger, number):
        self.ledger, self.number, self.random = ledger, number, random.Random(f"{ledger.seed} {number}")
        self.session = bytes([number]) * 16
        self.commands = []
        self.told, self.put_off, self.queries = 0, 0, 0

    def invent(self):
        draw, size = self.random.random(), self.ledger.size
        text = f"{self.number}-{len(self.commands) + 1}-"
        text += "x" * (self.random.randrange(8, size) if size > 8 else 8)
        kind = OPEN if draw < 0.8 else BULK if draw < 0.92 else THIRTEEN
        rows = self.random.randrange(1, 40)
        body = (notification.Acknowledge(through=rows) if kind == BULK else
                notification.OpenInbox(agency=text, answer_days=NO_TIMER if kind == OPEN else 13))
        self.commands.append(Command(kind, text, body, rows))
        return len(self.commands)

    def remembered(self):
        """Those whose answers the service still has; the others were answered long ago."""
        first = max(0, len(self.commands) - AHEAD)
        assert all(command.reply for command in self.commands[:first]), "a command that is too old now was never answered"
        return range(first, len(self.commands))

    def request(self, sequence):
        """Its id is its own among all sessions'."""
        command = self.commands[sequence - 1]
        return wire.Request(id=self.number * 10_000_000 + sequence, service="probe", method=command.method, session=self.session,
                            sequence=sequence, body=command.body.SerializeToString())

    def take(self, reply):
        """The sequence that it decided, or None."""
        sequence = reply.id - self.number * 10_000_000
        if not 1 <= sequence <= len(self.commands):
            return None
        if reply.code in PUT_OFF:
            self.put_off += 1
            self.ledger.note_put_off(reply)
            return None
        self.commands[sequence - 1].decided(reply)
        if self.commands[sequence - 1].kind == OPEN:
            self.told = max(self.told, notification.Done.FromString(reply.body).number)
        return sequence


class Clerk(threading.Thread):
    """Sends a session's commands, a window in flight, and repeats what was not answered."""

    def __init__(self, ledger, session, window, again, last=None):
        super().__init__(daemon=True)
        self.ledger, self.session, self.window, self.again, self.last = ledger, session, window, again, last
        self.stopping, self.fault = threading.Event(), None

    def run(self):
        client = self.ledger.suite.client("operator", "probe")
        try:
            self.work(client)
        except AssertionError as fault:
            self.fault = fault
        finally:
            client.close()

    def wanted(self):
        return not self.stopping.is_set() and (self.last is None or len(self.session.commands) < self.last)

    def work(self, client):
        flying = {}
        while (flying and not (self.stopping.is_set() and self.ledger.hasty)) or self.wanted():
            while len(flying) < self.window and self.wanted() and len(self.session.commands) - min(flying, default=10**9) < AHEAD:
                flying[self.session.invent()] = 0.0
            now = time.monotonic()
            for sequence, sent in flying.items():
                if now - sent > self.again:
                    client.send(self.session.request(sequence))
                    flying[sequence] = now
            hear(self.session, client, flying)
            time.sleep(self.ledger.pace)


def hear(session, client, waiting):
    reply = client.receive(0.1)
    while reply:
        waiting.pop(session.take(reply), None)
        reply = client.receive(0)


class Ledger:
    def __init__(self, suite, seed=1, size=0):
        self.suite, self.seed, self.size = suite, seed, size
        self.sessions, self.hands, self.sentences = [], [], {}
        self.hasty = False  # clerks that are told to stop do not wait for answers
        self.patience = PATIENCE
        self.pace = 0.0  # seconds between a clerk's looks at its window: how much there is to settle in the end
        self.lock = threading.Lock()

    def note_put_off(self, reply):
        with self.lock:
            self.sentences[reply.reason] = self.sentences.get(reply.reason, 0) + 1

    # ---- Work ----

    def clerks(self, count=1, window=32, again=0.5, last=None):
        """Each a session of its own, at work inside `with`; where `last` is given, until it has had so many commands answered."""
        for _ in range(count):
            self.sessions.append(Session(self, len(self.sessions) + 1))
            self.hands.append(Clerk(self, self.sessions[-1], window, again, last))
        return self

    def __enter__(self):
        for clerk in self.hands:
            clerk.start()
        return self

    def __exit__(self, kind, value, trace):
        for clerk in self.hands:
            if clerk.last is None or kind:
                clerk.stopping.set()
        for clerk in self.hands:
            clerk.join(PATIENCE * 2)
        hands, self.hands = self.hands, []
        if kind is None:
            assert not [clerk for clerk in hands if clerk.is_alive()], f"commands are still not answered; put off: {self.sentences}"
            self.no_faults(hands)

    @staticmethod
    def no_faults(hands):
        for clerk in hands:
            if clerk.fault:
                raise clerk.fault

    def answered(self):
        return sum(command.reply is not None for command in self.commands)

    @property
    def commands(self):
        return [command for session in self.sessions for command in session.commands]

    def accepted(self):
        return [command for command in self.commands if command.accepted]

    def opened(self):
        return [command for command in self.accepted() if command.kind == OPEN]

    def figures(self):
        return f"{len(self.commands)} commands, {len(self.accepted())} acknowledged"

    # ---- Proof ----

    def settle(self):
        """Each command once more: who was answered hears the same, the others are decided now."""
        for session in self.sessions:
            client, waiting = self.suite.client("operator", "probe"), {number + 1: 0.0 for number in session.remembered()}
            until = time.monotonic() + self.patience * 2
            while waiting:
                assert self.suite.processes["probe"].poll() is None, "the probe has ended"
                assert time.monotonic() < until, f"{len(waiting)} commands are not answered; put off: {self.sentences}"
                for sequence in list(waiting)[:200]:
                    if time.monotonic() - waiting[sequence] > 1.0:
                        client.send(session.request(sequence))
                        waiting[sequence] = time.monotonic()
                hear(session, client, waiting)
            client.close()

    def audit(self, follower="shadow"):
        """After settle: every command is decided. The log, read through the feed as the follower reads it, against the ledger."""
        blocks, texts = self.read_log()
        opened = self.opened()
        found = {}
        for number, text, block in texts:
            assert text not in found, f"{text} is in the log twice"
            found[text] = (number, block)
        assert sorted(number for number, _, _ in texts) == list(range(1, len(texts) + 1)), "inboxes are not numbered 1, 2, 3 ..."
        for command in opened:
            told = (notification.Done.FromString(command.reply.body).number, command.reply.block)
            assert found.pop(command.text, None) == told, f"{command.text} was told {told}, and is not so in the log"
        assert not found, f"in the log, and never acknowledged: {list(found)[:5]}"
        expected = {}
        for command in self.accepted():
            expected[command.reply.block] = expected.get(command.reply.block, 0) + command.events
        for block, events in blocks.items():
            assert events == expected.get(block, 0), f"block {block} holds {events} events, its commands made {expected.get(block, 0)}"
        assert all(block in blocks for block in expected), "a command was done in a block that is not there"
        self.compare_tables(len(opened), follower)
        return len(opened)

    def compare_tables(self, opened, follower):
        query = notification.InboxesRequest()
        counted = self.suite.client("auditor", "probe").query("Inboxes", query, notification.Done).number
        assert counted == opened, f"the tables count {counted} inboxes, the log {opened}"
        if follower in self.suite.processes:
            self.suite.follow(follower, "probe", self.patience)
            seen = self.suite.client("auditor", follower).query("Inboxes", query, notification.Done).number
            assert seen == opened, f"{follower} has seen {seen} inboxes of {opened} (a million more for each that came twice)"

    def read_log(self):
        """Events by block, and (number, text, block) of every inbox opened."""
        client, after, head = self.suite.client("shadow", "probe"), 0, 1
        blocks, texts = {}, []
        while after < head:
            batch = client.query("Feed", runtime.FeedRequest(after=after, types=[1]), runtime.FeedBatch)
            head = batch.head
            assert batch.blocks or head == 0, f"the feed goes no further than block {after} of {head}"
            for block in batch.blocks:
                header = wire.BlockHeader.FromString(block.header)
                assert header.number == after + 1, f"block {header.number} came after block {after}"
                after, blocks[header.number] = header.number, header.events
                for one in block.events:
                    event = notification.Event.FromString(wire.Record.FromString(one.record).event)
                    texts.append((event.inbox_opened.inbox, event.inbox_opened.facts.agency, header.number))
        client.close()
        return blocks, texts
