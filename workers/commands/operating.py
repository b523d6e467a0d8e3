"""Commands of whoever runs the service: set up, jobs, the audit chain, sweeps, replaying a case, figures."""

import json
import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from cases.deadlines import beijing_day
from cases.effects import JobKind
from cases.errors import Conflict, NotFound
from preaudit.catalogue import load
from storage import metering, set_aside
from storage import migrate as schema
from storage.actors import Scope
from storage.engines import make_engine
from storage.jobs import Job
from storage.key_use import holds_sealed
from storage.metering import Meter
from storage.set_aside import Bury, Release
from storage.settings import StorageSettings
from storage.vault import VaultError, create_key_file
from storage.words import JobState
from workers import logs, sweeps
from workers.census import whole
from workers.commands.common import NO, OPERATOR, database, err, missing, no, out, storage_settings, table
from workers.doctor import diagnose
from workers.replay import replay as replay_case
from workers.seeding import seed as seed_database

jobs = typer.Typer(no_args_is_help=True, help="The ledger of background work.")
Quarantined = Annotated[str, typer.Argument(help="id of a quarantined job")]
EVERYTHING = Scope.everything()
AsJson = Annotated[bool, typer.Option("--json", help="for programs")]


def migrate(
    make_keys: Annotated[bool, typer.Option("--make-keys", help="also make the key file, if there is none")] = False,
) -> None:
    """Bring the database to this version's schema. Safe to run again, and beside running processes."""
    made = storage_settings()
    try:
        if make_keys and not made.key_file.exists():
            if _holds_sealed(made):
                raise missing(
                    f"{made.key_file} is missing, and the database is sealed with it: bring it from your backup"
                )
            create_key_file(made.key_file)
            out.print(f"keys made: {made.key_file}; keep a copy elsewhere, without it nothing sealed can be opened")
        before = _standing(made)
        schema.upgrade(made)
    except (SQLAlchemyError, VaultError, OSError) as error:
        raise missing(f"STORAGE_DATABASE_URL: {error}") from error
    out.print(f"schema {before or 'none'} → {schema.newest()}", highlight=False)


def _standing(made: StorageSettings) -> str | None:
    """The schema's revision; None where there is no database yet."""
    try:
        return schema.current(made)
    except SQLAlchemyError:
        return None


def _holds_sealed(made: StorageSettings) -> bool:
    engine = make_engine(made)
    try:
        with engine.connect() as connection:
            return bool(_standing(made)) and holds_sealed(connection)
    finally:
        engine.dispose()


def seed() -> None:
    """Fill with the package's items, the working-day calendar and a first set of staff; secrets are shown once."""
    with database() as db:
        made = seed_database(db, load().values(), beijing_day(datetime.now(UTC)))
    out.print(f"{made.items} items published, {made.days} days of the calendar", highlight=False)
    for code in made.kept:
        err.print(f"{code}: published before with other contents and left as it was; a change needs a new version")
    if made.logins:
        rows = [(x.login, x.name, x.password, x.totp_secret) for x in made.logins]
        out.print(table(("login", "name", "password", "TOTP secret"), rows))
        out.print(table(("API key of", "key"), made.api_keys.items()))


def doctor() -> None:
    """Check every component and say what is wrong and how to mend it. Exit 3 if anything is; what somebody should only look
    at does not count."""
    checks = diagnose(os.environ)
    for check in checks:
        mark = "[green]ok[/]  " if check.good else "[red]BAD[/] " if check.grave else "[yellow]look[/]"
        out.print(f"{mark} {check.name:12} {check.said}", highlight=False, soft_wrap=True)
        if not check.good:
            out.print(f"     {'':12} → {check.mend}", style="yellow", highlight=False, soft_wrap=True)
    raise typer.Exit(0 if all(c.good or not c.grave for c in checks) else 3)


@jobs.command("list")
def list_jobs(
    state: Annotated[JobState | None, typer.Option(help="only these")] = None,
    kind: Annotated[JobKind | None, typer.Option(help="only these")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """Jobs, newest first, and how much waits in each queue."""
    with database() as db, db.reading() as tx:
        found, loads = tx.jobs.list(state, kind, limit), tx.jobs.loads()
    if as_json:
        for job in found:
            print(json.dumps(asdict(job), default=str))
        return
    columns = ("job", "kind", "subject", "state", "queue", "tries", "due", "error")
    out.print(table(columns, map(_job_row, found)))
    rows = [(x.queue, x.waiting, x.running, x.quarantined, f"{x.oldest_s:.0f} s") for x in loads]
    out.print(table(("queue", "waiting", "running", "quarantined", "oldest"), rows))


def _job_row(j: Job) -> tuple[object, ...]:
    return (
        j.id,
        j.kind,
        j.subject,
        j.state,
        j.queue,
        f"{j.attempts}/{j.max_attempts}",
        f"{j.due_at:%m-%d %H:%M:%S}",
        j.error,
    )


@jobs.command("release")
def release(
    job: Quarantined, reason: Annotated[Release, typer.Option(help="on record with it")] = Release.ONCE_MORE
) -> None:
    """Let a job out of quarantine: a fresh start, on record. Exit 1 if it was not there."""
    with database() as db, db.transaction() as tx:
        try:
            set_aside.release(tx, job, reason, OPERATOR, EVERYTHING)
        except (NotFound, Conflict):
            raise no(f"{job} is not in quarantine, or another job does the same work now") from None
    out.print(f"{job} released", highlight=False)


@jobs.command("bury")
def bury(job: Quarantined, reason: Annotated[Bury, typer.Option(help="on record with it")]) -> None:
    """End a job in quarantine without doing it, on record. Exit 1 if it was not there."""
    with database() as db, db.transaction() as tx:
        try:
            set_aside.bury(tx, job, reason, OPERATOR, EVERYTHING)
        except NotFound:
            raise no(f"{job} is not in quarantine") from None
    out.print(f"{job} buried", highlight=False)


@jobs.command("quarantine")
def quarantine(
    job: str, reason: Annotated[str, typer.Option(help="kept with the job")] = "set aside by an operator"
) -> None:
    """Set a job aside until somebody releases it. Exit 1 if it had ended."""
    with database() as db, db.transaction() as tx:
        done = tx.jobs.condemn(job, reason)
    if not done:
        raise no(f"{job} has ended or does not exist")
    out.print(f"{job} set aside", highlight=False)


def sweep(
    names: Annotated[list[str] | None, typer.Argument(help=f"which: {', '.join(sweeps.ALL)}; all without")] = None,
) -> None:
    """Run sweeps now, as the clock does. Doing it twice changes nothing."""
    chosen = names or list(sweeps.ALL)
    unknown = [n for n in chosen if n not in sweeps.ALL]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]!r}: one of {', '.join(sweeps.ALL)}")
    logs.set_up("sweep", "console", "warning")
    with database() as db:
        rows = [(name, sweeps.ALL[name](db)) for name in chosen]
    out.print(table(("sweep", "moved"), rows))


def census() -> None:
    """Look at all pictures and rows at once, as the clock does by and by: orphans, and pictures that are missing. Nothing
    is deleted. Exit 1 if a picture is missing."""
    logs.set_up("census", "console", "error")
    unnamed, missing = list[str](), list[str]()
    with database() as db:
        for found in whole(db):
            unnamed += found.unnamed
            missing += found.missing
    for key in missing:
        err.print(f"missing  {key}", highlight=False)
    for key in unnamed:
        out.print(f"orphan   {key}", highlight=False)
    out.print(f"{len(missing)} pictures are missing, {len(unnamed)} orphans", highlight=False)
    raise typer.Exit(NO if missing else 0)


def backed_up() -> None:
    """Tell the service that a backup made by other means (pgBackRest, the provider) is complete: the last line of that
    script, so that the alert for old backups stays quiet."""
    with database() as db, db.transaction() as tx:
        metering.put(tx, {metering.sample(Meter.BACKUP_MADE): tx.now().timestamp()})
    out.print("noted", highlight=False)


def replay(case: Annotated[str, typer.Argument(help="number of the case")]) -> None:
    """Fold the case's record through the lifecycle and compare with how it stands. Exit 1 if they differ."""
    with database() as db, db.reading() as tx:
        try:
            told = replay_case(tx.timeline(case), tx.case_file(case))
        except NotFound as error:
            raise no(error.message) from error
    for difference in told.differences:
        out.print(f"[red]{difference}[/]", highlight=False)
    out.print(f"{told.steps} changes of state lead to {told.state}", highlight=False)
    raise typer.Exit(NO if told.differences else 0)
