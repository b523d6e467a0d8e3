"""Sign-ins that have been sent to a provider and are not back yet (OpenID Connect Core 1.0, 3.1)."""

from sqlalchemy import Column, LargeBinary, String, Table, Text

from storage.columns import Instant
from storage.tables import metadata

oidc_logins = Table(
    "oidc_logins",
    metadata,
    Column("state_hash", String(64), primary_key=True),
    Column("nonce", LargeBinary, nullable=False),
    Column("verifier", LargeBinary, nullable=False),
    Column("back", Text, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
)
