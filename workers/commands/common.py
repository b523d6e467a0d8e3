"""What commands share: settings with their exit code, the database, tables for people."""

import os
import sys
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
import yaml
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from storage.actors import Actor
from storage.session import Database
from storage.settings import StorageSettings
from storage.vault import VaultError
from storage.words import ActorKind
from workers import settings

NO, MISSING = 1, 3
OPERATOR = Actor(ActorKind.SYSTEM, "command-line")
"""Who did it, as the record says."""

# a pipe has no width of its own; eighty columns would fold every table
out = Console(width=None if sys.stdout.isatty() else 160)
err = Console(stderr=True)


def missing(what: object) -> typer.Exit:
    """Says what the environment lacks; to be raised."""
    err.print(f"zerotrip: {what}", style="red", highlight=False, soft_wrap=True)
    return typer.Exit(MISSING)


def no(why: object) -> typer.Exit:
    """Says why the answer is no; to be raised."""
    err.print(f"zerotrip: {why}", style="red", highlight=False, soft_wrap=True)
    return typer.Exit(NO)


def storage_settings() -> StorageSettings:
    try:
        return settings.storage(os.environ)
    except settings.SettingsInvalid as error:
        raise missing(error) from error


@contextmanager
def database() -> Iterator[Database]:
    """The database of the environment; exit 3 when it is not there."""
    made = storage_settings()
    try:
        opened = Database(made)
    except VaultError as error:
        raise missing(error) from error
    try:
        yield opened
    except SQLAlchemyError as error:
        raise missing(f"STORAGE_DATABASE_URL: {type(error).__name__}: {error}") from error
    finally:
        opened.dispose()


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], title: str | None = None) -> Table:
    made = Table(title=title, show_edge=False, pad_edge=False, title_justify="left")
    for column in columns:
        made.add_column(column, overflow="fold")
    for row in rows:
        made.add_row(*("" if cell is None else str(cell) for cell in row))
    return made


def entries(file: Path, kind: str, kinds: str, needed: Set[str], optional: Set[str]) -> list[dict[str, Any]]:
    """A YAML list of things of a kind, each with what it needs and nothing strange. Exit 1 names the first that is wrong."""
    try:
        raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise no(f"{file}: {error}") from error
    if not isinstance(raw, list) or not all(isinstance(entry, dict) for entry in raw):
        raise no(f"{file}: a list of {kinds} is expected")
    for entry in raw:
        wrong = (set(entry) - needed - optional) or (needed - set(entry))
        if wrong:
            raise no(f"{file}: {kind} {entry.get('code')}: {', '.join(sorted(map(str, wrong)))}")
    return raw


def pairs(given: Iterable[str], option: str) -> list[tuple[str, str]]:
    """`K=V` options. Exit 2 for anything else."""
    split = [text.partition("=") for text in given]
    wrong = [k for k, sign, v in split if not (k and sign and v)]
    if wrong:
        raise typer.BadParameter(f"{wrong[0]!r} is not KEY=VALUE", param_hint=option)
    return [(k, v) for k, _, v in split]
