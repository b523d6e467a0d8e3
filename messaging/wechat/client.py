"""WeChat over HTTP. Every call ends within its time-outs; secrets stand in no message of an exception."""

import time
from collections.abc import Mapping
from typing import Any

import requests

from egress import door
from messaging.port import Cause, Message, NotSent, Outcome, PlatformDown, PlatformIdentity
from messaging.wechat import calls
from messaging.wechat.settings import WechatSettings
from messaging.wechat.tokens import Tokens, TokenStore

WECHAT = "wechat"


class WechatPlatform:
    """`MessagingPlatform`. Thread-safe: a connection for each call, which are few."""

    name = WECHAT

    def __init__(self, settings: WechatSettings, store: TokenStore) -> None:
        self._settings = settings
        self._tokens = Tokens(store, self._fetch_token)

    def verify(self, code: str) -> PlatformIdentity:
        said = self._call("GET", calls.SESSION, params=calls.session_query(self._settings, code))
        return PlatformIdentity(self.name, calls.openid(said))

    def phone(self, code: str) -> str:
        return calls.phone(self._with_token(calls.PHONE, {"code": code}))

    def send(self, user: str, message: Message) -> Outcome:
        template = self._settings.templates.get(message.template)
        if template is None:
            return NotSent(Cause.NO_TEMPLATE, message.template)
        body = calls.send_body(self._settings, template, user, message)
        return calls.outcome(self._with_token(calls.SEND, body))

    def _with_token(self, path: str, body: Mapping[str, Any]) -> Mapping[str, Any]:
        token = self._tokens.current()
        try:
            return self._call("POST", path, params={"access_token": token}, json=body)
        except calls.TokenWorn:
            other = self._tokens.instead_of(token)
        try:
            return self._call("POST", path, params={"access_token": other}, json=body)
        except calls.TokenWorn:
            raise PlatformDown("token_refused") from None

    def _fetch_token(self, force: bool) -> tuple[str, int]:
        try:
            said = self._call("POST", calls.TOKEN, json=calls.token_body(self._settings, force=force))
        except calls.TokenWorn:
            # 40001 here speaks of the secret, not of a token
            raise PlatformDown("misconfigured_secret") from None
        return calls.access_token(said)

    def _call(self, method: str, path: str, **what: Any) -> Mapping[str, Any]:
        s = self._settings
        try:
            with (
                door.session(door.home(s.base_url)) as session,
                session.request(
                    method,
                    s.base_url + path,
                    timeout=(s.connect_timeout_s, s.read_timeout_s),
                    allow_redirects=False,
                    stream=True,
                    **what,
                ) as answer,
            ):
                until = time.monotonic() + s.connect_timeout_s + s.read_timeout_s
                return calls.answer(answer.status_code, door.bounded(answer, deadline=until))
        except requests.RequestException as error:
            # its text holds the address, and the address a secret
            raise PlatformDown(type(error).__name__) from None
