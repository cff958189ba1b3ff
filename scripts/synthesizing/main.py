#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: this checkout, yosys installed. Out: build/synthesis/synthesis.json and .md, a line for each
figure that grew against hw/results, and exit code 0 when every block was synthesised."""

import argparse
import datetime
import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from synthesizing import netlist, place, results  # noqa: E402
from synthesizing.sources import FOLDER, Block, blocks, chosen  # noqa: E402

YOSYS = os.environ.get("RIDLEY_YOSYS", "yosys")
SYNTHESIS = "synth_xilinx -family xcup -flatten -noiopad -noclkbuf"
SECONDS_MAX = 3600
LARGE = ("card", "feed_port")  # what --quick leaves out


class SynthesisFailed(Exception):
    pass


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/synthesis", description="Counts what each block of the card takes.",
        epilog="Examples: scripts/synthesis --quick    scripts/synthesis --block mold_parse/64"
               "    scripts/synthesis --place --block frame_strip")
    parser.add_argument("--block", action="append", default=[], metavar="NAME",
                        help="this one only, in every width or, as NAME/64, in one; repeatable")
    parser.add_argument("--quick", action="store_true",
                        help=f"without {' and '.join(LARGE)}")
    parser.add_argument("--place", action="store_true",
                        help="place and route on an ECP5 instead, and say the Fmax over the seeds")
    parser.add_argument("--seeds", type=int, default=place.SEEDS, metavar="N",
                        help=f"of --place, {place.SEEDS} unless told otherwise")
    parser.add_argument("--percent", type=float, default=results.GROWTH_PERCENT, metavar="N",
                        help="say what grew by more than this, %(default)s unless told otherwise")
    parser.add_argument("--keep", action="store_true",
                        help="put the figures into hw/results, where the next run compares")
    parser.add_argument("--list", action="store_true", help="print the blocks and stop")
    return parser.parse_args()


def version() -> str:
    return subprocess.run([YOSYS, "-V"], capture_output=True, text=True,
                          check=True).stdout.split("(")[0].strip()


def script_of(block: Block, output: Path) -> str:
    return f"{block.reading}{SYNTHESIS} -top {block.top}; write_json {output}"


def digest(block: Block, tool: str) -> str:
    """Of everything that a row comes from; the same digest, the same row."""
    script = [SYNTHESIS, tool, block.name, Path(netlist.__file__).read_text("utf-8")]
    texts = script + [file.read_text("utf-8") for file in block.files]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()


def module_of(file: Path) -> dict:
    """The top module of a netlist; all others are cells of the library."""
    for module in json.loads(file.read_text("utf-8"))["modules"].values():
        if int(module["attributes"].get("top", "0"), 2):
            return module
    raise SynthesisFailed(f"{file.name}: has no top module")


def row_of(block: Block, module: dict) -> dict:
    depth = netlist.deepest(module)
    return {"block": block.name, **netlist.resources(module), "levels": depth.levels,
            "carries": depth.carries, "start": depth.start, "end": depth.end}


def synthesised(block: Block, tool: str) -> dict:
    """The block's row, from an earlier run if nothing that it comes from has changed."""
    stem = FOLDER / "rows" / block.name.replace("/", "_")
    row_file = stem.with_suffix(".row")
    key = digest(block, tool)
    if row_file.exists():
        kept = json.loads(row_file.read_text("utf-8"))
        if kept["digest"] == key:
            return kept["row"]
    stem.parent.mkdir(parents=True, exist_ok=True)
    with stem.with_suffix(".log").open("w") as log:
        done = subprocess.run([YOSYS, "-p", script_of(block, stem.with_suffix(".json"))],
                              stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                              timeout=SECONDS_MAX, check=False)
    if done.returncode != 0:
        raise SynthesisFailed(f"{block.name}: see {stem.with_suffix('.log')}")
    row = row_of(block, module_of(stem.with_suffix(".json")))
    stem.with_suffix(".json").unlink()
    row_file.write_text(json.dumps({"digest": key, "row": row}), encoding="utf-8")
    return row


def write(folder: Path, facts: dict, rows: list[dict]) -> None:
    results.write_json(folder / "synthesis.json", facts, rows)
    (folder / "synthesis.md").write_text(results.page(facts, rows), encoding="utf-8")


def count(options: argparse.Namespace, wanted: list[Block]) -> int:
    if options.quick:
        wanted = [block for block in wanted if block.name.split("/")[0] not in LARGE]
    tool, rows, failures = version(), [], 0
    for block in wanted:
        start = time.monotonic()
        try:
            row = synthesised(block, tool)
        except (SynthesisFailed, netlist.UnknownCell, subprocess.TimeoutExpired) as failure:
            print(f"FAILED {block.name}: {failure}", flush=True)
            failures += 1
            continue
        rows.append(row)
        print(f"{block.name:<24}{row['lut']:>7} LUT{row['ff']:>7} FF{row['levels']:>4} levels"
              f"{row['carries']:>4} carries{time.monotonic() - start:>7.0f} s", flush=True)
    kept = results.read(results.KEPT / "synthesis.json")
    for sentence in results.grown(kept, rows, options.percent):
        print(f"grew: {sentence}")
    facts = {"date": datetime.date.today().isoformat(), "tool": tool, "command": SYNTHESIS}
    write(FOLDER, facts, rows)
    if options.keep:
        write(results.KEPT, facts, results.merged(kept, rows))
    print(f"{len(rows)} blocks, {failures} failed; {FOLDER / 'synthesis.md'}")
    return 1 if failures or not rows else 0


def main() -> int:
    options = arguments()
    known = blocks()
    if options.list:
        print("\n".join(block.name for block in known))
        return 0
    try:
        wanted = chosen(known, options.block)
    except KeyError as unknown:
        print(f"no such block: {unknown.args[0]} (see --list)", file=sys.stderr)
        return os.EX_USAGE
    if options.place:
        return place.run(wanted if options.block else chosen(known, list(place.BLOCKS)),
                         options.seeds, options.keep, version())
    return count(options, wanted)


if __name__ == "__main__":
    sys.exit(main())
