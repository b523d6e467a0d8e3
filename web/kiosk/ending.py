"""Ending what is open at a terminal before something else begins there."""

from storage.device_sessions import HowEnded
from storage.devices import Device
from storage.guest_endings import end_session
from storage.session import Transaction


def end_open(tx: Transaction, device: Device, how: HowEnded) -> list[str]:
    """The keys of blobs that nobody needs any more."""
    before = tx.guest_sessions.open_at(device.id)
    return [] if before is None else end_session(tx, before, how)


def end_lapsed(tx: Transaction, device: Device) -> list[str]:
    """Ends the open session if its time is over."""
    before = tx.guest_sessions.open_at(device.id)
    if before is None or tx.now() < before.ends_at:
        return []
    return end_session(tx, before, HowEnded.LAPSED)
