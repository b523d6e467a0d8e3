"""Truths, thresholds and sampling over both doors."""

from typing import Any

import pytest

from cases.effects import JobKind
from cases.findings import FindingCode, found
from cases.readings import Confirmed, Field
from storage.truth_tables import truth_counts
from storage.words import JobState, Role
from tests.cases.world import INSTANT
from tests.storage.kept import BOX, reading
from tests.web.test_desk_pages import signed_in
from tests.web.world import Caller, World, unique
from web.desk.pages.truth import percent

NAME = "陈祥本"
DOUBT = found(FindingCode.FIELD_DOUBTFUL, material="id_front", page=1, field="name")


def doubted(world: World) -> tuple[str, str]:
    """A case under review with a doubtful name, and its page."""
    me = world.resident()
    no = me.opens()
    me.submits(no)
    page = world.file(no).pages_of("id_front")[0].id
    fields = {
        "name": Field(NAME, 0.97, Confirmed.ONE_READER, BOX),
        "sex": Field("女", 0.99, Confirmed.TWO_READERS, BOX),
    }
    with world.database.transaction() as tx:
        tx.save_reading(page, reading(fields=fields), world.blobs.put(b"\xff\xd8 small"))
    world.judge(no, "review", DOUBT)
    return no, page


def borne(world: World, n: int = 800) -> None:
    key = {"kind": "id_card_front", "field": "name", "read_as": "one_reader", "band": 99}
    with world.database.transaction() as tx:
        tx.insert_new(truth_counts, {**key, "n": n, "correct": n})


def corrects(desk: Caller, no: str, page: str, value: str = "陈样本", status: int = 200, **more: str) -> Any:
    field = {"field": "name", "value": value, "shown": NAME, **more}
    return desk.post(f"/desk/api/cases/{no}/pages/{page}/truths", status, fields=[field])


def test_a_correction_is_kept_told_without_its_value_and_judged_again(world: World) -> None:
    no, page = doubted(world)
    desk = world.system(Role.PRE_AUDITOR)
    (said,) = corrects(desk, no, page)["truths"]
    assert (said["machine"], said["said"], said["correct"], said["how"]) == (NAME, "陈样本", False, "corrected")
    shown = desk.get(f"/desk/api/cases/{no}/pages/{page}")["reading"]["fields"]["name"]
    assert (shown["value"], shown["confirmed"]) == (NAME, "one_reader")
    told = desk.get(f"/desk/api/cases/{no}/timeline")["timeline"]
    (line,) = [line for line in told if line["action"] == "fields_verified"]
    assert line["detail"]["fields"] == [{"field": "name", "how": "corrected"}]
    with world.database.reading() as tx:
        waiting = [j.state for j in tx.jobs.of_subject(no) if j.kind is JobKind.CASE_JUDGE]
    assert waiting.count(JobState.QUEUED) == 2  # of handing in, and of the auditor's word


def test_whom_it_is_about_has_it_with_their_data(plain_world: World) -> None:
    no, page = doubted(plain_world)
    corrects(plain_world.system(Role.PRE_AUDITOR), no, page)
    (kept,) = plain_world.resident().get("/api/v1/me/data")["corrections"]
    assert (kept["case"], kept["field"], kept["label"]) == (no, "name", "姓名")
    assert (kept["read"], kept["said"], "by" in kept) == (NAME, "陈样本", False)
    assert plain_world.resident("other").get("/api/v1/me/data")["corrections"] == []


def test_the_same_request_twice_is_one_truth(plain_world: World) -> None:
    no, page = doubted(plain_world)
    desk, once = plain_world.system(Role.PRE_AUDITOR), unique()
    body: Any = {"fields": [{"field": "name", "value": "陈样本", "shown": NAME}], "transaction_id": once}
    path = f"/desk/api/cases/{no}/pages/{page}/truths"
    assert desk.post(path, **body) == desk.post(path, **body)
    with plain_world.database.reading() as tx:
        assert tx.truth_mark(no) == 1


def test_what_cannot_be_said_is_refused_in_words(plain_world: World) -> None:
    no, page = doubted(plain_world)
    desk = plain_world.system(Role.PRE_AUDITOR)
    corrects(desk, no, page, "", 422)
    assert "刚刚更新" in str(corrects(desk, no, page, status=409, shown="陈洋本"))
    corrects(desk, no, "another", status=404)
    plain_world.system(Role.PRE_AUDITOR, departments=("gaj",)).get(f"/desk/api/cases/{no}/pages/{page}/truths", 404)
    desk.post(f"/desk/api/cases/{no}/pages/{page}/truths/whole", 409, seal="other")


def test_a_whole_page_confirms_what_nobody_has_spoken_of(plain_world: World) -> None:
    no, page = doubted(plain_world)
    desk = plain_world.system(Role.PRE_AUDITOR)
    seal = corrects(desk, no, page)["seal"]
    said = desk.post(f"/desk/api/cases/{no}/pages/{page}/truths/whole", seal=seal)["truths"]
    assert {t["field"]: t["how"] for t in said} == {"name": "corrected", "sex": "whole_page"}
    desk.post(f"/desk/api/cases/{no}/pages/{page}/truths/whole", 422, seal=seal)


def test_who_may_not_see_values_sees_that_something_was_said(plain_world: World) -> None:
    no, page = doubted(plain_world)
    corrects(plain_world.system(Role.PRE_AUDITOR), no, page)
    seen = plain_world.system(Role.INTAKE).get(f"/desk/api/cases/{no}/pages/{page}/truths")
    assert [(t["machine"], t["said"], t["correct"]) for t in seen["truths"]] == [(None, None, False)]
    assert seen["seal"] is None


def test_passing_a_case_is_no_truth(plain_world: World) -> None:
    no, _ = doubted(plain_world)
    desk = plain_world.system(Role.PRE_AUDITOR)
    for key in ("id_front", "form"):
        desk.post(f"/desk/api/cases/{no}/materials/{key}/decision", decision="accept")
    desk.post(f"/desk/api/cases/{no}/preaudit", decision="pass")
    assert desk.get("/desk/api/accuracy")["fields"] == []


# ── thresholds ──


def test_a_proposal_is_shown_with_its_effect_and_switched_on_by_another_role(plain_world: World) -> None:
    no, page = doubted(plain_world)
    boss, auditor = plain_world.system(Role.SUPERVISOR), plain_world.system(Role.PRE_AUDITOR)
    corrects(auditor, no, page)
    with plain_world.database.transaction() as tx:
        tx.keep_judgement(no, "review", 1, [("id_card_front", "name", 99)])
    assert boss.get("/desk/api/accuracy")["fields"][0]["proposal"] is None
    borne(plain_world)
    (field,) = [f for f in boss.get("/desk/api/accuracy")["fields"] if f["field"] == "name"]
    effect = field["proposal"]["effect"]
    assert (field["proposal"]["confidence"], effect["judged"], effect["findings"], effect["freed"]) == (0.99, 1, 1, 1)
    assert (effect["passing"]["n"], effect["wrong"]) == (800, 0)
    asked: Any = {"kind": "id_card_front", "field": "name"}
    auditor.post("/desk/api/thresholds", 403, **asked, confidence=0.99)
    boss.post("/desk/api/thresholds", 409, **asked, confidence=0.97)
    made = boss.post("/desk/api/thresholds", **asked, confidence=0.99)
    (field,) = [f for f in boss.get("/desk/api/accuracy")["fields"] if f["field"] == "name"]
    assert field["in_force"]["confidence"] == 0.99
    boss.post(f"/desk/api/thresholds/{made['id']}/off")
    boss.post(f"/desk/api/thresholds/{made['id']}/off", 404)
    assert boss.get("/desk/api/accuracy")["thresholds"][0]["until"] is not None


def test_the_target_is_set_within_bounds(plain_world: World) -> None:
    boss = plain_world.system(Role.ADMINISTRATOR)
    boss.post("/desk/api/accuracy/target", target=0.99)
    assert boss.get("/desk/api/accuracy")["target"] == 0.99
    boss.post("/desk/api/accuracy/target", 422, target=0.5)


def test_mistakes_show_values_to_who_may_see_them_and_the_look_is_recorded(plain_world: World) -> None:
    no, page = doubted(plain_world)
    auditor, boss = plain_world.system(Role.PRE_AUDITOR), plain_world.system(Role.AUDITOR)
    corrects(auditor, no, page)
    (wrong,) = auditor.get("/desk/api/accuracy/id_card_front/name")["mistakes"]
    assert (wrong["case"], wrong["machine"], wrong["said"]) == (no, NAME, "陈样本")
    looks = [
        x for x in auditor.get(f"/desk/api/cases/{no}/timeline")["timeline"] if x["action"] == "personal_data_shown"
    ]
    assert looks[-1]["detail"]["what"] == "mistake"
    (hidden,) = boss.get("/desk/api/accuracy/id_card_front/name")["mistakes"]
    assert (hidden["case"], hidden["machine"], hidden["said"]) == (no, None, None)
    boss.get("/desk/api/accuracy/id_card_front/nothing", 404)


# ── sampling ──


def test_the_share_of_an_item_is_seen_set_and_explained(plain_world: World) -> None:
    code = plain_world.publish(version=3, **INSTANT)
    boss, auditor = plain_world.system(Role.SUPERVISOR), plain_world.system(Role.PRE_AUDITOR)
    (line,) = auditor.get("/desk/api/sampling")["items"]
    assert (line["item"], line["share"], line["floor"], line["drawn"]) == (code, 0.05, 0.05, 0)
    auditor.post(f"/desk/api/sampling/{code}", 403, floor=0.2)
    assert boss.post(f"/desk/api/sampling/{code}", floor=0.2)["share"] == 0.2
    (moved,) = boss.get(f"/desk/api/sampling/{code}")["history"]
    assert (moved["why"], moved["share"]) == ("set", 0.2)
    boss.get("/desk/api/sampling/nothing", 404)


# ── pages ──


def test_a_field_is_corrected_and_confirmed_on_the_cases_page(plain_world: World) -> None:
    no, page = doubted(plain_world)
    change = signed_in(plain_world)
    client = plain_world.client
    shown = client.get(f"/desk/cases/{no}/pages/{page}").text
    assert "其余2栏全部无误" in shown
    at = f"/desk/cases/{no}/pages/{page}/truths"
    part = client.post(at, data={"field": "name", "shown": NAME, "value": "陈样本"}, headers=change).text
    assert "已更正为 <b>陈样本</b>" in part
    assert NAME in part
    assert "正在按核对结果重新预审" in part
    seal = client.get(f"/desk/api/cases/{no}/pages/{page}/truths").json()["seal"]
    assert "✓ 已核对无误" in client.post(f"{at}/whole", data={"seal": seal}, headers=change).text
    waiting = client.get(f"/desk/cases/{no}/judging?at={page}").text
    assert "正在" in waiting


def test_the_pages_of_accuracy_and_sampling(plain_world: World) -> None:
    code = plain_world.publish(version=3, **INSTANT)
    no, page = doubted(plain_world)
    corrects(plain_world.system(Role.PRE_AUDITOR), no, page)
    borne(plain_world)
    change = signed_in(plain_world, Role.PRE_AUDITOR, Role.SUPERVISOR)
    client = plain_world.client
    seen = client.get("/desk/accuracy").text
    assert "建议 ≥ 0.99" in seen
    asked = {"kind": "id_card_front", "field": "name", "confidence": "0.99"}
    assert client.post("/desk/thresholds", data=asked, headers=change).headers["HX-Redirect"] == "/desk/accuracy"
    assert "在用 ≥ 0.99" in client.get("/desk/accuracy").text
    wrong = client.get("/desk/accuracy/id_card_front/name").text
    assert 'class="crop"' in wrong
    assert "陈样本" in wrong
    assert client.post("/desk/accuracy/target", data={"percent": "99"}, headers=change).status_code == 204
    client.post(f"/desk/sampling/{code}", data={"percent": "10"}, headers=change)
    assert "10%" in client.get("/desk/sampling").text
    assert "设置下限" in client.get(f"/desk/sampling/{code}").text


@pytest.mark.parametrize(
    ("share", "shown"),
    [(None, "—"), (1.0, "100%"), (0.99996, "99.99%"), (0.995, "99.5%"), (0.05, "5%"), (0.9512, "95.1%"), (0.29, "29%")],
)
def test_a_share_is_never_rounded_up_to_everything(share: float | None, shown: str) -> None:
    assert percent(share) == shown
