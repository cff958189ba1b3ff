#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: SystemVerilog files and the name of the top module. Out: its Verilated model as one C++ file
and one header, FOLDER/V<name>.cpp and .h, the name the top module's if there is no other. Verilator
splits a model into as many files as it sees fit; a build needs to know their names beforehand."""

import argparse
import pathlib
import shutil
import subprocess
import sys

# Wider than any signal of the card: Verilator leaves out what is wider.
COVERAGE_BITS_MAX = 8192
# A design that counts is mostly lists of its points, on which a compiler would spend minutes.
UNOPTIMIZED = """#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC push_options
#pragma GCC optimize("O0")
#endif
{}#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC pop_options
#endif
"""


def coverage_of(modules, folder):
    """Words for Verilator that let these modules, a file each, count what is reached in them."""
    if not modules:
        return []
    file = folder / "coverage.vlt"
    rows = "".join(f'coverage_on -file "*/{module}.sv"\n' for module in modules)
    file.write_text(f'`verilator_config\ncoverage_off -file "*"\n{rows}', encoding="utf-8")
    return ["--coverage-line", "--coverage-toggle", "--coverage-max-width", COVERAGE_BITS_MAX,
            file]


def including(parts):
    return "".join(f'#include "{part.parent.name}/{part.name}"\n' for part in parts)


def verilate(options):
    model = f"V{options.name or options.top}"
    parts = options.folder / f"{model}.parts"
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir(parents=True)
    command = [options.verilator, "--cc", "-Wall", "--assert", "--Mdir", parts,
               "--prefix", model, "--top-module", options.top,
               *(["--trace-fst"] if options.wave else []),
               *[f"-G{one}" for one in options.parameter],
               *coverage_of(options.coverage, parts), *options.sources]
    done = subprocess.run(list(map(str, command)), check=False)
    if done.returncode != 0:
        return done.returncode
    written = sorted(parts.glob("*.cpp"))
    slow = [part for part in written if options.coverage and part.stem.endswith("__Slow")]
    text = including(part for part in written if part not in slow)
    if slow:
        text = UNOPTIMIZED.format(including(slow)) + text
    (options.folder / f"{model}.cpp").write_text(text, encoding="utf-8")
    (options.folder / f"{model}.h").write_text(
        f'#pragma once\n#include "{parts.name}/{model}.h"\n', encoding="utf-8")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--top", required=True, help="the top module")
    parser.add_argument("--name", help="of the model: one top module may have several")
    parser.add_argument("--folder", required=True, type=pathlib.Path, help="where to write to")
    parser.add_argument("--verilator", default="verilator", help="the program")
    parser.add_argument("--parameter", action="append", default=[], metavar="NAME=VALUE",
                        help="of the top module")
    parser.add_argument("--wave", action="store_true", help="with what a waveform takes")
    parser.add_argument("--coverage", action="append", default=[], metavar="MODULE",
                        help="that counts which lines and bits are reached in it")
    parser.add_argument("sources", nargs="+", type=pathlib.Path, help="packages first")
    return verilate(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
