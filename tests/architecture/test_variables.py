"""Every variable that anything reads is listed with what it is for: the settings are asked, and the text of the program is."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path

import pytest

from courier.kinds import kinds
from courier.settings import from_mapping as couriers
from messaging.sms import SmsSettings
from messaging.wechat.settings import WechatSettings
from sharing.settings import SharingSettings
from storage import crashpoints
from storage.settings import StorageSettings
from tests.workers.test_settings import WHOLE
from web.provider.settings import OidcSettings
from web.settings import WebSettings
from workers import settings
from workers.checkup import OURS, known_names

ROOT = Path(__file__).parents[2]
PACKAGES = ("cases", "storage", "courier", "preaudit", "messaging", "sharing", "egress", "web", "workers")
READERS: Mapping[str, Callable[[Mapping[str, str]], object]] = {
    "courier/settings.py": couriers,
    "messaging/sms.py": SmsSettings.from_mapping,
    "messaging/wechat/settings.py": WechatSettings.from_mapping,
    "sharing/settings.py": SharingSettings.from_mapping,
    "storage/crashpoints.py": crashpoints.arm,
    "storage/settings.py": StorageSettings.from_mapping,
    "web/provider/settings.py": OidcSettings.from_mapping,
    "web/settings.py": WebSettings.from_mapping,
    "workers/settings.py": settings.read,
}
"""Whatever makes settings of an environment."""
ENOUGH = WHOLE | {
    "OIDC_ISSUER": "https://id.example", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b", "SMS_URL": "https://sms.example",
    "SMS_SECRET": "c" * 16, "WECHAT_APPID": "wx", "WECHAT_SECRET": "d", "SHARING_URL": "https://share.example",
    "SHARING_CLIENT": "e", "SHARING_SECRET": "f" * 16, "WEB_PUBLIC_URL": "https://zerotrip.example",
}  # fmt: skip
_MAKES = re.compile(r"def (?:from_mapping|arm|read)\((?:cls, )?(?:env|mapping): Mapping\[str, str\]")
_NAMED = re.compile(r"[\"'](" + "|".join(OURS) + r")([A-Z0-9_]+)[\"']")


class Listening(dict[str, str]):
    """An environment that knows what it was asked for."""

    def __init__(self, given: Mapping[str, str]) -> None:
        super().__init__(given)
        self.asked = set[str]()

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)


def sources() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def test_everything_that_makes_settings_of_an_environment_is_asked_here() -> None:
    assert {where for where, text in sources() if _MAKES.search(text)} == READERS.keys()


@pytest.mark.parametrize("where", READERS)
def test_every_variable_that_settings_ask_for_is_listed(where: str) -> None:
    env = Listening(ENOUGH)
    READERS[where](env)
    assert env.asked
    assert env.asked - known_names() == set()


def test_so_is_every_variable_of_every_partner() -> None:
    """Those that all partners have are listed once."""
    listed = {v.name for some in settings.VARIABLES.values() for v in some}
    of_any = {v.name.removeprefix("ZEROTRIP_EMS_") for v in settings.VARIABLES["Couriers (web, worker)"]}
    for partner, kind in kinds().items():
        for field in (*fields(kind.settings), "hours_rest"):
            name = str(getattr(field, "name", field)).upper()
            assert name in of_any or f"ZEROTRIP_{partner.upper()}_{name}" in listed, f"{partner}: {name}"


def test_every_variable_that_the_program_names_is_listed() -> None:
    named = {(a + b, where) for where, text in sources() for a, b in _NAMED.findall(text)}
    assert {one for one in named if one[0] not in known_names()} == set()
