"""Checks of dates and ages. A date that cannot be parsed is `date_invalid`, for a person: most likely misread."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from cases.findings import Finding, FindingCode
from cases.sentences import say
from preaudit import validators
from preaudit.checks.outcomes import at_field, on_field, outcome
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, check
from preaudit.checks.sight import Located, Sight
from preaudit.documents import field_name


def _label(sight: Sight, at: Located) -> str:
    return field_name(at.spot.field, sight.spec)


def _forever(value: str) -> bool:
    return value == validators.FOREVER


def _no_date(sight: Sight, at: Located) -> Finding:
    return at_field(at, FindingCode.DATE_INVALID, say("没有读出正确的{field}", field=_label(sight, at)))


@check("not_expired", Option("days_left", int, 0, least=0), Option("field", str, "valid_to"))
def not_expired(sight: Sight, params: Params) -> Findings:
    """The document is valid today and for `days_left` more days, the item's promised limit.

    Source: 居民身份证法 art. 11 and the like: who holds an expired document renews it.
    Certain: valid; or past its end, read with certainty, which the resident mends.
    Doubtful: ends soon, starts in the future, or was read with doubt.
    Cannot tell: no end was read, or what was read is no date. Many documents print no start: where none was read,
        none is asked for.
    """

    def wrong(at: Located) -> Finding | None:
        return _end_problem(sight, at, params["days_left"])

    yield from on_field(sight, params["field"], wrong, closed=_forever)
    if params["field"] == "valid_to":
        yield from _not_yet_valid(sight)


def _end_problem(sight: Sight, at: Located, days_left: int) -> Finding | None:
    if _forever(at.value):
        return None
    end = validators.parse_date(at.value)
    if end is None:
        return _no_date(sight, at)
    if end < sight.today:
        message = say("{paper}已于{day}过期", paper=sight.spec.name, day=end)
        return at_field(at, FindingCode.EXPIRED, message, valid_to=str(end))
    if end < sight.today + timedelta(days=days_left):
        message = say("{paper}将于{day}到期", paper=sight.spec.name, day=end)
        return at_field(at, FindingCode.EXPIRING, message, valid_to=str(end))
    return None


def _not_yet_valid(sight: Sight) -> Iterator[Finding]:
    """Only where a start was read: many documents print none."""
    for at in sight.find("valid_from"):
        start = validators.parse_date(at.value)
        if start is not None and start > sight.today:
            yield at_field(
                at,
                FindingCode.NOT_YET_VALID,
                say("{paper}的有效期自{day}起，尚未开始", paper=sight.spec.name, day=start),
                valid_from=str(start),
            )


@check(
    "validity_span_plausible",
    Option("holder", str, "applicant", choices=frozenset({"applicant", "agent", "nobody"})),
    reads=lambda _: ("valid_from", "valid_to"),
)
def validity_span_plausible(sight: Sight, params: Params) -> Findings:
    """Back of the identity card: 5, 10, 20 years or 长期, by the holder's age at issue. The age is that of the `holder`
    whose number was typed, if it was.

    Source: 居民身份证法 art. 5.
    Certain: both dates read with certainty and the span fits; or the end was, and the start is the only one that fits the
        holder's age. Two doubtful dates that fit confirm nothing: a glyph misread once is misread alike in both years.
    Doubtful: any other span, or a start before the second generation of cards (2004): never the resident's fault.
    Cannot tell: a date was not read, or is none.
    """
    birth = _birth_of(sight, params["holder"])
    ends = {at.spot.page: at for at in sight.find("valid_to")}

    def wrong(at: Located) -> Finding | None:
        start, end_at = validators.parse_date(at.value), ends.get(at.spot.page)
        end = validators.parse_date(end_at.value) if end_at else None
        if start is None:
            return _no_date(sight, at)
        if end_at is None or (end is None and not _forever(end_at.value)):
            return None  # the end's own finding says so
        problem = validators.validity_span_problem(start, end, birth)
        return at_field(at, FindingCode.DATE_INVALID, problem.removesuffix("。")) if problem else None

    settled = {at.value for at in sight.find("valid_from") if _settled_by_age(at, ends.get(at.spot.page), birth)}
    yield from on_field(sight, "valid_from", wrong, closed=settled.__contains__)
    yield from on_field(sight, "valid_to", lambda at: _end_unreadable(sight, at), closed=_forever)


def _settled_by_age(at: Located, end_at: Located | None, birth: date | None) -> bool:
    """To an end read with certainty and a birth date, at most one of the starts that an end can have belongs."""
    if end_at is None or not end_at.sure or birth is None:
        return False
    start, end = validators.parse_date(at.value), validators.parse_date(end_at.value)
    return start is not None and end is not None and validators.validity_span_problem(start, end, birth) is None


def _end_unreadable(sight: Sight, at: Located) -> Finding | None:
    readable = _forever(at.value) or validators.parse_date(at.value) is not None
    return None if readable else _no_date(sight, at)


_HOLDERS = {"applicant": "id_number", "agent": "agent_id_number", "nobody": ""}


def _birth_of(sight: Sight, holder: str) -> date | None:
    number = sight.form.get(_HOLDERS[holder], "")
    return validators.birth_date_of(number) if validators.id_number_valid(number) else None


@check("since_at_least", Option("days", int, least=1), Option("field", str))
def since_at_least(sight: Sight, params: Params) -> Findings:
    """Something has lasted long enough by today: half a year of residence.

    Source: 居住证暂行条例 art. 2, and the item's own guide.
    Certain: long enough, read with certainty.
    Doubtful: not yet, which a person tells; from the future; or read with doubt.
    Cannot tell: no date was read.
    """
    latest = sight.today - timedelta(days=params["days"])

    def wrong(at: Located) -> Finding | None:
        since = validators.parse_date(at.value)
        if since is None or since > sight.today:
            return _no_date(sight, at) if since is None else _future(sight, at)
        message = say("自{field}起还不满{days}天", field=_label(sight, at), days=params["days"])
        early = replace(at_field(at, FindingCode.NOT_YET_VALID, message), advice=_TOO_EARLY)
        return early if since > latest else None

    return on_field(sight, params["field"], wrong)


_TOO_EARLY = "工作人员会核对。时间真的没到的，请到时间再申请。"


def _future(sight: Sight, at: Located) -> Finding:
    return at_field(at, FindingCode.DATE_INVALID, say("{field}晚于今天", field=_label(sight, at)))


@check("not_in_future", Option("fields", tuple))
def not_in_future(sight: Sight, params: Params) -> Findings:
    """Nothing is registered, issued or signed tomorrow.

    Source: practice: registers and signatures are not made in advance.
    Certain: today or earlier, read with certainty; or more than a year ago, read clearly: no one character that is
        misread brings it into the future.
    Doubtful: later than today, or read with doubt: likelier misread than false.
    Cannot tell: no date was read.
    """

    def wrong(at: Located) -> Finding | None:
        day = validators.parse_date(at.value)
        if day is None:
            return _no_date(sight, at)
        return _future(sight, at) if day > sight.today else None

    for name in params["fields"]:
        yield from on_field(sight, name, wrong, closed=lambda value: _long_ago(sight, value))


def _long_ago(sight: Sight, value: str) -> bool:
    day = validators.parse_date(value)
    return day is not None and day < sight.today - timedelta(days=366)


@check(
    "age_between", Option("min", int, 0, least=0), Option("max", int, 150, least=0), Option("field", str, "id_number")
)
def age_between(sight: Sight, params: Params) -> Findings:
    """The holder's age today, out of the identity number or a birth date: 老年人优待 from 60, own application from 16.

    Source: 老年人权益保障法 art. 2, 民法典 art. 17 to 20, and the item's own guide.
    Certain: within, from a valid number; or outside, which is `refuse` and only a person may say.
    Doubtful: read with doubt.
    Cannot tell: no number, or an impossible one.
    """
    name = params["field"]

    def wrong(at: Located) -> Finding | None:
        birth = validators.birth_date_of(at.value) or validators.parse_date(at.value)
        if birth is None or (name.endswith("id_number") and not validators.id_number_valid(at.value)):
            return outcome(sight, Located(at.spot, at.field, False), None)
        age = validators.age_on(birth, sight.today)
        if params["min"] <= age <= params["max"]:
            return None
        message = say("年龄为{age}周岁，不符合本事项的年龄条件", age=age)
        return at_field(at, FindingCode.AGE_OUT_OF_RANGE, message, age=age)

    return on_field(sight, name, wrong)


@check("certificate_year_fits", reads=lambda _: ("certificate_number", "registered_on"))
def certificate_year_fits(sight: Sight, _: Params) -> Findings:
    """The year inside a marriage certificate's number is that of registration.

    Source: 婚姻登记工作规范: the number 结婚证字号 is region, year, sequence.
    Certain: equal, read with certainty or clearly, as two places say the same; numbers that carry no year, and reissued
        ones, have nothing to compare.
    Doubtful: different: a digit misread.
    Cannot tell: no date of registration was read.
    """
    numbers = {at.spot.page: at.value for at in sight.find("certificate_number")}

    def wrong(at: Located) -> Finding | None:
        day = validators.parse_date(at.value)
        if day is None:
            return _no_date(sight, at)
        if validators.marriage_number_year_fits(numbers.get(at.spot.page, ""), day):
            return None
        return at_field(at, FindingCode.MISMATCH, say("{field}与证号中的年份不一致", field=_label(sight, at)))

    def repeated(value: str) -> bool:
        year = value[:4]
        return any(
            validators.marriage_number_form(n) == "new" and f"-{year}-" in validators.plain(n) for n in numbers.values()
        )

    return on_field(sight, "registered_on", wrong, closed=repeated)
