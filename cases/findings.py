"""Findings 问题: one thing wrong or doubtful, from a closed list of codes, in the resident's words.

`fixable` goes to the resident, `doubtful` to a person of the back office, `refuse` only through a person. Every code
has its severity and its texts here (`CATALOGUE`); a check may give a more exact sentence, never a new code.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

Point = tuple[float, float]
Box = tuple[Point, Point, Point, Point]
"""Four corners, clockwise from the top left of the text, in pixels of the upright picture as uploaded (EXIF applied)."""


class Severity(StrEnum):
    FIXABLE = "fixable"
    DOUBTFUL = "doubtful"
    REFUSE = "refuse"


class FindingCode(StrEnum):
    MISSING_MATERIAL = "missing_material"
    MISSING_PAGE = "missing_page"
    UNREADABLE = "unreadable"
    TOO_SMALL = "too_small"
    BLURRED = "blurred"
    TOO_DARK = "too_dark"
    OVEREXPOSED = "overexposed"
    GLARE = "glare"
    CUT_OFF = "cut_off"
    SCREEN_PHOTO = "screen_photo"
    COPY_NOT_ORIGINAL = "copy_not_original"
    WRONG_DOCUMENT = "wrong_document"
    WRONG_SIDE = "wrong_side"
    DUPLICATE_PAGE = "duplicate_page"
    REUSED_IMAGE = "reused_image"
    FIELD_MISSING = "field_missing"
    FIELD_DOUBTFUL = "field_doubtful"
    ID_NUMBER_INVALID = "id_number_invalid"
    CODE_INVALID = "code_invalid"
    DATE_INVALID = "date_invalid"
    EXPIRED = "expired"
    EXPIRING = "expiring"
    NOT_YET_VALID = "not_yet_valid"
    AGE_OUT_OF_RANGE = "age_out_of_range"
    MISMATCH = "mismatch"
    ISSUER_MISMATCH = "issuer_mismatch"
    MISSING_SEAL = "missing_seal"
    MISSING_SIGNATURE = "missing_signature"
    NOT_FILLED_IN = "not_filled_in"
    TOO_MANY_PAGES = "too_many_pages"
    PASSWORD_PROTECTED = "password_protected"
    DAMAGED_FILE = "damaged_file"
    UNSUPPORTED_FILE = "unsupported_file"
    LOW_CONFIDENCE = "low_confidence"


@dataclass(frozen=True)
class FindingText:
    severity: Severity
    rank: int
    """Most important first: lower comes first in a list."""
    message: str
    advice: str


_F, _D, _R = Severity.FIXABLE, Severity.DOUBTFUL, Severity.REFUSE
CATALOGUE: Mapping[FindingCode, FindingText] = {
    FindingCode.MISSING_MATERIAL: FindingText(_F, 10, "缺少材料", "请拍照上传这份材料。"),
    FindingCode.MISSING_PAGE: FindingText(_F, 11, "材料页数不全", "请补拍缺少的页面。"),
    FindingCode.WRONG_DOCUMENT: FindingText(_F, 12, "拍的不是这份材料", "请看清楚要的是哪份材料，拍对的那份。"),
    FindingCode.WRONG_SIDE: FindingText(_F, 13, "拍摄的是证件的另一面", "请把证件翻面后重新拍摄。"),
    FindingCode.UNSUPPORTED_FILE: FindingText(_F, 14, "文件格式不支持", "请上传照片（JPEG、PNG）或PDF文件。"),
    FindingCode.DAMAGED_FILE: FindingText(_F, 15, "文件已损坏，无法打开", "请重新拍摄或重新导出文件后上传。"),
    FindingCode.PASSWORD_PROTECTED: FindingText(_F, 16, "文件设有密码", "请去除密码后重新上传，或直接拍照上传。"),
    FindingCode.TOO_MANY_PAGES: FindingText(_F, 17, "页数过多", "请只上传所需页面。"),
    FindingCode.UNREADABLE: FindingText(_F, 20, "照片上的字看不清", "请把材料放平，对准光线，重新拍摄。"),
    FindingCode.BLURRED: FindingText(_F, 21, "照片模糊", "请拿稳手机，点按屏幕对焦后重新拍摄。"),
    FindingCode.TOO_SMALL: FindingText(_F, 22, "照片太小，文字不清晰", "请靠近材料拍摄，让材料占满画面。"),
    FindingCode.TOO_DARK: FindingText(_F, 23, "照片太暗", "请在光线充足的地方重新拍摄。"),
    FindingCode.OVEREXPOSED: FindingText(_F, 24, "照片过亮", "请避开强光或关闭闪光灯后重新拍摄。"),
    FindingCode.GLARE: FindingText(_F, 25, "照片反光，遮住了文字", "请换个角度避开反光后重新拍摄。"),
    FindingCode.CUT_OFF: FindingText(_F, 26, "材料边角没有拍全", "请让材料四角都在画面内，重新拍摄。"),
    FindingCode.SCREEN_PHOTO: FindingText(_F, 27, "照片是对着屏幕翻拍的", "请直接拍摄纸质原件。"),
    FindingCode.COPY_NOT_ORIGINAL: FindingText(_F, 28, "上传的是复印件", "请拍摄原件。"),
    FindingCode.DUPLICATE_PAGE: FindingText(_F, 29, "同一页上传了两次", "请删除重复的页面，补拍缺少的页面。"),
    FindingCode.REUSED_IMAGE: FindingText(_D, 30, "照片与其他申请中的照片相同", "请拍摄本次申请的材料原件。"),
    FindingCode.NOT_FILLED_IN: FindingText(_F, 40, "表格没有填完", "请把空着的地方填上，再拍一次。"),
    FindingCode.MISSING_SIGNATURE: FindingText(_F, 41, "缺少签名", "请在签名处签字后重新拍摄。"),
    FindingCode.MISSING_SEAL: FindingText(_F, 42, "缺少盖章", "请盖章后重新拍摄。"),
    FindingCode.FIELD_MISSING: FindingText(_D, 43, "有一项内容没有找到", "请看看照片里这一项拍清楚了没有。"),
    FindingCode.FIELD_DOUBTFUL: FindingText(_D, 44, "有一项内容看不太清", "不用您做什么，工作人员会核对。"),
    FindingCode.ID_NUMBER_INVALID: FindingText(_D, 45, "身份证号码不对", "请对照证件看看号码，再看照片拍清楚了没有。"),
    FindingCode.CODE_INVALID: FindingText(_D, 46, "编号不对", "请对照证件看看编号，再看照片拍清楚了没有。"),
    FindingCode.DATE_INVALID: FindingText(_D, 47, "日期不正确", "请核对日期。"),
    FindingCode.EXPIRED: FindingText(_F, 48, "证件过期了", "请先换新证件，再来申请。"),
    FindingCode.EXPIRING: FindingText(_D, 49, "证件即将到期", "不用您做什么，工作人员会核对。"),
    FindingCode.NOT_YET_VALID: FindingText(_D, 50, "证件还没有生效", "请核对证件的有效期。"),
    FindingCode.AGE_OUT_OF_RANGE: FindingText(_R, 51, "申请人年龄不符合条件", "工作人员会核对能不能办。"),
    FindingCode.MISMATCH: FindingText(_D, 52, "几份材料上写的不一样", "工作人员会核对，要改的会告诉您。"),
    FindingCode.ISSUER_MISMATCH: FindingText(_D, 53, "发证机关不对", "不用您做什么，工作人员会核对。"),
    FindingCode.LOW_CONFIDENCE: FindingText(_D, 60, "有些文字没有把握读对", "不用您做什么，工作人员会核对。"),
}


@dataclass(frozen=True)
class Finding:
    """One problem. `page` counts from 1 within the material; `box` is in pixels of the page as uploaded."""

    code: FindingCode
    severity: Severity
    message: str
    advice: str
    material: str | None = None
    page: int | None = None
    field: str | None = None
    box: Box | None = None
    evidence: Mapping[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def rank(self) -> tuple[int, str, int]:
        return (CATALOGUE[self.code].rank, self.material or "", self.page or 0)


def found(
    code: FindingCode,
    *,
    material: str | None = None,
    page: int | None = None,
    field: str | None = None,
    box: Box | None = None,
    message: str | None = None,
    advice: str | None = None,
    severity: Severity | None = None,
    **evidence: Any,
) -> Finding:
    """A finding with its catalogue texts, unless a more exact sentence is given."""
    text = CATALOGUE[code]
    return Finding(
        code,
        severity or text.severity,
        message or text.message,
        advice or text.advice,
        material,
        page,
        field,
        box,
        evidence,
    )
