# SPDX-License-Identifier: Apache-2.0
"""Bitstreams tried beside a trading appliance, with whole processes: a good one is used, a broken
one is taken back by itself and the feed goes on, and whoever dies in the middle is cleared up
behind. Covers control/card_trial.cpp, control/remote_trial.cpp, control/card_source.cpp and
control/card_side.cpp."""

import os
import re
import shutil
import tempfile
import unittest
from pathlib import Path

import card_street
from card_street import Bitstreams, Street

OK, DATAERR, UNAVAILABLE, PROTOCOL, CONFIG = 0, 65, 69, 76, 78


@unittest.skipUnless((card_street.DESIGNS / "broken_64.xclbin").exists(),
                     "there is no simulated card in this build: no XRT or no Verilator")
class CardTrial(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ridley-trial-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.bitstreams = Bitstreams(self.folder)

    def street(self, name: str = "street", bitstream: str = "none", more: str = "") -> Street:
        street = Street(self.folder / name, self.bitstreams.state, bitstream, more)
        self.addCleanup(street.close)
        street.open()
        return street

    def assert_uninterrupted(self, street: Street) -> None:
        """The software has heard everything, and the appliance trades on."""
        before = street.status()
        status = street.wait(lambda now: now["messages"] > before["messages"] + 1_000, "hear more")
        self.assertEqual(status["gaps"], 0)
        self.assertTrue(status["feed_live"])
        self.assertTrue(status["armed"])
        self.assertEqual(status["hot_allocations"], 0)

    def assert_rolled_back(self, street: Street, why: str) -> str:
        """What the history says of it."""
        done = street.activate(self.bitstreams)
        self.assertEqual(done.returncode, PROTOCOL, done.stdout + done.stderr)
        event, text = self.bitstreams.events()[-1]
        self.assertEqual(event, "rolled_back")
        self.assertRegex(text, why)
        self.assertNotIn("could not be put back", text)
        self.assert_uninterrupted(street)
        return text

    def test_a_good_one_is_used_and_the_one_before_comes_back(self):
        street = self.street()
        self.assertEqual(street.status()["card"]["state"], "none")
        self.bitstreams.stage(1)
        done = street.activate(self.bitstreams)
        self.assertEqual(done.returncode, OK, done.stdout + done.stderr)
        status = street.wait(lambda now: now["card"]["events_used"] > 1_000, "use the card")
        self.assertEqual(status["card"]["state"], "in_use")
        self.assertEqual(status["card"]["different"], 0)
        self.assertEqual(status["card"]["bitstream"], self.bitstreams.slots()["active"])
        self.assertEqual([event for event, _ in self.bitstreams.events()],
                         ["staged", "load", "golden", "shadow", "use", "active"])
        first = self.bitstreams.slots()["active"]

        self.bitstreams.stage(2)
        done = street.activate(self.bitstreams)
        self.assertEqual(done.returncode, OK, done.stdout + done.stderr)
        self.assertNotEqual(street.card_is("in_use")["card"]["bitstream"], first)
        self.bitstreams.ridley("rollback", "--config", str(street.config), *self.bitstreams.known)
        self.assertEqual(street.card_is("in_use")["card"]["bitstream"], first)
        self.assert_uninterrupted(street)

    def test_a_broken_one_is_taken_back_and_the_one_before_is_used_again(self):
        street = self.street()
        self.bitstreams.stage(1)
        self.assertEqual(street.activate(self.bitstreams).returncode, OK)
        good = street.card_is("in_use")["card"]["bitstream"]

        self.bitstreams.stage(2, design="broken_64")
        self.assert_rolled_back(street, r"golden: \d+ differences in \d+ golden vectors; record ")
        self.assertEqual(street.card_is("in_use")["card"]["bitstream"], good)

        few = card_street.few_golden_vectors()
        self.bitstreams.stage(3, design="broken_64", golden=few)
        said = self.assert_rolled_back(street, r"shadow: \d+ differences in \d+ messages; message ")
        # The first event that differs, and in what: its price's bytes are the wrong way round.
        found = re.search(r"message \d+, \w+ of \S+: price_e4 is (\d+) in the software, "
                          r"(\d+) on the card$", said)
        self.assertIsNotNone(found, said)
        self.assertEqual(int(found[1]).to_bytes(4, "little"), int(found[2]).to_bytes(4, "big"))
        self.assertIn(found[0], street.words_of_appliance())
        self.assertEqual(street.card_is("in_use")["card"]["bitstream"], good)

        # What the registers say is not what the xclbin and its manifest say.
        self.bitstreams.stage(4, facts={"rtl_commit": "1" * 40})
        self.assert_rolled_back(
            street, r"load: card: its rtl commit is 0x[0-9a-f]{16}, the manifest says 0x1{16}$")
        self.assertEqual(street.card_is("in_use")["card"]["bitstream"], good)
        self.assertEqual(self.bitstreams.slots()["active"], good)

    def test_who_tries_one_dies_and_the_appliance_takes_it_back(self):
        street = self.street()
        self.bitstreams.stage(1)
        trying = street.begin_to_activate(self.bitstreams, "shadow")
        trying.kill()
        trying.wait()
        street.card_is("none")
        self.assertIn("nobody goes on with the trial", street.words_of_appliance())
        # The next one settles what is written, and may try again.
        self.bitstreams.stage(2)
        self.assertIn(("rolled_back", "a process died in step shadow"), self.bitstreams.events())
        self.assertEqual(street.activate(self.bitstreams).returncode, OK)
        street.card_is("in_use")
        self.assert_uninterrupted(street)

    @unittest.skipUnless(os.environ.get("RIDLEY_NIGHTLY"), "runs every night: RIDLEY_NIGHTLY=1")
    def test_the_appliance_dies_in_the_middle(self):
        street = self.street()
        self.bitstreams.stage(1)
        self.assertEqual(street.activate(self.bitstreams).returncode, OK)
        active = self.bitstreams.slots()["active"]
        self.bitstreams.stage(2)
        trying = street.begin_to_activate(self.bitstreams, "shadow")
        street.kill(street.appliance)
        self.assertEqual(card_street.wait_for_end(trying), PROTOCOL)
        self.assertEqual(self.bitstreams.slots()["active"], active)
        street.close()

        # Both die: what is written is settled at the next start.
        street = self.street("second", "active")
        self.assertEqual(street.card_is("in_use")["card"]["bitstream"], active)
        self.bitstreams.stage(3)
        trying = street.begin_to_activate(self.bitstreams, "shadow")
        trying.kill()
        trying.wait()
        street.kill(street.appliance)
        street.close()
        street = self.street("third", "active")
        self.assertEqual(street.card_is("in_use")["card"]["bitstream"], active)
        self.assertEqual(self.bitstreams.events()[-1],
                         ("rolled_back", "a process died in step shadow"))

    def test_without_an_appliance_or_an_active_one_nothing_changes(self):
        self.bitstreams.stage(1)
        before = self.bitstreams.events()
        done = self.bitstreams.ridley(
            "activate", "--socket", str(self.folder / "nobody"), *self.bitstreams.known,
            code=UNAVAILABLE)
        self.assertIn("nothing was changed", done.stderr)
        refused = card_street.refusal(self.folder, self.bitstreams.state)
        self.assertEqual(refused.code, CONFIG, refused.said)
        self.assertIn("card.bitstream: none is active in", refused.said)
        self.assertEqual(self.bitstreams.events(), before)

    def test_of_other_tables_is_refused_before_any_card_sees_it(self):
        for version, name in enumerate(("map", "catalogue"), 1):
            base = self.bitstreams.make(version, **{f"{name}_hash": "0x" + "5" * 16})
            done = self.bitstreams.ridley("stage", str(base), *self.bitstreams.known, code=DATAERR)
            self.assertIn(f"{name}: is 0x5555555555555555, which this host does not know",
                          done.stderr)


if __name__ == "__main__":
    unittest.main()
