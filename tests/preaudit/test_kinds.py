"""Kinds by their printed words: sure within 0 and 1, and papers that ask for the same things kept apart."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from preaudit.documents import FIELDS
from preaudit.kinds import all_kinds, kind_of
from preaudit.reading import Reader

SAMPLES = Path(__file__).parents[1] / "samples"
WORDS = sorted({words for spec in all_kinds().values() for words in spec.anchors})


@given(
    st.lists(st.sampled_from(WORDS), max_size=30),
    st.lists(st.sampled_from(WORDS), max_size=6),
    st.sampled_from([None, *FIELDS]),
)
def test_the_confidence_of_a_kind_lies_between_nothing_and_one(
    texts: list[str], labels: list[str], hint: str | None
) -> None:
    kind, confidence = kind_of(texts, labels, hint)
    assert kind in {*FIELDS, "unknown"}
    assert 0.0 <= confidence <= 1.0


@pytest.mark.parametrize("hint", [None, "id_card_front", "other_paper"])
def test_a_receipt_that_repeats_a_card_is_no_card(reader: Reader, hint: str | None) -> None:
    data = (SAMPLES / "photo_receipt.pdf").read_bytes()
    (reading,) = reader.read(data, name="photo_receipt.pdf", document=hint)
    assert reading.kind in {"other_paper", "unknown"}


@pytest.mark.parametrize(
    ("texts", "hint", "kind"),
    [
        (
            ["离婚证", "持证人林旭", "登记日期2020年1月1日", "离婚证字号L440105-2020-000001", "身份证件号"],
            None,
            "unknown",
        ),
        (["结婚登记申请书", "持证人", "结婚证字号", "姓名", "身份证件号"], "marriage_certificate", "application_form"),
        (
            ["个体工商户登记申请书", "统一社会信用代码", "营业执照", "经营范围", "经营者"],
            "business_licence",
            "application_form",
        ),
        (["中华人民共和国机动车行驶证", "号牌号码粤A12345", "所有人", "住址"], "driving_licence", "vehicle_licence"),
        (["中华人民共和国机动车驾驶证", "证号", "姓名", "准驾车型C1", "有效期限"], "id_card_back", "driving_licence"),
        (["中华人民共和国机动车登记证书", "车辆识别代号", "号牌号码", "发动机号码"], "vehicle_licence", "unknown"),
        (
            ["不动产登记证明", "证明权利或事项", "权利人(申请人)", "坐落", "不动产单元号"],
            "property_certificate",
            "other_paper",
        ),
        (["收款凭证", "明岭银行", "6222020000000000000"], "bank_card", "other_paper"),
        (["明岭银行", "6222", "0200", "0000", "0000", "000", "银联"], None, "bank_card"),
        (
            ["户籍证明", "户主姓名林旭", "户号123456789", "户口专用章", "兹证明"],
            "household_register_head",
            "other_paper",
        ),
        (["常住人口登记卡", "姓名林旭", "户主或与户主关系", "曾用名", "籍贯"], None, "household_register_member"),
        (["房屋租赁合同", "出租方(甲方)", "承租方(乙方)"], None, "contract"),
        (["授权委托书", "委托人林旭", "公民身份号码", "姓名", "性别"], "id_card_front", "other_paper"),
        (["本合同一式两份", "甲方", "乙方", "第一条"], None, "contract"),
        (["今天天气很好", "一", "二", "三", "四", "请到窗口提交身份证明"], "other_paper", "unknown"),
    ],
)
def test_papers_easily_taken_for_another_are_kept_apart(texts: list[str], hint: str | None, kind: str) -> None:
    assert kind_of(texts, (), hint)[0] == kind
