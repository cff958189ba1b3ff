# SPDX-License-Identifier: Apache-2.0
"""Both tools read every module of the card: Verilator, which simulates it, without a warning, and
yosys, which proves and synthesises it, without a problem found."""

import os
import re
import subprocess
import tempfile
import unittest
from pathlib import Path

HARDWARE = Path(os.environ["RIDLEY_SOURCE_FOLDER"]) / "hw"
MADE = Path(os.environ["RIDLEY_BUILD_FOLDER"]) / "hw"
FILES = [*HARDWARE.glob("rtl/*/*.sv"), *HARDWARE.glob("top/*/*.sv"), *MADE.glob("*.sv")]
PACKAGES = [file for file in FILES if file.stem.endswith("_pkg")]
# A module a file, of the file's name.
MODULES = {file.stem: file for file in FILES if file not in PACKAGES}
# What only the vendor's tool has: the ports, and nothing in it.
VENDOR = {file.stem: file for file in HARDWARE.glob("lint/vendor/*.sv")}
PARTS = {**MODULES, **VENDOR}
INSTANCE = re.compile(r"^\s*((?:ridley|xpm)_\w+) (?:#\(|\w+ \()", re.MULTILINE)
BROKEN = "module broken (input logic [3:0] a_i, output logic b_o); assign b_o = a_i; endmodule\n"


def with_parts(file, seen=()):
    """The file, behind those of the modules that it is made of."""
    parts = []
    for name in INSTANCE.findall(file.read_text("utf-8")):
        if name in PARTS and PARTS[name] not in seen:
            parts += [part for part in with_parts(PARTS[name], (*seen, file))
                      if part not in parts]
    return [*parts, file]


def built():
    """Every module with its parameters as it is built: streams have either width."""
    for top, file in MODULES.items():
        streams = "parameter int unsigned StreamBits" in file.read_text("utf-8")
        for parameters in [{"StreamBits": 64}, {"StreamBits": 32}] if streams else [{}]:
            yield top, [*PACKAGES, *with_parts(file)], parameters


def verilator(top, files, parameters):
    return subprocess.run(
        [os.environ["RIDLEY_VERILATOR"], "--lint-only", "-Wall", "--top-module", top,
         *[f"-G{name}={value}" for name, value in parameters.items()], *map(str, files)],
        capture_output=True, text=True, check=False)


def yosys(top, files, parameters):
    settings = "".join(f"chparam -set {name} {value} {top}; " for name, value in parameters.items())
    script = (f"read_verilog -sv {' '.join(map(str, files))}; {settings}"
              f"prep -top {top}; check -assert")
    return subprocess.run([os.environ["RIDLEY_YOSYS"], "-q", "-e", ".*", "-p", script],
                          capture_output=True, text=True, check=False)


class Lint(unittest.TestCase):
    def test_verilator_says_nothing_of_any_module(self):
        for top, files, parameters in built():
            with self.subTest(top, **parameters):
                done = verilator(top, files, parameters)
                self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_yosys_finds_no_problem_in_any_module(self):
        for top, files, parameters in built():
            with self.subTest(top, **parameters):
                done = yosys(top, files, parameters)
                self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_there_are_modules(self):
        self.assertIn("ridley_fifo", MODULES)
        self.assertIn("ridley_registers", MODULES)
        self.assertIn("ridley_card_kernel", MODULES)
        self.assertIn("ridley_xxv", VENDOR)

    def test_what_is_wrong_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "broken.sv"
            file.write_text(BROKEN, encoding="utf-8")
            done = verilator("broken", [file], {})
            self.assertNotEqual(done.returncode, 0)
            self.assertIn("WIDTH", done.stderr)
            file.write_text("module broken; import none::*; endmodule\n", encoding="utf-8")
            self.assertNotEqual(yosys("broken", [file], {}).returncode, 0)


if __name__ == "__main__":
    unittest.main()
