"""The messaging platform of one's own machine: `dev:NAME` is whoever says so, every message is taken and shown to
whoever composed this (`tell`), never to a person. It exists only where the settings allow it by name."""

from collections.abc import Callable

from cases.errors import Unauthenticated
from messaging.port import Message, Outcome, PlatformIdentity, Sent

EMBEDDED = "embedded"
_NAME_MAX = 64
_WRONG = "登录码无效，请重新登录。"


def _tell_nobody(_: Message) -> None: ...


class EmbeddedPlatform:
    name = EMBEDDED

    def __init__(self, tell: Callable[[Message], None] = _tell_nobody) -> None:
        self._tell = tell

    def verify(self, code: str) -> PlatformIdentity:
        return PlatformIdentity(self.name, _after("dev", code))

    def phone(self, code: str) -> str:
        """`phone:NUMBER` is the number."""
        number = _after("phone", code)
        if not (number.isascii() and number.isdigit()):
            raise Unauthenticated(_WRONG)
        return number

    def send(self, _user: str, message: Message) -> Outcome:
        self._tell(message)
        return Sent()


class EmbeddedTextMessages:
    """Takes every text message, and tells as the platform does."""

    def __init__(self, tell: Callable[[Message], None] = _tell_nobody) -> None:
        self._tell = tell

    def send(self, _phone: str, message: Message, _key: str) -> Outcome:
        self._tell(message)
        return Sent()


def _after(kind: str, code: str) -> str:
    said, _, name = code.partition(":")
    if said != kind or not name.strip() or len(name) > _NAME_MAX:
        raise Unauthenticated(_WRONG)
    return name.strip()
