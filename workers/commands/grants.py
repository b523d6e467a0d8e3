"""`zerotrip db`: the roles in PostgreSQL under which the processes run."""

from typing import Annotated

import typer

from storage.engines import make_engine
from storage.grants import Names, could_edit, grant, statements
from workers.commands.common import database, no, out, storage_settings

app = typer.Typer(no_args_is_help=True, help="PostgreSQL's roles for the processes.")
Prefix = Annotated[str, typer.Option(help="of the roles' names", metavar="NAME")]


@app.command("grants")
def grants(
    apply: Annotated[bool, typer.Option("--apply", help="run it, as the owner of STORAGE_DATABASE_URL")] = False,
    prefix: Prefix = "zerotrip",
) -> None:
    """Roles that may do a process's work and cannot edit the record: as SQL, or made at once. Again after a migration."""
    if not prefix.isidentifier():
        raise typer.BadParameter("letters, digits and underscores", param_hint="--prefix")
    if not apply:
        print("\n".join(f"{statement};" for statement in statements(Names(prefix))))
        return
    engine = make_engine(storage_settings())
    if engine.dialect.name != "postgresql":
        raise no("SQLite has no roles: there, triggers alone guard the record")
    with engine.begin() as connection:
        made = grant(connection, Names(prefix))
    engine.dispose()
    out.print(f"{made} roles; GRANT {prefix}_web, {prefix}_workers or {prefix}_reader TO the processes' accounts")


@app.command("check")
def check() -> None:
    """Whether the account of STORAGE_DATABASE_URL could edit the record. Exit 1 names what it could edit."""
    with database() as db, db.engine.connect() as connection:
        found = could_edit(connection)
    if found:
        raise no(f"this account could change {', '.join(found)}: run `zerotrip db grants` and give it one of the roles")
    out.print("[green]this account cannot edit the record[/]")
