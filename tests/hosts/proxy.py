#!/usr/bin/python3
"""A link between two hosts that can be made bad: slow, narrow, stalled, deaf in one direction, cut, reset, altered, recorded.

It speaks TCP on both sides and understands none of what passes. Orders come as JSON, a line each, on standard input; each is answered
with a line of JSON. It ends when its standard input does.

    {"do": "link", "name": "ledger>subsidy", "listen": ["198.51.100.49", 7703], "to": ["198.51.100.34", 7703]}
    {"do": "set", "name": "ledger>subsidy", "delay_ms": 100, "jitter_ms": 30, "rate": 125000, "hold": ["up", "down"]}
    {"do": "reset" | "mute" | "figures", "name": ...}      {"do": "alter", "name": ..., "way": "down", "chunks": 1}
    {"do": "record", "name": ..., "folder": ...}           {"do": "replay", "name": ..., "file": ...}

Up is from who connected to who listens. What is held flows on later; what is muted is swallowed until the connection ends.
"""
import asyncio
import json
import os
import random
import signal
import socket
import struct
import sys

CHUNK = 65536
UNDER_WAY_MAX = 64  # chunks of one direction that are read ahead: a link holds so much and no more
CONNECTIONS_MAX = 256  # of a link, at once


class Link:
    def __init__(self, name, to):
        self.name, self.to = name, tuple(to)
        self.delay_ms = self.jitter_ms = self.rate = 0
        self.alter = {"up": 0, "down": 0}
        self.gates = {"up": asyncio.Event(), "down": asyncio.Event()}
        for gate in self.gates.values():
            gate.set()
        self.recording, self.connections, self.server = None, set(), None
        self.figures = dict.fromkeys(("connections", "resets", "muted", "altered", "replayed", "bytes_up", "bytes_down"), 0)

    def set(self, hold=None, **values):
        for key, value in values.items():
            setattr(self, key, value)
        for way, gate in self.gates.items() if hold is not None else ():
            if way in hold:
                gate.clear()
            else:
                gate.set()


class Connection:
    """One that came in, and the one that goes on from it."""

    def __init__(self, link, random_source):
        self.link, self.random, self.muted, self.writers = link, random_source, {"up": False, "down": False}, []
        link.figures["connections"] += 1
        self.number = link.figures["connections"]

    async def run(self, reader, writer):
        self.writers.append(writer)
        if len(self.link.connections) >= CONNECTIONS_MAX:
            self.reset()
            return
        self.link.connections.add(self)
        try:
            # A cut link lets nobody through; to who connects it looks like a peer that does not answer.
            await self.link.gates["up"].wait()
            onward_reader, onward_writer = await asyncio.wait_for(asyncio.open_connection(*self.link.to), 10)
            self.writers.append(onward_writer)
            pumps = [asyncio.ensure_future(self.pump("up", reader, onward_writer)),
                     asyncio.ensure_future(self.pump("down", onward_reader, writer))]
            _, pending = await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
            for pump in pending:
                pump.cancel()
            await asyncio.gather(*pumps, return_exceptions=True)
        except (OSError, asyncio.TimeoutError):
            await asyncio.sleep(1)  # nobody there: it is not learned at once
        finally:
            self.link.connections.discard(self)
            self.reset()

    def reset(self):
        """Both sides see a connection that was torn off, whatever was under way."""
        for writer in self.writers:
            raw = writer.get_extra_info("socket")
            if raw is not None and raw.fileno() >= 0:
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def pump(self, way, reader, writer):
        under_way = asyncio.Queue(UNDER_WAY_MAX)
        reading = asyncio.ensure_future(self.read(way, reader, under_way))
        loop = asyncio.get_running_loop()
        try:
            while (item := await under_way.get()) is not None:
                due, chunk = item
                if due > loop.time():
                    await asyncio.sleep(due - loop.time())
                await self.link.gates[way].wait()
                if self.link.rate:
                    await asyncio.sleep(len(chunk) / self.link.rate)
                if self.muted[way]:
                    continue
                await self.forward(way, chunk, writer)
        except OSError:
            pass
        finally:
            reading.cancel()

    async def read(self, way, reader, under_way):
        loop, due = asyncio.get_running_loop(), 0.0
        try:
            while chunk := await reader.read(CHUNK if not self.link.rate else 4096):
                delay = self.link.delay_ms + self.random.uniform(0, self.link.jitter_ms)
                due = max(due, loop.time() + delay / 1000)  # a stream keeps its order
                await under_way.put((due, chunk))
        except OSError:
            pass
        await under_way.put(None)

    async def forward(self, way, chunk, writer):
        link = self.link
        if link.recording:
            with open(os.path.join(link.recording, f"{link.name}-{self.number}.{way}"), "ab") as file:
                file.write(chunk)
        if link.alter[way] > 0:
            at = self.random.randrange(len(chunk))
            chunk = chunk[:at] + bytes([chunk[at] ^ (1 << self.random.randrange(8))]) + chunk[at + 1:]
            link.alter[way] -= 1
            link.figures["altered"] += 1
        link.figures[f"bytes_{way}"] += len(chunk)
        writer.write(chunk)
        await writer.drain()


class Proxy:
    def __init__(self, seed):
        self.links, self.random = {}, random.Random(seed)

    async def do(self, order):
        what, name = order.pop("do"), order.pop("name")
        if what == "link":
            return await self.open(name, order)
        link = self.links[name]
        if what == "set":
            link.set(**order)
        elif what == "reset":
            link.figures["resets"] += len(link.connections)
            for connection in list(link.connections):
                connection.reset()
        elif what == "mute":
            link.figures["muted"] += len(link.connections)
            for connection in list(link.connections):
                connection.muted[order["way"]] = True
        elif what == "alter":
            link.alter[order["way"]] = order["chunks"]
        elif what == "record":
            link.recording = order["folder"]
        elif what == "replay":
            return await self.replay(link, order["file"])
        elif what != "figures":
            raise ValueError(what)
        return {**link.figures, "open": len(link.connections)}

    async def open(self, name, order):
        link = self.links[name] = Link(name, order["to"])

        async def come_in(reader, writer):
            await Connection(link, self.random).run(reader, writer)

        link.server = await asyncio.start_server(come_in, *order["listen"])
        return {}

    async def replay(self, link, path):
        """Says again, to who listens, all that was once said to it; what it answers to that, in bytes."""
        with open(path, "rb") as file:
            said = file.read()
        reader, writer = await asyncio.wait_for(asyncio.open_connection(*link.to), 10)
        answered = 0
        try:
            writer.write(said)
            await writer.drain()
            while chunk := await asyncio.wait_for(reader.read(CHUNK), 3):
                answered += len(chunk)
        except (OSError, asyncio.TimeoutError):
            pass
        writer.transport.abort()
        link.figures["replayed"] += 1
        return {"said": len(said), "answered": answered}


async def serve(proxy):
    orders = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(orders), sys.stdin)
    while line := await orders.readline():
        try:
            answer = await proxy.do(json.loads(line))
        except (OSError, ValueError, KeyError) as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who started it says when it ends
    asyncio.run(serve(Proxy(int(sys.argv[1]) if len(sys.argv) > 1 else 1)))
