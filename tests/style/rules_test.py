# SPDX-License-Identifier: Apache-2.0
"""Each rule refuses a sample that breaks it and passes one that just does not."""

import shutil
import tempfile
import unittest
from pathlib import Path

from style import compiled, coverage, layers, names, text_checks
from style.tree import Tree

LICENCE = "// SPDX-License-Identifier: Apache-2.0\n"


class Samples(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="ridley-style-"))
        self.addCleanup(shutil.rmtree, self.root)

    def tree(self, **files: str | bytes) -> Tree:
        """Files by name, with '__' for '/' and '___' for '.'."""
        paths = []
        for name, content in files.items():
            path = name.replace("___", ".").replace("__", "/")
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_bytes(
                content if isinstance(content, bytes) else content.encode())
            paths.append(path)
        return Tree(self.root, paths)

    def refuses(self, check, line: int, **files) -> None:
        self.assertEqual([f.line for f in check(self.tree(**files))], [line])

    def passes(self, check, **files) -> None:
        self.assertEqual([str(f) for f in check(self.tree(**files))], [])


class Text(Samples):
    def test_the_licence_line_is_wanted_first(self):
        self.refuses(text_checks.licence, 1, src__a__b___cpp="int x;\n" + LICENCE)
        self.refuses(text_checks.licence, 2, scripts__x="#!/bin/bash\necho\n")
        self.passes(text_checks.licence, src__a__b___cpp=LICENCE,
                    scripts__x="#!/bin/bash\n# SPDX-License-Identifier: Apache-2.0\n")

    def test_a_header_has_a_head_comment(self):
        self.refuses(text_checks.head_comment, 2, src__a__b___hpp=LICENCE + "#pragma once\n")
        self.passes(text_checks.head_comment, src__a__b___hpp=LICENCE + "// In: bytes.\n")

    def test_400_lines_pass_and_401_do_not(self):
        self.passes(text_checks.file_length, a___py="\n" * 400)
        self.refuses(text_checks.file_length, 401, a___py="\n" * 401)

    def test_100_columns_pass_and_101_do_not(self):
        self.passes(text_checks.columns, a___cpp="/" * 100 + "\n")
        self.refuses(text_checks.columns, 2, a___cpp="\n" + "/" * 101 + "\n")

    def test_blanks_and_tabs_are_refused(self):
        self.refuses(text_checks.blanks, 1, a___py="x = 1 \n")
        self.refuses(text_checks.blanks, 2, a___py="if x:\n\ty = 1\n")
        self.refuses(text_checks.blanks, 1, a___py="x = 1")
        self.passes(text_checks.blanks, a___py="x = 1\n")

    def test_a_function_of_60_lines_passes_and_one_of_61_does_not(self):
        body = "  call();\n"
        self.passes(text_checks.function_length, a___cpp="void f() {\n" + body * 58 + "}\n")
        self.refuses(text_checks.function_length, 1,
                     a___cpp="void f() {\n" + body * 59 + "}\n")
        self.refuses(text_checks.function_length, 1, b___py="def f():\n" + "    x = 1\n" * 60)

    def test_a_folder_of_one_machine_is_refused(self):
        for folder in ("work", "root", "home"):
            self.refuses(text_checks.machine_paths, 1, a___md=f"see /{folder}/someone\n")
        self.passes(text_checks.machine_paths, a___md="src/work/x and https://x.y/home/z.html\n")

    def test_what_is_left_to_do_has_a_number(self):
        self.refuses(text_checks.todo_has_issue, 1, a___cpp="// TO" + "DO: later\n")
        self.passes(text_checks.todo_has_issue, a___cpp="// TO" + "DO(#12): later\n")

    def test_binaries_and_made_files_are_refused(self):
        self.refuses(text_checks.only_sources_in_git, 1, a___bin=b"\x7fELF\0\1")
        self.refuses(text_checks.only_sources_in_git, 1, src__a___o="text\n")
        self.refuses(text_checks.only_sources_in_git, 1, big___md="x" * (512 * 1024 + 1))
        self.refuses(text_checks.only_sources_in_git, 1, a___hpp="// Generated from x.toml\n")
        self.passes(text_checks.only_sources_in_git, tests__fuzz__corpus__soup__seed=b"\0\1")


class Names(Samples):
    def test_words_that_say_nothing_are_refused(self):
        for name in ("util", "OrderManager", "packet_handler", "book_v2", "port_info", "data"):
            self.assertIsNotNone(names.fault_of(name), name)
        for name in ("shared_data", "database", "Information", "order_book", "rte_eth_dev_info"):
            self.assertIsNone(names.fault_of(name), name)

    def test_words_cut_short_are_refused(self):
        for name in ("msg", "recv_buf", "orderQty", "PktPtr"):
            self.assertIsNotNone(names.fault_of(name), name)
        for name in ("message", "id", "exchange_ns", "max_rx", "ordinal", "sequence"):
            self.assertIsNone(names.fault_of(name), name)

    def test_a_file_is_named_in_snake_case(self):
        self.refuses(names.file_names, 1, src__book__OrderBook___hpp="")
        self.refuses(names.file_names, 1, src__book__book_util___hpp="")
        self.passes(names.file_names, src__book__price_level___hpp="")

    def test_members_of_foreign_types_keep_their_names(self):
        self.passes(names.identifiers, src__nic__a___cpp="auto n = bytes.data(); m->pkt_len = 1;\n")
        self.refuses(names.identifiers, 2, src__nic__a___cpp="int n;\nint pkt_len = 1;\n")
        self.passes(names.identifiers, src__nic__a___cpp='say("msg");  // buf\n')

    def test_the_name_of_a_test_is_a_sentence(self):
        self.refuses(names.test_names, 1, tests__a__b_test___cpp="TEST(Book, Basic) {\n")
        self.passes(names.test_names, tests__a__b_test___cpp="TEST(Book, DropsALevel) {\n")


class Layers(Samples):
    def test_a_room_sees_left_only(self):
        self.assertTrue(layers.may_see("feed", "nic"))
        self.assertTrue(layers.may_see("feed", "feed"))
        self.assertFalse(layers.may_see("feed", "book"))
        self.assertFalse(layers.may_see("wire", "event"))

    def test_a_side_exit_sees_three_rooms(self):
        self.assertTrue(layers.may_see("telemetry", "event"))
        self.assertFalse(layers.may_see("telemetry", "nic"))
        self.assertTrue(layers.may_see("nic", "telemetry"))
        self.assertFalse(layers.may_see("event", "telemetry"))

    def test_the_venue_sees_all_but_app_and_only_app_sees_it(self):
        self.assertTrue(layers.may_see("venue", "control"))
        self.assertFalse(layers.may_see("venue", "app"))
        self.assertFalse(layers.may_see("control", "venue"))
        self.assertTrue(layers.may_see("app", "venue"))

    def test_an_include_to_the_right_is_refused(self):
        self.refuses(layers.layers, 2, src__feed__a___cpp='\n#include "book/books.hpp"\n')
        self.refuses(layers.layers, 1, src__feed__a___cpp='#include "decode.hpp"\n')
        self.refuses(layers.layers, 1, src__lobby__a___cpp="")

    def test_a_driver_sees_few_rooms_and_no_room_sees_a_driver(self):
        self.passes(layers.drivers, drivers__xrt_sim__a___cpp='#include "nic/frame.hpp"\n')
        self.passes(layers.drivers, drivers__xrt_sim__a___cpp='#include "xrt_sim/b.hpp"\n')
        self.refuses(layers.drivers, 1, drivers__xrt_sim__a___cpp='#include "book/books.hpp"\n')
        self.refuses(layers.drivers, 1, src__card__a___cpp='#include "xrt_sim/b.hpp"\n')

    def test_the_packet_library_is_for_nic(self):
        text = "#include <rte_ethdev.h>\n"
        self.refuses(layers.owned_headers, 1, src__feed__a___cpp=text)
        self.passes(layers.owned_headers, src__nic__a___cpp=text)

    def test_a_heavy_header_has_one_user(self):
        text = "#include <CLI/CLI.hpp>\n"
        self.passes(layers.owned_headers, src__app__a___cpp=text)
        self.refuses(layers.owned_headers, 1, src__app__a___cpp=text, src__app__b___cpp=text)
        self.refuses(layers.owned_headers, 1, src__app__c___hpp=text)

    def test_a_room_is_flat(self):
        self.refuses(layers.flat_rooms, 1, src__feed__inner__a___cpp="")
        self.passes(layers.flat_rooms, src__feed__a___cpp="")

    def test_the_own_header_comes_first(self):
        text = '#include <vector>\n#include "feed/a.hpp"\n'
        self.refuses(layers.include_order, 1, src__feed__a___cpp=text, src__feed__a___hpp="")
        text = '#include "feed/a.hpp"\n\n#include <vector>\n\n#include "base/bytes.hpp"\n'
        self.passes(layers.include_order, src__feed__a___cpp=text, src__feed__a___hpp="")

    def test_ours_come_last(self):
        self.refuses(layers.include_order, 2,
                     src__feed__a___cpp='#include "base/bytes.hpp"\n#include <vector>\n')

    def test_a_header_is_in_the_namespace_of_its_room(self):
        self.refuses(layers.namespaces, 1, src__feed__a___hpp="namespace ridley::book {}\n")
        self.passes(layers.namespaces, src__feed__a___hpp="namespace ridley::feed {}\n")


class Coverage(Samples):
    def test_a_source_without_a_test_is_refused(self):
        self.refuses(coverage.tests_name_units, 1, src__feed__a___cpp="")
        self.passes(coverage.tests_name_units, src__feed__a___cpp="",
                    tests__feed__a_test___cpp="")
        self.passes(coverage.tests_name_units, src__feed__a___cpp="",
                    tests__feed__b_test___cpp='#include "feed/a.hpp"\n')

    def test_a_hot_header_without_a_test_is_refused(self):
        files = {"src__feed__meson___build": "hot_sources += files('a.cpp')\n",
                 "src__feed__a___cpp": '#include "feed/b.hpp"\n', "src__feed__b___hpp": "",
                 "tests__feed__a_test___cpp": ""}
        (finding,) = coverage.tests_name_units(self.tree(**files))
        self.assertEqual(finding.path, "src/feed/b.hpp")


class Compiled(Samples):
    def test_text_that_clang_format_would_change_is_refused(self):
        if not shutil.which(compiled.CLANG_FORMAT):
            self.skipTest("needs clang-format-19")
        self.refuses(compiled.formatting, 1, src__a__b___cpp="int   x;\n")
        self.passes(compiled.formatting, src__a__b___cpp="int x;\n")

    def test_a_header_that_leans_on_others_is_refused(self):
        build = self.root / "build"
        build.mkdir()
        (build / "compile_commands.json").write_text(
            f'[{{"directory": "{self.root}", "command": "g++ -Isrc -c x", "file": "x"}}]')
        files = {"src__a__b___hpp": "inline std::size_t f() { return 0; }\n",
                 "src__a__c___hpp": "#include <cstddef>\ninline std::size_t g() { return 0; }\n"}
        found = list(compiled.headers_alone(self.tree(**files), build))
        self.assertEqual([finding.path for finding in found], ["src/a/b.hpp"])
        self.assertEqual(len(list((build / "style").iterdir())), 1)


if __name__ == "__main__":
    unittest.main()
