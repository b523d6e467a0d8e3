"""Expand, then contract: what runs beside a newer schema during a roll must go on writing (docs/deploying.md).

Since the revision that is out (`RELEASED`), a migration only adds: no table or column goes or is renamed, and a new column
of a table that is there is nullable or has a default of the database's own. What an older process never writes may be
contracted later, and is named in `CONTRACTED` with the release that stopped writing it.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.effects import JobKind

VERSIONS = Path("storage/migrations/versions")
RELEASED = "0024"
"""The newest revision of the last release."""
CONTRACTED: dict[str, str] = {}
"""`revision: what` → since which release nothing writes it."""
TAKES_AWAY = ("drop_table", "drop_column", "rename_table")


def _new() -> list[Path]:
    return sorted(p for p in VERSIONS.glob("0*.py") if p.name[:4] > RELEASED)


def _upgrades(path: Path) -> Iterator[ast.Call]:
    """Calls made on the way forward: in `upgrade`, and in every helper but `downgrade`."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade":
            yield from (n for n in ast.walk(node) if isinstance(n, ast.Call))


def _name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else ""


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((k.value for k in call.keywords if k.arg == name), None)


def _is_false(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def _breaks(call: ast.Call) -> str | None:
    if _name(call) in TAKES_AWAY:
        return _name(call)
    if _name(call) == "alter_column" and (_keyword(call, "new_column_name") or _is_false(_keyword(call, "nullable"))):
        return "alter_column"
    if _name(call) == "add_column":
        columns = [a for a in call.args if isinstance(a, ast.Call)]
        if any(_is_false(_keyword(c, "nullable")) and _keyword(c, "server_default") is None for c in columns):
            return "add_column NOT NULL without a server_default"
    return None


@pytest.mark.parametrize("path", _new(), ids=lambda p: p.stem)
def test_a_new_migration_only_adds(path: Path) -> None:
    wrong = [
        what for call in _upgrades(path) if (what := _breaks(call)) and f"{path.name[:4]}: {what}" not in CONTRACTED
    ]
    assert wrong == []


def test_no_job_is_of_a_kind_that_a_process_of_the_last_release_does_not_know() -> None:
    """Its relay ends at the sight of one, and then nothing is rung any more: not while versions roll, and not after one was
    taken back. From the release after this one on a relay leaves such jobs to whoever knows them, and this rule goes."""
    released = "".join(p.read_text("utf-8") for p in VERSIONS.glob("0*.py") if p.name[:4] <= RELEASED)
    assert set(JobKind) - set(re.findall(r"[a-z]+\.[a-z_]+", released)) == set()


def test_the_rule_sees_what_it_forbids() -> None:
    forbidden = (
        'batch.add_column(sa.Column("a", sa.Text(), nullable=False))',
        'op.drop_column("cases", "a")',
        'op.drop_table("cases")',
        'batch.alter_column("a", new_column_name="b")',
        'batch.alter_column("a", nullable=False)',
    )
    allowed = (
        'batch.add_column(sa.Column("a", sa.Text(), nullable=False, server_default="x"))',
        'batch.add_column(sa.Column("a", sa.Text()))',
        'op.create_table("new", sa.Column("a", sa.Text(), nullable=False))',
    )
    found = {text: _breaks(call) for text in (*forbidden, *allowed) if (call := _call(text))}
    assert all(found[text] for text in forbidden)
    assert not any(found[text] for text in allowed)


def _call(text: str) -> ast.Call:
    expression = ast.parse(text, mode="eval").body
    assert isinstance(expression, ast.Call)
    return expression
