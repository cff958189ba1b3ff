# SPDX-License-Identifier: Apache-2.0
"""A session in which a simulated card decodes the feed too: the venue, the card and the appliance
as processes. The card is used, hangs, is pulled out and comes back, and the appliance trades on.
Covers card/xrt_module.cpp, control/card_side.cpp and scripts/session/card.py."""

import json
import os
import shutil
import signal
import sys
import tempfile
import time
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

import main_job  # noqa: E402
from session.card import SimulatedCard  # noqa: E402
from session.child import SessionFailed  # noqa: E402

BUILD = Path(os.environ["RIDLEY_BUILD_FOLDER"])
# Several processes on few cores, and a build or other tests beside them.
PATIENCE_SECONDS = 60


def set_up() -> bool:
    folder = BUILD / "drivers" / "xrt_sim"
    return (folder / "card_64.xclbin").exists() and (folder / "ridley-card-sim").exists()


@unittest.skipUnless(set_up(), "there is no simulated card in this build")
class CardSession(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ridley-card-"))
        self.addCleanup(shutil.rmtree, self.folder)
        argv, sys.argv = sys.argv, [
            "run", "--programs", str(BUILD / "src" / "app"), "--card", "sim", "--seconds", "60",
            "--seed", "3", "--rate", "4000", "--run-folder", str(self.folder / "run"),
            "--report-folder", str(self.folder / "report")]
        self.addCleanup(setattr, sys, "argv", argv)
        self.options = main_job.arguments()
        self.run_folder = main_job.RunFolder(self.options.run_folder)
        self.addCleanup(self.run_folder.close)
        programs = main_job.products.found_in(self.options.programs)
        self.session = main_job.Session(self.options, programs, self.run_folder)
        self.addCleanup(self.session.close)

    def child(self, name: str):
        return next(child for child in reversed(self.session.children) if child.name == name)

    def begin(self) -> None:
        self.venue = self.session.start_venue()
        self.session.start_card()
        self.appliance = self.session.start_appliance()
        self.session.operator.command("arm")

    def card(self) -> dict:
        return self.session.operator.status().get("card") or {}

    def wait_for(self, what: str, condition) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not condition():
            self.venue.check()
            self.appliance.check()
            self.assertLess(time.monotonic(), deadline, f"{what}: {self.session.operator.status()}")
            time.sleep(0.02)

    def reopened(self) -> bool:
        """The socket of the one that was killed is there before the new one listens."""
        try:
            self.session.operator.command("reopen-card")
        except SessionFailed:
            return False
        return True

    def orders(self) -> int:
        return self.session.operator.status().get("orders_sent") or 0

    def trades_on(self) -> None:
        before = self.orders()
        self.wait_for("orders", lambda: self.orders() > before + 5)
        self.assertTrue(self.session.operator.status()["armed"])

    def end(self) -> dict:
        self.session.finish(self.venue, self.appliance)
        return json.loads((self.run_folder.path / "telemetry" / "summary.json").read_text())

    def test_a_card_that_hangs_is_left_and_taken_back_after_it_was_reopened(self):
        self.begin()
        self.wait_for("a card in use", lambda: self.card().get("state") == "in_use")
        self.trades_on()
        simulated = self.child("ridley-card-sim").process
        simulated.send_signal(signal.SIGSTOP)
        self.wait_for("a card refused", lambda: self.card().get("state") == "refused")
        self.assertEqual(self.card()["fault"], "hung")
        self.trades_on()
        simulated.send_signal(signal.SIGCONT)
        self.session.operator.command("reopen-card")
        self.wait_for("a card in use again", lambda: self.card().get("state") == "in_use")
        self.trades_on()
        summary = self.end()
        self.assertEqual(summary["card"]["different"], 0)
        self.assertEqual(summary["gaps"], 0)
        self.assertEqual(summary["hot_allocations"], 0)

    def test_a_card_that_is_pulled_out_is_left_and_another_one_taken(self):
        self.begin()
        self.wait_for("a card in use", lambda: self.card().get("state") == "in_use")
        gone = self.child("ridley-card-sim")
        gone.kill()
        self.wait_for("a card refused", lambda: self.card().get("state") == "refused")
        self.trades_on()
        with self.assertRaisesRegex(SessionFailed, "reopen-card ended with exit code 69"):
            self.session.operator.command("reopen-card")
        self.trades_on()
        self.session.start_card()
        self.wait_for("the new card", self.reopened)
        self.wait_for("a card in use again", lambda: self.card().get("state") == "in_use")
        summary = self.end()
        self.assertEqual(summary["card"]["different"], 0)
        self.assertEqual(summary["gaps"], 0)

    def test_another_design_never_drives(self):
        other = BUILD / "drivers" / "xrt_sim" / "test_card_64.xclbin"
        if not other.exists():
            self.skipTest("there is no test card in this build")
        card = self.session.card
        self.session.card = Other(card.folder, card.sockets, other)
        self.begin()
        self.wait_for("records", lambda: self.card().get("records", 0) > 500)
        self.assertNotEqual(self.card()["state"], "in_use")
        self.trades_on()
        self.assertEqual(self.end()["card"]["events_used"], 0)

    def test_without_a_card_nothing_starts(self):
        self.venue = self.session.start_venue()
        with self.assertRaisesRegex(SessionFailed, "no device 0, XRT has 0"):
            self.session.start_appliance()


class Other(SimulatedCard):
    def __init__(self, folder: Path, sockets: Path, bitstream: Path):
        super().__init__(folder, sockets)
        object.__setattr__(self, "bitstream", bitstream)

    def configuration(self) -> str:
        return super().configuration().replace(str(self.folder / "card_64.xclbin"),
                                               str(self.bitstream))


if __name__ == "__main__":
    unittest.main()
