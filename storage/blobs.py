"""Pictures and documents: sealed, under the hash of their content, in a folder or in any S3.

Promises: `put` returns only when the bytes are safe, and the same bytes again change nothing; `get` gives exactly the
bytes that were put, or raises. Refuses: keys that are not a hash, so that no name from outside becomes a path.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from storage.blob_store import BlobDamaged, BlobMissing, Blobs, BlobsUnavailable
from storage.settings import Bucket, StorageSettings, bucket
from storage.vault import HEAD_BYTES, Context, KeyMissing, SealBroken, Vault, open_vault, sealed_under

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

__all__ = [
    "BlobDamaged", "BlobMissing", "Blobs", "BlobsUnavailable", "FolderBlobs", "S3Blobs", "blob_key", "blobs_from", "s3_client",
]  # fmt: skip

_KEY = re.compile(r"[0-9a-f]{64}")
S3_CONNECT_S, S3_READ_S = 3, 20
"""A picture of 12 MB over a slow office line takes under 10; with two retries a call ends within a minute."""
S3_TRIES = 3


def blobs_from(settings: StorageSettings) -> Blobs:
    vault = open_vault(settings.key_file)
    if settings.blobs.startswith("dir:"):
        return FolderBlobs(Path(settings.blobs.removeprefix("dir:")), vault)
    return S3Blobs(settings.blobs, vault)


def blob_key(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _seal(vault: Vault, key: str, data: bytes) -> bytes:
    return vault.seal(_context(key), data)


def _unseal(vault: Vault, key: str, sealed: bytes) -> bytes:
    try:
        data = vault.unseal(_context(key), sealed)
    except KeyMissing as error:
        raise BlobsUnavailable(f"{key}: {error}") from error
    except SealBroken as error:
        raise BlobDamaged(f"{key}: {error}") from error
    if blob_key(data) != key:
        raise BlobDamaged(f"{key}: other bytes")
    return data


def _context(key: str) -> Context:
    return Context("blobs", "data", key)


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise BlobMissing(f"{key[:80]!r} is not a blob's key")
    return key


class FolderBlobs:
    """Files two folders deep (256 × 256), written beside, synced, then renamed: never half a file."""

    def __init__(self, root: Path, vault: Vault) -> None:
        self._root, self._vault = root, vault
        root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._named = set[Path]()
        """Folders whose own names this process has brought to the disk."""

    def put(self, data: bytes) -> str:
        key = blob_key(data)
        path = self._path(key)
        if path.exists():
            return key
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._write(path, _seal(self._vault, key, data))
        except OSError as error:
            raise BlobsUnavailable(f"{self._root}: {error.strerror}") from error
        return key

    def _write(self, path: Path, sealed: bytes) -> None:
        beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        _sync_folder(path.parent)
        for made in (path.parent, path.parent.parent):
            if made not in self._named:
                _sync_folder(made.parent)
                self._named.add(made)

    def get(self, key: str) -> bytes:
        try:
            return _unseal(self._vault, key, self._path(key).read_bytes())
        except FileNotFoundError:
            raise BlobMissing(key) from None
        except OSError as error:
            raise BlobsUnavailable(f"{self._root}: {error.strerror}") from error

    def exists(self, key: str) -> bool:
        return self._path(key).exists()

    def delete(self, key: str) -> None:
        self._path(key).unlink(missing_ok=True)

    def ping(self) -> None:
        """Raises `BlobsUnavailable` if nothing can be written there."""
        probe = self._root / f".ping.{secrets.token_hex(4)}"
        try:
            probe.write_bytes(b"")
            probe.unlink()
        except OSError as error:
            raise BlobsUnavailable(f"{self._root}: {error.strerror}") from error

    def all_keys(self) -> Iterator[str]:
        """Of everything that is kept, also of what nothing names any more."""
        for folder, _, names in os.walk(self._root):
            yield from (name for name in names if _KEY.fullmatch(name) and Path(folder) != self._root)

    def kept_under(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Keys that begin with these two characters, and since when they are kept."""
        for folder, _, names in os.walk(self._root / prefix):
            for name in filter(_KEY.fullmatch, names):
                with suppress(FileNotFoundError):  # deleted meanwhile
                    yield name, datetime.fromtimestamp(Path(folder, name).stat().st_mtime, UTC)

    def reseal(self, key: str) -> bool:
        """Under the key that seals now; False: it was. Raises `BlobMissing`, `BlobDamaged`."""
        if self.key_number(key) == self._vault.current:
            return False
        self._write(self._path(key), _seal(self._vault, key, self.get(key)))
        return True

    def key_number(self, key: str) -> int:
        """Under which key of the ring it is sealed."""
        try:
            with self._path(key).open("rb") as file:
                return sealed_under(file.read(HEAD_BYTES))
        except FileNotFoundError:
            raise BlobMissing(key) from None

    def _path(self, key: str) -> Path:
        return self._root / _checked(key)[:2] / key[2:4] / key


def _sync_folder(path: Path) -> None:
    """A new name survives a power cut only when its folder is on the disk, too."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def s3_client(place: Bucket) -> "S3Client":
    """Of any S3: credentials by boto3's own chain, timeouts and retries said here."""
    limits = Config(
        connect_timeout=S3_CONNECT_S,
        read_timeout=S3_READ_S,
        retries={"mode": "standard", "total_max_attempts": S3_TRIES},
    )
    return boto3.client("s3", endpoint_url=place.endpoint, region_name=place.region, config=limits)


class S3Blobs:
    """A bucket of any S3."""

    def __init__(self, address: str, vault: Vault) -> None:
        place = bucket(address)
        self._bucket, self._vault = place.name, vault
        self._client = s3_client(place)

    def put(self, data: bytes) -> str:
        key = blob_key(data)
        if self.exists(key):
            return key
        try:
            self._client.put_object(Bucket=self._bucket, Key=_name(key), Body=_seal(self._vault, key, data))
        except (ClientError, BotoCoreError) as error:
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error
        return key

    def get(self, key: str) -> bytes:
        return _unseal(self._vault, key, self._sealed(key))

    def _sealed(self, key: str, **part: str) -> bytes:
        try:
            answer = self._client.get_object(Bucket=self._bucket, Key=_name(_checked(key)), **part)  # type: ignore[arg-type]
            return answer["Body"].read()
        except ClientError as error:
            if _not_there(error):
                raise BlobMissing(key) from None
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error
        except BotoCoreError as error:
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error

    def exists(self, key: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=_name(_checked(key)))
        except ClientError as error:
            if _not_there(error):
                return False
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error
        except BotoCoreError as error:
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error
        return True

    def delete(self, key: str) -> None:
        try:
            self._client.delete_object(Bucket=self._bucket, Key=_name(_checked(key)))
        except (ClientError, BotoCoreError) as error:
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error

    def ping(self) -> None:
        """Raises `BlobsUnavailable` if the bucket does not answer."""
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except (ClientError, BotoCoreError) as error:
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error

    def all_keys(self) -> Iterator[str]:
        """Of everything that is kept, also of what nothing names any more."""
        try:
            for listed in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket):
                names = (entry["Key"].rsplit("/", 1)[-1] for entry in listed.get("Contents", []))
                yield from (name for name in names if _KEY.fullmatch(name))
        except (ClientError, BotoCoreError) as error:
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error

    def versioned(self) -> bool:
        """Whether what is deleted or written over can be had back. Raises `BlobsUnavailable`."""
        try:
            return self._client.get_bucket_versioning(Bucket=self._bucket).get("Status") == "Enabled"
        except (ClientError, BotoCoreError) as error:
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error

    def kept_under(self, prefix: str) -> Iterator[tuple[str, datetime]]:
        """Keys that begin with these two characters, and since when they are kept."""
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=f"{prefix}/")
        try:
            for listed in pages:
                for entry in listed.get("Contents", []):
                    if _KEY.fullmatch(name := entry["Key"].rsplit("/", 1)[-1]):
                        yield name, entry["LastModified"]
        except (ClientError, BotoCoreError) as error:
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error

    def reseal(self, key: str) -> bool:
        """Under the key that seals now; False: it was. Raises `BlobMissing`, `BlobDamaged`."""
        if self.key_number(key) == self._vault.current:
            return False
        data = _seal(self._vault, key, self.get(key))
        try:
            self._client.put_object(Bucket=self._bucket, Key=_name(key), Body=data)
        except (ClientError, BotoCoreError) as error:
            raise BlobsUnavailable(f"s3://{self._bucket}: {error}") from error
        return True

    def key_number(self, key: str) -> int:
        """Under which key of the ring it is sealed."""
        return sealed_under(self._sealed(key, Range=f"bytes=0-{HEAD_BYTES - 1}"))


def _name(key: str) -> str:
    return f"{key[:2]}/{key[2:4]}/{key}"


def _not_there(error: ClientError) -> bool:
    return error.response["ResponseMetadata"]["HTTPStatusCode"] == 404 and _code(error) != "NoSuchBucket"


def _code(error: ClientError) -> str:
    return str(error.response["Error"].get("Code", ""))
