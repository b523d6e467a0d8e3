"""`zerotrip backup` and `restore`: the embedded service's folder, kept and brought back."""

from pathlib import Path
from typing import Annotated

import typer

from workers.backup import BackupRefused, back_up
from workers.backup import restore as bring_back
from workers.commands.common import NO, err, no, out
from workers.embedded import default_data

Data = Annotated[Path | None, typer.Option(help="folder of the service, as given to `zerotrip up`")]


def backup(
    to: Annotated[Path, typer.Argument(help="folder for the two files; made if it is not there", file_okay=False)],
    data: Data = None,
) -> None:
    """Back up the embedded service, while it runs or not: an archive, and its keys in a file of their own.

    Without the keys nothing in the archive can be opened: keep the two in different places. Exit 1 if pictures that the
    database names are missing (the archive is made all the same). PostgreSQL and S3: docs/backup.md.
    """
    try:
        made = back_up(data or default_data(), to, out.print)
    except BackupRefused as error:
        raise no(error) from error
    held = made.contents
    out.print(f"{made.archive}  {made.bytes / 1e6:.1f} MB", highlight=False, soft_wrap=True)
    out.print(f"{held.cases} cases, {held.audit_lines} lines of the record, {held.pictures} pictures", highlight=False)
    out.print(f"{made.keys}  the keys: keep them elsewhere", highlight=False, soft_wrap=True)
    if held.missing:
        err.print(f"zerotrip: {len(held.missing)} pictures are missing, the first is {held.missing[0]}", style="red")
        raise typer.Exit(NO)


def restore(
    archive: Annotated[Path, typer.Argument(help="the archive", exists=True, dir_okay=False)],
    keys: Annotated[Path, typer.Option(help="its keys", exists=True, dir_okay=False)],
    data: Data = None,
) -> None:
    """Bring a backup back into a folder that is empty or not there, checked to the last byte. Exit 1 says what is wrong
    with it, and leaves nothing behind. Then: `zerotrip up --data FOLDER`."""
    try:
        made = bring_back(archive, keys, data or default_data())
    except BackupRefused as error:
        raise no(error) from error
    held = made.contents
    out.print(
        f"{made.data}: {held.cases} cases, {held.audit_lines} lines of the record, {held.pictures} pictures, as of "
        f"{held.made_at}; schema {held.schema} → {made.schema}",
        highlight=False,
        soft_wrap=True,
    )
