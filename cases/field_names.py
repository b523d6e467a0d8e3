"""What the fields of documents are called 栏目, in the resident's words, and which of them an item compares: the vocabulary
of whoever tells people about a value, on a screen or in a finding."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from cases.items import Item, MaterialSpec

FIELD_NAMES: Mapping[str, str] = {
    "name": "姓名",
    "sex": "性别",
    "ethnicity": "民族",
    "birth_date": "出生日期",
    "address": "住址",
    "id_number": "公民身份号码",
    "authority": "签发机关",
    "valid_from": "有效期起始日期",
    "valid_to": "有效期截止日期",
    "household_number": "户号",
    "head_name": "户主姓名",
    "relation": "与户主关系",
    "certificate_number": "证号",
    "registered_on": "登记日期",
    "credit_code": "统一社会信用代码",
    "legal_person": "法定代表人",
    "owner": "权利人",
    "plate": "号牌号码",
    "vin": "车辆识别代号",
    "card_number": "卡号",
    "name_1": "一方姓名",
    "id_number_1": "一方公民身份号码",
    "name_2": "另一方姓名",
    "id_number_2": "另一方公民身份号码",
    "child_name": "新生儿姓名",
    "born_on": "出生日期",
    "mother_name": "母亲姓名",
    "mother_id_number": "母亲公民身份号码",
    "father_name": "父亲姓名",
    "father_id_number": "父亲公民身份号码",
    "unit_number": "不动产单元号",
    "location": "坐落",
    "area": "面积",
    "licence_number": "证号",
    "class": "准驾车型",
    "engine_number": "发动机号码",
    "bank": "开户银行",
    "kind": "类型",
    "established_on": "成立日期",
    "scope": "经营范围",
    "capital": "注册资本",
    "applicant_name": "申请人姓名",
    "phone": "联系电话",
    "reason": "申请原因",
    "applied_on": "申请日期",
    "agent_name": "代办人姓名",
    "agent_id_number": "代办人公民身份号码",
    "agent_phone": "代办人联系电话",
}
AS_PRINTED: Mapping[tuple[str, str], str] = {
    ("vehicle_licence", "owner"): "所有人",
    ("vehicle_licence", "registered_on"): "注册日期",
    ("business_licence", "name"): "名称",
    ("business_licence", "address"): "住所",
    ("marriage_certificate", "certificate_number"): "结婚证字号",
    ("birth_certificate", "certificate_number"): "出生医学证明编号",
}
"""Where a document prints another name for it than others do."""


def field_name(name: str, spec: MaterialSpec | None = None) -> str:
    """In the resident's words: as the form, or the document, prints it."""
    labels = {field: label for label, field in spec.form_fields.items()} if spec else {}
    printed = AS_PRINTED.get((spec.document, name)) if spec else None
    return labels.get(name) or printed or FIELD_NAMES.get(name, name)


def compared(item: Item, material: str) -> frozenset[str]:
    """Fields of a material that the item's cross-checks name: what is held against other papers, or what was typed."""
    named = (ref for call in item.cross_checks for ref in _strings(call.params))
    return frozenset(found[1] for ref in named if (found := re.fullmatch(rf"{re.escape(material)}\.(\w+)", ref)))


def _strings(params: Any) -> Iterator[str]:
    if isinstance(params, str):
        yield params
    elif isinstance(params, Mapping):
        for each in params.values():
            yield from _strings(each)
    elif isinstance(params, list | tuple):
        for each in params:
            yield from _strings(each)
