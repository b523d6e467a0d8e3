"""The domain tests' world, kept: every outcome is applied in memory and in the database, and the two are compared."""

import itertools
from dataclasses import replace
from typing import Any

from cases.effects import Outcome
from cases.items import Item
from cases.model import CaseFile, CaseNumber
from cases.readings import Confirmed, Field, Line, Reading
from storage.actors import Actor
from storage.plain import to_plain
from storage.session import Database
from tests.cases.world import ITEM, World, item

RESIDENT = Actor("resident", "p1")
CLERK = Actor("staff", "clerk-1")
_IDS = itertools.count(1)
"""Shared: several worlds may be kept in one database."""
BOX = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))


def publish(database: Database, **changes: Any) -> Item:
    raw = {**ITEM, **changes}
    made = item(**changes)
    with database.transaction() as tx:
        tx.publish_item(raw, made)
    return made


class KeptWorld(World):
    """`check=False` for tests that only want to get somewhere quickly."""

    def __init__(
        self, database: Database, number: str = "", check: bool = True, *, item_changes: Any = None, **changes: Any
    ) -> None:
        super().__init__(publish(database, **(item_changes or {})))
        self.database, self.check = database, check
        self.ids = _IDS
        self.file = _numbered(self.file, number or self.file.case.number, changes)
        with database.transaction() as tx:
            tx.open_case(self.file.case, self.file.materials)

    @property
    def number(self) -> CaseNumber:
        return self.file.case.number

    def apply(self, outcome: Outcome) -> "KeptWorld":
        super().apply(outcome)
        with self.database.transaction() as tx:
            tx.apply(self.number, outcome, actor=RESIDENT)
        if self.check:
            assert comparable(self.kept()) == comparable(self.file)
        return self

    def kept(self) -> CaseFile:
        with self.database.reading() as tx:
            return tx.case_file(self.number)


def _numbered(file: CaseFile, number: str, changes: dict[str, Any]) -> CaseFile:
    return replace(file, case=replace(file.case, number=CaseNumber(number), **changes))


def comparable(file: CaseFile) -> dict[str, Any]:
    """As plain values, without what only the database knows."""
    plain: dict[str, Any] = to_plain(file)
    plain.pop("extra")
    plain["case"].pop("version")
    return plain


def reading(text: str = "姓名陈样本", **changes: Any) -> Reading:
    fields = {"name": Field("陈样本", 0.99, Confirmed.TWO_READERS, BOX)}
    plain: dict[str, Any] = {
        "file": "a.jpg", "page": 1, "seconds": 0.5, "engine": "ppocr", "rotation": 0, "width": 100, "height": 60,
        "problems": (), "kind": "id_card_front", "kind_confidence": 0.98, "fields": fields,
        "lines": (Line(text, 0.98, BOX),), "sha256": "0" * 64, "perceptual_hash": "ff00",
    }  # fmt: skip
    return Reading(**{**plain, **changes})
