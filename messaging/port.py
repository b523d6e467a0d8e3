"""What the program asks of a messaging platform."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Protocol


class PlatformDown(Exception):
    """The platform did not answer, or says that it is busy: nobody knows more. `reason`: a stable word."""

    def __init__(self, reason: str, wait: timedelta | None = None) -> None:
        super().__init__(reason)
        self.reason, self.wait = reason, wait


class Cause(StrEnum):
    """Why a message was not taken. The words are kept with the notice."""

    UNSUBSCRIBED = "unsubscribed"
    """The person did not agree, or used the agreement up: for good, as far as this message goes."""
    NO_RECIPIENT = "no_recipient"
    NO_TEMPLATE = "no_template"
    """The deployment has not said how this message looks on the platform."""
    TEMPLATE_REFUSED = "template_refused"
    VALUE_REFUSED = "value_refused"
    REFUSED = "refused"


@dataclass(frozen=True)
class Message:
    """`values`: what stands in the text, in the words a resident reads. `page`: where it leads in the mini-app."""

    template: str
    title: str
    text: str
    page: str
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True)
class Sent:
    """The platform took it."""


@dataclass(frozen=True)
class NotSent:
    """It did not and will not. `detail`: what it said, without anything personal."""

    cause: Cause
    detail: str = ""


Outcome = Sent | NotSent


@dataclass(frozen=True)
class PlatformIdentity:
    """Who the platform says it is. `user` means something only to the platform."""

    platform: str
    user: str


class MessagingPlatform(Protocol):
    @property
    def name(self) -> str: ...

    def verify(self, code: str) -> PlatformIdentity:
        """Who a one-time login code belongs to. Raises `Unauthenticated` for one that is wrong, old or used,
        `PlatformDown`."""

    def phone(self, code: str) -> str:
        """The telephone number behind a one-time code of the number button. Raises `Unauthenticated`, `PlatformDown`."""

    def send(self, user: str, message: Message, /) -> Outcome:
        """Raises `PlatformDown` when nobody knows whether it was taken."""


class TextMessages(Protocol):
    """The second way to a resident."""

    def send(self, phone: str, message: Message, key: str, /) -> Outcome:
        """`key`: the same message carries the same one. Raises `PlatformDown`."""
