"""What the contract in proto/ promises, as checks over its descriptor set. Each yields a sentence a fault."""

import re

from google.protobuf import descriptor_pb2 as pb

Field = pb.FieldDescriptorProto
TYPE_NAMES = {number: name[len("TYPE_"):].lower() for name, number in Field.Type.items()}

# Numbers whose names say that they measure something: the unit ends the name, or a comment gives it.
UNITS = {
    "amount balance cost debt expected fee money offset price": ("fen",),
    "rate share ratio": ("bp", "permille"),
    "time timeout uptime wait budget latency": ("ms", "us", "day"),
    "size memory": ("bytes", "mb", "gib"),
}
INTEGERS = {Field.TYPE_INT32, Field.TYPE_INT64, Field.TYPE_UINT32, Field.TYPE_UINT64, Field.TYPE_SINT32,
            Field.TYPE_SINT64, Field.TYPE_FIXED32, Field.TYPE_FIXED64, Field.TYPE_SFIXED32, Field.TYPE_SFIXED64}


class Message:
    def __init__(self, file, name, proto, path):
        self.file, self.name, self.proto, self.path = file, name, proto, path


def messages(descriptors):
    def inside(file, scope, protos, path):
        for index, proto in enumerate(protos):
            here = path + (index,)
            yield Message(file, f"{scope}.{proto.name}", proto, here)
            yield from inside(file, f"{scope}.{proto.name}", proto.nested_type, here + (3,))

    for file in descriptors.file:
        yield from inside(file, file.package, file.message_type, (4,))


def enums(descriptors):
    for file in descriptors.file:
        for enum in file.enum_type:
            yield f"{file.package}.{enum.name}", enum
    for message in messages(descriptors):
        for enum in message.proto.enum_type:
            yield f"{message.name}.{enum.name}", enum


def comments(file):
    """(path of a thing in its file) -> what stands before or behind it."""
    return {tuple(place.path): place.leading_comments + place.trailing_comments
            for place in file.source_code_info.location
            if place.leading_comments or place.trailing_comments}


def type_of(field):
    name = field.type_name.lstrip(".") or TYPE_NAMES[field.type]
    return f"repeated {name}" if field.label == Field.LABEL_REPEATED else name


# ---- Shape ----

def reaches_itself(descriptors):
    """protobuf-c sets no bound to nesting: a message that can hold itself can end a service."""
    holds = {message.name: {field.type_name.lstrip(".") for field in message.proto.field
                            if field.type in (Field.TYPE_MESSAGE, Field.TYPE_GROUP)}
             for message in messages(descriptors)}
    for name in holds:
        reached, new = set(), holds[name]
        while new:
            reached |= new
            new = set().union(*(holds.get(other, set()) for other in new)) - reached
        if name in reached:
            yield f"{name} can reach itself"


def plain(descriptors):
    for file in descriptors.file:
        if file.syntax != "proto3":
            yield f"{file.name} is not proto3"
    for message in messages(descriptors):
        if message.proto.options.map_entry:
            yield f"{message.name} is a map: use repeated rows"
        for field in message.proto.field:
            what = f"{message.name}.{field.name}"
            if field.type in (Field.TYPE_FLOAT, Field.TYPE_DOUBLE):
                yield f"{what} is a floating number: count in fen, permille or the like"
            if field.proto3_optional:
                yield f"{what} is optional, which protoc-c does not know: let zero mean that it is not given"
            if field.type == Field.TYPE_GROUP:
                yield f"{what} is a group"


def events(descriptors):
    """An event's type is its field in Event; two of one message could not be told apart by those who read it."""
    for message in messages(descriptors):
        if message.proto.name != "Event" or not message.file.service:
            continue
        seen = {}
        if [one.name for one in message.proto.oneof_decl] != ["body"]:
            yield f"{message.name} is not one oneof, body"
        for field in message.proto.field:
            if field.type != Field.TYPE_MESSAGE or not field.HasField("oneof_index"):
                yield f"{message.name}.{field.name} is no message of the oneof"
            if field.number > 127:
                yield f"{message.name}.{field.name} is number {field.number}: feeds count to 127"
            if field.type_name in seen:
                yield f"{message.name}: {seen[field.type_name]} and {field.name} are the same message"
            seen[field.type_name] = field.name


# ---- Words ----

def documented(descriptors):
    """An rpc says its purpose or its clause, itself or in its request. A message says what it is, itself or in a field,
    where it has more than three; the rpc or the event that carries it may say it in its place."""
    told = {message.name for message in messages(descriptors)
            for said in [comments(message.file)]
            if any(path in said for path in
                   [message.path] + [message.path + (2, i) for i in range(len(message.proto.field))])}
    for file in descriptors.file:
        said = comments(file)
        for number, service in enumerate(file.service):
            for index, rpc in enumerate(service.method):
                request, reply = rpc.input_type.lstrip("."), rpc.output_type.lstrip(".")
                if (6, number, 2, index) not in said and request not in told:
                    yield f"{file.name}: rpc {rpc.name} has no comment: what for, and by which clause?"
                told |= {request, reply}
    for message in messages(descriptors):
        if message.proto.name == "Event":
            told |= {field.type_name.lstrip(".") for field in message.proto.field}
    for message in messages(descriptors):
        if message.name not in told and len(message.proto.field) > 3:
            yield f"{message.name} has no comment, nor has any of its fields"


def units(descriptors):
    ends = {word: suffixes for words, suffixes in UNITS.items() for word in words.split()}
    for message in messages(descriptors):
        said = comments(message.file)
        for index, field in enumerate(message.proto.field):
            words = field.name.split("_")
            suffixes = [ends[word] for word in words if word in ends]
            if not suffixes or field.type not in INTEGERS or any(words[-1] in some for some in suffixes):
                continue
            if message.path in said or message.path + (2, index) in said:
                continue
            yield f"{message.name}.{field.name} has no unit: end it in _{suffixes[0][0]}, or say it in a comment"


# ---- The registry ----

def entries(descriptors):
    for message in messages(descriptors):
        for field in message.proto.field:
            yield message.name, field.number, field.name, type_of(field)
    for name, enum in enums(descriptors):
        for value in enum.value:
            yield name, value.number, value.name, "="


def reservations(descriptors):
    """name -> is this number reserved there?"""
    def taken(ranges, last):
        return lambda number: any(one.start <= number <= one.end - last for one in ranges)

    found = {message.name: taken(message.proto.reserved_range, 1) for message in messages(descriptors)}
    found.update({name: taken(enum.reserved_range, 0) for name, enum in enums(descriptors)})
    return found


def read_registry(text):
    """(message, number) -> (name, type); the messages that are gone."""
    known, gone = {}, set()
    for line in text.splitlines():
        words = line.split(maxsplit=3)
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "gone":
            gone.add(words[1])
            continue
        key = words[0], int(words[1])
        if key in known:
            raise ValueError(f"the registry has {key[0]} {key[1]} twice")
        known[key] = words[2], words[3]
    return known, gone


def registered(descriptors, text):
    """No number ever means two things: logs are kept for ever, and old clients live beside new services."""
    known, gone = read_registry(text)
    reserved = reservations(descriptors)
    there = {(name, number): (field, kind) for name, number, field, kind in entries(descriptors)}
    for key, said in there.items():
        what = f"{key[0]} {key[1]}"
        if key not in known:
            yield f"{what} {said[0]} is not in the registry: add it with --update"
        elif known[key] != said:
            yield f"{what} was {' '.join(known[key])} and is {' '.join(said)} now: take a number that was never used"
    for key, (field, _) in known.items():
        name, number = key
        if key in there or name in gone:
            continue
        if name not in reserved:
            yield f"{name} is in the registry and not in proto/: bring it back, or add the line `gone {name}`"
        elif not reserved[name](number):
            yield f"{name} {number} {field} was removed: write `reserved {number};` in its place"
    for name in gone & set(reserved):
        yield f"{name} is gone according to the registry: its numbers lie in old logs, take another name"


def missing_lines(descriptors, text):
    known, _ = read_registry(text)
    return [f"{name} {number} {field} {kind}" for name, number, field, kind in entries(descriptors)
            if (name, number) not in known]


# ---- What services say they do ----

def methods_listed(source):
    """The names in a methods table of C."""
    table = re.search(r"\b(?:(?:jn_)?own_)?methods\[\]\s*=\s*\{\n(.*?)\n\};", source, re.S)
    return set(re.findall(r"\{[^{}\"]*\"(\w+)\"", table.group(1))) if table else None


def dispatched(descriptors, read):
    """read(service) gives the text of the file with that service's methods table, or None."""
    for file in descriptors.file:
        for service in file.service:
            name = service.name.lower()
            source = read(name)
            listed = methods_listed(source) if source is not None else None
            promised = {rpc.name for rpc in service.method}
            if listed is None:
                yield f"{name} has no methods table"
                continue
            for rpc in sorted(promised - listed):
                yield f"{name}: rpc {rpc} is in proto/ and not in the methods table"
            for rpc in sorted(listed - promised):
                yield f"{name}: {rpc} is in the methods table and not in proto/"
