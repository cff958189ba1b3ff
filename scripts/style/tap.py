# SPDX-License-Identifier: Apache-2.0
"""In: checks, each with a sentence and its findings. Out: the Test Anything Protocol on stdout."""

import sys
from collections.abc import Callable, Iterable

FINDINGS_SHOWN_MAX = 60


def report(checks: list[tuple[str | None, Callable[[], Iterable]]]) -> int:
    print(f"1..{len(checks)}")
    failed = 0
    for number, (sentence, check) in enumerate(checks, 1):
        findings = sorted(set(check()))
        failed += bool(findings)
        # A '#' would begin a directive.
        title = " ".join((sentence or "?").split()).replace("#", "no.")
        print(f"{'not ok' if findings else 'ok'} {number} - {title}")
        # On the other stream: what runs the tests shows that one when they fail.
        if findings:
            print(f"{title}:", file=sys.stderr)
        for finding in findings[:FINDINGS_SHOWN_MAX]:
            print(f"  {finding}", file=sys.stderr)
        if len(findings) > FINDINGS_SHOWN_MAX:
            print(f"  and {len(findings) - FINDINGS_SHOWN_MAX} more", file=sys.stderr)
    return 1 if failed else 0
