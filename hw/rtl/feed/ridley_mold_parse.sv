// SPDX-License-Identifier: Apache-2.0
// In: the payload of a datagram in beats, and a verdict a frame, as ridley_mold_walk says. Out: for
// each beat in which messages ended an entry, with the first bytes of the one long enough to be
// decoded (no beat holds the ends of two) and a code for each of them; and a report a frame, with
// its last entry or behind it. A code: 0 long enough to be decoded, 1 an unknown type, 2 shorter
// than any type, 3 empty. Entries of packets whose blocks do not add up are given all the same.
// Latency: 3 cycles from the beat to its entry and from the verdict to the report. Throughput: a
// beat in every cycle.
module ridley_mold_parse #(
  parameter int unsigned StreamBits = 64,
  parameter int unsigned MessageBytesMax = 64
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [StreamBits-1:0] payload_data_i,
  input  logic [3:0] payload_bytes_i,
  input  logic payload_valid_i,
  input  logic verdict_valid_i,
  input  logic [7:0] verdict_i,
  input  logic frame_bad_i,
  input  logic [63:0] stamp_i,
  // The first bytes of the message, zero behind its end; message_index_o is that of the entry's
  // first message, which is the one to be decoded when there is one.
  output logic [8*MessageBytesMax-1:0] message_o,
  output logic [15:0] message_bytes_o,
  output logic [15:0] message_index_o,
  output logic message_valid_o,
  output logic [2:0] count_o,
  output logic [7:0] codes_o,
  output logic entry_valid_o,
  output logic [79:0] report_session_o,
  output logic [63:0] report_sequence_o,
  output logic [15:0] report_count_o,
  output logic report_header_valid_o,
  output logic report_blocks_good_o,
  output logic [15:0] report_entries_o,
  output logic [7:0] report_verdict_o,
  output logic report_frame_bad_o,
  output logic [63:0] report_stamp_o,
  output logic report_valid_o
);

  localparam int unsigned Bytes = StreamBits / 8;
  localparam int unsigned Words = MessageBytesMax / Bytes;
  localparam int unsigned HeaderBytes = ridley_moldudp64_pkg::HeaderBytes;
  localparam int unsigned SequenceAt = ridley_moldudp64_pkg::HeaderSequenceNumberAt;
  localparam int unsigned CountAt = ridley_moldudp64_pkg::HeaderMessageCountAt;

  logic beat_valid, carried, walked, header_valid, blocks_good;
  logic [StreamBits-1:0] beat;
  logic [Bytes:0] ended;
  logic [2*Bytes+1:0] codes;
  logic [Bytes-1:0] carried_bytes;
  logic [3:0] first_lane;
  logic [4:0] word;
  logic [15:0] length;
  logic [8*HeaderBytes-1:0] header;
  ridley_mold_walk #(.StreamBits(StreamBits)) walk (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .payload_data_i(payload_data_i),
    .payload_bytes_i(payload_bytes_i),
    .payload_valid_i(payload_valid_i),
    .verdict_valid_i(verdict_valid_i),
    .beat_valid_o(beat_valid),
    .beat_o(beat),
    .ended_o(ended),
    .codes_o(codes),
    .carried_o(carried),
    .carried_bytes_o(carried_bytes),
    .first_lane_o(first_lane),
    .word_o(word),
    .length_o(length),
    .verdict_valid_o(walked),
    .header_o(header),
    .header_valid_o(header_valid),
    .blocks_good_o(blocks_good)
  );

  // A beat's first bytes complete a word of the message, its others begin the next.
  logic [StreamBits-1:0] beat_kept, beat_before_q, completed, begun;
  logic [8*MessageBytesMax-1:0] message_q;
  assign {begun, completed} = {beat_kept, beat_before_q} >> {first_lane, 3'd0};
  for (genvar lane = 0; lane < Bytes; lane++) begin : gen_lane
    assign beat_kept[8*lane +: 8] = beat[8*lane +: 8] & {8{carried_bytes[lane]}};
  end
  // No reset: what is given out was written.
  always_ff @(posedge clk_i) if (beat_valid) beat_before_q <= beat;
  for (genvar at = 0; at < Words; at++) begin : gen_word
    always_ff @(posedge clk_i) begin
      if (beat_valid && carried) begin
        if (word == 5'(at + 1)) message_q[StreamBits*at +: StreamBits] <= completed;
        else if (word == 5'(at)) message_q[StreamBits*at +: StreamBits] <= begun;
        else if (word == 5'd1) message_q[StreamBits*at +: StreamBits] <= '0;
      end
    end
  end

  // The codes close up, from the last message to the first. Between two ends are two bytes, so that
  // of two neighbours behind bit 0 one at most is an end.
  logic [2:0] count;
  logic [3:0] count_ones;  // as a row of ones
  logic [7:0] codes_closed;
  always_comb begin
    count_ones = '0;
    codes_closed = '0;
    for (int unsigned back = 0; back < Bytes; back += 2) begin
      if (ended[Bytes-back]) codes_closed = {codes_closed[5:0], codes[2*(Bytes-back) +: 2]};
      else if (ended[Bytes-back-1])
        codes_closed = {codes_closed[5:0], codes[2*(Bytes-back-1) +: 2]};
      if (ended[Bytes-back] || ended[Bytes-back-1]) count_ones = {count_ones[2:0], 1'b1};
    end
    if (ended[0]) begin
      codes_closed = {codes_closed[5:0], codes[1:0]};
      count_ones = {count_ones[2:0], 1'b1};
    end
    count = '0;
    for (int unsigned n = 0; n < 4; n++) if (count_ones[n]) count = 3'(n + 1);
  end

  logic [15:0] index_q, entries_q;
  logic entry, entry_valid_q, report_valid_q;
  assign entry = beat_valid && ended != '0;
  always_ff @(posedge clk_i) begin
    if (rst_i || walked) begin
      index_q <= '0;
      entries_q <= '0;
    end else if (entry) begin
      index_q <= index_q + {13'd0, count};
      entries_q <= entries_q + 16'd1;
    end
    if (rst_i) begin
      entry_valid_q <= 1'b0;
      report_valid_q <= 1'b0;
    end else begin
      entry_valid_q <= entry;
      report_valid_q <= walked;
    end
  end

  // No reset: entry_valid_q and report_valid_q guard them.
  logic [15:0] message_bytes_q, message_index_q;
  logic message_valid_q;
  logic [2:0] count_q;
  logic [7:0] codes_q;
  always_ff @(posedge clk_i) begin
    message_bytes_q <= length;
    message_index_q <= index_q;
    message_valid_q <= entry && ended[0] && codes[1:0] == 2'd0;
    count_q <= count;
    codes_q <= codes_closed;
  end

  // The verdict's own waits for the blocks.
  logic [8*HeaderBytes-1:0] header_q;
  logic [15:0] report_entries_q;
  logic header_valid_q, blocks_good_q, walked_bad_q, report_bad_q;
  logic chained_bad_q;
  logic [7:0] chained_verdict_q, walked_verdict_q, report_verdict_q;
  logic [63:0] chained_stamp_q, walked_stamp_q, report_stamp_q;
  always_ff @(posedge clk_i) begin
    chained_verdict_q <= verdict_i;
    chained_bad_q <= frame_bad_i;
    chained_stamp_q <= stamp_i;
    walked_verdict_q <= chained_verdict_q;
    walked_bad_q <= chained_bad_q;
    walked_stamp_q <= chained_stamp_q;
    report_verdict_q <= walked_verdict_q;
    report_bad_q <= walked_bad_q;
    report_stamp_q <= walked_stamp_q;
    report_entries_q <= entries_q + {15'd0, entry};
    header_valid_q <= header_valid;
    blocks_good_q <= blocks_good;
    if (walked) header_q <= header;
  end

  assign message_o = message_q;
  assign message_bytes_o = message_bytes_q;
  assign message_index_o = message_index_q;
  assign message_valid_o = message_valid_q;
  assign count_o = count_q;
  assign codes_o = codes_q;
  assign entry_valid_o = entry_valid_q;
  assign report_session_o = header_q[79:0];
  assign report_header_valid_o = header_valid_q;
  assign report_blocks_good_o = blocks_good_q;
  assign report_entries_o = report_entries_q;
  assign report_verdict_o = report_verdict_q;
  assign report_frame_bad_o = report_bad_q;
  assign report_stamp_o = report_stamp_q;
  assign report_valid_o = report_valid_q;
  // Numbers come with their highest byte first.
  for (genvar byte_at = 0; byte_at < 8; byte_at++) begin : gen_sequence
    assign report_sequence_o[8*byte_at +: 8] = header_q[8*(SequenceAt+7-byte_at) +: 8];
  end
  assign report_count_o = {header_q[8*CountAt +: 8], header_q[8*CountAt+8 +: 8]};

endmodule
