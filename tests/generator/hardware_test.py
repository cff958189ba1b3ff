# SPDX-License-Identifier: Apache-2.0
"""What the hardware is told of messages and records is what the software is told: the packages
against the C++ headers that were made beside them."""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", Path(__file__).parents[2]))
BUILD = Path(os.environ["RIDLEY_BUILD_FOLDER"])
CONSTANT = re.compile(r"localparam (?:int unsigned|logic \[(?:7|15):0\]) (\w+) = (\d+'h)?(\w+);")

RPII = """[[event]]
message = "rpii"
kind = "retail_interest"
[event.fields]
symbol = "stock"
interest = "interest_flag"
"""


def made(back_end, table):
    return subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "generate.py"), back_end,
         str(ROOT / "schema" / table)], capture_output=True, text=True, check=True).stdout


def package(name):
    return {found[1]: int(found[3], 16 if found[2] else 10)
            for found in CONSTANT.finditer(made("sv-messages", f"messages/{name}.toml"))}


def constants_of(header):
    """Of every view: its type, its size, and where its fields are."""
    view = ""
    constants = {}
    for line in (BUILD / "src" / header).read_text("utf-8").splitlines():
        if found := re.match(r"(?:class|struct) (\w+) ", line):
            view = found[1]
        if found := re.search(r"kType = '(.)';", line):
            constants.setdefault(f"{view}Type", ord(found[1]))
        if found := re.search(r"constexpr std::size_t k(\w+At|Size) = (\d+);", line):
            name = found[1] if found[1] != "Size" else "Bytes"
            constants.setdefault(f"{view}{name}", int(found[2]))
    return constants


class Decoder(unittest.TestCase):
    """hw/tb/itch_event_test.cpp is what says that it decodes."""

    def made_from(self, change):
        text = (ROOT / "schema" / "itch_events.toml").read_text("utf-8")
        old, new = change
        self.assertIn(old, text)
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "itch_events.toml"
            file.write_text(text.replace(old, new, 1), encoding="utf-8")
            return subprocess.run(
                [sys.executable, str(ROOT / "scripts" / "generate.py"), "itch-decoder", str(file)],
                capture_output=True, text=True, check=False)

    def test_a_table_that_does_not_fit_the_messages_is_refused(self):
        for change, reason in (
                (('message = "noii"', 'message = "noisy"'), "is not in the schema"),
                (('kind = "imbalance"', 'kind = "balance"'), "is not in the schema"),
                (('kind = "auction_collar"', 'kind = "none"'), "of kind 'none' has no body"),
                (('quantity = "shares"', 'quantity = "share"'), "has no field 'share'"),
                (('quantity = "shares"', 'quantum = "shares"'), "has no field 'quantum'"),
                (('kind = "retail_interest"', 'kind = "retail_interest"\nbody = "retail"'),
                 "unknown key 'body'"),
                (('message = "rpii"', 'message = "noii"'), "twice"),
                ((RPII, ""), "nothing is said of 'rpii'")):
            with self.subTest(reason):
                done = self.made_from(change)
                self.assertEqual(done.returncode, 65, done.stderr)
                self.assertIn(reason, done.stderr)


class Types(unittest.TestCase):
    def test_known_are_those_that_the_software_knows(self):
        known = re.findall(r"8'h(\w\w)", made("itch-types", "itch_events.toml"))
        types = [value for name, value in constants_of("wire/itch.hpp").items()
                 if name.endswith("Type")]
        self.assertEqual(len(types), 23)
        self.assertEqual(sorted(int(letter, 16) for letter in known), sorted(types))

    def test_the_shortest_message_is_the_softwares(self):
        sizes = [value for name, value in constants_of("wire/itch.hpp").items()
                 if name.endswith("Bytes")]
        self.assertEqual(package("itch")["MessageBytesMin"], min(sizes))


class Packages(unittest.TestCase):
    def test_messages_are_where_the_software_reads_them(self):
        for name in ("itch", "moldudp64"):
            header = constants_of(f"wire/{'mold' if name == 'moldudp64' else name}.hpp")
            told = package(name)
            self.assertGreater(len(header), 5)
            for constant, value in header.items():
                if "Writer" in constant:
                    continue
                with self.subTest(constant):
                    self.assertEqual(told.get(constant), value)

    def test_counts_that_mean_something_else_are_told(self):
        told = package("moldudp64")
        self.assertEqual(told["MessageCountHeartbeat"], 0)
        self.assertEqual(told["MessageCountEndOfSession"], 0xFFFF)

    def test_records_are_where_the_software_has_them(self):
        told = package("event")
        text = (BUILD / "src" / "event" / "records.hpp").read_text("utf-8")
        begin = text.index("struct MarketEvent {")
        record = text[begin:text.index("\n};", begin)]
        self.assertEqual(told["MarketEventBytes"], 64)
        for member in ("kind", "side", "locate", "exchange_ns", "sequence"):
            at = re.search(rf"^  \w[\w:]* {member}\b.*;  // @(\d+)", record, re.M)[1]
            name = "".join(part.capitalize() for part in member.split("_"))
            self.assertEqual(told[f"MarketEvent{name}At"], int(at), member)
        for kind in ("AddOrder", "DeleteOrder", "PriceDiscovery"):
            self.assertIn(f"{kind} = {told[f'EventKind{kind}']},", text)
        self.assertEqual(chr(told["SideSell"]), "S")


if __name__ == "__main__":
    unittest.main()
