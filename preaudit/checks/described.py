"""What a check says of itself: what it looks at, its legal or practical source, and its three outcomes.

The docstring of every check has the four labels below; one that lacks any is refused when the package is imported. The
page for operators (docs/checks.md) and `zerotrip items checks` are made of these.
"""

import inspect
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

LABELS = ("Source", "Certain", "Doubtful", "Cannot tell")


@dataclass(frozen=True)
class Described:
    """`scope`: `material`, `across`, `always` (asked for by no item) or `history`. `params`: as an item file writes them."""

    name: str
    scope: str
    params: tuple[str, ...]
    what: str
    source: str
    certain: str
    doubtful: str
    cannot_tell: str


def described(name: str, scope: str, run: Callable[..., Any], params: Iterable[str] = ()) -> Described:
    """Raises `ValueError` for a docstring without source and outcomes."""
    text = " ".join(inspect.cleandoc(run.__doc__ or "").split())
    pattern = r"(.+?) " + " ".join(rf"{label}: (.+?)" for label in LABELS) + r"$"
    found = re.fullmatch(pattern, text)
    if found is None:
        raise ValueError(f"check {name}: its docstring must say {', '.join(LABELS)}, in this order")
    return Described(name, scope, tuple(params), *found.groups())
