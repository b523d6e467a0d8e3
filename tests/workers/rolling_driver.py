"""One version's process in a roll: takes cases a stage further when it is told, with whatever code it was started on.

Started as a program with the database's URL and the key file; each line on its input is `NUMBER STAGE`, answered by `done`.
It uses only what the version before has as well.
"""

import itertools
import sys
from collections.abc import Callable
from pathlib import Path

from cases.actions import deciding
from cases.lifecycle import LegState
from cases.model import CaseNumber, Direction
from storage.session import Database
from storage.settings import StorageSettings
from tests.cases.world import World
from tests.storage.kept import KeptWorld, publish


def _passed(world: KeptWorld) -> None:
    world.to_passed()


def _received(world: KeptWorld) -> None:
    booking = world.booked(Direction.COLLECTION)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    world.count(id_front=1, form=1)


def _accepted(world: KeptWorld) -> None:
    world.apply(deciding.accept(world.file, world.now)).apply(deciding.route_case(world.file, world.now))


def _decided(world: KeptWorld) -> None:
    world.decide("card").decide("photo").decide("issue")


def _concluded(world: KeptWorld) -> None:
    world.apply(deciding.conclude(world.file, world.now))


def _delivered(world: KeptWorld) -> None:
    booking = world.booked(Direction.DELIVERY)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)


STAGES: tuple[Callable[[KeptWorld], None], ...] = (_passed, _received, _accepted, _decided, _concluded, _delivered)


def taken_up(database: Database, number: str, first: int) -> KeptWorld:
    """A case as the database has it, whoever brought it there."""
    world = KeptWorld.__new__(KeptWorld)
    World.__init__(world)
    world.database, world.check, world.ids = database, False, itertools.count(first)
    with database.reading() as tx:
        world.file = tx.case_file(CaseNumber(number))
    return world


def main(url: str, key_file: str, blobs: str, first: int) -> None:
    database = Database(StorageSettings(url, blobs, Path(key_file)))
    for line in sys.stdin:
        number, stage = line.split()
        first += 1_000
        if stage == "publish":
            publish(database)
        elif stage == "open":
            world = KeptWorld(database, number, check=False)
            world.ids = itertools.count(first)
            _passed(world)
        else:
            STAGES[int(stage)](taken_up(database, number, first))
        print("done", flush=True)
    database.dispose()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
