"""What residents say for items, beside the catalogue: how it is linted, and what is told of texts without English."""

from pathlib import Path

import pytest
import yaml

from preaudit.catalogue import CatalogueInvalid, load
from preaudit.linter import lint_phrases, warnings
from preaudit.phrases import load_phrases
from tests.preaudit.builders import raw_item

NAMES = {"甲", "乙"}


def written(folder: Path, text: str) -> Path:
    file = folder / "phrases.yaml"
    file.write_text(text)
    return file


def test_the_phrases_that_ship_mean_items_that_ship_and_every_item_is_meant() -> None:
    names = {loaded.item.name for loaded in load().values()}
    assert lint_phrases(names) == []
    assert set(load_phrases().phrases.says) == names


@pytest.mark.parametrize(
    ("text", "rule", "line"),
    [
        ("says:\n  丙: [x]\n", "phrase_of_no_item", 2),
        ("often:\n  - 甲\n  - 丙\n", "phrase_of_no_item", 3),
        ("synonyms:\n  - [a, b]\n  - [b, c]\n", "phrase_twice", 3),
        ("says:\n  甲: [x, x]\n", "phrase_twice", 2),
        ("events:\n  - {key: k, name: n, name_en: e, sign: s, items: []}\n", "event_without_items", 2),
        ("fillers: [on]\n", "not_phrases", 1),
        ("fillers: [\n", "not_yaml", 2),
    ],
)
def test_each_fault_is_told_with_its_line(tmp_path: Path, text: str, rule: str, line: int) -> None:
    (problem,) = lint_phrases(NAMES, written(tmp_path, text))
    assert (problem.rule, problem.line) == (rule, line)


def test_phrases_that_cannot_be_read_are_refused_with_file_and_line(tmp_path: Path) -> None:
    with pytest.raises(CatalogueInvalid, match=r"phrases\.yaml:1: "):
        load_phrases(written(tmp_path, "words: []\n"))


def test_the_items_that_ship_are_english_all_through() -> None:
    assert warnings() == []


def test_every_text_without_english_is_a_warning_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "item.yaml"
    file.write_text(yaml.safe_dump(raw_item(en={"name": "Card"}), allow_unicode=True, sort_keys=False))
    told = warnings(file)
    assert {w.rule for w in told} == {"english_missing"}
    assert not [w for w in told if w.message.startswith("“name”") and w.line == 1]
    assert all(w.line >= 1 for w in told)
