// SPDX-License-Identifier: Apache-2.0
// In: events, and which instruments the host wants. Out: the events of these, and those of locate
// 0, which concern everybody. Nothing is wanted after a reset: the table is cleared first, a locate
// a cycle, and until ready_o nothing passes and no choice is taken. A choice counts for events from
// the next cycle on. Latency: 1 cycle. Throughput: an event and a choice in every cycle.
module ridley_instrument_filter #(
  parameter int unsigned Width = 512,
  parameter int unsigned LocateAt = 8 * ridley_event_pkg::MarketEventLocateAt,
  parameter int unsigned LocateBits = 16
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [LocateBits-1:0] select_locate_i,
  input  logic select_wanted_i,
  input  logic select_valid_i,
  output logic ready_o,
  input  logic [Width-1:0] event_i,
  input  logic event_valid_i,
  output logic [Width-1:0] event_o,
  output logic event_valid_o
);

  // The count of cleared places has one bit more: it is set when all are.
  logic [LocateBits:0] cleared_q;
  logic [LocateBits-1:0] locate, write_at;
  logic memory_q [0:(1<<LocateBits)-1];
  logic write, write_wanted, wanted_q, everybody_q, valid_q;
  logic [Width-1:0] event_q;

  assign ready_o = cleared_q[LocateBits];
  assign locate = event_i[LocateAt +: LocateBits];
  assign write = !ready_o || select_valid_i;
  assign write_at = ready_o ? select_locate_i : cleared_q[LocateBits-1:0];
  assign write_wanted = ready_o && select_wanted_i;

  always_ff @(posedge clk_i) begin
    if (rst_i) cleared_q <= '0;
    else if (!ready_o) cleared_q <= cleared_q + 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (write) memory_q[write_at] <= write_wanted;
    wanted_q <= memory_q[locate];
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) valid_q <= 1'b0;
    else valid_q <= event_valid_i && ready_o;
  end
  // No reset: valid_q guards them.
  always_ff @(posedge clk_i) begin
    event_q <= event_i;
    everybody_q <= locate == '0;
  end

  assign event_o = event_q;
  assign event_valid_o = valid_q && (wanted_q || everybody_q);

endmodule
