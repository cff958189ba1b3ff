# SPDX-License-Identifier: Apache-2.0
"""What a start of ridleyd costs, counted: system calls, questions in vain, libraries, page faults.
Times are printed, never judged: this machine has other things to do. No exchange is there, so the
start ends where the appliance is ready for link. On small pages, which every machine has."""

import os
import re
import shutil
import signal
import subprocess
import tempfile
import unittest
from pathlib import Path

SOURCE = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", "."))
FOLDER = Path(os.environ.get("RIDLEY_BUILD_FOLDER", "build")) / "src" / "app"
SECONDS_MAX = 60
READY = "ready for link"
# The runner of the tests names folders where every library would be looked for first.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "LD_LIBRARY_PATH"}

# Measured 2026-11-21, in brackets with shared libraries, hwloc and memory for a million orders: 345
# system calls of the main thread (912), 48 of them in vain (73; 34 are DPDK looking for a shared
# copy of itself), 3 libraries (36), 0.2 ms asleep
# (3.0), 1,430 page faults (6,475), 21 MB resident (85). A fifth more is allowed.
CALLS_MAX = 420
VAIN_MAX = 60
LIBRARIES_MAX = 4
ASLEEP_MS_MAX = 2.5
FAULTS_MAX = 1_750
RESIDENT_MB_MAX = 25.0

# How often another thread has to be waited for is not the start's cost.
WAITS = ("clock_nanosleep(", "futex(", "sched_yield(")

FAILED = re.compile(r"= -1 E(NOENT|NOTDIR|ACCES)\b")
NAP = re.compile(r"clock_nanosleep\(.*?tv_sec=(\d+), tv_nsec=(\d+)\}")


def drivers_are_linked_in() -> bool:
    """Not where Debian's archives were missing when this was built."""
    libraries = subprocess.run(["ldd", str(FOLDER / "ridleyd")], capture_output=True, text=True,
                               check=True).stdout
    return "librte_" not in libraries


class StartTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def configuration(self, port: str) -> Path:
        """The simulator's, in a folder of its own, with nobody at the other ends."""
        text = (SOURCE / "config" / "simulator.toml").read_text()
        text = text.replace("/tmp/ridley", str(self.folder)).replace("26400", "1")
        text = re.sub(r"(?m)^port = \"net.*$", f'port = "{port}"', text)
        path = self.folder / "ridley.toml"
        path.write_text(text)
        return path

    def start(self, *wrapper: str, port: str = "") -> tuple[subprocess.Popen, str]:
        """The running process, and what it said when it was ready."""
        port = port or f"net_virtio_user0,path={self.folder}/feed.sock,queues=1,queue_size=256"
        child = subprocess.Popen(
            [*wrapper, FOLDER / "ridleyd", "--verbose", str(self.configuration(port))],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT)
        self.addCleanup(self.end, child)
        said = ""
        for line in child.stderr:
            said += line
            if READY in line:
                return child, said
        self.fail(f"it never was ready: {said}")

    @staticmethod
    def end(child: subprocess.Popen) -> None:
        child.send_signal(signal.SIGTERM)
        try:
            child.communicate(timeout=SECONDS_MAX)
        except subprocess.TimeoutExpired:
            child.kill()
            child.communicate()

    def trace(self) -> list[str]:
        """Every system call of the main thread until the ready line, one a line."""
        if shutil.which("strace") is None:
            self.skipTest("needs strace")
        file = self.folder / "trace"
        child, _ = self.start("strace", "-f", "-o", str(file), "--signal=none")
        # The tracer hands signals on only when it dies of them.
        main = file.read_text().split(maxsplit=1)[0]
        os.kill(int(main), signal.SIGTERM)
        child.communicate(timeout=SECONDS_MAX)
        calls = []
        for line in file.read_text(errors="replace").splitlines():
            if line.split(maxsplit=1)[0] != main or " resumed>" in line:
                continue
            calls.append(line)
            if READY in line:
                return calls
        self.fail("the trace has no ready line")

    @unittest.skipUnless(drivers_are_linked_in(), "DPDK's archives are not installed")
    def test_the_kernel_is_asked_little_and_seldom_in_vain(self):
        calls = self.trace()
        vain = [line for line in calls if FAILED.search(line)]
        naps = [NAP.search(line) for line in calls]
        calls = [line for line in calls if not any(wait in line for wait in WAITS)]
        asleep_ms = sum(int(nap[1]) * 1e3 + int(nap[2]) / 1e6 for nap in naps if nap)
        print(f"# {len(calls)} calls, {len(vain)} in vain, {asleep_ms:.2f} ms asleep")
        self.assertLessEqual(len(calls), CALLS_MAX)
        self.assertLessEqual(len(vain), VAIN_MAX, "\n".join(vain))
        self.assertLessEqual(asleep_ms, ASLEEP_MS_MAX)

    @unittest.skipUnless(drivers_are_linked_in(), "DPDK's archives are not installed")
    def test_a_start_maps_few_libraries_and_touches_little_memory(self):
        child, said = self.start()
        print("".join(f"# {line}\n" for line in said.splitlines()), end="")
        process = Path("/proc") / str(child.pid)
        libraries = set(re.findall(r"/\S+/lib[^/\s]+\.so\S*", (process / "maps").read_text()))
        faults = int((process / "stat").read_text().rsplit(")", 1)[1].split()[7])
        resident = int(re.search(r"VmRSS:\s+(\d+)", (process / "status").read_text())[1]) / 1024
        print(f"# {len(libraries)} libraries, {faults} page faults, {resident:.1f} MB resident")
        self.assertLessEqual(len(libraries), LIBRARIES_MAX, "\n".join(sorted(libraries)))
        self.assertLessEqual(faults, FAULTS_MAX)
        self.assertLessEqual(resident, RESIDENT_MB_MAX)

    def test_a_wire_whose_driver_is_not_linked_in_is_run_by_the_program_that_loads_it(self):
        capture = self.folder / "empty.pcap"
        capture.write_bytes(bytes.fromhex("4d3cb2a1020004000000000000000000ffff000001000000"))
        child, _ = self.start(port=f"net_pcap0,rx_pcap={capture}")
        program = (Path("/proc") / str(child.pid) / "exe").readlink().name
        self.assertEqual(program, "ridleyd-drivers" if drivers_are_linked_in() else "ridleyd")

    def test_the_steps_are_told_in_order(self):
        child, said = self.start()
        # The report follows the ready line in one write.
        for line in child.stderr:
            said += line
            if " ms threads" in line:
                break
        times = [float(time) for time in re.findall(r"(?m)^ +([\d.]+) ms ", said)]
        self.assertGreaterEqual(len(times), 4, said)
        self.assertEqual(times, sorted(times))


if __name__ == "__main__":
    unittest.main()
