"""From settings to the things a process works with."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from courier.registry import partners
from egress.door import PRIVATE_HOSTS, allow_private
from sharing.client import HttpRegistry
from sharing.port import Registry
from sharing.settings import SharingSettings, SharingSettingWrong
from storage import crashpoints
from storage.blobs import blobs_from
from storage.journal import journal
from storage.key_use import check_keys
from storage.session import Database
from storage.settings import NotPrepared, StorageSettings, await_prepared
from storage.vault import VaultError
from workers import logs, settings
from workers.context import Context, PageReader
from workers.platforms import messages
from workers.scanning import Clamd
from workers.webhooks import hosts_from

log = structlog.get_logger()
T = TypeVar("T")
EXIT_ENVIRONMENT = 3
"""The environment is missing something, which was named."""


def context(made: settings.Settings, reader: PageReader | None = None, env: Mapping[str, str] = os.environ) -> Context:
    """What handlers work with. Raises `SettingsInvalid`, `VaultError`."""
    allow_private(env.get(PRIVATE_HOSTS, ""))
    if made.workers.office is None:
        raise settings.SettingsInvalid("WORKERS_OFFICE is not set: the address papers are sent to")
    database = opened(made.storage)
    return Context(
        database=database,
        blobs=blobs_from(made.storage),
        partners=partners(made.courier, journal(database)),
        messages=messages(env, database),
        office=made.workers.office,
        reader=reader,
        scanner=Clamd(made.workers.clamd) if made.workers.clamd else None,
        circuit=made.courier.circuit,
        polls_per_minute={name: s.polls_per_minute for name, s in made.courier.partners.items()},
        registry=registry(env),
        public_url=env.get("WEB_PUBLIC_URL", "").rstrip("/"),
        webhook_hosts=hosts_from(env.get("WORKERS_WEBHOOK_HOSTS", "")),
    )


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


def registry(env: Mapping[str, str]) -> Registry | None:
    """Raises `SettingsInvalid`."""
    try:
        sharing = SharingSettings.from_mapping(env)
    except SharingSettingWrong as error:
        raise settings.SettingsInvalid(str(error)) from error
    return HttpRegistry(sharing) if sharing is not None else None


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
