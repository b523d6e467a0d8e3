"""What a region's file says of its own days."""

from datetime import date
from pathlib import Path

import pytest

from preaudit.region import RegionInvalid, region_of

PLAIN = "region: '450103'\nname: 南宁市青秀区\ndepartments: {}\nretained_proofs: []\n"


def written(folder: Path, calendar: str) -> Path:
    (folder / "450103.yaml").write_text(PLAIN + calendar, encoding="utf-8")
    return folder


def test_a_region_has_rest_days_and_working_days_of_its_own(tmp_path: Path) -> None:
    region = region_of(
        "450103", written(tmp_path, "calendar: {rest: [2026-04-20, 2026-04-21], work: ['2026-04-25']}\n")
    )
    assert region is not None
    assert region.days == {date(2026, 4, 20): False, date(2026, 4, 21): False, date(2026, 4, 25): True}


@pytest.mark.parametrize(
    "calendar",
    [
        "calendar: {off: [2026-04-20]}",
        "calendar: {rest: [三月三]}",
        "calendar: {rest: [2026-04-20], work: [2026-04-20]}",
    ],
)
def test_a_calendar_that_cannot_be_right_is_refused(tmp_path: Path, calendar: str) -> None:
    with pytest.raises(RegionInvalid):
        region_of("450103", written(tmp_path, calendar + "\n"))


def test_most_regions_have_the_countrys_days() -> None:
    region = region_of("440105")
    assert region is not None
    assert region.days == {}
