"""Known weaknesses of what the program runs with.

    python -m deploy.advisories --fetch    asks the advisory sources and keeps what they said in build/advisories.json
    python -m deploy.advisories            judges by what is at hand; exit 1 names what is known and not accepted

Promises: a source that cannot be reached is named, and is no failure; what was never asked is not called safe. Only names and
versions of published packages leave this machine.
"""

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deploy.closure import ROOT, locked_versions

KEPT = ROOT / "build" / "advisories.json"
SECONDS = 600
NPM = ("miniapp", "web/frontend")
ACCEPTED: Mapping[str, str] = {}
"""Identity of an advisory → why it does not concern us, with the day it was looked at."""


@dataclass(frozen=True)
class Advisory:
    id: str
    package: str
    version: str
    """That is installed; of npm the range that is concerned."""
    fixed: str
    source: str


def fetch(pip_audit: str) -> int:
    """Asks, says who did not answer, and keeps the rest."""
    asked: dict[str, list[Advisory] | None] = {"pypi": of_python(pip_audit)}
    asked |= {folder: of_npm(ROOT / folder) for folder in NPM}
    for source, found in asked.items():
        said = "cannot be reached: nothing is known of it" if found is None else f"{len(found)} advisories"
        print(f"advisories: {source}: {said}")
    known = {source: [asdict(a) for a in found] for source, found in asked.items() if found is not None}
    if not known:
        return 0
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps({"fetched": _now(), "found": known}, indent=1) + "\n", encoding="utf-8")
    return judge()


def of_python(pip_audit: str) -> list[Advisory] | None:
    """None: the source did not answer, or pip-audit is not there."""
    if shutil.which(pip_audit) is None:
        return None
    argv = [
        pip_audit,
        "--disable-pip",
        "--require-hashes",
        "-r",
        str(ROOT / "requirements.lock"),
        "-f",
        "json",
        "--progress-spinner",
        "off",
    ]
    told = _json(argv, ROOT)
    return None if told is None else answered(told)


def answered(told: Mapping[str, Any]) -> list[Advisory] | None:
    """A package that was passed over was not looked at: with one of them the list is none."""
    every = told.get("dependencies", [])
    skipped = [each for each in every if "skip_reason" in each]
    if skipped:
        print(f"advisories: pypi: {len(skipped)} of {len(every)} packages could not be looked up")
    return None if skipped or not every else list(from_pip_audit(told))


def from_pip_audit(told: Mapping[str, Any]) -> Iterator[Advisory]:
    for each in told["dependencies"]:
        for known in each.get("vulns", ()):
            yield Advisory(known["id"], each["name"], each["version"], ", ".join(known["fix_versions"]), "pypi")


def of_npm(folder: Path) -> list[Advisory] | None:
    """Of what goes into the pages; what only helps to develop is left out."""
    if shutil.which("npm") is None:
        return None
    told = _json(["npm", "audit", "--json", "--omit", "dev", "--package-lock-only"], folder)
    source = str(folder.relative_to(ROOT))
    return None if told is None or "vulnerabilities" not in told else list(from_npm(told, source))


def from_npm(told: Mapping[str, Any], source: str) -> Iterator[Advisory]:
    for name, each in sorted(told["vulnerabilities"].items()):
        for via in each["via"]:
            if isinstance(via, dict):  # else another package of this list, which has its own line
                fix = each.get("fixAvailable")
                fixed = f"{fix['name']} {fix['version']}" if isinstance(fix, dict) else "update" if fix else ""
                yield Advisory(str(via["url"]).rsplit("/", 1)[-1], name, via.get("range", ""), fixed, source)


def _json(argv: list[str], where: Path) -> dict[str, Any] | None:
    """Both programs end with 1 when they find something, and with no JSON when nobody answers."""
    try:
        ran = subprocess.run(argv, cwd=where, capture_output=True, text=True, timeout=SECONDS, check=False)
        told = json.loads(ran.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        return None
    return told if isinstance(told, dict) else None


def judge(kept: Path = KEPT) -> int:
    if not kept.is_file():
        print("advisories: none at hand; `make audit` asks for them where the network allows it")
        return 0
    told = json.loads(kept.read_text(encoding="utf-8"))
    found = [Advisory(**a) for source in told["found"].values() for a in source]
    now = locked_versions()
    # what was mended since it was asked is not spoken of
    wrong = [a for a in found if a.id not in ACCEPTED and (a.source != "pypi" or now.get(a.package) == a.version)]
    for a in wrong:
        print(f"advisory: {a.package} {a.version} ({a.source}): {a.id}; fixed: {a.fixed or 'not yet'}")
    print(f"advisories of {told['fetched'][:10]}, {', '.join(sorted(told['found']))}: {len(wrong)} concern us")
    return 1 if wrong else 0


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def main() -> int:
    parser = argparse.ArgumentParser("python -m deploy.advisories")
    parser.add_argument("--fetch", action="store_true")
    parser.add_argument("--pip-audit", default="pip-audit")
    given = parser.parse_args()
    return fetch(given.pip_audit) if given.fetch else judge()


if __name__ == "__main__":
    sys.exit(main())
