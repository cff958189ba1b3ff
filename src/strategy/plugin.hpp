// SPDX-License-Identifier: Apache-2.0
// In: the path of a shared object and the operator's settings. Out: a strategy that is loaded,
// checked and made, but not yet running. Cold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "strategy/parameters.hpp"
#include "strategy/strategy.hpp"
#include "strategy/strategy_abi.h"

namespace ridley::strategy {

// The shared object, mapped from a copy of its own: the file may be replaced or overwritten while
// it runs, and loading it again gives the new one.
class Plugin {
 public:
  // Throws base::Error (EX_NOINPUT, EX_CONFIG) naming file and reason: not there, not a plug-in,
  // another ABI version, a table that is incomplete.
  [[nodiscard]] static std::shared_ptr<const Plugin> load(const std::filesystem::path& path);
  // One that is compiled in, under its own name. Throws the same of its table.
  [[nodiscard]] static std::shared_ptr<const Plugin> linked(const ridley_strategy_table* table);
  ~Plugin();
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;

  [[nodiscard]] const ridley_strategy_table& table() const noexcept { return *table_; }
  [[nodiscard]] std::string_view name() const noexcept { return table_->name; }
  [[nodiscard]] std::span<const ridley_parameter> parameters() const noexcept {
    return {table_->parameters, table_->parameter_count};
  }
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  explicit Plugin(const std::filesystem::path& path) : path_{path} {}
  void open_copy();
  void find_table();
  void check_table() const;

  std::filesystem::path path_;
  int copy_ = -1;  // kept open: the number is part of the name that the loader knows it by
  void* object_ = nullptr;
  const ridley_strategy_table* table_ = nullptr;
};

struct InstanceOptions {
  std::uint32_t strategy_id = 1;
  std::vector<std::string> symbols;
  Parameters parameters;
};

// One strategy made by a plug-in.
class Instance {
 public:
  // Throws base::Error (EX_CONFIG) when parameters or symbols are refused.
  Instance(std::shared_ptr<const Plugin> plugin, const InstanceOptions& options);
  ~Instance();
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  [[nodiscard]] const Plugin& plugin() const noexcept { return *plugin_; }
  // For Strategy; valid as long as the instance.
  [[nodiscard]] const Loaded& loaded() const noexcept { return loaded_; }

 private:
  std::shared_ptr<const Plugin> plugin_;
  std::vector<event::Symbol> symbols_;
  Loaded loaded_;
};

// What the hot core swaps in by Reload, with everything that it points to.
class PreparedReload {
 public:
  // running is what the hot core has now. Throws as Instance does.
  PreparedReload(std::shared_ptr<const Plugin> plugin, const InstanceOptions& options,
                 const Loaded& running, bool with_state);

  [[nodiscard]] Reload& reload() noexcept { return reload_; }
  // After Swapped::Done: what runs now, to be kept instead of the old one.
  [[nodiscard]] std::unique_ptr<Instance> take_instance() noexcept { return std::move(instance_); }

 private:
  std::unique_ptr<Instance> instance_;
  std::vector<std::byte> state_;
  Reload reload_;
};

}  // namespace ridley::strategy
