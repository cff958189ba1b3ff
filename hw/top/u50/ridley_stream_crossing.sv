// SPDX-License-Identifier: Apache-2.0
// Not run: needs Vivado 2022.1 or later. Linted with a stand-in for the vendor's FIFO.
// In: beats of one port in its MAC's receive clock, recovered from the wire. Out: the same beats in
// the card's clock, with pauses. The crossing is the vendor's xpm_fifo_async (UG974), which
// brings its own timing exceptions. The card's clock has to be the faster one, then it never fills;
// should it all the same, beats are lost and the next beat that ends a frame says that it is bad.
// Latency: 2 cycles of the MAC's clock and 4 to 5 of the card's. Throughput: a beat in every cycle
// of the MAC's clock.
module ridley_stream_crossing #(
  parameter int unsigned StreamBits = 64
) (
  input  logic mac_clk_i,
  input  logic mac_rst_i,
  input  logic [StreamBits-1:0] mac_data_i,
  input  logic [StreamBits/8-1:0] mac_keep_i,
  input  logic mac_valid_i,
  input  logic mac_last_i,
  input  logic mac_bad_i,
  input  logic clk_i,
  output logic [StreamBits-1:0] data_o,
  output logic [StreamBits/8-1:0] keep_o,
  output logic valid_o,
  output logic last_o,
  output logic bad_o
);

  localparam int unsigned WordBits = StreamBits + StreamBits / 8 + 2;
  localparam int unsigned Depth = 16;  // the least that the vendor's FIFO has

  logic [WordBits-1:0] word_in, word_out;
  logic full, busy, taken, lost_q, empty;

  assign taken = mac_valid_i && !full && !busy;
  assign word_in = {mac_bad_i || lost_q, mac_last_i, mac_keep_i, mac_data_i};
  always_ff @(posedge mac_clk_i) begin
    if (mac_rst_i) lost_q <= 1'b0;
    else if (mac_valid_i && !taken) lost_q <= 1'b1;
    else if (taken && mac_last_i) lost_q <= 1'b0;
  end

  xpm_fifo_async #(
    .FIFO_MEMORY_TYPE("distributed"), .FIFO_WRITE_DEPTH(Depth), .READ_MODE("fwft"),
    .FIFO_READ_LATENCY(0), .CDC_SYNC_STAGES(2), .RELATED_CLOCKS(0), .USE_ADV_FEATURES("0000"),
    .WRITE_DATA_WIDTH(WordBits), .READ_DATA_WIDTH(WordBits)
  ) fifo (
    .rst(mac_rst_i), .sleep(1'b0), .injectsbiterr(1'b0), .injectdbiterr(1'b0),
    .wr_clk(mac_clk_i), .wr_en(taken), .din(word_in), .full(full), .wr_rst_busy(busy),
    .rd_clk(clk_i), .rd_en(!empty), .dout(word_out), .empty(empty)
  );

  assign {bad_o, last_o, keep_o, data_o} = word_out;
  assign valid_o = !empty;

endmodule
