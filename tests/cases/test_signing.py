"""Forms that are filled in and signed on the phone: only where the item takes them, whole, and signed by more than a dot."""

import math
from typing import Any

import pytest

from cases.actions import opening
from cases.actions.signing import Filled, Stroke, attach_form, digest, sign_form, too_small
from cases.checklist import with_originals
from cases.errors import InvalidRequest, NotFound, TransitionRefused
from cases.lifecycle import MaterialState, PageState
from cases.model import Document
from tests.cases.world import APPLICANT, ITEM, World, item

NAME: Stroke = tuple((0.1 + t / 50, 0.5 + 0.3 * math.sin(t)) for t in range(30))
FIELDS = {
    "姓名": "applicant_name",
    "公民身份号码": "id_number",
    "补领原因": {"field": "reason", "choose": ["遗失", "损坏"]},
    "备注": "note",
}
UPLOAD = opening.Upload("b" * 64, "b" * 64, "application/pdf", 100)


def _world(**changes: Any) -> World:
    form = {**ITEM["materials"][2], "fields": FIELDS, "fill_online": True, "pages": {"min": 1, "max": 1}, **changes}
    first, second, _, last = ITEM["materials"]
    return World(item(materials=[first, second, form, last]))


def _filled(*strokes: Stroke, **values: str) -> Filled:
    return Filled({"reason": "遗失", "note": "无", **values}, strokes or (NAME,))


def _sign(world: World, **values: str) -> Document:
    world.apply(sign_form(world.file, "form", _filled(**values), world.now))
    return world.file.documents[-1]


def test_what_was_typed_stands_in_the_form_whatever_else_is_sent() -> None:
    world = _world()
    signed = _sign(world, applicant_name="别人")
    rows = [["姓名", APPLICANT.name], ["公民身份号码", APPLICANT.id_number], ["补领原因", "遗失"], ["备注", "无"]]
    assert (signed.kind, signed.content["rows"]) == ("form", rows)


def test_when_and_what_was_signed_stand_in_the_record_without_a_value() -> None:
    world = _world()
    signed = _sign(world)
    (fact,) = [f for f in world.facts if f.action == "form_signed"]
    assert fact.detail == {"material": "form", "sha256": digest(signed.content), "at": world.at.isoformat()}
    assert digest({**signed.content, "rows": [["姓名", "别人"]]}) != fact.detail["sha256"]


def test_the_printed_form_becomes_the_page_in_place_of_what_was_there() -> None:
    world = _world()
    photographed = world.upload("form")
    world.read(photographed)
    signed = _sign(world)
    world.apply(attach_form(world.file, signed, UPLOAD, "page-signed", world.now))
    (page,) = world.file.pages_of("form")
    assert (page.id, page.signed_at, page.media_type) == ("page-signed", signed.made_at, "application/pdf")
    old = world.file.page(photographed)
    assert old is not None
    assert old.state is PageState.REMOVED
    material = world.file.material("form")
    assert material is not None
    assert material.state is MaterialState.UPLOADED


def test_there_is_no_paper_behind_it() -> None:
    world = _world(original="collect")
    assert "form" in {s.key for s in with_originals(world.file)}
    world.apply(attach_form(world.file, _sign(world), UPLOAD, "page-signed", world.now))
    assert "form" not in {s.key for s in with_originals(world.file)}


def test_all_that_is_not_filled_in_is_named_at_once() -> None:
    world = _world()
    with pytest.raises(InvalidRequest, match="请填写：补领原因、备注"):
        sign_form(world.file, "form", _filled(reason="不知道", note=" "), world.now)


@pytest.mark.parametrize("strokes", [(), (((0.5, 0.5),),), (tuple((0.5 + t / 1000, 0.5) for t in range(50)),)])
def test_a_dot_or_a_slip_is_no_signature(strokes: tuple[Stroke, ...]) -> None:
    assert too_small(strokes)
    with pytest.raises(InvalidRequest, match="签名太小"):
        sign_form(_world().file, "form", Filled({"reason": "遗失", "note": "无"}, strokes), _world().now)


def test_where_the_item_wants_paper_it_stays_paper() -> None:
    world = _world(fill_online=False)
    with pytest.raises(InvalidRequest, match="须在纸上签名"):
        sign_form(world.file, "form", _filled(), world.now)
    with pytest.raises(NotFound):
        sign_form(world.file, "register", _filled(), world.now)


def test_a_case_that_was_handed_in_is_not_signed_and_takes_no_late_form() -> None:
    world = _world()
    signed = _sign(world)
    handed_in = World.apply(world, opening.submit(world.file, world.now))
    with pytest.raises(TransitionRefused):
        sign_form(handed_in.file, "form", _filled(), handed_in.now)
    (fact,) = attach_form(handed_in.file, signed, UPLOAD, "late", handed_in.now)
    assert fact.action == "late_form_dropped"  # type: ignore[union-attr]
