// SPDX-License-Identifier: Apache-2.0
// For the lint alone: those ports of the vendor's XPM_FIFO_ASYNC (UG974) that the card uses. There
// is nothing in it.
/* verilator lint_off UNDRIVEN */
/* verilator lint_off UNUSED */
(* blackbox *)
module xpm_fifo_async #(
  parameter FIFO_MEMORY_TYPE = "auto",
  parameter READ_MODE = "std",
  parameter USE_ADV_FEATURES = "0707",
  parameter int unsigned FIFO_WRITE_DEPTH = 2048,
  parameter int unsigned FIFO_READ_LATENCY = 1,
  parameter int unsigned CDC_SYNC_STAGES = 2,
  parameter int unsigned RELATED_CLOCKS = 0,
  parameter int unsigned WRITE_DATA_WIDTH = 32,
  parameter int unsigned READ_DATA_WIDTH = 32
) (
  input  logic rst,
  input  logic sleep,
  input  logic injectsbiterr,
  input  logic injectdbiterr,
  input  logic wr_clk,
  input  logic wr_en,
  input  logic [WRITE_DATA_WIDTH-1:0] din,
  output logic full,
  output logic wr_rst_busy,
  input  logic rd_clk,
  input  logic rd_en,
  output logic [READ_DATA_WIDTH-1:0] dout,
  output logic empty
);
endmodule
