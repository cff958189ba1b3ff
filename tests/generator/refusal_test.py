# SPDX-License-Identifier: Apache-2.0
"""A table that cannot be right is refused with its file, line and reason, and exit code 65."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", Path(__file__).parents[2]))
GENERATE = ROOT / "scripts" / "generate.py"

HEAD = """[protocol]
name = "toy"
title = "Toy"
form = "wire"
type_at = 0
source = "this test"
"""

GOOD = HEAD + """
[[codes]]
name = "side"
kind = "char"
values = [
  { value = "B", name = "buy" },
  { value = "S", name = "sell" },
]

[[message]]
type = "A"
name = "add"
size = 8
fields = [
  { at = 1, name = "locate", kind = "u16", doc = "Which." },
  { at = 3, name = "side", kind = "char", doc = "Way." },
  { at = 4, name = "price", kind = "price4", doc = "How much." },
]

[[message]]
type = "D"
name = "drop"
size = 3
fields = [
  { at = 1, name = "locate", kind = "u16", doc = "Which." },
]
"""

RECORD = """[protocol]
name = "toy"
title = "Toy"
form = "record"
source = "this test"

[[enumeration]]
name = "small_kind"
kind = "u32"
values = [
  { value = 0, name = "none" },
  { value = 1, name = "one" },
]

[[record]]
name = "small"
size = 16
body_at = 8
body_by = "kind"
fields = [
  { at = 0, name = "kind", kind = "small_kind", doc = "What." },
  { at = 4, name = "count", kind = "u32", doc = "How many." },
]

[[record.body]]
name = "first"
class = "First"
kinds = ["one"]
fields = [
  { at = 8, name = "price", kind = "u64", doc = "How much." },
]
"""

CONTROLS = """[[control]]
number = 1
name = "kill_switch"
title = "Kill switch"
formula = "armed"
inputs = ["armed:u1"]
units = "latches"
reason = "a latch is set"
evaluated = "both"
rule = "none"
implemented = true
"""


class Refusal(unittest.TestCase):
    def run_on(self, text, back_end="check"):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "toy.toml"
            file.write_text(text)
            done = subprocess.run([sys.executable, GENERATE, back_end, file],
                                  capture_output=True, text=True, check=False)
            return done.returncode, done.stderr.replace(str(file), "toy.toml").strip()

    def expect(self, text, line, reason, back_end="check"):
        code, message = self.run_on(text, back_end)
        self.assertEqual(code, 65, message)
        self.assertTrue(message.startswith(f"toy.toml:{line}: "), message)
        self.assertIn(reason, message)

    def changed(self, old, new, text=GOOD):
        """The table with one change, and the line it is on."""
        self.assertEqual(text.count(old), 1, old)
        return text.replace(old, new), text[:text.index(old)].count("\n") + 1

    def expect_changed(self, old, new, reason, text=GOOD, back_end="check"):
        changed, line = self.changed(old, new, text)
        self.expect(changed, line, reason, back_end)

    def test_a_right_table_is_taken(self):
        for text in (GOOD, RECORD):
            self.assertEqual(self.run_on(text), (0, ""))
        self.assertEqual(self.run_on(CONTROLS, "check-controls"), (0, ""))

    def test_a_gap_is_refused(self):
        self.expect_changed('{ at = 3, name = "side"', '{ at = 4, name = "side"', "gap")

    def test_an_overlap_is_refused(self):
        self.expect_changed('{ at = 3, name = "side"', '{ at = 2, name = "side"', "overlap")

    def test_a_wrong_size_is_refused_where_the_message_starts(self):
        changed, line = self.changed("size = 8", "size = 9")
        self.expect(changed, line - 3, "its fields add up to 8")

    def test_a_duplicate_type_is_refused(self):
        changed, line = self.changed('type = "D"', 'type = "A"')
        self.expect(changed, line - 1, "duplicate message type 'A', first on line 16")

    def test_a_type_of_two_characters_is_refused(self):
        changed, line = self.changed('type = "D"', 'type = "DD"')
        self.expect(changed, line - 1, "needs a type of one character")

    def test_a_number_as_type_fits_its_bytes(self):
        self.assertEqual(self.run_on(GOOD.replace('type = "D"', "type = 0x97")), (0, ""))
        changed, line = self.changed('type = "D"', "type = 0x197")
        self.expect(changed, line - 1, "type 407 does not fit 1 bytes")
        changed, line = self.changed("type_at = 0", "type_at = 0\ntype_bytes = 2")
        self.expect(changed, 17, "needs a number as its type")

    def test_an_unknown_byte_order_is_refused(self):
        self.expect(GOOD.replace("type_at = 0", 'type_at = 0\nbyte_order = "middle"'), 1,
                    "byte_order 'middle'")

    def test_a_group_is_of_a_part_and_has_a_header_of_three_or_eight(self):
        part = ('\n[[message]]\npart = true\nname = "entry"\nsize = 2\nfields = [\n'
                '  { at = 0, name = "count", kind = "u16", doc = "How many." },\n]\n')
        good = GOOD + 'groups = [{ name = "entries", part = "entry", header = 3 }]\n' + part
        self.assertEqual(self.run_on(good), (0, ""))
        self.expect(good.replace('part = "entry"', 'part = "drop"'), 26, "which is no part")
        self.expect(good.replace("header = 3", "header = 4"), 26, "header of 4 bytes")

    def test_an_unknown_kind_is_refused(self):
        self.expect_changed('kind = "price4"', 'kind = "price5"', "unknown kind 'price5'")

    def test_a_duplicate_field_name_is_refused(self):
        self.expect_changed('name = "price"', 'name = "locate"', "duplicate field name")

    def test_a_duplicate_message_name_is_refused(self):
        changed, line = self.changed('name = "drop"', 'name = "add"')
        self.expect(changed, line - 2, "duplicate message name 'add'")

    def test_a_name_that_is_not_snake_case_is_refused(self):
        self.expect_changed('name = "price"', 'name = "Price"', "not snake_case")

    def test_a_duplicate_code_is_refused(self):
        self.expect_changed('{ value = "S"', '{ value = "B"', "duplicate code value 'B'")

    def test_a_code_that_does_not_fit_is_refused(self):
        self.expect_changed('{ value = "S"', '{ value = "SS"', "does not fit char")

    def test_an_unknown_key_is_refused(self):
        self.expect_changed('{ at = 3, name', '{ width = 1, at = 3, name', "unknown key 'width'")

    def test_a_missing_key_is_refused(self):
        self.expect_changed(', doc = "Way."', "", "field lacks 'doc'")

    def test_unknown_codes_are_refused(self):
        self.expect_changed('doc = "How much."', 'doc = "How much.", codes = "tick"',
                            "unknown codes 'tick'")

    def test_a_field_behind_an_optional_one_is_refused(self):
        changed, line = self.changed('kind = "char", doc', 'kind = "char", optional = true, doc')
        self.expect(changed.replace("size = 8", "size = 7"), line + 1, "follows an optional field")

    def test_a_six_byte_number_without_room_before_it_is_refused(self):
        text = HEAD + ('\n[[message]]\ntype = "A"\nname = "add"\nsize = 7\nfields = [\n'
                       '  { at = 1, name = "time", kind = "u48", doc = "When." },\n]\n')
        self.expect(text, 13, "needs two bytes before it")

    def test_a_number_that_is_a_text_is_refused(self):
        self.expect_changed("{ at = 3,", '{ at = "3",', "'at' must be int, is str")
        self.expect(GOOD.replace("size = 3", "size = true"), 26, "'size' must be int, is bool")
        self.expect(CONTROLS.replace("true", '"yes"'), 1, "'implemented'", "check-controls")

    def test_an_unknown_direction_is_refused(self):
        self.expect(GOOD.replace("size = 3", 'size = 3\ndirection = "up"'), 26, "'up'")

    def test_a_file_that_is_not_there_is_named(self):
        done = subprocess.run([sys.executable, GENERATE, "check", "/nonexistent.toml"],
                              capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (66, "/nonexistent.toml: No such file or directory\n"))

    def test_what_is_not_toml_is_refused(self):
        self.expect_changed('name = "drop"', "name = drop", "not TOML")

    def test_a_file_without_a_protocol_is_refused(self):
        self.expect("# nothing\n", 1, "no [protocol] table")

    def test_a_record_that_is_not_aligned_is_refused(self):
        half = '{ at = 4, name = "half", kind = "u16", doc = "Two bytes." },\n'
        changed, line = self.changed('{ at = 4, name = "count"', half + '{ at = 6, name = "count"',
                                     RECORD)
        self.expect(changed.replace("body_at = 8", "body_at = 10").replace("at = 8,", "at = 10,")
                    .replace("size = 16", "size = 18"), line + 1, "is not aligned")

    def test_a_body_that_is_too_long_is_refused(self):
        changed, line = self.changed("size = 16", "size = 12", RECORD)
        self.expect(changed, line + 8, "body 'first' ends at 16")

    def test_fields_that_do_not_reach_the_bodies_are_refused(self):
        changed, line = self.changed("body_at = 8", "body_at = 12", RECORD)
        self.expect(changed, line - 3, "its bodies start at 12")

    def test_a_body_is_for_kinds_that_there_are_each_once(self):
        for kinds, reason in (("[]", "for no kind"), ('["two"]', "small_kind has no 'two'"),
                              ('["one", "one"]', "'one' has a body already")):
            with self.subTest(kinds):
                changed, line = self.changed('kinds = ["one"]', f"kinds = {kinds}", RECORD)
                self.expect(changed, line - 3, reason)

    def test_what_selects_a_body_is_a_field_with_an_enumeration(self):
        for name in ("count", "price"):
            with self.subTest(name):
                changed, line = self.changed('body_by = "kind"', f'body_by = "{name}"', RECORD)
                self.expect(changed, line - 4, f"body_by '{name}'")

    def test_controls_count_without_a_hole(self):
        self.expect(CONTROLS.replace("number = 1", "number = 2"), 1, "expected 1",
                    "check-controls")

    def test_a_control_is_evaluated_somewhere(self):
        self.expect(CONTROLS.replace('"both"', '"nowhere"'), 1, "'nowhere'", "check-controls")

    def test_a_control_lacks_nothing(self):
        self.expect(CONTROLS.replace('rule = "none"\n', ""), 1, "lacks 'rule'", "check-controls")


if __name__ == "__main__":
    unittest.main()
