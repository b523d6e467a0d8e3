"""Anchors outside the database show what its owner could hide inside it: in a file that grows, and in a locked bucket."""

import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import uuid4

import boto3
import pytest
from botocore.exceptions import ClientError
from sqlalchemy import text

from storage import anchors, audit
from storage.anchors import AnchorRefused, AnchorStore, AnchorsUnavailable, FileAnchors, Guard, anchor_store
from storage.session import Database
from storage.settings import bucket
from tests import services
from tests.storage.test_audit import tamper, verify, write


def anchored(database: Database, store: AnchorStore) -> int:
    with database.transaction() as tx:
        audit.anchor(tx)
    with database.reading() as tx:
        return anchors.ship(tx, store)


def outside(database: Database, store: AnchorStore) -> anchors.Outside:
    with database.reading() as tx:
        return anchors.check(tx, store)


@pytest.fixture
def file_store(tmp_path: Path) -> FileAnchors:
    return FileAnchors(tmp_path / "elsewhere" / "anchors.jsonl")


@pytest.fixture
def locked(s3_address: str) -> str:
    """A bucket with Object Lock."""
    name = f"a{uuid4().hex[:20]}"
    client = boto3.client("s3", endpoint_url=s3_address, region_name=services.S3_REGION)
    client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=True)
    return f"s3://{name}/anchors?endpoint={s3_address}&region={services.S3_REGION}&days=30"


def test_a_life_is_anchored_outside_and_fits(database: Database, file_store: FileAnchors) -> None:
    write(database, "a", "opened", "moved")
    assert anchored(database, file_store) == 1
    write(database, "b", "opened")
    assert anchored(database, file_store) == 1
    assert anchored(database, file_store) == 0, "nothing moved"
    assert outside(database, file_store) == anchors.Outside(2, 0, None)


def test_what_a_crash_left_unshipped_is_told_and_shipped_in_order(
    plain_database: Database, file_store: FileAnchors
) -> None:
    for chain in "abc":
        write(plain_database, chain, "opened")
        with plain_database.transaction() as tx:
            audit.anchor(tx)
    assert outside(plain_database, file_store).unshipped == 3
    assert anchored(plain_database, file_store) == 3
    assert [a.seq for a in file_store.kept()] == [1, 2, 3]


def rebuild(database: Database) -> None:
    """As an owner would who means it: everything anew, fitting together, its anchors as well."""
    tamper(database, "DELETE FROM audit", "DELETE FROM audit_heads", *_no_anchors(database))
    write(database, "a", "opened", "something else", "closed")
    with database.transaction() as tx:
        audit.anchor(tx)


def _no_anchors(database: Database) -> list[str]:
    if database.postgresql:
        return ["ALTER TABLE audit_anchors DISABLE TRIGGER ALL", "DELETE FROM audit_anchors"]
    return ["DROP TRIGGER audit_anchors_no_delete", "DELETE FROM audit_anchors"]


def cut(database: Database) -> None:
    head = "UPDATE audit_heads SET position = 1, anchored = 1, hash = (SELECT hash FROM audit WHERE position = 1)"
    tamper(database, "DELETE FROM audit WHERE position > 1", head, *_no_anchors(database))


@pytest.mark.parametrize("harm", [rebuild, cut])
def test_a_record_that_fits_together_again_is_told_by_the_anchors_outside(
    database: Database, file_store: FileAnchors, harm: Callable[[Database], None]
) -> None:
    write(database, "a", "opened", "moved", "closed")
    anchored(database, file_store)
    harm(database)
    assert verify(database) is None, "inside, everything fits"
    bad = outside(database, file_store).bad
    assert bad is not None
    assert (bad.chain, bad.position, bad.what) == ("a", 3, "the anchor outside remembers another line")
    write(database, "a", "went on")
    with pytest.raises(AnchorRefused):
        anchored(database, file_store)


def test_an_anchor_missing_from_its_table_is_named(plain_database: Database, file_store: FileAnchors) -> None:
    write(plain_database, "a", "opened")
    anchored(plain_database, file_store)
    tamper(plain_database, *_no_anchors(plain_database))
    bad = outside(plain_database, file_store).bad
    assert bad is not None
    assert (bad.chain, bad.position) == ("anchors", 1)


def test_a_line_changed_or_taken_out_of_the_file_is_named(
    plain_database: Database, file_store: FileAnchors, tmp_path: Path
) -> None:
    for chain in "abc":
        write(plain_database, chain, "opened")
        anchored(plain_database, file_store)
    path = tmp_path / "elsewhere" / "anchors.jsonl"
    whole = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(whole[0] + whole[2])
    assert (outside(plain_database, file_store).bad or audit.BadRow("", 0, "")).position == 3
    path.write_bytes(whole[0] + whole[1].replace(b'"b"', b'"x"') + whole[2])
    assert (outside(plain_database, file_store).bad or audit.BadRow("", 0, "")).position == 2
    path.write_bytes(whole[0] + b"not an anchor\n" + whole[2])
    with pytest.raises(AnchorsUnavailable, match="no anchor"):
        outside(plain_database, file_store)


def test_a_line_that_a_power_cut_left_unfinished_is_written_again(
    plain_database: Database, file_store: FileAnchors, tmp_path: Path
) -> None:
    write(plain_database, "a", "opened")
    anchored(plain_database, file_store)
    write(plain_database, "b", "opened")
    with plain_database.transaction() as tx:
        second = audit.anchor(tx)
    assert second is not None
    with (tmp_path / "elsewhere" / "anchors.jsonl").open("ab") as file:
        file.write(anchors.as_line(second)[:90])
    assert anchored(plain_database, file_store) == 1
    assert [a.seq for a in file_store.kept()] == [1, 2]
    assert outside(plain_database, file_store).bad is None


def test_a_bucket_keeps_its_anchors_against_its_owner(plain_database: Database, locked: str) -> None:
    store = anchor_store(locked)
    assert store is not None
    write(plain_database, "a", "opened")
    anchored(plain_database, store)
    write(plain_database, "a", "moved")
    anchored(plain_database, store)
    assert outside(plain_database, store) == anchors.Outside(2, 0, None)
    place = bucket(locked)
    client = boto3.client("s3", endpoint_url=place.endpoint, region_name=place.region)
    kept = client.list_object_versions(Bucket=place.name)["Versions"]
    assert [v["Key"].rsplit("/")[-1][:12] for v in kept] == ["000000000001", "000000000002"]
    with pytest.raises(ClientError, match="AccessDenied"):
        client.delete_object(Bucket=place.name, Key=kept[0]["Key"], VersionId=kept[0]["VersionId"])
    client.put_object(Bucket=place.name, Key=kept[0]["Key"], Body=json.dumps({"seq": 1}))
    client.delete_object(Bucket=place.name, Key=kept[1]["Key"])
    assert outside(plain_database, store) == anchors.Outside(2, 0, None), "the oldest version of a name counts"
    rebuild(plain_database)
    bad = outside(plain_database, store).bad
    assert bad is not None
    assert bad.chain == "a"


def test_a_place_that_is_not_there_says_so(plain_database: Database, tmp_path: Path, s3_address: str) -> None:
    (tmp_path / "a file").write_text("")
    write(plain_database, "a", "opened")
    nowhere = f"s3://nowhere-{uuid4().hex[:8]}/x?endpoint={s3_address}&region={services.S3_REGION}"
    for address in (f"file:{tmp_path}/a file/anchors", nowhere):
        store = anchor_store(address)
        assert store is not None
        with pytest.raises(AnchorsUnavailable):
            anchored(plain_database, store)
    assert anchor_store("") is None


def guard_of(address: str) -> Guard:
    store = anchor_store(address)
    assert store is not None
    return store.guard()


def test_a_bucket_says_whether_it_locks_what_is_put_there(locked: str, s3_address: str) -> None:
    without = services.make_bucket(s3_address, f"a{uuid4().hex[:20]}")
    asked = (locked, f"{locked}&mode=GOVERNANCE", without)
    assert [guard_of(each) for each in asked] == [Guard.LOCKED, Guard.BYPASSABLE, Guard.OPEN]
    with pytest.raises(AnchorsUnavailable, match="NoSuchBucket"):
        guard_of(without.replace("s3://a", "s3://b"))


class Refusing(BaseHTTPRequestHandler):
    """An S3 whose key may not ask."""

    def do_GET(self) -> None:
        said = b"<Error><Code>AccessDenied</Code><Message>no</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: object) -> None:
        pass


def test_a_key_that_may_not_ask_is_told_apart_from_a_bucket_without_a_lock() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        said = guard_of(f"s3://there/x?endpoint=http://127.0.0.1:{server.server_port}&region={services.S3_REGION}")
        server.shutdown()
    assert said is Guard.UNKNOWN


def test_a_file_is_as_safe_as_its_machine_and_must_be_writable(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("")
    assert guard_of(f"file:{tmp_path}/elsewhere/anchors") is Guard.FILE
    with pytest.raises(AnchorsUnavailable, match="nothing can be written"):
        guard_of(f"file:{tmp_path}/a file/anchors")


@pytest.mark.parametrize("order", [(2, 1, 3), (1, 3, 2)])
def test_lines_in_another_order_are_found(database: Database, order: tuple[int, ...]) -> None:
    write(database, "a", "one", "two", "three")
    moves = [f"UPDATE audit SET position = {10 + to} WHERE position = {at}" for at, to in enumerate(order, 1)]
    tamper(database, *moves, "UPDATE audit SET position = position - 10")
    bad = verify(database)
    assert bad is not None
    assert bad.chain == "a"


def test_a_line_put_in_between_is_found(database: Database) -> None:
    write(database, "a", "one", "two")
    copied = (
        "INSERT INTO audit (chain, position, at, actor_kind, actor, on_behalf_of, action, detail, previous, hash)"
        " SELECT chain, 3, at, actor_kind, actor, on_behalf_of, 'three', detail, hash, hash FROM audit WHERE position = 2"
    )
    tamper(database, copied)
    bad = verify(database)
    assert bad is not None
    assert (bad.chain, bad.position) == ("a", 3)


def test_many_heads_are_anchored_some_at_a_time(database: Database) -> None:
    for chain in "abcde":
        write(database, chain, "opened")
    sizes = []
    while True:
        with database.transaction() as tx:
            made = audit.anchor(tx, most=2)
        if made is None:
            break
        sizes.append(len(made.heads))
    assert sizes == [2, 2, 1]
    assert verify(database) is None
    with database.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM audit_heads WHERE anchored < position")).scalar_one() == 0
