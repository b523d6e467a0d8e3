"""Tesseract, the fallback engine and the second reader. Every call has its timeout.

Whole pages are read by the program, with one thread and no network; the picture goes in on a temporary file that
pytesseract makes and removes. Single lines are read by its library in a process that stays (`preaudit.tesseract_child`):
the program would load its models for each. Where there is no library it reads them as well.
"""

import os
import shutil
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
import pytesseract

from cases.readings import Line

from .images.geometry import Pixels, rectangle
from .kept_tesseract import KeptTesseract, NoLibrary
from .lines import in_reading_order
from .recognise import EngineMissing

os.environ.setdefault("OMP_THREAD_LIMIT", "1")  # tesseract's own threads fight with ours (OCRmyPDF does the same)
LANGUAGE = "chi_sim"
LEAST_SIDE = 1000  # smaller pages are enlarged: its models want capitals of some 30 pixels
SPARSE, ONE_LINE, RAW_LINE = 3, 7, 13  # page segmentation modes


class Tesseract:
    name = "tesseract"

    def __init__(self, seconds: float) -> None:
        self._seconds, self._kept = seconds, KeptTesseract()

    def warm(self) -> None:
        if shutil.which(pytesseract.pytesseract.tesseract_cmd) is None:
            raise EngineMissing("tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-chi-sim")

    def prepare(self) -> None:
        """Have the models for lines loaded, without waiting for it."""
        self._kept.warm()

    def close(self) -> None:
        self._kept.close()

    def read(self, pixels: Pixels) -> tuple[Line, ...]:
        factor = max(1.0, LEAST_SIDE / max(1, min(pixels.shape[:2])))
        grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
        if factor > 1:
            grey = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        return in_reading_order(_lines(self._data(np.asarray(grey, np.uint8), SPARSE), factor))

    def read_crop(
        self, pixels: Pixels, alphabet: str = "", language: str = LANGUAGE, *, raw: bool = False
    ) -> tuple[str, float]:
        """One line; with `alphabet`, only these characters. `raw`: the model alone, without the engine's own search for
        words and their baseline, which ornament behind the print misleads. Empty and 0 when nothing was read in time."""
        words = self._words(pixels, RAW_LINE if raw else ONE_LINE, alphabet, language)
        if not words:
            return "", 0.0
        return "".join(text for text, _ in words), float(np.mean([confidence for _, confidence in words])) / 100

    def _words(self, pixels: Pixels, mode: int, alphabet: str, language: str) -> list[tuple[str, float]]:
        grey = pixels if pixels.ndim == 2 else np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY), np.uint8)
        try:
            return self._kept.words(grey, mode, alphabet, language, self._seconds)
        except NoLibrary:
            data = self._data(grey, mode, alphabet, language)
            words = zip(data["text"], data["conf"], strict=True)
            return [(text, float(confidence)) for text, confidence in words if text.strip()]

    def _data(
        self, pixels: Pixels, mode: int, alphabet: str = "", language: str = LANGUAGE
    ) -> Mapping[str, Sequence[Any]]:
        config = f"--psm {mode} --oem 1" + (f" -c tessedit_char_whitelist={alphabet}" if alphabet else "")
        try:
            data: Mapping[str, Sequence[Any]] = pytesseract.image_to_data(
                pixels, lang=language, config=config, timeout=self._seconds, output_type=pytesseract.Output.DICT
            )
        except pytesseract.TesseractNotFoundError as error:
            raise EngineMissing(
                "tesseract is not installed: apt-get install tesseract-ocr tesseract-ocr-chi-sim"
            ) from error
        except (pytesseract.TesseractError, RuntimeError):  # crashed, or out of time: it read nothing
            return {"text": [], "conf": []}
        return data


def _lines(data: Mapping[str, Sequence[Any]], factor: float) -> Iterator[Line]:
    """Words put together by tesseract's own line numbers."""
    grouped = defaultdict[tuple[int, int, int], list[int]](list)
    for i, text in enumerate(data["text"]):
        if str(text).strip() and float(data["conf"][i]) >= 0:
            grouped[data["block_num"][i], data["par_num"][i], data["line_num"][i]].append(i)
    for places in grouped.values():
        left = min(data["left"][i] for i in places)
        top = min(data["top"][i] for i in places)
        right = max(data["left"][i] + data["width"][i] for i in places)
        bottom = max(data["top"][i] + data["height"][i] for i in places)
        confidence = float(np.mean([float(data["conf"][i]) for i in places])) / 100
        box = rectangle(left / factor, top / factor, right / factor, bottom / factor)
        yield Line("".join(str(data["text"][i]) for i in places), confidence, box)
