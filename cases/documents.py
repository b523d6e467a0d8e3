"""What the law wants on paper: the text of each notice at its transition. The PDF is made from it elsewhere."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from cases.deadlines import beijing_day
from cases.effects import Add, Enqueue, JobKind, Outcome
from cases.findings import Finding
from cases.model import CaseFile, Document, Holder, Original
from cases.moment import Moment

TITLES = {
    "receipt": "收件凭证",
    "acceptance": "受理通知书",
    "not_accepted": "不予受理决定书",
    "correction": "补正告知书",
    "deferral": "容缺受理通知书",
    "special": "特别程序告知书",
    "decision": "决定书",
    "delivery": "送达回证",
    "label": "原件寄递标签",
    "manifest": "原件交接清单",
    "loss": "原件遗失情况说明",
    "result": "办理结果（电子件）",
    "form": "申请表（在手机上填写并签名）",
    "extension": "延期办理告知书",
}


def document(file: CaseFile, kind: str, now: Moment, paragraphs: list[str], **extra: Any) -> Outcome:
    """The document as a row and the job that makes its PDF."""
    doc_id = now.new_id()
    serial = 1 + sum(d.kind == kind for d in file.documents)
    made = Document(
        id=doc_id,
        kind=kind,
        number=f"{file.case.number}-{list(TITLES).index(kind) + 1:02d}{serial:02d}",
        title=TITLES[kind],
        made_at=now.at,
        content={"paragraphs": paragraphs, "applicant": file.case.applicant.name, "item": file.item.name, **extra},
    )
    return (Add(made), Enqueue(JobKind.DOCUMENT_MAKE, doc_id, f"document:{doc_id}"))


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else "—"


def receipt_text(file: CaseFile, names: list[str], seal: str | None, excused: Sequence[str] = ()) -> list[str]:
    sealed = f"封签号：{seal}。" if seal else ""
    return [
        f"{file.case.applicant.name}：",
        f"您申请办理“{file.item.name}”（办件编号 {file.case.number}）的纸质原件，我单位已收到，逐项清点无误。{sealed}",
        "收到原件：" + "、".join(names) + "。" if names else "本事项无需提交纸质原件。",
        *(["经核实不再提交：" + "、".join(excused) + "。"] if excused else []),
        "标明“核验后退回”的原件将随办理结果一并寄还。",
    ]


def acceptance_text(file: CaseFile, at: datetime, promised: date, statutory: date) -> list[str]:
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），材料齐全、符合法定形式，"
        f"根据《中华人民共和国行政许可法》第三十二条的规定，我单位于{_day(beijing_day(at))}予以受理。",
        f"法定办结日期：{_day(statutory)}；承诺办结日期：{_day(promised)}（均按工作日计算）。",
    ]


def correction_text(file: CaseFile, findings: tuple[Finding, ...], due: date) -> list[str]:
    names = {m.key: m.name for m in file.materials}
    listed = [
        f"{i}. {names.get(f.material or '', '申请')}{f'第{f.page}页' if f.page else ''}：{f.message}。{f.advice}"
        for i, f in enumerate(findings, 1)
    ]
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），需要补正下列全部内容（一次性告知）：",
        *listed,
        f"请于{_day(due)}前补正。只需重新提交上述材料，其他材料无需再交。",
    ]


def not_accepted_text(file: CaseFile, reason: str) -> list[str]:
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），我单位决定不予受理。理由：{reason}",
        "如不服本决定，可以自收到本决定书之日起六十日内申请行政复议，或者六个月内提起行政诉讼。",
    ]


def decision_text(file: CaseFile, approved: bool) -> list[str]:
    opinions = [f"{a.task}（{a.department}）：{a.opinion}" for a in file.assignments if a.opinion]
    said = f"予以办理，结果为“{file.item.result.name}”。" if approved else "不予办理。"
    remedy = (
        [] if approved else ["如不服本决定，可以自收到本决定书之日起六十日内申请行政复议，或者六个月内提起行政诉讼。"]
    )
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），经审查，{said}",
        *opinions,
        *remedy,
    ]


def special_text(file: CaseFile, kind: str, reason: str, days: int | None = None) -> list[str]:
    needed = f"所需时间为{days}个工作日，自今日起算；" if days else ""
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），需要进行{kind}。理由：{reason}",
        f"{needed}根据《中华人民共和国行政许可法》第四十五条的规定，所需时间不计入办理期限。",
    ]


def extension_text(file: CaseFile, days: int, reason: str, promised: date | None, statutory: date | None) -> list[str]:
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），在规定期限内不能作出决定。理由：{reason}",
        f"根据《中华人民共和国行政许可法》第四十二条的规定，经负责人批准，延长办理期限{days}个工作日。",
        f"延长后的承诺办结日期：{_day(promised)}；法定办结日期：{_day(statutory)}。",
    ]


def delivery_proof(file: CaseFile, at: datetime, how: str, now: Moment) -> Outcome:
    """送达回证. When and how it was delivered is also kept apart from its text."""
    return document(file, "delivery", now, delivery_text(file, at, how), at=at.isoformat(), how=how)


def delivery_text(file: CaseFile, at: datetime, how: str) -> list[str]:
    return [
        f"办件编号：{file.case.number}；事项：{file.item.name}。",
        f"送达结果：{file.item.result.name}；受送达人：{file.case.applicant.name}；送达方式：{how}；"
        f"送达日期：{_day(beijing_day(at))}。",
    ]


def result_text(file: CaseFile, at: datetime) -> list[str]:
    """The result itself, where it is not on paper."""
    return [
        f"{file.item.result.name}",
        f"{file.case.applicant.name}申请的“{file.item.name}”（办件编号 {file.case.number}），"
        f"经审查符合规定，已于{_day(beijing_day(at))}办结。",
        "本结果为电子件，不另发纸质件；可以凭办件编号在办事窗口核验。",
    ]


def loss_text(file: CaseFile, lost: Sequence[Original], reason: str) -> list[str]:
    where = "寄递途中" if any(o.holder is Holder.COURIER for o in lost) else "我单位保管期间"
    listed = "；".join(f"{o.name}，{o.copies}份" for o in lost)
    return [
        f"{file.case.applicant.name}：",
        f"您为办理“{file.item.name}”（办件编号 {file.case.number}）交来的下列原件，在{where}遗失：{listed}。",
        f"经过：{reason}",
        "您可以凭本说明向原发证机关申请补办，我单位协助办理，所需费用由责任方承担。补办后请通过本办件补寄，"
        "也可以要求退还其他原件、终止办理或者要求赔偿。",
        "特此说明。",
    ]
