"""What a deployment says about its credential with SF Express."""

from dataclasses import dataclass, field
from enum import StrEnum

from courier.entries import PartnerSettings, SettingsWrong, check_address


class SfProof(StrEnum):
    """How requests to SF prove whose they are: as chosen in SF's console for this credential. A wrong choice is A1006."""

    STANDARD_MD5 = "standard_md5"
    SIMPLE_MD5 = "simple_md5"
    SM3 = "sm3"
    OAUTH2 = "oauth2"


@dataclass(frozen=True, kw_only=True)
class SfSettings(PartnerSettings):
    """SF Express 丰桥, one credential. `token_url` is needed with OAuth2 only."""

    partner_id: str
    check_word: str = field(repr=False)
    proof: SfProof = SfProof.STANDARD_MD5
    token_url: str = ""
    monthly_card: str = ""
    product: str = "1"  # expressTypeId: 顺丰特快

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.proof is SfProof.OAUTH2 or self.token_url:
            check_address("TOKEN_URL", self.token_url)
        if not self.product.isdigit():
            raise SettingsWrong("PRODUCT", "SF's expressTypeId, a number")
