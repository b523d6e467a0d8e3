"""How a background process begins: settings and logs, the database, and telling that it can work. By itself, because the relay
needs nothing else of what a process may be made of (`workers.compose`)."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from storage import crashpoints
from storage.key_use import check_keys
from storage.session import Database
from storage.settings import NotPrepared, StorageSettings, await_prepared
from storage.vault import VaultError
from workers import logs, settings

log = structlog.get_logger()
T = TypeVar("T")
EXIT_ENVIRONMENT = 3
"""The environment is missing something, which was named."""


def opened(made: StorageSettings) -> Database:
    """The database, and a ring that opens what is in it. Raises `VaultError`. A database that is away is waited for by whoever
    asks it next."""
    await_prepared(made)
    database = Database(made)
    try:
        with database.reading() as tx:
            check_keys(tx, made.key_file)
    except SQLAlchemyError as error:
        log.warning("keys_not_checked", **logs.fault(error))
    return database


def start(process: str, env: Mapping[str, str] = os.environ) -> settings.Settings:
    """Settings and logs of a process; exits with 3 and the variable's name if something is missing."""
    try:
        made = settings.read(env)
    except settings.SettingsInvalid as error:
        sys.exit(refuse(error))
    crashpoints.arm(env)
    logs.set_up(process, made.workers.log, made.workers.log_level)
    return made


def refuse(error: Exception) -> int:
    print(f"zerotrip: {error}", file=sys.stderr, flush=True)
    return EXIT_ENVIRONMENT


def or_exit(make: Callable[[], T]) -> T:
    """`make()`, or exit with 3 saying what is missing."""
    try:
        return make()
    except (settings.SettingsInvalid, NotPrepared, VaultError) as error:
        sys.exit(refuse(error))


def say_ready(env: Mapping[str, str] = os.environ) -> None:
    """Tells whoever started the process that it can work: the file that `WORKERS_READY_FILE` names appears."""
    if path := env.get("WORKERS_READY_FILE"):
        Path(path).write_text(str(os.getpid()))
