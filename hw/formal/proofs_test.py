# SPDX-License-Identifier: Apache-2.0
"""What no bench can show: that it holds for every input and for ever. Each module says what it
promises behind `ifdef FORMAL; yosys-smtbmc proves it up to so many cycles, and by induction from
there on. A proof that nothing could break proves nothing, so each has mutants, and every one of
them is caught. proofs.py has them."""

import os
import subprocess
import tempfile
import unittest
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from proofs import HARDWARE, MADE, PROOFS, Proof

PACKAGES = sorted(MADE.glob("*_pkg.sv"))


def _names(files):
    return " ".join(map(str, files))


class Solver:
    """One module, made ready for the solver."""

    def __init__(self, proof, text, folder):
        self.proof = proof
        self.model = Path(folder) / "model.smt2"
        source = Path(folder) / "module.sv"
        source.write_text(text, encoding="utf-8")
        settings = " ".join(f"-set {name} {value}" for name, value in proof.parameters.items())
        cut = " ".join(f"*/t:*{file.stem}*" for file in proof.whatever)
        script = (f"read_verilog -sv {_names([*PACKAGES, *proof.plain, *proof.whatever])}; "
                  f"read_verilog -formal -sv -I{HARDWARE / 'formal'} "
                  f"{_names([*proof.parts, source])}; "
                  f"chparam {settings} {proof.module}; hierarchy -top {proof.module}; proc; "
                  f"{f'cutpoint {cut}; ' if cut else ''}"
                  f"prep -flatten; async2sync; dffunmap; write_smt2 -wires {self.model}")
        done = subprocess.run([os.environ["RIDLEY_YOSYS"], "-q", "-p", script],
                              capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise AssertionError(f"{proof.module}: {done.stdout}{done.stderr}")

    def holds(self, *arguments):
        cycles = str(self.proof.cycles)
        if self.proof.whole:
            arguments = (*arguments, "--noincr")
            if "-i" not in arguments:
                cycles = f"0:{cycles}:{cycles}"
        # Unrolled, as z3 copies a definition wherever another one uses it, and those in turn.
        done = subprocess.run(
            [f"{os.environ['RIDLEY_YOSYS']}-smtbmc", "-s", "z3", "--unroll",
             "-t", cycles, *arguments, str(self.model)],
            capture_output=True, text=True, check=False)
        if "Status: PASSED" in done.stdout:
            return True
        if "Status: FAILED" in done.stdout or "Status: failed" in done.stdout:
            return False
        raise AssertionError(f"{self.proof.module}: {done.stdout}{done.stderr}")


@dataclass(frozen=True)
class Question:
    """Whether what a proof's module promises holds of this text."""
    proof: Proof
    what: str
    text: str
    arguments: tuple = ()

    def answer(self):
        with tempfile.TemporaryDirectory() as folder:
            return Solver(self.proof, self.text, folder).holds(*self.arguments)


def _text(proof):
    return (HARDWARE / proof.file).read_text("utf-8")


class Proofs(unittest.TestCase):
    def check(self, questions, expected):
        """As many at once as there are processors: the solver has one thread."""
        with ThreadPoolExecutor(max_workers=len(os.sched_getaffinity(0))) as pool:
            answers = [pool.submit(question.answer) for question in questions]
            for question, answer in zip(questions, answers):
                with self.subTest(f"{question.proof.module} {question.what}"):
                    self.assertEqual(answer.result(), expected)

    def test_every_promise_holds_from_the_reset_on_and_for_ever(self):
        self.check([Question(proof, what, _text(proof), arguments) for proof in PROOFS
                    for what, arguments in (("from the reset on", ()), ("for ever", ("-i",)))],
                   True)

    def test_every_mutant_is_caught(self):
        questions = []
        for proof in PROOFS:
            for what, (old, new) in proof.mutants.items():
                text = _text(proof)
                self.assertEqual(text.count(old), 1, f"{proof.module}: no place to say {what}")
                questions.append(Question(proof, what, text.replace(old, new),
                                          ("-i",) if proof.deep else ()))
        self.check(questions, False)

    def test_every_module_that_promises_something_has_a_proof(self):
        promising = {file.stem for file in HARDWARE.rglob("*.sv")
                     if "`ifdef FORMAL" in file.read_text("utf-8")}
        self.assertEqual(promising, {proof.module for proof in PROOFS})


if __name__ == "__main__":
    unittest.main()
