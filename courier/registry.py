"""From settings to partners. A new partner is one module, one settings class and one line in `_BUILDERS`."""

from collections.abc import Callable, Mapping

from courier.ems.partner import EmsPartner
from courier.port import Partner
from courier.settings import CourierSettings, EmsSettings
from courier.signing import same

_BUILDERS: Mapping[type[EmsSettings], Callable[[EmsSettings], Partner]] = {EmsSettings: EmsPartner}


def partners(settings: CourierSettings) -> dict[str, Partner]:
    """Every configured partner by name."""
    return {name: _BUILDERS[type(s)](s) for name, s in settings.partners.items()}


def hook_opens(settings: CourierSettings, partner: str, secret: str) -> bool:
    """Whether `/hooks/couriers/{partner}/{secret}` is an address we gave out. Comes before `verify_push`, never
    instead of it."""
    known = settings.partners.get(partner)
    return known is not None and same(known.hook_secret, secret)
