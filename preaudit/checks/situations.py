"""Checks of papers against the answers 情形: an answer chose what is asked for, so it must be true."""

import re
from collections.abc import Mapping
from datetime import timedelta

from cases.findings import FindingCode, found
from cases.sentences import say
from preaudit import validators
from preaudit.checks.across import ANSWERS, split
from preaudit.checks.outcomes import at_field, doubtful, missing, unread
from preaudit.checks.papers import blank
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, cross_check
from preaudit.checks.sight import Located, Whole
from preaudit.documents import field_name


def _answer(params: Params) -> str:
    return f"{ANSWERS}.{params['question']}"


@cross_check(
    "answer_fits_days",
    Option("question", str),
    Option("since", str),
    Option("days", int, least=1),
    reads=lambda p: (_answer(p), p["since"]),
)
def answer_fits_days(whole: Whole, params: Params) -> Findings:
    """ "More than 30 days ago?" is answered yes exactly if the paper's date says so.

    Source: 户口登记条例 art. 7: birth is registered within a month.
    Certain: fits.
    Doubtful: does not fit.
    Cannot tell: no date was read.
    """
    owner, name = split(params["since"])
    sight = whole.sights.get(owner)
    if sight is None or sight.blocked or owner in whole.settled:
        return
    dates = [(at, validators.parse_date(at.value)) for at in sight.find(name)]
    if not any(day for _, day in dates):
        yield missing(sight, name)
    limit = whole.today - timedelta(days=params["days"])
    for at, day in dates:
        if day is not None and (day < limit) != bool(whole.answers.get(params["question"])):
            label = field_name(name, sight.spec)
            message = say(
                "所选情形与{paper}上的{field}不符（以{days}天为界）",
                paper=sight.spec.name,
                field=label,
                days=params["days"],
            )
            yield at_field(at, FindingCode.MISMATCH, message, between=[_answer(params), params["since"]])


@cross_check(
    "filled_in_when",
    Option("question", str),
    Option("material", str),
    Option("fields", tuple),
    reads=lambda p: (_answer(p), *(f"{p['material']}.{f}" for f in p["fields"])),
)
def filled_in_when(whole: Whole, params: Params) -> Findings:
    """Blanks that a yes brings with it: the gas account only where there is gas.

    Source: 行政许可法 art. 29 and 32.
    Certain: written; or left empty: the resident fills it in.
    Doubtful: a scribble.
    Cannot tell: the label was not found.
    """
    sight = whole.sights.get(params["material"])
    if sight is None or params["material"] in whole.settled or not whole.answers.get(params["question"]):
        return
    if sight.sheets:
        for name in params["fields"]:
            yield from blank(sight, name)


COVERS: Mapping[str, frozenset[str]] = {
    "重型牵引挂车": frozenset({"A2"}),
    "大型货车": frozenset({"A1", "A2", "B2"}),
    "轻型货车": frozenset({"A1", "A2", "A3", "B1", "B2", "C1", "C2"}),
}
"""Kind of vehicle → classes of licence that cover it: 机动车驾驶证申领和使用规定, annex 1 准驾车型及代号 (2022)."""


@cross_check(
    "licence_covers",
    Option("question", str),
    Option("material", str, "driving_licence"),
    reads=lambda p: (_answer(p), f"{p['material']}.class"),
)
def licence_covers(whole: Whole, params: Params) -> Findings:
    """Drivers may drive what is operated: each licence covers the heaviest kind answered.

    Source: 道路运输条例 art. 22; 机动车驾驶证申领和使用规定, annex 1.
    Certain: covered, read with certainty.
    Doubtful: another class, or read with doubt.
    Cannot tell: no class was read, or no kind of vehicle was answered: the resident answers.
    """
    sight = whole.sights.get(params["material"])
    if sight is None or params["material"] in whole.settled or not sight.sheets:
        return
    wanted = COVERS.get(str(whole.answers.get(params["question"])))
    if wanted is None:
        yield found(FindingCode.NOT_FILLED_IN, field=_answer(params), message="请选择经营车辆的种类")
        return
    yield from unread(sight, "class")
    for at in (at for at in sight.find("class") if at.value.strip()):
        if not _codes(at) & wanted:
            message = say("准驾车型不能驾驶所选的车辆（需要{classes}）", classes=sorted(wanted))
            yield at_field(at, FindingCode.MISMATCH, message, between=[_answer(params)])
        elif not at.sure:
            yield doubtful(sight, at)


def _codes(at: Located) -> set[str]:
    """A2D → A2, D."""
    return set(re.findall(r"[ABC][1-6]|[DEFMNP]", validators.plain(at.value)))
