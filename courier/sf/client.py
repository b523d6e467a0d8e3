"""SF's two addresses: the service, where every request is the same form, and the one that gives out tokens."""

from collections.abc import Mapping

from courier.sf.settings import SfSettings
from courier.wire import Answered, Patience, post_form


def serve(settings: SfSettings, form: Mapping[str, str]) -> Answered:
    """One attempt, never more."""
    return post_form(settings.base_url, form, _patience(settings))


def token(settings: SfSettings, form: Mapping[str, str]) -> Answered:
    return post_form(settings.token_url, form, _patience(settings))


def _patience(settings: SfSettings) -> Patience:
    return Patience(settings.connect_timeout_s, settings.read_timeout_s)
