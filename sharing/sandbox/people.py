"""The people whom the sandbox knows: invented, as those of the project's sample pictures are, and nobody's.

Their numbers use sequence codes that were set aside for people past a hundred; the company's code, an organisation code
that is given to nobody. Records are by resource, each a list of pages as the paper would have.
"""

from collections.abc import Mapping
from typing import Any

Pages = list[dict[str, Any]]
Records = Mapping[tuple[str, str], Mapping[str, Pages]]


def page(document: str, **fields: str) -> dict[str, Any]:
    return {"document": document, "fields": fields}


def resident(own: dict[str, str], address: str, household: str, valid: tuple[str, str]) -> dict[str, Pages]:
    """What the police have on record of everybody."""
    card = page("id_card_front", **own, ethnicity="汉", address=address)
    back = page("id_card_back", authority="广州市公安局海珠分局", valid_from=valid[0], valid_to=valid[1])
    head = page("household_register_head", household_number=household, head_name=own["name"], address=address)
    member = page("household_register_member", **own, relation="户主")
    return {"id_card_front": [card], "id_card_back": [back], "household_register": [head, member]}


_CAO, _CAO_NUMBER = "曹梅珊", "440105198707289983"
_WU, _WU_NUMBER = "吴鑫帆", "440105199501129970"
_CAO_OWN = {"name": _CAO, "sex": "女", "birth_date": "1987-07-28", "id_number": _CAO_NUMBER}
_WU_OWN = {"name": _WU, "sex": "男", "birth_date": "1995-01-12", "id_number": _WU_NUMBER}
_CAO_HOME = "广州市海珠区江南大道中258号3栋2603房"
_WU_HOME = "广州市海珠区新港西路202号之三208房"
_COMPANY, _COMPANY_CODE = "广州样本货运有限公司", "91440105MA00U06Q1E"
_MARRIAGE = page(
    "marriage_certificate",
    holder=_CAO,
    certificate_number="J440105-2021-945807",
    registered_on="2021-05-20",
    name_1=_WU,
    id_number_1=_WU_NUMBER,
    name_2=_CAO,
    id_number_2=_CAO_NUMBER,
)

PEOPLE: Records = {
    (_CAO, _CAO_NUMBER): {
        **resident(_CAO_OWN, _CAO_HOME, "440105258", ("2025-12-03", "2045-12-03")),
        "marriage_certificate": [_MARRIAGE],
        "property_certificate": [
            page(
                "property_certificate",
                certificate_number="粤（2019）广州市不动产权第0215736号",
                owner=_CAO,
                unit_number="440105819303GB64262F12997220",
                location=_CAO_HOME,
                area="86.40",
            )
        ],
    },
    (_WU, _WU_NUMBER): {
        **resident(_WU_OWN, _WU_HOME, "440105202", ("2023-12-21", "2043-12-21")),
        "marriage_certificate": [_MARRIAGE],
    },
    (_COMPANY, _COMPANY_CODE): {
        "business_licence": [
            page(
                "business_licence",
                credit_code=_COMPANY_CODE,
                name=_COMPANY,
                kind="有限责任公司",
                legal_person=_WU,
                capital="壹佰万元整",
                established_on="2021-06-18",
                valid_to="长期",
                address="广州市海珠区工业大道北67号",
                scope="道路货物运输（不含危险货物）",
            )
        ],
    },
}
