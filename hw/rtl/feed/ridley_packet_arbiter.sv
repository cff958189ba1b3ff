// SPDX-License-Identifier: Apache-2.0
// In: when the frame of each port's oldest report ended. Out: whose turn it is, the older one's;
// port 0 when they ended in the same cycle. The choice stands until it is taken.
// Both ports bring a report the same number of cycles after its frame's end. So a port that shows
// nothing can have nothing older than what the other one shows, and nobody waits for it. Ends are
// counted modulo 2^CycleBits; no report waits half a turn.
// Latency: 1 cycle. Throughput: a report every other cycle.
module ridley_packet_arbiter #(
  parameter int unsigned CycleBits = 32
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [1:0] valid_i,
  input  logic [2*CycleBits-1:0] end_cycle_i,
  output logic [1:0] ready_o,
  output logic chosen_o,
  output logic chosen_valid_o,
  input  logic taken_i
);

  logic [CycleBits-1:0] ahead;  // so much later port 0's frame ended
  logic second_older, chosen_q, valid_q;

  assign ahead = end_cycle_i[CycleBits-1:0] - end_cycle_i[2*CycleBits-1:CycleBits];
  assign second_older = ahead != '0 && !ahead[CycleBits-1];
  assign chosen_o = chosen_q;
  assign chosen_valid_o = valid_q;
  assign ready_o = {2{taken_i && valid_q}} & {chosen_q, !chosen_q};

  always_ff @(posedge clk_i) begin
    if (rst_i) valid_q <= 1'b0;
    else if (!valid_q) valid_q <= valid_i != 2'b00;
    else if (taken_i) valid_q <= 1'b0;
  end
  // No reset: valid_q guards it.
  always_ff @(posedge clk_i) begin
    if (!valid_q) chosen_q <= valid_i[1] && (!valid_i[0] || second_older);
  end

`ifdef FORMAL
  // Two ports, each with a queue of reports that came Delay cycles after their frames' ends. An age
  // is how long ago a report's frame ended; half a turn is more than any may wait.
  localparam int unsigned Delay = 2;
  localparam int unsigned Places = 2;
  localparam int unsigned Bits = CycleBits;
  localparam logic [Bits-1:0] OldestAge = {1'b0, {(Bits-1){1'b1}}};
  (* anyseq *) logic [1:0] ended;  // Delay cycles ago a frame ended that gives a report now
  logic [Bits-1:0] now_q, first_age, second_age, last_age_q;
  logic [3:0] count_q, rest;  // of the reports in each queue; of those that stay
  logic [2*Places*Bits-1:0] age_q;  // port 1's above port 0's, the oldest lowest
  logic [2*Places-1:0] there, too_old, unsorted, overtaken;
  logic last_port_q, last_valid_q, started_q;

  initial started_q = 1'b0;
  assign first_age = age_q[0 +: Bits];
  assign second_age = age_q[Places*Bits +: Bits];
  always_comb begin
    if (!started_q) assume (rst_i);
    assume (valid_i == {count_q[3:2] != 2'd0, count_q[1:0] != 2'd0});
    assume (end_cycle_i == {now_q - second_age, now_q - first_age});
    assume (!too_old[0] && !too_old[1] && !too_old[2] && !too_old[3]);
    if (rest[1:0] == 2'd2) assume (!ended[0]);
    if (rest[3:2] == 2'd2) assume (!ended[1]);
    if (!chosen_valid_o) assume (!taken_i);
  end

  for (genvar p = 0; p < 2; p = p + 1) begin : of_port
    assign rest[2*p +: 2] = count_q[2*p +: 2] - {1'b0, ready_o[p]};
    always_ff @(posedge clk_i) begin
      if (rst_i) count_q[2*p +: 2] <= 2'd0;
      else count_q[2*p +: 2] <= rest[2*p +: 2] + {1'b0, ended[p]};
    end
    for (genvar i = 0; i < Places; i = i + 1) begin : of_place
      localparam int unsigned At = p * Places + i;
      localparam int unsigned Before = i == 0 ? At : At - 1;
      localparam int unsigned After = i == Places - 1 ? At : At + 1;
      assign there[At] = i < count_q[2*p +: 2];
      assign too_old[At] = there[At] && age_q[At*Bits +: Bits] >= OldestAge;
      assign unsorted[At] = there[At] && (age_q[At*Bits +: Bits] < Delay ||
          (i != 0 && age_q[At*Bits +: Bits] >= age_q[Before*Bits +: Bits]));
      assign overtaken[At] = there[At] && last_valid_q && (age_q[At*Bits +: Bits] > last_age_q ||
          (age_q[At*Bits +: Bits] == last_age_q && (last_port_q || p == 0)));
      always_ff @(posedge clk_i) begin
        if (ended[p] && rest[2*p +: 2] == i) age_q[At*Bits +: Bits] <= Delay;
        else if (ready_o[p]) age_q[At*Bits +: Bits] <= age_q[After*Bits +: Bits] + 1'b1;
        else age_q[At*Bits +: Bits] <= age_q[At*Bits +: Bits] + 1'b1;
      end
    end
  end

  always_ff @(posedge clk_i) begin
    started_q <= 1'b1;
    now_q <= now_q + 1'b1;
    if (rst_i) last_valid_q <= 1'b0;
    else if (ready_o != 2'b00) begin
      last_valid_q <= 1'b1;
      last_port_q <= ready_o[1];
      last_age_q <= (ready_o[1] ? second_age : first_age) + 1'b1;
    // What is left is younger than that anyway.
    end else if (last_age_q == OldestAge) last_valid_q <= 1'b0;
    else last_age_q <= last_age_q + 1'b1;
  end

  // One report that came, where it is in its queue, how many are taken before it, and for how many
  // cycles it has waited; not counted are those in which nobody took what was chosen.
  (* anyseq *) logic [1:0] watch;
  logic [2*Places-1:0] ahead_of_watched;
  logic [3:0] waited_q, taken_before;
  logic watching_q, watched_port_q, watched_place_q;
  logic [Bits-1:0] watched_age;
  assign watched_age = age_q[(2 * watched_port_q + watched_place_q) * Bits +: Bits];
  for (genvar at = 0; at < 2 * Places; at = at + 1) begin : of_ahead
    assign ahead_of_watched[at] = there[at] &&
        (at / Places == watched_port_q ? at % Places < watched_place_q
         : age_q[at*Bits +: Bits] > watched_age ||
           (age_q[at*Bits +: Bits] == watched_age && watched_port_q));
  end
  assign taken_before = {3'd0, ahead_of_watched[0]} + {3'd0, ahead_of_watched[1]} +
                        {3'd0, ahead_of_watched[2]} + {3'd0, ahead_of_watched[3]};
  always_ff @(posedge clk_i) begin
    if (rst_i) watching_q <= 1'b0;
    else if (watching_q) watching_q <= !(ready_o[watched_port_q] && !watched_place_q);
    else watching_q <= (watch & ended) == 2'b01 || (watch & ended) == 2'b10;
    if (!watching_q) begin
      watched_port_q <= watch[1] && ended[1];
      watched_place_q <= rest[watch[1] && ended[1] ? 2 : 0];
      waited_q <= 4'd0;
    end else begin
      if (ready_o[watched_port_q]) watched_place_q <= 1'b0;
      if (!chosen_valid_o || taken_i) waited_q <= waited_q + 1'b1;
    end
  end

  always_ff @(posedge clk_i) begin
    if (started_q && !rst_i) begin
      if (watching_q) EveryOneLeavesWithinEight: assert (
          there[2*watched_port_q + watched_place_q] &&
          waited_q + 2 * (taken_before + 1'b1) <= 4'd8 + chosen_valid_o);
      OneAtATime: assert (ready_o != 2'b11);
      OnlyWhatIsThere: assert ((ready_o & ~valid_i) == 2'b00);
      TakenIsTheChosen: assert (ready_o == (taken_i ? 2'b01 << chosen_o : 2'b00));
      if (chosen_valid_o) begin
        ChosenIsThere: assert (valid_i[chosen_o]);
        if (chosen_o) SecondIsOlder: assert (!valid_i[0] || second_age > first_age);
        else FirstIsNotYounger: assert (!valid_i[1] || first_age >= second_age);
      end
      NothingIsOvertaken: assert (!overtaken[0] && !overtaken[1] && !overtaken[2] &&
                                  !overtaken[3]);
      if (last_valid_q) LastIsOldEnough: assert (last_age_q > Delay && last_age_q <= OldestAge);
      QueuesAreSorted: assert (!unsorted[0] && !unsorted[1] && !unsorted[2] && !unsorted[3]);
      if ($past(started_q && !rst_i && valid_i != 2'b00 && !chosen_valid_o))
        NobodyWaitsForEver: assert (chosen_valid_o);
      if ($past(started_q && !rst_i && chosen_valid_o && !taken_i))
        StandsUntilTaken: assert (chosen_valid_o && chosen_o == $past(chosen_o));
    end
  end
`endif

endmodule
