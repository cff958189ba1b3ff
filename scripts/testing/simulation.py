# SPDX-License-Identifier: Apache-2.0
"""In: a build. Out: whether simulated days broke a rule: a thousand that are always the same, or
with --nightly 100,000 that nobody has seen before. What breaks one is a line to type."""

import json
import subprocess
from datetime import date
from pathlib import Path

from testing import builds
from testing.totals import Totals

DAYS = 1_000
DAYS_NIGHTLY = 100_000
SECONDS_MAX = 1_800
SECONDS_MAX_NIGHTLY = 14_400


def first_seed(nightly: bool, today: date) -> int:
    """Behind the thousand, every night has seeds of its own."""
    return (today - date(2026, 1, 1)).days * DAYS_NIGHTLY + DAYS + 1 if nightly else 1


def judge(totals: Totals, report: dict) -> None:
    totals.judge(
        "simulation",
        f"{report['seeds']:,} days, {report['violations']} violations, "
        f"{report['faults_injected']:,} faults, {report['orders']:,} orders, "
        f"{report['gaps_repaired']:,} gaps repaired",
        report["violations"] == 0)
    for finding in report["findings"]:
        totals.fail(f"simulation: {finding['rule']}: {finding['what']}: {finding['reproduce']}")


def run(folder: Path, nightly: bool) -> Totals:
    totals = Totals()
    days = DAYS_NIGHTLY if nightly else DAYS
    first = first_seed(nightly, date.today())
    done = subprocess.run(
        [str(folder / "ridley"), "simulate", "--first", str(first), "--seeds", str(days),
         "--json", "--minimise"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        timeout=SECONDS_MAX_NIGHTLY if nightly else SECONDS_MAX, check=False)
    try:
        judge(totals, json.loads(done.stdout))
    except ValueError:
        raise builds.BuildFailed(
            f"ridley simulate: exit code {done.returncode}\n{done.stderr[-2000:]}") from None
    return totals
