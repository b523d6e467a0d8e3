"""Which partners the program knows: found, not listed. Adding one is one module, and one entry in the settings.

A partner declares itself by a `PartnerKind` in the tuple `PARTNERS` of its module. Modules are found in two places: the
packages of this one that have a `partner` module (`courier/ems/partner.py`), and whatever an installed distribution
names under the entry point `zerotrip.couriers` (`acme = "acme_courier:PARTNERS"`). Knowing a partner uses it for nothing:
a deployment has those that its COURIERS name. Two modules that claim one name, or an entry point that is no partner, are
said at the start and stop it, because nobody could tell whose orders those would be.
"""

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any, Generic, TypeVar

from courier.entries import PartnerSettings, SettingsWrong
from courier.port import Capabilities, Partner

GROUP = "zerotrip.couriers"
_MODULE = "partner"
_DECLARED = "PARTNERS"

Journal = Callable[[str, str], Iterable[Mapping[str, Any]]]
"""(partner, waybill) → every event that was scanned by our own people, as `CourierEvent.to_json` wrote it."""

S = TypeVar("S", bound=PartnerSettings)


def nothing_scanned(_partner: str, _waybill: str) -> tuple[Mapping[str, Any], ...]:
    """The journal of whoever only books."""
    return ()


@dataclass(frozen=True)
class PartnerKind(Generic[S]):
    """`name`: in COURIERS, in variables (upper case), in addresses of hooks and in the database: never changed again.
    `label`: for residents. `build` makes the body; most have no use for the journal."""

    name: str
    label: str
    settings: type[S]
    build: Callable[[S, Journal], Partner]
    capabilities: Capabilities

    def __post_init__(self) -> None:
        if not (self.name.isascii() and self.name.isidentifier() and self.name == self.name.lower()):
            raise ValueError(f"a partner's name is lower-case letters, digits and underscores, not {self.name!r}")


Kinds = Mapping[str, PartnerKind[Any]]


@cache
def kinds() -> Kinds:
    """Every partner there is, by name. Raises `SettingsWrong`."""
    found: dict[str, PartnerKind[Any]] = {}
    for kind in (*_shipped(), *_installed()):
        if kind.name in found:
            raise SettingsWrong(GROUP, f"one partner of each name, got two named {kind.name!r}")
        found[kind.name] = kind
    return found


def _shipped() -> Iterator[PartnerKind[Any]]:
    for package in pkgutil.iter_modules([str(Path(__file__).parent)]):
        module = f"{__package__}.{package.name}.{_MODULE}"
        if package.ispkg and importlib.util.find_spec(module) is not None:
            yield from getattr(importlib.import_module(module), _DECLARED)


def _installed() -> Iterator[PartnerKind[Any]]:
    for point in entry_points(group=GROUP):
        yield from _declared(point)


def _declared(point: EntryPoint) -> tuple[PartnerKind[Any], ...]:
    try:
        declared = point.load()
    except (ImportError, AttributeError) as e:
        raise SettingsWrong(GROUP, f"{point.value} to be there: {e}") from e
    if not (isinstance(declared, tuple) and all(isinstance(kind, PartnerKind) for kind in declared)):
        raise SettingsWrong(GROUP, f"{point.value} to be a tuple of PartnerKind")
    return declared
