// SPDX-License-Identifier: Apache-2.0
// In: the packets of both ports, each as a report and the entries before it. Out: the ring's
// records of what is new, as feed::Sequencer says it of the packets in the order in which their
// frames ended. Nobody can hold the records up. Of a port p, bits [p*n +: n] of a signal are its
// own.
// Reports and entries are what ridley_feed_port describes. Two promises of both ports are needed:
// a report comes the same number of cycles after its frame's end in both, whatever the frame
// (ridley_packet_arbiter says why), and its entries are committed when it comes.
// Latency: 10 cycles from a report to its packet's record, and one more to its first event.
// Throughput: a packet of n entries takes n + 1 cycles, 4 at least; an entry of k records k.
module ridley_sequencer (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [31:0] cycle_i,  // the count that frames' ends are told in
  input  logic follow_sessions_i,
  input  logic [63:0] first_sequence_i,
  input  logic [1:0] report_valid_i,
  output logic [1:0] report_ready_o,
  input  logic [2*80-1:0] report_session_i,
  input  logic [2*64-1:0] report_sequence_i,
  input  logic [2*16-1:0] report_count_i,
  input  logic [1:0] report_header_valid_i,
  input  logic [1:0] report_blocks_good_i,
  input  logic [2*64-1:0] report_stamp_i,
  input  logic [2*32-1:0] report_end_cycle_i,
  input  logic [2*16-1:0] report_entries_i,
  input  logic [1:0] entry_valid_i,
  output logic [1:0] entry_ready_o,
  input  logic [2*512-1:0] entry_event_i,
  input  logic [2*3-1:0] entry_count_i,
  input  logic [2*8-1:0] entry_codes_i,
  input  logic [2*16-1:0] entry_index_i,
  output logic [1:0] skip_o,
  output logic [15:0] skip_count_o,
  output logic [511:0] record_o,
  output logic record_valid_o,
  output logic [63:0] packets_o,
  output logic [63:0] messages_o,
  output logic [63:0] duplicates_o,
  output logic [63:0] duplicate_messages_o,
  output logic [63:0] overlaps_o,
  output logic [63:0] gaps_o,
  output logic [63:0] missing_messages_o,
  output logic [63:0] heartbeats_o,
  output logic [63:0] ends_of_session_o,
  output logic [63:0] session_changes_o,
  output logic [63:0] malformed_o,
  output logic [63:0] events_o,
  output logic [63:0] unknown_types_o,
  output logic [63:0] truncated_o
);

  logic chosen, chosen_valid, report_ready;
  logic decision_valid, decision_ready, told, wanted, port;
  logic [15:0] entries, skipped, count;
  logic [31:0] end_cycle;
  logic [63:0] stamp, sequence_number, first_sequence, missing_from, missing_count;
  logic [79:0] session;
  logic [7:0] arrival;
  logic item_valid, item_ready, item_packet;
  logic [447:0] packet_body, item_body;
  /* verilator lint_off UNUSEDSIGNAL */
  logic [511:0] event_bytes;  // the last eight of them are always zero
  /* verilator lint_on UNUSEDSIGNAL */

  ridley_packet_arbiter arbiter (
    .clk_i, .rst_i,
    .valid_i(report_valid_i),
    .end_cycle_i(report_end_cycle_i),
    .ready_o(report_ready_o),
    .chosen_o(chosen),
    .chosen_valid_o(chosen_valid),
    .taken_i(report_ready)
  );

  ridley_arrival arrivals (
    .clk_i, .rst_i, .follow_sessions_i, .first_sequence_i,
    .report_valid_i(chosen_valid),
    .report_ready_o(report_ready),
    .report_port_i(chosen),
    .report_session_i(report_session_i[(chosen ? 80 : 0) +: 80]),
    .report_sequence_i(report_sequence_i[(chosen ? 64 : 0) +: 64]),
    .report_count_i(report_count_i[(chosen ? 16 : 0) +: 16]),
    .report_header_valid_i(report_header_valid_i[chosen]),
    .report_blocks_good_i(report_blocks_good_i[chosen]),
    .report_stamp_i(report_stamp_i[(chosen ? 64 : 0) +: 64]),
    .report_end_cycle_i(report_end_cycle_i[(chosen ? 32 : 0) +: 32]),
    .report_entries_i(report_entries_i[(chosen ? 16 : 0) +: 16]),
    .decision_valid_o(decision_valid),
    .decision_ready_i(decision_ready),
    .decision_told_o(told),
    .decision_wanted_o(wanted),
    .decision_port_o(port),
    .decision_entries_o(entries),
    .decision_end_cycle_o(end_cycle),
    .decision_stamp_o(stamp),
    .decision_session_o(session),
    .decision_sequence_o(sequence_number),
    .decision_skipped_o(skipped),
    .decision_arrival_o(arrival),
    .decision_count_o(count),
    .decision_first_sequence_o(first_sequence),
    .decision_missing_from_o(missing_from),
    .decision_missing_count_o(missing_count),
    .packets_o, .messages_o, .duplicates_o, .duplicate_messages_o, .overlaps_o, .gaps_o,
    .missing_messages_o, .heartbeats_o, .ends_of_session_o, .session_changes_o, .malformed_o
  );

  ridley_entry_walker walker (
    .clk_i, .rst_i,
    .decision_valid_i(decision_valid),
    .decision_ready_o(decision_ready),
    .decision_port_i(port),
    .decision_entries_i(entries),
    .decision_told_i(told),
    .decision_wanted_i(wanted),
    .entry_valid_i, .entry_ready_o, .skip_o, .skip_count_o,
    .item_valid_o(item_valid),
    .item_packet_o(item_packet),
    .item_ready_i(item_ready)
  );

  // A CardPacket up to its mark, from its last byte to its first.
  assign packet_body = {48'd0, session, missing_count, missing_from, first_sequence, stamp, 32'd0,
                        count, 8'd0, arrival};
  assign event_bytes = entry_event_i[(port ? 512 : 0) +: 512];
  assign item_body = item_packet ? packet_body : event_bytes[447:0];

  ridley_record_maker maker (
    .clk_i, .rst_i, .cycle_i,
    .item_valid_i(item_valid),
    .item_ready_o(item_ready),
    .item_packet_i(item_packet),
    .port_i(port),
    .end_cycle_i(end_cycle),
    .sequence_i(sequence_number),
    .skipped_i(skipped),
    .body_i(item_body),
    .count_i(entry_count_i[(port ? 3 : 0) +: 3]),
    .codes_i(entry_codes_i[(port ? 8 : 0) +: 8]),
    .index_i(entry_index_i[(port ? 16 : 0) +: 16]),
    .record_o, .record_valid_o, .events_o, .unknown_types_o, .truncated_o
  );

endmodule
