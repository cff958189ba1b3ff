# SPDX-License-Identifier: Apache-2.0
"""In: one flat module as yosys' write_json gives it, after synth_xilinx. Out: what it takes, and
its deepest logic: the most LUTs in a row between two registers, or a port and a register, with the
carry cells on that way counted apart.

A LUT and a read of LUT memory are a level each. Wide multiplexers (MUXF7 to 9) and inverters, which
the vendor's tool puts into the LUT behind them, are none."""

import re
from collections import Counter, deque
from dataclasses import dataclass

# A RAM64M8 is the eight LUTs of a slice; the last number of a name is LUTs per memory cell.
LUT_MEMORY = re.compile(r"^RAM(\d+)(M16|M8|M|X\d+[SD]|D)$")
LUT_MEMORY_LUTS = {"M16": 8, "M8": 8, "M": 4}
SHIFT = re.compile(r"^SRL(C?)(16|32)E?$")
FLIP_FLOP = re.compile(r"^(FD[RSCP]E|LD[CP]E)(_1)?$")
BLOCK_MEMORY = re.compile(r"^RAMB(18|36)E")
PASSING = {"INV", "MUXF7", "MUXF8", "MUXF9", "BUF", "BUFG", "BUFGCTRL"}
CLOCKS = {"C", "CLK", "WCLK"}
KILOBITS_36 = {"18": 0.5, "36": 1.0}


class UnknownCell(Exception):
    """A cell of which it is not known what it takes; nothing is guessed."""


@dataclass(frozen=True)
class Depth:
    """The deepest way: levels of LUTs, carry cells on it, and where it begins and ends."""

    levels: int = 0
    carries: int = 0
    start: str = "-"
    end: str = "-"


def lut_memory_luts(kind: str) -> int:
    """LUTs of a memory cell: RAM64M8 8, RAM64M 4, RAM64X1D 2, RAM256X1S 4."""
    words, form = LUT_MEMORY.match(kind).groups()
    if form in LUT_MEMORY_LUTS:
        return LUT_MEMORY_LUTS[form]
    ports = 2 if form.endswith("D") else 1
    return max(1, int(words) // 64) * ports


def resources(module: dict) -> dict[str, float]:
    """LUTs of logic, memory and shift registers; flip-flops; carries; block memory of 36 kbit."""
    found = Counter({name: 0 for name in
                     ("lut", "lut_memory", "shift", "ff", "carry", "bram", "uram", "dsp")})
    for kind, count in Counter(cell["type"] for cell in module["cells"].values()).items():
        memory = BLOCK_MEMORY.match(kind)
        if re.fullmatch(r"LUT[1-6]", kind):
            found["lut"] += count
        elif LUT_MEMORY.match(kind):
            found["lut_memory"] += count * lut_memory_luts(kind)
        elif SHIFT.match(kind):
            found["shift"] += count
        elif FLIP_FLOP.match(kind):
            found["ff"] += count
        elif kind in ("CARRY4", "CARRY8"):
            found["carry"] += count
        elif memory:
            found["bram"] += count * KILOBITS_36[memory.group(1)]
        elif kind.startswith("URAM"):
            found["uram"] += count
        elif kind.startswith("DSP"):
            found["dsp"] += count
        elif kind not in PASSING:
            raise UnknownCell(kind)
    return dict(found)


def _is_combinational(kind: str) -> bool:
    return bool(kind in PASSING or re.fullmatch(r"LUT[1-6]", kind) or kind in ("CARRY4", "CARRY8")
                or LUT_MEMORY.match(kind))


def _cost(kind: str) -> tuple[int, int]:
    """Levels of LUTs and carry cells that a way through the cell adds."""
    if kind in ("CARRY4", "CARRY8"):
        return (0, 1)
    return (0, 0) if kind in PASSING else (1, 0)


def _read_ports(kind: str, inputs: list[str]) -> list[str]:
    """Through which inputs a way leads: of a memory, its addresses; what is written waits."""
    if not LUT_MEMORY.match(kind):
        return inputs
    return [port for port in inputs if port.startswith(("ADDR", "DPRA")) or
            re.fullmatch(r"A\d?", port)]


class _Ways:
    """The longest way to every bit, found once every way to a cell's inputs is known."""

    def __init__(self, module: dict):
        self.module = module
        self.names = _names_of(module)
        self.best: dict[int, tuple[int, int]] = {}
        self.origin: dict[int, str] = {}
        self.readers: dict[int, list[str]] = {}
        self.missing: dict[str, int] = {}
        self.ends: list[tuple[int, str]] = []
        self.ready: deque[int] = deque()

    def bits(self, cell: dict, direction: str) -> list[tuple[str, int]]:
        return [(port, bit) for port, bits in cell["connections"].items()
                if cell["port_directions"][port] == direction for bit in bits
                if not isinstance(bit, str)]

    def begin(self, bit: int, name: str) -> None:
        if bit not in self.best:
            self.best[bit] = (0, 0)
            self.origin[bit] = name
            self.ready.append(bit)

    def read(self) -> None:
        """Where ways begin and end, and who waits for which bits."""
        for name, port in self.module["ports"].items():
            for bit in port["bits"]:
                if isinstance(bit, str):
                    continue
                if port["direction"] == "input":
                    self.begin(bit, f"port {name}")
                else:
                    self.ends.append((bit, f"port {name}"))
        for name, cell in self.module["cells"].items():
            kind = cell["type"]
            inputs, outputs = self.bits(cell, "input"), self.bits(cell, "output")
            if not _is_combinational(kind):
                label = self.names.get(outputs[0][1], name) if outputs else name
                for _, bit in outputs:
                    self.begin(bit, self.names.get(bit, name))
                self.ends += [(bit, label) for port, bit in inputs if port not in CLOCKS]
                continue
            ways = _read_ports(kind, [port for port, _ in inputs])
            waits = {bit for port, bit in inputs if port in ways}
            self.ends += [(bit, f"memory {name}") for port, bit in inputs
                          if port not in ways and port not in CLOCKS]
            self.missing[name] = len(waits)
            for bit in waits:
                self.readers.setdefault(bit, []).append(name)

    def pass_through(self, name: str) -> None:
        """Every input of the cell is known: so are its outputs."""
        cell = self.module["cells"][name]
        inputs = self.bits(cell, "input")
        ways = _read_ports(cell["type"], [port for port, _ in inputs])
        known = [bit for port, bit in inputs if port in ways]
        deepest = max(known, key=self.best.__getitem__, default=None)
        levels, carries = _cost(cell["type"])
        for _, bit in self.bits(cell, "output"):
            before = self.best[deepest] if deepest is not None else (0, 0)
            self.best[bit] = (before[0] + levels, before[1] + carries)
            self.origin[bit] = self.origin[deepest] if deepest is not None else "constant"
            self.ready.append(bit)

    def walk(self) -> None:
        for name in [name for name, count in self.missing.items() if count == 0]:
            self.pass_through(name)
        while self.ready:
            for name in self.readers.get(self.ready.popleft(), ()):
                self.missing[name] -= 1
                if self.missing[name] == 0:
                    self.pass_through(name)


def _names_of(module: dict) -> dict[int, str]:
    """A bit's name in the source: the shortest that is no name of the tool's own."""
    names: dict[int, str] = {}
    for name, net in module["netnames"].items():
        if net.get("hide_name"):
            continue
        for bit in net["bits"]:
            if not isinstance(bit, str) and (bit not in names or len(name) < len(names[bit])):
                names[bit] = name
    return names


def deepest(module: dict) -> Depth:
    ways = _Ways(module)
    ways.read()
    ways.walk()
    loops = [name for name, count in ways.missing.items() if count > 0]
    if loops:
        raise UnknownCell(f"{len(loops)} cells in a combinational loop, {loops[0]} among them")
    reached = [(ways.best[bit], bit, name) for bit, name in ways.ends if bit in ways.best]
    if not reached:
        return Depth()
    (levels, carries), bit, end = max(reached, key=lambda way: (way[0], way[2]))
    return Depth(levels, carries, ways.origin[bit], end)
