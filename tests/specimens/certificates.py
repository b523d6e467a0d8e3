"""结婚证, 出生医学证明 and 不动产权证书: their inner pages, field by field where the real ones have them."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from PIL import Image, ImageDraw

from tests.specimens.bodies import birth_number, digits, marriage_number, property_number, unit_number
from tests.specimens.drawing import Ink, broken, cell, mark, paper, seal, silhouette, write, write_rows, write_wide
from tests.specimens.drawn import Drawn, child_of, couple, day_between, in_han
from tests.specimens.people import AS_OF, HAIZHU, Person, invent, years_later

BROWN: Ink = (110, 60, 52)


def marriage_certificate(seed: int) -> Drawn:
    """The inner spread: the pair and the certificate's number on the left, both people on the right."""
    rng, pair = Random(f"marriage {seed}"), list(couple(seed))
    rng.shuffle(pair)
    married = day_between(rng, years_later(max(p.birth_date for p in pair), 22), AS_OF)
    number = marriage_number(rng, "440105", married)
    sheet = paper(1880, 1300, (252, 240, 236), (240, 206, 200))
    ImageDraw.Draw(sheet).line((940, 0, 940, 1300), fill=(206, 180, 176), width=4)
    _left_page(sheet, pair, number, married)
    for place, person in enumerate(pair):
        _spouse(sheet, 220 + place * 520, person)
    mark(sheet, 940 + 470, 1220)
    fields = {
        "holder": pair[0].name,
        "certificate_number": number,
        "registered_on": married.isoformat(),
        "name_1": pair[0].name,
        "id_number_1": pair[0].id_number,
        "name_2": pair[1].name,
        "id_number_2": pair[1].id_number,
    }
    return Drawn(sheet, fields, (number, in_han(married), *(p.name for p in pair), *(p.id_number for p in pair)))


def _left_page(sheet: Image.Image, pair: Sequence[Person], number: str, married: date) -> None:
    ImageDraw.Draw(sheet).rectangle((250, 120, 690, 430), fill=(176, 40, 44))
    silhouette(sheet, (270, 150, 470, 430))
    silhouette(sheet, (470, 150, 670, 430), (140, 84, 100))
    seal(sheet, 760, 420, 70)
    for place, (label, value) in enumerate(
        (("持证人", pair[0].name), ("登记日期", in_han(married)), ("结婚证字号", number), ("备注", ""))
    ):
        y = 620 + place * 130
        write(sheet, 110, y, label, 34, BROWN, serif=True)
        write(sheet, 330, y, value, 40)
        ImageDraw.Draw(sheet).line((320, y + 34, 860, y + 34), fill=(190, 150, 146), width=2)


def _spouse(sheet: Image.Image, top: int, person: Person) -> None:
    rows = (
        (("姓名", person.name), ("性别", person.sex)),
        (("国籍", "中国"), ("出生日期", in_han(person.birth_date))),
        (("身份证件号", person.id_number),),
    )
    for place, row in enumerate(rows):
        for column, (label, value) in enumerate(row):
            x, y = 1010 + column * 320, top + place * 130
            write(sheet, x, y, label, 34, BROWN, serif=True)
            write(sheet, x + 36 * len(label) + 24, y, value, 38)
    ImageDraw.Draw(sheet).line((1010, top + 340, 1800, top + 340), fill=(206, 180, 176), width=2)


def birth_certificate(seed: int) -> Drawn:
    rng, (father, mother) = Random(f"birth {seed}"), couple(seed)
    child, number = child_of(father, seed), birth_number(rng)
    sheet = paper(1860, 1320, (250, 246, 236), (222, 214, 186), (206, 222, 214))
    write(sheet, 930, 110, "出生医学证明", 76, bold=True, serif=True, anchor="mm")
    write(sheet, 930, 176, "MEDICAL CERTIFICATE OF BIRTH", 30, BROWN, anchor="mm")
    bottom = _birth_rows(sheet, child, mother, father, rng)
    write(sheet, 110, bottom + 80, "签发机构（专用章）", 32, BROWN, serif=True)
    seal(sheet, 560, bottom + 100, 66)
    write(sheet, 720, bottom + 80, "签发日期", 32, BROWN, serif=True)
    write(sheet, 880, bottom + 80, in_han(child.birth_date + timedelta(days=3)), 34)
    write(sheet, 1240, bottom + 80, "出生证编号", 32, BROWN, serif=True)
    write(sheet, 1430, bottom + 80, number, 40)
    mark(sheet, 1700, 1270)
    fields = {
        "certificate_number": number,
        "child_name": child.name,
        "born_on": child.birth_date.isoformat(),
        "mother_name": mother.name,
        "mother_id_number": mother.id_number,
        "father_name": father.name,
        "father_id_number": father.id_number,
    }
    return Drawn(sheet, fields, ("出生医学证明", *(v for k, v in fields.items() if k != "born_on")))


Cells = Sequence[tuple[str, str, str, int]]
"""Label, its translation, value, where the cell starts."""


def _birth_rows(sheet: Image.Image, child: Person, mother: Person, father: Person, rng: Random) -> int:
    born = f"{in_han(child.birth_date)}{rng.randrange(24):02d}时{rng.randrange(60):02d}分"
    rows: list[Cells] = [
        (
            ("新生儿姓名", "Full name of baby", child.name, 110),
            ("性别", "Sex", child.sex, 720),
            ("出生时间", "Date of birth", born, 970),
        ),
        (
            ("出生孕周", "Gestational age", f"{rng.randint(37, 41)}周", 110),
            ("出生体重", "Weight", f"{rng.randint(2500, 4100)}克", 720),
            ("出生身长", "Height", f"{rng.randint(47, 53)}厘米", 1240),
        ),
        (
            ("出生地点", "Place of birth", "广东省广州市海珠区", 110),
            ("医疗机构名称", "Facility", "海珠区样本妇幼保健院", 970),
        ),
        *_parent("母亲", "mother", mother),
        *_parent("父亲", "father", father),
    ]
    for place, row in enumerate(rows):
        _captioned(sheet, 270 + place * 118, row)
    return 270 + len(rows) * 118 - 40


def _parent(who: str, english: str, person: Person) -> list[Cells]:
    age = AS_OF.year - person.birth_date.year
    return [
        (
            (f"{who}姓名", f"Full name of {english}", person.name, 110),
            ("年龄", "Age", str(age), 720),
            ("国籍", "Nationality", "中国", 970),
            ("民族", "Ethnicity", person.ethnicity, 1370),
        ),
        (
            ("有效身份证件类别", "ID type", "居民身份证", 110),
            ("有效身份证件号码", "ID No.", person.id_number, 970),
        ),
    ]


def _captioned(sheet: Image.Image, y: float, row: Cells) -> None:
    for label, english, value, x in row:
        write(sheet, x, y, label, 32, BROWN, serif=True)
        write(sheet, x, y + 36, english, 20, BROWN)
        write(sheet, x + 34 * len(label) + 22, y, value, 36)


def property_certificate(seed: int) -> Drawn:
    """The inner page: the number on top, the table of the right below."""
    rng, owner = Random(f"property {seed}"), invent(seed, home=HAIZHU)
    year = rng.randint(2016, 2025)
    number, unit = property_number(rng, year, "广州市"), unit_number(rng, owner.region)
    land, building = rng.uniform(300, 9000), rng.uniform(38, 190)
    sheet = paper(1400, 1960, (250, 246, 240), (226, 214, 206))
    write(sheet, 700, 130, number, 42, anchor="mm")
    rows = (
        ("权利人", owner.name),
        ("共有情况", rng.choice(("单独所有", "共同共有"))),
        ("坐落", owner.address),
        ("不动产单元号", unit),
        ("权利类型", "国有建设用地使用权/房屋所有权"),
        ("权利性质", "出让/市场化商品房"),
        ("用途", "城镇住宅用地/住宅"),
        ("面积", f"共有宗地面积：{land:.2f}㎡/房屋建筑面积：{building:.2f}㎡"),
        ("使用期限", f"国有建设用地使用权 至{rng.randint(2060, 2085)}年{rng.randint(1, 12)}月{rng.randint(1, 28)}日止"),
    )
    _property_table(sheet, rows, f"专有建筑面积：{building * 0.78:.2f}㎡")
    mark(sheet, 1250, 1880)
    fields = {
        "certificate_number": number.replace("（", "(").replace("）", ")"),
        "owner": owner.name,
        "unit_number": unit.replace(" ", ""),
        "location": owner.address,
        "area": f"{building:.2f}",
    }
    return Drawn(sheet, fields, (number, owner.name, unit, owner.address))


def _property_table(sheet: Image.Image, rows: Sequence[tuple[str, str]], more: str) -> None:
    height, edge = 136, 420
    for place, (label, value) in enumerate(rows):
        y = 220 + place * height
        cell(sheet, (110, y, edge, y + height), BROWN)
        cell(sheet, (edge, y, 1290, y + height), BROWN)
        _table_label(sheet, (110 + edge) / 2, y + height / 2, label)
        write_rows(sheet, edge + 26, y + height / 2 - 23 * (len(broken(value, 23)) - 1), broken(value, 23), 34, 46)
    y = 220 + len(rows) * height
    cell(sheet, (110, y, edge, y + 330), BROWN)
    cell(sheet, (edge, y, 1290, y + 330), BROWN)
    _table_label(sheet, (110 + edge) / 2, y + 165, "权利其他状况")
    write_rows(sheet, edge + 26, y + 60, ("房屋结构：钢筋混凝土结构", more), 32, 60)


def _table_label(sheet: Image.Image, x: float, y: float, text: str) -> None:
    if len(text) <= 3:
        write_wide(sheet, x - 90, y, text, 34, 180)
    else:
        write(sheet, x, y, text, 34, serif=True, anchor="mm")


def mortgage_certificate(seed: int) -> Drawn:
    """不动产登记证明, which is easily taken for the certificate of title: another paper."""
    rng, owner = Random(f"mortgage {seed}"), invent(seed, home=HAIZHU)
    sheet = paper(1400, 1960, (250, 246, 240), (226, 214, 206))
    number = f"粤（2023）广州市不动产证明第{digits(rng, 7)}号"
    write(sheet, 700, 90, "不动产登记证明", 50, serif=True, bold=True, anchor="mm")
    write(sheet, 700, 170, number, 40, anchor="mm")
    rows = (
        ("证明权利或事项", "抵押权"),
        ("权利人（申请人）", "明岭银行"),
        ("义务人", owner.name),
        ("坐落", owner.address),
        ("不动产单元号", unit_number(rng, owner.region)),
    )
    _property_table(sheet, rows, "抵押方式：一般抵押")
    mark(sheet, 1250, 1880)
    return Drawn(sheet, {}, (number, owner.name))
