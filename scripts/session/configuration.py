# SPDX-License-Identifier: Apache-2.0
"""In: what the venue says when it is ready. Out: the appliance's configuration for the session."""

import json
from pathlib import Path

# Limits that a session of some seconds meets, so that the gate is seen to refuse: few shares a
# symbol, and fewer messages at once than a burst of the market provokes.
POSITION_LIMIT = 300
SYMBOLS_TRADED_MAX = 16
# The simulator keeps some 120 orders at 30 prices of a symbol; eight times that.
ORDERS_PER_SYMBOL = 1_000
LEVELS_PER_SYMBOL = 240
# Threads that share a core with others are not as soon as a trading day wants them.
HOLD_MS, REREQUEST_TIMEOUT_MS, REREQUEST_TRIES = 5_000, 200, 20
# What comes in that time.
HOLD_PACKETS = 65_536
# An exchange that answers late has told the copy long before.
MATCH_WITHIN_MS, KILL_AFTER_MS = 10_000, 10_000


def for_bad_days(ready: dict, copy: tuple[str, str]) -> str:
    """Whatever helps: re-requests, snapshots, and a drop copy for that user and password."""
    username, password = copy
    return f"""session_policy = "refuse"
hold_ms = {HOLD_MS}
hold_packets = {HOLD_PACKETS}

[recovery]
rerequest = ["127.0.0.1:{ready["rerequest_port"]}"]
glimpse = "127.0.0.1:{ready["glimpse_port"]}"
timeout_ms = {REREQUEST_TIMEOUT_MS}
tries = {REREQUEST_TRIES}

[drop_copy]
host = "127.0.0.1"
port = {ready["drop_copy_port"]}
username = {json.dumps(username)}
password = {json.dumps(password)}
match_within_ms = {MATCH_WITHIN_MS}
kill_after_ms = {KILL_AFTER_MS}
"""


def text(ready: dict, folder: Path, sockets: Path, more: str = "") -> str:
    """TOML; strings are written as JSON ones, which TOML reads alike. more: settings that go on
    with those of the feed, then tables."""
    quoted = json.dumps
    symbols = ready["symbols"][:SYMBOLS_TRADED_MAX]
    groups = ", ".join(f"{{ group = {quoted(group['group'])}, port = {group['port']} }}"
                       for group in ready["groups"])
    return f"""# SPDX-License-Identifier: Apache-2.0
# Made for one session by scripts/main_job.py.
[appliance]
name = "ridley"
run_folder = {quoted(str(sockets))}

[feed]
port = {quoted(f"net_virtio_user0,path={sockets}/feed.sock,queues=1,queue_size=1024")}
groups = [{groups}]
{more}
[book]
orders_max = {max(len(ready["symbols"]) * ORDERS_PER_SYMBOL, 65_536)}
levels_max = {max(len(ready["symbols"]) * LEVELS_PER_SYMBOL, 16_384)}
instruments_max = {max(len(ready["symbols"]) + 1, 64)}

[order]
host = "127.0.0.1"
port = {ready["order_port"]}
username = {quoted(ready["username"])}
password = {quoted(ready["password"])}
firm = "RDLY"
open_orders_max = 1_024

[strategy]
object = "two_sided_quoter"
symbols = {quoted(symbols)}

[strategy.parameters]
half_spread_ticks = 0
size = 100
position_max = 1_000
pause_us = 2_000

[risk]
limits_version = 1
max_order_quantity = 1_000
max_order_notional_usd = 1_000_000
collar_basis_points = 500
stale_after_ms = 2_000
message_rate = 2_000
message_burst = 200
max_gross_notional_usd = 100_000_000
max_open_orders = 200
position_limit_long = {POSITION_LIMIT}
position_limit_short = {POSITION_LIMIT}
short_sales = true

[telemetry]
folder = {quoted(str(folder / "telemetry"))}
interval_ms = 1_000
"""
