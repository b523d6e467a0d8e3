"""The last released version as a tree beside this one, out of this repository's own history: what a rolling deploy meets.

The version is the last commit at which the newest migration was `RELEASED`; nothing names its hash. A shallow clone or
an unpacked archive has no history: then nothing is passed over in silence, `HistoryMissing` says what to do. Where a
history cannot be had, `python -m tests.older FILE` writes the tree as an archive on a machine that has it, and
`ZEROTRIP_OLDER=FILE` names it here.
"""

import os
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from pathlib import Path

from tests.architecture.test_migrations import RELEASED

ROOT = Path(__file__).parents[1]
VERSIONS = "storage/migrations/versions"
NAMED = "ZEROTRIP_OLDER"


class HistoryMissing(Exception):
    """The released version is not here."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"the version before this one (newest migration {RELEASED}) is not here: {why}. "
            f"Fetch the history (`git fetch --unshallow`; in CI: fetch-depth 0), or write it to a file where there is "
            f"one (`python -m tests.older older.tar`) and name it here ({NAMED}=older.tar)."
        )


def tree(folder: Path, root: Path = ROOT, env: Mapping[str, str] = os.environ, released: str = RELEASED) -> Path:
    """Its files, unpacked to `folder / "older"`. Raises `HistoryMissing`."""
    archive = Path(env[NAMED]) if env.get(NAMED) else packed(folder / "older.tar", root, released)
    if not archive.is_file():
        raise HistoryMissing(f"{NAMED} names {archive}, which is not there")
    unpacked = folder / "older"
    with tarfile.open(archive) as packed_tree:
        packed_tree.extractall(unpacked, filter="data")
    if newest_migration(unpacked) != released:
        raise HistoryMissing(f"the newest migration of {archive} is {newest_migration(unpacked)}")
    return unpacked


def packed(archive: Path, root: Path = ROOT, released: str = RELEASED) -> Path:
    """The archive, written. Raises `HistoryMissing`."""
    git(root, "archive", "-o", str(archive), commit(root, released))
    return archive


def commit(root: Path = ROOT, released: str = RELEASED) -> str:
    """The last commit before the first migration after it. Raises `HistoryMissing`."""
    following = f"{VERSIONS}/{int(released) + 1:04d}_*.py"
    added = git(root, "log", "--format=%H", "--diff-filter=A", "--", following).split()
    return git(root, "rev-parse", "--verify", "--quiet", f"{added[-1]}^" if added else "HEAD")


def newest_migration(unpacked: Path) -> str:
    return max((path.name[:4] for path in (unpacked / VERSIONS).glob("0*.py")), default="none")


def git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True, check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise HistoryMissing(f"`git {words[0]}` found nothing") from error
    return done.stdout.strip()


if __name__ == "__main__":
    print(f"{commit()} in {packed(Path(sys.argv[1]).absolute())}")
