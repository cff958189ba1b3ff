// SPDX-License-Identifier: Apache-2.0
// What comes to the ports. In: beats of both MACs, and beats that the host writes. Out: the MACs'
// whole frames, or with inject_i the host's beats alone, stamped with the host's time. A start may
// fall into the middle of a MAC's frame; that frame is nobody's. inject_i changes only while
// stopped_i; the host gives its frames from their first beat on.
// Latency: none. Throughput: a beat in every cycle at both ports.
module ridley_inject #(
  parameter int unsigned StreamBits = 64
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic stopped_i,
  input  logic [63:0] time_i,
  input  logic inject_i,
  input  logic [63:0] inject_time_i,
  input  logic [63:0] inject_data_i,
  // Bits 3 to 0 bytes, bit 4 last, bit 5 bad, bit 8 port.
  input  logic [31:0] inject_beat_i,
  input  logic inject_beat_valid_i,
  input  logic [2*StreamBits-1:0] mac_data_i,
  input  logic [2*StreamBits/8-1:0] mac_keep_i,
  input  logic [1:0] mac_valid_i,
  input  logic [1:0] mac_last_i,
  input  logic [1:0] mac_bad_i,
  output logic [2*StreamBits-1:0] rx_data_o,
  output logic [2*StreamBits/8-1:0] rx_keep_o,
  output logic [1:0] rx_valid_o,
  output logic [1:0] rx_last_o,
  output logic [1:0] rx_bad_o,
  output logic [63:0] time_o
);

  localparam int unsigned KeepBits = StreamBits / 8;

  logic [1:0] within_q, whole_q, mac_valid;
  assign mac_valid = mac_valid_i & (whole_q | ~within_q);
  always_ff @(posedge clk_i) begin
    if (rst_i) within_q <= 2'b00;
    else within_q <= (within_q & ~mac_valid_i) | (mac_valid_i & ~mac_last_i);
  end
  always_ff @(posedge clk_i) begin
    if (stopped_i || inject_i) whole_q <= 2'b00;
    else whole_q <= (whole_q & ~mac_valid_i) | (mac_valid & ~mac_last_i);
  end

  // The host's keep: as many ones as there are bytes, from the lowest on.
  logic [KeepBits-1:0] host_keep;
  logic [1:0] host_valid;
  for (genvar b = 0; b < KeepBits; b++) begin : gen_keep
    assign host_keep[b] = inject_beat_i[3:0] > 4'(b);
  end
  assign host_valid = {inject_beat_valid_i && inject_beat_i[8],
                       inject_beat_valid_i && !inject_beat_i[8]};

  assign rx_data_o = inject_i ? {2{inject_data_i[StreamBits-1:0]}} : mac_data_i;
  assign rx_keep_o = inject_i ? {2{host_keep}} : mac_keep_i;
  assign rx_valid_o = inject_i ? host_valid : mac_valid;
  assign rx_last_o = inject_i ? {2{inject_beat_i[4]}} : mac_last_i;
  assign rx_bad_o = inject_i ? {2{inject_beat_i[5]}} : mac_bad_i;
  assign time_o = inject_i ? inject_time_i : time_i;

  logic unused;
  assign unused = ^{inject_data_i, inject_beat_i};

endmodule
