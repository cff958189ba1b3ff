# SPDX-License-Identifier: Apache-2.0
"""In: what the suites report (JUnit files, single verdicts). Out: one true sum, its last line."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree


@dataclass
class Totals:
    """Counts of test cases; failures carry a name and where to read more."""

    passed: int = 0
    skipped: int = 0
    failures: list[str] = field(default_factory=list)

    def succeed(self, count: int = 1) -> None:
        self.passed += count

    def skip(self, count: int = 1) -> None:
        self.skipped += count

    def fail(self, text: str) -> None:
        self.failures.append(text)

    def judge(self, stage: str, text: str, good: bool) -> None:
        """A verdict that is also printed."""
        print(f"  {'ok    ' if good else 'FAILED'} {text}", flush=True)
        if good:
            self.succeed()
        else:
            self.fail(f"{stage}: {text}")

    def add(self, other: "Totals") -> None:
        self.passed += other.passed
        self.skipped += other.skipped
        self.failures += other.failures

    @property
    def failed(self) -> int:
        return len(self.failures)

    @property
    def exit_code(self) -> int:
        # Nothing passed is no success either: then nothing was tested.
        return 0 if not self.failures and self.passed > 0 else 1

    def last_line(self) -> str:
        line = f"{self.passed} passed, {self.failed} failed"
        return f"{line}, {self.skipped} skipped" if self.skipped else line


def _message(element: ElementTree.Element) -> str:
    text = (element.get("message") or element.text or "").strip()
    return text.splitlines()[0][:160] if text else ""


def cases_of(junit_text: str) -> dict[str, Totals]:
    """The test cases of a JUnit file, summed for each suite by its name."""
    suites: dict[str, Totals] = {}
    for suite in ElementTree.fromstring(junit_text).iter("testsuite"):
        name = suite.get("name", "?")
        totals = suites.setdefault(name, Totals())
        for case in suite.findall("testcase"):
            bad = case.find("failure")
            bad = bad if bad is not None else case.find("error")
            if bad is not None:
                totals.fail(": ".join(filter(None, (name, case.get("name"), _message(bad)))))
            elif case.find("skipped") is not None or case.get("result") == "skipped":
                totals.skip()
            else:
                totals.succeed()
    return suites


def from_junit(junit_text: str) -> Totals:
    totals = Totals()
    for suite in cases_of(junit_text).values():
        totals.add(suite)
    return totals


# What Meson calls a program that did what it should, or could not run here.
GOOD_RESULTS = {"OK", "EXPECTEDFAIL"}


def from_meson(junit_text: str, programs: list[dict], project: str = "ridley") -> Totals:
    """Adds a Meson JUnit log to the results of the whole programs.

    A program's own cases count when it reported any, else the program counts as one case. One that
    died, hung or leaked without a failed case in the JUnit log is one failure more. The suite that
    bears the bare project name is left out: Meson lists hung programs there as if they had passed.
    """
    suites = cases_of(junit_text)
    totals = Totals()
    for program in programs:
        name, result = program["name"], program["result"]
        prefix = f"{project}.{name}"
        own = Totals()
        for suite_name, suite in suites.items():
            if suite_name == prefix or suite_name.startswith(prefix + "."):
                own.add(suite)
        if own.passed + own.failed + own.skipped == 0:
            if result in GOOD_RESULTS:
                own.succeed()
            elif result == "SKIP":
                own.skip()
        if result not in GOOD_RESULTS and result != "SKIP" and own.failed == 0:
            own.fail(f"{name}: the program ended with {result}")
        for failure in own.failures:
            totals.fail(failure.removeprefix(f"{project}."))
        own.failures = []
        totals.add(own)
    return totals


def read_meson(logs: Path) -> Totals:
    """Reads build/meson-logs after a meson test run."""
    junit, lines = logs / "testlog.junit.xml", logs / "testlog.json"
    if not junit.exists() or not lines.exists():
        totals = Totals()
        totals.fail(f"meson test: left no results in {logs}")
        return totals
    programs = [json.loads(line) for line in lines.read_text().splitlines() if line.strip()]
    return from_meson(junit.read_text(), programs)
