"""Bundles and what follows from a case, promises with their reminders and what becomes of a broken one, documents with
the code and the hash by which anybody can verify them."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KIND = "bundle.open"
PROMISED = sa.text("defer_until IS NOT NULL")
WAITING = sa.text("number IS NULL AND problem IS NULL")
CODED = sa.text("code IS NOT NULL")


def upgrade() -> None:
    _make_children()
    _make_notes()
    op.add_column("cases", sa.Column("parent", sa.String(length=32), nullable=True))
    op.create_index("ix_cases_opened", "cases", ["opened_at", "number"], unique=False)
    op.add_column("materials", sa.Column("reminded", sa.Integer(), nullable=True))
    op.add_column("materials", sa.Column("late_at", INSTANT, nullable=True))
    op.create_index(
        "ix_materials_promised", "materials", ["defer_until"], sqlite_where=PROMISED, postgresql_where=PROMISED
    )
    op.add_column("documents", sa.Column("code", sa.String(length=32), nullable=True))
    op.add_column("documents", sa.Column("sha256", sa.String(length=64), nullable=True))
    op.create_index("uq_documents_code", "documents", ["code"], unique=True, sqlite_where=CODED, postgresql_where=CODED)
    _kinds_of_jobs({KIND}, set())


def _make_children() -> None:
    op.create_table(
        "bundle_children",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("item", sa.String(length=64), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=True),
        sa.Column("lacking", sa.JSON(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_bundle_children_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_bundle_children")),
        sa.UniqueConstraint("id", name=op.f("uq_bundle_children_id")),
        sa.UniqueConstraint("number", name=op.f("uq_bundle_children_number")),
        sa.UniqueConstraint("case_number", "item", name=op.f("uq_bundle_children_case_number_item")),
    )
    op.create_index(op.f("ix_bundle_children_case_number"), "bundle_children", ["case_number"], unique=False)
    op.create_index(
        "ix_bundle_children_waiting", "bundle_children", ["asked_at"], sqlite_where=WAITING, postgresql_where=WAITING
    )


def _make_notes() -> None:
    op.create_table(
        "credit_notes",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("material", sa.String(length=64), nullable=False),
        sa.Column("promised", sa.Date(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("repaired_at", INSTANT, nullable=True),
        sa.Column("repaired_by", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_credit_notes_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_credit_notes")),
        sa.UniqueConstraint("id", name=op.f("uq_credit_notes_id")),
        sa.UniqueConstraint("case_number", "material", name=op.f("uq_credit_notes_case_number_material")),
    )
    op.create_index(op.f("ix_credit_notes_case_number"), "credit_notes", ["case_number"], unique=False)


def _kinds_of_jobs(more: set[str], fewer: set[str]) -> None:
    """Those that the table takes now, and one more or less: which came before is for the steps before to say."""
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
    op.drop_index("uq_documents_code", table_name="documents")
    op.drop_index("ix_cases_opened", table_name="cases")
    op.drop_index("ix_materials_promised", table_name="materials")
    for table, column in (
        ("documents", "sha256"), ("documents", "code"), ("materials", "late_at"), ("materials", "reminded"), ("cases", "parent"),
    ):  # fmt: skip
        with op.batch_alter_table(table) as batch:
            batch.drop_column(column)
    op.drop_table("credit_notes")
    op.drop_table("bundle_children")
