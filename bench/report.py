"""`bench/RESULTS.md`: the machine, then a section for each part, each with its own day, command and load.

A part that is measured again replaces its own section and leaves the others as they were; the marks around the sections
are how it finds them.
"""

import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.goals import GOAL_HEADS
from bench.machine import cores, describe, load, processor
from bench.options import RESULTS, ROOT
from bench.tables import table

HEAD = """# What was measured

Written by `make bench` (`python -m bench`). Each section says when and at which load it was measured. Contenders take turns in
the same run: compare within a table, not across machines.

Exact means equal, character by character; key strings without white space, full width and look-alike punctuation. A field
is certain when a second reader, a check digit or a text layer confirmed it: what is certain and wrong is what nobody would look at again.
`ocrmypdf` is the Debian package, which `make bench` installs; it is no part of what the program needs."""


@dataclass(frozen=True)
class Circumstances:
    """When a part began, and what else the machine was doing."""

    began: datetime
    load: float
    command: str

    @classmethod
    def now(cls, command: str) -> "Circumstances":
        return cls(datetime.now(UTC), load(), command)

    def line(self, ended: datetime, load_after: float) -> str:
        minutes = (ended - self.began).total_seconds() / 60
        return (
            f"Measured {self.began:%Y-%m-%d %H:%M} UTC by `{self.command}` at {commit()}, in {minutes:.0f} min; load average "
            f"{self.load:.1f} when it began, {load_after:.1f} when it ended (ours included); {processor()}, {len(cores())} cores."
        )


def commit() -> str:
    """The commit, and whether the tree had changes."""
    head = _git("rev-parse", "--short", "HEAD")
    return (f"`{head}`" + (" with changes" if _git("status", "--porcelain") else "")) if head else "no commit"


def _git(*words: str) -> str:
    try:
        told = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=30)
    except FileNotFoundError:
        return ""
    return told.stdout.strip()


def keep(part: str, title: str, body: str, order: Sequence[str], path: Path = RESULTS) -> None:
    """The section of `part` into the report, among those of `order`."""
    sections = sections_of(path.read_text(encoding="utf-8")) if path.exists() else {}
    sections[part] = f"## {title}\n\n{body.strip()}"
    path.write_text(merged(sections, order, describe()), encoding="utf-8")


def merged(sections: Mapping[str, str], order: Sequence[str], machine: Sequence[tuple[str, str]]) -> str:
    known = [part for part in order if part in sections]
    names = [*known, *(part for part in sections if part not in order)]
    parts = [f"<!-- part {name} -->\n{sections[name]}\n<!-- end {name} -->" for name in names]
    glance = at_a_glance([sections[name] for name in names])
    return "\n\n".join([HEAD, "## The machine of the last run\n\n" + table(("", ""), machine), *glance, *parts]) + "\n"


def at_a_glance(sections: Sequence[str]) -> list[str]:
    """Every goal of every section again, in one table; nothing where there is none."""
    rows = [row for section in sections for table_ in _GOALS.findall(section) for row in table_.strip().splitlines()]
    return ["## What was to be reached, all parts\n\n" + "\n".join([table(GOAL_HEADS, []), *rows])] if rows else []


_GOALS = re.compile(re.escape(table(GOAL_HEADS, [])) + r"\n((?:\|.*(?:\n|$))+)")


_PART = re.compile(r"<!-- part (?P<name>\w+) -->\n(?P<body>.*?)\n<!-- end (?P=name) -->", re.DOTALL)


def sections_of(text: str) -> dict[str, str]:
    return {found["name"]: found["body"] for found in _PART.finditer(text)}
