"""Values cleaned by what they are: numbers of every kind of paper, corrected only where a check digit proves it."""

import pytest

from preaudit.cleaning import CLEANERS


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("credit_code", "91350100M000100Y43", "91350100M000100Y43"),
        ("credit_code", "统一社会信用代码：9135 0100 MOOO 1OOY 43", "91350100M000100Y43"),
        ("credit_code", "91350100M000100Y44", "91350100M000100Y44"),  # wrong stays wrong
        ("vin", "LSVAM4187C2184847", "LSVAM4187C2184847"),
        ("vin", "VIN LSVAM4I87C2I84847", "LSVAM4187C2184847"),
        ("card_number", "6222 0200 0000 0000 000", "6222020000000000000"),
        ("card_number", "6222 O2OO 0000 0000 000", "6222020000000000000"),
        ("plate", "粤A·12345", "粤A12345"),
        ("plate", "粤AD12345 小型轿车", "粤AD12345"),
        ("engine", "Engine No. N929516", "N929516"),
        ("marriage_number", "J440105—2020-000123", "J440105-2020-000123"),
        ("marriage_number", "J4401052020000123", "J440105-2020-000123"),
        ("marriage_number", "京海结字20250001", "京海结字20250001"),
        ("birth_number", "出生证编号 P440123456", "P440123456"),
        ("property_number", "粤（2021）广州市不动产权第 01234567 号", "粤(2021)广州市不动产权第01234567号"),
        ("unit_number", "440105 001002 GB00012 F00010023", "440105001002GB00012F00010023"),
        ("area", "共有宗地面积：1871.35㎡/房屋建筑面积：75.87㎡", "75.87"),
        ("area", "89.5平方米", "89.5"),
        ("licence_class", "Class C1", "C1"),
        ("licence_class", "A2B2", "A2B2"),
        ("licence_class", "Class", None),
        ("capital", "一人民币伍拾万元", "人民币伍拾万元"),
        ("bank", "SPECIMEN 明岭银行 BANK", "明岭银行"),
        ("party", "Owner 广州市禾川商贸有限公司", "广州市禾川商贸有限公司"),
        ("until", "2016年09月12日至2036年09月12日", "2036-09-12"),
        ("until", "2016年09月12日至长期", "长期"),
        ("span_to", "2019-05-01 至 2029-05-01", "2029-05-01"),
        ("digits", "户号 440705445", "440705445"),
        ("name", "一许斌", "许斌"),
    ],
)
def test_what_was_read_becomes_the_contract_s_form(kind: str, raw: str, value: str | None) -> None:
    assert CLEANERS[kind](raw) == value
