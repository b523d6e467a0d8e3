"""Pages that nobody has read for an hour are on the board, and somebody may be urged about them."""

import re

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

KIND = "page"


def upgrade() -> None:
    _put_kinds([*_kinds(), KIND])


def downgrade() -> None:
    op.execute(f"DELETE FROM urges WHERE kind = '{KIND}'")
    _put_kinds([kind for kind in _kinds() if kind != KIND])


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
