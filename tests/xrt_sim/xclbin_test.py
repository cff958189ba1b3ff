# SPDX-License-Identifier: Apache-2.0
"""scripts/xclbin.py: the same inputs give the same bytes, and XRT's own library reads them."""

import json
import subprocess
import sys
import unittest

from card_rig import CARD_32, CARD_64, SOURCE, Folder, Program

TOOL = SOURCE / "scripts" / "xclbin.py"
DESCRIPTION = SOURCE / "drivers" / "xrt_sim" / "card.toml"


def tool(*arguments):
    return subprocess.run([sys.executable, TOOL, *map(str, arguments)], capture_output=True,
                          text=True, check=False)


class Xclbins(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.close)
        self.bits = self.folder.path / "bits"
        self.bits.write_bytes(b"any bits" * 100)

    def write(self, name, *more, description=DESCRIPTION):
        path = self.folder.path / name
        done = tool("write", description, "--bitstream", self.bits, "-o", path, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def info(self, path):
        done = tool("info", path, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_the_same_inputs_give_the_same_bytes(self):
        first, second = self.write("a", "--fact", "b=1"), self.write("b", "--fact", "b=1")
        self.assertEqual(first.read_bytes(), second.read_bytes())
        self.assertEqual(self.info(first)["time"], 0)

    def test_other_inputs_give_another_uuid(self):
        first, fact = self.write("a"), self.write("b", "--fact", "commit=1234")
        self.bits.write_bytes(b"other bits")
        uuids = {self.info(path)["uuid"] for path in (first, fact, self.write("c"))}
        self.assertEqual(len(uuids), 3)

    def test_it_says_what_it_was_built_from(self):
        facts = self.folder.path / "facts.json"
        facts.write_text('{"rtl_commit": "1234", "map_hash": "0x1"}', encoding="utf-8")
        said = self.info(self.write("a", "--facts", facts, "--fact", "rtl_commit=5678"))
        self.assertEqual(said["sections"]["BUILD_METADATA"]["holds"]["build_metadata"],
                         {"map_hash": "0x1", "name": "ridley_card", "rtl_commit": "5678"})

    def test_what_was_written_is_read(self):
        said = self.info(self.write("a", "--fact", "top=x"))
        self.assertTrue(said["uuid_is_of_contents"])
        self.assertEqual(said["platform"], "ridley_card_sim_1")
        self.assertEqual(said["sections"]["BITSTREAM"]["bytes"], 800)
        self.assertEqual(said["sections"]["IP_LAYOUT"]["holds"],
                         [{"name": "ridley_card:card", "base": 0x1800000, "control": "none"}])
        self.assertEqual([one["name"] for one in said["sections"]["MEM_TOPOLOGY"]["holds"]],
                         ["DDR[0]", "HOST[0]"])
        self.assertEqual(said["sections"]["BUILD_METADATA"]["holds"]["build_metadata"]["top"], "x")

    def test_a_changed_byte_is_seen(self):
        path = self.write("a")
        contents = bytearray(path.read_bytes())
        contents[-1] ^= 1
        path.write_bytes(contents)
        self.assertFalse(self.info(path)["uuid_is_of_contents"])
        self.assertIn("NOT of its contents", tool("info", path).stdout)

    def test_every_cut_is_refused(self):
        contents = self.write("a").read_bytes()
        cut = self.folder.path / "cut"
        for size in (0, 7, 8, 455, 456, 496, len(contents) - 1):
            cut.write_bytes(contents[:size])
            done = tool("info", cut)
            self.assertEqual((done.returncode, done.stdout), (1, ""), size)
            self.assertTrue(done.stderr.startswith("xclbin: "), done.stderr)

    def test_a_wrong_description_is_refused(self):
        text = DESCRIPTION.read_text(encoding="utf-8")
        for wrong in (text.replace('kind = "ddr4"', 'kind = "clay"'), "name = 1\n", "name =",
                      text.replace('"DDR[0]", "HOST[0]"', '"DDR[7]"'),
                      text.replace('name = "card"', f'name = "{"x" * 64}"')):
            path = self.folder.path / "wrong.toml"
            path.write_text(wrong, encoding="utf-8")
            done = tool("write", path, "--bitstream", self.bits, "-o", self.folder.path / "out")
            self.assertEqual(done.returncode, 1, wrong)
            self.assertNotIn("Traceback", done.stderr)

    def test_the_library_reads_it(self):
        program = Program(self.folder)
        self.addCleanup(program.end)
        said = program("describe", CARD_64).split()
        self.assertEqual(said[0], "ridley_card_sim_1")
        self.assertEqual(said[1], self.info(CARD_64)["uuid"])
        self.assertEqual(said[2:], ["ridley_card:card", "DDR[0]", "HOST[0]"])
        self.assertNotEqual(said[1], self.info(CARD_32)["uuid"])


if __name__ == "__main__":
    unittest.main()
