"""What a store of pictures and documents is asked, and what it answers where it cannot: `storage.blobs` has the stores. By itself,
because who only knows the words needs no client of an S3."""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol


class BlobMissing(Exception):
    """No such blob."""


class BlobDamaged(Exception):
    """What is kept is not what was put."""


class BlobsUnavailable(Exception):
    """The folder or the S3 does not answer as it should, or the key to what it holds is away. The same may succeed later."""


class Blobs(Protocol):
    def put(self, data: bytes) -> str: ...
    def get(self, key: str) -> bytes: ...
    def exists(self, key: str) -> bool: ...
    def delete(self, key: str) -> None: ...
    def ping(self) -> None: ...
    def all_keys(self) -> Iterator[str]: ...
    def kept_under(self, prefix: str) -> Iterator[tuple[str, datetime]]: ...
    def reseal(self, key: str) -> bool: ...
    def key_number(self, key: str) -> int: ...
