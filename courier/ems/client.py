"""One POST to EMS: every request of the platform is the same form to the same address."""

from collections.abc import Mapping

from courier.wire import Answered, Patience, TurnedAway, post_form

__all__ = ["TurnedAway", "post"]


def post(url: str, form: Mapping[str, str], connect_s: float, read_s: float) -> Answered:
    """One attempt, never more."""
    return post_form(url, form, Patience(connect_s, read_s))
