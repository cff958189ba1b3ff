// SPDX-License-Identifier: Apache-2.0
#include "control/card_source.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <span>

#include "base/error.hpp"
#include "card/activation.hpp"

namespace ridley::control {
namespace {

using base::Error;

// A file that only this process has, as long as the descriptor is open.
std::shared_ptr<const base::Descriptor> in_memory(std::span<const std::byte> bytes) {
  auto file = std::make_shared<base::Descriptor>(::memfd_create("bitstream", MFD_CLOEXEC));
  if (!*file) throw Error::with_exit(EX_OSERR, "memfd_create: ", std::strerror(errno));
  while (!bytes.empty()) {
    const ssize_t written = ::write(file->number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) throw Error::with_exit(EX_OSERR, "a bitstream has no room in memory");
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return file;
}

// Whoever may not change the folder, or finds somebody at work in it, only looks: what is active
// does not depend on how a trial is settled.
card::CardState settled(const std::string& folder) {
  try {
    card::Slots slots{folder};
    const std::string text = card::settle(slots, {}, nullptr);
    if (!text.empty()) std::fprintf(stderr, "ridleyd: card: rolled back: %s\n", text.c_str());
    return slots.state();
  } catch (const Error& error) {
    const int code = error.exit_code();
    if (code != EX_TEMPFAIL && code != EX_NOPERM && code != EX_CANTCREAT) throw;
    std::fprintf(stderr, "ridleyd: card: a trial is not settled: %s\n", error.what());
    return card::look_at_slots(folder).state;
  }
}

}  // namespace

CardSource slot_source(const std::string& state_folder, const std::string& digest) {
  const card::Bitstream bitstream = card::read_bitstream(card::files_in_slot(state_folder, digest));
  if (bitstream.digest != digest)
    throw Error::with_exit(EX_DATAERR, "manifest: was altered in its slot");
  std::vector<card::Check> checks = card::examine(bitstream, card::rules_of_host({}), 0);
  std::erase_if(checks, [](const card::Check& check) { return check.name == "signature"; });
  if (const std::string fault = card::first_fault(checks); !fault.empty())
    throw Error::with_exit(EX_DATAERR, "refused: ", fault);
  CardSource source;
  source.digest = digest;
  source.manifest = std::make_shared<card::Manifest>(*bitstream.manifest);
  source.golden = std::make_shared<card::GoldenVectors>(card::read_golden(bitstream.golden));
  source.memory = in_memory(bitstream.xclbin);
  source.xclbin = fmt::format("/proc/self/fd/{}", source.memory->number());
  source.uuid = bitstream.manifest->uuid;
  return source;
}

CardSource first_source(const CardConfig& card) {
  if (card.bitstream == kNoBitstream) return {};
  if (card.bitstream != kActiveBitstream) return {.xclbin = card.bitstream};
  const std::string active = settled(card.state_folder).active;
  if (active.empty()) {
    throw Error::with_exit(EX_CONFIG, "card.bitstream: none is active in ", card.state_folder,
                           "; start with \"", kNoBitstream, "\", then ridley card activate");
  }
  try {
    return slot_source(card.state_folder, active);
  } catch (const Error& error) {
    throw Error::with_exit(EX_CONFIG, "card.bitstream: the active one in ", card.state_folder, ": ",
                           error.what());
  }
}

}  // namespace ridley::control
