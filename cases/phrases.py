"""How residents ask: words that mean the same, what they call an item, and the events of a life with their items.

Data beside the catalogue, one for all regions: items are meant by their name, which offices of several regions share.
`phrases_from(mapping)` builds it and raises `PhrasesInvalid` naming the path of what is wrong. That every name is an
item's is the linter's question, in `preaudit`; finding by these words is `storage`'s.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cases.errors import Refusal


class PhrasesInvalid(Refusal):
    code = "phrases_invalid"


@dataclass(frozen=True)
class LifeEvent:
    """`items`: names, what is wanted first standing first. `sign`: one character for its tile."""

    key: str
    name: str
    name_en: str
    sign: str
    items: tuple[str, ...]
    says: tuple[str, ...] = ()


@dataclass(frozen=True)
class Phrases:
    fillers: tuple[str, ...] = ()
    """Words that say nothing of what is wanted: 我想, 怎么办理, please."""
    synonyms: tuple[tuple[str, ...], ...] = ()
    """Groups of words that mean the same."""
    says: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """An item's name → what residents call it."""
    events: tuple[LifeEvent, ...] = ()
    often: tuple[str, ...] = ()
    """Names of items that are asked for most, while nobody has counted yet."""

    def named(self) -> Iterator[tuple[str, str]]:
        """Path and name of every item that is meant somewhere."""
        yield from ((f"says.{name}", name) for name in self.says)
        yield from ((f"events[{i}].items[{j}]", n) for i, e in enumerate(self.events) for j, n in enumerate(e.items))
        yield from ((f"often[{i}]", name) for i, name in enumerate(self.often))


def phrases_from(raw: Any, path: str = "phrases") -> Phrases:
    known = _mapping(raw, path, {"fillers", "synonyms", "says", "events", "often"})
    says = _mapping(known.get("says", {}), f"{path}.says")
    groups = _list(known.get("synonyms", ()), f"{path}.synonyms")
    events = _list(known.get("events", ()), f"{path}.events")
    return Phrases(
        fillers=_words(known.get("fillers", ()), f"{path}.fillers"),
        synonyms=tuple(_words(group, f"{path}.synonyms[{i}]") for i, group in enumerate(groups)),
        says={str(name): _words(words, f"{path}.says.{name}") for name, words in says.items()},
        events=tuple(_event(event, f"{path}.events[{i}]") for i, event in enumerate(events)),
        often=_words(known.get("often", ()), f"{path}.often"),
    )


def _event(raw: Any, path: str) -> LifeEvent:
    event = _mapping(raw, path, {"key", "name", "name_en", "sign", "items", "says"})
    for key in ("key", "name", "name_en", "sign"):
        if not isinstance(event.get(key), str) or not event[key]:
            raise PhrasesInvalid(f"{path}.{key}: 缺少此项", path=f"{path}.{key}")
    items, says = _words(event.get("items"), f"{path}.items"), _words(event.get("says", ()), f"{path}.says")
    return LifeEvent(event["key"], event["name"], event["name_en"], event["sign"], items, says)


def _mapping(raw: Any, path: str, keys: set[str] | None = None) -> Mapping[str, Any]:
    if not isinstance(raw, Mapping):
        raise PhrasesInvalid(f"{path}: 应为键值对", path=path)
    unknown = sorted(map(str, raw.keys() - keys)) if keys else []
    if unknown:
        raise PhrasesInvalid(f"{path}.{unknown[0]}: 不认识的字段", path=f"{path}.{unknown[0]}")
    return raw


def _list(raw: Any, path: str) -> Sequence[Any]:
    if not isinstance(raw, list | tuple):
        raise PhrasesInvalid(f"{path}: 应为列表", path=path)
    return raw


def _words(raw: Any, path: str) -> tuple[str, ...]:
    words = _list(raw, path)
    for i, word in enumerate(words):
        if not isinstance(word, str) or not word.strip():
            raise PhrasesInvalid(f"{path}[{i}]: 应为文字", path=f"{path}[{i}]")
    return tuple(words)
