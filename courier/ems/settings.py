"""What a deployment says about its agreement with China Post EMS."""

from dataclasses import dataclass, field

from courier.entries import PartnerSettings, SettingsWrong
from courier.signing import sm4_key


@dataclass(frozen=True, kw_only=True)
class EmsSettings(PartnerSettings):
    """China Post EMS, one agreement. In the sandbox: asking by order id, the codes for an assigned courier and a
    failed pick-up, which China Post itself does not publish."""

    sender_no: str
    authorization: str = field(repr=False)
    sign_key: str = field(repr=False)
    product: str = "1"  # 特快专递
    project_id: str = ""  # given by China Post for government projects

    def __post_init__(self) -> None:
        super().__post_init__()
        try:
            sm4_key(self.sign_key)
        except ValueError:
            raise SettingsWrong("SIGN_KEY", "16 bytes in Base64, as China Post hands it out") from None
