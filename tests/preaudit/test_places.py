"""How large the detector looks at a page: by the height of the text that a small look met."""

import numpy as np
import pytest

from preaudit import places
from preaudit.engine import Models
from preaudit.images.geometry import Pixels
from preaudit.settings import EngineName
from tests.preaudit.test_ppocr import ROWS, page

WHOLE, NONE_OUTSIDE = 1.0, 0.0


@pytest.mark.parametrize(
    ("height", "usual", "unbound", "share"),
    [
        (60.0, 1.0, NONE_OUTSIDE, places.FIRST),  # 30 pixels high in the first look
        (34.0, 1.0, NONE_OUTSIDE, places.MIDDLE),
        (34.0, 1.0, 0.04, WHOLE),  # print runs together beside what was bounded
        (28.0, 1.0, NONE_OUTSIDE, WHOLE),
        (60.0, 1.0, 0.1, WHOLE),
        (
            20.0,
            3.0,
            NONE_OUTSIDE,
            WHOLE,
        ),  # a tiny picture, enlarged: whether it is too small must be known to the pixel
    ],
)
def test_the_size_follows_from_the_height_of_the_text(
    height: float, usual: float, unbound: float, share: float
) -> None:
    assert places.enough(height, usual, unbound) == share


def small_print(rows: int) -> Pixels:
    """Rows at a third of the height of those of `page`."""
    return np.asarray(np.concatenate([page(ROWS)[::3, ::3]] * rows), np.uint8)


def test_large_print_is_found_at_half_the_usual_size_and_small_print_at_all_of_it() -> None:
    models = Models(EngineName.AUTO, 1, pinning=False)
    large, small = places.on_page(models, page(ROWS)), places.on_page(models, small_print(4))
    assert (large.ratio, len(large.boxes)) == (places.FIRST * places.usual_ratio(page(ROWS)), len(ROWS))
    assert (small.ratio, len(small.boxes)) == (places.usual_ratio(small_print(4)), 4 * len(ROWS))
