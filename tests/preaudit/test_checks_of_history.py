"""What other cases say about this one."""

from cases.findings import Finding
from cases.readings import Reading
from preaudit.checks.history import History, OwnCase
from preaudit.judge import Verdict, judge
from tests.preaudit import applications_of_families as families
from tests.preaudit import applications_of_trades as trades
from tests.preaudit.applications import Application
from tests.preaudit.builders import TODAY, front, reading, said, seen, weak
from tests.preaudit.papers import MAN, vehicle


def told(made: Application, history: History) -> list[Finding]:
    return list(judge(made.item, made.answers, made.form, made.pages, today=TODAY, history=history).findings)


def own(made: Application, *, under_way: bool = True) -> History:
    return History(own=(OwnCase(made.code, under_way, made.pages),))


def test_without_other_cases_nothing_is_said() -> None:
    assert told(families.CARD, History()) == []


def test_the_same_item_under_way_goes_to_a_person() -> None:
    (finding,) = told(families.CARD, own(families.CARD))
    assert said([finding]) == [("mismatch", "doubtful")]
    assert (finding.material, finding.message) == (None, "您已有一件相同事项的申请正在办理")
    assert "不用再申请一次" in finding.advice


def test_a_case_that_is_decided_or_of_another_item_is_no_repetition() -> None:
    assert told(families.CARD, own(families.CARD, under_way=False)) == []
    assert told(families.CARD, own(families.RESIDENT)) == []


def test_two_lorries_of_one_company_are_two_matters() -> None:
    another = {"plate": "粤B54321", "vin": "LFV2A21K6A3000000"}
    other = trades.LORRY.having(vehicle_licence=vehicle(**another)).reading_as("application_form", **another)
    assert told(trades.LORRY, own(other)) == []
    assert len(told(trades.LORRY, own(trades.LORRY))) == 1
    doubtful = {name: weak(value) for name, value in another.items()}
    unread = trades.LORRY.having(vehicle_licence=vehicle(**doubtful)).reading_as("application_form", **doubtful)
    assert len(told(trades.LORRY, own(unread))) == 1


def test_the_same_file_in_another_persons_case_goes_to_a_person_with_its_page() -> None:
    page = families.CARD.pages["photo_receipt"][0]
    same = families.CARD.having(photo_receipt=_with_digest(page, "ab" * 32))
    (finding,) = told(same, History(pictures=frozenset({"ab" * 32})))
    assert said([finding]) == [("reused_image", "doubtful")]
    assert (finding.material, finding.page) == ("photo_receipt", 1)
    assert told(same, History(pictures=frozenset({"cd" * 32}))) == []


def _with_digest(page: Reading, digest: str, view: str = "") -> Reading:
    return reading(page.kind, page.fields, lines=page.lines, sha256=digest, perceptual_hash=view)


def test_the_same_photograph_sent_through_a_chat_is_still_the_same() -> None:
    page = families.CARD.pages["photo_receipt"][0]
    mine = families.CARD.having(photo_receipt=_with_digest(page, "ab" * 32, "00ff00ff00ff00ff"))
    theirs = _with_digest(page, "cd" * 32, "00ff00ff00ff00fe")
    assert said(told(mine, History(views=(theirs,)))) == [("reused_image", "doubtful")]
    other_text = reading("other_paper", {}, ("别的文字",), perceptual_hash="00ff00ff00ff00ff")
    assert told(mine, History(views=(other_text,))) == []


def test_another_name_beside_the_same_number_in_an_earlier_case_goes_to_a_person() -> None:
    def earlier(name: object) -> History:
        return History(own=(OwnCase("440105-LNYDZ", False, {"id_front": (front(name=name),)}),))  # type: ignore[arg-type]

    renamed = told(families.CARD, earlier(seen("王大明")))
    assert ("mismatch", "doubtful") in said(renamed)
    assert {(f.material, f.field) for f in renamed} == {("id_front", "name")}
    assert told(families.CARD, earlier(weak("王大明"))) == []
    assert told(families.CARD, earlier(MAN.name)) == []


def test_what_is_known_from_other_cases_never_makes_a_verdict_milder() -> None:
    history = own(families.CARD)
    judged = judge(families.CARD.item, {}, {}, {}, today=TODAY, history=history)
    assert judged.verdict is Verdict.REVIEW
