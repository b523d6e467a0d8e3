"""What the program runs with: listed, locked, licensed, and judged by what is known of it and nothing else."""

import json
import re
from pathlib import Path

import pytest

from deploy.advisories import Advisory, answered, from_npm, judge
from deploy.closure import ROOT, closure, direct, locked, locked_versions
from deploy.licences import allowed, npm_packages, packages, python_packages

DOCS = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")


def test_the_page_of_dependencies_lists_exactly_those_of_the_project() -> None:
    listed = re.findall(r"^\| `([\w-]+)` \| ([^|]+)\| ([^|]+)\| ([\d.]+) \| ([^|]+) \|$", DOCS, re.MULTILINE)
    assert [row[0] for row in listed] == direct()
    licences = {p.name: p.licence for p in python_packages()}
    assert {row[0]: row[4] for row in listed} == {name: licences[name] for name in direct()}


def test_everything_that_is_installed_stands_in_the_lock_with_its_hashes() -> None:
    text = locked(closure())
    assert set(re.findall(r"^([\w-]+)(?=\[|==)", text, re.MULTILINE)) == set(closure())
    assert all("--hash=sha256:" in entry for entry in re.split(r"^(?=\w)", text, flags=re.MULTILINE) if entry)
    assert "pytest" not in locked_versions().keys() & closure().keys()


def test_every_package_has_a_licence_that_somebody_looked_at() -> None:
    assert [(p.name, p.licence) for p in packages() if not allowed(p.licence)] == []


@pytest.mark.parametrize(
    ("said", "may"),
    [
        ("MIT", True), ("GPL-3.0-only", False), ("MIT OR GPL-3.0-only", True), ("MIT AND GPL-3.0-only", False),
        ("(MIT AND Zlib)", True), ("(GPL-2.0-only OR MIT) AND ISC", True), ("unknown", False), ("", False),
        ("MIT AND (GPL-2.0-only OR AGPL-3.0-only)", False), ("MIT)", False), ("__import__('os')", False),
    ],
)  # fmt: skip
def test_an_expression_is_allowed_if_every_part_is(said: str, may: bool) -> None:
    assert allowed(said) is may


def test_what_only_helps_to_develop_is_not_counted(tmp_path: Path) -> None:
    inside = ROOT / "miniapp"
    names = {p.name for p in npm_packages(inside)}
    lock = json.loads((inside / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert not names & {k.rsplit("node_modules/", 1)[-1] for k, v in lock.items() if v.get("dev")} - {
        k.rsplit("node_modules/", 1)[-1] for k, v in lock.items() if k and not v.get("dev")
    }


# ── advisories ──

FOUND = {"dependencies": [{"name": "pillow", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.0"]}]}]}
SKIPPED = {"dependencies": [*FOUND["dependencies"], {"name": "requests", "skip_reason": "not found"}]}


def test_a_list_with_packages_that_were_passed_over_is_none() -> None:
    assert answered(FOUND) == [Advisory("PYSEC-1", "pillow", "1.0", "2.0", "pypi")]
    assert answered(SKIPPED) is None
    assert answered({"dependencies": []}) is None


def test_npm_tells_each_weakness_once() -> None:
    said = {
        "vulnerabilities": {
            "a": {"via": [{"url": "https://x/GHSA-1", "range": "<2"}], "fixAvailable": {"name": "a", "version": "2"}},
            "b": {"via": ["a"], "fixAvailable": True},
        }
    }
    assert list(from_npm(said, "miniapp")) == [Advisory("GHSA-1", "a", "<2", "a 2", "miniapp")]


def test_only_what_is_installed_today_is_judged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "advisories.json"
    assert judge(kept) == 0
    assert "none at hand" in capsys.readouterr().out
    now = locked_versions()["pillow"]
    for version, ends in (("0.1", 0), (now, 1)):
        told = {"fetched": "2026-01-01", "found": {"pypi": [vars(Advisory("X-1", "pillow", version, "", "pypi"))]}}
        kept.write_text(json.dumps(told))
        assert judge(kept) == ends
    assert "X-1" in capsys.readouterr().out
