"""The rules of supervision: what turns yellow when, and who is told after how many working days. Whoever may changes them,
with a reason; every version stays, with who made it.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from pydantic import Field, StringConstraints

from cases.supervision import rules_to_json
from storage.claims import names_of
from storage.session import Transaction
from storage.supervision import Version
from web.asks import LARGEST, Word, Write
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["supervision"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.SUPERVISION_READ))]
Manager = Annotated[Desk, Depends(requires(Permission.SUPERVISION_MANAGE))]


class RungAsk(Shape):
    after: Annotated[int, Field(ge=0, le=60)]
    role: Word


class YellowAsk(Shape):
    hours: Annotated[float, Field(ge=0, le=2000)] = 0
    working_days: Annotated[int, Field(ge=0, le=60)] = 0
    share: Annotated[float, Field(gt=0, le=1)] = 1


class RuleAsk(Shape):
    yellow: YellowAsk | None = None
    ladder: Annotated[list[RungAsk], Field(max_length=10)] | None = None


class RulesAsk(Write):
    """Only what differs from the usual, by kind; a case's states as `state.in_review`. `why`: kept with the version.
    `version`: the one that was looked at; 409 if there is a newer one."""

    rules: Annotated[dict[Word, RuleAsk], Field(max_length=50)]
    why: Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)] = ""
    version: Annotated[int | None, Field(ge=0, le=LARGEST)] = None


class RulesView(Shape):
    """`said`: what differs from the usual. `version`: 0 while nobody has changed anything."""

    rules: dict[str, dict[str, Any]]
    said: dict[str, dict[str, Any]]
    version: int


class VersionView(Shape):
    """`changed`: for which kinds it says something else than the version before it."""

    version: int
    at: Time
    by: str
    by_name: str
    why: str
    changed: list[str]
    said: dict[str, dict[str, Any]]


class VersionsView(Shape):
    versions: list[VersionView]
    cursor: int | None


@router.get("/supervision/rules")
def show_rules(_me: Reader, d: D) -> RulesView:
    """When each turns yellow, and who is told after how many working days."""
    with d.database.reading() as tx:
        return _rules(tx)


@router.put("/supervision/rules")
def put_rules(ask: RulesAsk, me: Manager, d: D) -> RulesView:
    """What differs from the usual replaces what differed before, as a new version; an empty ladder tells nobody."""
    said = {name: rule.model_dump(exclude_none=True) for name, rule in ask.rules.items()}

    def work(tx: Transaction) -> RulesView:
        tx.supervision.put_rules(said, actor=me.actor, why=ask.why, seen=ask.version)
        return _rules(tx)

    return write(d.database, asked(me, ask, "rules"), RulesView, work)


@router.get("/supervision/rules/versions")
def show_versions(_me: Reader, d: D, cursor: Annotated[int | None, Query(ge=0, le=LARGEST)] = None) -> VersionsView:
    """What was in force, the newest first, with who put it in force and why."""
    with d.database.reading() as tx:
        found, more = tx.supervision.versions(before=cursor)
        names = names_of(tx, [version.by for version, _ in found])
        return VersionsView(versions=[_version(v, before, names) for v, before in found], cursor=more)


def _rules(tx: Transaction) -> RulesView:
    said, version = tx.supervision.said()
    return RulesView(rules=rules_to_json(tx.supervision.rules()), said=dict(said), version=version)


def _version(version: Version, before: Mapping[str, Any], names: Mapping[str, str]) -> VersionView:
    changed = sorted(n for n in {*version.said, *before} if version.said.get(n) != before.get(n))
    return VersionView(
        version=version.number,
        at=version.at,
        by=version.by,
        by_name=names.get(version.by, version.by),
        why=version.why,
        changed=changed,
        said=dict(version.said),
    )
