#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: an xclbin, its golden vectors, and what the build knows. Out: NAME.manifest beside the
xclbin, ready to be signed: the digests of both files, the hashes of the tables they were made from,
tools and reports. The same input gives the same bytes."""

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from card_tools import xclbin_reader  # noqa: E402
from card_tools.xclbin_format import Refused  # noqa: E402
from schema_tools.registers import load_registers  # noqa: E402

FORMAT = "ridley-bitstream-1"
VERSION_MAX = 0xFFFF_FFFF


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("xclbin", type=Path)
    parser.add_argument("--name", required=True, help="letters, digits, dots and dashes")
    parser.add_argument("--version", type=int, required=True,
                        help="counts up with every release: an older one is refused by hosts")
    parser.add_argument("--golden", type=Path, help="golden vectors (else NAME.golden)")
    parser.add_argument("--catalogue-hash", required=True,
                        help="what the register catalogue_hash answers, hexadecimal")
    parser.add_argument("--rtl-commit", required=True, help="40 hexadecimal digits")
    parser.add_argument("--schema", type=Path,
                        default=Path(__file__).resolve().parents[1] / "schema")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME=VERSION")
    parser.add_argument("--report", type=Path,
                        help="JSON of tables: timing and resources, as the tools gave them")
    parser.add_argument("-o", "--output", type=Path, help="else beside the xclbin")
    return parser.parse_args(words)


def refuse(text: str):
    raise SystemExit(f"card_manifest: {text}")


def hexadecimal(text: str, digits: int, name: str) -> str:
    bare = text.lower().removeprefix("0x")
    if not re.fullmatch(f"[0-9a-f]{{{digits}}}", bare):
        refuse(f"{name} has to be {digits} hexadecimal digits")
    return bare


def facts(content: bytes) -> dict:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def uuid_of(xclbin: bytes) -> str:
    try:
        return str(xclbin_reader.describe(xclbin)["uuid"])
    except Refused as error:
        refuse(f"the xclbin is none: {error}")


def tools(words: list[str]) -> dict:
    pairs = [word.split("=", 1) for word in words]
    if any(len(pair) != 2 for pair in pairs):
        refuse("--tool is NAME=VERSION")
    return dict(pairs)


def manifest(options: argparse.Namespace, xclbin: bytes) -> dict:
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", options.name):
        refuse("--name has to be 1 to 64 letters, digits, dots and dashes")
    if not 1 <= options.version <= VERSION_MAX:
        refuse(f"--version has to be 1 to {VERSION_MAX}")
    golden = (options.golden or options.xclbin.with_suffix(".golden")).read_bytes()
    registers = load_registers(options.schema / "registers.toml")
    schema = {str(file.relative_to(options.schema)): hashlib.sha256(file.read_bytes()).hexdigest()
              for file in sorted(options.schema.rglob("*.toml"))}
    report = json.loads(options.report.read_text()) if options.report else {}
    if not isinstance(report, dict):
        refuse("the report has to be a table")
    return {
        "format": FORMAT,
        "name": options.name,
        "version": options.version,
        "xclbin": facts(xclbin),
        "golden": facts(golden),
        "uuid": uuid_of(xclbin),
        "map_hash": f"0x{registers.hash:016x}",
        "catalogue_hash": "0x" + hexadecimal(options.catalogue_hash, 16, "--catalogue-hash"),
        "rtl_commit": hexadecimal(options.rtl_commit, 40, "--rtl-commit"),
        "schema": schema,
        "tools": tools(options.tool),
        "report": report,
    }


def main(words: list[str]) -> int:
    options = parse(words)
    try:
        text = json.dumps(manifest(options, options.xclbin.read_bytes()), indent=2) + "\n"
        (options.output or options.xclbin.with_suffix(".manifest")).write_text(text)
    except (OSError, ValueError) as error:
        refuse(str(error))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
