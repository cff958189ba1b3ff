#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: a file, one line of it, another line. Out: the file with the other line in its place; fails
when that line is not there exactly once. For designs that are wrong on purpose."""

import argparse
import sys
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--line", required=True, help="without the space around it")
    parser.add_argument("--becomes", required=True)
    options = parser.parse_args()
    lines = options.file.read_text(encoding="utf-8").splitlines(keepends=True)
    found = [number for number, line in enumerate(lines) if line.strip() == options.line]
    if len(found) != 1:
        print(f"{options.file}: this line is there {len(found)} times: {options.line}",
              file=sys.stderr)
        return 1
    lines[found[0]] = options.becomes + "\n"
    options.output.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
