# SPDX-License-Identifier: Apache-2.0
"""An appliance and an exchange as processes, two lines that are cut differently and lose packets
between them, a re-request and a GLIMPSE server. Covers control/recovery_side.cpp and
engine/recovery.cpp where only whole processes do."""

import json
import os
import shutil
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(os.environ["RIDLEY_SOURCE_FOLDER"]) / "scripts"))

from session import configuration  # noqa: E402
from session.child import Child, stop_all  # noqa: E402
from session.control import Operator  # noqa: E402

PROGRAMS = Path(os.environ["RIDLEY_BUILD_FOLDER"]) / "src" / "app"
# The machine has other work.
START_S, STEP_S, STOP_S = 60, 60, 20
# Each line loses packets of its own, and now and then both lose the same.
LOSSY_DAY = """name = "lossy_day"
shows = "Two lines that lose packets."

[market]
seed = 5
instruments = 20
rate = 1_000
seconds = 600
lines = 2

[[event]]
at = 0.5
what = "loss"
line = "A"
share = 0.05

[[event]]
at = 0.5
what = "loss"
line = "B"
share = 0.05
"""
QUIET_DAY = LOSSY_DAY[:LOSSY_DAY.index("[[event]]")].replace("lossy_day", "quiet_day")
# Nobody gets a whole snapshot.
CUT_DAY = QUIET_DAY.replace("quiet_day", "cut_day") + """[[event]]
at = 0
for = 600
what = "disconnect"
port = "snapshots"
"""


class Lines(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ridley-lines-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for part in ("telemetry", "venue"):
            (self.folder / part).mkdir()
        self.children = []
        self.addCleanup(self.stop_all)
        self.config = self.folder / "ridleyd.toml"
        self.operator = Operator(PROGRAMS / "ridley", self.config)

    def stop_all(self):
        for child in self.children:
            child.stopping = True
        stop_all(list(reversed(self.children)), STOP_S / 3)

    def start(self, name: str, words: list[str]) -> Child:
        child = Child(name, words, self.folder / f"{name}.log", self.folder)
        self.children.append(child)
        return child

    def start_venue(self, scenario: str, asks_again: bool) -> Child:
        day = self.folder / (scenario.split('"')[1] + ".toml")
        day.write_text(scenario)
        venue = self.start("ridley-venue", [
            str(PROGRAMS / "ridley-venue"), "--run-folder", str(self.folder / "venue"),
            "--scenario", str(day),
            "--feed-port", f"net_vhost0,iface={self.folder}/feed.sock,queues=1",
            "--order-port", "0", "--glimpse-port", "0", "--rerequest-port", "0",
            "--wait-for-login", "30"])
        ready = self.folder / "venue" / "ready.json"
        venue.wait_until(ready.exists, START_S, "get ready")
        said = json.loads(ready.read_text())
        table = f'\n[recovery]\nglimpse = "127.0.0.1:{said["glimpse_port"]}"\n'
        hold_ms = 100
        if asks_again:
            # A server that shares a core with others is not as soon as a trading day wants it.
            table += f'rerequest = ["127.0.0.1:{said["rerequest_port"]}"]\ntimeout_ms = 5_000\n'
            hold_ms = 10_000
        text = configuration.text(said, self.folder, self.folder, table)
        self.config.write_text(text.replace("[feed]\n", f"[feed]\nhold_ms = {hold_ms}\n"))
        return venue

    def start_appliance(self, name: str = "ridleyd") -> Child:
        appliance = self.start(name, [str(PROGRAMS / "ridleyd"), str(self.config)])
        self.operator.wait_until_ready(appliance, START_S)
        return appliance

    def wait_for(self, child: Child, what: str, holds) -> dict:
        seen = {}

        def look() -> bool:
            seen.clear()
            seen.update(self.operator.status())
            return bool(seen) and holds(seen)

        try:
            child.wait_until(look, STEP_S, what)
        except Exception as failure:
            raise AssertionError(f"{failure}: {seen}") from failure
        return dict(seen)

    def trades(self, appliance: Child) -> None:
        """On books that are right: nothing happens in them that cannot be."""
        before = self.operator.status()
        self.operator.command("arm")
        enough = before["orders_sent"] + 20
        status = self.wait_for(appliance, "trade", lambda now: now["orders_sent"] > enough)
        self.assertEqual(status["unknown_orders"], before["unknown_orders"])
        self.assertEqual(status["crossed"], before["crossed"])
        self.assertEqual(status["hot_allocations"], 0)

    def test_what_both_lines_lost_comes_from_a_server(self):
        self.start_venue(LOSSY_DAY, asks_again=True)
        appliance = self.start_appliance()
        self.trades(appliance)
        status = self.wait_for(
            appliance, "miss something and get it",
            lambda now: now["recovery"]["answers"] > 3 and now["gaps_filled"] > 20)
        self.assertEqual(status["missing_messages"], 0, status)
        recovery = status["recovery"]
        self.assertEqual(recovery["timeouts"], 0, "every request was answered")
        self.assertEqual(recovery["exhausted"], 0, status)
        self.assertEqual(recovery["snapshots"], 0, status)
        self.assertEqual([server["answers"] for server in recovery["servers"]],
                         [recovery["answers"]])
        self.assertEqual([line["line"] for line in status["lines"]], ["A", "B"])
        for line in status["lines"]:
            self.assertGreater(line["lost"], 0, line)
            self.assertGreater(line["won"], 0, line)
        self.trades(appliance)

    def test_who_comes_in_the_middle_of_the_day_begins_with_a_snapshot(self):
        # Nobody repeats what is missing, however little it is.
        venue = self.start_venue(QUIET_DAY, asks_again=False)
        first = self.start_appliance("first")
        first.stopping = True
        self.operator.command("stop")
        first.wait_end(STOP_S)
        time.sleep(1)
        venue.check()
        appliance = self.start_appliance("second")
        status = self.wait_for(appliance, "join", lambda now: now["recovery"]["snapshots"] > 0)
        self.assertGreater(status["missing_messages"], 0)
        self.trades(appliance)
        # An operator may ask for one although nothing is wrong; the books are good meanwhile.
        self.operator.command("renew-books")
        renewed = self.wait_for(
            appliance, "renew its books",
            lambda now: now["recovery"]["snapshots"] > status["recovery"]["snapshots"])
        self.assertTrue(renewed["feed_live"])
        self.assertTrue(renewed["armed"])
        self.assertEqual(renewed["recovery"]["snapshot_failure"], "none")
        self.trades(appliance)

    def test_a_snapshot_that_is_cut_short_harms_no_books(self):
        self.start_venue(CUT_DAY, asks_again=False)
        appliance = self.start_appliance()
        self.operator.command("renew-books")
        status = self.wait_for(appliance, "be cut off",
                               lambda now: now["recovery"]["snapshots_failed"] > 0)
        self.assertEqual(status["recovery"]["snapshot_failure"], "cut_short")
        self.assertTrue(status["feed_live"], "nothing was wrong with the books")
        self.trades(appliance)
        status = self.operator.status()
        if status["missing_messages"] == 0:  # else it needs one
            self.assertEqual(status["recovery"]["snapshots_failed"], 1, "one attempt")


if __name__ == "__main__":
    unittest.main()
