// SPDX-License-Identifier: Apache-2.0
// In: the report of one packet after the other, in the order in which both lines brought them. Out:
// what the packet is, exactly as feed::Sequencer says it (src/feed/sequencer.cpp), and the counters
// of that. told: it has a record; else it is a duplicate, of a session that is refused, or
// malformed. wanted: it has new messages, those from index skipped on. Texts have their first byte
// lowest.
// first_sequence_i and follow_sessions_i are only changed in reset.
// One comparison or sum of 64 bits a cycle: match finds the session and what is expected of it,
// measure how far the packet is from that, judge what it has, tell what it is.
// Latency: 5 cycles from a report to its decision. Throughput: a packet every 4 cycles.
module ridley_arrival #(
  parameter int unsigned SequenceBits = 64,
  parameter int unsigned CountBits = 16,
  parameter int unsigned SessionBits = 80
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic follow_sessions_i,
  input  logic [SequenceBits-1:0] first_sequence_i,
  input  logic report_valid_i,
  output logic report_ready_o,
  input  logic report_port_i,
  input  logic [SessionBits-1:0] report_session_i,
  input  logic [SequenceBits-1:0] report_sequence_i,
  input  logic [CountBits-1:0] report_count_i,
  input  logic report_header_valid_i,
  input  logic report_blocks_good_i,
  input  logic [63:0] report_stamp_i,
  input  logic [31:0] report_end_cycle_i,
  input  logic [15:0] report_entries_i,
  output logic decision_valid_o,
  input  logic decision_ready_i,
  output logic decision_told_o,
  output logic decision_wanted_o,
  output logic decision_port_o,
  output logic [15:0] decision_entries_o,
  output logic [31:0] decision_end_cycle_o,
  output logic [63:0] decision_stamp_o,
  output logic [SessionBits-1:0] decision_session_o,
  output logic [SequenceBits-1:0] decision_sequence_o,  // of the packet's first message, new or not
  output logic [CountBits-1:0] decision_skipped_o,
  output logic [7:0] decision_arrival_o,
  output logic [CountBits-1:0] decision_count_o,
  output logic [SequenceBits-1:0] decision_first_sequence_o,
  output logic [SequenceBits-1:0] decision_missing_from_o,
  output logic [SequenceBits-1:0] decision_missing_count_o,
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
  output logic [63:0] malformed_o
);

  localparam logic [SequenceBits-1:0] FirstSequence = {{(SequenceBits-1){1'b0}}, 1'b1};
  localparam logic [CountBits-1:0] Heartbeat = '0;
  localparam logic [CountBits-1:0] EndOfSession = '1;

  // A report is in one of these steps, none in idle.
  logic match_q, measure_q, judge_q, tell_q, told, taken;

  // The report.
  logic port_q, header_valid_q, blocks_good_q;
  logic [SessionBits-1:0] session_q;
  logic [SequenceBits-1:0] sequence_q;
  logic [CountBits-1:0] count_q;
  logic [63:0] stamp_q;
  logic [15:0] entries_q;
  logic [31:0] end_cycle_q;

  // What was before it.
  logic has_session_q, adopts_q;
  logic [SessionBits-1:0] current_session_q;
  logic [SequenceBits-1:0] next_sequence_q;

  // match
  logic changed, changed_q, is_heartbeat_q, is_end_q;
  logic [SequenceBits-1:0] expected, expected_q;
  logic [SequenceBits:0] end_sequence_q;
  // measure
  logic [SequenceBits:0] behind_q, ahead_q;
  logic [CountBits-1:0] old_messages;  // where the packet has that many
  logic is_ahead, is_behind;
  // judge
  logic is_control, all_old, refused, malformed, beyond;
  logic has_messages_q, all_old_q, refused_q, malformed_q, gap_q, overlap_q, fresh_q;
  logic [CountBits-1:0] skipped_q, fresh_count_q;
  // tell
  logic accepted, duplicate, heartbeat;
  logic [7:0] arrival;

  assign told = tell_q && (!decision_valid_o || decision_ready_i);
  assign report_ready_o = !(match_q || measure_q || judge_q || tell_q) || told;
  assign taken = report_valid_i && report_ready_o;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      match_q <= 1'b0;
      measure_q <= 1'b0;
      judge_q <= 1'b0;
      tell_q <= 1'b0;
    end else begin
      match_q <= taken;
      measure_q <= match_q;
      judge_q <= measure_q;
      tell_q <= judge_q || (tell_q && !told);
    end
  end
  // No reset: the steps guard them.
  always_ff @(posedge clk_i) begin
    if (taken) begin
      port_q <= report_port_i;
      session_q <= report_session_i;
      sequence_q <= report_sequence_i;
      count_q <= report_count_i;
      header_valid_q <= report_header_valid_i;
      blocks_good_q <= report_blocks_good_i;
      stamp_q <= report_stamp_i;
      end_cycle_q <= report_end_cycle_i;
      entries_q <= report_entries_i;
    end
  end

  // match: which number should the packet begin with?
  assign changed = has_session_q && session_q != current_session_q;
  assign expected = changed ? FirstSequence
                  : adopts_q && !has_session_q ? sequence_q
                  : next_sequence_q;
  always_ff @(posedge clk_i) begin
    changed_q <= changed;
    expected_q <= expected;
    is_heartbeat_q <= count_q == Heartbeat;
    is_end_q <= count_q == EndOfSession;
    end_sequence_q <= {1'b0, sequence_q} +
                      {{(SequenceBits+1-CountBits){1'b0}}, count_q};
  end

  // measure: how far is it from that? The highest bit is the sign.
  always_ff @(posedge clk_i) begin
    behind_q <= {1'b0, expected_q} - {1'b0, sequence_q};
    ahead_q <= {1'b0, sequence_q} - {1'b0, expected_q};
  end

  // judge: which of its messages are new? One beyond the highest number makes the packet malformed.
  assign is_ahead = behind_q[SequenceBits];
  assign is_behind = ahead_q[SequenceBits];
  assign old_messages = behind_q[CountBits-1:0];
  assign is_control = is_heartbeat_q || is_end_q;
  assign all_old = is_behind &&
                   (behind_q[SequenceBits-1:CountBits] != '0 || old_messages >= count_q);
  assign refused = header_valid_q && changed_q && !follow_sessions_i;
  assign beyond = !is_control && end_sequence_q[SequenceBits];
  assign malformed = !header_valid_q || (!refused && (!blocks_good_q || beyond));
  always_ff @(posedge clk_i) begin
    if (judge_q) begin
      refused_q <= refused;
      malformed_q <= malformed;
      has_messages_q <= !is_control;
      all_old_q <= all_old;
      gap_q <= is_ahead;
      overlap_q <= !is_control && is_behind && !all_old;
      fresh_q <= !is_control && !all_old;
      fresh_count_q <= is_behind ? count_q - old_messages : count_q;
      skipped_q <= all_old ? count_q : is_behind ? old_messages : '0;
    end
  end

  // tell
  assign accepted = !refused_q && !malformed_q;
  assign duplicate = has_messages_q && all_old_q;
  assign heartbeat = !has_messages_q && !is_end_q;
  always_comb begin
    arrival = ridley_event_pkg::ArrivalInOrder;
    if (changed_q) arrival = ridley_event_pkg::ArrivalSessionChange;
    else if (heartbeat)
      arrival = gap_q ? ridley_event_pkg::ArrivalHeartbeatGap : ridley_event_pkg::ArrivalHeartbeat;
    else if (!has_messages_q)
      arrival = gap_q ? ridley_event_pkg::ArrivalEndOfSessionGap
                      : ridley_event_pkg::ArrivalEndOfSession;
    else if (overlap_q) arrival = ridley_event_pkg::ArrivalOverlap;
    else if (gap_q) arrival = ridley_event_pkg::ArrivalGap;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) decision_valid_o <= 1'b0;
    else if (told) decision_valid_o <= 1'b1;
    else if (decision_ready_i) decision_valid_o <= 1'b0;
  end
  // No reset: decision_valid_o guards them.
  always_ff @(posedge clk_i) begin
    if (told) begin
      decision_told_o <= accepted && (changed_q || !duplicate);
      decision_wanted_o <= accepted && fresh_q;
      decision_port_o <= port_q;
      decision_entries_o <= entries_q;
      decision_end_cycle_o <= end_cycle_q;
      decision_stamp_o <= stamp_q;
      decision_session_o <= session_q;
      decision_sequence_o <= sequence_q;
      decision_skipped_o <= skipped_q;
      decision_arrival_o <= arrival;
      decision_count_o <= fresh_q ? fresh_count_q : '0;
      // Behind the expected number the first new message is the expected one.
      decision_first_sequence_o <= !fresh_q ? '0 : overlap_q ? expected_q : sequence_q;
      decision_missing_from_o <= gap_q ? expected_q : '0;
      decision_missing_count_o <= gap_q ? ahead_q[SequenceBits-1:0] : '0;
    end
  end

  // What the next packet meets. Read again in its match, two cycles later at the earliest.
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      has_session_q <= 1'b0;
      adopts_q <= first_sequence_i == '0;
      next_sequence_q <= first_sequence_i;
    end else if (told && accepted) begin
      has_session_q <= 1'b1;
      if (fresh_q) next_sequence_q <= end_sequence_q[SequenceBits-1:0];
      else next_sequence_q <= gap_q ? sequence_q : expected_q;
    end
  end
  // No reset: has_session_q guards it.
  always_ff @(posedge clk_i) if (told && accepted) current_session_q <= session_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      packets_o <= '0;
      messages_o <= '0;
      duplicates_o <= '0;
      duplicate_messages_o <= '0;
      overlaps_o <= '0;
      gaps_o <= '0;
      missing_messages_o <= '0;
      heartbeats_o <= '0;
      ends_of_session_o <= '0;
      session_changes_o <= '0;
      malformed_o <= '0;
    end else if (told) begin
      packets_o <= packets_o + 64'd1;
      malformed_o <= malformed_o + {63'd0, malformed_q};
      session_changes_o <= session_changes_o + {63'd0, changed_q && !malformed_q};
      if (accepted) begin
        duplicates_o <= duplicates_o + {63'd0, duplicate};
        overlaps_o <= overlaps_o + {63'd0, overlap_q};
        gaps_o <= gaps_o + {63'd0, gap_q};
        heartbeats_o <= heartbeats_o + {63'd0, heartbeat};
        ends_of_session_o <= ends_of_session_o + {63'd0, !has_messages_q && is_end_q};
        if (fresh_q) messages_o <= messages_o + 64'(fresh_count_q);
        if (has_messages_q) duplicate_messages_o <= duplicate_messages_o + 64'(skipped_q);
        if (gap_q) missing_messages_o <= missing_messages_o + 64'(ahead_q[SequenceBits-1:0]);
      end
    end
  end

`ifdef FORMAL
`include "ridley_arrival_promises.svh"
`endif

endmodule
