// SPDX-License-Identifier: Apache-2.0
#include "strategy/plugin.hpp"

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"

namespace ridley::strategy {
namespace {

template <typename... Parts>
base::Error refused(const std::filesystem::path& path, const Parts&... parts) {
  return base::Error::with_exit(EX_CONFIG, "strategy ", path.string(), ": ", parts...);
}

bool copy_bytes(int from, int to) {
  struct stat status{};
  if (::fstat(from, &status) != 0 || !S_ISREG(status.st_mode)) return false;
  for (off_t done = 0; done < status.st_size;) {
    const ssize_t sent =
        ::sendfile(to, from, nullptr, static_cast<std::size_t>(status.st_size - done));
    if (sent <= 0) return false;
    done += sent;
  }
  return true;
}

const char* missing_function(const ridley_strategy_table& table) {
  if (table.create == nullptr) return "create";
  if (table.destroy == nullptr) return "destroy";
  if (table.on_book == nullptr) return "on_book";
  if (table.on_order == nullptr) return "on_order";
  if ((table.save_state == nullptr) != (table.restore_state == nullptr)) {
    return table.save_state == nullptr ? "save_state" : "restore_state";
  }
  return nullptr;
}

event::Symbol padded(const std::string& symbol) {
  event::Symbol result;
  result.fill(' ');
  if (symbol.empty() || symbol.size() > result.size()) {
    throw base::Error::with_exit(EX_CONFIG, "'", symbol, "' cannot be a symbol: 1 to 8 letters");
  }
  std::ranges::copy(symbol, result.begin());
  return result;
}

bool is_whole(const ridley_parameter& one) {
  if (one.name == nullptr || one.doc == nullptr) return false;
  return one.kind != RIDLEY_PARAMETER_TEXT || one.standard.text != nullptr;
}

}  // namespace

std::shared_ptr<const Plugin> Plugin::load(const std::filesystem::path& path) {
  const std::shared_ptr<Plugin> plugin{new Plugin{path}};
  plugin->open_copy();
  plugin->find_table();
  return plugin;
}

std::shared_ptr<const Plugin> Plugin::linked(const ridley_strategy_table* table) {
  const std::shared_ptr<Plugin> plugin{new Plugin{"(compiled in)"}};
  plugin->table_ = table;
  plugin->check_table();
  return plugin;
}

Plugin::~Plugin() {
  if (object_ != nullptr) ::dlclose(object_);
  if (copy_ >= 0) ::close(copy_);
}

void Plugin::open_copy() {
  const int file = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) {
    throw base::Error::with_exit(EX_NOINPUT, "strategy ", path_.string(),
                                 ": cannot open: ", std::strerror(errno));
  }
  copy_ = ::memfd_create(path_.filename().c_str(), MFD_CLOEXEC);
  const bool copied = copy_ >= 0 && copy_bytes(file, copy_);
  ::close(file);
  if (!copied) throw refused(path_, "cannot copy it into memory");
  const std::string name = "/proc/self/fd/" + std::to_string(copy_);
  object_ = ::dlopen(name.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (object_ == nullptr) throw refused(path_, "not a shared object: ", ::dlerror());
}

void Plugin::find_table() {
  using Entry = const ridley_strategy_table* (*)();
  const auto entry = reinterpret_cast<Entry>(::dlsym(object_, RIDLEY_STRATEGY_SYMBOL));
  if (entry == nullptr) throw refused(path_, "has no function " RIDLEY_STRATEGY_SYMBOL);
  table_ = entry();
  check_table();
}

void Plugin::check_table() const {
  if (table_ == nullptr) throw refused(path_, "gives no table");
  if (table_->abi_version != RIDLEY_STRATEGY_ABI_VERSION) {
    throw refused(path_, "made for strategy ABI version ", table_->abi_version, ", this is ",
                  RIDLEY_STRATEGY_ABI_VERSION);
  }
  if (table_->struct_size < sizeof(ridley_strategy_table)) {
    throw refused(path_, "its table has ", table_->struct_size, " bytes, not ",
                  sizeof(ridley_strategy_table));
  }
  if (table_->name == nullptr || *table_->name == '\0') throw refused(path_, "has no name");
  if (const char* missing = missing_function(*table_)) {
    throw refused(path_, "its table has no ", missing);
  }
  if (table_->parameter_count != 0 && table_->parameters == nullptr) {
    throw refused(path_, "counts ", table_->parameter_count, " parameters and describes none");
  }
  if (!std::ranges::all_of(parameters(), is_whole)) {
    throw refused(path_, "a parameter without name, meaning or standard text");
  }
}

Instance::Instance(std::shared_ptr<const Plugin> plugin, const InstanceOptions& options)
    : plugin_{std::move(plugin)} {
  const ParameterValues values{plugin_->parameters(), options.parameters};
  std::vector<const char*> names;
  for (const std::string& symbol : options.symbols) {
    names.push_back(symbol.c_str());
    symbols_.push_back(padded(symbol));
  }
  const ridley_strategy_setup setup{
      .struct_size = sizeof(ridley_strategy_setup),
      .strategy_id = options.strategy_id,
      .instrument_count = static_cast<std::uint32_t>(names.size()),
      .value_count = static_cast<std::uint32_t>(values.values().size()),
      .symbols = names.data(),
      .values = values.values().data()};
  const ridley_strategy_table& table = plugin_->table();
  std::array<char, 256> why{};
  loaded_ = {table, table.create(&setup, why.data(), why.size()), options.strategy_id, symbols_, 0};
  if (loaded_.self == nullptr) {
    why.back() = '\0';
    throw refused(plugin_->path(), why.front() != '\0' ? why.data() : "create failed");
  }
  if (table.save_state != nullptr) {
    loaded_.state_bytes = table.save_state(loaded_.self, nullptr, 0);
  }
}

Instance::~Instance() { loaded_.table.destroy(loaded_.self); }

PreparedReload::PreparedReload(std::shared_ptr<const Plugin> plugin, const InstanceOptions& options,
                               const Loaded& running, bool with_state)
    : instance_{std::make_unique<Instance>(std::move(plugin), options)},
      state_(running.state_bytes),
      reload_{instance_->loaded(), with_state, state_} {}

}  // namespace ridley::strategy
