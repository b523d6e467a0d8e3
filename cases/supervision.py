"""Supervision 电子监察: what waits with a deadline, when it turns yellow and red, who is told and after how long, and what
to do next. All of it is data: the tables below hold what is usual, a city's settings may say otherwise.

A deadline that is None is no limit: it never lights and nobody is told. A clock that stands still (a special procedure)
does not run. A light is a comparison of two times and is never kept.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from cases.deadlines import Calendar, add_working_days, beijing_day, end_of
from cases.errors import InvalidRequest
from cases.lifecycle import CaseState


class WaitKind(StrEnum):
    """What can wait. `state`: a case in its state; `promised`, `statutory`: its two clocks, each for itself."""

    STATE = "state"
    PROMISED = "promised"
    STATUTORY = "statutory"
    ASSIGNMENT = "assignment"
    INCIDENT = "incident"
    TRANSFER = "transfer"
    RECEIPT = "receipt"
    DEFERRAL = "deferral"
    RECTIFICATION = "rectification"
    COMPLAINT = "complaint"
    FOLLOW_UP = "follow_up"
    CLOCK_REQUEST = "clock_request"
    PROPOSAL = "proposal"
    MISUSE = "misuse"
    CHILD = "child"
    BOOKING = "booking"
    LETTER = "letter"
    NOTICE = "notice"
    OUTGOING = "outgoing"
    PAGE = "page"


KIND_LABELS: Mapping[WaitKind, str] = {
    WaitKind.STATE: "办理环节",
    WaitKind.PROMISED: "承诺时限",
    WaitKind.STATUTORY: "法定时限",
    WaitKind.ASSIGNMENT: "部门任务",
    WaitKind.INCIDENT: "原件异常",
    WaitKind.TRANSFER: "原件移交",
    WaitKind.RECEIPT: "代收确认",
    WaitKind.DEFERRAL: "容缺补交",
    WaitKind.RECTIFICATION: "差评整改",
    WaitKind.COMPLAINT: "投诉",
    WaitKind.FOLLOW_UP: "回访",
    WaitKind.CLOCK_REQUEST: "延期和特别程序申请",
    WaitKind.PROPOSAL: "第二人复核",
    WaitKind.MISUSE: "冒用核实",
    WaitKind.CHILD: "联办事项",
    WaitKind.BOOKING: "寄递下单",
    WaitKind.LETTER: "文书制作",
    WaitKind.NOTICE: "通知发送",
    WaitKind.OUTGOING: "部门推送",
    WaitKind.PAGE: "材料识读",
}
CARE = frozenset({WaitKind.RECTIFICATION, WaitKind.COMPLAINT, WaitKind.FOLLOW_UP})
"""Not for those who worked on the case."""
PATIENCE: Mapping[WaitKind, timedelta] = {
    WaitKind.CHILD: timedelta(hours=1),
    WaitKind.BOOKING: timedelta(hours=2),
    WaitKind.LETTER: timedelta(hours=1),
    WaitKind.NOTICE: timedelta(hours=2),
    WaitKind.OUTGOING: timedelta(hours=8),
    WaitKind.PAGE: timedelta(hours=1),
}
"""What the program does by itself, in seconds if all is well: after so long somebody has to look. Ours; a message to a
department's system has by then been tried five times."""
BY_RESIDENT = frozenset({CaseState.DRAFT, CaseState.RETURNED, CaseState.PREAUDIT_PASSED, CaseState.DELIVERED})
"""States that the resident leaves, or that end by themselves."""
BY_PROGRAM = frozenset({CaseState.SUBMITTED, CaseState.ACCEPTED})
BY_COURIER = frozenset({CaseState.COLLECTING, CaseState.DELIVERING})
CLOCKED = frozenset({CaseState.ACCEPTED, CaseState.PROCESSING, CaseState.APPROVED, CaseState.REFUSED})
"""Both clocks run from acceptance until the result is issued."""


class Light(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    PAUSED = "paused"


LIGHT_LABELS: Mapping[Light, str] = {Light.GREEN: "绿", Light.YELLOW: "黄", Light.RED: "红", Light.PAUSED: "停"}


@dataclass(frozen=True)
class Yellow:
    """From when it is yellow: so many hours, or working days, before the end, but never sooner than in the last `share`
    of the whole time. Nothing before the end: it is never yellow."""

    hours: float = 0
    working_days: int = 0
    share: float = 1.0

    def __post_init__(self) -> None:
        if self.hours < 0 or self.working_days < 0 or not 0 < self.share <= 1:
            raise InvalidRequest("预警时间不能为负数，比例须大于0且不超过1。")

    def horizon(self, now: datetime, calendar: Calendar) -> datetime:
        """What ends before it is near its end now, as far as hours and days go."""
        if self.working_days:
            return end_of(add_working_days(calendar, beijing_day(now), self.working_days))
        return now + timedelta(hours=self.hours)


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: so many working days after the end, this role is told. `holder`: the role that holds it."""

    after: int
    role: str


HOLDER = "holder"
SUPERVISOR, ADMINISTRATOR = "supervisor", "administrator"
_USUAL = (Rung(0, HOLDER), Rung(1, SUPERVISOR), Rung(3, ADMINISTRATOR))
_SUPERVISORS = (Rung(0, SUPERVISOR), Rung(2, ADMINISTRATOR))
_PROGRAM = (Rung(0, ADMINISTRATOR),)
_SWEPT = (Rung(1, ADMINISTRATOR),)
"""The resident's time ends by itself; what still stands there a day later is a fault of the program."""


@dataclass(frozen=True)
class Rule:
    yellow: Yellow
    ladder: tuple[Rung, ...]
    next: str
    """What to do now, for whoever looks at the board."""


def _state(state: CaseState) -> str:
    return f"{WaitKind.STATE}.{state}"


RULES: Mapping[str, Rule] = {
    _state(CaseState.DRAFT): Rule(Yellow(hours=72), _SWEPT, "等申请人提交；到期自动结束"),
    _state(CaseState.SUBMITTED): Rule(Yellow(), _PROGRAM, "查看后台任务和读图服务"),
    _state(CaseState.IN_REVIEW): Rule(Yellow(hours=4, share=0.5), _USUAL, "领取并完成预审，或改派他人"),
    _state(CaseState.RETURNED): Rule(Yellow(working_days=3), _SWEPT, "提醒申请人补正；到期自动结束"),
    _state(CaseState.PREAUDIT_PASSED): Rule(Yellow(working_days=3), _SWEPT, "提醒申请人预约取件；到期自动结束"),
    _state(CaseState.COLLECTING): Rule(Yellow(working_days=2), _USUAL, "联系寄递伙伴，核实原件在哪里"),
    _state(CaseState.RECEIVED): Rule(Yellow(working_days=1), _USUAL, "核对原件并作出受理决定"),
    _state(CaseState.ACCEPTED): Rule(Yellow(), _PROGRAM, "查看后台任务，转部门没有完成"),
    _state(CaseState.PROCESSING): Rule(Yellow(working_days=1), _USUAL, "督促部门作出决定"),
    _state(CaseState.APPROVED): Rule(Yellow(working_days=2), _USUAL, "制作结果并办结"),
    _state(CaseState.REFUSED): Rule(Yellow(working_days=2), _USUAL, "制作决定书并办结"),
    _state(CaseState.CONCLUDED): Rule(Yellow(working_days=5), _USUAL, "联系申请人预约送达"),
    _state(CaseState.DELIVERING): Rule(Yellow(working_days=2), _USUAL, "联系寄递伙伴，核实结果在哪里"),
    _state(CaseState.DELIVERED): Rule(Yellow(), _SWEPT, "到期自动归档"),
    WaitKind.PROMISED: Rule(Yellow(working_days=2, share=0.5), _USUAL, "督促部门在承诺时限内办结"),
    WaitKind.STATUTORY: Rule(Yellow(working_days=3, share=0.5), _USUAL, "督促办结；确需更长时间的，依法办理延期"),
    WaitKind.ASSIGNMENT: Rule(Yellow(working_days=1, share=0.5), _USUAL, "督促该部门作出决定"),
    WaitKind.INCIDENT: Rule(
        Yellow(hours=24, share=0.5), (Rung(0, HOLDER), Rung(2, ADMINISTRATOR)), "查清原件去向并办结"
    ),
    WaitKind.TRANSFER: Rule(Yellow(hours=8, share=0.5), _USUAL, "催对方签收，或撤回移交"),
    WaitKind.RECEIPT: Rule(Yellow(hours=24, share=0.5), _SWEPT, "等申请人确认；到期转为异常"),
    WaitKind.DEFERRAL: Rule(Yellow(working_days=3), _SWEPT, "提醒申请人补交容缺材料"),
    WaitKind.RECTIFICATION: Rule(Yellow(working_days=3, share=0.5), _SUPERVISORS, "核实、整改并回访评价人"),
    WaitKind.COMPLAINT: Rule(Yellow(working_days=1, share=0.5), _SUPERVISORS, "受理并答复投诉人"),
    WaitKind.FOLLOW_UP: Rule(Yellow(working_days=1), _SUPERVISORS, "打电话回访"),
    WaitKind.CLOCK_REQUEST: Rule(Yellow(hours=8, share=0.5), _SUPERVISORS, "批准或者不批准部门的申请"),
    WaitKind.PROPOSAL: Rule(Yellow(hours=4, share=0.5), _USUAL, "由提出人以外的另一人复核"),
    WaitKind.MISUSE: Rule(Yellow(working_days=1, share=0.5), _SUPERVISORS, "核实材料是否为他人冒用"),
    WaitKind.CHILD: Rule(Yellow(), _PROGRAM, "查看后台任务，联办事项没有开办"),
    WaitKind.BOOKING: Rule(Yellow(), _USUAL, "联系寄递伙伴，核实是否已经下单"),
    WaitKind.LETTER: Rule(Yellow(), _PROGRAM, "查看后台任务，文书没有做成"),
    WaitKind.NOTICE: Rule(Yellow(), _PROGRAM, "查看后台任务和消息平台，通知没有发出"),
    WaitKind.OUTGOING: Rule(Yellow(), (Rung(0, SUPERVISOR), Rung(1, ADMINISTRATOR)), "联系部门系统，接通后重新推送"),
    WaitKind.PAGE: Rule(Yellow(), _PROGRAM, "请技术人员看识读和病毒查杀是否在运行"),
}
"""By kind; a case's state by `state.` and the state. Shares keep a short limit from being yellow from its first hour."""
OF_STATE: Mapping[CaseState, str] = {
    **dict.fromkeys((CaseState.IN_REVIEW, CaseState.RETURNED), "pre_auditor"),
    CaseState.PROCESSING: "clerk",
    **dict.fromkeys((CaseState.COLLECTING, CaseState.RECEIVED, CaseState.APPROVED, CaseState.REFUSED), "intake"),
    **dict.fromkeys((CaseState.PREAUDIT_PASSED, CaseState.CONCLUDED, CaseState.DELIVERING), "intake"),
}
OF_KIND: Mapping[WaitKind, str] = {
    WaitKind.PROMISED: "clerk",
    WaitKind.STATUTORY: "clerk",
    WaitKind.ASSIGNMENT: "clerk",
    **dict.fromkeys((WaitKind.TRANSFER, WaitKind.RECEIPT, WaitKind.DEFERRAL, WaitKind.BOOKING), "intake"),
    WaitKind.PROPOSAL: "pre_auditor",
    **dict.fromkeys((WaitKind.CHILD, WaitKind.LETTER, WaitKind.NOTICE, WaitKind.PAGE), ADMINISTRATOR),
}


def holding_role(kind: WaitKind, state: str) -> str:
    """Whose role it is to move it on; the supervisor's where no other is named. `state` of an incident: its owner."""
    if kind is WaitKind.STATE:
        return OF_STATE.get(CaseState(state), SUPERVISOR)
    return state if kind is WaitKind.INCIDENT else OF_KIND.get(kind, SUPERVISOR)


@dataclass(frozen=True)
class Rules:
    """What is in force: the usual, and what the settings say of some kinds instead."""

    by_name: Mapping[str, Rule]

    def of(self, kind: WaitKind, state: str = "") -> Rule:
        return self.by_name[_state(CaseState(state)) if kind is WaitKind.STATE else kind]


USUAL = Rules(RULES)


def name_of(kind: WaitKind, state: str = "") -> str:
    return f"{kind}.{state}" if kind is WaitKind.STATE else str(kind)


def rules_from(said: Mapping[str, Any], roles: frozenset[str]) -> Rules:
    """`{"state.in_review": {"yellow": {"hours": 2}, "ladder": [{"after": 0, "role": "pre_auditor"}]}}` laid over the
    usual. An empty ladder tells nobody. Raises `InvalidRequest` naming what is unknown."""
    unknown = sorted(set(said) - set(RULES))
    if unknown:
        raise InvalidRequest("没有这种监察对象。", unknown=unknown, known=sorted(map(str, RULES)))
    return Rules({name: _rule(rule, said.get(name, {}), roles) for name, rule in RULES.items()})


def _rule(usual: Rule, said: Mapping[str, Any], roles: frozenset[str]) -> Rule:
    try:
        yellow = Yellow(**said["yellow"]) if "yellow" in said else usual.yellow
        ladder = (
            tuple(Rung(int(r["after"]), str(r["role"])) for r in said["ladder"]) if "ladder" in said else usual.ladder
        )
    except (TypeError, KeyError, ValueError):
        raise InvalidRequest("监察规则写得不对。", example={"yellow": {"hours": 4}, "ladder": []}) from None
    if any(rung.after < 0 or rung.role not in roles | {HOLDER} for rung in ladder):
        raise InvalidRequest("督办的角色或天数写得不对。", roles=sorted(roles | {HOLDER}))
    return Rule(yellow, tuple(sorted(ladder, key=lambda r: r.after)), usual.next)


def rules_to_json(rules: Rules) -> dict[str, Any]:
    return {
        name: {"yellow": vars(rule.yellow), "ladder": [vars(rung) for rung in rule.ladder], "next": rule.next}
        for name, rule in rules.by_name.items()
    }


@dataclass(frozen=True)
class Wait:
    """One thing that waits, as far as its light goes. `since`: when its time began."""

    kind: WaitKind
    state: str
    due: datetime | None
    since: datetime
    paused: bool = False


def light(wait: Wait, now: datetime, calendar: Calendar, rules: Rules = USUAL) -> Light:
    """Red from the end on. No limit is green for ever, and a clock that stands still shows that it does."""
    if wait.paused:
        return Light.PAUSED
    if wait.due is None:
        return Light.GREEN
    if wait.due <= now:
        return Light.RED
    yellow = rules.of(wait.kind, wait.state).yellow
    near = wait.due <= yellow.horizon(now, calendar) and wait.due - now <= yellow.share * (wait.due - wait.since)
    return Light.YELLOW if near else Light.GREEN


def told_since(rung: Rung, now: datetime, calendar: Calendar) -> datetime:
    """What ended before it is on this rung: `after` working days ago, at this time of the day."""
    day, left = beijing_day(now), rung.after
    while left > 0:
        left -= calendar.is_working(day)
        day -= timedelta(days=1)
    return now - (beijing_day(now) - day)


def last_day_over(now: datetime) -> date:
    """The last day whose limit has run out."""
    today = beijing_day(now)
    return today if end_of(today) <= now else today - timedelta(days=1)
