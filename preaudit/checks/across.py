"""Checks across materials, and against what the resident typed and answered.

References: `material.field`, `form.field` (typed when the case was opened), `answers.question`. Values that agree from
two sources confirm each other, however weakly each was read; values that differ are always a person's to judge.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cases.findings import Finding, FindingCode, found
from cases.sentences import Sentence, say
from preaudit import validators
from preaudit.checks.ink import page_text
from preaudit.checks.outcomes import at_field, missing
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, cross_check
from preaudit.checks.sight import Located, Spot, Whole
from preaudit.documents import FORM_FIELDS, field_name
from preaudit.variants import folded

FORM, ANSWERS = "form", "answers"
TYPED = "所填信息"
"""What residents are told of `FORM`."""


@dataclass(frozen=True)
class Source:
    """One side of a comparison. No `located`: typed by the resident."""

    ref: str
    values: frozenset[str]
    located: tuple[Located, ...] = ()


def split(ref: str) -> tuple[str, str]:
    owner, _, name = ref.partition(".")
    return owner, name


def normal(name: str, value: str) -> str:
    """Values that mean the same become the same text. Numbers, dates and names each have their own spelling; a name in
    traditional characters is the same name."""
    day = validators.parse_date(value)
    if day is not None:
        return day.isoformat()
    if name.endswith("name") or name in ("owner", "legal_person", "holder"):
        return folded(validators.normal_name(value))
    return validators.normal_id_number(value).translate(_SAME_SIGN)


_SAME_SIGN = str.maketrans("", "", "-—–_,，.。·:：;；()（）")


@cross_check(
    "same",
    Option("values", tuple, least=2),
    reads=lambda p: tuple(p["values"]),
    confirms=lambda whole, p: agreements(whole, p["values"]),
)
def same(whole: Whole, params: Params) -> Findings:
    """The same thing stands the same in several places: the card, the form, what was typed.

    Source: 行政许可法 art. 34: what was submitted is examined; 公安部 practice of 人证核验.
    Certain: equal in all places, however weakly each was read: sources that agree confirm each other.
    Doubtful: different: misread, mistyped or false, and only a person can say which.
    Cannot tell: one side was not read or not typed. A side that the answers leave out is not compared.
    """
    refs = params["values"]
    if all_settled(whole, refs) or not comparable(whole, refs):
        return
    yield from (f for ref in refs for f in unreadable(whole, ref))
    sources = [s for s in (source(whole, ref) for ref in refs) if s is not None]
    if len(sources) < 2 or agreed_value(sources):
        return
    base = next((s for s in sources if not s.located), sources[0])
    for other in sources:
        if not other.values & base.values:
            yield _mismatch(whole, base, other)


def all_settled(whole: Whole, refs: tuple[str, ...]) -> bool:
    owners = {split(r)[0] for r in refs} - {FORM, ANSWERS}
    return bool(owners) and owners <= whole.settled


def comparable(whole: Whole, refs: tuple[str, ...]) -> bool:
    """At least two of the sides are there: what the answers leave out leaves nothing to compare."""
    return sum(split(ref)[0] in (FORM, *whole.sights) for ref in refs) >= 2


def source(whole: Whole, ref: str) -> Source | None:
    owner, name = split(ref)
    if owner == FORM:
        typed = normal(name, whole.form.get(name, ""))
        return Source(ref, frozenset({typed})) if typed else None
    sight = whole.sights.get(owner)
    located = tuple(at for at in sight.find(name) if at.value.strip()) if sight else ()
    return Source(ref, frozenset(normal(name, at.value) for at in located), located) if located else None


def agreed_value(sources: list[Source]) -> frozenset[str]:
    return frozenset.intersection(*(s.values for s in sources))


def agreements(whole: Whole, refs: tuple[str, ...]) -> Iterator[Spot]:
    """The spots whose values are confirmed because two sources of this comparison say the same."""
    sources = [s for s in (source(whole, ref) for ref in refs) if s is not None]
    for one in sources:
        others = frozenset().union(*(s.values for s in sources if s is not one))
        yield from (at.spot for at in one.located if normal(at.spot.field, at.value) in others)
        if not one.located and one.values & others:
            yield typed_spot(one.ref)


def typed_spot(ref: str) -> Spot:
    """Where the resident typed it: no page."""
    return Spot(FORM, 0, split(ref)[1])


def spots_of(*sources: Source) -> list[Spot]:
    """Every place that takes part in a comparison."""
    return [spot for s in sources for spot in ([at.spot for at in s.located] or [typed_spot(s.ref)])]


def unreadable(whole: Whole, ref: str) -> Iterator[Finding]:
    """Cannot tell: a side that should say something and does not. Nothing, where its absence has its own finding."""
    owner, name = split(ref)
    if owner == FORM:
        if not whole.form.get(name, "").strip():
            message = say("没有填写{field}，无法与材料核对", field=field_name(name))
            advice = "请在申请页面补填这一项。"
            yield found(FindingCode.FIELD_MISSING, field=ref, message=message, advice=advice)
        return
    sight = whole.sights.get(owner)
    if owner in whole.settled:
        return
    if sight and not sight.blocked and not any(at.value.strip() for at in sight.find(name)):
        yield missing(sight, name)


def _mismatch(whole: Whole, base: Source, other: Source) -> Finding:
    """On the paper that differs. If the second reader saw what the other side says, it is a matter of reading."""
    at = (other.located or base.located)[0]
    name = field_name(at.spot.field, whole.sights[at.spot.material].spec)
    between = [other.ref, base.ref]
    if at.field.alternative is not None and normal(at.spot.field, at.field.alternative) in base.values:
        message = say("{place}上的{field}看不太清", place=place(whole, other.ref), field=name)
        return at_field(at, FindingCode.FIELD_DOUBTFUL, message, between=between)
    message = differ(on(place(whole, other.ref), [name]), [place(whole, base.ref)])
    return at_field(at, FindingCode.MISMATCH, message, between=between, compared=spots_of(other, base))


def on(paper: str, fields: Sequence[str]) -> Sentence:
    """Where something stands: 身份证上的姓名, 所填信息中的姓名."""
    return say("{paper}中的{fields}" if paper == TYPED else "{paper}上的{fields}", paper=paper, fields=list(fields))


def differ(here: Sentence, there: Sequence[str]) -> Sentence:
    return say("{here}与{there}的不一致", here=here, there=list(there))


def place(whole: Whole, ref: str) -> str:
    owner, _ = split(ref)
    return TYPED if owner == FORM else whole.sights[owner].spec.name


@cross_check(
    "mentions_applicant",
    Option("material", str),
    Option("any_of", tuple, ("applicant_name", "id_number"), choices=FORM_FIELDS),
    reads=lambda p: (p["material"], *(f"{FORM}.{f}" for f in p["any_of"])),
)
def mentions_applicant(whole: Whole, params: Params) -> Findings:
    """A paper without fixed fields (lease, receipt, proof) is the applicant's: their name or number stands on it.

    Source: 行政许可法 art. 31: what is submitted is the applicant's own and true.
    Certain: found in the readable text.
    Doubtful: not found: papers name people in many ways.
    Cannot tell: nothing was typed to look for: told as not found.
    """
    sight = whole.sights.get(params["material"])
    if sight is None or sight.blocked or params["material"] in whole.settled:
        return
    text = folded("".join(page_text(s.reading) for s in sight.sheets))
    typed = [folded(validators.plain(whole.form.get(f, ""))) for f in params["any_of"]]
    if not any(t and t in text for t in typed):
        yield found(
            FindingCode.MISMATCH,
            material=sight.spec.key,
            page=sight.only_page,
            message=say("没有在{paper}上找到申请人的姓名或号码", paper=sight.spec.name),
            between=[f"{FORM}.{f}" for f in params["any_of"]],
            compared=[Spot(sight.spec.key, sight.only_page or 0, ""), *(Spot(FORM, 0, f) for f in params["any_of"])],
        )


@cross_check(
    "answer_fits_age",
    Option("question", str),
    Option("below", int, least=1),
    Option("of", str, f"{FORM}.id_number", choices=frozenset({f"{FORM}.id_number", f"{FORM}.agent_id_number"})),
    reads=lambda p: (f"{ANSWERS}.{p['question']}", p["of"]),
)
def answer_fits_age(whole: Whole, params: Params) -> Findings:
    """ "Under 16?" is answered yes exactly if the number that was typed says so: the answer chose the materials.

    Source: GB 11643: the birth date in the number; the age limits of the item.
    Certain: fits.
    Doubtful: does not fit.
    Cannot tell: no valid number was typed.
    """
    owner, name = split(params["of"])
    number = whole.form.get(name, "")
    birth = validators.birth_date_of(number)
    where = f"{ANSWERS}.{params['question']}"
    if birth is None or not validators.id_number_valid(number):
        yield found(FindingCode.FIELD_DOUBTFUL, field=f"{owner}.{name}", message="没有有效的公民身份号码，无法核对年龄")
    elif (validators.age_on(birth, whole.today) < params["below"]) != bool(whole.answers.get(params["question"])):
        yield found(
            FindingCode.MISMATCH, field=where, message=say("所选情形与年龄不符（以{age}周岁为界）", age=params["below"])
        )
