"""Papers of few words or without a fixed face: bank card, portrait photograph, contract, proofs and receipts."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from PIL import Image

from tests.specimens import bodies
from tests.specimens.drawing import RED, Ink, broken, mark, paper, round_seal, rounded, seal, silhouette, write
from tests.specimens.drawn import Drawn, day_between, in_han
from tests.specimens.people import AS_OF, HAIZHU, invent

CARD_COLOURS: tuple[tuple[Ink, Ink], ...] = (
    ((34, 66, 116), (60, 96, 150)),
    ((122, 30, 40), (152, 60, 66)),
    ((30, 92, 76), (54, 124, 104)),
)
PALE: Ink = (238, 240, 242)
BACKDROPS: tuple[Ink, ...] = ((250, 250, 250), (86, 148, 214), (196, 44, 44))
"""White, blue and red, as photo studios offer them."""


def bank_card(seed: int) -> Drawn:
    rng = Random(f"bank {seed}")
    ground, waves = rng.choice(CARD_COLOURS)
    name, number = rng.choice(bodies.BANKS), bodies.bank_card(rng)
    card = paper(1360, 858, ground, waves)
    write(card, 90, 120, name, 60, PALE, bold=True)
    write(card, 90, 186, "SPECIMEN BANK", 26, PALE)
    groups = [number[i : i + 4] for i in range(0, len(number), 4)]
    write(card, 100, 500, " ".join(groups), 82, PALE)
    write(card, 640, 610, "VALID THRU", 24, PALE)
    write(card, 800, 610, f"{rng.randint(1, 12):02d}/{rng.randint(27, 34)}", 44, PALE)
    write(card, 1100, 730, "银联", 56, PALE, bold=True)
    write(card, 1100, 790, "UnionPay", 30, PALE)
    write(card, 90, 760, "借记卡", 36, PALE)
    mark(card, 1240, 120, 30, PALE)
    return Drawn(rounded(card, 50), {"card_number": number, "bank": name}, (number, name))


def portrait(seed: int) -> Drawn:
    """Two inches, 35 × 49 mm, on a white, blue or red ground."""
    rng = Random(f"portrait {seed}")
    sheet = Image.new("RGBA", (826, 1156), (*rng.choice(BACKDROPS), 255))
    silhouette(sheet, (70, 150, 756, 1156), rng.choice(((60, 70, 90), (92, 60, 70), (70, 84, 66))))
    mark(sheet, 413, 1110, 34, (214, 218, 222))
    return Drawn(sheet, {}, ())


def contract(seed: int) -> Drawn:
    """The first page of a lease."""
    rng, owner, tenant = Random(f"contract {seed}"), invent(seed + 1, home=HAIZHU), invent(seed)
    start = day_between(rng, AS_OF - timedelta(days=300), AS_OF)
    heads = [
        f"出租方（甲方）：{owner.name}　身份证号：{owner.id_number}",
        f"承租方（乙方）：{tenant.name}　身份证号：{tenant.id_number}",
        f"根据有关法律法规，甲乙双方就下列房屋的租赁达成如下协议：甲方将位于{owner.address}的房屋出租给乙方使用。",
        f"租赁期限自{in_han(start)}起至{in_han(start + timedelta(days=365))}止，月租金人民币{rng.randint(18, 66)}00元。",
    ]
    clauses = [f"第{n}条　{text}" for n, text in zip("一二三四五", CLAUSES, strict=True)]
    sheet = _page("房屋租赁合同", [*heads, *clauses])
    return Drawn(sheet, {}, ("房屋租赁合同", owner.name, tenant.name))


CLAUSES = (
    "乙方应当按照约定的用途使用该房屋，妥善保管房屋及其附属设施。",
    "租赁期间水、电、燃气、物业管理等费用由乙方承担。",
    "因使用不当造成房屋损坏的，乙方应当负责修复或者赔偿。",
    "任何一方提前解除合同，应当提前三十日书面通知对方。",
    "本合同一式两份，甲乙双方各执一份，自双方签字之日起生效。",
)


def other_paper(seed: int) -> Drawn:
    """By turns a proof of residence, an authorisation, a promise, a proof of employment."""
    person, agent = invent(seed), invent(seed + 1)
    title, text = _PROOFS[seed % len(_PROOFS)]
    body = text.format(name=person.name, number=person.id_number, address=person.address, agent=agent.name)
    sheet = _page(title, [body, "特此证明。" if "证明" in title else "特此声明。"])
    write(sheet, 1000, 1500, "样本居民委员会" if "证明" in title else f"签名：{person.name}", 40, serif=True)
    write(sheet, 1000, 1580, in_han(AS_OF), 40, serif=True)
    if "证明" in title:
        seal(sheet, 800, 1530, 110)
    return Drawn(sheet, {}, (title, person.name, person.id_number))


ISSUERS = (
    "海珠区样本街道办事处",
    "广州市海珠区样本社区居民委员会",
    "样本市民政局婚姻登记处",
    "样本网络科技有限公司",
    "广州市公安局样本派出所",
)


def sealed_proof(seed: int, *, sealed_by: str = "", ink: Ink = RED) -> Drawn:
    """A proof of residence with its issuer's name under a round seal, which is another body's where `sealed_by` says so."""
    rng, person, issuer = Random(f"sealed {seed}"), invent(seed), ISSUERS[seed % len(ISSUERS)]
    text = _PROOFS[0][1].format(name=person.name, number=person.id_number, address=person.address)
    sheet = _page("居住证明", [text, "特此证明。"])
    write(sheet, 860, 1500, issuer, 40, serif=True)
    write(sheet, 860, 1580, in_han(AS_OF), 40, serif=True)
    x, y = rng.randint(1040, 1240), rng.randint(1400, 1560)
    round_seal(sheet, x, y, rng.randint(145, 165), sealed_by or issuer, ink)
    return Drawn(sheet, {"issuer": issuer}, ("居住证明", person.name, issuer))


_PROOFS = (
    ("居住证明", "兹证明{name}，公民身份号码{number}，现居住于{address}，情况属实。"),
    ("授权委托书", "委托人{name}，公民身份号码{number}，现委托{agent}代为办理有关手续，住址{address}。"),
    ("承诺书", "本人{name}，公民身份号码{number}，承诺所提交的材料真实有效，住址{address}。"),
    ("在职证明", "兹证明{name}，性别不限，公民身份号码{number}，系我单位在职职工，住址{address}。"),
)


def _page(title: str, paragraphs: Sequence[str]) -> Image.Image:
    sheet = paper(1654, 2339, (252, 252, 250))
    write(sheet, 827, 220, title, 68, bold=True, serif=True, anchor="mm")
    y = 380
    for paragraph in paragraphs:
        for row in broken("　　" + paragraph, 32):
            write(sheet, 150, y, row, 40, serif=True)
            y += 70
        y += 20
    mark(sheet, 1500, 2250, 30)
    return sheet
