"""Examples for an embedded service: drop boxes, offices and an agent point of 海珠区, as a district office would write its own."""

from datetime import datetime

from cases.appointments import Office
from cases.boxes import Box
from cases.helping import Point
from cases.model import Address, PersonId

_BOXES = (
    ("hz-chigang-01", "赤岗小蜜蜂箱", "赤岗街道党群服务中心一楼", ("09:30", "16:00")),
    ("hz-jiangnan-01", "江南中小蜜蜂箱", "江南中街道政务服务中心门口", ("09:00", "12:00", "17:30")),
    ("hz-baogang-01", "宝岗小蜜蜂箱", "宝岗大道1号政务服务中心二楼", ("09:00", "16:30")),
)
_HOURS = ("09:00-12:00", "13:00-17:00")
EXAMPLE_OFFICES = (
    Office("hz-zwzx", "海珠区政务服务中心", "海珠区宝岗大道1号", "440105", "020-00000001", _HOURS, ("09:30-11:30",)),
    Office("hz-chigang-pcs", "赤岗派出所户政窗口", "海珠区赤岗路1号", "440105", "020-00000002", _HOURS, capacity=2),
)
EXAMPLE_POINT = Point(
    "hz-chigang",
    "赤岗便民代办点",
    "赤岗村",
    "440105",
    PersonId(""),
    Address("广东省", "广州市", "海珠区", "赤岗街道党群服务中心", "赤岗便民代办点", "02000000003"),
)


def example_boxes(since: datetime) -> tuple[Box, ...]:
    return tuple(Box(code, name, place, "440105", times, since) for code, name, place, times in _BOXES)
