"""Small builders for events and orders. All people and addresses are invented."""

from datetime import UTC, datetime, timedelta
from typing import Any

from courier.port import Address, Contact, GoodsLine, Order
from courier.vocabulary import CourierEvent, EventKind

DAY = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def event(kind: EventKind, minute: int = 0, **more: Any) -> CourierEvent:
    values: dict[str, Any] = {"partner": "ems", "waybill": "1200000000001", "order_id": "ZT1-1", "code": kind.value}
    return CourierEvent(kind=kind, at=DAY + timedelta(minutes=minute), **(values | more))


def reversal(of: EventKind, minute: int, **more: Any) -> CourierEvent:
    return event(EventKind.REVERSAL, minute, reverses=of, **more)


def order(order_id: str = "ZT1-1", **more: Any) -> Order:
    values: dict[str, Any] = {
        "sender": Contact("张小明", "13800000001", Address("广东省", "广州市", "海珠区", "样本路1号201房")),
        "receiver": Contact("政务服务窗口", "020-80000000", Address("广东省", "广州市", "天河区", "样本大道2号")),
        "window_start": datetime(2026, 1, 5, 6, 0, tzinfo=UTC),
        "window_end": datetime(2026, 1, 5, 8, 0, tzinfo=UTC),
        "goods": (GoodsLine("居民户口簿", 1), GoodsLine("社会保障卡申请表", 2)),
    }
    return Order(order_id=order_id, **(values | more))
