# SPDX-License-Identifier: Apache-2.0
"""In: figures and the conditions they were measured under. Out: one page for readers, one JSON
object for programs, and one table for the terminal."""

import json
from typing import NamedTuple

from benching.figures import ITCH_TASKS, OWN, WALK_ROW, Figure, Measured

MORE_NAMES = {"p99": "p99", "p999": "p99.9", "max": "max"}
UNITS_A_BAR = {True: " walks", False: " MB"}


class Section(NamedTuple):
    title: str
    head: list[str]
    rows: list[list[str]]


def number(value: float) -> str:
    """Three digits that matter, no exponent."""
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    for most, digits in ((10, 2), (100, 1)):
        if abs(value) < most:
            return f"{value:.{digits}f}" if abs(value) >= 0.1 else f"{value:.3g}"
    return f"{value:,.0f}"


def right(one: Measured) -> str:
    return {True: "yes", False: "**NO**", None: "-"}[one.digest_ok]


def spread(figure: Figure) -> str:
    return f"{number(figure.least)} to {number(figure.greatest)}"


def bar_text(figure: Figure) -> str:
    if figure.bar is None:
        return "-"
    unit = UNITS_A_BAR[figure.ratio_to_walk is not None]
    return f"{figure.bar.most:g}{unit}, aim {figure.bar.aim:g}: {figure.verdict()}"


def figure_columns(rows: list[list[str]]) -> list[bool]:
    return [all(cell[:1].isdigit() or cell in ("-", "") for cell in column)
            for column in zip(*rows)]


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    """Words to the left, figures to the right."""
    figures = figure_columns(rows) or [False] * len(head)
    rule = ["---:" if is_figure else "---" for is_figure in figures]
    return ["| " + " | ".join(cells) + " |" for cells in [head, rule, *rows]]


def itch_rows(all_measured: list[Measured]) -> list[list[str]]:
    rows = []
    for one in all_measured:
        time, memory = one.figure(WALK_ROW), one.figure("rss")
        if one.entry.program.task not in ITCH_TASKS or time is None:
            continue
        bars = [bar_text(figure) for figure in (time, memory) if figure and figure.bar]
        rows.append([
            one.entry.program.task, one.entry.contender, one.entry.day or "-", number(time.value),
            spread(time), "-" if time.ratio_to_walk is None else f"{time.ratio_to_walk:.2f}",
            number(memory.value) if memory else "-", "; ".join(bars) or "-", right(one)])
    return rows


ITCH_HEAD = ["task", "contender", "day", "ns a message", "least to most", "walks", "MB",
             "bar", "right"]


def other_rows(of_task: list[Measured]) -> list[list[str]]:
    rows = []
    for one in of_task:
        for figure in one.figures:
            rows.append([
                one.entry.contender, figure.name, number(figure.value), figure.unit or "-",
                spread(figure),
                *(number(figure.more[name]) if name in figure.more else "-" for name in MORE_NAMES),
                "-" if figure.ratio_to_own is None else f"{figure.ratio_to_own:.2f}",
                right(one)])
    return rows


OTHER_HEAD = ["contender", "what", "median", "unit", "least to most", *MORE_NAMES.values(),
              "of ridley's", "right"]


def without_empty(head: list[str], rows: list[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Columns that say nothing in any row are left out."""
    kept = [i for i in range(len(head)) if any(row[i] not in ("-", "") for row in rows)]
    return [head[i] for i in kept], [[row[i] for i in kept] for row in rows]


def side_by_side(of_task: list[Measured]) -> list[Measured]:
    """Our own contender and those that were timed at the same things, it first. Nothing where rows
    have more than one figure, as these want columns of their own."""
    own = next((one for one in of_task if one.entry.contender == OWN), None)
    if own is None or any(figure.more for one in of_task for figure in one.figures):
        return []
    others = [one for one in of_task if one is not own
              and any(own.figure(figure.name) for figure in one.figures)]
    return [own, *others] if others else []


def compared_table(compared: list[Measured]) -> tuple[list[str], list[list[str]]]:
    """A column for each contender, a row for each thing timed."""
    def cell(one: Measured, name: str) -> str:
        figure = one.figure(name)
        if figure is None:
            return "-"
        ratio = figure.ratio_to_own
        return number(figure.value) + (f" ({ratio:.2f}x)" if ratio is not None else "")

    named = {figure.name: figure.unit for one in compared for figure in one.figures}
    rows = [[name, unit or "-", *(cell(one, name) for one in compared)]
            for name, unit in named.items()]
    rows.append(["work done right", "-", *(right(one) for one in compared)])
    return ["what", "unit", *(one.entry.contender for one in compared)], rows


def task_sections(task: str, of_task: list[Measured]) -> list[Section]:
    title = task.replace("_", " ")
    compared = side_by_side(of_task)
    found = [Section(title, *compared_table(compared))] if compared else []
    rest = [one for one in of_task if one not in compared]
    if rest:
        alone = f"{title}: {', '.join(dict.fromkeys(one.entry.contender for one in rest))}"
        found.append(Section(alone if compared else title,
                             *without_empty(OTHER_HEAD, other_rows(rest))))
    return found


def gain_section(variants: list[Measured]) -> Section:
    """What other ways of building do to Ridley's own programs; above 1 they are slower."""
    rows = [[one.entry.program.task, one.entry.program.contender, one.entry.day or "-",
             one.entry.variant, figure.name, number(figure.value), figure.unit or "-",
             f"{figure.ratio_to_own:.2f}", right(one)]
            for one in variants for figure in one.figures
            if figure.ratio_to_own is not None and figure.unit == "ns"]
    return Section("built in other ways", ["task", "contender", "day", "built with", "what",
                                           "median", "unit", "of the usual build's", "right"], rows)


def sections(all_measured: list[Measured]) -> list[Section]:
    """Every table, ITCH first."""
    usual = [one for one in all_measured if not one.entry.variant]
    variants = [one for one in all_measured if one.entry.variant]
    found = []
    if rows := itch_rows(usual):
        found.append(Section("ITCH: decoding and books", ITCH_HEAD, rows))
    for task in dict.fromkeys(one.entry.program.task for one in usual):
        if task not in ITCH_TASKS:
            found += task_sections(task, [one for one in usual if one.entry.program.task == task])
    return found + ([gain_section(variants)] if variants else [])


def conditions_rows(conditions: dict) -> list[list[str]]:
    cores, load = conditions["cores"], conditions["load_at_start"]
    guest = ", a virtual machine" if conditions["virtual"] else ""
    return [
        ["processor", f"{conditions['processor']}, {cores} cores{guest}"],
        ["memory", f"{conditions['memory_gb']} GB, {conditions['huge_pages']} huge pages reserved, "
                   f"transparent ones: {conditions['transparent_huge_pages']}"],
        ["system", f"{conditions['system']}, kernel {conditions['kernel']}"],
        ["compiler", conditions["compiler"]],
        ["build", conditions["flags"]],
        ["commit", conditions["commit"]],
        ["date", conditions["date"]],
        ["load at the start", f"{load:.2f}" + ("" if conditions["quiet"] else
                                               ": **not quiet; ratios count, times do not**")],
        ["clock frequency", conditions["governor"] or "not to be seen or set from here"],
        ["runs", f"{conditions['rounds']} rounds, each program a fresh process pinned to core "
                 f"{conditions['core']}"],
        ["command", f"`{conditions['command']}`"],
    ]


READING = """\
Programs take turns: each round starts every one of them once, in a fresh process on the same core.
A figure is the median of the rounds, with the least and the greatest beside it. Times of ITCH are
CPU time of the thread for one message. *Walks* is the time divided by that of a bare walk over the
message lengths of the big day **in the same round**, again the median: what slows the whole machine
cancels out. *MB* is the process's own memory at the end (RssAnon and HugetlbPages), without the
day, which is a mapped file. *Right* says whether the work was checked and found right: books end
with the orders, levels and top-of-book digest that the generator of the day kept count of, decoders
with the same digest of all events. In other tables *x* is the time divided by ridley's own in the
same round. The least and the greatest of every figure are in the JSON file beside this page."""


def days_text(days: list) -> list[str]:
    return [f"- day *{day.name}*: {day.told()}, made by `itch_generator` of this project"
            for day in days]


def markdown(all_measured: list[Measured], conditions: dict, days: list,
             failures: list[str]) -> str:
    guest = " (virtual machine)" if conditions["virtual"] else ""
    lines = [f"# Benchmarks on {conditions['processor']}, {conditions['cores']} cores{guest}", "",
             *READING.splitlines(), "", *days_text(days), ""]
    for failure in failures:
        lines.append(f"- **failed**: {failure}")
    for title, head, rows in sections(all_measured):
        lines += [f"## {title[:1].upper()}{title[1:]}", "", *table(head, rows), ""]
    lines += ["## What is timed", ""]
    timed = {(one.entry.program.task, one.entry.program.contender): one.timed
             for one in all_measured}
    lines += table(["task", "contender", "inside the timing"],
                   [[task, contender, text] for (task, contender), text in timed.items()])
    lines += ["", "## Conditions", "", *table(["what", "on this page"],
                                              conditions_rows(conditions)), ""]
    return "\n".join(lines)


def terminal(all_measured: list[Measured]) -> str:
    lines = []
    for title, head, rows in sections(all_measured):
        plain = [[cell.replace("**", "") for cell in row] for row in [head, *rows]]
        widths = [max(map(len, column)) for column in zip(*plain)]
        lines.append(title)
        for row in plain:
            cells = [cell.rjust(width) if is_figure else cell.ljust(width)
                     for cell, width, is_figure in zip(row, widths, figure_columns(plain[1:]))]
            lines.append(("  " + "  ".join(cells)).rstrip())
        lines.append("")
    return "\n".join(lines)


def row_json(one: Measured, figure: Figure) -> dict:
    row: dict = {"name": figure.name, "unit": figure.unit, "value": figure.value,
                 "least": figure.least, "greatest": figure.greatest, **figure.more}
    if figure.ratio_to_walk is not None:
        row["ratio_to_walk"] = figure.ratio_to_walk
    if figure.ratio_to_own is not None:
        row["ratio_to_ridley"] = figure.ratio_to_own
    if figure.bar is not None:
        row |= {"bar": figure.bar.most, "aim": figure.bar.aim, "verdict": figure.verdict()}
    return row


def json_object(all_measured: list[Measured], conditions: dict, days: list,
                failures: list[str]) -> dict:
    """Everything there is."""
    return {
        "conditions": conditions,
        "days": [vars(day) for day in days],
        "failures": failures,
        "programs": [{
            "task": one.entry.program.task, "contender": one.entry.contender,
            "day": one.entry.day, "timed": one.timed, "digest_ok": one.digest_ok,
            "rows": [row_json(one, figure) for figure in one.figures],
        } for one in all_measured],
    }


def quick_object(all_measured: list[Measured], machine: str) -> dict:
    """The ITCH rows alone, flat."""
    rows = []
    for one in all_measured:
        time, memory = one.figure(WALK_ROW), one.figure("rss")
        if one.entry.program.task in ITCH_TASKS and time is not None:
            rows.append({
                "name": f"{one.entry.program.task}/{one.entry.contender}",
                "ns_per_message": time.value, "ratio_to_walk": time.ratio_to_walk,
                "rss_mb": memory.value if memory else None, "digest_ok": one.digest_ok is True})
    return {"machine": machine, "rows": rows}


def json_text(value: dict | list, margin: str = "\n") -> str:
    """What holds nothing but plain values, as a row of figures does, takes one line."""
    parts = list(value.values() if isinstance(value, dict) else value)
    if not any(isinstance(part, (dict, list)) for part in parts):
        return json.dumps(value)
    texts = [json_text(part, margin + " ") if isinstance(part, (dict, list)) else json.dumps(part)
             for part in parts]
    if isinstance(value, dict):
        texts = [f"{json.dumps(key)}: {text}" for key, text in zip(value, texts)]
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return begin + ",".join(f"{margin} {text}" for text in texts) + margin + end
