"""What a case is waiting for somebody to look at, test cases apart, queues by department and region without a scan, and
claims that were lost; a waybill is found whoever carries it.

Of cases that are there already only the second application of one person for one item can be told: what was found in
them is sealed, and is looked at again with the next judgement.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PLACE = ["department", "region"]
URGENCY = ["deadline_at", "number"]
LIVE = (
    "state IN ('accepted', 'approved', 'collecting', 'concluded', 'delivering', 'in_review', 'preaudit_passed', "
    "'processing', 'received', 'refused', 'returned', 'submitted')"
)
REVIEWED = "state = 'in_review'"
CARRIED = ("bookings", "pickups")
FLAGS = ("test", "doubtful_identity", "likely_duplicate")
TWICE = """
UPDATE cases SET likely_duplicate = {true} WHERE state = 'in_review' AND EXISTS (
    SELECT 1 FROM cases AS other WHERE other.id_number_index = cases.id_number_index
        AND other.item_code = cases.item_code AND other.number <> cases.number AND other.opened_at <= cases.opened_at
        AND other.state NOT IN ('draft', 'withdrawn', 'not_accepted', 'correction_expired', 'aborted', 'delivered'))
"""


def upgrade() -> None:
    for flag in FLAGS:
        op.add_column("cases", sa.Column(flag, sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("persons", sa.Column("test", sa.Boolean(), server_default=sa.false(), nullable=False))
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(TWICE.format(true="true" if postgresql else "1"))
    _partial("ix_cases_desk", [*PLACE, "state", *URGENCY], LIVE, LIVE)
    _partial("ix_cases_again", [*PLACE, *URGENCY], f"{REVIEWED} AND round > 0", f"{REVIEWED} AND round > 0")
    for flag in FLAGS[1:]:
        name = f"ix_cases_{flag}"
        _partial(name, [*PLACE, *URGENCY], f"{REVIEWED} AND {flag} = 1", f"{REVIEWED} AND {flag}")
    _partial("ix_cases_test", URGENCY, "test = 1", "test")
    for table in CARRIED:
        known = sa.text("waybill IS NOT NULL")
        op.create_index(f"ix_{table}_any_waybill", table, ["waybill"], sqlite_where=known, postgresql_where=known)
    op.create_index("ix_booking_aliases_waybill", "booking_aliases", ["waybill"])
    _make_losses()


def _partial(name: str, columns: list[str], sqlite: str, postgresql: str) -> None:
    op.create_index(name, "cases", columns, sqlite_where=sa.text(sqlite), postgresql_where=sa.text(postgresql))


def _make_losses() -> None:
    op.create_table(
        "claim_losses",
        sa.Column("seq", NUMBER, autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("case_number", sa.String(length=32), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("how", sa.String(length=16), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=True),
        sa.CheckConstraint("how IN ('expired', 'taken')", name=op.f("ck_claim_losses_how")),
        sa.ForeignKeyConstraint(["case_number"], ["cases.number"], name=op.f("fk_claim_losses_case_number")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_claim_losses")),
        sa.UniqueConstraint("id", name=op.f("uq_claim_losses_id")),
    )
    op.create_index(op.f("ix_claim_losses_case_number"), "claim_losses", ["case_number"])
    unseen = sa.text("seen_at IS NULL")
    op.create_index(
        "ix_claim_losses_unseen", "claim_losses", ["staff", "seq"], sqlite_where=unseen, postgresql_where=unseen
    )


def downgrade() -> None:
    op.drop_table("claim_losses")
    op.drop_index("ix_booking_aliases_waybill", "booking_aliases")
    for table in CARRIED:
        op.drop_index(f"ix_{table}_any_waybill", table)
    for name in ("desk", "again", *FLAGS[1:], "test"):
        op.drop_index(f"ix_cases_{name}", "cases")
    op.drop_column("persons", "test")
    for flag in FLAGS:
        op.drop_column("cases", flag)
