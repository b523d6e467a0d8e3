"""How well and how fast pages are read: invented papers at each level, planted faults, real photographs where there are any.

Every picture goes to every contender in turn, and who goes first alternates, so that a busy machine hurts all alike.
`python -m bench.reading [--people N] [--photos DIR]` prints the tables.
"""

import argparse
import os
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.contenders import CONTENDERS, Contender, Outcome
from bench.keys import folded, keys_found
from bench.papers import Paper, Photo, photographs, specimens, spoilt
from bench.tables import share, spread, table

PHOTOS = Path(os.environ.get("PHOTOS") or Path(__file__).parents[2] / "shared" / "photos")
"""Real photographs with their truth. They are not ours to carry along; without them that table is left out."""


@dataclass
class Tally:
    """One contender on one group of pictures."""

    pictures: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def add(self, paper: Paper, outcome: Outcome) -> None:
        self.pictures += 1
        self.seconds.append(outcome.seconds)
        found, wanted = keys_found(paper.page.strings, outcome.lines)
        self.counts.update(strings=found, all_strings=wanted)
        number = paper.page.fields.get("id_number")
        if number:
            self.counts.update(numbers=folded(number) in folded("".join(outcome.lines)), all_numbers=1)
        if outcome.fields is not None:
            self._judge(paper.page.fields, outcome.kind == paper.page.kind, outcome)

    def _judge(self, truth: Mapping[str, str], kind_right: bool, outcome: Outcome) -> None:
        got = outcome.fields or {}
        right = {name for name, value in truth.items() if got.get(name) == value}
        self.counts.update(kinds=kind_right, fields=len(right), all_fields=len(truth))
        self.counts.update(certain=len(right & outcome.certain), lies=len((outcome.certain & set(truth)) - right))
        self.counts.update(refused=not outcome.acceptable)

    def share(self, part: str, whole: str) -> str:
        return share(self.counts[part], self.counts[whole])


Tallies = dict[tuple[str, str], Tally]
Say = Callable[[str], None]


def run(people: int, photos: Path, say: Say = print) -> list[str]:
    """The sections of the report, in Markdown."""
    with ExitStack() as stack:
        contenders = [stack.enter_context(Contender(name)) for name in CONTENDERS]
        sections = [
            _specimens_section(contenders, people, say),
            _faults_section(contenders[0], max(2, people // 2), say),
            _photographs_section(contenders, photos, say),
        ]
        return [*sections, _memory_section(contenders)]


def _specimens_section(contenders: Sequence[Contender], people: int, say: Say) -> str:
    groups: Tallies = defaultdict(Tally)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    missed: list[Miss] = []
    for place, paper in enumerate(specimens(people)):
        for contender in _by_turns(contenders, place):
            outcome = contender.read(paper.page.data, paper.labels)
            groups[paper.group, contender.name].add(paper, outcome)
            if outcome.fields is not None:
                _count_fields(kinds, paper, outcome)
                missed += _missed(paper, outcome)
        if place % 20 == 19:
            say(f"  {place + 1} specimens read")
    parts = [_quality_table(groups), _fields_table(kinds), _missed_table(missed), _speed_table(groups)]
    return "## Invented papers\n\n" + "\n\n".join(parts)


def _by_turns(contenders: Sequence[Contender], place: int) -> list[Contender]:
    first = place % len(contenders)
    return [*contenders[first:], *contenders[:first]]


def _count_fields(kinds: dict[str, Counter[str]], paper: Paper, outcome: Outcome) -> None:
    for name, value in paper.page.fields.items():
        kinds[f"{paper.page.kind}.{name}"].update(right=(outcome.fields or {}).get(name) == value, all=1)


QUALITY_HEADS = (
    "pictures",
    "reader",
    "n",
    "kind right",
    "fields exact",
    "certain and right",
    "certain but wrong",
    "identity numbers in the text",
    "key strings in the text",
    "refused",
)


def _quality_table(groups: Tallies) -> str:
    return table(QUALITY_HEADS, (_quality_row(group, name, t) for (group, name), t in _ordered(groups)))


def _ordered(groups: Tallies) -> list[tuple[tuple[str, str], Tally]]:
    """As the pictures came, and in each group the contenders in their own order."""
    met, names = list(dict.fromkeys(group for group, _ in groups)), list(CONTENDERS)
    return sorted(groups.items(), key=lambda row: (met.index(row[0][0]), names.index(row[0][1])))


def _quality_row(group: str, name: str, t: Tally) -> tuple[object, ...]:
    return (
        group,
        name,
        t.pictures,
        _of(t, "kinds", name),
        t.share("fields", "all_fields"),
        t.share("certain", "all_fields"),
        _of(t, "lies", name, plain=True),
        t.share("numbers", "all_numbers"),
        t.share("strings", "all_strings"),
        _of(t, "refused", name),
    )


def _of(tally: Tally, part: str, name: str, *, plain: bool = False) -> str:
    """A count out of the pictures; a dash for a reader that does not do this."""
    if name != "ours":
        return "–"
    return str(tally.counts[part]) if plain else share(tally.counts[part], tally.pictures)


def _fields_table(kinds: Mapping[str, Counter[str]]) -> str:
    rows = [(name, share(c["right"], c["all"])) for name, c in sorted(kinds.items())]
    return "### Each field, all levels together (ours)\n\n" + table(("field", "exact"), rows)


Miss = tuple[str, str, str, str]
"""Group, kind and field, what stands on the paper, what was read."""


def _missed(paper: Paper, outcome: Outcome) -> list[Miss]:
    got, kind = outcome.fields or {}, paper.page.kind
    wrong = ((name, value) for name, value in paper.page.fields.items() if got.get(name) != value)
    return [(paper.group, f"{kind}.{name}", value, got.get(name, "nothing")) for name, value in wrong]


def _missed_table(missed: Sequence[Miss]) -> str:
    """All of them: everybody on these papers is invented."""
    heads = ("pictures", "field", "on the paper", "read")
    return "### What was not read exactly (ours)\n\n" + (table(heads, missed) if missed else "Nothing.")


def _speed_table(groups: Tallies) -> str:
    rows = []
    for (group, name), tally in _ordered(groups):
        s = spread(tally.seconds)
        rows.append((group, name, s.median, s.p95, s.most))
    return "### Seconds a picture\n\n" + table(("pictures", "reader", "median", "p95", "max"), rows)


FAULT_HEADS = (
    "planted",
    "refused",
    "named (refused or warned)",
    "accepted, every field right",
    "accepted, a certain field wrong",
)


def _faults_section(contender: Contender, people: int, say: Say) -> str:
    """Does a spoilt picture come back, under its right name; and where it is accepted, was it read rightly after all?"""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for paper in spoilt(people):
        seen[paper.group].update(_fate(paper, contender.read(paper.page.data)))
    say("  planted faults read")
    rows = [
        (code, *(share(c[part], c["all"]) for part in ("refused", "named", "right", "harmful")))
        for code, c in seen.items()
    ]
    return "## Planted faults, identity card fronts (ours)\n\n" + table(FAULT_HEADS, rows)


def _fate(paper: Paper, outcome: Outcome) -> dict[str, int]:
    got, truth = outcome.fields or {}, paper.page.fields
    wrong = {name for name in truth if got.get(name) != truth[name]}
    return {
        "all": 1,
        "refused": not outcome.acceptable,
        "named": paper.group in outcome.codes,
        "right": outcome.acceptable and not wrong,
        "harmful": outcome.acceptable and bool(wrong & outcome.certain),
    }


def _photographs_section(contenders: Sequence[Contender], folder: Path, say: Say) -> str:
    photos = photographs(folder) if folder.is_dir() else []
    title = "## Real photographs\n\n"
    if not photos:
        return title + "Left out: no folder of photographs with key strings was given (`--photos DIR` or `PHOTOS`)."
    found: Counter[str] = Counter()
    seconds: dict[str, list[float]] = defaultdict(list)
    for place, photo in enumerate(photos):
        hits = {c.name: _photo(c, photo, found, seconds) for c in _by_turns(contenders, place)}
        say(f"  {photo.path.name}: " + ", ".join(f"{c.name} {hits[c.name]}" for c in contenders))
    say("  photographs read")
    totals = [(c.name, share(found[c.name], found[f"all {c.name}"]), *_times(seconds[c.name])) for c in contenders]
    counted = f"{len(photos)} of them. They are not ours to carry along, so their single results are only printed.\n\n"
    return title + counted + table(("reader", "key strings exact", "median s", "p95 s", "max s"), totals)


def _photo(contender: Contender, photo: Photo, found: Counter[str], seconds: dict[str, list[float]]) -> str:
    outcome = contender.read(photo.path.read_bytes())
    right, wanted = keys_found(photo.keys, outcome.lines)
    found.update({contender.name: right, f"all {contender.name}": wanted})
    seconds[contender.name].append(outcome.seconds)
    return f"{right}/{wanted}"


def _times(values: Iterable[float]) -> tuple[float, float, float]:
    s = spread(values)
    return s.median, s.p95, s.most


def _memory_section(contenders: Sequence[Contender]) -> str:
    rows = [(c.name, f"{c.peak_megabytes:.0f}") for c in contenders]
    note = "Process and the processes it starts, each at its own highest, over the whole run."
    return f"## Peak memory\n\n{note}\n\n" + table(("reader", "MB"), rows)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.reading", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--people", type=int, default=8, help="eleven pictures each (default 8)")
    parser.add_argument("--photos", type=Path, default=PHOTOS)
    asked = parser.parse_args()
    print("\n\n".join(run(asked.people, asked.photos)))


if __name__ == "__main__":
    main()
