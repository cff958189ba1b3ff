# SPDX-License-Identifier: Apache-2.0
"""The golden vectors are what the typed tables say, and the schema says the same as they do."""

import os
import sys
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", Path(__file__).parents[2]))
sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests" / "generator")]

import feed_tables  # noqa: E402
import mdp_tables  # noqa: E402
import spec_tables  # noqa: E402
from schema_tools.check import check  # noqa: E402
from schema_tools.load import load  # noqa: E402


class Golden(unittest.TestCase):
    def test_the_stored_vectors_are_those_of_the_typed_tables(self):
        stored = (ROOT / "tests" / "golden" / "wire.txt").read_text().splitlines()
        self.assertEqual([line for line in stored if not line.startswith("#")],
                         [*spec_tables.golden_lines(), *feed_tables.golden_lines(),
                          *mdp_tables.golden_lines()])

    def test_the_schema_has_every_message_of_the_typed_tables_and_no_other(self):
        for table, direction, name in (("itch", "", "itch"), ("ouch_inbound", "inbound", "ouch"),
                                       ("ouch_outbound", "outbound", "ouch"),
                                       ("ouch42_inbound", "inbound", "ouch42"),
                                       ("ouch42_outbound", "outbound", "ouch42")):
            protocol = check(load(ROOT / "schema" / "messages" / f"{name}.toml"))
            made = {(one.type, one.size_with_options) for one in protocol.messages
                    if one.direction == direction}
            typed = {(kind, size) for kind, size, _ in spec_tables.PROTOCOLS[table]}
            self.assertEqual(made, typed)

    def test_the_schema_has_every_message_of_the_typed_feeds_and_no_other(self):
        for name, (messages, _) in feed_tables.FEEDS.items():
            protocol = check(load(ROOT / "schema" / "messages" / f"{name}.toml"))
            self.assertEqual({(one.type, one.size) for one in protocol.messages},
                             {(kind, size) for kind, size, _ in messages})

    def test_the_schema_has_the_templates_and_entries_of_cme(self):
        protocol = check(load(ROOT / "schema" / "messages" / "mdp3.toml"))
        self.assertEqual({(one.type, one.size) for one in protocol.messages if not one.part},
                         {(template, size) for template, size, _ in mdp_tables.MESSAGES})
        self.assertEqual([(one.name, [(field.name, field.at, field.size) for field in one.fields],
                           one.size) for one in protocol.messages if one.part],
                         [*mdp_tables.entry_layouts()])

    def test_the_schema_has_the_sizes_of_the_session_layers(self):
        soup = check(load(ROOT / "schema" / "messages" / "soupbintcp.toml"))
        self.assertEqual({one.name: one.size_with_options for one in soup.messages},
                         {"debug": 3, "login_accepted": 33, "login_rejected": 4,
                          "sequenced_data": 3, "unsequenced_data": 3, "server_heartbeat": 3,
                          "end_of_session": 3, "login_request": 54, "client_heartbeat": 3,
                          "logout_request": 3})
        mold = check(load(ROOT / "schema" / "messages" / "moldudp64.toml"))
        self.assertEqual({one.name: one.size for one in mold.messages},
                         {"header": 20, "block": 2, "request_packet": 20})
        for name, sizes in (("sequenced_unit", {"header": 8}),
                            ("iextp", {"header": 40, "block": 2}), ("mdp_packet", {"header": 12})):
            protocol = check(load(ROOT / "schema" / "messages" / f"{name}.toml"))
            self.assertEqual({one.name: one.size for one in protocol.messages}, sizes)


if __name__ == "__main__":
    unittest.main()
