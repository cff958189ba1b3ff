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

`ifdef FORMAL
  // Frames as the MACs count them from the reset on, and what came through to the ports, which hear
  // nothing while they are stopped. A bit a port.
  logic [1:0] mac_first_q;   // the MAC's next beat is a frame's first one
  logic [1:0] all_passed_q;  // so far, of the MAC's frame that is under way
  logic [1:0] open_q;        // a frame is under way at the port,
  logic [1:0] of_host_q;     // the host's
  logic [1:0] heard, host_word, host_bytes, host_end, mac_word, mac_end;
  logic [3:0] bytes;
  logic obedient_q, inject_q, stopped_q, changes, started_q;

  assign heard = stopped_i ? 2'b00 : rx_valid_o;
  assign bytes = inject_beat_i[3:0] < KeepBits ? inject_beat_i[3:0] : KeepBits;
  // Nobody may have changed inject_i since the last stop; then no frame is of both.
  assign changes = inject_i != inject_q && !stopped_i && !stopped_q;

  initial started_q = 1'b0;
  always_comb if (!started_q) assume (rst_i);
  always_comb if (rst_i) assume (stopped_i);
  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    inject_q <= inject_i;
    stopped_q <= stopped_i;
    if (stopped_i) obedient_q <= 1'b1;
    else if (changes) obedient_q <= 1'b0;
  end

  for (genvar p = 0; p < 2; p = p + 1) begin : of_port
    assign host_word[p] = rx_data_o[StreamBits*p +: StreamBits] == inject_data_i[StreamBits-1:0];
    assign host_bytes[p] = {1'b0, rx_keep_o[KeepBits*p +: KeepBits]} ==
                           ({{KeepBits{1'b0}}, 1'b1} << bytes) - 1'b1;
    assign host_end[p] = rx_last_o[p] == inject_beat_i[4] && rx_bad_o[p] == inject_beat_i[5];
    assign mac_word[p] =
        rx_data_o[StreamBits*p +: StreamBits] == mac_data_i[StreamBits*p +: StreamBits] &&
        rx_keep_o[KeepBits*p +: KeepBits] == mac_keep_i[KeepBits*p +: KeepBits];
    assign mac_end[p] = rx_last_o[p] == mac_last_i[p] && rx_bad_o[p] == mac_bad_i[p];
    always_ff @(posedge clk_i) begin
      if (rst_i) mac_first_q[p] <= 1'b1;
      else if (mac_valid_i[p]) mac_first_q[p] <= mac_last_i[p];
      if (stopped_i || inject_i) all_passed_q[p] <= 1'b0;
      else if (mac_valid_i[p])
        all_passed_q[p] <= heard[p] && (mac_first_q[p] || all_passed_q[p]);
      if (stopped_i) open_q[p] <= 1'b0;
      else if (rx_valid_o[p]) open_q[p] <= !rx_last_o[p];
      if (heard[p] && !open_q[p]) of_host_q[p] <= inject_i;
    end
  end

  always_ff @(posedge clk_i) begin
    if (started_q && !rst_i) begin
      if (inject_i) begin
        // A beat that is written is one beat, at its port, in its cycle.
        EveryBeatOfTheHostAlone: assert (rx_valid_o == (!inject_beat_valid_i ? 2'b00
                                                        : inject_beat_i[8] ? 2'b10 : 2'b01));
        ItsWord: assert ((rx_valid_o & ~(host_word & host_bytes & host_end)) == 2'b00);
        ItsTime: assert (time_o == inject_time_i);
      end else begin
        NothingIsMadeUp: assert ((rx_valid_o & ~(mac_valid_i & mac_word & mac_end)) == 2'b00);
        TheCardsTime: assert (time_o == time_i);
        // From its first beat on, or none of it.
        if (!stopped_i) WholeFramesAlone: assert (rx_valid_o == (mac_valid_i & (mac_first_q |
                                                                                all_passed_q)));
      end
      if (obedient_q && !stopped_i && !changes)
        NeverOfBoth: assert ((open_q & (of_host_q ^ {2{inject_i}})) == 2'b00);
      // For induction.
      WithinIsNotFirst: assert (within_q == ~mac_first_q);
      WholeIsAllPassed: assert (whole_q == (all_passed_q & ~mac_first_q));
    end
  end
`endif

endmodule
