"""Settings fail at the start, by name, and never show a secret."""

from datetime import time

import pytest

from courier.ems.partner import EmsPartner
from courier.registry import hook_opens, partners
from courier.settings import SettingsWrong, from_mapping
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


def test_a_hook_opens_to_its_own_secret_only() -> None:
    settings = from_mapping(GOOD)
    assert hook_opens(settings, "ems", "0123456789abcdef")
    assert not hook_opens(settings, "ems", "0123456789abcdeF")
    assert not hook_opens(settings, "ems", "")
    assert not hook_opens(settings, "sf", "0123456789abcdef")
