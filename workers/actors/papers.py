"""document.make: a notice, a receipt, a label or a manifest becomes a PDF.

With a manifest, the photograph of the packed envelope becomes the copy that may be shown: opened in a child process,
drawn anew, with the case's number across it. A paper that was changed while it was being made is made once more.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from cases.actions import signing
from cases.actions.opening import Upload
from cases.custody import Condition
from cases.deadlines import beijing_day
from cases.documents import title_of
from cases.effects import Effect, JobKind, Put
from cases.items import OriginalUse
from cases.model import CaseFile, Direction, Document, Original, Parcel
from preaudit.region import region_of
from preaudit.rendition import NotShowable, safe_copy
from storage.blobs import blob_key
from storage.ids import new_id
from storage.jobs import Job
from storage.session import Transaction
from workers.context import SYSTEM, Context, moment
from workers.forms import Form, draw_form
from workers.jobs import Finish, Handler, Hopeless
from workers.labels import Envelope, Line, Manifest, draw_labels, draw_manifest
from workers.paper import Paper, draw
from workers.scanning import Infected, upload

SERVICE_CENTRE = "政务服务中心"
USES = {OriginalUse.COLLECT: "收取原件", OriginalUse.SHOW: "核验后退回", OriginalUse.NONE: "—"}
CONDITIONS: Mapping[str, str] = {Condition.GOOD: "完好", Condition.WORN: "有磨损", Condition.DAMAGED: "破损"}
HEADINGS = {Direction.COLLECTION: "取件 → 窗口", Direction.DELIVERY: "窗口 → 送达"}
HANDS = {
    Direction.COLLECTION: ("申请人（封装）", "快递员（揽收）", "窗口（接收拆封）"),
    Direction.DELIVERY: ("窗口（封装）", "快递员（揽收）", "申请人（签收）"),
}


@dataclass(frozen=True)
class Photo:
    """What became of a parcel's photograph: its safe copy, or why there is none."""

    parcel: Parcel
    picture: bytes | None = None
    problem: str | None = None
    new: bool = False


def make(context: Context, job: Job) -> Finish:
    with context.database.reading() as tx:
        number, document = tx.document(job.subject)
        file = tx.case_file(number)
    if document.blob is not None:
        raise Hopeless("made_before")
    photo = _photo(context, file, document)
    pdf = drawn(file, document, photo.picture if photo else None, public_url=context.public_url)
    blob = context.blobs.put(pdf)
    picture = context.blobs.put(photo.picture) if photo and photo.new and photo.picture else None
    return lambda tx: _record(tx, number, document, Made(pdf, blob), _shown(photo, picture))


@dataclass(frozen=True)
class Made:
    pdf: bytes
    blob: str


def drawn(file: CaseFile, document: Document, picture: bytes | None = None, *, public_url: str = "") -> bytes:
    if document.kind == signing.FORM:
        return draw_form(form_of(file, document))
    parcel = _parcel_of(file, document)
    if parcel is None:
        return draw(paper_of(file, document, public_url))
    if document.kind == "label":
        return draw_labels(envelope_of(file, parcel))
    return draw_manifest(manifest_of(file, document, parcel, picture))


def _parcel_of(file: CaseFile, document: Document) -> Parcel | None:
    wanted = document.content.get("parcel")
    return next((p for p in file.parcels if p.id == wanted), None)


def _photo(context: Context, file: CaseFile, document: Document) -> Photo | None:
    parcel = _parcel_of(file, document) if document.kind == "manifest" else None
    if parcel is None or parcel.photo is None or parcel.photo_problem is not None:
        return None
    if parcel.picture is not None:
        return Photo(parcel, context.blobs.get(parcel.picture))
    try:
        copied = safe_copy(upload(context, parcel.photo), 1, f"装袋照片 {file.case.number}")
    except (NotShowable, Infected) as error:
        return Photo(parcel, problem=error.message, new=True)
    return Photo(parcel, copied, new=True)


def _shown(photo: Photo | None, picture: str | None) -> tuple[Effect, ...]:
    if photo is None or not photo.new:
        return ()
    return (Put("parcel", photo.parcel.id, {"picture": picture, "photo_problem": photo.problem}),)


def _record(tx: Transaction, number: str, document: Document, made: Made, shown: tuple[Effect, ...]) -> None:
    """Unless the envelope was packed anew meanwhile: then its own job makes it. A signed form becomes a page."""
    file = tx.case_file(number, for_change=True)
    _, now = tx.document(document.id)
    if now.made_at != document.made_at:
        return
    tx.apply(
        number, (Put("document", document.id, {"blob": made.blob, "sha256": _digest(made.pdf)}), *shown), actor=SYSTEM
    )
    if document.kind == signing.FORM:
        upload = Upload(made.blob, blob_key(made.pdf), "application/pdf", len(made.pdf))
        tx.apply(number, signing.attach_form(file, document, upload, new_id(), moment(tx)), actor=SYSTEM)


def _digest(pdf: bytes) -> str:
    """Of the file as anybody gets it: what it is verified by."""
    return hashlib.sha256(pdf).hexdigest()


def form_of(file: CaseFile, document: Document) -> Form:
    return Form(
        title=str(document.content["title"]),
        office=office_name(file.case.region, file.case.department),
        case_number=file.case.number,
        rows=tuple((str(label), str(value)) for label, value in document.content["rows"]),
        strokes=tuple(tuple((float(x), float(y)) for x, y in stroke) for stroke in document.content["strokes"]),
        signed_on=beijing_day(document.made_at),
        digest=signing.digest(document.content),
    )


def paper_of(file: CaseFile, document: Document, public_url: str = "") -> Paper:
    return Paper(
        title=title_of(document),
        number=document.number,
        office=office_name(file.case.region, file.case.department),
        day=beijing_day(document.made_at),
        paragraphs=tuple(_named(file, str(p)) for p in document.content.get("paragraphs", ())),
        case_number=file.case.number,
        reference=str(document.content.get("reference", "")),
        code=document.code or "",
        link=f"{public_url}/v/{document.code}" if document.code and public_url else "",
    )


def _named(file: CaseFile, paragraph: str) -> str:
    """Departments by their names: what is kept are their codes."""
    for code in dict.fromkeys(a.department for a in file.assignments):
        paragraph = paragraph.replace(f"（{code}）", f"（{office_name(file.case.region, code)}）")
    return paragraph


def envelope_of(file: CaseFile, parcel: Parcel) -> Envelope:
    leg = file.leg_by_id(parcel.leg)
    assert leg is not None, "a parcel belongs to a leg"
    live = file.live_booking(leg.id)
    office = office_name(file.case.region, file.case.department)
    return Envelope(
        label=parcel.label,
        heading=HEADINGS[leg.direction],
        bound_for=office if leg.direction is Direction.COLLECTION else "申请人（地址见快递运单）",
        lines=tuple(_line(o) for k in parcel.keys if (o := file.original(k)) is not None),
        seal=parcel.seal,
        waybill=live.waybill if live is not None else None,
        packed_at=parcel.packed_at,
    )


def _line(original: Original) -> Line:
    condition = CONDITIONS.get(original.condition or "", original.condition or "未登记")
    label, note = original.label or "", original.note or ""
    return Line(original.name, original.copies, USES[original.use], condition, label, note)


def manifest_of(file: CaseFile, document: Document, parcel: Parcel, picture: bytes | None) -> Manifest:
    leg = file.leg_by_id(parcel.leg)
    assert leg is not None, "a parcel belongs to a leg"
    return Manifest(
        envelope=envelope_of(file, parcel),
        number=document.number,
        case_number=file.case.number,
        item=file.item.name,
        applicant=file.case.applicant.name,
        office=office_name(file.case.region, file.case.department),
        hands=HANDS[leg.direction],
        photo=picture,
    )


def office_name(region_code: str, department: str) -> str:
    """As the head of a document names the department; where nobody wrote its name down, the service centre."""
    region = region_of(region_code)
    return region.departments.get(department, SERVICE_CENTRE) if region else SERVICE_CENTRE


DOCUMENT_MAKE = Handler(JobKind.DOCUMENT_MAKE, make)
