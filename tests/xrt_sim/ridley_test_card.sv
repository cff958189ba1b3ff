// SPDX-License-Identifier: Apache-2.0
// A card that understands nothing: every frame gives one record. Stands where ridley_card stands,
// with the same ports and registers, so that what carries a card is tested by itself.
// In: frames at two ports, the host's registers. Out: a record a frame in the host's ring: bytes
// 0-7 the stamp, 8-11 the frame's bytes, 16-23 its first beat, 56-63 a card_mark of form 1.
// Latency: 2 cycles from a frame's last beat to the write. Throughput: a frame in two cycles, and
// one more at each port waits; a frame beyond that is dropped, as is one the ring has no room for.
module ridley_test_card #(
  parameter int unsigned StreamBits = 64,
  parameter logic [31:0] ClockHz = '0,
  parameter logic [63:0] CatalogueHash = ridley_catalogue_pkg::CatalogueHash
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [63:0] time_i,
  input  logic [63:0] rtl_commit_i,
  input  logic [StreamBits-1:0] rx0_data_i,
  input  logic [StreamBits/8-1:0] rx0_keep_i,
  input  logic rx0_valid_i,
  input  logic rx0_last_i,
  input  logic rx0_bad_i,
  input  logic [StreamBits-1:0] rx1_data_i,
  input  logic [StreamBits/8-1:0] rx1_keep_i,
  input  logic rx1_valid_i,
  input  logic rx1_last_i,
  input  logic rx1_bad_i,
  input  logic [11:0] s_axil_awaddr_i,
  input  logic s_axil_awvalid_i,
  output logic s_axil_awready_o,
  input  logic [31:0] s_axil_wdata_i,
  input  logic [3:0] s_axil_wstrb_i,
  input  logic s_axil_wvalid_i,
  output logic s_axil_wready_o,
  output logic [1:0] s_axil_bresp_o,
  output logic s_axil_bvalid_o,
  input  logic s_axil_bready_i,
  input  logic [11:0] s_axil_araddr_i,
  input  logic s_axil_arvalid_i,
  output logic s_axil_arready_o,
  output logic [31:0] s_axil_rdata_o,
  output logic [1:0] s_axil_rresp_o,
  output logic s_axil_rvalid_o,
  input  logic s_axil_rready_i,
  output logic [63:0] m_axi_awaddr_o,
  output logic [7:0] m_axi_awlen_o,
  output logic [2:0] m_axi_awsize_o,
  output logic [1:0] m_axi_awburst_o,
  output logic m_axi_awvalid_o,
  input  logic m_axi_awready_i,
  output logic [511:0] m_axi_wdata_o,
  output logic [63:0] m_axi_wstrb_o,
  output logic m_axi_wlast_o,
  output logic m_axi_wvalid_o,
  input  logic m_axi_wready_i,
  input  logic [1:0] m_axi_bresp_i,
  input  logic m_axi_bvalid_i,
  output logic m_axi_bready_o
);

  localparam int unsigned KeepBits = StreamBits / 8;

  logic running, stopped;
  logic [63:0] ring_address;
  logic [31:0] ring_records, ring_consumed;
  logic [31:0] alive_q, written_q, produced_q;
  logic [63:0] dropped_q;
  logic [127:0] frames_q;
  assign stopped = rst_i || !running;

  // What only a real card looks at.
  logic [31:0] unused_select;
  logic unused_select_valid, unused_every, unused_follow;
  logic [63:0] unused_first, unused_address;
  logic [31:0] unused_port, unused_beat;
  logic unused_inject, unused_beat_valid;
  logic [63:0] unused_data, unused_time;
  logic unused_inputs;
  assign unused_inputs = ^{unused_select, unused_select_valid, unused_every, unused_follow,
                           unused_first, unused_address, unused_port, m_axi_bresp_i,
                           rx0_bad_i, rx1_bad_i, unused_inject, unused_data, unused_time,
                           unused_beat, unused_beat_valid};

  ridley_registers #(
    .CatalogueHash(CatalogueHash), .ClockHz(ClockHz), .StreamBits(StreamBits)
  ) registers (
    .clk_i(clk_i), .rst_i(rst_i),
    .awaddr_i(s_axil_awaddr_i), .awvalid_i(s_axil_awvalid_i), .awready_o(s_axil_awready_o),
    .wdata_i(s_axil_wdata_i), .wstrb_i(s_axil_wstrb_i), .wvalid_i(s_axil_wvalid_i),
    .wready_o(s_axil_wready_o), .bresp_o(s_axil_bresp_o), .bvalid_o(s_axil_bvalid_o),
    .bready_i(s_axil_bready_i), .araddr_i(s_axil_araddr_i), .arvalid_i(s_axil_arvalid_i),
    .arready_o(s_axil_arready_o), .rdata_o(s_axil_rdata_o), .rresp_o(s_axil_rresp_o),
    .rvalid_o(s_axil_rvalid_o), .rready_i(s_axil_rready_i),
    .rtl_commit_i(rtl_commit_i),
    .running_o(running), .alive_i(alive_q), .ring_address_o(ring_address),
    .ring_records_o(ring_records), .ring_consumed_o(ring_consumed), .ring_produced_i(produced_q),
    .time_ns_i(time_i), .instrument_select_o(unused_select),
    .instrument_select_valid_o(unused_select_valid), .filter_ready_i(1'b1),
    .every_instrument_o(unused_every), .follow_sessions_o(unused_follow),
    .first_sequence_o(unused_first), .line_address_o(unused_address),
    .line_port_o(unused_port), .inject_o(unused_inject), .inject_data_o(unused_data),
    .inject_time_o(unused_time), .inject_beat_o(unused_beat),
    .inject_beat_valid_o(unused_beat_valid), .frames_i(frames_q),
    .bad_frames_i('0), .packets_dropped_i('0),
    .port_0_causes_i('0), .port_1_causes_i('0), .packets_i('0), .messages_i('0),
    .duplicates_i('0), .duplicate_messages_i('0), .overlaps_i('0), .gaps_i('0),
    .missing_messages_i('0), .heartbeats_i('0), .ends_of_session_i('0), .session_changes_i('0),
    .malformed_i('0), .events_i('0), .unknown_types_i('0), .truncated_i('0),
    .events_filtered_i('0), .records_written_i({32'b0, written_q}), .records_dropped_i(dropped_q),
    .write_errors_i(64'd0)
  );

  always_ff @(posedge clk_i) begin
    if (rst_i) alive_q <= '0;
    else alive_q <= alive_q + 1'b1;
  end

  // One frame at each port: what is known of it, and the record it left.
  logic [1:0] valid, last;
  logic [127:0] first_words;
  assign valid = {rx1_valid_i, rx0_valid_i};
  assign last = {rx1_last_i, rx0_last_i};
  assign first_words = {64'(rx1_data_i), 64'(rx0_data_i)};

  logic [31:0] kept0, kept1;
  always_comb begin
    kept0 = '0;
    kept1 = '0;
    for (int unsigned i = 0; i < KeepBits; i++) begin
      kept0 = kept0 + 32'(rx0_keep_i[i]);
      kept1 = kept1 + 32'(rx1_keep_i[i]);
    end
  end
  logic [63:0] kept;
  assign kept = {kept1, kept0};

  logic [1:0] waiting, taken, ended, full;
  logic [319:0] waiting_words;
  for (genvar port = 0; port < 2; port++) begin : port_of
    logic inside_q, full_q;
    logic [63:0] stamp_q, first_q, stamp_now, first_now;
    logic [31:0] bytes_q, total;
    logic [159:0] word_q;
    assign stamp_now = inside_q ? stamp_q : time_i;
    assign first_now = inside_q ? first_q : first_words[port*64 +: 64];
    assign total = (inside_q ? bytes_q : 32'b0) + kept[port*32 +: 32];
    assign ended[port] = valid[port] && last[port];
    assign full[port] = full_q && !taken[port];
    assign waiting[port] = full_q;
    assign waiting_words[port*160 +: 160] = word_q;

    always_ff @(posedge clk_i) begin
      if (stopped) begin
        inside_q <= 1'b0;
        full_q <= 1'b0;
        frames_q[port*64 +: 64] <= '0;
      end else begin
        if (valid[port]) inside_q <= !last[port];
        if (ended[port]) frames_q[port*64 +: 64] <= frames_q[port*64 +: 64] + 1'b1;
        if (ended[port]) full_q <= 1'b1;
        else if (taken[port]) full_q <= 1'b0;
      end
    end
    // No reset: inside_q and full_q guard them.
    always_ff @(posedge clk_i) begin
      if (valid[port]) begin
        stamp_q <= stamp_now;
        first_q <= first_now;
        bytes_q <= total;
      end
      if (ended[port] && !full[port]) word_q <= {first_now, total, stamp_now};
    end
  end

  // One write at a time stands in the port; the first port goes first.
  logic address_q, data_q, chosen, room, free, go;
  logic [31:0] outstanding;
  logic [159:0] word;
  logic [63:0] mark, at;
  assign outstanding = written_q - ring_consumed;
  assign room = outstanding < ring_records;
  assign free = (!address_q || m_axi_awready_i) && (!data_q || m_axi_wready_i);
  assign chosen = !waiting[0];
  assign go = free && waiting != 2'b00;
  assign taken = go ? (chosen ? 2'b10 : 2'b01) : 2'b00;
  assign word = chosen ? waiting_words[319:160] : waiting_words[159:0];
  assign mark = {7'b0, chosen, 8'h01, 16'b0, written_q + 32'd1};
  assign at = ring_address + {26'b0, written_q & (ring_records - 32'd1), 6'b0};

  logic [1:0] lost;
  assign lost = {ended[1] && full[1], ended[0] && full[0]};

  always_ff @(posedge clk_i) begin
    if (stopped) begin
      address_q <= 1'b0;
      data_q <= 1'b0;
      written_q <= '0;
      produced_q <= '0;
      dropped_q <= '0;
    end else begin
      if (m_axi_awready_i) address_q <= 1'b0;
      if (m_axi_wready_i) data_q <= 1'b0;
      if (go && room) begin
        address_q <= 1'b1;
        data_q <= 1'b1;
        written_q <= written_q + 1'b1;
      end
      if (m_axi_bvalid_i) produced_q <= produced_q + 1'b1;
      dropped_q <= dropped_q + 64'(lost[0]) + 64'(lost[1]) + 64'(go && !room);
    end
  end

  // No reset: address_q and data_q guard them.
  logic [63:0] at_q;
  logic [511:0] record_q;
  always_ff @(posedge clk_i) if (go && room) begin
    at_q <= at;
    record_q <= {mark, 256'b0, word[159:96], 32'b0, word[95:0]};
  end

  assign m_axi_awaddr_o = at_q;
  assign m_axi_awlen_o = 8'd0;
  assign m_axi_awsize_o = 3'd6;
  assign m_axi_awburst_o = 2'd1;
  assign m_axi_awvalid_o = address_q;
  assign m_axi_wdata_o = record_q;
  assign m_axi_wstrb_o = '1;
  assign m_axi_wlast_o = 1'b1;
  assign m_axi_wvalid_o = data_q;
  assign m_axi_bready_o = 1'b1;

endmodule
