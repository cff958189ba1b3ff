// SPDX-License-Identifier: Apache-2.0
// What hw/rtl/nic/ridley_frame_strip.sv promises, and what of its inside it follows from. Part of
// the module when it is proved.

  // From outside: words of the frame that came last, whether it is still coming, what of its
  // payload was seen before this cycle, and the length of a datagram that ended a cycle ago.
  localparam logic [4:0] WordsToPayload = 5'd11;
  logic started_q, coming_q, short_q, last_seen_q, verdict_due_q;
  logic [1:0] missing_q, missing;
  logic [4:0] seen_q;
  logic [16:0] given_q, given;
  logic [15:0] length_q;
  logic [63:0] first_time_q, ended_time_q;

  assign given = given_q + (payload_valid_o ? {13'b0, payload_bytes_o} : 17'd0);
  assign missing = 2'(Words) - {1'b0, keep_i[1]} -
                   {1'b0, Words == 2 && keep_i[1] && keep_i[BeatBytes - 3]};

  always_comb begin
    if (!started_q) assume (rst_i);
    // The first bytes are kept, all of them but in the last beat.
    assume ((keep_i & (keep_i + 1'b1)) == '0);
    if (!last_i) assume (&keep_i);
  end

  initial started_q = 1'b0;
  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    last_seen_q <= !rst_i && valid_i && last_i;
    verdict_due_q <= !rst_i && last_seen_q;
    length_q <= udp_bytes_q;
    ended_time_q <= first_time_q;
    missing_q <= missing;
    if (rst_i) begin
      coming_q <= 1'b0;
      seen_q <= '0;
    end else if (valid_i) begin
      coming_q <= !last_i;
      seen_q <= !coming_q ? 5'(Words) : seen_q < 5'd28 ? seen_q + 5'(Words) : seen_q;
      if (!coming_q) first_time_q <= time_i;
    end
    if (rst_i || verdict_valid_o) begin
      given_q <= '0;
      short_q <= 1'b0;
    end else if (payload_valid_o) begin
      given_q <= given;
      short_q <= payload_bytes_o < 4'(BeatBytes);
    end
  end

  always_ff @(posedge clk_i) begin
    if (started_q) begin
      OneVerdictAFrame: assert (verdict_valid_o == verdict_due_q);
      if (payload_valid_o) begin
        NoPayloadOutsideAFrame: assert (verdict_valid_o || (seen_q >= WordsToPayload &&
                                                            (coming_q || last_seen_q)));
        NeverAnEmptyBeat: assert (payload_bytes_o != '0 && payload_bytes_o <= 4'(BeatBytes));
        NothingBehindAShortBeat: assert (!short_q);
      end
      if (verdict_valid_o) begin
        StampIsOfTheFirstBeat: assert (stamp_o == ended_time_q);
        if (verdict_o == ridley_event_pkg::FrameCauseUdp)
          PayloadIsWhole: assert (given == {1'b0, length_q} - 17'd8);
      end
    end
  end

  // What it follows from. The places of words agree with their count, and the payload bytes that
  // have not left are no more than those that have not come, but for what is in hand.
  logic [4:0] header_end;
  logic lengths_right, of_a_packet, quiet;
  logic [17:0] left_max, came;
  assign header_end = {1'b0, header_last_q} + 5'd1;
  assign quiet = given_q == '0 && !payload_valid_o && !short_q;
  assign of_a_packet = phase_q == Ports || phase_q == Lengths || phase_q == Payload;
  assign lengths_right = header_words_q >= 4'd5 && udp_bytes_q >= 16'd8 &&
                         header_bytes <= total_q && udp_bytes_q <= total_q - header_bytes;
  assign came = {1'b0, words_q + {13'b0, ended_q ? missing_q : 2'd0} - 15'd2 - {10'b0, header_end},
                 2'b00};
  assign left_max = {2'b0, udp_bytes_q} - 18'd8 + (odd_q ? 18'd4 : 18'd0);

  always_ff @(posedge clk_i) begin
    if (started_q) begin
      assert (first_q == !coming_q);
      assert (ended_q == last_seen_q);
      assert (!(extra_q == 2'd3 && missing_q == '0));
      assert (!ended_q || !coming_q);
      assert (!(Words == 1 && phase_q == Payload && odd_q));
      if (coming_q) assert (first_time_q == stamp_q);
      if (ended_q) assert (first_time_q == stamp_q);
      assert (phase_q <= Payload && tags_q <= TagsMax || !(coming_q || last_seen_q));
      if (!coming_q && !last_seen_q) begin
        assert (quiet || verdict_valid_o);
        assert (!leaves);
      end
      if (coming_q || last_seen_q) begin
        assert (phase_q == Mac || !verdict_valid_o);
        if (phase_q == Mac) begin
          assert (place_q <= 4'd3 && (place_q == 4'd3 || tags_q == '0));
          assert (seen_q >= {1'b0, place_q} + {3'b0, tags_q});
        end
        if (phase_q == Header) begin
          assert (words_q == {11'b0, place_q});
          assert (place_q == '0 || place_q <= header_last_q);
          assert (seen_q >= 5'd4 + {1'b0, place_q});
        end
        if (phase_q == Header && place_q != '0 || of_a_packet)
          assert (header_last_q == (header_words_q < 4'd5 ? 4'd4 : header_words_q - 4'd1));
        if (phase_q == Header && place_q >= 4'd3 || of_a_packet) begin
          assert (rest_q == total_q - header_bytes);
          assert (header_bad_q == (version_q != 4'd4 || header_words_q < 4'd5 ||
                                   total_q < header_bytes));
        end
        if (phase_q == Ports) begin
          assert (words_q == {10'b0, header_end});
          assert (seen_q >= 5'd4 + header_end);
        end
        if (phase_q == Lengths) begin
          assert (words_q == {10'b0, header_end} + 15'd1);
          assert (seen_q >= 5'd5 + header_end);
        end
        if (phase_q == Payload) begin
          assert (words_q >= {10'b0, header_end} + 15'd2);
          assert (seen_q >= WordsToPayload);
          for (int unsigned n = 0; n < Near; n++)
            assert (near_q[n] == (udp_bytes_q >= 16'd8 && left_q > 16'(n)));
          if (udp_bytes_q >= 16'd8) begin
            assert (given + {1'b0, left_q} == {1'b0, udp_bytes_q} - 17'd8);
            assert (left_q == '0 || !(payload_valid_o && payload_bytes_o < 4'(BeatBytes)));
            assert (left_q == '0 || !short_q);
          end else begin
            assert (quiet);
          end
          if (lengths_right) assert (left_q == '0 || {2'b0, left_q} + came <= left_max);
        end else begin
          assert (quiet || verdict_valid_o);
        end
      end
    end
  end
