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

`ifdef FORMAL
  // The same, byte by byte, as one would write it down.
  logic partial_q, started_q;
  logic [4:0] read_q, read;              // of the header
  logic [15:0] rest_q, rest, size_q, size, blocks_then_q, blocks_then;
  logic in_q, in, half_then_q, half_then, behind_then_q, behind_then, told_q, told, here;
  logic [7:0] high_q, high, octet;
  logic [Bytes:0] ended_then, ended_then_q;
  logic [2*Bytes+1:0] codes_then, codes_then_q;
  logic good_then_q, read_then_q, in_then_q;
  logic [15:0] size_then_q, begun_then_q;

  always_comb begin
    read = read_q;
    rest = rest_q;
    size = size_q;
    blocks_then = blocks_then_q;
    in = in_q;
    half_then = half_then_q;
    behind_then = behind_then_q;
    told = told_q;
    high = high_q;
    octet = '0;
    here = 1'b0;  // the message began in this beat
    ended_then = '0;
    codes_then = '0;
    for (int unsigned lane = 0; lane < Bytes; lane++) begin
      octet = payload_data_i[8*lane +: 8];
      if (payload_valid_i && payload_bytes_i > 4'(lane)) begin
        if (read != 5'(HeaderBytes)) begin
          read = read + 5'd1;
          if (read == 5'(HeaderBytes)) blocks_then = {high, octet} == '1 ? '0 : {high, octet};
        end else if (in) begin
          if (rest == size) told = known[lane];
          rest = rest - 16'd1;
          in = rest != '0;
          if (!in) begin
            ended_then[here ? lane + 1 : 0] = 1'b1;
            codes_then[(here ? 2*lane + 2 : 0) +: 2] =
              size >= LengthMin ? 2'd0 : told ? 2'd2 : 2'd1;
          end
        end else if (half_then) begin
          half_then = 1'b0;
          here = 1'b1;
          size = {high, octet};
          rest = size;
          in = size != '0;
          blocks_then = blocks_then - 16'd1;
          if (!in) begin
            ended_then[lane+1] = 1'b1;
            codes_then[2*lane+2 +: 2] = 2'd3;
          end
        end else if (blocks_then == '0) begin
          behind_then = 1'b1;
        end else begin
          half_then = 1'b1;
        end
        high = octet;
      end
    end
  end

  initial started_q = 1'b0;
  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (rst_i || verdict_valid_i) begin
      {read_q, in_q, half_then_q, behind_then_q, partial_q} <= '0;
    end else if (have[0]) begin
      read_q <= read;
      in_q <= in;
      half_then_q <= half_then;
      behind_then_q <= behind_then;
      partial_q <= !have[Bytes-1];
    end
    if (have[0]) begin
      rest_q <= rest;
      size_q <= size;
      blocks_then_q <= blocks_then;
      told_q <= told;
      high_q <= high;
    end
    ended_then_q <= ended_then;
    codes_then_q <= codes_then;
    good_then_q <= read == 5'(HeaderBytes) && !in && !half_then && !behind_then &&
                   blocks_then == '0;
    read_then_q <= read == 5'(HeaderBytes);
    in_then_q <= in_q;
    size_then_q <= size_q;
    begun_then_q <= size_q - rest_q;
  end

  always_comb if (!started_q) assume (rst_i);
  // Only the last beat has fewer bytes.
  always_comb if (payload_valid_i) assume (payload_bytes_i <= 4'(Bytes) && !partial_q);

  always_comb begin
    if (started_q && !rst_i) begin
      if (verdict_valid_o) GoodIsWhatAddsUp: assert (blocks_good_o == good_then_q);
      if (verdict_valid_o) HeaderIsThere: assert (header_valid_o == read_then_q);
      if (beat_valid_o) begin
        EndsWhereAMessageEnds: assert (ended_o == ended_then_q);
        CarriedIsWhatBeganBefore: assert (carried_o == in_then_q);
        if (carried_o && word_o != WordMax)
          WordsAreInTheirPlace: assert (
            begun_then_q == 16'(Bytes) * {11'd0, word_o} - {12'd0, first_lane_o});
        if (ended_o[0]) LengthIsTheMessages: assert (length_o == size_then_q);
        if (ended_o[0]) CodeIsTheMessages: assert (codes_o[1:0] == codes_then_q[1:0]);
        CodesAreTheirs: assert (codes_o[2*Bytes+1:2] == codes_then_q[2*Bytes+1:2]);
      end

      // What one state says of the other, for the induction.
      assert (behind_q == behind_then_q && header_done_q == (read_q == 5'(HeaderBytes)));
      assert (read_q <= 5'(HeaderBytes) && header_beat_q <= 3'(HeaderBeats));
      if (header_done_q) assert (header_beat_q == 3'(HeaderBeats) && blocks_q == blocks_then_q);
      if (header_done_q && !behind_q) begin
        assert (closed_q == (!in_q && !half_then_q));
        assert (!(half_then_q && (in_q || blocks_then_q == '0)));
        if (!partial_q) begin
          assert (half_q == half_then_q && carried_q == in_q);
          if (!half_q && !in_q) assert (left_q == '0);
          if (half_q) assert (last_byte_q == high_q);
        end
      end
      if (behind_q) assert (blocks_q == '0 && !in_q && !half_then_q && header_done_q);
      if (behind_q && !partial_q) assert (!carried_q);
      if (!header_done_q) assert (!in_q && !half_then_q && !behind_q && !carried_q);
      if (!header_done_q && !partial_q) begin
        assert (!half_q && read_q == 5'(Bytes * header_beat_q));
        assert (left_q == 16'(HeaderBytes) - {11'd0, read_q});
        if (read_q != '0) assert (last_byte_q == high_q);
      end
      if (in_q && !partial_q) begin
        assert (left_q == rest_q && length_q == size_q && rest_q != '0 && rest_q <= size_q);
        assert (fresh_q == (rest_q == size_q));
        if (!fresh_q) assert (known_q == told_q);
        assert (word_q != '0 && word_q <= WordMax && first_lane_q <= 4'(Bytes));
        if (word_q != WordMax)
          assert (size_q - rest_q == 16'(Bytes) * {11'd0, word_q} - {12'd0, first_lane_q});
        if (word_q != 5'd1) assert (!fresh_q);
      end
    end
  end
`endif

endmodule
