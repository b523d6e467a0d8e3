"""No door fills a stage past its bound: whatever a call would put into the ledger finds room there, or the call is undone
as a whole and told when to come again. What follows from other work has more room; calling a courier off always has it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy import delete

from cases.effects import Enqueue, JobKind
from cases.errors import TooMany
from storage.session import Database
from storage.tables import jobs
from storage.turns import STAGES, Stage, stage_of
from storage.words import InboxState, JobState, Role
from tests.web.catalogue_world import CODE, publish_faultless
from tests.web.kiosk.terminals import enrolled
from tests.web.test_catalogue import person
from tests.web.test_decision_files import ELECTRONIC, undecided
from tests.web.test_departments import clerk
from tests.web.test_hooks import _push, _signed
from tests.web.test_idor import rows
from tests.web.test_originals import passed
from tests.web.world import Caller, World, make_world
from web.pressure import ASKED_FOR, COME_AGAIN_S, FOLLOWS, ROOM_TO_FOLLOW, TAKES_BACK, bound_of

BOUND = 3
_names = count()
OTHERS = "others"


@pytest.fixture
def narrow(plain_world: World) -> World:
    """Three are too many at every stage, and every look is a new one."""
    bounds: dict[str, Any] = {f"{stage}_waits_most": BOUND for stage in Stage}
    world = make_world(plain_world.database, plain_world.blobs, **bounds)
    seconds: Iterator[int] = count(0, 5)
    world.doors.pressure.__init__(lambda: float(next(seconds)))  # type: ignore[misc]
    clear(world)
    return world


def behind(world: World) -> Database:
    """The same database as the workers have it: without the gate."""
    return Database(world.database.settings)


def fill(world: World, stage: Stage, many: int = BOUND) -> None:
    kind = next(iter(STAGES.get(stage, frozenset({JobKind.ITEM_LINT}))))
    with behind(world).transaction() as tx:
        for _ in range(many):
            tx.jobs.add(Enqueue(kind, f"s{next(_names)}", share=OTHERS))


def clear(world: World) -> None:
    with behind(world).transaction() as tx:
        tx.execute(delete(jobs).where(jobs.c.state == JobState.QUEUED))


@contextmanager
def full(world: World, stage: Stage, many: int = BOUND) -> Iterator[None]:
    clear(world)
    fill(world, stage, many)
    yield
    clear(world)


def told_to_come_again(answer: Any, stage: Stage) -> None:
    assert answer.status_code == 429, answer.text
    assert COME_AGAIN_S[0] <= int(answer.headers["Retry-After"]) <= COME_AGAIN_S[1]
    assert answer.json()["error"]["details"]["stage"] == stage


def refused(world: World, kind: JobKind, door: Callable[[], Any]) -> None:
    stage = stage_of(kind)
    with full(world, stage):
        before = rows(world.database)
        told_to_come_again(door(), stage)
        assert {t for t, r in rows(world.database).items() if r != before[t]} == set()
    taken = door()
    assert taken.status_code < 300, taken.text
    with world.database.reading() as tx:
        assert tx.jobs.list(JobState.QUEUED, kind), kind


def test_every_kind_of_work_has_its_room_and_every_stage_its_bound(plain_world: World) -> None:
    assert frozenset(JobKind) == ASKED_FOR | FOLLOWS | TAKES_BACK
    assert len(JobKind) == len(ASKED_FOR) + len(FOLLOWS) + len(TAKES_BACK)
    assert all(bound_of(plain_world.doors.settings, stage) > 0 for stage in Stage)


def test_whatever_a_door_puts_into_the_ledger_passes_the_gate(narrow: World) -> None:
    for kind in JobKind:
        clear(narrow)
        fill(narrow, stage_of(kind), BOUND * (ROOM_TO_FOLLOW if kind in FOLLOWS else 1) - 1)
        assert adds(narrow, kind) == "added"
        assert adds(narrow, kind) == ("added" if kind in TAKES_BACK else "refused"), kind


def adds(world: World, kind: JobKind) -> str:
    try:
        with world.database.transaction() as tx:
            tx.jobs.add(Enqueue(kind, f"s{next(_names)}"))
    except TooMany:
        return "refused"
    return "added"


def test_a_resident_is_told_to_come_again_at_every_door_that_makes_work(narrow: World) -> None:
    me, no = passed(narrow)
    page = {"files": {"file": ("a.jpg", b"x", "image/jpeg")}}
    draft = me.opens()
    upload = f"/api/v1/cases/{draft}/materials/form/pages"
    refused(narrow, JobKind.PAGE_READ, lambda: me.raw("POST", upload, **page, data={"transaction_id": "p"}))
    me.uploads(draft, "id_front")
    narrow.read_all(draft)
    refused(narrow, JobKind.CASE_JUDGE, lambda: me.raw("POST", f"/api/v1/cases/{draft}/submit", json={}))
    refused(narrow, JobKind.DOCUMENT_MAKE, lambda: packing(me, no))
    windows = me.get(f"/api/v1/cases/{no}/windows?leg=collection")["windows"]
    wanted = {"leg": "collection", "window": windows[0]["id"]}
    refused(narrow, JobKind.COURIER_BOOK, lambda: me.raw("POST", f"/api/v1/cases/{no}/bookings", json=wanted))
    form = {"transaction_id": "c", "kind": "slow", "text": "等了两周"}
    refused(
        narrow, JobKind.COMPLAINT_PICTURE, lambda: me.raw("POST", f"/api/v1/cases/{no}/complaints", **page, data=form)
    )


def packing(me: Caller, no: str) -> Any:
    asked = {"seal": "FQ001", "lines": [{"key": "id_front"}, {"key": "form"}]}
    return me.raw("POST", f"/api/v1/cases/{no}/packing", json=asked)


def test_the_desk_is_told_so_too(narrow: World) -> None:
    no, task = undecided(narrow)
    mine = clerk(narrow, "rsj")
    sent = {"files": {"file": ("a.pdf", b"%PDF-1.7", "application/pdf")}, "data": {"transaction_id": "f"}}
    refused(narrow, JobKind.COMPLAINT_PICTURE, lambda: mine.raw("POST", f"/desk/api/assignments/{task}/files", **sent))
    publish_faultless(narrow)
    manager, drafts = person(narrow, Role.ITEM_MANAGER), "/desk/api/catalogue/drafts"
    refused(narrow, JobKind.ITEM_LINT, lambda: manager.raw("POST", drafts, json={"code": CODE}))
    assert no


def test_a_flood_of_messages_holds_up_no_work_until_it_is_twice_its_bound(narrow: World) -> None:
    item = narrow.publish(code="440105-DIANZI", **ELECTRONIC)
    me, desk = narrow.resident(), narrow.system(Role.INTAKE)
    numbers = [me.opens(item) for _ in range(2)]
    for no in numbers:
        me.submits(no)
        narrow.judge(no, "passed")
        clear(narrow)
    path = "/desk/api/cases/{}/accept".format
    with full(narrow, Stage.TELLING, BOUND * ROOM_TO_FOLLOW):
        told_to_come_again(desk.raw("POST", path(numbers[0]), json={}), Stage.TELLING)
    with full(narrow, Stage.TELLING, BOUND):
        assert desk.raw("POST", path(numbers[0]), json={}).status_code == 200


def test_a_courier_is_called_off_however_many_bookings_wait(narrow: World) -> None:
    me, no = passed(narrow)
    booking = me.books(no)
    narrow.book_at_partner(no)
    with full(narrow, Stage.BOOKING, BOUND * ROOM_TO_FOLLOW * 2):
        me.post(f"/api/v1/cases/{no}/bookings/{booking}/cancel")
        with narrow.database.reading() as tx:
            assert tx.jobs.list(JobState.QUEUED, JobKind.COURIER_CANCEL)


def arrived(world: World) -> int:
    with world.database.reading() as tx:
        return tx.inbox.counts()[InboxState.NEW]


def test_a_courier_who_finds_no_room_is_made_to_push_again_and_nothing_is_lost(narrow: World) -> None:
    sent = narrow.partner.sign(b"{}")
    with full(narrow, Stage.ARRIVING):
        answer = _push(narrow, sent)
        assert (answer.status_code, arrived(narrow)) == (503, 0), "in his own form: not kept"
        assert COME_AGAIN_S[0] <= int(answer.headers["Retry-After"]) <= COME_AGAIN_S[1]
    assert [_push(narrow, sent).status_code for _ in range(2)] == [204, 204]
    assert arrived(narrow) == 1
    fill(narrow, Stage.ARRIVING)
    assert _push(narrow, sent).status_code == 204, "what is kept already finds room"


def test_the_platform_pushes_again_too(narrow: World) -> None:
    def pushes() -> Any:
        return narrow.client.post("/hooks/platform/embedded", params=_signed(), content=b"<xml/>")

    with full(narrow, Stage.ARRIVING):
        told_to_come_again(pushes(), Stage.ARRIVING)
    assert (pushes().text, arrived(narrow)) == ("success", 1)


def test_a_terminal_hands_in_when_there_is_room(narrow: World) -> None:
    here = enrolled(narrow)
    here.begins()
    no = here.opens()
    here.identifies(no)
    here.phones(no, keep=False)
    page = {"files": {"file": ("a.jpg", b"x", "image/jpeg")}, "data": {"transaction_id": "p"}}
    path = f"/api/v1/cases/{no}/materials/id_front/pages"
    refused(narrow, JobKind.PAGE_READ, lambda: here.raw("POST", path, **page))
    here.scans(no, "form")
    narrow.read_all(no)
    refused(narrow, JobKind.CASE_JUDGE, lambda: here.raw("POST", f"/api/v1/cases/{no}/submit", json={}))
