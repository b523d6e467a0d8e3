"""`zerotrip keys`: the key ring that seals everything personal, and its rotation while the service runs."""

from pathlib import Path
from typing import Annotated

import typer

from storage.blobs import Blobs, blobs_from
from storage.key_use import check_keys, missing_keys
from storage.rekeying import left_in_blobs, left_in_rows, rekey_blobs, rekey_rows
from storage.session import Database
from storage.vault import VaultError, add_key, bring_back, drop_key, load_key_file, use_key
from workers.commands.common import NO, database, err, missing, no, out, storage_settings, table

app = typer.Typer(no_args_is_help=True, help="The keys that seal personal values and pictures.")
Number = Annotated[int, typer.Argument(min=1, help="of the key, as `zerotrip keys list` tells it")]
PASSES = 3
"""A process that has not looked at the file yet may seal once more with the key before."""


def _file() -> Path:
    return storage_settings().key_file


@app.command("list")
def list_keys() -> None:
    """Every key, whether it seals, and how much is sealed under it; and those that are missed."""
    with database() as db:
        ring, blobs = load_key_file(db.settings.key_file), blobs_from(db.settings)
        rows = []
        for number in sorted(ring.keys):
            values, pictures = _left(db, blobs, number)
            rows.append((number, "seals" if number == ring.current else "opens", values, pictures))
        with db.reading() as tx:
            gone = missing_keys(tx, ring.keys, blobs)
        rows += [(number, "MISSING", *_left(db, blobs, number)) for number in sorted(gone)]
    out.print(table(("key", "", "rows", "pictures and documents"), rows))


@app.command("add")
def add() -> None:
    """Add a key that opens and does not seal yet. On several hosts: copy the key file to all of them, then `use`."""
    try:
        number = add_key(_file())
    except VaultError as error:
        raise missing(error) from error
    out.print(f"key {number} is there; `zerotrip keys use {number}` when every host has the file", highlight=False)


@app.command("use")
def use(number: Number) -> None:
    """Seal with this key from now on. Running processes find it within seconds."""
    try:
        use_key(_file(), number)
    except VaultError as error:
        raise no(error) from error
    out.print(f"key {number} seals", highlight=False)


@app.command("rewrap")
def rewrap() -> None:
    """Seal everything anew under the key that seals now, while the service runs. Stopped, it goes on where it was."""
    with database() as db:
        _rewrap(db, blobs_from(db.settings))


@app.command("rotate")
def rotate() -> None:
    """A new key, in use at once, and everything sealed anew: `add`, `use` and `rewrap` on a single host. The key before
    stays until `zerotrip keys drop`."""
    with database() as db:
        try:
            number = add_key(db.settings.key_file)
            use_key(db.settings.key_file, number)
        except VaultError as error:
            raise missing(error) from error
        out.print(f"key {number} seals", highlight=False)
    with database() as db:
        _rewrap(db, blobs_from(db.settings))


@app.command("bring-back")
def bring(copy: Annotated[Path, typer.Argument(help="of the key file, from before the key was dropped")]) -> None:
    """Take the keys that are missing here from a copy of the key file. They open, and do not seal. Exit 1 if it is of another
    service, or something is still missing."""
    try:
        numbers = bring_back(_file(), copy)
    except VaultError as error:
        raise no(error) from error
    out.print(
        f"brought back: {', '.join(map(str, numbers)) or 'nothing, every key of the copy is here'}", highlight=False
    )
    with database() as db, db.reading() as tx:
        try:
            check_keys(tx, db.settings.key_file)
        except VaultError as error:
            raise no(error) from error


@app.command("drop")
def drop(number: Number) -> None:
    """Forget a key that holds nothing any more. Exit 1 and what it still holds, if it does."""
    with database() as db:
        values, pictures = _left(db, blobs_from(db.settings), number)
        if values or pictures:
            raise no(f"key {number} still holds {values} rows and {pictures} pictures; `zerotrip keys rewrap` first")
        try:
            drop_key(db.settings.key_file, number)
        except VaultError as error:
            raise no(error) from error
    out.print(f"key {number} is gone; older backups need it: keep theirs", highlight=False)


def _rewrap(db: Database, blobs: Blobs) -> None:
    current = load_key_file(db.settings.key_file).current
    for _ in range(PASSES):
        rows = sum(dict(rekey_rows(db)).values())
        pictures = max(rekey_blobs(blobs), default=0)
        out.print(
            f"{rows} values and {pictures} pictures and documents sealed anew under key {current}", highlight=False
        )
        old = [n for n in load_key_file(db.settings.key_file).keys if n != current]
        left = {n: _left(db, blobs, n) for n in old}
        if not any(map(any, left.values())):
            return
    err.print(f"zerotrip: still under other keys: {left}", style="red", highlight=False)
    raise typer.Exit(NO)


def _left(db: Database, blobs: Blobs, number: int) -> tuple[int, int]:
    with db.reading() as tx:
        return sum(left_in_rows(tx, number).values()), left_in_blobs(blobs, number)
