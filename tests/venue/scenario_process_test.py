# SPDX-License-Identifier: Apache-2.0
"""ridley-venue with a scenario, from the outside: a crash over real connections, and the same
digests twice."""

import json
import struct
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ouch_client import PATIENCE_S, Client, Venue, enter  # noqa: E402
from venue_process_test import run  # noqa: E402

CRASH = """
name = "crash"
shows = "An exchange that is gone for a second."
[[event]]
at = 1.5
for = 1
what = "crash"
"""


def connected_again(venue, sequence):
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            return Client(venue, sequence=sequence)
        except (ConnectionError, OSError):
            time.sleep(0.02)
    raise RuntimeError("the exchange did not come back")


class Scenarios(unittest.TestCase):
    def test_a_crash_breaks_connections_and_cancels_what_was_open(self):
        with tempfile.TemporaryDirectory(prefix="ridley-venue-") as folder:
            path = Path(folder) / "crash.toml"
            path.write_text(CRASH)
            with Venue("--scenario", path, "--rate", "0", "--instruments", "1", "--seconds", "600",
                       "--glimpse-port", "0") as venue:
                client = Client(venue)
                number, state = 0, b"J"
                while state == b"J":  # the book opens by and by
                    number += 1
                    client.send(enter(number, b"B", 100, "RAAA", 10_000))
                    state = client.reply()[:1]
                self.assertEqual(state, b"A")
                # Broken off: the end of the bytes, and no end of the session.
                self.assertEqual(client.packet()[0], b"")
                again = connected_again(venue, client.next_sequence)
                self.assertEqual(again.login, b"A")
                self.assertEqual(again.session, client.session)
                canceled = again.reply_of(b"C")
                self.assertEqual(struct.unpack_from(">II", canceled, 9), (number, 100))
                self.assertEqual(canceled[17:18], b"S")
                summary = venue.end()
                self.assertEqual(summary["scenario"]["crashes"], 1)
                self.assertEqual(summary["orders_open"], 0)

    def test_the_same_file_and_seed_give_the_same_digests(self):
        source = Path(__file__).resolve().parents[2] / "scenarios" / "damaged_packets.toml"
        def digests(*more):
            result = run("--scenario", source, "--seconds", "1", "--json", *more)
            self.assertEqual(result.returncode, 0, result.stderr)
            summary = json.loads(result.stdout)
            return summary["published_digest"], *(
                line["digest"] for line in summary["scenario"]["lines"])
        first = digests()
        self.assertEqual(len(first), 3)
        self.assertEqual(first, digests())
        self.assertNotEqual(first, digests("--seed", "99"))

    def test_a_scenario_that_is_wrong_is_refused_with_its_line(self):
        with tempfile.TemporaryDirectory(prefix="ridley-venue-") as folder:
            path = Path(folder) / "wrong.toml"
            path.write_text('name = "wrong"\n[[event]]\nat = 1\nwhat = "lost"\n')
            result = run("--scenario", path)
            self.assertEqual(result.returncode, 78)
            self.assertIn("wrong.toml:4", result.stderr)
            self.assertIn("unknown event 'lost'", result.stderr)
