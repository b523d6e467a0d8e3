"""Files that a department sends along with its decision: its own decision letter, a licence, a drawing.

A file is kept as it came, because what is signed must not change, and handed to nobody before a child process has opened
it once. The decision takes along what is there when it is made; afterwards nothing is added or taken out. Its hash stands
in the record, in the 决定书 and in the export.
"""

from dataclasses import dataclass

from cases.actions.opening import Upload
from cases.effects import Add, Enqueue, Fact, JobKind, Outcome, Put
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.lifecycle import AssignmentState
from cases.model import Assignment, CaseFile, DecisionFile
from cases.moment import Moment
from cases.sentences import say

MOST_FILES = 5
NAME_LENGTH = 80
ELECTRONIC = "electronic"


@dataclass(frozen=True)
class Sent:
    """A file as it came in: kept as a blob, its type told by its content; `name` as the sender calls it."""

    id: str
    name: str
    upload: Upload


def add_file(file: CaseFile, assignment_id: str, sent: Sent, now: Moment) -> Outcome:
    """Raises `NotFound`, `Conflict` once it is decided, `InvalidRequest`."""
    assignment = _open(file, assignment_id)
    there = file.files_of(assignment_id)
    if len(there) >= MOST_FILES:
        raise InvalidRequest(say("每项决定最多附{most}个文件。", most=MOST_FILES), most=MOST_FILES)
    if any(f.sha256 == sent.upload.sha256 for f in there):
        raise InvalidRequest("这个文件已经附上了。", field="file")
    upload = sent.upload
    added = DecisionFile(
        sent.id, assignment_id, named(sent.name, upload.media_type), upload.media_type, upload.size, upload.sha256,
        upload.blob, now.at, now.by,
    )  # fmt: skip
    told = {"department": assignment.department, "task": assignment.task, "sha256": upload.sha256, "bytes": upload.size}
    return (
        Add(added),
        Enqueue(JobKind.COMPLAINT_PICTURE, sent.id, f"decision-file:{sent.id}"),
        Fact("decision_file_added", {**told, "by": now.by}),
    )


_ENDINGS = {"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png"}


def named(name: str, media_type: str) -> str:
    """A name to show and to save under: the last part of a path, without what screens and file systems trip over, with
    the ending that its content has."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(". ")
    stem = plain.rpartition(".")[0] or plain or "附件"
    return stem[:NAME_LENGTH] + _ENDINGS.get(media_type, "")


def remove_file(file: CaseFile, file_id: str, now: Moment) -> Outcome:
    """As long as nothing is decided."""
    found = next((f for f in file.decision_files if f.id == file_id and f.removed_at is None), None)
    if found is None:
        raise NotFound("没有这个附件。", id=file_id)
    _open(file, found.assignment)
    return (
        Put("decision_file", file_id, {"removed_at": now.at}),
        Fact("decision_file_removed", {"sha256": found.sha256, "by": now.by}),
    )


def _open(file: CaseFile, assignment_id: str) -> Assignment:
    assignment = file.assignment(assignment_id)
    if assignment is None:
        raise NotFound("没有这个任务。")
    if assignment.state is not AssignmentState.OPEN:
        raise Conflict("该任务不在办理中，不能增减附件。", state=str(assignment.state))
    return assignment


def record_checked(file: CaseFile, file_id: str, picture: str | None, problem: str | None, now: Moment) -> Outcome:
    """It was opened, or cannot be."""
    found = next((f for f in file.decision_files if f.id == file_id), None)
    if found is None or found.checked_at is not None:
        return ()
    return (
        Put("decision_file", file_id, {"checked_at": now.at, "picture": picture, "problem": problem}),
        Fact("decision_file_checked", {"sha256": found.sha256, "opens": problem is None}),
    )


def check_files(file: CaseFile, assignment: Assignment) -> None:
    """Nobody decides with a file that was not opened yet, or cannot be. Raises `Conflict`."""
    there = file.files_of(assignment.id)
    if bad := [f.name for f in there if f.problem is not None]:
        raise Conflict("附件无法打开，请删除后重新上传。", files=bad)
    if waiting := [f.name for f in there if f.checked_at is None]:
        raise Conflict("附件正在检查，请稍后再作决定。", files=waiting, retry_after=2)


def given_out(file: CaseFile) -> tuple[DecisionFile, ...]:
    """What the resident gets with the result, where it is electronic; and what a refusal came as, in any case."""
    if file.case.concluded_at is None:
        return ()
    refusing = [a for a in file.assignments if a.state is AssignmentState.REFUSED]
    electronic = file.item.result.form == ELECTRONIC
    giving = refusing or [a for a in file.assignments if a.state is AssignmentState.APPROVED and electronic]
    return tuple(f for a in giving for f in file.files_of(a.id) if f.checked_at is not None and f.problem is None)
