"""What counts as right, certain, wrong and refused in the tables of the reading part."""

from dataclasses import replace

from bench.contenders import CONTENDERS, OURS, Outcome
from bench.machine import Held
from bench.papers import REAL, Paper
from bench.reading_report import Measured, section
from bench.scores import exact_by_kind, is_identity_number, missed, read_by_all, tallied

NUMBER = "440105199803249994"
CARD = Paper(
    "phone",
    "id_card_front 1",
    b"card",
    ("王小明", NUMBER),
    "id_card_front",
    {"name": "王小明", "sex": "男", "id_number": NUMBER},
)
PHOTO = Paper(REAL, "photo.jpg", b"photo", ("发票", "税额"))
BARE = Paper(REAL, "bare.jpg", b"bare", ())
RIGHT = Outcome(
    0.5,
    ("姓名王小明", "性别男", NUMBER),
    "id_card_front",
    dict(CARD.fields or {}),
    frozenset({"name", "id_number"}),
    held=Held(900, 700),
)
WRONG = replace(RIGHT, seconds=1.5, lines=("王小朋",), fields={"name": "王小朋", "id_number": NUMBER[:-1] + "X"})
TEXT = Outcome(2.0, ("王小明", "4401051998"))


def test_fields_kinds_and_numbers_are_counted_to_the_letter() -> None:
    tally = tallied([CARD], {OURS: {CARD.digest: RIGHT}})["phone", OURS]
    assert (tally.counts["fields"], tally.counts["all_fields"], tally.counts["kinds"]) == (3, 3, 1)
    assert (tally.counts["numbers"], tally.counts["numbers_in_text"], tally.counts["all_numbers"]) == (1, 1, 1)
    assert (tally.counts["certain"], tally.counts["lies"], tally.counts["number_lies"]) == (2, 0, 0)


def test_what_is_certain_and_wrong_is_counted_apart_for_identity_numbers() -> None:
    tally = tallied([CARD], {OURS: {CARD.digest: WRONG}})["phone", OURS]
    assert (tally.counts["fields"], tally.counts["certain"]) == (0, 0)
    assert (tally.counts["lies"], tally.counts["number_lies"], tally.counts["strings"]) == (2, 1, 0)


def test_a_field_that_is_not_on_the_paper_is_no_lie() -> None:
    more = replace(RIGHT, fields={**(RIGHT.fields or {}), "address": "某处"}, certain=frozenset({"address"}))
    assert tallied([CARD], {OURS: {CARD.digest: more}})["phone", OURS].counts["lies"] == 0


def test_a_peer_that_reads_text_is_judged_by_its_text_alone() -> None:
    tally = tallied([CARD], {"tesseract": {CARD.digest: TEXT}})["phone", "tesseract"]
    assert (tally.counts["strings"], tally.counts["numbers_in_text"], tally.counts["all_fields"]) == (1, 0, 0)


def test_a_picture_on_which_a_reader_failed_counts_as_not_read() -> None:
    failed = Outcome(120.0, failed="lost: TimeoutError")
    tally = tallied([CARD], {"ocrmypdf": {CARD.digest: failed}})["phone", "ocrmypdf"]
    assert (tally.pictures, tally.counts["failed"], tally.counts["strings"], tally.counts["all_strings"]) == (
        1,
        1,
        0,
        2,
    )


def test_identity_numbers_are_known_by_their_names() -> None:
    known = ["id_number", "id_number_2", "mother_id_number", "licence_number"]
    assert [is_identity_number(name) for name in (*known, "certificate_number", "card_number")] == [True] * 4 + [
        False
    ] * 2


def test_readers_are_compared_on_the_pictures_that_all_were_given() -> None:
    readings = {OURS: {CARD.digest: RIGHT, PHOTO.digest: RIGHT}, "tesseract": {CARD.digest: TEXT}}
    assert read_by_all([CARD, PHOTO], readings) == [CARD]


def test_each_kind_and_each_field_has_its_row_and_each_miss_is_told() -> None:
    counted = exact_by_kind([CARD, PHOTO], {CARD.digest: WRONG})
    assert counted["id_card_front", "phone"] == {"kinds": 1, "pictures": 1, "right": 0, "all": 3}
    assert counted["id_card_front.name", "phone"] == {"right": 0, "all": 1}
    assert missed([CARD], {CARD.digest: WRONG}) == [
        ("phone", "id_card_front.name", "王小明", "王小朋 (certain)"),
        ("phone", "id_card_front.sex", "男", "nothing"),
        ("phone", "id_card_front.id_number", NUMBER, NUMBER[:-1] + "X (certain)"),
    ]


def test_the_section_has_goals_peers_times_and_memory() -> None:
    ours = {CARD.digest: RIGHT, PHOTO.digest: replace(TEXT, lines=("发票",)), BARE.digest: TEXT}
    peer = {CARD.digest: TEXT}
    text = section(Measured([CARD, PHOTO, BARE], {1: {OURS: ours, "tesseract": peer}, 2: {OURS: {CARD.digest: RIGHT}}}))
    assert "| real photographs: key strings exact | ≥ 95 % | 1/2 (50.0 %) | **no** |" in text
    assert "| identity numbers certain but wrong, all levels | 0 | 0 of 1 | yes |" in text
    assert "1 have no key strings" in text
    assert "On the pictures that every reader was given" in text
    assert "| ours | 2 | 1 | 0.50 | 0.50 | 0.50 | 4.00 | 1800 | 1400 |" in text
    assert "| id_card_front | 1/1 (100.0 %) | 3/3 (100.0 %) |" in text
    assert "ocrmypdf" not in text
    assert set(CONTENDERS) >= {"ours", "rapidocr", "tesseract", "ocrmypdf"}


def test_without_photographs_their_goals_are_not_measured() -> None:
    text = section(Measured([CARD], {1: {OURS: {CARD.digest: RIGHT}}, 2: {OURS: {CARD.digest: RIGHT}}}))
    assert "no real photographs at hand" in text
    assert "| real photographs: median seconds | < 0.6 s | – | not measured |" in text
    assert "On the pictures that every reader was given" not in text
