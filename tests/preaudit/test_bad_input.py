"""The kept set of what people send instead of a good photograph, through the real reader and the judge."""

import json
from pathlib import Path
from typing import Any

import pytest

from cases.findings import FindingCode
from preaudit.judge import Verdict, judge
from preaudit.reading import Reader
from tests.preaudit.builders import TODAY, item, raw_material
from tests.specimens.bad_input import SAMPLES

FOLDER = Path(__file__).parents[1] / "samples/bad_input"
EXPECTED: dict[str, dict[str, Any]] = json.loads((FOLDER / "expected.json").read_text("utf-8"))
FRONT = item(
    materials=[
        raw_material("card", "id_card_front", checks=["id_number_valid", "id_matches_birth_and_sex", "name_plausible"])
    ],
    cross_checks=[{"same": ["card.name", "form.applicant_name"]}, {"same": ["card.id_number", "form.id_number"]}],
)


@pytest.mark.parametrize("name", EXPECTED)
def test_what_was_sent_is_told_as_what_it_is_or_read_in_spite_of_it(reader: Reader, name: str) -> None:
    expected = EXPECTED[name]
    readings = reader.read((FOLDER / name).read_bytes(), name=name, document="id_card_front")
    judgement = judge(FRONT, {}, expected["form"], {"card": readings}, today=TODAY)
    told = [(str(f.code), f.message, f.advice) for f in judgement.findings]
    if not expected["codes"]:
        assert (told, judgement.verdict) == ([], Verdict.PASSED)
        read = {key: field.value for key, field in judgement.materials["card"].fields.items()}
        assert read == expected["fields"]
        return
    assert judgement.verdict is not Verdict.PASSED
    assert any(code in expected["codes"] and expected["says"] in message for code, message, _ in told), told
    assert all(advice for _, _, advice in told)
    assert {FindingCode(code) for code, _, _ in told}


def test_every_sample_of_the_set_is_kept_with_its_provenance_and_expectation() -> None:
    kept = {path.name for path in FOLDER.iterdir()} - {"expected.json", "PROVENANCE.md"}
    assert kept == set(SAMPLES) == set(EXPECTED)
    provenance = (FOLDER / "PROVENANCE.md").read_text("utf-8")
    assert all(f"`{name}`" in provenance for name in SAMPLES)
    wanted = {
        "upside_down", "mirrored", "two_cards", "hand_over_number", "picture_of_a_picture", "handwriting",
        "traditional_characters", "name_with_a_dot", "forty_pages", "empty_page", "landscape", "a_text", "no_bytes",
        "cut_in_half", "eighty_megapixels", "with_a_password", "a_program", "bomb",
    }  # fmt: skip
    assert wanted <= {name.partition(".")[0] for name in SAMPLES}


def test_the_set_stays_small() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 4_000_000
