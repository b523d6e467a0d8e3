"""What kinds of documents there are, and what can be read off each: the vocabulary items, checks and linter share.

The kinds and field names are the contract's. A material may also ask for a family (`household_register`): any page of
it is welcome, and `all_pages_present` says which must be there.
"""

from collections.abc import Mapping

from cases.items import MaterialSpec

FIELDS: Mapping[str, tuple[str, ...]] = {
    "id_card_front": ("name", "sex", "ethnicity", "birth_date", "address", "id_number"),
    "id_card_back": ("authority", "valid_from", "valid_to"),
    "household_register_head": ("household_number", "head_name", "address"),
    "household_register_member": ("name", "relation", "sex", "birth_date", "id_number"),
    "marriage_certificate": (
        "holder",
        "certificate_number",
        "registered_on",
        "name_1",
        "id_number_1",
        "name_2",
        "id_number_2",
    ),
    "birth_certificate": (
        "certificate_number",
        "child_name",
        "born_on",
        "mother_name",
        "mother_id_number",
        "father_name",
        "father_id_number",
    ),
    "business_licence": (
        "credit_code",
        "name",
        "kind",
        "legal_person",
        "capital",
        "established_on",
        "valid_to",
        "address",
        "scope",
    ),
    "property_certificate": ("certificate_number", "owner", "unit_number", "location", "area"),
    "driving_licence": ("name", "licence_number", "class", "valid_from", "valid_to"),
    "vehicle_licence": ("plate", "owner", "vin", "engine_number", "registered_on"),
    "bank_card": ("card_number", "bank"),
    "application_form": (),
    "portrait": (),
    "contract": (),
    "other_paper": (),
}
LOOSE = frozenset({"application_form", "portrait", "contract", "other_paper"})
"""Kinds without a fixed face: a page of them may well be recognised as nothing in particular."""
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "id_card": ("id_card_front", "id_card_back"),
    "household_register": ("household_register_head", "household_register_member"),
}
SIDES: Mapping[str, str] = {"id_card_front": "front", "id_card_back": "back"}
NAMES: Mapping[str, str] = {
    "id_card": "居民身份证",
    "id_card_front": "居民身份证人像面",
    "id_card_back": "居民身份证国徽面",
    "household_register": "户口簿",
    "household_register_head": "户口簿首页",
    "household_register_member": "户口簿本人页",
    "marriage_certificate": "结婚证",
    "birth_certificate": "出生医学证明",
    "business_licence": "营业执照",
    "property_certificate": "不动产权证书",
    "driving_licence": "驾驶证",
    "vehicle_licence": "行驶证",
    "bank_card": "银行卡",
    "application_form": "申请表",
    "portrait": "照片",
    "contract": "合同",
    "other_paper": "其他材料",
    "unknown": "无法识别的材料",
}
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
_AS_PRINTED: Mapping[tuple[str, str], str] = {
    ("vehicle_licence", "owner"): "所有人",
    ("vehicle_licence", "registered_on"): "注册日期",
    ("business_licence", "name"): "名称",
    ("business_licence", "address"): "住所",
    ("marriage_certificate", "certificate_number"): "结婚证字号",
    ("birth_certificate", "certificate_number"): "出生医学证明编号",
}
"""Where a document prints another name for it than others do."""
FORM_FIELDS = frozenset(
    {"applicant_name", "id_number", "phone", "address", "credit_code", "agent_name", "agent_id_number", "agent_phone"}
)
"""What the resident types when opening a case; `form.` in a cross-check."""


def known(document: str) -> bool:
    return document in FIELDS or document in FAMILIES


def kinds_of(document: str) -> tuple[str, ...]:
    """The kinds of page that a material of this document may hold."""
    return FAMILIES.get(document, (document,))


def hint(document: str) -> str | None:
    """What to tell the reader to expect: a kind, or nothing where several are possible."""
    return document if document in FIELDS else None


def same_family(one: str, other: str) -> bool:
    return any(one in kinds and other in kinds for kinds in FAMILIES.values())


def fields_of(spec: MaterialSpec) -> frozenset[str]:
    """Every field that a page of this material may carry."""
    return frozenset(f for kind in kinds_of(spec.document) for f in FIELDS.get(kind, ())) | set(
        spec.form_fields.values()
    )


def field_name(name: str, spec: MaterialSpec | None = None) -> str:
    """In the resident's words: as the form, or the document, prints it."""
    labels = {field: label for label, field in spec.form_fields.items()} if spec else {}
    printed = _AS_PRINTED.get((spec.document, name)) if spec else None
    return labels.get(name) or printed or FIELD_NAMES.get(name, name)
