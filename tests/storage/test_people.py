"""Residents sign in, stay signed in for a while, and can be signed out at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from cases.errors import NotFound
from storage import audit
from storage.session import Database
from storage.sessions import LIVES
from storage.tables import sessions
from storage.tokens import SESSION_PREFIX, new_token, well_formed
from storage.words import ActorKind

LIFE = LIVES[ActorKind.RESIDENT]


def test_the_same_platform_user_is_the_same_person(database: Database) -> None:
    with database.transaction() as tx:
        first, token = tx.people.sign_in("wechat", "openid-1")
        again, other_token = tx.people.sign_in("wechat", "openid-1")
        elsewhere, _ = tx.people.sign_in("alipay", "openid-1")
    assert first == again
    assert token != other_token
    assert elsewhere.id != first.id
    with database.reading() as tx:
        assert tx.people.person(first.id).platform_user == "openid-1"


def test_two_first_sign_ins_at_once_make_one_person(database: Database) -> None:
    def sign_in(_: int) -> str:
        with database.transaction() as tx:
            return tx.people.sign_in("wechat", "openid-1")[0].id

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(sign_in, range(4)))) == 1


def test_a_token_leads_to_its_person_until_it_is_revoked(database: Database) -> None:
    with database.transaction() as tx:
        person, token = tx.people.sign_in("wechat", "openid-1")
    with database.reading() as tx:
        session = tx.people.session(token)
        assert session is not None
        assert (session.kind, session.holder) == (ActorKind.RESIDENT, person.id)
    with database.transaction() as tx:
        assert tx.people.revoke(token)
        assert not tx.people.revoke(token)
        assert tx.people.session(token) is None


def test_all_sessions_of_a_person_end_at_once(database: Database) -> None:
    with database.transaction() as tx:
        person, one = tx.people.sign_in("wechat", "openid-1")
        _, two = tx.people.sign_in("wechat", "openid-1")
        assert tx.people.revoke_all(person.id) == 2
        assert tx.people.session(one) is None
        assert tx.people.session(two) is None


@pytest.mark.parametrize(
    ("column", "ago"),
    [("seen_at", LIFE.idle + timedelta(seconds=1)), ("ends_at", timedelta(seconds=1))],
)
def test_a_session_ends_by_idleness_and_by_age(database: Database, column: str, ago: timedelta) -> None:
    with database.transaction() as tx:
        _, token = tx.people.sign_in("wechat", "openid-1")
        tx.execute(update(sessions).values({column: tx.now() - ago}))
        assert tx.people.session(token) is None


def test_being_seen_keeps_a_session_alive_but_is_not_written_every_time(database: Database) -> None:
    with database.transaction() as tx:
        _, token = tx.people.sign_in("wechat", "openid-1")
        tx.execute(update(sessions).values(seen_at=tx.now() - timedelta(hours=1)))
    with database.reading() as tx:
        assert tx.people.session(token) is not None
    with database.transaction() as tx:
        tx.people.session(token)
        assert tx.execute(select(sessions.c.seen_at)).scalar_one() == tx.now()


def test_only_a_hash_of_the_token_is_kept(database: Database) -> None:
    with database.transaction() as tx:
        _, token = tx.people.sign_in("wechat", "openid-1")
        (row,) = tx.all(select(sessions))
    assert token not in str(row)


def test_a_mistyped_token_is_refused_without_a_query(database: Database) -> None:
    token = new_token(SESSION_PREFIX)
    assert well_formed(token, SESSION_PREFIX)
    wrong = [token[:-1], token + "x", token[:5] + ("A" if token[5] != "A" else "B") + token[6:], "", "令牌" * 30]
    assert not any(well_formed(w, SESSION_PREFIX) for w in wrong)
    with database.reading() as tx:
        assert tx.people.session(token) is None
        assert tx.people.session("zt_nonsense") is None


def test_old_sessions_are_forgotten(database: Database) -> None:
    with database.transaction() as tx:
        tx.people.sign_in("wechat", "openid-1")
        assert tx.people.forget_old_sessions() == 0
        tx.execute(update(sessions).values(ends_at=tx.now() - timedelta(days=1)))
        assert tx.people.forget_old_sessions() == 1


def test_a_consent_is_kept_once_and_may_be_withdrawn(database: Database) -> None:
    with database.transaction() as tx:
        person, _ = tx.people.sign_in("wechat", "openid-1")
        tx.people.consent(person.id, "privacy", "2026-01")
        tx.people.consent(person.id, "privacy", "2026-01")
        assert [c.withdrawn_at for c in tx.people.consents(person.id)] == [None]
        assert tx.people.withdraw_consent(person.id, "privacy")
        assert not tx.people.withdraw_consent(person.id, "privacy")
        actions = [line.action for line in audit.lines(tx, f"person:{person.id}")]
    assert actions == ["person_met", "consent_given", "consent_withdrawn"]


def test_an_unknown_person_is_not_found(database: Database) -> None:
    with database.reading() as tx, pytest.raises(NotFound):
        tx.people.person("nobody")
