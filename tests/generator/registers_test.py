# SPDX-License-Identifier: Apache-2.0
"""The register map of the card: what is refused, and what its hash says."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", Path(__file__).parents[2]))
sys.path.insert(0, str(ROOT / "scripts"))

from schema_tools.registers import load_registers  # noqa: E402

HEAD = """[map]
name = "toy"
title = "Toy"
bytes = 64
doc = "For this test."
"""


def register(**changes):
    facts = {"at": 0, "name": "first", "kind": "u32", "access": "control", "doc": "One."}
    facts |= changes
    return "\n[[register]]\n" + "".join(
        f'{key} = "{value}"\n' if isinstance(value, str) else f"{key} = {value}\n"
        for key, value in facts.items() if value is not None)


class RegisterMaps(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "toy.toml"

    def load(self, *tables):
        self.file.write_text(HEAD + "".join(tables), encoding="utf-8")
        return load_registers(self.file)

    def refused(self, reason, *tables):
        self.file.write_text(HEAD + "".join(tables), encoding="utf-8")
        done = subprocess.run(
            [sys.executable, str(ROOT / "scripts" / "generate.py"), "check-registers",
             str(self.file)], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 65, done.stderr)
        self.assertIn(reason, done.stderr)
        self.assertRegex(done.stderr, r"toy\.toml:\d+: ")

    def test_an_empty_map_is_refused(self):
        self.refused("no [[register]] table")

    def test_names_kinds_and_accesses_are_known_ones(self):
        self.refused("is not snake_case", register(name="First"))
        self.refused("kind 'u7' is none of", register(kind="u7"))
        self.refused("access 'secret' is none of", register(access="secret"))
        self.refused("duplicate register name", register(), register(at=4))
        self.refused("color", register(color="red"))
        self.refused("count", register(count="two"))
        self.refused("doc", register(doc=None))

    def test_registers_lie_within_the_map_aligned_and_apart(self):
        self.refused("is not aligned", register(at=2))
        self.refused("is not aligned", register(at=4, kind="u64"))
        self.refused("is not within", register(at=64))
        self.refused("is not within", register(at=48, count=3, stride=8))
        self.refused("lies over 'first' at 0x004", register(kind="u64"),
                     register(at=4, name="second"))
        self.load(register(at=60), register(at=0, name="second", kind="u64", count=2, stride=16),
                  register(at=8, name="third", kind="u64", count=2, stride=16))

    def test_arrays_have_a_count_and_a_stride(self):
        self.refused("an array has", register(count=2))
        self.refused("an array has", register(stride=8))

    def test_constants_have_a_value_that_fits(self):
        self.refused("a constant has a value", register(access="constant"))
        self.refused("a constant has a value", register(value=1))
        self.refused("does not fit 32 bits", register(access="constant", value=1 << 32))
        self.refused("nor the map's hash", register(access="constant", value="hash"))
        self.refused("a command is one word", register(access="command", kind="u64"))

    def test_the_hash_is_of_what_a_host_could_misunderstand(self):
        one = self.load(register()).hash
        self.assertEqual(self.load(register(doc="Otherwise said.")).hash, one)
        for change in ({"at": 4}, {"name": "other"}, {"kind": "u16"}, {"access": "status"},
                       {"count": 2, "stride": 4}):
            self.assertNotEqual(self.load(register(**change)).hash, one, change)
        self.assertNotEqual(self.load(register(), register(at=4, name="second")).hash, one)
        self.assertLess(one, 1 << 64)

    def test_the_hash_register_holds_the_hash(self):
        described = self.load(register(access="constant", kind="u64", value="hash"))
        self.assertEqual(described.value_of(described.registers[0]), described.hash)


if __name__ == "__main__":
    unittest.main()
