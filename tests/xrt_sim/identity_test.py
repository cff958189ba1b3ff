# SPDX-License-Identifier: Apache-2.0
"""A bitstream that is not for this host, not for this device, or not the one that was asked for:
whoever starts with it does not start, whoever is told to use it does not, and nothing is armed by
it. Covers card/xrt_module.cpp, card/card.cpp and control/card_side.cpp."""

import json
import os
import shutil
import socket
import subprocess
import threading
import unittest
from pathlib import Path

import card_street
from card_rig import SIMULATED, Card, Folder, Program
from card_street import Bitstreams, Street
from raw_card import IDENTIFY, LOAD, MESSAGE_BYTES_MAX, ask, connection, kind_of, load

CARD = SIMULATED / "card_64.xclbin"
OTHER = SIMULATED / "test_card_64.xclbin"  # the same registers and tables, another design
OTHER_TABLES = SIMULATED / "other_tables_64.xclbin"
OTHER_SHELL = "xilinx_u50_gen3x16_xdma_5"
SHELL = "ridley_card_sim_1"
DATAERR, UNAVAILABLE, PROTOCOL, CONFIG = 65, 69, 76, 78


def uuid_of(xclbin: Path) -> str:
    return card_street.xclbin_reader.describe(xclbin.read_bytes())["uuid"]


class Between:
    """A socket that stands for the card's. As soon as a bitstream is loaded through it, and before
    anybody hears of it, another program loads another one."""

    def __init__(self, path: Path, card: Path, other: Path):
        self.path, self.card, self.other = path, card, other
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(str(path))
        self.listener.listen()
        threading.Thread(target=self.welcome, daemon=True).start()

    def welcome(self) -> None:
        while True:
            try:
                host, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.carry, args=(host,), daemon=True).start()

    def carry(self, host: socket.socket) -> None:
        with host, connection(self.card) as card:
            while True:
                request, files, _, _ = socket.recv_fds(host, MESSAGE_BYTES_MAX, 1)
                if not request:
                    return
                socket.send_fds(card, [request], files)
                for file in files:
                    os.close(file)
                answer = card.recv(MESSAGE_BYTES_MAX)
                if kind_of(request) == LOAD:
                    self.intrude()
                host.send(answer)

    def intrude(self) -> None:
        with connection(self.card) as intruder:
            error, words = load(intruder, self.other.read_bytes())
            assert error == 0, words

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()


class Start(unittest.TestCase):
    """What `card.bitstream` names is loaded, looked at, and refused: the appliance does not start,
    so that nothing is armed."""

    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.close)
        self.card = Card(self.folder)
        self.addCleanup(lambda: self.card.end())

    def assert_refused(self, bitstream: Path, code: int, *words: str, **card: str) -> None:
        environment = {name: value for name, value in self.folder.environment(**card).items()
                       if name.startswith(("RIDLEY_CARD_SIM", "XILINX_XRT"))}
        refused = card_street.refusal(self.folder.path, self.folder.path / "state", str(bitstream),
                                      environment)
        for one in words:
            self.assertIn(one, refused.said)
        self.assertEqual(refused.code, code, refused.said)
        self.assertNotIn("ready", refused.said)

    def test_is_refused_for_tables_that_this_host_was_not_made_from(self):
        facts = json.loads((SIMULATED / "card_facts.json").read_text())
        known = facts["catalogue_hash"].removeprefix("0x")
        self.assert_refused(OTHER_TABLES, CONFIG, "card: its decoder is of catalogue "
                            f"5555555555555555, this program knows {known}: load a bitstream")

    def test_is_refused_for_another_shell(self):
        other = self.folder.path / "other.xclbin"
        other.write_bytes(card_street.written_anew(CARD.read_bytes(), OTHER_SHELL, {}))
        self.assert_refused(other, CONFIG, f"card: the bitstream is for shell {OTHER_SHELL}, "
                            f"the device has {SHELL}")
        # It was looked at before it was loaded.
        self.assertNotIn("design ", self.card.said())

    def test_is_refused_while_another_program_uses_another_one(self):
        program = Program(self.folder)
        self.addCleanup(program.end)
        program.open(OTHER)
        self.assert_refused(CARD, UNAVAILABLE, "card: the bitstream is not taken: ",
                            "a compute unit of the design is in use")
        with connection(self.folder.socket) as card:
            self.assertEqual(ask(card, IDENTIFY), (0, uuid_of(OTHER)))

    def test_is_refused_where_another_program_has_loaded_another_one_meanwhile(self):
        between = Between(self.folder.path / "between", self.folder.socket, OTHER)
        self.addCleanup(between.close)
        self.assert_refused(CARD, CONFIG, f"card: the device has {uuid_of(OTHER)} loaded, not "
                            f"{uuid_of(CARD)}", RIDLEY_CARD_SIM=str(between.path))


class Signed(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.close)
        self.bitstreams = Bitstreams(self.folder.path)

    def test_of_another_uuid_than_the_file_is_neither_signed_nor_staged(self):
        base = self.bitstreams.make(1)
        manifest = base.with_suffix(".manifest")
        said = json.loads(manifest.read_text())
        manifest.write_text(json.dumps(said | {"uuid": uuid_of(OTHER)}))
        why = f"container: has the UUID {said['uuid']}, the manifest says {uuid_of(OTHER)}"
        key = str(self.folder.path / "release.key")
        done = self.bitstreams.ridley("sign", str(base), "--secret-key", key, code=DATAERR)
        self.assertIn(f"not signed: {why}", done.stderr)
        if not shutil.which("minisign"):
            self.skipTest("needs minisign, which signs anything")
        subprocess.run(["minisign", "-S", "-s", key, "-m", manifest], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        done = self.bitstreams.ridley("stage", str(base), *self.bitstreams.known, code=DATAERR)
        self.assertIn(f"refused: {why}", done.stderr)
        self.assertEqual(self.bitstreams.events(), [("refused", why)])
        self.assertEqual(self.bitstreams.slots()["staged"], None)

    def test_for_another_shell_is_not_used_and_nothing_is_armed(self):
        street = Street(self.folder.path / "street", self.bitstreams.state)
        self.addCleanup(street.close)
        street.open()
        street.operator.command("disarm")
        self.bitstreams.stage(1, platform=OTHER_SHELL)
        done = street.activate(self.bitstreams)
        self.assertEqual(done.returncode, PROTOCOL, done.stdout + done.stderr)
        self.assertEqual(self.bitstreams.events()[-1],
                         ("rolled_back", f"load: card: the bitstream is for shell {OTHER_SHELL}, "
                                         f"the device has {SHELL}"))
        status = street.card_is("none")
        self.assertFalse(status["armed"])
        self.assertEqual(self.bitstreams.slots()["active"], None)
        # The software's feed has gone on.
        street.wait(lambda now: now["messages"] > status["messages"] + 100, "hear more")


if __name__ == "__main__":
    unittest.main()
