"""The released version is found in the history, and where it is not, the reason and the way out are said."""

import subprocess
from pathlib import Path

import pytest

from tests.older import NAMED, VERSIONS, HistoryMissing, git, packed, tree


def commit(repository: Path, *migrations: str) -> None:
    for name in migrations:
        path = repository / VERSIONS / f"{name}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")
    words = ["-c", "user.name=n", "-c", "user.email=n@example.org"]
    git(repository, "add", ".")
    git(repository, *words, "commit", "-q", "--allow-empty", "-m", " ".join(migrations) or "other")


def history(repository: Path) -> Path:
    """Released with 0002; 0003 was reserved, renamed and followed since."""
    repository.mkdir()
    git(repository, "init", "-q")
    commit(repository, "0001_first", "0002_second")
    commit(repository)
    commit(repository, "0003_reserved")
    git(repository, "mv", f"{VERSIONS}/0003_reserved.py", f"{VERSIONS}/0003_named.py")
    commit(repository, "0004_later")
    return repository


def test_the_released_version_is_the_last_before_the_next_migration(tmp_path: Path) -> None:
    older = tree(tmp_path, history(tmp_path / "repository"), {}, "0002")
    assert sorted(p.stem for p in (older / VERSIONS).iterdir()) == ["0001_first", "0002_second"]


def test_a_shallow_clone_says_what_to_do(tmp_path: Path) -> None:
    whole, shallow = history(tmp_path / "repository"), tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth", "1", f"file://{whole}", str(shallow)], check=True)
    with pytest.raises(HistoryMissing, match="unshallow"):
        tree(tmp_path, shallow, {}, "0002")
    with pytest.raises(HistoryMissing, match=NAMED):
        tree(tmp_path, tmp_path, {}, "0002")


def test_an_archive_stands_in_for_the_history_if_it_is_the_right_one(tmp_path: Path) -> None:
    archive = packed(tmp_path / "other.tar", history(tmp_path / "repository"), "0002")
    assert (tree(tmp_path, tmp_path, {NAMED: str(archive)}, "0002") / VERSIONS / "0002_second.py").exists()
    with pytest.raises(HistoryMissing, match="newest migration"):
        tree(tmp_path / "again", tmp_path, {NAMED: str(archive)}, "0003")
    with pytest.raises(HistoryMissing, match="not there"):
        tree(tmp_path, tmp_path, {NAMED: str(tmp_path / "none.tar")}, "0002")
