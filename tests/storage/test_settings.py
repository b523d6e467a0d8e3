"""Settings say at once which name is missing or wrong."""

from pathlib import Path

import pytest

from storage.settings import SettingMissing, StorageSettings, bucket

GOOD = {
    "STORAGE_DATABASE_URL": "postgresql://zerotrip@db/zerotrip",
    "STORAGE_BLOBS": "s3://pictures?endpoint=http://s3:9000&region=cn",
    "STORAGE_KEY_FILE": "/etc/zerotrip/keys.json",
}


def test_settings_are_read_from_their_names() -> None:
    settings = StorageSettings.from_mapping({**GOOD, "STORAGE_POOL_SIZE": "3"})
    assert settings.database_url == "postgresql+psycopg://zerotrip@db/zerotrip"
    assert (settings.key_file, settings.pool_size) == (Path("/etc/zerotrip/keys.json"), 3)


@pytest.mark.parametrize("name", GOOD)
def test_a_missing_name_is_named(name: str) -> None:
    for value in ({}, {name: " "}):
        with pytest.raises(SettingMissing, match=name):
            StorageSettings.from_mapping({**{k: v for k, v in GOOD.items() if k != name}, **value})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STORAGE_DATABASE_URL", "mysql://db"),
        ("STORAGE_DATABASE_URL", "sqlite://"),
        ("STORAGE_DATABASE_URL", "sqlite:///:memory:"),
        ("STORAGE_BLOBS", "/srv/blobs"),
        ("STORAGE_BLOBS", "dir:"),
        ("STORAGE_BLOBS", "s3://"),
        ("STORAGE_POOL_SIZE", "many"),
        ("STORAGE_BUSY_TIMEOUT_S", "0"),
        ("STORAGE_PASSWORD_MEMORY_MIB", "18"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(SettingMissing, match=name):
        StorageSettings.from_mapping({**GOOD, name: value})


def test_a_password_in_a_wrong_address_is_not_repeated() -> None:
    with pytest.raises(SettingMissing) as caught:
        StorageSettings.from_mapping({**GOOD, "STORAGE_DATABASE_URL": "mysql://u:secret@db"})
    assert "secret" not in str(caught.value)


def test_an_s3_address_has_parts() -> None:
    parts = bucket(GOOD["STORAGE_BLOBS"])
    assert (parts.name, parts.endpoint, parts.region) == ("pictures", "http://s3:9000", "cn")
    assert bucket("s3://plain").endpoint is None
