"""A client that sends without end, of a kind: flood.py KIND ENDPOINT SERVER_KEY PUBLIC SECRET. Ends with its standard input.

A process of its own, so that it takes nothing of the pace of whoever measures beside it.
"""
import os
import random
import sys
import threading
import time

import zmq

import played  # noqa: F401  (finds suite.py)
from suite import Client, Keys, notification, runtime, wire

CHANCE = random.Random(20261125)
OPEN = notification.OpenInbox(agency="veterans", answer_days=100)
CONNECTIONS = 40


def commands(client, **fields):
    return client.command("OpenInbox", OPEN, **fields).SerializeToString()


def read_all(client):
    while client.socket.poll(0):
        client.socket.recv()


def pour(make, connections, burst=64, deaf=False):
    """Sends what make() gives over each connection in turn, as fast as they take it."""
    while True:
        for connection in connections:
            for _ in range(burst):
                try:
                    connection.socket.send(make(connection), zmq.DONTWAIT)
                except zmq.Again:
                    break
            if not deaf:
                read_all(connection)


def heavy(client):
    return client.command("Acknowledge", notification.Acknowledge(through=1500)).SerializeToString()


def session(client):
    client.session = os.urandom(16)
    return commands(client)


def knock(connect):
    """Handshakes: a connection, a request, and away."""
    while True:
        client = connect()
        client.send(commands(client))
        client.receive(1)
        client.close()


def reconnecting(connect):
    """Over 1 MiB: cut off each time."""
    large = bytes(1_200_000)
    while True:
        client = connect()
        client.send(large)
        client.receive(0.05)
        client.close()


def run(kind, connect):
    one, many = [connect()], []
    if kind.endswith("many"):
        many = [connect() for _ in range(CONNECTIONS)]
    head = 2**62
    kinds = {
        "valid": lambda: pour(commands, one),
        "valid-many": lambda: pour(commands, many, 4),
        "sessions": lambda: pour(session, one),
        "repeated": lambda: pour(lambda client: commands(client, sequence=1), one),
        "malformed": lambda: pour(lambda client: CHANCE.randbytes(60), one),
        "denied": lambda: pour(commands, one),  # with a key that may not
        "oversized": lambda: pour(lambda client, frame=bytes(300_000): frame, one, 4),
        "large": lambda: pour(lambda client: client.command("OpenInbox", notification.OpenInbox(
            agency="v" * 250_000, answer_days=100)).SerializeToString(), one, 4),
        "heavy": lambda: pour(heavy, one, 4),
        "held": lambda: pour(lambda client: commands(client, not_before_ms=head, budget_ms=5000), one),
        "feeds": lambda: pour(lambda client: client.request("Feed", runtime.FeedRequest()).SerializeToString(), one),
        "waiters-many": lambda: pour(lambda client: client.request("Await", runtime.AwaitCursors(
            wait_ms=5000, cursors=[wire.Cursor(upstream="none", block=head)])).SerializeToString(), many, 8),
        "handshakes": lambda: knock(connect),
        "cut-off": lambda: reconnecting(connect),
        "deaf": lambda: pour(commands, one, deaf=True),
        "deaf-feeds": lambda: pour(lambda client: client.request("Feed", runtime.FeedRequest()).SerializeToString(), one, deaf=True),
    }
    kinds[kind]()


def end_with_stdin():
    sys.stdin.read()
    os._exit(0)


def main():
    kind, endpoint, server_key, public, secret = sys.argv[1:]
    keys = Keys()
    keys.public, keys.secret = public.encode(), secret.encode()
    threading.Thread(target=end_with_stdin, daemon=True).start()
    print("ready", flush=True)
    time.sleep(0.01)
    run(kind, lambda: Client(endpoint, server_key.encode(), keys, "probe"))


if __name__ == "__main__":
    main()
