# SPDX-License-Identifier: Apache-2.0
"""In: rows of figures, of now and of before. Out: what grew, and a JSON file with a page."""

import json
from pathlib import Path

from synthesizing.sources import HARDWARE

KEPT = HARDWARE / "results"
GROWTH_PERCENT = 5.0
# What is judged by its growth, and what the page calls it.
COLUMNS = {
    "lut": "LUT", "lut_memory": "LUT as memory", "shift": "LUT as shift register", "ff": "FF",
    "carry": "CARRY4", "bram": "BRAM, 36 kbit", "uram": "URAM", "dsp": "DSP",
    "levels": "levels of LUTs",
}
INTRODUCTION = """# What the card takes of an UltraScale+ FPGA, block by block

Written by `scripts/synthesis`; the figures are of `synth_xilinx -family xcup`, out of context, and
say how blocks compare and how they grow. They are **no timing**: whether 156.25 or 322.27 MHz are
reached on UltraScale+ needs the vendor's tool, and is not shown here. A block includes the blocks
it is made of. *Levels* are the LUTs in a row on the deepest way between registers or ports, reads
of LUT memory included; *carries* are the CARRY4 cells on the same way, counted apart.
"""


def grown(before: list[dict], now: list[dict], percent: float) -> list[str]:
    """A sentence for each figure that grew by more than so many per cent; one for a new block."""
    known = {row["block"]: row for row in before}
    said = []
    for row in now:
        old = known.get(row["block"])
        if old is None:
            said.append(f"{row['block']}: is new")
            continue
        for key, title in COLUMNS.items():
            if row[key] > old[key] * (1 + percent / 100):
                share = f" (+{100 * (row[key] / old[key] - 1):.0f} %)" if old[key] else ""
                said.append(f"{row['block']}: {title} {old[key]:g} -> {row[key]:g}{share}")
    return said


def merged(before: list[dict], now: list[dict]) -> list[dict]:
    """The rows of now, and those of before that were not made anew."""
    fresh = {row["block"] for row in now}
    return sorted([*now, *(row for row in before if row["block"] not in fresh)],
                  key=lambda row: row["block"])


def read(file: Path) -> list[dict]:
    return json.loads(file.read_text("utf-8"))["rows"] if file.exists() else []


def write_json(file: Path, facts: dict, rows: list[dict]) -> None:
    """A row a line: what changed is then seen in a diff."""
    lines = ",\n".join("  " + json.dumps(row) for row in rows)
    head = "".join(f" {json.dumps(key)}: {json.dumps(value)},\n" for key, value in facts.items())
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{{\n{head} \"rows\": [\n{lines}\n ]\n}}\n", encoding="utf-8")


def table(titles: list[str], rows: list[list[str]], texts: int) -> str:
    """Markdown; the last so many columns, and the first, are text."""
    rules = ["---", *["---:"] * (len(titles) - 1 - texts), *["---"] * texts]
    return "".join("| " + " | ".join(row) + " |\n" for row in (titles, rules, *rows))


def page(facts: dict, rows: list[dict]) -> str:
    titles = ["block", *COLUMNS.values(), "carries", "from", "to"]
    lines = [[row["block"], *(f"{row[key]:g}" for key in COLUMNS), f"{row['carries']}",
              f"`{row['start']}`", f"`{row['end']}`"] for row in rows]
    made = ", ".join(f"{key} {value}" for key, value in facts.items())
    return f"{INTRODUCTION}\n{table(titles, lines, 2)}\n{made}.\n"
