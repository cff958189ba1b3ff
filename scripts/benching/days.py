# SPDX-License-Identifier: Apache-2.0
"""In: the generator of ITCH days. Out: the days that benchmarks read, made once and kept, each with
a JSON file beside it that says what its books must say at the end."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# A little more than the average message with its length.
BYTES_A_MESSAGE = 31
SECONDS_MAX = 600
# The three that end the day come on top of those asked for.
LAST_MESSAGES = 3


class NoDay(Exception):
    pass


@dataclass(frozen=True)
class Day:
    name: str
    messages: int
    instruments: int
    seed: int
    bbo_digest: str | None = None  # known by heart for the days of the results

    @property
    def file_name(self) -> str:
        return f"day-{self.messages}-{self.instruments}-{self.seed}.itch"

    def told(self) -> str:
        return (f"{self.messages / 1e6:g} million messages, {self.instruments:,} instruments, "
                f"seed {self.seed}")


BIG = Day("big", 40_000_000, 8_000, 1, "f877c8e87ae69ec6")
HOT = Day("hot", 10_000_000, 20, 7, "db7c15f8f26939b0")
# Not one of those that are measured.
TRAINING = Day("training", 2_000_000, 8_000, 3)
QUICK = Day("big", 4_000_000, 8_000, 1, "936836ed2dc81696")


def facts_file(file: Path) -> Path:
    return file.with_name(file.name + ".json")


def is_whole(file: Path, day: Day) -> bool:
    """The file has the size that the facts tell, and the facts are this day's."""
    try:
        facts = json.loads(facts_file(file).read_text())
        size = file.stat().st_size
    except (OSError, ValueError):
        return False
    return (isinstance(facts, dict) and facts.get("bytes") == size
            and facts.get("messages") == day.messages + LAST_MESSAGES
            and facts.get("bbo_digest") == (day.bbo_digest or facts.get("bbo_digest")))


def require_room(folder: Path, day: Day) -> None:
    wanted = day.messages * BYTES_A_MESSAGE
    free = shutil.disk_usage(folder).free
    if free < wanted * 1.1:
        raise NoDay(f"{folder}: {free / 1e9:.1f} GB free, the day '{day.name}' needs "
                    f"{wanted / 1e9:.1f} GB")


def make(generator: Path, folder: Path, day: Day) -> Path:
    """The day's file: the one that is there, or a new one."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / day.file_name
    if is_whole(file, day):
        return file
    file.unlink(missing_ok=True)
    require_room(folder, day)
    print(f"bench: making {file} ({day.told()}, "
          f"{day.messages * BYTES_A_MESSAGE / 1e9:.2f} GB)", file=sys.stderr, flush=True)
    unfinished = file.with_suffix(".unfinished")
    try:
        done = subprocess.run(
            [str(generator), str(unfinished), str(day.messages), str(day.instruments),
             str(day.seed)],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS_MAX,
            check=False)
        if done.returncode != 0:
            raise NoDay(f"{generator.name} failed: {done.stderr.strip()}")
        facts_file(file).write_text(done.stdout)
        unfinished.rename(file)
    except subprocess.TimeoutExpired:
        raise NoDay(f"{generator.name}: not done within {SECONDS_MAX} s") from None
    finally:
        unfinished.unlink(missing_ok=True)
    if not is_whole(file, day):
        raise NoDay(f"{file}: the generator made another day than expected: {done.stdout.strip()}")
    return file
