"""`python tests/chaos/filling.py NEWS`: schema, item, people, and a department's system that wants the news; the API keys, on
its output. Run as a program it fills with whatever version stands in `PYTHONPATH`, so it uses only what the last released
one has as well.
"""

import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from cases.deadlines import beijing_day
from preaudit.catalogue import load_file
from storage import migrate
from storage.actors import Actor
from storage.session import Database
from storage.settings import StorageSettings
from storage.vault import create_key_file
from storage.words import ActorKind
from workers.seeding import seed

ITEM = Path(__file__).with_name("item.yaml")
TESTER = Actor(ActorKind.SYSTEM, "chaos")


def fill(settings: StorageSettings, news: str) -> Mapping[str, str]:
    create_key_file(settings.key_file)
    migrate.upgrade(settings)
    database = Database(settings)
    try:
        made = seed(database, [load_file(ITEM)], beijing_day(datetime.now(UTC)))
        with database.transaction() as tx:
            system = tx.department_systems.add("演练部门系统", ["rsj"], actor=TESTER)
            tx.department_systems.add_endpoint(system, news, actor=TESTER)
    finally:
        database.dispose()
    return made.api_keys


if __name__ == "__main__":
    print(json.dumps(dict(fill(StorageSettings.from_mapping(os.environ), sys.argv[1]))))
