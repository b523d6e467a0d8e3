"""What stands in for a photograph 免提交: a waiver with its source, and the question put to a data-sharing source.

Values only; who may use what stands in `cases.known`, what happens in `cases.actions.waiving`. Consent is to a text: its
version is kept with everything that was done on it, and a text that changes gets a new version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from cases.lifecycle import Machine

REGISTRY = "registry"
RESOURCES: Mapping[str, str] = {
    "id_card_front": "公安部门人口信息",
    "id_card_back": "公安部门人口信息",
    "household_register": "公安部门户籍信息",
    "property_certificate": "不动产登记信息",
    "marriage_certificate": "民政部门婚姻登记信息",
    "business_licence": "市场监管部门登记信息",
}
"""What a data-sharing source can be asked for, by the kind of document it proves, and whose records those are."""


class WaiverSource(StrEnum):
    CASE = "case"
    """Another case of the same person, in which it was photographed and passed."""
    REGISTRY = "registry"


class WaiverEnd(StrEnum):
    TAKEN_BACK = "taken_back"
    REPLACED = "replaced"
    """Photographed after all."""
    REFUSED = "refused"
    """By the office, or found wanting when the case was judged."""


@dataclass(frozen=True)
class Waiver:
    """Alive until `ended_at`; at most one alive per material. `still_show`: the photograph is spared, the paper original
    is asked for all the same. `valid_to`: a day, or 长期, or nothing is known of an end."""

    id: str
    material: str
    source: WaiverSource
    at: datetime
    by: str
    consent: str
    proven_on: date
    valid_to: str | None = None
    still_show: bool = False
    source_case: str | None = None
    source_material: str | None = None
    source_pages: tuple[str, ...] = ()
    resource: str | None = None
    receipt: str | None = None
    ended_at: datetime | None = None
    ended_why: str | None = None


class InquiryState(StrEnum):
    """`dropped`: an answer came, and was not wanted any more."""

    WAITING = "waiting"
    PROVEN = "proven"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    DROPPED = "dropped"


class InquiryEvent(StrEnum):
    PROVE = "prove"
    MISS = "miss"
    GIVE_UP = "give_up"
    REFUSE = "refuse"
    WITHDRAW = "withdraw"
    DROP = "drop"


S, V = InquiryState, InquiryEvent
INQUIRY: Machine[InquiryState, InquiryEvent] = Machine(
    name="inquiry",
    states=InquiryState,
    events=InquiryEvent,
    initial=S.WAITING,
    table={
        S.WAITING: {
            V.PROVE: S.PROVEN,
            V.MISS: S.NOT_FOUND,
            V.GIVE_UP: S.UNAVAILABLE,
            V.REFUSE: S.REFUSED,
            V.WITHDRAW: S.WITHDRAWN,
            V.DROP: S.DROPPED,
        },
        S.PROVEN: {},
        S.NOT_FOUND: {},
        S.UNAVAILABLE: {},
        S.REFUSED: {},
        S.WITHDRAWN: {},
        S.DROPPED: {},
    },
    labels={
        S.WAITING: "正在核验",
        S.PROVEN: "已核验",
        S.NOT_FOUND: "没有查到",
        S.UNAVAILABLE: "暂时查不了",
        S.REFUSED: "对方不予核验",
        S.WITHDRAWN: "已撤回授权",
        S.DROPPED: "已不需要",
    },
)
PATIENCE = timedelta(minutes=1)
"""How long a source that does not answer is asked again: the resident stands there with the phone in hand."""
LATE = timedelta(minutes=10)
"""A question still open then has lost its job: a sweep ends it."""


@dataclass(frozen=True)
class Inquiry:
    """One question to a data-sharing source, and the authorisation it was put on."""

    id: str
    material: str
    resource: str
    state: InquiryState
    consent: str
    by: str
    """Who authorised it."""
    authorised_at: datetime
    answered_at: datetime | None = None
    receipt: str | None = None


@dataclass(frozen=True)
class Wording:
    version: str
    text: str


CONSENTS: Mapping[WaiverSource, Wording] = {
    WaiverSource.CASE: Wording(
        "reuse-1", "我同意把以前办事时交过、已经通过的这份材料用于本次申请。提交前可以随时撤回。"
    ),
    WaiverSource.REGISTRY: Wording(
        "registry-1",
        "我授权办事窗口为办理本次申请，向主管部门核验我的这份材料。只查这一次申请要用的内容，每次查询都有记录，提交前可以随时撤回。",
    ),
}
