"""Terminals: enrolled once, known by their token, heard of or silent, and never two people at one."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from cases.errors import InvalidRequest, NotFound
from storage.actors import Actor
from storage.audit import lines, verify
from storage.device_sessions import LONGEST, HowEnded
from storage.device_tables import devices, kiosk_sessions
from storage.devices import CODE_LASTS, SILENT_AFTER, Device, DeviceState, Paper
from storage.session import Database, Transaction
from storage.words import ActorKind

BY = Actor(ActorKind.SYSTEM, "test")


def _added(tx: Transaction, name: str = "一号机") -> tuple[Device, str]:
    return tx.devices.add(name, "海珠政务大厅", "440105", "http://127.0.0.1:8901", actor=BY)


def _enrolled(tx: Transaction, name: str = "一号机") -> tuple[Device, str]:
    made = tx.devices.enrol(_added(tx, name)[1])
    assert made is not None
    return made


def test_a_code_enrols_once_and_the_token_is_kept_as_a_hash(database: Database) -> None:
    with database.transaction() as tx:
        added, code = _added(tx)
        assert added.standing(tx.now())[0] == "not_enrolled"
        assert tx.devices.enrol("A" * 10) is None
        made = tx.devices.enrol(f" {code.lower()} ")
        assert made is not None
        found, token = made
        assert tx.devices.enrol(code) is None
        assert tx.devices.by_token(token) == found
        assert tx.devices.by_token("zd_" + "A" * 43 + "00000000") is None
        (row,) = tx.all(devices.select())
        assert code not in str(row)
        assert token not in str(row)
        assert [line.action for line in lines(tx, f"device:{found.id}")] == ["device_added", "device_enrolled"]


def test_a_code_is_good_for_a_day(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        _, code = _added(tx)
        (row,) = tx.all(devices.select())
        assert row.enrol_until == row.made_at + CODE_LASTS
        tx.execute(update(devices).values(enrol_until=tx.now()))
    with plain_database.transaction() as tx:
        assert tx.devices.enrol(code) is None


def test_a_revoked_terminal_is_nobody_and_a_renewed_one_starts_over(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        found, token = _enrolled(tx)
        assert tx.devices.revoke(found.id, actor=BY)
        assert not tx.devices.revoke(found.id, actor=BY)
        assert tx.devices.by_token(token) is None
        assert tx.devices.device(found.id).standing(tx.now())[0] == "revoked"
        again = tx.devices.enrol(tx.devices.renew(found.id, actor=BY))
        assert again is not None
        assert (again[0].id, tx.devices.by_token(token)) == (found.id, None)


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"office": ""}, {"region": "4401"}, {"region": "44010a"}]
    + [{"bridge": b} for b in ("http://10.0.0.1:80", "http://127.0.0.1", "http://127.0.0.1:80/x", "https://bridge:1")],
)
def test_what_cannot_be_a_terminal_is_refused(plain_database: Database, wrong: dict[str, str]) -> None:
    told = {"name": "一号机", "office": "大厅", "region": "440105", "bridge": "http://127.0.0.1:1", **wrong}
    with plain_database.transaction() as tx, pytest.raises(InvalidRequest):
        tx.devices.add(told["name"], told["office"], told["region"], told["bridge"], actor=BY)


def test_what_it_says_of_itself_is_kept_and_silence_is_told(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        found, _ = _enrolled(tx)
        now = tx.devices.heard(found, DeviceState.PAPER_OUT, Paper.OUT)
        assert (now.standing(tx.now())[0], now.paper) == ("paper_out", Paper.OUT)
        assert tx.devices.heard(now, DeviceState.IN_USE, None).paper is Paper.OUT
        tx.execute(update(devices).values(seen_at=tx.now() - SILENT_AFTER))
    with plain_database.transaction() as tx:
        silent = tx.devices.device(found.id)
        assert silent.standing(tx.now()) == ("offline", silent.seen_at)
        back = tx.devices.heard(silent, DeviceState.IDLE, Paper.READY)
        assert back.standing(tx.now())[0] == "idle"
        told = [line.action for line in lines(tx, f"device:{found.id}")]
        assert told[2:] == ["device_paper", "device_back", "device_paper"]
        assert verify(tx) is None


def test_there_is_one_session_at_a_terminal(database: Database) -> None:
    with database.transaction() as tx:
        found, device_token = _enrolled(tx)
        session, token = tx.guest_sessions.start(found)
        assert tx.guest_sessions.by_tokens(token, device_token) == session
    with pytest.raises(IntegrityError), database.transaction() as tx:
        tx.guest_sessions.start(found)
    with database.transaction() as tx:
        other, other_token = _enrolled(tx, "二号机")
        assert tx.guest_sessions.by_tokens(token, other_token) is None
        assert tx.guest_sessions.of_device(other.id, session.id) is None
        assert tx.guest_sessions.end(session, HowEnded.LEFT)
        assert not tx.guest_sessions.end(session, HowEnded.DONE)
        assert tx.guest_sessions.by_tokens(token, device_token) is None
        assert tx.guest_sessions.start(found)[0].person != session.person


def test_no_session_lasts_longer_than_half_an_hour(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        session, _ = tx.guest_sessions.start(_enrolled(tx)[0])
        tx.execute(update(kiosk_sessions).values(started_at=session.started_at - LONGEST))
        tx.guest_sessions.stays(tx.guest_sessions.session(session.id))
        assert [late.id for late in tx.guest_sessions.lapsed()] == [session.id]


def test_the_median_is_taken_over_the_sessions_with_a_receipt(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        found, _ = _enrolled(tx)
        for seconds in (40, 90, 110, None):
            session, _ = tx.guest_sessions.start(found)
            if seconds is not None:
                tx.guest_sessions.has_receipt(session)
                begun = tx.now() - timedelta(seconds=seconds)
                one = update(kiosk_sessions).where(kiosk_sessions.c.id == session.id)
                tx.execute(one.values(started_at=begun))
            tx.guest_sessions.end(session, HowEnded.DONE)
        pace = tx.guest_sessions.paces()[found.id]
        assert (pace.receipts, pace.median_s) == (3, 90.0)
        assert tx.guest_sessions.pace() == pace


def test_a_terminal_is_found_by_its_id_or_by_a_name_that_is_its_own(plain_database: Database) -> None:
    with plain_database.transaction() as tx:
        one, _ = _added(tx)
        assert tx.devices.named("一号机") == tx.devices.named(one.id) == one
        _added(tx)
        assert tx.devices.named("一号机") is None
        assert len(tx.devices.list()) == 2
        with pytest.raises(NotFound):
            tx.devices.device("nothing")
