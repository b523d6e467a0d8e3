"""Kinds by their printed words: sure within 0 and 1, and papers that ask for the same things kept apart."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preaudit.documents import FIELDS
from preaudit.kinds import all_kinds, kind_of
from preaudit.reading import Reader

SAMPLES = Path(__file__).parents[1] / "samples"
WORDS = sorted({words for spec in all_kinds().values() for words in spec.anchors})


@given(
    st.lists(st.sampled_from(WORDS), max_size=30),
    st.lists(st.sampled_from(WORDS), max_size=6),
    st.sampled_from([None, *FIELDS]),
)
def test_the_confidence_of_a_kind_lies_between_nothing_and_one(
    texts: list[str], labels: list[str], hint: str | None
) -> None:
    kind, confidence = kind_of(texts, labels, hint)
    assert kind in {*FIELDS, "unknown"}
    assert 0.0 <= confidence <= 1.0


@pytest.mark.parametrize("hint", [None, "id_card_front", "other_paper"])
def test_a_receipt_that_repeats_a_card_is_no_card(reader: Reader, hint: str | None) -> None:
    data = (SAMPLES / "photo_receipt.pdf").read_bytes()
    (reading,) = reader.read(data, name="photo_receipt.pdf", document=hint)
    assert reading.kind in {"other_paper", "unknown"}
