# SPDX-License-Identifier: Apache-2.0
"""The brace parser that measures functions."""

import unittest

from style import cpp


def names(text: str) -> list[str]:
    return [function.name for function in cpp.functions(text)]


class Functions(unittest.TestCase):
    def test_measures_from_the_first_word_to_the_closing_brace(self):
        text = "int f(int a,\n      int b) {\n  return a + b;\n}\n"
        (function,) = cpp.functions(text)
        self.assertEqual((function.first, function.last, function.length), (1, 4, 4))

    def test_finds_members_of_nested_types(self):
        text = "namespace a { class B final { struct C { int f() const { return 1; } };\n" \
               " public:\n  int g() { return 2; } }; }"
        self.assertEqual(names(text), ["f", "g"])

    def test_takes_braces_of_an_initialiser_list_for_none_of_the_body(self):
        text = "A::A(int x) : first_{x}, second_{x, 2} {\n  call();\n\n}\nint after() {}"
        found = cpp.functions(text)
        self.assertEqual([(f.name, f.first, f.last) for f in found], [("A", 1, 4), ("after", 5, 5)])

    def test_knows_templates_with_class_parameters_and_constraints(self):
        text = "template <class T, typename U = std::vector<T>>\n" \
               "requires std::integral<T>\nT g(U u) { return u[0]; }"
        self.assertEqual(names(text), ["g"])

    def test_ignores_braces_in_literals_and_comments(self):
        text = 'void f() {\n  say("}{{");  // {\n  char c = \'{\'; /* { */\n' \
               '  auto r = R"x({{{)x";\n}\nvoid g() {}\n'
        self.assertEqual([(f.name, f.last) for f in cpp.functions(text)], [("f", 5), ("g", 6)])

    def test_counts_a_lambda_with_the_function_around_it(self):
        text = "void f() {\n  auto g = [](int x) { return x; };\n}\n"
        self.assertEqual(names(text), ["f"])

    def test_takes_initialised_values_for_no_function(self):
        text = "constexpr auto kTable = make(3){};\nint x{f(2)};\nenum class E { A, B };\n" \
               "struct S { int a = call(1); };\n"
        self.assertEqual(names(text), [])

    def test_takes_a_call_with_braces_for_no_function(self):
        text = "CASES(A, b,\n  Values(Case{1, \"x\"},\n         Case{2, \"y\"}));\n"
        self.assertEqual(names(text + "int f() { return g({1}); }"), ["f"])

    def test_knows_operators(self):
        text = "bool operator==(const A& a) const { return 1; }\nint operator()(int x) {}"
        self.assertEqual(names(text), ["operator==", "operator()"])

    def test_keeps_digit_separators(self):
        text = "int f() { return 1'000'000; }\nint g() { return 'x'; }"
        self.assertEqual(names(text), ["f", "g"])

    def test_survives_a_brace_that_never_closes(self):
        self.assertEqual(names("void f() {"), ["f"])


class Blanked(unittest.TestCase):
    def test_keeps_lines_where_they_are(self):
        text = 'a /* one\ntwo */ b "x\\"y" // c\nd'
        self.assertEqual(cpp.blanked(text).count("\n"), 2)
        self.assertNotIn("two", cpp.blanked(text))
        self.assertNotIn("y", cpp.blanked(text))


if __name__ == "__main__":
    unittest.main()
