"""What is found in what was published: newest versions, regions, and what is asked for most."""

from datetime import UTC, datetime

from cases.phrases import Phrases
from storage.finding import RegionNames
from storage.session import Database
from tests.storage.kept import KeptWorld, publish


def test_what_was_applied_for_most_lately_comes_first(database: Database) -> None:
    publish(database, code="440105-A", name="甲证")
    wanted = {"code": "440105-B", "name": "乙证"}
    KeptWorld(database, "440105-1", check=False, item_changes=wanted, opened_at=datetime.now(UTC))
    with database.reading() as tx:
        assert [i.name for i in tx.items_often("440105")] == ["乙证", "甲证"]
        assert tx.items_often("510107") == []


def test_phrases_and_names_of_regions_are_kept_and_replaced(database: Database) -> None:
    publish(database, code="440105-A", name="甲证", keywords=[])
    with database.reading() as tx:
        assert (tx.phrases(), tx.region_names(), tx.items("补个甲")) == (Phrases(), {}, [])
    for word in ("旧说法", "补个甲"):
        with database.transaction() as tx:
            tx.put_phrases({"says": {"甲证": [word]}})
            tx.put_region_names(RegionNames("440105", "海珠区", {"rsj": "人社局"}, word))
    with database.reading() as tx:
        assert [i.name for i in tx.items("补个甲")] == ["甲证"]
        assert tx.region_names()["440105"].name_en == "补个甲"
