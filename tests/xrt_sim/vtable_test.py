# SPDX-License-Identifier: Apache-2.0
"""The functions that libxrt_coreutil calls through tables stand in the same slots of ours, with the
same parameters, as in the library that Debian builds beside it."""

import re
import subprocess
import unittest
from pathlib import Path

from card_rig import SHIM

NOOP = Path("/usr/lib/x86_64-linux-gnu/libxrt_noop.so.2")
DEVICE = ("_ZTVN6ridley7xrt_sim9SimDeviceE", "_ZTVN8xrt_core4noop6deviceE", 71)
SYSTEM = ("_ZTVN6ridley7xrt_sim9SimSystemE", "_ZTVN8xrt_core4noop6systemE", 12)
SLOT_BYTES = 8
# Before the first slot: the offset to the whole object, and its type.
HEAD_SLOTS = 2


def readelf(*arguments):
    return subprocess.run(["readelf", "-W", *arguments], capture_output=True, text=True,
                          check=True).stdout


def symbols_of(library):
    """Address and size of every dynamic symbol, and the names at every address: functions whose
    code is the same may be one."""
    places, names = {}, {}
    for line in readelf("--dyn-syms", library).splitlines():
        words = line.split()
        if len(words) >= 8 and re.fullmatch(r"[0-9a-f]{16}", words[1]):
            name = words[7].split("@")[0]
            places[name] = (int(words[1], 16), int(words[2], 0))
            names.setdefault(int(words[1], 16), []).append(name)
    return places, names


def relocations_of(library):
    """What the loader writes: address to a symbol's name or to an address."""
    found = {}
    pattern = re.compile(r"^([0-9a-f]{16})\s+\S+\s+R_X86_64_(\w+)\s+(.*)$")
    for line in readelf("-r", library).splitlines():
        match = pattern.match(line)
        if match:
            value = int(match[3], 16) if match[2] == "RELATIVE" else match[3].split()[1]
            found[int(match[1], 16)] = value
    return found


def signature(name):
    """'SimDevice::alloc_bo(unsigned long)' to 'alloc_bo(unsigned long)'; destructors are alike."""
    head, parenthesis, rest = name.partition("(")
    head = re.sub(r"<.*>", "", head).split("::")[-1]
    return "~" if head.startswith("~") else head + parenthesis + rest


def table(library, symbol):
    """The signatures that stand in each slot."""
    places, names = symbols_of(library)
    if symbol not in places:
        raise AssertionError(f"{library} has no {symbol}")
    start, size = places[symbol]
    written = relocations_of(library)
    slots = []
    for slot in range(HEAD_SLOTS, size // SLOT_BYTES):
        value = written.get(start + slot * SLOT_BYTES, 0)
        slots.append([value.split("@")[0]] if isinstance(value, str) else names.get(value, ["?"]))
    plain = subprocess.run(["c++filt"], input="\n".join(sum(slots, [])), capture_output=True,
                           text=True, check=True).stdout.splitlines()
    readable = iter(plain)
    return [{signature(next(readable)) for _ in slot} for slot in slots]


def differences(ours, theirs):
    return [(number, sorted(mine), sorted(other))
            for number, (mine, other) in enumerate(zip(ours, theirs, strict=True))
            if not mine & other]


class Tables(unittest.TestCase):
    def setUp(self):
        if not NOOP.exists():
            self.skipTest(f"{NOOP} is not there to compare with (libxrt1)")

    def test_every_slot_is_as_in_the_distribution(self):
        for ours, theirs, count in (DEVICE, SYSTEM):
            with self.subTest(ours):
                reference = table(NOOP, theirs)
                self.assertEqual(len(reference), count)
                mine = table(SHIM, ours)
                self.assertEqual(len(mine), count)
                self.assertEqual(differences(mine, reference), [])
                self.assertNotIn({"?"}, mine)

    def test_a_slot_in_the_wrong_place_is_found(self):
        reference = table(NOOP, DEVICE[1])
        mine = table(SHIM, DEVICE[0])
        for number in range(len(mine) - 1):
            if mine[number] == mine[number + 1]:
                continue  # both destructors
            changed = list(mine)
            changed[number], changed[number + 1] = mine[number + 1], mine[number]
            self.assertNotEqual(differences(changed, reference), [], f"slot {number} and next")

    def test_an_overload_in_the_wrong_place_is_found(self):
        self.assertNotEqual(
            signature("ridley::A::alloc_bo(unsigned long, unsigned int)"),
            signature("ridley::A::alloc_bo(void*, unsigned long, unsigned int)"))
        self.assertNotEqual(signature("A::read(int)"), signature("A::read(int) const"))

    def test_one_slot_less_is_found(self):
        with self.assertRaises(ValueError):
            differences(table(SHIM, DEVICE[0])[:-1], table(NOOP, DEVICE[1]))

    def test_nothing_is_linked_that_xrt_brings_itself(self):
        needed = readelf("-d", SHIM)
        self.assertNotIn("libxrt_core.so", "".join(
            line for line in needed.splitlines() if "NEEDED" in line))
        self.assertIn("[libxrt_core.so.2]", next(
            line for line in needed.splitlines() if "SONAME" in line))


if __name__ == "__main__":
    unittest.main()
