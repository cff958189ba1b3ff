# SPDX-License-Identifier: Apache-2.0
"""Small bitstreams for tests: an xclbin that is whole, with nothing a card could run."""

import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(SOURCE / "scripts"))

import card_facts  # noqa: E402
from card_tools import xclbin_writer  # noqa: E402

DESCRIPTION = SOURCE / "drivers" / "xrt_sim" / "card.toml"


COMMIT = "0123456789abcdef0123456789abcdef01234567"
BUILT = {**card_facts.hashes(), "rtl_commit": COMMIT}


def xclbin(payload: bytes = b"bits" * 256, facts: dict[str, str] | None = None) -> bytes:
    """Built from this checkout's tables, if no other facts are given."""
    return xclbin_writer.write(xclbin_writer.load_description(DESCRIPTION), payload,
                               BUILT if facts is None else facts)


def write(folder: Path, name: str = "card", **changes) -> Path:
    """NAME.xclbin and NAME.golden in the folder."""
    file = folder / f"{name}.xclbin"
    file.write_bytes(xclbin(**changes))
    file.with_suffix(".golden").write_bytes(b"golden vectors of " + name.encode())
    return file
