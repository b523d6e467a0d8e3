"""Deadlines of what waited without one: days asked for, refusals to be seconded, reports of misuse, messages to
departments' systems; the versions of the rules of supervision; indexes by which the board and the sweeps find what is late.

What waits already is given a deadline from when it was asked, in days of the week: late, it is red at once.
"""

import re
import uuid
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("clock_request", "proposal", "misuse", "child", "booking", "letter", "notice", "outgoing")
MISUSE = "answer = 'misuse' AND settled_at IS NULL"
INDEXES = (
    ("ix_clock_requests_due", "clock_requests", ("due_at", "id"), "state = 'asked'"),
    ("ix_proposals_due", "proposals", ("due_at", "id"), "state = 'waiting'"),
    ("ix_twin_answers_due", "twin_answers", ("due_at", "id"), MISUSE),
    ("ix_outgoing_deliveries_late", "outgoing_deliveries", ("deliver_by", "id"), "state <> 'delivered'"),
    ("ix_bookings_unconfirmed", "bookings", ("requested_at", "id"), "state IN ('requested', 'unknown')"),
    ("ix_documents_unmade", "documents", ("made_at", "id"), "blob IS NULL"),
    ("ix_notices_unsent", "notices", ("made_at", "id"), "state IN ('created', 'sending')"),
    ("ix_claim_losses_at", "claim_losses", ("at",), None),
    ("ix_one_time_codes_ends_at", "one_time_codes", ("ends_at",), None),
)
COLUMNS = (
    ("clock_requests", "due_at", INSTANT),
    ("proposals", "due_at", INSTANT),
    ("outgoing_deliveries", "deliver_by", INSTANT),
    ("twin_answers", "due_at", INSTANT),
    ("twin_answers", "id", sa.String(40)),
)


def upgrade() -> None:
    for table, name, kind in COLUMNS:
        op.add_column(table, sa.Column(name, kind))
    _give_deadlines()
    for name, table, columns, where in INDEXES:
        some = None if where is None else sa.text(where)
        op.create_index(name, table, list(columns), sqlite_where=some, postgresql_where=some)
    _put_kinds([*_kinds(), *KINDS])
    _make_versions()


def _give_deadlines() -> None:
    """Of what waits now: few rows."""
    _late_after("clock_requests", "due_at", "asked_at", "state = 'asked'", timedelta(days=3))
    _late_after("proposals", "due_at", "at", "state = 'waiting'", timedelta(days=1))
    _late_after("outgoing_deliveries", "deliver_by", "due_at", "state <> 'delivered'", timedelta(hours=8))
    _late_after("twin_answers", "due_at", "at", MISUSE, timedelta(days=5))
    table = sa.table("twin_answers", sa.column("first"), sa.column("second"), sa.column("id"))
    for row in op.get_bind().execute(sa.select(table.c.first, table.c.second)).all():
        pair = (table.c.first == row.first) & (table.c.second == row.second)
        op.execute(table.update().where(pair).values(id=uuid.uuid4().hex))


def _late_after(name: str, to: str, since: str, where: str, wait: timedelta) -> None:
    table = sa.table(name, sa.column(to, INSTANT), sa.column(since, INSTANT))
    waiting = sa.select(table.c[since]).where(sa.text(where)).distinct()
    for (at,) in op.get_bind().execute(waiting).all():
        op.execute(table.update().where(table.c[since] == at, sa.text(where)).values({to: at + wait}))


def _kinds() -> list[str]:
    """Of urgings, as the database has them now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("urges")
    (listed,) = [check["sqltext"] for check in checks if check["name"] == "ck_urges_kind"]
    return re.findall(r"'([a-z_]+)'", listed)


def _put_kinds(kinds: list[str]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("urges") as batch:
        batch.drop_constraint(op.f("ck_urges_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_urges_kind"), f"kind IN ({listed})")


def _make_versions() -> None:
    op.create_table(
        "supervision_versions",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_supervision_versions")),
    )
    settings = sa.table("settings", sa.column("name"), sa.column("value", sa.JSON()))
    found = op.get_bind().execute(sa.select(settings.c.value).where(settings.c.name == "supervision.rules")).first()
    if found is not None:
        versions = sa.table(
            "supervision_versions",
            sa.column("said", sa.JSON()), sa.column("why"), sa.column("by"), sa.column("at", INSTANT),
        )  # fmt: skip
        first = {"said": found.value, "why": "", "by": "system", "at": datetime.now(UTC)}
        op.execute(versions.insert().values(**first))


def downgrade() -> None:
    op.drop_table("supervision_versions")
    listed = ", ".join(f"'{kind}'" for kind in KINDS)
    op.execute(f"DELETE FROM urges WHERE kind IN ({listed})")
    _put_kinds([kind for kind in _kinds() if kind not in KINDS])
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table_name=table)
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name)
