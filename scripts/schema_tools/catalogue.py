# SPDX-License-Identifier: Apache-2.0
"""What a card's decoder was made from, as one number: schema/itch_events.toml and the messages that
the hardware knows in; the hash out, for the hardware and for hosts."""

from dataclasses import dataclass

from .check import check
from .itch_events import MESSAGES, load_itch_events
from .load import load
from .model import fingerprint

KNOWN_TO_HARDWARE = ("card", "event", "itch", "moldudp64")


@dataclass
class Catalogue:
    file: str
    hash: int  # of what the hardware is made from, not of the words about it


def _fields(fields):
    return [f"field {one.at} {one.name} {one.kind} {one.size} {one.optional}" for one in fields]


def _protocol(protocol):
    facts = [f"protocol {protocol.name} {protocol.type_at}"]
    for codes in protocol.code_lists:
        facts.append(f"codes {codes.name} {codes.kind}")
        facts += [f"code {code.value!r} {code.name}" for code in codes.codes]
    for message in protocol.messages:
        facts.append(f"message {message.name} {message.type!r} {message.size} {message.body_at} "
                     f"{message.body_by}")
        facts += _fields(message.fields)
        for body in message.bodies:
            facts += [f"body {body.name} {body.kinds}", *_fields(body.fields)]
    return facts


def _decoding(one):
    return [f"decoding {one.message.name} {one.kind}",
            *[f"move {move.event_at} {move.message_ats}" for move in one.moves],
            *[f"flag {event_at} {message_at}" for event_at, message_at in one.flags],
            *[f"fixed {event_at} {byte}" for event_at, byte in one.fixed]]


def load_catalogue(file):
    described = load_itch_events(file)
    facts = [fact for name in KNOWN_TO_HARDWARE
             for fact in _protocol(check(load(MESSAGES / f"{name}.toml")))]
    facts += [f"header {move.event_at} {move.message_ats}" for move in described.header]
    facts += [fact for one in described.decodings for fact in _decoding(one)]
    return Catalogue(described.file, fingerprint(facts))


def cpp_catalogue(catalogue):
    return f"""// SPDX-License-Identifier: Apache-2.0
// Made from {catalogue.file} by scripts/generate.py; never edited.
// Of the tables that this program and every card that it knows were made from. In: nothing. Out:
// a constant. Any core.
#pragma once

#include <cstdint>

namespace ridley::card {{

inline constexpr std::uint64_t kCatalogueHash = {catalogue.hash:#018x};

}}  // namespace ridley::card
"""


def sv_catalogue(catalogue):
    return f"""// SPDX-License-Identifier: Apache-2.0
// Made from {catalogue.file} by scripts/generate.py; never edited.
// Of the tables that the decoder was made from.
package ridley_catalogue_pkg;
  localparam logic [63:0] CatalogueHash = 64'h{catalogue.hash:016x};
endpackage
"""
