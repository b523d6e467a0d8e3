"""Checks of single values: numbers with a check digit, names, phones.

All of them: certain if the field was read with certainty and is right; doubtful if it is wrong or was read with
doubt; cannot tell (doubtful) if the field was not read at all.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from cases.findings import Finding, FindingCode
from cases.sentences import say
from preaudit import validators
from preaudit.checks.outcomes import at_field, doubtful, missing, on_field, unread
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, check
from preaudit.checks.sight import Located, Sight


def _field(default: str) -> Option:
    return Option("field", str, default)


def _valid(
    sight: Sight, name: str, valid: Callable[[str], bool], message: str, code: FindingCode = FindingCode.CODE_INVALID
) -> Iterator[Finding]:
    def wrong(at: Located) -> Finding | None:
        return None if valid(at.value) else at_field(at, code, message)

    return on_field(sight, name, wrong)


@check("id_number_valid", _field("id_number"))
def id_number_valid(sight: Sight, params: Params) -> Findings:
    """Form, province, birth date and check digit of an identity number.

    Source: GB 11643-1999; 15 digits are void since 2013-01-01.
    Certain: right, and read with certainty.
    Doubtful: wrong, or read with doubt: far more numbers are misread than misprinted, so it is never called the
        resident's fault.
    Cannot tell: no number was read.
    """

    def wrong(at: Located) -> Finding | None:
        problem = _cut_short(at.value) or _impossible(at.value, sight.today)
        return at_field(at, FindingCode.ID_NUMBER_INVALID, problem) if problem else None

    return on_field(sight, params["field"], wrong)


def _impossible(value: str, today: date) -> str | None:
    problem = validators.id_number_problem(value, today)
    return problem.removesuffix("。") if problem else None


def _cut_short(value: str) -> str | None:
    """A number that is too short was covered or cut off far sooner than it was printed so. 15 digits are an older number."""
    read = len(validators.normal_id_number(value))
    short = say("公民身份号码没有读全（应为18位，只读到{read}位），可能被遮挡", read=read)
    return short if read < 18 and read != 15 else None


@check("id_matches_birth_and_sex", reads=lambda _: ("id_number", "birth_date", "sex"))
def id_matches_birth_and_sex(sight: Sight, _: Params) -> Findings:
    """The printed birth date and sex repeat what stands in the number: the strongest check against misreading, and
    against a patched card.

    Source: 居民身份证法 art. 3; GB 11643.
    Certain: equal to a valid number, however weakly each was read.
    Doubtful: different.
    Cannot tell: no valid number, no birth date or no sex was read.
    """
    yield from _repeats(sight, "birth_date", _birth_repeats, "出生日期与公民身份号码不一致")
    yield from _repeats(sight, "sex", _sex_repeats, "性别与公民身份号码不一致")


def _birth_repeats(value: str, id_number: str) -> bool:
    return validators.parse_date(value) == validators.birth_date_of(id_number)


def _sex_repeats(value: str, id_number: str) -> bool:
    return value.strip() == validators.sex_of(id_number)


def _repeats(sight: Sight, name: str, repeats: Callable[[str, str], bool], message: str) -> Iterator[Finding]:
    numbers = {at.spot.page: at for at in sight.find("id_number")}
    values = [at for at in sight.find(name) if at.value.strip()]
    yield from unread(sight, name)
    for at in values:
        number = numbers.get(at.spot.page)
        if number is None:
            yield missing(sight, "id_number", at.spot.page)
        elif not validators.id_number_valid(number.value):
            yield doubtful(sight, number)
        elif not repeats(at.value, number.value):
            yield at_field(at, FindingCode.MISMATCH, message)


@check("name_plausible", _field("name"))
def name_plausible(sight: Sight, params: Params) -> Findings:
    """A name is two or more Han characters, minority names joined by ·.

    Source: 公安部 姓名登记 practice; GB 18030 for rare characters.
    Certain: so, and read with certainty or confirmed by another source.
    Doubtful: anything else, or read with doubt: a misread character is likelier than a strange name, and foreigners
        have papers too.
    Cannot tell: no name was read.
    """
    return _valid(sight, params["field"], validators.name_plausible, "姓名没有读全", FindingCode.FIELD_DOUBTFUL)


@check("mobile_valid", _field("phone"))
def mobile_valid(sight: Sight, params: Params) -> Findings:
    """A mainland mobile number, 11 digits from 13 to 19.

    Source: 工信部 numbering plan.
    Certain: so, and read with certainty or confirmed by what was typed.
    Doubtful: otherwise: handwriting.
    Cannot tell: no number was read.
    """
    return _valid(sight, params["field"], validators.mobile_valid, "手机号码格式不正确")


@check("authority_plausible", _field("authority"))
def authority_plausible(sight: Sight, params: Params) -> Findings:
    """Identity cards are issued by public security bureaus of counties.

    Source: 居民身份证法 art. 8.
    Certain: a bureau, read clearly: no misread character makes one out of another office.
    Doubtful: another office, or read with doubt.
    Cannot tell: nothing was read.
    """
    return on_field(sight, params["field"], _no_bureau, closed=validators.authority_plausible)


def _no_bureau(at: Located) -> Finding | None:
    if validators.authority_plausible(at.value):
        return None
    return at_field(at, FindingCode.ISSUER_MISMATCH, "签发机关应为公安局或其分局")


@check("credit_code_valid", _field("credit_code"))
def credit_code_valid(sight: Sight, params: Params) -> Findings:
    """The check character of a unified social credit code.

    Source: GB 32100-2015.
    Certain: right, and read with certainty.
    Doubtful: wrong, or read with doubt.
    Cannot tell: no code was read.
    """
    return _valid(sight, params["field"], validators.credit_code_valid, "统一社会信用代码不对")


@check("bank_card_valid", _field("card_number"))
def bank_card_valid(sight: Sight, params: Params) -> Findings:
    """16 to 19 digits that satisfy Luhn.

    Source: ISO/IEC 7812-1; 银联卡 numbering.
    Certain: right, and read with certainty.
    Doubtful: wrong, or read with doubt: a few old cards do not satisfy it.
    Cannot tell: no number was read.
    """
    return _valid(sight, params["field"], validators.bank_card_valid, "银行卡号不对")


@check("vin_valid", _field("vin"))
def vin_valid(sight: Sight, params: Params) -> Findings:
    """The check digit of a vehicle identification number.

    Source: GB 16735.
    Certain: right, and read with certainty.
    Doubtful: wrong, or read with doubt.
    Cannot tell: no number was read.
    """
    return _valid(sight, params["field"], validators.vin_valid, "车辆识别代号不对")


@check("plate_valid", _field("plate"))
def plate_valid(sight: Sight, params: Params) -> Findings:
    """Plates, ordinary and new energy.

    Source: GA 36.
    Certain: of that form, and read with certainty.
    Doubtful: of another form, or read with doubt.
    Cannot tell: no plate was read.
    """
    return _valid(sight, params["field"], validators.plate_valid, "号牌号码格式不正确")


_NUMBER_FORMS: dict[str, Callable[[str], str | None]] = {
    "marriage": validators.marriage_number_form,
    "property": validators.property_number_form,
    "birth": validators.birth_number_form,
}


@check(
    "certificate_number_valid",
    Option("kind", str, choices=frozenset(_NUMBER_FORMS)),
    _field("certificate_number"),
)
def certificate_number_valid(sight: Sight, params: Params) -> Findings:
    """Numbers of marriage, property and birth certificates.

    Source: 婚姻登记条例 forms; 不动产登记暂行条例实施细则, 2015 on; 出生医学证明, a letter and nine digits.
    Certain: the present form, read with certainty.
    Doubtful: an older free form, which is valid but cannot be checked, any other, or read with doubt.
    Cannot tell: no number was read.
    """
    form_of = _NUMBER_FORMS[params["kind"]]

    def wrong(at: Located) -> Finding | None:
        form = form_of(at.value)
        if form == "new":
            return None
        if form == "old":
            old = at_field(at, FindingCode.CODE_INVALID, "证号是旧式的，由工作人员核对")
            return replace(old, advice="旧式证件仍然有效，不必重拍，不用您做什么，工作人员会核对。")
        return at_field(at, FindingCode.CODE_INVALID, "证号格式不正确")

    return on_field(sight, params["field"], wrong)
