# SPDX-License-Identifier: Apache-2.0
"""scripts/card_facts.py: which commit a card is from, and that nothing is made anew without a
reason. scripts/schema_tools/catalogue.py: what the hash of the tables is over."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

ROOT = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", Path(__file__).parents[2]))
sys.path.insert(0, str(ROOT / "scripts"))

import card_facts  # noqa: E402
from schema_tools import catalogue, itch_events  # noqa: E402

NOT_FROM_A_COMMIT = "0" * 40


class Scratch(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


@unittest.skipUnless(shutil.which("git"), "needs git")
class Commit(Scratch):
    def git(self, *words: str) -> str:
        nobody = ["-c", "user.name=nobody", "-c", "user.email=nobody@localhost",
                  "-c", "commit.gpgsign=false"]
        return subprocess.run(["git", *nobody, *words], cwd=self.root, check=True,
                              capture_output=True, text=True).stdout.strip()

    def commit(self, file: str, text: str) -> str:
        (self.root / file).write_text(text)
        self.git("add", ".")
        self.git("commit", "-q", "-m", file)
        return self.git("rev-parse", "HEAD")

    def setUp(self):
        super().setUp()
        self.root = self.folder / "checkout"
        for part in ("hw", "schema", "docs"):
            (self.root / part).mkdir(parents=True)
        self.git("init", "-q")
        self.first = self.commit("hw/card.sv", "module card; endmodule\n")

    def said(self) -> str:
        return card_facts.rtl_commit(self.root)

    def test_is_the_last_one_that_changed_the_hardware_or_its_tables(self):
        self.assertEqual(self.said(), self.first)
        self.commit("docs/page.md", "words\n")
        self.assertEqual(self.said(), self.first)
        second = self.commit("schema/more.toml", "# nothing\n")
        self.assertEqual(self.said(), second)

    def test_is_none_with_changes(self):
        (self.root / "docs" / "page.md").write_text("words\n")
        self.assertEqual(self.said(), self.first)
        new = self.root / "hw" / "new.sv"
        new.write_text("module new_one; endmodule\n")
        self.assertEqual(self.said(), NOT_FROM_A_COMMIT)
        new.unlink()
        (self.root / "hw" / "card.sv").write_text("module other_card; endmodule\n")
        self.assertEqual(self.said(), NOT_FROM_A_COMMIT)
        self.git("add", "hw")
        self.assertEqual(self.said(), NOT_FROM_A_COMMIT)

    def test_is_none_without_git(self):
        shutil.rmtree(self.root / ".git")
        self.assertEqual(self.said(), NOT_FROM_A_COMMIT)
        with mock.patch.dict(os.environ, {"PATH": str(self.folder)}):
            self.assertEqual(self.said(), NOT_FROM_A_COMMIT)

    def test_is_none_where_the_history_is_cut_off_before_it(self):
        self.commit("docs/page.md", "words\n")
        clone = self.folder / "shallow"
        self.git("clone", "-q", "--depth", "1", f"file://{self.root}", str(clone))
        self.assertEqual(card_facts.rtl_commit(clone), NOT_FROM_A_COMMIT)


class Files(Scratch):
    def test_say_what_the_checkout_is_and_are_not_rewritten_with_the_same(self):
        facts, header = self.folder / "facts.json", self.folder / "made" / "rtl_commit.h"
        command = [sys.executable, ROOT / "scripts" / "card_facts.py", "-o", facts,
                   "--header", header]
        subprocess.run(command, check=True)
        said = json.loads(facts.read_text())
        self.assertEqual(said, {**card_facts.hashes(), "rtl_commit": card_facts.rtl_commit(ROOT)})
        self.assertIn(f"RIDLEY_RTL_COMMIT 0x{said['rtl_commit'][:16]}ULL\n", header.read_text())
        before = [file.stat().st_mtime_ns for file in (facts, header)]
        subprocess.run(command, check=True)
        self.assertEqual([file.stat().st_mtime_ns for file in (facts, header)], before)
        header.write_text("another commit\n")
        subprocess.run(command, check=True)
        self.assertIn("RIDLEY_RTL_COMMIT", header.read_text())


class Catalogue(Scratch):
    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "schema", self.folder / "schema")
        for module in (catalogue, itch_events):
            patch = mock.patch.object(module, "MESSAGES", self.folder / "schema" / "messages")
            patch.start()
            self.addCleanup(patch.stop)

    def hash(self) -> int:
        return catalogue.load_catalogue(self.folder / "schema" / "itch_events.toml").hash

    def edit(self, file: str, old: str, new: str) -> str:
        """What was there."""
        path = self.folder / "schema" / file
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return text

    def test_does_not_change_with_the_words_about_the_tables(self):
        first = self.hash()
        for file, old, new in (
                ("messages/itch.toml", 'doc = "', 'doc = "Indeed: '),
                ("messages/moldudp64.toml", 'title = "', 'title = "The '),
                ("messages/ouch.toml", 'kind = "u32"', 'kind = "i32"'),
                ("itch_events.toml", "[[event]]", "# A note.\n[[event]]")):
            self.edit(file, old, new)
            self.assertEqual(self.hash(), first, file)

    def test_changes_with_everything_else(self):
        seen = {self.hash()}
        for file, old, new in (
                ("itch_events.toml", "printable = 1", "printable = 0"),
                ("itch_events.toml", 'price_e4 = "execution_price"\n', ""),
                ("itch_events.toml", 'printable = "printable"\n', ""),
                ("messages/itch.toml", 'value = "N", name = "nyse"', 'value = "n", name = "nyse"'),
                ("messages/moldudp64.toml", 'kind = "u64"', 'kind = "i64"'),
                ("messages/card.toml", 'name = "flags"', 'name = "bits"'),
                ("messages/event.toml", 'value = 0, name = "none"', 'value = 99, name = "none"')):
            with self.subTest(file=file, new=new):
                was = self.edit(file, old, new)
                self.assertNotIn(self.hash(), seen)
                seen.add(self.hash())
                (self.folder / "schema" / file).write_text(was, encoding="utf-8")


if __name__ == "__main__":
    unittest.main()
