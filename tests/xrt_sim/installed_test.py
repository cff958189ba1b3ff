# SPDX-License-Identifier: Apache-2.0
"""What `meson install` leaves, in a folder of its own: the programs find the simulated card, its
bitstream and what uses XRT from where they lie themselves (control/card_process.cpp,
card/xrt.cpp)."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

from hostile_frames import mold, udp, write_capture

BUILD = Path(os.environ["RIDLEY_BUILD_FOLDER"])
SECONDS_MAX = 120
OK, UNAVAILABLE = 0, 69


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        cls.addClassCleanup(folder.cleanup)
        cls.folder = Path(folder.name)
        subprocess.run(["meson", "install", "-C", BUILD, "--no-rebuild", "--quiet", "--destdir",
                        cls.folder / "root"], check=True, timeout=SECONDS_MAX)
        (cls.program,) = cls.folder.glob("root/**/bin/ridley")
        cls.capture = write_capture(cls.folder / "news.pcap", [
            udp(mold(1, [b"D" * 19, b"B" * 19])), udp(mold(3, [b"D" * 19])), udp(mold(9, []))])

    def decode(self, engine: str) -> tuple[int, bytes, bytes]:
        environment = {name: value for name, value in os.environ.items()
                       if not name.startswith(("RIDLEY_", "XILINX_", "LD_"))}
        done = subprocess.run([self.program, "decode", "--engine", engine, self.capture],
                              capture_output=True, timeout=SECONDS_MAX, check=False,
                              cwd=self.folder, env=environment)
        return done.returncode, done.stdout, done.stderr

    def test_decodes_a_file_in_the_card_that_was_installed(self):
        software = self.decode("cpp")
        self.assertEqual(software[0], OK, software[2])
        self.assertEqual(software[1].count(b"\n"), 4)
        self.assertEqual(self.decode("rtl"), software)

    def test_uses_nothing_of_the_build(self):
        for pattern in ("card_64.xclbin", "ridley_xrt.so", "ridley-card-sim", "libxrt_core.so.2"):
            with self.subTest(pattern):
                (file,) = self.folder.glob(f"root/**/{pattern}")
                away = file.rename(self.folder / "away")
                ended, _, said = self.decode("rtl")
                away.rename(file)
                self.assertEqual(ended, UNAVAILABLE, said)


if __name__ == "__main__":
    unittest.main()
