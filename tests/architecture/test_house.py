"""The house rules that a reader relies on, held by reading the source."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from cases.diagram import page

ROOT = Path(__file__).parents[2]
ROOMS = ["cases", "egress", "storage", "courier", "preaudit", "sharing", "workers", "web"]
FILES = sorted(p for room in ROOMS for p in (ROOT / room).rglob("*.py"))
COMPOSITION_ROOTS = {"workers", "web"}


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_no_import_stands_inside_a_function(path: Path) -> None:
    inside = [
        f.name for f in _functions(_tree(path)) for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


@pytest.mark.parametrize("path", FILES, ids=_name)
def test_every_module_says_what_it_is(path: Path) -> None:
    tree = _tree(path)
    assert not tree.body or ast.get_docstring(tree), f"{_name(path)} has no opening docstring"


@pytest.mark.parametrize("path", [p for p in FILES if p.relative_to(ROOT).parts[0] not in COMPOSITION_ROOTS], ids=_name)
def test_only_the_composition_roots_read_the_environment(path: Path) -> None:
    """Setting a variable for a library that has no other switch (`os.environ.setdefault`) is not reading."""
    nodes = [n for n in ast.walk(_tree(path)) if isinstance(n, ast.Attribute)]
    written = {id(n.value) for n in nodes if n.attr == "setdefault"}
    assert [n.attr for n in nodes if n.attr in ("environ", "getenv") and id(n) not in written] == []


def test_the_domain_imports_the_standard_library_alone() -> None:
    for path in (ROOT / "cases").rglob("*.py"):
        for node in ast.walk(_tree(path)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                top = name.split(".")[0]
                assert top == "cases" or top in sys.stdlib_module_names, f"{_name(path)} imports {name}"


def test_the_diagram_in_the_docs_is_the_table() -> None:
    assert (ROOT / "docs/lifecycle.md").read_text(encoding="utf-8") == page()


def test_nothing_waits_unfinished() -> None:
    marks = re.compile(r"raise NotImplementedError|\bTODO\b|\bFIXME\b|\bXXX\b")
    found = [_name(p) for p in FILES if marks.search(p.read_text(encoding="utf-8"))]
    assert found == []


def test_no_path_of_a_machine_and_no_registry_host_stands_in_the_repository() -> None:
    hosts = ["pypi." + "org", "pythonhosted." + "org", "registry.npmjs" + ".org", "deb.debian" + ".org"]
    forbidden = re.compile("|".join(map(re.escape, ["/wo" + "rk/", "/ro" + "ot/", *hosts])))
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    texts = {f: (ROOT / f).read_bytes().decode("utf-8", "ignore") for f in listed if (ROOT / f).is_file()}
    assert [f for f, text in texts.items() if forbidden.search(text)] == []


def test_tests_never_sleep_patch_or_skip() -> None:
    marks = re.compile(
        r"\btime\.sle" + r"ep\(|pytest\.(mark\.)?(sk" + r"ip|xfa" + r"il)|importorsk" + r"ip|unittest\.mo" + r"ck"
        r"|monkeypatch\.seta" + "ttr"
    )
    found = [_name(p) for p in (ROOT / "tests").rglob("*.py") if marks.search(p.read_text(encoding="utf-8"))]
    assert found == []
