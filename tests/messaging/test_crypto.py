"""Pushes of the platform: what is signed, what is encrypted, what somebody else made."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from messaging.wechat.crypto import Push, PushUnreadable, is_genuine, opened, sealed, signature

TOKEN, APPID = "tok123", "wx0123456789abcdef"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
AT = datetime.fromtimestamp(1714037059, UTC)
MESSAGE = '{"MsgType":"event","Event":"subscribe_msg_popup_event","ToUserName":"市民"}'.encode()


def test_the_signature_is_the_documented_one() -> None:
    right = "48ab119edb7728e04db9a074e6c5b1d47faccf1d"
    assert signature(TOKEN, "1714037059", "486452656") == right
    assert is_genuine(TOKEN, Push(right, "1714037059", "486452656"), AT + timedelta(minutes=5))
    assert not is_genuine(TOKEN, Push(right, "1714037059", "486452656"), AT + timedelta(minutes=6))
    assert not is_genuine(TOKEN, Push(right, "1714037059", "486452657"), AT)
    assert not is_genuine("", Push(signature("", "1714037059", "1"), "1714037059", "1"), AT)


def _sent(body: str, **changes: str) -> Push:
    values = {"signature": "", "timestamp": "1714037059", "nonce": "486452656"}
    return Push(**{**values, "message_signature": signature(TOKEN, "1714037059", "486452656", body), **changes})


@pytest.mark.parametrize(
    "envelope",
    [
        lambda cipher: json.dumps({"ToUserName": "gh_1", "Encrypt": cipher}),
        lambda cipher: f"<xml><ToUserName>gh_1</ToUserName><Encrypt><![CDATA[{cipher}]]></Encrypt></xml>",
    ],
)
def test_an_encrypted_push_is_opened(envelope: object) -> None:
    cipher = sealed(KEY, APPID, MESSAGE, bytes(range(16)))
    assert opened(TOKEN, KEY, APPID, _sent(cipher), envelope(cipher).encode()) == MESSAGE  # type: ignore[operator]


@pytest.mark.parametrize("size", [0, 1, 11, 12, 13, 31, 32, 33, 5000])
def test_messages_of_every_length_come_back(size: int) -> None:
    cipher = sealed(KEY, APPID, b"x" * size, bytes(16))
    assert opened(TOKEN, KEY, APPID, _sent(cipher), json.dumps({"Encrypt": cipher}).encode()) == b"x" * size


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "not_encrypted"),
        (b"{", "form"),
        (b"[]", "not_encrypted"),
        (b'{"Encrypt": ' + b"[" * 3000, "form"),  # found by fuzzing
        (b'{"Encrypt": "\\ud800"}', "base64"),  # found by fuzzing
        ('{"Encrypt": "密"}'.encode(), "base64"),
        (b'{"Encrypt": 5}', "not_encrypted"),
        (b"<xml><Content>hello</Content></xml>", "not_encrypted"),
        (MESSAGE, "not_encrypted"),
    ],
)
def test_what_is_not_encrypted_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(PushUnreadable, match=reason):
        opened(TOKEN, KEY, APPID, _sent(""), body)


def test_what_somebody_else_made_is_refused() -> None:
    cipher = sealed(KEY, APPID, MESSAGE, bytes(16))
    with pytest.raises(PushUnreadable, match="signature"):
        opened(TOKEN, KEY, APPID, _sent(cipher, message_signature="0" * 40), json.dumps({"Encrypt": cipher}).encode())
    for to, key in (("wx-another", KEY), (APPID, KEY[::-1])):
        other = sealed(key, to, MESSAGE, bytes(16))
        with pytest.raises(PushUnreadable, match=r"appid|padding"):
            opened(TOKEN, KEY, APPID, _sent(other), json.dumps({"Encrypt": other}).encode())


@pytest.mark.parametrize("cipher", ["AAAA", "A" * 21 + "===", "****", ""])
def test_half_a_cipher_text_is_refused(cipher: str) -> None:
    with pytest.raises(PushUnreadable):
        opened(TOKEN, KEY, APPID, _sent(cipher), json.dumps({"Encrypt": cipher}).encode())
