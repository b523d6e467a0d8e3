"""What a handler may use, made once per process from the settings, and the circumstances of a decision."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from cases.circuit import CircuitRules
from cases.model import Address
from cases.moment import Moment
from cases.readings import Reading
from courier.port import Partner
from messaging.port import MessagingPlatform, TextMessages
from messaging.texts import NO_QUIET_HOURS, QuietHours
from sharing.port import Registry
from storage.actors import Actor
from storage.blobs import Blobs
from storage.ids import new_id
from storage.session import Database, Transaction
from storage.words import ActorKind
from workers.tallies import Tallies
from workers.turns import Turns

_USUAL_CIRCUIT = CircuitRules()
SYSTEM = Actor(ActorKind.SYSTEM, "workers")


class PageReader(Protocol):
    """What is needed of `preaudit.reading.Reader`."""

    def read(
        self, data: bytes, *, name: str, document: str | None = None, form_labels: Mapping[str, str] | None = None
    ) -> tuple[Reading, ...]: ...


class Scanner(Protocol):
    """What is needed of a virus scanner (`workers.scanning`)."""

    def scan(self, data: bytes) -> str | None:
        """The name of what was found; None: nothing was. Raises `scanning.ScannerUnavailable`."""
        ...


@dataclass(frozen=True)
class Messages:
    """How residents are told: by the platform they signed in from, else by text message; not at night."""

    platforms: Mapping[str, MessagingPlatform] = field(default_factory=dict)
    texts: TextMessages | None = None
    quiet: QuietHours = NO_QUIET_HOURS


@dataclass(frozen=True)
class Context:
    """`reader` only in the reader process: it holds the models."""

    database: Database
    blobs: Blobs
    partners: Mapping[str, Partner]
    messages: Messages
    office: Address
    reader: PageReader | None = None
    registry: Registry | None = None
    """None: no data-sharing source is connected."""
    circuit: CircuitRules = _USUAL_CIRCUIT
    webhook_hosts: tuple[str, ...] = ()
    """Hosts of departments' systems: nothing is sent anywhere else."""
    public_url: str = ""
    """Where the residents' side is: what codes on papers lead to."""
    polls_per_minute: Mapping[str, float] = field(default_factory=dict)
    """How many questions a minute a partner may be asked about its parcels."""
    scanner: Scanner | None = None
    """None: no virus scanner is connected."""
    tallies: Tallies = field(default_factory=Tallies)
    turns: Turns = field(default_factory=Turns)
    """Of couriers' pushes that are handled together."""


def moment(tx: Transaction, by: str = "system") -> Moment:
    """Now, by the database's clock and the country's calendar: limits run by law, not by region."""
    return Moment(tx.now(), tx.calendar(), new_id, by)
