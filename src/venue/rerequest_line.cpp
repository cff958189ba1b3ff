// SPDX-License-Identifier: Apache-2.0
#include "venue/rerequest_line.hpp"

#include <algorithm>

namespace ridley::venue {

void RerequestLine::impair(const PacketFaults& requests, const PacketFaults& answers) {
  requests_ = requests;
  answers_ = answers;
  for (auto& [client, path] : paths_) {
    path.requests.set(requests);
    path.answers.set(answers);
  }
}

void RerequestLine::ask(Client client, std::span<const std::byte> request, std::uint64_t ns) {
  path_of(client).requests.give(request, ns);
}

void RerequestLine::answer(const MessageHistory& history, std::uint64_t ns, const Sink& sink) {
  for (auto& [client, path] : paths_) {
    path.requests.deliver(ns, [&](std::span<const std::byte> request) {
      const auto answer = rerequest_.answer(request, history, ns);
      if (!answer.empty()) path.answers.give(answer, ns);
    });
    path.answers.deliver(ns, [&](std::span<const std::byte> answer) { sink(client, answer); });
  }
}

std::uint64_t RerequestLine::next_ns() const noexcept {
  std::uint64_t ns = FaultyLine::kNever;
  for (const auto& [client, path] : paths_)
    ns = std::min({ns, path.requests.next_ns(), path.answers.next_ns()});
  return ns;
}

// The header of a request and of an answer begins their packets.
RerequestLine::Path& RerequestLine::path_of(Client client) {
  const auto found = paths_.find(client);
  if (found != paths_.end()) return found->second;
  if (paths_.size() >= kClientsMax) paths_.erase(paths_.begin());
  const std::uint64_t seed = seed_ + 2 * clients_++;
  Path& path =
      paths_.emplace(client, Path{FaultyLine{seed, 0}, FaultyLine{seed + 1, 0}}).first->second;
  path.requests.set(requests_);
  path.answers.set(answers_);
  return path;
}

}  // namespace ridley::venue
