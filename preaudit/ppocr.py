"""PP-OCRv6 small through rapidocr's parts, on OpenVINO or onnxruntime.

Settings are measured ones (60 real pictures, 1,111 key strings): no line-direction classifier; lines that score under
0.80 are read both ways up and the better kept (0.846 → 0.943); detector short side 736, long side 1,280. On 17 of the
pictures, each also shrunk, blurred, turned 6°, in perspective and as JPEG 25 (2,076 key strings): lines under 0.985 read
in full contrast too 1,898 → 1,908 (0.95 would spare a ninth of what is recognised; of 98 real lines between the two none reads
better in full contrast, but 热 of an identity card is 熱 without it, at 0.966), lines under seals in red light → 1,917; no gain from other margins (0 to 0.2),
widths, interpolations, a vote of three to eleven views, or a second detector pass at 640, 800 or 1,920. Lines of several
pages share the engine's lanes (`preaudit.engine`), not batches: of eight pages, each page's lines take 98 ms of a
processor by themselves, 97 with those of a second page, 90 with three more, of some 700 ms that a page takes. The input
shapes are bucketed because OpenVINO keeps what it prepared for every shape it has seen.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import cv2
import numpy as np
import numpy.typing as npt

from cases.findings import Box
from cases.readings import Line

from . import places
from .engine import Models
from .images.geometry import Pixels, crop, height_of, width_of
from .lines import in_reading_order
from .settings import EngineName
from .under_seals import share_within, with_seals_lifted

DOUBTFUL = 0.80  # a line under this score is read the other way up as well
FAINT = 0.985  # a line under this score is read in full contrast as well
LEAST_CONTRAST = 20.0  # grey levels between ink and paper: a line with less is none
MIXED, SURE = 2, 0.97  # with so many lines upside down, all that are not surer than this are tried both ways
SPARSE = 2.4  # heights of a line to one of its characters: more is a box whose text was not read
AROUND = 0.04  # heights of air around a line: 0.931 → 0.936 of the key strings, as end characters are not cut
KEEP = 0.50  # lines under this are noise
BATCH = 4  # lines of one width in one go: 134 short ones take 0.44 s of a processor, one by one 0.74, eight 0.43
BATCHED = 160  # only so wide: longer ones gain nothing (17 pages: 8.4 s or 8.5), and each shape costs memory (150 MB)
LINE_HEIGHT = 48
LINE_WIDTHS = (64, 96, 128, 160, 208, 256, 320, 400, 480, 576, 704, 880, 1120, 1600, 2200, 3000)
TALL = 1.5  # a box this much higher than wide is a line on its side


@dataclass(frozen=True)
class _Seen:
    """One line as read one way up. `turned`: the other way than the picture."""

    text: str
    score: float
    box: Box
    turned: bool = False

    @property
    def worth(self) -> float:
        """The score, less where the text is too short for its box: digits upside down read as a few sure ones."""
        return self.score * (0.5 if _too_sparse(self) else 1.0) if self.text else 0.0


class PPOCR:
    """One a process, for all its threads: pages that are read at the same time share the models."""

    name = "ppocr"

    def __init__(self, engine: EngineName, threads: int, pinning: bool = True) -> None:
        self._models = Models(engine, threads, pinning)

    def warm(self) -> None:
        self.read(np.full((places.SHORT_SIDE, 1040, 3), 255, np.uint8))
        for width in LINE_WIDTHS[:9]:
            empty = np.full((LINE_HEIGHT, width, 3), 255, np.uint8)
            self._texts([empty] * (BATCH + 1 if width <= BATCHED else 1))

    def read(self, pixels: Pixels) -> tuple[Line, ...]:
        ratio = places.usual_ratio(pixels)
        lines = self._lines(pixels, places.at_ratio(self._models, pixels, ratio))
        if sum(line.turned for line in lines) >= MIXED:
            lines = self._other_way(pixels, lines, lambda line: line.score < SURE)
        return in_reading_order(with_seals_lifted(pixels, _kept(lines), partial(self._crossing, ratio)))

    def _crossing(self, ratio: float, strip: Pixels, place: Box) -> list[Line]:
        """The lines of a strip of a page that run into the place or through it. `ratio`: as the page was looked at."""
        boxes = [box for box in places.at_ratio(self._models, strip, ratio) if share_within(box, place) > 0]
        return _kept(self._lines(strip, boxes))

    def read_crop(self, pixels: Pixels) -> tuple[str, float]:
        (read,) = self._texts([pixels])
        return read

    def _lines(self, pixels: Pixels, boxes: Sequence[Box]) -> list[_Seen]:
        placed = [_lying(box) for box in boxes]
        views = [crop(pixels, box, AROUND) for box in placed]
        texts = self._texts(views)
        faint = [place for place, (_, score) in enumerate(texts) if score < FAINT]
        for place, clearer in zip(faint, self._texts([stretched(views[place]) for place in faint]), strict=True):
            texts[place] = max(texts[place], clearer, key=lambda read: read[1])
        lines = [_Seen(text.strip(), score, box) for (text, score), box in zip(texts, placed, strict=True)]
        return self._other_way(pixels, lines, lambda line: line.score < DOUBTFUL or _too_sparse(line))

    def _other_way(self, pixels: Pixels, lines: Sequence[_Seen], is_doubtful: Callable[[_Seen], bool]) -> list[_Seen]:
        """The lines, of each doubtful one the better of it as it stands and turned upside down."""
        made = list(lines)
        doubtful = [place for place, line in enumerate(lines) if is_doubtful(line)]
        boxes = [_half_turn(lines[place].box) for place in doubtful]
        texts = self._texts([crop(pixels, box, AROUND) for box in boxes])
        for place, box, (text, score) in zip(doubtful, boxes, texts, strict=True):
            other = _Seen(text.strip(), score, box, not lines[place].turned)
            made[place] = max(lines[place], other, key=lambda line: line.worth)
        return made

    def _texts(self, views: Sequence[Pixels]) -> list[tuple[str, float]]:
        """Text and score of each line, short ones of one width together."""
        inputs = [_line_input(view) for view in views]
        made = [("", 0.0)] * len(inputs)
        batches = _batches([each.shape[2] for each in inputs])
        texts = self._models.texts([_side_by_side([inputs[place] for place in group]) for group in batches])
        for group, lines in zip(batches, texts, strict=True):
            for place, (text, score) in zip(group, lines, strict=True):
                made[place] = dashed(text), score
        return made


def _line_input(line: Pixels) -> npt.NDArray[np.float32]:
    """One line at the recogniser's height."""
    h, w = line.shape[:2]
    wanted = min(max(1, int(np.ceil(LINE_HEIGHT * w / h))), LINE_WIDTHS[-1])
    sized = cv2.resize(line, (wanted, LINE_HEIGHT)).astype(np.float32)
    return np.asarray(sized.transpose(2, 0, 1) / 127.5 - 1.0, np.float32)


def _side_by_side(lines: Sequence[npt.NDArray[np.float32]]) -> npt.NDArray[np.float32]:
    """Lines padded to the next of a few widths."""
    widest = max(line.shape[2] for line in lines)
    padded = np.zeros((len(lines), 3, LINE_HEIGHT, next(x for x in LINE_WIDTHS if x >= widest)), np.float32)
    for place, line in enumerate(lines):
        padded[place, :, :, : line.shape[2]] = line
    return padded


def _lying(box: Box) -> Box:
    """A tall box is a line on its side: its text starts at the bottom left (as rapidocr turns it)."""
    if height_of(box) < TALL * width_of(box):
        return box
    a, b, c, d = box
    return (b, c, d, a)


def _batches(widths: Sequence[int]) -> list[list[int]]:
    """Places of short lines, `BATCH` of about one width together; all others one by one (few shapes, see above). The
    longest first: what is read last should not keep one lane busy alone."""
    ranked = sorted(range(len(widths)), key=lambda place: -widths[place])
    long = sum(width > BATCHED for width in widths)
    whole = long + (len(ranked) - long) // BATCH * BATCH
    together = [ranked[at : at + BATCH] for at in range(long, whole, BATCH)]
    return [*([place] for place in ranked[:long]), *together, *([place] for place in ranked[whole:])]


def _kept(lines: Sequence[_Seen]) -> list[Line]:
    return [Line(line.text, line.score, line.box) for line in lines if line.text and line.score >= KEEP]


def dashed(text: str) -> str:
    """A Chinese dash is two characters long; half of one is read as 一, which never stands beside half a dash."""
    return re.sub("一—|—一", "——", text)


def stretched(line: Pixels) -> Pixels:
    """The line from black to white, whatever its light."""
    low, high = np.percentile(line, (2, 98))
    gain = 255 / max(high - low, LEAST_CONTRAST)
    return np.asarray(cv2.convertScaleAbs(np.maximum(line, low), alpha=gain, beta=-low * gain), np.uint8)


def _too_sparse(seen: _Seen) -> bool:
    return len(seen.text) * SPARSE < width_of(seen.box) / max(height_of(seen.box), 1.0)


def _half_turn(box: Box) -> Box:
    a, b, c, d = box
    return (c, d, a, b)
