# SPDX-License-Identifier: Apache-2.0
"""In: what report.json holds, histograms and series. Out: one HTML page that needs nothing else."""

from html import escape
from pathlib import Path

from report import charts, numbers
from report.histogram import Histogram
from report.series import Snapshots

STYLE = Path(__file__).with_name("style.css")
TIME_SOURCES = {"nic": "stamped by the network card", "card": "stamped by the FPGA card",
                "tsc": "read from the processor's tick counter when the frame was picked up",
                "capture": "taken from the capture", "simulated": "simulated"}


def _verdict(report: dict) -> str:
    if report["agree"]:
        same = all(row["appliance"] == row["venue"] for row in report["comparison"])
        but = "" if same else ", but for what was lost with a connection"
        return ('<div class="verdict"><strong>Both sides agree.</strong>Every order the venue '
                "received had passed the risk gate, and all counts, positions and cash are "
                f"equal{but}.</div>")
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in report["problems"])
    return ('<div class="verdict bad"><strong>This session does not count.</strong>'
            f"<ul>{reasons}</ul></div>")


def _tiles(report: dict) -> str:
    sent = report["hops"].get("sent", {})
    tiles = [
        (numbers.whole(report.get("orders_sent")), "orders sent"),
        (numbers.whole(report.get("orders_filled")), "fills"),
        (numbers.whole(report.get("orders_canceled")), "cancellations"),
        (numbers.whole(report.get("rejected_by_gate")), "stopped by the gate"),
        (numbers.duration(sent.get("p50")), "frame to order, p50"),
        (numbers.duration(sent.get("p99")), "frame to order, p99"),
        (numbers.whole(report.get("messages")), "feed messages"),
        (numbers.whole(report.get("hot_allocations")), "hot allocations"),
    ]
    return '<div class="tiles">' + "".join(
        f"<div><b>{value}</b><span>{title}</span></div>" for value, title in tiles) + "</div>"


def _cell(row: dict, side: str) -> str:
    if row["name"].startswith("Cash"):
        return numbers.dollars(row[side])
    return numbers.whole(row[side])


def _rows(rows: list[dict]) -> str:
    return "".join(
        f"<tr><td>{escape(row['name'])}</td><td>{_cell(row, 'appliance')}</td>"
        f"<td>{_cell(row, 'venue')}</td>"
        + _mark(row) + "</tr>" for row in rows)


def _mark(row: dict) -> str:
    if not row["equal"]:
        return '<td class="bad" title="differs">≠</td>'
    if row["appliance"] == row["venue"]:
        return '<td class="good" title="equal">✓</td>'
    return '<td class="good" title="the rest was lost with its connection">≈</td>'


def _late(report: dict) -> str:
    """Why fewer orders are acknowledged than sent."""
    venue = report["venue"]
    received, answered = venue.get("orders_received"), venue.get("orders_acknowledged")
    if received is None or answered is None:
        return ""
    late = received - answered - (venue.get("orders_rejected") or 0)
    if late <= 0:
        return ""
    return (f"<p>{numbers.whole(late)} replacements reached the venue when their order was gone "
            "already; OUCH leaves those unanswered.</p>")


def _comparison(report: dict) -> str:
    """Counts always, positions behind a line that is opened when one of them differs."""
    positions = [row for row in report["comparison"] if row["name"].startswith("Position ")]
    counts = [row for row in report["comparison"] if row not in positions]
    head = "<tr><th></th><th>Appliance</th><th>Venue</th><th></th></tr>"
    table = f'<div class="scroll"><table>{head}{_rows(counts)}</table></div>' + _late(report)
    table += _orders(report)
    if not positions:
        return table
    differing = sum(not row["equal"] for row in positions)
    verdict = f"{differing} differ" if differing else "all equal"
    return (f'{table}<details{" open" if differing else ""}><summary>Final positions of '
            f"{len(positions)} symbols: {verdict}</summary>"
            f'<div class="scroll"><table>{head}{_rows(positions)}</table></div></details>')


def _hop_table(hops: dict) -> str:
    body = "".join(
        f"<tr><td>{escape(name)}</td>" + "".join(
            f"<td>{numbers.duration(hop.get(key))}</td>" for key in ("p50", "p99", "p999", "max"))
        + "</tr>" for name, hop in hops.items())
    if not body:
        return ""
    return ('<div class="scroll"><table><tr><th>hop</th><th>p50</th><th>p99</th><th>p99.9</th>'
            f"<th>max</th></tr>{body}</table></div>")


def _facts(rows: list[tuple[str, str]]) -> str:
    return '<dl class="facts">' + "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows if value
    ) + "</dl>"


def _machine(report: dict) -> str:
    machine = report["machine"]
    source = str(report.get("timestamp_source") or "unknown")
    memory = machine.get("memory_gb")
    return _facts([
        ("Processor", machine.get("processor", "")),
        ("Cores", f"{machine.get('cores', '?')}{', virtual' if machine.get('virtual') else ''}"),
        ("Memory", f"{memory} GB" if memory else ""),
        ("Huge pages", numbers.whole(machine.get("huge_pages"))),
        ("Kernel", machine.get("kernel", "")),
        ("System", machine.get("system", "")),
        ("Frame times", f"{source}, {TIME_SOURCES.get(source.lower(), 'see the log')}"),
        ("Ready after", f"{numbers.whole(report.get('startup_ms'))} ms"),
        ("Memory in use", f"{numbers.whole(report.get('rss_mb'))} MB"),
        ("Commit", report.get("commit", "")),
        ("Command", report.get("command", "")),
    ])


def _feed(report: dict) -> str:
    return _facts([
        ("Frames", numbers.whole(report.get("frames"))),
        ("Messages", numbers.whole(report.get("messages"))),
        ("Gaps", numbers.whole(report.get("gaps"))),
        ("Filled", numbers.whole(report.get("gaps_filled"))),
        ("Messages lost", numbers.whole(report.get("missing_messages"))),
    ]) + _lines(report) + _recovery(report)


def _recovery(report: dict) -> str:
    recovery = report.get("recovery")
    if not recovery:
        return ""
    return _facts([(title, numbers.whole(recovery.get(name))) for title, name in (
        ("Re-requests", "requests"), ("Answered", "answers"), ("Not answered in time", "timeouts"),
        ("Snapshots joined", "snapshots"), ("Snapshots that failed", "snapshots_failed"))])


def _orders(report: dict) -> str:
    """Of connections that were lost, and of the drop copy, where there is anything to say."""
    facts = []
    if (report.get("order_logins") or 0) > 1:
        facts += [("Logins", numbers.whole(report["order_logins"])),
                  ("Lost with them, or too late", numbers.whole(report.get("orders_lost")))]
    copy = report.get("drop_copy") or {}
    if copy:
        facts += [(title, numbers.whole(copy.get(name))) for title, name in (
            ("In the drop copy too", "matched"), ("In one of both", "unmatched"),
            ("Alerts", "alerts"))]
    return _facts(facts) if facts else ""


def _late_of(line: dict) -> str:
    late = line.get("late_ns") or {}
    return ", ".join(numbers.duration(late.get(key)) for key in ("p50", "p99")) if late else "–"


def _lines(report: dict) -> str:
    """What each line brought; of one line alone the facts above say it all."""
    lines = report.get("lines") or []
    if len(lines) < 2:
        return ""
    counts = ("packets", "won", "duplicates", "lost", "malformed")
    head = "".join(f"<th>{escape(name)}</th>" for name in ("line", *counts, "late p50, p99"))
    body = "".join(
        f"<tr><td>{escape(str(line.get('line')))}</td>"
        + "".join(f"<td>{numbers.whole(line.get(name))}</td>" for name in counts)
        + f"<td>{_late_of(line)}</td></tr>" for line in lines)
    return f'<div class="scroll"><table><tr>{head}</tr>{body}</table></div>'


def _card(report: dict) -> str:
    card = report["card"]
    cycles = card.get("latency_cycles") or {}
    hertz = card.get("clock_hz") or 0
    head = "<tr><th></th><th>p50</th><th>p99</th><th>p99.9</th><th>max</th></tr>"
    keys = ("p50", "p99", "p999", "max")
    in_cycles = "".join(f"<td>{numbers.whole(cycles.get(key))}</td>" for key in keys)
    in_ns = "".join(
        f"<td>{numbers.duration(cycles[key] * 1e9 / hertz) if hertz and key in cycles else '–'}"
        "</td>" for key in keys)
    clock = f"{hertz / 1e6:g} MHz"
    table = (f'<div class="scroll"><table>{head}<tr><td>cycles</td>{in_cycles}</tr>'
             f"<tr><td>at {clock}</td>{in_ns}</tr></table></div>")
    return table + _facts([
        ("State", f"{card.get('state')}, fault {card.get('fault')}"),
        ("Events of the card", numbers.whole(card.get("events"))),
        ("Events of the software", numbers.whole(card.get("software_events"))),
        ("The same, byte for byte", numbers.whole(card.get("same"))),
        ("Different", numbers.whole(card.get("different"))),
        ("Traded on", numbers.whole(card.get("events_used"))),
        ("Overruns", numbers.whole(card.get("records_dropped"))),
        ("Packets without room", numbers.whole(card.get("packets_dropped"))),
    ])


def _section(title: str, text: str, content: str) -> str:
    note = f"<p>{text}</p>" if text else ""
    return f"<section><h2>{title}</h2>{note}{content}</section>"


def _sections(report: dict, histograms: dict[str, Histogram], snapshots: Snapshots) -> list[str]:
    card = [] if not report.get("card") else [
        _section("The card",
                 "From the last byte of a frame at the card's port to the record on its way to the "
                 "host, in cycles of the design and in time at its clock.", _card(report))]
    return [
        _section("What both sides counted",
                 "The appliance and the venue count for themselves, in two processes.",
                 _comparison(report)),
        *card,
        _section("Latency of each hop",
                 "From the frame's stamp to the named point; rx_stamp is how old the frame was "
                 "when the hot core saw it. One step to the right is ten times rarer. "
                 "The hops before sent are stamped on one frame in eight, sent on every order: "
                 "the rows hold different orders, so a percentile need not grow from one row to "
                 "the next.",
                 charts.hop_percentiles(histograms) + _hop_table(report["hops"])),
        _section("Orders a second", "", charts.order_flow(snapshots)),
        _section("Profit", "Realised and unrealised, marked to the market.",
                 charts.profit(snapshots)),
        _section("Positions", "Shares of the symbols that were held most.",
                 charts.positions(snapshots)),
        _section("Stopped by the gate", "Orders that the strategy wanted and a control refused.",
                 charts.rejects(report.get("rejects_by_control") or [])),
        _section("Feed a second", "", charts.feed_flow(snapshots) + _feed(report)),
        _section("Machine", "", _machine(report)),
    ]


def _scenario(session: dict) -> str:
    scenario = session.get("scenario")
    if not scenario:
        return ""
    return f"<p><strong>{escape(scenario['name'])}</strong>: {escape(scenario['shows'])}</p>"


def render(report: dict, histograms: dict[str, Histogram], snapshots: Snapshots) -> str:
    session = report["session"]
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Ridley: {"agree" if report["agree"] else "differ"}</title>
<style>{STYLE.read_text()}</style>
</head>
<body><main>
<header><h1>Ridley traded a session</h1>
<p>{escape(report["date"])}, {session["seconds"]:g} s, {session["instruments"]} instruments,
{numbers.whole(session["rate"])} messages a second, seed {session["seed"]}</p>
{_scenario(session)}</header>
{_verdict(report)}
{_tiles(report)}
<div class="cards">{"".join(_sections(report, histograms, snapshots))}</div>
<footer>The wire between the two processes is software (a virtio ring in shared memory) and the
order connection is the kernel's TCP on one machine: the figures show what the code costs here, not
what a network card and a cable would add. The seed fixes what the simulated market does; when it
does it depends on this machine.</footer>
</main></body></html>
"""
