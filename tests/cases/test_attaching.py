"""Files that come with a department's decision."""

import pytest

from cases.actions import attaching, deciding
from cases.actions.attaching import Sent, given_out, named
from cases.actions.opening import Upload
from cases.effects import JobKind
from cases.errors import Conflict, InvalidRequest, NotFound
from cases.exporting import Offices, export_case
from tests.cases.world import ITEM, World, item

ELECTRONIC = item(
    materials=[{**m, "original": "none"} for m in ITEM["materials"]],
    result={"name": "电子优待证", "form": "electronic", "delivery": []},
)


def processing(world: World) -> World:
    world.to_passed().apply(deciding.accept(world.file, world.now))
    return world.apply(deciding.route_case(world.file, world.now))


def task(world: World, key: str = "card") -> str:
    return next(a.id for a in world.file.assignments if a.key == key)


def sends(world: World, name: str = "决定书.pdf", digest: str = "a", key: str = "card") -> str:
    sent = Sent(f"file-{next(world.ids)}", name, Upload(digest * 64, digest * 64, "application/pdf", 900))
    world.apply(attaching.add_file(world.file, task(world, key), sent, world.now))
    return sent.id


def checked(world: World, file: str, problem: str | None = None) -> World:
    return world.apply(attaching.record_checked(world.file, file, None if problem else "blob", problem, world.now))


def test_a_decision_waits_until_its_file_was_opened_once() -> None:
    world = processing(World(ELECTRONIC))
    file = sends(world)
    assert world.asked_for(JobKind.COMPLAINT_PICTURE)[-1].subject == file
    with pytest.raises(Conflict, match="正在检查"):
        world.decide("card")
    checked(world, file).decide("card")
    assert world.facts[-1].detail["files"] == ["a" * 64]


def test_a_file_that_cannot_be_opened_is_taken_out_first() -> None:
    world = processing(World(ELECTRONIC))
    file = sends(world)
    checked(world, file, "文件已损坏")
    with pytest.raises(Conflict, match="无法打开"):
        world.decide("card")
    world.apply(attaching.remove_file(world.file, file, world.now)).decide("card")


def test_what_was_decided_keeps_what_it_came_with() -> None:
    world = processing(World(ELECTRONIC))
    file = sends(world)
    checked(world, file).decide("card")
    with pytest.raises(Conflict, match="不能增减"):
        attaching.remove_file(world.file, file, world.now)
    with pytest.raises(Conflict, match="不能增减"):
        sends(world, digest="b")


def test_files_are_few_and_each_comes_once() -> None:
    world = processing(World(ELECTRONIC))
    sends(world)
    with pytest.raises(InvalidRequest, match="已经附上"):
        sends(world)
    for digest in "bcde":
        sends(world, digest=digest)
    with pytest.raises(InvalidRequest, match="最多附5个"):
        sends(world, digest="f")
    with pytest.raises(NotFound):
        attaching.remove_file(world.file, "none", world.now)


def decided(world: World, approve: bool = True) -> World:
    processing(world)
    checked(world, sends(world))
    world.decide("card", approve, "见附件")
    if approve:
        world.decide("photo").decide("issue")
    return world.apply(deciding.conclude(world.file, world.now))


def test_the_resident_gets_it_with_an_electronic_result_and_with_a_refusal() -> None:
    before = processing(World(ELECTRONIC))
    checked(before, sends(before)).decide("card")
    assert given_out(before.file) == ()
    assert [f.name for f in given_out(decided(World(ELECTRONIC)).file)] == ["决定书.pdf"]
    paper = item(materials=[{**m, "original": "none"} for m in ITEM["materials"]])
    assert given_out(decided(World(paper)).file) == ()
    assert [f.name for f in given_out(decided(World(paper), approve=False).file)] == ["决定书.pdf"]


def test_the_decision_letter_and_the_export_name_it() -> None:
    world = decided(World(ELECTRONIC))
    letter = next(d for d in world.file.documents if d.kind == "decision")
    assert f"附件1：决定书.pdf（SHA-256：{'a' * 64}）" in letter.content["paragraphs"]
    (row,) = export_case(world.file, Offices(), personal=False).rows["conclusion"]
    assert row["办件结果描述"] == "出证办结；附件：决定书.pdf"


@pytest.mark.parametrize(
    ("given", "kind", "name"),
    [
        ("../../etc/passwd", "application/pdf", "passwd.pdf"),
        ("C:\\文件\\批复.PDF", "application/pdf", "批复.pdf"),
        ("scan.pdf", "image/jpeg", "scan.jpg"),
        ("", "image/png", "附件.png"),
        ('a<b>"c"\u202e.png', "image/png", "abc.png"),
        ("长" * 300 + ".pdf", "application/pdf", "长" * 80 + ".pdf"),
    ],
)
def test_a_name_is_the_last_part_and_ends_as_its_content_does(given: str, kind: str, name: str) -> None:
    assert named(given, kind) == name
