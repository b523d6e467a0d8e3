"""The journal of our own carriers' scans, for whoever composes them: asked outside any transaction, as every partner
is."""

from collections.abc import Callable, Mapping
from typing import Any

from storage.session import Database


def journal(database: Database) -> Callable[[str, str], list[Mapping[str, Any]]]:
    """(partner, waybill) → the events that were scanned, as plain JSON."""

    def scanned(partner: str, waybill: str) -> list[Mapping[str, Any]]:
        with database.reading() as tx:
            return tx.in_house.journal(partner, waybill)

    return scanned
