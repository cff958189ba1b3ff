# SPDX-License-Identifier: Apache-2.0
"""In: a build folder and its Meson options. Out: it is configured and built, or BuildFailed."""

import json
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLANG = "clang-19"
# Every machine of the last ten years; clang 19 does not know the newest "native" ones.
PORTABLE = "-Dmarch=x86-64-v3"
LINE_MAX = 400
LOGS = ROOT / "build" / "logs"


class BuildFailed(Exception):
    pass


def jobs() -> int:
    """Processors this process may use, two at least: a compiler waits for the disk at times."""
    return max(2, len(os.sched_getaffinity(0)))


def _environment(clang: bool) -> dict[str, str]:
    """Meson reads compilers and linkers from the environment when it configures for the first time.

    ccache it finds by itself where the compiler is not named.
    """
    environment = dict(os.environ)
    if shutil.which("mold"):
        environment.setdefault("CXX_LD", "mold")
        environment.setdefault("CC_LD", "mold")
    if clang:
        prefix = "ccache " if shutil.which("ccache") else ""
        environment["CC"] = prefix + CLANG
        environment["CXX"] = prefix + CLANG.replace("clang", "clang++")
    return environment


def run_logged(command: list[str], log: Path, environment: dict[str, str] | None = None) -> int:
    """Runs a command in the checkout with all its output in a file."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("w") as sink:
        return subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=sink,
            stderr=subprocess.STDOUT, check=False,
        ).returncode


def _tail(log: Path, lines: int) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def configure(folder: Path, options: list[str], clang: bool = False) -> None:
    """Sets a build folder up, or brings its options up to date when there is one already."""
    log = LOGS / f"{folder.name}-configure.log"
    environment = _environment(clang)
    if (folder / "build.ninja").exists():
        command = ["meson", "configure", str(folder), *options]
        if run_logged(command, log, environment) == 0:
            return
    # Made by another Meson, or never finished: only what Meson itself keeps there is dropped.
    (folder / "build.ninja").unlink(missing_ok=True)
    for kept in ("meson-private", "meson-info"):
        shutil.rmtree(folder / kept, ignore_errors=True)
    command = ["meson", "setup", str(folder), str(ROOT), *options]
    if run_logged(command, log, environment) != 0:
        raise BuildFailed(f"meson setup {folder} failed, see {log}:\n{_tail(log, 12)}")


def build(folder: Path, targets: list[str]) -> None:
    """Runs ninja quietly; on failure says what the compiler said."""
    log = LOGS / f"{folder.name}-build.log"
    command = ["ninja", "-C", str(folder), "-j", str(jobs()), "-k", "5", *targets]
    if run_logged(command, log) != 0:
        lines = log.read_text(errors="replace").splitlines()
        start = next((i for i, line in enumerate(lines) if line.startswith("FAILED:")), 0)
        # The command of a link names every library: its beginning will do.
        said = [line[:LINE_MAX] for line in lines[start:] if not line.startswith("[")]
        raise BuildFailed(f"build of {folder} failed, see {log}:\n" + "\n".join(said[:60]))


def introspect(folder: Path, what: str) -> list[dict]:
    """What Meson knows, after it has looked at files that changed since."""
    build(folder, ["build.ninja"])
    text = subprocess.run(
        ["meson", "introspect", what, str(folder)], capture_output=True, text=True, check=True,
    ).stdout
    return json.loads(text)
