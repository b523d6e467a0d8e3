"""Each figure by its name: what it means, and which cases are behind it. The sentences stand on the page beside the
figure and in docs/statistics.md, word for word.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, true

from cases.care import ComplaintState
from cases.lifecycle import CASE, CaseState
from cases.rulings import BECAUSE_LABELS, Because
from storage.care_tables import complaints
from storage.statistics.tables import ENDS, case_figures, order_figures
from storage.tables import corrections

C, ORDER, K, N = case_figures.c, order_figures.c, complaints.c, corrections.c
Where = Callable[[], ColumnElement[bool]]


@dataclass(frozen=True)
class Figure:
    """`moment`: the column of `case_figures` (of `order_figures`, if it is about orders) by whose day a case is counted.
    `counter`: what is summed to the number of cases behind it."""

    label: str
    means: str
    moment: str
    where: Where = true
    counters: tuple[str, ...] = ()
    about: str = "case"
    """case | order | complaint | correction | now"""


def _case(label: str, means: str, moment: str, where: Where, *counters: str) -> Figure:
    return Figure(label, means, f"{moment}_at", where, counters)


_STAGE_LABELS: Mapping[str, tuple[str, str]] = {
    "preaudit": ("预审", "材料交到后等预审，机器和人一起算"),
    "correction": ("补正", "材料退回后等申请人补正"),
    "collection": ("揽收", "预审通过后到窗口收到原件"),
    "reception": ("接件", "收到原件后到受理"),
    "decision": ("审批", "受理后到各部门都作出决定"),
    "result": ("制证", "作出决定后到办结"),
    "delivery": ("送达", "办结后到本人收到"),
}
STAGES: Mapping[str, str] = {stage: label for stage, (label, _) in _STAGE_LABELS.items()}
_BY: Mapping[str, str] = {"passed": "通过预审", "accepted": "受理", "concluded": "办结", "delivered": "送达"}
_PASSED = ("rounds_0", "rounds_1", "rounds_2", "rounds_3")
LEVELS: Mapping[int, str] = {1: "非常满意", 2: "满意", 3: "基本满意", 4: "不满意", 5: "非常不满意"}


def _stage(stage: str) -> Figure:
    label, means = _STAGE_LABELS[stage]
    end = ENDS[stage]
    counters = _PASSED if end == "passed" else (end,)
    told = f"期间{_BY[end]}的办件，{means}，平均用了多少小时（自然时间，昼夜都算）。"
    return _case(f"{label}用时", told, end, true, *counters)


def _rated(level: int) -> Figure:
    told = f"期间评为“{LEVELS[level]}”的办件数。"
    return _case(LEVELS[level], told, "rated", lambda: C.level == level, f"rated_{level}")


def _standing_at(state: CaseState, label: str) -> Figure:
    told = f"期间新开的办件中，现在是“{label}”的。"
    return _case(f"{label}的办件", told, "opened", lambda: C.state == state, f"is_{state}")


def _because(cause: Because, label: str) -> Figure:
    told = f"期间发出的第二次及以后的补正告知中，因为“{label}”的次数；一次告知一行。"
    return Figure(f"再次补正：{label}", told, "sent_at", lambda: N.because == cause, about="correction")


def _standing() -> ColumnElement[bool]:
    return K.state != ComplaintState.WITHDRAWN


FIGURES: Mapping[str, Figure] = {
    "cases": _case("办件数", "期间新开的办件，含还没有提交的；测试办件不算。", "opened", true, "opened"),
    **{
        f"state_{state}": _standing_at(state, label)
        for state, label in CASE.labels.items()
    },
    "submitted": _case("提交数", "期间第一次提交的办件；按提交时的星期和钟点（北京时间）画热力图。", "submitted", true, "submitted"),
    "passed": _case("预审通过数", "期间通过预审的办件。", "passed", true, *_PASSED),
    "first_pass": _case(
        "一次通过率", "期间通过预审的办件中，一次也没有退回补正的占比。", "passed", lambda: C.rounds == 0, "rounds_0"
    ),
    "corrected": _case(
        "平均补正轮次", "期间通过预审的办件，补正告知的次数 ÷ 通过预审数；点开是退回过的办件。", "passed",
        lambda: C.rounds > 0, *_PASSED[1:],
    ),
    "rounds_1": _case("补正一次", "期间通过预审的办件中，退回过一次的。", "passed", lambda: C.rounds == 1, "rounds_1"),
    "rounds_2": _case("补正两次", "期间通过预审的办件中，退回过两次的。", "passed", lambda: C.rounds == 2, "rounds_2"),
    "rounds_3": _case("补正三次以上", "期间通过预审的办件中，退回过三次或更多的。", "passed", lambda: C.rounds > 2, "rounds_3"),
    **{f"because_{cause}": _because(cause, label) for cause, label in BECAUSE_LABELS.items()},
    "papers": _case(
        "少交材料", "期间通过预审的办件中，因为已经掌握而既不用拍照也不用交原件的材料份数。", "passed", lambda: C.papers > 0
    ),
    "accepted": _case("受理数", "期间受理的办件。", "accepted", true, "accepted"),
    **{f"stage_{stage}": _stage(stage) for stage in ENDS},
    "concluded": _case("办结数", "期间办结的办件，批准和不批准都算。", "concluded", true, "concluded"),
    "approved": _case("批准数", "期间办结的办件中，审批通过的。", "concluded", lambda: C.approved.is_(True), "approved"),
    "on_time": _case(
        "按时办结率", "期间办结的办件中，不晚于承诺办结日的占比；补正、特别程序暂停的日子已从承诺日里扣除。", "concluded",
        lambda: ~C.late,
    ),
    "overdue": _case("超期办结", "期间办结的办件中，晚于承诺办结日的。", "concluded", lambda: C.late, "late"),
    "over_law": _case("超法定期限", "期间办结的办件中，晚于法定办结日的。", "concluded", lambda: C.over_law, "over_law"),
    "working_days": _case(
        "平均办理周期", "期间办结的办件，从受理次日起到办结日的工作日数，取平均（成都公布 5.73 个工作日）。", "concluded",
        true, "concluded",
    ),
    "delivered": _case("送达数", "期间送达、现在仍是已送达的办件。", "delivered", true, "delivered"),
    "trips": _case(
        "少跑次数", "期间送达的办件，按不用本系统要跑的次数（交件一次、每次补正一次、取纸质结果一次，或事项自己写明的次数）减去实际到窗口的次数。",
        "delivered", lambda: C.trips > 0,
    ),
    "hours_saved": _case("节省时间", "少跑次数 × 事项写明的每跑一次要用的小时数。", "delivered", lambda: C.minutes > 0),
    "rated": _case("评价数", "期间收到评价的办件，一件一评。", "rated", true, *(f"rated_{n}" for n in LEVELS)),
    **{f"rated_{level}": _rated(level) for level in LEVELS},
    "satisfied": _case(
        "满意率", "期间的评价中，非常满意、满意、基本满意的占比（成都公布 86.7%）。", "rated", lambda: C.level <= 3,
        "rated_1", "rated_2", "rated_3",
    ),
    "unsatisfied": _case("差评", "期间的评价中，不满意和非常不满意的。", "rated", lambda: C.level > 3, "rated_4", "rated_5"),
    "late": Figure("现在超时", "现在停在某一状态、已过这一状态时限的办件，只看超时最久的两千件，最多数到一千件，再多以“+”表示；期间按开件日算。", "opened_at", about="now"),
    **{
        name: Figure(label, means, "filed_at", where, (counter,), "complaint")
        for name, label, means, where, counter in (
            ("complaints", "投诉数", "期间收到的投诉，撤回的不算。", _standing, "complaints"),
            ("answered", "答复率", "期间收到的投诉中，已经答复的占比（成都公布 99.2%）。",
             lambda: and_(_standing(), K.answered_at.is_not(None)), "complaints_answered"),
            ("resolved", "解决率", "期间收到、投诉人对答复表过态的投诉中，说解决了的占比（成都公布 84.1%）。",
             lambda: and_(_standing(), K.resolved.is_(True)), "complaints_resolved"),
            ("unresolved", "未解决", "期间收到的投诉中，投诉人说没有解决的。",
             lambda: and_(_standing(), K.resolved.is_(False)), "complaints_heard"),
        )
    },
    **{
        name: Figure(label, means, "requested_at", where, (counter,), "order")
        for name, label, means, where, counter in (
            ("orders", "下单数", "期间向寄递伙伴下的单。", true, "orders"),
            ("orders_done", "完成", "下的单中已经完成的。", lambda: ORDER.state == "done", "orders_done"),
            ("orders_failed", "没有取到", "下的单中快递员没有来或没有取到的。", lambda: ORDER.state == "failed", "orders_failed"),
            ("orders_refused", "未成立", "下的单中伙伴拒绝或没有成立的。", lambda: ORDER.state.in_(("refused", "void")), "orders_refused"),
            ("orders_cancelled", "取消", "下的单中后来取消的。", lambda: ORDER.state == "cancelled", "orders_cancelled"),
            ("orders_moved", "已取件", "下的单中快递员取走了包裹的。", lambda: ORDER.moved_at.is_not(None), "orders_moved"),
            ("orders_on_time", "准时取件率", "已取件的单中，不晚于约定时段结束的占比。", lambda: ORDER.on_time, "orders_on_time"),
            ("orders_handed", "平均在途", "取件到交接的小时数，取平均。", lambda: ORDER.seconds.is_not(None), "orders_handed"),
        )
    },
}  # fmt: skip
