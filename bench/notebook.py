"""What was read so far, on disk, so that a run that was interrupted goes on where it stopped.

One JSON object a line, written as soon as it is known. A note counts only for the same bytes, the same number of
workers and the same version of what read them; an older note is passed over. The folder is the machine's, not the
repository's: it holds the text of real photographs.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bench.contenders import EVERYBODY, OURS, Outcome
from bench.machine import program_version

ROOT = Path(__file__).parents[1]
OUR_SOURCES = ("preaudit", "cases")
LOCK = ROOT / "requirements.lock"


@dataclass(frozen=True)
class Key:
    reader: str
    workers: int
    picture: str
    """Digest of its bytes."""


class Notebook:
    """`fresh`: what is there is forgotten first."""

    def __init__(self, path: Path, *, fresh: bool) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
        self._known = dict(_notes(path)) if path.exists() else {}
        self.kept = len(self._known)
        """How many notes an earlier run left."""

    def get(self, key: Key) -> Outcome | None:
        return self._known.get((key, version_of(key.reader)))

    def add(self, key: Key, outcome: Outcome) -> None:
        self._known[key, version_of(key.reader)] = outcome
        note = {"key": key.__dict__, "version": version_of(key.reader), "outcome": outcome.as_json()}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(note, ensure_ascii=False) + "\n")


def _notes(path: Path) -> Iterable[tuple[tuple[Key, str], Outcome]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            note = json.loads(line)
        except ValueError:  # the run was killed while it wrote this line
            continue
        yield (Key(**note["key"]), note["version"]), Outcome.from_json(note["outcome"])


_versions: dict[str, str] = {}


def version_of(reader: str) -> str:
    """Ours changes with its sources, a peer with the locked libraries, or with the programs that it is."""
    if reader not in _versions:
        needs = EVERYBODY[reader].needs if reader in EVERYBODY else ()
        own = _sources() if reader == OURS else ()
        _versions[reader] = " ".join(map(program_version, needs)) or digest_of([LOCK, *own])
    return _versions[reader]


def _sources() -> list[Path]:
    return sorted(
        path
        for folder in OUR_SOURCES
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in (".py", ".yaml")
    )


def digest_of(paths: Iterable[Path]) -> str:
    whole = sha256()
    for path in paths:
        whole.update(path.read_bytes() if path.exists() else b"")
    return whole.hexdigest()[:16]
