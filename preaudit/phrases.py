"""What residents say for items, read from its file beside the catalogue, and what its linter says of it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.phrases import Phrases, PhrasesInvalid, phrases_from
from preaudit.catalogue import CatalogueInvalid
from preaudit.yaml_lines import line_of, read_lined

PHRASES = Path(__file__).parent / "phrases.yaml"
ROOT = "phrases"


@dataclass(frozen=True)
class LoadedPhrases:
    phrases: Phrases
    raw: Mapping[str, Any]
    lines: Mapping[str, int]

    def line(self, where: str) -> int:
        return line_of(self.lines, f"{ROOT}.{where}")


def load_phrases(file: Path | None = None) -> LoadedPhrases:
    """Raises `CatalogueInvalid` or `YamlInvalid`, with file and line."""
    file = file or PHRASES
    lined = read_lined(file, ROOT)
    try:
        return LoadedPhrases(phrases_from(lined.data, ROOT), lined.data, lined.lines)
    except PhrasesInvalid as wrong:
        line = line_of(lined.lines, str(wrong.details.get("path", ROOT)))
        raise CatalogueInvalid(f"{file}:{line}: {wrong.message}", file=str(file), line=line) from None


def faults(phrases: Phrases, names: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """Rule, path and message: an item that is meant and is not there, a word in two groups, a key or name used twice."""
    for path, name in phrases.named():
        if name not in names:
            yield "phrase_of_no_item", path, f"没有名为“{name}”的事项"
    for path, word in _twice(phrases):
        yield "phrase_twice", path, f"“{word}”重复"
    for i, event in enumerate(phrases.events):
        if not event.items:
            yield "event_without_items", f"events[{i}]", f"“{event.name}”没有列出事项"


def _twice(phrases: Phrases) -> Iterator[tuple[str, str]]:
    lists: list[list[tuple[str, str]]] = [
        [(f"synonyms[{i}][{j}]", w) for i, group in enumerate(phrases.synonyms) for j, w in enumerate(group)],
        [(f"events[{i}].key", event.key) for i, event in enumerate(phrases.events)],
        [(f"often[{i}]", name) for i, name in enumerate(phrases.often)],
        *([(f"says.{name}[{i}]", w) for i, w in enumerate(words)] for name, words in phrases.says.items()),
    ]
    for entries in lists:
        seen: set[str] = set()
        for path, word in entries:
            if word in seen:
                yield path, word
            seen.add(word)
