"""People of the back office: right password and fresh code, or no entry, and locked out after five failures."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import update

from cases.errors import Conflict, InvalidRequest, NotFound
from storage import audit
from storage.actors import Actor
from storage.oidc_tables import oidc_logins
from storage.session import Database
from storage.sessions import OpenedFrom, open_sessions, revoke_listed
from storage.staff import FAILURES_BEFORE_LOCK, SignInRefused, Staff
from storage.tables import api_keys, staff
from storage.words import ActorKind, Role

ADMIN = Actor("staff", "admin")
TOTP_STEP = timedelta(seconds=30)
PASSWORD = "correct horse battery"
ROLES, DEPARTMENTS = frozenset({Role.PRE_AUDITOR, Role.CLERK}), frozenset({"rsj"})


def add(database: Database, login: str = "Li.Lei") -> tuple[Staff, str]:
    with database.transaction() as tx:
        return tx.staff.add(login, "李雷", PASSWORD, roles=ROLES, departments=DEPARTMENTS, region="440105", actor=ADMIN)


def code(database: Database, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(database.now() + steps * TOTP_STEP)


def sign_in(database: Database, password: str, given: str, login: str = "li.lei") -> tuple[Staff, str] | SignInRefused:
    with database.transaction() as tx:
        return tx.staff.sign_in(login, password, given)


def test_the_right_password_and_code_open_a_session(database: Database) -> None:
    member, secret = add(database)
    entered = sign_in(database, PASSWORD, code(database, secret))
    assert not isinstance(entered, SignInRefused)
    with database.reading() as tx:
        session = tx.people.session(entered[1])
        assert session is not None
        assert (session.kind, session.holder) == (ActorKind.STAFF, member.id)
        assert tx.staff.staff(session.holder) == entered[0]
    assert (entered[0].roles, entered[0].scope.departments) == (ROLES, DEPARTMENTS)


@pytest.mark.parametrize("login", ["li.lei", "nobody"])
def test_a_wrong_name_and_a_wrong_password_are_answered_the_same(database: Database, login: str) -> None:
    _, secret = add(database)
    assert sign_in(database, "wrong", code(database, secret), login) is SignInRefused.WRONG


def test_a_right_password_without_the_right_code_is_refused(database: Database) -> None:
    _, secret = add(database)
    for wrong in ("", "000000x", code(database, secret, 10)):
        assert sign_in(database, PASSWORD, wrong) is SignInRefused.WRONG


def test_a_code_is_used_once(database: Database) -> None:
    _, secret = add(database)
    given = code(database, secret)
    assert not isinstance(sign_in(database, PASSWORD, given), SignInRefused)
    assert sign_in(database, PASSWORD, given) is SignInRefused.WRONG
    assert not isinstance(sign_in(database, PASSWORD, code(database, secret, 1)), SignInRefused)


def test_five_failures_lock_out_even_who_knows_better_then(database: Database) -> None:
    member, secret = add(database)
    answers = [sign_in(database, "wrong", "000000") for _ in range(FAILURES_BEFORE_LOCK)]
    assert answers == [SignInRefused.WRONG] * 4 + [SignInRefused.LOCKED]
    assert sign_in(database, PASSWORD, code(database, secret)) is SignInRefused.LOCKED
    with database.transaction() as tx:
        tx.execute(update(staff).values(locked_until=tx.now() - timedelta(seconds=1)))
    assert not isinstance(sign_in(database, PASSWORD, code(database, secret)), SignInRefused)
    with database.reading() as tx:
        actions = [line.action for line in audit.lines(tx, f"staff:{member.id}")]
    assert actions == ["staff_added", "staff_locked", "staff_signed_in"]


def test_a_reset_gives_new_secrets_and_ends_the_sessions(database: Database) -> None:
    member, secret = add(database)
    entered = sign_in(database, PASSWORD, code(database, secret))
    assert not isinstance(entered, SignInRefused)
    with database.transaction() as tx:
        fresh = tx.staff.reset(member.id, "another long password", actor=ADMIN)
        assert tx.people.session(entered[1]) is None
    assert sign_in(database, PASSWORD, code(database, fresh)) is SignInRefused.WRONG
    assert not isinstance(sign_in(database, "another long password", code(database, fresh)), SignInRefused)


def test_who_left_cannot_enter_and_is_put_out(database: Database) -> None:
    member, secret = add(database)
    entered = sign_in(database, PASSWORD, code(database, secret))
    assert not isinstance(entered, SignInRefused)
    with database.transaction() as tx:
        tx.staff.deactivate(member.id, actor=ADMIN)
        assert tx.people.session(entered[1]) is None
    assert sign_in(database, PASSWORD, code(database, secret, 1)) is SignInRefused.WRONG


def test_other_roles_are_in_force_at_once(database: Database) -> None:
    member, _ = add(database)
    with database.transaction() as tx:
        changed = tx.staff.assign(member.id, frozenset({Role.AUDITOR}), frozenset({"gaj"}), actor=ADMIN)
    assert (changed.roles, changed.departments) == (frozenset({Role.AUDITOR}), frozenset({"gaj"}))
    assert changed.scope.departments is None, "an auditor sees every department"


def test_a_login_is_taken_once_whatever_its_letters(database: Database) -> None:
    add(database)
    with pytest.raises(Conflict):
        add(database, "LI.LEI")
    with database.reading() as tx:
        assert [s.login for s in tx.staff.list()] == ["li.lei"]
        assert tx.staff.by_login(" Li.Lei ") is not None
        assert tx.staff.by_login("nobody") is None


def test_a_short_password_is_refused(database: Database) -> None:
    with pytest.raises(InvalidRequest), database.transaction() as tx:
        tx.staff.add("a", "a", "short", roles=ROLES, departments=DEPARTMENTS, actor=ADMIN)


def test_nobody_cannot_be_changed(database: Database) -> None:
    with pytest.raises(NotFound), database.transaction() as tx:
        tx.staff.deactivate("nobody", actor=ADMIN)
    with pytest.raises(NotFound), database.reading() as tx:
        tx.staff.staff("nobody")


def test_an_api_key_acts_for_its_departments_until_it_is_revoked_or_ends(database: Database) -> None:
    with database.transaction() as tx:
        key, token = tx.staff.add_api_key("公安系统", roles=ROLES, departments=frozenset({"gaj"}), actor=ADMIN)
        other, other_token = tx.staff.add_api_key("b", roles=ROLES, departments=DEPARTMENTS, actor=ADMIN)
        assert tx.staff.api_key(token) == key
        assert key.scope.departments == frozenset({"gaj"})
        assert tx.staff.revoke_api_key(key.id, actor=ADMIN)
        assert not tx.staff.revoke_api_key(key.id, actor=ADMIN)
        assert tx.staff.api_key(token) is None
        assert tx.staff.api_key(other_token) == other
        tx.execute(update(api_keys).values(ends_at=tx.now()))
        assert tx.staff.api_key(other_token) is None
        assert tx.staff.api_key("zk_nonsense") is None
        assert tx.people.session(token) is None, "an API key is no session"


def signed_in(database: Database, secret: str, steps: int = 0, login: str = "li.lei") -> str:
    entered = sign_in(database, PASSWORD, code(database, secret, steps), login)
    assert not isinstance(entered, SignInRefused)
    return entered[1]


def test_a_new_password_needs_the_old_one_and_a_code_and_ends_the_other_sessions(database: Database) -> None:
    member, secret = add(database)
    here, elsewhere = signed_in(database, secret, -1), signed_in(database, secret)
    with database.transaction() as tx:
        wrong = tx.staff.change_password(member.id, "wrong", code(database, secret, 1), "another password", keep=here)
        assert wrong is SignInRefused.WRONG
        right = code(database, secret, 1)
        assert tx.staff.change_password(member.id, PASSWORD, right, "another password", keep=here) is None
    with database.reading() as tx:
        assert tx.people.session(here) is not None
        assert tx.people.session(elsewhere) is None
    later = pyotp.TOTP(secret).at(database.now() + TOTP_STEP)
    assert sign_in(database, "another password", later) is SignInRefused.WRONG, "the code was used"


def test_a_new_secret_counts_when_its_first_code_was_shown(database: Database) -> None:
    member, secret = add(database)
    with database.transaction() as tx:
        fresh = tx.staff.begin_totp(member.id, PASSWORD, code(database, secret, -1))
    assert isinstance(fresh, str)
    assert not isinstance(sign_in(database, PASSWORD, code(database, secret)), SignInRefused), "the old one still does"
    with database.transaction() as tx:
        assert tx.staff.finish_totp(member.id, code(database, secret, 1)) is SignInRefused.WRONG
        assert tx.staff.finish_totp(member.id, code(database, fresh)) is None
        assert tx.staff.finish_totp(member.id, code(database, fresh, 1)) is SignInRefused.WRONG, "nothing waits"
    assert sign_in(database, PASSWORD, code(database, secret, 1)) is SignInRefused.WRONG
    assert not isinstance(sign_in(database, PASSWORD, code(database, fresh, 1)), SignInRefused)


def test_one_sees_ones_sessions_and_ends_one_of_them(database: Database) -> None:
    member, secret = add(database)
    with database.transaction() as tx:
        opened = OpenedFrom("password", "a browser", "192.0.2.7")
        entered = tx.staff.sign_in("li.lei", PASSWORD, code(database, secret, -1), opened)
    assert not isinstance(entered, SignInRefused)
    other = signed_in(database, secret)
    with database.transaction() as tx:
        lines = open_sessions(tx, ActorKind.STAFF, member.id)
        assert len(lines) == 2
        first = next(line for line in lines if line.opened == opened)
        assert not revoke_listed(tx, ActorKind.STAFF, "somebody else", first.id)
        assert revoke_listed(tx, ActorKind.STAFF, member.id, first.id)
        assert not revoke_listed(tx, ActorKind.STAFF, member.id, first.id)
        assert tx.people.session(entered[1]) is None
        assert tx.people.session(other) is not None
        assert [line.id for line in open_sessions(tx, ActorKind.STAFF, member.id)] == [
            line.id for line in lines if line.id != first.id
        ]


def test_nobody_changes_their_own_roles_and_one_administrator_stays(database: Database) -> None:
    head = frozenset({Role.ADMINISTRATOR})
    with database.transaction() as tx:
        one, _ = tx.staff.add("one", "一", PASSWORD, roles=head, departments=DEPARTMENTS, actor=ADMIN)
        two, _ = tx.staff.add("two", "二", PASSWORD, roles=head, departments=DEPARTMENTS, actor=ADMIN)
        me = Actor("staff", one.id)
        with pytest.raises(Conflict):
            tx.staff.assign(one.id, ROLES, DEPARTMENTS, actor=me)
        with pytest.raises(Conflict):
            tx.staff.deactivate(one.id, actor=me)
        tx.staff.deactivate(two.id, actor=me)
        for change in (
            lambda: tx.staff.deactivate(one.id, actor=ADMIN),
            lambda: tx.staff.assign(one.id, ROLES, DEPARTMENTS, actor=ADMIN),
        ):
            with pytest.raises(Conflict):
                change()
        tx.staff.activate(two.id, actor=me)
        tx.staff.deactivate(one.id, actor=ADMIN)
        assert [s.login for s in tx.staff.list() if s.active] == ["two"]


def test_whoever_came_from_the_provider_once_is_known_by_who_they_are_there(database: Database) -> None:
    member, _ = add(database)
    opened = OpenedFrom("provider")
    with database.transaction() as tx:
        assert tx.staff.enter_from_provider("nobody", "https://id.example|1", opened) is SignInRefused.WRONG
        entered = tx.staff.enter_from_provider("LI.LEI", "https://id.example|1", opened)
        assert not isinstance(entered, SignInRefused)
        assert entered[0].id == member.id
        renamed = tx.staff.enter_from_provider("lilei2", "https://id.example|1", opened)
        assert not isinstance(renamed, SignInRefused), "a new name there is the same person"
        taken = tx.staff.enter_from_provider("li.lei", "https://id.example|2", opened)
        assert taken is SignInRefused.WRONG, "the login was given to somebody else there"
        tx.staff.unlink(member.id, actor=ADMIN)
        assert not isinstance(tx.staff.enter_from_provider("li.lei", "https://id.example|2", opened), SignInRefused)


def test_a_sign_in_that_was_sent_away_comes_back_once_and_in_time(database: Database) -> None:
    with database.transaction() as tx:
        sent, late = tx.send_away("/desk/queues/mine"), tx.send_away("/desk")
    with database.transaction() as tx:
        assert tx.take_back(sent.state) == sent
        assert tx.take_back(sent.state) is None
        assert tx.take_back("never sent") is None
        tx.execute(update(oidc_logins).values(ends_at=tx.now()))
        assert tx.take_back(late.state) is None
