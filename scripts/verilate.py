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


def verilate(options):
    model = f"V{options.name or options.top}"
    parts = options.folder / f"{model}.parts"
    shutil.rmtree(parts, ignore_errors=True)
    parts.mkdir(parents=True)
    command = [options.verilator, "--cc", "-Wall", "--assert", "--Mdir", parts,
               "--prefix", model, "--top-module", options.top,
               *(["--trace-fst"] if options.wave else []),
               *[f"-G{one}" for one in options.parameter], *options.sources]
    done = subprocess.run(list(map(str, command)), check=False)
    if done.returncode != 0:
        return done.returncode
    includes = "".join(f'#include "{parts.name}/{part.name}"\n'
                       for part in sorted(parts.glob("*.cpp")))
    (options.folder / f"{model}.cpp").write_text(includes, encoding="utf-8")
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
    parser.add_argument("sources", nargs="+", type=pathlib.Path, help="packages first")
    return verilate(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
