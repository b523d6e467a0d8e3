"""What is to be mended after acceptance 受理后补正, as the resident sees it: the same list as before acceptance, with the reasons
as they stand now, what came meanwhile among them."""

from cases.demands import demanded, open_demand
from cases.findings import FindingCode, Severity, found
from cases.model import CaseFile, Material
from cases.reasons import code_of
from web import shapes, words
from web.english import NONE, Names

_ADVICE = "请按要求重新提交这份材料。"


def demand_view(file: CaseFile, names: Names = NONE) -> shapes.CorrectionView | None:
    running = open_demand(file)
    if running is None or running.due is None:
        return None
    pages = {d.material: d.page for d in running.demands}
    listed = [_line(m, pages[m.key], names) for m in demanded(file)]
    round_ = file.case.round + 1
    return shapes.CorrectionView(
        round=round_, sent_at=running.started_at, due=running.due, findings=listed, after_acceptance=True
    )


def _line(material: Material, page: str | None, names: Names) -> shapes.FindingView:
    reason = material.reason or ""
    finding = found(
        code_of(reason) or FindingCode.UNREADABLE,
        material=material.key,
        message=reason,
        advice=_ADVICE,
        severity=Severity.FIXABLE,
    )
    message, advice = words.finding_said(finding, names)
    return shapes.FindingView(
        code=finding.code,
        severity=finding.severity,
        material=material.key,
        page=None,
        field=None,
        box=None,
        message=message,
        advice=advice,
        page_id=page,
    )
