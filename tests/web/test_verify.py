"""Anybody who holds a letter verifies it by the code on it, and learns nothing that is not on it."""

import pytest

from cases.actions.deferring import end_broken, on_promises
from cases.documents import in_fours
from cases.model import Document
from storage.blobs import blobs_from
from storage.session import Database
from tests.web.test_deferrals import overdue
from tests.web.world import World, make_world


def decided(world: World) -> tuple[str, Document]:
    """A case that was accepted, and its notice of acceptance."""
    no = overdue(world)
    return no, next(d for d in world.file(no).documents if d.kind == "acceptance")


def test_a_letter_is_verified_without_signing_in(plain_world: World) -> None:
    no, letter = decided(plain_world)
    answer = plain_world.client.get(f"/api/v1/verify/{letter.code}")
    assert answer.status_code == 200, answer.text
    said = answer.json()
    assert (said["title"], said["standing"], said["applicant"]) == ("受理通知书", "valid", "陈*本")
    assert said["reference"] == letter.content["reference"]
    assert no not in answer.text
    assert "440105199003070019" not in answer.text


@pytest.mark.parametrize("how", [str.lower, in_fours, lambda code: "-".join(in_fours(code).split())])
def test_a_code_may_be_typed_as_it_stands_on_the_paper(plain_world: World, how) -> None:  # type: ignore[no-untyped-def]
    _, letter = decided(plain_world)
    assert plain_world.client.get(f"/api/v1/verify/{how(letter.code)}").json()["title"] == "受理通知书"


def test_a_letter_whose_case_was_ended_is_not_valid_any_more(plain_world: World) -> None:
    no, letter = decided(plain_world)
    plain_world.decide(no, on_promises)
    plain_world.decide(no, lambda file, now: end_broken(file, "photo", "未补交", now))
    assert plain_world.client.get(f"/api/v1/verify/{letter.code}").json()["standing"] == "revoked"
    shown = plain_world.client.get(f"/v/{letter.code}").text
    assert "已失效" in shown
    assert "终止" not in shown


def test_codes_that_are_none_and_codes_of_nobody_get_one_answer(plain_world: World) -> None:
    no, _ = decided(plain_world)
    asked = ["ABCD", "0" * 16, "Z" * 16, "x" * 60, no]
    answers = [plain_world.client.get(f"/api/v1/verify/{code}") for code in asked]
    assert {a.status_code for a in answers} == {404}
    assert len({a.json()["error"]["message"] for a in answers}) == 1
    pages = [plain_world.client.get(f"/v/{code}") for code in asked]
    assert {p.status_code for p in pages} == {404}
    assert len({p.text for p in pages}) == 1


def test_the_page_has_the_hash_of_the_file_and_nothing_inline(plain_world: World) -> None:
    no, letter = decided(plain_world)
    assert "正在生成" in plain_world.client.get(f"/v/{letter.code}").text
    plain_world.makes_pdf(no, letter.id, b"%PDF-1.7 a letter", sha256="ab" * 32)
    page = plain_world.client.get(f"/v/{letter.code}")
    assert 'data-sha256="' + "ab" * 32 in page.text
    assert "style=" not in page.text
    assert "<script>" not in page.text


def test_a_code_that_was_typed_leads_to_its_own_address(plain_world: World) -> None:
    _, letter = decided(plain_world)
    sent = plain_world.client.get("/v", params={"code": in_fours(str(letter.code))}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/v/{letter.code}")
    for nonsense in ("", "//evil.example", "查验码"):
        assert plain_world.client.get("/v", params={"code": nonsense}, follow_redirects=False).status_code == 200


def test_whoever_tries_many_codes_is_stopped(plain_database: Database) -> None:
    town = make_world(plain_database, blobs_from(plain_database.settings), lookups_per_minute=3)
    answers = [town.client.get("/api/v1/verify/NOBODYSCODE00000").status_code for _ in range(4)]
    assert answers == [404, 404, 404, 429]
