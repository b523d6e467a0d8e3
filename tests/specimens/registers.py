"""户口簿: the first page (who heads the household, where) and a member's page, as the tables of the real book stand."""

from collections.abc import Sequence
from datetime import date
from random import Random

from PIL import Image

from tests.specimens.bodies import digits
from tests.specimens.drawing import INK, broken, cell, mark, paper, seal, write, write_rows
from tests.specimens.drawn import Drawn, day_between, in_han
from tests.specimens.people import AS_OF, HAIZHU, KASHGAR, REGIONS, Person, invent

WIDTH, HEIGHT = 1520, 1090
"""143 × 105 mm at about 270 dpi."""
GREEN = (198, 222, 206)
LEFT, RIGHT = 70, WIDTH - 70
RELATIONS = ("户主", "妻", "夫", "子", "女", "父亲", "母亲", "长子", "二女")


def household_head(seed: int, of: Person | None = None) -> Drawn:
    """`of`: whose household, in place of somebody invented."""
    person, rng = of or invent(seed), Random(f"household {seed}")
    number, issued = digits(rng, 9), day_between(rng, date(2012, 1, 1), AS_OF)
    sheet = paper(WIDTH, HEIGHT, (244, 248, 242), GREEN)
    _rows(sheet, 90, 150, (240, 480, 260), (("户别", "家庭户", "户主姓名", person.name),))
    _rows(sheet, 240, 150, (240, 480, 260), (("户号", number, "", ""),))
    _wide_row(sheet, 390, 180, "住址", person.address)
    write(sheet, LEFT + 30, 640, "省级公安机关", 32, serif=True)
    write(sheet, LEFT + 30, 690, "户口专用章", 32, serif=True)
    seal(sheet, LEFT + 430, 670, 78)
    write(sheet, 800, 640, "户口登记机关", 32, serif=True)
    write(sheet, 800, 690, "户口专用章", 32, serif=True)
    seal(sheet, 1230, 670, 78)
    write(sheet, LEFT + 30, 900, "承办人签章：", 32, serif=True)
    write(sheet, 860, 900, f"{in_han(issued)}签发", 34)
    mark(sheet, WIDTH / 2, 1020)
    fields = {"household_number": number, "head_name": person.name, "address": person.address}
    return Drawn(sheet, fields, tuple(fields.values()))


def household_member(seed: int, of: Person | None = None, as_: str = "") -> Drawn:
    """`of`: who, in place of somebody invented; `as_`: their relation to the head."""
    person, rng = of or invent(seed), Random(f"member {seed}")
    relation = rng.choice([r for r in RELATIONS if r not in _OTHER_SEX[person.sex]])
    relation = as_ or relation
    sheet = paper(WIDTH, HEIGHT, (244, 248, 242), GREEN)
    write(sheet, WIDTH / 2, 62, "常 住 人 口 登 记 卡", 46, bold=True, serif=True, anchor="mm")
    mark(sheet, RIGHT - 40, 62)
    _rows(sheet, 116, 82, (230, 490, 230), _member_rows(person, relation))
    _wide_row(sheet, 116 + 9 * 82, 70, "何时由何地/迁来本市(县)", "")
    _wide_row(sheet, 116 + 9 * 82 + 70, 70, "何时由何地/迁来本址", "")
    write(sheet, LEFT + 20, 1030, "承办人签章：", 28, serif=True)
    write(sheet, 860, 1030, "登记日期：" + in_han(day_between(rng, date(2012, 1, 1), AS_OF)), 28)
    fields = {
        "name": person.name,
        "relation": relation,
        "sex": person.sex,
        "birth_date": person.birth_date.isoformat(),
        "id_number": person.id_number,
    }
    return Drawn(sheet, fields, ("常住人口登记卡", person.name, person.id_number, in_han(person.birth_date)))


_OTHER_SEX = {"男": {"妻", "女", "母亲", "二女"}, "女": {"夫", "子", "父亲", "长子"}}


def _member_rows(person: Person, relation: str) -> Sequence[tuple[str, str, str, str]]:
    place = next((r.place for r in (HAIZHU, KASHGAR, *REGIONS) if person.address.startswith(r.place)), "广东省")
    return (
        ("姓名", person.name, "户主或与/户主关系", relation),
        ("曾用名", "", "性别", person.sex),
        ("出生地", place, "民族", person.ethnicity),
        ("籍贯", place, "出生日期", in_han(person.birth_date)),
        ("本市(县)其/他住址", "", "宗教信仰", ""),
        ("公民身份/证件编号", person.id_number, "身高", "170厘米"),
        ("文化程度", "大学本科", "婚姻状况", "已婚"),
        ("服务处所", "", "兵役状况", "未服兵役"),
        ("血型", "不明", "职业", ""),
    )


def _rows(
    sheet: Image.Image,
    top: int,
    height: int,
    widths: tuple[int, int, int],
    rows: Sequence[tuple[str, str, str, str]],
) -> None:
    edges = [LEFT, LEFT + widths[0], LEFT + widths[0] + widths[1], LEFT + sum(widths), RIGHT]
    for place, row in enumerate(rows):
        y = top + place * height
        for column, text in enumerate(row):
            cell(sheet, (edges[column], y, edges[column + 1], y + height), (96, 120, 104))
            if column % 2 == 0:
                _label(sheet, (edges[column] + edges[column + 1]) / 2, y + height / 2, text)
            else:
                write(sheet, edges[column] + 24, y + height / 2, text, 34)


def _wide_row(sheet: Image.Image, top: int, height: int, label: str, value: str) -> None:
    edge = LEFT + 240
    cell(sheet, (LEFT, top, edge, top + height), (96, 120, 104))
    cell(sheet, (edge, top, RIGHT, top + height), (96, 120, 104))
    _label(sheet, (LEFT + edge) / 2, top + height / 2, label)
    rows = broken(value, 30)
    write_rows(sheet, edge + 24, top + height / 2 - 22 * (len(rows) - 1), rows, 34, 44)


def _label(sheet: Image.Image, x: float, y: float, text: str) -> None:
    """`/` breaks the label in two lines; short ones are set wide."""
    rows = text.split("/")
    for place, row in enumerate(rows):
        spaced = "　".join(row) if len(row) == 2 and len(rows) == 1 else row
        write(sheet, x, y + (place - (len(rows) - 1) / 2) * 34, spaced, 28, INK, serif=True, anchor="mm")
