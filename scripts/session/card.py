# SPDX-License-Identifier: Apache-2.0
"""In: where the simulated card was built, and the folder of sockets. Out: the card's command line,
and what the appliance must know of it."""

import json
from dataclasses import dataclass
from pathlib import Path

# A shared core gives nobody a turn for longer than a real card may be silent.
HUNG_AFTER_MS = 2_000
# For one register.
LIMIT_MS = 500
SHADOW_MESSAGES = 2_000


@dataclass(frozen=True)
class SimulatedCard:
    folder: Path  # of the build, with the program, the bitstream and lib/libxrt_core.so.2
    sockets: Path
    lines: str = "A"  # of the feed, one for each of its ports

    def wires(self) -> list[tuple[str, Path]]:
        return [(line, self.sockets / f"card_{line}.sock") for line in self.lines]

    def environment(self) -> dict[str, str]:
        return {"RIDLEY_CARD_SIM": str(self.sockets / "sim.sock"), "XILINX_XRT": str(self.folder),
                "RIDLEY_CARD_SIM_LIMIT_MS": str(LIMIT_MS)}

    def command(self) -> list[str]:
        ports = [word for number, (_, wire) in enumerate(self.wires()) for word in (
            f"--port{number}", f"net_virtio_user{number},path={wire},queues=1,queue_size=1024")]
        return [str(self.folder / "ridley-card-sim"), *ports, "--clock", "free"]

    def configuration(self) -> str:
        return f"""
[card]
bitstream = {json.dumps(str(self.folder / "card_64.xclbin"))}
role = "use"
shadow_messages = {SHADOW_MESSAGES}
hung_after_ms = {HUNG_AFTER_MS}
"""
