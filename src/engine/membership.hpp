// SPDX-License-Identifier: Apache-2.0
// In: the groups of the feed. Out: IGMP reports on the port, at start and again every minute, so
// that a switch that forgets us is reminded and a link that came up late is served. The frames are
// built before start. Hot core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "nic/igmp.hpp"
#include "nic/port.hpp"

namespace ridley::engine {

// A report of one group with both tags fits twice over.
inline constexpr std::size_t kReportBytesMax = 128;

// Until the port takes the first report, the link may be down: asked again this often.
inline constexpr std::uint64_t kReportRetryNs = 100'000'000;

class Membership {
 public:
  // Cold.
  Membership(const nic::IgmpSender& sender, std::span<const std::uint32_t> groups) {
    for (const std::uint32_t group : groups) {
      joins_.push_back(
          report([&](auto room) { return nic::build_igmp_join(room, sender, group); }));
      leaves_.push_back(
          report([&](auto room) { return nic::build_igmp_leave(room, sender, group); }));
    }
  }

  template <nic::Port FeedPort>
  void refresh(FeedPort& port, std::uint64_t now_ns) noexcept {
    if (now_ns < due_ns_) return;
    const bool taken = send(port, joins_);
    due_ns_ = now_ns + (taken ? nic::kIgmpReportEveryNs : kReportRetryNs);
  }

  template <nic::Port FeedPort>
  void leave(FeedPort& port) noexcept {
    (void)send(port, leaves_);
  }

 private:
  struct Report {
    std::array<std::byte, kReportBytesMax> bytes;
    std::size_t length;
  };

  // Cold: for the constructor.
  template <typename Build>
  static Report report(Build build) {
    Report made{};
    made.length = build(std::span{made.bytes});
    return made;
  }

  template <nic::Port FeedPort>
  static bool send(FeedPort& port, std::span<const Report> reports) noexcept {
    bool all_taken = true;
    for (const Report& report : reports)
      all_taken &= port.send(std::span{report.bytes}.first(report.length));
    return all_taken;
  }

  std::vector<Report> joins_;
  std::vector<Report> leaves_;
  std::uint64_t due_ns_ = 0;
};

}  // namespace ridley::engine
