"""Invented residents. Consistent in themselves (number, birth, sex, region, validity), and nobody's.

Two choices keep them from being anybody: the sequence codes 996-999 of the identity number, which were set aside for
people past a hundred, are given here to people born since 1950; and the mobile numbers begin with 154, which no operator
has been given. Both pass every check that a program can make.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

AS_OF = date(2026, 1, 1)
"""The day the invented people live in: fixed, so that the same seed is the same person next year."""

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_CHARACTERS = "10X98765432"
"""GB 11643-1999."""


@dataclass(frozen=True)
class Region:
    """`code` as in the identity number, `place` as an address begins, `authority` as the card names it."""

    code: str
    place: str
    authority: str
    streets: tuple[str, ...]


@dataclass(frozen=True)
class Person:
    name: str
    sex: str
    ethnicity: str
    birth_date: date
    address: str
    id_number: str
    phone: str
    authority: str
    valid_from: date
    valid_to: date | None
    """None: 长期."""

    @property
    def region(self) -> str:
        return self.id_number[:6]


HAIZHU = Region(
    "440105", "广州市海珠区", "广州市公安局海珠分局", ("新港西路", "江南大道中", "昌岗中路", "工业大道北", "滨江东路")
)
REGIONS = (
    Region("440106", "广州市天河区", "广州市公安局天河分局", ("天河路", "黄埔大道西", "五山路")),
    Region("440604", "广东省佛山市禅城区", "佛山市公安局禅城分局", ("汾江南路", "祖庙路")),
    Region("110105", "北京市朝阳区", "北京市公安局朝阳分局", ("建国路", "望京西路", "团结湖路")),
    Region("310101", "上海市黄浦区", "上海市公安局黄浦分局", ("南京东路", "复兴中路")),
    Region("510105", "成都市青羊区", "成都市公安局青羊分局", ("人民中路", "一环路西二段")),
    Region("430124", "湖南省宁乡市", "宁乡市公安局", ("花明北路", "金洲大道")),
    Region("360731", "江西省于都县贡江镇", "于都县公安局", ("长征大道", "红军大道")),
    Region("341126", "安徽省凤阳县府城镇", "凤阳县公安局", ("东华路", "九华路")),
)
KASHGAR = Region("653125", "新疆莎车县", "莎车县公安局", ("古勒巴格路", "米夏路"))

SURNAMES = tuple("王李张刘陈杨黄赵周吴徐孙朱马胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾萧田董潘袁蔡蒋余")
COMPOUND_SURNAMES = ("欧阳", "司徒", "上官", "诸葛")
GIVEN = {
    "男": tuple("伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林嘉文子轩博"),
    "女": tuple("芳娜敏静丽艳娟霞秀燕玲桂洁梅琳雪慧莹倩婷颖佳欣怡嘉诗雨萱晓月珊"),
}
DOTTED = {
    "男": ("阿卜杜拉·买买提", "艾力·吐尔逊", "玉素甫·卡迪尔"),
    "女": ("古丽娜尔·艾山", "阿依夏木·热合曼", "米热古丽·玉素甫"),
}
ETHNICITIES = ("汉",) * 12 + ("壮", "回", "满", "苗", "土家", "瑶", "侗")


def check_digit(seventeen: str) -> str:
    """The eighteenth character of an identity number."""
    return CHECK_CHARACTERS[sum(int(d) * w for d, w in zip(seventeen, WEIGHTS, strict=True)) % 11]


def identity_number(region: str, birth: date, sex: str, rng: Random) -> str:
    sequence = rng.choice(("997", "999") if sex == "男" else ("996", "998"))
    body = f"{region}{birth:%Y%m%d}{sequence}"
    return body + check_digit(body)


def years_later(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes 1 March where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def age_on(birth: date, day: date) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def valid_until(birth: date, issued: date) -> date | None:
    """How long a card holds, by the age at issue (居民身份证法, article 5)."""
    age = age_on(birth, issued)
    if age >= 46:
        return None
    return years_later(issued, 5 if age < 16 else 10 if age < 26 else 20)


def invent(seed: int, *, home: Region | None = None, as_of: date = AS_OF, expired: bool = False) -> Person:
    """One person. `home` fixes the region; otherwise about half live in 海珠区. `expired`: the card ran out before `as_of`."""
    rng = Random(f"person {seed}")
    sex = rng.choice("男女")
    dotted = home is None and rng.random() < 0.06
    region = home or (KASHGAR if dotted else HAIZHU if rng.random() < 0.5 else rng.choice(REGIONS))
    birth = _birth(rng, as_of, expired)
    issued = _issued(rng, birth, as_of, expired)
    return Person(
        name=rng.choice(DOTTED[sex]) if dotted else _name(rng, sex),
        sex=sex,
        ethnicity="维吾尔" if dotted else rng.choice(ETHNICITIES),
        birth_date=birth,
        address=_address(rng, region),
        id_number=identity_number(region.code, birth, sex, rng),
        phone="154" + "".join(str(rng.randrange(10)) for _ in range(8)),
        authority=region.authority,
        valid_from=issued,
        valid_to=valid_until(birth, issued),
    )


def _name(rng: Random, sex: str) -> str:
    surname = rng.choice(COMPOUND_SURNAMES) if rng.random() < 0.06 else rng.choice(SURNAMES)
    return surname + "".join(rng.sample(GIVEN[sex], 1 if rng.random() < 0.3 else 2))


def _birth(rng: Random, as_of: date, expired: bool) -> date:
    """Adults. An expired card was issued at seventeen, for ten years, and after 2004."""
    age = rng.randint(29, 37) if expired else rng.randint(18, 75)
    return years_later(as_of, -age - 1) + timedelta(days=rng.randrange(1, 365))


def _issued(rng: Random, birth: date, as_of: date, expired: bool) -> date:
    if expired:
        return years_later(birth, 17) + timedelta(days=rng.randrange(300))
    earliest = max(years_later(birth, 16), years_later(as_of, -4))
    return earliest + timedelta(days=rng.randrange(1, max(2, (as_of - earliest).days)))


def _address(rng: Random, region: Region) -> str:
    street = rng.choice(region.streets)
    house = f"{rng.randint(1, 399)}号"
    room = rng.choice(("", f"之{rng.choice('一二三四五')}", f"大院{rng.randint(1, 30)}号", f"{rng.randint(1, 20)}栋"))
    return region.place + street + house + room + f"{rng.randint(1, 28)}0{rng.randint(1, 8)}房"
