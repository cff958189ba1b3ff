# SPDX-License-Identifier: Apache-2.0
"""In: a folder, and what a test wants of the card. Out: an exchange, a simulated card and an
appliance, each a process, and signed bitstreams for them."""

import json
import os
import re
import shutil
import signal
import struct
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

BUILD = Path(os.environ["RIDLEY_BUILD_FOLDER"])
SOURCE = Path(os.environ["RIDLEY_SOURCE_FOLDER"])
sys.path.insert(0, str(SOURCE / "scripts"))

from card_tools import xclbin_reader, xclbin_writer  # noqa: E402
from session import configuration  # noqa: E402
from session.card import SimulatedCard  # noqa: E402
from session.child import Child, environment, stop_all  # noqa: E402
from session.control import Operator  # noqa: E402
from session.folder import RunFolder  # noqa: E402

PROGRAMS = BUILD / "src" / "app"
RIDLEY = PROGRAMS / "ridley"
DESIGNS = BUILD / "drivers" / "xrt_sim"
# The machine has other work.
START_S, STEP_S, STOP_S = 60, 180, 30
MESSAGES_A_SECOND = 3_000
SHADOW_MESSAGES = 2_000
# A shared core gives nobody a turn for long.
LIMIT_MS = 5_000


class Bitstreams:
    """Signed ones, and the state folder that they are staged into."""

    def __init__(self, folder: Path):
        self.folder, self.state = folder, folder / "state"
        self.ridley("keygen", str(folder / "release"))

    def ridley(self, verb: str, *words: str, code: int | None = 0) -> subprocess.CompletedProcess:
        done = subprocess.run([RIDLEY, "card", verb, *words], env=environment(), timeout=STEP_S,
                              capture_output=True, text=True, check=False)
        if code is not None and done.returncode != code:
            raise AssertionError(f"{verb}: exit code {done.returncode}, not {code}: "
                                 f"{done.stdout}{done.stderr}")
        return done

    @property
    def known(self) -> list[str]:
        return ["--state", str(self.state), "--key", str(self.folder / "release.pub")]

    def make(self, version: int, design: str = "card_64", golden: str | None = None,
             platform: str | None = None, facts: dict[str, str] | None = None, **said: str) -> Path:
        """Without an ending. golden, platform, facts: others than the build's; said: of the
        manifest."""
        base = self.folder / f"v{version}"
        xclbin = (DESIGNS / f"{design}.xclbin").read_bytes()
        base.with_suffix(".xclbin").write_bytes(
            written_anew(xclbin, platform, facts or {}) if platform or facts else xclbin)
        if golden is None:
            shutil.copyfile(DESIGNS / "card_64.golden", base.with_suffix(".golden"))
        else:
            base.with_suffix(".golden").write_text(golden)
        subprocess.run(
            [sys.executable, SOURCE / "scripts" / "card_manifest.py", base.with_suffix(".xclbin"),
             "--name", design, "--version", str(version)], check=True, timeout=STEP_S)
        manifest = base.with_suffix(".manifest")
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | said))
        self.ridley("sign", str(base), "--secret-key", str(self.folder / "release.key"))
        return base

    def stage(self, *words, **changes) -> Path:
        base = self.make(*words, **changes)
        self.ridley("stage", str(base), *self.known)
        return base

    def events(self) -> list[tuple[str, str]]:
        """What the history has, with its words."""
        told = self.ridley("history", "--json", "--state", str(self.state)).stdout
        lines = [json.loads(line) for line in told.splitlines()]
        return [(line["event"], line["text"]) for line in lines]

    def slots(self) -> dict:
        return json.loads(self.ridley("list", "--json", "--state", str(self.state)).stdout)


def written_anew(xclbin: bytes, platform: str | None, facts: dict[str, str]) -> bytes:
    """The same design, for another shell if there is one, built from something else if it says."""
    sections = xclbin_reader.describe(xclbin)["sections"]
    at, size = sections["BITSTREAM"]["at"], sections["BITSTREAM"]["bytes"]
    described = xclbin_writer.load_description(SOURCE / "drivers" / "xrt_sim" / "card.toml")
    return xclbin_writer.write(described | ({"platform": platform} if platform else {}),
                               xclbin[at:at + size],
                               sections["BUILD_METADATA"]["holds"]["build_metadata"] | facts)


def few_golden_vectors() -> str:
    """The first frames of the build's, as long as no event of theirs has a price: a price with its
    bytes the wrong way round is not noticed."""
    kept: list[str] = []
    for line in (DESIGNS / "card_64.golden").read_text().splitlines():
        words = line.split()
        if words[0] == "event":
            price = bytes.fromhex(words[2])[36:40]
            if price != price[::-1]:
                break
        kept.append(line)
    while kept[-1].split()[0] != "frame":
        kept.pop()
    return "\n".join(kept[:-1]) + "\n"


class Street:
    """Whoever makes one calls close(). The appliance trades as soon as it is ready."""

    def __init__(self, folder: Path, state: Path, bitstream: str = "none", more: str = ""):
        self.run = RunFolder(folder)
        self.card = SimulatedCard(DESIGNS, self.run.sockets)
        self.children: list[Child] = []
        self.config = self.run.path / "ridleyd.toml"
        self.operator = Operator(RIDLEY, self.config)
        self.table = f"""
[card]
bitstream = {json.dumps(bitstream)}
state_folder = {json.dumps(str(state))}
role = "use"
shadow_messages = 200
hung_after_ms = {2 * LIMIT_MS}
{more}
"""

    def start(self, name: str, command: list) -> Child:
        limits = {"RIDLEY_CARD_SIM_LIMIT_MS": str(LIMIT_MS)}
        child = Child(name, [str(word) for word in command], self.run.log(name), self.run.path,
                      self.card.environment() | limits)
        self.children.append(child)
        return child

    def open(self) -> None:
        venue_folder = self.run.path / "venue"
        wires = (("A", self.run.sockets / "feed.sock"), *self.card.wires())
        feed = [word for number, (lines, wire) in enumerate(wires)
                for word in ("--feed-port", f"{lines}:net_vhost{number},iface={wire},queues=1")]
        venue = self.start("ridley-venue", [
            PROGRAMS / "ridley-venue", "--run-folder", venue_folder, *feed, "--wait-for-link",
            "--wait-for-login", START_S, "--order-port", 0, "--seed", 7, "--instruments", 20,
            "--rate", MESSAGES_A_SECOND])
        ready = venue_folder / "ready.json"
        venue.wait_until(ready.exists, START_S, "get ready")
        self.config.write_text(configuration.text(
            json.loads(ready.read_text()), self.run.path, self.run.sockets, self.table))
        card = self.start("ridley-card-sim", self.card.command())
        socket = Path(self.card.environment()["RIDLEY_CARD_SIM"])
        card.wait_until(socket.exists, START_S, "listen")
        self.appliance = self.start("ridleyd", [PROGRAMS / "ridleyd", self.config])
        self.operator.wait_until_ready(self.appliance, START_S)
        self.operator.command("arm")

    def status(self) -> dict:
        return self.operator.status()

    def wait(self, condition, what: str, seconds: float = STEP_S) -> dict:
        """Until the status is as wanted."""
        status: dict = {}

        def is_so() -> bool:
            status.clear()
            status.update(self.status())
            return bool(status) and condition(status)

        self.appliance.wait_until(is_so, seconds, what)
        return status

    def card_is(self, state: str) -> dict:
        return self.wait(lambda status: status["card"]["state"] == state, f"have a card {state}")

    def activate_words(self, bitstreams: Bitstreams, messages: int = SHADOW_MESSAGES) -> list:
        return [RIDLEY, "card", "activate", "--messages", str(messages), "--json",
                "--config", self.config, *bitstreams.known]

    def activate(self, bitstreams: Bitstreams) -> subprocess.CompletedProcess:
        return subprocess.run(
            self.activate_words(bitstreams), env=environment(), timeout=STEP_S,
            capture_output=True, text=True, check=False)

    def begin_to_activate(self, bitstreams: Bitstreams, step: str) -> subprocess.Popen:
        """One that never ends by itself, and has come to that step."""
        process = subprocess.Popen(
            self.activate_words(bitstreams, 10**9), env=environment(), stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        self.wait(lambda status: status["card"].get("trial", {}).get("step") == step
                  and status["card"]["trial"]["compared"] > 0, f"come to {step}")
        return process

    def kill(self, child: Child) -> None:
        child.stopping = True
        child.process.send_signal(signal.SIGKILL)
        child.process.wait(STOP_S)

    def words_of_appliance(self) -> str:
        return re.sub(r"\s+", " ", self.run.log("ridleyd").read_text(errors="replace"))

    def close(self) -> None:
        for child in reversed(self.children):
            child.stopping = True
        stop_all(list(reversed(self.children)), STOP_S / 3)
        self.run.close()


def refusal(folder: Path, state: Path, bitstream: str = "active",
            card: dict[str, str] | None = None) -> SimpleNamespace:
    """Of an appliance that wants this bitstream; nothing else of it is opened. card: environment of
    the simulated one."""
    config = folder / "refused.toml"
    ready = {"symbols": ["AAAA"], "groups": [{"group": "233.54.12.111", "port": 26477}],
             "order_port": 1, "username": "RIDLEY", "password": "TURTLE"}
    table = (f"\n[card]\nbitstream = {json.dumps(bitstream)}\n"
             f"state_folder = {json.dumps(str(state))}\n")
    (folder / "telemetry").mkdir(exist_ok=True)
    text = configuration.text(ready, folder, folder, table)
    capture = folder / "one.pcap"
    capture.write_bytes(struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1)
                        + struct.pack("<IIII", 1, 0, 60, 60) + bytes(60))
    port = f'port = "pcap:{capture},rate=max"'
    config.write_text(re.sub(r'(?m)^port = "net_virtio.*$', port, text))
    done = subprocess.run([PROGRAMS / "ridleyd", config], env=environment() | (card or {}),
                          timeout=STEP_S, capture_output=True, text=True, check=False)
    return SimpleNamespace(code=done.returncode, said=done.stderr)


def wait_for_end(process: subprocess.Popen) -> int:
    end = time.monotonic() + STEP_S
    while process.poll() is None:
        if time.monotonic() > end:
            process.kill()
            raise AssertionError("it does not end")
        time.sleep(0.05)
    return process.returncode
