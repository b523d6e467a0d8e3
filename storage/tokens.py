"""Opaque tokens: 256 random bits behind a prefix, with a checksum so that a leaked one can be found by scanning and a
mistyped one be refused without a query. Only a keyed hash is kept."""

import base64
import secrets
import zlib

from storage.vault import Vault

SESSION_PREFIX = "zt_"
API_KEY_PREFIX = "zk_"
TOKEN_BYTES = 32


def new_token(prefix: str) -> str:
    body = base64.urlsafe_b64encode(secrets.token_bytes(TOKEN_BYTES)).decode().rstrip("=")
    return prefix + body + _checksum(body)


def well_formed(token: str, prefix: str) -> bool:
    """Whether it can be one of ours."""
    body, check = token[len(prefix) : -8], token[-8:]
    return token.startswith(prefix) and token.isascii() and len(body) == 43 and _checksum(body) == check


def token_hash(vault: Vault, token: str) -> str:
    return vault.mac("token", token)


def _checksum(body: str) -> str:
    return f"{zlib.crc32(body.encode()):08x}"
