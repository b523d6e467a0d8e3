"""The mandate 委托书: the form an applicant signed for their agent. Every case of an agent point may hold it beside the
materials of its item; it is photographed, read and kept like them, and nobody judges by it."""

from cases.items import MaterialSpec, Need, OriginalUse

MANDATE = MaterialSpec(
    key="mandate",
    name="委托书（申请人签名）",
    document="other_paper",
    need=Need.OPTIONAL,
    when={},
    min_pages=1,
    max_pages=1,
    original=OriginalUse.NONE,
    copies=0,
    source="applicant",
    reuse_days=0,
    accept="写明委托谁、办什么事，有申请人签名和日期",
    checks=(),
)
