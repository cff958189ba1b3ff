#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: a description of a card's design (TOML) and its bitstream. Out: an xclbin, the same bytes for
the same inputs: no time, and a UUID made from the contents. And back: what an xclbin says.

  xclbin.py write drivers/xrt_sim/card.toml --bitstream card.so -o card.xclbin
  xclbin.py info card.xclbin [--json]"""

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from card_tools import xclbin_reader, xclbin_writer  # noqa: E402
from card_tools.xclbin_format import Refused  # noqa: E402


def write(options):
    known = json.loads(options.facts.read_text(encoding="utf-8")) if options.facts else {}
    made = xclbin_writer.write(
        xclbin_writer.load_description(options.description), options.bitstream.read_bytes(),
        known | dict(one.split("=", 1) for one in options.fact))
    options.output.write_bytes(made)
    return 0


def info(options):
    described = xclbin_reader.describe(options.file.read_bytes())
    if options.json:
        print(json.dumps(described, indent=2))
    else:
        print("\n".join(xclbin_reader.lines(described)))
    return 0


def parser():
    outer = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = outer.add_subparsers(required=True)
    writer = verbs.add_parser("write", help="make an xclbin")
    writer.add_argument("description", type=Path, help="TOML, as drivers/xrt_sim/card.toml")
    writer.add_argument("--bitstream", type=Path, required=True)
    writer.add_argument("-o", "--output", type=Path, required=True)
    writer.add_argument("--facts", type=Path, help="those of scripts/card_facts.py, JSON")
    writer.add_argument("--fact", action="append", default=[], metavar="NAME=VALUE",
                        help="for the build metadata; may be repeated")
    writer.set_defaults(run=write)
    reader = verbs.add_parser("info", help="print what an xclbin says")
    reader.add_argument("file", type=Path)
    reader.add_argument("--json", action="store_true")
    reader.set_defaults(run=info)
    return outer


def main():
    options = parser().parse_args()
    try:
        return options.run(options)
    except (Refused, OSError) as error:
        print(f"xclbin: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
