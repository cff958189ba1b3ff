// SPDX-License-Identifier: Apache-2.0
// In: the ring's records, which nobody can hold up, and how many the host has read. Out: one write
// of 64 bytes to host memory for each, in order, their numbers in their marks; and what became of
// them: every record is counted as written or as dropped in the cycle after it came. A record is
// dropped when the FIFO has no room for it, since the host returns no credit or its memory takes
// nothing, and when nothing runs; the mark of the next one that is written says so.
// Never more than ring_records_i ahead of ring_consumed_i, never more than 2^OutstandingLog2 writes
// that were not answered for. Addresses and data go out each when they are taken, in no order
// between each other.
// When running_i goes to 0 the counters go to 0 and what waits in the FIFO is forgotten, but writes
// that were begun are finished. Only when all are answered for does the next run begin; records
// that come before that are dropped. What a run begins with, ring_address_i and ring_records_i, a
// power of two, it keeps; ring_consumed_i is 0 then.
// Latency: 3 cycles from a record to its address and data. Throughput: a record in every cycle.
module ridley_ring_writer #(
  // 256 messages of 38 bytes, back to back on the wire, are 1,200 cycles of 64 bits: so long may
  // the way to the host stand still.
  parameter int unsigned DepthLog2 = 8,
  parameter int unsigned OutstandingLog2 = 6,
  parameter int unsigned Width = 512,
  parameter int unsigned NumberBits = 32,
  parameter int unsigned AddressBits = 64,
  parameter int unsigned NumberAt =
      8 * (ridley_card_pkg::CardPacketMarkAt + ridley_card_pkg::CardMarkNumberAt),
  parameter int unsigned LostAt =
      8 * (ridley_card_pkg::CardPacketMarkAt + ridley_card_pkg::CardMarkFlagsAt) + 1
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic running_i,
  input  logic [AddressBits-1:0] ring_address_i,
  input  logic [NumberBits-1:0] ring_records_i,
  input  logic [NumberBits-1:0] ring_consumed_i,
  output logic [NumberBits-1:0] ring_produced_o,
  input  logic [Width-1:0] record_i,
  input  logic record_valid_i,
  output logic [63:0] records_written_o,
  output logic [63:0] records_dropped_o,
  output logic [63:0] write_errors_o,  // answers that were no okay; they count as produced
  output logic [AddressBits-1:0] m_axi_awaddr_o,
  output logic [7:0] m_axi_awlen_o,
  output logic [2:0] m_axi_awsize_o,
  output logic [1:0] m_axi_awburst_o,
  output logic m_axi_awvalid_o,
  input  logic m_axi_awready_i,
  output logic [Width-1:0] m_axi_wdata_o,
  output logic [Width/8-1:0] m_axi_wstrb_o,
  output logic m_axi_wlast_o,
  output logic m_axi_wvalid_o,
  input  logic m_axi_wready_i,
  input  logic [1:0] m_axi_bresp_i,
  input  logic m_axi_bvalid_i,
  output logic m_axi_bready_o
);

  localparam int unsigned BytesLog2 = $clog2(Width / 8);
  localparam int unsigned CountBits = OutstandingLog2 + 1;
  localparam logic [1:0] Okay = 2'b00;
  localparam logic [1:0] Incrementing = 2'b01;

  // A run is open from its beginning until running_i falls; then what it began is finished.
  logic open_q, ran_q, idle, begins, falls;
  logic [AddressBits-1:0] ring_address_q;
  logic [NumberBits-1:0] ring_mask_q;

  // In: lost_q, the last record was dropped.
  logic accepted, dropped, fifo_ready, fifo_valid, fifo_reset, lost_q;
  logic [Width-1:0] stored, head;
  logic [NumberBits-1:0] accepted_q;  // modulo 2^32, as all counts of one run

  // Granted are records that may be written. Of these the addresses and the data go out, and the
  // answers come in.
  logic [NumberBits-1:0] granted_q, addresses_q, data_q, ahead, consumed_q, place;
  logic [CountBits-1:0] answered_q, begun;
  logic granted, address_next, data_next, answered;
  logic [AddressBits-1:0] offset;
  logic [Width-1:0] numbered;

  assign begins = running_i && !open_q && idle && ring_records_i != '0;
  assign idle = begun == '0 && addresses_q == granted_q && data_q == granted_q &&
                !m_axi_awvalid_o && !m_axi_wvalid_o;
  assign falls = ran_q && !running_i;
  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      open_q <= 1'b0;
      ran_q <= 1'b0;
    end else begin
      open_q <= running_i && (open_q || begins);
      ran_q <= running_i;
    end
  end
  // No reset: open_q guards them.
  always_ff @(posedge clk_i) begin
    if (begins) begin
      ring_address_q <= ring_address_i;
      ring_mask_q <= ring_records_i - 1'b1;
    end
  end

  assign accepted = record_valid_i && open_q && running_i && fifo_ready;
  assign dropped = record_valid_i && !accepted;
  always_comb begin
    stored = record_i;
    stored[LostAt] = lost_q;
  end

  ridley_fifo #(.Width(Width), .DepthLog2(DepthLog2)) fifo (
    .clk_i,
    .rst_i(fifo_reset),
    .in_data_i(stored),
    .in_valid_i(accepted),
    .in_ready_o(fifo_ready),
    .out_data_o(head),
    .out_valid_o(fifo_valid),
    .out_ready_i(data_next)
  );

  always_ff @(posedge clk_i) begin
    if (rst_i || falls) lost_q <= 1'b0;
    else if (record_valid_i) lost_q <= dropped;
  end

  // A grant is an answer that will be waited for.
  assign ahead = granted_q - consumed_q;
  assign begun = granted_q[CountBits-1:0] - answered_q;
  assign granted = open_q && granted_q != accepted_q && ahead <= ring_mask_q &&
                   !begun[OutstandingLog2];
  assign address_next = addresses_q != granted_q && (!m_axi_awvalid_o || m_axi_awready_i);
  assign data_next = data_q != granted_q && fifo_valid && (!m_axi_wvalid_o || m_axi_wready_i);
  assign answered = m_axi_bvalid_i && begun != '0;
  // What was granted is finished first; idle says so.
  assign fifo_reset = rst_i || (!open_q && idle);

  always_ff @(posedge clk_i) begin
    if (fifo_reset) begin
      accepted_q <= '0;
      granted_q <= '0;
      addresses_q <= '0;
      data_q <= '0;
      answered_q <= '0;
    end else begin
      if (accepted) accepted_q <= accepted_q + 1'b1;
      if (granted) granted_q <= granted_q + 1'b1;
      if (address_next) addresses_q <= addresses_q + 1'b1;
      if (data_next) data_q <= data_q + 1'b1;
      if (answered) answered_q <= answered_q + 1'b1;
    end
    consumed_q <= ring_consumed_i;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      m_axi_awvalid_o <= 1'b0;
      m_axi_wvalid_o <= 1'b0;
    end else begin
      m_axi_awvalid_o <= address_next || (m_axi_awvalid_o && !m_axi_awready_i);
      m_axi_wvalid_o <= data_next || (m_axi_wvalid_o && !m_axi_wready_i);
    end
  end
  // No reset: the valid bits guard them.
  assign place = addresses_q & ring_mask_q;
  assign offset = {{(AddressBits-NumberBits-BytesLog2){1'b0}}, place, {BytesLog2{1'b0}}};
  always_comb begin
    numbered = head;
    numbered[NumberAt +: NumberBits] = data_q + 1'b1;
  end
  always_ff @(posedge clk_i) begin
    if (address_next) m_axi_awaddr_o <= ring_address_q + offset;
    if (data_next) m_axi_wdata_o <= numbered;
  end

  assign m_axi_awlen_o = 8'd0;
  assign m_axi_awsize_o = 3'(BytesLog2);
  assign m_axi_awburst_o = Incrementing;
  assign m_axi_wstrb_o = '1;
  assign m_axi_wlast_o = 1'b1;
  assign m_axi_bready_o = 1'b1;

  always_ff @(posedge clk_i) begin
    if (rst_i || !open_q) ring_produced_o <= '0;
    else if (answered) ring_produced_o <= ring_produced_o + 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (rst_i || falls) begin
      records_written_o <= '0;
      records_dropped_o <= '0;
      write_errors_o <= '0;
    end else begin
      if (accepted) records_written_o <= records_written_o + 64'd1;
      if (dropped) records_dropped_o <= records_dropped_o + 64'd1;
      if (answered && m_axi_bresp_i != Okay) write_errors_o <= write_errors_o + 64'd1;
    end
  end

`ifdef FORMAL
  // NumberBits is DepthLog2 + 3, as wide as the counts in the FIFO, which has its own promises.
  // The host never says that it has read what was not taken from here. Nothing is asked of the
  // other side: it may take what it likes when it likes, and answer what it was never asked.
  localparam int unsigned Bits = NumberBits;
  (* hierconn *) logic [Bits-1:0] \fifo.in_count_q , \fifo.out_count_q , \fifo.chosen ;
  (* hierconn *) logic [Width-1:0] \fifo.chosen_data_q ;
  (* hierconn *) logic \fifo.chosen_seen_q ;
  logic [Bits-1:0] given_addresses_q, given_data_q, unread, unread_address, unread_data, read;
  logic [Bits-1:0] granted_left, accepted_left, addresses_left, begun_addresses;
  logic [Bits-1:0] offered_q, counted;
  logic [Width-1:0] expected, chosen_record_q;
  logic dropped_since_q, is_power, kept_is_power, started_q;
  // The chosen record's data on their way, and for how many cycles; not counted are those in which
  // the other side took nothing, owed answers or had not read enough.
  localparam int unsigned CyclesMax = (1 << DepthLog2) + 2;
  logic [Bits-1:0] waited_q, grants_left, data_left, cycles_left;
  logic waits_q;

  assign unread = granted_q - consumed_q;
  assign unread_address = given_addresses_q - consumed_q;
  assign unread_data = given_data_q - consumed_q;
  assign read = ring_consumed_i - consumed_q;
  assign counted = records_written_o[Bits-1:0] + records_dropped_o[Bits-1:0];
  assign granted_left = granted_q - data_q;
  assign addresses_left = granted_q - addresses_q;
  assign begun_addresses = granted_q - given_addresses_q;
  assign accepted_left = accepted_q - data_q;
  assign is_power = ring_records_i != '0 && (ring_records_i & (ring_records_i - 1'b1)) == '0;
  assign kept_is_power = (ring_mask_q & (ring_mask_q + 1'b1)) == '0 && !(&ring_mask_q);

  initial started_q = 1'b0;
  always_comb begin
    if (!started_q) assume (rst_i);
    assume (is_power);
    if (open_q && !rst_i) assume (read <= unread_address && read <= unread_data);
    if (!open_q || rst_i) assume (ring_consumed_i == '0);
  end

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (fifo_reset) begin
      given_addresses_q <= '0;
      given_data_q <= '0;
    end else begin
      if (m_axi_awvalid_o && m_axi_awready_i) given_addresses_q <= given_addresses_q + 1'b1;
      if (m_axi_wvalid_o && m_axi_wready_i) given_data_q <= given_data_q + 1'b1;
    end
    if (rst_i || falls) begin
      offered_q <= '0;
      dropped_since_q <= 1'b0;
    end else if (record_valid_i) begin
      offered_q <= offered_q + 1'b1;
      // Told from outside: what was not accepted was dropped.
      dropped_since_q <= !(open_q && running_i && fifo_ready);
    end
    if (accepted && accepted_q == \fifo.chosen ) begin
      chosen_record_q <= record_i;
      chosen_record_q[LostAt] <= dropped_since_q;
    end
  end

  assign data_left = \fifo.chosen - data_q + 1'b1;
  assign grants_left = granted_left < data_left ? data_left - granted_left : '0;
  assign cycles_left = data_left == '0 ? 1 : grants_left < data_left ? data_left + 1'b1
                     : grants_left + 2'd2;
  always_ff @(posedge clk_i) begin
    if (fifo_reset) waits_q <= 1'b0;
    else if (accepted && accepted_q == \fifo.chosen ) waits_q <= 1'b1;
    else if (m_axi_wvalid_o && m_axi_wready_i && given_data_q == \fifo.chosen ) waits_q <= 1'b0;
    if (!waits_q) waited_q <= '0;
    else if (open_q && unread <= ring_mask_q && !begun[OutstandingLog2] && m_axi_wready_i)
      waited_q <= waited_q + 1'b1;
  end

  always_comb begin
    expected = chosen_record_q;
    expected[NumberAt +: Bits] = \fifo.chosen + 1'b1;
  end

  always_ff @(posedge clk_i) begin
    if (started_q && !rst_i) begin
      EveryRecordIsCounted: assert (counted == offered_q);
      if (open_q) NeverBeyondTheCredit: assert (unread <= {1'b0, ring_mask_q} + 1'b1);
      BegunIsBounded: assert (begun <= (1 << OutstandingLog2));
      if (m_axi_awvalid_o) begin
        AddressesInOrder: assert (m_axi_awaddr_o == ring_address_q +
            {{(AddressBits-Bits-BytesLog2){1'b0}},
             given_addresses_q & ring_mask_q, {BytesLog2{1'b0}}});
        if (open_q) PlaceWasRead: assert (unread_address <= ring_mask_q);
      end
      if (m_axi_wvalid_o) begin
        NumbersInOrder: assert (m_axi_wdata_o[NumberAt +: Bits] == given_data_q + 1'b1);
        if (open_q) DataHaveAPlace: assert (unread_data <= ring_mask_q);
        if (given_data_q == \fifo.chosen ) ChosenComesOut: assert (m_axi_wdata_o == expected);
      end
      if ($past(started_q && !rst_i && m_axi_awvalid_o && !m_axi_awready_i))
        AddressStands: assert (m_axi_awvalid_o && $stable(m_axi_awaddr_o));
      if ($past(started_q && !rst_i && m_axi_wvalid_o && !m_axi_wready_i))
        DataStand: assert (m_axi_wvalid_o && $stable(m_axi_wdata_o));
      if ($past(started_q && !rst_i && open_q && accepted_q != granted_q &&
                unread <= ring_mask_q && begun < (1 << OutstandingLog2)))
        WhatMayBeWrittenIs: assert (granted_q != $past(granted_q));
      if ($past(started_q && !rst_i && addresses_q != granted_q &&
                (!m_axi_awvalid_o || m_axi_awready_i)))
        AddressesGoOn: assert (m_axi_awvalid_o);
      if (waits_q) DataLeaveInTime: assert (waited_q + cycles_left <= CyclesMax);
      // For induction.
      if (open_q) RingIsAPower: assert (kept_is_power);
      if (open_q) GivenWithinGranted: assert (unread_address <= unread && unread_data <= unread);
      GivenAreTheCounts: assert (
          addresses_q == given_addresses_q + {{(Bits-1){1'b0}}, m_axi_awvalid_o} &&
          data_q == given_data_q + {{(Bits-1){1'b0}}, m_axi_wvalid_o});
      AddressesWithinGranted: assert (addresses_left <= begun_addresses);
      GrantedAreInTheFifo: assert (granted_left <= accepted_left);
      OpenIsOfThisRun: assert (!open_q || ran_q);
      LostIsWhatWasDropped: assert (lost_q == dropped_since_q);
      if (waits_q) ChosenIsOnItsWay: assert (
          data_left <= accepted_left && (data_left != '0 || (m_axi_wvalid_o &&
                                                             given_data_q == \fifo.chosen )));
      CountsOfTheFifo: assert (\fifo.in_count_q == accepted_q && \fifo.out_count_q == data_q);
      if (\fifo.chosen_seen_q ) ChosenIsKept: assert (\fifo.chosen_data_q == chosen_record_q);
    end
  end
`endif

endmodule
