// SPDX-License-Identifier: Apache-2.0
// The one place that sees CLI11.
#include "app/command_line.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <CLI/CLI.hpp>
#include <map>
#include <system_error>

#include "app/standard_output.hpp"
#include "base/error.hpp"
#include "control/nearest.hpp"

namespace ridley::app {
namespace {

// A wrong word on the command line; the message says the rest.
struct Misuse {
  std::string message;
};

// Declares one option for each kind of target.
struct Declare {
  CLI::App& app;
  const Option& option;

  CLI::Option* operator()(bool* target) const {
    return app.add_flag(option.names, *target, option.meaning);
  }
  CLI::Option* operator()(std::vector<std::string>* target) const {
    CLI::Option* made = app.add_option(option.names, *target, option.meaning);
    // An option takes one value each time; only what stands behind the command takes all.
    return option.names.starts_with("-") ? made->allow_extra_args(false) : made;
  }
  template <typename Number>
  CLI::Option* operator()(std::optional<Number>* target) const {
    return ranged(app.add_option(option.names, *target, option.meaning));
  }
  CLI::Option* operator()(std::string* target) const {
    CLI::Option* made = app.add_option(option.names, *target, option.meaning);
    if (!target->empty()) made->capture_default_str();
    if (!option.choices.empty()) made->check(CLI::IsMember(option.choices));
    return made;
  }
  template <typename Number>
  CLI::Option* operator()(Number* target) const {
    return ranged(app.add_option(option.names, *target, option.meaning)->capture_default_str());
  }
  CLI::Option* ranged(CLI::Option* made) const {
    if (option.max == std::numeric_limits<std::uint64_t>::max()) return made;
    return made->check(CLI::Range(option.min, option.max));
  }
};

class Parser {
 public:
  explicit Parser(const Program& program) : root_{{}, program.command.name} {
    root_.set_version_flag("--version", program.command.name + " " + program.version,
                           "Show the version and end");
    declare(root_, program.command);
  }

  // The command that was named. Throws CLI::Success when the answer has been given already.
  const Command& parse(int count, const char* const* words);
  [[nodiscard]] std::string help() const;
  // "ridley config show", as far as it was understood.
  [[nodiscard]] std::string understood() const { return full_name(named()); }

 private:
  void declare(CLI::App& app, const Command& command);
  static void add(CLI::App& app, const Option& option);
  void refuse_unknown(const CLI::App& app) const;
  [[nodiscard]] const CLI::App& named() const;
  [[nodiscard]] static std::string full_name(const CLI::App& app);

  CLI::App root_;
  std::map<const CLI::App*, const Command*> commands_;
};

void Parser::declare(CLI::App& app, const Command& command) {
  commands_[&app] = &command;
  app.description(command.summary);
  app.set_help_flag("-h,--help", "Show this and end");
  // What is not known is refused below, with a suggestion.
  app.allow_extras();
  for (const Option& option : command.options) add(app, option);
  for (const Command& each : command.commands) {
    declare(*app.add_subcommand(each.name, each.summary), each);
  }
  app.require_subcommand(0, 1);
}

void Parser::add(CLI::App& app, const Option& option) {
  CLI::Option* made = std::visit(Declare{app, option}, option.target);
  made->required(option.required);
}

const Command& Parser::parse(int count, const char* const* words) {
  try {
    root_.parse(count, words);
  } catch (const CLI::Success&) {
    throw;
  } catch (const CLI::ParseError& error) {
    // A misspelt option is more likely what is wrong than what it left missing.
    refuse_unknown(named());
    throw Misuse{error.what()};
  }
  refuse_unknown(named());
  const Command& command = *commands_.at(&named());
  if (!command.run) throw Misuse{"a command is missing"};
  return command;
}

void Parser::refuse_unknown(const CLI::App& app) const {
  const std::vector<std::string> unknown = root_.remaining(true);
  if (unknown.empty()) return;
  const std::string& word = unknown.front();
  const bool is_option = word.starts_with("-");
  std::vector<std::string> names;
  if (is_option) {
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
  } else {
    for (const CLI::App* each : app.get_subcommands({})) names.push_back(each->get_name());
  }
  const std::string_view bare = std::string_view{word}.substr(0, word.find('='));
  const char* kind = is_option ? "option" : names.empty() ? "argument" : "command";
  throw Misuse{fmt::format("unknown {} '{}'{}", kind, bare,
                           control::did_you_mean(bare, {names.begin(), names.end()}))};
}

const CLI::App& Parser::named() const {
  const CLI::App* app = &root_;
  // As deep as commands are declared.
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return *app;
}

std::string Parser::full_name(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return parent == nullptr ? app.get_name() : full_name(*parent) + " " + app.get_name();
}

std::string Parser::help() const {
  const CLI::App& app = named();
  const CLI::App* parent = app.get_parent();
  return fmt::format("Example: {}\n\n{}", commands_.at(&app)->example,
                     app.help(parent != nullptr ? full_name(*parent) : ""));
}

int run_command(const Program& program, int count, const char* const* words) {
  Parser parser{program};
  const Command* command = nullptr;
  try {
    command = &parser.parse(count, words);
  } catch (const CLI::CallForVersion& version) {
    fmt::print("{}\n", version.what());
    return EX_OK;
  } catch (const CLI::Success&) {
    fmt::print("{}", parser.help());
    return EX_OK;
  } catch (const Misuse& misuse) {
    fmt::print(stderr, "{}: {}\nTry '{} --help'.\n", program.command.name, misuse.message,
               parser.understood());
    return EX_USAGE;
  }
  return command->run();
}

}  // namespace

int run_program(const Program& program, int count, const char* const* words) {
  end_quietly_without_reader();
  const std::string& name = program.command.name;
  try {
    const int exit_code = run_command(program, count, words);
    finish_standard_output();
    return exit_code;
  } catch (const base::Error& error) {
    if (standard_output_has_no_reader()) return EX_OK;
    fmt::print(stderr, "{}: {}\n", name, error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    if (standard_output_has_no_reader()) return EX_OK;
    const bool system = dynamic_cast<const std::system_error*>(&error) != nullptr;
    const bool output = system && std::ferror(stdout) != 0;
    fmt::print(stderr, "{}: {}{}\n", name, output ? "standard output: " : "", error.what());
    return output ? EX_IOERR : system ? EX_OSERR : EX_SOFTWARE;
  }
}

}  // namespace ridley::app
