"""The parent's side of `preaudit.tesseract_child`: asks for the words of a line, and loses at most that line.

Promises: an answer within its time or none; a child that hangs is killed, and after one that is gone the next line finds
another. Where the library cannot be loaded, or does not find its models, `words` raises `NoLibrary`: the program can be called instead.
"""

import contextlib
import json
import os
import socket
import subprocess
import sys
import threading
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from .images.geometry import Pixels
from .tesseract_child import READY

START_SECONDS = 60.0  # Python and the library; a fifth of a second on an idle machine


class NoLibrary(RuntimeError):
    """Tesseract's library cannot be loaded here."""


class KeptTesseract:
    """Safe to use from several threads, which take turns: a line takes a hundredth of a page's time."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._child: _Child | None = None
        self._owner, self._missing = os.getpid(), False

    def warm(self) -> None:
        """Start it, and do not wait for it. Nothing happens where there is no library."""
        with self._turn, contextlib.suppress(NoLibrary):
            self._running()

    def words(self, pixels: Pixels, mode: int, alphabet: str, language: str, seconds: float) -> list[tuple[str, float]]:
        """Of a grey picture: each word and how sure tesseract is of it, 0 to 100. None when there was no time, or its process
        died of it. Raises `NoLibrary`."""
        height, width = pixels.shape
        asked = {"mode": mode, "alphabet": alphabet, "language": language, "width": width, "height": height}
        with self._turn:
            child = self._running()
            try:
                return child.ask(asked, np.ascontiguousarray(pixels).data.cast("B"), seconds)
            except NoLibrary:
                self._missing = True
                self._end()
                raise
            except (OSError, EOFError):
                self._end()
                return []

    def close(self) -> None:
        with self._turn:
            self._end()

    def pid(self) -> int:
        """Of the process that has the library, started if it is not running. For operators and tests."""
        with self._turn:
            return self._running().process.pid

    def _running(self) -> "_Child":
        if self._missing:
            raise NoLibrary
        if self._child is None or self._owner != os.getpid() or self._child.process.poll() is not None:
            self._end()
            self._owner, self._child = os.getpid(), _Child()
        return self._child

    def _end(self) -> None:
        if self._child is not None and self._owner == os.getpid():
            self._child.end()
        self._child = None


class _Child:
    def __init__(self) -> None:
        mine, theirs = socket.socketpair()
        with theirs:
            number = theirs.fileno()
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "preaudit.tesseract_child", str(number)],
                pass_fds=[number],
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self._line, self._is_ready = Connection(mine.detach()), False

    def ask(self, asked: dict[str, Any], pixels: memoryview, seconds: float) -> list[tuple[str, float]]:
        self._await_ready()
        self._line.send_bytes(json.dumps(asked).encode())
        self._line.send_bytes(pixels)
        return [(text, confidence) for text, confidence in json.loads(self._answer(seconds))]

    def end(self) -> None:
        self._line.close()
        self.process.kill()
        self.process.wait()

    def _await_ready(self) -> None:
        try:
            self._is_ready = self._is_ready or self._answer(START_SECONDS) == READY
        except EOFError as error:
            raise NoLibrary from error

    def _answer(self, seconds: float) -> bytes:
        if not self._line.poll(seconds):
            raise TimeoutError
        return self._line.recv_bytes()


def _environment() -> dict[str, str]:
    """No secret of ours. One thread: tesseract's own fight with ours (OCRmyPDF does the same)."""
    path = os.pathsep.join(os.path.abspath(p) for p in sys.path if p is not None)
    return {"PYTHONPATH": path, "OMP_THREAD_LIMIT": "1", "LANG": "C.UTF-8"}
