"""A steady load on a rehearsal that never ends in itself: those who file, ask, err, come and go, follow, and one who kills.

    load = Load(rehearsal, random)
    load.start()
    ...
    load.finish()       # raises what went wrong in any of them; load.counts says what was done
"""
import os
import socket
import sys
import threading
import time
from collections import Counter
from datetime import date

import yaml
import zmq

from suite import Client, Keys, runtime, wire

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "oracle"))
from jineng.v1 import certification_pb2 as certification  # noqa: E402  (compiled when suite was imported)
from jineng.v1 import common_pb2 as common  # noqa: E402
from jineng.v1 import enrollment_pb2 as enrollment  # noqa: E402
from jineng.v1 import ledger_pb2 as ledger  # noqa: E402
from jineng.v1 import notification_pb2 as notification  # noqa: E402
from jineng.v1 import subsidy_pb2 as subsidy  # noqa: E402
from identifiers import citizen_check  # noqa: E402

EPOCH = date(1970, 1, 1)
CLASS_DAY = (date(2021, 12, 30) - EPOCH).days  # of classes that are filed and stopped: on a day of everybody's designation
CLERK, OFFICE, AUDITOR = "human_resources.employment_service", "human_resources.administration", "auditor"
PEOPLE = 1000  # whom the clerk enrols, again and again
WAITING = (wire.NOT_YET, wire.UNAVAILABLE, wire.TOO_LATE)


def person(number):
    """An id number of nobody: an area that the invented campaigns do not use."""
    born = date(1970 + number % 30, number // 30 % 12 + 1, number % 28 + 1)
    first17 = f"130198{born:%Y%m%d}{number % 1000:03d}"
    return first17 + citizen_check(first17)


class Worker(threading.Thread):
    """Steps at a rate, on sockets of its own, until it is told to stop."""

    per_second = 1.0

    def __init__(self, load):
        super().__init__(daemon=True, name=type(self).__name__)
        self.load, self.random, self.counts = load, load.random_of(type(self).__name__), Counter()
        self.error, self.clients = None, {}

    def run(self):
        try:
            while not self.load.stopping.wait(self.random.uniform(0.5, 1.5) / (self.per_second * self.load.pace)):
                self.step()
        except BaseException as error:  # told by Load.finish
            self.error = error
        for client in self.clients.values():
            client.close()

    def client(self, agency, service):
        if (agency, service) not in self.clients:
            self.clients[agency, service] = self.load.connect(agency, service)
        return self.clients[agency, service]

    def answered(self, client, request):
        """Asks until something other than `later` is said."""
        while not self.load.stopping.is_set():
            reply = client.answer(request)
            assert reply, f"{client.service}.{request.method}: no answer"
            if reply.code not in WAITING:
                return reply
            self.load.stopping.wait(0.2)
        return None

    def must_be(self, code, client, request):
        reply = self.answered(client, request)
        assert reply is None or reply.code == code, \
            f"{client.service}.{request.method}: {wire.Code.Name(reply.code)} for {wire.Code.Name(code)}: {reply.reason}"
        return reply


class Clerk(Worker):
    """Files a class, enrols people, repeats himself, stops it: nothing of it is ever paid."""

    per_second = 4.0

    def __init__(self, load):
        super().__init__(load)
        self.filed, self.provider, self.project, self.enrolled = 0, *load.directory, 0

    def step(self):
        client = self.client(CLERK, "enrollment")
        number = f"SOAK-{os.getpid()}-{self.filed + 1}"
        filing = enrollment.FileClass(class_no=number, provider=self.provider[0], project=self.project, division=self.provider[1],
                                      kind=common.EMPLOYMENT, start_day=CLASS_DAY, end_day=CLASS_DAY + 730, capacity=9,
                                      cost_fen=100000, plan="a plan", safeguards="safeguards")
        reply = self.answered(client, client.command("FileClass", filing))
        if reply is None or reply.code == wire.NOT_FOUND:
            return  # the play has not brought the directory in yet
        assert reply.code == wire.OK, reply.reason
        self.filed += 1
        self.enrol(client, number)
        self.must_be(wire.ALREADY_EXISTS, client, client.command("FileClass", filing))
        self.must_be(wire.OK, client, client.command("StopClass", enrollment.StopClass(class_no=number, reason="a soak")))
        self.counts.update(commands=4, refused=1, classes=1)

    def enrol(self, client, number):
        rows = [enrollment.Enrolment(name="王浸泡", id_number=person((self.enrolled + row) % PEOPLE), phone="13800000000",
                                     groups=[common.RURAL_MIGRANT], household=common.RURAL) for row in range(5)]
        self.enrolled += len(rows)
        request = client.command("Enrol", enrollment.Enrol(class_no=number, rows=rows))
        first = self.must_be(wire.OK, client, request)
        again = self.must_be(wire.OK, client, request)
        assert not first or not again or first.body == again.body, "a repeated command was answered otherwise"
        self.counts["repeats"] += 1


def queries():
    """service, method, request; whom it is answered, by service."""
    yield "enrollment", "Class", enrollment.ClassRequest(class_no="130102-000001")
    yield "enrollment", "Record", enrollment.RecordRequest(id_number=person(1))
    yield "enrollment", "Progress", enrollment.ProgressRequest()
    yield "enrollment", "Totals", enrollment.TotalsRequest()
    yield "certification", "Totals", certification.TotalsRequest()
    yield "certification", "MayWork", certification.MayWorkRequest(id_number=person(1), occupation="4-10-01-06")
    yield "certification", "Certificate", certification.CertificateRequest(certificate=1)
    yield "subsidy", "Claim", subsidy.ClaimRequest(claim=1)
    yield "subsidy", "ClassClaims", subsidy.ClassClaimsRequest(class_no="130102-000001")
    yield "subsidy", "Totals", subsidy.TotalsRequest()
    yield "ledger", "Accounts", ledger.AccountsRequest(year=2020)
    yield "ledger", "Claim", ledger.ClaimRequest(claim=1)
    yield "ledger", "Totals", ledger.TotalsRequest()
    yield "ledger", "Quarter", ledger.QuarterRequest(year=2020, quarter=3)
    yield "notification", "Inboxes", notification.InboxesRequest()
    for service in ("enrollment", "certification", "subsidy", "ledger", "notification"):
        yield service, "Stand", runtime.StandRequest()
        yield service, "Stats", runtime.StatsRequest()


class Asker(Worker):
    """The auditor's questions, one after the other; what is not there yet is not found, and what is not his is denied."""

    per_second = 20.0
    questions = tuple(queries())

    def __init__(self, load):
        super().__init__(load)
        self.asked = 0

    def step(self):
        service, method, body = self.questions[self.asked % len(self.questions)]
        client = self.client(AUDITOR, service)
        reply = self.answered(client, client.request(method, body))
        assert reply is None or reply.code in (wire.OK, wire.NOT_FOUND, wire.DENIED), f"{service}.{method}: {reply.reason}"
        self.asked += 1
        self.counts.update(queries=1)
        if reply:
            self.counts["answered"] += reply.code == wire.OK


class Waiter(Worker):
    """Names what will never have been read: his request is held, and then he is told so."""

    per_second = 1.0

    def step(self):
        client = self.client("operator", "subsidy")
        far = wire.Cursor(upstream="enrollment", block=1 << 40)
        if self.random.random() < 0.5:
            request = client.request("Stand", runtime.StandRequest(), after=[far], budget_ms=200)
        else:
            request = client.request("Await", runtime.AwaitCursors(cursors=[far], wait_ms=200))
        reply = client.answer(request)
        assert reply and reply.code == wire.NOT_YET, reply
        self.counts["held"] += 1


class Troublemaker(Worker):
    """Whatever nobody should send, from a key that is known; every service gets its share."""

    per_second = 5.0

    def step(self):
        service = self.random.choice(self.load.services)
        client = self.client(AUDITOR, service)
        method = self.random.choice((self.denied, self.garbage, self.unknown, self.torn, self.frames, self.large))
        method(client)
        self.counts["trouble"] += 1

    def denied(self, client):
        method = "Advance"
        self.must_be(wire.DENIED, client, client.command(method, runtime.AdvanceTo(time_ms=1)))

    def garbage(self, client):
        client.socket.send(self.random.randbytes(self.random.randrange(0, 2000)))
        self.drain(client)

    def unknown(self, client):
        self.must_be(wire.UNKNOWN_METHOD, client, client.request("NoSuchMethod"))

    def torn(self, client):
        whole = client.request("Stats", runtime.StatsRequest(), trace=b"x" * 32).SerializeToString()
        client.socket.send(whole[:self.random.randrange(1, len(whole))])
        self.drain(client)

    def frames(self, client):
        client.socket.send_multipart([b"one", b"two", b"three"])
        self.drain(client)

    def large(self, client):
        client.socket.send(client.request("Stats", runtime.StatsRequest(), trace=bytes(300 * 1024)).SerializeToString())
        self.drain(client)

    def drain(self, client):
        """What is said to it does not matter here: it is read, so that nothing piles up."""
        while client.receive(0.05):
            self.counts["told"] += 1


class Visitor(Worker):
    """Connections that come and go: known keys, unknown ones, none, and bare TCP that says nothing or nonsense."""

    per_second = 5.0

    def __init__(self, load):
        super().__init__(load)
        self.dangling = []

    def step(self):
        service = self.random.choice(self.load.services)
        self.random.choice((self.known, self.known, self.unknown, self.bare))(service)
        self.counts["connections"] += 1

    def known(self, service):
        client = self.load.connect(AUDITOR, service)
        try:
            self.must_be(wire.OK, client, client.request("Stand", runtime.StandRequest()))
            if self.random.random() < 0.3:  # leaves without its answer
                client.send(client.request("Stats", runtime.StatsRequest()))
        finally:
            client.close()

    def unknown(self, service):
        client = self.load.connect(AUDITOR, service, Keys())
        client.socket.sndtimeo = 200  # who was turned away before he said anything has nobody to say it to
        try:
            client.send(client.request("Stand", runtime.StandRequest()))
        except zmq.Again:
            pass
        assert client.receive(0.2) is None, "an unknown key was answered"
        client.close()
        self.counts["turned_away"] += 1

    def bare(self, service):
        """Some of them stay for a while: half a handshake."""
        try:
            peer = socket.create_connection(self.load.address(service), timeout=2)
            if self.random.random() < 0.5:
                peer.sendall(self.random.randbytes(self.random.randrange(1, 200)))
        except OSError:
            return  # it is just being restarted
        self.dangling.append(peer)
        while len(self.dangling) > 4:
            self.dangling.pop(0).close()


class Follower(Worker):
    """Reads a log as an auditor, block by block; leaves in the middle and comes back, sometimes from the first block on."""

    per_second = 5.0

    def __init__(self, load):
        super().__init__(load)
        self.service, self.reader, self.until, self.log, self.after = None, None, 0.0, {}, {}

    def step(self):
        if time.monotonic() > self.until:
            self.leave()
        request = self.reader.request("Feed", runtime.FeedRequest(log=self.log.get(self.service, b""), wait_ms=100,
                                                                  after=self.after.get(self.service, 0)))
        reply = self.reader.answer(request)
        assert reply and reply.code == wire.OK, reply
        batch = runtime.FeedBatch.FromString(reply.body)
        self.log[self.service] = batch.log
        for block in batch.blocks:
            number = wire.BlockHeader.FromString(block.header).number
            assert number == self.after.get(self.service, 0) + 1, f"{self.service}: block {number} after {self.after.get(self.service)}"
            self.after[self.service] = number
        self.counts["followed"] += len(batch.blocks)

    def leave(self):
        if self.reader:
            self.reader.close()
            self.counts["follows"] += 1
        self.service = self.random.choice(self.load.services)
        if self.random.random() < 0.1:
            self.after[self.service] = 0
        self.reader = self.load.connect(AUDITOR, self.service)
        self.until = time.monotonic() + self.random.uniform(1, 10)


class Load:
    """All of them at once. pace 1 is what they are made for; directory: (uscc, division) of who may teach, and a project's code."""

    WORKERS = (Clerk, Asker, Waiter, Troublemaker, Visitor, Follower)

    def __init__(self, rehearsal, services, directory, random_of, pace=1.0):
        self.rehearsal, self.services, self.directory, self.random_of, self.pace = rehearsal, services, directory, random_of, pace
        self.stopping = threading.Event()
        with open(os.path.join(rehearsal.data, "jineng.yaml"), encoding="utf-8") as file:
            self.peers = {one["name"]: one for one in yaml.safe_load(file)["services"]}
        self.workers = [kind(self) for kind in self.WORKERS]

    def address(self, service):
        host, port = self.peers[service]["endpoint"].removeprefix("tcp://").rsplit(":", 1)
        return host, int(port)

    def connect(self, agency, service, keys=None):
        if keys is None:
            keys = Keys.__new__(Keys)
            with open(os.path.join(self.rehearsal.data, "keys", f"{agency}.key"), "rb") as file:
                keys.public, keys.secret = file.read().split()
        return Client(self.peers[service]["endpoint"], self.peers[service]["key"].encode(), keys, service)

    def start(self):
        for worker in self.workers:
            worker.start()

    def assert_alive(self):
        for worker in self.workers:
            if worker.error:
                raise AssertionError(f"{worker.name}: {worker.error}") from worker.error

    def finish(self):
        self.stopping.set()
        for worker in self.workers:
            worker.join(120)
            assert not worker.is_alive(), f"{worker.name} does not end"
        self.assert_alive()

    @property
    def counts(self):
        return sum((worker.counts for worker in self.workers), Counter())
