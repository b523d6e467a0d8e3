"""Values cleaned by what they are. Each cleaner takes what was read and gives the contract's form, or None.

A reading is corrected only where a check digit proves the correction, or the table of places leaves one name for a region
(`preaudit.addresses`): nothing is guessed, and what was read stays beside it as the field's alternative.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from .validators import (
    FOREVER,
    PROVINCE_SIGNS,
    bank_card_valid,
    credit_code_valid,
    id_number_valid,
    marriage_number_form,
    parse_date,
    vin_valid,
)

ETHNICITIES = tuple(
    re.findall(
        r"\S+",
        """汉 蒙古 回 藏 维吾尔 苗 彝 壮 布依 朝鲜 满 侗 瑶 白 土家 哈尼 哈萨克 傣 黎 傈僳 佤 畲 高山 拉祜 水 东乡 纳西 景颇 柯尔克孜
        土 达斡尔 仫佬 羌 布朗 撒拉 毛南 仡佬 锡伯 阿昌 普米 塔吉克 怒 乌孜别克 俄罗斯 鄂温克 德昂 保安 裕固 京 塔塔尔 独龙 鄂伦春
        赫哲 门巴 珞巴 基诺 穿青人""",
    )
)
"""GB/T 3304, and 穿青人, which stands on cards without being in it."""
LOOKALIKES = str.maketrans(
    {
        "O": "0",
        "o": "0",
        "D": "0",
        "Q": "0",
        "I": "1",
        "l": "1",
        "|": "1",
        "B": "8",
        "S": "5",
        "Z": "2",
        "b": "6",
        "×": "X",
        "x": "X",
    }
)
TRADITIONAL = str.maketrans(
    "漢滿壯維爾鮮瑤薩東鄉納頗達錫烏別羅溫獨龍倫門諾",
    "汉满壮维尔鲜瑶萨东乡纳颇达锡乌别罗温独龙伦门诺",
)
"""Of the nationalities' names: the recogniser knows both scripts, and prints what blurred strokes look like."""
TRADITIONAL_PLACES = str.maketrans(
    "區縣鄉鎮號樓棟單層門莊灣廣東寧遼黑龍蘇濱陽陝漢", "区县乡镇号楼栋单层门庄湾广东宁辽黑龙苏滨阳陕汉"
)
"""Of addresses, likewise."""
DATE = r"(?:[0-9]{4}[.\-/年][0-9]{1,2}[.\-/月][0-9]{1,2}日?|[0-9]{8})"
DATE_SUFFIXES = ("_date", "_on", "valid_from", "valid_to", "date")
Cleaner = Callable[[str], str | None]


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).strip(":：_-—.,;，。、|")


def text(raw: str) -> str | None:
    return plain(raw) or None


def name(raw: str) -> str | None:
    """Han characters, minority names joined by ·. A 一 before two more is the rule or ornament before the value: no
    surname in use begins so."""
    compact = re.sub(r"^[一丨]+(?=[㐀-鿿]{2})", "", plain(raw))
    found = re.search(r"[㐀-鿿〇\U00020000-\U000323af]+(?:[·•・.．‧][㐀-鿿]+)*", compact)
    return re.sub(r"[•・.．‧]", "·", found[0]) if found else None


def sex(raw: str) -> str | None:
    found = re.search(r"[男女]", raw)
    return found[0] if found else None


def ethnicity(raw: str) -> str | None:
    compact = plain(raw).translate(TRADITIONAL)
    return next((each for each in sorted(ETHNICITIES, key=len, reverse=True) if compact.startswith(each)), None)


def date(raw: str) -> str | None:
    """The first date that exists."""
    for found in re.findall(DATE, plain(raw).replace("·", ".")):
        day = parse_date(found)
        if day is not None:
            return day.isoformat()
    day = parse_date(plain(raw))
    return day.isoformat() if day else None


def _span(raw: str) -> tuple[str | None, str | None]:
    compact = plain(raw).replace("·", ".").replace("。", ".")
    found = re.search(rf"({DATE})[^0-9长]{{0,3}}({DATE}|{FOREVER})?", compact)
    if not found:
        return None, None
    return date(found[1]), (FOREVER if found[2] == FOREVER else date(found[2]) if found[2] else None)


def span_from(raw: str) -> str | None:
    return _span(raw)[0]


def span_to(raw: str) -> str | None:
    return _span(raw)[1]


def id_number(raw: str) -> str | None:
    """18 characters; look-alike letters become digits only where the check digit then holds."""
    compact = re.sub(r"[^0-9A-Za-z|×]", "", plain(raw))
    for end in range(len(compact), 17, -1):
        candidate = compact[end - 18 : end].translate(LOOKALIKES).upper()
        if id_number_valid(candidate):
            return candidate
    found = re.search(r"[0-9]{14,18}[Xx]?", compact)
    return found[0].upper() if found else None


def number(raw: str) -> str | None:
    return re.sub(r"[^0-9A-Za-z]", "", plain(raw)) or None


def phone(raw: str) -> str | None:
    found = re.search(r"1[3-9][0-9]{9}", re.sub(r"[^0-9]", "", plain(raw)))
    return found[0] if found else text(raw)


def authority(raw: str) -> str | None:
    compact = plain(raw).rpartition("机关")[2]
    found = re.search(r"[一-鿿]{2,}?(?:公安局|分局)(?:[一-鿿]{1,10}分局)?", compact)
    return found[0] if found else None


def address(raw: str) -> str | None:
    """The words of places (区, 县, 号 …) in the script of the register, as the region table writes them."""
    return re.sub(r"[^0-9A-Za-z一-鿿㐀-䶿()\-#/·]", "", plain(raw)).translate(TRADITIONAL_PLACES) or None


def _proven(
    raw: str, lengths: tuple[int, ...], swaps: Mapping[int, int | str | None], proof: Callable[[str], bool]
) -> str | None:
    """The stretch of letters and digits whose check digit holds, look-alikes swapped; failing that, the first as read."""
    joined = re.sub(r"(?<=[0-9A-Z])[.\-·](?=[0-9A-Z])", "", plain(raw).upper())
    runs: list[str] = re.findall(r"[0-9A-Z]+", joined)
    stretches = (run[end - n : end] for run in runs for n in lengths for end in range(len(run), n - 1, -1))
    candidates = (stretch.translate(swaps) for stretch in stretches)
    return next(filter(proof, candidates), None) or next((run for run in runs if len(run) in lengths), None)


NOT_IN_CREDIT_CODES = str.maketrans("OIZS", "0125")  # GB 32100 leaves these letters out
NOT_IN_VINS = str.maketrans("OIQ", "010")


def capital(raw: str) -> str | None:
    """An amount with its currency, from its first word on."""
    found = re.search(r"(?:人民币|美元|港元|港币|欧元|[零壹贰叁肆伍陆柒捌玖拾佰仟〇0-9]).*", plain(raw))
    return found[0] if found else None


def credit_code(raw: str) -> str | None:
    return _proven(raw, (18,), NOT_IN_CREDIT_CODES, credit_code_valid)


def vin(raw: str) -> str | None:
    return _proven(raw, (17,), NOT_IN_VINS, vin_valid)


def card_number(raw: str) -> str | None:
    return _proven(re.sub(r"\s+", "", raw), (19, 18, 17, 16), LOOKALIKES, bank_card_valid)


def digits(raw: str) -> str | None:
    found = re.search(r"[0-9]{4,}", plain(raw))
    return found[0] if found else None


def plate(raw: str) -> str | None:
    found = re.search(rf"[{PROVINCE_SIGNS}][A-Z][·.•]?([0-9A-Z]{{4,6}}[挂学警港澳]?)", plain(raw))
    return re.sub(r"[·.•]", "", found[0]) if found else None


def engine(raw: str) -> str | None:
    """The last run of capitals and digits with a digit in it: the label's translation has none."""
    found = [each for each in re.findall(r"[0-9A-Z\-]{4,}", plain(raw)) if re.search(r"[0-9]", each)]
    return found[-1].strip("-") if found else None


def marriage_number(raw: str) -> str | None:
    """J440105-2020-000001, also where a dash was not read; or an older free form."""
    compact = re.sub(r"[—–一－_~]", "-", plain(raw))
    found = re.search(r"(B?[JL])([0-9]{6})-?([0-9]{4})-?([0-9]{6})(?![0-9])", compact)
    if found:
        return f"{found[1]}{found[2]}-{found[3]}-{found[4]}"
    older = plain(raw)
    return older if marriage_number_form(older) else None


def birth_number(raw: str) -> str | None:
    found = re.search(r"[A-Z][0-9]{9}(?![0-9])", plain(raw))
    return found[0] if found else None


def property_number(raw: str) -> str | None:
    """Brackets half-width: 粤(2021)广州市不动产权第01234567号. Older free forms as they stand."""
    compact = re.sub(r"[〔\[【{]", "(", re.sub(r"[〕\]】}]", ")", plain(raw)))
    found = re.search(rf"[{PROVINCE_SIGNS}]\(20[0-9]{{2}}\).{{1,12}}?不动产权第[0-9]{{6,8}}号", compact)
    old = re.search(r".{0,8}(?:房权证|房地证|房产证|房地权证).{0,10}?第?[0-9A-Z\-]{4,20}号?", compact)
    return found[0] if found else old[0] if old else None


def unit_number(raw: str) -> str | None:
    """28 characters, printed in four groups."""
    found = re.search(r"[0-9]{12}[A-Z]{2}[0-9]{5}[A-Z][0-9]{8}", re.sub(r"[^0-9A-Z]", "", plain(raw)))
    return found[0] if found else None


def area(raw: str) -> str | None:
    """Square metres, of the building where the land's stands beside it."""
    compact = plain(raw)
    figures = re.findall(r"(建筑面积)?[^0-9]{0,3}([0-9]+(?:\.[0-9]+)?)", compact)
    return next((figure for of_building, figure in figures if of_building), figures[0][1] if figures else None)


def licence_class(raw: str) -> str | None:
    """GA 801 classes, several without anything between."""
    found = re.search(r"(?<![A-Z])(?:[AB][1-3]|C[1-6]|[DEFMNP])+(?![A-Za-z0-9])", plain(raw))
    return found[0] if found else None


def han(raw: str) -> str | None:
    found = re.search(r"[一-鿿]+", plain(raw))
    return found[0] if found else None


def bank(raw: str) -> str | None:
    found = re.search(r"[一-鿿]{2,14}(?:银行|信用社|信用联社)", plain(raw))
    return found[0] if found else None


def party(raw: str) -> str | None:
    """A person or a body: what precedes it in Latin letters is the label's translation."""
    return re.sub(r"^[A-Za-z.:\s]+", "", plain(raw)) or None


def located(raw: str) -> str | None:
    return address(party(raw) or "")


def until(raw: str) -> str | None:
    """The end of a term: the last date, or that it has none."""
    compact = plain(raw).replace("·", ".")
    if re.search(r"长期|永久|无固定期限", compact):
        return FOREVER
    found = [day for each in re.findall(DATE, compact) if (day := date(each))]
    return found[-1] if found else None


CLEANERS: Mapping[str, Cleaner] = {
    "text": text,
    "name": name,
    "sex": sex,
    "ethnicity": ethnicity,
    "date": date,
    "span_from": span_from,
    "span_to": span_to,
    "until": until,
    "id_number": id_number,
    "number": number,
    "digits": digits,
    "phone": phone,
    "authority": authority,
    "address": address,
    "located": located,
    "party": party,
    "han": han,
    "capital": capital,
    "credit_code": credit_code,
    "vin": vin,
    "engine": engine,
    "plate": plate,
    "card_number": card_number,
    "bank": bank,
    "licence_class": licence_class,
    "marriage_number": marriage_number,
    "birth_number": birth_number,
    "property_number": property_number,
    "unit_number": unit_number,
    "area": area,
}
PLACES = frozenset({"address", "located"})
"""Types whose values begin with a region of the table of places (`preaudit.addresses`)."""
PROOFS: Mapping[str, Callable[[str], bool]] = {
    "id_number": id_number_valid,
    "credit_code": credit_code_valid,
    "vin": vin_valid,
    "card_number": bank_card_valid,
}
"""Types whose values carry a check digit: where it holds, the reading is proven."""


def as_read(raw: str, value: str) -> str | None:
    """What stood where the check digit proved `value`, if look-alikes had to be put right in it; None if nothing had."""
    compact, length = re.sub(r"[^0-9A-Za-z|×]", "", plain(raw)), len(value)
    stretches = [compact[at : at + length] for at in range(len(compact) - length + 1)]
    if not stretches or value in (each.upper() for each in stretches):
        return None
    return min(stretches, key=lambda each: sum(a != b for a, b in zip(each.upper(), value, strict=True)))


def type_of(field: str) -> str:
    """What a form's field is, by its name: forms declare names, not types."""
    if field.endswith(DATE_SUFFIXES):
        return "date"
    for ending, kind in (
        ("id_number", "id_number"),
        ("phone", "phone"),
        ("mobile", "phone"),
        ("sex", "sex"),
        ("address", "address"),
    ):
        if field.endswith(ending):
            return kind
    return "text"
