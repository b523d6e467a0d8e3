"""A server that speaks as clamd's manual says: VERSION, PING and INSTREAM, with its limit of a stream; for the tests.

Signatures are a mapping from bytes to the name that is said when a stream holds them. `moods` are taken in turn: "silent"
reads and never answers, "cut" answers half a line, "error" says that it could not scan, "closed" hangs up.
"""

import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

SIGNATURES: Mapping[bytes, str] = {b"THIS IS THE TEST VIRUS": "Zerotrip.Test.Virus"}


@dataclass
class ClamdServer:
    listener: socket.socket
    limit: int = 25 << 20
    moods: list[str] = field(default_factory=list)
    streams: list[int] = field(default_factory=list)

    @property
    def address(self) -> str:
        name = self.listener.getsockname()
        return name if isinstance(name, str) else f"{name[0]}:{name[1]}"

    def serve(self) -> None:
        while True:
            try:
                channel, _ = self.listener.accept()
            except OSError:
                return
            with channel:
                channel.settimeout(10)
                try:
                    self._talk(channel)
                except (OSError, struct.error):
                    continue

    def _talk(self, channel: socket.socket) -> None:
        mood = self.moods.pop(0) if self.moods else ""
        if mood == "closed":
            return
        command = _until_zero(channel)
        answer = {b"zPING": "PONG", b"zVERSION": "ClamAV 1.4.3/27500/Mon Jan  5 09:00:00 2026"}.get(command)
        if command == b"zINSTREAM":
            answer = self._scanned(channel)
        if mood == "silent":
            channel.recv(1)
        elif mood == "cut":
            channel.sendall(b"stream: O")
        elif mood == "error":
            channel.sendall(b"stream: Can't allocate memory ERROR\0")
        else:
            channel.sendall(f"{answer or 'UNKNOWN COMMAND'}\0".encode())

    def _scanned(self, channel: socket.socket) -> str:
        data = b""
        while size := struct.unpack(">I", _exactly(channel, 4))[0]:
            if len(data) + size > self.limit:
                return "INSTREAM size limit exceeded. ERROR"
            data += _exactly(channel, size)
        self.streams.append(len(data))
        name = next((name for found, name in SIGNATURES.items() if found in data), None)
        return f"stream: {name} FOUND" if name else "stream: OK"


def _until_zero(channel: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\0"):
        said += _exactly(channel, 1)
    return said[:-1]


def _exactly(channel: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        part = channel.recv(size - len(data))
        if not part:
            raise ConnectionError
        data += part
    return data


@contextmanager
def running(path: str | None = None, limit: int = 25 << 20) -> Iterator[ClamdServer]:
    """On a Unix socket at `path`, else on a free port of this machine."""
    if path is None:
        listener = socket.create_server(("127.0.0.1", 0))
    else:
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen()
    server = ClamdServer(listener, limit)
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
