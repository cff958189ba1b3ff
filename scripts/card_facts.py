#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: this checkout. Out: what a card that is built from it says it is: the hashes of its tables,
and the commit that last changed hw/ or schema/. The commit is 0 where that is not what the folders
hold: there are changes, or there is no git. Files are rewritten only when they change.

  card_facts.py -o FACTS.json [--header HEADER]     # for scripts/xclbin.py and card_manifest.py"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "scripts"))

from schema_tools.catalogue import load_catalogue  # noqa: E402
from schema_tools.output import rewrite  # noqa: E402
from schema_tools.registers import load_registers  # noqa: E402

SOURCES = ("hw", "schema")
NOT_FROM_A_COMMIT = "0" * 40
REGISTER_DIGITS = 16  # of the commit, in the register rtl_commit


def git(root: Path, *words: str) -> str | None:
    """What it says; nothing where it fails."""
    try:
        done = subprocess.run(["git", "--no-optional-locks", "-C", str(root), *words],
                              capture_output=True, text=True, check=False)
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def rtl_commit(root: Path) -> str:
    changes = git(root, "status", "--porcelain", "--", *SOURCES)
    commit, *parents = (git(root, "log", "-1", "--format=%H %P", "--", *SOURCES) or "").split() \
        or [NOT_FROM_A_COMMIT]
    # The oldest commit of a clone that was cut off seems to have changed everything.
    cut_off = not parents and git(root, "rev-parse", "--is-shallow-repository") != "false"
    return NOT_FROM_A_COMMIT if changes != "" or cut_off else commit


def hashes() -> dict[str, str]:
    """Of the tables of this checkout."""
    schema = ROOT / "schema"
    return {"map_hash": f"{load_registers(schema / 'registers.toml').hash:#018x}",
            "catalogue_hash": f"{load_catalogue(schema / 'itch_events.toml').hash:#018x}"}


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", "--output", type=Path, required=True, help="JSON")
    parser.add_argument("--header", type=Path, help="the commit as drivers/xrt_sim/model.cpp wants")
    options = parser.parse_args()
    facts = {**hashes(), "rtl_commit": rtl_commit(ROOT)}
    rewrite(options.output, json.dumps(facts, indent=2) + "\n")
    if options.header:
        digits = facts["rtl_commit"][:REGISTER_DIGITS]
        rewrite(options.header, f"#pragma once\n#define RIDLEY_RTL_COMMIT 0x{digits}ULL\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
