"""What can be refused, one class per reason.

Each carries a stable `code` (for programs), a `message` in the resident's language that says what is wrong and what
to do, and `details` (for programs). The doors map classes to HTTP status; nothing here knows HTTP.
"""

from collections.abc import Mapping
from typing import Any

from cases.sentences import say


class Refusal(Exception):
    """Base: somebody asked for something that cannot be done as asked. Never a fault of the program."""

    code = "refused"

    def __init__(self, message: str, **details: Any) -> None:
        super().__init__(message)
        self.message = message
        self.details: Mapping[str, Any] = details


class TransitionRefused(Refusal):
    code = "wrong_state"

    def __init__(self, machine: str, state: str, label: str, event: str, allowed: list[str]) -> None:
        super().__init__(
            say("当前状态为“{label}”，不能进行该操作。", label=label),
            machine=machine,
            state=state,
            event=event,
            allowed=allowed,
        )


class NotFound(Refusal):
    code = "not_found"


class Conflict(Refusal):
    """Somebody else changed it first, or holds it."""

    code = "conflict"


class InvalidRequest(Refusal):
    code = "invalid_request"


class NotZeroTrip(Refusal):
    """The item needs the person; the app books an appointment instead."""

    code = "in_person_only"


class Unsupported(Refusal):
    code = "unsupported_file"


class TooLarge(Refusal):
    code = "too_large"


class Unauthenticated(Refusal):
    code = "unauthenticated"


class Forbidden(Refusal):
    code = "forbidden"


class TooMany(Refusal):
    code = "too_many_requests"
