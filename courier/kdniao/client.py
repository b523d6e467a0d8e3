"""KDNiao's two addresses: orders and tracks. Both take the same form."""

from collections.abc import Mapping

from courier.kdniao.settings import KdniaoSettings
from courier.wire import Answered, Patience, post_form


def order(settings: KdniaoSettings, form: Mapping[str, str]) -> Answered:
    """One attempt, never more."""
    return post_form(settings.base_url, form, _patience(settings))


def track(settings: KdniaoSettings, form: Mapping[str, str]) -> Answered:
    return post_form(settings.trace_url, form, _patience(settings))


def _patience(settings: KdniaoSettings) -> Patience:
    return Patience(settings.connect_timeout_s, settings.read_timeout_s)
