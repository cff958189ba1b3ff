#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes source files and pages from the tables under schema/. A table that cannot be right is
refused with file, line and reason, and exit code 65."""

import argparse
import os
import pathlib
import sys

from schema_tools.catalogue import cpp_catalogue, load_catalogue, sv_catalogue
from schema_tools.check import check
from schema_tools.controls import controls_reference, cpp_controls, load_controls
from schema_tools.cpp_records import c_records, cpp_records
from schema_tools.cpp_wire import cpp_wire
from schema_tools.itch_events import load_itch_events, sv_decoder, sv_types
from schema_tools.load import load
from schema_tools.lua import lua
from schema_tools.markdown import reference
from schema_tools.model import SchemaError
from schema_tools.output import rewrite
from schema_tools.registers import cpp_registers, load_registers, registers_reference
from schema_tools.registers_sv import sv_block, sv_package
from schema_tools.sv_messages import sv_messages


def load_protocol(file):
    return check(load(file))


# name: (how a table is read, what is made from it)
BACK_ENDS = {
    "wire": (load_protocol, cpp_wire),
    "records": (load_protocol, cpp_records),
    "c-records": (load_protocol, c_records),
    "reference": (load_protocol, reference),
    "lua": (load_protocol, lua),
    "itch-decoder": (load_itch_events, sv_decoder),
    "itch-types": (load_itch_events, sv_types),
    "sv-messages": (load_protocol, sv_messages),
    "catalogue": (load_catalogue, cpp_catalogue),
    "catalogue-package": (load_catalogue, sv_catalogue),
    "controls": (load_controls, cpp_controls),
    "controls-reference": (load_controls, controls_reference),
    "registers": (load_registers, cpp_registers),
    "registers-package": (load_registers, sv_package),
    "registers-block": (load_registers, sv_block),
    "registers-reference": (load_registers, registers_reference),
    "check": (load_protocol, None),
    "check-controls": (load_controls, None),
    "check-registers": (load_registers, None),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("back_end", choices=sorted(BACK_ENDS))
    parser.add_argument("schema", nargs="+", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path, help="file to write, else stdout")
    arguments = parser.parse_args()
    read, make = BACK_ENDS[arguments.back_end]
    try:
        tables = [read(file) for file in arguments.schema]
    except SchemaError as error:
        print(error, file=sys.stderr)
        return os.EX_DATAERR
    except OSError as error:
        print(f"{error.filename}: {error.strerror}", file=sys.stderr)
        return os.EX_NOINPUT
    if make is None:
        return os.EX_OK
    text = make(*tables)
    if arguments.output:
        rewrite(arguments.output, text)
    else:
        sys.stdout.write(text)
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
