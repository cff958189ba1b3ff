// SPDX-License-Identifier: Apache-2.0
// In: a clock of ClockHz. Out: nanoseconds since the reset, rounded down. The count runs freely: it
// has no epoch, and nobody sets it. A host that wants UTC reads the register time_ns between two
// readings of its own clock, again and again, and takes offset and drift from that.
// Latency: 1 cycle. Throughput: a time in every cycle. What a cycle takes is known to 2^-32 ns, so
// at 322 MHz the rounding adds less than 40 ps in a second; the oscillator's error is far greater.
module ridley_time #(
  parameter logic [31:0] ClockHz = 32'd156_250_000
) (
  input  logic clk_i,
  input  logic rst_i,
  output logic [63:0] time_o
);

  // Of nanoseconds, in 2^32 parts, to the nearest: less than 2^63 for every clock.
  localparam logic [63:0] SecondParts = 64'd1_000_000_000 << 32;
  localparam logic [63:0] CycleParts =
    (SecondParts + {33'd0, ClockHz[31:1]}) / {32'd0, ClockHz};

  logic [95:0] parts_q;
  assign time_o = parts_q[95:32];
  always_ff @(posedge clk_i) begin
    if (rst_i) parts_q <= '0;
    else parts_q <= parts_q + {32'd0, CycleParts};
  end

endmodule
