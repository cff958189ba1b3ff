// SPDX-License-Identifier: Apache-2.0
// In: bytes of a header or a datagram as they stand in memory, a whole number of 16-bit words at a
// time. Out: whether their Internet checksum (RFC 1071) is right, as nic::ChecksumSum says it of a
// sum that is not zero. begin_i forgets everything before and takes nothing of its own cycle.
// more_i is counted in right_o at once and never kept.
// Latency: 1 cycle. Throughput: Width bits in every cycle.
module ridley_checksum #(
  parameter int unsigned Width = 64,
  parameter int unsigned First = 0  // a word that is always added
) (
  input  logic clk_i,
  input  logic begin_i,
  input  logic add_i,
  input  logic [Width-1:0] words_i,
  input  logic [15:0] more_i,
  output logic right_o
);

  // Everything as one number; its carry is added with the next words. A sum of 32-bit or 64-bit
  // words is, folded, the sum of their 16-bit words, and the sum of swapped words the swapped sum.
  logic [Width-1:0] sum_q;
  logic carry_q;
  always_ff @(posedge clk_i) begin
    if (begin_i) {carry_q, sum_q} <= {1'b0, Width'(First)};
    else if (add_i)
      {carry_q, sum_q} <= {1'b0, sum_q} + {1'b0, words_i} + {{Width{1'b0}}, carry_q};
  end

  // Right is a multiple of 65,535: what does not fit into 16 bits makes them all ones.
  logic [18:0] fold;
  always_comb begin
    fold = {3'b0, more_i} + {18'b0, carry_q};
    for (int unsigned i = 0; i < Width / 16; i++) fold = fold + {3'b0, sum_q[16*i +: 16]};
  end
  assign right_o = &fold[15:3] && fold[2:0] == ~fold[18:16];

endmodule
