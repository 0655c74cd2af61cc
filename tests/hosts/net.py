"""Hosts that share nothing but wires: a network namespace each, and a router in the middle through which all that they say passes.

    with Net(["a", "b"], seed=1) as net:
        net.link("a", "b", 7701)                  # a reaches port 7701 of b at net.gate("a", 7701)
        net.order("set", "a>b", delay_ms=100)     # proxy.py knows the orders
        net.wire("b", up=False)

A namespace belongs to a process that does nothing, and ends with it; the kernel ends that one with the test, however the test ends. So
nothing is left behind. Where namespaces are not permitted all of it is played on loopback addresses, 127.x.y.z: less is shown then, and
what is not shown is counted and printed.
"""
import argparse
import ctypes
import fnmatch
import json
import os
import random
import signal
import subprocess
import sys
import threading

import zmq

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "..", "end-to-end"))
from rehearsal import chosen_seed  # noqa: E402
from suite import Ports, wait_for  # noqa: E402

HERE = os.path.dirname(os.path.realpath(__file__))
CLONE_NEWNET, PR_SET_PDEATHSIG = 0x40000000, 1
LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_me():
    """In a child: the kernel ends it when this test does. (With its thread: only the main one may start processes.)"""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def start(words, **how):
    assert threading.current_thread() is threading.main_thread()
    return subprocess.Popen(words, preexec_fn=die_with_me, **how)


def run(*words):
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL, check=False)
    assert done.returncode == 0, f"{' '.join(words)}: {done.returncode} {done.stderr}"
    return done.stdout


def arguments():
    """What each of these tests understands."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="a part of it, within seconds")
    parser.add_argument("--long", action="store_true", help="more of the same")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seed", type=int, default=chosen_seed())
    return parser.parse_args()


class Skips:
    """What this machine cannot show: said once, and counted."""

    told = {}

    @classmethod
    def skip(cls, what, why):
        if what not in cls.told:
            print(f"SKIPPED {what}: {why}", file=sys.stderr, flush=True)
        cls.told[what] = cls.told.get(what, 0) + 1

    @classmethod
    def figures(cls):
        return f"{len(cls.told)} skipped" + "".join(f", {what}" for what in cls.told)


class Namespace:
    """None of its own where it is only a range of loopback addresses."""

    def __init__(self, own):
        self.holder = start(["unshare", "--net", "sleep", "infinity"], stdin=subprocess.DEVNULL) if own else None
        if own:
            mine = os.readlink("/proc/self/ns/net")
            wait_for("a namespace", lambda: self.holder.poll() is not None or os.readlink(self.path) != mine, 10)
            assert self.holder.poll() is None, "no namespace"
            run(*self.words("ip", "link", "set", "lo", "up"))

    @property
    def path(self):
        return f"/proc/{self.holder.pid}/ns/net"

    def words(self, *words):
        """The command that runs these words in here; it is that process itself, not its child."""
        return ["nsenter", f"--net={self.path}", "--", *words] if self.holder else list(words)

    def call(self, function, *arguments):
        """What the function returns when a thread in here calls it."""
        found = []

        def inside():
            with open(self.path, "rb") as file:
                assert LIBC.setns(file.fileno(), CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
            found.append(function(*arguments))

        if not self.holder:
            return function(*arguments)
        thread = threading.Thread(target=inside)
        thread.start()
        thread.join()
        return found[0]

    def close(self):
        if self.holder:
            self.holder.kill()
            self.holder.wait()


def zmq_context():
    """One whose threads, which make the connections, are in the namespace of who calls this."""
    context = zmq.Context()
    context.socket(zmq.PAIR).close()  # the first socket starts them
    return context


def why_no_namespaces():
    if os.environ.get("JINENG_LOOPBACK"):
        return "JINENG_LOOPBACK is set"
    try:
        done = subprocess.run(["unshare", "--net", "ip", "link", "add", "end-0", "type", "veth", "peer", "name", "end-1"], capture_output=True,
                              text=True, timeout=60, check=False)
    except OSError as error:
        return str(error)
    return None if done.returncode == 0 else done.stderr.strip()


class Net:
    def __init__(self, names, seed):
        why = why_no_namespaces()
        self.own, self.names, self.contexts, self.proxy = not why, list(names), {}, None
        if why:
            Skips.skip("network namespaces", f"{why}; on loopback addresses instead, without links that go down")
        self.block = random.randrange(16, 250)
        self.spaces = {}
        try:
            self.spaces = {name: Namespace(self.own) for name in ["router", *self.names]}
            for name in self.names if self.own else ():
                self.plug(name)
            self.proxy = start(self.spaces["router"].words("/usr/bin/python3", os.path.join(HERE, "proxy.py"), str(seed)),
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        except BaseException:
            self.close()
            raise
        self.base_port = 7701 if self.own else Ports.take(5)
        self.shaping = self.find_shaping()
        self.links = []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def close(self):
        if self.proxy:
            self.proxy.stdin.close()
            self.proxy.kill()
            self.proxy.wait()
            self.proxy.stdout.close()
        for context in self.contexts.values():
            context.destroy(linger=0)
        for space in self.spaces.values():
            space.close()

    def addresses(self, name):
        """Of the router on the wire to this host, and of the host."""
        number = self.names.index(name)
        if self.own:
            return f"198.51.100.{4 * number + 1}", f"198.51.100.{4 * number + 2}"
        return f"127.{self.block}.{number + 1}.1", f"127.{self.block}.{number + 1}.2"

    def plug(self, name):
        router, host = self.addresses(name)
        end = f"to-{self.names.index(name)}"
        pids = [str(self.spaces[one].holder.pid) for one in ("router", name)]
        run("ip", "link", "add", end, "netns", pids[0], "type", "veth", "peer", "name", "wire", "netns", pids[1])
        for space, device, address in (("router", end, router), (name, "wire", host)):
            run(*self.spaces[space].words("ip", "address", "add", f"{address}/30", "dev", device))
            run(*self.spaces[space].words("ip", "link", "set", device, "up"))

    def find_shaping(self):
        """netem where the kernel has it; else the proxy alone delays."""
        if not self.own:
            return "proxy"
        done = subprocess.run(self.spaces["router"].words("tc", "qdisc", "add", "dev", "to-0", "root", "netem", "delay", "1ms"),
                              capture_output=True, text=True, timeout=60, check=False)
        if done.returncode != 0:
            Skips.skip("netem", f"{done.stderr.strip().splitlines()[0]}; the proxy delays, stalls and resets instead: no packet is lost")
            return "proxy"
        run(*self.spaces["router"].words("tc", "qdisc", "del", "dev", "to-0", "root"))
        return "netem"

    # ---- Wires ----

    def wire(self, name, up):
        """Plugs the host's wire in or out; without namespaces, all its links are held instead."""
        if self.own:
            end = f"to-{self.names.index(name)}"
            run(*self.spaces["router"].words("ip", "link", "set", end, "up" if up else "down"))
            return
        for link in self.matching(f"{name}>*") + self.matching(f"*>{name}"):
            self.order("set", link, hold=[] if up else ["up", "down"])

    def shape(self, name, delay_ms, jitter_ms, loss_percent=0):
        """Packets of the host's wire come late, and some not at all; all zero: at once, and all of them."""
        if self.shaping == "netem":
            device = f"to-{self.names.index(name)}"
            run(*self.spaces["router"].words("tc", "qdisc", "replace", "dev", device, "root", "netem", "delay", f"{delay_ms}ms",
                                             f"{jitter_ms}ms", "loss", f"{loss_percent}%"))
            return
        for link in self.matching(f"{name}>*") + self.matching(f"*>{name}"):
            self.order("set", link, delay_ms=delay_ms, jitter_ms=jitter_ms)

    def link(self, from_, to, number):
        """What listens on the number-th port of one host is reached by the other at gate(from_, number)."""
        name = f"{from_}>{to}"
        port = self.base_port + number
        self.order("link", name, listen=[self.addresses(from_)[0], port], to=[self.addresses(to)[1], port])
        self.links.append(name)

    def gate(self, from_, number):
        return f"tcp://{self.addresses(from_)[0]}:{self.base_port + number}"

    def own_endpoint(self, name, number):
        return f"tcp://{self.addresses(name)[1]}:{self.base_port + number}"

    def matching(self, pattern):
        return [link for link in self.links if fnmatch.fnmatchcase(link, pattern)]

    def order(self, what, name, **more):
        self.proxy.stdin.write(json.dumps({"do": what, "name": name, **more}) + "\n")
        self.proxy.stdin.flush()
        answer = json.loads(self.proxy.stdout.readline() or '{"error": "the proxy is gone"}')
        assert "error" not in answer, f"{what} {name}: {answer['error']}"
        return answer

    def order_all(self, what, pattern, **more):
        return {link: self.order(what, link, **more) for link in self.matching(pattern)}

    def figures(self):
        """Of all links together."""
        each = self.order_all("figures", "*").values()
        return {key: sum(one[key] for one in each) for key in next(iter(each), {})}

    def context(self, name):
        if name not in self.contexts:
            self.contexts[name] = self.spaces[name].call(zmq_context)
        return self.contexts[name]
