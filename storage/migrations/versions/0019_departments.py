"""Departments: joint and late assignments, days asked for, their own systems, and what these were sent."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KIND = "webhook.send"


def upgrade() -> None:
    _widen()
    _make_clock_requests()
    _make_systems()
    _make_outgoing()
    _kinds_of_jobs({KIND}, set())


def _widen() -> None:
    op.add_column("cases", sa.Column("received_office", sa.String(length=64), nullable=True))
    op.add_column("assignments", sa.Column("joint", sa.String(length=64), nullable=True))
    op.add_column("assignments", sa.Column("escalated_at", INSTANT, nullable=True))
    _partial("ix_assignments_late", "assignments", ["due"], "state = 'open' AND escalated_at IS NULL")
    for column in (
        sa.Column("days", sa.Integer(), nullable=True),
        sa.Column("assignment", sa.String(length=40), nullable=True),
        sa.Column("asked_by", sa.String(length=64), nullable=True),
        sa.Column("approved_by", sa.String(length=64), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("counted", sa.Integer(), nullable=True),
    ):
        op.add_column("specials", column)
    op.add_column("api_keys", sa.Column("system", sa.String(length=40), nullable=True))
    op.add_column("api_keys", sa.Column("prefix", sa.String(length=16), nullable=True))


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    chosen = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=chosen, postgresql_where=chosen)


def _rows(table: str) -> tuple[sa.Column, sa.Column, sa.PrimaryKeyConstraint, sa.UniqueConstraint]:  # type: ignore[type-arg]
    return (
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("id", name=op.f(f"uq_{table}_id")),
    )


def _make_clock_requests() -> None:
    op.create_table(
        "clock_requests",
        *_rows("clock_requests"),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("procedure", sa.String(length=64), nullable=True),
        sa.Column("assignment", sa.String(length=40), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('extension', 'special')", name=op.f("ck_clock_requests_kind")),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'declined', 'dropped')", name=op.f("ck_clock_requests_state")
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_clock_requests_case_number")),
    )
    op.create_index(op.f("ix_clock_requests_case_number"), "clock_requests", ["case_number"], unique=False)
    asked = "state = 'asked'"
    _partial("uq_clock_requests_asked", "clock_requests", ["case_number", "kind"], asked, unique=True)
    _partial("ix_clock_requests_asked", "clock_requests", ["asked_at", "seq"], asked)


def _make_systems() -> None:
    op.create_table(
        "department_systems",
        *_rows("department_systems"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("departments", sa.JSON(), nullable=False),
        sa.Column("region", sa.String(length=12), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.UniqueConstraint("name", name=op.f("uq_department_systems_name")),
    )
    op.create_table(
        "department_endpoints",
        *_rows("department_endpoints"),
        sa.Column("system", sa.String(length=40), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", INSTANT, nullable=True),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("disabled_at", INSTANT, nullable=True),
        sa.Column("disabled_why", sa.String(length=64), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["system"], ["department_systems.id"], name=op.f("fk_department_endpoints_system")),
    )
    op.create_index(op.f("ix_department_endpoints_system"), "department_endpoints", ["system"], unique=False)


def _make_outgoing() -> None:
    op.create_table(
        "outgoing_messages",
        *_rows("outgoing_messages"),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("department", sa.String(length=64), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_outgoing_messages_case_number")),
    )
    op.create_index(op.f("ix_outgoing_messages_case_number"), "outgoing_messages", ["case_number"], unique=False)
    op.create_index(op.f("ix_outgoing_messages_made_at"), "outgoing_messages", ["made_at"], unique=False)
    states = "'waiting', 'delivered', 'failed', 'held'"
    op.create_table(
        "outgoing_deliveries",
        *_rows("outgoing_deliveries"),
        sa.Column("message", sa.String(length=40), nullable=False),
        sa.Column("endpoint", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"state IN ({states})", name=op.f("ck_outgoing_deliveries_state")),
        sa.ForeignKeyConstraint(
            ["endpoint"], ["department_endpoints.id"], name=op.f("fk_outgoing_deliveries_endpoint")
        ),
        sa.ForeignKeyConstraint(["message"], ["outgoing_messages.id"], name=op.f("fk_outgoing_deliveries_message")),
        sa.UniqueConstraint("message", "endpoint", name=op.f("uq_outgoing_deliveries_message_endpoint")),
    )
    op.create_index("ix_outgoing_deliveries_endpoint", "outgoing_deliveries", ["endpoint", "seq"], unique=False)
    _partial("ix_outgoing_deliveries_waiting", "outgoing_deliveries", ["due_at"], "state = 'waiting'")
    op.create_table(
        "outgoing_attempts",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("delivery", sa.String(length=40), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("problem", sa.String(length=64), nullable=True),
        sa.Column("took_ms", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["delivery"], ["outgoing_deliveries.id"], name=op.f("fk_outgoing_attempts_delivery")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outgoing_attempts")),
    )
    op.create_index(op.f("ix_outgoing_attempts_delivery"), "outgoing_attempts", ["delivery"], unique=False)


def _kinds_of_jobs(more: set[str], fewer: set[str]) -> None:
    """What may stand there, as it is, with or without ours: others add theirs."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("jobs")
    said = next(check["sqltext"] for check in checks if check["name"] == "ck_jobs_kind")
    kinds = [kind for kind in re.findall(r"'([a-z_.]+)'", said) if kind not in fewer | more]
    listed = ", ".join(f"'{kind}'" for kind in [*kinds, *sorted(more)])
    with op.batch_alter_table("jobs") as batch:
        batch.drop_constraint(op.f("ck_jobs_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_jobs_kind"), f"kind IN ({listed})")


def downgrade() -> None:
    op.execute(f"DELETE FROM jobs WHERE kind = '{KIND}'")
    _kinds_of_jobs(set(), {KIND})
    for table in (
        "outgoing_attempts", "outgoing_deliveries", "outgoing_messages", "department_endpoints", "department_systems",
        "clock_requests",
    ):  # fmt: skip
        op.drop_table(table)
    for column in ("prefix", "system"):
        op.drop_column("api_keys", column)
    for column in ("counted", "result", "approved_by", "asked_by", "assignment", "days"):
        op.drop_column("specials", column)
    op.drop_index("ix_assignments_late", "assignments")
    for column in ("escalated_at", "joint"):
        op.drop_column("assignments", column)
    op.drop_column("cases", "received_office")
