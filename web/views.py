"""A whole case as the resident sees it: pure functions from the domain's values to the API's shapes, with words in the
language of the answer (`names`: what the item's things are called in it).

Residents are shown what they can mend; what is doubtful goes to a person of the back office and is not shown here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from itertools import zip_longest
from math import ceil
from types import MappingProxyType

from cases.actions.attaching import given_out
from cases.allowed import resident_actions
from cases.demands import open_demand
from cases.findings import Finding, Severity
from cases.known import papers_saved, photographs_saved
from cases.lifecycle import BOOKING_LIVE, CaseState, PageState
from cases.model import (
    Applicant,
    Booking,
    Case,
    CaseFile,
    Correction,
    Document,
    Leg,
    Material,
    Page,
    Rating,
    Window,
)
from cases.saved import Saved, saved_by
from storage.audit import AuditLine
from storage.queues import masked_name
from web import shapes, words
from web.demands import demand_view
from web.english import NONE, Names
from web.papers import incident_view, original_view, parcel_view
from web.waived import NO_PHOTO, waived_view
from web.writing import Shown

NO_WAITS: Mapping[str, float] = MappingProxyType({})


def case_view(file: CaseFile, *, to_resident: bool = True, waits: Mapping[str, float] = NO_WAITS) -> shapes.CaseView:
    """`waits`: seconds until each unread page will be read, by its id."""
    case, item, names = file.case, words.shown_item(file.item), words.names_of(file.item)
    return shapes.CaseView(
        case=case.number,
        state=case.state,
        state_label=words.CASES[case.state],
        item=case.item_code,
        item_name=item.name,
        item_version=case.item_version,
        applicant=applicant_view(case.applicant),
        answers=dict(case.answers),
        opened_at=case.opened_at,
        materials=[material_view(file, m, waits) for m in file.materials],
        correction=correction_view(open_correction(file), names) or demand_view(file, names),
        originals=[original_view(file, o) for o in file.originals],
        parcels=[parcel_view(file, p) for p in file.parcels],
        incidents=[incident_view(file, i) for i in file.incidents],
        legs=[leg_view(file, leg, to_resident=to_resident) for leg in file.legs],
        deadlines=deadlines_view(file),
        documents=[document_view(d) for d in file.documents],
        attachments=attachment_views(file, names),
        rating=rating_view(file.rating),
        result=shapes.ResultView(name=item.result.name, form=item.result.form),
        receipt=receipt_view(file),
        saved=saved_view(saved_by(file)),
        actions=list(resident_actions(file)),
        papers_saved=papers_saved(file),
        photographs_saved=photographs_saved(file),
    )


CASE_SHOWN = Shown(shapes.CaseView, case_view)


def case_line(case: Case, item_name: str) -> shapes.CaseLine:
    return shapes.CaseLine(
        case=case.number,
        item=case.item_code,
        item_name=item_name,
        state=case.state,
        state_label=words.CASES[case.state],
        applicant=masked_name(case.applicant.name),
        opened_at=case.opened_at,
        state_due=case.deadline_at,
        promised=case.promised_due,
    )


def applicant_view(applicant: Applicant) -> shapes.ApplicantView:
    return shapes.ApplicantView(
        kind=applicant.kind,
        name=applicant.name,
        id_number=words.masked_id(applicant.id_number),
        phone=words.masked_phone(applicant.phone),
    )


def finding_view(finding: Finding, names: Names = NONE) -> shapes.FindingView:
    """Without its evidence, which may quote what was read."""
    message, advice = words.finding_said(finding, names)
    return shapes.FindingView(
        code=finding.code,
        severity=finding.severity,
        material=finding.material,
        page=finding.page,
        field=finding.field,
        box=list(finding.box) if finding.box else None,
        message=message,
        advice=advice,
    )


def for_resident(
    findings: Iterable[Finding], names: Names = NONE, *, all_of_them: bool = False
) -> list[shapes.FindingView]:
    shown = (f for f in findings if all_of_them or f.severity is Severity.FIXABLE)
    return [finding_view(f, names) for f in sorted(shown, key=lambda f: f.rank)]


def page_view(page: Page, waits: Mapping[str, float] = NO_WAITS, names: Names = NONE) -> shapes.PageView:
    return shapes.PageView(
        id=page.id,
        material=page.material,
        ordinal=page.ordinal,
        state=page.state,
        state_label=words.PAGES[page.state],
        uploaded_at=page.uploaded_at,
        read_at=page.read_at,
        kind=page.kind,
        signed_at=page.signed_at,
        expected_seconds=ceil(waits[page.id]) if page.id in waits else None,
        # a page that could not be read can be photographed again, whoever looks at it later
        findings=for_resident(page.findings, names, all_of_them=page.state is PageState.UNREADABLE),
    )


def material_view(file: CaseFile, material: Material, waits: Mapping[str, float] = NO_WAITS) -> shapes.MaterialView:
    spec, names = file.spec(material.key), words.names_of(file.item)
    return shapes.MaterialView(
        waived=waived_view(waiver) if (waiver := file.waiver(material.key)) else None,
        key=material.key,
        name=words.said(material.name, names),
        need=material.need,
        need_label=words.NEEDS[material.need],
        state=material.state,
        state_label=words.said(NO_PHOTO) if waiver and waiver.still_show else words.MATERIALS[material.state],
        decision=material.decision,
        reason=words.perhaps(material.reason, names),
        note=words.perhaps(material.note, names),
        defer_until=material.defer_until,
        accept=words.said(spec.accept, names) if spec else "",
        document=spec.document if spec else "",
        min_pages=spec.min_pages if spec else 1,
        max_pages=spec.max_pages if spec else 1,
        fill_online=spec.fill_online if spec else False,
        pages=[page_view(p, waits, names) for p in file.pages_of(material.key)],
    )


def open_correction(file: CaseFile) -> Correction | None:
    """The notice that waits for an answer."""
    return file.corrections[-1] if file.case.state is CaseState.RETURNED and file.corrections else None


def correction_view(notice: Correction | None, names: Names = NONE) -> shapes.CorrectionView | None:
    if notice is None:
        return None
    paged = sorted(zip_longest(notice.findings, notice.pages), key=lambda each: each[0].rank)
    listed = [finding_view(f, names).model_copy(update={"page_id": page}) for f, page in paged]
    return shapes.CorrectionView(round=notice.round, sent_at=notice.sent_at, due=notice.due, findings=listed)


def leg_view(file: CaseFile, leg: Leg, *, to_resident: bool) -> shapes.LegView:
    tried = [booking_view(b, leg, to_resident=to_resident) for b in file.bookings if b.leg == leg.id]
    live = file.live_booking(leg.id)
    return shapes.LegView(
        id=leg.id,
        leg=leg.direction,
        leg_label=words.DIRECTIONS[leg.direction],
        state=leg.state,
        state_label=words.LEGS[leg.state],
        since=leg.since,
        confirmed=leg.confirmed,
        answer_due=leg.answer_due,
        booking=next((b for b in tried if live and b.id == live.id), tried[-1] if tried else None),
        bookings=tried,
    )


def booking_view(booking: Booking, leg: Leg, *, to_resident: bool) -> shapes.BookingView:
    """The safety code proves at the door who somebody is: the resident alone sees it, and only while it counts."""
    shows_code = to_resident and booking.state in BOOKING_LIVE
    return shapes.BookingView(
        id=booking.id,
        leg=leg.direction,
        attempt=booking.attempt,
        partner=booking.partner,
        partner_name=words.partner_name(booking.partner),
        state=booking.state,
        state_label=words.BOOKINGS[booking.state],
        window=window_view(booking.window),
        confirmed_window=window_view(booking.confirmed_window) if booking.confirmed_window else None,
        cancel_by=booking.cancel_by,
        payer=booking.payer,
        payer_label=words.PAYERS[booking.payer],
        declared_value_fen=booking.declared_value_fen,
        proof=booking.proof,
        safety_code=booking.safety_code if shows_code else None,
        instead_of=booking.instead_of,
        pickup=booking.pickup,
        waybill=booking.waybill,
        reason=words.perhaps(booking.reason),
        alerts=list(booking.alerts),
        requested_at=booking.requested_at,
    )


def window_view(window: Window) -> shapes.WindowView:
    return shapes.WindowView(start=window.start, end=window.end, label=words.window_label(window))


def deadlines_view(file: CaseFile) -> shapes.DeadlinesView:
    notice, demand = open_correction(file), open_demand(file)
    return shapes.DeadlinesView(
        state_due=file.case.deadline_at,
        promised=file.case.promised_due,
        statutory=file.case.statutory_due,
        correction=notice.due if notice else demand.due if demand else None,
        paused=file.open_special is not None,
    )


def document_view(document: Document) -> shapes.DocumentView:
    return shapes.DocumentView(
        id=document.id,
        kind=document.kind,
        number=document.number,
        title=words.DOCUMENTS.get(document.kind, document.title),
        made_at=document.made_at,
        ready=document.blob is not None,
    )


def attachment_views(file: CaseFile, names: Names = NONE) -> list[shapes.AttachmentView]:
    tasks = {a.id: words.said(a.task, names) for a in file.assignments}
    known = shapes.AttachmentView.model_fields
    return [
        shapes.AttachmentView(**{k: v for k, v in vars(one).items() if k in known}, task=tasks[one.assignment])
        for one in given_out(file)
    ]


def rating_view(rating: Rating | None) -> shapes.RatingView | None:
    return shapes.RatingView(**asdict(rating)) if rating else None


def receipt_view(file: CaseFile) -> shapes.ReceiptView | None:
    """Of the delivery that stands: one that the courier took back proves nothing."""
    made = next((d for d in reversed(file.documents) if d.kind == "delivery" and "how" in d.content), None)
    if made is None or file.case.state is not CaseState.DELIVERED:
        return None
    at = datetime.fromisoformat(made.content["at"])
    return shapes.ReceiptView(at=at, how=words.said(made.content["how"]), document=made.id)


def saved_view(saved: Saved | None) -> shapes.SavedView | None:
    return shapes.SavedView(**asdict(saved)) if saved else None


def desk_timeline(lines: Iterable[AuditLine]) -> list[shapes.TimelineLine]:
    """As the office sees it: everything but what the resident said of the office's work."""
    return [timeline_line(line, whole=True) for line in lines if line.action not in words.NOT_AT_THE_DESK]


_NOT_FOR_RESIDENTS = frozenset({"by", "said_by", "sha256", "order"})


def timeline_line(line: AuditLine, names: Names = NONE, *, whole: bool = False) -> shapes.TimelineLine:
    """Whoever acted is told by kind, never by id; `whole` is for the office."""
    detail = {k: v for k, v in line.detail.items() if whole or k not in _NOT_FOR_RESIDENTS}
    return shapes.TimelineLine(
        at=line.at,
        action=line.action,
        label=words.told(line.action, detail, names),
        by=line.actor_kind,
        by_label=words.actor_label(line.actor_kind, line.on_behalf_of),
        detail=words.said_all(detail, names),
    )
