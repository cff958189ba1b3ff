# SPDX-License-Identifier: Apache-2.0
"""Message layouts typed from the publisher's tables, not from schema/: the other opinion that the
generated views are held against. A field is name:width; n before the width is a number, t text."""

import struct

COMMON = "stock_locate:n2 tracking_number:n2 timestamp:n6"

# (type, total bytes, fields behind the type byte)
ITCH = [
    ("S", 12, f"{COMMON} event_code:t1"),
    ("R", 39, f"{COMMON} stock:t8 market_category:t1 financial_status_indicator:t1 "
              "round_lot_size:n4 round_lots_only:t1 issue_classification:t1 issue_sub_type:t2 "
              "authenticity:t1 short_sale_threshold_indicator:t1 ipo_flag:t1 "
              "luld_reference_price_tier:t1 etp_flag:t1 etp_leverage_factor:n4 "
              "inverse_indicator:t1"),
    ("H", 25, f"{COMMON} stock:t8 trading_state:t1 reserved:t1 reason_code:t4"),
    ("Y", 20, f"{COMMON} stock:t8 reg_sho_action:t1"),
    ("L", 26, f"{COMMON} mpid:t4 stock:t8 primary_market_maker:t1 market_maker_mode:t1 "
              "market_participant_state:t1"),
    ("V", 35, f"{COMMON} level_1:n8 level_2:n8 level_3:n8"),
    ("W", 12, f"{COMMON} breached_level:t1"),
    ("K", 28, f"{COMMON} stock:t8 ipo_quotation_release_time:n4 "
              "ipo_quotation_release_qualifier:t1 ipo_price:n4"),
    ("J", 35, f"{COMMON} stock:t8 auction_collar_reference_price:n4 "
              "upper_auction_collar_price:n4 lower_auction_collar_price:n4 "
              "auction_collar_extension:n4"),
    ("h", 21, f"{COMMON} stock:t8 market_code:t1 operational_halt_action:t1"),
    ("A", 36, f"{COMMON} order_reference_number:n8 buy_sell_indicator:t1 shares:n4 stock:t8 "
              "price:n4"),
    ("F", 40, f"{COMMON} order_reference_number:n8 buy_sell_indicator:t1 shares:n4 stock:t8 "
              "price:n4 attribution:t4"),
    ("E", 31, f"{COMMON} order_reference_number:n8 executed_shares:n4 match_number:n8"),
    ("C", 36, f"{COMMON} order_reference_number:n8 executed_shares:n4 match_number:n8 "
              "printable:t1 execution_price:n4"),
    ("X", 23, f"{COMMON} order_reference_number:n8 canceled_shares:n4"),
    ("D", 19, f"{COMMON} order_reference_number:n8"),
    ("U", 35, f"{COMMON} original_order_reference_number:n8 new_order_reference_number:n8 "
              "shares:n4 price:n4"),
    ("P", 44, f"{COMMON} order_reference_number:n8 buy_sell_indicator:t1 shares:n4 stock:t8 "
              "price:n4 match_number:n8"),
    ("Q", 40, f"{COMMON} cross_shares:n8 stock:t8 cross_price:n4 match_number:n8 cross_type:t1"),
    ("B", 19, f"{COMMON} match_number:n8"),
    ("I", 50, f"{COMMON} paired_shares:n8 imbalance_shares:n8 imbalance_direction:t1 stock:t8 "
              "far_price:n4 near_price:n4 current_reference_price:n4 cross_type:t1 "
              "price_variation_indicator:t1"),
    ("N", 20, f"{COMMON} stock:t8 interest_flag:t1"),
    ("O", 48, f"{COMMON} stock:t8 open_eligibility_status:t1 minimum_allowable_price:n4 "
              "maximum_allowable_price:n4 near_execution_price:n4 near_execution_time:n8 "
              "lower_price_range_collar:n4 upper_price_range_collar:n4"),
]

ORDER = ("side:t1 quantity:n4 symbol:t8 price:n8 time_in_force:t1 display:t1 ")
ACK = "capacity:t1 inter_market_sweep_eligibility:t1 cross_type:t1 "

OUCH_INBOUND = [
    ("O", 45, f"user_ref_num:n4 {ORDER} {ACK} cl_ord_id:t14"),
    ("U", 38, "orig_user_ref_num:n4 user_ref_num:n4 quantity:n4 price:n8 time_in_force:t1 "
              "display:t1 inter_market_sweep_eligibility:t1 cl_ord_id:t14"),
    ("X", 9, "user_ref_num:n4 quantity:n4"),
    ("M", 10, "user_ref_num:n4 side:t1 quantity:n4"),
    ("C", 17, "user_ref_num:n4 firm:t4 symbol:t8"),
    ("D", 9, "user_ref_num:n4 firm:t4"),
    ("E", 9, "user_ref_num:n4 firm:t4"),
    ("Q", 1, ""),
]

TIME = "timestamp:n8"
REF = f"{TIME} user_ref_num:n4"

OUCH_OUTBOUND = [
    ("S", 10, f"{TIME} event_code:t1"),
    ("A", 62, f"{REF} {ORDER} order_reference_number:n8 {ACK} order_state:t1 cl_ord_id:t14"),
    ("U", 66, f"{TIME} orig_user_ref_num:n4 user_ref_num:n4 {ORDER} order_reference_number:n8 "
              f"{ACK} order_state:t1 cl_ord_id:t14"),
    ("C", 18, f"{REF} quantity:n4 cancel_order_reason:t1"),
    ("D", 32, f"{REF} decrement_shares:n4 order_cancel_reason:t1 "
              "quantity_prevented_from_trading:n4 execution_price:n8 liquidity_flag:t1 "
              "aiq_strategy:t1"),
    ("E", 34, f"{REF} quantity:n4 price:n8 liquidity_flag:t1 match_number:n8"),
    ("B", 36, f"{REF} match_number:n8 broken_trade_reason:t1 cl_ord_id:t14"),
    ("F", 49, f"{REF} quantity:n4 price:n8 liquidity_flag:t1 match_number:n8 "
              "trade_correction_reason:t1 cl_ord_id:t14"),
    ("J", 29, f"{REF} rejected_order_reason:n2 cl_ord_id:t14"),
    ("P", 13, REF),
    ("I", 13, REF),
    ("T", 30, f"{REF} price:n8 display:t1 order_reference_number:n8"),
    ("M", 18, f"{REF} side:t1 quantity:n4"),
    ("R", 14, f"{REF} order_restated_reason:t1"),
    ("X", 25, f"{REF} firm:t4 symbol:t8"),
    ("G", 17, f"{REF} firm:t4"),
    ("K", 17, f"{REF} firm:t4"),
    ("Q", 13, f"{TIME} next_user_ref_num:n4"),
]

TERMS42 = "buy_sell_indicator:t1 shares:n4 stock:t8 price:n4 time_in_force:n4 firm:t4 display:t1"

OUCH42_INBOUND = [
    ("O", 49, f"order_token:t14 {TERMS42} capacity:t1 intermarket_sweep_eligibility:t1 "
              "minimum_quantity:n4 cross_type:t1 customer_type:t1"),
    ("U", 47, "existing_order_token:t14 replacement_order_token:t14 shares:n4 price:n4 "
              "time_in_force:n4 display:t1 intermarket_sweep_eligibility:t1 minimum_quantity:n4"),
    ("X", 19, "order_token:t14 shares:n4"),
    ("M", 20, "order_token:t14 buy_sell_indicator:t1 shares:n4"),
    ("N", 15, "order_token:t14"),
]

REF42 = f"{TIME} order_token:t14"
ACK42 = (f"{TERMS42} order_reference_number:n8 capacity:t1 intermarket_sweep_eligibility:t1 "
         "minimum_quantity:n4 cross_type:t1 order_state:t1")
FILL42 = "executed_shares:n4 execution_price:n4 liquidity_flag:t1 match_number:n8"

OUCH42_OUTBOUND = [
    ("S", 10, f"{TIME} event_code:t1"),
    ("A", 66, f"{REF42} {ACK42} bbo_weight_indicator:t1"),
    ("U", 80, f"{TIME} replacement_order_token:t14 {ACK42} previous_order_token:t14 "
              "bbo_weight_indicator:t1"),
    ("C", 28, f"{REF42} decrement_shares:n4 cancel_order_reason:t1"),
    ("D", 38, f"{REF42} decrement_shares:n4 cancel_order_reason:t1 "
              "quantity_prevented_from_trading:n4 execution_price:n4 liquidity_flag:t1 "
              "aiq_strategy:t1"),
    ("E", 40, f"{REF42} {FILL42}"),
    ("B", 32, f"{REF42} match_number:n8 broken_trade_reason:t1"),
    ("G", 45, f"{REF42} {FILL42} reference_price:n4 reference_price_type:t1"),
    ("F", 41, f"{REF42} {FILL42} reason:t1"),
    ("J", 24, f"{REF42} rejected_order_reason:t1"),
    ("P", 23, REF42),
    ("I", 23, REF42),
    ("T", 36, f"{REF42} price:n4 display:t1 order_reference_number:n8"),
    ("M", 28, f"{REF42} buy_sell_indicator:t1 shares:n4"),
    ("N", 23, REF42),
]

PROTOCOLS = {"itch": ITCH, "ouch_inbound": OUCH_INBOUND, "ouch_outbound": OUCH_OUTBOUND,
             "ouch42_inbound": OUCH42_INBOUND, "ouch42_outbound": OUCH42_OUTBOUND}
NUMBERS = {2: ">H", 4: ">I", 8: ">Q"}


def fields(text):
    """(name, is number, width) of each field."""
    found = []
    for entry in text.split():
        name, form = entry.split(":")
        found.append((name, form[0] == "n", int(form[1:])))
    return found


def pattern(kind, size):
    """The type, then bytes that all differ and all print."""
    return kind.encode() + bytes(0x21 + at for at in range(1, size))


def decode(message, layout):
    """Field values of a message, by the table above."""
    at = 1
    values = {"type": message[:1].decode()}
    for name, is_number, width in fields(layout):
        raw = message[at:at + width]
        if not is_number:
            values[name] = raw.decode("latin-1").strip(" ")
        elif width == 6:
            values[name] = int.from_bytes(raw, "big")
        else:
            values[name] = struct.unpack(NUMBERS[width], raw)[0]
        at += width
    return values, at


def golden_lines():
    """protocol, bytes in hexadecimal, then name=value of every field."""
    for protocol, messages in PROTOCOLS.items():
        for kind, size, layout in messages:
            message = pattern(kind, size)
            values, end = decode(message, layout)
            assert end == size, f"{protocol} {kind}: fields end at {end}, not at {size}"
            parts = " ".join(f"{name}={value}" for name, value in values.items())
            yield f"{protocol} {message.hex()} {parts}"
