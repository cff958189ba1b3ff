#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: the folder of a finished session: telemetry/{summary.json,snapshots.jsonl,hops.hlog},
venue/summary.json and session.json. Out: report.json and index.html; the exit code is 0 only when
both sides agree."""

import argparse
import datetime
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from report import histogram, machine, page, series, verdict  # noqa: E402

PERCENTILES = {"p50": 50.0, "p99": 99.0, "p999": 99.9}
COUNTS = ["orders_approved", "orders_sent", "cancels_sent", "orders_acknowledged",
          "orders_rejected", "orders_filled", "shares_filled", "orders_canceled",
          "rejected_by_gate", "rejects_by_control", "frames", "messages", "gaps",
          "gaps_filled", "missing_messages", "lines", "recovery", "drop_copy",
          "orders_lost", "order_logins",
          "hot_allocations", "card", "startup_ms", "rss_mb", "timestamp_source", "positions",
          "cash_e4"]


def read_json(path: Path) -> dict:
    """An absent or broken file is an empty summary: the verdict says so."""
    try:
        found = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def hops_of(summary: dict, histograms: dict[str, histogram.Histogram]) -> dict:
    """From the summary, else from the histogram log."""
    if summary.get("hops"):
        return summary["hops"]
    hops = {}
    for name, one in histograms.items():
        if one.total():
            values = one.percentiles(list(PERCENTILES.values()))
            hops[name] = dict(zip(PERCENTILES, values), max=one.highest)
    return hops


def build(run: Path) -> tuple[dict, str]:
    """report.json as a dictionary, and the page."""
    root = Path(__file__).resolve().parents[1]
    appliance = read_json(run / "telemetry" / "summary.json")
    venue = read_json(run / "venue" / "summary.json")
    session = {"seconds": 0, "instruments": 0, "rate": 0, "seed": 0,
               **read_json(run / "session.json")}
    try:
        logged = histogram.read_log(run / "telemetry" / "hops.hlog")
        # Those of the card and of lines say something else, in places of their own.
        histograms = {name: one for name, one in logged.items()
                      if not name.startswith(("card.", "feed."))}
    except histogram.BadHistogram as error:
        print(f"report: {error}", file=sys.stderr)
        histograms = {}
    snapshots = series.read(run / "telemetry" / "snapshots.jsonl")
    report = verdict.judge(appliance, venue)
    report |= {name: appliance.get(name) for name in COUNTS}
    report |= {
        "hops": hops_of(appliance, histograms), "venue": venue, "session": session,
        "seed": session["seed"], "command": session.get("command", ""),
        "machine": machine.facts(), "commit": machine.commit(root),
        "date": datetime.datetime.now().astimezone().isoformat(sep=" ", timespec="seconds"),
    }
    return report, page.render(report, histograms, snapshots)


def write(run: Path, output: Path) -> dict:
    report, html = build(run)
    output.mkdir(parents=True, exist_ok=True)
    (output / "report.json").write_text(json.dumps(report, indent=2) + "\n")
    (output / "index.html").write_text(html)
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of the session")
    parser.add_argument("--output", type=Path, help="folder to write to (default: RUN/report)")
    options = parser.parse_args()
    output = options.output or options.run / "report"
    report = write(options.run, output)
    for problem in report["problems"]:
        print(f"report: {problem}", file=sys.stderr)
    print(f"report: {output / 'index.html'}")
    return 0 if report["agree"] else 1


if __name__ == "__main__":
    sys.exit(main())
