"""The sample pictures of the guide, kept in `web/static/samples`: what a good photograph of each kind of paper looks like,
and for each form and each paper without a fixed face a drawing with its own name.

Forms have the item's own labels; other papers are drawn as a page with the words that must stand on it, the line for the
signature and the seal where the item's checks look for them. Every picture says 样本 across it. Who is named is invented.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from cases.items import Item, MaterialSpec
from preaudit.catalogue import load
from tests.specimens.camera import Level, shoot
from tests.specimens.cards import id_card_back, id_card_front
from tests.specimens.drawing import PALE_RED, broken, paper, round_seal, rounded, silhouette, write
from tests.specimens.fonts import font
from tests.specimens.forms import BLUE, Boxes, application_form
from tests.specimens.kinds import DRAWN
from tests.specimens.people import HAIZHU, Person, invent

SEED = 21
"""The resident of the kept samples."""
OF_THEIR_OWN = frozenset({"application_form", "other_paper", "contract"})
"""Kinds that look different with every item."""
WIDE, NARROW = 720, 480
"""Pixels: as wide as a large phone shows them, and half of it for whole pages."""
QUALITY = 70
BAR = (222, 226, 231)
OTHERS = ("seller_", "old_", "spouse_")
"""Fields of a form that name somebody else than the applicant."""
KNOWN = {
    "phone": "15418406325",
    "applied_on": "2026年1月19日",
    "living_since": "2025年3月1日",
    "family_size": "3",
    "child_name": "曹小安",
    "born_on": "2026年1月5日",
    "scope": "餐饮服务",
    "trade_name": "海珠区样本小吃店",
    "certificate_number": "粤（2019）广州市不动产权第00000000号",
    "plate": "粤A00000",
}


def guide_pictures() -> Iterator[tuple[str, bytes]]:
    """File name and bytes of every picture, each name once."""
    person = invent(SEED, home=HAIZHU)
    yield from ((f"{name}.webp", data) for name, data in _of_kinds(person))
    for loaded in load().values():
        for spec in loaded.item.materials:
            if spec.document in OF_THEIR_OWN or _of_a_vehicle(spec):
                yield f"{loaded.item.code}.{spec.key}.webp", _small(_drawn(loaded.item, spec, person), NARROW)


def write_guide_pictures(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in guide_pictures():
        (folder / name).write_bytes(data)


def _of_kinds(person: Person) -> Iterator[tuple[str, bytes]]:
    front, back = _photographed(id_card_front(person)), _photographed(id_card_back(person))
    yield from (("id_card_front", front), ("id_card_back", back), ("id_card-1", front), ("id_card-2", back))
    form = application_form(
        "申请表", [("姓名", person.name), ("公民身份号码", person.id_number)], signature=person.name
    )
    yield "application_form", _small(_marked(form), NARROW)
    for kind, draw in DRAWN.items():
        name = {"household_register_head": "household_register-1", "household_register_member": "household_register-2"}
        yield name.get(kind, kind), _photographed(draw(SEED).image)


def _photographed(card: Image.Image) -> bytes:
    shot = Image.open(BytesIO(shoot(_marked(card), Level.SCAN, SEED, megapixels=1.5).data))
    return _small(shot, WIDE if shot.width > shot.height else NARROW)


def _small(picture: Image.Image, width: int) -> bytes:
    made, size = BytesIO(), (width, round(picture.height * width / picture.width))
    picture.convert("RGB").resize(size, Image.Resampling.LANCZOS).save(made, "WEBP", quality=QUALITY, method=6)
    return made.getvalue()


def _marked(sheet: Image.Image) -> Image.Image:
    """样本 across the sheet, thin enough to read through; transparent corners stay so."""
    size = min(sheet.width, sheet.height) // 3
    layer = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    centre = (sheet.width / 2, sheet.height / 2)
    ImageDraw.Draw(layer).text(centre, "样本", fill=(200, 60, 60, 54), font=font(size, bold=True), anchor="mm")
    marked = Image.alpha_composite(sheet.convert("RGBA"), layer.rotate(24, Image.Resampling.BICUBIC))
    if sheet.mode == "RGBA":
        marked.putalpha(sheet.getchannel("A"))
    return marked


# ── papers of their own ─────────────────────────────────────────────────────────────────────────────────────────


def _drawn(item: Item, spec: MaterialSpec, person: Person) -> Image.Image:
    if spec.document == "application_form":
        return _marked(_form(spec, person))
    if _of_a_vehicle(spec):
        return _marked(truck())
    if spec.name.endswith(("卡", "证")) and not spec.name.endswith("凭证"):
        return _marked(_card(spec, person))
    return _marked(_page(spec, person))


def _form(spec: MaterialSpec, person: Person) -> Image.Image:
    rows = [(label, _value(name, spec, person)) for label, name in spec.form_fields.items()]
    day = KNOWN["applied_on"]
    return application_form(spec.name, rows, signature=person.name, signed_on=day, office="以办事指南为准")


def _value(name: str, spec: MaterialSpec, person: Person) -> str | Boxes:
    who = invent(SEED + 2, home=HAIZHU) if name.startswith(OTHERS) else person
    if name in spec.choices:
        return Boxes(spec.choices[name], spec.choices[name][:1])
    if name in KNOWN:
        return KNOWN[name]
    if name.endswith("id_number"):
        return who.id_number
    if name in ("address", "location", "premises"):
        return person.address
    return who.name if name.endswith(("name", "holder")) else "…………"


def _of_a_vehicle(spec: MaterialSpec) -> bool:
    return spec.document == "portrait" and "车" in spec.name


def _page(spec: MaterialSpec, person: Person) -> Image.Image:
    """The name as a title, bars for the text, the words that have to stand there, signature and seal."""
    sheet = paper(1240, 1754, (252, 252, 250))
    title = broken(spec.name, 16)
    for row, text in enumerate(title):
        write(sheet, 620, 190 + row * 84, text, 66, bold=True, serif=True, anchor="mm")
    y = 330 + 84 * (len(title) - 1)
    for place, text in enumerate((f"姓名：{person.name}", *_words(spec))):
        write(sheet, 130, y, text, 44, serif=True)
        used = 150 + 46 * len(text)
        if used < 1000:
            _bar(sheet, used, y, 1110)
        _bar(sheet, 130, y + 76, 1110 if place % 2 else 900)
        y += 160
    names = {call.name for call in spec.checks}
    if "signature_present" in names:
        write(sheet, 560, 1440, "签名：", 44, serif=True)
        write(sheet, 700, 1436, person.name, 74, BLUE, serif=True)
    if "seal_present" in names or spec.source == "issued":
        round_seal(sheet, 900, 1480, 150, "出具单位印章")
    write(sheet, 560, 1560, KNOWN["applied_on"], 40, serif=True)
    return sheet


def _card(spec: MaterialSpec, person: Person) -> Image.Image:
    sheet = paper(1240, 780, (238, 243, 246), (206, 220, 230))
    write(sheet, 620, 130, spec.name.removeprefix("损坏的"), 72, bold=True, anchor="mm")
    silhouette(sheet, (860, 250, 1120, 600))
    for row, label in enumerate(("姓名", "证号", "发证机关", "有效期")):
        write(sheet, 110, 290 + row * 110, label, 44)
        if row == 0:
            write(sheet, 320, 290, person.name, 50)
        else:
            _bar(sheet, 320, 290 + row * 110, 780)
    if spec.name.startswith("损坏"):
        ImageDraw.Draw(sheet).line([(760, 0), (700, 260), (790, 420), (690, 780)], fill=(90, 90, 94), width=7)
    return rounded(sheet, 50)


def _words(spec: MaterialSpec) -> Sequence[str]:
    listed = [call.params["words"] for call in spec.checks if call.name == "mentions" and isinstance(call.params, dict)]
    words = [word for words in listed for word in words if word not in spec.name]
    return words[:4] or ["……"]


def _bar(sheet: Image.Image, left: int, y: int, right: int) -> None:
    ImageDraw.Draw(sheet).rounded_rectangle((left, y - 14, right, y + 14), 8, fill=BAR)


def truck() -> Image.Image:
    """A truck from the front left, with its plate."""
    sheet = Image.new("RGBA", (1240, 930), (214, 226, 236, 255))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((0, 660, 1240, 930), fill=(150, 154, 158))
    pen.polygon(
        [(470, 250), (1080, 300), (1080, 640), (470, 690)], fill=(236, 238, 240), outline=(120, 124, 130), width=4
    )
    pen.polygon([(180, 340), (470, 300), (470, 700), (180, 690)], fill=(58, 104, 160), outline=(36, 66, 104), width=4)
    pen.polygon([(210, 370), (440, 342), (440, 490), (210, 494)], fill=(196, 218, 232))
    for x, y in ((520, 690), (900, 660), (1010, 650)):
        pen.ellipse((x - 62, y - 62, x + 62, y + 62), fill=(42, 44, 48))
        pen.ellipse((x - 26, y - 26, x + 26, y + 26), fill=(170, 174, 180))
    pen.rectangle((230, 600, 410, 656), fill=(240, 200, 60), outline=(30, 30, 30), width=3)
    write(sheet, 320, 628, KNOWN["plate"], 40, anchor="mm")
    silhouette(sheet, (262, 380, 352, 490), PALE_RED)
    return sheet
