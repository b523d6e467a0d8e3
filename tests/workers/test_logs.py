"""Logs let out what is listed and nothing else."""

import ast
from contextlib import redirect_stderr
from pathlib import Path

import structlog

from tests.storage.test_log_lines import FullDisk
from workers.logs import ALLOWED, fault, fault_text, set_up, withhold

WORKERS = Path(__file__).parents[2] / "workers"


def test_a_key_that_is_not_listed_is_held_back_and_named() -> None:
    event = withhold(None, "info", {"event": "page_read", "case": "1", "id_number": "440105199003070019"})
    assert event == {"event": "page_read", "case": "1", "withheld": ["id_number"]}


def test_a_fault_tells_its_type_and_place_and_not_its_message() -> None:
    try:
        int("440105199003070019x")
    except ValueError as error:
        told, text = fault(error), fault_text(error)
    assert told["error"] == "ValueError"
    assert "test_logs.py" in told["where"]
    assert "440105" not in text


def test_a_log_that_cannot_be_written_ends_nobody() -> None:
    set_up("test")
    full = FullDisk()
    with redirect_stderr(full):
        structlog.get_logger().error("said")
    assert full.tried


def test_every_key_that_workers_log_is_listed() -> None:
    used: dict[str, str] = {}
    for path in WORKERS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and _is_log(node.func.value):
                used |= {k.arg: path.name for k in node.keywords if k.arg}
    assert {k: f for k, f in used.items() if k not in ALLOWED} == {}


def _is_log(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "log"
