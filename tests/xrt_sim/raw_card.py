# SPDX-License-Identifier: Apache-2.0
"""In: a card's socket. Out: what drivers/xrt_sim/protocol.hpp says over it, without XRT."""

import fcntl
import os
import socket
import struct
from pathlib import Path

REQUEST = struct.Struct("<IIQIIIIQQQ")
ANSWER = struct.Struct("<IiQQQI220s")
PROTOCOL = 0x52430001
IDENTIFY, LOAD, READ, ALLOCATE, SYNC = 0, 1, 4, 6, 8
MESSAGE_BYTES_MAX = 4096
NUMBER = 7
SHRINK_SEAL = 2
PATIENCE_S = 30


def connection(path: Path) -> socket.socket:
    made = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    made.connect(str(path))
    made.settimeout(PATIENCE_S)
    return made


def memory(contents: bytes, sealed: bool = True) -> int:
    """A file that the card may map; whoever asks for it closes it."""
    file = os.memfd_create("test", os.MFD_ALLOW_SEALING)
    os.write(file, contents)
    if sealed:
        fcntl.fcntl(file, fcntl.F_ADD_SEALS, SHRINK_SEAL)
    return file


def ask(card: socket.socket, kind: int, file: int | None = None, address: int = 0, size: int = 0,
        handle: int = 0) -> tuple[int, str]:
    """The error and the words."""
    request = REQUEST.pack(PROTOCOL, kind, NUMBER, 0, 0, handle, 0, address, size, 0)
    socket.send_fds(card, [request], [] if file is None else [file])
    _, error, number, _, _, _, text = ANSWER.unpack(card.recv(MESSAGE_BYTES_MAX))
    assert number == NUMBER
    return error, text.split(b"\0")[0].decode()


def load(card: socket.socket, contents: bytes, size: int | None = None) -> tuple[int, str]:
    file = memory(contents)
    try:
        return ask(card, LOAD, file, size=size or len(contents))
    finally:
        os.close(file)


def kind_of(request: bytes) -> int:
    return REQUEST.unpack(request)[1]
