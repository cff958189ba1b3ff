// SPDX-License-Identifier: Apache-2.0
// In: every message that the exchange publishes. Out: the same by session and number, for whoever
// wants to know what should have arrived. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ridley::simulation {

class PublishedSession {
 public:
  explicit PublishedSession(std::string name) : name_{std::move(name)} {}

  void append(std::span<const std::byte> message) {
    bytes_.insert(bytes_.end(), message.begin(), message.end());
    ends_.push_back(bytes_.size());
  }

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  // The first message has number 1.
  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return ends_.size() + 1; }
  [[nodiscard]] std::span<const std::byte> message(std::uint64_t sequence) const {
    const std::size_t begin = sequence == 1 ? 0 : ends_.at(sequence - 2);
    return std::span{bytes_}.subspan(begin, ends_.at(sequence - 1) - begin);
  }

 private:
  std::string name_;
  std::vector<std::byte> bytes_;
  std::vector<std::size_t> ends_;
};

class Published {
 public:
  void begin_session(std::string name) { sessions_.emplace_back(std::move(name)); }
  void append(std::span<const std::byte> message) { sessions_.back().append(message); }

  [[nodiscard]] const PublishedSession& newest() const noexcept { return sessions_.back(); }
  // Nothing for a session that the exchange never had.
  [[nodiscard]] const PublishedSession* find(std::string_view name) const noexcept {
    for (const PublishedSession& session : sessions_)
      if (session.name() == name) return &session;
    return nullptr;
  }

 private:
  std::vector<PublishedSession> sessions_;
};

}  // namespace ridley::simulation
