"""An item 事项 is data: what can be applied for, its checklist, departments and time limits.

`item_from(mapping)` builds one from plain data (a YAML file or the row that keeps a published version) and raises
`ItemInvalid` naming the path of what is wrong. Rules that need more than shape (limits that contradict each other, a
check that does not exist) are the linter's, in `preaudit`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from cases.errors import Refusal

Answers = Mapping[str, Any]


class ItemInvalid(Refusal):
    code = "item_invalid"


class Kind(StrEnum):
    INSTANT = "instant"
    PROMISE = "promise"


class Need(StrEnum):
    REQUIRED = "required"
    OPTIONAL = "optional"
    DEFERRABLE = "deferrable"


class OriginalUse(StrEnum):
    """What becomes of the paper: the office keeps it, looks and gives it back, or never sees it."""

    COLLECT = "collect"
    SHOW = "show"
    NONE = "none"


@dataclass(frozen=True)
class Limits:
    statutory_days: int
    promised_days: int
    preaudit_hours: int


@dataclass(frozen=True)
class Question:
    key: str
    ask: str
    type: str
    """bool | choice | text"""
    choices: tuple[str, ...] = ()
    """What is kept, always in Chinese; `labels` is what is shown in their place."""
    labels: Mapping[str, str] = field(default_factory=dict)
    if_yes: str = ""
    """The answer as a clause, 持卡人未满16周岁, to say when a material is needed; `if_chosen` for each choice."""
    if_no: str = ""
    if_chosen: Mapping[str, str] = field(default_factory=dict)
    en: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckCall:
    """One call of a registered check: `{not_expired: {days_left: 30}}` or plain `id_number_valid`."""

    name: str
    params: Any = None


@dataclass(frozen=True)
class MaterialSpec:
    key: str
    name: str
    document: str
    need: Need
    when: Mapping[str, Any]
    min_pages: int
    max_pages: int
    original: OriginalUse
    copies: int
    source: str
    reuse_days: int
    accept: str
    checks: tuple[CheckCall, ...]
    form_fields: Mapping[str, str] = field(default_factory=dict)
    """label → field name, for an application form."""
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Field name → what there is to choose, for fields with boxes to tick."""
    fill_online: bool = False
    """Whether the form may be filled in and signed on the phone; elsewhere the law wants it signed on paper."""
    defer_days: int = 0
    """How many days at most it may be put off 容缺; 0: the usual bound (`cases.actions.review.DEFER_DAYS`)."""
    sources: tuple[str, ...] = ()
    """What may prove it instead: `registry:KIND`, a resource of `cases.waived.RESOURCES`."""
    holder: str = ""
    """`applicant`: the applicant's own paper, where no comparison with what was typed says so."""
    en: Mapping[str, Any] = field(default_factory=dict)
    national: Mapping[str, str] = field(default_factory=dict)
    """Fields of the national exchange that nothing here is made of (`cases.exchange`): kept as they came."""

    @property
    def form_labels(self) -> Mapping[str, str]:
        """As the reader takes them: label → field name, and behind it what there is to choose, `reason(遗失|损坏)`."""
        options = {name: f"({'|'.join(options)})" for name, options in self.choices.items()}
        return {label: name + options.get(name, "") for label, name in self.form_fields.items()}


UNROUTED = "unrouted"
"""The desk that always exists: what no rule routes lands there instead of nowhere."""


@dataclass(frozen=True)
class Competence:
    """Who is competent by where the applicant lives. `by`: a part of the address; `equals` and `starts`: its value, or how
    it begins, → department, the first that fits. `otherwise`: who else; nobody named: a person routes it."""

    by: str
    equals: Mapping[str, str] = field(default_factory=dict)
    starts: Mapping[str, str] = field(default_factory=dict)
    otherwise: str = ""

    @property
    def rest(self) -> str:
        """Who has what no rule knows."""
        return self.otherwise or UNROUTED

    @property
    def departments(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.equals.values(), *self.starts.values(), self.rest)))


@dataclass(frozen=True)
class RoutingStep:
    """`joint`: departments that decide it together with `department`, which leads: all must agree, the lead last."""

    key: str
    department: str
    days: int
    task: str
    after: tuple[str, ...] = ()
    when: Mapping[str, Any] = field(default_factory=dict)
    joint: tuple[str, ...] = ()
    competent: Competence | None = None

    @property
    def departments(self) -> tuple[str, ...]:
        """Everybody it may go to."""
        lead = self.competent.departments if self.competent else (self.department,)
        return tuple(dict.fromkeys((*lead, *self.joint)))


class Accepting(StrEnum):
    """Whose windows may count the papers of an item and accept it: 全区通办, 全市通办, 全省通办, or its own department's."""

    DEPARTMENT = "department"
    REGION = "region"
    CITY = "city"
    PROVINCE = "province"


@dataclass(frozen=True)
class Clocks:
    """How far its clocks may be stretched: `specials` kind → the most working days. Law bounds both (`cases.clocks`)."""

    extension_days: int = 10
    specials: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    name: str
    form: str
    """paper | electronic"""
    delivery: tuple[str, ...]
    en: Mapping[str, Any] = field(default_factory=dict)


class PaidBy(StrEnum):
    """Who pays for carrying."""

    OFFICE = "office"
    RESIDENT = "resident"


@dataclass(frozen=True)
class CourierTerms:
    """What an item asks of whoever carries its papers. `addressee_only`: the result goes into the applicant's own
    hands, proved by a code or by the identity number. `declared_value_fen`: of what is in the envelope, both ways."""

    collection: PaidBy = PaidBy.OFFICE
    delivery: PaidBy = PaidBy.OFFICE
    declared_value_fen: int = 0
    addressee_only: bool = False


@dataclass(frozen=True)
class Visits:
    """What the errand costs at a counter. `without_us`: trips, where the item knows better than `cases.saved`.
    `hours_each`: there, waiting, and back."""

    without_us: int | None = None
    hours_each: float = 2.0


@dataclass(frozen=True)
class FollowOn:
    """`inherits`: keys of materials that the opened item shares, so that nothing is asked for again. `when`: as a
    material's."""

    item: str
    inherits: tuple[str, ...]
    when: Mapping[str, Any] = field(default_factory=dict)
    result_as: str = ""
    """The material of the opened item that this one's result proves."""


@dataclass(frozen=True)
class Fee:
    amount_fen: int
    basis: str
    en: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Item:
    code: str
    version: int
    name: str
    region: str
    department: str
    kind: Kind
    limits: Limits
    applicants: tuple[str, ...]
    channels: tuple[str, ...]
    in_person: str | None
    questions: tuple[Question, ...]
    materials: tuple[MaterialSpec, ...]
    cross_checks: tuple[CheckCall, ...]
    routing: tuple[RoutingStep, ...]
    result: Result
    follow_ons: tuple[FollowOn, ...]
    fee: Fee | None
    summary: str = ""
    keywords: tuple[str, ...] = ()
    courier: CourierTerms = CourierTerms()
    supersedes: tuple[str, ...] = ()
    """Kinds of documents, or names of papers, of which older copies count no more once this was applied for."""
    visits: Visits = Visits()
    accepting: Accepting = Accepting.REGION
    clocks: Clocks = Clocks()
    national: Mapping[str, str] = field(default_factory=dict)
    """As a material's: 基本编码, 设定依据, 行使层级 and what else the national exchange asks for."""
    en: Mapping[str, Any] = field(default_factory=dict)
    """Here and in its parts: field name → the same in English, for those that are there."""

    def material(self, key: str) -> MaterialSpec | None:
        return next((m for m in self.materials if m.key == key), None)


class _Reader:
    """Walks one mapping; remembers the path, refuses unknown and missing keys."""

    def __init__(self, raw: Any, path: str) -> None:
        if not isinstance(raw, Mapping):
            raise ItemInvalid(f"{path}: 应为键值对", path=path)
        self.raw, self.path, self.seen = raw, path, set[str]()

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = ...) -> Any:
        self.seen.add(key)
        value = self.raw.get(key, default)
        if value is ...:
            raise ItemInvalid(f"{self.path}.{key}: 缺少此项", path=f"{self.path}.{key}")
        if value is not default and (not isinstance(value, kind) or (isinstance(value, bool) and kind is int)):
            raise ItemInvalid(f"{self.path}.{key}: 类型不对（{type(value).__name__}）", path=f"{self.path}.{key}")
        return value

    def choice(self, key: str, enum: type[StrEnum], default: Any = ...) -> Any:
        value = self.take(key, str, default)
        try:
            return enum(value)
        except ValueError:
            allowed = ", ".join(enum)
            raise ItemInvalid(f"{self.path}.{key}: {value!r} 不在 {allowed} 之中", path=f"{self.path}.{key}") from None

    def strings(self, key: str, default: Any = ...) -> tuple[str, ...]:
        return tuple(str(x) for x in self.take(key, (list, tuple), default))

    def each(self, key: str, default: Any = ()) -> "list[_Reader]":
        return [_Reader(raw, f"{self.path}.{key}[{i}]") for i, raw in enumerate(self.take(key, (list, tuple), default))]

    def english(self, *names: str) -> Mapping[str, Any]:
        """`en`: texts, or mappings of texts, of these names."""
        r = _Reader(self.take("en", Mapping, {}), f"{self.path}.en")
        for name in names:
            text = r.take(name, (str, Mapping), "")
            for key, value in text.items() if isinstance(text, Mapping) else ():
                if not isinstance(value, str):
                    raise ItemInvalid(f"{r.path}.{name}.{key}: 应为文字", path=f"{r.path}.{name}")
        r.done()
        return dict(r.raw)

    def done(self) -> None:
        unknown = sorted(set(map(str, self.raw)) - self.seen)
        if unknown:
            raise ItemInvalid(f"{self.path}.{unknown[0]}: 不认识的字段", path=f"{self.path}.{unknown[0]}")


def _check_calls(raw: Sequence[Any], path: str) -> tuple[CheckCall, ...]:
    calls = []
    for i, entry in enumerate(raw):
        if isinstance(entry, str):
            calls.append(CheckCall(entry))
        elif isinstance(entry, Mapping) and len(entry) == 1:
            ((name, params),) = entry.items()
            calls.append(CheckCall(str(name), params))
        else:
            raise ItemInvalid(f"{path}[{i}]: 检查应为名称，或只有一个名称的键值对", path=f"{path}[{i}]")
    return tuple(calls)


def _material(r: _Reader) -> MaterialSpec:
    pages = _Reader(r.take("pages", Mapping, {"min": 1, "max": 1}), f"{r.path}.pages")
    fields, choices = _form_fields(r.take("fields", Mapping, {}), f"{r.path}.fields")
    spec = MaterialSpec(
        key=r.take("key", str),
        name=r.take("name", str),
        document=r.take("document", str),
        need=r.choice("need", Need),
        when=r.take("when", Mapping, {}),
        min_pages=pages.take("min", int, 1),
        max_pages=pages.take("max", int, 1),
        original=r.choice("original", OriginalUse, "none"),
        copies=r.take("copies", int, 0),
        source=r.take("source", str, "applicant"),
        reuse_days=r.take("reuse_days", int, 0),
        accept=r.take("accept", str, ""),
        checks=_check_calls(r.take("checks", (list, tuple), ()), f"{r.path}.checks"),
        defer_days=r.take("defer_days", int, 0),
        sources=r.strings("sources", ()),
        holder=r.take("holder", str, ""),
        form_fields=fields,
        choices=choices,
        fill_online=r.take("fill_online", bool, False),
        national=_texts(r, "national"),
        en=r.english("name", "accept"),
    )
    pages.done()
    r.done()
    return spec


def _form_fields(raw: Mapping[str, Any], path: str) -> tuple[dict[str, str], dict[str, tuple[str, ...]]]:
    """`姓名: applicant_name`, or with boxes to tick `补领原因: {field: reason, choose: [遗失, 损坏]}`."""
    fields, choices = dict[str, str](), dict[str, tuple[str, ...]]()
    for label, entry in raw.items():
        if not isinstance(entry, Mapping):
            fields[str(label)] = str(entry)
            continue
        r = _Reader(entry, f"{path}.{label}")
        fields[str(label)] = name = r.take("field", str)
        choices[name] = r.strings("choose")
        r.done()
        if len(choices[name]) < 2 or any(set(option) & set("()|") for option in choices[name]):
            raise ItemInvalid(f"{path}.{label}.choose: 至少两项，且不含括号和竖线", path=f"{path}.{label}.choose")
    return fields, choices


def _question(r: _Reader) -> Question:
    made = Question(
        key=r.take("key", str),
        ask=r.take("ask", str),
        type=r.take("type", str),
        choices=r.strings("choices", ()),
        if_yes=r.take("if_yes", str, ""),
        if_no=r.take("if_no", str, ""),
        if_chosen=r.take("if_chosen", Mapping, {}),
        en=r.english("ask", "labels", "if_yes", "if_no", "if_chosen"),
    )
    r.done()
    return made


def _step(r: _Reader) -> RoutingStep:
    competent = _competence(r.take("competent", Mapping, {}), f"{r.path}.competent")
    made = RoutingStep(
        r.take("key", str),
        # who leads where an address decides is known only when there is one
        r.take("department", str, competent.rest if competent else ...),
        r.take("days", int),
        r.take("task", str),
        r.strings("after", ()),
        r.take("when", Mapping, {}),
        r.strings("joint", ()),
        competent,
    )
    r.done()
    return made


def _competence(raw: Any, path: str) -> Competence | None:
    if not raw:
        return None
    r = _Reader(raw, path)
    made = Competence(
        r.take("by", str),
        {str(value): str(department) for value, department in r.take("equals", Mapping, {}).items()},
        {str(begin): str(department) for begin, department in r.take("starts", Mapping, {}).items()},
        r.take("otherwise", str, ""),
    )
    r.done()
    return made


def _clocks(raw: Any, path: str) -> Clocks:
    r = _Reader(raw, path)
    specials = r.take("specials", Mapping, {})
    made = Clocks(r.take("extension_days", int, Clocks.extension_days), dict(specials))
    r.done()
    if made.extension_days < 0 or any(type(days) is not int or days < 0 for days in specials.values()):
        raise ItemInvalid(f"{path}: 天数不能为负", path=path)
    return made


def _limits(raw: Any, path: str) -> Limits:
    r = _Reader(raw, path)
    made = Limits(r.take("statutory_days", int), r.take("promised_days", int), r.take("preaudit_hours", int, 8))
    r.done()
    return made


def _result(raw: Any, path: str) -> Result:
    r = _Reader(raw, path)
    made = Result(r.take("name", str), r.take("form", str), r.strings("delivery", ()), r.english("name"))
    r.done()
    return made


def _courier(raw: Any, path: str) -> CourierTerms:
    r = _Reader(raw, path)
    payer = _Reader(r.take("payer", Mapping, {}), f"{path}.payer")
    made = CourierTerms(
        collection=payer.choice("collection", PaidBy, "office"),
        delivery=payer.choice("delivery", PaidBy, "office"),
        declared_value_fen=r.take("declared_value_fen", int, 0),
        addressee_only=r.take("addressee_only", bool, False),
    )
    payer.done()
    r.done()
    return made


def _visits(raw: Any, path: str) -> Visits:
    r = _Reader(raw, path)
    made = Visits(r.take("without_us", (int, type(None)), None), float(r.take("hours_each", (int, float), 2.0)))
    r.done()
    if made.hours_each <= 0 or (made.without_us is not None and made.without_us < 1):
        raise ItemInvalid(f"{path}: 趟数至少为1，时长应大于0", path=path)
    return made


def _follow_on(r: _Reader) -> FollowOn:
    made = FollowOn(
        r.take("item", str), r.strings("inherits", ()), r.take("when", Mapping, {}), r.take("result_as", str, "")
    )
    r.done()
    return made


def _texts(r: _Reader, key: str) -> dict[str, str]:
    """Codes are texts: a number in YAML would lose its leading zero."""
    found = r.take(key, Mapping, {})
    wrong = next((name for name, value in found.items() if not isinstance(value, str)), None)
    if wrong is not None:
        raise ItemInvalid(f"{r.path}.{key}.{wrong}: 应为文字，请加引号", path=f"{r.path}.{key}.{wrong}")
    return {str(name): value for name, value in found.items()}


def _fee(raw: Any, path: str) -> Fee | None:
    if raw is None:
        return None
    r = _Reader(raw, path)
    made = Fee(r.take("amount_fen", int), r.take("basis", str, ""), r.english("basis"))
    r.done()
    return made


def item_from(raw: Any, path: str = "item") -> Item:
    """One item from plain data. Raises `ItemInvalid` (message = path + what is wrong)."""
    r = _Reader(raw, path)
    item = Item(
        code=r.take("code", str),
        version=r.take("version", int),
        name=r.take("name", str),
        region=r.take("region", str),
        department=r.take("department", str),
        kind=r.choice("kind", Kind),
        limits=_limits(r.take("limits", Mapping), f"{path}.limits"),
        applicants=r.strings("applicants", ("person",)),
        channels=r.strings("channels", ("miniapp",)),
        in_person=r.take("in_person", (str, type(None)), None),
        questions=tuple(map(_question, r.each("questions"))),
        materials=tuple(map(_material, r.each("materials"))),
        cross_checks=_check_calls(r.take("cross_checks", (list, tuple), ()), f"{path}.cross_checks"),
        routing=tuple(map(_step, r.each("routing"))),
        result=_result(r.take("result", Mapping), f"{path}.result"),
        follow_ons=tuple(map(_follow_on, r.each("follow_ons"))),
        fee=_fee(r.take("fee", (Mapping, type(None)), None), f"{path}.fee"),
        summary=r.take("summary", str, ""),
        keywords=r.strings("keywords", ()),
        courier=_courier(r.take("courier", Mapping, {}), f"{path}.courier"),
        supersedes=r.strings("supersedes", ()),
        visits=_visits(r.take("visits", Mapping, {}), f"{path}.visits"),
        accepting=r.choice("accepting", Accepting, "region"),
        clocks=_clocks(r.take("clocks", Mapping, {}), f"{path}.clocks"),
        national=_texts(r, "national"),
        en=r.english("name", "summary", "in_person"),
    )
    r.done()
    return item


def in_english(item: Item) -> Item:
    """The item with its English texts in place of the Chinese ones; what has none stays as it is. For showing only: what
    is chosen, kept and checked is Chinese."""
    return replace(
        item,
        **item.en,
        questions=tuple(replace(question, **question.en) for question in item.questions),
        materials=tuple(replace(spec, **spec.en) for spec in item.materials),
        result=replace(item.result, **item.result.en),
        fee=replace(item.fee, **item.fee.en) if item.fee else None,
    )


def applies(when: Mapping[str, Any], answers: Answers) -> bool:
    """Whether every condition of `when` holds. An answer not given is False / absent; a list means any of."""
    return all(_matches(wanted, answers.get(key, False)) for key, wanted in when.items())


def _matches(wanted: Any, given: Any) -> bool:
    if isinstance(wanted, list | tuple):
        return given in wanted
    return bool(given == wanted)
