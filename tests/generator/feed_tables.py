# SPDX-License-Identifier: Apache-2.0
"""Layouts of the little-endian feeds, typed from the publishers' tables and not from schema/: the
other opinion that the generated views are held against. A field is name:width; n before the width
is a number, i a signed one, t text. Offsets follow from the widths."""

# (type, bytes, fields behind the two bytes of length and type)
PITCH = [
    (0x20, 6, "time:n4"),
    (0x97, 6, "time_offset:n4"),
    (0x21, 34, "time_offset:n4 order_id:n8 side_indicator:t1 quantity:n4 symbol:t6 "
               "price:n8 add_flags:n1"),
    (0x22, 26, "time_offset:n4 order_id:n8 side_indicator:t1 quantity:n2 symbol:t6 "
               "price:n2 add_flags:n1"),
    (0x2F, 41, "time_offset:n4 order_id:n8 side_indicator:t1 quantity:n4 symbol:t8 "
               "price:n8 add_flags:n1 participant_id:t4 customer_indicator:t1"),
    (0x23, 26, "time_offset:n4 order_id:n8 executed_quantity:n4 execution_id:n8"),
    (0x24, 38, "time_offset:n4 order_id:n8 executed_quantity:n4 remaining_quantity:n4 "
               "execution_id:n8 price:n8"),
    (0x25, 18, "time_offset:n4 order_id:n8 canceled_quantity:n4"),
    (0x26, 16, "time_offset:n4 order_id:n8 canceled_quantity:n2"),
    (0x27, 27, "time_offset:n4 order_id:n8 quantity:n4 price:n8 modify_flags:n1"),
    (0x28, 19, "time_offset:n4 order_id:n8 quantity:n2 price:n2 modify_flags:n1"),
    (0x29, 14, "time_offset:n4 order_id:n8"),
    (0x2A, 41, "time_offset:n4 order_id:n8 side_indicator:t1 quantity:n4 symbol:t6 "
               "price:n8 execution_id:n8"),
    (0x2B, 33, "time_offset:n4 order_id:n8 side_indicator:t1 quantity:n2 symbol:t6 "
               "price:n2 execution_id:n8"),
    (0x30, 43, "time_offset:n4 order_id:n8 side_indicator:t1 quantity:n4 symbol:t8 "
               "price:n8 execution_id:n8"),
    (0x2C, 14, "time_offset:n4 execution_id:n8"),
    (0x2D, 6, "time_offset:n4"),
    (0x31, 18, "time_offset:n4 symbol:t8 trading_status:t1 reg_sho_action:t1 "
               "reserved_1:t1 second_reserved_1:t1"),
    (0x95, 47, "time_offset:n4 stock_symbol:t8 auction_type:t1 reference_price:n8 "
               "buy_shares:n4 sell_shares:n4 indicative_price:n8 auction_only_price:n8"),
    (0x96, 27, "time_offset:n4 stock_symbol:t8 auction_type:t1 price:n8 "
               "shares_contracts:n4"),
    (0x98, 15, "time_offset:n4 symbol:t8 retail_price_improvement:t1"),
]

# (type, bytes, fields behind the type byte)
DEEP = [
    ("S", 10, "system_event:t1 timestamp:i8"),
    ("D", 31, "security_directory_flags:n1 timestamp:i8 symbol:t8 round_lot_size:n4 "
              "adjusted_poc_price:i8 luld_tier:n1"),
    ("H", 22, "trading_status:t1 timestamp:i8 symbol:t8 reason:t4"),
    ("I", 18, "retail_liquidity_indicator:t1 timestamp:i8 symbol:t8"),
    ("O", 18, "operational_halt_status:t1 timestamp:i8 symbol:t8"),
    ("P", 19, "short_sale_price_test_status:n1 timestamp:i8 symbol:t8 detail:t1"),
    ("E", 18, "security_event:t1 timestamp:i8 symbol:t8"),
    ("8", 30, "event_flags:n1 timestamp:i8 symbol:t8 size:n4 price:i8"),
    ("5", 30, "event_flags:n1 timestamp:i8 symbol:t8 size:n4 price:i8"),
    ("T", 38, "sale_condition_flags:n1 timestamp:i8 symbol:t8 size:n4 price:i8 "
              "trade_id:n8"),
    ("X", 26, "price_type:t1 timestamp:i8 symbol:t8 official_price:i8"),
    ("B", 38, "sale_condition_flags:n1 timestamp:i8 symbol:t8 size:n4 price:i8 "
              "trade_id:n8"),
    ("A", 80, "auction_type:t1 timestamp:i8 symbol:t8 paired_shares:n4 "
              "reference_price:i8 indicative_clearing_price:i8 imbalance_shares:n4 "
              "imbalance_side:t1 extension_number:n1 scheduled_auction_time:n4 "
              "auction_book_clearing_price:i8 collar_reference_price:i8 "
              "lower_auction_collar:i8 upper_auction_collar:i8"),
]

# name: (messages, what stands before the type)
FEEDS = {"pitch": (PITCH, "message_length:n1"), "deep": (DEEP, "")}


def fields(text):
    """(name, form, width) of each field."""
    found = []
    for entry in text.split():
        name, form = entry.split(":")
        found.append((name, form[0], int(form[1:])))
    return found


def value_of(raw, form):
    if form == "t":
        return raw.decode("latin-1").strip(" ")
    return int.from_bytes(raw, "little", signed=form == "i")


def decode(message, layout, before=""):
    """Field values of a message by the tables above, and where they end."""
    at = 0
    values = {}
    for name, form, width in fields(before):
        values[name] = value_of(message[at:at + width], form)
        at += width
    at += 1
    for name, form, width in fields(layout):
        values[name] = value_of(message[at:at + width], form)
        at += width
    return values, at


def pattern(kind, size, before):
    """Bytes that all differ, with the type where it belongs; the last ones have their high bit."""
    message = bytearray(0x21 + at for at in range(size))
    for at in range(size - 8, size):
        if kind in ("8", "5", "T", "X", "B", "A") and at >= 22:
            message[at] |= 0x80
    message[len(fields(before))] = kind if isinstance(kind, int) else ord(kind)
    return bytes(message)


def golden_lines():
    """protocol, bytes in hexadecimal, then name=value of every field, the type first."""
    for protocol, (messages, before) in FEEDS.items():
        for kind, size, layout in messages:
            message = pattern(kind, size, before)
            values, end = decode(message, layout, before)
            assert end == size, f"{protocol} {kind}: fields end at {end}, not at {size}"
            parts = " ".join(f"{name}={value}" for name, value in values.items())
            yield f"{protocol} {message.hex()} type={kind} {parts}"
