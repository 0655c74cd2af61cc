"""A CurveZMQ client by hand (RFC 26, over ZMTP 3.1), so that each byte of it can be wrong: what libzmq would never send.

libsodium, which libzmq itself is built on, does the boxes.
"""
import ctypes
import ctypes.util
import os
import socket
import struct

from zmq.utils import z85

SODIUM = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
assert SODIUM.sodium_init() >= 0
GREETING = b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"CURVE".ljust(20, b"\0") + bytes(32)
COMMAND, LARGE = 4, 2


def box(plain, nonce, public, secret):
    out = ctypes.create_string_buffer(len(plain) + 16)
    assert SODIUM.crypto_box_easy(out, plain, ctypes.c_ulonglong(len(plain)), nonce, public, secret) == 0
    return out.raw


def unbox(boxed, nonce, public, secret):
    out = ctypes.create_string_buffer(len(boxed) - 16)
    if SODIUM.crypto_box_open_easy(out, boxed, ctypes.c_ulonglong(len(boxed)), nonce, public, secret) != 0:
        raise ConnectionError("a box that does not open")
    return out.raw


def pair():
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(32)
    SODIUM.crypto_box_keypair(public, secret)
    return public.raw, secret.raw


def properties(**values):
    """ZMTP metadata; a name's underscores are hyphens."""
    return property_list([(name.replace("_", "-"), value) for name, value in values.items()])


def property_list(pairs):
    return b"".join(bytes([len(name)]) + name.encode() + struct.pack(">I", len(value)) + value for name, value in pairs)


DEALER = properties(Socket_Type=b"DEALER", Identity=b"")


def frame(body, flags=0):
    if len(body) > 255:
        return bytes([flags | LARGE]) + struct.pack(">Q", len(body)) + body
    return bytes([flags, len(body)]) + body


class Raw:
    """One TCP connection. Its steps may be left out, repeated or spoiled; connect() takes all of them."""

    def __init__(self, endpoint, server_key, keys, patience=10):
        host, port = endpoint.removeprefix("tcp://").split(":")
        self.socket = socket.create_connection((host, int(port)), timeout=patience)
        self.server = z85.decode(server_key)
        self.public, self.secret = z85.decode(keys.public), z85.decode(keys.secret)
        self.short_public, self.short_secret = pair()
        self.nonce = 0

    def close(self):
        self.socket.close()

    def next_nonce(self):
        self.nonce += 1
        return struct.pack(">Q", self.nonce)

    def send(self, data):
        self.socket.sendall(data)

    def exactly(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise ConnectionError("cut off")
            data += more
        return data

    def frame(self):
        flags = self.exactly(1)[0]
        length = struct.unpack(">Q", self.exactly(8))[0] if flags & LARGE else self.exactly(1)[0]
        return flags, self.exactly(length)

    # ---- The handshake ----

    def greet(self, greeting=GREETING):
        self.send(greeting)
        return self.exactly(64)

    def hello(self):
        nonce = self.next_nonce()
        signature = box(bytes(64), b"CurveZMQHELLO---" + nonce, self.server, self.short_secret)
        return frame(b"\x05HELLO\x01\x00" + bytes(72) + self.short_public + nonce + signature, COMMAND)

    def welcome(self):
        _, body = self.frame()
        if not body.startswith(b"\x07WELCOME"):
            raise ConnectionError(f"no welcome: {body[:20]!r}")
        plain = unbox(body[24:], b"WELCOME-" + body[8:24], self.server, self.short_secret)
        self.short_server, self.cookie = plain[:32], plain[32:]

    def vouch(self, public=None, secret=None):
        """By default one's own; another's public key may be claimed, with whatever secret there is."""
        nonce = os.urandom(16)
        text = self.short_public + self.server
        return (public or self.public) + nonce + box(text, b"VOUCH---" + nonce, self.short_server, secret or self.secret)

    def initiate(self, metadata=DEALER, vouch=None):
        nonce = self.next_nonce()
        boxed = box((vouch or self.vouch()) + metadata, b"CurveZMQINITIATE" + nonce, self.short_server, self.short_secret)
        return frame(b"\x08INITIATE" + self.cookie + nonce + boxed, COMMAND)

    def ready(self):
        _, body = self.frame()
        if not body.startswith(b"\x05READY"):
            raise ConnectionError(f"not ready: {body[:20]!r}")
        unbox(body[14:], b"CurveZMQREADY---" + body[6:14], self.short_server, self.short_secret)

    def connect(self, metadata=DEALER):
        self.greet()
        self.send(self.hello())
        self.welcome()
        self.send(self.initiate(metadata))
        self.ready()
        return self

    # ---- Messages ----

    def message(self, data, flags=0, nonce=None):
        nonce = nonce or self.next_nonce()
        return frame(b"\x07MESSAGE" + nonce + box(bytes([flags]) + data, b"CurveZMQMESSAGEC" + nonce, self.short_server, self.short_secret))

    def receive(self):
        """The next message's data; commands (heartbeats) are passed over."""
        while True:
            _, body = self.frame()
            plain = unbox(body[16:], b"CurveZMQMESSAGES" + body[8:16], self.short_server, self.short_secret)
            if not plain[0] & COMMAND and not plain[0] & LARGE:
                return plain[1:]

    def cut_off(self):
        """True where the other side has closed, within the patience."""
        try:
            while self.socket.recv(65536):
                pass
            return True
        except ConnectionError:
            return True
        except TimeoutError:
            return False
