"""Finding items by the words a resident would type.

An index is built once for a set of published items and the phrases beside them, and asked in memory. A question is cut
into units (a character, a word or number of Latin letters) and every stretch of units is looked up: as it is written,
as it is said, and with one syllable or letter wrong. An item's score is how much of the question it explains; what says
nothing ("我想办", "how do I") neither counts for nor against. Little more than half explained is found, less is not: nothing is better
than something else.

The cost is that of the question's stretches and the entries they hit, not of the number of items. No input is an error.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from cases.items import Item
from cases.phrases import Phrases
from storage.pinyin import HAN, plain_sound, sound

LONGEST_QUESTION = 48
"""Units. Whoever types more has said it by then."""
LONGEST_STRETCH = 10
SHORTEST_WORD, SHORTEST_MISSPELT = 5, 4
"""Letters and syllables below which one that is wrong makes another word."""
ENOUGH = 0.55
"""The share of a question that an item must explain,"""
PLENTY, OF_WHICH = 2.7, 0.3
"""or so many characters of it, and this share: 身份证 in 身份证断成两截 is no accident."""
SOUNDS, SOUNDS_ALIKE, MISSPELT = 0.9, 0.8, 0.7
"""What a stretch is worth that is only said like a term, nearly so, or with one syllable or letter wrong."""
OWN, PART, SHARED, OF_EVENT = 1.0, 0.8, 0.8, 0.75
"""What a term is worth: the item's own, a piece of it, a word that means the same, one of a life event."""
STEP_IN_EVENT = 0.05
EXACT = 0.25
"""On top, where the whole question is one of the item's own terms."""
_UNIT = re.compile(r"[\u4e00-\u9fff]|[a-z']+|[0-9]+")

NOBODY_ASKED: Mapping[str, int] = MappingProxyType({})
Units = tuple[str, ...]
Entries = dict[str, dict[int, float]]
"""Key → item's place → worth."""


def units(text: str) -> Units:
    """Characters, and runs of letters or digits, in small letters; everything else only parts them."""
    return tuple(_UNIT.findall(unicodedata.normalize("NFKC", text[:2000]).lower()))


def _is_han(unit: str) -> bool:
    return len(unit) == 1 and ord(unit) in HAN


def _written(stretch: Sequence[str]) -> str:
    return " ".join(stretch)


def _said(stretch: Sequence[str]) -> str:
    return "".join(map(sound, stretch))


def _said_loosely(stretch: Sequence[str]) -> str:
    return " ".join(plain_sound(sound(unit)) for unit in stretch)


def _misspelt(stretch: Sequence[str], *, asked: bool) -> Iterator[str]:
    """Keys under which a term and a question meet that differ in one syllable, exchanged (`~`), put in or left out (`+`,
    `-`); with Latin words, in one letter (`=`). Short ones would meet by chance."""
    if all(unit.isascii() and unit.isalpha() for unit in stretch):
        word = _written(stretch)
        if len(word) >= SHORTEST_WORD:
            yield from (f"={word[:i]}{word[i + 1 :]}" for i in range(len(word)))
            yield f"={word}"
    elif len(stretch) >= SHORTEST_MISSPELT:
        said = [plain_sound(sound(unit)) for unit in stretch]
        less, whole = ("+", "-") if asked else ("-", "+")
        yield from (f"~{' '.join((*said[:i], '', *said[i + 1 :]))}" for i in range(len(said)))
        yield from (f"{less}{' '.join((*said[:i], *said[i + 1 :]))}" for i in range(len(said)))
        yield f"{whole}{' '.join(said)}"


@dataclass(frozen=True)
class Index:
    """`items` in the order in which equals are shown."""

    items: tuple[Item, ...]
    written: Entries = field(default_factory=lambda: defaultdict(dict))
    said: Entries = field(default_factory=lambda: defaultdict(dict))
    alike: Entries = field(default_factory=lambda: defaultdict(dict))
    misspelt: Entries = field(default_factory=lambda: defaultdict(dict))
    whole: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    terms: set[str] = field(default_factory=set)
    """Everything that is more than a piece of something."""
    fillers: frozenset[str] = frozenset()

    def find(self, question: str, counted: Mapping[str, int] = NOBODY_ASKED) -> list[Item]:
        """What explains most of the question first; of equals, what was applied for more often (`counted`, by code).
        Nothing for a question without words."""
        asked = units(question)[:LONGEST_QUESTION]
        content = self._content(asked)
        if not content:
            return []
        scores = self._scores(asked, content)
        for place in self.whole.get(_written(asked), ()):
            scores[place] = scores.get(place, 0.0) + EXACT
        found = sorted(
            (-round(share, 6), place) for place, share in scores.items() if _is_enough(share, asked, content)
        )
        return self._by_count([(score, self.items[place]) for score, place in found], counted)

    def often(self, counted: Mapping[str, int] = NOBODY_ASKED) -> list[Item]:
        """All of them, what was applied for most first."""
        return self._by_count([(0.0, item) for item in self.items], counted)

    def _by_count(self, found: list[tuple[float, Item]], counted: Mapping[str, int]) -> list[Item]:
        """By score, then by how many applied for it, then in the editors' order."""
        return [item for _, item in sorted(found, key=lambda one: (one[0], -counted.get(one[1].code, 0)))]

    def _content(self, asked: Units) -> int:
        """The units that say something, as bits: not fillers, unless they stand within a term (the 证 of 居住证). All of
        them, if everything is filler."""
        filler = term = 0
        for start, end in _stretches(len(asked)):
            written = _written(asked[start:end])
            if written in self.fillers:
                filler |= _bits(start, end)
            elif end - start > 1 and written in self.terms:
                term |= _bits(start, end)
        everything = _bits(0, len(asked))
        return everything & (~filler | term) or everything

    def _scores(self, asked: Units, content: int) -> dict[int, float]:
        """For each item the share of the content that its best stretches, not lying over each other, explain."""
        total, scores, taken = _weight(asked, content), dict[int, float](), dict[int, int]()
        for start, end, worth, entries in self._hits(asked, content):
            span = _bits(start, end)
            gain = worth * _weight(asked, span & content) / total
            for place, own in entries.items():
                if not taken.get(place, 0) & span:
                    taken[place] = taken.get(place, 0) | span
                    scores[place] = scores.get(place, 0.0) + gain * own
        return scores

    def _hits(self, asked: Units, content: int) -> list[tuple[int, int, float, dict[int, float]]]:
        """Every stretch that is a term to anybody: the longest and surest first."""
        hits = []
        for start, end in _stretches(len(asked)):
            if _bits(start, end) & content:
                hits += [(start, end, worth, entries) for worth, entries in self._looked_up(asked[start:end])]
        return sorted(hits, key=lambda hit: (hit[0] - hit[1]) * hit[2])

    def _looked_up(self, stretch: Units) -> Iterator[tuple[float, dict[int, float]]]:
        if entries := self.written.get(_written(stretch)):
            yield 1.0, entries
        if (len(stretch) > 1 or not _is_han(stretch[0])) and (entries := self.said.get(_said(stretch))):
            yield SOUNDS, entries
        if len(stretch) > 2 and (entries := self.alike.get(_said_loosely(stretch))):
            yield SOUNDS_ALIKE, entries
        for key in _misspelt(stretch, asked=True):
            if entries := self.misspelt.get(key):
                yield MISSPELT, entries


def _stretches(length: int) -> Iterator[tuple[int, int]]:
    for start in range(length):
        for end in range(start + 1, min(length, start + LONGEST_STRETCH) + 1):
            yield start, end


def _is_enough(share: float, asked: Units, content: int) -> bool:
    return share >= ENOUGH or (share >= OF_WHICH and share * _weight(asked, content) >= PLENTY)


def _bits(start: int, end: int) -> int:
    return (1 << end) - (1 << start)


def _weight(asked: Units, bits: int) -> float:
    """A word says as much as two characters."""
    return float(sum(1 if _is_han(unit) else 2 for i, unit in enumerate(asked) if bits >> i & 1))


# ── building ────────────────────────────────────────────────────────────────────────────────────────────────────


def build(items: Iterable[Item], phrases: Phrases) -> Index:
    index = Index(_ordered(items, phrases), fillers=frozenset(_written(units(f)) for f in phrases.fillers))
    by_name: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(index.items):
        by_name[item.name].append(place)
        for term in _own_terms(item, phrases):
            _add_term(index, units(term), place, OWN)
        _add_parts(index, item, place)
    _share_synonyms(index, phrases)
    _add_events(index, phrases, by_name)
    return index


def _ordered(items: Iterable[Item], phrases: Phrases) -> tuple[Item, ...]:
    """What the editors list first, then by code."""
    rank = {name: i for i, name in enumerate(phrases.often)}
    return tuple(sorted(items, key=lambda i: (rank.get(i.name, len(rank)), i.code)))


def _own_terms(item: Item, phrases: Phrases) -> Iterator[str]:
    yield from (item.name, item.code, *item.keywords, *phrases.says.get(item.name, ()))
    if "name" in item.en:
        yield str(item.en["name"])


def _add_term(index: Index, term: Units, place: int, worth: float) -> None:
    if not term:
        return
    _enter(index.written, _written(term), place, worth)
    index.terms.add(_written(term))
    if worth == OWN:
        index.whole[_written(term)].add(place)
    if len(term) == 1 and _is_han(term[0]):
        return
    _enter(index.said, _said(term), place, worth)
    if len(term) > 2:
        _enter(index.alike, _said_loosely(term), place, worth)
    for key in _misspelt(term, asked=False):
        _enter(index.misspelt, key, place, worth)


def _add_parts(index: Index, item: Item, place: int) -> None:
    """Pieces of the name, beginnings of the keywords and of the code: somebody is still typing."""
    name = units(item.name)
    pieces = [name[start:end] for start, end in _stretches(len(name)) if end - start > 1]
    for keyword in (*map(units, item.keywords), units(item.code)):
        pieces += [keyword[:end] for end in range(2, len(keyword))]
    for word in units(item.code):
        pieces.append((word,))
    for piece in pieces:
        _enter(index.written, _written(piece), place, PART)
        _enter(index.said, _said(piece), place, PART)


def _share_synonyms(index: Index, phrases: Phrases) -> None:
    """Who knows one word of a group, in any of its own terms, knows the others."""
    for group in phrases.synonyms:
        members = [f" {_written(units(word))} " for word in group]
        knows = {p for term, places in index.whole.items() if any(m in f" {term} " for m in members) for p in places}
        for word in group:
            for place in knows:
                _add_term(index, units(word), place, SHARED)


def _add_events(index: Index, phrases: Phrases, by_name: Mapping[str, Sequence[int]]) -> None:
    for event in phrases.events:
        for rank, name in enumerate(event.items):
            for place in by_name.get(name, ()):
                for word in (event.name, event.name_en, *event.says):
                    _add_term(index, units(word), place, OF_EVENT - STEP_IN_EVENT * rank)


def _enter(entries: Entries, key: str, place: int, worth: float) -> None:
    known = entries[key]
    known[place] = max(known.get(place, 0.0), worth)
