"""Small values to judge: readings as a good reader would make them, and an item to judge them against."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cases.findings import Box, Finding, FindingCode
from cases.items import Item, MaterialSpec, item_from
from cases.readings import Confirmed, Field, Line, QualityProblem, Reading
from preaudit.checks import material_check
from preaudit.checks.sight import Sight, sheets_of

TODAY = date(2026, 11, 20)
BOX: Box = ((10, 10), (110, 10), (110, 40), (10, 40))
NAME, ID_NUMBER, PHONE = "王小明", "440106198501010015", "13800138000"
FORM = {"applicant_name": NAME, "id_number": ID_NUMBER, "phone": PHONE, "address": "广州市海珠区某路1号"}


def seen(
    value: str, how: Confirmed = Confirmed.TWO_READERS, confidence: float = 0.98, other: str | None = None
) -> Field:
    return Field(value, confidence, how, BOX, other)


def weak(value: str, confidence: float = 0.7) -> Field:
    return seen(value, Confirmed.ONE_READER, confidence)


def line(text: str, row: int = 0, left: float = 0, confidence: float = 0.98) -> Line:
    top, right = row * 50.0, left + 20.0 * len(text)
    return Line(text, confidence, ((left, top), (right, top), (right, top + 30), (left, top + 30)))


def reading(
    kind: str,
    fields: Mapping[str, str | Field] | None = None,
    texts: Sequence[str] = ("第一行", "第二行", "第三行", "第四行"),
    *,
    sure: float = 0.98,
    problems: Sequence[FindingCode] = (),
    failure: Finding | None = None,
    sha256: str = "",
    perceptual_hash: str = "",
    marks: Mapping[str, Any] | None = None,
    lines: Sequence[Line] | None = None,
    page: int = 1,
) -> Reading:
    return Reading(
        file=f"{kind}.jpg",
        page=page,
        seconds=0.5,
        engine="ppocr",
        rotation=0,
        width=1600,
        height=1000,
        problems=tuple(QualityProblem(code, 1.0, 2.0, True, BOX) for code in problems),
        kind=kind,
        kind_confidence=sure,
        fields={k: v if isinstance(v, Field) else seen(v) for k, v in (fields or {}).items()},
        lines=tuple(lines) if lines is not None else tuple(line(t, i) for i, t in enumerate(texts)),
        sha256=sha256,
        perceptual_hash=perceptual_hash,
        failure=failure,
        marks=marks or {},
    )


def front(**fields: str | Field) -> Reading:
    usual: dict[str, str | Field] = {
        "name": NAME,
        "sex": "男",
        "birth_date": "1985-01-01",
        "id_number": seen(ID_NUMBER, Confirmed.CHECKSUM),
    }
    return reading("id_card_front", usual | fields)


def back(**fields: str | Field) -> Reading:
    usual: dict[str, str | Field] = {
        "authority": "广州市公安局海珠分局",
        "valid_from": "2015-05-01",
        "valid_to": "2035-05-01",
    }
    return reading("id_card_back", usual | fields)


def filled_form(**fields: str | Field) -> Reading:
    usual: dict[str, str | Field] = {
        "applicant_name": weak(NAME),
        "id_number": seen(ID_NUMBER, Confirmed.CHECKSUM),
        "phone": weak(PHONE),
        "address": weak("广州市海珠区某路1号"),
        "reason": weak("遗失"),
        "applied_on": weak("2026-11-01"),
    }
    given = {k: v for k, v in (usual | fields).items() if v != ""}
    lines = [line("社会保障卡补领申请表"), line("申请人签名：", 1), line(NAME, 1, 150)]
    return reading("application_form", given, lines=lines)


def receipt(*more: str) -> Reading:
    return reading("other_paper", {}, ("证件照片数字回执", f"姓名{NAME}", "图像号YB413062590952", *more))


def raw_material(key: str = "paper", document: str = "id_card_front", **more: Any) -> dict[str, Any]:
    usual = {"key": key, "name": f"材料{key}", "document": document, "need": "required", "checks": ["id_number_valid"]}
    return usual | more


def raw_item(**more: Any) -> dict[str, Any]:
    """The smallest item that the linter has nothing to say about."""
    usual: dict[str, Any] = {
        "code": "440105-SHILI",
        "version": 1,
        "name": "示例事项",
        "region": "440105",
        "department": "rsj",
        "kind": "promise",
        "limits": {"statutory_days": 20, "promised_days": 5},
        "materials": [raw_material()],
        "routing": [{"key": "all", "department": "rsj", "days": 5, "task": "审核"}],
        "result": {"name": "结果", "form": "paper", "delivery": ["courier"]},
    }
    return usual | more


def item(**more: Any) -> Item:
    return item_from(raw_item(**more))


def material(key: str = "paper", document: str = "id_card_front", **more: Any) -> MaterialSpec:
    return item(materials=[raw_material(key, document, **more)]).materials[0]


def sight(spec: MaterialSpec, *readings: Reading, form: Mapping[str, str] = FORM, blocked: bool = False) -> Sight:
    return Sight(spec, sheets_of(spec, readings), TODAY, blocked=blocked, form=form)


def run(check: str | dict[str, Any], *readings: Reading, document: str = "id_card_front", **more: Any) -> list[Finding]:
    """One check of one material, over these pages."""
    given = {k: more.pop(k) for k in ("form", "blocked") if k in more}
    spec = material("paper", document, checks=[check], **more)
    found, params = material_check(spec.checks[0])
    return list(found.run(sight(spec, *readings, **given), params))


def codes(findings: Sequence[Finding]) -> list[str]:
    return [str(f.code) for f in findings]


def said(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    """Code and severity, which is what decides."""
    return [(str(f.code), str(f.severity)) for f in findings]
