"""docs/backup.md for PostgreSQL and S3, followed to the letter: its commands are read off the page, run, and what comes back is
compared. `aws` is played by boto3 here; everything else is the real program.
"""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
from sqlalchemy import select, update

from cases.deadlines import beijing_day
from courier.sandbox.launch import environment, new_credentials
from storage import audit, migrate
from storage.blobs import blobs_from
from storage.session import Database
from storage.settings import StorageSettings
from storage.tables import audit as audit_table
from storage.tables import pages
from storage.vault import create_key_file
from tests import services
from tests.storage.filled import kept as rows
from tests.storage.kept import KeptWorld
from tests.workers.service import ROOT
from workers.embedded import OFFICE
from workers.seeding import working_days

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(900)]
BUCKET, COPY = "zerotrip", "zerotrip-copy"
AWS = """#!{python}
import sys, boto3
from urllib.parse import urlsplit
_, _, sync, source, target, *rest = [sys.argv[0], *sys.argv[1:]]
assert (sys.argv[1], sync, rest) == ("s3", "sync", []), sys.argv
there = boto3.resource("s3", endpoint_url="{endpoint}", region_name="us-east-1")
for each in there.Bucket(urlsplit(source).netloc).objects.all():
    there.Bucket(urlsplit(target).netloc).copy(dict(Bucket=each.bucket_name, Key=each.key), each.key)
"""


def blocks() -> tuple[str, str]:
    """The commands of the page: to keep, and to bring back."""
    page = (ROOT / "docs" / "backup.md").read_text("utf-8").partition("## PostgreSQL and S3")[2]
    keep, bring = re.findall(r"```sh\n(.*?)```", page, re.DOTALL)
    return keep, bring


class Servers:
    """A deployment on servers, in one folder, and everything that the page's commands need."""

    def __init__(self, home: Path, server: str, endpoint: str, doorbell: str) -> None:
        self.home, self.server, self.endpoint = home, server, endpoint
        self.url = f"{server.rpartition('/')[0]}/zerotrip"
        self.settings = StorageSettings(
            self.url.replace("postgresql://", "postgresql+psycopg://"),
            services.make_bucket(endpoint, BUCKET), home / "keys.json",
        )  # fmt: skip
        services.make_bucket(endpoint, COPY)
        (home / "bin").mkdir()
        aws = home / "bin" / "aws"
        aws.write_text(AWS.format(python=sys.executable, endpoint=endpoint))
        aws.chmod(0o755)
        path = [home / "bin", Path(sys.executable).parent, services._postgresql_binaries(), os.environ["PATH"]]
        self.env: Mapping[str, str] = {
            **os.environ, **services.S3_CREDENTIALS, **services.storage_env(self.settings),
            **environment(new_credentials(secrets.token_bytes), services.free_port(), "ems", "http://127.0.0.1:1"),
            "WORKERS_OFFICE": OFFICE,
            "PATH": os.pathsep.join(map(str, path)), "DATABASE": self.url, "SERVER": server, "WORKERS_REDIS_URL": doorbell,
        }  # fmt: skip

    def run(self, commands: str) -> None:
        shell = ["bash", "-euxc", commands]
        done = subprocess.run(
            shell, cwd=self.home, env=self.env, capture_output=True, text=True, check=False, timeout=600
        )
        assert done.returncode == 0, done.stdout + done.stderr

    def empty_bucket(self) -> None:
        bucket = boto3.resource("s3", endpoint_url=self.endpoint, region_name="us-east-1").Bucket(BUCKET)
        bucket.objects.all().delete()


@pytest.fixture
def servers(tmp_path: Path, redis_url: str) -> Iterator[Servers]:
    os.environ.update(services.S3_CREDENTIALS)
    with ExitStack() as stack:
        server = stack.enter_context(services.postgresql())
        yield Servers(tmp_path, server, stack.enter_context(services.s3_server()), redis_url)


def lived(made: Servers) -> Database:
    """Three cases, each with a picture."""
    create_key_file(made.settings.key_file)
    migrate.upgrade(made.settings)
    database, blobs = Database(made.settings), blobs_from(made.settings)
    with database.transaction() as tx:
        tx.put_calendar_days(*working_days(beijing_day(datetime.now(UTC))))
    for n in range(3):
        world = KeptWorld(database, f"44010526112200000{n}", check=False)
        world.upload("id_front")
        page = world.kept().pages[0].id
        with database.transaction() as tx:
            tx.execute(update(pages).where(pages.c.id == page).values(blob=blobs.put(b"picture %d" % n)))
    return database


def seen(made: Servers) -> tuple[object, ...]:
    """Every row, every line of the record, every picture, opened."""
    database, blobs = Database(made.settings), blobs_from(made.settings)
    with database.reading() as tx:
        assert audit.verify(tx) is None
        lines = [row.hash for row in tx.all(select(audit_table.c.hash).order_by(audit_table.c.hash))]
        opened = [blobs.get(row.blob) for row in tx.all(select(pages.c.blob).order_by(pages.c.blob))]
    with database.engine.connect() as connection:
        everything = rows(connection)
    database.dispose()
    return lines, opened, {name: everything[name] for name in everything if name not in ("meters", "processes")}


def test_what_the_page_keeps_the_page_brings_back(servers: Servers) -> None:
    keep, bring = blocks()
    subprocess.run(["createdb", f"--maintenance-db={servers.server}", "zerotrip"], env=servers.env, check=True)
    database = lived(servers)
    before = seen(servers)
    servers.run(keep)
    KeptWorld(database, "440105261122000009", check=False)  # what comes after the backup is not in it
    database.dispose()
    subprocess.run(["dropdb", f"--maintenance-db={servers.server}", "zerotrip"], env=servers.env, check=True)
    servers.empty_bucket()
    servers.run(bring)
    assert seen(servers) == before
