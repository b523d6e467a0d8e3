"""What a deployment says about its partners. Frozen values; the environment is read by the composition roots alone.

`from_mapping(os.environ)` there, or build the values by hand. COURIERS names the partners, the default first; each has
an entry of its own (`courier.entries`). CIRCUIT_FAILURES and CIRCUIT_PAUSE_S, without a partner's name, are for all of
them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from cases.circuit import CircuitRules
from courier.entries import PartnerSettings, SettingsWrong, entry, need, number
from courier.kinds import kinds

__all__ = ["CourierSettings", "PartnerSettings", "SettingsWrong", "from_mapping"]

_PAUSE_MAX_S = 3600
_USUAL_CIRCUIT = CircuitRules()


@dataclass(frozen=True)
class CourierSettings:
    """All partners of a deployment by name. `default` carries what nobody chose a partner for."""

    default: str
    partners: Mapping[str, PartnerSettings]
    circuit: CircuitRules = _USUAL_CIRCUIT
    """When a partner that does not answer is left alone, and for how long."""

    def __post_init__(self) -> None:
        if self.default not in self.partners:
            raise SettingsWrong("COURIERS", f"a list of partners that begins with the default, got {self.default!r}")

    def hurried(self, within_s: float) -> "CourierSettings":
        """The same for whoever has a person waiting: a call ends within that time, answered or not."""
        partners = {name: _hurried(s, within_s) for name, s in self.partners.items()}
        return replace(self, partners=partners)


def _hurried(settings: PartnerSettings, within_s: float) -> PartnerSettings:
    """A third to connect, the rest for the answer."""
    connect = min(settings.connect_timeout_s, within_s / 3)
    return replace(settings, connect_timeout_s=connect, read_timeout_s=min(settings.read_timeout_s, within_s - connect))


def from_mapping(mapping: Mapping[str, str], prefix: str = "ZEROTRIP_") -> CourierSettings:
    """Settings from strings: COURIERS (names, the default first) and each partner's own variables. Raises
    `SettingsWrong`."""
    names = [n.strip() for n in need(mapping, prefix + "COURIERS").split(",") if n.strip()]
    known = kinds()
    strange = [n for n in names if n not in known]
    if strange or not names:
        got = ",".join(strange) or "nothing"
        raise SettingsWrong(prefix + "COURIERS", f"a list of known partners ({', '.join(known)}), got {got}")
    made = {n: entry(known[n].settings, mapping, f"{prefix}{n.upper()}_") for n in names}
    return CourierSettings(names[0], made, _circuit(mapping, prefix + "CIRCUIT_"))


def _circuit(mapping: Mapping[str, str], prefix: str) -> CircuitRules:
    usual = _USUAL_CIRCUIT
    failures = mapping.get(prefix + "FAILURES", "").strip() or str(usual.failures)
    if not (failures.isascii() and failures.isdigit() and int(failures) > 0):
        raise SettingsWrong(prefix + "FAILURES", "how many in a row, at least 1")
    pause = number(mapping.get(prefix + "PAUSE_S", "").strip() or str(usual.pause.total_seconds()), prefix + "PAUSE_S")
    if not 0 < pause <= _PAUSE_MAX_S:
        raise SettingsWrong(prefix + "PAUSE_S", f"more than 0 and at most {_PAUSE_MAX_S} seconds")
    return CircuitRules(int(failures), timedelta(seconds=pause))
