// SPDX-License-Identifier: Apache-2.0
// In: Ethernet frames of any length as the MAC gives them, beat by beat; it cannot be held up, may
// pause anywhere and may begin the next frame in the cycle after a last beat.
// Out: the UDP payload as it comes, its first byte lowest in its first beat, and once a frame the
// verdict: the cause under which nic::strip counts it (src/nic/datagram.hpp, with both checksums).
// Bytes above payload_bytes_o mean nothing, neither does any payload of a frame whose
// verdict is not Udp or that the MAC found broken. No payload comes behind its frame's verdict.
// verdict_o and what belongs to it (address, port, the time at the frame's first beat) stay until
// the next; address and port mean something under Udp only.
// Latency: a beat of payload leaves 1 cycle after its last byte came, the last one 1 or 2 cycles.
// The verdict is always 2 cycles behind the last beat; verdict_valid_o says that a frame ended.
// Throughput: a beat in every cycle, 64 or 32 bits wide.
module ridley_frame_strip #(
  parameter int unsigned StreamBits = 64
) (
  input  logic clk_i,
  input  logic rst_i,
  input  logic [63:0] time_i,
  input  logic [StreamBits-1:0] data_i,
  input  logic [StreamBits/8-1:0] keep_i,
  input  logic valid_i,
  input  logic last_i,
  input  logic bad_i,
  output logic [StreamBits-1:0] payload_o,
  output logic [3:0] payload_bytes_o,
  output logic payload_valid_o,
  output logic [7:0] verdict_o,
  output logic verdict_valid_o,
  output logic frame_bad_o,
  output logic [31:0] address_o,
  output logic [15:0] port_o,
  output logic [63:0] stamp_o
);

  localparam int unsigned Words = StreamBits / 32;
  localparam int unsigned BeatBytes = StreamBits / 8;

  localparam logic [15:0] TypeIpv4 = 16'h0800;
  localparam logic [15:0] TypeArp = 16'h0806;
  localparam logic [15:0] TypeVlan = 16'h8100;
  localparam logic [15:0] TypeServiceVlan = 16'h88a8;
  localparam logic [15:0] TypeOldServiceVlan = 16'h9100;
  localparam logic [7:0] ProtocolIgmp = 8'd2;
  localparam logic [7:0] ProtocolTcp = 8'd6;
  localparam logic [7:0] ProtocolUdp = 8'd17;
  localparam logic [1:0] TagsMax = 2'd2;
  localparam int unsigned Near = 12;  // those in hand, and those of a beat behind them
  // The pseudo-header's protocol, in memory order.
  localparam int unsigned SumOfProtocol = {16'b0, ProtocolUdp, 8'b0};

  // What the next word is a part of.
  localparam logic [2:0] Mac = 3'd0;      // addresses, tags and types
  localparam logic [2:0] Other = 3'd1;    // nothing that is read: no IPv4
  localparam logic [2:0] Header = 3'd2;   // of IPv4, with its options
  localparam logic [2:0] Ports = 3'd3;    // the first word of the UDP header
  localparam logic [2:0] Lengths = 3'd4;  // the second, with the checksum
  localparam logic [2:0] Payload = 3'd5;  // and whatever is behind it

  // Everything from the first type on begins two bytes behind a multiple of four. So the stream is
  // cut into words that do: the last two bytes of a beat wait for the next one.
  logic [15:0] half_q;
  logic [StreamBits-1:0] aligned;
  assign aligned = {data_i[StreamBits-17:0], half_q};
  always_ff @(posedge clk_i) if (valid_i) half_q <= data_i[StreamBits-1 -: 16];

  // The next word's place: in Mac in the frame, where the first type ends word 3, and one behind a
  // tag a word 3 again; in Header in the header.
  logic [3:0] place_q, place, header_last_q, header_last;
  // Whole words of the packet, counted until they are more than any packet has (65,536 bytes).
  logic [14:0] words_q, words;
  logic [2:0] phase_q, phase;
  logic [1:0] tags_q, tags;
  logic arp_q, arp;
  logic [3:0] version_q, version, header_words_q, header_words;
  logic [15:0] total_q, total, port_q, port, udp_bytes_q, udp_bytes;
  logic fragment_q, fragment, unsummed_q, unsummed;
  logic [7:0] protocol_q, protocol;
  logic [31:0] address_q, address;
  // Payload bytes that have not left, and of those that are next, whether there is an n-th. Whether
  // the payload begins in the upper word of a beat.
  logic [15:0] left_q, left;
  logic [Near-1:0] near_q, near;
  logic odd_q, odd;
  logic [31:0] word;
  logic [15:0] ether_type;
  logic present, is_tag;
  // Words of the packet in this beat; payload bytes in the words before the one looked at.
  logic [1:0] here;
  logic [3:0] ahead;
  logic [StreamBits-1:0] header_part, udp_part;

  // A word after the other; two in a beat of 64 bits.
  always_comb begin
    place = place_q;
    header_last = header_last_q;
    phase = phase_q;
    tags = tags_q;
    arp = arp_q;
    version = version_q;
    header_words = header_words_q;
    total = total_q;
    fragment = fragment_q;
    protocol = protocol_q;
    address = address_q;
    port = port_q;
    udp_bytes = udp_bytes_q;
    unsummed = unsummed_q;
    left = left_q;
    near = near_q;
    odd = odd_q;
    here = '0;
    ahead = {1'b0, odd_q, 2'b00};
    header_part = '0;
    udp_part = '0;
    word = '0;
    ether_type = '0;
    is_tag = 1'b0;
    present = 1'b0;
    for (int unsigned w = 0; w < Words; w++) begin
      word = aligned[32*w +: 32];
      ether_type = {word[23:16], word[31:24]};
      is_tag = ether_type == TypeVlan || ether_type == TypeServiceVlan ||
               ether_type == TypeOldServiceVlan;
      present = valid_i && keep_i[4*w + 1];
      if (phase == Payload) begin
        // Summed also while no beat comes: the last bytes leave without waiting for one.
        for (int unsigned b = 0; b < 4; b++)
          if (near[ahead + 4'(b)]) udp_part[32*w + 8*b +: 8] = word[8*b +: 8];
        ahead = ahead + 4'd4;
      end
      if (present) begin
        if (phase != Mac) here = here + 2'd1;
        case (phase)
          Mac: if (place != 4'd3) begin
            place = place + 4'd1;
          end else if (is_tag && tags != TagsMax) begin
            tags = tags + 2'd1;
          end else begin
            phase = ether_type == TypeIpv4 ? Header : Other;
            arp = ether_type == TypeArp;
            place = '0;
          end
          Header: begin
            header_part[32*w +: 32] = word;
            case (place)
              4'd0: begin
                {version, header_words} = word[7:0];
                header_last = word[3:0] < 4'd5 ? 4'd4 : word[3:0] - 4'd1;
                total = {word[23:16], word[31:24]};
              end
              4'd1: fragment = {word[21:16], word[31:24]} != '0;
              4'd2: protocol = word[15:8];
              4'd3: udp_part[32*w +: 32] = word;
              4'd4: begin
                udp_part[32*w +: 32] = word;
                address = {word[7:0], word[15:8], word[23:16], word[31:24]};
              end
              default: ;
            endcase
            if (place == header_last) phase = Ports;
            place = place + 4'd1;
          end
          Ports: begin
            udp_part[32*w +: 32] = word;
            port = {word[23:16], word[31:24]};
            phase = Lengths;
          end
          Lengths: begin
            // The length is in the datagram and in its pseudo-header. Twice a number is, with the
            // carry added to it, the number rotated.
            udp_part[32*w +: 32] = {word[31:16], word[14:0], word[15]};
            udp_bytes = {word[7:0], word[15:8]};
            unsummed = word[31:16] == '0;
            left = udp_bytes - 16'd8;
            for (int unsigned n = 0; n < Near; n++) near[n] = udp_bytes > 16'(n + 8);
            odd = w + 1 < Words;
            ahead = '0;
            phase = Payload;
          end
          default: ;
        endcase
      end
    end
    words = (phase_q == Mac ? '0 : words_q) + {13'b0, here};
    if (phase_q != Mac && words_q[14]) words = words_q;
  end

  // first_q: the next beat begins a frame. ended_q: the beat before was a last one.
  logic first_q, ended_q, bad_q;
  logic [63:0] stamp_q;
  // Bytes of the packet's last word that came, when it is not whole.
  logic [1:0] extra_q, extra;

  generate
    if (StreamBits == 64) begin : gen_extra_64
      assign extra = {~((keep_i[1] && !keep_i[3]) || (keep_i[5] && !keep_i[7])), ^keep_i};
    end else begin : gen_extra_32
      assign extra = {~(keep_i[1] && !keep_i[3]), ^keep_i};
    end
  endgenerate

  always_ff @(posedge clk_i) begin
    if (rst_i) begin
      first_q <= 1'b1;
      ended_q <= 1'b0;
      phase_q <= Mac;
    end else begin
      ended_q <= valid_i && last_i;
      if (valid_i) begin
        first_q <= last_i;
        phase_q <= first_q ? Mac : phase;
      end
    end
  end

  // What has left in this cycle. What is in hand need not wait for the next beat when it is all.
  logic leaves;
  logic [15:0] left_after;
  logic [Near-1:0] near_after;
  assign leaves = phase_q == Payload && near_q[0] &&
                  ((valid_i && !first_q) || !(odd_q ? near_q[6] : near_q[2]));
  always_comb begin
    left_after = near_q[BeatBytes - 1] ? left_q - 16'(BeatBytes) : '0;
    for (int unsigned n = 0; n < Near; n++)
      near_after[n] = n + BeatBytes < Near ? near_q[(n + BeatBytes) % Near]
                                           : left_q > 16'(n + BeatBytes);
  end

  // No reset: all of it begins with a frame's first beat, in which nothing is read.
  always_ff @(posedge clk_i) begin
    if (valid_i && first_q) begin
      place_q <= 4'(Words);
      tags_q <= '0;
      stamp_q <= time_i;
    end else if (valid_i) begin
      place_q <= place;
      tags_q <= tags;
    end
    if (valid_i && !first_q) begin
      words_q <= words;
      header_last_q <= header_last;
      arp_q <= arp;
      version_q <= version;
      header_words_q <= header_words;
      total_q <= total;
      fragment_q <= fragment;
      protocol_q <= protocol;
      address_q <= address;
      port_q <= port;
      udp_bytes_q <= udp_bytes;
      unsummed_q <= unsummed;
      odd_q <= odd;
    end
    if (leaves) begin
      left_q <= left_after;
      near_q <= near_after;
    end else if (valid_i && !first_q) begin
      left_q <= left;
      near_q <= near;
    end
    extra_q <= extra;
    bad_q <= bad_i;
  end

  // The payload's beat. The upper word of a beat waits when the payload begins there.
  logic [StreamBits-1:0] payload_d, payload_q;
  logic [3:0] payload_bytes_q;
  logic payload_valid_q;
  generate
    if (StreamBits == 64) begin : gen_realign_64
      logic [31:0] held_q;
      always_ff @(posedge clk_i) if (valid_i) held_q <= aligned[63:32];
      assign payload_d = odd_q ? {aligned[31:0], held_q} : aligned;
    end else begin : gen_realign_32
      assign payload_d = aligned;
    end
  endgenerate
  always_ff @(posedge clk_i) begin
    payload_q <= payload_d;
    payload_bytes_q <= near_q[BeatBytes - 1] ? 4'(BeatBytes) : left_q[3:0];
    if (rst_i) payload_valid_q <= 1'b0;
    else payload_valid_q <= leaves;
  end
  assign payload_o = payload_q;
  assign payload_bytes_o = payload_bytes_q;
  assign payload_valid_o = payload_valid_q;

  // Known long before the end: what the header says of itself, a cycle after it came.
  logic header_bad_q;
  logic [15:0] rest_q, header_bytes;
  assign header_bytes = {10'b0, header_words_q, 2'b00};
  always_ff @(posedge clk_i) begin
    header_bad_q <= version_q != 4'd4 || header_words_q < 4'd5 || total_q < header_bytes;
    rest_q <= total_q - header_bytes;
  end

  // The cycle after the last beat. The payload's last bytes may still be in hand, so they are added
  // here.
  logic [15:0] half;
  logic header_right, udp_right, too_short, lengths_bad;
  assign half[7:0] = (odd_q ? near_q[4] : near_q[0]) ? half_q[7:0] : '0;
  assign half[15:8] = (odd_q ? near_q[5] : near_q[1]) ? half_q[15:8] : '0;
  ridley_checksum #(.Width(StreamBits)) header_checksum (
    .clk_i(clk_i),
    .begin_i(valid_i && first_q),
    .add_i(valid_i),
    .words_i(header_part),
    .more_i('0),
    .right_o(header_right)
  );
  ridley_checksum #(.Width(StreamBits), .First(SumOfProtocol)) udp_checksum (
    .clk_i(clk_i),
    .begin_i(valid_i && first_q),
    .add_i(valid_i || leaves),
    .words_i(udp_part),
    .more_i(half),
    .right_o(udp_right)
  );
  assign too_short = {words_q, extra_q} < {1'b0, total_q};
  assign lengths_bad = rest_q < 16'd8 || udp_bytes_q < 16'd8 || udp_bytes_q > rest_q;

  // In the order in which nic::strip looks.
  logic [7:0] verdict_d;
  always_comb begin
    if (phase_q == Mac) verdict_d = ridley_event_pkg::FrameCauseTruncated;
    else if (phase_q == Other && arp_q) verdict_d = ridley_event_pkg::FrameCauseArp;
    else if (phase_q == Other) verdict_d = ridley_event_pkg::FrameCauseNotIpv4;
    else if (phase_q == Header && place_q < 4'd5) verdict_d = ridley_event_pkg::FrameCauseTruncated;
    else if (header_bad_q) verdict_d = ridley_event_pkg::FrameCauseBadHeader;
    else if (phase_q == Header) verdict_d = ridley_event_pkg::FrameCauseTruncated;
    else if (!header_right) verdict_d = ridley_event_pkg::FrameCauseBadHeaderChecksum;
    else if (too_short) verdict_d = ridley_event_pkg::FrameCauseTruncated;
    else if (fragment_q) verdict_d = ridley_event_pkg::FrameCauseFragment;
    else if (protocol_q == ProtocolIgmp) verdict_d = ridley_event_pkg::FrameCauseIgmp;
    else if (protocol_q == ProtocolTcp) verdict_d = ridley_event_pkg::FrameCauseTcp;
    else if (protocol_q != ProtocolUdp) verdict_d = ridley_event_pkg::FrameCauseOtherProtocol;
    else if (lengths_bad) verdict_d = ridley_event_pkg::FrameCauseBadUdpLength;
    else if (!unsummed_q && !udp_right) verdict_d = ridley_event_pkg::FrameCauseBadUdpChecksum;
    else verdict_d = ridley_event_pkg::FrameCauseUdp;
  end

  logic verdict_valid_q, frame_bad_q;
  logic [7:0] verdict_q;
  logic [31:0] verdict_address_q;
  logic [15:0] verdict_port_q;
  logic [63:0] verdict_stamp_q;
  always_ff @(posedge clk_i) begin
    if (rst_i) verdict_valid_q <= 1'b0;
    else verdict_valid_q <= ended_q;
  end
  // No reset: verdict_valid_q guards them.
  always_ff @(posedge clk_i) begin
    if (ended_q) begin
      verdict_q <= verdict_d;
      frame_bad_q <= bad_q;
      verdict_address_q <= address_q;
      verdict_port_q <= port_q;
      verdict_stamp_q <= stamp_q;
    end
  end
  assign verdict_o = verdict_q;
  assign verdict_valid_o = verdict_valid_q;
  assign frame_bad_o = frame_bad_q;
  assign address_o = verdict_address_q;
  assign port_o = verdict_port_q;
  assign stamp_o = verdict_stamp_q;

`ifdef FORMAL
`include "ridley_frame_strip_promises.svh"
`endif

endmodule
