"""A second-hand home changes hands: every paper of 存量房转移登记 with water, power and gas, photographed or as PDF.

Kept in `tests/samples/house`, for the demo of a bundle 一件事: `python -m tests.specimens tests/samples/house --house`.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from PIL import Image, ImageDraw

from tests.specimens.bodies import digits
from tests.specimens.camera import Level, shoot
from tests.specimens.cards import id_card_back, id_card_front
from tests.specimens.certificates import property_certificate
from tests.specimens.fonts import font
from tests.specimens.forms import HEIGHT, INK, MARGIN, WIDTH, Row, application_form, hand
from tests.specimens.pdfs import text_pdf
from tests.specimens.people import AS_OF, HAIZHU, Person, invent, years_later

ITEM = "440105-CLFZY"
SEED = 31
SELLER_SEED = 57
MEGAPIXELS = 2.4
QUALITY = 80
DAY = "2026年1月12日"
ANSWERS = {"seller_married": False, "mortgaged": False, "by_agent": False, "linked": True, "gas": True}


def house_papers(megapixels: float = MEGAPIXELS) -> tuple[Person, Mapping[str, bytes]]:
    """Who buys, and the bytes by file name."""
    buyer, seller = invent(SEED, home=HAIZHU), grown_up(SELLER_SEED)
    deed = property_certificate(SELLER_SEED)
    number = str(deed.fields["certificate_number"])
    pictures: dict[str, Image.Image] = {
        "buyer_id_front": id_card_front(buyer),
        "buyer_id_back": id_card_back(buyer),
        "seller_id_front": id_card_front(seller),
        "seller_id_back": id_card_back(seller),
        "property_certificate": deed.image,
        "application_form": _application(buyer, seller, number),
        "linked_form": _linked(buyer, seller),
        "sale_contract": _contract(buyer, seller, number),
        "inquiry_record": _inquiry(buyer, seller),
    }
    files = {
        f"{key}.jpg": shoot(sheet, Level.PHONE, SEED * 10 + i, megapixels=megapixels, quality=QUALITY).data
        for i, (key, sheet) in enumerate(pictures.items())
    }
    return buyer, {**files, "tax_receipt.pdf": _tax(buyer)}


def grown_up(seed: int) -> Person:
    """Whoever the certificate of that seed belongs to; who sells must be of age."""
    owner = invent(seed, home=HAIZHU)
    assert years_later(owner.birth_date, 18) < AS_OF
    return owner


def _application(buyer: Person, seller: Person, number: str) -> Image.Image:
    rows: list[Row] = [
        ("权利人姓名", buyer.name),
        ("权利人证件号码", buyer.id_number),
        ("义务人姓名", seller.name),
        ("义务人证件号码", seller.id_number),
        ("联系电话", buyer.phone),
        ("不动产坐落", seller.address),
        ("原不动产权证书号", number),
        ("申请日期", DAY),
    ]
    office = "广州市规划和自然资源局海珠区分局"
    return application_form("不动产登记申请书", rows, signature=buyer.name, signed_on=DAY, office=office, seed=SEED)


def _linked(buyer: Person, seller: Person) -> Image.Image:
    rng = Random(f"accounts {SEED}")
    rows: list[Row] = [
        ("新户主姓名", buyer.name),
        ("原户主姓名", seller.name),
        ("联系电话", buyer.phone),
        ("房屋地址", seller.address),
        ("水表户号", f"10{digits(rng, 8)}"),
        ("电表户号", f"03190{digits(rng, 11)}"),
        ("燃气户号", f"88{digits(rng, 6)}"),
        ("申请日期", DAY),
    ]
    office = "广州市规划和自然资源局海珠区分局"
    return application_form("水电气联动过户申请表", rows, signature=buyer.name, signed_on=DAY, office=office, seed=SEED)


def _contract(buyer: Person, seller: Person, number: str) -> Image.Image:
    told = (
        f"出卖人（甲方）：{seller.name}",
        f"身份证号码：{seller.id_number}",
        f"买受人（乙方）：{buyer.name}",
        f"身份证号码：{buyer.id_number}",
        "甲乙双方就存量房买卖达成一致，订立本合同：",
        f"一、房屋坐落：{seller.address}。",
        f"二、不动产权证书号：{number}。",
        "三、成交价款人民币贰佰叁拾万元整，由乙方一次付清。",
        "四、双方共同申请不动产转移登记。",
        "五、本合同经网签备案，双方签名后生效。",
    )
    return signed_page("存量房买卖合同", told, (("甲方签名：", seller.name), ("乙方签名：", buyer.name)))


def _inquiry(buyer: Person, seller: Person) -> Image.Image:
    told = (
        "询问：本次申请登记是否为您的真实意思表示？",
        "回答：是。",
        "询问：该不动产是单独所有还是共有？",
        "回答：单独所有。",
        "询问：申请登记的材料是否真实有效？",
        "回答：是，愿承担相应的法律责任。",
        f"买方：{buyer.name}　卖方：{seller.name}",
    )
    return signed_page("不动产登记询问笔录", told, (("申请人签名：", buyer.name), ("申请人签名：", seller.name)))


def _tax(buyer: Person) -> bytes:
    rows = [("纳税人", buyer.name), ("税种", "契税"), ("税款金额", "人民币34500.00元"), ("填发日期", "2026-01-09")]
    notes = ("本凭证由税务局电子税务局填发，完税信息可以查验。", "本页为样本，所载人员、号码均为虚构。")
    return text_pdf("税收完税证明（契税完税凭证）", rows, notes, "国家税务总局广州市海珠区税务局（样本）")


def signed_page(title: str, lines: Sequence[str], signers: Sequence[tuple[str, str]]) -> Image.Image:
    """One typed A4 sheet with a line for each signature, signed by hand, and the day."""
    sheet, rng = Image.new("RGB", (WIDTH, HEIGHT), (252, 252, 250)), Random(title)
    pen = ImageDraw.Draw(sheet)
    pen.text((WIDTH / 2, 180), title, fill=INK, font=font(60, serif=True, bold=True), anchor="ma")
    pen.text((WIDTH - MARGIN, 96), "样本", fill=(200, 70, 70), font=font(30), anchor="ra")
    for row, line in enumerate(lines):
        pen.text((MARGIN, 360 + row * 96), line, fill=INK, font=font(38, serif=True))
    for row, (label, name) in enumerate(signers):
        y = 360 + len(lines) * 96 + 120 + row * 130
        pen.text((MARGIN + 400, y), label, fill=INK, font=font(38, serif=True), anchor="lm")
        pen.line((MARGIN + 660, y + 36, MARGIN + 1100, y + 36), fill=INK, width=2)
        hand(sheet, MARGIN + 690, y - 4, name, rng)
    pen.text((MARGIN + 400, 360 + len(lines) * 96 + 400), f"日期：{DAY}", fill=INK, font=font(38, serif=True))
    return sheet


def write_house(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    buyer, files = house_papers()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    person = {"name": buyer.name, "id_number": buyer.id_number, "phone": buyer.phone, "address": buyer.address}
    told = {"item": ITEM, "person": person, "answers": ANSWERS}
    (folder / "applicant.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
