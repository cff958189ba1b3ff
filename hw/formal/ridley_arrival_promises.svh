// SPDX-License-Identifier: Apache-2.0
// What ridley_arrival promises: whichever report is looked at, the n-th gives the n-th decision,
// within five cycles that nobody else has taken; and of the messages of a session every number is
// told once, in order, as new or as missing. Told from outside: a decision is held to the report
// and to what the decisions before it have said.
localparam int unsigned PlaceBits = 4;  // of counts of reports
localparam int unsigned KeptBits = 1 + 16 + 32 + 64 + SessionBits + SequenceBits;
(* anyconst *) logic [PlaceBits-1:0] chosen;
logic [PlaceBits-1:0] in_count_q, out_count_q, inside, ahead_of_chosen;
logic [KeptBits-1:0] chosen_kept_q, kept_in, kept_steps, kept_out;
logic chosen_in_steps, chosen_in_decision;
logic [2:0] waited_q;
logic in_steps, blocked, first_time, waits_q, started_q;

assign in_steps = match_q || measure_q || judge_q || tell_q;
assign blocked = tell_q && decision_valid_o && !decision_ready_i;
assign inside = in_count_q - out_count_q;
assign ahead_of_chosen = chosen - out_count_q;
assign chosen_in_decision = decision_valid_o && ahead_of_chosen == '0;
assign chosen_in_steps = in_steps && ahead_of_chosen == {3'd0, decision_valid_o};
assign kept_in = {report_port_i, report_entries_i, report_end_cycle_i, report_stamp_i,
                  report_session_i, report_sequence_i};
assign kept_steps = {port_q, entries_q, end_cycle_q, stamp_q, session_q, sequence_q};
assign kept_out = {decision_port_o, decision_entries_o, decision_end_cycle_o, decision_stamp_o,
                   decision_session_o, decision_sequence_o};

// The rest of a decision's report.
logic [CountBits-1:0] rest_count_q, of_count_q;
logic rest_header_q, rest_blocks_q, of_header_q, of_blocks_q;
// What was said before: the session and its next number, if any packet was accepted. And what a
// decision makes of that.
logic known_q, known_d, new_session, is_first, goes_on, has_messages, goes_beyond, should_want;
logic [SessionBits-1:0] session_before_q, session_d;
logic [SequenceBits-1:0] next_q, next_d, wanted_number, told_count, skipped_count;
logic [SequenceBits:0] end_number, distance, room;

assign told_count = {{(SequenceBits-CountBits){1'b0}}, decision_count_o};
assign skipped_count = {{(SequenceBits-CountBits){1'b0}}, decision_skipped_o};
assign first_time = decision_valid_o && !waits_q;  // of this decision
assign new_session = known_q && decision_session_o != session_before_q;
assign is_first = !known_q && first_sequence_i == '0;
assign wanted_number = new_session ? FirstSequence : is_first ? decision_sequence_o
                     : known_q ? next_q : first_sequence_i;
assign goes_on = of_header_q && of_blocks_q && (!new_session || follow_sessions_i);
assign has_messages = of_count_q != Heartbeat && of_count_q != EndOfSession;
assign end_number = {1'b0, decision_sequence_o} +
                    {{(SequenceBits+1-CountBits){1'b0}}, of_count_q};
assign goes_beyond = has_messages && end_number[SequenceBits];
assign should_want = goes_on && has_messages && !goes_beyond &&
                     end_number[SequenceBits-1:0] > wanted_number;
// Accepted, told or not: what is next changes only for what is told, or stays where it was.
assign known_d = known_q || (goes_on && !goes_beyond);
assign session_d = goes_on && !goes_beyond ? decision_session_o : session_before_q;
assign next_d = decision_told_o ? (decision_wanted_o
                                       ? decision_first_sequence_o + told_count
                                       : wanted_number + decision_missing_count_o)
              : goes_on && !goes_beyond ? wanted_number : next_q;

// The same for induction, of the report that is in the steps.
logic known, step_changed;
logic [SessionBits-1:0] session_now;
logic [SequenceBits-1:0] next, step_expected;
assign known = first_time ? known_d : known_q;
assign session_now = first_time ? session_d : session_before_q;
assign next = first_time ? next_d : next_q;
assign step_changed = known && session_q != session_now;
assign step_expected = step_changed ? FirstSequence
                     : known ? next : first_sequence_i == '0 ? sequence_q : first_sequence_i;
assign distance = {1'b0, sequence_q} - {1'b0, step_expected};
assign room = {1'b0, step_expected} - {1'b0, sequence_q};

initial started_q = 1'b0;
always_comb if (!started_q) assume (rst_i);
always_ff @(posedge clk_i) begin
  started_q <= 1'b1;
  if (started_q && !rst_i) assume ($stable(first_sequence_i) && $stable(follow_sessions_i));
  if (rst_i) begin
    in_count_q <= '0;
    out_count_q <= '0;
    waits_q <= 1'b0;
    known_q <= 1'b0;
  end else begin
    if (taken) in_count_q <= in_count_q + 1'b1;
    if (decision_valid_o && decision_ready_i) out_count_q <= out_count_q + 1'b1;
    waits_q <= decision_valid_o && !decision_ready_i;
    known_q <= known;
  end
  session_before_q <= session_now;
  next_q <= next;
  if (taken) waited_q <= 3'd0;
  else if (!blocked) waited_q <= waited_q + 1'b1;
  if (taken && in_count_q == chosen) chosen_kept_q <= kept_in;
  if (taken) begin
    rest_count_q <= report_count_i;
    rest_header_q <= report_header_valid_i;
    rest_blocks_q <= report_blocks_good_i;
  end
  if (told) begin
    of_count_q <= rest_count_q;
    of_header_q <= rest_header_q;
    of_blocks_q <= rest_blocks_q;
  end
end

always_ff @(posedge clk_i) begin
  if (started_q && !rst_i) begin
    OneForOne: assert (inside == {3'd0, in_steps} + {3'd0, decision_valid_o});
    if (chosen_in_decision) ChosenComesOut: assert (kept_out == chosen_kept_q);
    if (in_steps) AtMostFiveCycles: assert (waited_q <= 3'd3);
    TakesTheNextInTime: assert (report_ready_o || (in_steps && !told));
    if ($past(started_q && !rst_i && decision_valid_o && !decision_ready_i))
      Stands: assert (decision_valid_o && $stable(kept_out) && $stable(decision_told_o) &&
                      $stable(decision_wanted_o) && $stable(decision_skipped_o));
    if (first_time) begin
      NothingNewIsLeftOut: assert (decision_wanted_o == should_want);
      ToldWhereWanted: assert (!decision_wanted_o || decision_told_o);
      OnlyGoodOnes: assert (!decision_told_o || (goes_on && !goes_beyond));
      EverySessionIsTold: assert (!goes_on || goes_beyond || !new_session || decision_told_o);
      if (decision_wanted_o) begin
        EachNumberOnceInOrder: assert (
            decision_first_sequence_o == wanted_number + decision_missing_count_o);
        NewOnesAreTheLast: assert (
            decision_skipped_o + decision_count_o == of_count_q && decision_count_o != '0 &&
            decision_first_sequence_o == decision_sequence_o + skipped_count);
      end else if (decision_told_o) NoneIsNew: assert (decision_count_o == '0);
      if (decision_told_o && decision_missing_count_o != '0)
        MissingFromTheNext: assert (
            decision_missing_from_o == wanted_number &&
            decision_sequence_o == wanted_number + decision_missing_count_o);
      if (decision_told_o && !new_session) NeverBack: assert (next_d >= wanted_number);
    end
    // For induction: where a report is, and what is known of it there.
    StepsAreOne: assert ({2'd0, match_q} + {2'd0, measure_q} + {2'd0, judge_q} + {2'd0, tell_q} <=
                         3'd1);
    if (measure_q) MeasureIsTheSecond: assert (waited_q == 3'd1);
    if (match_q) MatchIsTheFirst: assert (waited_q == 3'd0);
    if (judge_q) JudgeIsTheThird: assert (waited_q == 3'd2);
    if (tell_q) TellIsTheFourth: assert (waited_q == 3'd3);
    if (waits_q) WaitsIsValid: assert (decision_valid_o);
    if (chosen_in_steps) ChosenIsKept: assert (kept_steps == chosen_kept_q);
    if (in_steps) RestIsKept: assert (rest_count_q == count_q &&
                                      rest_header_q == header_valid_q &&
                                      rest_blocks_q == blocks_good_q);
    StateIsWhatWasSaid: assert (has_session_q == known &&
                                (known ? next_sequence_q == next &&
                                         current_session_q == session_now
                                       : next_sequence_q == first_sequence_i) &&
                                adopts_q == (first_sequence_i == '0));
    if (measure_q || judge_q || tell_q)
      Matched: assert (changed_q == step_changed && expected_q == step_expected &&
                       is_heartbeat_q == (count_q == Heartbeat) &&
                       is_end_q == (count_q == EndOfSession) &&
                       end_sequence_q == {1'b0, sequence_q} +
                       {{(SequenceBits+1-CountBits){1'b0}}, count_q});
    if (judge_q || tell_q) Measured: assert (behind_q == room && ahead_q == distance);
    if (tell_q)
      Judged: assert (refused_q == refused && malformed_q == malformed &&
                      has_messages_q == !is_control && all_old_q == all_old &&
                      gap_q == is_ahead && overlap_q == (!is_control && is_behind && !all_old) &&
                      fresh_q == (!is_control && !all_old) &&
                      fresh_count_q == (is_behind ? count_q - old_messages : count_q) &&
                      skipped_q == (all_old ? count_q : is_behind ? old_messages : '0));
  end
end
