# SPDX-License-Identifier: Apache-2.0
"""In: files of unittest cases. Out: the Test Anything Protocol, one line for each case, so that the
build counts every one of them."""

import importlib.util
import os
import sys
import unittest
from pathlib import Path


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.count = 0

    def say(self, verdict: str, case: unittest.TestCase, more: str = "") -> None:
        self.count += 1
        print(f"{verdict} {self.count} - {case.id().replace('#', 'no.')}{more}", flush=True)

    def addSuccess(self, test):  # noqa: N802
        self.say("ok", test)

    def addFailure(self, test, err):  # noqa: N802
        super().addFailure(test, err)
        self.fail_case(test, self.failures[-1][1])

    def addError(self, test, err):  # noqa: N802
        super().addError(test, err)
        self.fail_case(test, self.errors[-1][1])

    def addSubTest(self, test, subtest, err):  # noqa: N802
        super().addSubTest(test, subtest, err)
        if err is not None:
            for line in f"{subtest}\n{err[1]}".splitlines():
                print(f"  {line}", file=sys.stderr)

    def stopTest(self, test):  # noqa: N802
        # A case whose sub-tests failed has been told neither good nor bad.
        if self.count == self.testsRun - 1:
            self.say("not ok", test)
        super().stopTest(test)

    def fail_case(self, test, text: str) -> None:
        self.say("not ok", test)
        print(f"{test.id()}:\n{text}", file=sys.stderr)

    def addSkip(self, test, reason):  # noqa: N802
        super().addSkip(test, reason)
        self.say("ok", test, f" # SKIP {reason}")


def load(paths: list[str]) -> unittest.TestSuite:
    suite = unittest.TestSuite()
    for path in map(Path, paths):
        specification = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(specification)
        sys.modules[path.stem] = module
        specification.loader.exec_module(module)
        suite.addTests(unittest.defaultTestLoader.loadTestsFromModule(module))
    return suite


def main() -> int:
    sys.dont_write_bytecode = True
    scripts = Path(__file__).resolve().parents[2] / "scripts"
    sys.path[:0] = [str(scripts)]
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    suite = load(sys.argv[1:])
    print(f"1..{suite.countTestCases()}", flush=True)
    result = TapResult()
    suite.run(result)
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
