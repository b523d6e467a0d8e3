"""From settings to partners. Nobody is named here: see `courier.kinds`."""

from courier.kinds import Journal, kinds, nothing_scanned
from courier.port import Capabilities, Partner
from courier.settings import CourierSettings
from courier.signing import same


def partners(settings: CourierSettings, journal: Journal = nothing_scanned) -> dict[str, Partner]:
    """Every configured partner by name. `journal`: where the scans of our own carriers are kept."""
    return {name: kinds()[name].build(entry, journal) for name, entry in settings.partners.items()}


def capabilities() -> dict[str, Capabilities]:
    """What every partner that the program knows can do, by name, whether or not a deployment has it."""
    return {name: kind.capabilities for name, kind in kinds().items()}


def labels() -> dict[str, str]:
    """How residents call each of them."""
    return {name: kind.label for name, kind in kinds().items()}


def hook_opens(settings: CourierSettings, partner: str, secret: str) -> bool:
    """Whether `/hooks/couriers/{partner}/{secret}` is an address we gave out. Comes before `verify_push`, never
    instead of it; for a partner that signs nothing (SF) it is all the proof there is. A partner without a hook of its
    own opens to nobody."""
    known = settings.partners.get(partner)
    return known is not None and same(known.hook_secret, secret)
