// SPDX-License-Identifier: Apache-2.0
// What is fixed when a bitstream is built. build.sh writes a copy with the values of its build.
package ridley_build_pkg;
  localparam int unsigned StreamBits = 64;
  localparam logic [31:0] ClockHz = 32'd200_000_000;
  localparam logic [63:0] RtlCommit = 64'h0;
endpackage
