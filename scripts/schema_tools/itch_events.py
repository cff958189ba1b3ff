# SPDX-License-Identifier: Apache-2.0
"""What becomes of every ITCH message: schema/itch_events.toml and both schemas in; the decoder of
the hardware out, as a block that turns one message into one event, and a smaller one that knows
only which types there are."""

import tomllib
from dataclasses import dataclass

from .check import check
from .load import ROOT, load, shown
from .model import SchemaError

MESSAGES = ROOT / "schema" / "messages"
NEEDED = {"message", "kind", "fields"}
KEYS = NEEDED | {"side", "flags", "fixed"}
MESSAGE_BYTES_MAX = 64  # no type is longer


@dataclass
class Move:
    """Bytes of a message that become bytes of an event, lowest first."""
    event_at: int
    message_ats: list


@dataclass
class Decoding:
    message: object
    kind: int
    moves: list
    flags: list   # (event_at, message_at)
    fixed: list   # (event_at, byte)


@dataclass
class Decodings:
    file: str
    record: object
    header: list  # moves that every message makes
    decodings: list


def _move(source, target):
    """Of numbers the last byte is the lowest; texts stay as they are."""
    text = target.family in ("char", "pad") or source.family == "char"
    ats = list(range(source.at, source.at + source.size))
    if not text:
        ats.reverse()
    return Move(target.at, ats[:target.size])


def load_itch_events(file):
    itch = check(load(MESSAGES / "itch.toml"))
    events = check(load(MESSAGES / "event.toml"))
    with open(file, "rb") as stream:
        tables = tomllib.load(stream)

    def refuse(message):
        raise SchemaError(shown(file), 1, message)

    def field_of(fields, name, where):
        found = next((one for one in fields if one.name == name), None)
        return found or refuse(f"{where} has no field '{name}'")

    record = next(one for one in events.messages if one.name == "market_event")
    kinds = {code.name: code.value for code in events.code_list("event_kind").codes}
    messages = {one.name: one for one in itch.messages}
    some = itch.messages[0]
    header = [_move(field_of(some.fields, source, some.name),
                    field_of(record.fields, target, record.name))
              for target, source in (("locate", "stock_locate"),
                                     ("tracking_number", "tracking_number"),
                                     ("exchange_ns", "timestamp"))]
    decodings = []
    for table in tables.get("event", []):
        name = table.get("message", "?")
        for wrong, reason in ((set(table) - KEYS, "unknown key"), (NEEDED - set(table), "missing")):
            if wrong:
                refuse(f"'{name}': {reason} '{sorted(wrong)[0]}'")
        if name in (one.message.name for one in decodings):
            refuse(f"'{name}' is there twice")
        if name not in messages or table["kind"] not in kinds:
            refuse(f"'{name}' or '{table['kind']}' is not in the schema")
        message = messages[name]
        body = next((one for one in record.bodies if table["kind"] in one.kinds), None)
        if body is None:
            refuse(f"'{name}': an event of kind '{table['kind']}' has no body")
        moves = [_move(field_of(message.fields, source, name),
                       field_of(body.fields, target, body.name))
                 for target, source in table["fields"].items()]
        if "side" in table:
            moves.append(_move(field_of(message.fields, table["side"], name),
                               field_of(record.fields, "side", record.name)))
        flags = [(field_of(body.fields, target, body.name).at,
                  field_of(message.fields, source, name).at)
                 for target, source in table.get("flags", {}).items()]
        fixed = []
        for target, value in table.get("fixed", {}).items():
            at = field_of(body.fields, target, body.name).at
            letters = value.encode() if isinstance(value, str) else [value]
            fixed += [(at + index, byte) for index, byte in enumerate(letters)]
        decodings.append(Decoding(message, kinds[table["kind"]], moves, flags, fixed))
    missing = set(messages) - {one.message.name for one in decodings}
    if missing:
        refuse(f"nothing is said of '{sorted(missing)[0]}'")
    return Decodings(shown(file), record, header, decodings)


def _assign(move):
    size = len(move.message_ats)
    bytes_ = ", ".join(f"message_i[{8 * at} +: 8]" for at in reversed(move.message_ats))
    return f"event_d[{8 * move.event_at} +: {8 * size}] = {{{bytes_}}};"


def _wrapped(text, indent):
    """At commas, within a hundred columns."""
    lines = [indent]
    for part in text.split(", "):
        piece = part if lines[-1].strip() == "" else f", {part}"
        if len(lines[-1]) + len(piece) > 98:
            lines[-1] += ","
            lines.append(f"{indent}  {part}")
        else:
            lines[-1] += piece
    return lines


def _case_of(decoding):
    """What one type of message does to the event."""
    lines = [f"      8'h{ord(decoding.message.type):02x}: begin  // {decoding.message.name}",
             f"        needed = 16'd{decoding.message.size};",
             f"        event_d[7:0] = 8'd{decoding.kind};"]
    for move in decoding.moves:
        lines += _wrapped(_assign(move), "        ")
    for event_at, message_at in decoding.flags:
        lines.append(f"        event_d[{8 * event_at} +: 8] = "
                     f"{{7'd0, message_i[{8 * message_at} +: 8] == 8'h59}};")
    for event_at, byte in decoding.fixed:
        lines.append(f"        event_d[{8 * event_at} +: 8] = 8'h{byte:02x};")
    return [*lines, "      end"]


def sv_decoder(described):
    sequence_at = next(one.at for one in described.record.fields if one.name == "sequence")
    lines = f"""// SPDX-License-Identifier: Apache-2.0
// Made from {described.file} by scripts/generate.py; never edited.
// In: one ITCH message, its first byte lowest, how long it is and its number. Out: its event, or
// that its type is unknown or that it is too short for it. What lies behind a type's fields is a
// later version's and left alone. Latency: 1 cycle. Throughput: a message in every cycle.
module ridley_itch_event (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [{8 * MESSAGE_BYTES_MAX - 1}:0] message_i,
  input  logic [15:0] bytes_i,
  input  logic [63:0] sequence_i,
  input  logic valid_i,
  output logic [{8 * described.record.size - 1}:0] event_o,
  output logic event_valid_o,
  output logic unknown_o,
  output logic truncated_o
);

  logic [{8 * described.record.size - 1}:0] event_d, event_q;
  logic [15:0] needed;
  logic known, event_valid_q, unknown_q, truncated_q;

  assign event_o = event_q;
  assign event_valid_o = event_valid_q;
  assign unknown_o = unknown_q;
  assign truncated_o = truncated_q;

  always_comb begin
    event_d = '0;
    needed = 16'd1;
    known = 1'b1;
    event_d[{8 * sequence_at} +: 64] = sequence_i;""".split("\n")
    for move in described.header:
        lines += _wrapped(_assign(move), "    ")
    lines.append("    unique case (message_i[7:0])")
    for one in described.decodings:
        lines += _case_of(one)
    longest = max(one.message.size for one in described.decodings)
    lines += ["      default: known = 1'b0;", "    endcase", "  end", "",
              "  always_ff @(posedge clk_i) begin", "    if (rst_i) begin",
              "      event_valid_q <= 1'b0;", "      unknown_q <= 1'b0;",
              "      truncated_q <= 1'b0;", "    end else begin",
              "      event_valid_q <= valid_i && known && bytes_i >= needed;",
              "      unknown_q <= valid_i && !known && bytes_i != '0;",
              "      truncated_q <= valid_i && (bytes_i == '0 || (known && bytes_i < needed));",
              "    end", "  end", "", "  // No reset: event_valid_q guards it.",
              "  always_ff @(posedge clk_i) event_q <= event_d;", "",
              "  // The widest type ends before the widest message.", "  logic unused_bytes;",
              f"  assign unused_bytes = ^message_i[{8 * MESSAGE_BYTES_MAX - 1}:{8 * longest}];", "",
              "endmodule"]
    return "\n".join(lines) + "\n"


def sv_types(described):
    letters = sorted(f"8'h{ord(one.message.type):02x}" for one in described.decodings)
    return "\n".join([f"""// SPDX-License-Identifier: Apache-2.0
// Made from {described.file} by scripts/generate.py; never edited.
// In: the first byte of an ITCH message. Out: whether messages of that type are known.
// Combinational.
module ridley_itch_type (
  input  logic [7:0] type_i,
  output logic known_o
);

  always_comb begin
    unique case (type_i)""", *_wrapped(", ".join(letters) + ":", "      "),
                      """        known_o = 1'b1;
      default: known_o = 1'b0;
    endcase
  end

endmodule"""]) + "\n"
