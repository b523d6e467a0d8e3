"""`python tests/histories/released.py URL KEYS`: cases of invented people in a database, lived by whatever version stands in
`PYTHONPATH`; recorded afterwards by `python -m tests.histories NAME --server URL --keys KEYS`. It uses only what the last
released version has as well.
"""

import sys
from collections.abc import Callable
from pathlib import Path

from cases.actions import clocks, deciding, opening
from cases.findings import FindingCode, found
from cases.lifecycle import LegState, MaterialState
from cases.model import Direction
from storage.casefiles import check_digit
from storage.session import Database
from storage.settings import StorageSettings
from tests.storage.kept import KeptWorld

BLURRED = found(FindingCode.BLURRED, material="id_front", page=1)


def corrected(world: KeptWorld) -> None:
    """Returned with one list, mended, delivered."""
    world.upload_and_read("id_front", "form").submit().judge("returned", BLURRED, id_front=MaterialState.RETURNED)
    world.apply(opening.remove_page(world.file, world.file.pages[0].id)).upload_and_read("id_front").submit()
    world.judge("passed", id_front=MaterialState.ACCEPTED, form=MaterialState.ACCEPTED)


def refused(world: KeptWorld) -> None:
    world.to_processing()
    world.decide("card").decide("photo", approve=False, opinion="照片不符")


def withdrawn(world: KeptWorld) -> None:
    """After it passed."""
    world.to_passed()
    world.apply(opening.withdraw(world.file, world.now))


def paused(world: KeptWorld) -> None:
    """A special procedure, and to its end."""
    world.to_processing()
    world.apply(clocks.special(world.file, "听证", "依申请听证", world.now, days=5))
    world.wait(days=1).apply(clocks.end_special(world.file, world.now, "通过"))
    world.decide("card").decide("photo").decide("issue")
    world.apply(deciding.conclude(world.file, world.now))


def nobody_came(world: KeptWorld) -> None:
    """The first courier did not; the second did."""
    world.to_passed()
    world.track(world.booked(Direction.COLLECTION), LegState.PICKUP_FAILED)


def delivered(world: KeptWorld) -> None:
    world.to_delivered()


LIVES: tuple[Callable[[KeptWorld], None], ...] = (delivered, corrected, refused, withdrawn, paused, nobody_came)


def main(url: str, keys: str) -> None:
    database = Database(StorageSettings(url, f"dir:{Path(keys).parent / 'blobs'}", Path(keys)))
    for n, life in enumerate(LIVES):
        body = f"44010520260302{n:06d}"
        life(KeptWorld(database, body + check_digit(body), check=False))
    database.dispose()


if __name__ == "__main__":
    main(*sys.argv[1:3])
