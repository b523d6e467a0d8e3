"""`python -m tests.histories NAME [--street N] [--steps N]` records a simulated street's cases; with `--new N` only those of N
streets that went a way which no case recorded before went;
`python -m tests.histories NAME --data DIR` those of an embedded service (`zerotrip demo --data DIR`), `… --server URL --keys
FILE` those of one on PostgreSQL while it runs (`tests/chaos`): invented people only.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy import select

from storage.session import Database
from storage.settings import StorageSettings
from storage.tables import cases
from tests.histories.recording import FOLDER, read, recorded, ways, write
from tests.simulation.life import lived


def of_street(street: int, steps: int) -> Iterator[dict[str, Any]]:
    for case in lived(street, steps).cases.values():
        yield recorded(case.file, case.lines)


def of_new_ways(streets: range, steps: int) -> Iterator[dict[str, Any]]:
    known = {way for path in FOLDER.glob("*.jsonl") for history in read(path) for way in ways(history)}
    for street in streets:
        for history in of_street(street, steps):
            if not ways(history) <= known:
                known |= ways(history)
                yield history


def of_service(url: str, keys: Path) -> Iterator[dict[str, Any]]:
    database = Database(StorageSettings(url, f"dir:{keys.parent / 'blobs'}", keys))
    with database.reading() as tx:
        for number in tx.execute(select(cases.c.number).order_by(cases.c.number)).scalars().all():
            yield recorded(tx.case_file(number), tx.timeline(number))
    database.dispose()


def chosen(asked: argparse.Namespace) -> Iterator[dict[str, Any]]:
    if asked.server:
        return of_service(asked.server, asked.keys)
    if asked.data:
        return of_service(f"sqlite:///{asked.data / 'zerotrip.db'}", asked.data / "keys.json")
    if asked.new:
        return of_new_ways(range(asked.street, asked.street + asked.new), asked.steps)
    return of_street(asked.street, asked.steps)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.histories")
    parser.add_argument("name")
    parser.add_argument("--street", type=int, default=1)
    parser.add_argument("--steps", type=int, default=2_000)
    parser.add_argument("--new", type=int)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--server")
    parser.add_argument("--keys", type=Path)
    asked = parser.parse_args()
    told = chosen(asked)
    path = FOLDER / f"{asked.name}.jsonl"
    print(f"{write(path, told)} histories in {path.name}")


if __name__ == "__main__":
    main()
