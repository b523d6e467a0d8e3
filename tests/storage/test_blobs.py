"""Blobs come back exactly or not at all, from a folder and from S3."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.blobs import BlobDamaged, BlobMissing, Blobs, BlobsUnavailable, FolderBlobs, S3Blobs
from storage.vault import open_vault
from tests import services

DATA = b"\xff\xd8 a picture " * 1000
KEY = hashlib.sha256(DATA).hexdigest()


def test_bytes_come_back_under_the_hash_of_their_content(blobs: Blobs) -> None:
    assert blobs.put(DATA) == KEY
    assert blobs.get(KEY) == DATA
    assert blobs.exists(KEY)
    assert blobs.get(blobs.put(b"")) == b""


def test_the_same_bytes_again_change_nothing(blobs: Blobs) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(blobs.put, [DATA] * 8)) == {KEY}
    assert blobs.get(KEY) == DATA


def test_a_blob_that_was_never_put_is_missing(blobs: Blobs) -> None:
    assert not blobs.exists(KEY)
    with pytest.raises(BlobMissing):
        blobs.get(KEY)


def test_a_deleted_blob_is_gone_and_may_be_deleted_again(blobs: Blobs) -> None:
    blobs.put(DATA)
    blobs.delete(KEY)
    blobs.delete(KEY)
    assert not blobs.exists(KEY)


@pytest.mark.parametrize("key", ["", "../../etc/passwd", KEY.upper(), KEY + "0", "0" * 63 + "/"])
def test_what_is_no_hash_is_never_a_path(blobs: Blobs, key: str) -> None:
    for ask in (blobs.get, blobs.exists):
        with pytest.raises(BlobMissing):
            ask(key)


def test_the_place_says_that_it_is_there(blobs: Blobs) -> None:
    blobs.ping()


def test_blobs_are_sealed_on_the_disk(tmp_path: Path, key_file: Path) -> None:
    FolderBlobs(tmp_path / "b", open_vault(key_file)).put(DATA)
    (kept,) = [p for p in (tmp_path / "b").rglob("*") if p.is_file()]
    assert kept.relative_to(tmp_path / "b").parts == (KEY[:2], KEY[2:4], KEY)
    assert kept.stat().st_mode & 0o777 == 0o600
    assert b"picture" not in kept.read_bytes()


def test_a_blob_changed_or_exchanged_on_the_disk_is_damaged(tmp_path: Path, key_file: Path) -> None:
    blobs = FolderBlobs(tmp_path / "b", open_vault(key_file))
    other = blobs.put(b"other")
    blobs.put(DATA)
    path = tmp_path / "b" / KEY[:2] / KEY[2:4] / KEY
    sealed = path.read_bytes()
    for wrong in (sealed[:-1], b"", (tmp_path / "b" / other[:2] / other[2:4] / other).read_bytes()):
        path.write_bytes(wrong)
        with pytest.raises(BlobDamaged):
            blobs.get(KEY)


def test_a_folder_that_went_away_is_unavailable(tmp_path: Path, key_file: Path) -> None:
    blobs = FolderBlobs(tmp_path / "b", open_vault(key_file))
    (tmp_path / "b").rmdir()
    (tmp_path / "b").write_text("in the way")
    with pytest.raises(BlobsUnavailable):
        blobs.ping()
    with pytest.raises(BlobsUnavailable):
        blobs.put(DATA)


def test_an_s3_without_the_bucket_is_unavailable(s3_address: str, key_file: Path) -> None:
    blobs = S3Blobs(f"s3://no-such-bucket?endpoint={s3_address}&region={services.S3_REGION}", open_vault(key_file))
    for ask in (blobs.ping, lambda: blobs.put(DATA), lambda: blobs.get(KEY)):
        with pytest.raises(BlobsUnavailable):
            ask()


def test_an_s3_that_does_not_answer_is_unavailable_soon(s3_address: str, key_file: Path) -> None:
    nobody = f"http://127.0.0.1:{services.free_port()}"
    blobs = S3Blobs(f"s3://b?endpoint={nobody}&region={services.S3_REGION}", open_vault(key_file))
    with pytest.raises(BlobsUnavailable):
        blobs.get(KEY)
