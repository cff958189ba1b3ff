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


def text(ready: dict, folder: Path, sockets: Path, card: str = "") -> str:
    """TOML; strings are written as JSON ones, which TOML reads alike. card: its table, if any."""
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
{card}
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
