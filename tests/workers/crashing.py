"""`python -m tests.workers.crashing JOB`: one try of a case.route job in a process of its own, which may be armed to
die on the way."""

import os
import sys
from pathlib import Path

from cases.effects import JobKind
from storage import crashpoints
from storage.blobs import FolderBlobs
from storage.session import Database
from storage.settings import StorageSettings
from tests.workers.room import OFFICE, Platform
from workers.actors.registry import HANDLERS
from workers.context import Context
from workers.jobs import perform


def main(job: str) -> None:
    crashpoints.arm(os.environ)
    settings = StorageSettings.from_mapping(os.environ)
    database = Database(settings)
    blobs = FolderBlobs(Path(settings.blobs.removeprefix("dir:")), database.vault)
    perform(Context(database, blobs, {}, Platform(), OFFICE), HANDLERS[JobKind.CASE_ROUTE], job)


if __name__ == "__main__":
    main(sys.argv[1])
