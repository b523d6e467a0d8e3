"""`make release`: one wheel that holds everything (catalogue, templates, static files, the built app, the demonstration's
specimens), the exact files it runs with, a bill of materials for Python and for npm, licences, and the sums of them all.

Promises: the same commit gives the same bytes, whoever builds it and when; what git does not know is not in it, but for the
two things that npm builds. Refuses: a tree whose app was not built, or whose app's sources are not committed.
"""

import argparse
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from deploy.closure import ROOT, closure, locked
from deploy.licences import report

BUILT = (Path("web/static/app"), Path("web/static/vendor"))
"""By npm, from the sources of the same commit: see the Makefile."""
SPECIMENS = ("*.jpg", "*.pdf", "*.json", "PROVENANCE.md", "house/*")
NPM = ("miniapp", "web/frontend")
FILE_MODE, FOLDER_MODE = 0o644, 0o755


def main() -> int:
    parser = argparse.ArgumentParser("python -m deploy.release")
    parser.add_argument("--to", type=Path, default=ROOT / "dist")
    parser.add_argument("--commit", default="HEAD")
    parser.add_argument("--bill", action="store_true", help="also the bills of materials (needs cyclonedx-py and npm)")
    given = parser.parse_args()
    if changed := _git("status", "--porcelain", "--", *NPM).decode().split("\n")[:-1]:
        raise SystemExit(f"not committed, and built into the wheel all the same: {', '.join(changed[:5])}")
    given.to.mkdir(parents=True, exist_ok=True)
    for old in given.to.iterdir():
        old.unlink()
    wheel = build(given.to, given.commit)
    (given.to / "requirements.txt").write_text(locked(closure()), encoding="utf-8")
    (given.to / "licences.md").write_text(report(), encoding="utf-8")
    if given.bill:
        bills(given.to)
    sums(given.to)
    print(f"{wheel.name}  {wheel.stat().st_size / 1e6:.1f} MB  in {given.to}")
    return 0


def build(to: Path, commit: str = "HEAD") -> Path:
    """The wheel. Raises `SystemExit` saying what is missing."""
    if missing := [str(path) for path in BUILT if not (ROOT / path).is_dir()]:
        raise SystemExit(f"not built: {', '.join(missing)}; make miniapp, or make up once")
    stamp = _git("log", "-1", "--format=%ct", commit).decode().strip()
    with tempfile.TemporaryDirectory(prefix="zerotrip-release-") as folder:
        tree = Path(folder) / "tree"
        _lay_out(tree, commit)
        # the same bytes for everybody: setuptools writes this time into the archive, and the files' modes
        env = {**os.environ, "SOURCE_DATE_EPOCH": stamp, "PYTHONDONTWRITEBYTECODE": "1"}
        pip = [sys.executable, "-m", "pip", "wheel", "-q", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "--no-deps", "--no-build-isolation", "--no-cache-dir", "-w", str(to), str(tree)], env=env, check=True
        )
    (wheel,) = to.glob("*.whl")
    return wheel


def _git(*words: str) -> bytes:
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, check=True).stdout


def _lay_out(tree: Path, commit: str) -> None:
    """The commit, what npm built, and the specimens where the package looks for them."""
    with tarfile.open(fileobj=io.BytesIO(_git("archive", commit))) as archive:
        archive.extractall(tree, filter="data")
    for built in BUILT:
        shutil.copytree(ROOT / built, tree / built, dirs_exist_ok=True)
    samples = tree / "tests" / "samples"
    for pattern in SPECIMENS:
        for source in sorted(samples.glob(pattern)):
            target = tree / "workers" / "demo" / "samples" / source.relative_to(samples)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    for path in tree.rglob("*"):
        path.chmod(FOLDER_MODE if path.is_dir() else FILE_MODE)


def bills(to: Path) -> None:
    """CycloneDX, read from what is installed when nothing but the program's own dependencies is; and from the npm locks."""
    with tempfile.TemporaryDirectory(prefix="zerotrip-bill-") as folder:
        venv = Path(folder) / "venv"
        subprocess.run([sys.executable, "-m", "venv", str(venv)], check=True)
        pip = [str(venv / "bin" / "pip"), "install", "-q", "--disable-pip-version-check", "--no-deps"]
        subprocess.run([*pip, "--require-hashes", "-r", str(to / "requirements.txt")], check=True)
        subprocess.run([*pip, *map(str, to.glob("*.whl"))], check=True)
        subprocess.run([pip[0], "uninstall", "-q", "-y", "setuptools", "pip"], check=True)
        told = [
            "--pyproject",
            str(ROOT / "pyproject.toml"),
            "--output-reproducible",
            "-o",
            str(to / "sbom-python.cdx.json"),
        ]
        subprocess.run(["cyclonedx-py", "environment", str(venv / "bin" / "python"), *told], check=True)
    for folder_name in NPM:
        said = subprocess.run(
            ["npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only", "--omit", "dev"],
            cwd=ROOT / folder_name, capture_output=True, check=True,
        ).stdout  # fmt: skip
        bill = json.loads(said)
        # what changes with each run says nothing of what is in the app
        bill.pop("serialNumber", None)
        bill.get("metadata", {}).pop("timestamp", None)
        name = folder_name.replace("/", "-")
        (to / f"sbom-{name}.cdx.json").write_text(
            json.dumps(bill, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )


def sums(to: Path) -> None:
    lines = [f"{hashlib.sha256(p.read_bytes()).hexdigest()}  {p.name}\n" for p in sorted(to.iterdir())]
    (to / "SHA256SUMS").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
