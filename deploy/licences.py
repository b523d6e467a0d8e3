"""Whose software the program runs with, and whether we may: each package's licence, read from what it says of itself, against
a list of licences that somebody looked at.

    python -m deploy.licences           exit 1 names what is not on the list
    python -m deploy.licences --report  the table

Nothing is asked of the network. A wheel may hold libraries under other terms than its own code; where we know of one, it
stands in `SAID`.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution
from pathlib import Path

from deploy.closure import ROOT, closure

ALLOWED = frozenset(
    {
        "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "CC0-1.0", "CC-BY-4.0", "ISC", "MIT", "MIT-0",
        "MIT-CMU", "PSF-2.0", "Unlicense", "Zlib", "MPL-2.0", "LGPL-2.1-or-later", "LGPL-3.0-only", "LGPL-3.0-or-later",
    }
)  # fmt: skip
"""Permissive ones; MPL and LGPL where the package is used as it comes, not changed and not linked into ours. Not GPL or AGPL:
a city that hands the program on would hand on their duties with it."""
SAID: Mapping[str, str] = {
    "defusedxml": "PSF-2.0",
    "dramatiq": "LGPL-3.0-or-later",
    "pi-heif": "BSD-3-Clause AND LGPL-3.0-only",  # its wheel holds libheif and libde265
    "pypdfium2": "BSD-3-Clause AND Apache-2.0",  # its wheel holds PDFium
    "python-dateutil": "BSD-3-Clause OR Apache-2.0",
    "python-stdnum": "LGPL-2.1-or-later",
    "tqdm": "MPL-2.0 AND MIT",
    "uvloop": "MIT OR Apache-2.0",
}
"""Packages whose own fields do not say it in words that a program understands; looked up in their licence files."""
NPM_SAID: Mapping[str, str] = {"dom-walk": "MIT", "exif-parser": "MIT", "qrcode-terminal": "Apache-2.0"}
"""Of before package.json had a field for it."""
WORDS: Mapping[str, str] = {
    "mit license": "MIT", "mit": "MIT", "bsd license": "BSD-3-Clause", "3-clause bsd license": "BSD-3-Clause",
    "bsd-3-clause": "BSD-3-Clause", "apache software license": "Apache-2.0", "apache 2.0": "Apache-2.0",
    "apache-2.0": "Apache-2.0", "apache license 2.0": "Apache-2.0", "mpl-2.0": "MPL-2.0", "isc license": "ISC",
    "isc license (iscl)": "ISC", "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0", "osi approved :: apache software license": "Apache-2.0",
}  # fmt: skip
NPM = ("miniapp", "web/frontend")


@dataclass(frozen=True)
class Package:
    name: str
    version: str
    licence: str
    source: str
    """pypi, or the folder of the npm lock."""


def packages() -> list[Package]:
    """What the program and its pages run with: Python's, and what npm puts into the pages or builds them with."""
    return [*python_packages(), *(p for folder in NPM for p in npm_packages(ROOT / folder))]


def python_packages() -> list[Package]:
    return [Package(name, d.version, SAID.get(name) or licence_of(d), "pypi") for name, d in closure().items()]


def licence_of(found: Distribution) -> str:
    """As SPDX has it; what is not understood comes back as it was said."""
    told = found.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    classes = [c.rsplit(" :: ", 1)[-1] for c in told.get_all("Classifier", []) if c.startswith("License ::")]
    field = str(told.get("License") or "").strip().splitlines()
    for word in (*field[:1], *classes):
        if word.strip().lower() in WORDS:
            return WORDS[word.strip().lower()]
    return " / ".join((*field[:1], *classes)) or "unknown"


def npm_packages(folder: Path) -> Iterator[Package]:
    """Of the lock; those that only work while one develops are left out."""
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    for path, told in sorted(lock["packages"].items()):
        if not path or told.get("dev") or told.get("link"):
            continue
        name = path.rsplit("node_modules/", 1)[-1]
        yield Package(
            name, told["version"], NPM_SAID.get(name) or told.get("license") or "unknown", str(folder.relative_to(ROOT))
        )


def allowed(expression: str) -> bool:
    """`A AND (B OR C)` with every name from the list; of an OR one is enough."""
    words = re.sub(r"[A-Za-z0-9][\w.+-]*", _valued, expression)
    if not re.fullmatch(r"(True|False|and|or|[() ])+", words):
        return False
    return _holds(words.replace("(", " ( ").replace(")", " ) ").split())


def _valued(found: re.Match[str]) -> str:
    word = found[0]
    return word.lower() if word in ("AND", "OR") else str(word in ALLOWED)


def _holds(words: list[str]) -> bool:
    """The smallest parser there is: `or` binds less than `and`."""
    at = 0

    def either() -> bool:
        nonlocal at
        found = both()
        while at < len(words) and words[at] == "or":
            at += 1
            found = both() or found
        return found

    def both() -> bool:
        nonlocal at
        found = one()
        while at < len(words) and words[at] == "and":
            at += 1
            found = one() and found
        return found

    def one() -> bool:
        nonlocal at
        word, at = words[at] if at < len(words) else "", at + 1
        if word == "(":
            inside = either()
            at += 1
            return inside
        return word == "True"

    return either() and at == len(words)


def report() -> str:
    lines = ["| package | version | licence | from |", "| --- | --- | --- | --- |"]
    return "\n".join([*lines, *(f"| {p.name} | {p.version} | {p.licence} | {p.source} |" for p in packages())]) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser("python -m deploy.licences")
    parser.add_argument("--report", action="store_true")
    if parser.parse_args().report:
        print(report(), end="")
        return 0
    every = packages()
    wrong = [p for p in every if not allowed(p.licence)]
    for p in wrong:
        print(f"licence: {p.name} {p.version} ({p.source}): {p.licence!r} is not on the list of deploy/licences.py")
    print(f"licences: {len(every) - len(wrong)} of {len(every)} packages are on the list")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
