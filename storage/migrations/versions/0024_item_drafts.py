"""The item manager: a version is in force from a day; drafts of items, what they would have judged differently, and the
jobs that lint and judge them."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("item.lint", "item.backtest")
STATES = "'editing', 'linted', 'proposed', 'approved', 'rejected', 'published', 'withdrawn', 'abandoned'"
OPEN = sa.text("state IN ('approved', 'editing', 'linted', 'proposed', 'rejected')")
BACKTEST_STATES = "'waiting', 'running', 'done', 'failed'"


def upgrade() -> None:
    op.add_column("items", sa.Column("valid_from", sa.Date(), nullable=False, server_default="2000-01-01"))
    op.add_column("items", sa.Column("published_by", sa.String(length=64), nullable=True))
    op.add_column("items", sa.Column("draft", sa.String(length=40), nullable=True))
    op.add_column("items", sa.Column("withdrawn_at", INSTANT, nullable=True))
    # what was published was in force at once
    op.execute("UPDATE items SET valid_from = DATE(published_at)")
    op.create_index("ix_cases_item", "cases", ["item_code", "opened_at"], unique=False)
    _make_drafts()
    _make_backtests()
    known = _kinds()
    _put_kinds([*known, *(kind for kind in KINDS if kind not in known)])


def _make_drafts() -> None:
    op.create_table(
        "item_drafts",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("region", sa.String(length=12), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("editors", sa.JSON(), nullable=False),
        sa.Column("linted", sa.Integer(), nullable=False),
        sa.Column("misfits", sa.JSON(), nullable=False),
        sa.Column("made_by", sa.String(length=64), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("changed_by", sa.String(length=64), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_by", sa.String(length=64), nullable=True),
        sa.Column("proposed_at", INSTANT, nullable=True),
        sa.Column("opinion", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=True),
        sa.Column("decided_at", INSTANT, nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.CheckConstraint(f"state IN ({STATES})", name=op.f("ck_item_drafts_state")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_item_drafts")),
        sa.UniqueConstraint("id", name=op.f("uq_item_drafts_id")),
    )
    op.create_index("ix_item_drafts_code", "item_drafts", ["code", "seq"], unique=False)
    for name, column, unique in (("uq_item_drafts_open", "code", True), ("ix_item_drafts_open", "seq", False)):
        op.create_index(name, "item_drafts", [column], unique=unique, sqlite_where=OPEN, postgresql_where=OPEN)


def _make_backtests() -> None:
    op.create_table(
        "item_backtests",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("draft", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("changes", sa.LargeBinary(), nullable=True),
        sa.Column("asked_by", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint(f"state IN ({BACKTEST_STATES})", name=op.f("ck_item_backtests_state")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_item_backtests")),
        sa.UniqueConstraint("id", name=op.f("uq_item_backtests_id")),
    )
    op.create_index("ix_item_backtests_draft", "item_backtests", ["draft", "seq"], unique=False)


def _kinds() -> list[str]:
    """Of jobs, as the database has them now."""
    checks = sa.inspect(op.get_bind()).get_check_constraints("jobs")
    (listed,) = [check["sqltext"] for check in checks if check["name"] == "ck_jobs_kind"]
    return re.findall(r"'([a-z_.]+)'", listed)


def _put_kinds(kinds: list[str]) -> None:
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    with op.batch_alter_table("jobs") as batch:
        batch.drop_constraint(op.f("ck_jobs_kind"), type_="check")
        batch.create_check_constraint(op.f("ck_jobs_kind"), f"kind IN ({listed})")


def downgrade() -> None:
    op.execute("DELETE FROM jobs WHERE kind IN ('item.lint', 'item.backtest')")
    _put_kinds([kind for kind in _kinds() if kind not in KINDS])
    op.drop_table("item_backtests")
    op.drop_table("item_drafts")
    op.drop_index("ix_cases_item", table_name="cases")
    for column in ("withdrawn_at", "draft", "published_by", "valid_from"):
        op.drop_column("items", column)
