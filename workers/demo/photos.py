"""The pictures of the demonstration: the committed specimens, or a folder of the user's own, named by material key."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parent.parent.parent / "tests" / "samples"
HOUSE = "440105-CLFZY"
FOLDERS = {HOUSE: SAMPLES / "house"}
"""Items with a set of papers of their own; the others are tried with those of the card."""
MEDIA_TYPES = {
    ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".pdf": "application/pdf",
    ".heic": "image/heic", ".webp": "image/webp",
}  # fmt: skip
BAD = "_blurred"
PLANTED = "_mismatch"


class PhotosMissing(Exception):
    """No usable pictures; the message says what is wanted."""


@dataclass(frozen=True)
class Photos:
    """`good`: by material key. `bad`: a picture that must be sent again. `applicant`: what the resident types."""

    good: Mapping[str, Path]
    bad: Mapping[str, Path]
    applicant: Mapping[str, str]
    answers: Mapping[str, Any] = field(default_factory=dict)
    """To the item's questions, where they are not the usual ones."""


def photos(folder: Path | None, item: str = "") -> Photos:
    """Raises `PhotosMissing`."""
    where = folder or FOLDERS.get(item, SAMPLES)
    files = {f.stem: f for f in sorted(where.glob("*")) if f.suffix.lower() in MEDIA_TYPES} if where.is_dir() else {}
    if not files:
        raise PhotosMissing(f"{where}: no pictures; name them by material key, for example id_front.jpg")
    good = {key: f for key, f in files.items() if not key.endswith((BAD, PLANTED))}
    # the planted mismatch is what the story is about: with it a person has to look
    good |= {key.removesuffix(PLANTED): f for key, f in files.items() if key.endswith(PLANTED)}
    bad = {key.removesuffix(BAD): f for key, f in files.items() if key.endswith(BAD)}
    return Photos(good, bad, _applicant(where / "truth.json"), _answers(where / "applicant.json"))


def _answers(told: Path) -> Mapping[str, Any]:
    """`answers` of the folder's applicant.json, if it has any."""
    return dict(json.loads(told.read_text(encoding="utf-8")).get("answers", {})) if told.is_file() else {}


def _applicant(truth: Path) -> Mapping[str, str]:
    """The invented resident of the specimens; a folder may bring its own `truth.json` or `applicant.json`."""
    for path in (truth, truth.with_name("applicant.json"), SAMPLES / "truth.json"):
        if path.is_file():
            told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            person = told.get("person", told)
            return {k: str(person[k]) for k in ("name", "id_number", "phone", "address") if k in person}
    raise PhotosMissing(f"{truth}: wanted, with name, id_number, phone and address of the applicant")
