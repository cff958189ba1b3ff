# SPDX-License-Identifier: Apache-2.0
"""In: the running machine. Out: what a reader must know of it to judge a latency."""

import os
import platform
import subprocess
from pathlib import Path


def _first_line_with(path: str, word: str) -> str:
    try:
        for line in Path(path).read_text().splitlines():
            if line.startswith(word):
                return line.split(":", 1)[-1].strip()
    except OSError:
        pass
    return ""


def commit(root: Path) -> str:
    """The commit that was built, with a plus when files differ from it."""
    def git(*words: str) -> str:
        done = subprocess.run(["git", "-c", "safe.directory=*", "-C", str(root), *words],
                              capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    name = git("rev-parse", "--short=12", "HEAD")
    if not name:
        return "unknown"
    return name + ("+" if git("status", "--porcelain", "--untracked-files=no") else "")


def _huge_pages() -> int:
    text = _first_line_with("/proc/meminfo", "HugePages_Total")
    return int(text) if text.isdigit() else 0


def facts() -> dict:
    memory_kb = _first_line_with("/proc/meminfo", "MemTotal").split(" ")[0]
    flags = f" {_first_line_with('/proc/cpuinfo', 'flags')} "
    return {
        "processor": _first_line_with("/proc/cpuinfo", "model name") or platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "virtual": " hypervisor " in flags,
        "memory_gb": round(int(memory_kb) / 1024 / 1024, 1) if memory_kb.isdigit() else None,
        "huge_pages": _huge_pages(),
        "kernel": platform.release(),
        "system": _first_line_with("/etc/os-release", "PRETTY_NAME").split("=")[-1].strip('"'),
    }
