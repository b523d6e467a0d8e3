"""What waits for a second person, why a further correction notice was sent, what a deferral promises, and pictures that
look alike.

Hashes of pictures that are there already are cut into quarters here; they are paired when a newer picture is read. The
same file is found by its digest, which has an index since the beginning.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
QUARTERS = ("q0", "q1", "q2", "q3")
AT_ONCE = 5000
"""Rows of the backfill in one go."""


def upgrade() -> None:
    op.add_column("materials", sa.Column("promise", sa.LargeBinary(), nullable=True))
    op.add_column("corrections", sa.Column("causes", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("corrections", sa.Column("because", sa.String(length=32), nullable=True))
    op.add_column("corrections", sa.Column("explanation", sa.LargeBinary(), nullable=True))
    _partial("ix_corrections_because", "corrections", ["sent_at", "because"], "because IS NOT NULL")
    _make_proposals()
    _make_hashes()
    _make_twins()
    _make_answers()
    _cut_hashes()


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def _make_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("material", sa.String(length=64), nullable=True),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("answered_by", sa.String(length=64), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("answer", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("kind IN ('refuse_material', 'not_accept')", name=op.f("ck_proposals_kind")),
        sa.CheckConstraint(
            "state IN ('waiting', 'confirmed', 'rejected', 'withdrawn')", name=op.f("ck_proposals_state")
        ),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_proposals_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_proposals")),
        sa.UniqueConstraint("id", name=op.f("uq_proposals_id")),
    )
    op.create_index(op.f("ix_proposals_case_number"), "proposals", ["case_number"], unique=False)
    _partial("ix_proposals_waiting", "proposals", ["at", "seq"], "state = 'waiting'")


def _make_hashes() -> None:
    op.create_table(
        "picture_hashes",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("page_id", sa.String(length=40), nullable=False),
        sa.Column("hash", sa.String(length=16), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in QUARTERS),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_picture_hashes_page_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_picture_hashes")),
        sa.UniqueConstraint("page_id", name=op.f("uq_picture_hashes_page_id")),
    )


def _make_twins() -> None:
    op.create_table(
        "twins",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("page", sa.String(length=40), nullable=False),
        sa.Column("other_case", sa.String(length=32), nullable=False),
        sa.Column("other_page", sa.String(length=40), nullable=False),
        sa.Column("likeness", sa.String(length=16), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.Column("found_at", INSTANT, nullable=False),
        sa.CheckConstraint("likeness IN ('same_file', 'near')", name=op.f("ck_twins_likeness")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_twins_case_number")),
        sa.ForeignKeyConstraint(["other_case"], ["cases.number"], name=op.f("fk_twins_other_case")),
        sa.ForeignKeyConstraint(["page"], ["pages.id"], name=op.f("fk_twins_page")),
        sa.ForeignKeyConstraint(["other_page"], ["pages.id"], name=op.f("fk_twins_other_page")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_twins")),
        sa.UniqueConstraint("page", "other_page", name=op.f("uq_twins_page_other_page")),
    )
    op.create_index(op.f("ix_twins_case_number"), "twins", ["case_number"], unique=False)
    op.create_index(op.f("ix_twins_other_case"), "twins", ["other_case"], unique=False)


def _make_answers() -> None:
    op.create_table(
        "twin_answers",
        sa.Column("first", sa.String(length=32), nullable=False),
        sa.Column("second", sa.String(length=32), nullable=False),
        sa.Column("answer", sa.String(length=16), nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("by", sa.String(length=64), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column("settled_by", sa.String(length=64), nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_note", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("answer IN ('different', 'in_order', 'misuse')", name=op.f("ck_twin_answers_answer")),
        sa.CheckConstraint(
            "outcome IS NULL OR outcome IN ('cleared', 'confirmed')", name=op.f("ck_twin_answers_outcome")
        ),
        sa.ForeignKeyConstraint(["first"], ["cases.number"], name=op.f("fk_twin_answers_first")),
        sa.ForeignKeyConstraint(["second"], ["cases.number"], name=op.f("fk_twin_answers_second")),
        sa.PrimaryKeyConstraint("first", "second", name=op.f("pk_twin_answers")),
    )
    _partial("ix_twin_answers_misuse", "twin_answers", ["at"], "answer = 'misuse' AND settled_at IS NULL")


def _cut_hashes() -> None:
    """The indexes come after the rows: made at once they are made faster."""
    connection, last = op.get_bind(), ""
    readings = sa.table("readings", sa.column("page_id"), sa.column("perceptual_hash"))
    hashes = sa.table("picture_hashes", *map(sa.column, ("page_id", "hash", *QUARTERS)))
    wanted = sa.select(readings).where(sa.func.length(readings.c.perceptual_hash) == 16).order_by(readings.c.page_id)
    while rows := connection.execute(wanted.where(readings.c.page_id > last).limit(AT_ONCE)).all():
        last = rows[-1].page_id
        cut = [_cut(row.page_id, row.perceptual_hash) for row in rows if _shows_something(row.perceptual_hash)]
        if cut:
            connection.execute(hashes.insert(), cut)
    for name in QUARTERS:
        op.create_index(f"ix_picture_hashes_{name}", "picture_hashes", [name, "seq"], unique=False)


def _shows_something(text: str) -> bool:
    return set(text) <= set("0123456789abcdef") and 0 < int(text, 16) < 2**64 - 1


def _cut(page: str, text: str) -> dict[str, object]:
    parts = {name: int(text[4 * i : 4 * i + 4], 16) for i, name in enumerate(QUARTERS)}
    return {"page_id": page, "hash": text, **parts}


def downgrade() -> None:
    for table in ("twin_answers", "twins", "picture_hashes", "proposals"):
        op.drop_table(table)
    op.drop_index("ix_corrections_because", "corrections")
    for column in ("explanation", "because", "causes"):
        op.drop_column("corrections", column)
    op.drop_column("materials", "promise")
