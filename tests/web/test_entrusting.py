"""Agents: no case is handed in for somebody who did not agree; the case goes to whom it is for, and the agent sees it no
more. The code is read where the applicant would read it: in the text message."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update

from storage.tables import one_time_codes
from tests.web.world import APPLICANT, Caller, World

AGENT = {"name": "村代办王五", "id_number": "110101199003077475", "phone": "13900000000"}
ENDING = str(APPLICANT["id_number"])[-4:]


def _opened(world: World) -> tuple[Caller, str]:
    agent = world.resident("agent")
    return agent, agent.opens(agent=AGENT)


def _code(world: World, no: str) -> str:
    with world.database.reading() as tx:
        return str(next(n.data["code"] for n in reversed(tx.notices_of(no)) if "code" in n.data))


def _later(world: World, by: timedelta) -> None:
    with world.database.transaction() as tx:
        c = one_time_codes.c
        for row in tx.all(one_time_codes.select()):
            earlier = {"made_at": row.made_at - by, "ends_at": row.ends_at - by}
            tx.execute(update(one_time_codes).where(c.purpose == row.purpose).values(**earlier))


def test_an_agent_hands_in_only_with_the_applicants_word(plain_world: World) -> None:
    agent, no = _opened(plain_world)
    refused = agent.ask("POST", f"/api/v1/cases/{no}/submit", 409)
    assert refused["error"]["details"]["needs"] == "authority"
    sent = agent.ask("POST", f"/api/v1/cases/{no}/agent/code", json={"purpose": "authority"})
    assert re.fullmatch(r"\d{3}\*{4}\d{4}", sent["phone"])
    code = _code(plain_world, no)
    assert code not in str(agent.ask("GET", f"/api/v1/cases/{no}/messages"))
    assert code not in str(agent.ask("GET", f"/api/v1/cases/{no}/timeline"))
    agent.ask("POST", f"/api/v1/cases/{no}/agent/authority", json={"code": code})
    assert agent.ask("POST", f"/api/v1/cases/{no}/submit")["state"] != "draft"
    again = agent.ask("POST", f"/api/v1/cases/{no}/agent/code", 409, json={"purpose": "authority"})
    assert "已经记录" in again["error"]["message"]


def test_a_signed_form_proves_it_too(plain_world: World) -> None:
    agent, no = _opened(plain_world)
    prove = f"/api/v1/cases/{no}/agent/authority"
    assert "委托书" in agent.ask("POST", prove, 422, json={"page": "nothing"})["error"]["message"]
    page = agent.uploads(no, "id_front")["id"]
    agent.ask("POST", prove, json={"page": page})
    with plain_world.database.reading() as tx:
        proof = (tx.case_file(no).case.agent or {})["proof"]
    assert (proof["how"], proof["page"]) == ("form", page)


@pytest.mark.parametrize("ask", [{}, {"code": "123456", "page": "p"}, {"code": "12345"}, {"code": "abcdef"}])
def test_half_a_proof_is_none(plain_world: World, ask: dict[str, str]) -> None:
    agent, no = _opened(plain_world)
    agent.ask("POST", f"/api/v1/cases/{no}/agent/authority", 422, json=ask)


def test_a_code_is_worth_nothing_after_five_wrong_tries_or_its_time(plain_world: World) -> None:
    agent, no = _opened(plain_world)
    send, prove = f"/api/v1/cases/{no}/agent/code", f"/api/v1/cases/{no}/agent/authority"
    agent.ask("POST", send, json={"purpose": "authority"})
    assert agent.ask("POST", send, 429, json={"purpose": "authority"})["error"]["details"]["retry_after"] == 60
    code = _code(plain_world, no)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(5):
        agent.ask("POST", prove, 422, json={"code": wrong})
    assert "已失效" in agent.ask("POST", prove, 422, json={"code": code})["error"]["message"]
    _later(plain_world, timedelta(minutes=1))
    agent.ask("POST", send, json={"purpose": "authority"})
    fresh = _code(plain_world, no)
    _later(plain_world, timedelta(minutes=30))
    agent.ask("POST", prove, 422, json={"code": fresh})


def test_the_case_goes_to_whom_it_is_for_and_leaves_the_agent(plain_world: World) -> None:
    agent, no = _opened(plain_world)
    agent.ask("POST", f"/api/v1/cases/{no}/agent/code", json={"purpose": "hand_over"})
    code, me = _code(plain_world, no), plain_world.resident("applicant")
    take, known = "/api/v1/take-over", {"case": no, "code": code, "id_ending": ENDING}
    me.ask("POST", take, 422, json={**known, "code": "000000" if code != "000000" else "1" * 6})
    assert me.ask("POST", take, json=known)["case"] == no
    assert [c["case"] for c in me.ask("GET", "/api/v1/cases")["cases"]] == [no]
    agent.ask("GET", f"/api/v1/cases/{no}", 404)
    assert me.ask("GET", "/api/v1/messages")["messages"][0]["template"] == "case_handed_over"
    me.ask("POST", take, 422, json=known)


def test_the_code_alone_is_not_enough_and_a_case_that_is_not_there_says_no_more(plain_world: World) -> None:
    agent, no = _opened(plain_world)
    agent.ask("POST", f"/api/v1/cases/{no}/agent/code", json={"purpose": "hand_over"})
    code, other = _code(plain_world, no), plain_world.resident("somebody")
    known = {"case": no, "code": code, "id_ending": ENDING}
    wrong = [{"case": "440105202603020000011"}, *({"id_ending": f"{n:04d}"} for n in range(5)), {}]
    said = [other.ask("POST", "/api/v1/take-over", 422, json={**known, **change})["error"] for change in wrong]
    assert all(each == said[0] for each in said)  # the last one is right, but guessing has used it up


def test_a_case_of_ones_own_has_nobody_to_authorise(plain_world: World) -> None:
    me = plain_world.resident()
    no = me.opens()
    me.ask("POST", f"/api/v1/cases/{no}/agent/code", 409, json={"purpose": "authority"})
    plain_world.resident("other").ask("POST", f"/api/v1/cases/{no}/agent/code", 404, json={"purpose": "authority"})
