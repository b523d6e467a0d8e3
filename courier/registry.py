"""From settings to partners. A new partner is one module, one settings class and one line in `_BUILDERS`."""

from collections.abc import Callable, Mapping
from typing import Any

from courier.ems.partner import EmsPartner
from courier.jdl.partner import JdlPartner
from courier.kdniao.partner import KdniaoPartner
from courier.kuaidi100.partner import Kuaidi100Partner
from courier.port import Partner
from courier.settings import (
    CourierSettings,
    EmsSettings,
    JdlSettings,
    KdniaoSettings,
    Kuaidi100Settings,
    PartnerSettings,
    SfSettings,
)
from courier.sf.partner import SfPartner
from courier.signing import same

_BUILDERS: Mapping[type[PartnerSettings], Callable[[Any], Partner]] = {
    EmsSettings: EmsPartner,
    SfSettings: SfPartner,
    Kuaidi100Settings: Kuaidi100Partner,
    KdniaoSettings: KdniaoPartner,
    JdlSettings: JdlPartner,
}


def partners(settings: CourierSettings) -> dict[str, Partner]:
    """Every configured partner by name."""
    return {name: _BUILDERS[type(s)](s) for name, s in settings.partners.items()}


def hook_opens(settings: CourierSettings, partner: str, secret: str) -> bool:
    """Whether `/hooks/couriers/{partner}/{secret}` is an address we gave out. Comes before `verify_push`, never
    instead of it; for a partner that signs nothing (SF) it is all the proof there is. A partner without a hook of its
    own opens to nobody."""
    known = settings.partners.get(partner)
    return known is not None and same(known.hook_secret, secret)
