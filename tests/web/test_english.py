"""English is complete: every code, every sentence of the code, and every word of a case's whole life."""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

import cases.errors
from cases.field_names import FIELD_NAMES
from cases.findings import CATALOGUE, FindingCode, found
from cases.lifecycle import LegState
from cases.model import Direction
from cases.sentences import say
from preaudit.documents import NAMES
from storage.words import Role
from tests.cases.world import ITEM
from tests.web.world import Caller, World
from web import holding_words, words
from web.english import CODES, FINDINGS, HAN, SENTENCES, TERMS, in_english
from web.labels import Labels
from web.resident import messages
from web.speaking import speaking

ROOT = Path(__file__).parents[2]
VOCABULARIES = [
    labels for page in (words, holding_words, messages) for labels in vars(page).values() if isinstance(labels, Labels)
]  # fmt: skip
OF_THE_OFFICE = (
    "cases/drafting",
    "storage/item_drafts",
    "storage/backtests",
    "web/desk",
    "web/grid",
    "web/hooks",
    "web/pages",
    "web/scanning",
    "web/signing_in",
    "storage/statistics",
    "storage/staff",
    "storage/queues",
    "storage/claims",
    "storage/thresholds",
    "storage/sampling",
    "cases/actions/verifying",
)
FOR_MAINTAINERS = {"ItemInvalid", "PhrasesInvalid"}
"""Said to whoever writes items, not to residents; so is every refusal of `preaudit`."""
IN_ENGLISH = {"Accept-Language": "en"}
NAMES_IN_ENGLISH = {
    "id_front": "Identity card (portrait side)",
    "register": "Household register",
    "form": "Application form",
    "photo": "Picture receipt",
}
OWN_WORDS = ("陈样本", "陈*本", "很方便", "样本路1号")
"""Of the resident: they stay as they were typed."""


# ── every code ──


@pytest.mark.parametrize("labels", VOCABULARIES, ids=lambda labels: labels.vocabulary)
def test_every_code_has_its_words_in_both_languages(labels: Labels) -> None:
    there = CODES[labels.vocabulary]
    assert set(there) >= set(labels)
    assert [code for code in labels if not labels.chinese[code] or HAN.search(there[code])] == []


def test_every_finding_has_its_message_and_advice_in_both_languages() -> None:
    assert set(FINDINGS) == set(FindingCode) == set(CATALOGUE)
    for code, (message, advice) in FINDINGS.items():
        assert message, code
        assert advice.endswith("."), code
        assert not HAN.search(message + advice), code


def test_every_field_kind_of_paper_and_task_of_the_catalogue_has_its_english() -> None:
    items = [yaml.safe_load(p.read_text("utf-8")) for p in (ROOT / "preaudit/items").glob("*.yaml")]
    tasks = {step["task"] for item in items for step in item.get("routing", ())}
    assert {*FIELD_NAMES.values(), *NAMES.values(), *tasks} - set(TERMS) == set()


# ── every sentence ──


def _pages() -> Iterator[Path]:
    for room in ("cases", "storage", "web", "messaging", "preaudit/checks"):
        yield from (p for p in (ROOT / room).rglob("*.py") if not str(p.relative_to(ROOT)).startswith(OF_THE_OFFICE))
    yield from (ROOT / "preaudit" / name for name in ("guard.py", "judge.py", "causes.py"))


def _refusals(kind: type[cases.errors.Refusal]) -> Iterator[str]:
    if not kind.__module__.startswith("preaudit"):
        yield kind.__name__
    for each in kind.__subclasses__():
        yield from _refusals(each)


SAYING = {*_refusals(cases.errors.Refusal), "say", "said", "ValueError"} - FOR_MAINTAINERS


def _said_in(page: Path) -> Iterator[ast.expr]:
    """What is refused with, said, or found."""
    text = page.read_text("utf-8")
    for node in ast.walk(ast.parse(text)) if HAN.search(text) else ():
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            first = node.args[:1] if name in SAYING else []
            yield from (*first, *(k.value for k in node.keywords if k.arg in ("message", "advice")))
            if name in ("at_field", "_valid", "_repeats", "_one_of"):
                yield from node.args[2:]
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in ("message", "advice", "OPINION"):
            yield node.value


def _own_constants(node: ast.expr) -> Iterator[Any]:
    """Not those of calls inside: they are their own, or nobody's."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node
    elif isinstance(node, ast.IfExp):
        yield from (*_own_constants(node.body), *_own_constants(node.orelse))
    elif isinstance(node, ast.Tuple | ast.BoolOp):
        for each in node.elts if isinstance(node, ast.Tuple) else node.values:
            yield from _own_constants(each)


def test_every_sentence_of_the_code_has_its_english_and_keeps_its_values() -> None:
    """`say(pattern, value=…)` keeps them; put together by hand they are lost."""
    known = {*SENTENCES, *TERMS, *(t for text in CATALOGUE.values() for t in (text.message, text.advice))}
    missing, mixed = [], []
    for page in sorted(_pages()):
        for said in _said_in(page):
            where = f"{page.relative_to(ROOT)}:{said.lineno}"
            missing += [(where, n.value) for n in _own_constants(said) if HAN.search(n.value) and n.value not in known]
            if isinstance(said, ast.JoinedStr) and HAN.search(ast.unparse(said)):
                mixed.append((where, ast.unparse(said)))
    assert (missing, mixed) == ([], [])


def test_english_sentences_have_the_values_of_their_patterns_and_no_chinese() -> None:
    for pattern, english in SENTENCES.items():
        assert not HAN.search(english), pattern
        extra = set(re.findall(r"{(\w+)}", english)) - set(re.findall(r"{(\w+)}", pattern))
        assert extra <= {"english", "millions", "most_millions"}, pattern


def test_a_text_that_was_kept_without_its_values_is_known_by_its_pattern() -> None:
    names = {"户籍证明": "Proof of residence"}
    assert in_english("户籍证明已于2026年5月1日过期", names) is None  # a day that is no value of ours stays untold
    assert in_english("缺少户籍证明", names) == "Proof of residence: missing"
    assert in_english("没有在户口簿上找到姓名、住址") == "Not found in household register: name, address"
    assert in_english("缺少他的签字") is None


def test_chinese_is_what_it_was() -> None:
    told = say("没有在{paper}上找到{fields}", paper="户口簿", fields=["姓名", "住址"])
    assert words.said(told) == "没有在户口簿上找到姓名、住址"
    with speaking("en"):
        assert words.said(told) == "Not found in household register: name, address"


# ── a whole life ──


def _texts_of(value: Any, at: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, each in value.items():
            yield from _texts_of(each, f"{at}.{name}")
    elif isinstance(value, list):
        for each in value:
            yield from _texts_of(each, at)
    elif isinstance(value, str):
        yield at, value


def chinese_in(value: Any) -> list[tuple[str, str]]:
    """Where, and what; without what is somebody's own."""
    texts = ((at, re.sub("|".join(map(re.escape, OWN_WORDS)), "", text)) for at, text in _texts_of(value))
    return [(at, text) for at, text in texts if HAN.search(text)]


def _english(me: Caller) -> Caller:
    return Caller(me.world, {**me.headers, **IN_ENGLISH})


def _item() -> dict[str, Any]:
    materials = [{**m, "en": {"name": NAMES_IN_ENGLISH[m["key"]]}} for m in ITEM["materials"]]
    return {
        "version": 2,
        "en": {"name": "Replacement of a social security card"},
        "materials": materials,
        "questions": [{**ITEM["questions"][0], "en": {"ask": "Is the holder under 16?"}}],
        "result": {**ITEM["result"], "en": {"name": "Social security card"}},
    }


def _all_is_english(me: Caller, no: str) -> None:
    """Everything that can be asked about the case."""
    seen = me.get(f"/api/v1/cases/{no}")
    answers = {name: me.get(f"/api/v1/cases/{no}/{name}") for name in ("timeline", "messages")}
    answers |= {"case": seen, "cases": me.get("/api/v1/cases"), "messages of all": me.get("/api/v1/messages")}
    assert chinese_in(answers) == []


def test_a_case_speaks_english_through_its_whole_life(plain_world: World) -> None:
    world = plain_world
    world.publish(**_item())
    me, desk = _english(world.resident()), world.system(Role.INTAKE, Role.PRE_AUDITOR, Role.SUPERVISOR)
    no = me.opens()
    bad = me.uploads(no, "id_front")
    world.read(no, bad["id"], *(found(code, material="id_front", page=1) for code in FindingCode))
    _all_is_english(me, no)
    me.ask("DELETE", f"/api/v1/cases/{no}/pages/{bad['id']}")
    me.submits(no)
    exact = say("{paper}缺少{page}", paper="补领申请表", page="户口簿首页")
    world.judge(no, "returned", found(FindingCode.MISSING_PAGE, material="form", page=1, message=exact))
    shown = me.get(f"/api/v1/cases/{no}")["correction"]["findings"][0]
    assert shown["message"] == "Application form: missing household register, first page"
    _all_is_english(me, no)
    me.post(f"/api/v1/cases/{no}/submit")
    world.judge(no, "passed")
    _all_is_english(me, no)
    assert chinese_in(me.get(f"/api/v1/cases/{no}/windows?leg=collection")) == []
    booking = me.books(no)
    world.book_at_partner(no)
    world.track(no, booking, LegState.ASSIGNED, LegState.PICKED_UP, LegState.DELIVERED)
    _all_is_english(me, no)
    received = [{"key": o["key"], "copies": 1} for o in me.get(f"/api/v1/cases/{no}")["originals"]]
    desk.post(f"/desk/api/cases/{no}/originals", seal="S1", received=received)
    desk.post(f"/desk/api/cases/{no}/accept")
    world.route(no)
    _all_is_english(me, no)
    for department in ("gaj", "rsj", "rsj"):
        clerk = world.system(Role.CLERK, departments=(department,))
        (task,) = clerk.get(f"/desk/api/assignments?department={department}")["assignments"]
        clerk.post(f"/desk/api/assignments/{task['id']}/decision", decision="approve")
    desk.post(f"/desk/api/cases/{no}/conclude")
    delivery = me.books(no, Direction.DELIVERY)
    world.book_at_partner(no)
    world.track(no, delivery, LegState.PICKED_UP, LegState.DELIVERED)
    me.post(f"/api/v1/cases/{no}/rating", level=1, text="很方便")
    _all_is_english(me, no)
    assert me.post(f"/api/v1/cases/{no}/withdraw", 409)["error"]["message"] == (
        "This cannot be done while the state is “Delivered”."
    )
    assert chinese_in(me.post("/api/v1/me/erase")) == []


def test_what_is_refused_names_papers_in_english(plain_world: World) -> None:
    plain_world.publish(**_item())
    me = _english(plain_world.resident())
    no = me.opens()
    me.uploads(no, "form")
    me.uploads(no, "form")
    refused = me.uploads(no, "form", status=422)["error"]
    assert refused["message"] == "“Application form”: at most 2 pages. Please delete those that are not needed."
    asked = me.post(
        "/api/v1/cases",
        422,
        item=ITEM["code"],
        answers={},
        applicant={"name": "陈样本", "id_number": "1", "phone": "1"},
        transaction_id="x",
    )
    assert asked["error"]["message"] == "Please answer: Is the holder under 16?"
