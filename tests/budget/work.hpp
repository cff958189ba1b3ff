// SPDX-License-Identifier: Apache-2.0
// Pieces of hot work that an instruction budget holds. Each does the same set-up for every count,
// then its unit of work count times, so that two runs differ in nothing but their counts.
#pragma once

#include <cstdint>
#include <string>

#include "control/own_costs.hpp"

namespace ridley::budget {

using control::keep;

// The first messages of a day: walking their lengths, decoding them, and keeping books of them.
void walk_day(std::uint64_t messages, const std::string& day);
void decode_day(std::uint64_t messages, const std::string& day);
void apply_day(std::uint64_t messages, const std::string& day);

// Orders that pass the gate; entered orders written as OUCH; latencies recorded.
void check_orders(std::uint64_t orders, const std::string& day);
void encode_orders(std::uint64_t orders, const std::string& day);
void record_hops(std::uint64_t hops, const std::string& day);

// Calls of the hot core's log, drained when its ring is full.
void log_calls(std::uint64_t calls, const std::string& day);

// Frames with one message through the whole street on memory ports, strategy plug-in and armed gate
// included, and what puts them into the port's memory. Quiet: an order joins or leaves a level
// behind the best of a traded instrument.
void run_quiet_frames(std::uint64_t frames, const std::string& day);
// A round: a frame that the strategy answers with an order, the exchange's two answers (their
// making included), and a frame that takes the reason away.
void run_orders(std::uint64_t orders, const std::string& day);

}  // namespace ridley::budget
