"""What an operator would get wrong is named, with what to do; what is right is not complained of."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import boto3
import pytest
from sqlalchemy import make_url

from cases.deadlines import beijing_day
from preaudit.catalogue import load
from storage import grants, metering
from storage.grants import Names, Process
from storage.metering import Meter
from storage.session import Database
from storage.settings import StorageSettings
from storage.vault import create_key_file
from tests import services
from tests.services import storage_env
from tests.workers.test_settings import WHOLE
from workers import doctor
from workers.checkup import Check, addresses, doors, names, secrets, sense
from workers.seeding import seed
from workers.settings import env_example

PUBLIC = {"WEB_PUBLIC_URL": "https://zerotrip.example.gov.cn"}


def bad(checks: list[Check]) -> list[str]:
    return [f"{c.name}: {c.said} → {c.mend}" for c in checks if not c.good]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("WORKERS_REDIS_ULR", "WORKERS_REDIS_URL"),
        ("ZEROTRIP_EMS_SIGNKEY", "ZEROTRIP_EMS_SIGN_KEY"),
        ("WEB_PUBLICURL", "WEB_PUBLIC_URL"),
        ("ZEROTRIP_SF_HOOK_SECRETS", "ZEROTRIP_SF_HOOK_SECRET"),
        ("STORAGE_COLOUR", ".env.example"),
    ],
)
def test_a_name_that_nothing_reads_is_told_with_the_one_that_was_meant(name: str, hint: str) -> None:
    (said,) = bad(list(names({name: "x", "WEB_CONCURRENCY": "4", "PATH": "/bin"})))
    assert name in said
    assert hint in said


def test_every_name_of_the_example_is_known() -> None:
    listed = (line.lstrip("# ").partition("=") for line in env_example().splitlines() if "=" in line)
    given = {name: value for name, _, value in listed if name.isupper()}
    assert len(given) > 50
    assert bad(list(names(given))) == []


@pytest.mark.parametrize(
    ("env", "word"),
    [
        ({"ZEROTRIP_EMS_HOOK_SECRET": "changeme-changeme"}, "tried first"),
        ({"SHARING_SECRET": "aaaaaaaaaaaaaaaaaaaa"}, "too few"),
        ({"SMS_SECRET": "q8Zk2mPd0sXv7LrT", "SHARING_SECRET": "q8Zk2mPd0sXv7LrT"}, "the same"),
    ],
)
def test_a_secret_that_can_be_guessed_is_named_and_not_said(env: dict[str, str], word: str) -> None:
    (said,) = bad(list(secrets(env)))
    assert word in said
    assert all(value not in said for value in env.values())


@pytest.mark.parametrize(
    ("env", "name"),
    [
        ({"WEB_PUBLIC_URL": "http://zerotrip.example.gov.cn"}, "public url"),
        ({**PUBLIC, "WEB_EMBEDDED_PLATFORM": "1"}, "sign-in"),
        ({**PUBLIC, "WEB_COOKIE_SECURE": "0"}, "cookies"),
    ],
)
def test_a_door_that_is_open_to_everybody_is_told(env: dict[str, str], name: str) -> None:
    assert [c.name for c in doors(env) if not c.good] == [name]


def test_ones_own_machine_needs_no_tls() -> None:
    mine = {"WEB_PUBLIC_URL": "http://127.0.0.1:8000", "WEB_EMBEDDED_PLATFORM": "1", "WEB_COOKIE_SECURE": "0"}
    assert bad(list(doors(mine))) == []


def test_a_provider_that_is_half_set_up_is_told() -> None:
    half = {**PUBLIC, "OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "a"}
    assert [c.said.split()[0] for c in doors(half) if not c.good] == ["OIDC_CLIENT_SECRET"]
    assert bad(list(doors(half | {"OIDC_CLIENT_SECRET": "b"}))) == []
    misspelt = names({"OIDC_ISUER": "https://id.example"})
    assert [c.mend for c in misspelt] == ["did you mean OIDC_ISSUER?"]


def test_personal_data_goes_nowhere_in_clear() -> None:
    found = list(addresses({"SHARING_URL": "http://share.example.gov.cn", "SMS_URL": "http://127.0.0.1:1"}))
    assert [c.said.split()[0] for c in found] == ["SHARING_URL"]


def test_a_deployment_as_it_should_be_is_not_complained_of() -> None:
    assert bad(sense({**WHOLE, **PUBLIC})) == []


def test_a_port_that_somebody_else_has_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = str(taken.getsockname()[1])
        (check,) = doctor.port({**PUBLIC, "WEB_PORT": number})
    assert not check.good
    assert number in check.said
    (free,) = doctor.port({**PUBLIC, "WEB_PORT": number})
    assert free.good
    (wrong,) = doctor.port({**PUBLIC, "WEB_PORT": "http"})
    assert not wrong.good


def test_a_service_that_stands_still_is_worth_a_look_and_no_fault(plain_database: Database) -> None:
    check = doctor.service(plain_database.settings)
    assert (check.good, check.grave) == (False, False)
    assert "relay, clock, reader, worker" in check.said
    with plain_database.transaction() as tx:
        for role in ("relay", "clock", "reader", "worker"):
            metering.beat(tx, role, role, 1)
    assert "no backup" in doctor.service(plain_database.settings).said
    with plain_database.transaction() as tx:
        metering.put(tx, {metering.sample(Meter.BACKUP_MADE): tx.now().timestamp() - 3 * 86_400})
    assert "the last backup is of" in doctor.service(plain_database.settings).said
    with plain_database.transaction() as tx:
        metering.put(tx, {metering.sample(Meter.BACKUP_MADE): tx.now().timestamp()})
    assert doctor.service(plain_database.settings).good


def test_a_key_is_to_be_changed_once_a_year(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_key_file(path)
    made = StorageSettings("sqlite:///x", "dir:/x", path)
    assert doctor.keys(made).good
    long_ago = (datetime.now(UTC) - timedelta(days=400)).isoformat(timespec="seconds")
    body = path.read_text()
    start = body.index('"made": {"1": "') + len('"made": {"1": "')
    path.write_text(body[:start] + long_ago + body[body.index('"', start) :])
    assert "zerotrip keys rotate" in doctor.keys(made).mend


def test_a_bucket_without_versions_is_worth_a_look(blobs_address: str, key_file: Path) -> None:
    check = doctor.blobs(StorageSettings("sqlite:///x", blobs_address, key_file))
    assert check.good is blobs_address.startswith("dir:")
    assert not check.grave or check.good


def test_an_account_that_could_edit_the_record_is_told(database: Database) -> None:
    """The suite signs in as the owner."""
    check = doctor.record(database.settings)
    assert (check.good, check.grave) == (not database.postgresql, not database.postgresql)
    if database.postgresql:
        assert "could edit audit, audit_anchors, deletions, hand_overs" in check.said
        assert "zerotrip db grants" in check.mend
        account = f"web_{make_url(database.settings.database_url).database}"
        with database.engine.begin() as owner:
            grants.grant(owner, Names(f"of_{account}"))
            owner.exec_driver_sql(f"CREATE ROLE {account} LOGIN IN ROLE of_{account}_web")
        url = make_url(database.settings.database_url).set(username=account).render_as_string(hide_password=False)
        allowed = doctor.record(replace(database.settings, database_url=url))
        assert (allowed.good, allowed.said) == (True, f"the account {account} cannot edit it")
        with database.engine.begin() as owner:
            for role in (account, *(f"of_{account}_{process}" for process in Process)):
                owner.exec_driver_sql(f"DROP OWNED BY {role}")
                owner.exec_driver_sql(f"DROP ROLE {role}")


def test_anchors_are_asked_whether_they_are_out_of_reach(
    plain_database: Database, s3_address: str, tmp_path: Path
) -> None:
    def told(address: str) -> Check:
        return doctor.anchors(replace(plain_database.settings, anchors=address))

    without = services.make_bucket(s3_address, f"a{uuid4().hex[:20]}")
    name = f"a{uuid4().hex[:20]}"
    client = boto3.client("s3", endpoint_url=s3_address, region_name=services.S3_REGION)
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    locked = f"s3://{name}/anchors?endpoint={s3_address}&region={services.S3_REGION}"
    assert told(locked).said == f"s3://{name}/anchors: Object Lock: nobody takes an anchor away before its day"
    for address, grave, word in (
        ("", False, "STORAGE_ANCHORS is not set"),
        (f"{locked}&mode=governance", False, "GOVERNANCE"),
        (without, True, "no Object Lock"),
    ):
        check = told(address)
        assert (check.good, check.grave) == (False, grave), check
        assert word in check.said
    assert told(f"file:{tmp_path}/anchors").good


def test_every_server_of_a_deployment_is_asked(plain_database: Database, redis_url: str) -> None:
    whole = WHOLE | storage_env(plain_database.settings) | {"WORKERS_REDIS_URL": redis_url}
    assert "zerotrip seed" in str(bad(doctor.configured(whole))), "nobody has told it the calendar"
    seed(plain_database, load().values(), beijing_day(datetime.now(UTC)))
    assert [c.name for c in doctor.configured(whole) if not c.good and c.grave] == []
    without = doctor.configured(whole | {"WORKERS_REDIS_URL": "redis://127.0.0.1:1/0"})
    assert [c.name for c in without if not c.good and c.grave] == ["redis"]


def test_the_database_says_its_version_and_its_schema(database: Database) -> None:
    check = doctor.database(database.settings)
    assert (check.good, check.mend) == (False, "zerotrip seed")
    with database.transaction() as tx:
        today = beijing_day(datetime.now(UTC))
        tx.put_calendar_days({today: True}, today + timedelta(days=300))
    said = doctor.database(database.settings).said
    assert said.startswith("PostgreSQL 15" if database.postgresql else "SQLite 3")
