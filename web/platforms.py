"""Which messaging platforms residents may sign in from, by this deployment's settings."""

from collections.abc import Mapping

from cases.errors import InvalidRequest
from messaging.embedded import EMBEDDED, EmbeddedPlatform
from messaging.port import MessagingPlatform
from messaging.wechat.client import WECHAT, WechatPlatform
from messaging.wechat.settings import WechatSettings
from storage.platform_tokens import PlatformTokens
from storage.session import Database

Platforms = Mapping[str, MessagingPlatform]


def platforms(*, embedded: bool, wechat: WechatSettings | None = None, database: Database | None = None) -> Platforms:
    """Every platform of this deployment by name. The embedded one lets anybody in, so it must be allowed by name."""
    known: dict[str, MessagingPlatform] = {EMBEDDED: EmbeddedPlatform()} if embedded else {}
    if wechat is not None and database is not None:
        known[WECHAT] = WechatPlatform(wechat, PlatformTokens(database, WECHAT))
    return known


def platform_of(known: Platforms, name: str) -> MessagingPlatform:
    """Raises `InvalidRequest`."""
    if name not in known:
        raise InvalidRequest("不支持从该平台登录。", platforms=sorted(known))
    return known[name]
