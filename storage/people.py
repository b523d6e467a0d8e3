"""Residents: who signed in from which platform, their sessions and their consents.

The platform's own user id is sealed and found by a blind index; nothing else of a person is kept here: names and
numbers stand, sealed, in their cases.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select, update

from cases.errors import NotFound
from cases.model import PersonId
from storage import audit
from storage.actors import Actor, Scope
from storage.ids import new_id
from storage.sessions import (
    Session,
    find_session,
    forget_old_sessions,
    open_session,
    revoke_session,
    revoke_sessions_of,
)
from storage.tables import consents, persons
from storage.unit import AnyRow, Unit
from storage.words import ActorKind, Role

__all__ = ["Actor", "Consent", "People", "Person", "Role", "Scope", "Session"]


@dataclass(frozen=True)
class Person:
    id: PersonId
    platform: str
    platform_user: str
    """Empty: the account was deleted (`storage.accounts`)."""

    @property
    def deleted(self) -> bool:
        return not self.platform_user


@dataclass(frozen=True)
class Consent:
    kind: str
    version: str
    given_at: datetime
    withdrawn_at: datetime | None


class People:
    def __init__(self, tx: Unit) -> None:
        self._tx = tx

    def sign_in(self, platform: str, platform_user: str) -> tuple[Person, str]:
        """The person behind a platform's user, made at the first sight, and a new session's token."""
        person = self._known(platform, platform_user) or self._meet(platform, platform_user)
        return person, open_session(self._tx, ActorKind.RESIDENT, person.id)

    def guest(self, platform: str, platform_user: str) -> Person:
        """Somebody without a session of their own: who stands before a terminal."""
        return self._known(platform, platform_user) or self._meet(platform, platform_user)

    def account(self, platform: str, platform_user: str) -> Person:
        """Somebody's account without signing in: who runs it does so by another door."""
        return self._known(platform, platform_user) or self._meet(platform, platform_user)

    def _known(self, platform: str, platform_user: str) -> Person | None:
        index = self._tx.vault.blind(f"platform:{platform}", platform_user)
        row = self._tx.one(
            select(persons).where(persons.c.platform == platform, persons.c.platform_user_index == index)
        )
        return None if row is None else self._person(row)

    def _meet(self, platform: str, platform_user: str) -> Person:
        identity = new_id()
        values = {
            "id": identity,
            "platform": platform,
            "platform_user_index": self._tx.vault.blind(f"platform:{platform}", platform_user),
            "platform_user": self._tx.seal(persons, "platform_user", identity, platform_user),
            "first_seen_at": self._tx.now(),
        }
        if not self._tx.insert_new(persons, values):
            # the same person signed in twice at once; the other one was faster
            return self._known(platform, platform_user) or self._meet(platform, platform_user)
        audit.record(self._tx, f"person:{identity}", Actor(ActorKind.RESIDENT, identity), "person_met")
        return Person(PersonId(identity), platform, platform_user)

    def person(self, person_id: str) -> Person:
        """Raises `NotFound`."""
        row = self._tx.one(select(persons).where(persons.c.id == person_id))
        if row is None:
            raise NotFound("没有这个用户。", person=person_id)
        return self._person(row)

    def _person(self, row: AnyRow) -> Person:
        user = self._tx.unseal(persons, "platform_user", row.id, row.platform_user)
        return Person(PersonId(row.id), row.platform, user)

    def session(self, token: str) -> Session | None:
        """Of a resident or of staff. None: unknown, ended or revoked."""
        return find_session(self._tx, token)

    def revoke(self, token: str) -> bool:
        return revoke_session(self._tx, token)

    def revoke_all(self, holder: str) -> int:
        return revoke_sessions_of(self._tx, holder)

    def forget_old_sessions(self) -> int:
        return forget_old_sessions(self._tx)

    def consent(self, person: str, kind: str, version: str) -> Consent:
        """Given; audited. The same again changes nothing."""
        held = next(
            (c for c in self.consents(person) if (c.kind, c.version, c.withdrawn_at) == (kind, version, None)), None
        )
        if held is not None:
            return held
        values = {"person": person, "kind": kind, "version": version, "given_at": self._tx.now()}
        self._tx.execute(consents.insert().values(**values))
        self._note(person, "consent_given", kind, version)
        return Consent(kind, version, self._tx.now(), None)

    def withdraw_consent(self, person: str, kind: str) -> bool:
        held = and_(consents.c.person == person, consents.c.kind == kind, consents.c.withdrawn_at.is_(None))
        withdrawn = self._tx.count(update(consents).where(held).values(withdrawn_at=self._tx.now())) > 0
        if withdrawn:
            self._note(person, "consent_withdrawn", kind, None)
        return withdrawn

    def consents(self, person: str) -> list[Consent]:
        rows = self._tx.all(select(consents).where(consents.c.person == person).order_by(consents.c.seq))
        return [Consent(r.kind, r.version, r.given_at, r.withdrawn_at) for r in rows]

    def _note(self, person: str, action: str, kind: str, version: str | None) -> None:
        actor = Actor(ActorKind.RESIDENT, person)
        audit.record(self._tx, f"person:{person}", actor, action, {"kind": kind, "version": version})
