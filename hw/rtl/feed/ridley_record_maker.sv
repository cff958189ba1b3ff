// SPDX-License-Identifier: Apache-2.0
// In: items, each a packet itself or one entry of it: the messages that ended in one beat, at most
// one of them an event. Out: the ring's records: the packet's own, one for each new event with its
// sequence number, and one for each new message that is shorter than its type: the packet's once
// more, with the message's number. A mark lacks what only the ring knows: the record's number and
// whether some before it were lost.
// An item's codes say of each of its messages, the first one lowest: 0 event, 1 unknown type, 2 too
// short, 3 empty. latency_cycles ends in the cycle in which the record is given.
// Latency: 4 cycles. Throughput: an item a cycle; one with n records takes n.
module ridley_record_maker #(
  parameter int unsigned BodyBits = 448,  // the first 56 bytes
  parameter int unsigned SequenceBits = 64,
  parameter int unsigned IndexBits = 16,
  parameter int unsigned SequenceAt = 8 * ridley_event_pkg::MarketEventSequenceAt,
  localparam int unsigned RecordBits = BodyBits + 64
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [31:0] cycle_i,
  input  logic item_valid_i,
  output logic item_ready_o,
  input  logic item_packet_i,
  input  logic port_i,
  input  logic [31:0] end_cycle_i,
  input  logic [SequenceBits-1:0] sequence_i,
  input  logic [IndexBits-1:0] skipped_i,
  input  logic [BodyBits-1:0] body_i,  // of the packet's record or the entry's event
  input  logic [2:0] count_i,
  input  logic [7:0] codes_i,
  input  logic [IndexBits-1:0] index_i,
  output logic [RecordBits-1:0] record_o,
  output logic record_valid_o,
  output logic [63:0] events_o,
  output logic [63:0] unknown_types_o,
  output logic [63:0] truncated_o
);

  localparam logic [31:0] CyclesToRecord = 32'd2;  // from the choice of a message on

  // first: the item as it came.
  logic first_valid_q, first_packet_q, first_port_q, first_moves;
  logic [31:0] first_end_cycle_q;
  logic [SequenceBits-1:0] first_sequence_q;
  logic [IndexBits-1:0] first_skipped_q, first_index_q;
  logic [BodyBits-1:0] first_body_q;
  logic [2:0] first_count_q;
  logic [7:0] first_codes_q;
  logic [IndexBits:0] behind;
  logic [3:0] fresh, of_event, of_unknown, of_short, of_empty;

  // second: which of its messages have a record, less those that were chosen.
  logic second_valid_q, second_packet_q, second_port_q, last, chosen_event;
  logic [31:0] second_end_cycle_q;
  logic [SequenceBits-1:0] second_sequence_q;
  logic [IndexBits-1:0] second_index_q;
  logic [BodyBits-1:0] second_body_q;
  logic [3:0] pending_q, event_q, chosen;
  logic [1:0] place;
  logic [2:0] unknown_count_q, truncated_count_q;

  // third: the message that was chosen.
  logic third_valid_q, third_packet_q, third_event_q, third_port_q;
  logic [SequenceBits-1:0] third_sequence_q, sequence_number;
  logic [IndexBits-1:0] third_index_q;
  logic [15:0] latency;
  logic [31:0] third_cycles_q;
  logic [BodyBits-1:0] third_body_q, packet_body_q, body;
  logic [7:0] form;

  assign first_moves = !second_valid_q || last;
  assign item_ready_o = !first_valid_q || first_moves;

  always_ff @(posedge clk_i) begin
    if (rst_i) first_valid_q <= 1'b0;
    else if (item_ready_o) first_valid_q <= item_valid_i;
  end
  // No reset: first_valid_q guards them.
  always_ff @(posedge clk_i) begin
    if (item_ready_o) begin
      first_packet_q <= item_packet_i;
      first_port_q <= port_i;
      first_end_cycle_q <= end_cycle_i;
      first_sequence_q <= sequence_i;
      first_skipped_q <= skipped_i;
      first_index_q <= index_i;
      first_body_q <= body_i;
      first_count_q <= count_i;
      first_codes_q <= codes_i;
    end
  end

  // The highest bit is the sign: all of the item is new.
  assign behind = {1'b0, first_skipped_q} - {1'b0, first_index_q};
  for (genvar k = 0; k < 4; k = k + 1) begin : of_message
    assign fresh[k] = k < first_count_q && !first_packet_q &&
                      (behind[IndexBits] || behind[IndexBits-1:0] <= k);
    assign of_event[k] = fresh[k] && first_codes_q[2*k +: 2] == 2'd0;
    assign of_unknown[k] = fresh[k] && first_codes_q[2*k +: 2] == 2'd1;
    assign of_short[k] = fresh[k] && first_codes_q[2*k +: 2] == 2'd2;
    assign of_empty[k] = fresh[k] && first_codes_q[2*k +: 2] == 2'd3;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) second_valid_q <= 1'b0;
    else if (first_moves) second_valid_q <= first_valid_q;
  end
  // No reset: second_valid_q guards them.
  always_ff @(posedge clk_i) begin
    if (first_moves) begin
      second_packet_q <= first_packet_q;
      second_port_q <= first_port_q;
      second_end_cycle_q <= first_end_cycle_q - CyclesToRecord;
      second_sequence_q <= first_sequence_q;
      second_index_q <= first_index_q;
      second_body_q <= first_body_q;
      event_q <= of_event;
      pending_q <= first_packet_q ? 4'b0001 : of_event | of_short;
      unknown_count_q <= {2'b00, of_unknown[0]} + {2'b00, of_unknown[1]} +
                         {2'b00, of_unknown[2]} + {2'b00, of_unknown[3]};
      truncated_count_q <= {2'b00, of_short[0] || of_empty[0]} +
                           {2'b00, of_short[1] || of_empty[1]} +
                           {2'b00, of_short[2] || of_empty[2]} +
                           {2'b00, of_short[3] || of_empty[3]};
    end else begin
      pending_q <= pending_q & ~chosen;
      unknown_count_q <= 3'd0;
      truncated_count_q <= 3'd0;
    end
  end

  // The first of those that are left.
  assign chosen = pending_q & (~pending_q + 4'd1);
  assign last = pending_q == chosen;
  assign place = {chosen[3] || chosen[2], chosen[3] || chosen[1]};
  assign chosen_event = (event_q & chosen) != 4'd0;

  always_ff @(posedge clk_i) begin
    if (rst_i) third_valid_q <= 1'b0;
    else third_valid_q <= second_valid_q && pending_q != 4'd0;
  end
  // No reset: third_valid_q guards them.
  always_ff @(posedge clk_i) begin
    third_packet_q <= second_packet_q;
    third_event_q <= chosen_event;
    third_port_q <= second_port_q;
    third_sequence_q <= second_sequence_q;
    third_index_q <= second_index_q + {{(IndexBits-2){1'b0}}, place};
    third_cycles_q <= cycle_i - second_end_cycle_q;
    third_body_q <= second_body_q;
  end
  // No reset: every packet's record comes before those of its messages.
  always_ff @(posedge clk_i) begin
    if (third_valid_q && third_packet_q) packet_body_q <= third_body_q;
  end

  assign sequence_number = third_sequence_q +
                           {{(SequenceBits-IndexBits){1'b0}}, third_index_q};
  assign latency = third_cycles_q[31:16] != '0 ? 16'hFFFF : third_cycles_q[15:0];
  always_comb begin
    form = ridley_card_pkg::CardFormPacket;
    body = third_body_q;
    if (!third_packet_q) begin
      form = ridley_card_pkg::CardFormEvent;
      if (!third_event_q) begin
        form = ridley_card_pkg::CardFormShortMessage;
        body = packet_body_q;
      end
      body[SequenceAt +: SequenceBits] = sequence_number;
    end
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) record_valid_o <= 1'b0;
    else record_valid_o <= third_valid_q;
  end
  // No reset: record_valid_o guards it. The mark: flags, form, latency_cycles, number.
  always_ff @(posedge clk_i) record_o <= {7'd0, third_port_q, form, latency, 32'd0, body};

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      events_o <= '0;
      unknown_types_o <= '0;
      truncated_o <= '0;
    end else begin
      if (third_valid_q && !third_packet_q) events_o <= events_o + {63'd0, third_event_q};
      if (second_valid_q) begin
        unknown_types_o <= unknown_types_o + {61'd0, unknown_count_q};
        truncated_o <= truncated_o + {61'd0, truncated_count_q};
      end
    end
  end

  // A record is one place in memory: its parts stand where the tables say.
  initial begin
    TheMarkIsLast: assert (ridley_card_pkg::CardPacketMarkAt == 56 &&
                           ridley_card_pkg::CardMarkNumberAt == 0 &&
                           ridley_card_pkg::CardMarkLatencyCyclesAt == 4 &&
                           ridley_card_pkg::CardMarkFormAt == 6 &&
                           ridley_card_pkg::CardMarkFlagsAt == 7);
    TheNumberIsInTheSamePlace: assert (ridley_card_pkg::CardPacketFirstSequenceAt ==
                                       ridley_event_pkg::MarketEventSequenceAt);
  end

`ifdef FORMAL
`include "ridley_record_maker_promises.svh"
`endif

endmodule
