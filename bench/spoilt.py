"""Pictures with one thing wrong with them, and good ones: what `bench.quality` is measured on.

What counts as spoilt is what the person at the desk would send back, whether or not a reader can still make out the words:
a blur as wide as the strokes are apart, paper at under a quarter of the light, ink and seals burnt pale, a lamp's burnt-out
heart over print (never over an empty margin), an eighth of the paper or more outside the frame on any side (over its words
or not), print of nine pixels and less, a display photographed, a grey copy of a paper that has colours.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random

import cv2
import numpy as np
from PIL import Image

from preaudit.reading import FACELESS
from tests.specimens.applications import FORM_TITLE, form_rows, printed_day
from tests.specimens.camera import Defects, Level, Side, Table, shoot
from tests.specimens.cards import id_card_back, id_card_front
from tests.specimens.forms import application_form
from tests.specimens.kinds import DRAWN
from tests.specimens.kinds import KINDS as ALL_KINDS
from tests.specimens.patterns import Pattern, patterned
from tests.specimens.people import invent
from tests.specimens.sheets import grey_copy

SEED = 31_000
"""Nobody has looked at these people's papers: thresholds were chosen on those of 20,000 to 22,000."""
MEGAPIXELS = (3, 5, 8)
KINDS = tuple(kind for kind in ALL_KINDS if kind != "portrait")
"""A portrait photograph has no text and measures of its own."""
COLOURED = tuple(kind for kind in KINDS if kind not in FACELESS)
"""Kinds of which a grey copy is no original."""
GOOD, SCANNED, PATTERNED = "good", "good, white scan", "good, ground printed all over"
COPY, FINE, GLARE, SMALL = "copy", "screen too fine for the camera", "glare", "small"
GOOD_ONES = (GOOD, SCANNED, PATTERNED)
BEYOND = (FINE,)
"""Told, but with no figure to reach: where the camera sees no dots, half of these pictures hold nothing that paper has not."""
PLANTED: Mapping[str, Sequence[Defects]] = {
    GOOD: tuple(Defects(table=table) for table in Table),
    SCANNED: tuple(Defects(light=light) for light in (1.0, 1.05, 1.15)),
    PATTERNED: (Defects(mosaic=True),),
    "focus": tuple(Defects(focus=sigma) for sigma in (5, 7, 9, 13)),
    "motion": tuple(Defects(motion=pixels) for pixels in (18, 25, 35, 45)),
    "dark": tuple(Defects(light=light) for light in (0.2, 0.14, 0.09, 0.05)),
    "overexposed": tuple(Defects(light=light) for light in (2.2, 2.5, 2.8, 3.2)),
    GLARE: tuple(Defects(glare=size) for size in (0.2, 0.3, 0.4, 0.5)),
    "cut": tuple(Defects(cut=part, cut_side=side) for part in (0.12, 0.16, 0.22, 0.3) for side in Side),
    SMALL: tuple(Defects(size=side) for side in (0.08, 0.1, 0.11, 0.12)),
    "screen": (Defects(screen=True),),
    COPY: (Defects(),),
    FINE: (Defects(screen=True, screen_fine=True),),
}
CODES = {
    "focus": "blurred",
    "motion": "blurred",
    "dark": "too_dark",
    "overexposed": "overexposed",
    GLARE: "glare",
    "cut": "cut_off",
    SMALL: "too_small",
    "screen": "screen_photo",
    FINE: "screen_photo",
    COPY: "copy_not_original",
}
SMALL_MEGAPIXELS = 3
"""Too small is a matter of pixels, whatever the camera could have given."""
SHEETS, FINE_PRINT = frozenset({"application_form", "contract", "other_paper"}), 1.8
"""Of A4, with print so much smaller against the paper than a card's: as many times the pixels leave it as small."""
HEART = 0.85
"""Of a lamp's spot, as the camera draws it: so far out dark ink is burnt white."""
INK_SIDE, ENOUGH_INK = 240, 0.5


@dataclass(frozen=True)
class Shot:
    planted: str
    kind: str
    data: bytes

    @property
    def code(self) -> str:
        return CODES.get(self.planted, "")


def shots(each: int, planted: Sequence[str] = tuple(PLANTED), seed: int = SEED) -> Iterator[Shot]:
    """`each` of every defect, twice as many good ones; every kind of paper and every strength by turns."""
    for name in planted:
        kinds = COLOURED if name == COPY else KINDS
        for place in range(2 * each if name == GOOD else each):
            kind, ways = kinds[place % len(kinds)], PLANTED[name]
            yield _shot(name, kind, place, ways[(place + place // len(kinds)) % len(ways)], seed)


def _shot(planted: str, kind: str, place: int, defects: Defects, first: int) -> Shot:
    seed, paper = first + place, paper_of(kind, first + place)
    size = SMALL_MEGAPIXELS if planted == SMALL else MEGAPIXELS[place % len(MEGAPIXELS)]
    is_scan = planted == SCANNED or (planted == COPY and place % 4 == 3)
    level = Level.SCAN if is_scan else Level.PHONE
    if planted == PATTERNED:
        paper = patterned(paper, list(Pattern)[place % len(Pattern)], seed)
    if planted == COPY:
        paper = grey_copy(paper)
    if planted == SMALL and kind in SHEETS:
        defects = replace(defects, size=FINE_PRINT * defects.size)
    if planted == GLARE:
        defects = replace(defects, glare_at=over_print(paper, defects.glare, seed))
    return Shot(planted, kind, shoot(paper, level, seed, megapixels=size, defects=defects).data)


def paper_of(kind: str, seed: int) -> Image.Image:
    person = invent(seed)
    if kind in DRAWN:
        return DRAWN[kind](seed).image
    if kind != "application_form":
        return id_card_front(person) if kind == "id_card_front" else id_card_back(person)
    rows, applied_on = form_rows(person, seed)
    by_hand = seed % 8 == 1
    return application_form(
        FORM_TITLE, rows, signature=person.name, signed_on=printed_day(applied_on), by_hand=by_hand, seed=seed
    )


def over_print(paper: Image.Image, size: float, seed: int) -> tuple[float, float]:
    """Where a spot of that size covers print: shares of the paper's width and height, any of the places where its heart
    lies over at least half as much of it as at the densest place."""
    ratio = INK_SIDE / max(paper.size)
    opaque = Image.new("RGBA", paper.size, "white")
    opaque.alpha_composite(paper.convert("RGBA"))
    small = opaque.resize((round(paper.width * ratio), round(paper.height * ratio)), Image.Resampling.BOX)
    grey = np.asarray(small.convert("L"), np.float32)
    fine = (np.abs(grey - cv2.GaussianBlur(grey, (0, 0), 4)) > 12).astype(np.float32)
    reach = HEART * size * INK_SIDE / 2
    heart = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (round(2 * reach) | 1, round(1.4 * reach) | 1))
    covered = cv2.filter2D(fine, -1, heart.astype(np.float32), borderType=cv2.BORDER_CONSTANT)
    ys, xs = np.nonzero(covered >= ENOUGH_INK * covered.max())
    at = Random(f"glare {seed}").randrange(len(xs))
    return float(xs[at] / grey.shape[1]), float(ys[at] / grey.shape[0])
