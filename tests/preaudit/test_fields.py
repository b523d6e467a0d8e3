"""Fields by label and geometry, on lines put down by hand: no recogniser needed."""

import pytest

from cases.readings import Confirmed, Field, Line
from preaudit.fields import cross_confirmed, looked_again, read_fields, read_whole
from preaudit.images.geometry import rectangle
from preaudit.kinds import all_kinds, kind_of

NUMBER = "11010519491231002X"


def line(text: str, x: float, y: float, height: float = 20, confidence: float = 0.99) -> Line:
    width = sum(0.55 if c.isascii() else 1.0 for c in text) * height
    return Line(text, confidence, rectangle(x, y, x + width, y + height))


def values(kind: str, lines: list[Line], labels: dict[str, str] | None = None) -> dict[str, str]:
    return {name: field.value for name, field in read_fields(kind, lines, labels).values.items()}


CARD = [
    line("姓名 韦小宝", 10, 10),
    line("性别男民族汉", 10, 50),
    line("出生1949年12月31日", 10, 90),
    line("住址", 10, 130),
    line("北京市东城区景山前街4号", 70, 130),
    line("紫禁城敬事房", 70, 158),
    line("样本", 420, 158),
    line("公民身份号码", 10, 230),
    line("1101051949 1231002X", 170, 230),
]


def test_a_card_is_read_however_its_lines_were_cut() -> None:
    assert values("id_card_front", CARD) == {
        "name": "韦小宝",
        "sex": "男",
        "ethnicity": "汉",
        "birth_date": "1949-12-31",
        "address": "北京市东城区景山前街4号紫禁城敬事房",
        "id_number": NUMBER,
    }


@pytest.mark.parametrize("mark", [line("样本", 420, 150, 55), line("样本", 330, 158, 24)])
def test_what_stands_in_the_portrait_is_no_part_of_the_address(mark: Line) -> None:
    lines = [line("京城东区景山前街四号院北", 70, 158) if each.text.startswith("紫") else each for each in CARD]
    made = values("id_card_front", [each for each in lines if each.text != "样本"] + [mark])
    assert made["address"] == "北京市东城区景山前街4号京城东区景山前街四号院北"


def test_an_address_read_in_one_line_with_what_stands_in_the_portrait_ends_at_the_portrait() -> None:
    wide = Line("紫禁城敬事房样本", 0.99, rectangle(70, 158, 430, 178))
    lines = [wide if each.text.startswith("紫") else each for each in CARD if each.text != "样本"]
    assert values("id_card_front", lines)["address"].startswith("北京市东城区景山前街4号紫禁城敬")
    assert "本" not in values("id_card_front", lines)["address"]


def test_a_name_without_its_label_is_the_row_above_the_sex() -> None:
    assert values("id_card_front", [line("韦小宝", 70, 10), *CARD[1:]])["name"] == "韦小宝"


def test_letters_become_digits_only_where_the_check_digit_then_holds() -> None:
    good = values("id_card_front", [*CARD[:-1], line("11O1O519491231OO2X", 170, 230)])
    wrong = values("id_card_front", [*CARD[:-1], line("110105194912310021", 170, 230)])
    assert good["id_number"] == NUMBER
    assert wrong["id_number"] == "110105194912310021"


@pytest.mark.parametrize(
    ("printed", "until"),
    [("2010.05.01-2030.05.01", "2030-05-01"), ("2010.05.01-长期", "长期"), ("2010.05.01 一长期", "长期")],
)
def test_the_validity_of_a_card(printed: str, until: str) -> None:
    lines = [
        line("居民身份证", 10, 10),
        line("签发机关", 10, 60),
        line("广州市公安局海珠分局", 110, 60),
        line("有效期限" + printed, 10, 100),
    ]
    assert values("id_card_back", lines) == {
        "authority": "广州市公安局海珠分局",
        "valid_from": "2010-05-01",
        "valid_to": until,
    }


LABELS = {"姓名": "applicant_name", "公民身份号码": "id_number", "联系电话": "phone", "通讯地址": "address"}


def test_a_table_s_cells_stand_right_of_their_labels() -> None:
    lines = [
        line("申请表", 200, 0, 30),
        line("姓名", 40, 60),
        line("韦小宝", 200, 62),
        line("联系电话", 400, 60),
        line("13800138000", 500, 60),
        line("公民身份号码", 30, 120),
        line(NUMBER, 200, 121),
        line("通讯地址", 35, 190),
        line("广州市海珠区江南大道中", 200, 176),
        line("84号2706房", 200, 203),
    ]
    assert values("application_form", lines, LABELS) == {
        "applicant_name": "韦小宝",
        "id_number": NUMBER,
        "phone": "13800138000",
        "address": "广州市海珠区江南大道中84号2706房",
    }


def test_underlined_forms_have_label_and_value_in_one_line() -> None:
    lines = [line("申请人姓名：韦小宝联系电话：13800138000", 40, 60), line("通讯地址：广州市海珠区", 40, 100)]
    labels = {"申请人姓名": "applicant_name", "联系电话": "phone", "通讯地址": "address"}
    assert values("application_form", lines, labels) == {
        "applicant_name": "韦小宝",
        "phone": "13800138000",
        "address": "广州市海珠区",
    }


def test_an_empty_cell_is_no_value_and_does_not_take_its_neighbour_s() -> None:
    lines = [line("姓名", 40, 60), line("联系电话", 40, 120), line("13800138000", 200, 120), line("通讯地址", 40, 180)]
    fields = read_fields("application_form", lines, LABELS)
    assert set(fields.values) == {"phone"}
    assert set(fields.empty) == {"applicant_name", "address"}


def test_an_empty_place_is_looked_at_again_and_believed_only_when_sure() -> None:
    lines = [each for each in CARD if "性别" not in each.text] + [line("性别", 10, 50), line("民族", 100, 50)]
    fields = read_fields("id_card_front", lines)
    assert looked_again(fields, lambda _: ("汉", 0.95)).values["ethnicity"].value == "汉"
    assert "ethnicity" not in looked_again(fields, lambda _: ("汉", 0.5)).values


def test_half_a_character_before_a_disputed_name_is_dropped_where_the_whole_place_reads_without_it() -> None:
    """The detector made two boxes of 胡晓娜, the first with the 古 of 胡: a good application went to a person."""
    specs = all_kinds()["id_card_front"].fields
    disputed = {"name": Field("古胡晓娜", 0.99, Confirmed.DISAGREEMENT, rectangle(10, 10, 90, 30), "胡了晓娜")}
    made = read_whole(disputed, specs, lambda _: ("胡晓娜", 0.99))["name"]
    assert (made.value, made.confirmed, made.alternative) == ("胡晓娜", Confirmed.ONE_READER, "古胡晓娜")
    assert read_whole(disputed, specs, lambda _: ("胡晓娜", 0.5)) == disputed
    assert read_whole(disputed, specs, lambda _: ("胡晓海", 0.99)) == disputed
    assert read_whole(disputed, specs, lambda _: ("娜", 0.99)) == disputed


def test_a_number_that_checks_out_corrects_nothing_but_says_so() -> None:
    number = Field(NUMBER, 0.9, Confirmed.CHECKSUM)
    printed = {"id_number": number, "birth_date": Field("1949-12-30", 0.9, Confirmed.ONE_READER)}
    made = cross_confirmed(printed)
    assert (made["birth_date"].value, made["birth_date"].alternative) == ("1949-12-30", "1949-12-31")
    assert made["birth_date"].confirmed is Confirmed.DISAGREEMENT
    assert (made["sex"].value, made["sex"].confirmed) == ("女", Confirmed.CHECKSUM)


@pytest.mark.parametrize(
    ("texts", "hint", "kind"),
    [
        (["姓名韦小宝", "性别男民族汉", "公民身份号码1101"], None, "id_card_front"),
        (["中华人民共和国", "居民身份证", "签发机关某公安局"], None, "id_card_back"),
        (["社会保障卡补领申请表", "姓名", "公民身份号码", "性别", "民族"], None, "application_form"),
        (["姓名", "性别", "民族", "住址", "出生"], None, "unknown"),
        (["今天天气很好"], "id_card_front", "unknown"),
        (["居民身份证", "签发机关", "姓名", "性别", "民族", "公民身份号码"], "id_card_front", "id_card_front"),
        (["居民身份证", "签发机关", "姓名", "性别", "民族", "公民身份号码"], "id_card_back", "id_card_back"),
    ],
)
def test_kinds_are_known_by_their_printed_words(texts: list[str], hint: str | None, kind: str) -> None:
    assert kind_of(texts, (), hint)[0] == kind


def test_a_form_without_a_title_is_known_by_the_labels_asked_for() -> None:
    assert kind_of(["姓名", "联系电话", "通讯地址"], LABELS) == ("application_form", 1.0)


def test_a_label_set_wide_is_one_label_however_it_was_read() -> None:
    lines = [
        line("名", 10, 10),
        line("称广州市禾川商贸有限公司", 80, 10),
        line("类", 10, 60),
        line("型", 80, 60),
        line("个体工商户", 140, 60),
    ]
    made = values("business_licence", lines)
    assert (made["name"], made["kind"]) == ("广州市禾川商贸有限公司", "个体工商户")
    owner = [line("权", 10, 10), line("利", 60, 10), line("人", 110, 10), line("林旭", 200, 10)]
    assert values("property_certificate", owner) == {"owner": "林旭"}


def test_a_label_in_two_lines_keeps_to_its_own_row_of_the_table() -> None:
    lines = [
        line("户主或与", 10, 10),
        line("户主关系", 10, 34),
        line("母亲", 140, 22),
        line("性　别", 10, 70),
        line("女", 140, 70),
    ]
    assert values("household_register_member", lines)["relation"] == "母亲"
    assert values("household_register_member", lines)["sex"] == "女"


def test_the_second_of_two_people_is_not_taken_for_the_first() -> None:
    one = [line("姓名林旭", 10, 10), line("身份证件号" + NUMBER, 10, 50)]
    two = [line("姓名郑霞", 10, 200), line("身份证件号34052419800101001X", 10, 240)]
    both = values("marriage_certificate", [*one, *two])
    assert [both[name] for name in ("name_1", "id_number_1", "name_2", "id_number_2")] == [
        "林旭",
        NUMBER,
        "郑霞",
        "34052419800101001X",
    ]
    assert not {"name_1", "name_2"} & set(values("marriage_certificate", two))


def test_a_label_like_another_is_not_taken_for_it() -> None:
    lines = [line("父亲姓名林旭", 10, 10), line("母亲姓名郑霞", 10, 50)]
    made = values("birth_certificate", lines)
    assert (made["father_name"], made["mother_name"]) == ("林旭", "郑霞")
    assert "mother_name" not in values("birth_certificate", lines[:1])


def test_a_number_read_group_by_group_is_one_number() -> None:
    lines = [line(text, x, 100) for text, x in (("6222", 10), ("0200", 80), ("0000", 150), ("0000", 220), ("000", 290))]
    assert values("bank_card", [line("明岭银行", 10, 10), *lines]) == {
        "card_number": "6222020000000000000",
        "bank": "明岭银行",
    }


def test_a_rule_before_a_name_is_no_part_of_it() -> None:
    assert values("birth_certificate", [line("父亲姓名一许斌", 10, 10)])["father_name"] == "许斌"


def test_half_of_a_label_stands_for_it_where_it_can_be_no_other() -> None:
    assert values("property_certificate", [line("落", 60, 10), line("广州市海珠区", 140, 10)]) == {
        "location": "广州市海珠区"
    }
    ambiguous = [line("人", 60, 10), line("林旭", 140, 10)]
    assert values("property_certificate", ambiguous) == {}


def test_a_character_read_in_two_boxes_counts_once() -> None:
    lines = [line("经营范围家", 10, 10), line("家用电器销售", 95, 10)]
    assert values("business_licence", lines)["scope"] == "家用电器销售"


def test_half_a_label_read_with_its_value_is_cut_off_it_only_in_the_column_of_labels() -> None:
    labels = [line("成立日期2020年1月1日", 10, 10)]
    half, running_on = line("型个体工商户", 60, 60), line("型个体工商户", 200, 60)
    assert values("business_licence", [*labels, half])["kind"] == "个体工商户"
    assert "kind" not in values("business_licence", [*labels, running_on])


def test_the_title_of_a_card_is_no_part_of_the_name_below_it() -> None:
    lines = [line("常住人口登记卡", 140, 10), line("姓名", 10, 34), line("曹洋", 140, 34)]
    assert values("household_register_member", lines)["name"] == "曹洋"


LICENCE = [line("法定代表人林旭", 10, 10), line("住所广州市海珠区新港西路15号", 10, 60)]


def test_a_label_half_misread_is_known_where_only_one_field_is_left_that_it_could_name() -> None:
    term = line("营业期限长期", 400, 10)
    made = values("business_licence", [*LICENCE, term, line("经营是图食品销售;餐饮服务", 10, 110)])
    assert made["scope"] == "食品销售;餐饮服务"
    unplaced = values("business_licence", [line("经营是图食品销售;餐饮服务", 10, 110)])
    assert "scope" not in unplaced


def test_a_label_that_is_another_s_is_not_mended_into_the_one_that_is_missing() -> None:
    lines = [line("母亲姓名郑霞", 10, 10), line("有效身份证件类别居民身份证", 10, 50)]
    assert set(values("birth_certificate", lines)) == {"mother_name"}


def test_a_company_is_known_by_its_name_where_the_label_was_lost() -> None:
    lines = [*LICENCE, line("广州市远安文化有限公司", 120, 110), line("有限责任公司（自然人独资）", 120, 160)]
    made = values("business_licence", lines)
    assert (made["name"], made["kind"]) == ("广州市远安文化有限公司", "有限责任公司(自然人独资)")


def test_a_number_put_right_by_its_check_digit_says_what_was_read() -> None:
    read_as = NUMBER.replace("0", "O", 1)
    corrected = read_fields("id_card_front", [line(f"公民身份号码{read_as}", 10, 10)]).values["id_number"]
    assert (corrected.value, corrected.confirmed, corrected.alternative) == (NUMBER, Confirmed.CHECKSUM, read_as)
    as_it_stands = read_fields("id_card_front", [line(f"公民身份号码{NUMBER}", 10, 10)]).values["id_number"]
    assert as_it_stands.alternative is None


def test_places_are_written_as_the_register_writes_them() -> None:
    lines = [
        line("姓名林旭", 10, 10),
        line("住址广州市海珠區新港西路15號", 10, 60),
        line(f"公民身份号码{NUMBER}", 10, 110),
    ]
    assert values("id_card_front", lines)["address"] == "广州市海珠区新港西路15号"


def test_a_driving_licence_of_the_older_form_ends_its_years_after_it_began() -> None:
    lines = [
        line("证号", 10, 10),
        line(NUMBER, 120, 10),
        line("姓名", 10, 50),
        line("林旭", 120, 50),
        line("准驾车型 C1", 10, 90),
        line("有效起始日期 2010-05-01", 10, 130),
        line("有效期限", 10, 170),
        line("6年", 120, 170),
    ]
    made = read_fields("driving_licence", lines)
    assert (made.values["valid_from"].value, made.values["valid_to"].value) == ("2010-05-01", "2016-05-01")
    assert "valid_to" not in made.empty
    lasting = values("driving_licence", [*lines[:-1], line("长期", 120, 170)])
    assert (lasting["valid_from"], lasting["valid_to"]) == ("2010-05-01", "长期")
