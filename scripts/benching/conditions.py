# SPDX-License-Identifier: Apache-2.0
"""In: the machine and the build. Out: what a reader must know to judge the figures or to make them
again."""

import datetime
import json
import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

from report import machine
from testing import builds

# Above this share of its cores in use by others, a machine is not quiet.
BUSY_LOAD_A_CORE = 0.5
OPTIONS_TOLD = ("buildtype", "march", "b_lto", "b_pgo", "b_ndebug", "cpp_std")


def slug(facts: dict) -> str:
    """'Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz', 8 cores: intel-xeon-gold-6338-8-cores."""
    name = re.sub(r"\((?:R|TM|tm|r)\)|\bCPU\b|\bProcessor\b|@.*", " ", facts["processor"])
    words = re.findall(r"[a-z0-9]+", name.lower()) or ["machine"]
    return "-".join([*words, str(facts["cores"]), "cores" if facts["cores"] != 1 else "core"])


def _text(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""


def transparent_huge_pages() -> str:
    """The choice in brackets: always, madvise or never."""
    found = re.search(r"\[(\w+)\]", _text("/sys/kernel/mm/transparent_hugepage/enabled"))
    return found.group(1) if found else "unknown"


def compiler(folder: Path) -> str:
    """What compiled the first C++ file, in its own words; ccache before it is left out."""
    commands = json.loads((folder / "compile_commands.json").read_text())
    command = next(one["command"] for one in commands if one["file"].endswith(".cpp"))
    program = next(word for word in shlex.split(command) if Path(word).name != "ccache")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    return (said.stdout.splitlines() or [program])[0]


def flags(folder: Path) -> str:
    options = {option["name"]: option["value"]
               for option in builds.introspect(folder, "--buildoptions")}
    return " ".join(f"{name}={str(options[name]).lower()}"
                    for name in OPTIONS_TOLD if name in options)


@dataclass(frozen=True)
class Run:
    words: list[str]
    core: int
    rounds: int
    load: float  # before anything was built, which would be a load of its own


def of_run(run: Run, folder: Path) -> dict:
    return {
        **machine.facts(),
        "date": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": machine.commit(builds.ROOT),
        "compiler": compiler(folder),
        "flags": flags(folder),
        "transparent_huge_pages": transparent_huge_pages(),
        "governor": _text(f"/sys/devices/system/cpu/cpu{run.core}/cpufreq/scaling_governor"),
        "core": run.core,
        "rounds": run.rounds,
        "load_at_start": round(run.load, 2),
        "quiet": run.load <= BUSY_LOAD_A_CORE * (os.cpu_count() or 1),
        "command": shlex.join(["scripts/bench", *run.words]),
    }
