// SPDX-License-Identifier: Apache-2.0
// Not run: needs Vivado 2022.1 or later. Linted with a stand-in for the vendor's MAC.
// In: four lanes of a QSFP28 cage and its reference clock of 161.1328125 MHz. Out: what two of them
// receive at 10GBASE-R, each in the clock recovered from its lane, 64 bits at 156.25 MHz, frames
// without FCS; bad with last for a frame that is broken. The MAC is the vendor's 10G/25G High Speed
// Ethernet Subsystem (PG210), made by package.tcl as ridley_xxv. It has four cores because the
// platform gives the cage as one port of four lanes; lanes 2 and 3 are off. Nothing is sent but
// idles, which keep the link up. rx_core_clk is rx_clk_out, which PG210 allows with and without the
// subsystem's own FIFO.
// Latency: that of the subsystem, see PG210. Throughput: line rate.
module ridley_mac (
  input  logic free_clk_i,
  input  logic free_rst_i,
  input  logic gt_refclk_p_i,
  input  logic gt_refclk_n_i,
  input  logic [3:0] gt_rxp_i,
  input  logic [3:0] gt_rxn_i,
  output logic [3:0] gt_txp_o,
  output logic [3:0] gt_txn_o,
  output logic [1:0] rx_clk_o,
  output logic [1:0] rx_rst_o,
  output logic [127:0] rx_data_o,
  output logic [15:0] rx_keep_o,
  output logic [1:0] rx_valid_o,
  output logic [1:0] rx_last_o,
  output logic [1:0] rx_bad_o
);

  localparam logic [14:0] FrameBytesMax = 15'd9600;
  localparam logic [7:0] FrameBytesMin = 8'd64;  // with the FCS
  localparam logic [2:0] ClockOfTheProgrammableDivider = 3'b101;  // TXOUTCLKSEL, UG578

  logic [1:0] unused_rx_clk;  // of the lanes that are off

  ridley_xxv mac (
    .sys_reset(free_rst_i), .dclk(free_clk_i),
    .gt_refclk_p(gt_refclk_p_i), .gt_refclk_n(gt_refclk_n_i),

    .gt_rxp_in_0(gt_rxp_i[0]), .gt_rxn_in_0(gt_rxn_i[0]),
    .gt_txp_out_0(gt_txp_o[0]), .gt_txn_out_0(gt_txn_o[0]),
    .gt_loopback_in_0(3'b000), .gtwiz_reset_tx_datapath_0(1'b0),
    .gtwiz_reset_rx_datapath_0(1'b0), .txoutclksel_in_0(ClockOfTheProgrammableDivider),
    .rxoutclksel_in_0(ClockOfTheProgrammableDivider),
    .rx_clk_out_0(rx_clk_o[0]), .rx_core_clk_0(rx_clk_o[0]), .rx_reset_0(1'b0), .tx_reset_0(1'b0),
    .user_rx_reset_0(rx_rst_o[0]), .rx_axis_tvalid_0(rx_valid_o[0]),
    .rx_axis_tdata_0(rx_data_o[0 +: 64]), .rx_axis_tkeep_0(rx_keep_o[0 +: 8]),
    .rx_axis_tlast_0(rx_last_o[0]), .rx_axis_tuser_0(rx_bad_o[0]),
    .ctl_rx_enable_0(1'b1), .ctl_rx_delete_fcs_0(1'b1), .ctl_rx_ignore_fcs_0(1'b0),
    .ctl_rx_max_packet_len_0(FrameBytesMax), .ctl_rx_min_packet_len_0(FrameBytesMin),
    .ctl_rx_check_preamble_0(1'b1), .ctl_rx_check_sfd_0(1'b1), .ctl_rx_process_lfi_0(1'b0),
    .ctl_rx_force_resync_0(1'b0), .ctl_rx_test_pattern_0(1'b0),
    .ctl_rx_test_pattern_enable_0(1'b0), .ctl_rx_data_pattern_select_0(1'b0),
    .ctl_rx_custom_preamble_enable_0(1'b0),
    .ctl_tx_enable_0(1'b1), .ctl_tx_fcs_ins_enable_0(1'b1), .ctl_tx_ignore_fcs_0(1'b0),
    .ctl_tx_send_lfi_0(1'b0), .ctl_tx_send_rfi_0(1'b0), .ctl_tx_send_idle_0(1'b0),
    .ctl_tx_test_pattern_0(1'b0), .ctl_tx_test_pattern_enable_0(1'b0),
    .ctl_tx_test_pattern_select_0(1'b0), .ctl_tx_data_pattern_select_0(1'b0),
    .ctl_tx_test_pattern_seed_a_0(58'd0), .ctl_tx_test_pattern_seed_b_0(58'd0),
    .ctl_tx_custom_preamble_enable_0(1'b0), .tx_preamblein_0(56'd0),
    .tx_axis_tvalid_0(1'b0), .tx_axis_tdata_0(64'd0), .tx_axis_tkeep_0(8'd0),
    .tx_axis_tlast_0(1'b0), .tx_axis_tuser_0(1'b0),

    .gt_rxp_in_1(gt_rxp_i[1]), .gt_rxn_in_1(gt_rxn_i[1]),
    .gt_txp_out_1(gt_txp_o[1]), .gt_txn_out_1(gt_txn_o[1]),
    .gt_loopback_in_1(3'b000), .gtwiz_reset_tx_datapath_1(1'b0),
    .gtwiz_reset_rx_datapath_1(1'b0), .txoutclksel_in_1(ClockOfTheProgrammableDivider),
    .rxoutclksel_in_1(ClockOfTheProgrammableDivider),
    .rx_clk_out_1(rx_clk_o[1]), .rx_core_clk_1(rx_clk_o[1]), .rx_reset_1(1'b0), .tx_reset_1(1'b0),
    .user_rx_reset_1(rx_rst_o[1]), .rx_axis_tvalid_1(rx_valid_o[1]),
    .rx_axis_tdata_1(rx_data_o[64 +: 64]), .rx_axis_tkeep_1(rx_keep_o[8 +: 8]),
    .rx_axis_tlast_1(rx_last_o[1]), .rx_axis_tuser_1(rx_bad_o[1]),
    .ctl_rx_enable_1(1'b1), .ctl_rx_delete_fcs_1(1'b1), .ctl_rx_ignore_fcs_1(1'b0),
    .ctl_rx_max_packet_len_1(FrameBytesMax), .ctl_rx_min_packet_len_1(FrameBytesMin),
    .ctl_rx_check_preamble_1(1'b1), .ctl_rx_check_sfd_1(1'b1), .ctl_rx_process_lfi_1(1'b0),
    .ctl_rx_force_resync_1(1'b0), .ctl_rx_test_pattern_1(1'b0),
    .ctl_rx_test_pattern_enable_1(1'b0), .ctl_rx_data_pattern_select_1(1'b0),
    .ctl_rx_custom_preamble_enable_1(1'b0),
    .ctl_tx_enable_1(1'b1), .ctl_tx_fcs_ins_enable_1(1'b1), .ctl_tx_ignore_fcs_1(1'b0),
    .ctl_tx_send_lfi_1(1'b0), .ctl_tx_send_rfi_1(1'b0), .ctl_tx_send_idle_1(1'b0),
    .ctl_tx_test_pattern_1(1'b0), .ctl_tx_test_pattern_enable_1(1'b0),
    .ctl_tx_test_pattern_select_1(1'b0), .ctl_tx_data_pattern_select_1(1'b0),
    .ctl_tx_test_pattern_seed_a_1(58'd0), .ctl_tx_test_pattern_seed_b_1(58'd0),
    .ctl_tx_custom_preamble_enable_1(1'b0), .tx_preamblein_1(56'd0),
    .tx_axis_tvalid_1(1'b0), .tx_axis_tdata_1(64'd0), .tx_axis_tkeep_1(8'd0),
    .tx_axis_tlast_1(1'b0), .tx_axis_tuser_1(1'b0),

    .gt_rxp_in_2(gt_rxp_i[2]), .gt_rxn_in_2(gt_rxn_i[2]),
    .gt_txp_out_2(gt_txp_o[2]), .gt_txn_out_2(gt_txn_o[2]),
    .gt_loopback_in_2(3'b000), .gtwiz_reset_tx_datapath_2(1'b0),
    .gtwiz_reset_rx_datapath_2(1'b0), .txoutclksel_in_2(ClockOfTheProgrammableDivider),
    .rxoutclksel_in_2(ClockOfTheProgrammableDivider),
    .rx_clk_out_2(unused_rx_clk[0]), .rx_core_clk_2(unused_rx_clk[0]), .rx_reset_2(1'b0),
    .tx_reset_2(1'b0),
    .ctl_rx_enable_2(1'b0), .ctl_rx_delete_fcs_2(1'b1), .ctl_rx_ignore_fcs_2(1'b0),
    .ctl_rx_max_packet_len_2(FrameBytesMax), .ctl_rx_min_packet_len_2(FrameBytesMin),
    .ctl_rx_check_preamble_2(1'b1), .ctl_rx_check_sfd_2(1'b1), .ctl_rx_process_lfi_2(1'b0),
    .ctl_rx_force_resync_2(1'b0), .ctl_rx_test_pattern_2(1'b0),
    .ctl_rx_test_pattern_enable_2(1'b0), .ctl_rx_data_pattern_select_2(1'b0),
    .ctl_rx_custom_preamble_enable_2(1'b0),
    .ctl_tx_enable_2(1'b0), .ctl_tx_fcs_ins_enable_2(1'b1), .ctl_tx_ignore_fcs_2(1'b0),
    .ctl_tx_send_lfi_2(1'b0), .ctl_tx_send_rfi_2(1'b0), .ctl_tx_send_idle_2(1'b0),
    .ctl_tx_test_pattern_2(1'b0), .ctl_tx_test_pattern_enable_2(1'b0),
    .ctl_tx_test_pattern_select_2(1'b0), .ctl_tx_data_pattern_select_2(1'b0),
    .ctl_tx_test_pattern_seed_a_2(58'd0), .ctl_tx_test_pattern_seed_b_2(58'd0),
    .ctl_tx_custom_preamble_enable_2(1'b0), .tx_preamblein_2(56'd0),
    .tx_axis_tvalid_2(1'b0), .tx_axis_tdata_2(64'd0), .tx_axis_tkeep_2(8'd0),
    .tx_axis_tlast_2(1'b0), .tx_axis_tuser_2(1'b0),

    .gt_rxp_in_3(gt_rxp_i[3]), .gt_rxn_in_3(gt_rxn_i[3]),
    .gt_txp_out_3(gt_txp_o[3]), .gt_txn_out_3(gt_txn_o[3]),
    .gt_loopback_in_3(3'b000), .gtwiz_reset_tx_datapath_3(1'b0),
    .gtwiz_reset_rx_datapath_3(1'b0), .txoutclksel_in_3(ClockOfTheProgrammableDivider),
    .rxoutclksel_in_3(ClockOfTheProgrammableDivider),
    .rx_clk_out_3(unused_rx_clk[1]), .rx_core_clk_3(unused_rx_clk[1]), .rx_reset_3(1'b0),
    .tx_reset_3(1'b0),
    .ctl_rx_enable_3(1'b0), .ctl_rx_delete_fcs_3(1'b1), .ctl_rx_ignore_fcs_3(1'b0),
    .ctl_rx_max_packet_len_3(FrameBytesMax), .ctl_rx_min_packet_len_3(FrameBytesMin),
    .ctl_rx_check_preamble_3(1'b1), .ctl_rx_check_sfd_3(1'b1), .ctl_rx_process_lfi_3(1'b0),
    .ctl_rx_force_resync_3(1'b0), .ctl_rx_test_pattern_3(1'b0),
    .ctl_rx_test_pattern_enable_3(1'b0), .ctl_rx_data_pattern_select_3(1'b0),
    .ctl_rx_custom_preamble_enable_3(1'b0),
    .ctl_tx_enable_3(1'b0), .ctl_tx_fcs_ins_enable_3(1'b1), .ctl_tx_ignore_fcs_3(1'b0),
    .ctl_tx_send_lfi_3(1'b0), .ctl_tx_send_rfi_3(1'b0), .ctl_tx_send_idle_3(1'b0),
    .ctl_tx_test_pattern_3(1'b0), .ctl_tx_test_pattern_enable_3(1'b0),
    .ctl_tx_test_pattern_select_3(1'b0), .ctl_tx_data_pattern_select_3(1'b0),
    .ctl_tx_test_pattern_seed_a_3(58'd0), .ctl_tx_test_pattern_seed_b_3(58'd0),
    .ctl_tx_custom_preamble_enable_3(1'b0), .tx_preamblein_3(56'd0),
    .tx_axis_tvalid_3(1'b0), .tx_axis_tdata_3(64'd0), .tx_axis_tkeep_3(8'd0),
    .tx_axis_tlast_3(1'b0), .tx_axis_tuser_3(1'b0)
  );

endmodule
