"""Counting one contender's outcomes on one group of pictures. Exact means equal, character by character."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bench.contenders import Outcome
from bench.keys import folded, keys_found
from bench.machine import NOTHING_HELD, Held
from bench.papers import Paper
from bench.tables import share

Miss = tuple[str, str, str, str]
"""Group, kind and field, what stands on the paper, what was read."""


def is_identity_number(field_name: str) -> bool:
    """`id_number`, `id_number_1`, `mother_id_number`, …; a driving licence's number is its holder's."""
    return "id_number" in field_name or field_name == "licence_number"


@dataclass
class Tally:
    """`counts`, part and whole: strings, numbers, kinds, fields; `certain` of the fields, `lies` certain but wrong."""

    pictures: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    held: Held = NOTHING_HELD

    def add(self, paper: Paper, outcome: Outcome) -> None:
        self.pictures += 1
        self.seconds += [outcome.seconds] * outcome.timed
        self.held = self.held.most(outcome.held)
        self.counts["failed"] += bool(outcome.failed)
        found, wanted = keys_found(paper.strings, outcome.lines)
        self.counts.update(strings=found, all_strings=wanted)
        truth = paper.fields or {}
        numbers = [value for name, value in truth.items() if is_identity_number(name)]
        text = folded("".join(outcome.lines))
        self.counts.update(numbers_in_text=sum(folded(n) in text for n in numbers), all_numbers=len(numbers))
        if outcome.fields is not None and truth:
            self._judge(truth, outcome.kind == paper.kind, outcome)

    def _judge(self, truth: Mapping[str, str], kind_right: bool, outcome: Outcome) -> None:
        got = outcome.fields or {}
        right = {name for name, value in truth.items() if got.get(name) == value}
        lies = (outcome.certain & set(truth)) - right
        numbers = set(filter(is_identity_number, truth))
        self.counts.update(kinds=int(kind_right), fields=len(right), all_fields=len(truth))
        self.counts.update(certain=len(right & outcome.certain), lies=len(lies))
        self.counts.update(numbers=len(right & numbers), number_lies=len(lies & numbers))
        self.counts.update(refused=int(not outcome.acceptable))

    def share(self, part: str, whole: str) -> str:
        return share(self.counts[part], self.counts[whole])

    def of_pictures(self, part: str) -> str:
        return share(self.counts[part], self.pictures)


Readings = Mapping[str, Mapping[str, Outcome]]
"""By contender, by the picture's digest."""


def tallied(papers: Iterable[Paper], readings: Readings) -> dict[tuple[str, str], Tally]:
    """By group and contender, groups as they come, of the pictures that each contender was given."""
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for paper in papers:
        for name, outcomes in readings.items():
            if paper.digest in outcomes:
                tallies[paper.group, name].add(paper, outcomes[paper.digest])
    groups = list(dict.fromkeys(group for group, _ in tallies))
    return {(g, n): tallies[g, n] for g in groups for n in readings if (g, n) in tallies}


def read_by_all(papers: Iterable[Paper], readings: Readings) -> list[Paper]:
    """Those on which every contender can be compared."""
    return [paper for paper in papers if all(paper.digest in outcomes for outcomes in readings.values())]


def exact_by_kind(papers: Iterable[Paper], outcomes: Mapping[str, Outcome]) -> dict[tuple[str, str], Counter[str]]:
    """By kind and group: kinds, fields and identity numbers that are right; and by `kind.field` the same."""
    counted: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for paper in papers:
        outcome = outcomes.get(paper.digest)
        if outcome is None or not paper.fields:
            continue
        counted[paper.kind, paper.group].update(kinds=int(outcome.kind == paper.kind), pictures=1)
        for name, value in paper.fields.items():
            right = int((outcome.fields or {}).get(name) == value)
            for row in (paper.kind, f"{paper.kind}.{name}"):
                counted[row, paper.group].update(right=right, all=1)
    return counted


def missed(papers: Iterable[Paper], outcomes: Mapping[str, Outcome]) -> list[Miss]:
    """Every field of an invented paper that was not read to the letter; `(certain)` where it was marked so."""
    found: list[Miss] = []
    for paper in papers:
        outcome = outcomes.get(paper.digest)
        if outcome is None or not paper.fields:
            continue
        got = outcome.fields or {}
        for name, value in paper.fields.items():
            if got.get(name) != value:
                sure = " (certain)" if name in outcome.certain else ""
                found.append((paper.group, f"{paper.kind}.{name}", value, got.get(name, "nothing") + sure))
    return found
