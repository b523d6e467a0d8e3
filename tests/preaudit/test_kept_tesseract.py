"""Tesseract's library in a process that stays: the program's own text, and at most one line lost whatever happens to it."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytesseract
import pytest

from preaudit.images.geometry import Pixels
from preaudit.kept_tesseract import KeptTesseract
from preaudit.second_reader import DIGITS, FIGURES, WORDS
from preaudit.tesseract import ONE_LINE, Tesseract
from tests.preaudit.test_ppocr import page

LINES = (("居住证号码", "", WORDS), ("440105199001011234", DIGITS, FIGURES), ("2020.05.18", "", FIGURES))
SECONDS = 30.0


@pytest.fixture(scope="module")
def kept() -> Iterator[KeptTesseract]:
    made = KeptTesseract()
    yield made
    made.close()


def line(text: str) -> Pixels:
    return np.asarray(cv2.cvtColor(page((text,))[60:180], cv2.COLOR_BGR2GRAY), np.uint8)


@pytest.mark.parametrize(("text", "alphabet", "language"), LINES)
def test_a_line_reads_as_the_program_reads_it(kept: KeptTesseract, text: str, alphabet: str, language: str) -> None:
    config = f"--psm {ONE_LINE} --oem 1" + (f" -c tessedit_char_whitelist={alphabet}" if alphabet else "")
    program = pytesseract.image_to_string(line(text), lang=language, config=config)
    read = "".join(word for word, _ in kept.words(line(text), ONE_LINE, alphabet, language, SECONDS))
    assert read == "".join(program.split()) == text


def test_after_its_process_was_killed_the_next_line_is_read(kept: KeptTesseract) -> None:
    lost = kept.pid()
    os.kill(lost, signal.SIGKILL)
    os.waitid(os.P_PID, lost, os.WEXITED | os.WNOWAIT)
    assert kept.words(line("2020"), ONE_LINE, DIGITS, FIGURES, SECONDS)[0][0] == "2020"
    assert kept.pid() != lost


def test_a_line_that_takes_too_long_is_given_up_and_its_process_with_it(kept: KeptTesseract) -> None:
    slow, at_work = np.full((3000, 3000), 255, np.uint8), kept.pid()
    assert kept.words(slow, ONE_LINE, "", WORDS, 0.001) == []
    assert not Path(f"/proc/{at_work}").exists()


def test_a_language_without_a_model_reads_nothing_and_the_next_line_is_read(kept: KeptTesseract) -> None:
    assert kept.words(line("2020"), ONE_LINE, "", "xxx", SECONDS) == []
    assert kept.words(line("2020"), ONE_LINE, DIGITS, FIGURES, SECONDS)[0][0] == "2020"


def test_a_closed_one_leaves_no_process() -> None:
    reader = Tesseract(SECONDS)
    assert reader.read_crop(line("2020"), DIGITS, FIGURES)[0] == "2020"
    children = {task.read_text() for task in Path("/proc/self/task").glob("*/children")}
    reader.close()
    assert {task.read_text() for task in Path("/proc/self/task").glob("*/children")} != children
