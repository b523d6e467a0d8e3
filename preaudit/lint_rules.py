"""The linter's rules, each a function from an item to places and sentences. A rule's name is its function's.

Most were other places' complaints about published guides: limits that contradict each other, conditions that name
papers not on the list, proofs that may no longer be asked for.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cases.couriers import Ability
from cases.items import UNROUTED, Item, Kind, MaterialSpec, Question, RoutingStep
from preaudit.catalogue import ROOT, bad_calls
from preaudit.checks import CheckInvalid, cross_check_of, material_check
from preaudit.checks.across import ANSWERS, FORM, split
from preaudit.documents import FORM_FIELDS, fields_of, known
from preaudit.region import Region

Problems = Iterator[tuple[str, str]]
"""Path below the item (`materials[0].key`), and what is wrong there."""
LONGEST_CODE = 36
"""The widest implementation code of the national exchange schema; a short one of 6 is at least a region."""
SHORTEST_CODE = 6
SITE_VISIT_DAYS = 5


@dataclass(frozen=True)
class Scene:
    """An item, its region's data if there is any, the other items by code, where it opens some, and what every courier
    there is can do, if whoever lints knows it."""

    item: Item
    region: Region | None
    others: Mapping[str, Item]
    carriers: Mapping[str, Ability] | None = None

    def materials(self) -> Iterator[tuple[str, MaterialSpec]]:
        return ((f"materials[{i}]", spec) for i, spec in enumerate(self.item.materials))

    def steps(self) -> Iterator[tuple[str, RoutingStep]]:
        return ((f"routing[{i}]", step) for i, step in enumerate(self.item.routing))

    def conditions(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        yield from ((where, spec.when) for where, spec in self.materials())
        yield from ((where, step.when) for where, step in self.steps())
        yield from ((f"follow_ons[{i}]", follow.when) for i, follow in enumerate(self.item.follow_ons))

    def calls(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every well-formed cross-check with the references it reads."""
        for i, call in enumerate(self.item.cross_checks):
            try:
                check, params = cross_check_of(call)
            except CheckInvalid:
                continue  # `check_unknown_or_misused` says so
            yield f"cross_checks[{i}]", check.reads(params)


Rule = Callable[[Scene], Problems]
RULES: dict[str, Rule] = {}


def rule(function: Rule) -> Rule:
    RULES[function.__name__] = function
    return function


# ── limits ──────────────────────────────────────────────────────────────────────────────────────────────────────


@rule
def promised_over_statutory(s: Scene) -> Problems:
    """承诺时限 never exceeds 法定时限."""
    limits = s.item.limits
    if limits.promised_days > limits.statutory_days:
        yield "limits", f"承诺时限{limits.promised_days}天超过法定时限{limits.statutory_days}天"


@rule
def limit_not_positive(s: Scene) -> Problems:
    limits = s.item.limits
    for name in ("statutory_days", "promised_days", "preaudit_hours"):
        if getattr(limits, name) < 1:
            yield f"limits.{name}", "时限至少为1"


@rule
def instant_over_one_day(s: Scene) -> Problems:
    """即办件: at once, so within the day."""
    if s.item.kind is Kind.INSTANT and s.item.limits.promised_days > 1:
        yield "limits.promised_days", f"即办件的承诺时限应为1天，现为{s.item.limits.promised_days}天"


@rule
def steps_do_not_add_up(s: Scene) -> Problems:
    """The longest chain of steps must fit the promise, and the promise must not exceed all steps one after another."""
    steps = {step.key: step for step in s.item.routing}
    if not steps or _in_cycle(steps):
        return
    longest, together = max(_days_until(step, steps) for step in steps.values()), sum(x.days for x in steps.values())
    promised = s.item.limits.promised_days
    if longest > promised:
        yield "routing", f"最长的一串环节需要{longest}天，超过承诺时限{promised}天"
    elif promised > together:
        yield "routing", f"各环节合计{together}天，少于承诺时限{promised}天：多出的{promised - together}天没有说明"


def _days_until(step: RoutingStep, steps: Mapping[str, RoutingStep]) -> int:
    return step.days + max((_days_until(steps[k], steps) for k in step.after if k in steps), default=0)


@rule
def step_days_not_positive(s: Scene) -> Problems:
    for where, step in s.steps():
        if step.days < 1:
            yield f"{where}.days", f"环节 {step.key} 的天数至少为1"


@rule
def site_visit_too_fast(s: Scene) -> Problems:
    """现场勘查 within less than five days is a promise nobody keeps."""
    days = s.item.limits.promised_days
    for where, step in s.steps():
        if re.search("现场|实地|勘查|踏勘", step.task) and days < SITE_VISIT_DAYS:
            yield f"{where}.task", f"环节“{step.task}”需要到现场，承诺时限{days}天过短"


# ── routing ─────────────────────────────────────────────────────────────────────────────────────────────────────


@rule
def after_unknown_step(s: Scene) -> Problems:
    keys = {step.key for step in s.item.routing}
    for where, step in s.steps():
        for key in step.after:
            if key not in keys:
                yield f"{where}.after", f"环节 {step.key} 等待的 {key} 不存在"


@rule
def after_in_a_circle(s: Scene) -> Problems:
    steps = {step.key: step for step in s.item.routing}
    circle = _in_cycle(steps)
    if circle:
        yield "routing", f"环节互相等待：{' → '.join(circle)}"


def _in_cycle(steps: Mapping[str, RoutingStep]) -> tuple[str, ...]:
    """One circle of waiting steps, or nothing."""
    done: set[str] = set()

    def visit(key: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if key in path:
            return (*path[path.index(key) :], key)
        if key in done or key not in steps:
            return ()
        circles = (visit(k, (*path, key)) for k in steps[key].after)
        circle = next((c for c in circles if c), ())
        done.add(key)
        return circle

    return next((c for c in (visit(key, ()) for key in steps) if c), ())


@rule
def department_unknown(s: Scene) -> Problems:
    if s.region is None:
        return
    named = [("department", s.item.department)]
    named += [(f"{w}.department", d) for w, step in s.steps() for d in step.departments]
    for where, department in named:
        if department not in s.region.departments and department != UNROUTED:
            yield where, f"{s.region.name}没有部门 {department}"


# ── keys and codes ──────────────────────────────────────────────────────────────────────────────────────────────


@rule
def code_length(s: Scene) -> Problems:
    """实施编码 is opaque; only its length can be wrong."""
    if not SHORTEST_CODE <= len(s.item.code) <= LONGEST_CODE:
        yield "code", f"实施编码长度应为{SHORTEST_CODE}至{LONGEST_CODE}位，现为{len(s.item.code)}位"


@rule
def key_twice(s: Scene) -> Problems:
    lists: Mapping[str, tuple[Any, ...]] = {
        "questions": s.item.questions,
        "materials": s.item.materials,
        "routing": s.item.routing,
    }
    for name, entries in lists.items():
        seen: set[str] = set()
        for i, entry in enumerate(entries):
            if entry.key in seen:
                yield f"{name}[{i}].key", f"{entry.key} 重复"
            seen.add(entry.key)


@rule
def key_reserved(s: Scene) -> Problems:
    """`form.` and `answers.` in references are not materials."""
    for where, spec in s.materials():
        if spec.key in (FORM, ANSWERS) or not re.fullmatch(r"[a-z][a-z0-9_]*", spec.key):
            yield f"{where}.key", f"材料的键 {spec.key} 不能使用（小写字母、数字、下划线，且不是 form、answers）"


# ── materials and checks ────────────────────────────────────────────────────────────────────────────────────────


@rule
def document_unknown(s: Scene) -> Problems:
    for where, spec in s.materials():
        if not known(spec.document):
            yield f"{where}.document", f"没有名为 {spec.document} 的材料类型"


@rule
def pages_min_over_max(s: Scene) -> Problems:
    for where, spec in s.materials():
        if not 1 <= spec.min_pages <= spec.max_pages:
            yield f"{where}.pages", f"页数应满足 1 ≤ min ≤ max，现为 {spec.min_pages} 至 {spec.max_pages}"


@rule
def check_unknown_or_misused(s: Scene) -> Problems:
    for where, message in bad_calls(s.item):
        yield where.removeprefix(f"{ROOT}."), message


@rule
def check_reads_unknown_field(s: Scene) -> Problems:
    """A check of a field that this kind of document does not have could never pass."""
    for where, spec in s.materials():
        for i, call in enumerate(spec.checks):
            try:
                check, params = material_check(call)
            except CheckInvalid:
                continue  # `check_unknown_or_misused` says so
            for name in check.reads(params):
                if known(spec.document) and name not in fields_of(spec):
                    yield f"{where}.checks[{i}]", f"检查 {call.name} 需要 {name}，{spec.document} 没有这一项"


@rule
def reference_unknown(s: Scene) -> Problems:
    """`material.field`, `form.field` and `answers.question` must exist."""
    for where, refs in s.calls():
        for ref in refs:
            problem = _reference_problem(s.item, ref)
            if problem:
                yield where, problem


def _reference_problem(item: Item, ref: str) -> str | None:
    owner, name = split(ref)
    if owner == FORM:
        return None if name in FORM_FIELDS else f"{ref}：申请信息中没有 {name}"
    if owner == ANSWERS:
        return None if name in {q.key for q in item.questions} else f"{ref}：没有名为 {name} 的情形问题"
    spec = item.material(owner)
    if spec is None:
        return f"{ref}：没有名为 {owner} 的材料"
    return None if not name or name in fields_of(spec) else f"{ref}：{spec.document} 没有 {name} 这一项"


@rule
def material_never_looked_at(s: Scene) -> Problems:
    """Why ask for a paper that nothing looks at?"""
    crossed = {split(ref)[0] for _, refs in s.calls() for ref in refs}
    for where, spec in s.materials():
        if not spec.checks and spec.key not in crossed:
            yield where, f"材料 {spec.key}（{spec.name}）没有任何检查用到"


@rule
def condition_never_met(s: Scene) -> Problems:
    """A condition that no answer can meet leaves the material out for ever."""
    questions = {q.key: q for q in s.item.questions}
    for where, when in s.conditions():
        for key, wanted in when.items():
            problem = _condition_problem(questions.get(str(key)), str(key), wanted)
            if problem:
                yield f"{where}.when", problem


def _condition_problem(question: Question | None, key: str, wanted: Any) -> str | None:
    if question is None:
        return f"没有名为 {key} 的情形问题"
    if question.type == "text":
        return None
    possible = question.choices if question.type == "choice" else (True, False)
    strange = [a for a in _as_list(wanted) if (type(a), a) not in {(type(p), p) for p in possible}]
    return f"情形问题 {key} 不会有答案 {strange[0]!r}" if strange else None


@rule
def question_malformed(s: Scene) -> Problems:
    for i, question in enumerate(s.item.questions):
        if question.type not in ("bool", "choice", "text"):
            yield f"questions[{i}].type", f"问题类型 {question.type} 应为 bool、choice 或 text"
        if question.type == "choice" and len(question.choices) < 2:
            yield f"questions[{i}].choices", "选择题至少要有两个选项"


@rule
def question_decides_nothing(s: Scene) -> Problems:
    """A question whose answer changes nothing is a burden."""
    used = {str(key) for _, when in s.conditions() for key in when}
    used |= {split(ref)[1] for _, refs in s.calls() for ref in refs if ref.startswith(f"{ANSWERS}.")}
    for i, question in enumerate(s.item.questions):
        if question.key not in used:
            yield f"questions[{i}]", f"问题 {question.key} 的答案没有用处"


@rule
def choice_without_material(s: Scene) -> Problems:
    """Where two answers of a choice bring materials, they are alternatives, and an answer without one is a way round.

    One answer alone may well add something (损坏 hands in the old card, 遗失 has none to hand in).
    """
    for i, question in enumerate(s.item.questions):
        covered = {str(a) for m in s.item.materials if question.key in m.when for a in _as_list(m.when[question.key])}
        alternatives = question.type == "choice" and len(covered) >= 2
        for choice in question.choices if alternatives else ():
            if choice not in covered:
                yield f"questions[{i}].choices", f"选择“{choice}”时没有对应的材料"


def _as_list(wanted: Any) -> list[Any]:
    return list(wanted) if isinstance(wanted, list | tuple) else [wanted]


@rule
def proof_not_retained(s: Scene) -> Problems:
    """A proof may be asked for only if the region's list of retained proofs has it (国办发〔2020〕42号)."""
    for where, spec in s.materials():
        if "证明" not in spec.name or (s.region and spec.name in s.region.certificates):
            continue
        if s.region is None:
            yield f"{where}.name", f"“{spec.name}”是证明，但没有 {s.item.region} 的保留证明事项清单"
        elif spec.name not in s.region.retained_proofs:
            yield f"{where}.name", f"“{spec.name}”不在{s.region.name}的保留证明事项清单中"


@rule
def text_asks_for_unlisted_proof(s: Scene) -> Problems:
    """The words of the guide must not demand a proof that the checklist does not have."""
    names = "".join(m.name + m.accept for m in s.item.materials)
    for proof in re.findall(r"(?:提供|提交|出具|开具)([^，。；、“”]{1,10}?证明)", s.item.summary):
        if proof not in names:
            yield "summary", f"说明中要求“{proof}”，但材料清单中没有"


# ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────


@rule
def in_person_without_reason(s: Scene) -> Problems:
    """An item that cannot be zero-trip says why; one that can does not ask anybody to come."""
    if s.item.in_person is not None and len(s.item.in_person.strip()) < 4:
        yield "in_person", "须本人到场的事项应写明理由"
    texts = s.item.summary + "".join(m.accept for m in s.item.materials)
    if s.item.in_person is None and re.search(
        "(?<!无需)(?<!不需)(?<!不用)(本人|亲自)(须|需|应)?(到场|到窗口|前往)", texts
    ):
        yield "summary", "说明要求本人到场，但 in_person 没有写明理由"


@rule
def guardian_of_an_adult(s: Scene) -> Problems:
    """Guardians act for minors: an item from 18 on does not speak of them."""
    texts = s.item.summary + "".join(m.accept for m in s.item.materials)
    for where, spec in s.materials():
        for i, call in enumerate(spec.checks):
            least = call.params.get("min", 0) if isinstance(call.params, Mapping) else 0
            if call.name == "age_between" and isinstance(least, int) and least >= 18 and "监护人" in texts:
                yield f"{where}.checks[{i}]", f"年龄须满{least}周岁，说明中却写了监护人"


@rule
def phone_malformed(s: Scene) -> Problems:
    """A telephone in the guide must be one."""
    for number in re.findall(r"电话[为是：:\s]*([0-9][0-9\-－ ]{2,})", s.item.summary):
        plain = re.sub(r"[\-－ ]", "", number)
        if not re.fullmatch(r"1[0-9]{4}|0[0-9]{9,11}|[2-9][0-9]{6,7}|1[3-9][0-9]{9}|[48]00[0-9]{7}", plain):
            yield "summary", f"电话 {number.strip()} 的格式不正确"


# ── result and fee ──────────────────────────────────────────────────────────────────────────────────────────────


@rule
def paper_result_without_delivery(s: Scene) -> Problems:
    if s.item.result.form not in ("paper", "electronic"):
        yield "result.form", f"结果形式 {s.item.result.form} 应为 paper 或 electronic"
    if s.item.result.form == "paper" and not s.item.result.delivery:
        yield "result", "纸质结果没有送达方式"


@rule
def fee_without_basis(s: Scene) -> Problems:
    if s.item.fee and (s.item.fee.amount_fen < 0 or not s.item.fee.basis.strip()):
        yield "fee", "收费应写明依据，金额不能为负"
