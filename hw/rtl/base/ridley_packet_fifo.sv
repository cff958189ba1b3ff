// SPDX-License-Identifier: Apache-2.0
// In: words of packets, of which nobody knows yet whether they are right, and then the verdict.
// Out: the words of the packets that were, in order; nothing of the others. The source is never
// held up: a packet for which there was no room is forgotten as a whole and reported.
// commit_i and discard_i stand for everything since the one before, the word of the same cycle
// included. skip_i forgets so many words that were committed, never more than there are, and in
// that cycle out_ready_i takes none. Latency: 2 cycles from the verdict, as the memory is read at
// the clock's edge, which is how block memory reads. Throughput: a word in every cycle, in and out
// at once; any number of words skipped in one. Depth is a power of two.
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
  logic [DepthLog2:0] head_q, head_next, committed_q, tail_q, tail_next;
  logic [Width-1:0] memory_q [0:(1<<DepthLog2)-1];
  logic [Width-1:0] out_data_q;
  logic full, taken, given, lacking, lacking_q, dropped_q, out_valid_q;

  assign full = head_q == {~tail_q[DepthLog2], tail_q[DepthLog2-1:0]};
  assign taken = in_valid_i && !full && !lacking_q;
  assign tail_next = tail_q + {{DepthLog2{1'b0}}, taken};
  assign lacking = lacking_q || (in_valid_i && full);
  assign given = out_valid_q && out_ready_i;
  assign head_next = head_q + (skip_i ? skip_count_i : {{DepthLog2{1'b0}}, given});
  assign out_valid_o = out_valid_q;
  assign out_data_o = out_data_q;
  assign dropped_o = dropped_q;

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      head_q <= '0;
      committed_q <= '0;
      tail_q <= '0;
      lacking_q <= 1'b0;
      dropped_q <= 1'b0;
      out_valid_q <= 1'b0;
    end else begin
      head_q <= head_next;
      // What is committed in this cycle may be written in this cycle, and is read in the next.
      out_valid_q <= head_next != committed_q;
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

  // No reset: between head and tail are only words that were written, and out_valid_q guards the
  // one that was read.
  always_ff @(posedge clk_i) begin
    if (taken) memory_q[tail_q[DepthLog2-1:0]] <= in_data_i;
    out_data_q <= memory_q[head_next[DepthLog2-1:0]];
  end

`ifdef FORMAL
  // Counted are the words of packets that were committed, from outside: whichever of them is looked
  // at, the n-th to be committed is the n-th to go out, and it is the same.
  localparam int unsigned CountBits = DepthLog2 + 3;
  (* anyconst *) logic [CountBits-1:0] chosen;
  logic [CountBits-1:0] committed_count_q, waiting_q, out_count_q, waiting, place;
  logic [CountBits-1:0] inside, leaving, ahead_of_chosen;  // as wide as the counts that wrap
  logic [CountBits-1:0] out_count, stayed;  // of those that could leave, the ones that do not
  logic [Width-1:0] chosen_data_q;
  logic good, refused_q, started_q, leaves, stayed_q;

  assign waiting = waiting_q + {{(CountBits-1){1'b0}}, taken};
  assign place = committed_count_q + waiting_q;
  assign inside = place - out_count_q;
  assign leaving = committed_count_q - out_count_q;
  assign ahead_of_chosen = chosen - out_count_q;
  assign leaves = out_valid_o && out_ready_i && !skip_i;
  assign out_count = out_count_q + (skip_i ? {{(CountBits-DepthLog2-1){1'b0}}, skip_count_i}
                                           : {{(CountBits-1){1'b0}}, leaves});
  assign stayed = committed_count_q - out_count;
  assign good = commit_i && !discard_i && !lacking;

  initial started_q = 1'b0;
  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    if (rst_i) begin
      committed_count_q <= '0;
      waiting_q <= '0;
      out_count_q <= '0;
      refused_q <= 1'b0;
      stayed_q <= 1'b0;
    end else begin
      out_count_q <= out_count;
      stayed_q <= stayed != '0;
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
      ValidACycleAfterItCouldLeave: assert (out_valid_o == stayed_q);
      if (out_valid_o) ValidOnlyIfCommitted: assert (leaving != '0);
      if (ahead_of_chosen < inside)
        ChosenIsKept: assert (memory_q[chosen[DepthLog2-1:0]] == chosen_data_q);
      if (out_valid_o && out_count_q == chosen)
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
