"""The words for what programs say, in the language of the answer: who holds a paper, what happened in a case, which
partner carries.

States have their Chinese beside their tables in `cases.lifecycle`. Here is one sentence for every audit action that a
case can have; a test compares this page with the code of `cases`. English: `web.english`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from cases.appointments import APPOINTMENT
from cases.called import english_names
from cases.care import COMPLAINT, COMPLAINT_KINDS
from cases.couriers import Unable
from cases.deadlines import BEIJING
from cases.documents import TITLES
from cases.findings import CATALOGUE, Finding
from cases.incidents import OTHER, RULES, SETTLEMENT_LABELS
from cases.items import Item, Kind, MaterialSpec, Need, OriginalUse, PaidBy
from cases.items import in_english as item_in_english
from cases.lifecycle import BOOKING, CASE, INCIDENT, LEG_LABELS, MATERIAL, PAGE, CaseState
from cases.model import Direction, Holder, Incident, Window
from cases.sentences import MONTHS, say
from cases.waived import INQUIRY
from courier import windows
from courier.registry import labels
from web.english import CODES, FINDINGS, HAN, NONE, Names, in_english
from web.labels import Labels
from web.speaking import english

DIRECTIONS = Labels("direction", {Direction.COLLECTION: "取件（上门收原件）", Direction.DELIVERY: "送达（寄送结果）"})
HOLDERS = Labels(
    "holder",
    {
        Holder.RESIDENT: "申请人",
        Holder.COURIER: "快递员",
        Holder.OFFICE: "办事窗口",
        Holder.DEPARTMENT: "业务部门",
    },
)
HELD_BY = Labels(
    "held_by",
    {
        Holder.RESIDENT: "在您手中",
        Holder.COURIER: "在快递员处",
        Holder.OFFICE: "在办事窗口",
        Holder.DEPARTMENT: "在业务部门处",
    },
)
CONDITIONS = Labels("condition", {"good": "完好", "worn": "有磨损", "damaged": "破损"})
NEEDS = Labels("need", {Need.REQUIRED: "要交", Need.OPTIONAL: "有就交", Need.DEFERRABLE: "可以后补"})
ORIGINAL_USES = Labels(
    "original_use",
    {
        OriginalUse.COLLECT: "原件由窗口收走",
        OriginalUse.SHOW: "原件看过后还给您",
        OriginalUse.NONE: "拍照就行",
    },
)
ALERTS = Labels(
    "alert",
    {
        "outcome_unknown": "预约结果不明，请电话核实",
        "cancel_too_late": "取消未成功，快递员可能已揽收",
        "cancelled_but_moving": "预约已取消，包裹仍在运输",
        "recipient_unconfirmed": "未由本人签收",
        "awaiting_collection": "包裹在自提点等待领取",
        "delivered_while_returning": "退回途中显示已签收",
        "moving_after_end": "签收或退回后仍有运输记录",
        "pickup_reversed": "快递公司撤销了揽收记录",
        "delivery_reversed": "快递公司撤销了签收记录",
        "reversal_without_target": "撤销的记录不存在",
        "unknown_code": "收到无法识别的状态",
        "earlier_attempt_moving": "前一次预约的包裹仍在运输",
        "waybill_changed": "运单号已变更",
    },
)
PAYERS = Labels("payer", {PaidBy.OFFICE: "免费，由办事窗口支付", PaidBy.RESIDENT: "由申请人支付快递费"})
UNABLE = Labels(
    "unable",
    {
        Unable.WAY: "该事项的结果不以这种方式送达",
        Unable.PAYER: "不支持该事项的付费方式",
        Unable.VALUE: "不支持该事项要求的保价",
        Unable.ADDRESSEE: "不能核验本人签收",
        Unable.NOT_COVERED: "该地址不在服务范围内",
        Unable.DOWN: "暂时无法联系，请稍后再试或选择其他方式",
    },
)
UNCONFIRMED = "该地址能否上门未能核实，预约后由对方确认；如不能上门，将自动改由其他方式或通知您重新选择。"
_PLAIN: Mapping[CaseState, str] = {
    CaseState.DRAFT: "还没有提交",
    CaseState.SUBMITTED: "已提交，正在看材料",
    CaseState.IN_REVIEW: "工作人员在看材料",
    CaseState.RETURNED: "有材料要补",
    CaseState.PREAUDIT_PASSED: "材料通过",
    CaseState.COLLECTING: "正在取原件",
    CaseState.CORRECTION_EXPIRED: "没有按时补，已结束",
    CaseState.ABORTED: "已由窗口终止",
}
"""What residents are told where the office's own word is one of the trade."""
CASES = Labels("case", {**CASE.labels, **_PLAIN})
MATERIALS = Labels("material", MATERIAL.labels)
PAGES = Labels("page", PAGE.labels)
LEGS = Labels("leg", LEG_LABELS)
BOOKINGS = Labels("booking", BOOKING.labels)
INCIDENTS = Labels("incident", INCIDENT.labels)
INCIDENT_KINDS = Labels("incident_kind", {**{kind: rule.label for kind, rule in RULES.items()}, "other": OTHER.label})
SETTLEMENTS = Labels("settlement", SETTLEMENT_LABELS)
INQUIRIES = Labels("inquiry", INQUIRY.labels)
COMPLAINTS = Labels("complaint", COMPLAINT.labels)
COMPLAINT_KIND_LABELS = Labels("complaint_kind", COMPLAINT_KINDS)
APPOINTMENTS = Labels("appointment", APPOINTMENT.labels)
DOCUMENTS = Labels("document", TITLES)
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_TITLES: Names = {title: CODES["document"].get(kind, title) for kind, title in TITLES.items()}
KINDS = Labels("kind", {Kind.INSTANT: "即办件", Kind.PROMISE: "承诺件"})
ACTORS = Labels(
    "actor",
    {"resident": "申请人", "agent": "代办点", "staff": "工作人员", "system": "系统", "partner": "寄递伙伴"},
)

_TIMELINE: Mapping[str, str] = {
    "case_opened": "创建申请",
    "case_submit": "提交申请",
    "case_expire": "很久没有提交，申请已结束",
    "case_withdraw": "撤回申请",
    "code_sent": "向申请人发送验证码",
    "authority_proven": "记录申请人的代办授权",
    "applicant_identified": "核对申请人身份",
    "phone_given": "填写手机号码",
    "case_handed_over": "办件转到申请人自己的账户",
    "case_entrusted": "申请人委托代办点继续办理",
    "authority_withdrawn": "申请人撤回委托",
    "agent_looked": "代办点的同事查看",
    "case_pass": "材料通过",
    "case_return": "有材料要补",
    "case_doubt": "转给工作人员看材料",
    "case_not_accept": "不予受理",
    "case_correction_timeout": "没有按时补材料，申请已结束",
    "case_collect": "快递员已预约，等待上门取件",
    "case_collection_failed": "上门取件未成功，请重新预约",
    "case_receive": "窗口已接件",
    "case_accept": "予以受理",
    "case_route": "转部门办理",
    "case_approve": "审批通过",
    "case_refuse": "审批不通过",
    "case_abort": "异常终止",
    "case_conclude": "办结",
    "case_dispatch": "结果寄出",
    "case_hand_over": "结果已送达",
    "case_delivery_failed": "送达未成功，请重新预约",
    "case_delivery_reversed": "快递更正了签收记录，继续送达",
    "case_closed": "办件归档",
    "case_judged": "材料自动核对完",
    "case_routed": "分给部门办理",
    "clocks_started": "开始计算办理期限",
    "page_uploaded": "上传材料",
    "page_read": "材料读完了",
    "page_unfolded": "多页文件拆分为单页",
    "page_removed": "删除材料页",
    "page_given_up": "材料看不清",
    "fields_checked": "申请人核对并更正了识读内容",
    "applicant_corrected": "申请人更正了所填信息",
    "form_signed": "申请人在手机上填表并签名",
    "late_form_dropped": "迟到的电子申请表未采用",
    "late_reading_dropped": "迟到的识读结果未采用",
    "late_verdict_dropped": "迟到的预审结果未采用",
    "claim_taken_away": "主管收回领取",
    "case_marked_test": "标记为测试办件或改回",
    "material_decided": "工作人员看了材料",
    "review_closed": "工作人员看完材料",
    "fields_verified": "工作人员核对了识读内容",
    "case_judged_again": "按核对后的内容重新核对材料",
    "case_sampled": "抽中人工复核",
    "sample_closed": "人工复核完成",
    "correction_notice_sent": "发出补正告知书",
    "refusal_proposed": "提出不予认可，等待第二人复核",
    "refusal_answered": "第二人已复核",
    "duplicate_answered": "答复疑似重复",
    "misuse_settled": "主管核实疑似冒用",
    "courier_requested": "预约快递员",
    "courier_booked": "快递员预约成功",
    "courier_refused": "快递公司未能接单，请另选时段",
    "courier_changed": "已改由其他寄递方式上门",
    "courier_window_moved": "快递公司确认了新的上门时间",
    "courier_settled": "工作人员已向快递公司核实预约结果",
    "courier_alert_closed": "工作人员已处理快递异常",
    "courier_outcome_unknown": "正在核实预约结果",
    "courier_order_void": "预约未成立，请重新预约",
    "courier_cancel_requested": "申请取消预约",
    "courier_cancelled": "预约已取消",
    "courier_not_needed": "原件已通过其他途径送到，已取消快递员上门",
    "courier_did_not_come": "快递员未按时上门，请重新预约",
    "courier_alert": "快递异常提醒",
    "joined_pickup": "几件一起取",
    "left_pickup": "不再一起取",
    "receipt_asked": "快递由他人代收，请确认本人是否收到",
    "receipt_confirmed": "已确认本人收到",
    "receipt_denied": "申请人表示没有收到，正在查找",
    "receipt_unanswered": "申请人未答复是否收到，由工作人员核实",
    "leg_moved": "包裹有新进展",
    "envelope_missing": "收件箱内没有找到信封，请核实后重新投箱",
    "envelope_unannounced": "收件箱内发现本案信封，窗口核实中",
    "envelope_sorted": "信封已到窗口分拣",
    "originals_handed_over": "原件交接",
    "originals_differ": "原件与清单不一致，等待核实",
    "originals_packed": "原件已装袋",
    "parcel_photographed": "拍摄装袋照片",
    "originals_lost": "确认原件遗失，已出具情况说明",
    "transfer_offered": "原件移交，等待签收",
    "transfer_settled": "原件移交有结果",
    "incident_opened": "原件异常登记",
    "incident_moved": "原件异常处理进展",
    "incident_settled": "原件异常办结",
    "incident_escalated": "原件异常处理超时，已转主管督办",
    "compensated": "原件损失已赔偿",
    "assignment_decided": "部门作出决定",
    "special_started": "启动特别程序",
    "special_ended": "特别程序结束",
    "demand_made": "受理后需要补正材料，办理时限暂停",
    "demand_came": "补正材料已交来，待工作人员核对",
    "demand_returned": "补正材料要重新交",
    "demand_decided": "工作人员看了补正材料",
    "demand_reminded": "提醒补正材料",
    "demand_late": "补正期限已过，办理时限继续计算",
    "demand_expired": "确认逾期未补正，终止办理",
    "decision_file_added": "部门上传决定附件",
    "decision_file_checked": "决定附件已检查",
    "decision_file_removed": "部门删除决定附件",
    "clock_asked": "部门申请特别程序或延期，待批准",
    "clock_settled": "特别程序或延期的申请有结果",
    "case_extended": "办理期限延长",
    "decision_waits": "各部门均已同意，等待特别程序结束",
    "assignment_rerouted": "部门任务重新分派",
    "assignment_late": "部门办理超过时限，已督促",
    "assignments_withdrawn": "各部门停止办理",
    "received_for_another": "通办窗口代收原件",
    "seen_at_window": "通办窗口查看办件",
    "result_issued": "结果已制作",
    "case_promise_broken": "容缺材料逾期未补，终止办理",
    "bundle_started": "一并办理的后续事项开始办理",
    "child_opened": "后续事项已自动开办",
    "child_not_opened": "后续事项未能自动开办",
    "child_tried_again": "重新开办后续事项",
    "opened_in_a_bundle": "由主事项自动开办，沿用已通过的材料",
    "deferred_accepted": "补交的容缺材料已通过",
    "deferred_returned": "补交的容缺材料要重新交",
    "deferred_doubted": "补交的容缺材料待工作人员核对",
    "deferred_decided": "工作人员看了补交的容缺材料",
    "promises_kept": "容缺材料已全部补齐",
    "deferral_reminded": "提醒补交容缺材料",
    "promise_late": "承诺的补交日期已过",
    "promise_broken": "确认未按承诺补交，记录失信",
    "promise_repaired": "失信记录已修复",
    "deadline_passed": "办理时间已过，已提醒工作人员",
    "rated": "评价服务",
    "urged": "已催促尽快办理",
    "urge_acknowledged": "催促已收到",
    "material_waived": "使用已有的材料，免提交",
    "inquiry_authorised": "授权向主管部门核验材料",
    "registry_asked": "向主管部门查询",
    "inquiry_answered": "主管部门核验有结果",
    "waiver_taken_back": "撤回使用已有材料",
    "personal_data_erased": "个人信息已删除",
    "personal_data_shown": "工作人员查看完整个人信息",
    "job_released": "搁置的后台任务重新开始",
    "job_buried": "搁置的后台任务已结束",
    "upload_infected": "文件中查出病毒，没有打开",
    "infection_dealt_with": "工作人员处理了带毒文件",
}
TIMELINE = Labels("timeline", _TIMELINE)
INTERNAL = frozenset({"late_reading_dropped", "late_verdict_dropped", "clocks_started"}) | frozenset(
    {"claim_taken_away", "case_marked_test", "urge_acknowledged"}
    | {"refusal_proposed", "refusal_answered", "duplicate_answered", "misuse_settled"}
    | {"clock_asked", "clock_settled", "assignment_rerouted", "seen_at_window"}
    | {"decision_file_added", "decision_file_checked", "decision_file_removed"}
    | {"job_released", "job_buried", "upload_infected", "infection_dealt_with"}
)
"""Kept in the record, of no use to a resident."""
NOT_AT_THE_DESK = frozenset({"rated"})
"""Whoever worked on a case hears nothing of what its resident says of that work."""


def said(text: str, names: Names = NONE) -> str:
    """A sentence in the language of the answer. What has no English is somebody's own words, and stays as it is."""
    if not english():
        return text
    made = in_english(text, {**_TITLES, **names})
    return made[:1].upper() + made[1:] if made else text


def perhaps(text: str | None, names: Names = NONE) -> str | None:
    return said(text, names) if text else text


_USUAL = frozenset(text for each in CATALOGUE.values() for text in (each.message, each.advice))


def finding_said(finding: Finding, names: Names = NONE) -> tuple[str, str]:
    """What is wrong, and what to do."""
    if not english():
        return finding.message, finding.advice
    message, advice = FINDINGS[finding.code]
    return _or_usual(finding.message, message, names), _or_usual(finding.advice, advice, names)


def _or_usual(text: str, usual: str, names: Names) -> str:
    """The English of a text. One that somebody wrote, or that was kept before its pattern was, is quoted behind the usual
    sentence of its finding."""
    if text in _USUAL:
        return usual
    made = said(text, names)
    return f"{usual.removesuffix('.')}: “{text}”" if made == text and HAN.search(text) else made


def names_of(item: Item) -> Names:
    """Chinese → English for whatever the item gives a name. Nothing where nobody asks for English."""
    return english_names(item) if english() else NONE


def shown_item(item: Item) -> Item:
    """With its texts in the language of the answer. For showing only."""
    return item_in_english(item) if english() else item


def called(spec: MaterialSpec) -> str:
    """A paper's name."""
    return str(spec.en.get("name", spec.name)) if english() else spec.name


def said_all(value: Any, names: Names = NONE) -> Any:
    """Every text in it, where there are words for it."""
    if not english():
        return value
    if isinstance(value, Mapping):
        return {name: said_all(each, names) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [said_all(each, names) for each in value]
    return said(value, names) if isinstance(value, str) and HAN.search(value) else value


def incident_kind(incident: Incident) -> str:
    kind = incident.kind if incident.kind in RULES else "other"
    return INCIDENT_KINDS[kind]


def window_label(window: Window) -> str:
    """1月5日（周一）14:00–16:00, Mon 5 Jan 14:00–16:00"""
    if not english():
        return windows.Window(window.start, window.end, window.start).label()
    start, end = window.start.astimezone(BEIJING), window.end.astimezone(BEIJING)
    return f"{_WEEKDAYS[start.weekday()]} {start.day} {MONTHS[start.month - 1][:3]} {start:%H:%M}–{end:%H:%M}"


def told(action: str, detail: Mapping[str, Any], names: Names = NONE) -> str:
    """One line of the timeline. An action without a sentence (none: see the test) is told by its name."""
    label = TIMELINE.get(action, action)
    added = _added(action, detail, names)
    return said(say("{label}：{added}", label=label, added=added)) if added else label


def _added(action: str, detail: Mapping[str, Any], names: Names) -> str:
    match action:
        case "leg_moved":
            to = str(detail.get("to", ""))
            return LEGS.get(to, to)
        case "case_routed":
            return listed(str(r.get("task", "")) for r in detail.get("to", ()))
        case "assignment_decided":
            return said(str(detail.get("task", "")), names)
        case "courier_requested" | "courier_booked":
            return DIRECTIONS.get(str(detail.get("direction", "")), "")
        case "courier_changed":
            return partner_name(str(detail.get("to", "")))
        case "originals_handed_over":
            return passed(str(detail.get("from", "")), str(detail.get("to", "")))
        case _:
            return ""


def listed(texts: Iterable[str], names: Names = NONE) -> str:
    """甲、乙, one after the other."""
    return (", " if english() else "、").join(said(text, names) for text in texts)


def passed(giver: str, taker: str) -> str:
    """申请人→快递员"""
    return said(say("{giver}→{taker}", giver=HOLDERS.get(giver, ""), taker=HOLDERS.get(taker, "")))


def actor_label(kind: str, on_behalf_of: str | None) -> str:
    """Who acted: people of an agent point are told apart from those of the office."""
    helps = kind == "staff" and (on_behalf_of or "").startswith("point:")
    return ACTORS.get("agent" if helps else kind, kind)


def partner_name(partner: str) -> str:
    return Labels("partner", labels()).get(partner, partner)


def masked_id(number: str) -> str:
    """`440105********1234`: region and the last four; short ones keep nothing but their length."""
    if len(number) < 12:
        return "*" * len(number)
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def masked_phone(phone: str) -> str:
    """`138****5678`"""
    return phone[:3] + "****" + phone[-4:] if len(phone) >= 8 else "*" * len(phone)
