"""A resident who polls is told that nothing changed, cheaply and truly: never past a change, a lost session or a limit."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from storage.sessions import TOUCH_EVERY
from storage.tables import sessions
from storage.words import ActorKind
from tests.web.world import Caller, World, make_world


def polled(me: Caller, no: str, tag: str, **more: Any) -> Any:
    return me.raw("GET", f"/api/v1/cases/{no}", headers={"If-None-Match": tag, **more})


def seen(me: Caller, no: str) -> str:
    return str(me.raw("GET", f"/api/v1/cases/{no}").headers["ETag"])


def test_what_did_not_change_is_not_sent_again_and_what_did_is(world: World) -> None:
    me = world.resident()
    no = me.opens()
    tag = seen(me, no)
    same = polled(me, no, tag)
    assert (same.status_code, same.content, same.headers["ETag"]) == (304, b"", tag)
    assert same.headers["Cache-Control"] == "no-store"
    me.post(f"/api/v1/cases/{no}/withdraw")
    changed = polled(me, no, tag)
    assert (changed.status_code, changed.json()["state"]) == (200, "withdrawn")
    assert changed.headers["ETag"] != tag


def test_a_page_that_waits_to_be_read_has_no_tag_because_its_wait_grows_shorter(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()
    me.uploads(no, "form")
    assert "ETag" not in me.raw("GET", f"/api/v1/cases/{no}").headers
    plain_world.read_all(no)
    assert polled(me, no, seen(me, no)).status_code == 304


def test_another_language_is_another_answer(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()
    assert polled(me, no, seen(me, no), **{"Accept-Language": "en"}).status_code == 200


def test_somebody_elses_case_and_a_case_that_is_none_are_not_there_whatever_tag_is_shown(world: World) -> None:
    me, other = world.resident(), world.resident("other")
    no = me.opens()
    tag = seen(me, no)
    assert polled(other, no, tag).status_code == 404
    assert polled(me, "440105202603020000011", tag).status_code == 404


def test_a_session_that_was_ended_is_told_so_at_the_next_question(world: World) -> None:
    me = world.resident()
    no = me.opens()
    tag = seen(me, no)
    me.ask("DELETE", "/api/v1/session")
    assert polled(me, no, tag).status_code == 401


@pytest.mark.parametrize("token", ["", "zt_", "zt_" + "a" * 51, "zk_x", "ünï"])
def test_a_token_that_is_none_goes_the_long_way(plain_world: World, token: str) -> None:
    me = plain_world.resident()
    no = me.opens()
    stranger = Caller(plain_world, {"Authorization": f"Bearer {token}".encode("latin-1")})  # type: ignore[dict-item]
    assert polled(stranger, no, seen(me, no)).status_code == 401


def test_whoever_polls_for_hours_stays_signed_in(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()
    tag = seen(me, no)
    long_ago = plain_world.database.now() - TOUCH_EVERY[ActorKind.RESIDENT]
    with plain_world.database.transaction() as tx:
        tx.execute(update(sessions).values(seen_at=long_ago - timedelta(minutes=1)))
    assert polled(me, no, tag).status_code == 200, "the long way, which keeps the session alive"
    assert polled(me, no, tag).status_code == 304


def test_whoever_polls_too_often_waits(plain_world: World) -> None:
    busy = make_world(plain_world.database, plain_world.blobs, person_per_minute=5)
    me = busy.resident()
    no = me.opens()
    tag = seen(me, no)
    assert [polled(me, no, tag).status_code for _ in range(12)].count(429) >= 4


def test_erasing_a_draft_is_a_change(plain_world: World) -> None:
    no = plain_world.resident().opens()
    with plain_world.database.transaction() as tx:
        before = tx.case_version(no)
        tx.erase_pages(no)
        assert tx.case_version(no) > before
