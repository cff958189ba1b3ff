// SPDX-License-Identifier: Apache-2.0
// In: what was decided about a packet, and whether its port's next entry is there. Out: the
// packet's own record and then its entries, one by one, for the record maker; or, of a packet that
// says nothing new, all its entries skipped at once. Exactly the packet's entries leave its port.
// They must all be there when the decision is: a report comes behind its packet's entries.
// Latency: 0. Throughput: n entries in n + 1 cycles, a packet without a new message in one.
module ridley_entry_walker #(
  parameter int unsigned EntriesBits = 16
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic decision_valid_i,
  output logic decision_ready_o,
  input  logic decision_port_i,
  input  logic [EntriesBits-1:0] decision_entries_i,
  input  logic decision_told_i,    // it has a record
  input  logic decision_wanted_i,  // and new messages
  input  logic [1:0] entry_valid_i,
  output logic [1:0] entry_ready_o,
  output logic [1:0] skip_o,
  output logic [EntriesBits-1:0] skip_count_o,
  output logic item_valid_o,
  output logic item_packet_o,  // the packet itself, else an entry
  input  logic item_ready_i
);

  logic walking_q, walks, skips, last, taken;
  logic [EntriesBits-1:0] left_q;
  logic [1:0] port;

  assign port = decision_port_i ? 2'b10 : 2'b01;
  assign walks = decision_told_i && decision_wanted_i && decision_entries_i != '0;
  assign item_packet_o = !walking_q;
  assign item_valid_o = walking_q ? (entry_valid_i & port) != 2'b00
                                  : decision_valid_i && decision_told_i;
  assign taken = item_valid_o && item_ready_i;
  assign last = left_q == {{(EntriesBits-1){1'b0}}, 1'b1};
  assign skips = decision_valid_i && (decision_told_i ? taken && !walks : 1'b1);
  assign decision_ready_o = skips || (walking_q && taken && last);
  assign entry_ready_o = {2{walking_q && item_ready_i}} & port;
  assign skip_o = {2{skips}} & port;
  assign skip_count_o = decision_entries_i;

  always_ff @(posedge clk_i) begin
    if (rst_i) walking_q <= 1'b0;
    else if (walking_q) walking_q <= !(taken && last);
    else walking_q <= decision_valid_i && taken && walks;
  end
  // No reset: walking_q guards it.
  always_ff @(posedge clk_i) begin
    if (!walking_q) left_q <= decision_entries_i;
    else if (taken) left_q <= left_q - 1'b1;
  end

`ifdef FORMAL
  // What left the ports since the decision came, counted from outside.
  localparam int unsigned CountBits = EntriesBits + 2;
  logic [CountBits-1:0] gone_q, gone, cycles_q, entries;
  logic [1:0] leaving, records_q, records;
  logic started_q;

  assign entries = {2'b00, decision_entries_i};
  assign leaving = entry_valid_i & entry_ready_o;
  assign gone = gone_q + {{(CountBits-1){1'b0}}, leaving != 2'b00} +
                (skip_o != 2'b00 ? {2'b00, skip_count_o} : {CountBits{1'b0}});
  assign records = records_q + {1'b0, item_valid_o && item_ready_i && item_packet_o};

  initial started_q = 1'b0;
  always_comb if (!started_q) assume (rst_i);
  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (rst_i || decision_ready_o) begin
      gone_q <= '0;
      records_q <= 2'd0;
      cycles_q <= '0;
    end else begin
      gone_q <= gone;
      records_q <= records;
      // Cycles in which nothing was in the way.
      if (decision_valid_i && item_ready_i && (entry_valid_i & port) != 2'b00)
        cycles_q <= cycles_q + 1'b1;
    end
    // A decision stands until it is taken.
    if (started_q && !rst_i && $past(started_q && !rst_i && decision_valid_i && !decision_ready_o))
      assume (decision_valid_i && $stable(decision_port_i) && $stable(decision_entries_i) &&
              $stable(decision_told_i) && $stable(decision_wanted_i));
  end

  always_ff @(posedge clk_i) begin
    if (started_q && !rst_i) begin
      NothingWithoutADecision: assert (decision_valid_i ||
                                       (!item_valid_o && skip_o == 2'b00 && !walking_q));
      OnlyFromItsPort: assert (((leaving | skip_o) & ~port) == 2'b00);
      SkippedOrTaken: assert (leaving == 2'b00 || skip_o == 2'b00);
      TakenOnlyAsAnItem: assert ((leaving != 2'b00) == (item_valid_o && item_ready_i &&
                                                        !item_packet_o));
      NeverMoreThanItsEntries: assert (!decision_valid_i || gone <= entries);
      if (decision_ready_o) begin
        AllItsEntriesLeft: assert (decision_valid_i && gone == entries);
        OneRecordIfTold: assert (records == {1'b0, decision_told_i});
      end
      if (item_valid_o && item_packet_o)
        RecordComesFirst: assert (gone_q == '0 && records_q == 2'd0);
      if (leaving != 2'b00) OnlyWantedAreTaken: assert (decision_wanted_i && decision_told_i);
      if (decision_told_i && decision_wanted_i && skip_o != 2'b00)
        WantedAreNotSkipped: assert (entries == '0);
      CyclesOfAWalk: assert (!decision_valid_i || cycles_q <= gone_q + {1'b0, records_q});
      // For induction: where the walk is.
      if (walking_q) WalkIsTheCount: assert (walks && left_q != '0 && records_q == 2'd1 &&
                                             gone_q + {2'b00, left_q} == entries);
      if (!walking_q) RestIsTheBeginning: assert (gone_q == '0 && records_q == 2'd0 &&
                                                  cycles_q == '0);
    end
  end
`endif

endmodule
