# SPDX-License-Identifier: Apache-2.0
"""What scripts/setup does on machines that lack packages, rights or Debian, played with programs
that only write down how they were called."""

import os
import shutil
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

SETUP = Path(__file__).resolve().parents[2] / "scripts" / "setup"
TOOLS = ("bash", "env", "sed", "cat", "true")


class Machine(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ridley-setup-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.calls = self.folder / "calls"
        self.calls.touch()
        for tool in TOOLS:
            (self.folder / tool).symlink_to(shutil.which(tool))
        self.packages = self.setup("--list").stdout.split()

    def program(self, name: str, body: str) -> None:
        path = self.folder / name
        path.write_text(f'#!/bin/bash\necho "{name} $*" >> {self.calls}\n{body}\n')
        path.chmod(0o755)

    def debian(self, installed: list[str], user: int = 0, apt: str = "true") -> None:
        listing = "\\n".join(f"{package} installed" for package in installed)
        self.program("dpkg-query", f"printf '{listing}\\n'")
        self.program("apt-get", apt)
        self.program("apt-cache", "true")
        self.program("debconf-set-selections", f"cat >> {self.calls}")
        self.program("id", f"echo {user}")

    def setup(self, *options: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            ["bash", str(SETUP), *options], capture_output=True, text=True, check=False,
            stdin=subprocess.DEVNULL, env={"PATH": str(self.folder)})

    def called(self) -> str:
        return self.calls.read_text()

    def test_is_silent_and_fast_when_all_is_there(self):
        self.debian(self.packages)
        start = time.monotonic()
        done = self.setup()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertLess(time.monotonic() - start, 1)
        self.assertNotIn("apt-get", self.called())

    def test_installs_exactly_what_is_missing(self):
        self.debian([package for package in self.packages if package not in ("mold", "tshark")])
        done = self.setup()
        self.assertEqual(done.returncode, 0, done.stderr)
        (install,) = [line for line in self.called().splitlines() if " install " in line]
        self.assertTrue(install.endswith(" mold tshark"), install)
        self.assertIn("2 of", done.stderr)

    def test_answers_the_question_of_tshark_beforehand(self):
        self.debian([package for package in self.packages if package != "tshark"])
        self.setup()
        self.assertIn("wireshark-common/install-setuid boolean false", self.called())

    def test_does_not_take_a_removed_package_for_an_installed_one(self):
        self.debian(self.packages)
        self.program("dpkg-query", "printf '%s config-files\\n' " + " ".join(self.packages))
        self.setup()
        self.assertIn(" install ", self.called())

    def test_refreshes_the_lists_only_when_they_lack_a_package(self):
        self.debian([package for package in self.packages if package != "mold"])
        self.setup()
        self.assertNotIn("update", self.called())
        self.program("apt-cache", "exit 100")
        self.setup()
        self.assertIn("apt-get update", self.called())

    def test_tries_once_more_behind_an_update_when_files_are_gone(self):
        self.debian([], apt='case "$*" in *install*) exit 100;; esac')
        done = self.setup()
        self.assertEqual(done.returncode, 1)
        self.assertEqual(self.called().count(" install "), 2)
        self.assertEqual(self.called().count("apt-get update"), 1)

    def test_minimal_wants_no_test_tools(self):
        minimal = self.setup("--minimal", "--list").stdout.split()
        self.assertLess(set(minimal), set(self.packages))
        self.assertFalse({"tshark", "clang-19", "libgtest-dev"} & set(minimal))
        self.debian(minimal)
        self.assertEqual(self.setup("--minimal").returncode, 0)
        self.assertNotIn("apt-get", self.called())

    def test_uses_sudo_for_others_than_root(self):
        self.debian([], user=1000)
        self.program("sudo", 'shift; exec "$@"')
        done = self.setup()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("sudo -n env", self.called())

    def test_says_what_to_ask_for_without_any_rights(self):
        self.debian([package for package in self.packages if package != "mold"], user=1000)
        done = self.setup()
        self.assertEqual(done.returncode, 1)
        self.assertIn("apt-get install -y --no-install-recommends mold", done.stderr)

    def test_says_that_other_systems_are_not_known(self):
        done = self.setup()
        self.assertEqual(done.returncode, 1)
        self.assertIn("no Debian", done.stderr)

    def test_refuses_an_unknown_argument(self):
        self.assertEqual(self.setup("--all").returncode, 1)


if __name__ == "__main__":
    unittest.main()
