"""Looking over what was read: the resident sees each value with its place, corrects it, and the office sees both."""

from dataclasses import replace

import pytest

from cases.readings import Confirmed, Field
from storage.actors import Scope
from storage.words import Role
from tests.storage.kept import reading
from tests.web.world import APPLICANT, Caller, World, unique

BOX = ((10.0, 6.0), (60.0, 6.0), (60.0, 30.0), (10.0, 30.0))
CHECKS = [{"same": ["id_front.name", "form.applicant_name"]}, {"same": ["id_front.id_number", "form.id_number"]}]


@pytest.fixture
def me(plain_world: World) -> Caller:
    plain_world.publish(version=2, cross_checks=CHECKS)
    return plain_world.resident()


def _front(world: World, me: Caller, **fields: Field) -> tuple[str, str]:
    """A case with a card that was read."""
    no = me.opens()
    page = str(me.uploads(no, "id_front")["id"])
    made = reading(fields={"name": Field("陈祥本", 0.7, Confirmed.ONE_READER, BOX), **fields})
    with world.database.transaction() as tx:
        tx.save_reading(page, replace(made, width=100, height=60, rotation=90), world.blobs.put(b"small copy"))
    world.read(no, page)
    return no, page


def _say(
    me: Caller, no: str, page: str | None, field: str, *, value: str, shown: str, status: int = 200
) -> dict[str, object]:
    word = {"page": page, "field": field, "value": value, "shown": shown}
    answer: dict[str, object] = me.post(f"/api/v1/cases/{no}/fields", status, fields=[word], transaction_id=unique())
    return answer


def test_what_is_compared_is_shown_with_its_place_on_the_picture(plain_world: World, me: Caller) -> None:
    no, page = _front(plain_world, me, sex=Field("男", 0.99, Confirmed.TWO_READERS, BOX))
    seen = me.get(f"/api/v1/cases/{no}/fields")
    name, number = seen["fields"]
    assert [number["field"], number["value"], number["read"], number["place"]] == ["id_number", "", None, None]
    assert (name["label"], name["value"], name["certain"], name["corrected"]) == ("姓名", "陈祥本", False, False)
    assert name["place"] == {"left": 0.1, "top": 0.1, "width": 0.5, "height": 0.4}
    assert (name["page"], name["number"], name["rotation"]) == (page, 1, 90)
    assert {t["field"]: t["value"] for t in seen["typed"]}["id_number"] == APPLICANT["id_number"]
    assert seen["pictures"] == [
        {"page": page, "material": "id_front", "number": 1, "width": 100, "height": 60, "rotation": 90}
    ]


def test_a_correction_is_shown_to_the_resident_and_beside_what_was_read_to_the_office(
    plain_world: World, me: Caller
) -> None:
    no, page = _front(plain_world, me)
    _say(me, no, page, "name", value="陈样本", shown="陈祥本")
    name = next(f for f in me.get(f"/api/v1/cases/{no}/fields")["fields"] if f["field"] == "name")
    assert (name["value"], name["read"], name["corrected"]) == ("陈样本", "陈祥本", True)
    looks = plain_world.system(Role.PRE_AUDITOR).get(f"/desk/api/cases/{no}/pages/{page}")
    (said,) = looks["by_resident"]
    assert (said["field"], said["label"], said["read"], said["said"]) == ("name", "姓名", "陈祥本", "陈样本")
    assert looks["reading"]["fields"]["name"]["value"] == "陈祥本"
    assert plain_world.system(Role.INTAKE).get(f"/desk/api/cases/{no}/pages/{page}")["by_resident"] == []


def test_the_record_names_the_field_and_no_value(plain_world: World, me: Caller) -> None:
    no, page = _front(plain_world, me)
    _say(me, no, page, "name", value="陈样本", shown="陈祥本")
    (line,) = [x for x in me.get(f"/api/v1/cases/{no}/timeline")["timeline"] if x["action"] == "fields_checked"]
    assert line["label"] == "申请人核对并更正了识读内容"
    assert line["detail"] == {"fields": [{"page": page, "field": "name"}]}


def test_the_second_of_two_phones_is_told_and_overwrites_nothing(plain_world: World, me: Caller) -> None:
    no, page = _front(plain_world, me)
    _say(me, no, page, "name", value="陈样本", shown="陈祥本")
    refused = _say(me, no, page, "name", value="陈洋本", shown="陈祥本", status=409)
    error = refused["error"]
    assert isinstance(error, dict)
    assert (error["code"], error["details"]["changed"]) == ("conflict", [{"page": page, "field": "name"}])
    assert "另一部手机" in error["message"]
    assert me.get(f"/api/v1/cases/{no}/fields")["fields"][0]["value"] == "陈样本"


def test_the_same_correction_sent_twice_is_one(plain_world: World, me: Caller) -> None:
    no, page = _front(plain_world, me)
    body = {
        "fields": [{"page": page, "field": "name", "value": "陈样本", "shown": "陈祥本"}],
        "transaction_id": unique(),
    }
    assert me.post(f"/api/v1/cases/{no}/fields", **body) == me.post(f"/api/v1/cases/{no}/fields", **body)
    lines = [x["action"] for x in me.get(f"/api/v1/cases/{no}/timeline")["timeline"]]
    assert lines.count("fields_checked") == 1


def test_what_was_typed_is_corrected_too(plain_world: World, me: Caller) -> None:
    no, _ = _front(plain_world, me)
    _say(me, no, None, "phone", value="13900000000", shown="13800000000")
    assert plain_world.file(no).case.applicant.phone == "13900000000"
    with plain_world.database.reading() as tx:
        assert [c.number for c in tx.cases_by_phone("13900000000", me_scope(plain_world, no))] == [no]


def me_scope(world: World, no: str) -> Scope:
    return Scope.of_person(world.file(no).case.owner)


def test_a_page_is_shown_by_its_small_copy_to_its_owner(plain_world: World, me: Caller) -> None:
    no, page = _front(plain_world, me)
    path = f"/api/v1/cases/{no}/pages/{page}/picture"
    answer = me.raw("GET", path)
    assert (answer.content, answer.headers["content-type"]) == (b"small copy", "image/jpeg")
    assert answer.headers["cache-control"] == "private, no-store"
    unread = me.uploads(no, "form")["id"]
    assert me.get(f"/api/v1/cases/{no}/pages/{unread}/picture", 409)["error"]["code"] == "not_ready"
    me.ask("DELETE", f"/api/v1/cases/{no}/pages/{page}")
    me.get(path, 404)
    assert me.get(f"/api/v1/cases/{no}/fields")["fields"] == []


def test_a_case_that_was_handed_in_is_shown_and_not_corrected(plain_world: World, me: Caller) -> None:
    no, page = _front(plain_world, me)
    me.post(f"/api/v1/cases/{no}/submit")
    assert me.get(f"/api/v1/cases/{no}/fields")["editable"] is False
    _say(me, no, page, "name", value="陈样本", shown="陈祥本", status=409)
