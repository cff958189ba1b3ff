// SPDX-License-Identifier: Apache-2.0
// In: words, as long as there is room. Out: the same words in the same order.
// Latency: 1 cycle through an empty one. Throughput: a word in every cycle, in and out at once; a
// full one takes the next word a cycle after it gave one. Depth is a power of two.
module ridley_fifo #(
  parameter int unsigned Width = 64,
  parameter int unsigned DepthLog2 = 4
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [Width-1:0] in_data_i,
  input  logic in_valid_i,
  output logic in_ready_o,
  output logic [Width-1:0] out_data_o,
  output logic out_valid_o,
  input  logic out_ready_i
);

  // One bit more than an address: equal means empty, a whole turn apart means full.
  logic [DepthLog2:0] head_q, tail_q;
  logic [Width-1:0] memory_q [0:(1<<DepthLog2)-1];
  logic full, taken, given;

  assign full = head_q == {~tail_q[DepthLog2], tail_q[DepthLog2-1:0]};
  assign in_ready_o = !full;
  assign out_valid_o = head_q != tail_q;
  assign out_data_o = memory_q[head_q[DepthLog2-1:0]];
  assign taken = in_valid_i && in_ready_o;
  assign given = out_valid_o && out_ready_i;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      head_q <= '0;
      tail_q <= '0;
    end else begin
      if (given) head_q <= head_q + 1'b1;
      if (taken) tail_q <= tail_q + 1'b1;
    end
  end

  // No reset: between head and tail are only words that were written.
  always_ff @(posedge clk_i) if (taken) memory_q[tail_q[DepthLog2-1:0]] <= in_data_i;

`ifdef FORMAL
  // Whichever word is looked at, the n-th to come in is the n-th to go out, and it is the same.
  localparam int unsigned CountBits = DepthLog2 + 3;
  (* anyconst *) logic [CountBits-1:0] chosen;
  logic [CountBits-1:0] in_count_q, out_count_q;
  logic [CountBits-1:0] inside, ahead_of_chosen;  // as wide as the counts that wrap
  logic [Width-1:0] chosen_data_q;
  logic chosen_seen_q, started_q;

  assign inside = in_count_q - out_count_q;
  assign ahead_of_chosen = chosen - out_count_q;

  initial started_q = 1'b0;
  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (rst_i) begin
      in_count_q <= '0;
      out_count_q <= '0;
      chosen_seen_q <= 1'b0;
    end else begin
      if (taken) in_count_q <= in_count_q + 1'b1;
      if (given) out_count_q <= out_count_q + 1'b1;
      if (taken && in_count_q == chosen) begin
        chosen_data_q <= in_data_i;
        chosen_seen_q <= 1'b1;
      end else if (given && out_count_q == chosen) begin
        chosen_seen_q <= 1'b0;
      end
    end
  end

  always_comb if (!started_q) assume (rst_i);

  always_ff @(posedge clk_i) begin
    if (started_q && !rst_i) begin
      NeverMoreThanDepth: assert (inside <= (1 << DepthLog2));
      PointersAreTheCounts: assert (tail_q == in_count_q[DepthLog2:0] &&
                                    head_q == out_count_q[DepthLog2:0]);
      ReadyUnlessFull: assert (in_ready_o == (inside != (1 << DepthLog2)));
      ValidUnlessEmpty: assert (out_valid_o == (inside != '0));
      ChosenIsInside: assert (chosen_seen_q == (ahead_of_chosen < inside));
      if (chosen_seen_q)
        ChosenIsKept: assert (memory_q[chosen[DepthLog2-1:0]] == chosen_data_q);
      if (given && out_count_q == chosen)
        ChosenComesOut: assert (chosen_seen_q && out_data_o == chosen_data_q);
    end
  end
`endif

endmodule
