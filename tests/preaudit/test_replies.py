"""What a child answers that its file has taken over: believed no further than it can be checked."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from preaudit.lost import ChildFailed
from preaudit.memory_files import fill, memory_file
from preaudit.opening import job_for
from preaudit.replies import Decoded, page_of, parsed
from preaudit.settings import FileLimits, PreauditSettings

WHOLE: dict[str, Any] = {
    "pages": 1, "width": 2, "height": 2, "picture": [2, 2], "words": [{"text": "字", "box": [0, 0, 1, 1]}],
    "pictures": [[0, 0, 1, 1]], "peak": 1, "facts": {"signatures": 0, "blanks": [
        {"name": "n", "value": "v", "ticked": None, "box": [0, 0, 1, 1]}]},
}  # fmt: skip


@pytest.fixture
def pixels() -> Iterator[int]:
    """Of two by two."""
    with memory_file("pixels") as descriptor:
        fill(descriptor, bytes(12))
        yield descriptor


def page(pixels: int, **changes: Any) -> Decoded:
    return page_of(parsed(json.dumps({**WHOLE, **changes}).encode()), pixels, job_for("pdf", 1, PreauditSettings()))


def test_a_reply_in_form_is_a_page(pixels: int) -> None:
    found = page(pixels)
    assert found.picture is not None
    assert (found.picture.shape, found.words[0][0]) == ((2, 2, 3), "字")
    assert json.loads(json.dumps(found.facts)) == WHOLE["facts"]


@pytest.mark.parametrize(
    "changes",
    [
        {"pages": 0},
        {"pages": 10**9},
        {"pages": FileLimits().max_pages + 1},
        {"width": 0},
        {"width": -1, "height": -1},
        {"width": 10**9},
        {"width": None},
        {"picture": [2, 3]},
        {"picture": [0, 0]},
        {"picture": [-2, -2]},
        {"picture": []},
        {"words": [{"text": "a", "box": [0, 0, 1]}]},
        {"words": [{"text": "a", "box": [0, 0, 1, float("nan")]}]},
        {"words": [{"text": "a", "box": [0, 0, 1, float("inf")]}]},
        {"words": 5},
        {"facts": {"signatures": float("inf"), "blanks": []}},
        {"facts": []},
        {"peak": None},
        {"error": "\0"},
        {"error": "pixels and more"},
        {"error": "pixels", "measure": None},
        {"error": "pixels", "measure": 10**400},
        {"error": "pixels", "measure": -1},
        {"error": "pixels", "measure": "many"},
    ],
    ids=str,
)
def test_a_reply_out_of_form_is_garbage(pixels: int, changes: dict[str, Any]) -> None:
    with pytest.raises(ChildFailed) as lost:
        page(pixels, **changes)
    assert lost.value.word == "garbage"


@pytest.mark.parametrize("raw", [b"{", b"[]", b"5", b"\xff", b"[" * 100_000], ids=range(5))
def test_what_is_no_object_is_garbage(raw: bytes) -> None:
    with pytest.raises(ChildFailed, match="garbage"):
        parsed(raw)


def test_text_that_no_database_keeps_becomes_text_that_every_one_does(pixels: int) -> None:
    """Documents do hold such text: a NUL, half of a character."""
    found = page(pixels, words=[{"text": "a\0b\ud835", "box": [0, 0, 1, 1]}])
    assert found.words[0][0] == "ab?"
