"""Kuaidi100's three addresses: orders, subscriptions, live queries. Each takes a form."""

from collections.abc import Mapping

from courier.kuaidi100.settings import Kuaidi100Settings
from courier.wire import Answered, Patience, post_form


def order(settings: Kuaidi100Settings, form: Mapping[str, str]) -> Answered:
    """One attempt, never more."""
    return post_form(settings.base_url, form, _patience(settings))


def subscribe(settings: Kuaidi100Settings, form: Mapping[str, str]) -> Answered:
    return post_form(settings.poll_url, form, _patience(settings))


def query(settings: Kuaidi100Settings, form: Mapping[str, str]) -> Answered:
    return post_form(settings.query_url, form, _patience(settings))


def _patience(settings: Kuaidi100Settings) -> Patience:
    return Patience(settings.connect_timeout_s, settings.read_timeout_s)
