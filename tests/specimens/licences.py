"""营业执照, 驾驶证 and 行驶证: main pages, field by field where the real ones have them."""

from datetime import date
from random import Random
from unicodedata import normalize

from PIL import Image, ImageDraw

from tests.specimens import bodies
from tests.specimens.drawing import (
    INK,
    Ink,
    broken,
    mark,
    paper,
    rounded,
    seal,
    silhouette,
    squares,
    write,
    write_rows,
    write_wide,
)
from tests.specimens.drawn import Drawn, day_between, in_han
from tests.specimens.people import AS_OF, HAIZHU, invent, years_later

GOLD: Ink = (150, 116, 56)
CLASSES = ("C1", "C2", "B2", "A2", "C1D", "B1B2", "C1E")


def business_licence(seed: int, also: str = "") -> Drawn:
    """Of a company, or (every third) of a sole trader, whose licence has no capital. `also`: one more trade."""
    rng, person, trader = Random(f"licence {seed}"), invent(seed, home=HAIZHU), seed % 3 == 0
    founded = day_between(rng, date(2015, 1, 1), AS_OF)
    until = None if rng.random() < 0.5 else years_later(founded, 20)
    fields = {
        "credit_code": bodies.credit_code(rng, "440105", trader),
        "name": bodies.company(rng, "广州市海珠区" if trader else "广州市", trader),
        "kind": "个体工商户" if trader else "有限责任公司（自然人独资）",
        "legal_person": person.name,
        "established_on": founded.isoformat(),
        "valid_to": until.isoformat() if until else "长期",
        "address": person.address,
        "scope": "；".join((*([also] if also else []), *rng.sample(bodies.TRADES, 5))),
    } | ({} if trader else {"capital": f"人民币{rng.choice(('壹佰', '伍拾', '叁佰', '壹仟'))}万元"})
    term = f"{in_han(founded)}至{in_han(until)}" if until else "长期"
    sheet = _licence_sheet(fields["credit_code"], rng)
    _left_column(sheet, fields, trader)
    _right_column(sheet, fields, in_han(founded), term)
    write(sheet, 1370, 1300, "登记机关", 36, GOLD, serif=True)
    seal(sheet, 1680, 1310, 96)
    write(sheet, 1370, 1420, in_han(founded), 36)
    folded = {name: normalize("NFKC", value) for name, value in fields.items()}
    return Drawn(sheet, folded, ("营业执照", fields["credit_code"], fields["name"], person.name))


def _licence_sheet(code: str, rng: Random) -> Image.Image:
    sheet = paper(2120, 1520, (250, 246, 236), (232, 220, 190))
    ImageDraw.Draw(sheet).rectangle((40, 40, 2080, 1480), outline=GOLD, width=10)
    write_wide(sheet, 760, 190, "营业执照", 120, 620)
    write(sheet, 1070, 300, "（副本）", 40, anchor="mm")
    write(sheet, 120, 190, "统一社会信用代码", 34, GOLD, serif=True)
    write(sheet, 120, 250, code, 44)
    squares(sheet, 1740, 110, 210, rng)
    write(sheet, 1845, 350, "扫描二维码了解更多登记信息", 20, anchor="mm")
    mark(sheet, 1060, 1440)
    return sheet


def _left_column(sheet: Image.Image, fields: dict[str, str], trader: bool) -> None:
    labels = (("名称", "name"), ("类型", "kind"), ("经营者" if trader else "法定代表人", "legal_person"))
    for place, (label, name) in enumerate((*labels, ("经营范围", "scope"))):
        y = 470 + place * 130
        write_wide(sheet, 130, y, label, 36, 190, GOLD)
        write_rows(sheet, 370, y, broken(fields[name], 17), 38, 54)


def _right_column(sheet: Image.Image, fields: dict[str, str], founded: str, term: str) -> None:
    rows = [("成立日期", founded), ("营业期限", term), ("住所", fields["address"])]
    if "capital" in fields:
        rows.insert(0, ("注册资本", fields["capital"]))
    else:
        rows[-1] = ("经营场所", fields["address"])
        rows.insert(0, ("组成形式", "个人经营"))
    for place, (label, value) in enumerate(rows):
        y = 470 + place * 130
        write_wide(sheet, 1150, y, label, 36, 160, GOLD)
        write_rows(sheet, 1350, y, broken(value, 18), 38, 54)


CARD_WIDTH, CARD_HEIGHT = 1500, 1020
"""88 × 60 mm at about 430 dpi."""


def driving_licence(seed: int) -> Drawn:
    person, rng = invent(seed), Random(f"driver {seed}")
    first = day_between(rng, years_later(person.birth_date, 18), date(2025, 6, 1))
    start = day_between(rng, max(first, date(2016, 1, 1)), date(2025, 12, 1))
    end = None if rng.random() < 0.15 else years_later(start, rng.choice((6, 10)))
    grade = rng.choice(CLASSES)
    card = paper(CARD_WIDTH, CARD_HEIGHT, (240, 244, 244), (206, 222, 226), (226, 214, 222))
    _titles(card, "中华人民共和国机动车驾驶证", "Driving License of the People's Republic of China")
    _pair(card, 300, 178, "证号", "License No.", person.id_number, gap=190)
    _pair(card, 80, 270, "姓名", "Name", person.name)
    _pair(card, 720, 270, "性别", "Sex", person.sex)
    _pair(card, 1010, 270, "国籍", "Nationality", "中国", gap=160)
    _pair(card, 80, 370, "住址", "Address", person.address, widest=28)
    _pair(card, 430, 530, "出生日期", "Date of Birth", f"{person.birth_date:%Y-%m-%d}", gap=220)
    _pair(card, 430, 640, "初次领证日期", "Date of First Issue", f"{first:%Y-%m-%d}", gap=260)
    _pair(card, 430, 750, "准驾车型", "Class", grade, gap=220)
    shown = f"{start:%Y-%m-%d} 至 " + (f"{end:%Y-%m-%d}" if end else "长期")
    _pair(card, 80, 900, "有效期限", "Valid Period", shown, gap=220)
    seal(card, 240, 660, 120, square=True)
    silhouette(card, (1130, 520, 1410, 860))
    mark(card, 1270, 940)
    fields = {
        "name": person.name,
        "licence_number": person.id_number,
        "class": grade,
        "valid_from": start.isoformat(),
        "valid_to": end.isoformat() if end else "长期",
    }
    return Drawn(rounded(card, 40), fields, (person.name, person.id_number, grade))


def vehicle_licence(seed: int) -> Drawn:
    """Of a person's car, or (every fourth) of a company's."""
    person, rng = invent(seed), Random(f"vehicle {seed}")
    owner = bodies.company(rng, "广州市", False) if seed % 4 == 0 else person.name
    plate, vin, engine = bodies.plate(rng), bodies.vin(rng), bodies.engine_number(rng)
    registered = day_between(rng, date(2012, 1, 1), date(2025, 12, 1))
    issued = day_between(rng, registered, AS_OF)
    card = paper(CARD_WIDTH, CARD_HEIGHT, (242, 244, 240), (214, 226, 214), (206, 216, 228))
    _titles(card, "中华人民共和国机动车行驶证", "Vehicle License of the People's Republic of China")
    _pair(card, 80, 200, "号牌号码", "Plate No.", plate, gap=190)
    _pair(card, 760, 200, "车辆类型", "Vehicle Type", rng.choice(("小型轿车", "小型普通客车")), gap=200)
    _pair(card, 80, 310, "所有人", "Owner", owner, gap=160)
    _pair(card, 80, 420, "住址", "Address", person.address, widest=32)
    _pair(card, 430, 540, "使用性质", "Use Character", "非营运", gap=200)
    _pair(card, 880, 540, "品牌型号", "Model", "样本牌YB7150", gap=180)
    _pair(card, 430, 650, "车辆识别代号", "VIN", vin, gap=270)
    _pair(card, 430, 760, "发动机号码", "Engine No.", engine, gap=270)
    _pair(card, 430, 880, "注册日期", "Register Date", f"{registered:%Y-%m-%d}", gap=200)
    _pair(card, 930, 880, "发证日期", "Issue Date", f"{issued:%Y-%m-%d}", gap=200)
    seal(card, 230, 710, 120, square=True)
    mark(card, 1380, 980)
    fields = {
        "plate": plate,
        "owner": owner,
        "vin": vin,
        "engine_number": engine,
        "registered_on": registered.isoformat(),
    }
    return Drawn(rounded(card, 40), fields, (plate, owner, vin, engine))


def _titles(card: Image.Image, title: str, english: str) -> None:
    write(card, CARD_WIDTH / 2, 64, title, 52, bold=True, anchor="mm")
    write(card, CARD_WIDTH / 2, 120, english, 28, anchor="mm")


def _pair(  # noqa: PLR0917 - as `write`
    card: Image.Image, x: int, y: int, label: str, english: str, value: str, *, gap: int = 130, widest: int = 99
) -> None:
    """The label, its translation under it, the value behind both."""
    write(card, x, y - 14, label, 32, INK, serif=True)
    write(card, x, y + 22, english, 20, INK)
    write_rows(card, x + gap, y, broken(value, widest), 40, 52)
