"""A whole suite in which a campaign was played, with keys of any roles and scope; and the policy of matrix.txt.

    with Played() as played:
        county = played.key("county", ["finance"], divisions=[130104])
        reply = played.client(county, "ledger").answer(...)
"""
import importlib
import os
import subprocess
import sys

import yaml

HERE = os.path.dirname(os.path.realpath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "end-to-end"))

from rehearsal import SERVICES, Rehearsal, differences, make_folder  # noqa: E402
from suite import BIN, Client, Keys, runtime, wait_for, wire  # noqa: E402

ROLES = ["operator", "auditor", "administration", "employment_service", "appraisal", "attestor", "reviewer", "finance", "inbox",
         "service", "payer", "certifier"]
MODULES = {name: importlib.import_module(f"jineng.v1.{name}_pb2") for name in SERVICES}
DENIED = "this key may not do that"


def policy():
    """matrix.txt: ({service.method: roles}, {service.event: (roles, personal)})."""
    methods, events = {}, {}
    with open(os.path.join(HERE, "matrix.txt"), encoding="utf-8") as file:
        for line in file:
            words = line.split("#")[0].split()
            if not words:
                continue
            kind, name, *roles = words
            assert kind in ("method", "event") and set(roles) <= {*ROLES, "anyone", "personal"}, line
            service, what = name.split(".")
            for one in SERVICES if service == "*" else [service]:
                entry = f"{one}.{what}"
                assert entry not in methods and entry not in events, f"{entry} comes twice"
                if kind == "method":
                    methods[entry] = set(roles)
                else:
                    events[entry] = (set(roles) - {"personal"}, "personal" in roles)
    return methods, events


def rpcs():
    """Every method that proto/ knows: {service.method: its input message's class}."""
    found = {}
    for service in SERVICES:
        for module, name in ((MODULES[service], service.capitalize()), (runtime, "Runtime")):
            for method in module.DESCRIPTOR.services_by_name[name].methods:
                found[f"{service}.{method.name}"] = message_class(method.input_type)
    return found


def commands():
    """Those in the upper half of a service: what changes something, by the name of what it answers or of the rpc's comment."""
    return {f"{service}.{method.name}" for service in SERVICES
            for method in MODULES[service].DESCRIPTOR.services_by_name[service.capitalize()].methods
            if not method.output_type.name.endswith(("View", "PeopleReply", "MayWorkReply"))
            and not method.name.startswith("Check")}  # a calculator keeps nothing


def message_class(descriptor):
    return getattr(importlib.import_module(descriptor.file.name.replace(".proto", "_pb2").replace("/", ".")), descriptor.name)


def event_names():
    """{service.event: its number}"""
    return {f"{service}.{field.name}": field.number for service in SERVICES
            for field in MODULES[service].DESCRIPTOR.message_types_by_name["Event"].fields}


def printed_access():
    """What the programs themselves say: as policy()."""
    methods, events = {}, {}
    for service in SERVICES:
        done = subprocess.run([os.path.join(BIN, f"jineng-{service}"), "--access"], capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            kind, name, *roles = line.split()
            if kind == "method":
                methods[name] = set(roles)
            else:
                events[name] = (set(roles) - {"personal"}, "personal" in roles)
    return methods, events


class Agency:
    def __init__(self, name, roles, scope):
        self.name, self.roles, self.scope, self.keys = name, roles, scope, Keys()

    def entry(self):
        return {"name": self.name, "key": self.keys.public.decode(), "roles": self.roles, **self.scope}


class Played:
    def __init__(self, people, seed):
        self.rehearsal = Rehearsal("access")
        self.people, self.seed, self.clients = people, seed, []

    def __enter__(self):
        self.rehearsal.up()
        self.folder = make_folder(self.rehearsal.folder, self.people, self.seed)
        done = self.rehearsal.play(self.folder, "--json")
        wrong = differences(self.folder, done.stdout)
        assert done.returncode == 0 and not wrong, (done.stderr, wrong)
        with open(os.path.join(self.rehearsal.data, "jineng.yaml"), encoding="utf-8") as file:
            self.config = yaml.safe_load(file)
        return self

    def __exit__(self, kind, value, trace):
        for client in self.clients:
            client.close()
        self.rehearsal.__exit__(kind, value, trace)

    def add(self, *agencies):
        """Makes their keys known, and waits until every service has seen them."""
        self.config["agencies"] += [one.entry() for one in agencies]
        self.write()
        for service in SERVICES:
            wait_for(f"{service} has heard of {agencies[-1].name}", lambda: self.heard(agencies[-1], service))

    def heard(self, agency, service):
        """A connection whose key is turned away does not try again by itself."""
        client = self.client(agency, service)
        answer = client.answer(client.request("Nothing"), seconds=1)
        client.close()
        return answer

    def write(self):
        path = os.path.join(self.rehearsal.data, "jineng.yaml")
        with open(path + ".new", "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            yaml.safe_dump(self.config, file, sort_keys=False)
        os.rename(path + ".new", path)

    def client(self, agency, service):
        """By an Agency or the name of one that the suite came with."""
        keys = agency.keys if isinstance(agency, Agency) else self.own_keys(agency)
        peer = next(one for one in self.config["services"] if one["name"] == service)
        client = Client(peer["endpoint"], peer["key"].encode(), keys, service)
        self.clients.append(client)
        return client

    def own_keys(self, name):
        keys = Keys()
        with open(os.path.join(self.rehearsal.data, "keys", f"{name}.key"), "rb") as file:
            keys.public, keys.secret = file.read().split()
        return keys

    def feed(self, client):
        """All of a log that the client is sent: its blocks, and the frames as they came."""
        blocks, frames, after = [], [], 0
        while True:
            reply = client.answer(client.request("Feed", runtime.FeedRequest(after=after)))
            assert reply.code == wire.OK, reply
            frames.append(reply.body)
            batch = runtime.FeedBatch.FromString(reply.body)
            blocks += batch.blocks
            after += len(batch.blocks)
            if after >= batch.head:
                return blocks, frames
