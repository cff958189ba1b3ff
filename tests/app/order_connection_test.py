# SPDX-License-Identifier: Apache-2.0
"""A running ridleyd beside a ridley-venue whose order port speaks OUCH 4.2, copies its executions
or cancels on disconnect. Exercises control/drop_copy_side.cpp and the order room together."""

import json
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import appliance_test  # noqa: E402

OK = 0


class OrderConnection(appliance_test.Appliance):
    """What the exchange's account is, and what stands in the configuration beside the usual."""

    account = "RIDLEY:TURTLE:RDLY"
    exchange_words = ()
    order_settings = ""

    def start(self, program: str, *words: str):
        if program == "ridley-venue":
            words = (*words, "--account", self.account, *self.exchange_words)
        return super().start(program, *words)

    def configuration(self, order_port: int) -> str:
        text = super().configuration(order_port)
        return text.replace('firm = "RDLY"', f'firm = "RDLY"\n{self.order_settings}')

    def stop(self) -> dict:
        self.assertEqual(self.operate("stop").returncode, OK)
        _, messages = self.appliance.communicate(timeout=appliance_test.SECONDS_MAX)
        self.assertEqual(self.appliance.returncode, OK, messages)
        return json.loads((self.folder / "telemetry" / "summary.json").read_text())


class Ouch42Test(OrderConnection):
    account = "RIDLEY:TURTLE:RDLY,ouch42"
    order_settings = 'protocol = "ouch42"\nsession_version = "4.10"'

    def test_orders_are_answered_and_taken_back(self):
        self.trade()
        self.wait_for(lambda: self.status()["orders_acknowledged"] > 10)
        summary = self.stop()
        self.assertEqual(summary["hot_allocations"], 0, summary)
        self.assertEqual(summary["orders_sent"],
                         summary["orders_acknowledged"] + summary["orders_rejected"]
                         + summary["orders_lost"], summary)
        self.orders_of_venue_are_gone()


class ScriptedExchange(OrderConnection):
    """The exchange follows a scenario of one event."""

    event = ""

    def start(self, program: str, *words: str):
        if program == "ridley-venue":
            script = self.folder / "scenario.toml"
            script.write_text(f"""
name = "scenario"
shows = "One event, from the beginning to the end."

[market]
seconds = 120

[[event]]
at = 0.01
{self.event}
""")
            words = (*words, "--scenario", str(script))
        return super().start(program, *words)

    def why_in_doubt(self) -> set:
        return {why for row in self.status()["in_doubt"] for why in row["why"]}

    def take_orders_back(self) -> None:
        self.assertEqual(self.operate("disarm").returncode, OK)
        self.assertEqual(self.operate("cancel-all").returncode, OK)
        self.wait_for(lambda: self.status()["open_orders"] == 0)


class LateAcknowledgementsTest(ScriptedExchange):
    """Whatever becomes of an order within a while is told before its acknowledgement."""

    event = 'what = "late_acknowledgements"\ndelay_us = 300_000'

    def test_every_order_ends_and_nobody_is_killed(self):
        self.trade()
        self.wait_for(lambda: self.status()["orders_filled"] > 2)
        self.take_orders_back()
        self.assertFalse(self.status()["killed"])
        summary = self.stop()
        self.assertEqual(summary["orders_sent"],
                         summary["orders_acknowledged"] + summary["orders_rejected"]
                         + summary["orders_lost"], summary)


class NoAnswerTest(ScriptedExchange):
    event = 'what = "late_acknowledgements"\ndelay_us = 4_000_000'
    order_settings = "answer_within_ms = 200"

    def test_an_instrument_without_answers_takes_no_new_orders_until_they_come(self):
        self.trade()
        self.wait_for(lambda: self.why_in_doubt() == {"unanswered"})
        self.take_orders_back()
        self.wait_for(lambda: self.status()["in_doubt"] == [])
        self.assertFalse(self.status()["killed"])
        self.stop()
        log = self.run_program("ridley", "log", "cat",
                               str(self.folder / "telemetry" / "events.rlog")).stdout
        self.assertRegex(log, r"order: instrument \d+ is in doubt, causes 1")
        self.assertRegex(log, r"order: instrument \d+ is in doubt no more")


class DropCopyTest(OrderConnection):
    exchange_words = ("--drop-copy-port", "0", "--drop-copy", "COPY:SECRET:RDLY")

    def configuration(self, order_port: int) -> str:
        ready = json.loads((self.folder / "venue" / "ready.json").read_text())
        return super().configuration(order_port) + f"""
[drop_copy]
host = "127.0.0.1"
port = {ready["drop_copy_port"]}
username = "COPY"
password = "SECRET"
match_within_ms = 5_000
"""

    def test_every_execution_meets_its_copy(self):
        self.wait_for(lambda: self.status()["drop_copy"]["connected"])
        self.trade()
        self.wait_for(lambda: self.status()["drop_copy"]["matched"] > 3)
        self.assertEqual(self.operate("cancel-all").returncode, OK)
        self.assertEqual(self.operate("disarm").returncode, OK)
        self.wait_for(lambda: self.status()["drop_copy"]["unmatched"] == 0)
        status = self.status()
        self.assertEqual(status["drop_copy"]["alerts"], 0, status)
        self.assertFalse(status["killed"], status)
        self.stop()


class DropCopyAheadTest(DropCopyTest, ScriptedExchange):
    """The order connection tells everything some seconds later than the drop copy."""

    event = 'what = "slow_stream"\naccount = "RIDLEY"\ndirection = "down"\ndelay_us = 3_000_000'
    order_settings = "answer_within_ms = 30_000"

    def configuration(self, order_port: int) -> str:
        return super().configuration(order_port).replace(
            "match_within_ms = 5_000", "match_within_ms = 200\nkill_after_ms = 30_000")

    def test_every_execution_meets_its_copy(self):
        self.trade()
        self.wait_for(lambda: self.why_in_doubt() == {"drop_copy"})
        self.take_orders_back()
        self.wait_for(lambda: self.status()["in_doubt"] == [])
        self.assertFalse(self.status()["killed"])
        self.stop()


class RestartTest(OrderConnection):
    account = "RIDLEY:TURTLE:RDLY,cancel"
    order_settings = "cancel_on_disconnect = true"

    def test_the_next_process_goes_on_behind_what_the_killed_one_was_told(self):
        self.trade()
        self.appliance.kill()
        self.appliance.wait()
        place = (self.folder / "test.sequence").read_bytes()
        self.assertGreater(len(place), 0)
        self.appliance = self.start("ridleyd", str(self.config))
        self.wait_for(lambda: self.operate("status").returncode == OK)
        # Its orders are gone with its connection; had one traded meanwhile, this one would not arm.
        self.wait_for(lambda: self.status()["ready"] or self.status()["killed"])
        self.assertNotEqual((self.folder / "test.sequence").read_bytes(), place)


if __name__ == "__main__":
    unittest.main()
