"""Values cleaned by what they are. Each cleaner takes what was read and gives the contract's form, or None.

A reading is corrected only where a check digit proves the correction: nothing is guessed.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping

from .validators import FOREVER, id_number_valid, parse_date

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
TRADITIONAL = str.maketrans("漢滿壯", "汉满壮")  # the recogniser knows both and prints what blurred strokes look like
DATE = r"(?:[0-9]{4}[.\-/年][0-9]{1,2}[.\-/月][0-9]{1,2}日?|[0-9]{8})"
DATE_SUFFIXES = ("_date", "_on", "valid_from", "valid_to", "date")
Cleaner = Callable[[str], str | None]


def plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).strip(":：_-—.,;，。、|")


def text(raw: str) -> str | None:
    return plain(raw) or None


def name(raw: str) -> str | None:
    found = re.search(r"[㐀-鿿〇\U00020000-\U000323af]+(?:[·•・.．‧][㐀-鿿]+)*", plain(raw))
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
    return re.sub(r"[^0-9A-Za-z一-鿿㐀-䶿()\-#/·]", "", plain(raw)) or None


CLEANERS: Mapping[str, Cleaner] = {
    "text": text,
    "name": name,
    "sex": sex,
    "ethnicity": ethnicity,
    "date": date,
    "span_from": span_from,
    "span_to": span_to,
    "id_number": id_number,
    "number": number,
    "phone": phone,
    "authority": authority,
    "address": address,
}


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
