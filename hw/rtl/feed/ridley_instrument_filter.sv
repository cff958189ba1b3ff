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

`ifdef FORMAL
  // Every record is either given or counted, and whichever instrument is looked at, its events pass
  // when the host has chosen so before them. Told from outside.
  localparam int unsigned CountBits = 4;
  (* anyconst *) logic [LocateBits-1:0] chosen;
  logic [CountBits-1:0] in_count_q, out_count_q;
  logic [LocateBits:0] cycles_q;  // since the reset, up to a turn of the table
  logic is_event, is_directory, should_pass_q, chosen_wanted_q, started_q;

  assign is_event = record_i[FormAt +: 8] == ridley_card_pkg::CardFormEvent;
  assign is_directory = record_i[KindAt +: 8] == ridley_event_pkg::EventKindDirectory;

  initial started_q = 1'b0;
  always_comb if (!started_q) assume (rst_i);
  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (rst_i) begin
      chosen_wanted_q <= 1'b0;
      cycles_q <= '0;
    end else begin
      if (select_valid_i && ready_o && select_locate_i == chosen)
        chosen_wanted_q <= select_wanted_i;
      if (!cycles_q[LocateBits]) cycles_q <= cycles_q + 1'b1;
    end
    should_pass_q <= !is_event || is_directory || every_instrument_i || chosen == '0 ||
                     chosen_wanted_q;
    if (rst_i || !running_i) begin
      in_count_q <= '0;
      out_count_q <= '0;
    end else begin
      in_count_q <= in_count_q + {3'd0, record_valid_i};
      out_count_q <= out_count_q + {3'd0, record_valid_o};
    end
  end

  always_ff @(posedge clk_i) begin
    if (started_q && !rst_i) begin
      ReadyAfterATurn: assert (ready_o == cycles_q[LocateBits]);
      GivenOrCounted: assert (in_count_q == out_count_q + events_filtered_o[CountBits-1:0] +
                                            {3'd0, valid_q});
      if ($past(started_q)) begin
        OneCycle: assert (!record_valid_o || $past(record_valid_i && running_i && !rst_i));
        if (record_valid_o) RecordIsKept: assert (record_o == $past(record_i));
        if ($past(record_valid_i && running_i && !rst_i && locate == chosen))
          AsChosen: assert (record_valid_o == should_pass_q);
      end
      // For induction.
      ClearedIsTheTurn: assert (cleared_q == cycles_q);
      if (ready_o || chosen < cleared_q[LocateBits-1:0])
        ChosenIsKept: assert (memory_q[chosen] == chosen_wanted_q);
      if (!ready_o) NothingIsWantedYet: assert (!chosen_wanted_q);
    end
  end
`endif

endmodule
