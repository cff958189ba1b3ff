# SPDX-License-Identifier: Apache-2.0
"""In: the summaries of the appliance and of the venue. Out: the comparison row by row, and the
reasons, if any, why the session must not count as good."""

import math
from dataclasses import asdict, dataclass

# What both sides count of the same messages: title, the appliance's name, the venue's name.
COMPARED = [
    ("Acknowledgements", "orders_acknowledged", "orders_acknowledged"),
    ("Rejected by the venue", "orders_rejected", "orders_rejected"),
    ("Fills", "orders_filled", "orders_filled"),
    ("Shares filled", "shares_filled", "shares_filled"),
    ("Cancellations", "orders_canceled", "orders_canceled"),
    ("Cash, dollars", "cash_e4", "cash_e4"),
]
# A session in which one of these never happened has shown nothing about it.
MUST_HAPPEN = ["orders_sent", "orders_acknowledged", "orders_filled", "rejected_by_gate",
               "orders_canceled"]
# Without these there is nothing to compare.
REQUIRED = ["orders_approved", "hot_allocations", *MUST_HAPPEN]


@dataclass(frozen=True)
class Row:
    name: str
    appliance: int | float | None
    venue: int | float | None
    equal: bool


def _row(title: str, ours: int | None, theirs: int | None) -> Row:
    return Row(title, ours, theirs, ours is not None and ours == theirs)


def position_rows(appliance: dict, venue: dict) -> list[Row]:
    """One row for each symbol that either side holds or held."""
    ours, theirs = appliance.get("positions") or {}, venue.get("positions") or {}
    return [_row(f"Position {symbol}", ours.get(symbol, 0), theirs.get(symbol, 0))
            for symbol in sorted({*ours, *theirs})]


def _sent_rows(appliance: dict, venue: dict) -> list[Row]:
    """What was under way when a connection was lost may not have arrived: of the orders one that
    counts as lost, or a cancel. With one connection all day both counts are the same."""
    broken = (appliance.get("order_logins") or 0) > 1
    lost = (appliance.get("orders_lost") or 0) if broken else 0

    def row(title: str, ours: str, theirs: str, missing_max: float) -> Row:
        sent, received = appliance.get(ours), venue.get(theirs)
        both = sent is not None and received is not None
        return Row(title, sent, received, both and 0 <= sent - received <= missing_max)

    return [row("Orders the gate let through", "orders_approved", "orders_received", lost),
            row("Orders sent and received", "orders_sent", "orders_received", lost),
            row("Cancels sent and received", "cancels_sent", "cancels_received",
                math.inf if broken else 0)]


def _messages(appliance: dict) -> int | None:
    """Books from a snapshot are told in its own messages; what it made up for stays missing."""
    read = appliance.get("messages")
    return None if read is None else read + (appliance.get("missing_messages") or 0)


def rows(appliance: dict, venue: dict) -> list[Row]:
    compared = _sent_rows(appliance, venue)
    compared.append(_row("Feed messages, read or known to be missing", _messages(appliance),
                         venue.get("messages")))
    for title, ours, theirs in COMPARED:
        row = _row(title, appliance.get(ours), venue.get(theirs))
        if row.appliance is None and row.venue is None:
            continue
        compared.append(row)
    return compared + position_rows(appliance, venue)


def problems(appliance: dict, venue: dict, compared: list[Row]) -> list[str]:
    found = []
    if not appliance:
        found.append("the appliance left no summary")
    if not venue:
        found.append("the venue left no summary")
    if appliance:
        found += [f"the appliance's summary lacks {name}" for name in REQUIRED
                  if appliance.get(name) is None]
    for side, summary in (("appliance", appliance), ("venue", venue)):
        if summary and summary.get("positions") is None:
            found.append(f"the {side}'s summary lacks positions")
    for row in compared:
        if not row.equal:
            found.append(f"{row.name}: {row.appliance} here, {row.venue} at the venue")
    for name in MUST_HAPPEN:
        if appliance and not appliance.get(name):
            found.append(f"{name} is 0: the session proves nothing about it")
    found += card_problems(appliance.get("card"), repaired(appliance))
    if appliance.get("hot_allocations"):
        found.append(f"the hot core allocated {appliance['hot_allocations']} times")
    return found


def repaired(appliance: dict) -> int:
    """Messages that no line brought: they came when they were asked for again."""
    lines = appliance.get("lines")
    if not lines:
        return 0
    return (appliance.get("messages") or 0) - sum(line.get("won") or 0 for line in lines)


def card_problems(card: dict | None, beside: int) -> list[str]:
    """What a card that took part must have shown: every event the software's, and used. It hears
    the lines and nothing beside them."""
    if card is None:
        return []
    found = [f"the card: {card.get(name)} {what}" for name, what in (
        ("different", "events differ from the software's"),
        ("records_dropped", "records found no room"),
        ("packets_dropped", "packets found no room")) if card.get(name) != 0]
    if card.get("state") != "in_use":
        found.append(f"the card is {card.get('state')} at the end, fault {card.get('fault')}")
    if not card.get("same") or not card.get("events_used"):
        found.append("the card's events were never compared or never used")
    if not card.get("events") == (card.get("software_events") or 0) - beside == card.get("same"):
        found.append(f"the card gave {card.get('events')} events, the software "
                     f"{card.get('software_events')}; {card.get('same')} were the same")
    return found


def judge(appliance: dict, venue: dict) -> dict:
    """The part of report.json that says whether both sides agree."""
    compared = rows(appliance, venue)
    found = problems(appliance, venue, compared)
    return {"agree": not found, "problems": found, "comparison": [asdict(row) for row in compared]}
