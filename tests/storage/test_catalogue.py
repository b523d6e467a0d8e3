"""Published versions never change; the newest is offered, the one a case was opened under is kept."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update

from cases.deadlines import beijing_day
from cases.errors import Conflict, NotFound
from cases.items import item_from
from storage import catalogue
from storage.session import Database
from storage.tables import items
from tests.cases.world import ITEM, item
from tests.storage.kept import CLERK, KeptWorld, publish


def test_a_case_can_have_its_version_and_new_cases_the_newest(database: Database) -> None:
    publish(database)
    publish(database, version=2, name="社保卡补领")
    with database.reading() as tx:
        assert tx.item(ITEM["code"]).version == 2
        assert tx.item(ITEM["code"], 1) == item()


def test_publishing_the_same_again_changes_nothing_and_another_text_is_refused(database: Database) -> None:
    publish(database)
    with database.transaction() as tx:
        assert not tx.publish_item(ITEM, item())
    with pytest.raises(Conflict, match="第1版"):
        publish(database, name="另一个名字")


def test_an_unknown_item_is_not_found(database: Database) -> None:
    publish(database)
    with database.reading() as tx:
        for code, version in (("nothing", None), (ITEM["code"], 9)):
            with pytest.raises(NotFound):
                tx.item(code, version)


def test_items_are_found_by_words_and_region_each_in_its_newest_version(database: Database) -> None:
    publish(database)
    publish(database, version=2, keywords=["医保"])
    publish(database, code="440300-X", region="440300", name="居住证")
    publish(database, code="440000-Y", region="440000", name="全省通办")

    def found(q: str = "", region: str = "") -> list[tuple[str, int]]:
        with database.reading() as tx:
            return [(i.code, i.version) for i in tx.items(q, region)]

    assert found() == [("440000-Y", 1), ("440105-SHBZK-BL", 2), ("440300-X", 1)]
    assert found("医保") == [("440105-SHBZK-BL", 2)]
    assert found("x") == [("440300-X", 1)]
    assert found(region="440105") == [("440000-Y", 1), ("440105-SHBZK-BL", 2)]
    assert found(region="440100") == [("440000-Y", 1), ("440105-SHBZK-BL", 2)]
    assert found("没有") == []


def test_the_calendar_is_kept_and_replaced_day_by_day(database: Database) -> None:
    with database.reading() as tx:
        assert not tx.calendar().knows(date(2026, 1, 1))
    with database.transaction() as tx:
        tx.put_calendar_days({date(2026, 5, 1): False, date(2026, 5, 9): True}, date(2026, 12, 31))
    with database.transaction() as tx:
        tx.put_calendar_days({date(2026, 5, 1): True}, date(2027, 12, 31))
    with database.reading() as tx:
        calendar = tx.calendar()
    assert calendar.days == {date(2026, 5, 1): True, date(2026, 5, 9): True}
    assert calendar.knows(date(2027, 6, 1))


def test_a_regions_own_days_stand_over_the_countrys_and_over_those_of_what_it_lies_in(database: Database) -> None:
    holiday, exchanged, plain = date(2026, 4, 20), date(2026, 5, 9), date(2026, 5, 11)
    with database.transaction() as tx:
        tx.put_calendar_days({exchanged: True}, date(2026, 12, 31))
        tx.put_region_days("450000", {holiday: False, exchanged: False})
        tx.put_region_days("450103", {exchanged: True, plain: False})
    with database.reading() as tx:
        worked = {code: tx.calendar(code) for code in ("", "440105", "450000", "450102", "450103")}
    days = (holiday, exchanged, plain)
    assert {code: tuple(map(c.is_working, days)) for code, c in worked.items()} == {
        "": (True, True, True),
        "440105": (True, True, True),
        "450000": (False, False, True),
        "450102": (False, False, True),
        "450103": (False, True, False),
    }


def test_a_version_is_in_force_from_its_day_on_and_not_once_it_was_withdrawn(database: Database) -> None:
    publish(database)
    later = {**ITEM, "version": 2, "name": "社保卡补领"}
    with database.transaction() as tx:
        tomorrow = beijing_day(tx.now()) + timedelta(days=1)
        tx.publish_item(later, item_from(later), valid_from=tomorrow, published_by="wang")
    with database.reading() as tx:
        assert [found.version for found in tx.items()] == [1]
        coming = tx.items_coming([ITEM["code"]])[ITEM["code"]]
        assert (coming.version, coming.valid_from, coming.published_by) == (2, tomorrow, "wang")
    with database.transaction() as tx:  # the day has come
        tx.execute(update(items).where(items.c.version == 2).values(valid_from=beijing_day(tx.now())))
        assert tx.item(ITEM["code"]).version == 2
        assert [found.name for found in tx.items()] == ["社保卡补领"]
        catalogue.withdraw_item(tx, ITEM["code"], 2)
        assert tx.item(ITEM["code"]).version == 1
        assert catalogue.next_version(tx, ITEM["code"]) == 3
    with database.reading() as tx:
        assert tx.item_codes("440100", "", 5) == [ITEM["code"]]
        assert tx.item_codes("510000", "", 5) == tx.item_codes(None, ITEM["code"], 5) == []


def test_an_item_has_one_draft_under_way(database: Database) -> None:
    publish(database)
    with database.transaction() as tx:
        first = tx.item_drafts.begin(ITEM["code"], 1, "440105", ITEM, CLERK)
    with pytest.raises(Conflict) as refused, database.transaction() as tx:
        tx.item_drafts.begin(ITEM["code"], 1, "440105", ITEM, CLERK)
    assert refused.value.details == {"draft": first.id}
    with database.transaction() as tx:
        tx.item_drafts.abandon(tx.item_drafts.draft(first.id, for_change=True), CLERK)
        assert tx.item_drafts.begin(ITEM["code"], 1, "440105", ITEM, CLERK).state == "editing"
    with database.reading() as tx:
        assert [draft.state for draft in tx.item_drafts.drafts_of(ITEM["code"])] == ["editing", "abandoned"]


def test_cases_of_late_are_counted_as_far_as_is_asked(database: Database) -> None:
    kept = [KeptWorld(database, f"44010520260302000{n}", check=False) for n in range(3)]
    with database.reading() as tx:
        since = kept[0].kept().case.opened_at - timedelta(days=1)
        assert tx.cases_lately([ITEM["code"], "other"], since, 2) == {ITEM["code"]: 2, "other": 0}
        assert tx.cases_lately([], since, 2) == {}
