"""The item manager over HTTP: a draft saved, linted, proposed, approved by another, published from a day, withdrawn before
it; files in and out; past cases judged again, their papers shown to those who may."""

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from cases.deadlines import beijing_day
from cases.effects import JobKind
from preaudit.catalogue import ITEMS, load_file
from storage.tables import cases
from storage.words import Role
from tests.web.catalogue_world import CODE, FAULTLESS, past_case, publish_faultless, works
from tests.web.world import SYSTEM, Caller, World, unique
from web.desk.catalogue.items import exchange_csv, exchange_from_csv
from web.desk.catalogue.yaml_text import from_text, to_text
from workers.actors.registry import HANDLERS

API = "/desk/api/catalogue"


@pytest.fixture
def town(plain_world: World) -> World:
    publish_faultless(plain_world)
    return plain_world


def person(world: World, *roles: Role, region: str | None = None) -> Caller:
    """A key of its own for each: nobody approves what they drafted."""
    with world.database.transaction() as tx:
        _, token = tx.staff.add_api_key(
            unique(), roles=frozenset(roles), departments=frozenset({"rsj"}), actor=SYSTEM, region=region
        )
    return Caller(world, {"X-API-Key": token})


def edited(me: Caller, draft: Any, place: str, *values: str, status: int = 200) -> Any:
    fields = [{"place": place, "values": list(values)}]
    return me.post(f"{API}/drafts/{draft['id']}/edit", status, revision=draft["revision"], fields=fields)


def approved(world: World, me: Caller, name: str = "社会保障卡补领换领") -> Any:
    draft = edited(me, me.post(f"{API}/drafts", code=CODE), "name", name)
    works(world, JobKind.ITEM_LINT)
    at = f"{API}/drafts/{draft['id']}"
    me.post(f"{at}/propose", revision=draft["revision"], note="按省厅文件")
    second = person(world, Role.SUPERVISOR)
    return second.post(f"{at}/decision", revision=draft["revision"], decision="approve")


def tomorrow(world: World) -> date:
    return beijing_day(world.database.now()) + timedelta(days=1)


def test_a_fault_is_named_with_its_place_and_keeps_the_draft_from_being_proposed(town: World) -> None:
    me = person(town, Role.ITEM_MANAGER)
    draft = edited(me, me.post(f"{API}/drafts", code=CODE), "limits.promised_days", "30")
    assert not draft["linted"]
    works(town, JobKind.ITEM_LINT)
    seen = me.get(f"{API}/drafts/{draft['id']}")
    fault = next(m for m in seen["misfits"] if not m["warning"])
    assert (fault["where"], fault["rule"]) == ("limits", "promised_over_statutory")
    assert to_text(seen["definition"]).splitlines()[fault["line"] - 1] == "limits:"
    refused = me.post(f"{API}/drafts/{draft['id']}/propose", 422, revision=2, note="压缩时限")
    assert "处错误" in refused["error"]["message"]
    mended = edited(me, seen, "limits.promised_days", "5")
    works(town, JobKind.ITEM_LINT)
    assert me.get(f"{API}/drafts/{mended['id']}")["state"] == "linted"


def test_of_two_editors_the_second_is_told_and_nothing_is_lost(town: World) -> None:
    first, second = person(town, Role.ITEM_MANAGER), person(town, Role.ITEM_MANAGER)
    draft = first.post(f"{API}/drafts", code=CODE)
    assert second.post(f"{API}/drafts", 409, code=CODE)["error"]["details"]["draft"] == draft["id"]
    edited(first, draft, "name", "甲")
    assert "刚刚修改" in edited(second, draft, "name", "乙", status=409)["error"]["message"]
    assert first.get(f"{API}/drafts/{draft['id']}")["name"] == "甲"


def test_a_version_is_in_force_from_its_day_and_open_cases_keep_theirs(town: World) -> None:
    me = person(town, Role.ITEM_MANAGER)
    before = town.resident().opens()
    draft = approved(town, me)
    me.post(f"{API}/drafts/{draft['id']}/publish", valid_from=str(beijing_day(town.database.now())))
    shown = town.client.get(f"/api/v1/items/{CODE}").json()
    preview = me.get(f"{API}/drafts/{draft['id']}/guide")
    assert preview == shown
    assert (shown["name"], shown["version"]) == ("社会保障卡补领换领", 10)
    after = town.resident().opens()
    assert [town.file(no).item.version for no in (before, after)] == [9, 10]
    seen = me.get(f"{API}/items/{CODE}")
    assert [(v["version"], v["standing"]) for v in seen["versions"]][:2] == [(10, "in_force"), (9, "past")]
    with town.database.reading() as tx:
        actions = [line.action for line in tx.timeline(f"item:{CODE}")]
    assert actions == ["item_draft_begun", "item_proposed", "item_approved", "item_published"]


def test_a_version_to_come_is_offered_to_nobody_and_can_be_withdrawn(town: World) -> None:
    me = person(town, Role.ITEM_MANAGER)
    draft = approved(town, me)
    me.post(f"{API}/drafts/{draft['id']}/publish", valid_from=str(tomorrow(town)))
    assert town.client.get(f"/api/v1/items/{CODE}").json()["version"] == 9
    line = me.get(f"{API}/items")["items"][0]
    assert (line["version"], line["coming"]) == (9, {"version": 10, "valid_from": str(tomorrow(town))})
    # another one cannot slip in before it
    other = approved(town, me, "另一版")
    refused = me.post(f"{API}/drafts/{other['id']}/publish", 409, valid_from=str(tomorrow(town)))
    assert "请先撤回" in refused["error"]["message"]
    me.post(f"{API}/drafts/{draft['id']}/withdraw")
    published = me.post(f"{API}/drafts/{other['id']}/publish", valid_from=str(tomorrow(town)))
    assert published["version"] == 11


def test_nobody_approves_their_own_draft(town: World) -> None:
    me = person(town, Role.ITEM_MANAGER)
    draft = edited(me, me.post(f"{API}/drafts", code=CODE), "name", "新名称")
    works(town, JobKind.ITEM_LINT)
    me.post(f"{API}/drafts/{draft['id']}/propose", revision=2, note="说明")
    assert me.post(f"{API}/drafts/{draft['id']}/decision", 403, revision=2, decision="approve")
    assert "approve" not in me.get(f"{API}/drafts/{draft['id']}")["actions"]


def test_items_of_another_region_are_not_there(town: World) -> None:
    mine, draft = person(town, Role.ITEM_MANAGER), person(town, Role.ITEM_MANAGER).post(f"{API}/drafts", code=CODE)
    stranger = person(town, Role.ITEM_MANAGER, region="510107")
    assert mine.get(f"{API}/items")["items"]
    assert stranger.get(f"{API}/items")["items"] == stranger.get(f"{API}/drafts")["drafts"] == []
    for path in (f"items/{CODE}", f"drafts/{draft['id']}", f"drafts/{draft['id']}/guide", f"items/{CODE}/yaml"):
        assert stranger.raw("GET", f"{API}/{path}").status_code == 404
    assert stranger.post(f"{API}/drafts", 404, code=CODE)


@pytest.mark.parametrize("format", ["yaml", "exchange_json", "exchange_csv"])
def test_a_file_that_was_exported_is_imported_as_a_draft_of_the_same(town: World, format: str) -> None:
    me = person(town, Role.ITEM_MANAGER)
    path = {"yaml": "yaml", "exchange_json": "exchange", "exchange_csv": "exchange?format=csv"}[format]
    text = me.raw("GET", f"{API}/items/{CODE}/{path}").text
    draft = me.post(f"{API}/drafts/import", format=format, text=text)
    works(town, JobKind.ITEM_LINT)
    assert [m for m in me.get(f"{API}/drafts/{draft['id']}")["misfits"] if not m["warning"]] == []
    told = me.get(f"{API}/drafts/{draft['id']}/diff")["differences"]
    if format == "yaml":
        assert told == []
        assert draft["definition"] == {**json.loads(json.dumps(FAULTLESS)), "version": 10}


def test_a_file_that_cannot_be_read_is_refused_with_its_line(town: World) -> None:
    me = person(town, Role.ITEM_MANAGER)
    for text, line in (("name: 甲\nname: 乙", 2), ("a: [", 2), ("a: &x 1\nb: *x", 1), ("- 1", 1)):
        refused = me.post(f"{API}/drafts/import", 422, format="yaml", text=text)["error"]
        assert refused["details"]["line"] == line, text
    assert me.post(f"{API}/drafts/import", 422, format="exchange_csv", text="a,b\n1,2")["error"]["details"]["line"] == 1
    assert me.post(f"{API}/drafts/import", 422, format="exchange_json", text="[")


def test_items_go_through_yaml_and_csv_unchanged(town: World) -> None:
    me = person(town, Role.ITEM_MANAGER)
    bundle = load_file(ITEMS / "440105-CLFZY.yaml").raw
    assert from_text(to_text(bundle)) == bundle
    given = me.get(f"{API}/items/{CODE}/exchange")
    assert exchange_from_csv(exchange_csv(given)) == given


def test_past_cases_are_judged_again_and_their_papers_shown_to_who_may_look(town: World) -> None:
    me = person(town, Role.ITEM_MANAGER)
    no, of_a_test = past_case(town), past_case(town)
    with town.database.transaction() as tx:
        tx.execute(update(cases).where(cases.c.number == of_a_test).values(test=True))
    draft = me.post(f"{API}/drafts", code=CODE)
    at = f"{API}/drafts/{draft['id']}"
    draft = me.post(f"{at}/edit", revision=1, lines=[{"list": "materials[0].checks", "change": "add"}])
    draft = edited(me, draft, "materials[0].checks[1]", "id_number_valid", "")
    asked = me.post(f"{at}/backtests", most=10)
    assert asked["state"] == "waiting"
    works(town, JobKind.ITEM_BACKTEST)
    seen = me.get(f"{API}/backtests/{asked['id']}")
    assert (seen["state"], seen["total"], seen["changed"]) == ("done", 1, 1)
    (case,) = seen["cases"]
    assert (case["case"], case["before"], case["after"]) == (no, "returned", "review")
    assert [f["code"] for f in case["new"]] == ["field_missing"]
    picture = case["pages"][0]["picture"]
    assert me.raw("GET", picture).content[:2] == b"\xff\xd8"
    with town.database.reading() as tx:
        assert "personal_data_shown" in [line.action for line in tx.timeline(no)]
    # who may not look sees which verdicts change, and nothing off the papers
    for other in (person(town, Role.SUPERVISOR), person(town, Role.AUDITOR)):
        (masked,) = other.get(f"{API}/backtests/{asked['id']}")["cases"]
        assert (masked["after"], masked["may_look"], masked["new"], masked["pages"]) == ("review", False, [], [])
        assert other.raw("GET", picture).status_code == 403
    assert me.raw("GET", picture.replace(no, of_a_test)).status_code == 404


def test_the_list_says_what_is_asked_for_and_what_is_under_way(town: World) -> None:
    me = person(town, Role.ITEM_MANAGER)
    town.resident().opens()
    draft = me.post(f"{API}/drafts", code=CODE)
    (line,) = me.get(f"{API}/items")["items"]
    assert (line["version"], line["cases"], line["cases_more"], line["draft"]["id"]) == (9, 1, False, draft["id"])
    assert me.get(f"{API}/items", params={"q": "不存在"})["items"] == []
    assert [d["id"] for d in me.get(f"{API}/drafts")["drafts"]] == [draft["id"]]
    me.post(f"{API}/drafts/{draft['id']}/abandon")
    assert me.get(f"{API}/drafts")["drafts"] == []


def test_a_linter_that_failed_is_said_and_nobody_waits_for_it(town: World) -> None:
    me = person(town, Role.ITEM_MANAGER)
    draft = me.post(f"{API}/drafts", code=CODE)
    give_up = HANDLERS[JobKind.ITEM_LINT].give_up
    assert give_up is not None
    with town.database.transaction() as tx:
        give_up(tx, draft["id"])
    seen = me.get(f"{API}/drafts/{draft['id']}")
    assert (seen["linted"], seen["state"], seen["misfits"][0]["rule"]) == (True, "editing", "linter_failed")
