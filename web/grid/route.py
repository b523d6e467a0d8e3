"""In which order a grid worker walks: by the time promised, then street by street, house by house.

Without a map: streets in the order of their names, houses by number, which keeps each street together and is how people
who know their quarter plan a round.
"""

import re

from cases.model import Address
from storage.in_house import Task

_STREET = re.compile(r"[^\d\s]*?(?:大道|大街|路|街|巷|道|村|苑|里|坊|涌|新城|花园|小区)")
_NUMBER = re.compile(r"\d+")


def street_of(address: Address) -> str:
    """The first street or estate named; the whole where none is."""
    found = _STREET.search(address.detail)
    return found.group() if found else address.detail


def house_of(address: Address) -> tuple[int, ...]:
    """The numbers behind the street, so that 9号 comes before 10号."""
    rest = address.detail.removeprefix(street_of(address))
    return tuple(int(n[:9]) for n in _NUMBER.findall(rest))


def walking_order(task: Task) -> tuple[object, ...]:
    """What is in hand first: it weighs."""
    booking = task.booking
    window = booking.expected
    address = booking.address
    return (not task.started, window.start, task.area, street_of(address), house_of(address), booking.id)
