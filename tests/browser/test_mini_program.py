"""The residents' app as a WeChat mini-program: it is built, every page is there and small, and nothing in it asks for
what only a browser has."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT
from tests.services import ServiceMissing

APP = ROOT / "miniapp"
SOURCES = APP / "src"
PAGES = [page["path"] for page in json.loads((SOURCES / "pages.json").read_text(encoding="utf-8"))["pages"]]
LARGEST_PAGE = 60_000
LARGEST_PACKAGE = 2 * 1024 * 1024
"""What the platform takes as a main package."""
BROWSER_ONLY = re.compile(
    r"(?<![.\w])(window|document|localStorage|sessionStorage|indexedDB|navigator|XMLHttpRequest)\b[.\[(]"
)
# what stands between these is not in the mini-program
ELSEWHERE = re.compile(r"//\s*#(?:ifdef H5|ifndef MP-WEIXIN)\b.*?//\s*#endif", re.DOTALL)
COMMENTS = re.compile(r"/\*.*?\*/|<!--.*?-->|//[^\n]*", re.DOTALL)


def sources() -> list[Path]:
    found = [p for p in SOURCES.rglob("*") if p.suffix in (".ts", ".vue") and not p.name.endswith(".h5.ts")]
    return sorted(found)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = APP / "node_modules" / ".bin" / "uni"
    if not program.exists():
        raise ServiceMissing("The app's packages are not installed: make miniapp")
    out = tmp_path_factory.mktemp("mini-program")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # node's wheel stands beside Python
    command = [str(program), "build", "-p", "mp-weixin", "--outDir", str(out)]
    done = subprocess.run(
        command, cwd=APP, env={**os.environ, "PATH": path}, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.mark.parametrize("path", sources(), ids=lambda p: str(p.relative_to(SOURCES)))
def test_no_source_asks_a_phone_for_what_only_a_browser_has(path: Path) -> None:
    text = COMMENTS.sub("", ELSEWHERE.sub("", path.read_text(encoding="utf-8")))
    assert BROWSER_ONLY.findall(text) == []


@pytest.mark.timeout(300)
def test_every_page_is_built_and_small(built: Path) -> None:
    assert json.loads((built / "app.json").read_text(encoding="utf-8"))["pages"] == PAGES
    for page in PAGES:
        for ending in (".js", ".json", ".wxml"):
            assert (built / f"{page}{ending}").is_file(), f"{page}{ending}"
        assert (built / f"{page}.js").stat().st_size < LARGEST_PAGE, page
    assert sum(f.stat().st_size for f in built.rglob("*") if f.is_file()) < LARGEST_PACKAGE


@pytest.mark.timeout(300)
def test_nothing_that_was_built_of_ours_asks_for_a_browser(built: Path) -> None:
    ours = [f for f in built.rglob("*.js") if "vendor" not in f.name]
    assert len(ours) > len(PAGES)
    found = {str(f.relative_to(built)): BROWSER_ONLY.findall(f.read_text(encoding="utf-8")) for f in ours}
    assert {name: words for name, words in found.items() if words} == {}
