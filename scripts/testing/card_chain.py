# SPDX-License-Identifier: Apache-2.0
"""In: a build. Out: whether the whole card gave what the software gives of 100 million messages, in
both stream widths. Some minutes for each ten million."""

import os
from pathlib import Path

from testing import builds
from testing.totals import Totals

# Of a generated day; one or two in a hundred are lost on both lines, and 100 million are compared.
MESSAGES = 102_000_000
WIDTHS = (64, 32)


def program(folder: Path) -> Path:
    return folder / "tests" / "card_chain" / "card_chain_test"


def environment(folder: Path, messages: int) -> dict[str, str]:
    return os.environ | {
        "RIDLEY_CARD_MESSAGES": str(messages), "RIDLEY_SOURCE_FOLDER": str(builds.ROOT),
        "RIDLEY_CARD_BITSTREAMS": str(folder / "drivers" / "xrt_sim")}


def run(folder: Path, messages: int = MESSAGES) -> Totals:
    totals = Totals()
    if not program(folder).exists():
        print("SKIPPED: there is no simulated card in this build")
        totals.skip()
        return totals
    for bits in WIDTHS:
        log = builds.LOGS / f"card-chain-{bits}.log"
        code = builds.run_logged(
            [str(program(folder)), f"--gtest_filter=*AGeneratedDayOnBothLines*/{bits}Bits"], log,
            environment(folder, messages))
        said = [line for line in log.read_text(errors="replace").splitlines()
                if line.startswith("day, ") or line.endswith("cycles a second")]
        totals.judge("card chain", "; ".join(said) or f"{bits} bits, see {log}", code == 0)
    return totals
