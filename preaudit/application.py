"""Pre-auditing a whole application from files: read every page, then judge. No server, no database.

The reader is an argument: anything that turns the bytes of one file into readings, one per page.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol

from cases.checklist import unknown_answers
from cases.errors import InvalidRequest
from cases.items import Answers, Item, MaterialSpec
from cases.readings import Reading
from preaudit.documents import hint
from preaudit.judge import Judgement, judge


class PageReader(Protocol):
    """What is needed of `preaudit.reading.Reader`."""

    def read(
        self, data: bytes, *, name: str, document: str | None, form_labels: Mapping[str, str]
    ) -> tuple[Reading, ...]: ...


def preaudit_files(  # noqa: PLR0917  # the order is the command line's own
    item: Item,
    pages: Mapping[str, Sequence[Path]],
    answers: Answers,
    applicant: Mapping[str, str],
    today: date,
    reader: PageReader,
) -> Judgement:
    """`pages`: files by material key, in order. Raises `InvalidRequest` for a material or question the item has not."""
    _refuse_unknown(item, pages, answers)
    readings = {key: read_material(item, key, files, reader) for key, files in pages.items()}
    return judge(item, answers, applicant, readings, today=today)


def read_material(item: Item, key: str, files: Sequence[Path], reader: PageReader) -> tuple[Reading, ...]:
    spec = item.material(key)
    assert spec is not None, key
    return tuple(r for path in files for r in _read(spec, path, reader))


def _read(spec: MaterialSpec, path: Path, reader: PageReader) -> tuple[Reading, ...]:
    return reader.read(path.read_bytes(), name=path.name, document=hint(spec.document), form_labels=spec.form_labels)


def _refuse_unknown(item: Item, pages: Mapping[str, Sequence[Path]], answers: Answers) -> None:
    keys = [m.key for m in item.materials]
    strange = sorted(set(pages) - set(keys))
    if strange:
        raise InvalidRequest(f"“{item.name}”没有名为 {strange[0]} 的材料；有 {', '.join(keys)}", material=strange[0])
    unasked = unknown_answers(item, answers)
    if unasked:
        raise InvalidRequest(f"“{item.name}”没有名为 {unasked[0]} 的情形问题", question=unasked[0])
