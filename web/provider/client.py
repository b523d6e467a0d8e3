"""The conversation with the provider: authorization code with PKCE (RFC 7636, OpenID Connect Core 1.0, RFC 9700).

Promises: what is said of somebody is believed only over the provider's signature, for us, now, and for the very sign-in
that was sent away. No call leaves the configured hosts or follows a redirect. What the provider says wrong is one
refusal to whoever signs in, and its kind in the log; tokens are in neither.
"""

import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from egress import door
from storage.provider_logins import SentAway
from web.provider.settings import SCOPE, OidcSettings

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
"""Signatures only: `none` and shared secrets are not among them."""
KNOWN_FOR_S = 3600.0
"""After which the provider is asked anew where it is and which keys it signs with."""
ASK_AGAIN_S = 30.0
"""Keys that nobody knows make us ask again, but not at every forged token."""
LEEWAY_S = 60
LARGEST = 1_000_000
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_log = structlog.get_logger()


class ProviderFailed(Exception):
    """Nobody is signed in. The message is a kind, for the log: it holds nothing of tokens or people."""


@dataclass(frozen=True)
class Vouched:
    login: str
    identity: str
    """Issuer and subject: who it is there, for good."""


@dataclass(frozen=True)
class _Known:
    at: float
    metadata: Mapping[str, str]
    keys: KeySet


class Provider:
    """One per process; threads may share it. Nothing is asked before somebody signs in."""

    def __init__(self, settings: OidcSettings, redirect_uri: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.settings, self._redirect_uri, self._clock = settings, redirect_uri, clock
        self._lock = threading.Lock()
        self._known: _Known | None = None

    @property
    def name(self) -> str:
        return self.settings.name

    def address_for(self, sent: SentAway) -> str:
        """Where the browser goes. Raises `ProviderFailed`."""
        more = {"acr_values": self.settings.acr} if self.settings.acr else {}
        with self._session() as session:
            address, _ = session.create_authorization_url(
                self._about().metadata["authorization_endpoint"],
                state=sent.state,
                nonce=sent.nonce,
                code_verifier=sent.verifier,
                **more,
            )
        return str(address)

    def vouched(self, sent: SentAway, code: str) -> Vouched:
        """Whom the code stands for. Raises `ProviderFailed`."""
        about = self._about()
        try:
            with self._session() as session:
                answer = session.fetch_token(about.metadata["token_endpoint"], code=code, code_verifier=sent.verifier)
        except (AuthlibBaseError, requests.RequestException, ValueError) as error:
            raise ProviderFailed(f"token: {type(error).__name__}") from None
        claims = self._claims(str(answer.get("id_token", "")), sent.nonce, about)
        login = claims.get(self.settings.login_claim)
        if not isinstance(login, str) or not login.strip():
            raise ProviderFailed(f"no claim {self.settings.login_claim}")
        return Vouched(login.strip(), f"{self.settings.issuer}|{claims['sub']}")

    def _claims(self, token: str, nonce: str, about: _Known) -> Mapping[str, Any]:
        try:
            try:
                read = jwt.decode(token, about.keys, algorithms=ALGORITHMS)
            except (JoseError, ValueError):  # perhaps signed with a key that is newer than what we know
                read = jwt.decode(token, self._about(ASK_AGAIN_S).keys, algorithms=ALGORITHMS)
            claims = CodeIDToken(read.claims, read.header, self._wanted(), self._params(nonce))
            claims.validate(leeway=LEEWAY_S)
        except (JoseError, AuthlibBaseError, ValueError, TypeError) as error:
            raise ProviderFailed(f"id token: {type(error).__name__}") from None
        return dict(claims)

    def _wanted(self) -> dict[str, Any]:
        s = self.settings
        fixed = {"iss": {"essential": True, "value": s.issuer}, "aud": {"essential": True, "value": s.client_id}}
        return {**fixed, **({"acr": {"essential": True, "value": s.acr}} if s.acr else {})}

    def _params(self, nonce: str) -> dict[str, Any]:
        return {"nonce": nonce, "client_id": self.settings.client_id}

    def _session(self) -> OAuth2Session:
        session = OAuth2Session(
            self.settings.client_id,
            self.settings.client_secret,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            default_timeout=self.settings.timeout_s,
        )
        door.guard(session, self.settings.ways)  # one that is answered with a redirect fails
        return session

    def _about(self, no_older_than: float = KNOWN_FOR_S) -> _Known:
        with self._lock:
            known = self._known
            if known is None or self._clock() - known.at >= no_older_than:
                known = self._known = self._asked()
        return known

    def _asked(self) -> _Known:
        said = self._fetched(self.settings.issuer + "/.well-known/openid-configuration")
        if str(said.get("issuer", "")).rstrip("/") != self.settings.issuer:
            raise ProviderFailed("another issuer")
        metadata = {name: str(said.get(name, "")) for name in _ENDPOINTS}
        if not all(self.settings.reaches(url) for url in metadata.values()):
            raise ProviderFailed("a host that OIDC_HOSTS does not name")
        try:
            keys = KeySet.import_key_set(self._fetched(metadata["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise ProviderFailed(f"keys: {type(error).__name__}") from None
        return _Known(self._clock(), metadata, keys)

    def _fetched(self, url: str) -> Mapping[str, Any]:
        try:
            with (
                door.session(self.settings.ways) as session,
                session.get(url, timeout=self.settings.timeout_s, allow_redirects=False, stream=True) as answer,
            ):
                status = answer.status_code
                body = door.bounded(answer, LARGEST) if status == requests.codes.ok else b""
        except (requests.RequestException, OSError) as error:
            raise ProviderFailed(f"unreachable: {type(error).__name__}") from None
        if status != requests.codes.ok:
            raise ProviderFailed(f"answered {status}")
        try:
            said = json.loads(body)
        except ValueError:
            said = None
        if not isinstance(said, dict):
            raise ProviderFailed("no JSON object")
        return said


def told(failure: ProviderFailed) -> None:
    """Into the log, for whoever runs this."""
    _log.warning("identity provider failed", kind=str(failure))
