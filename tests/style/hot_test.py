# SPDX-License-Identifier: Apache-2.0
"""What hot code must not do is found, and what looks like it is not."""

import shutil
import tempfile
import unittest
from pathlib import Path

from style import hot
from style.tree import Tree

REFUSED = [
    "auto* x = new int;", "delete x;", "void* p = malloc(8);", "free(p);",
    "auto x = std::make_unique<int>();", "std::string name;", "std::to_string(3);",
    "orders_.push_back(x);", "orders_->resize(4);", "std::unordered_map<int, int> m;",
    "throw 1;", "try {", "dynamic_cast<A*>(b);", "virtual void f();", "std::printf(x);",
    "std::cout << x;", "fmt::print(x);", "std::mutex m;", "std::lock_guard l{m};",
    "std::condition_variable c;", "std::chrono::steady_clock::now();", "clock_gettime(a, b);",
    "std::getenv(x);", "::write(1, a, b);", "::send(s, a, b, 0);", "std::this_thread::yield();",
    "std::function<void()> f;", "syscall(1);",
]
ALLOWED = [
    "::new (static_cast<void*>(p)) Value{};", "A(const A&) = delete;", "std::string_view text;",
    "order_.send(approved);", "port.write(x);", "int new_order_id = 3;", "renew(x);",
    "std::array<int, 3> a;", "books_.reserve_price(3);", "// throw new std::string", 'f("new");',
    "void operator delete(void*) = delete;", "feed::read(x);", "reset_virtual_port();",
]


class Hot(unittest.TestCase):
    def setUp(self):
        self.root = Path(tempfile.mkdtemp(prefix="ridley-hot-"))
        self.addCleanup(shutil.rmtree, self.root)

    def tree(self, files: dict[str, str]) -> Tree:
        for path, text in files.items():
            (self.root / path).parent.mkdir(parents=True, exist_ok=True)
            (self.root / path).write_text(text)
        return Tree(self.root, list(files))

    def test_refuses_every_banned_call(self):
        for line in REFUSED:
            self.assertTrue(list(hot.findings_in("src/feed/a.hpp", line)), line)

    def test_allows_what_only_looks_like_one(self):
        for line in ALLOWED:
            self.assertEqual(list(hot.findings_in("src/feed/a.hpp", line)), [], line)

    def test_leaves_the_tick_counter_to_rooms_that_stamp(self):
        self.assertTrue(list(hot.findings_in("src/book/a.hpp", "auto t = base::read_tsc();")))
        self.assertFalse(list(hot.findings_in("src/nic/a.hpp", "auto t = base::read_tsc();")))

    def test_follows_includes_from_hot_sources(self):
        tree = self.tree({
            "src/feed/meson.build": "hot_sources += files(\n  'a.cpp',\n)\n"
                                    "cold_sources += files('c.cpp')\n",
            "src/feed/a.cpp": '#include "feed/a.hpp"\n', "src/feed/c.cpp": "std::string x;\n",
            "src/feed/a.hpp": '#include "base/b.hpp"\n#include "base/cold.hpp"\n',
            "src/base/b.hpp": "std::mutex m;\n",
            "src/base/cold.hpp": "// In: a size. Cold; one owner.\nstd::string x;\n",
        })
        self.assertEqual(
            hot.hot_files(tree), ["src/base/b.hpp", "src/feed/a.cpp", "src/feed/a.hpp"])
        self.assertEqual([f.path for f in hot.hot_calls(tree)], ["src/base/b.hpp"])

    def test_leaves_functions_marked_cold(self):
        text = "// Cold: set-up.\ntemplate <class T>\nvoid f() {\n  throw 1;\n}\n" \
               "void g() {\n  throw 1;\n}\n"
        self.assertEqual([f.line for f in hot.findings_in("src/feed/a.hpp", text)], [7])
        text = "throw 1;  // Cold: once a day.\nthrow 2;\n"
        self.assertEqual([f.line for f in hot.findings_in("src/feed/a.hpp", text)], [2])

    def test_wants_noexcept(self):
        tree = self.tree({"src/feed/meson.build": "hot_sources += files('a.cpp')\n",
                          "src/feed/a.cpp": "int f() noexcept { return 1; }\nint g() {}\n"})
        self.assertEqual([f.line for f in hot.hot_noexcept(tree)], [2])


if __name__ == "__main__":
    unittest.main()
