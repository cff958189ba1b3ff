# SPDX-License-Identifier: Apache-2.0
"""In: hw/ and schema/. Out: the blocks of the card, those made from tables included, each with the
files it is made of, and the widths it is built in."""

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HARDWARE = ROOT / "hw"
FOLDER = ROOT / "build" / "synthesis"
STREAM_BITS = (64, 32)
# A row of `tables` in hw/meson.build: what is made, by which back end, from which table.
MADE = re.compile(r"^  '(ridley_\w+)': \['([\w-]+)', '([\w./]+)'\],$", re.MULTILINE)
INSTANCE = re.compile(r"^\s*(ridley_\w+) (?:#\(|\w+ \()", re.MULTILINE)
STREAMED = re.compile(r"^\s*parameter int unsigned StreamBits\b", re.MULTILINE)
NAME_PREFIX = "ridley_"


@dataclass(frozen=True)
class Block:
    """A module in one width: its sources, packages first and itself last."""

    top: str
    stream_bits: int | None
    files: tuple[Path, ...]

    @property
    def name(self) -> str:
        short = self.top.removeprefix(NAME_PREFIX)
        return short if self.stream_bits is None else f"{short}/{self.stream_bits}"

    @property
    def parameters(self) -> dict[str, int]:
        return {} if self.stream_bits is None else {"StreamBits": self.stream_bits}

    @property
    def reading_files(self) -> str:
        """Commands of yosys that read its files. What a block promises is not built."""
        return f"read_verilog -sv -noassert -noassume {' '.join(map(str, self.files))}; "

    @property
    def reading(self) -> str:
        """The same, and give the block its width."""
        parameters = "".join(f"chparam -set {name} {value} {self.top}; "
                             for name, value in self.parameters.items())
        return self.reading_files + parameters


def make_sources(folder: Path) -> None:
    """What the build makes from tables, made without a build."""
    for name, back_end, table in MADE.findall((HARDWARE / "meson.build").read_text("utf-8")):
        subprocess.run(
            [sys.executable, str(ROOT / "scripts" / "generate.py"), back_end,
             str(ROOT / "schema" / table), "-o", str(folder / f"{name}.sv")], check=True)


def with_parts(file: Path, modules: dict[str, Path], seen: tuple[Path, ...] = ()) -> list[Path]:
    """The file, behind those of the modules that it is made of."""
    parts: list[Path] = []
    for name in INSTANCE.findall(file.read_text("utf-8")):
        if name in modules and modules[name] not in seen:
            parts += [part for part in with_parts(modules[name], modules, (*seen, file))
                      if part not in parts]
    return [*parts, file]


def blocks_of(files: list[Path]) -> list[Block]:
    """Every module of these files; twice where its streams have two widths."""
    packages = [file for file in files if file.stem.endswith("_pkg")]
    modules = {file.stem: file for file in files if file not in packages}
    blocks = []
    for top, file in sorted(modules.items()):
        streamed = STREAMED.search(file.read_text("utf-8"))
        for bits in STREAM_BITS if streamed else (None,):
            blocks.append(Block(top, bits, (*packages, *with_parts(file, modules))))
    return blocks


def blocks() -> list[Block]:
    made = FOLDER / "made"
    make_sources(made)
    return blocks_of([*sorted(HARDWARE.glob("rtl/*/*.sv")), *sorted(made.glob("*.sv"))])


def chosen(known: list[Block], names: list[str]) -> list[Block]:
    """Those that are named: 'frame_strip' in every width, 'frame_strip/64' in one."""
    unknown = [name for name in names
               if not any(name in (block.name, block.name.split("/")[0]) for block in known)]
    if unknown:
        raise KeyError(", ".join(unknown))
    return [block for block in known
            if not names or block.name in names or block.name.split("/")[0] in names]
