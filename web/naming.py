"""What a caller put where one of our names belongs may be anything, an identity number typed into a path among it. Only
what has the shape of our own names is written down or said back."""

import re
from collections.abc import Mapping
from typing import Any

from storage.casefiles import is_case_number

_OURS = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|[0-9a-f]{24}|[a-z][a-z0-9_.-]{0,39}")
"""An identity of `storage.ids`, of a session, or a word of a closed vocabulary: none begins with a digit."""


def is_ours(value: str) -> bool:
    return is_case_number(value) or bool(_OURS.fullmatch(value))


def only_ours(details: Mapping[str, Any]) -> dict[str, Any]:
    """Without strings that are no names of ours."""
    return {key: value for key, value in details.items() if not isinstance(value, str) or is_ours(value)}
