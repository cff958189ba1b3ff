# SPDX-License-Identifier: Apache-2.0
"""Layouts of CME MDP 3.0, typed from the sheet's tables and not from schema/: the other opinion
that the generated views are held against. Offsets follow from the widths; see feed_tables.py."""

import feed_tables

# What stands before and behind the template's number.
BEFORE, BEHIND = "message_size:n2 block_length:n2", "schema_id:n2 version:n2 "
REFRESH = "transact_time:n8 match_event_indicator:n1 padding:n2"

# (template, bytes with the header, fields of the block); what follows in groups is not here.
MESSAGES = [
    (4, 10, ""),
    (12, 10, ""),
    (15, 10, ""),
    (16, 10, ""),
    (30, 40, "transact_time:n8 security_group:t6 asset:t6 security_id:i4 trade_date:n2 "
             "match_event_indicator:n1 security_trading_status:n1 halt_reason:n1 "
             "security_trading_event:n1"),
    (37, 21, REFRESH),
    (46, 21, REFRESH),
    (47, 21, REFRESH),
    (48, 21, REFRESH),
    (49, 21, REFRESH),
    (50, 21, REFRESH),
    (51, 21, REFRESH),
    (52, 69, "last_message_sequence:n4 total_reports:n4 security_id:i4 rpt_seq:n4 transact_time:n8 "
             "last_update_time:n8 trade_date:n2 security_trading_status:n1 high_limit_price:i8 "
             "low_limit_price:i8 max_price_variation:i8"),
    (53, 38, "last_message_sequence:n4 total_reports:n4 security_id:i4 chunks:n4 current_chunk:n4 "
             "transact_time:n8"),
]

# Of the groups, by the name of the entry.
ENTRIES = {
    "book_entry": "price:i8 size:i4 security_id:i4 rpt_seq:n4 number_of_orders:i4 price_level:n1 "
                  "update_action:n1 entry_type:t1 tradeable_size:i4 padding:n1",
    "order_entry": "order_id:n8 order_priority:n8 display_quantity:i4 reference_id:n1 "
                   "order_update_action:n1 padding:n2",
    "full_order_entry": "order_id:n8 order_priority:n8 price:i8 display_quantity:i4 security_id:i4 "
                        "update_action:n1 entry_type:t1 padding:n2 second_padding:n4",
    "trade_entry": "price:i8 size:i4 security_id:i4 rpt_seq:n4 number_of_orders:i4 "
                   "aggressor_side:n1 update_action:n1 trade_entry_id:n4 padding:n2",
    "trade_order_entry": "order_id:n8 last_quantity:i4 padding:n4",
    "snapshot_entry": "price:i8 size:i4 number_of_orders:i4 price_level:i1 "
                      "trading_reference_date:n2 open_close_settlement:n1 "
                      "settlement_price_type:n1 entry_type:t1",
    "snapshot_order_entry": "order_id:n8 order_priority:n8 price:i8 display_quantity:i4 "
                            "entry_type:t1",
}


def pattern(template, size):
    """Bytes that all differ, with the template's number where it belongs."""
    message = bytearray(0x21 + at for at in range(size))
    message[4:6] = template.to_bytes(2, "little")
    return bytes(message)


def decode(message, layout):
    """Field values by the tables above, and where they end."""
    at, values = 0, {}
    for text in (BEFORE, BEHIND + layout):
        for name, form, width in feed_tables.fields(text):
            values[name] = feed_tables.value_of(message[at:at + width], form)
            at += width
        at += 2 if text == BEFORE else 0
    return values, at


def golden_lines():
    """As feed_tables.golden_lines."""
    for template, size, layout in MESSAGES:
        message = pattern(template, size)
        values, end = decode(message, layout)
        assert end == size, f"template {template}: fields end at {end}, not at {size}"
        parts = " ".join(f"{name}={value}" for name, value in values.items())
        yield f"mdp3 {message.hex()} type={template} {parts}"


def entry_layouts():
    """(name, [(field, offset, width)]) of every entry."""
    for name, text in ENTRIES.items():
        at, fields = 0, []
        for one, _, width in feed_tables.fields(text):
            fields.append((one, at, width))
            at += width
        yield name, fields, at
