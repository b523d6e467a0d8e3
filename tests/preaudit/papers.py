"""Papers of invented people, read with certainty: what the applications of `applications.py` are put together from."""

from collections.abc import Iterable
from dataclasses import dataclass

from cases.items import Item
from cases.readings import Field, Reading
from preaudit import validators
from tests.preaudit.builders import line, reading


@dataclass(frozen=True)
class Person:
    name: str
    number: str
    relation: str = "户主"

    @property
    def sex(self) -> str:
        return validators.sex_of(self.number) or ""

    @property
    def born(self) -> str:
        return str(validators.birth_date_of(self.number))


MAN = Person("王小明", "440106198501010015")
WOMAN = Person("李小红", "440106198602150025", "妻")
SELLER = Person("陈大文", "110101199003070011")
OLD = Person("周老伯", "310101196001010035")
CHILD = Person("王乐乐", "500228202401010017", "子")
AGENT = Person("赵代办", "110101199602290016")
STRANGER = Person("孙外人", "510105195506010047")
NOBODY = Person("吴生人", "500228197201010019")
"""In none of the applications."""
HOME = "广东省广州市海珠区滨江路1号501房"
PLATE, VIN = "粤A12345", "LSVAM4187C2184847"
COMPANY, CREDIT_CODE = "广州样本货运有限公司", "92440101MA5AAAAA04"


def card(person: Person, **fields: str | Field) -> Reading:
    usual: dict[str, str | Field] = {
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.born,
        "address": HOME,
        "id_number": person.number,
    }
    return reading("id_card_front", usual | fields, (person.name, person.number, HOME, "公民身份号码"))


def card_back(person: Person, **fields: str | Field) -> Reading:
    usual = {"authority": "广州市公安局海珠分局", "valid_from": "2015-05-01", "valid_to": _end(person)}
    return reading("id_card_back", usual | fields, ("居民身份证", "签发机关", person.name, "有效期限"))


def _end(person: Person) -> str:
    """As old as people were in 2015, their cards run for ten or twenty years, or for good."""
    born = int(person.number[6:10])
    return "2020-05-01" if born > 1999 else "长期" if born <= 1969 else "2035-05-01" if born <= 1988 else "2025-05-01"


def recent_back(person: Person) -> Reading:
    """Issued in 2020: ten years for those who were under 26 then."""
    end = "2030-06-01" if int(person.number[6:10]) > 1994 else "2040-06-01"
    end = "长期" if int(person.number[6:10]) <= 1973 else end
    return card_back(person, valid_from="2020-06-01", valid_to=end)


def register(*people: Person, address: str = HOME) -> tuple[Reading, ...]:
    head = {"household_number": "440105001", "head_name": people[0].name, "address": address}
    first = reading("household_register_head", head, ("常住人口登记卡", "户别", people[0].name, "户号"))
    return (first, *map(register_page, people))


def register_page(person: Person) -> Reading:
    fields = {
        "name": person.name,
        "relation": person.relation,
        "sex": person.sex,
        "birth_date": person.born,
        "id_number": person.number,
    }
    texts = ("常住人口登记卡", person.name, person.relation, person.number)
    return reading("household_register_member", fields, texts)


def marriage(one: Person, other: Person, **fields: str | Field) -> Reading:
    usual: dict[str, str | Field] = {
        "holder": one.name,
        "certificate_number": "J440105-2012-000123",
        "registered_on": "2012-05-20",
        "name_1": one.name,
        "id_number_1": one.number,
        "name_2": other.name,
        "id_number_2": other.number,
    }
    return reading("marriage_certificate", usual | fields, ("结婚证", one.name, other.name, "登记日期"))


def birth(child: str, born_on: str, mother: Person, father: Person, **fields: str | Field) -> Reading:
    usual: dict[str, str | Field] = {
        "certificate_number": "T440012345",
        "child_name": child,
        "born_on": born_on,
        "mother_name": mother.name,
        "mother_id_number": mother.number,
        "father_name": father.name,
        "father_id_number": father.number,
    }
    return reading("birth_certificate", usual | fields, ("出生医学证明", child, mother.name, father.name))


def deed(*owners: Person, location: str = HOME, **fields: str | Field) -> Reading:
    usual: dict[str, str | Field] = {
        "certificate_number": "粤(2019)广州市不动产权第05012345号",
        "owner": "、".join(p.name for p in owners),
        "unit_number": "440105001001GB00001F00010501",
        "location": location,
        "area": "88.8",
    }
    return reading("property_certificate", usual | fields, ("不动产权证书", "权利人", location, "坐落"))


def licence_of_business(**fields: str | Field) -> Reading:
    usual: dict[str, str | Field] = {
        "credit_code": CREDIT_CODE,
        "name": COMPANY,
        "legal_person": MAN.name,
        "address": HOME,
        "scope": "道路货物运输",
    }
    return reading("business_licence", usual | fields, ("营业执照", COMPANY, "经营范围：道路货物运输", HOME))


def vehicle(**fields: str | Field) -> Reading:
    usual: dict[str, str | Field] = {
        "plate": PLATE,
        "owner": COMPANY,
        "vin": VIN,
        "engine_number": "A123456",
        "registered_on": "2022-03-01",
    }
    return reading("vehicle_licence", usual | fields, ("机动车行驶证", PLATE, VIN, COMPANY))


def driver(person: Person = SELLER, of_class: str | Field = "A2") -> Reading:
    usual: dict[str, str | Field] = {
        "name": person.name,
        "licence_number": person.number,
        "class": of_class,
        "valid_from": "2020-01-01",
        "valid_to": "2030-01-01",
    }
    return reading("driving_licence", usual, ("机动车驾驶证", person.name, person.number, "准驾车型"))


def bank_card() -> Reading:
    fields = {"card_number": "6222020000000000000", "bank": "样本银行"}
    return reading("bank_card", fields, ("样本银行", "6222 0200 0000 0000 000", "借记卡", "银联"))


def portrait() -> Reading:
    return reading("unknown", {}, (), sure=0.1)


def filled(item: Item, key: str, **values: str) -> Reading:
    """A form with every one of its labels on it, filled in with these; signed."""
    spec = item.material(key)
    assert spec is not None
    unknown = set(values) - set(spec.form_fields.values())
    assert not unknown, unknown
    rows = [
        line(spec.name),
        *(line(f"{label}：{values.get(n, '')}", i) for i, (label, n) in enumerate(_fields(item, key), 1)),
    ]
    signature = [line("签名：", 30), line("某某", 30, 70)]
    return reading("application_form", {k: v for k, v in values.items() if v}, lines=[*rows, *signature])


def _fields(item: Item, key: str) -> Iterable[tuple[str, str]]:
    spec = item.material(key)
    return spec.form_fields.items() if spec else ()


def paper(*texts: str, kind: str = "other_paper", seal: bool = True) -> Reading:
    """Any other paper: these words, a signature and a seal."""
    lines = [*(line(t, i) for i, t in enumerate(texts)), line("签名：", 30), line("某某", 30, 70)]
    return reading(kind, {}, lines=lines, marks={"seal": seal})
