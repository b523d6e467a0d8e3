"""`python -m workers.preparing --data DIR`: what an embedded service needs before its first request. Keys where there are none,
the database at the newest schema, items, calendar and people; then the file appears that everybody else waits for.

Promises: doing it again adds only what is missing. Exit 3 with what is wrong: a key file that is away or opens nothing of
what is kept.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cases.deadlines import beijing_day
from preaudit.catalogue import load
from storage.key_use import check_keys
from storage.migrate import upgrade
from storage.session import Database
from storage.settings import StorageSettings
from storage.vault import VaultError, create_key_file
from workers.embedded import CannotStart, write_private
from workers.seeding import Seeded, seed
from workers.supervise import NEEDS_SOMETHING


def prepare(data: Path, env: Mapping[str, str]) -> Seeded:
    """`env`: of the service's processes. Raises `CannotStart`."""
    storage = StorageSettings.from_mapping(env)
    _have_keys(data)
    upgrade(storage)
    try:
        database = Database(storage)
        try:
            with database.reading() as tx:
                check_keys(tx, storage.key_file)
            seeded = seed(database, load().values(), beijing_day(datetime.now(UTC)))
        finally:
            database.dispose()
    except VaultError as error:
        raise CannotStart(str(error)) from error
    if seeded.logins:
        write_private(data / "credentials.json", seeded.plain())
    if storage.after is not None:
        storage.after.touch()
    return seeded


def _have_keys(data: Path) -> None:
    """New keys are for a new folder: beside a database they would open nothing of it."""
    keys = data / "keys.json"
    if keys.exists():
        return
    if (data / "zerotrip.db").exists():
        raise CannotStart(f"{keys} is missing, and the database beside it is sealed with it: bring it from your backup")
    create_key_file(keys)


def main() -> int:
    parser = argparse.ArgumentParser("workers.preparing")
    parser.add_argument("--data", type=Path, required=True)
    try:
        seeded = prepare(parser.parse_args().data, os.environ)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return NEEDS_SOMETHING
    for code in seeded.kept:
        print(f"item {code} was published with other contents; a change needs a new version", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
