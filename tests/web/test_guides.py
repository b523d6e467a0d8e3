"""The guide over HTTP: found by a resident's words, in their region, in their language, with a sample of each paper."""

import re

import pytest

from preaudit.catalogue import load
from preaudit.phrases import load_phrases
from preaudit.region import region_of
from storage.finding import RegionNames
from tests.web.world import World
from web.resident.items import samples

CARD, HAIZHU, WUHOU = "440105-SHBZK-BL", "440105", "510107"
ENGLISH = {"Accept-Language": "en-GB,en;q=0.9"}
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def town(plain_world: World) -> World:
    """With everything that ships."""
    with plain_world.database.transaction() as tx:
        for loaded in load().values():
            tx.publish_item(loaded.raw, loaded.item)
        tx.put_phrases(load_phrases().raw)
        for region in (region_of(HAIZHU), region_of(WUHOU)):
            assert region is not None
            names = RegionNames(region.code, region.name, region.departments, region.name_en, region.departments_en)
            tx.put_region_names(names)
    return plain_world


def names(lines: list[dict[str, str]]) -> list[str]:
    return [line["name"] for line in lines]


def test_the_region_is_shown_and_others_are_shown_only_where_it_has_nothing(town: World) -> None:
    found = town.client.get("/api/v1/items", params={"q": "社保卡丢了", "region": WUHOU}).json()
    assert [(i["region_name"], i["department_name"]) for i in found["items"]] == [
        ("成都市武侯区", "武侯区人力资源和社会保障局")
    ]
    assert found["elsewhere"] == found["often"] == []
    found = town.client.get("/api/v1/items", params={"q": "二手房过户", "region": WUHOU}).json()
    assert found["items"] == []
    assert [(i["name"], i["region_name"]) for i in found["elsewhere"]] == [("存量房转移登记", "广州市海珠区")]


def test_what_is_not_offered_is_told_with_what_is_asked_for_most(town: World) -> None:
    found = town.client.get("/api/v1/items", params={"q": "修电脑", "region": HAIZHU}).json()
    assert (found["items"], found["elsewhere"]) == ([], [])
    assert names(found["often"])[:2] == ["社会保障卡补领", "居民身份证补领"]


def test_odd_questions_are_answered(town: World) -> None:
    for q in ("😀", "%", "_", "'; DROP TABLE items; --", "社" * 5000, "\\", "？！"):
        assert town.client.get("/api/v1/items", params={"q": q}).status_code == 200


def test_a_newly_published_item_is_found_at_once(town: World) -> None:
    assert town.client.get("/api/v1/items", params={"q": "钓鱼证"}).json()["items"] == []
    town.publish(code="440105-DY", name="钓鱼证申领", region=HAIZHU, keywords=["钓鱼"])
    assert names(town.client.get("/api/v1/items", params={"q": "钓鱼证"}).json()["items"]) == ["钓鱼证申领"]


def test_life_events_list_their_items_in_the_region(town: World) -> None:
    events = town.client.get("/api/v1/life-events", params={"region": HAIZHU}).json()["events"]
    assert [e["name"] for e in events] == [
        "生孩子",
        "买卖房子",
        "开店",
        "上了年纪",
        "证件丢了",
        "搬到新城市",
        "困难救助",
    ]
    assert names(events[0]["items"]) == ["生育登记", "出生登记", "社会保障卡补领"]
    wuhou = town.client.get("/api/v1/life-events", params={"region": WUHOU}).json()["events"]
    assert "买卖房子" not in {e["name"] for e in wuhou}


def test_the_regions_have_their_names_in_both_languages(town: World) -> None:
    assert names(town.client.get("/api/v1/regions").json()["regions"]) == ["广州市海珠区", "成都市武侯区"]
    english = town.client.get("/api/v1/regions", headers=ENGLISH).json()["regions"]
    assert names(english) == ["Haizhu District, Guangzhou", "Wuhou District, Chengdu"]


def test_the_conditions_of_materials_are_told_in_plain_words(town: World) -> None:
    guide = town.client.get(f"/api/v1/items/{CARD}").json()
    told = {m["key"]: m["only_if"] for m in guide["materials"]}
    assert told["household_register"] == "持卡人未满16周岁"
    assert told["id_front"] == "持卡人已满16周岁"
    assert told["application_form"] == ""


def test_every_guide_is_english_all_through_and_its_choices_are_kept_in_chinese(town: World) -> None:
    for code in load():
        guide = town.client.get(f"/api/v1/items/{code}", headers=ENGLISH).json()
        kept = [choice for q in guide["questions"] for choice in q.pop("choices")]
        conditions = [m.pop("when") for m in guide["materials"]]
        labels = [label for m in guide["materials"] for label in m.pop("labels")]
        basis = guide["fee"] and guide["fee"].pop("basis")
        assert not HAN.search(str(guide)), HAN.findall(str(guide))
        assert all(HAN.search(text) for text in (*kept, *labels)), (kept, conditions)
        assert not basis or re.search("[a-z]", basis)


def test_without_english_the_chinese_is_shown(plain_world: World) -> None:
    code = plain_world.publish(code="440105-ZH", name="只有中文")
    guide = plain_world.client.get(f"/api/v1/items/{code}", headers=ENGLISH).json()
    assert (guide["name"], guide["kind_label"]) == ("只有中文", "Done by a promised day")


def test_every_material_of_every_item_has_a_sample_that_says_so() -> None:
    for code, loaded in load().items():
        for spec in loaded.item.materials:
            assert samples(loaded.item, spec), (code, spec.key, spec.document)
