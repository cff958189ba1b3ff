# SPDX-License-Identifier: Apache-2.0
"""In: hw/. Out: build/synthesis/synthesis.md and .json, place.md and .json, and one verdict for the
counts and one for place and route. What grew is printed and fails nothing."""

import subprocess

from testing import builds
from testing.totals import Totals

SECONDS_MAX = 4 * 3600
PARTS = {"synthesis": [], "place and route": ["--place"]}


def run() -> Totals:
    totals = Totals()
    for title, options in PARTS.items():
        done = subprocess.run(
            [str(builds.ROOT / "scripts" / "synthesis"), *options], stdin=subprocess.DEVNULL,
            capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
        print(done.stdout, end="", flush=True)
        if done.returncode != 0:
            totals.fail(f"{title}: {(done.stderr or done.stdout).strip()[-300:]}")
        elif done.stdout.startswith("SKIPPED"):
            totals.skip()
        else:
            totals.succeed()
    return totals
