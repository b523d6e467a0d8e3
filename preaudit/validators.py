"""Numbers and dates printed on Chinese documents: is this one possible?

Pure functions over text, each with the standard it follows. `…_valid` answers yes or no; `…_problem` says in the
resident's words what is wrong. A code that merely went out of use (a county that was merged) is a warning, never a
refusal. Nothing here looks anything up: a possible number may still belong to nobody.
"""

import re
import unicodedata
from datetime import date
from itertools import product

from stdnum import luhn
from stdnum.cn import uscc

from preaudit.places_of_codes import PROVINCES as CODES
from preaudit.places_of_codes import was_ever

PROVINCES = frozenset({*CODES, "71", "81", "82", "83"})
"""GB/T 2260, with Taiwan, Hong Kong, Macao and 83, the residence permits of people from Taiwan. A leading 9 is the permanent
residence card for foreigners, whose 18 digits since 2023 keep the birth date and the check digit where the resident card
has them."""
PROVINCE_SIGNS = "".join(province.sign for province in CODES.values())
FOREVER = "长期"
SECOND_GENERATION = date(2004, 1, 1)
"""Before this no card of the present kind was issued (居民身份证法 in force 2004-01-01)."""

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK = "10X98765432"
_HAN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0}


def plain(text: str) -> str:
    """Half-width, upper case, without white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).upper()


# ── resident identity number, GB 11643-1999 ─────────────────────────────────────────────────────────────────────


def normal_id_number(text: str) -> str:
    return plain(text).replace("×", "X")


def _id_check_digit(first_17: str) -> str:
    return _ID_CHECK[sum(w * int(d) for w, d in zip(_ID_WEIGHTS, first_17, strict=True)) % 11]


def birth_date_of(id_number: str) -> date | None:
    """The birth date in digits 7 to 14, or None where there is no such day."""
    number = normal_id_number(id_number)
    return _day(number[6:10], number[10:12], number[12:14]) if len(number) == 18 else None


def sex_of(id_number: str) -> str | None:
    """男 where digit 17 is odd."""
    number = normal_id_number(id_number)
    if len(number) != 18 or not _ascii_digits(number[:17]):
        return None
    return "男" if int(number[16]) % 2 else "女"


def id_number_problem(id_number: str, today: date | None = None) -> str | None:
    """What is wrong with it, or None. Without `today` a birth date in the future is not noticed."""
    number = normal_id_number(id_number)
    if re.fullmatch(r"[0-9]{15}", number):
        return "15位身份证号码已于2013年1月1日停止使用，请提供18位公民身份号码。"
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return "公民身份号码应为18位，前17位是数字，末位是数字或X。"
    if number[:2] not in PROVINCES and number[0] != "9":
        return "公民身份号码的前两位不是有效的省级代码。"
    birth = birth_date_of(number)
    if birth is None:
        return "公民身份号码中的出生日期不存在。"
    if today is not None and birth > today:
        return "公民身份号码中的出生日期晚于今天。"
    if _id_check_digit(number[:17]) != number[17]:
        return "身份证号码的最后一位不对。"
    return None


def id_number_valid(id_number: str, today: date | None = None) -> bool:
    return id_number_problem(id_number, today) is None


def id_number_warning(id_number: str) -> str | None:
    """Codes of counties change and retired ones stay on cards, so only a code that never was is remarked on."""
    number = normal_id_number(id_number)
    if len(number) == 18 and number[:2] in CODES and (number[4:6] == "00" or not was_ever(number[:6])):
        return "公民身份号码中的市县代码不常见。"
    return None


def age_on(birth: date, day: date) -> int:
    """Full years 周岁. Born on 29 February: older on 1 March in ordinary years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def validity_span_problem(start: date, end: date | None, birth: date | None = None) -> str | None:
    """The validity of a resident card, 居民身份证法 art. 5. `end` None is 长期.

    5 years if issued under 16, 10 at 16 to 25, 20 at 26 to 45, for good from 46.
    """
    if start < SECOND_GENERATION:
        return "有效期起始日期早于第二代居民身份证启用时间。"
    years = _whole_years(start, end) if end else 0
    if years not in (0, 5, 10, 20):
        return "有效期限应为5年、10年、20年或长期。"
    if birth is None:
        return None
    if start < birth:
        return "有效期起始日期早于出生日期。"
    if years != _years_for_age(age_on(birth, start)):
        return "有效期限与持证人领证时的年龄不符。"
    return None


def _years_for_age(age: int) -> int:
    """0 stands for 长期."""
    return 5 if age < 16 else 10 if age < 26 else 20 if age < 46 else 0


def _whole_years(start: date, end: date) -> int:
    """Years between, or -1 if not whole. From 29 February an end on 28 February or 1 March is whole."""
    same_day = (start.month, start.day) == (end.month, end.day)
    leap = (start.month, start.day) == (2, 29) and (end.month, end.day) in ((2, 28), (3, 1))
    return end.year - start.year if same_day or leap else -1


def authority_plausible(text: str) -> bool:
    """签发机关: a public security bureau or a branch of one."""
    return re.fullmatch(r"[\u4e00-\u9fff]{2,20}?(公安局|分局)([\u4e00-\u9fff]{1,10}分局)?", plain(text)) is not None


def name_plausible(text: str) -> bool:
    """A person's name on a Chinese document: two or more Han characters, minority names joined by ·."""
    han = r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U000323af〇]"
    return re.fullmatch(rf"{han}+(·{han}+)*", normal_name(text)) is not None and len(normal_name(text)) >= 2


def normal_name(text: str) -> str:
    return re.sub(r"[•・‧∙．.]", "·", re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)))


# ── other numbers ───────────────────────────────────────────────────────────────────────────────────────────────


def credit_code_valid(code: str) -> bool:
    """Unified social credit code, GB 32100-2015."""
    return bool(uscc.is_valid(plain(code)))


def bank_card_valid(number: str) -> bool:
    """Luhn, 16 to 19 digits. A few old cards do not satisfy it: a reason to look, not to refuse."""
    number = plain(number)
    return re.fullmatch(r"[0-9]{16,19}", number) is not None and bool(luhn.is_valid(number))


_VIN_VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))  # fmt: skip
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def vin_valid(vin: str) -> bool:
    """Vehicle identification number, GB 16735: 17 characters without I, O, Q; check digit in position 9."""
    vin = plain(vin)
    if not re.fullmatch(r"[0-9A-HJ-NPR-Z]{17}", vin):
        return False
    values = (int(c) if c in "0123456789" else _VIN_VALUES[c] for c in vin)
    return "0123456789X"[sum(w * v for w, v in zip(_VIN_WEIGHTS, values, strict=True)) % 11] == vin[8]


_PLATES = (
    rf"[{PROVINCE_SIGNS}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}[A-HJ-NP-Z0-9挂学警港澳]",
    rf"[{PROVINCE_SIGNS}][A-Z][A-HJK][A-HJ-NP-Z0-9][0-9]{{4}}",  # new energy, small
    rf"[{PROVINCE_SIGNS}][A-Z][0-9]{{5}}[A-HJK]",  # new energy, large
)


def plate_valid(plate: str) -> bool:
    """Vehicle plate, GA 36: ordinary 7 characters, new energy 8."""
    plate = re.sub(r"[·•.]", "", plain(plate))
    return any(re.fullmatch(p, plate) for p in _PLATES)


def marriage_number_form(number: str) -> str | None:
    """`new` (J110101-2010-000001; L divorce, BJ and BL reissued), `old` (free forms before it), or None."""
    number = plain(number)
    if re.fullmatch(r"B?[JL][0-9]{6}-[0-9]{4}-[0-9]{6}", number):
        return "new"
    return "old" if re.fullmatch(r"[\u4e00-\u9fff]{1,8}字第?[0-9]{4,12}号?", number) else None


def marriage_number_year_fits(number: str, registered_on: date) -> bool:
    """The year inside a first-issue number is that of registration; a reissue (B…) carries its own year."""
    number = plain(number)
    if marriage_number_form(number) != "new" or number.startswith("B"):
        return True
    return int(number.split("-")[1]) == registered_on.year


def property_number_form(number: str) -> str | None:
    """`new` 不动产权证书 (2015 on), `mortgage` 不动产登记证明, `old` 房产证 (still valid), or None."""
    number = plain(number)
    kind = {"不动产权第": "new", "不动产证明第": "mortgage"}
    for word, form in kind.items():
        found = re.fullmatch(rf"[{PROVINCE_SIGNS}]\((20[0-9]{{2}})\).{{1,12}}?{word}([0-9]{{6,8}})号", number)
        if found:
            return form if int(found[1]) >= 2015 else None
    old = r"[0-9]{6,12}|.{0,8}(房权证|房地证|房产证|房地权证).{0,10}?第?[0-9A-Z-]{4,20}号?"
    return "old" if "不动产" not in number and re.fullmatch(old, number) else None


def unit_number_valid(number: str) -> bool:
    """不动产单元号, 28 characters (GB/T 37346): region 6, cadastral area 3 and sub-area 3, kind of parcel 2, parcel 5, kind of
    fixture 1, fixture 8."""
    return re.fullmatch(r"[0-9]{12}[GJZ][A-Z][0-9]{5}[FLQW][0-9]{8}", plain(number)) is not None


def birth_number_form(number: str) -> str | None:
    """`new`: 出生医学证明编号, a letter for the edition and nine digits. Nothing else is known of its making."""
    return "new" if re.fullmatch(r"[A-Z][0-9]{9}", plain(number)) else None


def mobile_valid(number: str) -> bool:
    return re.fullmatch(r"1[3-9][0-9]{9}", re.sub(r"^\+?86(?=1)", "", plain(number).replace("-", ""))) is not None


# ── machine-readable zone, ICAO 9303 part 4 (TD3) ───────────────────────────────────────────────────────────────

_MRZ_CONFUSED = {"O": "0", "0": "O", "I": "1", "1": "I", "B": "8", "8": "B", "S": "5", "5": "S", "Z": "2", "2": "Z"}


def mrz_check_digit(text: str) -> int:
    """Weights 7 3 1; digits count as themselves, A to Z as 10 to 35, `<` as 0."""
    values = (0 if c == "<" else int(c, 36) for c in text)
    return sum(v * (7, 3, 1)[i % 3] for i, v in enumerate(values)) % 10


def mrz_field_valid(text: str, digit: str) -> bool:
    return re.fullmatch(r"[0-9A-Z<]+", text) is not None and str(mrz_check_digit(text)) == digit


def mrz_repaired(text: str, digit: str) -> str | None:
    """`text` with at most two characters swapped for what recognition confuses them with, so that the check digit
    holds. None if nothing fits, or if more than one repair of the same size does."""
    if mrz_field_valid(text, digit):
        return text
    options = [(c, _MRZ_CONFUSED[c]) if c in _MRZ_CONFUSED else (c,) for c in text]
    if sum(len(o) > 1 for o in options) > 12:
        return None
    fitting = [made for made in map("".join, product(*options)) if mrz_field_valid(made, digit)]
    for changes in (1, 2):
        near = [made for made in fitting if sum(a != b for a, b in zip(made, text, strict=True)) == changes]
        if near:
            return near[0] if len(near) == 1 else None
    return None


def mrz_line_valid(line: str) -> bool:
    """The second line of a passport: number, birth, expiry, optional data and the composite digit."""
    if not re.fullmatch(r"[0-9A-Z<]{44}", line):
        return False
    optional_holds = mrz_field_valid(line[28:42], line[42].replace("<", "0"))
    composite = line[0:10] + line[13:20] + line[21:43]
    parts_hold = all(mrz_field_valid(text, digit) for text, digit in _mrz_parts(line))
    return parts_hold and optional_holds and mrz_field_valid(composite, line[43])


def _mrz_parts(line: str) -> tuple[tuple[str, str], ...]:
    """Number, birth and expiry, each with its check digit."""
    return (line[0:9], line[9]), (line[13:19], line[19]), (line[21:27], line[27])


def is_passport_line(text: str) -> bool:
    """Whether recognised text is the second line of a passport: as it stands, or with the characters that recognition
    confuses put right where number, birth and expiry then all hold. By chance: one line in thousands, of 44 characters."""
    line = re.sub("[«《〈‹≪＜く]", "<", plain(text).replace("«", "<<"))
    if len(line) < _MRZ_LEAST or not re.fullmatch(r"[0-9A-Z<]+", line[:28]):
        return False
    digits = str.maketrans("OIBSZ", "01852")
    repaired = (mrz_repaired(text, digit.translate(digits)) for text, digit in _mrz_parts(line[:28]))
    return mrz_line_valid(line) or all(repaired)


_MRZ_LEAST = 40  # of 44: recognition drops fillers at the end


# ── dates ───────────────────────────────────────────────────────────────────────────────────────────────────────

_DATE_FORMS = (
    r"([0-9]{4})[.\-/年]([0-9]{1,2})[.\-/月]([0-9]{1,2})日?",
    r"([0-9]{4})([0-9]{2})([0-9]{2})",
)


def _ascii_digits(text: str) -> bool:
    return re.fullmatch(r"[0-9]+", text) is not None


def _day(year: str, month: str, day: str) -> date | None:
    if not _ascii_digits(year + month + day):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _han_number(text: str) -> str:
    """二十一 → 21, 十 → 10, 〇五 → 05; a year is read digit by digit."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return f"{_HAN_DIGITS.get(tens, 1)}{_HAN_DIGITS.get(ones, 0)}"
    return "".join(str(_HAN_DIGITS.get(c, c)) for c in text)


def _from_han(text: str) -> date | None:
    digit = "[" + "".join(_HAN_DIGITS) + "]"
    found = re.fullmatch(rf"({digit}{{4}})年((?:{digit}|十){{1,2}})月((?:{digit}|十){{1,3}})日", text)
    return _day(*map(_han_number, found.groups())) if found else None


def parse_date(text: str) -> date | None:
    """2010.05.01, 2010-05-01, 2010/5/1, 2010年5月1日, 20100501 or 二〇一〇年五月一日; None if it is no such day."""
    compact = plain(text)
    for form in _DATE_FORMS:
        found = re.fullmatch(form, compact)
        if found:
            return _day(*found.groups())
    return _from_han(compact)
