"""Where everything is kept. One frozen value, made from names and values that a composition root hands in.

Promises: a missing or malformed name fails at once and says which. Refuses: to read the environment itself, and any
default for the key file. S3 credentials are found by boto3's own chain and never pass through here.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

LEAST_PASSWORD_MEMORY_MIB = 19
"""OWASP's Password Storage Cheat Sheet: what argon2id takes at the very least."""
LOOK_S = 0.02
DATABASES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")


class SettingMissing(Exception):
    """A setting is absent or unusable. The message opens with its name."""


class NotPrepared(SettingMissing):
    """The database that was waited for was not made."""


@dataclass(frozen=True)
class StorageSettings:
    """`blobs`: `dir:/path` or `s3://bucket?endpoint=URL&region=NAME`. `key_file`: made by `vault.create_key_file`."""

    database_url: str
    blobs: str
    key_file: Path
    pool_size: int = 8
    """PostgreSQL connections one process may hold; the relay's listening connection comes on top."""
    statement_timeout_s: float = 30.0
    """PostgreSQL: no statement of ours takes seconds; a stuck one must not hold a worker for ever."""
    busy_timeout_s: float = 15.0
    """SQLite: how long a writer waits for the one before it."""
    anchors: str = ""
    """Where anchors of the record go, out of this database's reach: `file:/path` or `s3://…` (`storage.anchors`)."""
    password_memory_mib: int = 64
    """argon2id's memory for one password: RFC 9106's choice for machines with little of it."""
    after: Path | None = None
    """A file that appears when the database is made: whoever starts beside its making waits for it (`await_prepared`)."""

    @classmethod
    def from_mapping(cls, env: Mapping[str, str]) -> "StorageSettings":
        """From `STORAGE_DATABASE_URL`, `STORAGE_BLOBS`, `STORAGE_KEY_FILE` and, optional, `STORAGE_POOL_SIZE`,
        `STORAGE_STATEMENT_TIMEOUT_S`, `STORAGE_BUSY_TIMEOUT_S`, `STORAGE_ANCHORS`,
        `STORAGE_PASSWORD_MEMORY_MIB`, `STORAGE_AFTER`."""
        return cls(
            database_url=_database_url(_required(env, "STORAGE_DATABASE_URL")),
            blobs=_blobs(_required(env, "STORAGE_BLOBS")),
            key_file=Path(_required(env, "STORAGE_KEY_FILE")),
            pool_size=int(_number(env, "STORAGE_POOL_SIZE", cls.pool_size)),
            statement_timeout_s=_number(env, "STORAGE_STATEMENT_TIMEOUT_S", cls.statement_timeout_s),
            busy_timeout_s=_number(env, "STORAGE_BUSY_TIMEOUT_S", cls.busy_timeout_s),
            anchors=_anchors(env.get("STORAGE_ANCHORS", "").strip()),
            password_memory_mib=_password_memory(env, cls.password_memory_mib),
            after=Path(after) if (after := env.get("STORAGE_AFTER", "").strip()) else None,
        )


def await_prepared(settings: StorageSettings) -> None:
    """Until the database is made, where somebody makes it at this moment: to be called before it is opened for the first time.
    Raises `NotPrepared` if the file says why it will not be: a process that still starts may hear no signal (dramatiq's)."""
    if settings.after is None:
        return
    while not settings.after.exists():
        time.sleep(LOOK_S)
    if why := settings.after.read_text("utf-8"):
        raise NotPrepared(why)


@dataclass(frozen=True)
class Bucket:
    name: str
    endpoint: str | None
    region: str | None


def bucket(blobs: str) -> Bucket:
    """The parts of an `s3://` address."""
    parts = urlsplit(blobs)
    query = {k: v[-1] for k, v in parse_qs(parts.query).items()}
    return Bucket(parts.netloc, query.get("endpoint"), query.get("region"))


def _required(env: Mapping[str, str], name: str) -> str:
    value = env.get(name, "").strip()
    if not value:
        raise SettingMissing(f"{name} is not set")
    return value


def _number(env: Mapping[str, str], name: str, default: float) -> float:
    raw = env.get(name, "").strip()
    if not raw:
        return default
    try:
        value = float(raw)
    except ValueError:
        raise SettingMissing(f"{name} must be a number, not {raw!r}") from None
    if value <= 0:
        raise SettingMissing(f"{name} must be greater than 0, not {raw!r}")
    return value


def _password_memory(env: Mapping[str, str], default: int) -> int:
    wanted = int(_number(env, "STORAGE_PASSWORD_MEMORY_MIB", default))
    if wanted < LEAST_PASSWORD_MEMORY_MIB:
        raise SettingMissing(f"STORAGE_PASSWORD_MEMORY_MIB must be {LEAST_PASSWORD_MEMORY_MIB} or more, not {wanted}")
    return wanted


def _database_url(raw: str) -> str:
    if not raw.startswith(DATABASES):
        # never echo it: it may hold a password
        raise SettingMissing(f"STORAGE_DATABASE_URL must begin with one of {', '.join(DATABASES)}")
    if raw == "sqlite:///" or ":memory:" in raw:
        raise SettingMissing("STORAGE_DATABASE_URL must name a file: processes cannot share a database in memory")
    return raw.replace("postgresql://", "postgresql+psycopg://", 1)


def _blobs(raw: str) -> str:
    if raw.startswith("dir:") and len(raw) > len("dir:"):
        return raw
    if raw.startswith("s3://") and bucket(raw).name:
        return raw
    raise SettingMissing("STORAGE_BLOBS must be dir:/path or s3://bucket?endpoint=...&region=...")


def _anchors(raw: str) -> str:
    if (
        not raw
        or (raw.startswith("file:/") and len(raw) > len("file:/"))
        or (raw.startswith("s3://") and bucket(raw).name)
    ):
        return raw
    raise SettingMissing("STORAGE_ANCHORS must be file:/path or s3://bucket/folder?endpoint=...&region=...")
