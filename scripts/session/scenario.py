# SPDX-License-Identifier: Apache-2.0
"""In: a scenario's name or file. Out: what a session of it needs to know. The exchange checks the
file; here it is only looked into."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from session.child import SessionFailed

SHIPPED = Path(__file__).resolve().parents[2] / "scenarios"
# Of ridley-venue, where the file says nothing (src/venue/scenario.hpp).
LINES = 2
MARKET = {"seed": 1, "instruments": 20, "rate": 20_000, "seconds": 10}


@dataclass(frozen=True)
class Scenario:
    name: str
    shows: str
    path: Path
    market: dict[str, float]
    lines: int


def names() -> list[str]:
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))


def read(wanted: str) -> Scenario:
    path = Path(wanted)
    if not path.suffix:
        path = SHIPPED / f"{wanted}.toml"
    try:
        found = tomllib.loads(path.read_text())
    except OSError:
        raise SessionFailed(f"there is no scenario {wanted}; shipped are {', '.join(names())}") \
            from None
    except ValueError as error:
        raise SessionFailed(f"{path}: {error}") from None
    market = found.get("market")
    market = market if isinstance(market, dict) else {}
    return Scenario(str(found.get("name", path.stem)), str(found.get("shows", "")),
                    path.absolute(), {name: market.get(name, MARKET[name]) for name in MARKET},
                    market.get("lines", LINES))
