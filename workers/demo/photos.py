"""The pictures of the demonstration: the committed specimens, those that are drawn for an item, or a folder of the user's own,
named by material key.

Drawn by `tests.specimens` of the source tree, in a process of its own; an installed package has none and says so.
"""

import atexit
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from preaudit.catalogue import load

PACKED = Path(__file__).parent / "samples"
"""Where `make release` puts the specimens; in the repository they are those of the tests."""
SAMPLES = PACKED if PACKED.is_dir() else Path(__file__).parent.parent.parent / "tests" / "samples"
HOUSE, SOCIAL_CARD = "440105-CLFZY", "440105-SHBZK-BL"
FOLDERS = {HOUSE: SAMPLES / "house", SOCIAL_CARD: SAMPLES}
"""Items whose papers are kept; those of the others are drawn."""
DRAW_SECONDS = 180
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


def photos(folder: Path | None, item: str) -> Photos:
    """Raises `PhotosMissing`."""
    if folder is None and _in_person(item):
        return Photos({}, {}, _applicant(SAMPLES / "truth.json"))
    where = folder or FOLDERS.get(item) or _drawn(item)
    files = {f.stem: f for f in sorted(where.glob("*")) if f.suffix.lower() in MEDIA_TYPES} if where.is_dir() else {}
    if not files:
        raise PhotosMissing(f"{where}: no pictures; name them by material key, for example id_front.jpg")
    good = {key: f for key, f in files.items() if not key.endswith((BAD, PLANTED))}
    # the planted mismatch is what the story is about: with it a person has to look
    good |= {key.removesuffix(PLANTED): f for key, f in files.items() if key.endswith(PLANTED)}
    bad = {key.removesuffix(BAD): f for key, f in files.items() if key.endswith(BAD)}
    return Photos(good, bad, _applicant(where / "truth.json"), _answers(where / "applicant.json"))


def _in_person(item: str) -> bool:
    """Nothing is photographed for what wants the applicant themselves."""
    known = load().get(item)
    return known is not None and known.item.in_person is not None


def _drawn(item: str) -> Path:
    """The papers of an application for that item, in a folder that goes when this process does."""
    if item not in load():
        raise PhotosMissing(f"the catalogue has no item {item}; `zerotrip items list` names them, or bring --photos")
    if not (SAMPLES.parent / "specimens").is_dir():
        raise PhotosMissing(f"papers for {item} are drawn by the source tree only; here bring your own with --photos")
    made = Path(tempfile.mkdtemp(prefix="zerotrip-papers-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    argv = [sys.executable, "-m", "tests.specimens", str(made), "--item", item]
    ran = subprocess.run(
        argv, cwd=SAMPLES.parents[1], capture_output=True, text=True, timeout=DRAW_SECONDS, check=False
    )  # fmt: skip
    if ran.returncode:
        raise PhotosMissing(f"the papers for {item} could not be drawn: {ran.stderr.strip().splitlines()[-1:]}")
    return made


def _answers(told: Path) -> Mapping[str, Any]:
    """`answers` of the folder's applicant.json, if it has any."""
    return dict(json.loads(told.read_text(encoding="utf-8")).get("answers", {})) if told.is_file() else {}


def _applicant(truth: Path) -> Mapping[str, str]:
    """The invented resident of the specimens; a folder may bring its own `truth.json` or `applicant.json`."""
    for path in (truth, truth.with_name("applicant.json"), SAMPLES / "truth.json"):
        if path.is_file():
            told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
            person = told.get("person", told)
            return {k: str(person[k]) for k in ("kind", "name", "id_number", "phone", "address") if k in person}
    raise PhotosMissing(f"{truth}: wanted, with name, id_number, phone and address of the applicant")
