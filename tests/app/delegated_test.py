# SPDX-License-Identifier: Apache-2.0
"""A running ridleyd whose hot core sends orders itself: the exchange is a ridley-venue in a network
namespace of its own, on the kernel's TCP, and between them is a veth pair. Exercises
control/order_side.cpp and control/wires.cpp, src/order and the hot loop together."""

import json
import os
import signal
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import appliance_test  # noqa: E402

INSIDE = "ridley-orders"
OK = 0


def run(*words: str) -> bool:
    return subprocess.run(words, capture_output=True, check=False).returncode == OK


class DelegatedTest(appliance_test.Appliance):
    """The appliance's end of the wire is an interface without an address."""

    def setUp(self):
        number = os.getpid() % 100000
        self.space, self.ours, self.theirs = f"{INSIDE}{number}", f"rdo{number}a", f"rdo{number}b"
        self.addCleanup(run, "ip", "netns", "del", self.space)
        self.addCleanup(run, "ip", "link", "del", self.ours)
        inside = ("ip", "netns", "exec", self.space)
        made = (os.geteuid() == 0 and os.path.exists("/dev/net/tun")
                and run("ip", "netns", "add", self.space)
                and run("ip", "link", "add", self.ours, "type", "veth", "peer", "name", self.theirs,
                        "netns", self.space)
                and run("ip", "link", "set", self.ours, "up")
                and run(*inside, "ip", "addr", "add", "10.77.0.2/24", "dev", self.theirs)
                and run(*inside, "ip", "link", "set", self.theirs, "up")
                # Nobody stands behind this interface who would finish its checksums.
                and run(*inside, "ethtool", "-K", self.theirs, "tx", "off"))
        if not made:
            self.skipTest("needs root, network namespaces, /dev/net/tun, ip and ethtool")
        self.inside = inside
        super().setUp()

    def start(self, program: str, *words: str) -> subprocess.Popen:
        if program != "ridley-venue":
            return super().start(program, *words)
        child = subprocess.Popen([*self.inside, appliance_test.FOLDER / program, *words,
                                  "--order-address", "10.77.0.2"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, child)
        return child

    def configuration(self, order_port: int) -> str:
        text = super().configuration(order_port)
        return text.replace('host = "127.0.0.1"', f"""host = "10.77.0.2"
transport = "delegated"
wire = "net_af_packet0,iface={self.ours}"
address = "10.77.0.1/24\"""")

    def test_orders_go_hot_and_the_exchange_has_every_one(self):
        self.trade()
        self.wait_for(lambda: self.status()["delegated"]["hot"] > 20)
        self.assertEqual(self.operate("stop").returncode, OK)
        _, messages = self.appliance.communicate(timeout=appliance_test.SECONDS_MAX)
        self.assertEqual(self.appliance.returncode, OK, messages)
        summary = json.loads((self.folder / "telemetry" / "summary.json").read_text())
        self.venue.send_signal(signal.SIGTERM)
        self.venue.communicate(timeout=appliance_test.SECONDS_MAX)
        venue = json.loads((self.folder / "venue" / "summary.json").read_text())
        self.assertGreater(venue["orders_acknowledged"], 0)
        self.assertEqual(summary["hot_allocations"], 0, summary)
        self.assertEqual(summary["delegated"]["broken_frames"], 0, summary)
        # Ordered and answered, whichever way: each order that was sent is known there.
        self.assertEqual(summary["orders_sent"], summary["orders_acknowledged"], summary)


if __name__ == "__main__":
    unittest.main()
