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

    @property
    def wire(self) -> Path:
        return self.sockets / "card.sock"

    def environment(self) -> dict[str, str]:
        return {"RIDLEY_CARD_SIM": str(self.sockets / "sim.sock"), "XILINX_XRT": str(self.folder),
                "RIDLEY_CARD_SIM_LIMIT_MS": str(LIMIT_MS)}

    def command(self) -> list[str]:
        port = f"net_virtio_user0,path={self.wire},queues=1,queue_size=1024"
        return [str(self.folder / "ridley-card-sim"), "--port0", port, "--clock", "free"]

    def configuration(self) -> str:
        return f"""
[card]
bitstream = {json.dumps(str(self.folder / "card_64.xclbin"))}
role = "use"
shadow_messages = {SHADOW_MESSAGES}
hung_after_ms = {HUNG_AFTER_MS}
"""
