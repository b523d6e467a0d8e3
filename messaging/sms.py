"""Text messages through the city's own gateway: what a platform refuses still reaches the resident.

Government offices have their text messages from a gateway of their city, each of its own making. So this speaks one
form, which a few lines beside the gateway turn into its own: POST JSON `{"id", "phone", "template", "text"}`, signed as
Standard Webhooks do (`webhook-id`, `webhook-timestamp`, `webhook-signature: v1,…`, HMAC-SHA256 over `id.timestamp.body`).
2xx: taken. 4xx: refused, for good. All else: nobody knows; it is sent again under the same id, which the gateway must
not send twice. Source of the signature: the Standard Webhooks specification.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus

import requests

from egress import door
from messaging.port import Cause, Message, NotSent, Outcome, PlatformDown, Sent

SIGNATURE_TEXT = "【{sign}】"
_TOO_MANY = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}


class SmsSettingWrong(Exception):
    """A variable is missing or unusable. The message opens with its name."""


@dataclass(frozen=True)
class SmsSettings:
    """`sign`: the sender's name that opens each text, as the operators require."""

    url: str
    secret: str = field(repr=False)
    sign: str = ""
    timeout_s: float = 5.0

    @classmethod
    def from_mapping(cls, env: Mapping[str, str]) -> "SmsSettings | None":
        """From SMS_URL, SMS_SECRET, SMS_SIGN; None without SMS_URL. Raises `SmsSettingWrong`."""
        url, secret = env.get("SMS_URL", "").strip(), env.get("SMS_SECRET", "").strip()
        if not url:
            return None
        if not url.startswith(("https://", "http://")):
            raise SmsSettingWrong("SMS_URL must be an http or https address")
        if len(secret) < 16:
            raise SmsSettingWrong("SMS_SECRET must have at least 16 characters: it signs what goes to SMS_URL")
        return cls(url, secret, env.get("SMS_SIGN", "").strip())


class SmsGateway:
    """`TextMessages`."""

    def __init__(self, settings: SmsSettings, now: Callable[[], datetime]) -> None:
        self._settings, self._now = settings, now

    def send(self, phone: str, message: Message, key: str) -> Outcome:
        body = body_of(self._settings, phone, message, key)
        headers = headers_of(self._settings, body, key, self._now())
        try:
            status = self._post(body, headers)
        except requests.RequestException as error:
            raise PlatformDown(f"sms_{type(error).__name__}") from None
        return _outcome(status)

    def _post(self, body: bytes, headers: Mapping[str, str]) -> int:
        """What the gateway says beside its status is not read."""
        s = self._settings
        with (
            door.session(door.home(s.url)) as session,
            session.post(
                s.url, data=body, headers=headers, timeout=s.timeout_s, allow_redirects=False, stream=True
            ) as answer,
        ):
            return answer.status_code


def body_of(settings: SmsSettings, phone: str, message: Message, key: str) -> bytes:
    opening = SIGNATURE_TEXT.format(sign=settings.sign) if settings.sign else ""
    said = {"id": key, "phone": phone, "template": message.template, "text": opening + message.text}
    return json.dumps(said, ensure_ascii=False).encode()


def headers_of(settings: SmsSettings, body: bytes, key: str, now: datetime) -> dict[str, str]:
    stamp = str(int(now.timestamp()))
    mac = hmac.digest(settings.secret.encode(), b".".join((key.encode(), stamp.encode(), body)), hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def _outcome(status: int) -> Outcome:
    if 200 <= status < 300:
        return Sent()
    if 400 <= status < 500 and status not in _TOO_MANY:
        return NotSent(Cause.REFUSED, f"http_{status}")
    raise PlatformDown(f"sms_http_{status}")
