"""Departments' systems are told: signed as the specification says, tried again, never lost, and nowhere else than allowed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from cases.actions import opening
from cases.effects import JobKind
from storage import outgoing
from storage.department_systems import Endpoint, System
from storage.department_tables import DeliveryState, department_endpoints, outgoing_deliveries, outgoing_messages
from storage.outgoing import Delivery
from tests.workers.department import Department
from tests.workers.room import Room
from tests.workers.test_cli import run
from workers import sweeps
from workers.actors.webhooks import SCHEDULE
from workers.commands.common import OPERATOR
from workers.jobs import Ended
from workers.webhooks import hosts_from, refused_address, refused_url, send, signature

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is kept, and how, on both databases: tests/storage/test_departments.py."""
    return sqlite_url


@pytest.fixture
def department() -> Iterator[Department]:
    made = Department()
    yield made
    made.close()


def listens(room: Room, department: Department, *departments: str) -> tuple[System, Endpoint, str]:
    """A system of `departments` that is told news."""
    with room.database.transaction() as tx:
        system = tx.department_systems.add("人社业务系统", departments or ("rsj",), actor=OPERATOR)
        endpoint, secret = tx.department_systems.add_endpoint(system, department.url, actor=OPERATOR)
    return system, endpoint, secret


def sent(room: Room, endpoint: Endpoint) -> list[Delivery]:
    """The oldest first."""
    with room.database.reading() as tx:
        return outgoing.deliveries(tx, endpoint.id)[0][::-1]


def endpoint_now(room: Room, endpoint: Endpoint) -> Endpoint:
    with room.database.reading() as tx:
        return tx.department_systems.endpoint(endpoint.id)


# ── the signature ──


def test_a_message_is_signed_as_the_specification_says() -> None:
    """The vector of the reference implementations."""
    made = signature(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}'
    )
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


# ── from a case to the department ──


def test_who_serves_the_department_is_told_and_nobody_else(room: Room, department: Department) -> None:
    _, endpoint, secret = listens(room, department, "rsj")
    room.world.to_processing()
    (delivery,) = sent(room, endpoint)
    assert room.do(JobKind.WEBHOOK_SEND) is Ended.DONE
    (heard,) = department.heard
    assert heard.signed_with(secret)
    assert heard.id == delivery.message
    assert heard.said["type"] == "assignment.opened"
    card = next(a for a in room.world.file.assignments if a.key == "card")
    said = heard.said["data"]
    assert (said["case"], said["assignment"], said["department"]) == (room.number, card.id, "rsj")
    assert said["because"].startswith("440105-SHBZK-BL v1 card")
    assert sent(room, endpoint)[0].state is DeliveryState.DELIVERED


def test_a_case_taken_back_is_told_to_whoever_worked_on_it(room: Room, department: Department) -> None:
    _, endpoint, _ = listens(room, department, "rsj", "gaj")
    world = room.world.to_processing()
    world.apply(opening.withdraw(world.file, world.now))
    told = [(d.event, d.department) for d in sent(room, endpoint)]
    assert told[:2] == [("assignment.opened", "rsj"), ("assignment.opened", "gaj")]
    assert sorted(told[2:]) == [("assignment.withdrawn", d) for d in ("gaj", "rsj", "rsj")]


def test_a_system_of_another_region_hears_nothing(room: Room, department: Department) -> None:
    with room.database.transaction() as tx:
        system = tx.department_systems.add("武侯人社", ["rsj"], region="510107", actor=OPERATOR)
        endpoint, _ = tx.department_systems.add_endpoint(system, department.url, actor=OPERATOR)
    room.world.to_processing()
    assert sent(room, endpoint) == []


# ── not taken ──


def test_what_is_not_taken_is_tried_again_later_and_every_try_is_kept(room: Room, department: Department) -> None:
    _, endpoint, _ = listens(room, department)
    department.answers = [(500, {}), (302, {"Location": "http://127.0.0.1:1/elsewhere"}), (429, {"Retry-After": "900"})]
    room.world.to_processing()
    waits = []
    for _ in range(4):
        room.make_due(JobKind.WEBHOOK_SEND)
        assert room.do(JobKind.WEBHOOK_SEND) is Ended.DONE
        (delivery,) = sent(room, endpoint)
        with room.database.reading() as tx:
            waits.append((delivery.due_at - tx.now()).total_seconds())
    assert [round(w, -1) for w in waits[:3]] == [0, 300, 1800], "5 s, 5 min, then 30 min: longer than Retry-After"
    with room.database.reading() as tx:
        tries = outgoing.attempts_of(tx, [delivery.id])[delivery.id]
    assert [t.status for t in tries] == [500, 302, 429, 204], "a redirect is not followed"
    assert len({h.id for h in department.heard}) == 1, "the same message, however often"
    assert (delivery.state, delivery.attempts) == (DeliveryState.DELIVERED, 4)
    assert endpoint_now(room, endpoint).failing_since is None


def test_after_the_last_try_it_has_failed_and_may_be_sent_again_by_hand(room: Room, department: Department) -> None:
    _, endpoint, _ = listens(room, department)
    room.world.to_processing()
    with room.database.transaction() as tx:
        tx.execute(update(outgoing_deliveries).values(attempts=len(SCHEDULE)))
    department.answers = [(503, {})]
    room.do(JobKind.WEBHOOK_SEND)
    (delivery,) = sent(room, endpoint)
    assert delivery.state is DeliveryState.FAILED
    with room.database.transaction() as tx:
        outgoing.replay(tx, delivery.id)
    room.do(JobKind.WEBHOOK_SEND)
    assert [d.state for d in sent(room, endpoint)] == [DeliveryState.DELIVERED]


def test_an_endpoint_that_takes_nothing_for_days_is_switched_off_and_nothing_is_lost(
    room: Room, department: Department
) -> None:
    _, endpoint, _ = listens(room, department)
    department.answers = [(500, {})]
    world = room.world.to_processing()
    with room.database.transaction() as tx:
        tx.execute(update(department_endpoints).values(failing_since=tx.now() - timedelta(days=6)))
    room.do(JobKind.WEBHOOK_SEND)
    assert endpoint_now(room, endpoint).disabled_why == "failing"
    world.apply(opening.withdraw(world.file, world.now))
    assert {d.state for d in sent(room, endpoint)} == {DeliveryState.HELD}
    with room.database.transaction() as tx:
        tx.department_systems.enable(endpoint.id, actor=OPERATOR)
        assert outgoing.release_held(tx, endpoint.id) == len(sent(room, endpoint))
    while any(d.state is DeliveryState.WAITING for d in sent(room, endpoint)):
        room.do(JobKind.WEBHOOK_SEND)
    assert sorted({h.said["type"] for h in department.heard[1:]}) == ["assignment.opened", "assignment.withdrawn"]


def test_a_receiver_that_says_gone_is_switched_off_at_once(room: Room, department: Department) -> None:
    _, endpoint, _ = listens(room, department)
    department.answers = [(410, {})]
    room.world.to_processing()
    room.do(JobKind.WEBHOOK_SEND)
    assert endpoint_now(room, endpoint).disabled_why == "gone"


def test_a_receiver_that_is_away_costs_a_try_and_nothing_else(room: Room, department: Department) -> None:
    _, endpoint, _ = listens(room, department)
    room.world.to_processing()
    department.close()
    assert room.do(JobKind.WEBHOOK_SEND) is Ended.DONE
    (delivery,) = sent(room, endpoint)
    with room.database.reading() as tx:
        (only,) = outgoing.attempts_of(tx, [delivery.id])[delivery.id]
    assert (only.status, only.problem, delivery.state) == (None, "connection", DeliveryState.WAITING)


def test_a_message_whose_job_is_lost_is_found_by_the_sweep(room: Room, department: Department) -> None:
    _, endpoint, _ = listens(room, department)
    room.world.to_processing()
    job = room.job(JobKind.WEBHOOK_SEND)
    with room.database.transaction() as tx:
        claimed = tx.jobs.claim(job.id, timedelta(seconds=20))
        assert claimed is not None
        tx.jobs.fail(claimed, "lost")
        tx.execute(update(outgoing_deliveries).values(due_at=tx.now() - timedelta(hours=1)))
    assert sweeps.forgotten(room.database) >= 1
    assert room.do(JobKind.WEBHOOK_SEND) is Ended.DONE
    assert [d.state for d in sent(room, endpoint)] == [DeliveryState.DELIVERED]


# ── secrets and keys in turn ──


def test_while_a_secret_is_rotated_both_are_good_and_then_one(room: Room, department: Department) -> None:
    _, endpoint, old = listens(room, department)
    with room.database.transaction() as tx:
        new = tx.department_systems.rotate_secret(endpoint.id, timedelta(hours=1), actor=OPERATOR)
    room.world.to_processing()
    room.do(JobKind.WEBHOOK_SEND)
    assert [department.heard[0].signed_with(s) for s in (old, new)] == [True, True]
    with room.database.transaction() as tx:
        tx.execute(update(department_endpoints).values(previous_until=tx.now() - timedelta(seconds=1)))
        outgoing.replay(tx, sent(room, endpoint)[0].id)
    room.do(JobKind.WEBHOOK_SEND)
    assert [department.heard[1].signed_with(s) for s in (old, new)] == [False, True]


def test_keys_overlap_while_they_are_rotated_and_are_told_by_their_beginning(room: Room) -> None:
    with room.database.transaction() as tx:
        book = tx.department_systems
        system = book.add("公安业务系统", ["gaj"], actor=OPERATOR)
        first, old = book.new_key(system, actor=OPERATOR)
        _, new = book.rotate(system, timedelta(hours=2), actor=OPERATOR)
        assert [tx.staff.api_key(k) is not None for k in (old, new)] == [True, True]
        assert tx.staff.api_key(new).departments == frozenset({"gaj"})  # type: ignore[union-attr]
        assert old.startswith(first.prefix)
        assert book.revoke(first.prefix, actor=OPERATOR)
        assert tx.staff.api_key(old) is None
        book.set_active(system.id, False, actor=OPERATOR)
        assert tx.staff.api_key(new) is None


# ── nowhere else ──


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://oa.example.gov.cn/news", None),
        ("https://a.rsj.example.gov.cn:8443/", None),
        ("http://oa.example.gov.cn/news", "https_only"),
        ("https://evil.example/news", "host_not_listed"),
        ("https://xrsj.example.gov.cn/", "host_not_listed"),
        ("https://user:pass@oa.example.gov.cn/", "url_malformed"),
        ("https://oa.example.gov.cn:99999/", "url_malformed"),
        ("ftp://oa.example.gov.cn/", "https_only"),
        ("http://127.0.0.1:9/", "host_not_listed"),
    ],
)
def test_only_hosts_that_the_deployment_names_are_told_over_tls(url: str, why: str | None) -> None:
    assert refused_url(url, hosts_from("oa.example.gov.cn, .rsj.example.gov.cn")) == why


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_a_named_host_may_not_lead_to_this_machine_or_to_where_no_server_is(address: str) -> None:
    assert refused_address("oa.example.gov.cn", address)
    answered = send("https://oa.example.gov.cn/", ("oa.example.gov.cn",), {}, b"", lambda _h, _p: [address])
    assert answered.problem == "address_refused"


def test_departments_networks_are_private_ones() -> None:
    assert not refused_address("oa.example.gov.cn", "10.20.30.40")
    assert not refused_address("127.0.0.1", "127.0.0.1")


def test_a_host_that_is_taken_off_the_list_is_told_nothing_more(room: Room, department: Department) -> None:
    listens(room, department)
    room.webhook_hosts = ()
    room.world.to_processing()
    room.do(JobKind.WEBHOOK_SEND)
    assert department.heard == []


# ── by hand ──


def test_everything_since_a_moment_goes_out_again(room: Room, department: Department) -> None:
    _, endpoint, _ = listens(room, department, "rsj", "gaj")
    room.world.to_processing()
    first = sent(room, endpoint)[0]
    with room.database.transaction() as tx:
        changed = update(outgoing_messages).where(outgoing_messages.c.id == first.message)
        tx.execute(changed.values(made_at=tx.now() - timedelta(days=1)))
        assert outgoing.replay_since(tx, endpoint.id, tx.now() - timedelta(hours=1)) == 1
        assert outgoing.replay_since(tx, endpoint.id, tx.now() - timedelta(days=2)) == 2


def test_the_command_line_makes_systems_and_tells_again(room: Room, department: Department) -> None:
    from_room = room.database.settings
    env = {
        "STORAGE_DATABASE_URL": from_room.database_url,
        "STORAGE_BLOBS": from_room.blobs,
        "STORAGE_KEY_FILE": str(from_room.key_file),
        "WORKERS_WEBHOOK_HOSTS": "127.0.0.1",
    }
    made = run("departments", "add", "人社业务系统", "--department", "rsj", env=env)
    assert made.exit_code == 0, made.output
    assert "zk_" in made.output
    assert run("departments", "add", "人社业务系统", "--department", "rsj", env=env).exit_code == 1
    assert (
        "host_not_listed" in run("departments", "endpoint", "add", "人社业务系统", "https://x.example/", env=env).output
    )
    assert "whsec_" in run("departments", "endpoint", "add", "人社业务系统", department.url, env=env).output
    room.world.to_processing()
    room.do(JobKind.WEBHOOK_SEND)
    listed = run("departments", "sent", env=env).output
    assert "assignment.opened" in listed
    assert "204" in listed
    again = run("departments", "replay", "人社业务系统", "--since", "2020-01-01", env=env)
    assert "1 messages go out again" in again.output
    assert "zk_" in run("departments", "rotate", "人社业务系统", env=env).output
    assert run("departments", "revoke", "zk_nobody", env=env).exit_code == 1
    assert run("departments", "off", "人社业务系统", env=env).exit_code == 0
    assert department.url in run("departments", "list", env=env).output.replace("\n", "")
