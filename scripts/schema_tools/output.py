# SPDX-License-Identifier: Apache-2.0
"""Files that a build makes."""


def rewrite(file, text):
    """Only where it says something else: what depends on it is then made again, and else not."""
    file.parent.mkdir(parents=True, exist_ok=True)
    if not file.is_file() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")
