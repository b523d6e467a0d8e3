"""Settings fail at the start, by name, and never show a secret."""

from datetime import time

import pytest

from courier.ems.partner import EmsPartner
from courier.registry import hook_opens, partners
from courier.settings import SettingsWrong, from_mapping
from courier.sf.settings import SfProof, SfSettings
from courier.windows import Shift

GOOD = {
    "ZEROTRIP_COURIERS": "ems",
    "ZEROTRIP_EMS_BASE_URL": "https://api.example.com/amp-prod-api/f/amp/api/open",
    "ZEROTRIP_EMS_SENDER_NO": "1100000000001",
    "ZEROTRIP_EMS_AUTHORIZATION": "an-authorization",
    "ZEROTRIP_EMS_SIGN_KEY": "TvaBgrhE46sft3nZlfe7xw==",
    "ZEROTRIP_EMS_HOOK_SECRET": "0123456789abcdef",
}


def test_a_complete_mapping_gives_partners_by_name() -> None:
    settings = from_mapping(
        GOOD | {"ZEROTRIP_EMS_READ_TIMEOUT_S": "4.5", "ZEROTRIP_EMS_HOURS": "09:00-11:00, 18:00-20:00"}
    )
    assert settings.default == "ems"
    assert settings.partners["ems"].read_timeout_s == 4.5
    assert settings.partners["ems"].hours.workdays == (Shift(time(9), time(11)), Shift(time(18), time(20)))
    assert isinstance(partners(settings)["ems"], EmsPartner)


@pytest.mark.parametrize("variable", GOOD)
def test_a_missing_variable_is_named(variable: str) -> None:
    with pytest.raises(SettingsWrong, match=f"^{variable}: is not set"):
        from_mapping({k: v for k, v in GOOD.items() if k != variable})


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("ZEROTRIP_COURIERS", "ems,pigeon"),
        ("ZEROTRIP_EMS_BASE_URL", "http://api.example.com/"),
        ("ZEROTRIP_EMS_BASE_URL", "file:///etc/passwd"),
        ("ZEROTRIP_EMS_SIGN_KEY", "short"),
        ("ZEROTRIP_EMS_HOOK_SECRET", "short"),
        ("ZEROTRIP_EMS_READ_TIMEOUT_S", "soon"),
        ("ZEROTRIP_EMS_READ_TIMEOUT_S", "-1"),
        ("ZEROTRIP_EMS_HOURS", "9 to 5"),
    ],
)
def test_a_value_that_cannot_be_right_is_named(variable: str, value: str) -> None:
    with pytest.raises(SettingsWrong) as e:
        from_mapping(GOOD | {variable: value})
    assert e.value.variable == variable


def test_secrets_stay_out_of_repr() -> None:
    shown = repr(from_mapping(GOOD))
    for name in ("AUTHORIZATION", "SIGN_KEY", "HOOK_SECRET"):
        assert GOOD[f"ZEROTRIP_EMS_{name}"] not in shown


OTHERS = {
    "sf": {
        "BASE_URL": "https://sf.example.com/std/service",
        "PARTNER_ID": "QXH",
        "CHECK_WORD": "a-check-word-of-sf",
        "HOOK_SECRET": "0123456789abcdef",
    },
    "kuaidi100": {
        "BASE_URL": "https://kd.example.com/order/borderapi.do",
        "POLL_URL": "https://kd.example.com/poll",
        "QUERY_URL": "https://kd.example.com/poll/query.do",
        "PUBLIC_URL": "https://zerotrip.example.com",
        "KEY": "a-key-of-kuaidi",
        "SECRET": "a-secret-of-kuaidi",
        "CUSTOMER": "A-CUSTOMER",
        "SALT": "a-salt-of-our-own-choice",
        "HOOK_SECRET": "0123456789abcdef",
    },
    "kdniao": {
        "BASE_URL": "https://kdn.example.com/api/OOrderService",
        "TRACE_URL": "https://kdn.example.com/track",
        "BUSINESS_ID": "test1542519",
        "APP_KEY": "an-app-key-of-kdniao",
        "CARRIER": "SF",
        "HOOK_SECRET": "0123456789abcdef",
    },
    "jdl": {
        "BASE_URL": "https://jdl.example.com",
        "APP_KEY": "AK",
        "APP_SECRET": "a-secret-of-jd",
        "ACCESS_TOKEN": "a-token-of-jd",
        "CUSTOMER_CODE": "010K123456",
    },
}


def variables(name: str, **changes: str) -> dict[str, str]:
    own = {f"ZEROTRIP_{name.upper()}_{k}": v for k, v in (OTHERS[name] | changes).items()}
    return {"ZEROTRIP_COURIERS": name} | own


@pytest.mark.parametrize("name", OTHERS)
def test_every_partner_is_built_from_its_variables_and_names_what_is_missing(name: str) -> None:
    given = variables(name)
    assert partners(from_mapping(given))[name].name == name
    for variable in given:
        with pytest.raises(SettingsWrong, match=f"^{variable}: is not set"):
            from_mapping({k: v for k, v in given.items() if k != variable})


@pytest.mark.parametrize("name", OTHERS)
def test_no_partners_secret_stands_in_repr(name: str) -> None:
    shown = repr(from_mapping(variables(name)))
    secret = {"CHECK_WORD", "KEY", "SECRET", "SALT", "APP_SECRET", "ACCESS_TOKEN", "HOOK_SECRET"}
    secret |= {"APP_KEY"} if name == "kdniao" else set()
    assert [v for k, v in OTHERS[name].items() if k in secret and v in shown] == []


@pytest.mark.parametrize(
    ("name", "variable", "value"),
    [
        ("sf", "BASE_URL", "http://sf.example.com/"),
        ("sf", "PROOF", "rot13"),
        ("sf", "PROOF", "oauth2"),
        ("sf", "PRODUCT", "fast"),
        ("sf", "HOOK_SECRET", "short"),
        ("kuaidi100", "SALT", "short"),
        ("kuaidi100", "PUBLIC_URL", "http://zerotrip.example.com"),
        ("kdniao", "ORDER_TYPE", "1007"),
        ("kdniao", "TRACE_TYPE", "8008"),
        ("kdniao", "CARRIER", "YZPY"),
        ("jdl", "ORIGIN", "0"),
        ("jdl", "HOOK_SECRET", "0123456789abcdef"),
        ("jdl", "READ_TIMEOUT_S", "0"),
    ],
)
def test_a_partners_value_that_cannot_be_right_is_named(name: str, variable: str, value: str) -> None:
    with pytest.raises(SettingsWrong) as e:
        from_mapping(variables(name, **{variable: value}))
    named = {"PROOF": "TOKEN_URL"} if value == "oauth2" else {"CARRIER": "POST_CODE"}
    assert e.value.variable == f"ZEROTRIP_{name.upper()}_{named.get(variable, variable)}"


def test_several_partners_stand_side_by_side_and_the_first_is_the_default() -> None:
    settings = from_mapping(GOOD | variables("sf") | {"ZEROTRIP_COURIERS": "sf, ems"})
    assert (settings.default, sorted(settings.partners)) == ("sf", ["ems", "sf"])


def test_optional_words_are_taken_over() -> None:
    more = {"TOKEN_URL": "https://sf.example.com/oauth2/accessToken", "SANDBOX": "1", "HOURS_REST": ""}
    sf = from_mapping(variables("sf", PROOF="oauth2", **more)).partners["sf"]
    assert isinstance(sf, SfSettings)
    assert (sf.proof, sf.sandbox, sf.hours.rest_days) == (SfProof.OAUTH2, True, ())


def test_a_hook_opens_to_its_own_secret_only() -> None:
    settings = from_mapping(GOOD)
    assert hook_opens(settings, "ems", "0123456789abcdef")
    assert not hook_opens(settings, "ems", "0123456789abcdeF")
    assert not hook_opens(settings, "ems", "")
    assert not hook_opens(settings, "sf", "0123456789abcdef")
