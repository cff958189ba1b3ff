# SPDX-License-Identifier: Apache-2.0
"""The programs as they are started: app/ridley.cpp, app/ridleyd.cpp and app/ridley_venue.cpp.
Command lines, exit codes, what goes to which stream."""

import gzip
import json
import os
import subprocess
import tempfile
import unittest
from pathlib import Path

FOLDER = Path(os.environ.get("RIDLEY_BUILD_FOLDER", "build")) / "src" / "app"
SOURCE = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", "."))
PROGRAMS = ("ridley", "ridleyd", "ridley-venue")
SECONDS_MAX = 60

# exit codes of sysexits.h
OK, USAGE, DATAERR, NOINPUT, UNAVAILABLE, IOERR, CONFIG = 0, 64, 65, 66, 69, 74, 78
OPERATOR_VERBS = ("status", "arm", "disarm", "kill", "rearm", "cancel-all", "limits",
                  "reload-strategy", "renew-books", "reopen-card", "stop")


def run(program: str, *words: str, **options) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if name != "RIDLEY_SOCKET"}
    return subprocess.run([FOLDER / program, *words], capture_output=True, text=True,
                          timeout=SECONDS_MAX, env=environment, check=False, **options)


def subcommands(text: str) -> list[str]:
    if "Subcommands:" not in text:
        return []
    lines = text.split("Subcommands:\n")[1].splitlines()
    return [line.split()[0] for line in lines if line.startswith("  ") and line[2] != " "]


def all_helps(words: tuple[str, ...] = ("ridley",)):
    """The words of every command of ridley with its help."""
    text = run(words[0], *words[1:], "--help").stdout
    yield words, text
    for name in subcommands(text):
        yield from all_helps((*words, name))


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def configuration(self, *changes: tuple[str, str]) -> Path:
        """The shipped example for the simulator, in a run folder of its own."""
        text = (SOURCE / "config" / "simulator.toml").read_text()
        for was, now in (("/tmp/ridley", str(self.folder)), *changes):
            self.assertIn(was, text)
            text = text.replace(was, now)
        file = self.folder / "ridley.toml"
        file.write_text(text)
        return file

    def day(self, seconds: float = 1) -> Path:
        """ITCH messages of a simulated day."""
        file = self.folder / "day.itch"
        made = run("ridley-venue", "--seconds", str(seconds), "--instruments", "4",
                   "--record", str(file))
        self.assertEqual(made.returncode, OK, made.stderr)
        return file


class HelpTest(unittest.TestCase):
    def test_begins_with_an_example_that_calls_the_command(self):
        helps = [*all_helps(), *((((program,), run(program, "--help").stdout)
                                  for program in PROGRAMS[1:]))]
        self.assertGreater(len(helps), len(OPERATOR_VERBS) + 8)
        for words, text in helps:
            with self.subTest(words=words):
                self.assertTrue(text.startswith(f"Example: {' '.join(words)}"), text[:80])
                self.assertIn(f"Usage: {' '.join(words)} ", text)

    def test_names_every_operator_verb(self):
        names = subcommands(run("ridley", "--help").stdout)
        for verb in (*OPERATOR_VERBS, "decode", "book", "bench", "card", "doctor", "config",
                     "simulate", "topology", "version"):
            self.assertIn(verb, names)

    def test_fits_a_terminal_of_120_columns(self):
        for words, text in all_helps():
            with self.subTest(words=words):
                self.assertLessEqual(max(map(len, text.splitlines())), 120)

    def test_tells_the_same_version_of_every_program(self):
        versions = {run(program, "--version").stdout.split()[1] for program in PROGRAMS}
        self.assertEqual(len(versions), 1)


class WrongCommandLineTest(unittest.TestCase):
    def assert_usage(self, words: list[str], message: str):
        ended = run(*words)
        self.assertEqual((ended.returncode, ended.stdout), (USAGE, ""), ended.stderr)
        self.assertIn(message, ended.stderr)

    def test_is_a_usage_error_that_says_what_was_meant(self):
        for words, message in (
                (["ridley"], "a command is missing"),
                (["ridley", "decod"], "unknown command 'decod' (did you mean 'decode'?)"),
                (["ridley", "decode", "--jsn", "x"], "'--jsn' (did you mean '--json'?)"),
                (["ridley", "decode", "--engine", "vhdl", "x"], "--engine"),
                (["ridley", "decode", "--engine", "cpp", "--line", "here", "x"], "ADDRESS:PORT"),
                (["ridley", "decode", "--line", "10.0.0.1:1", "x"], "need --engine"),
                (["ridley", "decode", "--engine", "cpp", "--bitstream", "x", "x"], "engine rtl"),
                (["ridley", "config"], "a command is missing"),
                (["ridley", "config", "show"], "file is required"),
                (["ridley", "book"], "file is required"),
                (["ridley", "bench"], "a command is missing"),
                (["ridley", "bench", "itch"], "file is required"),
                (["ridley", "card"], "a command is missing"),
                (["ridley", "card", "stag"], "unknown command 'stag' (did you mean 'stage'?)"),
                (["ridley", "card", "info"], "bitstream is required"),
                (["ridley", "card", "sign", "a"], "--secret-key is required"),
                (["ridley", "card", "activate", "--messages", "0"], "--messages"),
                (["ridley", "card", "list", "all"], "unknown argument 'all'"),
                (["ridley", "status", "now"], "unknown argument 'now'"),
                (["ridley", "kill", "--symbol", "A", "--strategy", "1"], "exclude each other"),
                (["ridley", "kill", "--strategy", "64"], "--strategy"),
                (["ridley", "limits", "max_open_orders"], "max_open_orders=20"),
                (["ridley", "status", "--timeout-ms", "0"], "--timeout-ms"),
                (["ridleyd"], "configuration file is missing"),
                (["ridleyd", "a", "--config", "b"], "named twice"),
                (["ridleyd", "--chek", "a"], "'--chek' (did you mean '--check'?)"),
                (["ridley-venue", "--sed", "1"], "'--sed' (did you mean '--seed'?)")):
            with self.subTest(words=words):
                self.assert_usage(words, message)


class OperatorTest(Folder):
    def test_says_unavailable_where_no_appliance_runs(self):
        socket = str(self.folder / "none.sock")
        for verb in OPERATOR_VERBS:
            with self.subTest(verb=verb):
                ended = run("ridley", verb, "--socket", socket)
                self.assertEqual((ended.returncode, ended.stdout), (UNAVAILABLE, ""))
                self.assertIn(f"no appliance listens at {socket}", ended.stderr)

    def test_finds_the_socket_through_the_configuration(self):
        ended = run("ridley", "status", "--config", str(self.configuration()))
        self.assertEqual(ended.returncode, UNAVAILABLE)
        self.assertIn(f"{self.folder}/simulator.sock", ended.stderr)

    def test_refuses_a_limit_that_there_is_not(self):
        ended = run("ridley", "limits", "max_open_order=3")
        self.assertEqual(ended.returncode, DATAERR)
        self.assertIn("did you mean 'max_open_orders'?", ended.stderr)


class ConfigurationTest(Folder):
    def test_of_every_example_is_right(self):
        for example in sorted((SOURCE / "config").glob("*.toml")):
            with self.subTest(example=example.name):
                copy = self.folder / example.name
                copy.write_text(example.read_text())
                password = self.folder / "order.password"
                password.write_text("secret\n")
                password.chmod(0o600)
                ended = run("ridley", "config", "check", str(copy))
                self.assertEqual((ended.returncode, ended.stdout), (OK, ""), ended.stderr)

    def test_names_every_problem_with_file_line_and_column(self):
        file = self.configuration(("firm =", "frim ="), ("port = 26400", "port = 0"))
        for words in (["ridley", "config", "check"], ["ridley", "config", "show"], ["ridleyd"],
                      ["ridleyd", "--check"]):
            with self.subTest(words=words):
                ended = run(*words, str(file))
                self.assertEqual((ended.returncode, ended.stdout), (CONFIG, ""))
                lines = file.read_text().splitlines()
                line = lines.index("port = 0") + 1
                self.assertIn(f"{file}:{line}:8: order.port is 0, must be 1 to 65535",
                              ended.stderr)
                self.assertRegex(ended.stderr, r":\d+:1: unknown key 'frim' .*'firm'")
                self.assertIn("order.firm is missing", ended.stderr)

    def test_that_is_not_there_is_no_input(self):
        for words in (["ridley", "config", "check"], ["ridleyd"], ["ridleyd", "--check"]):
            with self.subTest(words=words):
                ended = run(*words, str(self.folder / "none.toml"))
                self.assertEqual(ended.returncode, NOINPUT)
                self.assertIn("none.toml: No such file", ended.stderr)

    def test_is_read_from_standard_input(self):
        text = self.configuration().read_text()
        ended = run("ridley", "config", "show", "-", input=text)
        self.assertEqual(ended.returncode, OK, ended.stderr)
        self.assertIn("[appliance]", ended.stdout)

    def test_shown_is_a_configuration_again(self):
        shown = run("ridley", "config", "show", str(self.configuration())).stdout
        ended = run("ridley", "config", "check", "-", input=shown)
        self.assertEqual(ended.returncode, OK, ended.stderr)

    def test_reference_is_a_configuration(self):
        reference = run("ridley", "config", "reference").stdout
        ended = run("ridley", "config", "check", "-", input=reference)
        self.assertEqual(ended.returncode, OK, ended.stderr)

    def test_with_a_strategy_that_there_is_not_does_not_start(self):
        file = self.configuration(("two_sided_quoter", "three_sided_quoter"))
        for words in ([], ["--check"]):
            ended = run("ridleyd", str(file), *words)
            self.assertEqual(ended.returncode, CONFIG)
            self.assertIn("three_sided_quoter", ended.stderr)

    def test_with_a_parameter_that_the_strategy_has_not_does_not_pass_the_check(self):
        file = self.configuration(("position_max", "position_mx"))
        ended = run("ridleyd", "--check", str(file))
        self.assertEqual(ended.returncode, CONFIG)
        self.assertIn("position_mx", ended.stderr)


class OutputTest(Folder):
    def test_asked_for_as_json_is_json(self):
        file = str(self.configuration())
        day = str(self.day(0.2))
        whole = (["config", "show", file], ["config", "check", file], ["config", "reference"],
                 ["topology"], ["version"], ["doctor"], ["bench", "itch", day])
        for words in whole:
            with self.subTest(words=words):
                ended = run("ridley", *words, "--json")
                self.assertEqual(ended.returncode, OK, ended.stderr)
                json.loads(ended.stdout)
        for words in (["decode", day], ["decode", "--count", day],
                      ["decode", "--engine", "cpp", day], ["book", day],
                      ["book", "--top-changes", day]):
            with self.subTest(words=words):
                ended = run("ridley", *words, "--json")
                self.assertEqual(ended.returncode, OK, ended.stderr)
                lines = ended.stdout.splitlines()
                self.assertGreater(len(lines), 0)
                for line in lines:
                    json.loads(line)

    def test_of_problems_asked_for_as_json_is_json(self):
        file = self.configuration(("port = 26400", "port = 0"))
        ended = run("ridley", "config", "check", "--json", str(file))
        self.assertEqual(ended.returncode, CONFIG)
        self.assertEqual(len(json.loads(ended.stdout)["problems"]), 1)

    def test_without_a_reader_ends_quietly(self):
        day = str(self.day(5))
        for words in (["decode", day], ["decode", day, "--json"],
                      ["decode", day, "--engine", "cpp"], ["book", day, "--top-changes"]):
            with self.subTest(words=words):
                with subprocess.Popen([FOLDER / "ridley", *words], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE) as child:
                    child.stdout.readline()
                    child.stdout.close()
                    self.assertEqual(child.stderr.read(), b"")
                    self.assertEqual(child.wait(SECONDS_MAX), OK)

    def test_that_cannot_be_written_is_an_input_output_error(self):
        day = str(self.day(0.2))
        for words in (["config", "reference"], ["decode", day], ["decode", "--engine", "cpp", day],
                      ["book", day], ["version"], ["topology"], ["doctor"],
                      ["bench", "itch", day]):
            with self.subTest(words=words), open("/dev/full", "w", encoding="ascii") as full:
                ended = subprocess.run([FOLDER / "ridley", *words], stdout=full,
                                       stderr=subprocess.PIPE, text=True, timeout=SECONDS_MAX,
                                       check=False)
                self.assertEqual(ended.returncode, IOERR, ended.stderr)
                self.assertRegex(ended.stderr, "output|written")

    def test_of_standard_input_is_that_of_the_file(self):
        day = self.day(0.2)
        for words in (["decode", "--count"], ["book"]):
            with self.subTest(words=words), open(day, "rb") as file:
                piped = run("ridley", *words, "-", stdin=file)
                self.assertEqual(piped.stdout, run("ridley", *words, str(day)).stdout)
                self.assertNotEqual(piped.stdout, "")

    def test_of_figures_is_of_the_same_books_however_the_day_comes(self):
        day = self.day(0.2)
        packed = self.folder / "day.gz"
        packed.write_bytes(gzip.compress(day.read_bytes()))
        words = ("bench", "itch", "--json", "--order-limit", "100000")
        with open(day, "rb") as file:
            said = [run("ridley", *words, str(day)), run("ridley", *words, str(packed)),
                    run("ridley", *words, "-", stdin=file)]
        figures = [json.loads(each.stdout) for each in said]
        digest = json.loads(run("ridley", "book", "--json", str(day)).stdout.splitlines()[-1])
        for each in figures:
            for name in ("messages", "live_orders", "levels", "bbo_digest"):
                self.assertEqual(each[name], digest[name])

    def test_of_figures_of_a_damaged_day_is_none(self):
        day = self.day(0.2)
        whole = day.read_bytes()
        day.write_bytes(whole[:-3])  # the end mark and a byte more
        for words, stdin in ((["bench", "itch", str(day)], None), (["bench", "itch", "-"], day)):
            with self.subTest(words=words), open(stdin or os.devnull, "rb") as file:
                ended = run("ridley", *words, stdin=file)
                self.assertEqual((ended.returncode, ended.stdout), (DATAERR, ""))
                self.assertRegex(ended.stderr, r"byte \d+: message of \d+ bytes is cut off")

    def test_of_a_file_that_is_not_there_is_nothing(self):
        for command in (["decode"], ["book"], ["bench", "itch"]):
            with self.subTest(command=command):
                ended = run("ridley", *command, str(self.folder / "none"))
                self.assertEqual((ended.returncode, ended.stdout), (NOINPUT, ""))


if __name__ == "__main__":
    unittest.main()
