"""Self-service terminals as the office sees them: which of them work, which want paper, which are silent since when, and
how long a resident needs there."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends

from cases.errors import NotFound
from storage.actors import region_prefix
from storage.device_sessions import Pace
from storage.devices import Device, Paper
from storage.session import Transaction
from web.asks import Write
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api/devices", tags=["devices"])
D = Annotated[Doors, Depends(doors)]
LABELS = {
    "idle": "空闲",
    "in_use": "使用中",
    "paper_out": "缺纸",
    "offline": "离线",
    "not_enrolled": "未启用",
    "revoked": "已停用",
}


class PaperAsk(Write):
    paper: Paper


class DeviceView(Shape):
    """`state`: as the terminal says, or `offline`, `not_enrolled`, `revoked`. `median_s`: from the first touch to the
    receipt, of the `receipts` sessions that came to one."""

    id: str
    name: str
    office: str
    region: str
    state: str
    state_label: str
    since: Time
    paper: Paper
    seen_at: Time | None
    receipts: int
    median_s: float | None


class DevicesView(Shape):
    devices: list[DeviceView]


@router.get("")
def list_devices(me: Annotated[Desk, Depends(requires(Permission.DEVICE_READ))], d: D) -> DevicesView:
    """The terminals of one's region."""
    with d.database.reading() as tx:
        paces, now = tx.guest_sessions.paces(), tx.now()
        return DevicesView(devices=[_view(one, paces.get(one.id), now) for one in tx.devices.list() if _of(me, one)])


@router.post("/{device}/paper")
def put_paper(
    device: str, ask: PaperAsk, me: Annotated[Desk, Depends(requires(Permission.DEVICE_WORK))], d: D
) -> DeviceView:
    """For a terminal whose printer cannot say so itself: paper was put in, or is out."""

    def work(tx: Transaction) -> DeviceView:
        found = tx.devices.device(device)
        if not _of(me, found):
            raise NotFound("没有这台自助终端。", device=device)
        tx.devices.put_paper(device, ask.paper, actor=me.actor)
        return _view(tx.devices.device(device), tx.guest_sessions.paces().get(device), tx.now())

    return write(d.database, asked(me, ask, "device-paper", device), DeviceView, work)


def _of(me: Desk, device: Device) -> bool:
    return me.scope.region is None or device.region.startswith(region_prefix(me.scope.region))


def _view(device: Device, pace: Pace | None, now: datetime) -> DeviceView:
    state, since = device.standing(now)
    return DeviceView(
        id=device.id,
        name=device.name,
        office=device.office,
        region=device.region,
        state=state,
        state_label=LABELS[state],
        since=since,
        paper=device.paper,
        seen_at=device.seen_at,
        receipts=pace.receipts if pace else 0,
        median_s=pace.median_s if pace else None,
    )
