"""A thin signature on a rule is one: the form that is kept among the samples was once taken for unsigned, as a rule that
is taken out takes strokes along, and how many depends on a fraction of a pixel."""

from pathlib import Path

import cv2
import numpy as np

from preaudit.images.geometry import crop, rectangle
from preaudit.images.ink import BLANK, INKED, ink_share

FORM = Path(__file__).parents[1] / "samples/application_form.jpg"


def test_the_signature_of_the_kept_form_is_seen_however_the_place_is_cut_out_and_without_it_the_place_is_bare() -> None:
    page = np.asarray(cv2.imread(str(FORM)), np.uint8)
    bare = page.copy()
    bare[1060:1136, 800:1020] = np.median(page[1200:1240, 800:1020], axis=(0, 1)).astype(np.uint8)
    places = [rectangle(780 + step, 1073.4, 1096 + step, 1163.7) for step in np.arange(-4, 4, 0.5)]
    assert min(ink_share(crop(page, place)) for place in places) > INKED
    assert max(ink_share(crop(bare, place)) for place in places) < BLANK
