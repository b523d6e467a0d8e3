"""From settings to partners. A new partner is one module, one settings class and one line in `_BUILDERS`."""

from collections.abc import Mapping
from typing import Any

from courier.ems.partner import EmsPartner
from courier.in_house.partner import InHousePartner, Journal, capabilities_of, nothing_scanned
from courier.jdl.partner import JdlPartner
from courier.kdniao.partner import KdniaoPartner
from courier.kuaidi100.partner import Kuaidi100Partner
from courier.port import Capabilities, Partner
from courier.settings import (
    KINDS,
    CourierSettings,
    EmsSettings,
    InHouseSettings,
    JdlSettings,
    KdniaoSettings,
    Kuaidi100Settings,
    PartnerSettings,
    SfSettings,
)
from courier.sf.partner import SfPartner
from courier.signing import same

_BUILDERS: Mapping[type[PartnerSettings], type[Any]] = {
    EmsSettings: EmsPartner,
    SfSettings: SfPartner,
    Kuaidi100Settings: Kuaidi100Partner,
    KdniaoSettings: KdniaoPartner,
    JdlSettings: JdlPartner,
}


def partners(settings: CourierSettings, journal: Journal = nothing_scanned) -> dict[str, Partner]:
    """Every configured partner by name. `journal`: where the scans of our own carriers are kept."""
    return {name: _built(s, journal) for name, s in settings.partners.items()}


def _built(settings: PartnerSettings, journal: Journal) -> Partner:
    if isinstance(settings, InHouseSettings):
        return InHousePartner(settings, journal)
    made: Partner = _BUILDERS[type(settings)](settings)
    return made


def capabilities() -> dict[str, Capabilities]:
    """What every partner that the program knows can do, by name, whether or not a deployment has it."""
    return {
        name: capabilities_of(name) if issubclass(kind, InHouseSettings) else _BUILDERS[kind].capabilities
        for name, kind in KINDS.items()
    }


def hook_opens(settings: CourierSettings, partner: str, secret: str) -> bool:
    """Whether `/hooks/couriers/{partner}/{secret}` is an address we gave out. Comes before `verify_push`, never
    instead of it; for a partner that signs nothing (SF) it is all the proof there is. A partner without a hook of its
    own opens to nobody."""
    known = settings.partners.get(partner)
    return known is not None and same(known.hook_secret, secret)
