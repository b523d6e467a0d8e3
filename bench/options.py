"""What a run of the benchmark is told. Every part takes what concerns it."""

import os
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PHOTOS = Path(os.environ.get("PHOTOS") or ROOT.parent / "shared" / "photos")
"""Real photographs with their truth. They are not ours to carry along; without them that group is left out."""
CACHE = ROOT / ".bench"
"""Outside git: what an interrupted run has read so far, the text of real photographs among it."""


RESULTS = ROOT / "bench" / "RESULTS.md"


@dataclass(frozen=True)
class Options:
    photos: Path = PHOTOS
    cache: Path = CACHE
    results: Path = RESULTS
    resume: bool = False
    each_level: int = 100
    peers_limit: int | None = None
    """Pictures of each group for the slow peers; None: all."""
    peers_minutes: float = 90.0
    """After which slow peers get no more pictures; on two quiet cores they are through in 75."""
    beforehand: bool = False
    """Only the slow peers, on a machine that does other things too: see `bench.reading`."""
    timed_each: int = 8
    """Pictures of each group that slow peers are timed on, when they have read all of them beforehand."""
    two_workers: int = 30
    """Pictures of each group that are read once more, by two workers."""
    applications: int = 20
    each_defect: int = 28
    times: int = 10
    url: str | None = None
    push_seconds: float = 20.0
    follow_seconds: float = 30.0
    pollers: int = 10_000
    poll_seconds: float = 60.0
    upload_seconds: float = 120.0
    uploads_a_second: int = 50
    cases: int = 1_000_000
    """In the database of `bench.million`."""
    keep: bool = False
    """Leave that database in the cache folder, for the next run."""
    starts: int = 5
    """On an empty folder, in `cold`."""
    jobs: int = 3000
    """That do nothing, in `overhead`."""
    pictures: int = 200
    """That go through in `throughput`."""
    slow_pictures: int = 24
    """Of them, for peers that take seconds over one."""
    rounds: int = 3
    """Of `throughput`."""
    residents: int = 60
    """Who send a page at one moment, in `scale`."""
