"""What is read: invented papers of every kind that has fields, at each level of photography, and real photographs where
there are any.

The same seed is the same paper at every level. Any beginning of `spread_out` is an even choice of the whole.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from math import sqrt
from pathlib import Path
from typing import TypeVar

from preaudit.documents import FIELDS
from tests.specimens.applications import FORM_FIELDS, SpecimenPage, form_page
from tests.specimens.camera import Defects, Level
from tests.specimens.kinds import KINDS, specimen
from tests.specimens.people import invent

SEED = 1000
"""People of the benchmark are not those of the tests."""
FORM = "application_form"
KINDS_WITH_FIELDS = tuple(kind for kind in KINDS if FIELDS[kind] or kind == FORM)
KINDS_TURNED = tuple(kind for kind in KINDS_WITH_FIELDS if kind != FORM)
"""The form's specimen is always held upright."""
MEGAPIXELS = (3, 5, 8, 12)
TURNED = "phone, turned"
TURNS = (90, 180, 270)
REAL = "real photographs"
PICTURES = frozenset({".jpg", ".jpeg", ".png"})


@dataclass(frozen=True)
class Paper:
    """A picture, the row of the table it counts in, and what it says.

    Of a real photograph only `strings` are known, and of some not even these: they count for their time.
    """

    group: str
    name: str
    data: bytes
    strings: tuple[str, ...]
    kind: str = ""
    fields: Mapping[str, str] | None = None
    labels: Mapping[str, str] | None = None

    @property
    def digest(self) -> str:
        return sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Plan:
    """One paper that is to be drawn and photographed: the same plan, the same bytes."""

    group: str
    level: Level
    place: int
    turn: int = 0
    exif: bool = False


def plans(each_level: int) -> list[Plan]:
    """`each_level` papers at each level, the kinds by turns; half of the forms filled in by hand; then turned ones."""
    upright = [Plan(str(level), level, place) for level in Level for place in range(each_level)]
    turned = (Plan(TURNED, Level.PHONE, n, TURNS[n % 3], exif=n % 2 == 0) for n in range(each_level // 4))
    return [*upright, *turned]


def specimen_of(plan: Plan) -> Paper:
    place, kinds = plan.place, KINDS_TURNED if plan.group == TURNED else KINDS_WITH_FIELDS
    kind, seed, megapixels = kinds[place % len(kinds)], SEED + place, MEGAPIXELS[(place + place // len(kinds)) % 4]
    page = _page(kind, seed, plan.level, megapixels, Defects(turn=plan.turn, exif=plan.exif))
    labels = FORM_FIELDS if kind == FORM else None
    return Paper(plan.group, f"{kind} {seed}", page.data, page.strings, kind, page.fields, labels)


def _page(kind: str, seed: int, level: Level, megapixels: float, held: Defects) -> SpecimenPage:
    if kind == FORM:
        by_hand = seed // len(KINDS_WITH_FIELDS) % 2 == 1
        return form_page(invent(seed), seed, level, megapixels, by_hand=by_hand)
    return specimen(kind, seed, level, megapixels, held)


def photographs(folder: Path) -> list[Paper]:
    """Real photographs; their key strings stand beside them, `X.keys.txt` for the picture `X`."""
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in PICTURES) if folder.is_dir() else []
    return [Paper(REAL, path.name, path.read_bytes(), _keys(path)) for path in found]


def _keys(path: Path) -> tuple[str, ...]:
    truth = path.with_name(f"{path.name}.keys.txt")
    return tuple(truth.read_text(encoding="utf-8").splitlines()) if truth.exists() else ()


# -- choosing some of them -------------------------------------------------------------------------------------------

GOLDEN = (sqrt(5) - 1) / 2
Thing = TypeVar("Thing")


def spread_out(things: Sequence[Thing]) -> list[Thing]:
    """All of them, so ordered that the first n are spread evenly over the whole, and do not fall in with kinds by turns."""
    places = sorted(range(len(things)), key=lambda place: place * GOLDEN % 1)
    return [things[place] for place in places]


def some_of_each(papers: Sequence[Paper], most: int | None) -> list[Paper]:
    """At most so many of each group, evenly chosen, in an order that leaves the groups mixed."""
    groups = defaultdict[str, list[Paper]](list)
    for paper in papers:
        groups[paper.group].append(paper)
    chosen = [(place / len(group), paper) for group in groups.values() for place, paper in _ranked(group, most)]
    return [paper for _, paper in sorted(chosen, key=lambda pair: pair[0])]


def _ranked(group: Sequence[Paper], most: int | None) -> list[tuple[int, Paper]]:
    return list(enumerate(spread_out(group)[:most]))
