// SPDX-License-Identifier: Apache-2.0
// In: a beat of a MoldUDP64 packet behind the last byte of the one before it, and which of the
// beat's bytes would be a type letter that is known. Out: if a message's length stood at a place,
// where all others would then stand, and the types of messages that end here; for every place at
// once, so that whoever knows the place has only to choose. Place 0 is the last byte of the beat
// before, place n + 1 the beat's byte n, and so on through the next beat.
// Latency: 0. Throughput: a beat in every cycle.
module ridley_mold_chain #(
  parameter int unsigned StreamBits = 64,
  parameter int unsigned Bytes = StreamBits / 8,
  parameter int unsigned Places = 2 * Bytes + 2
) (
  input  logic [StreamBits+7:0] window_i,
  input  logic [Bytes-1:0] known_i,
  // Row by row, for lengths that end in this beat. With one at place s there is one at place n when
  // reach_o has bit n of row s; it is the next one, and what is between them is of a known type,
  // when typed_o has.
  output logic [Bytes*Places-1:0] reach_o,
  output logic [Bytes*(Bytes+2)-1:0] typed_o
);

  localparam int unsigned ShiftBits = $clog2(Places);

  logic [15:0] length;
  logic [Places-1:0] next, reach;
  always_comb begin
    reach_o = '0;
    typed_o = '0;
    length = '0;
    next = '0;
    reach = '0;
    // From the last place to the first: what is behind it is known then.
    for (int unsigned back = 1; back <= Bytes; back++) begin
      length = {window_i[8*(Bytes-back) +: 8], window_i[8*(Bytes-back)+8 +: 8]};
      next = '0;
      if (length[15:ShiftBits] == '0)
        next = (Places'(1) << (Bytes - back + 2)) << length[ShiftBits-1:0];
      reach = next;
      for (int unsigned over = Bytes - back + 2; over < Bytes; over++)
        if (next[over]) reach = reach | reach_o[Places*over +: Places];
      reach_o[Places*(Bytes-back) +: Places] = reach;
      if (back != 1 && known_i[Bytes-back+1 < Bytes ? Bytes-back+1 : 0])
        typed_o[(Bytes+2)*(Bytes-back) +: Bytes+2] = next[Bytes+1:0];
    end
  end

endmodule
