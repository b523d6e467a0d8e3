"""What the law wants on paper: the text of each notice at its transition. The PDF is made from it elsewhere."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from cases.clocks import Demand
from cases.deadlines import beijing_day
from cases.effects import Add, Enqueue, JobKind, Outcome
from cases.findings import Finding
from cases.lifecycle import CaseState, MaterialState
from cases.model import CaseFile, Document, Holder, Material, Original
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
    "termination": "终止办理决定书",
}
REFERENCES = {
    "receipt": "收",
    "acceptance": "受",
    "not_accepted": "不受",
    "correction": "补",
    "deferral": "容",
    "special": "特",
    "decision": "决",
    "delivery": "送",
    "loss": "遗",
    "result": "果",
    "extension": "延",
    "termination": "终",
}
"""The word of a letter's 文号. What has none (labels, manifests, forms) is no letter of the office: nobody verifies it."""
_CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
"""Five bits a letter: eighty bits, which nobody guesses; written in fours so that they can be typed off a paper."""


def document(file: CaseFile, kind: str, now: Moment, paragraphs: list[str], **extra: Any) -> Outcome:
    """The document as a row and the job that makes its PDF."""
    doc_id = now.new_id()
    serial = 1 + sum(d.kind == kind for d in file.documents)
    is_letter = kind in REFERENCES
    said = {"reference": _reference(file, kind, serial, now)} if is_letter else {}
    made = Document(
        id=doc_id,
        kind=kind,
        number=f"{file.case.number}-{list(TITLES).index(kind) + 1:02d}{serial:02d}",
        title=TITLES[kind],
        made_at=now.at,
        content={
            "paragraphs": paragraphs, "applicant": file.case.applicant.name, "item": file.item.name, **said, **extra
        },
        code=_code(now) if is_letter else None,
    )  # fmt: skip
    return (Add(made), Enqueue(JobKind.DOCUMENT_MAKE, doc_id, f"document:{doc_id}"))


def title_of(made: Document) -> str:
    """As it stands on the paper: a decision says which way it went."""
    if made.kind != "decision" or "approved" not in made.content:
        return made.title
    return "准予办理决定书" if made.content["approved"] else "不予办理决定书"


def _reference(file: CaseFile, kind: str, serial: int, now: Moment) -> str:
    """文号: the word, the year, the region, the case's month, day and number in it, and which of its kind."""
    number = file.case.number
    return f"{REFERENCES[kind]}〔{now.today.year}〕{number[:6]}-{number[10:20]}-{serial}号"


def _code(now: Moment) -> str:
    """Of two fresh identities, through a hash: their clock does not show."""
    digest = int.from_bytes(hashlib.sha256(f"{now.new_id()}{now.new_id()}".encode()).digest())
    return "".join(_CODE_LETTERS[digest >> 5 * i & 31] for i in range(CODE_LENGTH))


def code_of(typed: str) -> str | None:
    """A code as it may be typed off a paper, with spaces and in small letters; None: it can be none."""
    plain = "".join(c for c in typed.upper() if c not in " -·").translate(str.maketrans("OIL", "011"))
    return plain if len(plain) == CODE_LENGTH and not set(plain) - set(_CODE_LETTERS) else None


def in_fours(code: str) -> str:
    return " ".join(code[i : i + 4] for i in range(0, len(code), 4))


class Standing(StrEnum):
    """Whether a letter still says what is so."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"


STANDING_LABELS = {
    Standing.VALID: "有效",
    Standing.SUPERSEDED: "已被新的文书取代",
    Standing.REVOKED: "已失效",
}
_NEWEST_COUNTS = frozenset({"receipt", "acceptance", "deferral", "correction", "delivery", "result"})
_ENDED_WITH_THE_CASE = frozenset({"acceptance", "deferral", "decision", "result"})


def standing(file: CaseFile, made: Document) -> Standing:
    """Derived from the case, so that nobody has to remember to mark a paper."""
    if made.kind in _NEWEST_COUNTS and [d for d in file.documents if d.kind == made.kind][-1].id != made.id:
        return Standing.SUPERSEDED
    if made.kind in _ENDED_WITH_THE_CASE and any(d.kind == "termination" for d in file.documents):
        return Standing.REVOKED
    if made.kind == "delivery" and file.case.state is not CaseState.DELIVERED:
        return Standing.REVOKED  # the courier took it back
    return Standing.VALID


_REMEDY = "如不服本决定，可以自收到本决定书之日起六十日内申请行政复议，或者六个月内提起行政诉讼。"


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


def acceptance_text(file: CaseFile, at: datetime, promised: date | None, statutory: date | None) -> list[str]:
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），材料齐全、符合法定形式，"
        f"根据《中华人民共和国行政许可法》第三十二条的规定，我单位于{_day(beijing_day(at))}予以受理。",
        f"法定办结日期：{_limit(statutory)}；承诺办结日期：{_limit(promised)}（均按工作日计算）。",
    ]


def _limit(day: date | None) -> str:
    return _day(day) if day else "不设时限"


def deferral_text(file: CaseFile) -> list[str]:
    """What is to come, by when and how, and what if not."""
    awaited = [m for m in file.materials if m.state is MaterialState.DEFERRED and m.defer_until]
    listed = [f"{i}. {m.name}，{_day(m.defer_until)}前补交。" for i, m in enumerate(awaited, 1)]
    promises = [m.promise for m in awaited if m.promise]
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），主要材料齐全、符合法定形式，下列次要材料暂缺。"
        "根据您的自愿申请和承诺，我单位予以容缺受理：",
        *listed,
        *([f"您的承诺：{'；'.join(promises)}"] if promises else []),
        "补交方式：在小程序中拍照上传，也可以邮寄或者交到受理窗口。办理结果待上述材料补齐并审核通过后送达。",
        "逾期未补交的，我单位将终止办理、退还原件并记录失信情况，由此产生的后果由您自行承担；"
        "失信情况修复前，不再适用容缺受理。",
    ]


def termination_text(file: CaseFile, material: Material, reason: str) -> list[str]:
    """The acceptance falls, because what was promised never came."""
    return [
        f"{file.case.applicant.name}：",
        f"您以容缺方式提出的“{file.item.name}”申请（办件编号 {file.case.number}），承诺于{_day(material.defer_until)}前补交"
        f"“{material.name}”，经提醒至今没有补交。情况说明：{reason}",
        "根据容缺受理通知书和您的承诺，我单位决定终止办理，本办件的受理通知书同时失效，失信情况已经记录。",
        "我单位保管的原件将予以退还。材料齐备后，您可以重新提出申请，已有的材料不用再交。",
        _REMEDY,
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


def demand_text(file: CaseFile, demands: Sequence[Demand], reason: str, days: int, due: date) -> list[str]:
    """补正告知书 of a case that is accepted: everything at once, until when, and that the clocks stand still."""
    names = {m.key: m.name for m in file.materials}
    listed = [f"{i}. {names[d.material]}：{d.reason}" for i, d in enumerate(demands, 1)]
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}）已经受理。办理中发现需要补正下列全部内容（一次性告知）：",
        *listed,
        f"补正的理由：{reason}",
        f"请于{_day(due)}前（{days}个工作日内）在小程序中拍照补正，也可以邮寄或者交到受理窗口；只需提交上述材料。",
        "等待补正的时间不计入办理期限；补正材料审核通过后，办理期限继续计算，剩余期限不变。",
        "逾期没有补正的，办理期限继续计算，我单位可以终止办理并退还原件；材料齐备后，您可以重新提出申请。",
    ]


def expired_text(file: CaseFile, wanted: Sequence[Material], due: date | None, reason: str) -> list[str]:
    """The case ends, because what was to be mended never came."""
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），我单位书面告知应于{_day(due)}前补正"
        f"{'、'.join(f'“{m.name}”' for m in wanted)}，经提醒至今没有补正。情况说明：{reason}",
        "我单位决定终止办理，本办件的受理通知书同时失效。",
        "我单位保管的原件将予以退还。材料齐备后，您可以重新提出申请，已有的材料不用再交。",
        _REMEDY,
    ]


def not_accepted_text(file: CaseFile, reason: str) -> list[str]:
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），我单位决定不予受理。理由：{reason}",
        _REMEDY,
    ]


def decision_text(file: CaseFile, approved: bool) -> list[str]:
    opinions = [f"{a.task}（{a.department}）：{a.opinion}" for a in file.assignments if a.opinion]
    attached = [f for a in file.assignments if a.decided_at for f in file.files_of(a.id)]
    said = f"予以办理，结果为“{file.item.result.name}”。" if approved else "不予办理。"
    remedy = [] if approved else [_REMEDY]
    return [
        f"{file.case.applicant.name}：",
        f"您提出的“{file.item.name}”申请（办件编号 {file.case.number}），经审查，{said}",
        *opinions,
        *(f"附件{i}：{f.name}（SHA-256：{f.sha256}）" for i, f in enumerate(attached, 1)),
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
