"""What is sealed opens only in its place, with its key, unchanged."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import (
    Context,
    KeyRing,
    SealBroken,
    Vault,
    VaultError,
    create_key_file,
    load_key_file,
    open_vault,
    rotate_key_file,
)

RING = KeyRing({1: b"k" * 32}, 1, b"i" * 32)
VAULT = Vault(RING)
HERE = Context("cases", "applicant", "440105")


@given(st.binary(max_size=2000))
def test_what_is_sealed_opens_as_it_was(value: bytes) -> None:
    assert VAULT.unseal(HERE, VAULT.seal(HERE, value)) == value


def test_the_same_value_is_never_sealed_the_same() -> None:
    assert VAULT.seal(HERE, b"x") != VAULT.seal(HERE, b"x")


@pytest.mark.parametrize(
    "place",
    [
        Context("cases", "applicant", "440106"),
        Context("cases", "address", "440105"),
        Context("pages", "applicant", "440105"),
    ],
)
def test_a_value_moved_elsewhere_does_not_open(place: Context) -> None:
    with pytest.raises(SealBroken):
        VAULT.unseal(place, VAULT.seal(HERE, b"secret"))


def test_a_value_changed_anywhere_does_not_open() -> None:
    sealed = VAULT.seal(HERE, b"secret")
    for at in range(len(sealed)):
        with pytest.raises(SealBroken):
            VAULT.unseal(HERE, sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01\x00\x01", b"\x02" + b"x" * 200])
def test_garbage_does_not_open(sealed: bytes) -> None:
    with pytest.raises(SealBroken):
        VAULT.unseal(HERE, sealed)


def test_an_old_value_opens_after_the_key_was_rotated(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_key_file(path)
    before = open_vault(path)
    sealed, index = before.seal(HERE, b"old"), before.blind("phone", "138")
    assert rotate_key_file(path) == 2
    after = open_vault(path)
    assert after.unseal(HERE, sealed) == b"old"
    assert after.blind("phone", "138") == index, "what was indexed must be found again"
    assert before.unseal(HERE, after.seal(HERE, b"new")) == b"new", "it looks at the file again"


def test_a_blind_index_depends_on_its_purpose_and_forgives_spaces_and_case() -> None:
    assert VAULT.blind("id_number", " 44010519900307001x ") == VAULT.blind("id_number", "44010519900307001X")
    assert VAULT.blind("id_number", "1") != VAULT.blind("phone", "1")
    assert len(VAULT.blind("phone", "1")) == 32


def test_a_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "keys.json"
    create_key_file(path)
    assert path.stat().st_mode & 0o777 == 0o600
    path.chmod(0o644)
    with pytest.raises(VaultError, match="chmod 600"):
        load_key_file(path)


def test_a_key_file_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    create_key_file(path)
    with pytest.raises(VaultError, match="already there"):
        create_key_file(path)


def test_a_missing_key_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(VaultError, match=r"STORAGE_KEY_FILE: .*nothing\.json"):
        load_key_file(tmp_path / "nothing.json")


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", json.dumps({"current": 1, "keys": {"1": "c2hvcnQ="}, "index": "c2hvcnQ="})]
)
def test_what_is_no_key_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(content)
    path.chmod(0o600)
    with pytest.raises(VaultError, match=r"key file|32 bytes"):
        load_key_file(path)
