"""Seals: found in red and in blue, read where they are legible, compared with the body that the paper names."""

import cv2
import numpy as np
import pytest

from cases.readings import Reading
from preaudit.images.geometry import Pixels, rectangle
from preaudit.images.ink import seal_mark
from preaudit.images.seals import seals
from preaudit.ppocr import PPOCR
from preaudit.reading import Reader
from preaudit.settings import EngineName
from tests.preaudit.builders import line, reading, run, said
from tests.specimens import Level, photograph
from tests.specimens.drawing import RED, Ink, paper, round_seal
from tests.specimens.light import sealed_proof

BLUE: Ink = (36, 58, 160)


@pytest.fixture(scope="module")
def recogniser() -> PPOCR:
    return PPOCR(EngineName.AUTO, threads=1)


def read(reader: Reader, seed: int, sealed_by: str = "", ink: Ink = RED) -> Reading:
    proof = sealed_proof(seed, sealed_by=sealed_by, ink=ink)
    data = photograph(proof.image, Level.PHONE, seed, megapixels=4)
    (made,) = reader.read(data, name="proof", document="other_paper")
    return made


@pytest.mark.parametrize(("seed", "ink", "colour"), [(3, RED, "red"), (4, BLUE, "blue")])
def test_a_round_seal_is_read_and_is_that_of_the_body_on_the_paper(
    reader: Reader, seed: int, ink: Ink, colour: str
) -> None:
    made = read(reader, seed, ink=ink)
    assert made.marks["seal"]["colour"] == colour
    assert made.marks["seal"]["words"] == [sealed_proof(seed).fields["issuer"]]
    assert run("seal_present", made, document="other_paper") == []


def test_another_bodys_seal_goes_to_a_person(reader: Reader) -> None:
    reading = read(reader, 3, sealed_by="广州市禾川商贸有限公司")
    assert said(run("seal_present", reading, document="other_paper")) == [("issuer_mismatch", "doubtful")]


OF_A_COMPANY = "明岭建设集团有限公司"


def _sheet(words: str, ink: Ink, flat: float, seed: int, radius: int = 150) -> Pixels:
    sheet = paper(1000, 700)
    round_seal(sheet, 620, 420, radius, words, ink, flat)
    data = photograph(sheet, Level.PHONE, seed, megapixels=0.75)
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)


@pytest.mark.parametrize(("ink", "flat"), [(RED, 1.0), (RED, 0.72), (BLUE, 1.0), (BLUE, 0.72)])
def test_round_and_oval_seals_photographed_close_are_found_whole_and_read(
    recogniser: PPOCR, ink: Ink, flat: float
) -> None:
    mark = seal_mark(_sheet(OF_A_COMPANY, ink, flat, 5), recogniser.read_crop)
    assert mark["words"] == [OF_A_COMPANY]


def test_words_too_small_to_be_read_are_not_guessed_at(recogniser: PPOCR) -> None:
    mark = seal_mark(_sheet(OF_A_COMPANY, RED, 1.0, 6, radius=40), recogniser.read_crop)
    assert (mark["present"], mark["words"]) == (True, [])


def _proof(words: str, *texts: str) -> Reading:
    seal = {"present": True, "confidence": 0.9, "box": rectangle(900, 900, 1000, 1000), "words": [words]}
    lines = [line(text, place) for place, text in enumerate(texts)]
    return reading("other_paper", lines=lines, marks={"seal": seal})


def test_a_paper_that_names_no_body_in_print_says_nothing_against_its_seal() -> None:
    unnamed = _proof(OF_A_COMPANY, "兹证明王小明现居住于海珠区。", "2026年01月01日")
    assert run("seal_present", unnamed, document="other_paper") == []
    named = _proof(OF_A_COMPANY, "兹证明王小明现居住于海珠区。", "江岭县人民医院（盖章）")
    assert said(run("seal_present", named, document="other_paper")) == [("issuer_mismatch", "doubtful")]


def test_faces_cloth_and_diamonds_are_no_seals() -> None:
    picture = np.full((900, 1200, 3), 240, np.uint8)
    cv2.ellipse(picture, (300, 300), (70, 100), 0, 0, 360, (90, 120, 230), -1)
    cv2.fillPoly(picture, [np.array([(700, 200), (770, 290), (700, 380), (630, 290)])], (50, 40, 200))
    assert seals(picture) == ()


def test_blue_cloth_is_no_seal() -> None:
    picture = np.full((900, 1200, 3), 240, np.uint8)
    picture[300:500, 400:620] = (214, 148, 60)
    assert seal_mark(picture)["present"] is False
