"""page.read and case.judge."""

from pathlib import Path

from cases.actions import opening
from cases.comparing import typed_in
from cases.effects import JobKind
from cases.findings import FindingCode
from cases.lifecycle import CaseState, MaterialState, PageState
from cases.model import Applicant
from cases.readings import Confirmed, Field, QualityProblem
from tests.storage.kept import reading
from tests.workers.room import Room, ScriptedReader
from workers.jobs import Ended

BLURRED = QualityProblem(FindingCode.BLURRED, 12.0, 60.0)


def test_a_page_is_read_and_its_material_with_it(room: Room) -> None:
    page = room.upload()
    assert room.do(JobKind.PAGE_READ) is Ended.DONE
    file = room.seen().file
    found, material = file.page(page), file.material("id_front")
    assert found is not None
    assert material is not None
    assert (found.state, found.kind, material.state) == (PageState.READ, "id_card_front", MaterialState.READ)
    with room.database.reading() as tx:
        kept = tx.reading(page)
    assert kept is not None
    assert kept.fields["name"].value == "陈样本"


def test_what_is_wrong_with_a_page_is_known_at_once(room: Room) -> None:
    page = room.upload()
    room.reader = ScriptedReader(reading(problems=(BLURRED,)))
    room.do(JobKind.PAGE_READ)
    found = room.seen().file.page(page)
    assert found is not None
    assert [f.code for f in found.findings] == [FindingCode.BLURRED]


def test_a_page_that_was_taken_out_is_not_read(room: Room) -> None:
    page = room.upload()
    from_here = room.job(JobKind.PAGE_READ).id
    room.world.apply(opening.remove_page(room.world.file, page))
    assert room.do(JobKind.PAGE_READ) is Ended.FAILED
    assert room.job_by_id(from_here).error == "page_gone"
    assert room.reader.asked == []


def test_a_picture_that_is_lost_is_given_up_and_hurts_nobody_else(room: Room) -> None:
    page = room.upload()
    found = room.seen().file.page(page)
    assert found is not None
    room.blobs.delete(found.blob)
    assert room.do(JobKind.PAGE_READ) is Ended.DONE
    given_up = room.seen().file.page(page)
    assert given_up is not None
    assert given_up.state is PageState.UNREADABLE


def test_every_page_of_a_pdf_becomes_a_page_of_the_case(room: Room) -> None:
    room.upload("form")
    two = tuple(reading(f"第{n}页", page=n, pages_in_file=2, kind="application_form") for n in (1, 2))
    room.reader = ScriptedReader(two)
    room.do(JobKind.PAGE_READ)
    pages = room.seen().file.pages_of("form")
    assert [p.state for p in pages] == [PageState.READ, PageState.READ]
    with room.database.reading() as tx:
        assert [r.page for r in tx.readings_of(room.number)["form"]] == [1, 2]


def test_a_submitted_case_is_judged_when_its_last_page_is_read(room: Room) -> None:
    room.upload("id_front", b"front")
    room.upload("form", b"form")
    room.world.submit()
    room.do(JobKind.PAGE_READ)
    room.do(JobKind.PAGE_READ)
    assert room.do(JobKind.CASE_JUDGE) is Ended.DONE
    assert room.seen().state in (CaseState.IN_REVIEW, CaseState.RETURNED, CaseState.PREAUDIT_PASSED)
    assert len(room.facts("case_judged")) == 1


def test_a_case_that_is_not_waiting_for_a_verdict_gets_none(room: Room) -> None:
    room.add(JobKind.CASE_JUDGE, room.number)
    assert room.do(JobKind.CASE_JUDGE) is Ended.FAILED
    assert room.seen().state is CaseState.DRAFT


def test_a_photograph_from_somebody_elses_case_goes_to_a_person(room: Room, tmp_path: Path) -> None:
    another = Applicant("person", "王样本", "440105198707289983", "15400000000")
    Room(room.database, tmp_path, "440105202603020000029", applicant=another).upload("id_front", b"the same picture")
    room.upload("id_front", b"the same picture")
    room.upload("form", b"form")
    room.world.submit()
    for _ in range(3):
        room.do(JobKind.PAGE_READ)
    room.do(JobKind.CASE_JUDGE, room.number)
    assert FindingCode.REUSED_IMAGE in [f.code for f in room.seen().file.findings]
    assert room.world.state is CaseState.IN_REVIEW


def test_the_same_item_asked_for_twice_goes_to_a_person(room: Room, tmp_path: Path) -> None:
    first = Room(room.database, tmp_path, "440105202603020000029")
    for one in (first, room):
        one.upload("id_front", one.number.encode())
        one.upload("form", b"form" + one.number.encode())
        one.world.submit()
        for _ in range(2):
            one.do(JobKind.PAGE_READ)
        one.do(JobKind.CASE_JUDGE, one.number)
    assert "您已有一件相同事项的申请正在办理" not in [f.message for f in first.seen().file.findings]
    assert "您已有一件相同事项的申请正在办理" in [f.message for f in room.seen().file.findings]


def test_what_is_merely_unusual_is_kept_for_the_person_who_looks(room: Room) -> None:
    number = Field("11000019900307001X", 0.99, Confirmed.CHECKSUM)
    room.upload("id_front", b"front")
    room.upload("form", b"form")
    room.world.submit()
    room.reader = ScriptedReader(reading(fields={"id_number": number}))
    for kind in (JobKind.PAGE_READ, JobKind.PAGE_READ, JobKind.CASE_JUDGE):
        room.do(kind)
    (judged,) = room.facts("case_judged")
    assert judged["remarks"] == ["id_front.id_number：公民身份号码中的市县代码不常见。"]


def test_what_was_typed_has_the_names_that_items_use(room: Room) -> None:
    form = typed_in(room.world.file)
    assert form["applicant_name"] == "陈样本"
    assert form["address"] == "广州市海珠区样本路1号"
