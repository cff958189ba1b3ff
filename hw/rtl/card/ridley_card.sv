// SPDX-License-Identifier: Apache-2.0
// The card. In: Ethernet frames at two ports as their MACs give them, the time, which commit this
// is, and the host's registers. Out: records of what the feed's two lines say, written into the
// host's ring.
// Everything behind the registers begins anew while running is 0, but for the table of instruments
// and for writes that were begun. Registers from 0x800 on are kept for
// the gate, which stands between the host's orders and a third stream when it comes.
// Latency from a frame's last beat to its packet's record at the AXI4 port: 23 cycles when nothing
// is ahead of it. Throughput: a beat in every cycle at both ports; a record in every cycle.
module ridley_card #(
  parameter int unsigned StreamBits = 64,
  parameter logic [31:0] ClockHz = '0
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

  localparam int unsigned Causes = 13;
  localparam int unsigned EntryDepthLog2 = 10;
  localparam int unsigned KeepBits = StreamBits / 8;

  logic running, stopped;
  logic [31:0] cycle_q;
  assign stopped = rst_i || !running;
  always_ff @(posedge clk_i) begin
    if (rst_i) cycle_q <= '0;
    else cycle_q <= cycle_q + 32'd1;
  end

  logic [63:0] ring_address, first_sequence, line_address;
  logic [31:0] ring_records, ring_consumed, ring_produced, select, line_port;
  logic inject, inject_beat_valid;
  logic [31:0] inject_beat;
  logic [63:0] inject_data, inject_time;
  logic select_valid, filter_ready, every_instrument, follow_sessions;
  logic [127:0] frames, bad_frames, packets_dropped;
  logic [2*64*Causes-1:0] causes;
  logic [63:0] packets, messages, duplicates, duplicate_messages, overlaps, gaps, missing_messages;
  logic [63:0] heartbeats, ends_of_session, session_changes, malformed, events, unknown_types;
  logic [63:0] truncated, events_filtered, records_written, records_dropped, write_errors;

  ridley_registers #(
    .CatalogueHash(ridley_catalogue_pkg::CatalogueHash), .ClockHz(ClockHz),
    .StreamBits(StreamBits)
  ) registers (
    .clk_i, .rst_i,
    .awaddr_i(s_axil_awaddr_i), .awvalid_i(s_axil_awvalid_i), .awready_o(s_axil_awready_o),
    .wdata_i(s_axil_wdata_i), .wstrb_i(s_axil_wstrb_i), .wvalid_i(s_axil_wvalid_i),
    .wready_o(s_axil_wready_o), .bresp_o(s_axil_bresp_o), .bvalid_o(s_axil_bvalid_o),
    .bready_i(s_axil_bready_i),
    .araddr_i(s_axil_araddr_i), .arvalid_i(s_axil_arvalid_i), .arready_o(s_axil_arready_o),
    .rdata_o(s_axil_rdata_o), .rresp_o(s_axil_rresp_o), .rvalid_o(s_axil_rvalid_o),
    .rready_i(s_axil_rready_i),
    .rtl_commit_i,
    .running_o(running),
    .alive_i(cycle_q),
    .ring_address_o(ring_address), .ring_records_o(ring_records),
    .ring_consumed_o(ring_consumed), .ring_produced_i(ring_produced),
    .time_ns_i(time_i),
    .instrument_select_o(select), .instrument_select_valid_o(select_valid),
    .filter_ready_i(filter_ready), .every_instrument_o(every_instrument),
    .follow_sessions_o(follow_sessions), .first_sequence_o(first_sequence),
    .line_address_o(line_address), .line_port_o(line_port),
    .inject_o(inject), .inject_time_o(inject_time), .inject_data_o(inject_data),
    .inject_beat_o(inject_beat), .inject_beat_valid_o(inject_beat_valid),
    .frames_i(frames), .bad_frames_i(bad_frames), .packets_dropped_i(packets_dropped),
    .port_0_causes_i(causes[0 +: 64*Causes]), .port_1_causes_i(causes[64*Causes +: 64*Causes]),
    .packets_i(packets), .messages_i(messages), .duplicates_i(duplicates),
    .duplicate_messages_i(duplicate_messages), .overlaps_i(overlaps), .gaps_i(gaps),
    .missing_messages_i(missing_messages), .heartbeats_i(heartbeats),
    .ends_of_session_i(ends_of_session), .session_changes_i(session_changes),
    .malformed_i(malformed), .events_i(events), .unknown_types_i(unknown_types),
    .truncated_i(truncated), .events_filtered_i(events_filtered),
    .records_written_i(records_written), .records_dropped_i(records_dropped),
    .write_errors_i(write_errors)
  );

  logic [2*StreamBits-1:0] rx_data;
  logic [2*KeepBits-1:0] rx_keep;
  logic [1:0] rx_valid, rx_last, rx_bad;
  logic [63:0] stamp_time;
  ridley_inject #(.StreamBits(StreamBits)) ports (
    .clk_i, .rst_i,
    .stopped_i(stopped),
    .time_i,
    .inject_i(inject), .inject_time_i(inject_time), .inject_data_i(inject_data),
    .inject_beat_i(inject_beat), .inject_beat_valid_i(inject_beat_valid),
    .mac_data_i({rx1_data_i, rx0_data_i}), .mac_keep_i({rx1_keep_i, rx0_keep_i}),
    .mac_valid_i({rx1_valid_i, rx0_valid_i}), .mac_last_i({rx1_last_i, rx0_last_i}),
    .mac_bad_i({rx1_bad_i, rx0_bad_i}),
    .rx_data_o(rx_data), .rx_keep_o(rx_keep), .rx_valid_o(rx_valid), .rx_last_o(rx_last),
    .rx_bad_o(rx_bad),
    .time_o(stamp_time)
  );

  logic [1:0] report_valid, report_ready, report_header_valid, report_blocks_good;
  logic [2*80-1:0] report_session;
  logic [2*64-1:0] report_sequence, report_stamp;
  logic [2*16-1:0] report_count, report_entries;
  logic [2*32-1:0] report_end_cycle;
  logic [1:0] entry_valid, entry_ready, skip;
  logic [2*512-1:0] entry_event;
  logic [2*3-1:0] entry_count;
  logic [2*8-1:0] entry_codes;
  logic [2*16-1:0] entry_index;
  logic [15:0] skip_count;

  for (genvar p = 0; p < 2; p++) begin : gen_port
    ridley_feed_port #(.StreamBits(StreamBits), .EntryDepthLog2(EntryDepthLog2)) feed (
      .clk_i,
      .rst_i(stopped),
      .time_i(stamp_time), .cycle_i(cycle_q),
      .line_address_i(line_address[32*p +: 32]), .line_port_i(line_port[16*p +: 16]),
      .rx_data_i(rx_data[StreamBits*p +: StreamBits]), .rx_keep_i(rx_keep[KeepBits*p +: KeepBits]),
      .rx_valid_i(rx_valid[p]), .rx_last_i(rx_last[p]), .rx_bad_i(rx_bad[p]),
      .entry_event_o(entry_event[512*p +: 512]), .entry_count_o(entry_count[3*p +: 3]),
      .entry_codes_o(entry_codes[8*p +: 8]), .entry_index_o(entry_index[16*p +: 16]),
      .entry_valid_o(entry_valid[p]), .entry_ready_i(entry_ready[p]),
      .entry_skip_i(skip[p]), .entry_skip_count_i(skip_count[EntryDepthLog2:0]),
      .report_session_o(report_session[80*p +: 80]),
      .report_sequence_o(report_sequence[64*p +: 64]), .report_count_o(report_count[16*p +: 16]),
      .report_header_valid_o(report_header_valid[p]),
      .report_blocks_good_o(report_blocks_good[p]),
      .report_entries_o(report_entries[16*p +: 16]), .report_stamp_o(report_stamp[64*p +: 64]),
      .report_end_cycle_o(report_end_cycle[32*p +: 32]),
      .report_valid_o(report_valid[p]), .report_ready_i(report_ready[p]),
      .frames_o(frames[64*p +: 64]), .bad_frames_o(bad_frames[64*p +: 64]),
      .packets_dropped_o(packets_dropped[64*p +: 64]),
      .causes_o(causes[64*Causes*p +: 64*Causes])
    );
  end

  logic [511:0] record, wanted;
  logic record_valid, wanted_valid;
  ridley_sequencer sequencer (
    .clk_i,
    .rst_i(stopped),
    .cycle_i(cycle_q),
    .follow_sessions_i(follow_sessions), .first_sequence_i(first_sequence),
    .report_valid_i(report_valid), .report_ready_o(report_ready),
    .report_session_i(report_session), .report_sequence_i(report_sequence),
    .report_count_i(report_count), .report_header_valid_i(report_header_valid),
    .report_blocks_good_i(report_blocks_good), .report_stamp_i(report_stamp),
    .report_end_cycle_i(report_end_cycle), .report_entries_i(report_entries),
    .entry_valid_i(entry_valid), .entry_ready_o(entry_ready),
    .entry_event_i(entry_event), .entry_count_i(entry_count), .entry_codes_i(entry_codes),
    .entry_index_i(entry_index),
    .skip_o(skip), .skip_count_o(skip_count),
    .record_o(record), .record_valid_o(record_valid),
    .packets_o(packets), .messages_o(messages), .duplicates_o(duplicates),
    .duplicate_messages_o(duplicate_messages), .overlaps_o(overlaps), .gaps_o(gaps),
    .missing_messages_o(missing_messages), .heartbeats_o(heartbeats),
    .ends_of_session_o(ends_of_session), .session_changes_o(session_changes),
    .malformed_o(malformed), .events_o(events), .unknown_types_o(unknown_types),
    .truncated_o(truncated)
  );

  logic unused;
  assign unused = ^{select[30:16], skip_count[15:EntryDepthLog2+1]};
  ridley_instrument_filter filter (
    .clk_i, .rst_i,
    .running_i(running), .every_instrument_i(every_instrument),
    .select_locate_i(select[15:0]), .select_wanted_i(select[31]), .select_valid_i(select_valid),
    .ready_o(filter_ready),
    .record_i(record), .record_valid_i(record_valid),
    .record_o(wanted), .record_valid_o(wanted_valid),
    .events_filtered_o(events_filtered)
  );

  ridley_ring_writer ring (
    .clk_i, .rst_i,
    .running_i(running),
    .ring_address_i(ring_address), .ring_records_i(ring_records),
    .ring_consumed_i(ring_consumed), .ring_produced_o(ring_produced),
    .record_i(wanted), .record_valid_i(wanted_valid),
    .records_written_o(records_written), .records_dropped_o(records_dropped),
    .write_errors_o(write_errors),
    .m_axi_awaddr_o, .m_axi_awlen_o, .m_axi_awsize_o, .m_axi_awburst_o, .m_axi_awvalid_o,
    .m_axi_awready_i, .m_axi_wdata_o, .m_axi_wstrb_o, .m_axi_wlast_o, .m_axi_wvalid_o,
    .m_axi_wready_i, .m_axi_bresp_i, .m_axi_bvalid_i, .m_axi_bready_o
  );

endmodule
