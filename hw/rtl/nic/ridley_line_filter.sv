// SPDX-License-Identifier: Apache-2.0
// In: payload and verdicts of ridley_frame_strip, and the line's address and port. Out: the same,
// but a good datagram to another address or port is OtherAddress. Port 0 takes nothing. A change of
// the line counts for verdicts from the same cycle on.
// Latency: 1 cycle, of the payload as well. Throughput: a beat and a verdict in every cycle.
module ridley_line_filter #(
  parameter int unsigned StreamBits = 64
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [31:0] line_address_i,
  input  logic [15:0] line_port_i,
  input  logic [StreamBits-1:0] payload_i,
  input  logic [3:0] payload_bytes_i,
  input  logic payload_valid_i,
  input  logic [7:0] verdict_i,
  input  logic verdict_valid_i,
  input  logic frame_bad_i,
  input  logic [31:0] address_i,
  input  logic [15:0] port_i,
  input  logic [63:0] stamp_i,
  output logic [StreamBits-1:0] payload_o,
  output logic [3:0] payload_bytes_o,
  output logic payload_valid_o,
  output logic [7:0] verdict_o,
  output logic verdict_valid_o,
  output logic frame_bad_o,
  output logic [63:0] stamp_o
);

  logic [StreamBits-1:0] payload_q;
  logic [3:0] payload_bytes_q;
  logic payload_valid_q, verdict_valid_q, frame_bad_q, of_the_line;
  logic [7:0] verdict_q, verdict_d;
  logic [63:0] stamp_q;

  assign of_the_line = line_port_i != '0 && port_i == line_port_i && address_i == line_address_i;
  assign verdict_d = verdict_i == ridley_event_pkg::FrameCauseUdp && !of_the_line
                         ? ridley_event_pkg::FrameCauseOtherAddress : verdict_i;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      payload_valid_q <= 1'b0;
      verdict_valid_q <= 1'b0;
    end else begin
      payload_valid_q <= payload_valid_i;
      verdict_valid_q <= verdict_valid_i;
    end
  end

  // No reset: the valid bits guard them. What belongs to a verdict stays until the next.
  always_ff @(posedge clk_i) begin
    payload_q <= payload_i;
    payload_bytes_q <= payload_bytes_i;
    if (verdict_valid_i) begin
      verdict_q <= verdict_d;
      frame_bad_q <= frame_bad_i;
      stamp_q <= stamp_i;
    end
  end

  assign payload_o = payload_q;
  assign payload_bytes_o = payload_bytes_q;
  assign payload_valid_o = payload_valid_q;
  assign verdict_o = verdict_q;
  assign verdict_valid_o = verdict_valid_q;
  assign frame_bad_o = frame_bad_q;
  assign stamp_o = stamp_q;

`ifdef FORMAL
  logic started_q;
  initial started_q = 1'b0;
  always_ff @(posedge clk_i) started_q <= 1'b1;
  always_comb if (!started_q) assume (rst_i);

  // Only a good datagram is looked at, and everything stays in the order in which it came.
  always_ff @(posedge clk_i) begin
    if (started_q && !rst_i) begin
      OneCycleOfPayload: assert (payload_valid_o == $past(payload_valid_i && !rst_i));
      OneCycleOfVerdict: assert (verdict_valid_o == $past(verdict_valid_i && !rst_i));
      if (payload_valid_o)
        PayloadIsKept: assert (payload_o == $past(payload_i) &&
                               payload_bytes_o == $past(payload_bytes_i));
      if (verdict_valid_o) begin
        RestIsKept: assert (frame_bad_o == $past(frame_bad_i) && stamp_o == $past(stamp_i));
        if ($past(verdict_i) != ridley_event_pkg::FrameCauseUdp)
          OtherCausesAreKept: assert (verdict_o == $past(verdict_i));
        else if ($past(line_port_i) == '0)
          PortZeroTakesNothing: assert (verdict_o == ridley_event_pkg::FrameCauseOtherAddress);
        else
          OnlyTheLine: assert ((verdict_o == ridley_event_pkg::FrameCauseUdp) ==
                               ($past(address_i) == $past(line_address_i) &&
                                $past(port_i) == $past(line_port_i)));
      end
    end
  end
`endif

endmodule
