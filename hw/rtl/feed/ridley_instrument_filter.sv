// SPDX-License-Identifier: Apache-2.0
// In: the ring's records, and which instruments the host wants. Out: the records without the events
// of all other instruments, and how many these were. What is no event passes, and so do events that
// concern everybody, locate 0's and the directory's, and with every_instrument_i all of them.
// Nothing is wanted after a reset: the table is cleared first, a locate a cycle, and until ready_o
// no choice is taken. A choice counts for records from the next cycle on. running_i clears the
// count, not the table.
// Latency: 1 cycle. Throughput: a record and a choice in every cycle.
module ridley_instrument_filter #(
  parameter int unsigned Width = 512,
  parameter int unsigned KindAt = 8 * ridley_event_pkg::MarketEventKindAt,
  parameter int unsigned LocateAt = 8 * ridley_event_pkg::MarketEventLocateAt,
  parameter int unsigned FormAt =
      8 * (ridley_card_pkg::CardPacketMarkAt + ridley_card_pkg::CardMarkFormAt),
  parameter int unsigned LocateBits = 16
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic running_i,
  input  logic every_instrument_i,
  input  logic [LocateBits-1:0] select_locate_i,
  input  logic select_wanted_i,
  input  logic select_valid_i,
  output logic ready_o,
  input  logic [Width-1:0] record_i,
  input  logic record_valid_i,
  output logic [Width-1:0] record_o,
  output logic record_valid_o,
  output logic [63:0] events_filtered_o
);

  // The count of cleared places has one bit more: it is set when all are.
  logic [LocateBits:0] cleared_q;
  logic [LocateBits-1:0] locate, write_at;
  logic memory_q [0:(1<<LocateBits)-1];
  logic write, write_wanted, is_for_all, wanted_q, cleared_before_q, passes_q, valid_q, passes;
  logic [Width-1:0] record_q;

  assign ready_o = cleared_q[LocateBits];
  assign locate = record_i[LocateAt +: LocateBits];
  assign write = !ready_o || select_valid_i;
  assign write_at = ready_o ? select_locate_i : cleared_q[LocateBits-1:0];
  assign write_wanted = ready_o && select_wanted_i;
  assign is_for_all = every_instrument_i || locate == '0 ||
                      record_i[FormAt +: 8] != ridley_card_pkg::CardFormEvent ||
                      record_i[KindAt +: 8] == ridley_event_pkg::EventKindDirectory;

  always_ff @(posedge clk_i) begin
    if (rst_i) cleared_q <= '0;
    else if (!ready_o) cleared_q <= cleared_q + 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (write) memory_q[write_at] <= write_wanted;
    wanted_q <= memory_q[locate];
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || !running_i) valid_q <= 1'b0;
    else valid_q <= record_valid_i;
  end
  // No reset: valid_q guards them.
  always_ff @(posedge clk_i) begin
    record_q <= record_i;
    passes_q <= is_for_all;
    cleared_before_q <= ready_o;
  end

  assign passes = passes_q || (wanted_q && cleared_before_q);
  assign record_o = record_q;
  assign record_valid_o = valid_q && passes;

  always_ff @(posedge clk_i) begin
    if (rst_i || !running_i) events_filtered_o <= '0;
    else if (valid_q && !passes) events_filtered_o <= events_filtered_o + 64'd1;
  end

endmodule
