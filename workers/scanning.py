"""The virus scanner: a port, and clamd behind it. Nothing that somebody sent is opened before it has passed.

Promises: without an answer nothing is clean (the job waits, and the wait is not counted against it); what a scanner names is
never opened, its bytes stay sealed where they are, and no copy of it is made. Not configured: no scanner is asked, and
`zerotrip doctor` says so. The walls of `preaudit` stand in either case.

clamd is spoken to as its manual says: `zINSTREAM`, pieces with their length, an empty piece; one line comes back. The
clients for Python are of 2014 and 2017, or wrap those; the protocol is a page of code.
"""

import socket
import struct
import time
from contextlib import closing
from dataclasses import dataclass

from cases.findings import Finding, FindingCode, found
from storage import metering
from storage.metering import Meter
from storage.session import Transaction
from storage.set_aside import note_infected
from workers.context import SYSTEM, Context
from workers.jobs import Transient, Waiting

PIECE = 1 << 16
LONGEST_ANSWER = 4096
SECONDS = 60.0
"""For one file: clamd itself gives up a file after two minutes (MaxScanTime), and answers within one for 30 MB."""
CONNECT_SECONDS = 3.0
REASON = "scanner_unavailable"


class ScannerUnavailable(Exception):
    """It did not say whether the file is clean. The message is for operators."""


class TooLarge(ScannerUnavailable):
    """Its StreamMaxLength is below what may be uploaded; `doctor` tells."""

    def __init__(self, size: int) -> None:
        super().__init__(f"clamd refuses {size} bytes: raise its StreamMaxLength")


class Infected(Exception):
    """`finding` is for whoever sent the file."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name
        self.finding = infected(name)
        self.message = self.finding.message


@dataclass(frozen=True)
class Clamd:
    """`address`: host:port, or the path of a Unix socket."""

    address: str
    seconds: float = SECONDS

    def scan(self, data: bytes) -> str | None:
        answer = self._asked(b"zINSTREAM\0", data)
        if answer == "stream: OK":
            return None
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return answer.removeprefix("stream: ").removesuffix(" FOUND")
        if "size limit exceeded" in answer:
            raise TooLarge(len(data))
        raise ScannerUnavailable(f"clamd answered {answer[:200]!r}")

    def version(self) -> str:
        """`ClamAV 1.4.3/27500/Mon Jan  5 09:00:00 2026`: program, signatures and their day. Raises `ScannerUnavailable`."""
        return self._asked(b"zVERSION\0")

    def _asked(self, command: bytes, data: bytes | None = None) -> str:
        until = time.monotonic() + self.seconds
        try:
            with closing(self._connected()) as channel:
                channel.sendall(command)
                if data is not None:
                    _stream(channel, data, until)
                return _answer(channel, until)
        except OSError as error:
            raise ScannerUnavailable(f"clamd at {self.address}: {type(error).__name__}") from error

    def _connected(self) -> socket.socket:
        timeout = min(CONNECT_SECONDS, self.seconds)
        if self.address.startswith("/"):
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            made.settimeout(timeout)
            try:
                made.connect(self.address)
            except OSError:
                made.close()
                raise
            return made
        host, _, port = self.address.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=timeout)


def _stream(channel: socket.socket, data: bytes, until: float) -> None:
    """clamd answers and hangs up when it has read more than it wants: then the answer is what counts."""
    try:
        for start in range(0, len(data), PIECE):
            piece = data[start : start + PIECE]
            channel.settimeout(_left(until))
            channel.sendall(struct.pack(">I", len(piece)) + piece)
        channel.sendall(struct.pack(">I", 0))
    except (BrokenPipeError, ConnectionResetError):
        return


def _answer(channel: socket.socket, until: float) -> str:
    """One line, ended by a zero. Half of one is no answer."""
    said = b""
    while not said.endswith(b"\0"):
        channel.settimeout(_left(until))
        part = channel.recv(LONGEST_ANSWER)
        if not part or len(said) > LONGEST_ANSWER:
            raise ConnectionError("no whole answer")
        said += part
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def infected(name: str) -> Finding:
    return found(
        FindingCode.UNSUPPORTED_FILE,
        message="文件中查出病毒，我们没有打开它",
        advice="请删除这个文件，换一台设备重新拍摄后上传，并给原来的设备查杀病毒。",
        virus=name[:200],
    )


def upload(context: Context, key: str) -> bytes:
    """What somebody sent, with the scanner's consent. Raises `Infected`, `jobs.Waiting`, and as `Blobs.get` does."""
    data = context.blobs.get(key)
    if context.scanner is None:
        return data
    try:
        name = context.scanner.scan(data)
    except TooLarge as error:
        raise Transient("scanner_limit") from error  # waiting does not help: in the end a person is told
    except ScannerUnavailable as error:
        context.tallies.stand(Meter.SCANNER_UP, 0)
        raise Waiting(REASON) from error
    context.tallies.stand(Meter.SCANNER_UP, 1)
    if name is not None:
        raise Infected(name)
    return data


def count_infected(tx: Transaction, number: str, subject: str, name: str) -> None:
    """It is counted, and waits on the board until somebody has dealt with it."""
    metering.count(tx, {metering.sample(Meter.UPLOADS_INFECTED): 1})
    note_infected(tx, number, subject, name, SYSTEM)
