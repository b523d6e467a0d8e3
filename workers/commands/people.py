"""`zerotrip staff`: people of the back office."""

import secrets
from typing import Annotated

import typer

from cases.errors import Refusal
from storage.words import Role
from workers.commands.common import OPERATOR, database, no, out, table
from workers.seeding import Login, add_person

app = typer.Typer(no_args_is_help=True, help="People of the back office.")


@app.command("add")
def add(
    login: str,
    name: Annotated[str, typer.Option(help="as colleagues see it")],
    role: Annotated[list[Role], typer.Option(help="may be given more than once")],
    department: Annotated[list[str], typer.Option(help="code of a department; may be given more than once")] = [],  # noqa: B006
) -> None:
    """Add somebody. Password and the secret of the one-time codes are shown once."""
    try:
        with database() as db, db.transaction() as tx:
            made = add_person(tx, login, name, frozenset(role), frozenset(department), actor=OPERATOR)
    except Refusal as error:
        raise no(error.message) from error
    _show(made)


@app.command("reset")
def reset(login: str) -> None:
    """A new password and a new secret; every session of the person ends. Exit 1 if there is nobody of that name."""
    password = secrets.token_urlsafe(12)
    with database() as db, db.transaction() as tx:
        found = tx.staff.by_login(login)
        if found is None:
            raise no(f"nobody has the login {login}")
        secret = tx.staff.reset(found.id, password, actor=OPERATOR)
    _show(Login(login, found.name, password, secret))


def _show(made: Login) -> None:
    rows = [("login", made.login), ("password", made.password), ("TOTP secret", made.totp_secret)]
    out.print(table(("", ""), rows))


@app.command("list")
def list_staff() -> None:
    """Everybody, with roles and departments."""
    with database() as db, db.reading() as tx:
        people = tx.staff.list()
    rows = [
        (s.login, s.name, ", ".join(sorted(s.roles)), ", ".join(sorted(s.departments)), "" if s.active else "left")
        for s in people
    ]
    out.print(table(("login", "name", "roles", "departments", ""), rows))
