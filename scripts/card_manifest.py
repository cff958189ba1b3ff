#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: an xclbin that says what it was built from (scripts/card_facts.py), its golden vectors, and
the tables. Out: NAME.manifest beside the xclbin, ready to be signed: the digests of both files, the
tables and the commit they were made from, tools and reports. The same input gives the same
bytes."""

import argparse
import hashlib
import json
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from card_facts import ROOT, hashes  # noqa: E402
from card_tools import xclbin_reader  # noqa: E402
from card_tools.xclbin_format import Refused  # noqa: E402

FORMAT = "ridley-bitstream-1"
SCHEMA = ROOT / "schema"
VERSION_MAX = 0xFFFF_FFFF
# Of the manifest, as the facts have them.
FORMS = {"map_hash": "0x[0-9a-f]{16}", "catalogue_hash": "0x[0-9a-f]{16}",
         "rtl_commit": "[0-9a-f]{40}"}


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("xclbin", type=Path)
    parser.add_argument("--name", required=True, help="letters, digits, dots and dashes")
    parser.add_argument("--version", type=int, required=True,
                        help="counts up with every release: an older one is refused by hosts")
    parser.add_argument("--golden", type=Path, help="golden vectors (else NAME.golden)")
    parser.add_argument("--facts", type=Path,
                        help="of scripts/card_facts.py, for an xclbin that another tool wrote")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME=VERSION")
    parser.add_argument("--report", type=Path,
                        help="JSON of tables: timing and resources, as the tools gave them")
    parser.add_argument("-o", "--output", type=Path, help="else beside the xclbin")
    return parser.parse_args(words)


def refuse(text: str):
    raise SystemExit(f"card_manifest: {text}")


def digests(content: bytes) -> dict:
    return {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def described(xclbin: bytes) -> dict:
    try:
        return xclbin_reader.describe(xclbin)
    except Refused as error:
        refuse(f"the xclbin is none: {error}")


def facts_of(container: dict, options: argparse.Namespace) -> dict[str, str]:
    """What the card says it was built from. Its tables are those whose digests are written down."""
    if options.facts:
        said = json.loads(options.facts.read_text(encoding="utf-8"))
    else:
        built = container["sections"].get("BUILD_METADATA", {}).get("holds", {})
        said = built.get("build_metadata", {})
    facts = {name: str(said.get(name, "")) for name in FORMS}
    for name, form in FORMS.items():
        if not re.fullmatch(form, facts[name]):
            refuse(f"{name} is not among the facts of the {'file' if options.facts else 'xclbin'}: "
                   "scripts/xclbin.py writes those of --facts, and for another tool's xclbin this "
                   "one takes them")
    for name, known in hashes().items():
        if facts[name] != known:
            refuse(f"{SCHEMA} is not what the xclbin was built from: {name} is "
                   f"{facts[name]}, of these tables {known}")
    return facts


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
    container = described(xclbin)
    schema = {str(file.relative_to(SCHEMA)): hashlib.sha256(file.read_bytes()).hexdigest()
              for file in sorted(SCHEMA.rglob("*.toml"))}
    report = json.loads(options.report.read_text()) if options.report else {}
    if not isinstance(report, dict):
        refuse("the report has to be a table")
    return {
        "format": FORMAT,
        "name": options.name,
        "version": options.version,
        "xclbin": digests(xclbin),
        "golden": digests(golden),
        "uuid": str(container["uuid"]),
        **facts_of(container, options),
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
