// SPDX-License-Identifier: Apache-2.0
// What ridley_feed_port promises whatever its parts say of frames, messages and events: the entries
// of a report are the next ones when the report is there, every packet of the line is told or
// counted as dropped, and every frame is counted once. The FIFO of the reports is assumed to be
// one, as ridley_fifo has its own proof; the one of the entries is in it as it stands. Who takes
// entries takes no more than the reports have told him of.
localparam int unsigned FifoBits = EntryDepthLog2 + 1;
localparam int unsigned PlaceBits = 4;  // of counts of packets and frames
(* hierconn *) logic [FifoBits-1:0] \entry_fifo.head_q , \entry_fifo.committed_q ,
    \entry_fifo.tail_q ;
(* hierconn *) logic \entry_fifo.lacking_q ;
logic [FifoBits-1:0] leaving, waiting, inside;
// Reports that are in their FIFO, of two places, the oldest first: their entries.
logic [15:0] first_q, second_q, next_entries, report_entries;
logic [1:0] reports_q, stay;
logic [15:0] owed_q, left_by, counted_q, seen_q, promised;
logic [PlaceBits-1:0] ours_q, told_q, seen_frames_q, all_causes;
logic pushed, popped, started_q;

assign leaving = \entry_fifo.committed_q - \entry_fifo.head_q ;
assign waiting = \entry_fifo.tail_q - \entry_fifo.committed_q ;
assign inside = \entry_fifo.tail_q - \entry_fifo.head_q ;
assign pushed = report_waiting_q && !dropped;
assign popped = report_valid_o && report_ready_i;
assign stay = reports_q - {1'b0, popped};
assign next_entries = report_next_q[ReportBits-32-64-1 -: 16];
assign report_entries = report_q[ReportBits-32-64-1 -: 16];
assign left_by = entry_skip_i ? {{(16-FifoBits){1'b0}}, entry_skip_count_i}
               : {15'd0, entry_valid_o && entry_ready_i};
assign promised = owed_q + (reports_q != 2'd0 ? first_q : 16'd0) +
                  (reports_q == 2'd2 ? second_q : 16'd0) + (pushed ? next_entries : 16'd0);

logic [PlaceBits*(Causes+1)-1:0] sums;
assign sums[PlaceBits-1:0] = '0;
for (genvar cause = 0; cause < Causes; cause = cause + 1) begin : of_sum
  assign sums[PlaceBits*(cause+1) +: PlaceBits] = sums[PlaceBits*cause +: PlaceBits] +
                                                  causes_o[64*cause +: PlaceBits];
end
assign all_causes = sums[PlaceBits*Causes +: PlaceBits];

initial started_q = 1'b0;
always_comb begin
  if (!started_q) assume (rst_i);
  // The parser counts the entries that it gives.
  if (report_valid) assume (entries == counted_q + {15'd0, entry_valid});
  if (verdict_valid) assume (verdict < Causes);
  // The FIFO of the reports.
  assume (report_fifo_ready == (reports_q != 2'd2));
  assume (report_valid_o == (reports_q != 2'd0));
  if (report_valid_o) assume (report_entries_o == first_q);
  // Who takes them.
  if (entry_ready_i || entry_skip_i) assume (owed_q != '0);
  if (entry_skip_i) assume ({{(16-FifoBits){1'b0}}, entry_skip_count_i} <= owed_q);
end
always_ff @(posedge clk_i) begin
  started_q <= 1'b1;
  if (rst_i) begin
    reports_q <= 2'd0;
    owed_q <= '0;
    counted_q <= '0;
    seen_q <= '0;
    ours_q <= '0;
    told_q <= '0;
    seen_frames_q <= '0;
  end else begin
    reports_q <= stay + {1'b0, pushed};
    if (popped) first_q <= second_q;
    if (pushed && stay == 2'd0) first_q <= next_entries;
    if (pushed && stay == 2'd1) second_q <= next_entries;
    owed_q <= owed_q + (popped ? report_entries_o : 16'd0) - left_by;
    counted_q <= report_valid ? 16'd0 : counted_q + {15'd0, entry_valid};
    seen_q <= packet_q ? 16'd0 : seen_q + {15'd0, entry_q};
    if (report_valid && packet_verdict == ridley_event_pkg::FrameCauseUdp && !packet_bad)
      ours_q <= ours_q + 1'b1;
    if (pushed) told_q <= told_q + 1'b1;
    if (verdict_valid) seen_frames_q <= seen_frames_q + 1'b1;
  end
end

always_ff @(posedge clk_i) begin
  if (started_q && !rst_i) begin
    EntriesAreThose: assert ({{(16-FifoBits){1'b0}}, leaving} == promised);
    if (owed_q != '0) WhatIsToldIsThere: assert (entry_valid_o);
    if (pushed) ReportHasRoom: assert (report_fifo_ready);
    ToldOrDropped: assert (ours_q == told_q + packets_dropped_o[PlaceBits-1:0] +
                                     {3'd0, packet_q && packet_ours_q} +
                                     {3'd0, report_waiting_q});
    EveryFrameOnce: assert (seen_frames_q == frames_o[PlaceBits-1:0] +
                                             bad_frames_o[PlaceBits-1:0]);
    EveryGoodOneHasACause: assert (all_causes == frames_o[PlaceBits-1:0]);
    if ($past(started_q && !rst_i)) begin
      if (entry_q) EntryIsOfItsMessages: assert (
          $past(entry_valid) && count_q == $past(count) && index_q == $past(message_index) &&
          codes_decoded[7:2] == $past(codes[7:2]) &&
          codes_decoded[1:0] == (truncated ? 2'd2 : unknown ? 2'd1 : $past(codes[1:0])));
      if (packet_q) ReportIsOfItsPacket: assert (
          $past(report_valid) && report_q == {$past(cycle_i) - ReportCycles, $past(packet_stamp),
                                              $past(blocks_good) ? $past(entries) : 16'd0,
                                              $past(blocks_good), $past(header_valid),
                                              $past(packet_count), $past(sequence_number),
                                              $past(session)});
      if (report_waiting_q) ReportWaitsOneCycle: assert (report_next_q == $past(report_q));
    end
    // For induction.
    ParserIsACycleAhead: assert (counted_q == (packet_q ? 16'd0 : seen_q + {15'd0, entry_q}));
    if (!\entry_fifo.lacking_q )
      WaitingAreSeen: assert ({{(16-FifoBits){1'b0}}, waiting} == seen_q);
    NeverMoreThanDepth: assert (
        inside <= (1 << EntryDepthLog2) && leaving <= inside);
    if (packet_q) EntriesOfTheReport: assert (
        report_entries == (packet_right_q ? seen_q + {15'd0, entry_q} : 16'd0));
    FewReports: assert (reports_q <= 2'd2);
    if (report_waiting_q && room_q) RoomStays: assert (reports_q != 2'd2);
    if (report_waiting_q && !entries_dropped && room_q) WaitsForItsEntries: assert (
        next_entries <= (1 << EntryDepthLog2));
    EachIsBounded: assert (owed_q <= (1 << EntryDepthLog2) &&
                           (reports_q == 2'd0 || first_q <= (1 << EntryDepthLog2)) &&
                           (reports_q != 2'd2 || second_q <= (1 << EntryDepthLog2)));
  end
end
