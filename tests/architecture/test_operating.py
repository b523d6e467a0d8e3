"""Alerts, their runbook and what they ask of: no rule about a figure that is not told, no advice that cannot be followed."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.main import get_command

from web.told import TOLD
from workers.cli import app

ROOT = Path(__file__).parents[2]
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((ROOT / "deploy/alerts.yaml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
RUNBOOK = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))
_SUFFIXES = {"histogram": ("_bucket", "_count", "_sum"), "counter": ("_total",), "gauge": ("",)}
LABELS = {f"{t.name}{suffix}": set(t.labels) for t in TOLD for suffix in _SUFFIXES[t.kind]} | {
    "up": {"job", "instance"}
}


def _named(rule: dict[str, Any]) -> set[str]:
    return set(re.findall(r"\b((?:zerotrip|web|courier)_\w+|up(?={))", rule["expr"]))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_asks_for_figures_that_are_told(rule: dict[str, Any]) -> None:
    assert _named(rule)
    assert _named(rule) <= LABELS.keys()
    known = set.union(*(LABELS[name] for name in _named(rule))) | {"le"}
    used = set(re.findall(r"(\w+)=~?\"", rule["expr"])) | set(re.findall(r"\$labels\.(\w+)", str(rule["annotations"])))
    assert used <= known


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_every_alert_has_its_section_and_its_trial(rule: dict[str, Any]) -> None:
    name = rule["alert"]
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["runbook"] == f"docs/runbook.md#{name.lower()}"
    assert [part for part in ("**Means.**", "**Look at.**", "**Do.**") if part not in SECTIONS[name]] == []
    assert f'alertname="{name}"' in (ROOT / "deploy/alerts_test.yaml").read_text(encoding="utf-8")


def test_every_section_of_the_runbook_is_an_alert() -> None:
    assert set(SECTIONS) == {rule["alert"] for rule in RULES}


def test_the_dashboard_shows_figures_that_are_told() -> None:
    panels = json.loads((ROOT / "deploy/dashboard.json").read_text(encoding="utf-8"))["panels"]
    asked = [{"expr": target["expr"]} for panel in panels for target in panel["targets"]]
    assert len(panels) > 10
    assert set().union(*map(_named, asked)) <= LABELS.keys()


def _commands(command: Any, path: tuple[str, ...] = ()) -> dict[tuple[str, ...], set[str]]:
    """Every command with its options; a group has those of its commands, too."""
    options = {o for p in command.params for o in (*p.opts, *p.secondary_opts) if o.startswith("--")} | {"--help"}
    found = {path: options}
    for name, below in getattr(command, "commands", {}).items():
        under = _commands(below, (*path, name))
        options |= set().union(*under.values()) if path else set()
        found |= under
    return found


@pytest.mark.parametrize("document", sorted(ROOT.glob("docs/*.md")), ids=lambda p: p.name)
def test_every_command_of_the_documents_is_there(document: Path) -> None:
    """`zerotrip …` between backquotes, or on a line of its own in a block."""
    known = _commands(get_command(app))
    text = document.read_text(encoding="utf-8")
    for said in re.findall(r"(?:`|^)zerotrip ([a-z][^`\n#]*)", text, re.MULTILINE):
        words = said.split()
        path = tuple(words[:1])
        if any(other[:-1] == path for other in known if len(other) > 1) and re.match(r"[a-z]", "".join(words[1:2])):
            path = (*path, words[1])  # of a group
        assert path in known, f"zerotrip {said}"
        options = known[path] | (known[path[:1]] if "·" in said else set())  # several of one group in a row
        wrong = [w.split("=")[0] for w in words if w.startswith("--") and w.split("=")[0].rstrip(",;.") not in options]
        assert wrong == [], f"zerotrip {said}"
