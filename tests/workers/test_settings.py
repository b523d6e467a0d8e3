"""One place reads the environment, names what is missing, and says what every variable is for."""

import re
from pathlib import Path

import pytest

from web.settings import WebSettings
from workers import settings
from workers.settings import SettingsInvalid

ROOT = Path(__file__).parents[2]
EMS = {
    "ZEROTRIP_COURIERS": "ems", "ZEROTRIP_EMS_BASE_URL": "https://ems.example", "ZEROTRIP_EMS_SENDER_NO": "1",
    "ZEROTRIP_EMS_AUTHORIZATION": "a", "ZEROTRIP_EMS_SIGN_KEY": "AAAAAAAAAAAAAAAAAAAAAA==",
    "ZEROTRIP_EMS_HOOK_SECRET": "c41f9a0de27b5863",
}  # fmt: skip
WHOLE = EMS | {
    "STORAGE_DATABASE_URL": "sqlite:////tmp/x.db",
    "STORAGE_BLOBS": "dir:/tmp/blobs",
    "STORAGE_KEY_FILE": "/tmp/keys.json",
    "WORKERS_REDIS_URL": "unix:///tmp/s",
    "WORKERS_OFFICE": "广东省|广州市|海珠区|样本路1号|收件室|02000000000",
}


def test_a_whole_environment_makes_settings() -> None:
    made = settings.read(WHOLE)
    assert made.workers.office is not None
    assert made.workers.office.contact == "收件室"
    assert made.courier.default == "ems"


@pytest.mark.parametrize("name", [n for n in WHOLE if n != "WORKERS_OFFICE"])
def test_what_is_missing_is_named(name: str) -> None:
    with pytest.raises(SettingsInvalid, match=name):
        settings.read({k: v for k, v in WHOLE.items() if k != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WORKERS_OFFICE", "广州市"), ("WORKERS_LOG", "xml"), ("WORKERS_POLL_SECONDS", "soon"),
        ("WORKERS_SWEEP_SECONDS", "0"), ("PREAUDIT_ENGINE", "eyes"), ("WORKERS_REDIS_URL", "localhost"),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingsInvalid, match=name):
        settings.read({**WHOLE, name: value})


def test_an_address_with_a_password_is_never_repeated() -> None:
    with pytest.raises(SettingsInvalid) as refused:
        settings.read({**WHOLE, "WORKERS_REDIS_URL": "rediss//user:hunter2@host"})
    assert "hunter2" not in str(refused.value)


def test_the_example_file_is_the_list_of_variables() -> None:
    assert (ROOT / ".env.example").read_text(encoding="utf-8") == settings.env_example()


def test_every_variable_of_the_web_is_in_the_list() -> None:
    listed = {v.name for some in settings.VARIABLES.values() for v in some if v.name.startswith("WEB_")}
    assert listed == {f"WEB_{name.upper()}" for name in WebSettings.__dataclass_fields__}


def test_no_secret_has_an_example() -> None:
    secrets = ("KEY", "SECRET", "AUTHORIZATION", "TOKEN")
    given = [v.name for some in settings.VARIABLES.values() for v in some if v.name.endswith(secrets) and v.example]
    assert given == []


def test_every_variable_that_workers_name_is_in_the_list() -> None:
    listed = {v.name for some in settings.VARIABLES.values() for v in some}
    text = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "workers").rglob("*.py"))
    named = set(re.findall(r"(?<!\.)\b(?:WORKERS|PREAUDIT|STORAGE)_[A-Z][A-Z_]+\b", text))
    assert named - listed == set()
