# SPDX-License-Identifier: Apache-2.0
"""In: bench/. Out: a release build of every benchmark program, and which there are."""

from dataclasses import dataclass
from pathlib import Path

from testing import builds

OPTIONS = ["-Dbench=true", "-Dtests=false", "-Dfuzz=false", "-Dbuildtype=release"]
GENERATOR = "bench/support/itch_generator"


@dataclass(frozen=True)
class Program:
    """One contender of a task. It takes the file of one of its days, or no file."""

    task: str
    contender: str
    cores: int
    days: tuple[str, ...]
    folder: Path

    @property
    def target(self) -> str:
        return f"bench/{self.task}_{self.contender}"

    @property
    def path(self) -> Path:
        return self.folder / self.target


def parse(listing: str, folder: Path) -> list[Program]:
    """Lines of 'task contender cores day day ...', as bench/meson.build writes them."""
    programs = []
    for line in listing.splitlines():
        if line.strip():
            task, contender, cores, *days = line.split()
            programs.append(Program(task, contender, int(cores), tuple(days), folder))
    return programs


def configured(folder: Path, options: list[str]) -> list[Program]:
    """Sets the build folder up; nothing is compiled yet."""
    builds.configure(folder, [*OPTIONS, *options])
    builds.build(folder, ["build.ninja"])
    return parse((folder / "bench" / "programs.txt").read_text(), folder)


def build(folder: Path, programs: list[Program], generator: bool = True) -> None:
    targets = [program.target for program in programs]
    builds.build(folder, targets + ([GENERATOR] if generator else []))
