"""Lengths of keeping: what the docs say is what the code does, and nobody sets less than the law wants."""

from pathlib import Path

import pytest

from cases.errors import InvalidRequest
from cases.retention import RULES, Chosen, Kind, Means, check_length, in_force

DOCS = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")
WORDS = {Means.DELETE: "deleted", Means.OVERWRITE: "overwritten", Means.KEEP: "kept"}


@pytest.mark.parametrize("kind", Kind)
def test_the_docs_say_how_long_each_kind_is_kept(kind: Kind) -> None:
    r = RULES[kind]
    days = "for good" if r.days is None else f"{r.days} ({r.least})" if r.least else str(r.days)
    by = f", by `{r.elsewhere}`" if r.elsewhere else ""
    assert f"| `{kind}` | {r.name} | {r.since} | {days} | {WORDS[r.means]}{by} | {r.ground} |" in DOCS


def test_an_authority_may_keep_longer_and_not_shorter_than_the_least() -> None:
    check_length(Kind.SESSION, 365)
    with pytest.raises(InvalidRequest):
        check_length(Kind.SESSION, 179)
    with pytest.raises(InvalidRequest):
        check_length(Kind.ACCESS, 5000)
    assert in_force(Chosen({"session": 365, "gone": 1}, {}))[Kind.SESSION].days == 365
