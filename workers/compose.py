"""From settings to the things that the handlers of jobs work with."""

import os
from collections.abc import Mapping

from courier.registry import partners
from egress.door import PRIVATE_HOSTS, allow_private
from sharing.client import HttpRegistry
from sharing.port import Registry
from sharing.settings import SharingSettings, SharingSettingWrong
from storage.blobs import blobs_from
from storage.journal import journal
from workers import settings
from workers.context import Context, PageReader
from workers.platforms import messages
from workers.scanning import Clamd
from workers.starting import opened
from workers.webhooks import hosts_from


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


def registry(env: Mapping[str, str]) -> Registry | None:
    """Raises `SettingsInvalid`."""
    try:
        sharing = SharingSettings.from_mapping(env)
    except SharingSettingWrong as error:
        raise settings.SettingsInvalid(str(error)) from error
    return HttpRegistry(sharing) if sharing is not None else None
