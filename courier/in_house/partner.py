"""The grid worker, the drop box and the counter behind the port: one body, told apart by their settings and words.

What is different from a courier's company:
- Booking changes nothing anywhere: the number follows from the order id, so `book` and `find` answer at once, always
  the same, and there is no unknown outcome. Whether an order stands is the booking's own state.
- `trace` and `cancel` look into the journal: the scans that our own doors took. It is handed in by the composition
  root, so nothing here knows where it is kept. An envelope that was picked up is not cancelled any more.
- There is no hook: scans come through doors of our own that know who scans, so `verify_push` refuses whatever comes
  from outside.
- A carrier works inside its areas. Both ends must lie in one district of them: it does not leave it. Without areas (a
  counter, boxes) anybody may come.
"""

from collections.abc import Mapping
from dataclasses import replace

from cases.lifecycle import LEG_MOVING, LegState
from courier.areas import Area, area_of
from courier.fold import fold
from courier.in_house import codes, scans, units
from courier.in_house.settings import CounterSettings, DropBoxSettings, GridSettings, InHouseSettings
from courier.kinds import Journal, PartnerKind, nothing_scanned
from courier.port import (
    Address,
    Authenticity,
    Booked,
    Cancelled,
    Capabilities,
    Concerns,
    Covered,
    News,
    NotCovered,
    NotFound,
    Order,
    Payer,
    Push,
    PushAnswer,
    PushRejected,
    PushUnreadable,
    RefusedByPartner,
    TooLate,
    Unknown,
)
from courier.reading import Unreadable
from courier.vocabulary import CourierEvent, from_json
from courier.windows import PartnerHours

_CAPABILITIES = Capabilities(
    find_by_order_id=True,
    reports_assignment=False,
    reports_failed_pickup=True,
    pushes=Authenticity.STRONG,
    safety_code=True,
    payers=frozenset({Payer.ACCOUNT}),  # a service of the office: it costs the resident nothing
    identity_check=True,
    news=News.OURS,
)
_OF: Mapping[str, Capabilities] = {
    "drop_box": replace(
        _CAPABILITIES, safety_code=False, identity_check=False, reports_failed_pickup=False, delivers=False
    ),
}
_GONE = LEG_MOVING | {LegState.DELIVERED, LegState.RETURNED, LegState.LOST}
_OUTSIDE = NotCovered("outside", "不在服务范围内")
_NO_HOOK = "scans_come_through_our_own_doors"


def capabilities_of(name: str) -> Capabilities:
    """The grid worker and the clerk look at the code or the card; a box looks at nothing and brings nothing."""
    return _OF.get(name, _CAPABILITIES)


class InHousePartner:
    """Holds settings and a journal; threads may share it."""

    def __init__(self, settings: InHouseSettings, journal: Journal = nothing_scanned) -> None:
        self.name = settings.name
        self.capabilities = capabilities_of(settings.name)
        self._settings = settings
        self._journal = journal
        self._prefix = units.PREFIXES[settings.name]

    @property
    def hours(self) -> PartnerHours:
        return self._settings.hours

    @property
    def areas(self) -> tuple[Area, ...]:
        return self._settings.area_list

    def waybill_of(self, order_id: str) -> str:
        return codes.number_for(self._prefix, order_id)

    def book(self, order: Order) -> Booked | RefusedByPartner | Unknown:
        if self.areas:
            found = [area_of(self.areas, end.address) for end in (order.sender, order.receiver)]
            districts = {area.district if area else "" for area in found}
            if len(districts) > 1 or "" in districts:
                return RefusedByPartner(_OUTSIDE.code, _OUTSIDE.reason, Concerns.ADDRESS)
        return self._booked(order.order_id)

    def find(self, order_id: str, waybill: str = "") -> Booked | NotFound | Unknown:  # noqa: ARG002 the id is enough
        return self._booked(order_id) if order_id else NotFound()

    def _booked(self, order_id: str) -> Booked:
        return Booked(self.waybill_of(order_id))

    def cancel(self, order_id: str, waybill: str, reason: str) -> Cancelled | TooLate | Unknown:  # noqa: ARG002 nobody to tell
        if waybill != self.waybill_of(order_id):
            return Unknown("not_this_order", reached=False)
        if fold(self.trace(waybill)).state in _GONE:
            return TooLate("picked_up", "已取走")
        return Cancelled()

    def covers(self, address: Address) -> Covered | NotCovered | Unknown:
        if not self.areas or area_of(self.areas, address) is not None:
            return Covered()
        return _OUTSIDE

    def trace(self, waybill: str) -> tuple[CourierEvent, ...]:
        return tuple(from_json(body) for body in self._journal(self.name, waybill))

    def verify_push(self, raw: bytes, headers: Mapping[str, str], content_type: str) -> Push | PushRejected:  # noqa: ARG002 see the head
        return PushRejected(self.name, _NO_HOOK)

    def parse_push(self, push: Push) -> tuple[CourierEvent, ...]:
        try:
            return (scans.event_of(push.body, self.name),)
        except Unreadable as e:
            raise PushUnreadable(self.name, str(e)) from None

    def answer_push(self, push: Push | PushRejected, kept: bool) -> PushAnswer:
        genuine = isinstance(push, Push)
        return PushAnswer((200 if kept else 503) if genuine else 403, "application/json", b"{}")


def _kind(settings: type[InHouseSettings], label: str) -> PartnerKind[InHouseSettings]:
    return PartnerKind(settings.name, label, settings, InHousePartner, capabilities_of(settings.name))


PARTNERS = (_kind(GridSettings, "网格员"), _kind(DropBoxSettings, "收件箱"), _kind(CounterSettings, "办事窗口"))
