# SPDX-License-Identifier: Apache-2.0
"""In: the checkout. Out: the three programs built, and where the build put them."""

import os
from dataclasses import dataclass
from pathlib import Path

from testing import builds

PROGRAMS = ("ridleyd", "ridley", "ridley-venue")
# What ridleyd becomes when a wire needs a driver of the distribution, and the links to all.
BESIDE = ("ridleyd-drivers", *(f"link_to_{name}" for name in (*PROGRAMS, "ridleyd-drivers")))
# The simulated card: its process, what XRT loads to reach it, its design.
CARD = ("ridley-card-sim", "xrt_core", "ridley_xrt", "card_64_xclbin")


@dataclass(frozen=True)
class Products:
    ridleyd: Path
    ridley: Path
    venue: Path

    @property
    def card(self) -> Path:
        """Of the build; what is in there was built where the card's tools are."""
        return self.ridleyd.parents[2] / "drivers" / "xrt_sim"


def _from(paths: dict[str, Path]) -> Products:
    missing = [name for name in PROGRAMS if not os.access(paths.get(name, ""), os.X_OK)]
    if missing:
        raise builds.BuildFailed(f"there is no {' and no '.join(missing)}")
    return Products(*(paths[name] for name in PROGRAMS))


def built(with_card: bool = False) -> Products:
    """Builds the programs and the strategies beside them, and the simulated card when it is wanted.
    An existing build folder keeps its options; a new one gets no tests, whose packages may not be
    there."""
    folder = builds.ROOT / "build"
    if not (folder / "build.ninja").exists():
        builds.configure(folder, ["-Dtests=false"])
    targets = [
        target for target in builds.introspect(folder, "--targets")
        if (target["type"] in ("shared module", "shared library") and target["build_by_default"])
        or target["name"] in (*PROGRAMS, *BESIDE)
        or (with_card and target["name"] in CARD)]
    files = [Path(target["filename"][0]) for target in targets]
    builds.build(folder, [str(path.relative_to(folder)) for path in files])
    return _from({target["name"]: path for target, path in zip(targets, files)})


def found_in(folder: Path) -> Products:
    return _from({name: folder.absolute() / name for name in PROGRAMS})
