"""What a deployment says about its mini-program. `templates`: how our messages look on the platform, as a file, because
template ids and their keys belong to the account:

    returned:
      template_id: 8XmL…
      fields: {thing1: item, character_string2: no, number3: findings, time4: due}

The right side of a field names a value of the message, `title` or `text`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from messaging.values import KeyUnknown, kind_of

STATES = ("formal", "trial", "developer")
BASE_URL = "https://api.weixin.qq.com"


class WechatSettingWrong(Exception):
    """A variable is missing or unusable. The message opens with its name."""


@dataclass(frozen=True)
class Template:
    template_id: str
    fields: Mapping[str, str]


@dataclass(frozen=True)
class WechatSettings:
    appid: str
    secret: str = field(repr=False)
    templates: Mapping[str, Template] = field(default_factory=dict)
    state: str = "formal"
    base_url: str = BASE_URL
    aes_key: str = field(default="", repr=False)
    """EncodingAESKey, 43 characters: pushes are encrypted. Empty: they are not."""
    connect_timeout_s: float = 3.05
    read_timeout_s: float = 5.0

    @classmethod
    def from_mapping(cls, env: Mapping[str, str]) -> "WechatSettings | None":
        """From `WECHAT_` + a field's name in capitals; None without WECHAT_APPID. Raises `WechatSettingWrong`."""
        given = {name: env.get(f"WECHAT_{name.upper()}", "").strip() for name in cls.__dataclass_fields__}
        if not given["appid"]:
            return None
        if not given["secret"]:
            raise WechatSettingWrong("WECHAT_SECRET is not set: the mini-program's AppSecret")
        return cls(
            appid=given["appid"],
            secret=given["secret"],
            templates=templates(Path(given["templates"])) if given["templates"] else {},
            state=_one_of("WECHAT_STATE", given["state"] or "formal", STATES),
            base_url=given["base_url"].rstrip("/") or BASE_URL,
            aes_key=_aes_key(given["aes_key"]),
            connect_timeout_s=_seconds("CONNECT_TIMEOUT_S", given["connect_timeout_s"], cls.connect_timeout_s),
            read_timeout_s=_seconds("READ_TIMEOUT_S", given["read_timeout_s"], cls.read_timeout_s),
        )


def templates(path: Path) -> Mapping[str, Template]:
    """Raises `WechatSettingWrong`, naming what is wrong with the file."""
    try:
        raw = yaml.safe_load(path.read_text("utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise WechatSettingWrong(f"WECHAT_TEMPLATES: {path} cannot be read: {type(error).__name__}") from error
    if not isinstance(raw, dict):
        raise WechatSettingWrong(f"WECHAT_TEMPLATES: {path} must map template names to template_id and fields")
    return {str(name): _template(str(name), entry) for name, entry in raw.items()}


def _template(name: str, entry: Any) -> Template:
    if not isinstance(entry, dict) or not entry.get("template_id") or not isinstance(entry.get("fields"), dict):
        raise WechatSettingWrong(f"WECHAT_TEMPLATES: {name} needs template_id and fields")
    fields = {str(key): str(value) for key, value in entry["fields"].items()}
    for key in fields:
        try:
            kind_of(key)
        except KeyUnknown:
            raise WechatSettingWrong(
                f"WECHAT_TEMPLATES: {name} has the key {key}, of no type the platform has"
            ) from None
    return Template(str(entry["template_id"]), fields)


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise WechatSettingWrong(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


def _aes_key(value: str) -> str:
    if value and not (len(value) == 43 and value.isascii() and value.isalnum()):
        raise WechatSettingWrong("WECHAT_AES_KEY must be the 43 letters and digits of EncodingAESKey")
    return value


def _seconds(name: str, raw: str, usual: float) -> float:
    try:
        value = float(raw) if raw else usual
    except ValueError:
        value = 0.0
    if value <= 0:
        raise WechatSettingWrong(f"WECHAT_{name} must be a number of seconds, not {raw!r}")
    return value
