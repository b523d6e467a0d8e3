"""Which messaging platforms this deployment has, from its settings. Raises `SettingsInvalid`, naming the variable.

Where no text-message gateway is set, the embedded platform's deployment shows both kinds in the log: which message, never
to whom or what it says.
"""

import re
from collections.abc import Mapping

import structlog

from messaging.embedded import EMBEDDED, EmbeddedPlatform, EmbeddedTextMessages
from messaging.port import Message, MessagingPlatform, TextMessages
from messaging.sms import SmsGateway, SmsSettings, SmsSettingWrong
from messaging.texts import NO_QUIET_HOURS, QuietHours
from messaging.wechat.client import WECHAT, WechatPlatform
from messaging.wechat.settings import WechatSettings, WechatSettingWrong
from storage.platform_tokens import PlatformTokens
from storage.session import Database
from workers.context import Messages
from workers.settings import SettingsInvalid

_QUIET = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)")
log = structlog.get_logger()


def messages(env: Mapping[str, str], database: Database) -> Messages:
    try:
        wechat, sms = WechatSettings.from_mapping(env), SmsSettings.from_mapping(env)
    except (WechatSettingWrong, SmsSettingWrong) as error:
        raise SettingsInvalid(str(error)) from error
    platforms: dict[str, MessagingPlatform] = {EMBEDDED: EmbeddedPlatform(_shown)}
    if wechat is not None:
        platforms[WECHAT] = WechatPlatform(wechat, PlatformTokens(database, WECHAT))
    gateway = SmsGateway(sms, database.now) if sms is not None else None
    texts: TextMessages | None = gateway or (EmbeddedTextMessages(_shown) if wechat is None else None)
    return Messages(platforms, texts, quiet_hours(env.get("WORKERS_QUIET_HOURS", "")))


def quiet_hours(raw: str) -> QuietHours:
    """`22:00-08:00`, or nothing."""
    if not raw.strip():
        return NO_QUIET_HOURS
    found = _QUIET.fullmatch(raw.strip())
    if found is None:
        raise SettingsInvalid("WORKERS_QUIET_HOURS must be like 22:00-08:00")
    start_h, start_m, end_h, end_m = map(int, found.groups())
    return QuietHours(start_h * 60 + start_m, end_h * 60 + end_m)


def _shown(message: Message) -> None:
    log.info("notice_sent", platform=EMBEDDED, template=message.template, count=len(message.values))
