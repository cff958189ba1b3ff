#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: this checkout (or --root). Out: one TAP line for each rule about rooms: a room includes
itself and rooms to its left."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from style import layers, tap  # noqa: E402
from style.tree import Tree  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[1])
    tree = Tree(parser.parse_args().root.resolve())
    return tap.report(
        [(check.__doc__, lambda check=check: check(tree)) for check in layers.CHECKS])


if __name__ == "__main__":
    sys.exit(main())
