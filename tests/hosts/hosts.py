"""The suite on several machines: each service on the host of its own agency, with nothing but its own folder, its own secret key and
a configuration that says where the others are; an office from which the departments work.

    with Hosts(seed=1) as hosts:
        hosts.up()
        done = hosts.office.jineng("play", folder, "--json")
"""
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import tempfile

import yaml
import zmq

from net import Net, Skips, start
from suite import BIN, PATIENCE, Client, Keys, private, wait_for
from rehearsal import PLAY_TIMEOUT, SERVICES

OFFICE = "office"


class Caller(Client):
    """Dials again where it can send nothing: libzmq gives a connection up where its key was refused, or what it got was spoiled."""

    def __init__(self, endpoint, *more):
        self.endpoint = endpoint
        super().__init__(endpoint, *more)

    def send(self, request):
        if not self.socket.poll(200, zmq.POLLOUT):
            self.socket.disconnect(self.endpoint)
            self.socket.connect(self.endpoint)
        super().send(request)


class Host:
    """A machine: a namespace and a data folder of its own."""

    def __init__(self, name, parent, space):
        self.name, self.space = name, space
        self.folder = os.path.join(parent, name)
        self.data = os.path.join(self.folder, "data")
        self.supervisor, self.ups = None, 0
        os.mkdir(self.folder, 0o700)
        self.environment = {**os.environ, "JINENG_DATA": self.data, "LC_ALL": "C.UTF-8", "TMPDIR": self.folder}

    # ---- Files ----

    def path(self, *parts):
        return os.path.join(self.data, *parts)

    def read(self, *parts):
        if not os.path.exists(self.path(*parts)):
            return ""
        with open(self.path(*parts), encoding="utf-8", errors="replace") as file:
            return file.read()

    def log(self):
        return self.read(f"{self.name}.log")

    def write_config(self, config):
        """As an editor does, or a tool that carries it here: all of it at once."""
        beside = self.path("jineng.yaml.new")
        with open(beside, "w", encoding="utf-8", opener=private) as file:
            yaml.safe_dump(config, file, sort_keys=False, allow_unicode=True)
        os.rename(beside, self.path("jineng.yaml"))

    def secrets(self):
        """The second lines of the keys that lie here: NAME.key, and a service's NAME.sm2."""
        found = {}
        for name in sorted(os.listdir(self.path("keys"))):
            with open(self.path("keys", name), encoding="ascii") as file:
                found[name] = file.read().split()[1]
        return found

    def files(self):
        for where, _, names in os.walk(self.folder):
            yield from (os.path.join(where, name) for name in names)

    # ---- Programs ----

    def shift_clock(self, seconds):
        """Of what is started here from now on, and of what was started so: its wall clock stands so many seconds off."""
        path = os.path.join(self.folder, "clock")
        if not os.path.exists(path):
            with open(path, "wb") as file:
                file.write(struct.pack("=q", 0))
            self.environment.update(LD_PRELOAD=os.environ["JINENG_CLOCK"], JINENG_CLOCK_FILE=path,
                                    ASAN_OPTIONS=os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0")
        with open(path, "r+b", buffering=0) as file:
            file.write(struct.pack("=q", seconds))

    def jineng(self, *arguments, timeout=PLAY_TIMEOUT):
        return subprocess.run(self.space.words(os.path.join(BIN, "jineng"), *arguments), capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, env=self.environment, check=False)

    def launch(self, name, *arguments):
        """Starts jineng and waits for nothing; what it says lies in the host's folder as NAME.out and NAME.err."""
        with open(os.path.join(self.folder, f"{name}.out"), "wb") as out, open(os.path.join(self.folder, f"{name}.err"), "ab") as err:
            return start(self.space.words(os.path.join(BIN, "jineng"), *arguments), stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                         env=self.environment)

    def said(self, name):
        if not os.path.exists(os.path.join(self.folder, name)):
            return ""
        with open(os.path.join(self.folder, name), encoding="utf-8", errors="replace") as file:
            return file.read()

    def up(self):
        self.ups += 1
        self.supervisor = self.launch("up", "up", self.name)

    def await_up(self):
        wait_for(f"{self.name} is up", lambda: self.said("up.out").endswith("ready\n") or self.supervisor.poll() is not None)
        assert self.supervisor.poll() is None, f"{self.name}: {self.said('up.err')}"

    def down(self):
        self.supervisor.terminate()
        code = self.supervisor.wait(PATIENCE)
        assert code == 0, f"{self.name}: jineng up left with {code}: {self.said('up.err')}"
        self.supervisor = None

    def close(self):
        if self.supervisor and self.supervisor.poll() is None:
            self.supervisor.send_signal(signal.SIGTERM)
            try:
                self.supervisor.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.supervisor.kill()
                self.supervisor.wait()

    def assert_sound(self, *more):
        done = self.jineng("verify", self.name, *more)
        assert done.returncode == 0, f"{self.name}: jineng verify: {done.returncode}\n{done.stdout}{done.stderr}"
        return done.stdout


def sweep():
    """Of tests that were killed nothing is left but their folders."""
    for name in os.listdir(tempfile.gettempdir()):
        owner = re.match(r"jineng-hosts-(\d+)-", name)
        if owner and not os.path.exists(f"/proc/{owner.group(1)}"):
            shutil.rmtree(os.path.join(tempfile.gettempdir(), name), ignore_errors=True)


class Hosts:
    def __init__(self, seed, services=SERVICES, clock=("--driven", "--start", "2015-01-01")):
        sweep()
        self.parent = tempfile.mkdtemp(prefix=f"jineng-hosts-{os.getpid()}-")
        self.services, self.clients = list(services), []
        self.net = None
        try:
            self.net = Net([*self.services, OFFICE], seed)
            self.hosts = {name: Host(name, self.parent, self.net.spaces[name]) for name in [*self.services, OFFICE]}
            self.office = self.hosts[OFFICE]
            self.deploy(clock)
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if kind:
            for name in self.services:
                print(f"---- {name}.log, its end\n{self.hosts[name].log()[-2500:]}", file=sys.stderr)
        self.close()

    def close(self):
        for client in self.clients:
            client.close()
        for host in getattr(self, "hosts", {}).values():
            host.close()
        if self.net:
            self.net.close()
        shutil.rmtree(self.parent, ignore_errors=True)

    def __getitem__(self, name):
        return self.hosts[name]

    # ---- As deploy/README.md tells it ----

    def deploy(self, clock):
        """The office makes the configuration; each service's key is made where it is used and never leaves."""
        done = self.office.jineng("init", self.office.data, *clock)
        assert done.returncode == 0, done.stderr
        self.config = yaml.safe_load(self.office.read("jineng.yaml"))
        self.config["services"] = [one for one in self.config["services"] if one["name"] in self.services]
        self.config["map_gib"] = 4
        for name in SERVICES:
            for ending in ("key", "sm2"):
                os.unlink(self.office.path("keys", f"{name}.{ending}"))
        for name in self.services:
            os.mkdir(self.hosts[name].data, 0o700)
            self.hosts[name].write_config(self.config)
            self.make_key(name)
        for number, name in enumerate(self.services):
            for other in self.hosts:
                if other != name:
                    self.net.link(other, name, number)
        self.publish()

    def make_key(self, name):
        """On the service's host; the public half goes into the configuration."""
        done = self.hosts[name].jineng("keys", "make", name)
        assert done.returncode == 0, done.stderr
        self.entry(name)["key"] = re.search(r'key: "(.{40})"', done.stdout).group(1)

    def entry(self, name):
        return next(one for one in [*self.config["services"], *self.config["agencies"]] if one["name"] == name)

    def config_of(self, host):
        """The one configuration, with the addresses under which this host reaches the others: each through its own wire."""
        services = [{**one, "endpoint": self.net.own_endpoint(host, number) if one["name"] == host else self.net.gate(host, number)}
                    for number, one in enumerate(self.config["services"])]
        return {**self.config, "services": services}

    def publish(self, *names):
        """Carries the configuration to all hosts, or those named."""
        for name in names or self.hosts:
            self.hosts[name].write_config(self.config_of(name))

    # ---- Processes ----

    def up(self, *names):
        for name in names or self.services:
            self.hosts[name].up()
        for name in names or self.services:
            self.hosts[name].await_up()

    def down(self, *names):
        for name in names or self.services:
            self.hosts[name].down()

    def client(self, agency, service, keys=None, host=OFFICE, server_key=None):
        """A connection from a host, under an agency's key that lies there or is given."""
        peer = next(one for one in self.config_of(host)["services"] if one["name"] == service)
        if not keys:
            keys = Keys()
            keys.public, keys.secret = (line.encode() for line in self.hosts[host].read("keys", f"{agency}.key").split())
        client = Caller(peer["endpoint"], server_key or peer["key"].encode(), keys, service, self.net.context(host))
        self.clients.append(client)
        return client

    def log_lines(self, *words):
        return [f"{name}: {line}" for name in self.services for text in (self.hosts[name].log(), self.hosts[name].said("up.err"))
                for line in text.splitlines() if any(word in line for word in words)]

    # ---- What must hold ----

    def assert_nothing_is_shared(self):
        """A host has its own service's secret key and folder; no byte of another's key. What was looked at is counted."""
        secrets = {name: host.secrets() for name, host in self.hosts.items()}
        looked = 0
        for name, host in self.hosts.items():
            mine = set(secrets[name].values())
            others = {secret.encode() for other in secrets.values() for secret in other.values() if secret not in mine}
            whose = {os.path.splitext(one)[0] for one in secrets[name]}
            assert set(secrets[name]) == {f"{name}.key", f"{name}.sm2"} or name == OFFICE, f"{name} has {sorted(secrets[name])}"
            assert not whose & set(self.services) or name != OFFICE, "the office has a service's key"
            folders = [one for one in self.services if os.path.isdir(host.path(one))]
            assert folders in ([name], []), f"{name} keeps folders of {folders}"
            for path in host.files():
                with open(path, "rb") as file:
                    content = file.read()
                assert not [one for one in others if one in content], f"{path} holds another's secret key"
                looked += 1
        return looked

    def assert_sound(self):
        """Each host proves its own; then all are held against what their followers saw, which travels between them."""
        witness, cursors = os.path.join(self.parent, "witness"), 0
        os.makedirs(witness, 0o700, exist_ok=True)
        for _ in range(2):  # once round to give, once round to be held against
            cursors = 0
            for name in self.services:
                said = self.hosts[name].assert_sound("--witness", witness)
                found = re.search(r"(\d+) cursors held against", said)
                cursors += int(found.group(1)) if found else 0
        shutil.rmtree(witness)
        return cursors


def figures(net):
    """The end of a test's last line."""
    passed = net.figures()
    return (f"{'namespaces' if net.own else 'loopback'}, {net.shaping}; {passed['connections']} connections, "
            f"{(passed['bytes_up'] + passed['bytes_down']) >> 10} KiB through the links, {passed['resets']} torn, {passed['muted']} muted, {passed['altered']} bytes altered; "
            f"{Skips.figures()}")
