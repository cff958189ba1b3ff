# SPDX-License-Identifier: Apache-2.0
"""In: nothing of the project. Out: an order client made of stock sockets and struct alone, and
the real ridley-venue in a folder of its own: were both sides of the C++ wrong alike, this would
tell."""

import json
import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import time
from pathlib import Path

VENUE = Path(os.environ.get("RIDLEY_BUILD_FOLDER", "build")) / "src" / "app" / "ridley-venue"
PATIENCE_S = 20


class Venue:
    """The process. Stops it at the end whatever happened."""

    def __init__(self, *arguments):
        self.clients = []
        self.folder = Path(tempfile.mkdtemp(prefix="ridley-venue-"))
        self.process = subprocess.Popen(
            [VENUE, "--run-folder", self.folder, "--order-port", "0", "--wait-for-login", "0.01",
             *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.ready = json.loads(self.wait_for("ready.json"))

    def wait_for(self, name):
        until = time.monotonic() + PATIENCE_S
        path = self.folder / name
        while not path.exists():
            if self.process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"no {name}: {self.process.communicate()}")
            time.sleep(0.005)
        return path.read_text()

    def end(self):
        """Ends the day; the summary."""
        self.process.send_signal(signal.SIGTERM)
        for client in self.clients:
            client.close()
        self.process.communicate(timeout=PATIENCE_S)
        return json.loads((self.folder / "summary.json").read_text())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)


class Client:
    """One connection. Counts the sequenced messages as a client must."""

    def __init__(self, venue, username="RIDLEY", password="TURTLE", sequence=1):
        self.socket = socket.create_connection(("127.0.0.1", venue.ready["order_port"]), PATIENCE_S)
        venue.clients.append(self)
        self.bytes = b""
        login = username.ljust(6) + password.ljust(10) + " " * 10 + str(sequence).rjust(20)
        self.send_packet(b"L", login.encode())
        kind, payload = self.packet()
        self.login = kind
        self.session = payload[:10]
        self.next_sequence = int(payload[10:30]) if kind == b"A" else 0
        if self.next_sequence == 1:
            self.reply_of(b"S")  # the day has begun

    def send_packet(self, kind, payload=b""):
        self.socket.sendall(struct.pack(">H", 1 + len(payload)) + kind + payload)

    def send(self, message):
        self.send_packet(b"U", message)

    def packet(self):
        """The next packet that is no heartbeat: type and payload; (b"", b"") at the end."""
        while True:
            while len(self.bytes) < 2 + self.size():
                more = self.socket.recv(65536)
                if not more:
                    return b"", b""
                self.bytes += more
            size = self.size()
            kind, payload = self.bytes[2:3], self.bytes[3:2 + size]
            self.bytes = self.bytes[2 + size:]
            if kind != b"H":
                return kind, payload

    def size(self):
        return struct.unpack_from(">H", self.bytes)[0] if len(self.bytes) >= 2 else 1

    def reply(self):
        """The next sequenced message."""
        kind, payload = self.packet()
        if kind != b"S":
            raise RuntimeError(f"packet {kind!r} in place of a sequenced one")
        self.next_sequence += 1
        return payload

    def reply_of(self, kind):
        while True:
            message = self.reply()
            if message[:1] == kind:
                return message

    def close(self):
        self.socket.close()


def enter(number, side, quantity, symbol, price_e4, tif=b"0"):
    name = symbol.ljust(8).encode()
    return (struct.pack(">cIcI8sQ", b"O", number, side, quantity, name, price_e4) + tif
            + b"YPNN" + b"py".ljust(14) + struct.pack(">H", 0))


def replace(original, number, quantity, price_e4):
    return (struct.pack(">cIIIQ", b"U", original, number, quantity, price_e4)
            + b"0YN" + b"py".ljust(14) + struct.pack(">H", 0))


def cancel(number, quantity=0):
    return struct.pack(">cII", b"X", number, quantity)
