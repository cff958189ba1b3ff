# SPDX-License-Identifier: Apache-2.0
"""The life of a bitstream as people live it: every command that docs/OPERATIONS.md and
docs/HARDWARE.md show, in their order, with the programs as they are; app/card_commands.cpp."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

import xclbin_sample  # noqa: E402

RIDLEY = Path(os.environ.get("RIDLEY_BUILD_FOLDER", "build")) / "src" / "app" / "ridley"
SOURCE = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", ".")).resolve()
SECONDS_MAX = 60
OK, DATAERR, NOINPUT, UNAVAILABLE, NOPERM = 0, 65, 66, 69, 77
# No appliance is there.
ENDS = {"activate": UNAVAILABLE, "rollback": UNAVAILABLE}
WITH_STATE = {"list", "info", "verify", "stage", "activate", "rollback", "history"}
WITH_KEY = {"info", "verify", "stage", "activate", "rollback"}


def shown_commands(page: str, heading: str) -> list[list[str]]:
    """The indented lines of a section that are commands, without what is said about them."""
    text = (SOURCE / "docs" / page).read_text()
    section = text.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = re.findall(r"^    (\S.*)$", section, re.MULTILINE)
    return [shlex.split(line, comments=True) for line in lines]


class Life(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        xclbin_sample.write(self.folder)
        (self.folder / "report.json").write_text('{"timing": {"slack_ns": 0.12}}')

    def run_words(self, words: list[str], given: str = "") -> subprocess.CompletedProcess:
        program = {"ridley": str(RIDLEY.resolve())}.get(words[0], words[0])
        if program.startswith("scripts/"):
            program = str(SOURCE / program)
        return subprocess.run(
            [program, *words[1:]], cwd=self.folder, capture_output=True, text=True,
            timeout=SECONDS_MAX, input=given, check=False)

    def card(self, verb: str, *words: str) -> subprocess.CompletedProcess:
        """With a state folder and a key of this test's own."""
        more = ["--state", "state"] if verb in WITH_STATE else []
        if verb in WITH_KEY and "--key" not in words:
            more += ["--key", "release.pub"]
        return self.run_words(["ridley", "card", verb, *words, *more])

    def make(self, version: int = 7, **changes) -> None:
        """A signed bitstream."""
        xclbin_sample.write(self.folder, **changes)
        if not (self.folder / "release.key").exists():
            self.assertEqual(self.card("keygen", "release").returncode, OK)
        self.assertEqual(self.manifest("--version", str(version)).returncode, OK)
        signed = self.card("sign", "card.xclbin", "--secret-key", "release.key")
        self.assertEqual(signed.returncode, OK, signed.stderr)

    def manifest(self, *words: str) -> subprocess.CompletedProcess:
        return self.run_words([
            "scripts/card_manifest.py", "card.xclbin", "--name", "ridley-card", *words])


class ShownCommands(Life):
    def run_shown(self, words: list[str]) -> subprocess.CompletedProcess:
        if words[:2] == ["ridley", "card"]:
            return self.card(*words[2:])
        return self.run_words(words)

    def test_do_what_the_pages_say(self):
        if not shutil.which("minisign"):
            self.skipTest("needs minisign")
        makes = shown_commands("HARDWARE.md", "From an xclbin to a bitstream that hosts take")
        uses = shown_commands("OPERATIONS.md", "Bitstreams")
        self.assertEqual((len(makes), len(uses)), (5, 8))
        for words in [*makes, *uses]:
            with self.subTest(words=words):
                ended = self.run_shown(words)
                expected = ENDS.get(words[2], OK)
                self.assertEqual(ended.returncode, expected, ended.stdout + ended.stderr)

    def test_have_json_as_well(self):
        self.make()
        for words in (["info", "card.xclbin"], ["verify", "card"], ["stage", "card"], ["list"],
                      ["history"], ["verify", "staged"], ["keygen", "other"],
                      ["sign", "card", "--secret-key", "release.key"]):
            with self.subTest(words=words):
                ended = self.card(*words, "--json")
                self.assertEqual(ended.returncode, OK, ended.stderr)
                self.assertIsInstance(json.loads(ended.stdout), dict)


class Manifest(Life):
    def test_is_the_same_for_the_same_input(self):
        self.assertEqual(self.manifest("--version", "7").returncode, OK)
        first = (self.folder / "card.manifest").read_bytes()
        self.assertEqual(self.manifest("--version", "7").returncode, OK)
        self.assertEqual((self.folder / "card.manifest").read_bytes(), first)

    def test_has_the_hashes_that_the_host_was_built_with(self):
        self.make()
        checks = json.loads(self.card("verify", "card", "--json").stdout)["checks"]
        for name in ("map", "catalogue"):
            (checked,) = [one for one in checks if one["check"] == name]
            self.assertTrue(checked["ok"], checked)

    def test_says_what_the_xclbin_was_built_from(self):
        self.make()
        manifest = json.loads((self.folder / "card.manifest").read_text())
        self.assertEqual({name: manifest[name] for name in xclbin_sample.BUILT},
                         xclbin_sample.BUILT)
        shown = self.card("info", "card.xclbin").stdout
        self.assertIn(f"rtl commit  {xclbin_sample.COMMIT}\n", shown)
        self.assertIn(f"catalogue   {manifest['catalogue_hash']}\n", shown)
        self.assertIn(f"built from  rtl_commit {xclbin_sample.COMMIT}\n", shown)

    def test_is_not_needed_to_see_what_an_xclbin_was_built_from(self):
        xclbin_sample.write(self.folder)
        self.assertIn(f"built from  rtl_commit {xclbin_sample.COMMIT}\n",
                      self.card("info", "card.xclbin").stdout)
        told = json.loads(self.card("info", "card.xclbin", "--json").stdout)
        self.assertEqual({name: told["container"]["built_from"][name]
                          for name in xclbin_sample.BUILT}, xclbin_sample.BUILT)

    def test_takes_the_facts_of_another_tools_xclbin_from_a_file(self):
        xclbin_sample.write(self.folder, facts={})
        refused = self.manifest("--version", "1")
        self.assertNotEqual(refused.returncode, OK)
        self.assertIn("map_hash is not among the facts of the xclbin", refused.stderr)
        facts = self.folder / "facts.json"
        facts.write_text(json.dumps(xclbin_sample.BUILT))
        self.assertEqual(self.manifest("--version", "1", "--facts", "facts.json").returncode, OK)
        facts.write_text(json.dumps(xclbin_sample.BUILT | {"rtl_commit": "12"}))
        refused = self.manifest("--version", "1", "--facts", "facts.json")
        self.assertIn("rtl_commit is not among the facts of the file", refused.stderr)

    def test_is_not_made_with_tables_that_the_xclbin_was_not_built_from(self):
        for name in ("map_hash", "catalogue_hash"):
            other = {name: "0x" + "5" * 16}
            xclbin_sample.write(self.folder, facts=xclbin_sample.BUILT | other)
            refused = self.manifest("--version", "1")
            self.assertNotEqual(refused.returncode, OK)
            self.assertIn(f"{name} is 0x5555555555555555, of these tables "
                          f"{xclbin_sample.BUILT[name]}", refused.stderr)

    def test_refuses_what_cannot_be_right(self):
        for words in (["--version", "0"], ["--version", str(1 << 32)],
                      ["--version", "1", "--golden", "none"], ["--version", "1", "--tool", "x"],
                      ["--version", "1", "--name", "a/b"]):
            with self.subTest(words=words):
                ended = self.manifest(*words)
                self.assertNotEqual(ended.returncode, OK)
                self.assertIn("card_manifest: ", ended.stderr)
        (self.folder / "card.xclbin").write_bytes(b"none")
        self.assertIn("the xclbin is none", self.manifest("--version", "1").stderr)


class Refusals(Life):
    def assert_refused(self, reason: str):
        before = self.card("list").stdout
        ended = self.card("stage", "card")
        self.assertEqual(ended.returncode, DATAERR, ended.stdout)
        self.assertIn(reason, ended.stderr)
        self.assertEqual(self.card("list").stdout, before)
        self.assertIn(reason, self.card("history").stdout)
        self.assertEqual(self.card("verify", "card").returncode, DATAERR)

    def test_of_what_is_unsigned_altered_or_of_other_tables(self):
        self.make()
        signature = self.folder / "card.manifest.minisig"
        signed = signature.read_text()
        signature.unlink()
        self.assert_refused("is not signed")
        signature.write_text(signed.replace("timestamp", "Timestamp"))
        self.assert_refused("trusted comment")
        signature.write_text(signed)
        xclbin_sample.write(self.folder, payload=b"bitz" * 256)
        self.assert_refused("xclbin: is another one")
        xclbin_sample.write(self.folder)
        file = self.folder / "card.manifest"
        text = file.read_text()
        file.write_text(text.replace('"version": 7', '"version": 8'))
        self.assert_refused("was altered after key")
        for name in ("map", "catalogue"):
            file.write_text(re.sub(rf'"{name}_hash": "0x\w{{16}}"',
                                   f'"{name}_hash": "0x{"5" * 16}"', text))
            self.card("sign", "card", "--secret-key", "release.key")
            self.assert_refused(f"{name}: is 0x5555555555555555, which this host does not know")

    def test_of_what_cannot_be_read(self):
        self.assertEqual(self.card("stage", "card", "--key", "none.pub").returncode, NOINPUT)
        self.make()
        for name in ("card.xclbin", "card.golden", "card.manifest"):
            content = (self.folder / name).read_bytes()
            (self.folder / name).unlink()
            ended = self.card("stage", "card")
            self.assertEqual(ended.returncode, NOINPUT)
            self.assertIn(name, ended.stderr)
            (self.folder / name).write_bytes(content)
        (self.folder / "card.xclbin").write_bytes(b"xclbin2\0")
        self.assertEqual(self.card("info", "card").returncode, OK)
        self.assertIn("refused container", self.card("info", "card").stdout)

    def test_of_who_may_not(self):
        if os.geteuid() != 0:
            self.skipTest("only root becomes another user")
        self.make()
        self.folder.chmod(0o755)
        ended = subprocess.run(
            [RIDLEY.resolve(), "card", "stage", "card", "--state", "state", "--key", "release.pub"],
            cwd=self.folder, capture_output=True, text=True, timeout=SECONDS_MAX, check=False,
            user=65534, group=65534, extra_groups=[])
        self.assertEqual(ended.returncode, NOPERM, ended.stderr)
        self.assertIn("state: Permission denied", ended.stderr)


class EncryptedKey(Life):
    def test_signs_with_its_password(self):
        made = self.run_words(["ridley", "card", "keygen", "release", "--password"], "pass word\n")
        self.assertEqual(made.returncode, OK, made.stderr)
        self.assertEqual(self.manifest("--version", "1").returncode, OK)
        words = ["ridley", "card", "sign", "card", "--secret-key", "release.key"]
        wrong = self.run_words(words, "password\n")
        self.assertEqual(wrong.returncode, NOPERM, wrong.stderr)
        self.assertIn("release.key: was not opened: the password is wrong", wrong.stderr)
        self.assertIn("a password is needed", self.run_words(words).stderr)
        self.assertEqual(self.run_words(words, "pass word\n").returncode, OK)
        self.assertEqual(self.card("verify", "card").returncode, OK)


if __name__ == "__main__":
    unittest.main()
