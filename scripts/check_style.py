#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: this checkout (or --root). Out: one TAP line for each rule of STYLE that a program can check,
with every finding as path:line. scripts/check_layers.py checks who includes whom."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from style import compiled, coverage, hot, names, tap, text_checks  # noqa: E402
from style.tree import Tree  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=Path(__file__).resolve().parents[1])
    parser.add_argument("--build", type=Path, help="also compile headers with this build's options")
    options = parser.parse_args()
    tree = Tree(options.root.resolve())
    checks = [(check.__doc__, lambda check=check: check(tree))
              for module in (text_checks, names, hot, coverage) for check in module.CHECKS]
    checks.append((compiled.formatting.__doc__, lambda: compiled.formatting(tree)))
    if options.build:
        build = options.build.resolve()
        checks.append((compiled.headers_alone.__doc__, lambda: compiled.headers_alone(tree, build)))
    return tap.report(checks)


if __name__ == "__main__":
    sys.exit(main())
