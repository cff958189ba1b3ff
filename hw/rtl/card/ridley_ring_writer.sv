// SPDX-License-Identifier: Apache-2.0
// In: records, where the host's ring lies and how far it was read. Out: AXI4 writes of one beat
// each, in order, to places that the host has read. Puts the record's number into its mark, from 1
// on, and a flag when records before it were dropped. The source is never held up: a record for
// which the ring or the way to it has no room is dropped and counted. The host sees a record when
// its mark has the number it waits for; the mark is in the last bytes of the beat.
// Address and data go their own ways; up to 2^OutstandingLog2 writes wait for their answers, which
// are counted whatever they say. clear_i begins anew and forgets what waits, but what stands at the
// channels goes out: it is taken back only when idle_o is 1. The ring's settings change only then.
// Latency: 2 cycles into the channels when they are free. Throughput: a record in every cycle.
module ridley_ring_writer #(
  parameter int unsigned DepthLog2 = 9,
  parameter int unsigned OutstandingLog2 = 7,
  parameter int unsigned MarkAt = 8 * ridley_card_pkg::CardPacketMarkAt  // its last bytes
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic clear_i,
  output logic idle_o,
  input  logic [63:0] ring_address_i,
  input  logic [31:0] ring_records_i,
  input  logic [31:0] ring_consumed_i,
  input  logic [MarkAt+63:0] record_i,
  input  logic record_valid_i,
  output logic [31:0] produced_o,
  output logic [63:0] written_o,
  output logic [63:0] dropped_o,
  output logic [63:0] m_axi_awaddr_o,
  output logic [7:0] m_axi_awlen_o,
  output logic [2:0] m_axi_awsize_o,
  output logic [1:0] m_axi_awburst_o,
  output logic m_axi_awvalid_o,
  input  logic m_axi_awready_i,
  output logic [MarkAt+63:0] m_axi_wdata_o,
  output logic [MarkAt/8+7:0] m_axi_wstrb_o,
  output logic m_axi_wlast_o,
  output logic m_axi_wvalid_o,
  input  logic m_axi_wready_i,
  input  logic [1:0] m_axi_bresp_i,
  input  logic m_axi_bvalid_i,
  output logic m_axi_bready_o
);

  localparam int unsigned RecordBits = MarkAt + 8 * ridley_card_pkg::CardMarkBytes;
  localparam int unsigned NumberAt = MarkAt + 8 * ridley_card_pkg::CardMarkNumberAt;
  localparam int unsigned LostAt = MarkAt + 8 * ridley_card_pkg::CardMarkFlagsAt + 1;

  // Taken: records that have a place in the ring. Those between written and taken wait here. A
  // place is free again when the host has read it.
  logic [31:0] taken_q, written_low, unread, waiting;
  logic [63:0] written_q, dropped_q;
  logic [RecordBits-1:0] memory_q [0:(1<<DepthLog2)-1];
  logic [RecordBits-1:0] flagged, next;
  logic lost_q, take, drop, next_taken;

  assign written_low = written_q[31:0];
  assign unread = taken_q - ring_consumed_i;
  assign waiting = taken_q - written_low;
  assign take = record_valid_i && unread < ring_records_i && waiting < (1 << DepthLog2);
  assign drop = record_valid_i && !take;

  always_ff @(posedge clk_i) begin
    if (rst_i || clear_i) begin
      taken_q <= '0;
      written_q <= '0;
      dropped_q <= '0;
      lost_q <= 1'b0;
    end else begin
      if (take) taken_q <= taken_q + 32'd1;
      if (next_taken) written_q <= written_q + 64'd1;
      if (drop) dropped_q <= dropped_q + 64'd1;
      if (record_valid_i) lost_q <= drop;
    end
  end

  always_comb begin
    flagged = record_i;
    flagged[LostAt] = lost_q;
    next = memory_q[written_low[DepthLog2-1:0]];
    next[NumberAt +: 32] = written_low + 32'd1;
  end
  // No reset: between written and taken are only records that were stored.
  always_ff @(posedge clk_i) if (take) memory_q[taken_q[DepthLog2-1:0]] <= flagged;

  // One write at a time stands at the channels; each takes it when it likes, once.
  logic address_valid_q, data_valid_q, answered;
  logic [OutstandingLog2:0] outstanding_q;
  logic [31:0] place, produced_q;
  logic [63:0] address_q;
  logic [RecordBits-1:0] data_q;

  assign next_taken = waiting != '0 && !clear_i && !outstanding_q[OutstandingLog2] &&
                      (!address_valid_q || m_axi_awready_i) && (!data_valid_q || m_axi_wready_i);
  assign place = written_low & (ring_records_i - 32'd1);
  assign answered = m_axi_bvalid_i && m_axi_bready_o;
  assign idle_o = outstanding_q == '0;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      address_valid_q <= 1'b0;
      data_valid_q <= 1'b0;
      outstanding_q <= '0;
    end else begin
      address_valid_q <= next_taken || (address_valid_q && !m_axi_awready_i);
      data_valid_q <= next_taken || (data_valid_q && !m_axi_wready_i);
      outstanding_q <= outstanding_q + {{OutstandingLog2{1'b0}}, next_taken}
                       - {{OutstandingLog2{1'b0}}, answered};
    end
  end
  always_ff @(posedge clk_i) begin
    if (rst_i || clear_i) produced_q <= '0;
    else if (answered) produced_q <= produced_q + 32'd1;
  end
  // No reset: the valid bits guard them.
  always_ff @(posedge clk_i) begin
    if (next_taken) begin
      address_q <= ring_address_i + {26'b0, place, 6'b0};
      data_q <= next;
    end
  end

  logic unused;
  assign unused = ^m_axi_bresp_i;
  assign produced_o = produced_q;
  assign dropped_o = dropped_q;
  assign written_o = written_q;
  assign m_axi_awaddr_o = address_q;
  assign m_axi_awlen_o = 8'd0;
  assign m_axi_awsize_o = 3'd6;
  assign m_axi_awburst_o = 2'b01;
  assign m_axi_awvalid_o = address_valid_q;
  assign m_axi_wdata_o = data_q;
  assign m_axi_wstrb_o = '1;
  assign m_axi_wlast_o = 1'b1;
  assign m_axi_wvalid_o = data_valid_q;
  assign m_axi_bready_o = 1'b1;

`ifdef FORMAL
  // Counted from outside: records offered, addresses, data and answers. The host reads what was
  // answered for, in its own time; nothing begins anew but at the reset.
  (* anyconst *) logic [31:0] chosen;
  (* anyseq *) logic reads;
  logic [31:0] addresses_q, data_count_q, going_out, chosen_ahead, read_q;
  logic [63:0] offered_q, taken_and_dropped;
  logic [RecordBits-1:0] chosen_record_q;
  logic dropped_before_q, chosen_lost_q, started_q;

  assign going_out = written_low - produced_q;
  assign chosen_ahead = chosen - written_low;
  assign taken_and_dropped = {32'b0, taken_q} + dropped_q;

  initial started_q = 1'b0;
  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (rst_i) begin
      read_q <= '0;
      addresses_q <= '0;
      data_count_q <= '0;
      offered_q <= '0;
      dropped_before_q <= 1'b0;
    end else begin
      if (reads && read_q != produced_q) read_q <= read_q + 32'd1;
      if (m_axi_awvalid_o && m_axi_awready_i) addresses_q <= addresses_q + 32'd1;
      if (m_axi_wvalid_o && m_axi_wready_i) data_count_q <= data_count_q + 32'd1;
      if (record_valid_i) offered_q <= offered_q + 64'd1;
      if (record_valid_i) dropped_before_q <= drop;
      if (take && taken_q == chosen) begin
        chosen_record_q <= record_i;
        chosen_lost_q <= dropped_before_q;
      end
    end
  end

  always_comb begin
    if (!started_q) assume (rst_i);
    assume (!clear_i);
    assume (ring_records_i == 32'd4);
    assume (ring_address_i == 64'h1000);
    assume (offered_q < 64'h1000);
    assume (ring_consumed_i == read_q);
    if (addresses_q == produced_q || data_count_q == produced_q) assume (!m_axi_bvalid_i);
  end

  always_ff @(posedge clk_i) begin
    if (started_q && !rst_i) begin
      ReadIsWritten: assert (read_q <= produced_q && produced_q <= written_low &&
                             written_q <= {32'b0, taken_q} &&
                             taken_q <= offered_q[31:0]);
      NothingLostSilently: assert (offered_q == taken_and_dropped);
      NeverBeyondTheCredit: assert (unread <= 32'd4);
      WaitingIsStored: assert (waiting <= (1 << DepthLog2));
      OutstandingIsCounted: assert ({{(31-OutstandingLog2){1'b0}}, outstanding_q} == going_out);
      NeverMoreThanAllowed: assert (going_out <= (1 << OutstandingLog2));
      AddressOnce: assert (addresses_q + {31'b0, address_valid_q} == written_low);
      DataOnce: assert (data_count_q + {31'b0, data_valid_q} == written_low);
      AnswersOnlyToWrites: assert (produced_q <= addresses_q && produced_q <= data_count_q &&
                                   addresses_q <= written_low && data_count_q <= written_low);
      LostIsRemembered: assert (lost_q == dropped_before_q);
      if (chosen < taken_q && chosen_ahead < waiting) begin
        ChosenIsKept: assert (memory_q[chosen[DepthLog2-1:0]][LostAt-1:0] ==
                              chosen_record_q[LostAt-1:0]);
        ChosensFlagIsKept: assert (memory_q[chosen[DepthLog2-1:0]][LostAt] == chosen_lost_q);
      end
      if (data_valid_q) NumbersInOrder: assert (data_q[NumberAt +: 32] == data_count_q + 32'd1);
      if (address_valid_q)
        PlacesInOrder: assert (address_q == 64'h1000 + {56'b0, addresses_q[1:0], 6'b0});
      if (data_valid_q && data_count_q == chosen) begin
        TheSameRecord: assert (data_q[NumberAt-1:0] == chosen_record_q[NumberAt-1:0]);
        LostIsTold: assert (data_q[LostAt] == chosen_lost_q);
      end
      if ($past(started_q && !rst_i && m_axi_awvalid_o && !m_axi_awready_i))
        AddressStands: assert (m_axi_awvalid_o && $stable(m_axi_awaddr_o));
      if ($past(started_q && !rst_i && m_axi_wvalid_o && !m_axi_wready_i))
        DataStands: assert (m_axi_wvalid_o && $stable(m_axi_wdata_o));
    end
  end
`endif

endmodule
