"""Seals: found in red and in blue, read where they are legible, compared with the body that the paper names."""

import numpy as np
import pytest

from cases.readings import Reading
from preaudit.images.ink import seal_mark
from preaudit.images.seals import seals
from preaudit.reading import Reader
from tests.preaudit.builders import run, said
from tests.specimens import Level, photograph
from tests.specimens.drawing import RED, Ink
from tests.specimens.light import sealed_proof

BLUE: Ink = (36, 58, 160)


def read(reader: Reader, seed: int, sealed_by: str = "", ink: Ink = RED) -> Reading:
    paper = sealed_proof(seed, sealed_by=sealed_by, ink=ink)
    data = photograph(paper.image, Level.PHONE, seed, megapixels=4)
    (reading,) = reader.read(data, name="proof", document="other_paper")
    return reading


@pytest.mark.parametrize(("seed", "ink", "colour"), [(3, RED, "red"), (4, BLUE, "blue")])
def test_a_round_seal_is_read_and_is_that_of_the_body_on_the_paper(
    reader: Reader, seed: int, ink: Ink, colour: str
) -> None:
    reading = read(reader, seed, ink=ink)
    assert reading.marks["seal"]["colour"] == colour
    assert reading.marks["seal"]["words"] == [sealed_proof(seed).fields["issuer"]]
    assert run("seal_present", reading, document="other_paper") == []


def test_another_bodys_seal_goes_to_a_person(reader: Reader) -> None:
    reading = read(reader, 3, sealed_by="广州市禾川商贸有限公司")
    assert said(run("seal_present", reading, document="other_paper")) == [("issuer_mismatch", "doubtful")]


def test_blue_cloth_is_no_seal() -> None:
    picture = np.full((900, 1200, 3), 240, np.uint8)
    picture[300:500, 400:620] = (214, 148, 60)
    assert seals(picture)[0].colour == "blue"
    assert seal_mark(picture)["present"] is False
