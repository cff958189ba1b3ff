# SPDX-License-Identifier: Apache-2.0
"""The files for a board, which only the vendor's tools can run, say so, and agree with each other
about what no lint compares: clocks, ports, and the name that hosts look for."""

import os
import re
import subprocess
import unittest
from pathlib import Path

BOARD = Path(os.environ["RIDLEY_SOURCE_FOLDER"]) / "hw" / "top" / "u50"
PLAIN = {"README.md", "ridley_build_pkg.sv"}


def text(name):
    return (BOARD / name).read_text("utf-8")


class Board(unittest.TestCase):
    def test_every_file_says_that_it_was_not_run(self):
        for file in BOARD.iterdir():
            if file.name not in PLAIN:
                self.assertRegex(text(file.name), r"Not run: needs (Vivado|Vitis)", file.name)
        self.assertIn("Nothing in this folder was run.", text("README.md"))

    def test_the_page_names_every_file(self):
        for file in BOARD.iterdir():
            if file.name != "README.md":
                self.assertIn(f"| `{file.name}` |", text("README.md"))

    def test_all_speak_of_one_clock(self):
        hertz = re.search(r"^clock_hz=(\d+)$", text("build.sh"), re.MULTILINE).group(1)
        self.assertIn(f"freqHz={hertz}:card.ap_clk", text("link.cfg"))
        said = re.search(r"ClockHz = 32'd([\d_]+);", text("ridley_build_pkg.sv")).group(1)
        self.assertEqual(said.replace("_", ""), hertz)

    def test_what_a_build_puts_in_is_there_to_be_replaced(self):
        line = "RtlCommit = 64'h0;"
        self.assertIn(line, text("ridley_build_pkg.sv"))
        self.assertIn(line, text("build.sh"))

    def test_the_interfaces_that_are_packaged_are_ports_of_the_kernel(self):
        ports = set(re.findall(r"^  (?:input |output) logic (?:\[\d+:0\] )?(\w+),?$",
                               text("ridley_card_kernel.sv"), re.MULTILINE))
        self.assertIn("m00_axi_wdata", ports)
        for pins in re.findall(r"\{((?:(?:GRX|CLK)\w+ \w+ ?)[^}]*)\}", text("package.tcl")):
            self.assertLessEqual(set(pins.split()[1::2]), ports)
        for port in re.findall(r"card/(\w+)", text("link.cfg")):
            self.assertTrue(port in ports or f"$core {port} " in text("package.tcl"), port)

    def test_hosts_find_the_compute_unit(self):
        self.assertIn("nk=ridley_card:1:card\n", text("link.cfg"))
        self.assertIn("-kernel_name ridley_card ", text("package.tcl"))

    def test_the_script_is_one_and_says_what_it_wants(self):
        for words in ([], ["nowhere", "a platform", "more"]):
            done = subprocess.run(["bash", str(BOARD / "build.sh"), *words],
                                  capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn("usage: build.sh OUTPUT [PLATFORM]", done.stderr)


if __name__ == "__main__":
    unittest.main()
