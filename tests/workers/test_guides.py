"""The catalogue on a terminal of eighty columns."""

import re
import unicodedata

from typer.testing import CliRunner

from preaudit.catalogue import load
from workers.cli import app
from workers.commands.guides import broken, guide_lines


def columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def test_the_guide_of_every_item_fits_the_terminal() -> None:
    names = {code: loaded.item.name for code, loaded in load().items()}
    for loaded in load().values():
        wide = [x for x in guide_lines(loaded.item, names) if columns(x) > 82]  # a stop may hang over the edge
        assert wide == []


def test_a_guide_names_departments_deadlines_and_what_becomes_of_the_paper() -> None:
    told = CliRunner().invoke(app, ["items", "show", "440105-CLFZY", "--guide"]).output
    for words in ("广州市海珠区", "承诺5个工作日", "原件由办事窗口收走", "拍照就行", "办好后接着办：用水过户", "80元"):
        assert words in told
    assert "须本人到场" in CliRunner().invoke(app, ["items", "show", "440105-JMSFZ-BL", "--guide"]).output


def test_no_key_of_the_file_stands_in_a_guide() -> None:
    """`seller_married=是` is the file's word, not a resident's."""
    names = {code: loaded.item.name for code, loaded in load().items()}
    for loaded in load().values():
        keys = [line for line in guide_lines(loaded.item, names) if re.search(r"[a-z]{3}|=", line)]
        assert keys == [], loaded.item.code


def test_the_list_fits_the_terminal_and_counts_trips() -> None:
    lines = CliRunner().invoke(app, ["items", "list"]).output.splitlines()
    assert max(map(columns, lines)) <= 80
    trips = {line.split("│")[0].strip(): line.split("│")[-1].strip() for line in lines if "│" in line}
    assert (trips["440105-JMSFZ-BL"], trips["440105-SHBZK-BL"]) == ("1", "0")


def test_text_is_broken_before_the_edge_and_indented() -> None:
    lines = list(broken("字" * 90, "  "))
    assert [columns(x) for x in lines] == [80, 80, 24]
    assert lines[1].startswith("  字")
