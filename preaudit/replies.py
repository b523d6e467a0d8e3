"""What a child answered, believed no further than it can be checked: the child may have been taken over by its file.

Whatever is not in form is `ChildFailed("garbage")`: a size that does not fit its pixels, a number that is none, more pages
than a file may have, text that no database could keep.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .decoding import Job
from .lost import ChildFailed
from .memory_files import sealed

Picture = npt.NDArray[np.uint8]
"""Height × width × 3, BGR as the recognisers want it. What a child decoded cannot be written to."""
REFUSALS = frozenset({"damaged", "memory", "pages", "password", "pixels", "unsupported"})
"""What a child says of a file that it does not open."""
LARGEST = 2**53
"""Every number up to here can be told and kept."""


@dataclass(frozen=True)
class Decoded:
    """What came back. `error` is empty or a word of `decoding.Refused`; `peak_bytes` is the child's resident maximum.

    Of a PDF: the `words` that stand for the page and the `pictures` among them; `facts` (None for a picture) count its
    digital `signatures` and list its `blanks`, each `{name, value, ticked, box}`.
    """

    error: str
    measure: int
    pages: int
    width: int
    height: int
    picture: Picture | None
    words: tuple[tuple[str, tuple[float, float, float, float]], ...]
    peak_bytes: int
    pictures: tuple[tuple[float, float, float, float], ...] = ()
    facts: Mapping[str, Any] | None = None


def parsed(raw: bytes) -> dict[str, Any]:
    """Raises `ChildFailed`."""
    if not raw:
        raise ChildFailed("killed")
    try:
        reply = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise ChildFailed("garbage") from error
    if not isinstance(reply, dict):
        raise ChildFailed("garbage")
    return reply


def page_of(reply: Mapping[str, Any], pixels: int, job: Job) -> Decoded:
    """`pixels`: descriptor of the file that holds them. Raises `ChildFailed`."""
    try:
        return _refused(reply) if reply.get("error") else _page(reply, pixels, job)
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        raise ChildFailed("garbage") from error


def _refused(reply: Mapping[str, Any]) -> Decoded:
    word, measure = str(reply["error"]), int(reply.get("measure", 0))
    if word not in REFUSALS or not 0 <= measure < LARGEST:
        raise ValueError("a refusal that is none")
    return Decoded(word, measure, 1, 0, 0, None, (), int(reply.get("peak", 0)))


def _page(reply: Mapping[str, Any], pixels: int, job: Job) -> Decoded:
    pages, width, height = int(reply["pages"]), int(reply["width"]), int(reply["height"])
    if not (1 <= pages <= job.max_pages and min(width, height) >= 1 and width * height <= job.max_pixels):
        raise ValueError("a size that no file may have")
    words = tuple((_text(w["text"]), _four(w["box"])) for w in reply["words"])
    picture, pictures = _pixels(pixels, *map(int, reply["picture"])), tuple(map(_four, reply.get("pictures", ())))
    facts, peak = _facts(reply.get("facts")), int(reply.get("peak", 0))
    return Decoded("", 0, pages, width, height, picture, words, peak, pictures, facts)


def _facts(raw: Any) -> dict[str, Any] | None:
    """Nothing but what was asked for, in the types that were asked for."""
    if raw is None:
        return None
    blanks = [
        {
            "name": _text(blank["name"]),
            "value": _text(blank["value"]),
            "ticked": None if blank["ticked"] is None else bool(blank["ticked"]),
            "box": _four(blank["box"]),
        }
        for blank in raw["blanks"]
    ]
    return {"signatures": int(raw["signatures"]), "blanks": blanks}


def _text(value: Any) -> str:
    """As every database can keep it: documents hold NULs and halves of characters."""
    return str(value).replace("\0", "").encode("utf-8", "replace").decode()


def _four(raw: Any) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(x) for x in raw)
    if not all(map(math.isfinite, (left, top, right, bottom))):
        raise ValueError("a place that is none")
    return left, top, right, bottom


def _pixels(descriptor: int, width: int, height: int) -> Picture:
    if min(width, height) < 1:
        raise ValueError("no pixels")
    return np.frombuffer(sealed(descriptor, width * height * 3), np.uint8).reshape(height, width, 3)
