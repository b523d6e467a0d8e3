"""What a deployment says about its contract with JD Logistics."""

from dataclasses import dataclass, field

from courier.entries import PartnerSettings, SettingsWrong, check_address


@dataclass(frozen=True, kw_only=True)
class JdlSettings(PartnerSettings):
    """JD Logistics. It is asked and never pushes, so there is no hook. `origin` 2 is c2b, 1 b2c: as the contract has
    it; both legs are ordered under the one."""

    app_key: str
    app_secret: str = field(repr=False)
    access_token: str = field(repr=False)
    customer_code: str
    product: str = "ed-m-0001"
    origin: str = "2"
    hook_secret: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if self.hook_secret:
            raise SettingsWrong("HOOK_SECRET", "nothing: JD Logistics is polled, its pushes have no public form")
        check_address("BASE_URL", self.base_url)
        if self.origin not in {"1", "2"}:
            raise SettingsWrong("ORIGIN", "1 (b2c) or 2 (c2b)")
        if min(self.connect_timeout_s, self.read_timeout_s) <= 0:
            raise SettingsWrong("READ_TIMEOUT_S", "more than 0 seconds")
