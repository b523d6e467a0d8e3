"""`zerotrip staff` (or `people`): people of the back office, and of agent points, with the points themselves."""

import secrets
from pathlib import Path
from typing import Annotated, Any

import typer

from cases.errors import Refusal
from cases.helping import Point
from cases.model import Address, PersonId
from storage.session import Transaction
from storage.staff import Staff
from storage.words import Role
from workers.commands.common import OPERATOR, database, entries, no, out, table
from workers.seeding import Login, add_person

app = typer.Typer(no_args_is_help=True, help="People of the back office.")


@app.command("add")
def add(
    login: str,
    name: Annotated[str, typer.Option(help="as colleagues see it")],
    role: Annotated[list[Role], typer.Option(help="may be given more than once")],
    department: Annotated[list[str], typer.Option(help="code of a department; may be given more than once")] = [],  # noqa: B006
    point: Annotated[str | None, typer.Option(help="code of the agent point where an agent works")] = None,
) -> None:
    """Add somebody. Password and the secret of the one-time codes are shown once."""
    if (Role.AGENT in role) != (point is not None):
        raise typer.BadParameter("an agent works at a point, and nobody else does", param_hint="--point")
    try:
        with database() as db, db.transaction() as tx:
            made = add_person(tx, login, name, frozenset(role), frozenset(department), actor=OPERATOR)
            if point is not None:
                tx.agents.assign(_known(tx, login).id, point, actor=OPERATOR)
    except Refusal as error:
        raise no(error.message) from error
    _show(made)


@app.command("reset")
def reset(login: str) -> None:
    """A new password and a new secret; every session of the person ends. Exit 1 if there is nobody of that name."""
    password = secrets.token_urlsafe(12)
    with database() as db, db.transaction() as tx:
        found = _known(tx, login)
        secret = tx.staff.reset(found.id, password, actor=OPERATOR)
    _show(Login(login, found.name, password, secret))


def _known(tx: Transaction, login: str) -> Staff:
    found = tx.staff.by_login(login)
    if found is None:
        raise no(f"nobody has the login {login}")
    return found


@app.command("move")
def move(login: str, point: str) -> None:
    """An agent works at another point from now on, with the cases of that one and no others. Exit 1 if there is no such
    agent or point."""
    try:
        with database() as db, db.transaction() as tx:
            found = _known(tx, login)
            if Role.AGENT not in found.roles:
                raise no(f"{login} is no agent")
            tx.agents.assign(found.id, point, actor=OPERATOR)
    except Refusal as error:
        raise no(error.message) from error


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


@app.command("points")
def list_points() -> None:
    """Every agent point: its village, its region, how many cases it looks after."""
    with database() as db, db.reading() as tx:
        counts = tx.agents.counts()
        rows = [
            (p.code, p.name, p.village, p.region, str(counts.get(p.code, 0)), "" if p.active else "closed")
            for p in tx.agents.points()
        ]
    out.print(table(("point", "name", "village", "region", "cases", ""), rows))


@app.command("load-points")
def load_points(
    file: Annotated[Path, typer.Argument(help="YAML: a list of agent points", exists=True, dir_okay=False)],
) -> None:
    """Add or change agent points; all of them or, if one cannot be right, none."""
    listed = entries(file, "point", "points", {"code", "name", "village", "region"}, {"address", "active"})
    with database() as db, db.transaction() as tx:
        for raw in listed:
            _put_point(tx, raw)
    out.print(f"{len(listed)} points")


def _put_point(tx: Transaction, raw: dict[str, Any]) -> None:
    try:
        plain = {name: str(raw[name]) for name in ("code", "name", "village", "region")}
        address = Address(**{k: str(v) for k, v in raw["address"].items()}) if raw.get("address") else None
        point = Point(**plain, person=PersonId(""), address=address, active=bool(raw.get("active", True)))
        tx.agents.put_point(point, actor=OPERATOR)
    except (TypeError, AttributeError) as error:
        raise no(f"point {raw['code']}: {error}") from error
    except Refusal as error:
        raise no(f"point {raw['code']}: {error.message}") from error
