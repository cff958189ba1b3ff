// SPDX-License-Identifier: Apache-2.0
// In: the payload of a datagram in beats, its first byte lowest, as it comes; then one verdict a
// frame, with its last beat or later. Out: every beat again, with where in it MoldUDP64 messages
// end, and which of its bytes belong to one that began in an earlier beat; with the verdict the
// header, and whether the blocks add up. Only lengths are looked at, and type letters of messages
// too short to be decoded. Latency: 1 cycle. Throughput: a beat in every cycle.
//
// Lengths are followed by their places in the window, which is the beat behind the last byte of the
// one before it (a length may be split): place 0 is that byte, place n + 1 the beat's byte n.
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

  logic [15:0] left_q, left_d;        // bytes before the next length; the header is one such piece
  logic half_q, half_d;               // a length began with the last byte
  logic carried_q, carried_d;           // what is left are a message's bytes
  logic [15:0] blocks_q, blocks_d;    // to come
  logic behind_q, behind_d;           // bytes came behind the last of them
  logic closed_q, closed_d;           // nothing is half done
  logic [2:0] header_beat_q, header_beat_d;
  logic header_done_q, header_done_d;
  logic [7:0] last_byte_q;
  logic [15:0] length_q, length_d;
  logic [3:0] first_lane_q, first_lane_d;
  logic [4:0] word_q, word_d;
  logic known_q, known_d;             // the type of what is carried on, unless
  logic fresh_q, fresh_d;             // its first byte is still to come

  logic [StreamBits+7:0] window;
  logic [Bytes-1:0] have, carried_bytes;
  logic [Bytes:0] known;
  logic header_last;
  logic [15:0] count_raw, blocks;
  assign window = {payload_data_i, last_byte_q};
  assign header_last = header_beat_q == 3'(HeaderBeats - 1);
  assign count_raw = {payload_data_i[8*CountAt +: 8], payload_data_i[8*CountAt+8 +: 8]};
  assign known[Bytes] = 1'b0;

  for (genvar lane = 0; lane < Bytes; lane++) begin : gen_lane
    assign have[lane] = payload_valid_i && payload_bytes_i > 4'(lane);
    assign carried_bytes[lane] = carried_q && have[lane] && left_q > 16'(lane);
    ridley_itch_type itch_type (
      .type_i(payload_data_i[8*lane +: 8]),
      .known_o(known[lane])
    );
  end

  // How many blocks there are is known in time for the first one.
  always_comb begin
    blocks = blocks_q;
    if (header_last)
      blocks = count_raw == ridley_moldudp64_pkg::MessageCountEndOfSession ? '0 : count_raw;
  end

  // A length that is found says where the next one is, and what lies behind the last block's end is
  // followed as well: only what comes out of it is held back.
  logic [Bytes+1:0] begins;
  logic [Bytes:0] ended;
  logic [2*Bytes+1:0] codes;
  logic [15:0] length;
  logic [2:0] taken;
  logic allowed, crossing, behind, left_is_at;
  always_comb begin
    begins = '0;
    ended = '0;
    codes = '0;
    length = '0;
    taken = '0;
    allowed = 1'b0;
    crossing = 1'b0;
    behind = 1'b0;
    left_is_at = 1'b0;
    left_d = left_q - 16'(Bytes);
    carried_d = carried_q;
    length_d = length_q;
    first_lane_d = first_lane_q;
    known_d = fresh_q ? known[0] : known_q;
    fresh_d = 1'b0;
    word_d = word_q == WordMax ? WordMax : word_q + 5'd1;

    begins[0] = half_q;
    for (int unsigned at = 1; at <= Bytes + 1; at++) begin
      left_is_at = !half_q && left_q == 16'(at - 1);
      if (left_is_at) begins[at] = 1'b1;
      if (left_is_at && carried_q && at >= 2 && have[at >= 2 ? at - 2 : 0]) begin
        ended[0] = 1'b1;
        carried_d = 1'b0;
      end
    end
    if (length_q < LengthMin) codes[1:0] = known_d ? 2'd2 : 2'd1;

    for (int unsigned at = 0; at < Bytes; at++) begin
      length = {window[8*at +: 8], window[8*at+8 +: 8]};
      allowed = blocks > {13'd0, taken};
      if (at != 0 && begins[at] && have[at != 0 ? at - 1 : 0] && !allowed) behind = 1'b1;
      if (begins[at] && have[at]) begin
        crossing = 1'b1;
        for (int unsigned next = at + 2; next <= Bytes + 1; next++) begin
          if (length == 16'(next - at - 2)) begin
            crossing = 1'b0;
            begins[next] = 1'b1;
            if (allowed && have[next-2]) begin
              ended[next-1] = 1'b1;
              codes[2*(next-1) +: 2] = next == at + 2 ? 2'd3 : known[at+1] ? 2'd2 : 2'd1;
            end
          end
        end
        if (crossing) begin
          left_d = length - 16'(Bytes - 1 - at);
          carried_d = allowed;
          length_d = length;
          first_lane_d = 4'(at + 1);
          known_d = known[at+1];
          fresh_d = at == Bytes - 1;
          word_d = 5'd1;
        end
        if (allowed) taken = taken + 3'd1;
      end
    end
    if (begins[Bytes] && have[Bytes-1] && blocks <= {13'd0, taken}) behind = 1'b1;
    if (begins[Bytes+1]) left_d = '0;
    half_d = begins[Bytes];
  end

  // What a frame ends as shows behind its last byte.
  always_comb begin
    closed_d = closed_q;
    for (int unsigned bytes = 1; bytes <= Bytes; bytes++)
      if (payload_valid_i && payload_bytes_i == 4'(bytes)) closed_d = begins[bytes+1];
    blocks_d = have[0] ? blocks - {13'd0, taken} : blocks_q;
    behind_d = behind_q || behind;
    header_beat_d = header_beat_q;
    if (have[0] && header_beat_q != 3'(HeaderBeats)) header_beat_d = header_beat_q + 3'd1;
    header_done_d = header_done_q || (header_last && have[HeaderRest-1]);
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || verdict_valid_i) begin
      left_q <= 16'(HeaderBytes);
      half_q <= 1'b0;
      carried_q <= 1'b0;
      blocks_q <= '0;
      behind_q <= 1'b0;
      closed_q <= 1'b0;
      header_beat_q <= '0;
      header_done_q <= 1'b0;
    end else if (have[0]) begin
      left_q <= left_d;
      half_q <= half_d;
      carried_q <= carried_d;
      blocks_q <= blocks_d;
      behind_q <= behind_d;
      closed_q <= closed_d;
      header_beat_q <= header_beat_d;
      header_done_q <= header_done_d;
    end
  end

  // No reset: carried_q and half_q guard them.
  always_ff @(posedge clk_i) begin
    if (have[0]) begin
      last_byte_q <= payload_data_i[StreamBits-1 -: 8];
      length_q <= length_d;
      first_lane_q <= first_lane_d;
      word_q <= word_d;
      known_q <= known_d;
      fresh_q <= fresh_d;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      beat_valid_o <= 1'b0;
      verdict_valid_o <= 1'b0;
    end else begin
      beat_valid_o <= have[0];
      verdict_valid_o <= verdict_valid_i;
    end
  end
  // No reset: the two above guard them.
  logic [15:0] blocks_left_q;
  logic shut_q;
  assign blocks_good_o = header_valid_o && shut_q && blocks_left_q == '0;
  always_ff @(posedge clk_i) begin
    beat_o <= payload_data_i;
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
  for (genvar beat = 0; beat < HeaderBeats; beat++) begin : gen_header
    localparam int unsigned Bits = beat == HeaderBeats - 1 ? 8 * HeaderRest : StreamBits;
    always_ff @(posedge clk_i)
      if (have[0] && header_beat_q == 3'(beat))
        header_o[StreamBits*beat +: Bits] <= payload_data_i[Bits-1:0];
  end

endmodule
