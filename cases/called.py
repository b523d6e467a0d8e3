"""What an item and its papers are called 名称 in English, found by their Chinese: where a sentence names one, it names both."""

from collections.abc import Mapping, Sequence

from cases.items import Item, Question, in_english
from cases.sentences import named


def english_names(item: Item) -> Mapping[str, str]:
    """Chinese → English, of what has both: the item, its result, its papers (also reissued), its questions."""
    other = in_english(item)
    pairs = {item.name: other.name, item.result.name: other.result.name, item.in_person or "": other.in_person or ""}
    for spec, english_spec in zip(item.materials, other.materials, strict=True):
        pairs |= {spec.name: english_spec.name, spec.accept: english_spec.accept}
        pairs[f"{spec.name}（补办）"] = f"{english_spec.name} (reissued)"
    pairs |= {q.ask: e.ask for q, e in zip(item.questions, other.questions, strict=True)}
    return {chinese: words for chinese, words in pairs.items() if chinese and words != chinese}


def called(item: Item, name: str) -> str:
    """As it is where it has no English."""
    english = english_names(item).get(name)
    return named(name, english) if english else name


def asks_of(item: Item, questions: Sequence[Question]) -> str:
    """Questions, one after the other."""
    english = english_names(item)
    return named("".join(q.ask for q in questions), " ".join(english.get(q.ask, q.ask) for q in questions))
