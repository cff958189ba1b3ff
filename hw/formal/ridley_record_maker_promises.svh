// SPDX-License-Identifier: Apache-2.0
// What ridley_record_maker promises: every item gives exactly the records that its codes ask for,
// in order, within so many cycles, whatever comes before it and behind it. Counted are the records
// that the items owe, from outside; whichever of them is looked at, the n-th that is owed is the
// n-th that is given, and it is what its item said.
localparam int unsigned PlaceBits = 5;  // of counts of records
localparam int unsigned CyclesMax = 10;
(* anyconst *) logic [PlaceBits-1:0] watched;
logic [PlaceBits-1:0] owed_q, out_q, before, ahead;
logic [3:0] owes, owes_event, first_owes, second_owes, rank, age_q, cycles_left;
logic [IndexBits:0] last_index;
logic [2:0] blocked_q, of_item, in_output, in_third, in_second, in_first;
logic accepted, watched_now, told_q, started_q;
// The watched record, as its item says it, and where it is in the item.
logic was_packet_q, was_event_q, was_port_q;
logic [31:0] was_end_q;
logic [SequenceBits-1:0] was_sequence_q, was_number;
logic [IndexBits-1:0] was_index_q, index_now, place_index;
logic [15:0] was_latency;
logic [31:0] was_cycles;
logic [BodyBits-1:0] was_body_q, was_body, told_body_q, body_at_first, body_at_second;
logic [3:0] was_place_q, place_now;

assign accepted = item_valid_i && item_ready_o;
assign last_index = {1'b0, index_i} + 2'd3;
for (genvar k = 0; k < 4; k = k + 1) begin : of_owed
  assign owes_event[k] = !item_packet_i && codes_i[2*k +: 2] == 2'd0;
  assign owes[k] = item_packet_i ? k == 0
                 : k < count_i && {1'b0, index_i} + k >= {1'b0, skipped_i} &&
                   (codes_i[2*k +: 2] == 2'd0 || codes_i[2*k +: 2] == 2'd2);
  assign first_owes[k] = first_packet_q ? k == 0 : of_event[k] || of_short[k];
end
assign second_owes = pending_q;
assign of_item = {2'd0, owes[0]} + {2'd0, owes[1]} + {2'd0, owes[2]} + {2'd0, owes[3]};
assign in_first = !first_valid_q ? 3'd0
                : {2'd0, first_owes[0]} + {2'd0, first_owes[1]} + {2'd0, first_owes[2]} +
                  {2'd0, first_owes[3]};
assign in_second = !second_valid_q ? 3'd0
                 : {2'd0, pending_q[0]} + {2'd0, pending_q[1]} + {2'd0, pending_q[2]} +
                   {2'd0, pending_q[3]};
assign in_third = {2'd0, third_valid_q};
assign in_output = {2'd0, record_valid_o};
assign before = watched - owed_q;  // of the item's records
assign watched_now = accepted && before < of_item;
assign ahead = watched - out_q;
// The one at that place of the ones that are set, as a bit.
assign place_now = owes[0] && before == 0 ? 4'b0001
                 : owes[1] && before == {4'd0, owes[0]} ? 4'b0010
                 : owes[2] && before == {4'd0, owes[0]} + {4'd0, owes[1]} ? 4'b0100 : 4'b1000;
assign rank = {3'd0, pending_q[0] && was_place_q > 4'b0001} +
              {3'd0, pending_q[1] && was_place_q > 4'b0010} +
              {3'd0, pending_q[2] && was_place_q > 4'b0100};

logic [3:0] first_rank;
logic at_output, at_third, at_second, at_first;
assign first_rank = {3'd0, first_owes[0] && was_place_q > 4'b0001} +
                    {3'd0, first_owes[1] && was_place_q > 4'b0010} +
                    {3'd0, first_owes[2] && was_place_q > 4'b0100};
assign at_output = ahead < in_output;
assign at_third = !at_output && ahead < in_output + in_third;
assign at_second = !at_output && !at_third && ahead < in_output + in_third + in_second;
assign at_first = !at_output && !at_third && !at_second &&
                  ahead < in_output + in_third + in_second + in_first;
assign cycles_left = at_third ? 4'd1 : at_second ? 4'd2 + rank
                   : at_first ? 4'd3 + first_rank + (in_second == 0 ? 4'd0 : in_second - 1'b1)
                   : 4'd0;

assign was_number = was_sequence_q + {{(SequenceBits-IndexBits){1'b0}}, was_index_q};
assign was_cycles = cycle_i - was_end_q;
assign was_latency = was_cycles[31:16] != '0 ? 16'hFFFF : was_cycles[15:0];
always_comb begin
  was_body = was_body_q;
  if (!was_packet_q) was_body[SequenceAt +: SequenceBits] = was_number;
end
// What a short message says of its packet, seen from a step.
assign body_at_second = third_valid_q && third_packet_q ? third_body_q : packet_body_q;
assign body_at_first = second_valid_q && second_packet_q ? second_body_q : body_at_second;

initial started_q = 1'b0;
always_comb begin
  if (!started_q) assume (rst_i);
  assume (count_i <= 3'd4 && !last_index[IndexBits]);
  // The packet comes first: ridley_entry_walker promises it.
  if (item_valid_i && !item_packet_i) assume (told_q);
end
always_ff @(posedge clk_i) begin
  started_q <= 1'b1;
  if (started_q) assume (cycle_i == $past(cycle_i) + 1'b1);
  if (rst_i) begin
    owed_q <= '0;
    out_q <= '0;
  end else begin
    if (accepted) owed_q <= owed_q + of_item;
    out_q <= out_q + record_valid_o;
  end
  if (rst_i) told_q <= 1'b0;
  else if (accepted && item_packet_i) told_q <= 1'b1;
  if (accepted && item_packet_i) told_body_q <= body_i;
  blocked_q <= rst_i || item_ready_o ? 3'd0 : blocked_q + 1'b1;
  age_q <= watched_now ? 4'd1 : age_q + 1'b1;
  if (watched_now) begin
    was_packet_q <= item_packet_i;
    was_event_q <= (owes_event & place_now) != 4'd0;
    was_port_q <= port_i;
    was_end_q <= end_cycle_i;
    was_sequence_q <= sequence_i;
    was_index_q <= index_now;
    was_body_q <= item_packet_i || (owes_event & place_now) != 4'd0 ? body_i : told_body_q;
    was_place_q <= place_now;
  end
end

assign index_now = index_i + {place_now[3] || place_now[2], place_now[3] || place_now[1]};
assign place_index = {was_place_q[3] || was_place_q[2], was_place_q[3] || was_place_q[1]};
always_ff @(posedge clk_i) begin
  if (started_q && !rst_i) begin
    EveryOneThatIsOwed: assert (owed_q == out_q + in_output + in_third + in_second + in_first);
    if (at_output) WatchedComesOut: assert (
        record_o == {7'd0, was_port_q,
                     was_packet_q ? ridley_card_pkg::CardFormPacket
                     : was_event_q ? ridley_card_pkg::CardFormEvent
                                   : ridley_card_pkg::CardFormShortMessage,
                     was_latency, 32'd0, was_body});
    if (at_output || at_third || at_second || at_first)
      WithinCycles: assert (age_q + cycles_left <= CyclesMax);
    ReadyWithinFour: assert (item_ready_o || blocked_q < 3'd3);
    // For induction: what is known of the watched one in each step.
    if (at_third) WatchedInThird: assert (
        third_packet_q == was_packet_q && third_port_q == was_port_q &&
        (was_packet_q || third_event_q == was_event_q) && third_sequence_q == was_sequence_q &&
        (was_packet_q || third_index_q == was_index_q) &&
        third_cycles_q == cycle_i + 1'b1 - was_end_q &&
        was_body_q == (was_packet_q || was_event_q ? third_body_q : packet_body_q));
    if (at_second) WatchedInSecond: assert (
        (pending_q & was_place_q) != 4'd0 && rank == ahead - in_output - in_third &&
        second_packet_q == was_packet_q && second_port_q == was_port_q &&
        (was_packet_q || ((event_q & was_place_q) != 4'd0) == was_event_q) &&
        second_sequence_q == was_sequence_q &&
        (was_packet_q || second_index_q + place_index == was_index_q) &&
        second_end_cycle_q == was_end_q - CyclesToRecord &&
        was_body_q == (was_packet_q || was_event_q ? second_body_q : body_at_second));
    if (at_first) WatchedInFirst: assert (
        (first_owes & was_place_q) != 4'd0 &&
        first_rank == ahead - in_output - in_third - in_second &&
        first_packet_q == was_packet_q && first_port_q == was_port_q &&
        (was_packet_q || ((of_event & was_place_q) != 4'd0) == was_event_q) &&
        first_sequence_q == was_sequence_q &&
        (was_packet_q || first_index_q + place_index == was_index_q) &&
        first_end_cycle_q == was_end_q &&
        was_body_q == (was_packet_q || was_event_q ? first_body_q : body_at_first));
    if (second_valid_q) BlockedByTheSecond: assert (blocked_q + in_second <= 3'd4);
    OnePlace: assert (was_place_q == 4'b0001 || was_place_q == 4'b0010 || was_place_q == 4'b0100 ||
                      was_place_q == 4'b1000 || !(at_output || at_third || at_second || at_first));
    ToldIsTheLast: assert (told_body_q == (first_valid_q && first_packet_q ? first_body_q
                                           : body_at_first) || !told_q);
    NothingBeforeAPacket: assert (told_q || !(first_valid_q || second_valid_q || third_valid_q ||
                                              record_valid_o));
    if (first_valid_q && first_packet_q) FirstIsAPacket: assert (in_first == 3'd1);
    if (second_valid_q && second_packet_q) SecondIsAPacket: assert (pending_q == 4'b0001);
    if (first_valid_q) FewInFirst: assert (first_count_q <= 3'd4);
  end
end
