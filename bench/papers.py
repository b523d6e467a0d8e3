"""What is read: invented papers at each level of photography, planted faults, and real photographs where there are any."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.specimens.applications import FORM_FIELDS, SpecimenPage, back_page, form_page, front_page
from tests.specimens.camera import Defects, Level
from tests.specimens.people import invent

SEED = 1000
"""People of the benchmark are not those of the tests."""
TURNED = "phone, turned"
DEFECTS = {
    "blurred": (Defects(focus=13), Defects(motion=45)),
    "too_dark": (Defects(light=0.08), Defects(light=0.05)),
    "overexposed": (Defects(light=2.6), Defects(light=3.2)),
    "glare": (Defects(glare=0.4), Defects(glare=0.5, glare_at=(0.6, 0.8))),
    "cut_off": (Defects(cut=0.18), Defects(cut=0.3)),
    "too_small": (Defects(size=0.1), Defects(size=0.14)),
    "screen_photo": (Defects(screen=True), Defects(screen=True, focus=0.3)),
}


@dataclass(frozen=True)
class Paper:
    """A picture, the row of the table it counts in, and what it says."""

    group: str
    page: SpecimenPage

    @property
    def labels(self) -> Mapping[str, str] | None:
        return FORM_FIELDS if self.page.kind == "application_form" else None


def specimens(people: int) -> Iterator[Paper]:
    """Three papers of each person at each level; 3 to 12 megapixels by turns; half of the forms filled in by hand."""
    for place in range(people):
        for level in Level:
            yield from (Paper(str(level), page) for page in _papers(SEED + place, level, (3, 5, 8, 12)[place % 4]))
        yield from _turned(SEED + place, (90, 180, 270)[place % 3], exif=place % 2 == 0)


def _papers(seed: int, level: Level, megapixels: float) -> Iterator[SpecimenPage]:
    person = invent(seed)
    yield front_page(person, seed, level, megapixels)
    yield back_page(person, seed, level, megapixels)
    yield form_page(person, seed, level, megapixels, by_hand=seed % 2 == 1)


def _turned(seed: int, turn: int, *, exif: bool) -> Iterator[Paper]:
    held = Defects(turn=turn, exif=exif)
    yield Paper(TURNED, front_page(invent(seed), seed, Level.PHONE, 3, held))
    yield Paper(TURNED, back_page(invent(seed), seed, Level.PHONE, 3, held))


def spoilt(people: int) -> Iterator[Paper]:
    """Fronts with one planted fault each, of every kind, and as many good ones (group `good`)."""
    for place in range(people):
        seed = SEED + 500 + place
        yield Paper("good", front_page(invent(seed), seed, Level.PHONE, 3))
        for code, ways in DEFECTS.items():
            yield Paper(code, front_page(invent(seed), seed, Level.PHONE, 3, ways[place % len(ways)]))


@dataclass(frozen=True)
class Photo:
    path: Path
    keys: tuple[str, ...]


def photographs(folder: Path) -> list[Photo]:
    """Real photographs `X` that have their key strings beside them in `X.keys.txt`."""
    return [
        Photo(
            truth.with_name(truth.name.removesuffix(".keys.txt")), tuple(truth.read_text(encoding="utf-8").splitlines())
        )
        for truth in sorted(folder.glob("*.keys.txt"))
    ]
