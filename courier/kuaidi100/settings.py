"""What a deployment says about its account with Kuaidi100."""

from dataclasses import dataclass, field, replace

from courier.entries import SECRET_LENGTH_MIN, PartnerSettings, SettingsWrong, check_address
from courier.windows import USUAL_HOURS, PartnerHours


@dataclass(frozen=True, kw_only=True)
class Kuaidi100Settings(PartnerSettings):
    """Kuaidi100, one account and one carrier behind it. `salt` is ours: without it pushes would come unsigned, so it
    has no default. `public_url` is where our hooks are seen from outside."""

    poll_url: str
    query_url: str
    key: str = field(repr=False)
    secret: str = field(repr=False)
    customer: str
    salt: str = field(repr=False)
    public_url: str
    carrier: str = "ems"  # kuaidicom: ems, shunfeng, jd, …
    service_type: str = ""
    hours: PartnerHours = field(default_factory=lambda: replace(USUAL_HOURS, days_ahead=3))  # 今天 | 明天 | 后天

    def __post_init__(self) -> None:
        super().__post_init__()
        for name, url in (("POLL_URL", self.poll_url), ("QUERY_URL", self.query_url), ("PUBLIC_URL", self.public_url)):
            check_address(name, url)
        if len(self.salt) < SECRET_LENGTH_MIN:
            raise SettingsWrong("SALT", "at least 16 random characters of our own")

    @property
    def callback_url(self) -> str:
        """Where Kuaidi100 shall push to; told with each order."""
        return f"{self.public_url.rstrip('/')}/hooks/couriers/kuaidi100/{self.hook_secret}"
