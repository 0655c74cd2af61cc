#!/usr/bin/python3
"""department.py DATA NAME REGISTER.csv: follows a department's inbox, answers attestations from its own register."""
import csv
import sys
import time

import yaml
import zmq
from jineng.v1 import common_pb2, enrollment_pb2 as enrollment, envelope_pb2 as wire, notification_pb2 as notification

LATER = (wire.NOT_YET, wire.UNAVAILABLE, wire.TOO_LATE)
DONE = (wire.OK, wire.WRONG_STATE, wire.CONFLICT)  # or not asked any more, or answered before


class Service:
    def __init__(self, name, data, who):
        self.name, self.socket = name, zmq.Context.instance().socket(zmq.DEALER)
        with open(f"{data}/jineng.yaml") as config, open(f"{data}/keys/{who}.key", "rb") as keys:
            peer = next(one for one in yaml.safe_load(config)["services"] if one["name"] == name)
            self.socket.curve_publickey, self.socket.curve_secretkey = keys.read().split()  # two lines
        self.socket.curve_serverkey = peer["key"].encode()
        self.socket.connect(peer["endpoint"])

    def ask(self, method, body, reply, **number):
        query = wire.Request(id=time.time_ns(), service=self.name, method=method, body=body.SerializeToString(), **number)
        while True:  # until it is answered: a numbered command is done once however often it is sent
            self.socket.send(query.SerializeToString())
            answer = wire.Reply()
            while answer.id != query.id and self.socket.poll(2000):
                answer = wire.Reply.FromString(self.socket.recv())
            if answer.id == query.id and answer.code in DONE:
                return reply.FromString(answer.body)
            if answer.id == query.id and answer.code not in LATER:
                sys.exit(f"{self.name}.{method}: {wire.Code.Name(answer.code)}: {answer.reason}")
            time.sleep(1)


def attest(people, request, register):
    asked = people.ask("People", enrollment.PeopleRequest(request=request), enrollment.PeopleReply).rows
    rows = [enrollment.AttestRow(seat=one.seat, group=group, answer=register.get((one.id_number, group), "NO_ROW"))
            for one in asked for group in one.groups]
    for at in range(0, len(rows), 200):  # numbered by what it answers: after a crash the number is the same
        said = people.ask("Attest", enrollment.Attest(request=request, rows=rows[at:at + 200]), enrollment.Outcomes,
                          session=b"attest-by-number", sequence=request * 16 + at // 200)
        sys.stderr.writelines(f"request {request}: {one.reason}\n" for one in said.refused)


with open(sys.argv[3], newline="", encoding="utf-8-sig") as sheet:
    register = {(row["id_number"], common_pb2.Group.Value(row["group"].upper())):
                "HOLDS" if row["holds"] == "true" else "DENIED" for row in csv.DictReader(sheet)}
inbox, people = Service("notification", *sys.argv[1:3]), Service("enrollment", *sys.argv[1:3])
read = inbox.ask("Inbox", notification.InboxRequest(limit=1), notification.InboxView).acknowledged
while True:
    for item in inbox.ask("Inbox", notification.InboxRequest(after=read, limit=200), notification.InboxView).items:
        if item.kind == notification.ATTESTATION_REQUESTED:
            attest(people, item.reference, register)
        read = inbox.ask("Acknowledge", notification.Acknowledge(through=item.number), notification.Done,
                         session=b"acknowledge-item", sequence=item.number).number
    time.sleep(1)
