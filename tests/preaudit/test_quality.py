"""Measures of pictures. Every picture is drawn and photographed by tests/specimens; how often each defect is found in many
of them is counted by bench/quality.py."""

import cv2
import numpy as np
import pytest
from PIL import Image

from cases.findings import FindingCode
from cases.readings import Line, Reading
from preaudit.images.geometry import Pixels, rectangle
from preaudit.images.glare import largest_spot
from preaudit.images.moire import lights
from preaudit.images.outline import cut_ground
from preaudit.images.quality import SCREEN_CERTAIN, SCREEN_LIGHTS, text_height, too_small
from preaudit.reading import Reader
from tests.specimens import Level, invent, photograph
from tests.specimens.applications import FORM_FIELDS, FORM_TITLE, form_rows
from tests.specimens.camera import Side, Table
from tests.specimens.cards import id_card_front
from tests.specimens.forms import application_form
from tests.specimens.light import contract
from tests.specimens.patterns import Pattern, patterned
from tests.specimens.registers import household_member
from tests.specimens.sheets import photocopy


def pixels_of(data: bytes) -> Pixels:
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR), np.uint8)


def whole(pixels: Pixels) -> tuple[int, int, int, int]:
    return 0, 0, pixels.shape[1], pixels.shape[0]


def form(seed: int) -> Image.Image:
    rows, _ = form_rows(invent(seed), seed)
    return application_form(FORM_TITLE, rows, signature=invent(seed).name, seed=seed)


def read(reader: Reader, paper: Image.Image, document: str, level: Level = Level.PHONE, **defects: object) -> Reading:
    labels = FORM_FIELDS if document == "application_form" else None
    data = photograph(paper, level, 11, megapixels=3, **defects)
    (reading,) = reader.read(data, name="page", document=document, form_labels=labels)
    return reading


def refused(reading: Reading) -> set[FindingCode]:
    return {problem.code for problem in reading.problems if problem.blocking}


def test_a_lamp_on_the_card_is_a_spot_and_where_it_is_is_said() -> None:
    pixels = pixels_of(photograph(id_card_front(invent(3)), Level.PHONE, 3, glare=0.3, glare_at=(0.3, 0.5)))
    spot = largest_spot(pixels)
    assert spot is not None
    (left, top), _, (right, bottom), _ = spot.box
    assert left < pixels.shape[1] * 0.4 < right
    assert top < pixels.shape[0] * 0.5 < bottom


def test_white_cells_of_a_drawn_table_are_no_lamp() -> None:
    table = np.full((400, 600, 3), (225, 214, 190), np.uint8)
    table[60:200, 40:280] = 255
    table[220:380, 300:580] = 255
    assert largest_spot(table) is None


@pytest.mark.parametrize("level", [Level.PHONE, Level.HARD])
def test_paper_has_no_grid(level: Level) -> None:
    pixels = pixels_of(photograph(form(4), level, 4))
    assert lights(pixels, whole(pixels)) < SCREEN_LIGHTS


def test_a_fine_grid_printed_in_one_ink_is_no_display() -> None:
    y, x = np.mgrid[:900, :1400]
    print_ = 205 + 25 * np.sin(2 * np.pi * (0.31 * x + 0.05 * y)) + np.random.default_rng(1).normal(0, 3, x.shape)
    pixels = np.repeat(np.clip(print_, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    assert lights(pixels, whole(pixels)) < SCREEN_LIGHTS


@pytest.mark.parametrize("pattern", list(Pattern))
def test_paper_printed_all_over_is_not_refused_for_a_display(pattern: Pattern) -> None:
    paper = patterned(household_member(5).image, pattern, 5)
    pixels = pixels_of(photograph(paper, Level.PHONE, 5, megapixels=3, mosaic=True))
    assert lights(pixels, whole(pixels)) < SCREEN_CERTAIN


def test_a_display_has_one() -> None:
    pixels = pixels_of(photograph(form(4), Level.PHONE, 4, megapixels=3, screen=True))
    assert lights(pixels, whole(pixels)) >= SCREEN_CERTAIN


def test_a_large_title_does_not_hide_that_the_rest_is_small() -> None:
    lines = [Line("居民身份证", 1.0, rectangle(0, 0, 200, 40)), Line("中华人民共和国", 1.0, rectangle(0, 50, 200, 90))]
    lines += [Line("签发机关某某公安局", 1.0, rectangle(0, y, 90, y + 9)) for y in (100, 120, 140)]
    assert text_height(lines) == 9
    assert too_small(lines, 1.0) is not None
    assert too_small(lines, 2.0) is None


def test_a_clear_title_is_not_enough_on_a_tiny_picture() -> None:
    title = [Line("出生医学证明", 0.99, rectangle(80, 8, 150, 24))]
    assert too_small(title, 1.0, side=165) is not None
    assert too_small(title, 1.0, side=1500) is None


def test_the_dark_is_measured_on_the_picture_as_it_was_taken(reader: Reader) -> None:
    assert FindingCode.TOO_DARK in refused(read(reader, id_card_front(invent(3)), "id_card_front", light=0.05))


def test_a_burnt_out_card_is_refused_though_its_ink_can_be_read(reader: Reader) -> None:
    reading = read(reader, id_card_front(invent(3)), "id_card_front", light=2.4)
    assert refused(reading) == {FindingCode.OVEREXPOSED}


def test_a_photocopy_on_white_paper_is_not_called_burnt_out(reader: Reader) -> None:
    reading = read(reader, photocopy([id_card_front(invent(3))]), "id_card_front", Level.SCAN, light=1.1)
    assert refused(reading) == set()


def words_of(area: tuple[float, float, float, float]) -> list[Line]:
    left, top, right, bottom = area
    middle = (left + right) / 2
    return [
        Line("姓名", 1.0, rectangle(left, top, middle, top + 30)),
        Line("年", 1.0, rectangle(middle, bottom - 30, right, bottom)),
    ]


@pytest.mark.parametrize("side", list(Side))
def test_paper_that_runs_out_of_the_picture_is_cut_though_no_word_is(side: Side) -> None:
    words, paper = words_of((700, 500, 1100, 900)), contract(3).image
    cut = pixels_of(photograph(paper, Level.PHONE, 3, megapixels=3, cut=0.16, cut_side=side))
    assert cut_ground(cut, words) is not None
    assert cut_ground(pixels_of(photograph(paper, Level.PHONE, 3, megapixels=3)), words) is None


def test_white_paper_on_a_table_as_white_is_not_called_cut() -> None:
    bright = pixels_of(photograph(contract(3).image, Level.PHONE, 3, megapixels=3, table=Table.BRIGHT))
    assert cut_ground(bright, words_of((400, 500, 1100, 1500))) is None


@pytest.mark.parametrize("table", [(118, 118, 118), (112, 116, 122)])
def test_a_pale_paper_on_a_grey_table_lies_wholly_inside(table: tuple[int, int, int]) -> None:
    """Both are without colour: their lightness tells them apart, more than a shadow could."""
    picture = np.full((1500, 2000, 3), table, np.uint8)
    picture[300:1200, 300:1800] = (205, 208, 210)
    assert cut_ground(picture, words_of((400, 400, 1700, 1100))) is None
    picture[300:1200, 1200:2000] = (185, 188, 190)
    assert cut_ground(picture, words_of((400, 400, 1900, 1100))) is not None


def test_words_in_several_inks_are_no_display() -> None:
    sheet = np.full((1200, 1200, 3), 235, np.uint8)
    for row, ink in enumerate([(30, 30, 200), (200, 60, 30), (40, 150, 40), (20, 20, 20)] * 14):
        cv2.putText(sheet, "illlmmnnlliimmllnnii" * 3, (10, 30 + row * 21), cv2.FONT_HERSHEY_PLAIN, 1.2, ink, 1)
    assert lights(sheet, whole(sheet)) < SCREEN_LIGHTS


def test_the_form_that_was_asked_for_must_be_whole(reader: Reader) -> None:
    assert refused(read(reader, form(3), "application_form", cut=0.16)) == {FindingCode.CUT_OFF}
    assert refused(read(reader, form(3), "application_form")) == set()


def test_a_page_so_soft_that_only_its_title_is_found_is_blurred(reader: Reader) -> None:
    assert FindingCode.BLURRED in refused(read(reader, id_card_front(invent(6)), "id_card_front", focus=8))


@pytest.mark.parametrize("table", list(Table))
def test_what_the_paper_lies_on_is_not_measured(reader: Reader, table: Table) -> None:
    assert read(reader, id_card_front(invent(3)), "id_card_front", table=table).problems == ()


def test_a_burnt_out_card_is_found_on_a_black_table(reader: Reader) -> None:
    reading = read(reader, id_card_front(invent(3)), "id_card_front", light=2.5, table=Table.DARK)
    assert FindingCode.OVEREXPOSED in refused(reading)


def test_a_certificate_of_which_the_seal_burnt_out_is_refused_though_it_can_be_read(reader: Reader) -> None:
    assert FindingCode.OVEREXPOSED in refused(read(reader, household_member(5).image, "household_member", light=2.3))
    bright = read(reader, household_member(5).image, "household_member", Level.SCAN, light=1.15)
    assert refused(bright) == set()


def test_a_grey_copy_is_told_and_papers_without_colours_are_not_called_copies(reader: Reader) -> None:
    copied = read(reader, photocopy([id_card_front(invent(3))]), "id_card_front")
    assert FindingCode.COPY_NOT_ORIGINAL in {each.code for each in copied.problems}
    assert copied.acceptable
    for paper, kind in ((form(3).convert("L").convert("RGB"), "application_form"), (contract(3).image, "contract")):
        assert read(reader, paper, kind).problems == ()


def test_the_dark_is_not_called_an_empty_page(reader: Reader) -> None:
    reading = read(reader, contract(3).image, "contract", light=0.03)
    assert FindingCode.TOO_DARK in refused(reading)
    assert "blank" not in reading.marks
