# SPDX-License-Identifier: Apache-2.0
"""In: bench/. Out: one verdict a program: every benchmark compiles, and those of ITCH do their work
right on a short day. Nothing is judged by time."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benching import programs
from benching.figures import ITCH_TASKS
from testing import builds
from testing.totals import Totals

MESSAGES = 100_000
SECONDS_MAX = 300


def judge(said: dict, expected: list[str]) -> Totals:
    """Every program expected has a row that was measured and is right."""
    totals = Totals()
    rows = {row["name"]: row for row in said.get("rows", [])}
    for name in expected:
        row = rows.get(name)
        if row is None:
            totals.fail(f"bench: {name} has no row")
        elif row["digest_ok"] is not True or not row["ns_per_message"] > 0:
            totals.fail(f"bench: {name} did not do its work right: {row}")
        else:
            totals.succeed()
    return totals


def run(folder: Path) -> Totals:
    known = programs.configured(folder, [])
    programs.build(folder, known)
    with tempfile.TemporaryDirectory() as scratch:
        file = Path(scratch) / "quick.json"
        done = subprocess.run(
            [sys.executable, str(builds.ROOT / "scripts" / "benching" / "main.py"), "--quick",
             "--messages", str(MESSAGES), "--rounds", "1", "--json", str(file)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS_MAX,
            check=False)
        said = json.loads(file.read_text()) if file.exists() else {}
    totals = judge(said, [f"{program.task}/{program.contender}" for program in known
                          if program.task in ITCH_TASKS])
    if done.returncode != 0:
        totals.fail(f"bench: scripts/bench --quick: exit code {done.returncode}: "
                    f"{done.stderr.strip()[-500:]}")
    return totals
