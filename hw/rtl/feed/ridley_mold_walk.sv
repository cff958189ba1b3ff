// SPDX-License-Identifier: Apache-2.0
// In: the payload of a datagram in beats, its first byte lowest, as it comes; then one verdict a
// frame, with its last beat or later. Out: every beat again, with where in it MoldUDP64 messages
// end, and which of its bytes belong to one that began in an earlier beat; with the verdict the
// header, and whether the blocks add up. Only lengths are looked at, and type letters of messages
// too short to be decoded. Latency: 2 cycles. Throughput: a beat in every cycle.
//
// Lengths are followed by their places in the window, which is the beat behind the last byte of the
// one before it (a length may be split): place 0 is that byte, place n + 1 the beat's byte n. The
// first cycle finds for every place what would follow from a length there (ridley_mold_chain), the
// second knows the place of the first one and chooses.
module ridley_mold_walk #(
  parameter int unsigned StreamBits = 64,
  parameter int unsigned Bytes = StreamBits / 8
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [StreamBits-1:0] payload_data_i,
  input  logic [3:0] payload_bytes_i,
  input  logic payload_valid_i,
  input  logic verdict_valid_i,
  output logic beat_valid_o,
  output logic [StreamBits-1:0] beat_o,
  // Of messages that ended, in their order; bit 0: the one that began in an earlier beat. A code:
  // 0 long enough to be decoded, 1 an unknown type, 2 shorter than any type, 3 empty.
  output logic [Bytes:0] ended_o,
  output logic [2*Bytes+1:0] codes_o,
  // Of the message that began earlier: its bytes here, its first byte's place in the beat in which
  // it began (Bytes: the next beat's first), how many beats ago that was, and its length.
  output logic carried_o,
  output logic [Bytes-1:0] carried_bytes_o,
  output logic [3:0] first_lane_o,
  output logic [4:0] word_o,
  output logic [15:0] length_o,
  output logic verdict_valid_o,
  output logic [8*ridley_moldudp64_pkg::HeaderBytes-1:0] header_o,
  output logic header_valid_o,
  output logic blocks_good_o
);

  localparam int unsigned HeaderBytes = ridley_moldudp64_pkg::HeaderBytes;
  localparam int unsigned HeaderBeats = (HeaderBytes + Bytes - 1) / Bytes;
  localparam int unsigned HeaderRest = HeaderBytes - (HeaderBeats - 1) * Bytes;
  localparam int unsigned CountAt = ridley_moldudp64_pkg::HeaderMessageCountAt % Bytes;
  // Words of StreamBits that are kept of a message, and one more for all behind them.
  localparam logic [4:0] WordMax = 5'(64 / Bytes + 1);
  localparam logic [15:0] LengthMin = 16'(ridley_itch_pkg::MessageBytesMin);
  // Places of this beat's window, in which a message can end, and those of the next one's.
  localparam int unsigned Near = Bytes + 2;
  localparam int unsigned Places = Bytes + Near;
  localparam int unsigned Most = Bytes / 2 + 1;  // lengths of which a beat can have a byte

  // The first cycle: nothing is known of the beats before but their last byte.
  logic [7:0] last_byte_q;
  logic [StreamBits+7:0] window, window_q;
  logic [Bytes-1:0] have, have_q, known, known_q;
  logic [Bytes*Places-1:0] reach, reach_q;
  logic [Bytes*Near-1:0] typed, typed_q;
  logic verdict_q;
  assign window = {payload_data_i, last_byte_q};
  for (genvar lane = 0; lane < Bytes; lane++) begin : gen_lane
    assign have[lane] = payload_valid_i && payload_bytes_i > 4'(lane);
    ridley_itch_type itch_type (
      .type_i(payload_data_i[8*lane +: 8]),
      .known_o(known[lane])
    );
  end
  ridley_mold_chain #(.StreamBits(StreamBits)) chain (
    .window_i(window),
    .known_i(known),
    .reach_o(reach),
    .typed_o(typed)
  );
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      have_q <= '0;
      verdict_q <= 1'b0;
    end else begin
      have_q <= have;
      verdict_q <= verdict_valid_i;
    end
  end
  // No reset: have_q guards them.
  always_ff @(posedge clk_i) begin
    if (have[0]) last_byte_q <= payload_data_i[StreamBits-1 -: 8];
    window_q <= window;
    known_q <= known;
    reach_q <= reach;
    typed_q <= typed;
  end

  // The second one. The first length's place, of which there is none while it is further away;
  // then left_q are the bytes before it. The header is one such piece.
  logic [Near-1:0] entry_q, entry_d;
  logic [15:0] left_q, left_d;
  logic carried_q, carried_d;           // what is left are a message's bytes
  logic [15:0] blocks_q, blocks_d;      // to come
  logic behind_q, behind_d;             // bytes came behind the last of them
  logic closed_q, closed_d;             // nothing is half done
  logic [2:0] header_beat_q, header_beat_d;
  logic header_done_q, header_done_d;
  logic [15:0] length_q, length_d;
  logic [3:0] first_lane_q, first_lane_d;
  logic [4:0] word_q, word_d;
  logic known_type_q, known_type_d;     // the type of what is carried on, unless
  logic fresh_q, fresh_d;               // its first byte is still to come

  logic [StreamBits-1:0] beat;
  logic [Bytes-1:0] carried_bytes;
  logic header_last, entered;
  logic [15:0] count_raw, blocks;
  assign beat = window_q[StreamBits+7:8];
  assign entered = entry_q != '0;
  assign header_last = header_beat_q == 3'(HeaderBeats - 1);
  assign count_raw = {beat[8*CountAt +: 8], beat[8*CountAt+8 +: 8]};

  // How many blocks there are is known in time for the first one.
  always_comb begin
    blocks = blocks_q;
    if (header_last)
      blocks = count_raw == ridley_moldudp64_pkg::MessageCountEndOfSession ? '0 : count_raw;
  end
  logic [Most-1:0] lacking;  // there are no more blocks than so many
  always_comb begin
    lacking = '0;
    for (int unsigned n = 0; n < Most; n++)
      if (blocks == 16'(n)) lacking = {Most{1'b1}} << n;
  end

  // A length says where the next one is, and what lies behind the last block's end is followed as
  // well: only what comes out of it is held back.
  logic [Places-1:0] reached, begins;
  always_comb begin
    reached = '0;
    for (int unsigned from = 0; from < Bytes; from++)
      if (entry_q[from]) reached = reached | reach_q[Places*from +: Places];
    begins = reached | {{Bytes{1'b0}}, entry_q};
  end

  // Messages that begin and end here. Lengths are two places apart at least, so that of two
  // neighbours one at most is a length's. They are counted as rows of ones: those in front of a
  // place, those that are whole in this beat, and those of which there is a byte.
  logic [Bytes:0] ended;
  logic [2*Bytes+1:0] codes;
  logic [Most-1:0] passed, whole, begun;
  logic typed_here, carried_type;
  assign carried_type = fresh_q ? known_q[0] : known_type_q;
  always_comb begin
    ended = '0;
    codes = '0;
    codes[1:0] = length_q >= LengthMin ? 2'd0 : carried_type ? 2'd2 : 2'd1;
    passed = '0;
    typed_here = 1'b0;
    for (int unsigned at = 2; at < Near; at++) begin
      if (at % 2 == 0 && (begins[at-2] || begins[at-1])) passed = {passed[Most-2:0], 1'b1};
      typed_here = 1'b0;
      for (int unsigned from = 0; from + 2 < at; from++)
        if (begins[from] && typed_q[Near*from + at]) typed_here = 1'b1;
      if (entry_q[at] && carried_q && have_q[at-2]) ended[0] = 1'b1;
      ended[at-1] = reached[at] && have_q[at-2] && (passed & lacking) == '0;
      codes[2*(at-1) +: 2] = begins[at-2] ? 2'd3 : typed_here ? 2'd2 : 2'd1;
    end
  end

  logic [2:0] taken;
  logic exceeds, behind;
  always_comb begin
    whole = '0;
    begun = {{(Most-1){1'b0}}, begins[0] && have_q[0]};
    for (int unsigned at = 0; at < Bytes; at += 2) begin
      if ((begins[at] && have_q[at]) || (begins[at+1] && have_q[at+1]))
        whole = {whole[Most-2:0], 1'b1};
      if ((begins[at+1] && have_q[at]) || (begins[at+2] && have_q[at+1]))
        begun = {begun[Most-2:0], 1'b1};
    end
    taken = '0;
    for (int unsigned n = 0; n < Most; n++) if (whole[n]) taken = 3'(n + 1);
    exceeds = (whole & lacking) != '0;
    behind = (begun & lacking) != '0;
  end

  // The message that goes on in the next beat, if its length is whole here, and what follows the
  // one that came from before.
  logic [Bytes-1:0] crosses;
  logic [15:0] crossing_length;
  logic [3:0] crossing_lane;
  logic crossing_known;
  always_comb begin
    crosses = '0;
    crossing_length = '0;
    crossing_lane = '0;
    crossing_known = 1'b0;
    for (int unsigned at = 0; at < Bytes; at++) begin
      crosses[at] = begins[at] && reach_q[Places*at +: Near] == '0;
      if (crosses[at]) begin
        crossing_length = crossing_length | {window_q[8*at +: 8], window_q[8*at+8 +: 8]};
        crossing_lane = crossing_lane | 4'(at + 1);
        if (at + 1 < Bytes && known_q[at + 1 < Bytes ? at + 1 : 0]) crossing_known = 1'b1;
      end
    end
    left_d = left_q - 16'(Bytes);
    carried_d = carried_q && !entered;
    length_d = length_q;
    first_lane_d = first_lane_q;
    known_type_d = carried_type;
    fresh_d = 1'b0;
    word_d = word_q == WordMax ? WordMax : word_q + 5'd1;
    if (crosses != '0) begin
      left_d = crossing_length - {12'd0, 4'(Bytes) - crossing_lane};
      carried_d = !exceeds;
      length_d = crossing_length;
      first_lane_d = crossing_lane;
      known_type_d = crossing_known;
      fresh_d = crosses[Bytes-1];
      word_d = 5'd1;
    end
    entry_d = begins[Places-1:Bytes];
    for (int unsigned place = 2; place < Near; place++)
      if (!entered && left_q == 16'(Bytes + place - 1)) entry_d[place] = 1'b1;
  end

  // What a frame ends as shows behind its last byte.
  always_comb begin
    carried_bytes = '0;
    closed_d = closed_q;
    for (int unsigned lane = 0; lane < Bytes; lane++) begin
      carried_bytes[lane] =
          carried_q && have_q[lane] && (entry_q & ((Near'(4) << lane) - Near'(1))) == '0;
      if (have_q[lane] && (lane == Bytes - 1 || !have_q[lane != Bytes - 1 ? lane + 1 : 0]))
        closed_d = begins[lane+2];
    end
    blocks_d = blocks_q;
    if (have_q[0]) blocks_d = exceeds ? '0 : blocks - {13'd0, taken};
    behind_d = behind_q || behind;
    header_beat_d = header_beat_q;
    if (have_q[0] && header_beat_q != 3'(HeaderBeats)) header_beat_d = header_beat_q + 3'd1;
    header_done_d = header_done_q || (header_last && have_q[HeaderRest-1]);
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || verdict_q) begin
      entry_q <= '0;
      left_q <= 16'(HeaderBytes);
      carried_q <= 1'b0;
      blocks_q <= '0;
      behind_q <= 1'b0;
      closed_q <= 1'b0;
      header_beat_q <= '0;
      header_done_q <= 1'b0;
    end else if (have_q[0]) begin
      entry_q <= entry_d;
      left_q <= left_d;
      carried_q <= carried_d;
      blocks_q <= blocks_d;
      behind_q <= behind_d;
      closed_q <= closed_d;
      header_beat_q <= header_beat_d;
      header_done_q <= header_done_d;
    end
  end

  // No reset: carried_q and entry_q guard them.
  always_ff @(posedge clk_i) begin
    if (have_q[0]) begin
      length_q <= length_d;
      first_lane_q <= first_lane_d;
      word_q <= word_d;
      known_type_q <= known_type_d;
      fresh_q <= fresh_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      beat_valid_o <= 1'b0;
      verdict_valid_o <= 1'b0;
    end else begin
      beat_valid_o <= have_q[0];
      verdict_valid_o <= verdict_q;
    end
  end
  // No reset: the two above guard them.
  logic [15:0] blocks_left_q;
  logic shut_q;
  assign blocks_good_o = header_valid_o && shut_q && blocks_left_q == '0;
  always_ff @(posedge clk_i) begin
    beat_o <= beat;
    ended_o <= ended;
    codes_o <= codes;
    carried_o <= carried_q;
    carried_bytes_o <= carried_bytes;
    first_lane_o <= first_lane_q;
    word_o <= word_q;
    length_o <= length_q;
    header_valid_o <= header_done_d;
    blocks_left_q <= blocks_d;
    shut_q <= closed_d && !behind_d;
  end
  for (genvar part = 0; part < HeaderBeats; part++) begin : gen_header
    localparam int unsigned Bits = part == HeaderBeats - 1 ? 8 * HeaderRest : StreamBits;
    always_ff @(posedge clk_i)
      if (have_q[0] && header_beat_q == 3'(part))
        header_o[StreamBits*part +: Bits] <= beat[Bits-1:0];
  end

`ifdef FORMAL
`include "ridley_mold_walk_promises.svh"
`endif

endmodule
