#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Trades one seeded session: starts the exchange simulator and the appliance as two processes, a
virtio ring between them for the feed and TCP for the orders, arms the appliance, lets it trade,
disarms, cancels, stops both, and compares what each of them counted."""

import argparse
import json
import shlex
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from session import configuration, products, scenario  # noqa: E402
from session.card import SimulatedCard  # noqa: E402
from session.child import Child, SessionFailed, stop_all  # noqa: E402
from session.control import Operator  # noqa: E402
from session.folder import Busy, RunFolder  # noqa: E402
from session.progress import SHOWN, Progress  # noqa: E402
from testing import builds  # noqa: E402

READY_SECONDS = 30
OPEN_ORDERS_SECONDS = 10
REPAIR_SECONDS = 15
STOP_SECONDS = 15
# The venue sends the end of the day and waits for the appliance to log out.
END_OF_DAY_SECONDS = 0.5
STATUS_SECONDS = 0.2
# A scenario has its length; the exchange has to outlive what comes after trading.
END_MARGIN_SECONDS = 60
# Of a day without a scenario.
MARKET = {"seconds": 20, "seed": 1, "instruments": 100, "rate": 20_000}
# Who reads copies of our executions, with a password.
COPY = ("COPY", "copy")
EXIT_BUSY, EXIT_FAILED, EXIT_INTERRUPTED = 75, 1, 130


def arguments() -> argparse.Namespace:
    build = builds.ROOT / "build"
    parser = argparse.ArgumentParser(
        prog="scripts/run", description=__doc__,
        epilog="Leaves index.html and report.json in build/report. The exit code is 0 only when "
               "both sides counted the same orders, fills, positions and cash, every order had "
               "passed the gate and the hot core allocated nothing.")
    parser.add_argument("--scenario", metavar="NAME",
                        help="trade through a bad day: one of scenarios/, or a FILE.toml; what it "
                             "does not say is as on the command line")
    parser.add_argument("--seconds", type=float, help="of trading (20)")
    parser.add_argument("--seed", type=int, help="of the simulated market (1)")
    parser.add_argument("--instruments", type=int, help="that are listed (100)")
    parser.add_argument("--rate", type=int, help="feed messages a second (20000)")
    parser.add_argument("--card", choices=["sim"],
                        help="decode the feed in a card too, and trade on its events: sim is the "
                             "card's design simulated behind XRT")
    parser.add_argument("--json", action="store_true", help="print report.json to stdout")
    parser.add_argument("--run-folder", type=Path, default=build / "run", help="(build/run)")
    parser.add_argument("--report-folder", type=Path, default=build / "report",
                        help="(build/report)")
    parser.add_argument("--programs", type=Path, help="folder of programs to use, none is built")
    options = parser.parse_args()
    try:
        options.scenario = scenario.read(options.scenario) if options.scenario else None
    except SessionFailed as failure:
        parser.error(str(failure))
    for name, value in (options.scenario.market if options.scenario else MARKET).items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    if options.seconds <= 0 or options.rate <= 0 or not 0 < options.instruments <= 10_000:
        parser.error("seconds and rate are above 0, instruments from 1 to 10000")
    return options


class Session:
    """The steps of one session, in order. Whoever makes one calls close()."""

    def __init__(self, options: argparse.Namespace, programs: products.Products, run: RunFolder):
        self.options, self.programs, self.run = options, programs, run
        self.children: list[Child] = []
        self.progress = Progress(options.seconds)
        self.config = run.path / "ridleyd.toml"
        self.operator = Operator(programs.ridley, self.config)
        lines = options.scenario.lines if options.scenario else 1
        self.card = SimulatedCard(
            programs.card, run.sockets, "AB"[:lines]) if options.card else None

    def start(self, name: str, command: list[str]) -> Child:
        child = Child(name, command, self.run.log(name), self.run.path,
                      self.card.environment() if self.card else None)
        self.children.append(child)
        return child

    def start_venue(self) -> Child:
        folder = self.run.path / "venue"
        wires = [("ABC", self.run.sockets / "feed.sock"), *(self.card.wires() if self.card else [])]
        feed = [word for number, (lines, wire) in enumerate(wires)
                for word in ("--feed-port", f"{lines}:net_vhost{number},iface={wire},queues=1")]
        bad_day = [] if not self.options.scenario else [
            "--scenario", str(self.options.scenario.path),
            "--seconds", str(self.options.seconds + END_MARGIN_SECONDS), "--glimpse-port", "0",
            "--rerequest-port", "0", "--drop-copy-port", "0", "--drop-copy", ":".join([*COPY, ""])]
        venue = self.start("ridley-venue", [
            str(self.programs.venue), "--run-folder", str(folder),
            *feed, *bad_day, "--wait-for-link", "--wait-for-login", str(READY_SECONDS),
            "--order-port", "0", "--seed", str(self.options.seed),
            "--instruments", str(self.options.instruments), "--rate", str(self.options.rate)])
        ready = folder / "ready.json"
        venue.wait_until(ready.exists, READY_SECONDS, "get ready")
        said = json.loads(ready.read_text())
        more = configuration.for_bad_days(said, COPY) if self.options.scenario else ""
        self.config.write_text(configuration.text(
            said, self.run.path, self.run.sockets,
            more + (self.card.configuration() if self.card else "")))
        return venue

    def start_card(self) -> None:
        socket = Path(self.card.environment()["RIDLEY_CARD_SIM"])
        child = self.start("ridley-card-sim", self.card.command())
        child.wait_until(socket.exists, READY_SECONDS, "listen")

    def start_appliance(self) -> Child:
        appliance = self.start("ridleyd", [str(self.programs.ridleyd), str(self.config)])
        self.operator.wait_until_ready(appliance, READY_SECONDS)
        return appliance

    def trade(self) -> None:
        end = time.monotonic() + self.options.seconds
        self.progress.start = time.monotonic()
        while time.monotonic() < end:
            for child in self.children:
                child.check()
            shown = self.progress.due()
            status = self.operator.status() if shown or self.options.scenario else {}
            if shown:
                self.progress.show({name: status[name] for _, name in SHOWN
                                    if isinstance(status.get(name), int)})
            if self.options.scenario:
                self.go_on(status)
            time.sleep(min(STATUS_SECONDS, max(0.0, end - time.monotonic())))
        self.progress.clear()

    def go_on(self, status: dict) -> None:
        """What an operator does who has read why the appliance stopped, and wants to trade on."""
        if status.get("killed"):
            self.progress.say("killed: rearm")
            self.operator.command("rearm")
        elif status.get("order_ready") and not status.get("armed"):
            self.progress.say("disarmed, and the session for orders is back: arm")
            self.operator.command("arm")

    def finish(self, venue: Child, appliance: Child) -> None:
        """No new orders, none open, no market, no appliance, no venue: so nothing is on its way
        when the counts are taken."""
        self.operator.command("disarm")
        self.operator.command("cancel-all")
        appliance.wait_until(lambda: self.operator.status().get("open_orders") == 0,
                             OPEN_ORDERS_SECONDS, "lose its open orders")
        if self.options.scenario:  # what is missing then is asked for while somebody has it
            appliance.wait_until(lambda: self.operator.status().get("feed_live"),
                                 REPAIR_SECONDS, "hear all of the feed")
        venue.ask_to_stop()
        time.sleep(END_OF_DAY_SECONDS)
        appliance.stopping = True
        self.operator.command("stop")
        appliance.wait_end(STOP_SECONDS)
        venue.wait_end(STOP_SECONDS)

    def trade_all(self) -> None:
        day = self.options.scenario
        (self.run.path / "session.json").write_text(json.dumps({
            "seconds": self.options.seconds, "seed": self.options.seed,
            "instruments": self.options.instruments, "rate": self.options.rate,
            "scenario": {"name": day.name, "shows": day.shows} if day else None,
            "command": shlex.join(["scripts/run", *sys.argv[1:]])}))
        venue = self.start_venue()
        if self.card:
            self.start_card()
        appliance = self.start_appliance()
        self.progress.say((f"{day.name}: {day.shows}\n" if day else "") +
                          f"trading {self.options.seconds:g} s, seed {self.options.seed}")
        self.operator.command("arm")
        self.trade()
        self.finish(venue, appliance)

    def close(self) -> None:
        self.progress.clear()
        stop_all(list(reversed(self.children)), STOP_SECONDS / 3)


def summary(report: dict) -> str:
    sent = report["hops"].get("sent", {})
    latency = f", frame to order p50 {sent['p50']} ns, p99 {sent['p99']} ns" if sent else ""
    return (f"{report['orders_sent']} orders sent, {report['orders_acknowledged']} acknowledged, "
            f"{report['orders_filled']} fills, {report['orders_canceled']} cancellations, "
            f"{report['rejected_by_gate']} stopped by the gate{latency}")


def write_report(options: argparse.Namespace, run: RunFolder) -> int:
    import importlib.util

    # The script has its folder's name, so it is loaded by its path.
    path = Path(__file__).with_name("report.py")
    specification = importlib.util.spec_from_file_location("report_script", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    report = module.write(run.path, options.report_folder)
    for problem in report["problems"]:
        print(f"run: {problem}", file=sys.stderr)
    print(f"run: {summary(report)}", file=sys.stderr)
    print(f"run: {'both sides agree' if report['agree'] else 'the session does not count'}: "
          f"{options.report_folder / 'index.html'}", file=sys.stderr)
    if options.json:
        print(json.dumps(report, indent=2))
    return 0 if report["agree"] else EXIT_FAILED


def run_session(options: argparse.Namespace) -> int:
    if options.programs:
        programs = products.found_in(options.programs)
    else:
        print("run: building what is not built yet", file=sys.stderr, flush=True)
        programs = products.built(with_card=options.card is not None)
    run = RunFolder(options.run_folder)
    try:
        for name in ("index.html", "report.json"):
            (options.report_folder / name).unlink(missing_ok=True)
        session = Session(options, programs, run)
        try:
            session.trade_all()
        finally:
            session.close()
        return write_report(options, run)
    finally:
        run.close()


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def main() -> int:
    options = arguments()
    signal.signal(signal.SIGTERM, interrupt)
    signal.signal(signal.SIGHUP, interrupt)
    try:
        return run_session(options)
    except Busy as busy:
        print(f"run: {busy}", file=sys.stderr)
        return EXIT_BUSY
    except (SessionFailed, builds.BuildFailed) as failure:
        print(f"run: {failure}", file=sys.stderr)
        return EXIT_FAILED
    except OSError as error:
        print(f"run: {error}", file=sys.stderr)
        return EXIT_FAILED
    except KeyboardInterrupt:
        print("run: interrupted; both processes are stopped", file=sys.stderr)
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
