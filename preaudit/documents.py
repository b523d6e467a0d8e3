"""What kinds of documents there are, and what can be read off each: the vocabulary items, checks and linter share.

The kinds and field names are the contract's. A material may also ask for a family (`household_register`): any page of
it is welcome, and `all_pages_present` says which must be there.
"""

from collections.abc import Mapping

from cases.field_names import field_name as field_name  # noqa: PLC0414  # handed on to the checks
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
