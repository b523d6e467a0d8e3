"""Which columns say which blob. Empty, or nothing: the blob was erased and its row stays."""

from typing import Any

from sqlalchemy import Column, String

from storage.tables import metadata

BLOB_NAMES = frozenset({"blob", "picture", "photo", "proof"})
BLOB_WIDTH = 128
"""Columns of these names and this width say which blob."""


def blob_columns() -> list[Column[Any]]:
    """Every column that says which blob."""
    return [c for t in metadata.sorted_tables for c in t.columns if c.name in BLOB_NAMES and _is_key(c.type)]


def _is_key(kind: object) -> bool:
    return isinstance(kind, String) and kind.length == BLOB_WIDTH
