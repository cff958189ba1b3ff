// SPDX-License-Identifier: Apache-2.0
// In: words of packets, of which nobody knows yet whether they are right, and then the verdict.
// Out: the words of the packets that were, in order; nothing of the others. The source is never
// held up: a packet for which there was no room is forgotten as a whole and reported.
// commit_i and discard_i stand for everything since the one before, the word of the same cycle
// included. skip_i forgets so many words that could leave, never more than there are, and in that
// cycle out_ready_i takes none. Latency: 1 cycle from the verdict. Throughput: a word in every
// cycle, in and out at once; any number of words skipped in one. Depth is a power of two.
module ridley_packet_fifo #(
  parameter int unsigned Width = 64,
  parameter int unsigned DepthLog2 = 9
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [Width-1:0] in_data_i,
  input  logic in_valid_i,
  input  logic commit_i,
  input  logic discard_i,
  output logic dropped_o,
  output logic [Width-1:0] out_data_o,
  output logic out_valid_o,
  input  logic out_ready_i,
  input  logic skip_i,
  input  logic [DepthLog2:0] skip_count_i
);

  // One bit more than an address. Between head and committed are words that may leave, between
  // committed and tail those that wait for their verdict.
  logic [DepthLog2:0] head_q, committed_q, tail_q, tail_next;
  logic [Width-1:0] memory_q [0:(1<<DepthLog2)-1];
  logic full, taken, given, lacking, lacking_q, dropped_q;

  assign full = head_q == {~tail_q[DepthLog2], tail_q[DepthLog2-1:0]};
  assign taken = in_valid_i && !full && !lacking_q;
  assign tail_next = tail_q + {{DepthLog2{1'b0}}, taken};
  assign lacking = lacking_q || (in_valid_i && full);
  assign out_valid_o = head_q != committed_q;
  assign out_data_o = memory_q[head_q[DepthLog2-1:0]];
  assign given = out_valid_o && out_ready_i && !skip_i;
  assign dropped_o = dropped_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      head_q <= '0;
      committed_q <= '0;
      tail_q <= '0;
      lacking_q <= 1'b0;
      dropped_q <= 1'b0;
    end else begin
      if (skip_i) head_q <= head_q + skip_count_i;
      else if (given) head_q <= head_q + 1'b1;
      dropped_q <= commit_i && !discard_i && lacking;
      if (discard_i || (commit_i && lacking)) begin
        tail_q <= committed_q;
        lacking_q <= 1'b0;
      end else if (commit_i) begin
        tail_q <= tail_next;
        committed_q <= tail_next;
      end else begin
        tail_q <= tail_next;
        lacking_q <= lacking;
      end
    end
  end

  // No reset: between head and tail are only words that were written.
  always_ff @(posedge clk_i) if (taken) memory_q[tail_q[DepthLog2-1:0]] <= in_data_i;

`ifdef FORMAL
  // Counted are the words of packets that were committed, from outside: whichever of them is looked
  // at, the n-th to be committed is the n-th to go out, and it is the same.
  localparam int unsigned CountBits = DepthLog2 + 3;
  (* anyconst *) logic [CountBits-1:0] chosen;
  logic [CountBits-1:0] committed_count_q, waiting_q, out_count_q, waiting, place;
  logic [CountBits-1:0] inside, leaving, ahead_of_chosen;  // as wide as the counts that wrap
  logic [Width-1:0] chosen_data_q;
  logic good, refused_q, started_q;

  assign waiting = waiting_q + {{(CountBits-1){1'b0}}, taken};
  assign place = committed_count_q + waiting_q;
  assign inside = place - out_count_q;
  assign leaving = committed_count_q - out_count_q;
  assign ahead_of_chosen = chosen - out_count_q;
  assign good = commit_i && !discard_i && !lacking;

  initial started_q = 1'b0;
  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (rst_i) begin
      committed_count_q <= '0;
      waiting_q <= '0;
      out_count_q <= '0;
      refused_q <= 1'b0;
    end else begin
      if (skip_i) out_count_q <= out_count_q + {{(CountBits-DepthLog2-1){1'b0}}, skip_count_i};
      else if (given) out_count_q <= out_count_q + 1'b1;
      if (good) committed_count_q <= committed_count_q + waiting;
      waiting_q <= commit_i || discard_i ? '0 : waiting;
      refused_q <= !commit_i && !discard_i &&
                   (refused_q || (in_valid_i && inside == (1 << DepthLog2)));
      if (taken && place == chosen) chosen_data_q <= in_data_i;
    end
  end

  always_comb if (!started_q) assume (rst_i);
  always_comb if (skip_i) assume (skip_count_i <= leaving[DepthLog2:0]);

  always_ff @(posedge clk_i) begin
    if (started_q && !rst_i) begin
      NeverMoreThanDepth: assert (inside <= (1 << DepthLog2));
      OutOnlyWhatWasCommitted: assert (leaving <= inside);
      WaitingWithinDepth: assert (waiting_q <= (1 << DepthLog2));
      PointersAreTheCounts: assert (head_q == out_count_q[DepthLog2:0] &&
                                    committed_q == committed_count_q[DepthLog2:0] &&
                                    tail_q == place[DepthLog2:0]);
      ValidUnlessEmpty: assert (out_valid_o == (leaving != '0));
      if (ahead_of_chosen < inside)
        ChosenIsKept: assert (memory_q[chosen[DepthLog2-1:0]] == chosen_data_q);
      if (skip_i) NothingLeavesWhileItSkips: assert (!given);
      if (given && out_count_q == chosen)
        ChosenComesOut: assert (out_data_o == chosen_data_q);
      LackingOnlyWithinAPacket: assert (lacking_q == refused_q);
      if ($past(started_q && !rst_i && commit_i && !discard_i && !good))
        DropIsTold: assert (dropped_o);
      if (dropped_o && $past(started_q && !rst_i))
        NoFalseAlarm: assert ($past(commit_i && !discard_i && lacking));
    end
  end
`endif

endmodule
