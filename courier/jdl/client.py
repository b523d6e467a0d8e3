"""JD Logistics' one gateway: a path, a signed query string, a JSON body."""

from collections.abc import Mapping

from courier.jdl.settings import JdlSettings
from courier.wire import Answered, Patience, post_body

_HEADERS = {"Content-Type": "application/json;charset=utf-8", "lop-tz": "8"}


def call(settings: JdlSettings, path: str, query: Mapping[str, str], body: str) -> Answered:
    """One attempt, never more."""
    patience = Patience(settings.connect_timeout_s, settings.read_timeout_s)
    return post_body(settings.base_url.rstrip("/") + path, body.encode(), _HEADERS, query, patience)
