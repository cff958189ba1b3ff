# SPDX-License-Identifier: Apache-2.0
"""The catalogue of risk controls: schema/controls.toml in, risk/controls.hpp and a page out."""

from dataclasses import dataclass

from .check import NAME
from .load import TableFile
from .model import camel

EVALUATED = ("host", "card", "both", "venue")


@dataclass
class Control:
    number: int
    name: str
    title: str
    formula: str
    inputs: list
    units: str
    reason: str
    evaluated: str
    rule: str
    implemented: bool
    line: int


@dataclass
class Catalogue:
    file: str
    controls: list


KEYS = {name for name in Control.__dataclass_fields__ if name != "line"}


def load_controls(file):
    """Numbers count from 1 without a hole: the lowest failing number is the verdict."""
    tables = TableFile(file)
    tables.refuse_unknown("file", tables.tables, {"control"}, 1)
    controls = []
    seen = {}
    for index, table in enumerate(tables.tables.get("control", [])):
        line, _ = tables.lines.section("control", index)
        tables.refuse_unknown("control", table, KEYS, line)
        tables.refuse_missing("control", table, KEYS, line)
        tables.refuse_wrong_types(table, line)
        control = Control(**table, line=line)
        if control.number != index + 1:
            tables.refuse(line, f"control '{control.name}' has number {control.number}, "
                                f"expected {index + 1}")
        if not NAME.fullmatch(control.name):
            tables.refuse(line, f"control name '{control.name}' is not snake_case")
        if control.name in seen:
            tables.refuse(line, f"duplicate control name '{control.name}', first on line "
                                f"{seen[control.name]}")
        if control.evaluated not in EVALUATED:
            tables.refuse(line, f"control '{control.name}': evaluated '{control.evaluated}' is "
                                f"none of {', '.join(EVALUATED)}")
        seen[control.name] = line
        controls.append(control)
    if not controls:
        tables.refuse(1, "there is no [[control]] table")
    return Catalogue(tables.file, controls)


def text(value):
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def cpp_controls(catalogue):
    controls = catalogue.controls
    lines = ["// SPDX-License-Identifier: Apache-2.0",
             f"// Made from {catalogue.file} by scripts/generate.py; never edited.",
             "// The catalogue of risk controls. The lowest failing number is the verdict.",
             "// In: a control's number. Out: what it is called and means. Any core.",
             "#pragma once", "", "#include <array>", "#include <cstddef>", "#include <cstdint>",
             "#include <string_view>", "", "namespace ridley::risk {", "",
             "enum class Control : std::uint8_t {", "  None = 0,"]
    lines += [f"  {camel(one.name)} = {one.number},  // {one.title}" for one in controls]
    lines += ["};", "", "enum class Evaluated : std::uint8_t { Host, Card, Both, Venue };", "",
              "struct ControlDescription {", "  Control control;", "  std::uint8_t number;",
              "  std::string_view name;", "  std::string_view title;", "  std::string_view unit;",
              "  std::string_view formula;", "  std::string_view reason;",
              "  std::string_view rule;", "  Evaluated evaluated;", "  bool implemented;", "};", "",
              f"inline constexpr std::size_t kControlCount = {len(controls)};", "",
              "inline constexpr std::array<ControlDescription, kControlCount> kControls{{"]
    for one in controls:
        lines += [f"    {{Control::{camel(one.name)}, {one.number}, {text(one.name)}, "
                  f"{text(one.title)},", f"     {text(one.units)},", f"     {text(one.formula)},",
                  f"     {text(one.reason)},",
                  f"     {text(one.rule)}, Evaluated::{camel(one.evaluated)}, "
                  f"{'true' if one.implemented else 'false'}}},"]
    lines += ["}};", "",
              "// The entry of a number; that of no control where the number is not in the "
              "catalogue.",
              "[[nodiscard]] constexpr const ControlDescription* description_of("
              "std::uint8_t number) noexcept {",
              "  if (number == 0 || number > kControlCount) return nullptr;",
              "  return &kControls[number - 1u];", "}", "",
              "[[nodiscard]] constexpr std::string_view name_of(Control control) noexcept {",
              "  const ControlDescription* found = "
              "description_of(static_cast<std::uint8_t>(control));",
              '  return found != nullptr ? found->name : "none";', "}", "",
              "}  // namespace ridley::risk"]
    return "\n".join(lines) + "\n"


def controls_reference(catalogue):
    def cell(value):
        return str(value).replace("|", "\\|")

    lines = ["# Risk controls", "",
             f"Made from `{catalogue.file}`. Evaluated in the order of their numbers; the lowest "
             "failing number is reported. Both engines give the same verdict.", "",
             "| # | name | control | evaluated | implemented | unit | rule |",
             "|---:|---|---|---|---|---|---|"]
    lines += [f"| {one.number} | `{one.name}` | {cell(one.title)} | {one.evaluated} | "
              f"{'yes' if one.implemented else 'no'} | {cell(one.units)} | {cell(one.rule)} |"
              for one in catalogue.controls]
    for one in catalogue.controls:
        inputs = ", ".join(f"`{name}`" for name in one.inputs)
        lines += ["", f"## {one.number}. {one.title}", "", f"Passes when `{one.formula}`.", "",
                  f"Rejects because {one.reason}. Inputs: {inputs}."]
    return "\n".join(lines) + "\n"
