"""The access token of a messaging platform, sealed, one for all processes: it is called for often and may be made
seldom. Each call is a transaction of its own, as whoever calls a platform is in none."""

from datetime import datetime

from sqlalchemy import select

from storage.session import Database
from storage.tables import platform_tokens


class PlatformTokens:
    """Of one platform: what it was given, until when it is good, and when one was last forced."""

    def __init__(self, database: Database, platform: str) -> None:
        self._database, self._platform = database, platform

    def now(self) -> datetime:
        return self._database.now()

    def held(self) -> tuple[str, datetime, datetime | None] | None:
        with self._database.reading() as tx:
            row = tx.one(select(platform_tokens).where(platform_tokens.c.platform == self._platform))
            if row is None:
                return None
            return tx.unseal(platform_tokens, "token", self._platform, row.token), row.ends_at, row.forced_at

    def keep(self, value: str, ends_at: datetime, forced_at: datetime | None) -> None:
        with self._database.transaction() as tx:
            sealed = tx.seal(platform_tokens, "token", self._platform, value)
            values = {"platform": self._platform, "token": sealed, "ends_at": ends_at, "forced_at": forced_at}
            tx.put(platform_tokens, "platform", values)
