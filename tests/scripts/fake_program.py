#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plays ridley-venue, ridleyd or ridley, after its own name, with the counts of the sample session.
FAKE_FAULT in the environment makes one of them misbehave."""

import json
import os
import signal
import sys
import time
import tomllib
from pathlib import Path

FAULT = os.environ.get("FAKE_FAULT", "")
sys.dont_write_bytecode = True
sys.path.insert(0, os.environ["FAKE_SAMPLES"])

import session_sample  # noqa: E402


def wait_for_end(until) -> None:
    stopped = []
    signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
    if FAULT.startswith("deaf"):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    while not stopped and not until():
        time.sleep(0.01)


def value_of(option: str) -> str:
    return sys.argv[sys.argv.index(option) + 1]


def venue() -> int:
    folder = Path(value_of("--run-folder"))
    if FAULT == "venue never ready":
        time.sleep(60)
    # Whole or not at all, as the real one does: whoever waits reads it the moment it is there.
    (folder / "words").write_text("\n".join(sys.argv[1:]))
    (folder / "ready.part").write_text(json.dumps({
        "order_port": 40123, "glimpse_port": 40124, "rerequest_port": 40125,
        "drop_copy_port": 40126, "username": "RIDLEY", "password": "p", "session": "S",
        "symbols": ["AAAA", "AAAB"], "groups": [{"group": "233.54.12.111", "port": 26477}]}))
    (folder / "ready.part").rename(folder / "ready.json")
    if FAULT == "venue crashes":
        time.sleep(0.3)
        print("boom", flush=True)
        os.abort()
    wait_for_end(lambda: False)
    time.sleep(0.05)
    changed = {"orders_filled": 1} if FAULT == "counts differ" else {}
    (folder / "summary.json").write_text(json.dumps({**session_sample.VENUE, **changed}))
    return 0


def state(config: dict) -> Path:
    return Path(config["appliance"]["run_folder"]) / "fake_state"


def ridleyd() -> int:
    config = tomllib.loads(Path(sys.argv[1]).read_text())
    assert config["order"]["port"] == 40123
    if FAULT == "appliance refuses":
        print("ridleyd.toml:1:1: no", flush=True)
        return 78
    state(config).write_text("ready")
    telemetry = Path(config["telemetry"]["folder"])
    wait_for_end(lambda: state(config).read_text() == "stop")
    session_sample.write(telemetry.parent / "sample")
    for path in (telemetry.parent / "sample" / "telemetry").iterdir():
        path.rename(telemetry / path.name)
    return 0


def ridley() -> int:
    config = tomllib.loads(Path(value_of("--config")).read_text())
    verb, path = sys.argv[1], state(config)
    if not path.exists():
        return 69
    if verb == "status":
        armed = FAULT != "disarmed" or not (path.parent / "verbs").exists() \
            or (path.parent / "verbs").read_text().split().count("arm") > 1
        print(json.dumps({"ready": True, "open_orders": 0, "orders_sent": 12, "armed": armed,
                          "order_ready": True, "feed_live": True}))
    elif FAULT == f"{verb} fails":
        print("refused", file=sys.stderr)
        return 70
    else:
        with (path.parent / "verbs").open("a") as verbs:
            verbs.write(verb + "\n")
        if verb == "stop":
            path.write_text("stop")
    return 0


if __name__ == "__main__":
    sys.exit({"ridley-venue": venue, "ridleyd": ridleyd, "ridley": ridley}[
        Path(sys.argv[0]).name]())
