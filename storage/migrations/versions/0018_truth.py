"""What auditors say really stands in fields, thresholds chosen from it, and instant cases drawn for a person to look at."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _make_truths()
    _make_judgements()
    _make_thresholds()
    _make_samples()


def _seq(table: str) -> tuple[sa.Column, sa.PrimaryKeyConstraint]:  # type: ignore[type-arg]
    name = op.f(f"pk_{table}")
    return sa.Column("seq", NUMBER, autoincrement=True, nullable=False), sa.PrimaryKeyConstraint("seq", name=name)


def _of_case(table: str, *, nullable: bool = False) -> tuple[sa.Column, sa.ForeignKeyConstraint]:  # type: ignore[type-arg]
    name = op.f(f"fk_{table}_case_number")
    column = sa.Column("case_number", sa.String(length=32), nullable=nullable)
    return column, sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=name)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool) -> None:
    chosen = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=chosen, postgresql_where=chosen)


def _make_truths() -> None:
    op.create_table(
        "truths",
        *_seq("truths"),
        *_of_case("truths"),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("page_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("machine", sa.LargeBinary(), nullable=True),
        sa.Column("read_as", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.Column("said", sa.LargeBinary(), nullable=True),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("how IN ('corrected', 'confirmed', 'whole_page')", name=op.f("ck_truths_how")),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_truths_page_id")),
        sa.UniqueConstraint("id", name=op.f("uq_truths_id")),
    )
    op.create_index(op.f("ix_truths_case_number"), "truths", ["case_number"], unique=False)
    _partial("uq_truths_alive", "truths", ["page_id", "field"], "ended_at IS NULL", unique=True)
    wrong = "NOT correct AND ended_at IS NULL"
    _partial("ix_truths_wrong", "truths", ["kind", "field", "seq"], wrong, unique=False)
    op.create_table(
        "truth_counts",
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("read_as", sa.String(length=16), nullable=False),
        sa.Column("band", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "field", "read_as", "band", name=op.f("pk_truth_counts")),
    )


def _make_judgements() -> None:
    op.create_table(
        "judgements",
        *_seq("judgements"),
        *_of_case("judgements"),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("verdict", sa.String(length=16), nullable=False),
        sa.Column("reasons", sa.Integer(), nullable=False),
    )
    op.create_index(op.f("ix_judgements_case_number"), "judgements", ["case_number"], unique=False)
    op.create_table(
        "doubts",
        *_seq("doubts"),
        sa.Column("judgement", NUMBER, nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("band", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["judgement"], ["judgements.seq"], name=op.f("fk_doubts_judgement")),
    )
    op.create_index(op.f("ix_doubts_judgement"), "doubts", ["judgement"], unique=False)


def _make_thresholds() -> None:
    op.create_table(
        "thresholds",
        *_seq("thresholds"),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=64), nullable=False),
        sa.Column("least", sa.Integer(), nullable=False),
        sa.Column("target", sa.Float(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("correct", sa.Integer(), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("until", INSTANT, nullable=True),
        sa.Column("ended_by", sa.String(length=64), nullable=True),
        sa.UniqueConstraint("id", name=op.f("uq_thresholds_id")),
    )
    _partial("uq_thresholds_in_force", "thresholds", ["kind", "field"], "until IS NULL", unique=True)


def _make_samples() -> None:
    op.create_table(
        "samples",
        *_seq("samples"),
        *_of_case("samples"),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("drawn_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("corrected", sa.Integer(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
    )
    op.create_index(op.f("ix_samples_case_number"), "samples", ["case_number"], unique=False)
    op.create_index("ix_samples_item", "samples", ["item_code", "seq"], unique=False)
    _partial("uq_samples_open", "samples", ["case_number"], "ended_at IS NULL", unique=True)
    op.create_table(
        "sampling_shares",
        *_seq("sampling_shares"),
        *_of_case("sampling_shares", nullable=True),
        sa.Column("item_code", sa.String(length=64), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.CheckConstraint("why IN ('agreed', 'disagreed', 'set')", name=op.f("ck_sampling_shares_why")),
    )
    op.create_index("ix_sampling_shares_item", "sampling_shares", ["item_code", "seq"], unique=False)


def downgrade() -> None:
    made = ("sampling_shares", "samples", "thresholds", "doubts", "judgements", "truth_counts", "truths")
    for table in made:
        op.drop_table(table)
