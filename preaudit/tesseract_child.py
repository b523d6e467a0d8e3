"""Tesseract's library in a process of its own that stays: `python -m preaudit.tesseract_child DESCRIPTOR`.

A call of the program loads a model and reads one line: 154 ms of a processor, of which 145 are the loading. Here each
model is loaded when first asked for, and a line takes 9 ms with the same text (74 crops, each the same). It lives apart
because a library that runs out of time, or dies, takes its process with it. It sees grey pixels that were decoded and cut
out before, opens no file but its models, and leaves when whoever started it does.
"""

import json
import signal
import sys
from collections.abc import Sequence
from ctypes import CDLL, c_char_p, c_int, c_void_p, string_at
from multiprocessing.connection import Connection
from typing import Any

LIBRARY = "libtesseract.so.5"  # the name that a system's package gives it; the program is linked to the same
LSTM_ONLY, GREY = 1, 1  # engine mode, as `--oem 1`; bytes a pixel
TSV_COLUMNS, CONFIDENCE, TEXT = 12, 10, 11
USUAL = ("eng", "chi_sim")  # models without which it is of no use: the program may know where they are
READY = b"ready"
POINTER = c_void_p
SHAPES: dict[str, tuple[Any, Sequence[Any]]] = {
    "Create": (POINTER, ()),
    "Init2": (c_int, (POINTER, c_char_p, c_char_p, c_int)),
    "SetVariable": (c_int, (POINTER, c_char_p, c_char_p)),
    "SetPageSegMode": (None, (POINTER, c_int)),
    "SetImage": (None, (POINTER, c_char_p, c_int, c_int, c_int, c_int)),
    "Recognize": (c_int, (POINTER, POINTER)),
    "GetTsvText": (POINTER, (POINTER, c_int)),
    "Clear": (None, (POINTER,)),
}
"""Of tesseract's C interface: what a call gives and takes, behind `TessBaseAPI`."""


class Library:
    """Raises `OSError` where there is no such library. One caller at a time."""

    def __init__(self) -> None:
        library = CDLL(LIBRARY)
        self._calls = {name: _shaped(library[f"TessBaseAPI{name}"], *shape) for name, shape in SHAPES.items()}
        self._delete_text = _shaped(library["TessDeleteText"], None, (POINTER,))
        self._engines: dict[str, Any] = {}

    def words(self, asked: dict[str, Any], pixels: bytes) -> list[tuple[str, float]]:
        """Text and confidence (0 to 100) of each word; none where the language's model is not installed."""
        engine = self.load(asked["language"])
        if engine is None:
            return []
        call = self._calls
        call["SetPageSegMode"](engine, asked["mode"])
        call["SetVariable"](engine, b"tessedit_char_whitelist", asked["alphabet"].encode())
        call["SetImage"](engine, pixels, asked["width"], asked["height"], GREY, asked["width"])
        try:
            return _rows(self._table(engine)) if call["Recognize"](engine, None) == 0 else []
        finally:
            call["Clear"](engine)

    def _table(self, engine: Any) -> str:
        text = self._calls["GetTsvText"](engine, 0)
        try:
            return string_at(text).decode(errors="replace") if text else ""
        finally:
            self._delete_text(text)

    def load(self, language: str) -> Any:
        """Its engine; None where its model is not installed."""
        if language not in self._engines:
            made = self._calls["Create"]()
            failed = self._calls["Init2"](made, None, language.encode(), LSTM_ONLY)
            self._engines[language] = None if failed else made
        return self._engines[language]


def _shaped(function: Any, gives: Any, takes: Sequence[Any]) -> Any:
    function.restype, function.argtypes = gives, list(takes)
    return function


def _rows(table: str) -> list[tuple[str, float]]:
    cells = (row.split("\t") for row in table.splitlines())
    return [(row[TEXT], float(row[CONFIDENCE])) for row in cells if len(row) == TSV_COLUMNS and row[TEXT].strip()]


def main(descriptor: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is the parent's to handle
    library = Library()
    with Connection(descriptor) as line:
        if not all(map(library.load, USUAL)):
            return
        line.send_bytes(READY)
        while True:
            try:
                asked, pixels = json.loads(line.recv_bytes()), line.recv_bytes()
            except EOFError:
                return
            line.send_bytes(json.dumps(library.words(asked, pixels)).encode())


if __name__ == "__main__":
    main(int(sys.argv[1]))
