# SPDX-License-Identifier: Apache-2.0
"""What is proved: of which module, with which sizes, for how many cycles, and which mutants of it
are caught. proofs_test.py asks the solver."""

import os
from dataclasses import dataclass, field
from pathlib import Path

HARDWARE = Path(os.environ["RIDLEY_SOURCE_FOLDER"]) / "hw"
MADE = Path(os.environ["RIDLEY_BUILD_FOLDER"]) / "hw"


@dataclass(frozen=True)
class Proof:
    module: str
    file: str
    cycles: int
    parameters: dict
    mutants: dict  # what is broken: (the text, what stands there instead)
    parts: list = field(default_factory=list)  # modules that it needs
    # Long chains of logic, of which the solver does not get through many cycles: a mutant is caught
    # when the induction does not hold.
    deep: bool = False
    # The solver gets its question as a whole and not cycle by cycle, which it answers up to ten
    # times as fast where most of the module is copied from register to register.
    whole: bool = False
    plain: tuple = ()  # modules that it needs without what they promise and assume themselves
    whatever: tuple = ()  # modules in it that may give anything, but for what is assumed of them


PROOFS = [
    Proof("ridley_fifo", "rtl/base/ridley_fifo.sv", 20, {"Width": 4, "DepthLog2": 2}, {
        "takes a word when it is full": ("assign in_ready_o = !full;", "assign in_ready_o = 1'b1;"),
        "gives a word when it is empty": ("assign out_valid_o = head_q != tail_q;",
                                          "assign out_valid_o = 1'b1;"),
        "is full a word too early": ("assign in_ready_o = !full;",
                                     "assign in_ready_o = !full && tail_q + 1'b1 != "
                                     "{~head_q[DepthLog2], head_q[DepthLog2-1:0]};"),
        "gives a word twice": ("if (given) head_q <= head_q + 1'b1;",
                               "if (given && !taken) head_q <= head_q + 1'b1;"),
        "loses a word": ("if (taken) tail_q <= tail_q + 1'b1;",
                         "if (taken && !given) tail_q <= tail_q + 1'b1;"),
        "writes beside its place": ("if (taken) memory_q[tail_q[DepthLog2-1:0]] <= in_data_i;",
                                    "if (taken) memory_q[head_q[DepthLog2-1:0]] <= in_data_i;"),
        "gives the newest word": ("assign out_data_o = memory_q[head_q[DepthLog2-1:0]];",
                                  "assign out_data_o = memory_q[tail_q[DepthLog2-1:0] - 1'b1];"),
    }),
    Proof("ridley_packet_fifo", "rtl/base/ridley_packet_fifo.sv", 16,
          {"Width": 4, "DepthLog2": 2}, {
        "gives words without a verdict": ("head_next != committed_q;", "head_next != tail_q;"),
        "gives a word that is being written": (
            "head_next != committed_q;",
            "head_next != (commit_i && !discard_i && !lacking ? tail_next : committed_q);"),
        "gives the word before": ("memory_q[head_next[DepthLog2-1:0]]",
                                  "memory_q[head_q[DepthLog2-1:0]]"),
        "keeps what was discarded": ("if (discard_i || (commit_i && lacking)) begin",
                                     "if (commit_i && lacking) begin"),
        "commits a part of a packet": ("if (discard_i || (commit_i && lacking)) begin",
                                       "if (discard_i) begin"),
        "forgets the last word": ("committed_q <= tail_next;", "committed_q <= tail_q;"),
        "writes when it is full": ("assign taken = in_valid_i && !full && !lacking_q;",
                                   "assign taken = in_valid_i && !lacking_q;"),
        "drops without a word": ("dropped_q <= commit_i && !discard_i && lacking;",
                                 "dropped_q <= commit_i && !discard_i && lacking_q;"),
        "drops for ever": ("        tail_q <= committed_q;\n        lacking_q <= 1'b0;",
                           "        tail_q <= committed_q;\n        lacking_q <= lacking;"),
        "gives a word twice": ("{{DepthLog2{1'b0}}, given})",
                               "{{DepthLog2{1'b0}}, given && !taken})"),
        "skips a word too many": ("(skip_i ? skip_count_i ", "(skip_i ? skip_count_i + 1'b1 "),
        "skips at most a half": ("(skip_i ? skip_count_i ",
                                 "(skip_i ? {1'b0, skip_count_i[DepthLog2-1:0]} "),
        "gives a word that it skips": (
            "(skip_i ? skip_count_i ",
            "(skip_i ? skip_count_i + {{DepthLog2{1'b0}}, given} "),
    }),
    Proof("ridley_packet_arbiter", "rtl/feed/ridley_packet_arbiter.sv", 12, {"CycleBits": 4}, {
        "takes the newer one": ("!valid_i[0] || second_older", "!valid_i[0] || !second_older"),
        "prefers port 1 when both are as old": ("ahead != '0 && !ahead", "!ahead"),
        "compares without wrapping": ("ahead != '0 && !ahead[CycleBits-1];",
                                      "end_cycle_i[CycleBits-1:0] > "
                                      "end_cycle_i[2*CycleBits-1:CycleBits];"),
        "serves port 0 alone": ("valid_i[1] && (!valid_i[0] || second_older)",
                                "valid_i[1] && !valid_i[0]"),
        "takes a port that has nothing": ("valid_i != 2'b00;", "1'b1;"),
        "takes from both": ("{chosen_q, !chosen_q};", "valid_i;"),
        "gives a report twice": ("else if (taken_i) valid_q <= 1'b0;",
                                 "else if (taken_i) valid_q <= valid_i[chosen_q];"),
        "waits for the other port": ("valid_q <= valid_i != 2'b00;",
                                     "valid_q <= valid_i == 2'b11;"),
    }),
    Proof("ridley_arrival", "rtl/feed/ridley_arrival.sv", 2,
          {"SequenceBits": 4, "CountBits": 2, "SessionBits": 2}, {
        "loses a report": ("assign report_ready_o = !(match_q",
                           "assign report_ready_o = 1'b1 || !(match_q"),
        "gives a decision twice": ("tell_q <= judge_q || (tell_q && !told);",
                                   "tell_q <= judge_q || tell_q;"),
        "changes a decision that stands": ("tell_q && (!decision_valid_o || decision_ready_i);",
                                           "tell_q;"),
        "never tells": ("(!decision_valid_o || decision_ready_i);", "decision_valid_o;"),
        "tells a message twice": ("old_messages >= count_q)", "old_messages > count_q)"),
        "leaves a new message out": ("overlap_q ? expected_q : sequence_q;", "sequence_q;"),
        "skips a message too many": ("? count_q - old_messages : count_q;",
                                     "? count_q - old_messages - 1'b1 : count_q;"),
        "compares the lower bits alone": ("behind_q[SequenceBits-1:CountBits] != '0 || ", ""),
        "forgets what comes next": ("if (fresh_q) next_sequence_q <= end_sequence_q",
                                    "if (fresh_q && !gap_q) next_sequence_q <= end_sequence_q"),
        "goes back to what was": ("else next_sequence_q <= gap_q ? sequence_q : expected_q;",
                                  "else next_sequence_q <= sequence_q;"),
        "does not say what is missing": ("gap_q ? ahead_q[SequenceBits-1:0] : '0;",
                                         "gap_q && fresh_q ? ahead_q[SequenceBits-1:0] : '0;"),
        "follows a session that is refused": ("changed_q && !follow_sessions_i;", "1'b0;"),
        "goes on with the number of the session before": ("changed ? FirstSequence",
                                                          "1'b0 ? FirstSequence"),
        "takes numbers beyond the last": ("(!blocks_good_q || beyond)", "!blocks_good_q"),
    }, deep=True, whole=True),
    Proof("ridley_entry_walker", "rtl/feed/ridley_entry_walker.sv", 20, {"EntriesBits": 3}, {
        "takes an entry too few": ("left_q <= decision_entries_i;",
                                   "left_q <= decision_entries_i - 1'b1;"),
        "takes from the other port": ("entry_ready_o = {2{walking_q && item_ready_i}} & port;",
                                      "entry_ready_o = {2{walking_q && item_ready_i}};"),
        "counts a last entry that was not there": ("item_valid_o = walking_q ?",
                                                   "item_valid_o = walking_q && !last ?"),
        "skips what is wanted": ("taken && !walks : 1'b1", "taken : 1'b1"),
        "skips before the record went": ("taken && !walks : 1'b1", "!walks : 1'b1"),
        "counts an entry that was not there": ("else if (taken) left_q",
                                               "else if (item_ready_i) left_q"),
        "tells of a packet without news": (": decision_valid_i && decision_told_i;",
                                           ": decision_valid_i;"),
        "walks over an empty packet": (" && decision_entries_i != '0;", ";"),
        "stops in a walk": ("walking_q && taken && last)", "walking_q && taken)"),
    }),
    Proof("ridley_ring_writer", "rtl/card/ridley_ring_writer.sv", 11,
          {"DepthLog2": 1, "OutstandingLog2": 1, "Width": 16, "NumberBits": 4, "AddressBits": 8,
           "NumberAt": 2, "LostAt": 9}, {
        "drops without counting": ("if (dropped) records_dropped_o", "if (0) records_dropped_o"),
        "loses a record": ("if (accepted) accepted_q <=", "if (accepted && !lost_q) accepted_q <="),
        "does not say that it dropped": ("else if (record_valid_i) lost_q <= dropped;", ""),
        "says so of every record": ("stored[LostAt] = lost_q;", "stored[LostAt] = 1'b1;"),
        "is one beyond the credit": ("ahead <= ring_mask_q", "ahead <= {1'b0, ring_mask_q} + 1'b1"),
        "asks for no credit": (" && ahead <= ring_mask_q", ""),
        "compares without wrapping": ("ahead <= ring_mask_q", "granted_q <= ring_mask_q"),
        "waits for all answers": ("!begun[OutstandingLog2];", "!begun[0];"),
        "never waits for an answer": ("!begun[OutstandingLog2];", "1'b1;"),
        "writes beyond the ring": ("addresses_q & ring_mask_q;", "addresses_q;"),
        "gives an address twice": ("if (address_next) addresses_q <=",
                                   "if (address_next && !m_axi_wvalid_o) addresses_q <="),
        "counts from zero": ("= data_q + 1'b1;\n  end", "= data_q;\n  end"),
        "gives up an address": ("address_next || (m_axi_awvalid_o && !m_axi_awready_i);",
                                "address_next;"),
        "stops when its FIFO has been full": ("assign granted = open_q && granted_q != accepted_q",
                                              "assign granted = open_q && !lost_q && "
                                              "granted_q != accepted_q"),
        "lets data wait for their address": ("assign data_next = data_q != granted_q &&",
                                             "assign data_next = data_q != granted_q && "
                                             "!m_axi_awvalid_o &&"),
        "holds an address back": ("assign address_next = addresses_q != granted_q &&",
                                  "assign address_next = addresses_q != granted_q && "
                                  "m_axi_awready_i &&"),
        "changes data that stand": ("(!m_axi_wvalid_o || m_axi_wready_i);", "1'b1;"),
        "believes every answer": ("m_axi_bvalid_i && begun != '0;", "m_axi_bvalid_i;"),
        "forgets what was begun": ("rst_i || (!open_q && idle);", "rst_i || !open_q;"),
    }, [HARDWARE / "rtl/base/ridley_fifo.sv"]),
    Proof("ridley_mold_walk", "rtl/feed/ridley_mold_walk.sv", 1, {"StreamBits": 32}, {
        "takes the end of a session for a count": (
            "count_raw == ridley_moldudp64_pkg::MessageCountEndOfSession ? '0 : count_raw",
            "count_raw"),
        "does not see what is behind the last block": ("behind = (begun & lacking) != '0;",
                                                       "behind = 1'b0;"),
        "does not see a single byte behind it": ("(begun & lacking)", "(whole & lacking)"),
        "goes on with the block of the frame before": (
            "if (rst_i || verdict_q) begin\n      entry_q", "if (rst_i) begin\n      entry_q"),
        "gives more messages than the header counts": (
            "have_q[at-2] && (passed & lacking) == '0;", "have_q[at-2];"),
        "ends a message a byte too early": ("4'(Bytes) - crossing_lane}",
                                            "4'(Bytes+1) - crossing_lane}"),
        "ends a message that was cut": ("reached[at] && have_q[at-2] &&", "reached[at] &&"),
        "ends a carried message that was cut": ("carried_q && have_q[at-2])", "carried_q)"),
        "begins behind a message where it ended": ("left_q == 16'(Bytes + place - 1)",
                                                   "left_q == 16'(Bytes + place)"),
        "takes a type for another's": ("begins[from] && typed_q[Near*from + at]",
                                       "typed_q[Near*from + at]"),
    }, [MADE / "ridley_itch_type.sv", HARDWARE / "rtl/feed/ridley_mold_chain.sv"], deep=True),
    Proof("ridley_record_maker", "rtl/feed/ridley_record_maker.sv", 2,
          {"BodyBits": 9, "SequenceBits": 5, "IndexBits": 3, "SequenceAt": 2}, {
        "loses an item": ("!first_valid_q || first_moves;", "1'b1;"),
        "gives an item twice": ("else if (first_moves) second_valid_q <= first_valid_q;",
                                "else if (first_moves) second_valid_q <= first_valid_q ||\n"
                                "                                        second_valid_q;"),
        "gives the first record of an item alone": ("assign last = pending_q == chosen;",
                                                    "assign last = 1'b1;"),
        "gives a record twice": ("pending_q <= pending_q & ~chosen;", "pending_q <= pending_q;"),
        "gives the last one first": ("assign chosen = pending_q & (~pending_q + 4'd1);",
                                     "assign chosen = pending_q[3] ? 4'd8 : pending_q[2] ? 4'd4\n"
                                     "              : pending_q[1] ? 4'd2 : pending_q;"),
        "tells an old message again": ("behind[IndexBits-1:0] <= k)",
                                       "behind[IndexBits-1:0] <= k + 1)"),
        "leaves out what is short": ("of_event | of_short;", "of_event;"),
        "numbers the messages of an item downwards": ("second_index_q + {{(IndexBits-2)",
                                                      "second_index_q - {{(IndexBits-2)"),
        "says the packet of an event": ("body = packet_body_q;", "body = third_body_q;"),
        "remembers an event as the packet": ("if (third_valid_q && third_packet_q) packet_body_q",
                                             "if (third_valid_q) packet_body_q"),
        "counts a cycle too few": ("CyclesToRecord = 32'd2;", "CyclesToRecord = 32'd1;"),
        "turns the count of cycles over": ("third_cycles_q[31:16] != '0 ? 16'hFFFF",
                                           "1'b0 ? 16'hFFFF"),
        "waits for the next item": ("else third_valid_q <= second_valid_q && pending_q",
                                    "else third_valid_q <= second_valid_q && first_valid_q && "
                                    "pending_q"),
    }, deep=True, whole=True),
    Proof("ridley_instrument_filter", "rtl/feed/ridley_instrument_filter.sv", 12,
          {"Width": 20, "KindAt": 0, "FormAt": 8, "LocateAt": 16, "LocateBits": 2}, {
        "loses a record without a word": ("if (valid_q && !passes) events",
                                          "if (valid_q && !passes && wanted_q) events"),
        "counts what passes": ("if (valid_q && !passes) events", "if (valid_q) events"),
        "passes what nobody wants": ("passes_q || (wanted_q && cleared_before_q)", "1'b1"),
        "believes a table that is not cleared": ("(wanted_q && cleared_before_q)", "wanted_q"),
        "does not clear the table": ("write_wanted = ready_o && select_wanted_i",
                                     "write_wanted = select_wanted_i"),
        "clears half of the table": ("assign ready_o = cleared_q[LocateBits];",
                                     "assign ready_o = |cleared_q[LocateBits:LocateBits-1];"),
        "takes a choice for another instrument": ("memory_q[locate]", "memory_q[write_at]"),
        "never lets an instrument go": ("memory_q[write_at] <= write_wanted;",
                                        "memory_q[write_at] <= write_wanted || wanted_q;"),
        "keeps what is no event back": (
            "record_i[FormAt +: 8] != ridley_card_pkg::CardFormEvent", "1'b0"),
        "keeps the directory back": (
            "||\n                      record_i[KindAt +: 8] == "
            "ridley_event_pkg::EventKindDirectory;", ";"),
        "keeps back what concerns everybody": ("locate == '0 ||", ""),
        "gives the next record": ("assign record_o = record_q;", "assign record_o = record_i;"),
        "gives records while it is stopped": ("if (rst_i || !running_i) valid_q",
                                              "if (rst_i) valid_q"),
    }),
    Proof("ridley_feed_port", "rtl/feed/ridley_feed_port.sv", 2,
          {"StreamBits": 32, "EntryDepthLog2": 2, "ReportDepthLog2": 1}, {
        "keeps the entries of a packet without a report": ("packet_right_q && report_room;",
                                                           "packet_right_q;"),
        "keeps the entries of somebody else's packet": (
            "packet_q && packet_ours_q && packet_right_q", "packet_q && packet_right_q"),
        "keeps entries that do not add up": ("packet_ours_q && packet_right_q && report_room;",
                                             "packet_ours_q && report_room;"),
        "tells of entries that it has dropped": ("(!room_q || entries_dropped);", "!room_q;"),
        "tells of entries that do not add up": ("blocks_good ? entries : 16'd0,", "entries,"),
        "keeps them for the next packet": (".discard_i(packet_q && !commit),", ".discard_i(1'b0),"),
        "gives reports to a full FIFO": ("report_fifo_ready && !report_waiting_q;",
                                         "report_fifo_ready;"),
        "drops without counting": ("if (dropped) packets", "if (dropped && room_q) packets"),
        "counts bad frames twice": ("if (verdict_valid && !frame_bad) frames_q",
                                    "if (verdict_valid) frames_q"),
        "has no cause for a frame": ("verdict == 8'(cause)", "verdict == 8'(cause) && !packet_q"),
        "takes the codes of the next entry": ("codes_decoded = codes_q;", "codes_decoded = codes;"),
        "gives the report of the next packet": ("report_next_q <= report_q;",
                                                "if (packet_q) report_next_q <= report_q;\n"
                                                "    if (report_valid) report_next_q <= '0;"),
    }, deep=True, whole=True, plain=(HARDWARE / "rtl/base/ridley_packet_fifo.sv",), whatever=(
        HARDWARE / "rtl/nic/ridley_frame_strip.sv", HARDWARE / "rtl/nic/ridley_line_filter.sv",
        HARDWARE / "rtl/feed/ridley_mold_parse.sv", MADE / "ridley_itch_event.sv",
        HARDWARE / "rtl/base/ridley_fifo.sv")),
    Proof("ridley_inject", "rtl/card/ridley_inject.sv", 8, {"StreamBits": 32}, {
        "goes on with a frame that a stop has cut": ("if (stopped_i || inject_i) whole_q",
                                                     "if (inject_i) whole_q"),
        "goes on with a frame that the host has cut": ("if (stopped_i || inject_i) whole_q",
                                                       "if (stopped_i) whole_q"),
        "begins in the middle of a frame": ("mac_valid_i & (whole_q | ~within_q)", "mac_valid_i"),
        "loses all but the first beat": ("mac_valid_i & (whole_q | ~within_q)",
                                         "mac_valid_i & ~within_q"),
        "lets the MACs in beside the host": ("inject_i ? host_valid : mac_valid;",
                                             "inject_i ? host_valid | mac_valid : mac_valid;"),
        "takes the host's beats without being asked": (
            "inject_i ? host_valid : mac_valid;",
            "inject_i ? host_valid : mac_valid | host_valid;"),
        "gives a beat to both ports": ("inject_beat_valid_i && inject_beat_i[8],",
                                       "inject_beat_valid_i,"),
        "gives a beat for ever": ("inject_beat_valid_i && !inject_beat_i[8]}",
                                  "!inject_beat_i[8]}"),
        "gives a byte too many": ("inject_beat_i[3:0] > 4'(b);", "inject_beat_i[3:0] >= 4'(b);"),
        "ends a frame that is bad": ("{2{inject_beat_i[4]}}", "{2{inject_beat_i[5]}}"),
        "stamps with the card's time": ("inject_i ? inject_time_i : time_i;", "time_i;"),
        "forgets that a frame goes on": ("(mac_valid_i & ~mac_last_i);\n  end\n  always_ff",
                                         "mac_valid_i;\n  end\n  always_ff"),
    }),
    # The wide one too; what breaks it is the same.
    Proof("ridley_inject", "rtl/card/ridley_inject.sv", 4, {"StreamBits": 64}, {}),
    Proof("ridley_line_filter", "rtl/nic/ridley_line_filter.sv", 4, {"StreamBits": 32}, {
        "takes everything at port 0": ("line_port_i != '0 && ", ""),
        "looks at the address only": ("port_i == line_port_i && ", ""),
        "looks at the port only": (" && address_i == line_address_i;", ";"),
        "says of a broken frame that it is of another line":
            ("verdict_i == ridley_event_pkg::FrameCauseUdp && !of_the_line", "!of_the_line"),
        "gives the verdict before its payload": ("payload_valid_q <= payload_valid_i;",
                                                 "payload_valid_q <= payload_valid_o;"),
    }),
    Proof("ridley_frame_strip", "rtl/nic/ridley_frame_strip.sv", 10, {"StreamBits": 64}, {
        "waits for a beat that does not come": (" || !(odd_q ? near_q[6] : near_q[2])", ""),
        "sees one beginning only": ("odd = w + 1 < Words;", "odd = 1'b0;"),
        "takes a length beyond the packet": (" || udp_bytes_q > rest_q;", ";"),
        "takes a packet that is cut": ("{words_q, extra_q} < {1'b0, total_q};",
                                       "words_q < {1'b0, total_q[15:2]};"),
        "says nothing of every other frame": ("ended_q <= valid_i && last_i;",
                                              "ended_q <= valid_i && last_i && !ended_q;"),
        "has its verdict too early": ("else verdict_valid_q <= ended_q;",
                                      "else verdict_valid_q <= valid_i && last_i;"),
        "has the stamp of another frame": ("verdict_stamp_q <= stamp_q;",
                                           "verdict_stamp_q <= time_i;"),
    }, whole=True, whatever=(HARDWARE / "rtl/nic/ridley_checksum.sv",)),
    # The narrow one too; what breaks it is the same.
    Proof("ridley_frame_strip", "rtl/nic/ridley_frame_strip.sv", 3, {"StreamBits": 32}, {},
          whole=True, whatever=(HARDWARE / "rtl/nic/ridley_checksum.sv",)),
]
