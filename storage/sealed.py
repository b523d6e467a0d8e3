"""Which tables hold sealed columns, and what names their rows to the vault."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import LargeBinary, Table

from storage.tables import metadata
from storage.unit import AnyRow
from storage.vault import Context

ROW_NAMES: Mapping[str, Sequence[str]] = {
    "agent_lines": ("point", "transaction_id"),
    "agent_points": ("code",),
    "answers": ("person_key", "transaction_id"),
    "cases": ("number",),
    "checked_fields": ("page_id", "field"),
    "courier_events": ("partner", "unique_key"),
    "materials": ("case_number", "key"),
    "oidc_logins": ("state_hash",),
    "originals": ("case_number", "key"),
    "platform_tokens": ("platform",),
    "ratings": ("case_number",),
    "readings": ("page_id",),
    "sessions": ("token_hash",),
    "twin_answers": ("first", "second"),
}
"""What names a row to the vault, where it is not the column `id`."""


@dataclass(frozen=True)
class Sealed:
    table: Table
    columns: tuple[str, ...]

    @property
    def names(self) -> Sequence[str]:
        return ROW_NAMES.get(self.table.name, ("id",))

    def row_name(self, row: AnyRow) -> str:
        return "/".join(str(getattr(row, name)) for name in self.names)

    def context(self, row: AnyRow, column: str) -> Context:
        """Where a value of the row stands."""
        return Context(self.table.name, column, self.row_name(row))


def sealed_tables() -> list[Sealed]:
    found = ((t, tuple(c.name for c in t.columns if isinstance(c.type, LargeBinary))) for t in metadata.sorted_tables)
    return [Sealed(table, columns) for table, columns in found if columns]
