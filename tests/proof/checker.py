"""A second opinion on signed heads, proofs and extensions, written from proto/jineng/v1/proof.proto and envelope.proto alone: no code
of the suite, no protobuf library, no cryptography but hashlib's SM3. SM2 is GB/T 32918.2 over the curve of GB/T 32918.5.

    /usr/bin/python3 tests/proof/checker.py PROOF HEAD KEY [CLAIM]
"""
import hashlib
import sys

U64 = 2**64


class Misfit(Exception):
    """What does not fit."""


def need(condition, what):
    if not condition:
        raise Misfit(what)


def sm3(*parts):
    return hashlib.new("sm3", b"".join(parts)).digest()


# ---- SM2 ----

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFC
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
     0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0)
USER = b"1234567812345678"


def plus(p, q):
    """None is the point at infinity."""
    if p is None or q is None:
        return p or q
    if p[0] == q[0]:
        if (p[1] + q[1]) % P == 0:
            return None
        slope = (3 * p[0] * p[0] + A) * pow(2 * p[1], -1, P)
    else:
        slope = (q[1] - p[1]) * pow(q[0] - p[0], -1, P)
    x = (slope * slope - p[0] - q[0]) % P
    return x, (slope * (p[0] - x) - p[1]) % P


def times(k, point):
    out = None
    while k:
        if k & 1:
            out = plus(out, point)
        point = plus(point, point)
        k >>= 1
    return out


def number(value):
    return value.to_bytes(32, "big")


def sm2_holds(key, message, signature):
    """GB/T 32918.2, 7.1, with the digest Z of 5.5."""
    x, y = key
    if x >= P or y >= P or (y * y - x * x * x - A * x - B) % P:
        return False
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    t = (r + s) % N
    if not (1 <= r < N and 1 <= s < N and t):
        return False
    z = sm3((len(USER) * 8).to_bytes(2, "big"), USER, *map(number, (A, B, *G, x, y)))
    e = int.from_bytes(sm3(z, message), "big")
    point = plus(times(s, G), times(t, key))
    return point is not None and (e + point[0]) % N == r


# ---- Messages, in the one form that they may have ----

def varint(data, at):
    value = shift = 0
    while True:
        need(at < len(data) and shift < 70, "it ends in the middle")
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at += 1
        shift += 7
        if byte < 0x80:
            need(value < U64 and (byte or shift == 7), "a number is longer than it need be")
            return value, at


def message(data, fields, strict=True):
    """fields: {number: (name, kind)}; kind is int, bytes, str or [bytes]. Strict: nothing else, in their order, none at its default."""
    out = {name: [] if isinstance(kind, list) else kind() for name, kind in fields.values()}
    at, last = 0, 0
    while at < len(data):
        tag, at = varint(data, at)
        place, wire = tag >> 3, tag & 7
        need(wire in (0, 2), "it holds what no message here holds")
        value, at = varint(data, at)
        if wire == 2:
            need(value <= len(data) - at, "it ends in the middle")
            value, at = data[at:at + value], at + value
        name, kind = fields.get(place, (None, None))
        if name is None:
            need(not strict, f"field {place} is none of it")
            continue
        repeated = isinstance(kind, list)
        need((wire == 0) == (kind is int), f"{name} is of another kind")
        need(not strict or place > last or (repeated and place == last), f"{name} is out of order")
        need(not strict or value or repeated, f"{name} is at its default")
        last = place
        if repeated:
            out[name].append(value)
        else:
            out[name] = value.decode("utf-8", "strict") if kind is str else value
    return out


HEAD = {1: ("service", str), 2: ("log", bytes), 3: ("block", int), 4: ("hash", bytes), 5: ("time_ms", int), 6: ("history", bytes)}
SIGNED_HEAD = {1: ("head", bytes), 2: ("signature", bytes)}
PROOF = {1: ("service", str), 2: ("head", int), 3: ("header", bytes), 4: ("index", int), 5: ("salt", bytes), 6: ("record", bytes),
         7: ("path", [bytes]), 8: ("history", [bytes])}
EXTENSION = {1: ("service", str), 2: ("from", int), 3: ("to", int), 4: ("path", [bytes])}
HEADER = {1: ("number", int), 2: ("log", bytes), 3: ("previous", bytes), 4: ("time_ms", int), 5: ("events", int), 6: ("events_root", bytes),
          7: ("private_hash", bytes)}
RECORD = {1: ("time_ms", int), 2: ("event", bytes)}
PAID = {1: ("batch", int), 2: ("settlement", int), 3: ("class", int), 4: ("division", int), 5: ("day", int), 6: ("rows", [bytes])}
PAID_ROW = {1: ("claim", int), 2: ("amount_fen", int), 3: ("fund", int), 4: ("item", int)}
PAID_IN_EVENT = 5


def file_message(data, line, fields):
    need(data.startswith(line), f"it does not begin with {line}")
    try:
        return message(data[len(line):], fields)
    except UnicodeDecodeError as error:
        raise Misfit("text is no UTF-8") from error


# ---- Trees: RFC 9162, 2.1.3.2 and 2.1.4.2 ----

def root_of(prefix, leaf, index, count, path):
    need(index < count, "there is no such place")
    here, last, root = index, count - 1, leaf
    for sibling in path:
        need(last > 0, "the path is too long")
        if here & 1 or here == last:
            root = sm3(prefix, sibling, root)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            root = sm3(prefix, root, sibling)
        here, last = here >> 1, last >> 1
    need(last == 0, "the path is too short")
    return root


def extends(prefix, old_size, old_root, new_size, new_root, path):
    need(1 <= old_size <= new_size, "the heads are in the wrong order")
    if old_size == new_size:
        need(not path and old_root == new_root, "one size, two roots")
        return
    path = list(path)
    if old_size & (old_size - 1) == 0:
        path.insert(0, old_root)
    need(path, "the path is too short")
    here, last = old_size - 1, new_size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    old = new = path[0]
    for sibling in path[1:]:
        need(last > 0, "the path is too long")
        if here & 1 or here == last:
            old, new = sm3(prefix, sibling, old), sm3(prefix, sibling, new)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            new = sm3(prefix, new, sibling)
        here, last = here >> 1, last >> 1
    need(last == 0 and old == old_root and new == new_root, "the later log does not begin with the earlier one")


# ---- Files ----

def check_key(data):
    need(len(data) == 129 and data[128:] == b"\n" and set(data[:128]) <= set(b"0123456789abcdef"), "it is no public key's file")
    return int(data[:64], 16), int(data[64:128], 16)


def check_head(data, key):
    """key: as check_key gives it."""
    signed = file_message(data, b"jineng head 1\n", SIGNED_HEAD)
    try:
        head = message(signed["head"], HEAD)
    except UnicodeDecodeError as error:
        raise Misfit("text is no UTF-8") from error
    need(len(head["log"]) == 16 and len(head["hash"]) == len(head["history"]) == 32 and head["block"], "the head is not well-formed")
    need(len(signed["signature"]) == 64 and sm2_holds(key, b"jineng head 1\n" + signed["head"], signed["signature"]),
         "the signature does not hold")
    return head


def check_proof(data, head):
    """What is proven under a head that was checked: the block's header and the record."""
    proof = file_message(data, b"jineng proof 1\n", PROOF)
    header, record = message(proof["header"], HEADER, strict=False), message(proof["record"], RECORD, strict=False)
    need(proof["service"] == head["service"] and proof["head"] == head["block"] and header["log"] == head["log"], "it is another head's")
    need(len(proof["salt"]) == 16 and {len(one) for one in proof["path"] + proof["history"]} <= {32}, "a length does not fit")
    leaf = sm3(b"\0", proof["salt"], proof["record"])
    need(root_of(b"\1", leaf, proof["index"], header["events"], proof["path"]) == header["events_root"], "the record is not in its block")
    block = sm3(b"\2", proof["header"])
    need(header["number"] >= 1, "blocks count from 1")
    need(root_of(b"\5", block, header["number"] - 1, head["block"], proof["history"]) == head["history"], "the block is not in the log")
    return header, record


def check_extension(data, old, new):
    extension = file_message(data, b"jineng extension 1\n", EXTENSION)
    need(old["service"] == new["service"] == extension["service"] and old["log"] == new["log"], "the heads are of two logs")
    need((extension["from"], extension["to"]) == (old["block"], new["block"]), "it is between other heads")
    need({len(one) for one in extension["path"]} <= {32}, "a length does not fit")
    extends(b"\5", old["block"], old["history"], new["block"], new["history"], extension["path"])


def paid_rows(record):
    """(claim, amount_fen, fund, item) of each row where the record is a payment."""
    tag, at = varint(record["event"], 0)
    need(tag == PAID_IN_EVENT << 3 | 2, "the record is no payment")
    length, at = varint(record["event"], at)
    paid = message(record["event"][at:at + length], PAID, strict=False)
    rows = [message(row, PAID_ROW, strict=False) for row in paid["rows"]]
    return [(row["claim"], row["amount_fen"], row["fund"], row["item"]) for row in rows]


def main(proof, head, key, claim=None):
    files = []
    for name in (proof, head, key):
        with open(name, "rb") as file:
            files.append(file.read())
    header, record = check_proof(files[0], check_head(files[1], check_key(files[2])))
    print(f"block {header['number']} at {record['time_ms']} ms")
    for row in paid_rows(record) if claim else []:
        if row[0] == int(claim):
            print("claim %d: %d fen, fund %d, item %d" % row)
            return
    need(not claim, f"claim {claim} is not in it")


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except Misfit as misfit:
        sys.exit(f"NOT PROVEN: {misfit}")
