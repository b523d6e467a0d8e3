"""How long what is kept, and why: one rule per kind of data, in days, with its legal ground.

Values only. A rule counts from a moment that its `since` names; what is over is deleted, or its sealed values are
overwritten and the skeleton stays, so that numbers, figures and the record still fit. An authority may set other lengths
(`in_force`), never one below what the law wants; None keeps for good. What is being looked into is held: see
`storage.retention`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from cases.errors import InvalidRequest
from cases.sentences import say


class Kind(StrEnum):
    DRAFT = "draft"
    ABANDONED = "abandoned"
    APPLICATION = "application"
    WORKING_COPY = "working_copy"
    TRUTH = "truth"
    PARCEL_PHOTO = "parcel_photo"
    LABEL = "label"
    MESSAGE = "message"
    PUSH = "push"
    APPOINTMENT = "appointment"
    PICKUP = "pickup"
    COMPLAINT = "complaint"
    SESSION = "session"
    STRAY = "stray"
    BACKTEST = "backtest"
    REQUESTED = "requested"
    KIOSK_SCAN = "kiosk_scan"
    ONE_TIME_CODE = "one_time_code"
    CLAIM_LOSS = "claim_loss"
    ANSWER = "answer"
    UPLOAD = "upload"
    ACCESS = "access"


class Means(StrEnum):
    DELETE = "delete"
    """The rows and the pictures are gone."""
    OVERWRITE = "overwrite"
    """The sealed values are overwritten and the pictures deleted; numbers, states and dates stay."""
    KEEP = "keep"


@dataclass(frozen=True)
class Rule:
    kind: Kind
    name: str
    """What it is, for residents and auditors."""
    since: str
    means: Means
    days: int | None
    least: int
    """No authority may set fewer."""
    ground: str
    elsewhere: str | None = None
    """The sweep that deletes it, where that is not the sweep of retention."""


_SHORTEST = "《个人信息保护法》第十九条：保存期限应当为实现处理目的所必要的最短时间"
_LOGS = "《网络安全法》：网络日志留存不少于六个月；期满按《个人信息保护法》第四十七条删除"
_ARCHIVE = "《档案法》、《机关文件材料归档范围和文书档案保管期限规定》（国家档案局令第8号）：定期保管10年"
TEN_YEARS = 3653
"""Two or three of ten years are leap years."""

RULES: Mapping[Kind, Rule] = {
    rule.kind: rule
    for rule in (
        Rule(Kind.DRAFT, "没有提交的草稿及其照片", "草稿过期或撤回之日", Means.OVERWRITE, 30, 0, _SHORTEST),
        Rule(
            Kind.ABANDONED, "提交后没有受理的申请（撤回、补正超时、不予受理）", "申请终止之日",
            Means.OVERWRITE, 180, 60, f"{_SHORTEST}；保留至行政复议期限（60日）届满之后",
        ),
        Rule(Kind.APPLICATION, "已受理的办件：申请信息、材料、文书、寄递与评价", "办件终结之日", Means.OVERWRITE,
             TEN_YEARS, TEN_YEARS, _ARCHIVE),
        Rule(Kind.WORKING_COPY, "机器识读结果和供查看的小图", "识读之日，且办件已终结", Means.DELETE, 400, 365,
             f"{_SHORTEST}；一年内可供本人办理其他事项时复用"),
        Rule(Kind.TRUTH, "核对识读准确率时记下的栏目内容", "核对之日", Means.OVERWRITE, 730, 0, _SHORTEST),
        Rule(Kind.PARCEL_PHOTO, "原件装袋照片", "装袋之日，且办件已终结", Means.DELETE, 180, 60, _SHORTEST),
        Rule(Kind.LABEL, "寄递面单和装袋清单", "制作之日，且办件已终结", Means.DELETE, 180, 60, _SHORTEST),
        Rule(Kind.MESSAGE, "发给您的通知", "发出之日", Means.DELETE, 730, 180, _SHORTEST),
        Rule(Kind.PUSH, "快递公司和消息平台推送的原始报文", "收到之日", Means.DELETE, 180, 30, _LOGS),
        Rule(Kind.APPOINTMENT, "预约（手机号码、取号码）", "预约时段结束之日", Means.DELETE, 180, 30, _SHORTEST),
        Rule(Kind.PICKUP, "多件合并取件的地址", "下单之日", Means.OVERWRITE, 180, 60, _SHORTEST),
        Rule(Kind.COMPLAINT, "投诉内容和附图", "投诉办结之日", Means.OVERWRITE, 1096, 730, _SHORTEST),
        Rule(Kind.SESSION, "登录记录（时间、设备、网络地址）", "登录失效之日", Means.DELETE, 180, 180, _LOGS),
        Rule(Kind.STRAY, "收件箱内无主信件的记录", "处理完毕之日", Means.DELETE, 180, 30, _SHORTEST),
        Rule(Kind.BACKTEST, "事项规则试运行的结果", "试运行之日", Means.DELETE, 180, 0, _SHORTEST),
        Rule(Kind.REQUESTED, "本人申请删除的信息", "申请之时", Means.OVERWRITE, 0, 0, "《个人信息保护法》第四十七条"),
        Rule(Kind.KIOSK_SCAN, "自助终端上没有提交的证件和材料扫描件", "离开终端之时", Means.OVERWRITE, 0, 0, _SHORTEST,
             "terminals"),
        Rule(Kind.ONE_TIME_CODE, "一次性验证码", "失效之时", Means.DELETE, 1, 0, _SHORTEST, "old_answers"),
        Rule(Kind.CLAIM_LOSS, "工作人员失去办件占用的提示", "提示之日", Means.DELETE, 30, 0, _SHORTEST, "old_answers"),
        Rule(Kind.ANSWER, "为防止重复提交而记下的答复", "答复之日", Means.DELETE, 30, 0, _SHORTEST, "old_answers"),
        Rule(Kind.UPLOAD, "没有传完的文件", "停止上传之日", Means.DELETE, 1, 0, _SHORTEST, "abandoned_uploads"),
        Rule(Kind.ACCESS, "谁在何时因何看过您的信息（只有编号，没有内容）", "—", Means.KEEP, None, 1096,
             "《个人信息保护法》第五十一条、第五十四条；防篡改记录链的组成部分"),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Chosen:
    """What an authority set: days by kind, and by item for the archive of its cases."""

    days: Mapping[str, int | None]
    items: Mapping[str, int | None]


def in_force(chosen: Chosen) -> Mapping[Kind, Rule]:
    known = {Kind(kind): days for kind, days in chosen.days.items() if kind in set(Kind)}
    return {kind: replace(rule, days=known.get(kind, rule.days)) for kind, rule in RULES.items()}


def check_length(kind: Kind, days: int | None) -> None:
    """Raises `InvalidRequest` for a length that the law does not allow, or that nobody may set."""
    rule = RULES[kind]
    if rule.elsewhere is not None or rule.means is Means.KEEP or kind is Kind.REQUESTED:
        raise InvalidRequest(say("“{name}”的保存期限不能调整。", name=rule.name), kind=str(kind))
    if days is not None and days < rule.least:
        raise InvalidRequest(
            say("“{name}”至少保存{least}天。", name=rule.name, least=rule.least), kind=str(kind), least=rule.least
        )
