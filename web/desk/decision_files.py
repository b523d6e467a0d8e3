"""Files that come with a department's decision: sent by its clerk or its own system before it decides, taken out again,
listed, and handed on as they came.

What a file is, its first bytes say, not its name. It is kept sealed and opened once in a child process by a job; until
then, and if it cannot be opened, nobody gets it.
"""

from typing import Annotated

from anyio.to_thread import run_sync
from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import FormData

from cases.actions import attaching
from cases.actions.attaching import Sent
from cases.actions.opening import Upload
from cases.effects import Outcome
from cases.errors import InvalidRequest, NotFound, Refusal
from cases.model import CaseFile, DecisionFile
from cases.moment import Moment
from storage.blobs import blob_key
from storage.ids import new_id
from storage.session import Transaction
from web.asks import Write
from web.auth import Desk, requires
from web.desk.assignments import shown_assignment
from web.desk.shapes import AssignmentView, assignment_view
from web.desk.showing import shown
from web.doors import Doors, doors
from web.files import ATTACHED, ATTACHED_KINDS, JPEG, NotReady, handed_out
from web.forms import MULTIPART, file_of, transaction_of
from web.permissions import Permission
from web.writing import asked, change_case, moment

router = APIRouter(prefix="/desk/api", tags=["departments"])
D = Annotated[Doors, Depends(doors)]
Decider = Annotated[Desk, Depends(requires(Permission.ASSIGNMENT_DECIDE))]
Reader = Annotated[Desk, Depends(requires(Permission.CASE_READ))]


@router.post("/assignments/{assignment}/files", status_code=201, openapi_extra=MULTIPART)
async def add_file(assignment: str, request: Request, me: Decider, d: D) -> AssignmentView:
    """A PDF, JPEG or PNG for one's own department's open assignment, no larger than a page may be; it is checked in the background."""
    await run_sync(number_of, d, assignment, me)
    async with request.form(max_files=1, max_fields=8, max_part_size=4096) as form:
        return await run_sync(keep_form, d, me, assignment, form, limiter=d.files_at_once)


def keep_form(d: Doors, me: Desk, assignment: str, form: FormData) -> AssignmentView:
    number = number_of(d, assignment, me)
    came = file_of(form, d.settings.upload_max_bytes)
    if came is None:
        raise InvalidRequest("请选择要附上的文件。", field="file")
    data, name = came
    kind = next((kind for begins, kind in ATTACHED_KINDS.items() if data.startswith(begins)), None)
    if kind is None:
        raise InvalidRequest("附件须为PDF、JPEG或PNG文件。", field="file")
    key = blob_key(data)
    with d.database.reading() as tx:  # what would be refused is refused before anything is stored
        trial = Sent(new_id(), name, Upload(key, key, kind, len(data)))
        attaching.add_file(tx.case_file(number), assignment, trial, moment(tx, me))
    sent = Sent(new_id(), name, Upload(d.blobs.put(data), key, kind, len(data)))

    def decision(file: CaseFile, now: Moment) -> Outcome:
        return attaching.add_file(file, assignment, sent, now)

    request = asked(me, transaction_of(form), "decision-file", assignment, key)
    return change_case(d.database, request, number, decision, shown_assignment(assignment, number))


def number_of(d: Doors, assignment: str, me: Desk) -> str:
    """The case of an assignment of one's own department. Raises `NotFound` for any other."""
    with d.database.reading() as tx:
        number, found = tx.assignment(assignment)
        if found.department not in me.departments or not tx.case_exists(number, me.scope):
            raise NotFound("没有这个任务。", id=assignment)
    return number


@router.get("/assignments/{assignment}/files")
def show_files(assignment: str, me: Reader, d: D) -> AssignmentView:
    """One department's part of a case, with the files that come with it."""
    with d.database.reading() as tx:
        number, found = tx.assignment(assignment)
        file = tx.case_file(number, readable_by=me.scope)
    return assignment_view(found, number, file.files_of(assignment))


@router.post("/assignments/{assignment}/files/{file}/remove")
def remove_file(assignment: str, file: str, ask: Write, me: Decider, d: D) -> AssignmentView:
    """Take a file out again, as long as nothing is decided."""
    number = number_of(d, assignment, me)

    def decision(of: CaseFile, now: Moment) -> Outcome:
        if file not in {f.id for f in of.files_of(assignment)}:
            raise NotFound("没有这个附件。", id=file)
        return attaching.remove_file(of, file, now)

    request = asked(me, ask, "decision-file-remove", assignment, file)
    return change_case(d.database, request, number, decision, shown_assignment(assignment, number))


@router.get("/assignments/{assignment}/files/{file}", response_class=Response, responses=ATTACHED)
def show_file(assignment: str, file: str, me: Reader, d: D) -> Response:
    """The file as it came, as an attachment. 409 `not_ready` until it was checked."""
    with d.database.reading() as tx:
        return handed_out(d.blobs, _found(tx, assignment, file, me))


@router.get("/assignments/{assignment}/files/{file}/picture", response_class=Response, responses=JPEG)
def show_picture(assignment: str, file: str, me: Reader, d: D) -> Response:
    """Its first page, drawn anew."""
    with d.database.reading() as tx:
        found = _found(tx, assignment, file, me)
        if found.picture is None:
            raise _unshown(found)
        return shown(tx, me, tx.assignment(assignment)[0], d.blobs.get(found.picture))


def _unshown(found: DecisionFile) -> Refusal:
    return NotReady("附件正在检查，请稍后再试。", retry_after=2) if found.problem is None else NotFound(found.problem)


def _found(tx: Transaction, assignment: str, file: str, me: Desk) -> DecisionFile:
    number, _ = tx.assignment(assignment)
    there = tx.case_file(number, readable_by=me.scope).files_of(assignment)
    found = next((f for f in there if f.id == file), None)
    if found is None:
        raise NotFound("没有这个附件。", id=file)
    return found
