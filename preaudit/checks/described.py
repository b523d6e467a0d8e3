"""What a check says of itself: what it looks at, its legal or practical source, and its three outcomes.

The docstring of every check has the four labels below; one that lacks any is refused when the package is imported. The
page for operators (docs/checks.md) and `zerotrip items checks` are made of these.
"""

import inspect
import re
from collections.abc import Callable, Iterable, Iterator
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

    def outcomes(self) -> Iterator[tuple[str, str]]:
        """Source and outcomes, with their labels."""
        return zip(LABELS, (self.source, self.certain, self.doubtful, self.cannot_tell), strict=True)


def described(name: str, scope: str, run: Callable[..., Any], params: Iterable[str] = ()) -> Described:
    """Raises `ValueError` for a docstring without source and outcomes."""
    text = " ".join(inspect.cleandoc(run.__doc__ or "").split())
    pattern = r"(.+?) " + " ".join(rf"{label}: (.+?)" for label in LABELS) + r"$"
    found = re.fullmatch(pattern, text)
    if found is None:
        raise ValueError(f"check {name}: its docstring must say {', '.join(LABELS)}, in this order")
    return Described(name, scope, tuple(params), *found.groups())


SCOPES = {
    "always": "Looked at in every application",
    "material": "Checks of one material, as items ask for them",
    "across": "Checks across materials, what was typed and what was answered",
    "history": "Looked at against other cases",
}


def page(checks: Iterable[Described]) -> str:
    """docs/checks.md."""
    told = list(checks)
    parts = [part for scope, title in SCOPES.items() for part in _section(title, [c for c in told if c.scope == scope])]
    return "\n".join((_HEAD, *parts)) + "\n"


_HEAD = """# Checks

What pre-auditing looks at: each check with its legal or practical source and its three outcomes. *Certain* is either right
(nothing is said) or wrong in a way that the resident can mend; *doubtful* goes to a person of the office; and what *cannot be
told* is a finding for a person as well, never a pass. Made by `zerotrip items checks --markdown`; a test holds this page to
the code.

## What a field says of itself

`confirmed` says why a field is believed: `checksum` (a check digit holds), `two_readers` (two engines read the same),
`text_layer` (the file says so), `person`; `one_reader` and `disagreement` are certain of nothing. `alternative` is what else
was read at that place. Beside `disagreement` it is what the second reader saw. Beside `checksum` it is what stood there before
the check digit put it right: `4401O6…` became `440106…`, or the second reader's number holds and the first one's does not.
Beside an address it is the address before the table of places (`preaudit/places_of_codes.txt`) put one character of its region
right: 广州市海殊区 became 广州市海珠区. Without `alternative` nothing was corrected."""


def _section(title: str, checks: list[Described]) -> Iterable[str]:
    yield f"\n## {title}"
    for check in checks:
        yield f"\n### {check.name}\n"
        yield check.what + "\n"
        if check.params:
            yield f"- Parameters: {', '.join(f'`{param}`' for param in check.params)}"
        for label, text in check.outcomes():
            yield f"- {label}: {text}"
