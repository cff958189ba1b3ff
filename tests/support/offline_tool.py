# SPDX-License-Identifier: Apache-2.0
"""`ridley` as the tests of its offline commands run it."""

import json
import os
import subprocess
import tempfile
from pathlib import Path

ROOT = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", Path(__file__).parents[2]))
BUILD = Path(os.environ.get("RIDLEY_BUILD_FOLDER", ROOT / "build"))
RIDLEY = BUILD / "src" / "app" / "ridley"


def ridley(*words, given=None):
    """Exit code, output and errors. What is given stands in a file for "-": from a pipe of unknown
    length books take all the memory they may have. With --json the output is a list of objects."""
    with tempfile.NamedTemporaryFile() as file:
        if given is not None:
            file.write(given)
            file.flush()
        command = [file.name if word == "-" else str(word) for word in words]
        done = subprocess.run([RIDLEY, *command], capture_output=True, check=False)
    output = done.stdout.decode()
    if "--json" in words:
        output = [json.loads(line) for line in output.splitlines()]
    return done.returncode, output, done.stderr.decode()
