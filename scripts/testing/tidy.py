# SPDX-License-Identifier: Apache-2.0
"""In: a build folder made with clang and .clang-tidy. Out: one verdict for each source file."""

import json
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from testing import builds
from testing.totals import Totals

CLANG_TIDY = "clang-tidy-19"
OURS = [builds.ROOT / "src", builds.ROOT / "drivers"]


def sources(folder: Path) -> list[Path]:
    """The product's own translation units. What is compiled without warnings has a Verilated design
    in it, which is not ours to look at."""
    entries = json.loads((folder / "compile_commands.json").read_text())
    paths = {(Path(entry["directory"]) / entry["file"]).resolve() for entry in entries
             if "-w" not in entry["command"].split()}
    return sorted(path for path in paths if any(path.is_relative_to(ours) for ours in OURS))


def _check(folder: Path, source: Path) -> tuple[Path, str]:
    done = subprocess.run(
        [CLANG_TIDY, "--quiet", "-p", str(folder), str(source)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return source, "" if done.returncode == 0 else done.stdout + done.stderr


def run(folder: Path) -> Totals:
    totals = Totals()
    with ThreadPoolExecutor(max_workers=builds.jobs()) as pool:
        for source, text in pool.map(lambda path: _check(folder, path), sources(folder)):
            if not text:
                totals.succeed()
                continue
            print(text, flush=True)
            totals.fail(f"clang-tidy: {source.relative_to(builds.ROOT)}")
    return totals
