"""An agent's cases in one pickup, over the API."""

from typing import Any

from tests.web.world import ADDRESS, Caller, World, unique


def _passed(world: World, me: Caller, count: int) -> list[str]:
    """Cases whose papers are to be fetched."""
    numbers = []
    for _ in range(count):
        no = me.opens()
        me.submits(no)
        world.judge(no, "passed")
        numbers.append(no)
    return numbers


def _consolidates(me: Caller, numbers: list[str], status: int = 201, **more: Any) -> Any:
    window = me.get(f"/api/v1/cases/{numbers[0]}/windows?leg=collection")["windows"][0]["id"]
    body = {"cases": numbers, "window": window, "address": ADDRESS, "transaction_id": unique(), **more}
    return me.post("/api/v1/pickups", status, **body)


def test_many_cases_get_one_pickup_with_a_list_of_contents(world: World) -> None:
    agent = world.resident("agent")
    numbers = _passed(world, agent, 3)
    made = _consolidates(agent, numbers, transaction_id="p")
    assert (made["state"], [c["case"] for c in made["cases"]]) == ("requested", sorted(numbers))
    assert made["cases"][0]["contents"] == ["居民身份证（人像面）×1", "补领申请表×1"]
    assert _consolidates(agent, numbers, transaction_id="p") == made
    assert [p["id"] for p in agent.get("/api/v1/pickups")["pickups"]] == [made["id"]]
    assert agent.get(f"/api/v1/pickups/{made['id']}") == made
    with world.database.reading() as tx:
        kinds = [j.kind for j in tx.jobs.list()]
    assert (kinds.count("pickup.book"), kinds.count("courier.book")) == (1, 0)
    _consolidates(agent, numbers, 409)


def test_a_case_is_taken_out_and_the_last_one_is_not(plain_world: World) -> None:
    agent = plain_world.resident("agent")
    numbers = sorted(_passed(plain_world, agent, 2))
    made = _consolidates(agent, numbers)
    for no in numbers:
        plain_world.book_at_partner(no)
    path = f"/api/v1/pickups/{made['id']}/cases"
    left = agent.post(f"{path}/{numbers[0]}/take-out")
    assert [c["case"] for c in left["cases"]] == numbers[1:]
    assert "book_collection" in agent.get(f"/api/v1/cases/{numbers[0]}")["actions"]
    refused = agent.post(f"{path}/{numbers[1]}/take-out", 409)
    assert "最后一个" in refused["error"]["message"]


def test_an_order_that_is_not_booked_yet_cannot_be_called_off(plain_world: World) -> None:
    agent = plain_world.resident("agent")
    made = _consolidates(agent, _passed(plain_world, agent, 2))
    agent.post(f"/api/v1/pickups/{made['id']}/cancel", 409)


def test_nobody_sees_or_joins_what_is_somebody_elses(plain_world: World) -> None:
    agent, other = plain_world.resident("agent"), plain_world.resident("other")
    numbers = _passed(plain_world, agent, 2)
    made = _consolidates(agent, numbers)
    assert other.get("/api/v1/pickups")["pickups"] == []
    other.get(f"/api/v1/pickups/{made['id']}", 404)
    other.post(f"/api/v1/pickups/{made['id']}/cancel", 404)
    other.post(f"/api/v1/pickups/{made['id']}/cases/{numbers[0]}/take-out", 404)
    mine = _passed(plain_world, other, 1)
    _consolidates(other, [*mine, numbers[0]], 404)


def test_one_case_or_too_many_are_refused_by_shape(plain_world: World) -> None:
    agent = plain_world.resident("agent")
    for numbers in (["1"], [str(n) for n in range(51)]):
        agent.post("/api/v1/pickups", 422, cases=numbers, window="ems.x", address=ADDRESS)
