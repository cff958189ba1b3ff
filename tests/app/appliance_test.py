# SPDX-License-Identifier: Apache-2.0
"""A running ridleyd and what operators and signals do to it. The market is a capture of a simulated
day, the exchange a ridley-venue without a feed; so neither DPDK nor a second core is needed."""

import json
import os
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

FOLDER = Path(os.environ.get("RIDLEY_BUILD_FOLDER", "build")) / "src" / "app"
SECONDS_MAX = 60
LOOK_SECONDS = 0.02
OK, DATAERR, UNAVAILABLE, TEMPFAIL = 0, 65, 69, 75

CONFIGURATION = """
[appliance]
name = "test"
run_folder = "{folder}"

[engine]
huge_pages = "off"
poll = "yield"

[feed]
port = "pcap:{folder}/day.pcap,rate=1x"
groups = [{{ group = "233.54.12.111", port = 26477 }}]

[book]
orders_max = 65_536
levels_max = 65_536
instruments_max = 64

[order]
host = "127.0.0.1"
port = {order_port}
username = "RIDLEY"
password = "TURTLE"
firm = "RDLY"

[strategy]
object = "two_sided_quoter"
symbols = ["RAAA", "RAAB"]

[risk]
limits_version = 7
max_order_quantity = 1_000
max_order_notional_usd = 1_000_000
stale_after_ms = 60_000
message_rate = 2_000
message_burst = 200
max_gross_notional_usd = 100_000_000
max_open_orders = 200
position_limit_long = 1_000
position_limit_short = 1_000
short_sales = true

[telemetry]
folder = "{folder}/telemetry"
"""


class Appliance(unittest.TestCase):
    """Starts the exchange and the appliance and ends both."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.run_program("ridley-venue", "--seconds", "120", "--instruments", "2", "--rate", "200",
                         "--record", str(self.folder / "day.pcap"))
        (self.folder / "venue").mkdir()
        self.venue = self.start("ridley-venue", "--order-port", "0", "--instruments", "2",
                                "--rate", "200", "--run-folder", str(self.folder / "venue"))
        ready = self.folder / "venue" / "ready.json"
        self.wait_for(ready.exists)
        self.config = self.folder / "ridley.toml"
        order_port = json.loads(ready.read_text())["order_port"]
        self.config.write_text(self.configuration(order_port))
        self.appliance = self.start("ridleyd", str(self.config))
        self.wait_for(lambda: self.operate("status").returncode == OK)

    def configuration(self, order_port: int) -> str:
        return CONFIGURATION.format(folder=self.folder, order_port=order_port)

    def start(self, program: str, *words: str) -> subprocess.Popen:
        child = subprocess.Popen([FOLDER / program, *words], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, child)
        return child

    @staticmethod
    def end(child: subprocess.Popen) -> None:
        if child.poll() is None:
            child.kill()
        child.wait()
        child.stderr.close()

    def run_program(self, program: str, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([FOLDER / program, *words], capture_output=True, text=True,
                              timeout=SECONDS_MAX, check=False)

    def operate(self, *words: str) -> subprocess.CompletedProcess:
        return self.run_program("ridley", *words, "--config", str(self.config))

    def status(self) -> dict:
        answer = self.operate("status", "--json")
        self.assertEqual(answer.returncode, OK, answer.stderr)
        return json.loads(answer.stdout)

    def wait_for(self, what) -> None:
        """A condition of another process; a time limit only for what never comes."""
        end = time.monotonic() + SECONDS_MAX
        while not what():
            self.assertLess(time.monotonic(), end, "it never came to that")
            for child in (getattr(self, "venue", None), getattr(self, "appliance", None)):
                if child is not None and child.poll() is not None:
                    self.fail(f"{child.args[0]} ended: {child.stderr.read()}")
            time.sleep(LOOK_SECONDS)

    def trade(self) -> None:
        self.wait_for(lambda: self.status()["ready"])
        self.assertEqual(self.operate("arm").returncode, OK)
        self.wait_for(lambda: self.status()["open_orders"] > 0)

    def orders_of_venue_are_gone(self) -> None:
        self.venue.send_signal(signal.SIGTERM)
        self.venue.communicate(timeout=SECONDS_MAX)
        summary = json.loads((self.folder / "venue" / "summary.json").read_text())
        self.assertGreater(summary["orders_acknowledged"], 0)
        self.assertGreater(summary["orders_canceled"], 0)


class OperatorTest(Appliance):
    def test_commands_are_obeyed_and_wrong_ones_refused(self):
        self.trade()
        self.assertTrue(self.status()["armed"])
        for words in (["disarm"], ["cancel-all"]):
            self.assertEqual(self.operate(*words).returncode, OK, words)
        self.wait_for(lambda: self.status()["open_orders"] == 0)
        self.assertFalse(self.status()["armed"])

        for words in (["kill"], ["rearm"], ["kill", "--symbol", "RAAA"],
                      ["rearm", "--symbol", "RAAA"], ["limits", "max_open_orders=5"],
                      ["limits", "--symbol", "RAAA", "max_order_quantity=10"],
                      ["limits", "--symbol", "RAAB", "restricted=true"], ["reload-strategy"]):
            with self.subTest(words=words):
                answer = self.operate(*words, "--json")
                self.assertEqual(answer.returncode, OK, answer.stderr)
                json.loads(answer.stdout)
        limits = json.loads(self.operate("limits", "--json").stdout)
        self.assertEqual(limits["max_open_orders"], 5)
        self.assertGreater(limits["limits_version"], 7)

        for words in (["kill", "--symbol", "NOPE"], ["limits", "--symbol", "NOPE", "lot=5"]):
            with self.subTest(words=words):
                answer = self.operate(*words)
                self.assertEqual(answer.returncode, DATAERR, answer.stderr)
                self.assertIn("NOPE", answer.stderr)
        self.assertIsNone(self.appliance.poll())

    def test_stop_cancels_the_open_orders_and_ends(self):
        self.trade()
        self.assertEqual(self.operate("stop").returncode, OK)
        _, messages = self.appliance.communicate(timeout=SECONDS_MAX)
        self.assertEqual(self.appliance.returncode, OK, messages)
        self.assertFalse((self.folder / "test.sock").exists())
        self.assertEqual(self.operate("status").returncode, UNAVAILABLE)
        self.orders_of_venue_are_gone()

    def test_every_command_is_in_the_log_with_its_sender(self):
        self.assertEqual(self.operate("disarm").returncode, OK)
        self.assertEqual(self.operate("stop").returncode, OK)
        _, messages = self.appliance.communicate(timeout=SECONDS_MAX)
        self.assertRegex(messages, rf'uid {os.getuid()} pid \d+: {{"verb":"disarm"}}: done')


class HotLogTest(Appliance):
    def log(self, *words: str) -> subprocess.CompletedProcess:
        return self.run_program("ridley", "log", "cat", *words)

    def entries(self, *words: str) -> list[dict]:
        answer = self.log(str(self.folder / "telemetry" / "events.rlog"), "--json", *words)
        self.assertEqual(answer.returncode, OK, answer.stderr)
        return [json.loads(line) for line in answer.stdout.splitlines()]

    def test_tells_afterwards_what_the_hot_core_saw(self):
        self.trade()
        self.assertEqual(self.operate("kill").returncode, OK)
        self.wait_for(lambda: self.status()["rejected_by_gate"] > 0)
        self.assertEqual(self.operate("stop").returncode, OK)
        self.appliance.communicate(timeout=SECONDS_MAX)
        entries = self.entries()
        times = [entry["ns"] for entry in entries]
        self.assertEqual(times, sorted(times))
        texts = [entry["text"] for entry in entries]
        for begin in ("order: connection 1 is up", "command: kind 1,", "command: kind 3,",
                      "command: kind 9,", "gate: control 1 refuses"):
            self.assertTrue(any(text.startswith(begin) for text in texts), (begin, texts[:20]))
        self.assertNotIn("command", {entry["text"][:7] for entry in self.entries("--severity",
                                                                                 "warning")})

    def test_of_a_killed_appliance_is_read_to_its_last_entry(self):
        self.trade()
        file = str(self.folder / "telemetry" / "events.rlog")
        self.wait_for(lambda: "command: kind 1," in self.log(file).stdout)
        self.appliance.kill()
        self.appliance.communicate()
        answer = self.log(file)
        self.assertEqual(answer.returncode, DATAERR)
        self.assertIn("command: kind 1,", answer.stdout)
        self.assertRegex(answer.stderr, r"byte \d+: ")


class SignalTest(Appliance):
    def test_ends_cleanly_and_cancels_the_open_orders(self):
        self.trade()
        self.appliance.send_signal(signal.SIGTERM)
        _, messages = self.appliance.communicate(timeout=SECONDS_MAX)
        self.assertEqual(self.appliance.returncode, OK, messages)
        self.orders_of_venue_are_gone()

    def test_sent_twice_ends_at_once(self):
        # A venue that does not answer: the clean end has to wait for it.
        self.trade()
        self.venue.send_signal(signal.SIGSTOP)
        self.addCleanup(self.venue.send_signal, signal.SIGCONT)
        self.appliance.send_signal(signal.SIGINT)
        self.appliance.send_signal(signal.SIGTERM)
        self.appliance.wait(SECONDS_MAX)
        self.assertIn(self.appliance.returncode, (128 + signal.SIGTERM, 128 + signal.SIGINT))


class SecondInstanceTest(Appliance):
    def test_is_refused_and_names_the_first(self):
        second = self.run_program("ridleyd", str(self.config))
        self.assertEqual(second.returncode, TEMPFAIL, second.stderr)
        self.assertIn(f"process {self.appliance.pid}", second.stderr)
        self.assertEqual(self.operate("status").returncode, OK)

    def test_may_follow_one_that_was_killed(self):
        self.appliance.kill()
        self.appliance.communicate()
        self.assertEqual(self.operate("status").returncode, UNAVAILABLE)
        self.appliance = self.start("ridleyd", str(self.config))
        self.wait_for(lambda: self.operate("status").returncode == OK)


if __name__ == "__main__":
    unittest.main()
