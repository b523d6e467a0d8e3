"""Which distributions the program runs with: its direct dependencies and theirs, as they are installed here, and the part of
requirements.lock that says exactly which files they are."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
TWINS = {"opencv-python": "opencv-python-headless"}
"""The same module twice, and which of the two the lock keeps: see the Makefile."""


def direct() -> list[str]:
    """Names in pyproject's dependencies."""
    return sorted(canonicalize_name(need.name) for need in _stated())


def _stated() -> list[Requirement]:
    """As pyproject has it: an installed copy in development may be older."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [Requirement(raw) for raw in told["project"]["dependencies"]]


def closure() -> dict[str, Distribution]:
    """Everything that is installed with the program on this platform, without the extras of development."""
    found: dict[str, Distribution] = {}
    waiting = [(r.name, frozenset(r.extras)) for r in _stated()]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, extras = waiting.pop()
        key = TWINS.get(canonicalize_name(name), canonicalize_name(name))
        if (key, extras) in seen:
            continue
        seen.add((key, extras))
        try:
            found[key] = distribution(key)
        except PackageNotFoundError:
            raise SystemExit(f"{key} is not installed: make setup") from None
        waiting += [(r.name, frozenset(r.extras)) for r in _needs(found[key], extras)]
    return dict(sorted(found.items()))


def _needs(of: Distribution, extras: frozenset[str]) -> Iterator[Requirement]:
    for raw in of.requires or ():
        need = Requirement(raw)
        chosen = [{"extra": extra} for extra in (extras or {""})]
        if need.marker is None or any(need.marker.evaluate(environment) for environment in chosen):
            yield need


def locked(names: Iterable[str]) -> str:
    """The entries of requirements.lock for these, with their hashes."""
    wanted = frozenset(names)
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-zA-Z0-9])", text, flags=re.MULTILINE)
    return "".join(e for e in entries if canonicalize_name(re.split(r"[=\[ ]", e, maxsplit=1)[0]) in wanted)


def locked_versions() -> dict[str, str]:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    return {
        canonicalize_name(name): version for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", text, re.MULTILINE)
    }
