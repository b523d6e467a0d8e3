"""What a deployment says about its account with KDNiao."""

from dataclasses import dataclass, field

from courier.entries import PartnerSettings, SettingsWrong, check_address


@dataclass(frozen=True, kw_only=True)
class KdniaoSettings(PartnerSettings):
    """KDNiao, one account and one carrier behind it."""

    trace_url: str
    business_id: str
    app_key: str = field(repr=False)
    carrier: str  # ShipperCode: EMS, SF, JD, …
    order_type: str = "1801"  # 上门取件; 1001 is the older 预约取件
    cancel_type: str = "1004"
    trace_type: str = "1002"  # 8001 is the paid one, which tells a code for every line
    month_code: str = ""
    post_code: str = ""  # of the region; the post's own carriers want one
    product: str = "1"  # ExpType

    def __post_init__(self) -> None:
        super().__post_init__()
        check_address("TRACE_URL", self.trace_url)
        if self.order_type not in {"1801", "1001"}:
            raise SettingsWrong("ORDER_TYPE", "1801 or 1001")
        if self.carrier in {"EMS", "YZPY"} and not (self.post_code.isdecimal() and len(self.post_code) == 6):
            raise SettingsWrong("POST_CODE", f"the region's six digits, which {self.carrier} wants")
        if self.trace_type not in {"1002", "8001"}:
            raise SettingsWrong("TRACE_TYPE", "1002 or 8001")
