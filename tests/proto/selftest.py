#!/usr/bin/python3
"""Shows that every check of the contract bites: a bad sample each, compiled by protoc, and a good one that passes."""

import pathlib
import subprocess
import tempfile
import unittest

import contract
from google.protobuf import descriptor_pb2

GOOD = """
syntax = "proto3";
package shop;
service Shop {
  rpc Sell(shop.Sell) returns (shop.Sold); // 1.1
}
message Sell { int64 amount_fen = 1; }
message Sold { uint64 number = 1; }
message Event { oneof body { Sold sold = 1; } }
"""
REGISTRY = """# message number name type
shop.Sell 1 amount_fen int64
shop.Sold 1 number uint64
shop.Event 1 sold shop.Sold
"""


def compiled(text):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "shop.proto").write_text(text, encoding="utf-8")
        subprocess.run(["protoc", "-I", folder, "--include_source_info", f"--descriptor_set_out={folder}/out",
                        f"{folder}/shop.proto"], check=True)
        return descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(folder, "out").read_bytes())


def with_message(text):
    return compiled(GOOD + text)


class Contract(unittest.TestCase):
    def bites(self, findings, *words):
        findings = list(findings)
        self.assertEqual(len(findings), 1, findings)
        for word in words:
            self.assertIn(word, findings[0])

    def passes(self, findings):
        self.assertEqual(list(findings), [])

    def test_a_good_contract_passes(self):
        good = compiled(GOOD)
        for check in (contract.reaches_itself, contract.plain, contract.events, contract.documented, contract.units):
            self.passes(check(good))
        self.passes(contract.registered(good, REGISTRY))
        self.passes(contract.dispatched(good, lambda _: 'methods[] = {\n    {"Sell", sell},\n};'))

    def test_a_message_in_itself(self):
        self.bites(contract.reaches_itself(with_message("message Tree { repeated Tree twigs = 1; }")), "shop.Tree")

    def test_a_message_in_itself_by_a_detour(self):
        found = list(contract.reaches_itself(with_message("message A { B b = 1; }\nmessage B { repeated A a = 1; }")))
        self.assertEqual(len(found), 2)

    def test_kinds_of_field_that_are_not_used(self):
        for text in ("float share = 1;", "double share = 1;", "optional int32 share = 1;"):
            self.bites(contract.plain(with_message(f"message Bad {{ {text} }}")), "shop.Bad.share")
        self.bites(contract.plain(with_message("message Bad { map<int32, int32> shares = 1; }")), "is a map")

    def test_two_events_of_one_message(self):
        text = GOOD.replace("Sold sold = 1;", "Sold sold = 1; Sold resold = 2;")
        self.bites(contract.events(compiled(text)), "sold and resold")

    def test_an_event_beside_the_oneof(self):
        text = GOOD.replace("{ oneof body { Sold sold = 1; } }", "{ oneof body { Sold sold = 1; } Sell sell = 2; }")
        self.bites(contract.events(compiled(text)), "Event.sell")

    def test_an_rpc_without_a_word(self):
        self.bites(contract.documented(compiled(GOOD.replace("// 1.1", ""))), "rpc Sell")

    def test_a_message_without_a_word(self):
        text = "message Shelf { int32 a = 1; int32 b = 2; int32 c = 3; int32 d = 4; }"
        self.bites(contract.documented(with_message(text)), "shop.Shelf")
        self.passes(contract.documented(with_message("// What is on it.\n" + text)))

    def test_a_number_without_its_unit(self):
        for name in ("amount", "wait", "rate"):
            self.bites(contract.units(with_message(f"message Bad {{ int64 {name} = 1; }}")), name)
            self.passes(contract.units(with_message(f"message Good {{ int64 {name} = 1; // in dozens\n }}")))

    def test_a_new_field_goes_into_the_registry(self):
        wider = compiled(GOOD.replace("number = 1;", "number = 1; string note = 2;"))
        self.bites(contract.registered(wider, REGISTRY), "shop.Sold 2 note", "--update")
        added = contract.missing_lines(wider, REGISTRY)
        self.assertEqual(added, ["shop.Sold 2 note string"])
        self.passes(contract.registered(wider, REGISTRY + added[0]))

    def test_a_number_used_for_something_else(self):
        for text in ("int64 price_fen = 1;", "int32 amount_fen = 1;", "repeated int64 amount_fen = 1;"):
            self.bites(contract.registered(compiled(GOOD.replace("int64 amount_fen = 1;", text)), REGISTRY),
                       "shop.Sell 1 was amount_fen int64")

    def test_a_field_that_was_removed(self):
        self.bites(contract.registered(compiled(GOOD.replace("int64 amount_fen = 1;", "")), REGISTRY), "reserved 1;")
        self.passes(contract.registered(compiled(GOOD.replace("int64 amount_fen = 1;", "reserved 1;")), REGISTRY))

    def test_a_message_that_was_removed(self):
        registry = REGISTRY + "shop.Lent 1 number uint64\n"
        self.bites(contract.registered(compiled(GOOD), registry), "shop.Lent")
        self.passes(contract.registered(compiled(GOOD), registry + "gone shop.Lent\n"))
        self.bites(contract.registered(with_message("message Lent { uint64 number = 1; }"),
                                       registry + "gone shop.Lent\n"), "take another name")

    def test_an_enum_value_that_changed(self):
        registry = REGISTRY + "shop.Size 0 NO_SIZE =\nshop.Size 1 SMALL =\n"
        self.bites(contract.registered(with_message("enum Size { NO_SIZE = 0; TINY = 1; }"), registry), "SMALL")
        self.bites(contract.registered(with_message("enum Size { NO_SIZE = 0; }"), registry), "reserved 1;")
        self.passes(contract.registered(with_message("enum Size { NO_SIZE = 0; reserved 1; }"), registry))

    def test_a_registry_that_says_it_twice(self):
        with self.assertRaises(ValueError):
            list(contract.registered(compiled(GOOD), REGISTRY + "shop.Sell 1 price_fen int64\n"))

    def test_a_method_that_only_one_side_knows(self):
        self.bites(contract.dispatched(compiled(GOOD), lambda _: "methods[] = {\n};\n\n};"), "rpc Sell")
        self.bites(contract.dispatched(compiled(GOOD), lambda _: 'methods[] = {\n {"Sell"},\n {"Lend"},\n};'), "Lend")
        self.bites(contract.dispatched(compiled(GOOD), lambda _: None), "no methods table")


if __name__ == "__main__":
    unittest.main()
