"""A booking of the grid becomes a task when somebody looks: the area of its address is looked up once and kept."""

from cases.model import Booking
from courier.areas import area_of
from courier.in_house.settings import GridSettings
from courier.port import Address
from courier.settings import CourierSettings
from storage.session import Transaction

NOWHERE = "-"
"""The area of an address that lies in none, as after a change of the areas: nobody's task, and supervision sees it."""


def make_tasks(tx: Transaction, couriers: CourierSettings) -> int:
    """Every booking of the grid that has no task yet gets one in the area of its address."""
    settings = couriers.partners.get("grid")
    if not isinstance(settings, GridSettings):
        return 0
    found = [(number, b, area_of(settings.area_list, _address(b))) for number, b in tx.in_house.without_task()]
    return sum(tx.in_house.make_task(number, b.id, area.code if area else NOWHERE) for number, b, area in found)


def _address(booking: Booking) -> Address:
    a = booking.address
    return Address(a.province, a.city, a.county, a.detail)
