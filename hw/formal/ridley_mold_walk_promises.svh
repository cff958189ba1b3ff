// SPDX-License-Identifier: Apache-2.0
// What hw/rtl/feed/ridley_mold_walk.sv promises, and what of its inside it follows from. Part of
// the module when it is proved.

  // The same, byte by byte, as one would write it down, of the beat in the second cycle.
  logic partial_q, started_q;
  logic [4:0] read_q, read;              // of the header
  logic [15:0] rest_q, rest, size_q, size, blocks_then_q, blocks_then;
  logic in_q, in, half_then_q, half_then, behind_then_q, behind_then, told_q, told, here;
  logic [7:0] high_q, high, octet;
  logic [Bytes:0] ended_then, ended_then_q;
  logic [2*Bytes+1:0] codes_then, codes_then_q;
  logic good_then_q, read_then_q, in_then_q;
  logic [15:0] size_then_q, begun_then_q, left_now;
  logic [Bytes*Places-1:0] reach_then;
  logic [Bytes*Near-1:0] typed_then;

  ridley_mold_chain #(.StreamBits(StreamBits)) chain_then (
    .window_i(window_q),
    .known_i(known_q),
    .reach_o(reach_then),
    .typed_o(typed_then)
  );

  logic [2*Bytes-1:0] codes_told;  // those that mean something
  always_comb begin
    for (int unsigned at = 0; at < Bytes; at++)
      codes_told[2*at +: 2] = ended_o[at+1] ? codes_o[2*at+2 +: 2] : 2'd0;
    left_now = left_q;
    for (int unsigned place = 1; place < Near; place++)
      if (entry_q[place]) left_now = 16'(place - 1);
  end

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
      octet = beat[8*lane +: 8];
      if (have_q[lane]) begin
        if (read != 5'(HeaderBytes)) begin
          read = read + 5'd1;
          if (read == 5'(HeaderBytes)) blocks_then = {high, octet} == '1 ? '0 : {high, octet};
        end else if (in) begin
          if (rest == size) told = known_q[lane];
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
    if (rst_i || verdict_q) begin
      {read_q, in_q, half_then_q, behind_then_q, partial_q} <= '0;
    end else if (have_q[0]) begin
      read_q <= read;
      in_q <= in;
      half_then_q <= half_then;
      behind_then_q <= behind_then;
      partial_q <= !have_q[Bytes-1];
    end
    if (have_q[0]) begin
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
  always_comb if (payload_valid_i) assume (payload_bytes_i <= 4'(Bytes));
  always_comb if (have_q[0]) assume (!partial_q);

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
        CodesAreTheirs: assert (codes_told == codes_then_q[2*Bytes+1:2]);
      end

      // What one state says of the other, for the induction. First of the first cycle.
      assert (reach_q == reach_then && typed_q == typed_then);
      assert ((have_q & (have_q + 1'b1)) == '0);
      if (have_q[0]) assert (last_byte_q == window_q[StreamBits+7 -: 8]);
      if (read_q != '0 && !partial_q) begin
        if (have_q[0]) assert (window_q[7:0] == high_q);
        else if (!verdict_q) assert (last_byte_q == high_q);
      end
      assert ((entry_q & (entry_q - 1'b1)) == '0);
      if (!entered && !partial_q) assert (left_q > 16'(Bytes));
      assert (behind_q == behind_then_q && header_done_q == (read_q == 5'(HeaderBytes)));
      assert (read_q <= 5'(HeaderBytes) && header_beat_q <= 3'(HeaderBeats));
      if (header_done_q) assert (header_beat_q == 3'(HeaderBeats) && blocks_q == blocks_then_q);
      if (header_done_q && !behind_q) begin
        assert (closed_q == (!in_q && !half_then_q));
        assert (!(half_then_q && (in_q || blocks_then_q == '0)));
        if (!partial_q) begin
          assert (entry_q[0] == half_then_q && carried_q == in_q);
          if (!half_then_q && !in_q) assert (entry_q[1]);
        end
      end
      if (behind_q) assert (blocks_q == '0 && !in_q && !half_then_q && header_done_q);
      if (behind_q && !partial_q) assert (!carried_q);
      if (!header_done_q) assert (!in_q && !half_then_q && !behind_q && !carried_q);
      if (!header_done_q && !partial_q) begin
        assert (!entry_q[0] && read_q == 5'(Bytes * header_beat_q));
        assert (left_now == 16'(HeaderBytes) - {11'd0, read_q});
      end
      if (in_q && !partial_q) begin
        assert (!entry_q[0] && left_now == rest_q && length_q == size_q && rest_q != '0 && rest_q <= size_q);
        assert (fresh_q == (rest_q == size_q));
        if (!fresh_q) assert (known_type_q == told_q);
        assert (word_q != '0 && word_q <= WordMax && first_lane_q <= 4'(Bytes));
        if (word_q != WordMax)
          assert (size_q - rest_q == 16'(Bytes) * {11'd0, word_q} - {12'd0, first_lane_q});
        if (word_q != 5'd1) assert (!fresh_q);
      end
    end
  end
