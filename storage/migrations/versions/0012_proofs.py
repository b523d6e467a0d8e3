"""What a person proved before: waivers, questions to data-sharing sources, and the job that asks them."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS_BEFORE = (
    "page.read", "case.judge", "case.route", "courier.book", "courier.find", "courier.cancel", "courier.poll",
    "courier.subscribe", "pickup.book", "pickup.find", "pickup.cancel", "inbox.handle", "document.make", "notice.send",
)  # fmt: skip
KINDS = (*KINDS_BEFORE, "registry.ask")
ENDS = "'taken_back', 'replaced', 'refused'"
STATES = "'waiting', 'proven', 'not_found', 'unavailable', 'refused', 'withdrawn', 'dropped'"
ALIVE = sa.text("ended_at IS NULL")
WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    _make_waivers()
    _make_inquiries()
    _kinds_of_jobs(KINDS)


def _make_waivers() -> None:
    op.create_table(
        "waivers",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("material", sa.String(length=64), nullable=False),
        sa.Column("source", sa.String(length=16), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("proven_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.String(length=16), nullable=True),
        sa.Column("still_show", sa.Boolean(), nullable=False),
        sa.Column("source_case", sa.String(length=32), nullable=True),
        sa.Column("source_material", sa.String(length=64), nullable=True),
        sa.Column("source_pages", sa.JSON(), nullable=False),
        sa.Column("resource", sa.String(length=64), nullable=True),
        sa.Column("receipt", sa.String(length=64), nullable=True),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("ended_why", sa.String(length=16), nullable=True),
        sa.Column("readings", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("source IN ('case', 'registry')", name=op.f("ck_waivers_source")),
        sa.CheckConstraint(f"ended_why IS NULL OR ended_why IN ({ENDS})", name=op.f("ck_waivers_ended_why")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_waivers_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_waivers")),
        sa.UniqueConstraint("id", name=op.f("uq_waivers_id")),
    )
    op.create_index(op.f("ix_waivers_case_number"), "waivers", ["case_number"], unique=False)
    op.create_index(
        "uq_waivers_alive",
        "waivers",
        ["case_number", "material"],
        unique=True,
        sqlite_where=ALIVE,
        postgresql_where=ALIVE,
    )


def _make_inquiries() -> None:
    op.create_table(
        "inquiries",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("material", sa.String(length=64), nullable=False),
        sa.Column("resource", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("consent", sa.String(length=32), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("authorised_at", INSTANT, nullable=False),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("receipt", sa.String(length=64), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_inquiries_state")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_inquiries_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_inquiries")),
        sa.UniqueConstraint("id", name=op.f("uq_inquiries_id")),
    )
    op.create_index(op.f("ix_inquiries_case_number"), "inquiries", ["case_number"], unique=False)
    op.create_index("ix_inquiries_by", "inquiries", ["by", "authorised_at"], unique=False)
    _index_waiting("uq_inquiries_waiting", "case_number", "material", unique=True)
    _index_waiting("ix_inquiries_late", "authorised_at", unique=False)


def _index_waiting(name: str, *columns: str, unique: bool) -> None:
    op.create_index(
        name, "inquiries", list(columns), unique=unique, sqlite_where=WAITING, postgresql_where=WAITING
    )  # fmt: skip


def _kinds_of_jobs(kinds: tuple[str, ...]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("jobs") as batch:
        batch.drop_constraint(op.f("ck_jobs_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_jobs_kind"), f"kind IN ({listed})")


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind = 'registry.ask'")
    _kinds_of_jobs(KINDS_BEFORE)
    op.drop_table("inquiries")
    op.drop_table("waivers")
    # what was waived is to be photographed again: nothing says any more what it stood on
    op.execute("UPDATE materials SET state = 'missing' WHERE state = 'waived'")
