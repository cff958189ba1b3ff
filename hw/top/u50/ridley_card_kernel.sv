// SPDX-License-Identifier: Apache-2.0
// Not run: needs Vivado and Vitis 2022.1 or later, and a card. Linted with both tools.
// The card as a user-managed RTL kernel of Vitis (UG1393, "Creating User-Managed RTL Kernels") for
// an Alveo U50. In: the host's registers at s_axi_control, both lines at lanes 0 and 1 of the cage.
// Out: records at m00_axi, which link.cfg joins to the host's memory. The names of the ports are
// those that Vitis expects: ap_clk, ap_rst_n, s_axi_control.
//
// | clock | what runs in it | crosses by |
// | ap_clk, ClockHz of ridley_build_pkg | the card, both AXI ports, the time | - |
// | rx_clk of lane 0 and of lane 1, 156.25 MHz | what the MACs give | ridley_stream_crossing |
// | free_clk, the platform's free-running 100 MHz | the transceivers' start | - |
//
// Latency: that of the MAC, of ridley_stream_crossing, and of ridley_card. Throughput: line rate at
// both ports as long as ap_clk is faster than 156.25 MHz and 100 ppm.
module ridley_card_kernel (
  input  logic ap_clk,
  input  logic ap_rst_n,
  input  logic [11:0] s_axi_control_awaddr,
  input  logic s_axi_control_awvalid,
  output logic s_axi_control_awready,
  input  logic [31:0] s_axi_control_wdata,
  input  logic [3:0] s_axi_control_wstrb,
  input  logic s_axi_control_wvalid,
  output logic s_axi_control_wready,
  output logic [1:0] s_axi_control_bresp,
  output logic s_axi_control_bvalid,
  input  logic s_axi_control_bready,
  input  logic [11:0] s_axi_control_araddr,
  input  logic s_axi_control_arvalid,
  output logic s_axi_control_arready,
  output logic [31:0] s_axi_control_rdata,
  output logic [1:0] s_axi_control_rresp,
  output logic s_axi_control_rvalid,
  input  logic s_axi_control_rready,
  output logic [63:0] m00_axi_awaddr,
  output logic [7:0] m00_axi_awlen,
  output logic [2:0] m00_axi_awsize,
  output logic [1:0] m00_axi_awburst,
  output logic m00_axi_awvalid,
  input  logic m00_axi_awready,
  output logic [511:0] m00_axi_wdata,
  output logic [63:0] m00_axi_wstrb,
  output logic m00_axi_wlast,
  output logic m00_axi_wvalid,
  input  logic m00_axi_wready,
  input  logic [1:0] m00_axi_bresp,
  input  logic m00_axi_bvalid,
  output logic m00_axi_bready,
  input  logic free_clk,
  input  logic gt_refclk_p,
  input  logic gt_refclk_n,
  input  logic [3:0] gt_rxp,
  input  logic [3:0] gt_rxn,
  output logic [3:0] gt_txp,
  output logic [3:0] gt_txn
);

  localparam int unsigned StreamBits = ridley_build_pkg::StreamBits;
  localparam int unsigned KeepBits = StreamBits / 8;

  // UG1393: ap_rst_n is synchronous to ap_clk. The transceivers wait for nothing of the kernel's:
  // their reset is taken over into free_clk, and released there.
  logic rst_q;
  (* ASYNC_REG = "TRUE" *) logic [1:0] free_rst_q;
  always_ff @(posedge ap_clk) rst_q <= !ap_rst_n;
  always_ff @(posedge free_clk) free_rst_q <= {free_rst_q[0], rst_q};

  logic [63:0] time_ns;
  ridley_time #(.ClockHz(ridley_build_pkg::ClockHz)) clock (
    .clk_i(ap_clk), .rst_i(rst_q), .time_o(time_ns)
  );

  logic [1:0] mac_clk, mac_rst, mac_valid, mac_last, mac_bad;
  logic [2*StreamBits-1:0] mac_data;
  logic [2*KeepBits-1:0] mac_keep;
  ridley_mac mac (
    .free_clk_i(free_clk), .free_rst_i(free_rst_q[1]),
    .gt_refclk_p_i(gt_refclk_p), .gt_refclk_n_i(gt_refclk_n),
    .gt_rxp_i(gt_rxp), .gt_rxn_i(gt_rxn), .gt_txp_o(gt_txp), .gt_txn_o(gt_txn),
    .rx_clk_o(mac_clk), .rx_rst_o(mac_rst), .rx_data_o(mac_data), .rx_keep_o(mac_keep),
    .rx_valid_o(mac_valid), .rx_last_o(mac_last), .rx_bad_o(mac_bad)
  );

  logic [1:0] rx_valid, rx_last, rx_bad;
  logic [2*StreamBits-1:0] rx_data;
  logic [2*KeepBits-1:0] rx_keep;
  for (genvar p = 0; p < 2; p++) begin : gen_port
    ridley_stream_crossing #(.StreamBits(StreamBits)) crossing (
      .mac_clk_i(mac_clk[p]), .mac_rst_i(mac_rst[p]),
      .mac_data_i(mac_data[StreamBits*p +: StreamBits]),
      .mac_keep_i(mac_keep[KeepBits*p +: KeepBits]),
      .mac_valid_i(mac_valid[p]), .mac_last_i(mac_last[p]), .mac_bad_i(mac_bad[p]),
      .clk_i(ap_clk),
      .data_o(rx_data[StreamBits*p +: StreamBits]), .keep_o(rx_keep[KeepBits*p +: KeepBits]),
      .valid_o(rx_valid[p]), .last_o(rx_last[p]), .bad_o(rx_bad[p])
    );
  end

  ridley_card #(
    .StreamBits(StreamBits), .ClockHz(ridley_build_pkg::ClockHz)
  ) card (
    .clk_i(ap_clk), .rst_i(rst_q), .time_i(time_ns), .rtl_commit_i(ridley_build_pkg::RtlCommit),
    .rx0_data_i(rx_data[0 +: StreamBits]), .rx0_keep_i(rx_keep[0 +: KeepBits]),
    .rx0_valid_i(rx_valid[0]), .rx0_last_i(rx_last[0]), .rx0_bad_i(rx_bad[0]),
    .rx1_data_i(rx_data[StreamBits +: StreamBits]), .rx1_keep_i(rx_keep[KeepBits +: KeepBits]),
    .rx1_valid_i(rx_valid[1]), .rx1_last_i(rx_last[1]), .rx1_bad_i(rx_bad[1]),
    .s_axil_awaddr_i(s_axi_control_awaddr), .s_axil_awvalid_i(s_axi_control_awvalid),
    .s_axil_awready_o(s_axi_control_awready), .s_axil_wdata_i(s_axi_control_wdata),
    .s_axil_wstrb_i(s_axi_control_wstrb), .s_axil_wvalid_i(s_axi_control_wvalid),
    .s_axil_wready_o(s_axi_control_wready), .s_axil_bresp_o(s_axi_control_bresp),
    .s_axil_bvalid_o(s_axi_control_bvalid), .s_axil_bready_i(s_axi_control_bready),
    .s_axil_araddr_i(s_axi_control_araddr), .s_axil_arvalid_i(s_axi_control_arvalid),
    .s_axil_arready_o(s_axi_control_arready), .s_axil_rdata_o(s_axi_control_rdata),
    .s_axil_rresp_o(s_axi_control_rresp), .s_axil_rvalid_o(s_axi_control_rvalid),
    .s_axil_rready_i(s_axi_control_rready),
    .m_axi_awaddr_o(m00_axi_awaddr), .m_axi_awlen_o(m00_axi_awlen),
    .m_axi_awsize_o(m00_axi_awsize), .m_axi_awburst_o(m00_axi_awburst),
    .m_axi_awvalid_o(m00_axi_awvalid), .m_axi_awready_i(m00_axi_awready),
    .m_axi_wdata_o(m00_axi_wdata), .m_axi_wstrb_o(m00_axi_wstrb), .m_axi_wlast_o(m00_axi_wlast),
    .m_axi_wvalid_o(m00_axi_wvalid), .m_axi_wready_i(m00_axi_wready),
    .m_axi_bresp_i(m00_axi_bresp), .m_axi_bvalid_i(m00_axi_bvalid),
    .m_axi_bready_o(m00_axi_bready)
  );

endmodule
