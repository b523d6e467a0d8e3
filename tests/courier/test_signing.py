"""Known answers of the partners' own documents, and everything near them refused."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from courier.signing import (
    SealBroken,
    SignatureRefused,
    check_webhook,
    kdniao_sign,
    md5_lower,
    md5_upper,
    open_sm4,
    same,
    seal_sm4,
    sf_simple_md5,
    sf_sm3,
    sf_standard_md5,
    sm4_key,
    webhook_signature,
)

KEY = "TvaBgrhE46sft3nZlfe7xw=="
TEXT = '{"language":"zh-CN","orderId":"QIAO-20200618-004"}'
SEALED = (
    "|$4|efB6PnjDpgHG4xfrvYlXonyBuMJoGTynkfasopHvbl2u3nmNeP+rznA3DyRwb/2GeZL7I3rL6HKD5+Tv3Uy6x8jIDISbYG8Bg14caH2flYE="
)


def test_the_seal_of_the_ems_documents_comes_out() -> None:
    assert seal_sm4(TEXT, KEY) == SEALED


def test_the_sealed_text_of_the_ems_documents_opens() -> None:
    assert open_sm4(SEALED, KEY) == TEXT.encode()


def test_chinese_survives_the_seal() -> None:
    assert open_sm4(seal_sm4('{"name":"张小明"}', KEY), KEY).decode() == '{"name":"张小明"}'


@pytest.mark.parametrize(
    "sealed",
    [
        "",
        "|$4|",
        SEALED[4:],
        SEALED[:-8],
        SEALED[:-1],
        SEALED + "AAAA",
        SEALED[:20] + "*" + SEALED[21:],
        "|$4|" + base64.b64encode(b"\0" * 32).decode(),
        seal_sm4(TEXT, "AAAAAAAAAAAAAAAAAAAAAA=="),
    ],
)
def test_whatever_is_not_whole_or_not_ours_stays_closed(sealed: str) -> None:
    with pytest.raises(SealBroken):
        open_sm4(sealed, KEY)


def test_a_text_sealed_without_the_key_inside_stays_closed() -> None:
    """The tail is the only proof: the same cipher with another tail must not open."""
    with pytest.raises(SealBroken):
        open_sm4(seal_sm4(TEXT + KEY, KEY)[: -len("AAAA")], KEY)
    body = base64.b64decode(SEALED[4:])
    for cut in range(16, len(body), 16):
        with pytest.raises(SealBroken):
            open_sm4("|$4|" + base64.b64encode(body[:cut]).decode(), KEY)


@pytest.mark.parametrize("key", ["", "abc", "AAAA", "!!!!AAAAAAAAAAAAAAAAAA=="])
def test_a_key_that_is_not_sixteen_bytes_is_refused(key: str) -> None:
    with pytest.raises(ValueError):
        sm4_key(key)


def test_an_empty_secret_equals_nothing() -> None:
    assert same("a", "a")
    assert not same("", "")
    assert not same("a", "")
    assert not same("密", "码")


# SF's documentation sample: text, timestamp, check word.
SF_SAMPLE = (TEXT, "12312334453453", "fjcg5PGKaNpPSHFAZ4QsCOkV71R3zVci")


def test_the_digests_of_the_sf_documents_come_out() -> None:
    assert sf_standard_md5(*SF_SAMPLE) == "IIKJtuLVzoFTu4kHI8M8vA=="
    assert sf_sm3(*SF_SAMPLE) == "b05d21124eb6aedb3c6c99b1a37f9fc9a23a9898cb6a4b5df00d4402bda9081f"


def test_the_digest_that_sf_prints_for_its_simple_way_belongs_to_the_standard_one() -> None:
    assert sf_simple_md5(*SF_SAMPLE) != sf_standard_md5(*SF_SAMPLE)
    assert sf_simple_md5("a", "b", "c") == "kAFQmDzST7DWlj99KOF/cg=="  # MD5 of abc, RFC 1321


def test_texts_are_encoded_as_java_does_before_sf_digests_them() -> None:
    assert sf_standard_md5("中 *~+", "1", "test") == sf_simple_md5("%E4%B8%AD+*%7E%2B1test", "", "")


def test_the_aggregators_sign_with_hexadecimal_digits() -> None:
    assert md5_upper("a", "b", "c") == "900150983CD24FB0D6963F7D28E17F72"
    assert md5_lower("abc") == "900150983cd24fb0d6963f7d28e17f72"
    assert base64.b64decode(kdniao_sign("ab", "c")) == b"900150983cd24fb0d6963f7d28e17f72"


SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NOW = datetime.fromtimestamp(1614265330, UTC)
HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": SIGNATURE,
}


def test_the_signature_of_standard_webhooks_comes_out() -> None:
    assert webhook_signature(SECRET, HEADERS["webhook-id"], 1614265330, BODY) == SIGNATURE


def test_a_genuine_webhook_gives_its_id_whatever_the_case_of_headers() -> None:
    assert check_webhook(SECRET, {k.title(): v for k, v in HEADERS.items()}, BODY, NOW) == HEADERS["webhook-id"]


def test_one_right_signature_among_several_is_enough() -> None:
    several = HEADERS | {"webhook-signature": f"v1a,xyz v1,AAAA {SIGNATURE}"}
    assert check_webhook(SECRET, several, BODY, NOW) == HEADERS["webhook-id"]


@pytest.mark.parametrize(
    ("headers", "body", "reason"),
    [
        ({}, BODY, "missing"),
        (HEADERS | {"webhook-signature": ""}, BODY, "missing"),
        (HEADERS | {"webhook-id": "msg_other"}, BODY, "wrong"),
        (HEADERS | {"webhook-signature": SIGNATURE.replace("v1,", "v2,")}, BODY, "wrong"),
        (HEADERS, BODY + b" ", "wrong"),
        (HEADERS, b'{"test":2432232314}', "wrong"),
        (HEADERS | {"webhook-timestamp": "1614265331"}, BODY, "wrong"),
        (HEADERS | {"webhook-timestamp": "now"}, BODY, "timestamp"),
        (HEADERS | {"webhook-timestamp": "9" * 40}, BODY, "timestamp"),
    ],
)
def test_a_webhook_that_differs_in_anything_is_refused(headers: dict[str, str], body: bytes, reason: str) -> None:
    with pytest.raises(SignatureRefused) as e:
        check_webhook(SECRET, headers, body, NOW)
    assert e.value.reason == reason


@pytest.mark.parametrize("minutes", [-6, 6])
def test_an_old_webhook_is_refused(minutes: int) -> None:
    with pytest.raises(SignatureRefused) as e:
        check_webhook(SECRET, HEADERS, BODY, NOW + timedelta(minutes=minutes))
    assert e.value.reason == "stale"


def test_without_a_secret_nothing_is_genuine() -> None:
    with pytest.raises(SignatureRefused):
        check_webhook("", HEADERS, BODY, NOW)
