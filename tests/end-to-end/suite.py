"""A suite of real processes in a folder of its own: started, called, stopped, killed; nothing of it is left behind.

    with Suite(services=["probe", "shadow"]) as suite:
        suite.start()
        reply = suite.client("operator", "probe").ask("OpenInbox", notification.OpenInbox(agency="veterans"))

Programs come from $JINENG_BIN, the contract from proto/ beside this folder (compiled by protoc when a test begins). Everything is
loopback; ports are this process's alone while it runs.
"""
import atexit
import fcntl
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import yaml
import zmq

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
BIN = os.environ.get("JINENG_BIN", os.path.join(ROOT, "build", "bin"))
SANITIZED = os.environ.get("JINENG_SANITIZED", "OFF") == "ON"
PATIENCE = 60 if SANITIZED else 20  # seconds until something that must happen is taken for lost


def compile_contract():
    folder = tempfile.mkdtemp(prefix="jineng-proto-")
    atexit.register(shutil.rmtree, folder, True)
    protos = os.path.join(ROOT, "proto")
    files = [os.path.join(where, name) for where, _, names in os.walk(protos) for name in names if name.endswith(".proto")]
    subprocess.run(["protoc", f"-I{protos}", f"--python_out={folder}", *files], check=True)
    sys.path.insert(0, folder)


compile_contract()
from jineng.v1 import envelope_pb2 as wire  # noqa: E402  (made a moment ago)
from jineng.v1 import notification_pb2 as notification  # noqa: E402
from jineng.v1 import runtime_pb2 as runtime  # noqa: E402


# What a sanitizer, valgrind or an assertion of ours says when it has found something.
REPORT = re.compile(r"ERROR: \w+Sanitizer|WARNING: \w+Sanitizer|: runtime error: |: assertion failed at |ERROR SUMMARY: [1-9]")


def assert_no_reports(texts):
    """texts: what processes wrote to standard error, by name. Whoever ran them has not always looked how they ended."""
    for name, text in texts.items():
        found = REPORT.search(text)
        assert not found, f"{name}: {text[max(0, found.start() - 200):found.start() + 4000]}"


class Ports:
    """Ports below those that the kernel gives to outgoing connections, each held by a lock for as long as this process lives."""

    held = []

    @classmethod
    def lock(cls, port):
        folder = os.path.join(tempfile.gettempdir(), "jineng-test-ports")
        os.makedirs(folder, exist_ok=True)
        lock = open(os.path.join(folder, str(port)), "w", encoding="ascii")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            return False
        cls.held.append(lock)
        return True

    @classmethod
    def take(cls, count=1):
        """The first of so many in a row."""
        while True:
            base = random.randrange(20000, 32000)
            if all(cls.lock(base + number) for number in range(count)):
                return base


def wait_for(what, condition, seconds=PATIENCE, every=0.02):
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"{what}: not within {seconds} s"
        time.sleep(every)
    return found


class Keys:
    def __init__(self):
        self.public, self.secret = zmq.curve_keypair()


class Client:
    """One connection under one key; asks again until it is answered, as the contract wants it."""

    def __init__(self, endpoint, server_key, keys, service, context=None):
        self.service, self.number, self.sequence, self.session = service, 0, 0, os.urandom(16)
        self.context, self.endpoint, self.server_key, self.keys = context or zmq.Context.instance(), endpoint, server_key, keys
        self.dial()

    def dial(self):
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.linger = 0
        if self.keys:
            self.socket.curve_publickey, self.socket.curve_secretkey = self.keys.public, self.keys.secret
            self.socket.curve_serverkey = self.server_key
        self.socket.setsockopt(zmq.RECONNECT_IVL, 20)
        self.socket.setsockopt(zmq.RECONNECT_IVL_MAX, 200)
        self.socket.connect(self.endpoint)

    def close(self):
        self.socket.close()

    def request(self, method, body=None, **fields):
        self.number += 1
        return wire.Request(**{"id": self.number, "service": self.service, "method": method,
                               "body": body.SerializeToString() if body else b"", **fields})

    def command(self, method, body, sequence=None, **fields):
        if sequence is None:
            self.sequence += 1
            sequence = self.sequence
        return self.request(method, body, **{"session": self.session, "sequence": sequence, **fields})

    def send(self, request):
        self.socket.send(request if isinstance(request, bytes) else request.SerializeToString())

    def receive(self, seconds=PATIENCE):
        """The next reply, or None."""
        return wire.Reply.FromString(self.socket.recv()) if self.socket.poll(seconds * 1000) else None

    def answer(self, request, seconds=PATIENCE, again=1.0):
        """Sends and waits, asks again each second; the Reply, or None. After a long silence over a connection of its own: libzmq
        gives up one whose handshake was refused, though the key may be let in by now."""
        until, silent = time.monotonic() + seconds, 0
        while time.monotonic() < until:
            silent += 1
            if silent % 10 == 0:
                self.socket.close()
                self.dial()
            self.send(request)
            once_more = time.monotonic() + again
            while time.monotonic() < min(once_more, until):
                reply = self.receive(max(0.0, min(once_more, until) - time.monotonic()))
                if reply and reply.id == request.id:
                    return reply
        return None

    def ask(self, method, body, kind=None, command=True, **fields):
        """What came of it, unpacked where kind is named; asserts that it was OK."""
        request = (self.command if command else self.request)(method, body, **fields)
        reply = self.answer(request)
        assert reply, f"{self.service}.{method}: no answer"
        assert reply.code == wire.OK, f"{self.service}.{method}: {wire.Code.Name(reply.code)}: {reply.reason}"
        return kind.FromString(reply.body) if kind else reply

    def query(self, method, body, kind=None):
        return self.ask(method, body, kind, command=False)

    def stand(self):
        return self.query("Stand", runtime.StandRequest(), runtime.Standing)

    def stats(self):
        report = self.query("Stats", runtime.StatsRequest(), runtime.StatsReport)
        return {one.name: one.value for one in report.counters}


AGENCIES = {"operator": ["operator", "auditor"], "auditor": ["auditor"], "veterans": ["attestor", "inbox"]}


class Suite:
    def __init__(self, services=("probe",), agencies=None, where=None, **config):
        """`where`: the folder to make its own in; `surroundings`: what its services find in their environment beside this process's;
        `prepare`: called in each before its program begins."""
        self.data = os.path.join(tempfile.mkdtemp(prefix="jineng-e2e-", dir=where), "data")
        os.mkdir(self.data, 0o700)
        self.surroundings, self.prepare = {}, None
        self.reports_expected = False  # of processes that are meant to die by what they read
        os.mkdir(os.path.join(self.data, "keys"), 0o700)
        self.services, self.processes, self.clients = list(services), {}, []
        agencies = agencies or AGENCIES
        self.keys = {name: Keys() for name in [*self.services, *agencies]}
        self.config = {
            "mode": "rehearsal", "clock": "real", "city": 130100, "map_gib": 4, **config,
            "services": [{"name": name, "endpoint": f"tcp://127.0.0.1:{Ports.take()}", "key": self.keys[name].public.decode(),
                          "roles": ["service"]} for name in self.services],
            "agencies": [{"name": name, "key": self.keys[name].public.decode(), "roles": roles}
                         for name, roles in agencies.items()]}
        for name, keys in self.keys.items():
            with open(os.path.join(self.data, "keys", f"{name}.key"), "wb", opener=private) as file:
                file.write(keys.public + b"\n" + keys.secret + b"\n")
        self.write_config()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        for client in self.clients:
            client.close()
        try:
            if not kind:
                self.leave()
        finally:
            for name in list(self.processes):
                self.kill(name)
            if kind:
                for name in self.services:
                    print(f"---- {name}.log, its end\n{self.log(name)[-3000:]}", file=sys.stderr)
            shutil.rmtree(os.path.dirname(self.data), ignore_errors=True)

    def leave(self):
        """A leak is told by a process that ends in good order alone; whatever else was found is in its log."""
        for process in self.processes.values() if SANITIZED else ():
            process.send_signal(signal.SIGCONT)
            process.terminate()
        for name, process in self.processes.items() if SANITIZED else ():
            process.wait(PATIENCE)
        if not self.reports_expected:
            assert_no_reports({name: self.log(name) for name in self.services})

    @property
    def config_path(self):
        return os.path.join(self.data, "jineng.yaml")

    def write_config(self):
        beside = self.config_path + ".new"
        with open(beside, "w", encoding="utf-8", opener=private) as file:
            yaml.safe_dump(self.config, file, sort_keys=False)
        os.rename(beside, self.config_path)

    def log(self, name):
        path = os.path.join(self.data, f"{name}.log")
        if not os.path.exists(path):
            return ""
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()

    # ---- Processes ----

    def launch(self, name):
        """Starts a service's program and waits for nothing."""
        assert name not in self.processes
        with open(os.path.join(self.data, f"{name}.log"), "ab") as log:
            self.processes[name] = subprocess.Popen(
                [os.path.join(BIN, f"jineng-{name}"), "--config", self.config_path, "--parent", str(os.getpid())],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env={**os.environ, **self.surroundings},
                preexec_fn=self.prepare)
        return self.processes[name]

    def start(self, *names):
        ready = {name: self.log(name).count(" ready ") for name in names or self.services}
        for name in ready:
            self.launch(name)
        for name, before in ready.items():
            wait_for(f"{name} is ready", lambda: self.log(name).count(" ready ") > before or self.processes[name].poll() is not None)
            assert self.processes[name].poll() is None, f"{name} did not start:\n{self.log(name)[-2000:]}"

    def stop(self, *names):
        """Politely; each must leave with 0."""
        for name in names or list(self.processes):
            self.processes[name].terminate()
        for name in names or list(self.processes):
            code = self.processes.pop(name).wait(PATIENCE)
            assert code == 0, f"{name} left with {code}:\n{self.log(name)[-2000:]}"

    def kill(self, name):
        process = self.processes.pop(name)
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE)

    def client(self, agency, service, keys=None):
        peer = next(one for one in self.config["services"] if one["name"] == service)
        client = Client(peer["endpoint"], peer["key"].encode(), keys or self.keys.get(agency), service)
        self.clients.append(client)
        return client

    def follow(self, follower, upstream, seconds=PATIENCE):
        """Waits until the follower has read all of the upstream's log."""
        head = self.client("operator", upstream).stand().block
        reader = self.client("operator", follower)

        def there():
            return any(one.upstream == upstream and one.block >= head for one in reader.stand().cursors)

        wait_for(f"{follower} has read {upstream} through {head}", there, seconds)

    # ---- The command ----

    def jineng(self, *arguments, timeout=240):
        """Runs jineng; the completed process with its texts."""
        done = subprocess.run([os.path.join(BIN, "jineng"), *arguments], capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, env=environment(self.data))
        assert_no_reports({f"jineng {arguments[0]}": done.stderr})
        return done

    def verify(self, data=None, *more):
        return self.jineng("verify", "--data", data or self.data, *more)

    def assert_sound(self, data=None):
        done = self.verify(data)
        assert done.returncode == 0, f"jineng verify: {done.returncode}\n{done.stdout}{done.stderr}"


def environment(data):
    """What jineng leaves behind where it is killed lies beside the data folder."""
    return {**os.environ, "JINENG_DATA": data, "LC_ALL": "C.UTF-8", "TMPDIR": os.path.dirname(data)}


def private(path, flags):
    return os.open(path, flags, 0o600)


class Load(threading.Thread):
    """A client that opens inboxes, a window in flight, repeating what was not answered; remembers what it was told."""

    def __init__(self, suite, service="probe", window=64, size=0):
        super().__init__(daemon=True)
        self.suite, self.service, self.window = suite, service, window
        self.body = notification.OpenInbox(agency="v" * max(size, 8), answer_days=5)
        self.told, self.other = {}, []
        self.stopping = threading.Event()

    def run(self):
        client = self.suite.client("operator", self.service)
        flying, sent = {}, {}
        while flying or not self.stopping.is_set():
            # No number is more than a service's memory of 4,096 ahead of the oldest that has no answer.
            while (len(flying) < self.window and not self.stopping.is_set()
                   and client.sequence - min((one.sequence for one in flying.values()), default=client.sequence) < 4000):
                request = client.command("OpenInbox", self.body)
                flying[request.id] = request
                sent[request.id] = 0.0
            now = time.monotonic()
            for number, request in flying.items():
                if now - sent[number] > 0.5:
                    client.send(request)
                    sent[number] = now
            reply = client.receive(0.2)
            while reply:
                request = flying.pop(reply.id, None)
                if request and reply.code == wire.OK:
                    self.told[request.sequence] = notification.Done.FromString(reply.body).number
                elif request:
                    self.other.append(reply)
                reply = client.receive(0)

    def finish(self):
        self.stopping.set()
        self.join(PATIENCE * 2)
        assert not self.is_alive(), "what was asked is still not answered"
