// SPDX-License-Identifier: Apache-2.0
// In: Ethernet frames of one port as its MAC gives them, and the address of the line that comes in
// at it. Out: reports of the line's packets, and their messages, decoded; both wait in FIFOs. The
// entries of a report are the next ones in the other FIFO when the report is there; entry_skip_i
// forgets so many of them at once, none is taken in the same cycle. A packet whose blocks do not
// add up has no entries. One for which there is no room, for its entries or for its report, is
// dropped as a whole and counted; the wire is never held up. Only good frames of the line give
// reports.
//
// An entry is for the messages that ended in one beat: how many, a code for each, the first lowest
// (0 an event, 1 an unknown type, 2 shorter than its type, 3 empty), the first one's index in its
// packet, and the event of the first when its code is 0; the event's sequence is that index. All
// others are too short for an event. end_cycle is cycle_i of the frame's last beat.
//
// Latency: 6 or 7 cycles from a message's last byte to its event, while the MAC does not pause; 9
// from a frame's last beat to its report and to its entries. Throughput: a beat in every cycle.
module ridley_feed_port #(
  parameter int unsigned StreamBits = 64,
  parameter int unsigned EntryDepthLog2 = 10,
  parameter int unsigned ReportDepthLog2 = 6
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [63:0] time_i,
  input  logic [31:0] cycle_i,
  input  logic [31:0] line_address_i,
  input  logic [15:0] line_port_i,
  input  logic [StreamBits-1:0] rx_data_i,
  input  logic [StreamBits/8-1:0] rx_keep_i,
  input  logic rx_valid_i,
  input  logic rx_last_i,
  input  logic rx_bad_i,
  output logic [511:0] entry_event_o,
  output logic [2:0] entry_count_o,
  output logic [7:0] entry_codes_o,
  output logic [15:0] entry_index_o,
  output logic entry_valid_o,
  input  logic entry_ready_i,
  input  logic entry_skip_i,
  input  logic [EntryDepthLog2:0] entry_skip_count_i,
  output logic [79:0] report_session_o,
  output logic [63:0] report_sequence_o,
  output logic [15:0] report_count_o,
  output logic report_header_valid_o,
  output logic report_blocks_good_o,
  output logic [15:0] report_entries_o,
  output logic [63:0] report_stamp_o,
  output logic [31:0] report_end_cycle_o,
  output logic report_valid_o,
  input  logic report_ready_i,
  output logic [63:0] frames_o,
  output logic [63:0] bad_frames_o,
  output logic [63:0] packets_dropped_o,
  output logic [64*13-1:0] causes_o
);

  localparam int unsigned Causes = 13;
  localparam int unsigned EventBits = 8 * ridley_event_pkg::MarketEventBytes;
  localparam int unsigned EntryBits = EventBits + 16 + 8 + 3;
  localparam int unsigned ReportBits = 80 + 64 + 16 + 1 + 1 + 16 + 64 + 32;
  // From a frame's last beat to the parser's report: strip 2, filter 1, parser 3.
  localparam logic [31:0] ReportCycles = 32'd6;

  logic [StreamBits-1:0] stripped, payload;
  logic [3:0] stripped_bytes, payload_bytes;
  logic stripped_valid, payload_valid;
  logic [7:0] strip_verdict, verdict;
  logic strip_verdict_valid, verdict_valid, strip_bad, frame_bad;
  logic [31:0] address;
  logic [15:0] port;
  logic [63:0] strip_stamp, stamp;

  ridley_frame_strip #(.StreamBits(StreamBits)) strip (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .time_i(time_i),
    .data_i(rx_data_i),
    .keep_i(rx_keep_i),
    .valid_i(rx_valid_i),
    .last_i(rx_last_i),
    .bad_i(rx_bad_i),
    .payload_o(stripped),
    .payload_bytes_o(stripped_bytes),
    .payload_valid_o(stripped_valid),
    .verdict_o(strip_verdict),
    .verdict_valid_o(strip_verdict_valid),
    .frame_bad_o(strip_bad),
    .address_o(address),
    .port_o(port),
    .stamp_o(strip_stamp)
  );

  ridley_line_filter #(.StreamBits(StreamBits)) filter (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .line_address_i(line_address_i),
    .line_port_i(line_port_i),
    .payload_i(stripped),
    .payload_bytes_i(stripped_bytes),
    .payload_valid_i(stripped_valid),
    .verdict_i(strip_verdict),
    .verdict_valid_i(strip_verdict_valid),
    .frame_bad_i(strip_bad),
    .address_i(address),
    .port_i(port),
    .stamp_i(strip_stamp),
    .payload_o(payload),
    .payload_bytes_o(payload_bytes),
    .payload_valid_o(payload_valid),
    .verdict_o(verdict),
    .verdict_valid_o(verdict_valid),
    .frame_bad_o(frame_bad),
    .stamp_o(stamp)
  );

  logic [511:0] message;
  logic [15:0] message_bytes, message_index;
  logic message_valid, entry_valid;
  logic [2:0] count;
  logic [7:0] codes;
  logic [79:0] session;
  logic [63:0] sequence_number, packet_stamp;
  logic [15:0] packet_count, entries;
  logic header_valid, blocks_good, packet_bad, report_valid;
  logic [7:0] packet_verdict;

  ridley_mold_parse #(.StreamBits(StreamBits)) parse (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .payload_data_i(payload),
    .payload_bytes_i(payload_bytes),
    .payload_valid_i(payload_valid),
    .verdict_valid_i(verdict_valid),
    .verdict_i(verdict),
    .frame_bad_i(frame_bad),
    .stamp_i(stamp),
    .message_o(message),
    .message_bytes_o(message_bytes),
    .message_index_o(message_index),
    .message_valid_o(message_valid),
    .count_o(count),
    .codes_o(codes),
    .entry_valid_o(entry_valid),
    .report_session_o(session),
    .report_sequence_o(sequence_number),
    .report_count_o(packet_count),
    .report_header_valid_o(header_valid),
    .report_blocks_good_o(blocks_good),
    .report_entries_o(entries),
    .report_verdict_o(packet_verdict),
    .report_frame_bad_o(packet_bad),
    .report_stamp_o(packet_stamp),
    .report_valid_o(report_valid)
  );

  logic [EventBits-1:0] event_bytes;
  logic event_valid /* verilator public_flat_rd */;
  logic unknown, truncated;

  ridley_itch_event decoder (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .message_i(message),
    .bytes_i(message_bytes),
    .sequence_i({48'd0, message_index}),
    .valid_i(entry_valid && message_valid),
    .event_o(event_bytes),
    .event_valid_o(event_valid),
    .unknown_o(unknown),
    .truncated_o(truncated)
  );

  // What the decoder does not need waits for it. What it says takes the place of the first code.
  logic entry_q, packet_q, packet_ours_q, packet_right_q;
  logic [2:0] count_q;
  logic [7:0] codes_q, codes_decoded;
  logic [15:0] index_q;
  logic [ReportBits-1:0] report_q;
  always_comb begin
    codes_decoded = codes_q;
    if (unknown) codes_decoded[1:0] = 2'd1;
    if (truncated) codes_decoded[1:0] = 2'd2;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      entry_q <= 1'b0;
      packet_q <= 1'b0;
    end else begin
      entry_q <= entry_valid;
      packet_q <= report_valid;
    end
  end
  // No reset: entry_q and packet_q guard them.
  always_ff @(posedge clk_i) begin
    count_q <= count;
    codes_q <= codes;
    index_q <= message_index;
    packet_ours_q <= packet_verdict == ridley_event_pkg::FrameCauseUdp && !packet_bad;
    packet_right_q <= blocks_good;
    report_q <= {cycle_i - ReportCycles, packet_stamp, blocks_good ? entries : 16'd0, blocks_good,
                 header_valid, packet_count, sequence_number, session};
  end

  // Entries go first, and say a cycle later whether there was room for all of them.
  logic commit, report_room, report_waiting_q, room_q, entries_dropped, dropped;
  logic [ReportBits-1:0] report_next_q;
  assign commit = packet_q && packet_ours_q && packet_right_q && report_room;
  assign dropped = report_waiting_q && (!room_q || entries_dropped);

  ridley_packet_fifo #(.Width(EntryBits), .DepthLog2(EntryDepthLog2)) entry_fifo (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .in_data_i({event_bytes, index_q, codes_decoded, count_q}),
    .in_valid_i(entry_q),
    .commit_i(commit),
    .discard_i(packet_q && !commit),
    .dropped_o(entries_dropped),
    .out_data_o({entry_event_o, entry_index_o, entry_codes_o, entry_count_o}),
    .out_valid_o(entry_valid_o),
    .out_ready_i(entry_ready_i),
    .skip_i(entry_skip_i),
    .skip_count_i(entry_skip_count_i)
  );

  logic report_fifo_ready;
  assign report_room = report_fifo_ready && !report_waiting_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) report_waiting_q <= 1'b0;
    else report_waiting_q <= packet_q && packet_ours_q;
  end
  // No reset: report_waiting_q guards them.
  always_ff @(posedge clk_i) begin
    room_q <= report_room;
    report_next_q <= report_q;
  end

  ridley_fifo #(.Width(ReportBits), .DepthLog2(ReportDepthLog2)) report_fifo (
    .clk_i(clk_i),
    .rst_i(rst_i),
    .in_data_i(report_next_q),
    .in_valid_i(report_waiting_q && !dropped),
    .in_ready_o(report_fifo_ready),
    .out_data_o({report_end_cycle_o, report_stamp_o, report_entries_o, report_blocks_good_o,
                 report_header_valid_o, report_count_o, report_sequence_o, report_session_o}),
    .out_valid_o(report_valid_o),
    .out_ready_i(report_ready_i)
  );

  logic [63:0] frames_q, bad_frames_q, packets_dropped_q;
  logic [64*Causes-1:0] causes_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      frames_q <= '0;
      bad_frames_q <= '0;
      packets_dropped_q <= '0;
    end else begin
      if (verdict_valid && !frame_bad) frames_q <= frames_q + 64'd1;
      if (verdict_valid && frame_bad) bad_frames_q <= bad_frames_q + 64'd1;
      if (dropped) packets_dropped_q <= packets_dropped_q + 64'd1;
    end
  end
  for (genvar cause = 0; cause < Causes; cause++) begin : gen_cause
    always_ff @(posedge clk_i) begin
      if (rst_i) causes_q[64*cause +: 64] <= '0;
      else if (verdict_valid && !frame_bad && verdict == 8'(cause))
        causes_q[64*cause +: 64] <= causes_q[64*cause +: 64] + 64'd1;
    end
  end
  assign frames_o = frames_q;
  assign bad_frames_o = bad_frames_q;
  assign packets_dropped_o = packets_dropped_q;
  assign causes_o = causes_q;

`ifdef VERILATOR
  // Where a payload begins is read a second time, so that it is known when each of its bytes came.
  // A message's last byte may stand in front of its beat's last one, which then comes a beat later.
  localparam int unsigned LatencyMax = 8;
  localparam int unsigned BehindStrip = 5;  // 1 in the filter, 3 in the parser, 1 in the decoder
  logic [32*LatencyMax-1:0] came_q;  // bytes at the end of the last cycles, the newest lowest
  logic [31:0] came, frame_at_q, frame_at, type_at_q, type_at, payload_at_q, payload_at, sent_q;
  logic [7:0] high_q, high, octet;
  logic first_q;
  logic [3:0] lag;
  logic [4*BehindStrip-1:0] lag_q;

  always_comb begin
    came = came_q[31:0];
    frame_at = first_q ? came : frame_at_q;
    type_at = first_q ? came + 32'd12 : type_at_q;
    payload_at = payload_at_q;
    high = high_q;
    octet = '0;
    for (int unsigned lane = 0; lane < StreamBits / 8; lane++) begin
      octet = rx_data_i[8*lane +: 8];
      if (came == type_at + 32'd1 && type_at - frame_at < 32'd20 &&
          ({high, octet} == 16'h8100 || {high, octet} == 16'h88a8 || {high, octet} == 16'h9100))
        type_at = type_at + 32'd4;
      else if (came == type_at + 32'd2)
        payload_at = came + 32'd8 + {26'd0, octet[3:0] < 4'd5 ? 4'd5 : octet[3:0], 2'd0};
      high = octet;
      came = came + 32'd1;
    end
    lag = 4'd1;
    for (int unsigned ago = 1; ago < LatencyMax; ago++)
      if ($signed(came_q[32*ago +: 32] - payload_at_q - sent_q - {28'd0, stripped_bytes}) >= 0)
        lag = lag + 4'd1;
  end

  always_ff @(posedge clk_i) begin
    came_q <= {came_q[32*(LatencyMax-1)-1:0], rx_valid_i ? came : came_q[31:0]};
    if (rx_valid_i) begin
      frame_at_q <= frame_at;
      type_at_q <= type_at;
      payload_at_q <= payload_at;
      high_q <= high;
    end
    if (rst_i) first_q <= 1'b1;
    else if (rx_valid_i) first_q <= rx_last_i;
    if (rst_i || strip_verdict_valid) sent_q <= '0;
    else if (stripped_valid) sent_q <= sent_q + {28'd0, stripped_bytes};
    lag_q <= {lag_q[4*(BehindStrip-1)-1:0], lag};
  end

  LatencyOfDecode: assert property (@(posedge clk_i) disable iff (rst_i)
    event_valid |-> {28'd0, lag_q[4*(BehindStrip-1) +: 4]} + BehindStrip <= LatencyMax);
`endif

`ifdef FORMAL
`include "ridley_feed_port_promises.svh"
`endif

endmodule
