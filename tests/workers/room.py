"""A worker's room for the tests: a kept case, a real ledger and blobs, partners and readers that do as they are told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import update

from cases.actions import opening
from cases.effects import Enqueue, JobKind
from cases.model import Address
from cases.readings import Reading
from courier.fake import FakePartner, SentPush
from messaging.port import Message, Outcome, PlatformIdentity, Sent
from messaging.texts import NO_QUIET_HOURS
from storage.blobs import Blobs, FolderBlobs, blob_key
from storage.jobs import Job
from storage.session import Database
from storage.tables import jobs, persons
from storage.words import JobState
from tests.storage.kept import KeptWorld, reading
from workers.actors.registry import HANDLERS
from workers.context import Context, Messages
from workers.jobs import Ended, perform

OFFICE = Address("广东省", "广州市", "海珠区", "样本大道1号", "收件室", "02000000000")


class ScriptedReader:
    """Answers with what it was given, or raises it."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    def read(
        self, data: bytes, *, name: str, document: str | None = None, form_labels: Mapping[str, str] | None = None
    ) -> tuple[Reading, ...]:
        self.asked.append(name)
        answer = self.answers.pop(0) if len(self.answers) > 1 else (self.answers or [reading()])[0]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, tuple) else (answer,)


@dataclass
class Platform:
    """Of platform and text messages alike: takes what `answers` says, in turn, then everything."""

    name: str = "embedded"
    answers: list[Outcome | Exception] = field(default_factory=list)
    sent: list[tuple[str, Message]] = field(default_factory=list)

    def verify(self, code: str) -> PlatformIdentity:
        return PlatformIdentity(self.name, code)

    def phone(self, code: str) -> str:
        return code

    def send(self, to: str, message: Message, *_: str) -> Outcome:
        self.sent.append((to, message))
        answer = self.answers.pop(0) if self.answers else Sent()
        if isinstance(answer, Exception):
            raise answer
        return answer


def meet(database: Database, person: str, platform: str = "embedded") -> None:
    """The person of a `KeptWorld`, who signed in as `user-<id>`."""
    with database.transaction() as tx:
        values = {
            "id": person,
            "platform": platform,
            "platform_user_index": person,
            "platform_user": tx.seal(persons, "platform_user", person, f"user-{person}"),
            "first_seen_at": tx.now(),
        }
        tx.insert_new(persons, values)


class Room:
    """One case and everything a worker needs for it."""

    def __init__(self, database: Database, folder: Path, number: str = "", **case_changes: Any) -> None:
        self.world = KeptWorld(database, number, check=False, **case_changes)
        meet(database, "p1")
        # a case of the world opens in its own time; jobs are due by the database's
        self.world.at = datetime.now(UTC)
        self.database = database
        self.blobs: Blobs = FolderBlobs(folder / "room-blobs", database.vault)
        self.partner = FakePartner(lambda: datetime.now(UTC), name="ems")
        self.platform = Platform()
        self.texts: Platform | None = Platform("text")
        self.quiet = NO_QUIET_HOURS
        self.reader = ScriptedReader()
        self.rates: dict[str, float] = {}
        self.webhook_hosts: tuple[str, ...] = ("127.0.0.1",)

    @property
    def number(self) -> str:
        return self.world.number

    @property
    def context(self) -> Context:
        return Context(
            self.database,
            self.blobs,
            {"ems": self.partner},
            Messages({"embedded": self.platform}, self.texts, self.quiet),
            OFFICE,
            self.reader,
            webhook_hosts=self.webhook_hosts,
            polls_per_minute=self.rates,
        )

    def upload(self, key: str = "id_front", data: bytes = b"a photograph") -> str:
        page_id = f"page-{next(self.world.ids)}"
        upload = opening.Upload(self.blobs.put(data), blob_key(data), "image/jpeg", len(data))
        self.world.apply(opening.attach_page(self.world.file, key, upload, page_id, self.world.now))
        return page_id

    def seen(self) -> KeptWorld:
        """The world, brought up to what the database says."""
        self.world.file = self.world.kept()
        return self.world

    def job(self, kind: JobKind, subject: str | None = None, state: JobState = JobState.QUEUED) -> Job:
        """The newest job of a kind."""
        with self.database.reading() as tx:
            found = [j for j in tx.jobs.list(state, kind) if subject in (None, j.subject)]
        assert found, f"no {state} job {kind}"
        return found[0]

    def job_by_id(self, job_id: str) -> Job:
        with self.database.reading() as tx:
            found = tx.jobs.job(job_id)
        assert found is not None
        return found

    def add(self, kind: JobKind, subject: str) -> str:
        with self.database.transaction() as tx:
            added = tx.jobs.add(Enqueue(kind, subject))
        assert added is not None
        return added

    def do(self, kind: JobKind, subject: str | None = None) -> Ended:
        """The newest queued job of a kind, as its actor would."""
        return perform(self.context, HANDLERS[kind], self.job(kind, subject).id)

    def make_due(self, kind: JobKind) -> None:
        """A job that waits for later is due now."""
        job = self.job(kind)
        with self.database.transaction() as tx:
            tx.execute(update(jobs).where(jobs.c.id == job.id).values(due_at=tx.now()))

    def die_with(self, kind: JobKind) -> str:
        """A worker claims the job and is never heard of again."""
        job = self.job(kind)
        with self.database.transaction() as tx:
            taken = tx.jobs.claim(job.id, timedelta(seconds=-1), job.queue)
            assert taken is not None
        return job.id

    def push(self, sent: SentPush) -> str:
        """A courier's push as the doors keep it."""
        verified = self.partner.verify_push(sent.raw, sent.headers, sent.content_type)
        with self.database.transaction() as tx:
            kept = tx.inbox.keep("ems", verified.delivery_id, sent.raw, {"content-type": sent.content_type}, True)  # type: ignore[union-attr]
        assert kept is not None
        return kept

    def facts(self, action: str) -> list[Mapping[str, Any]]:
        with self.database.reading() as tx:
            return [line.detail for line in tx.timeline(self.number) if line.action == action]
