"""What is held about a person, whole: every row of every table that is about them, with its seals opened.

Every table is answered for: about whom it is, or why it is about nobody, or why it is not handed out. Left out of every
row are keys and hashes that open or find something and tell nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Table, or_, select

from storage.plain import to_plain
from storage.sealed import Sealed
from storage.tables import bookings, cases, metadata, pages
from storage.unit import AnyRow, Unit


class About(StrEnum):
    """How a table's rows are somebody's."""

    PERSON = "person"
    """By a column that names the person."""
    CASE = "case"
    PAGE = "page"
    BOOKING = "booking"


_BY_COLUMN: Mapping[str, str] = {
    "persons": "id",
    "cases": "owner",
    "consents": "person",
    "sessions": "holder",
    "pickups": "person",
    "uploads": "person",
    "agent_points": "person",
}
_BY_CASE = [
    "appointments",
    "assignments",
    "bookings",
    "bundle_children",
    "case_figures",
    "complaints",
    "corrections",
    "credit_notes",
    "documents",
    "entrustments",
    "grid_tasks",
    "drops",
    "hand_overs",
    "incidents",
    "inquiries",
    "kiosk_sessions",
    "legs",
    "materials",
    "notices",
    "originals",
    "order_figures",
    "outgoing_messages",
    "pages",
    "parcels",
    "ratings",
    "specials",
    "transfers",
    "truths",
    "waivers",
    "agent_lines",
    "decision_files",
]
_BY_PAGE = ("checked_fields", "readings")
_BY_BOOKING = ("courier_events", "booking_aliases", "wrong_proofs")
WITHHELD: Mapping[str, str] = {
    "claim_losses": "工作人员之间的工作提示",
    "clock_requests": "部门之间尚未作出决定的内部请示",
    "follow_ups": "对服务质量的内部回访记录",
    "judgements": "机器判断的内部统计",
    "doubts": "机器判断的内部统计",
    "legal_holds": "调查、诉讼期间的内部措施",
    "one_time_codes": "验证码的校验值，不能还原",
    "picture_hashes": "图片的校验值，不能还原",
    "proposals": "尚未作出决定的内部意见",
    "rectifications": "对工作人员的内部整改",
    "samples": "质量抽查的内部记录",
    "sampling_shares": "质量抽查的内部记录",
    "strays": "收件箱内信件的内部登记",
    "twin_answers": "涉及他人信息",
    "twins": "涉及他人信息",
    "urges": "工作人员之间的工作提示",
    "inbox": "快递公司推送的原始报文，内容已在寄递记录中列出",
    "answers": "为防止重复提交而暂存的答复，内容已在其他各项中列出",
    "jobs": "后台任务的编号，没有内容",
    "jobs_over": "后台任务的编号，没有内容",
    "audit": "防篡改的办理记录，见“办理过程”和“谁看过我的信息”",
    "outgoing_deliveries": "部门之间的通知的发送记录",
    "outgoing_attempts": "部门之间的通知的发送记录",
    "agent_batches": "代办点的批次编号",
}
"""About somebody, and not handed out, with the reason they are told."""
OF_NOBODY = frozenset(
    [
        "api_keys",
        "appointment_slots",
        "audit_anchors",
        "audit_heads",
        "box_rounds",
        "box_warnings",
        "calendar_days",
        "case_counters",
        "coverage",
        "deletions",
        "department_endpoints",
        "department_systems",
        "devices",
        "doomed_blobs",
        "drop_boxes",
        "figure_changes",
        "figure_days",
        "figure_month_totals",
        "figure_months",
        "figure_office_days",
        "figure_office_hours",
        "figure_office_months",
        "figure_office_thirds",
        "figure_office_year_hours",
        "figure_office_years",
        "figure_sums",
        "figure_thirds",
        "figure_totals",
        "figure_years",
        "grid_workers",
        "item_backtests",
        "item_drafts",
        "items",
        "meters",
        "misses",
        "offices",
        "oidc_logins",
        "partner_health",
        "platform_tokens",
        "point_agents",
        "processes",
        "record_checks",
        "settings",
        "staff",
        "supervision_versions",
        "thresholds",
        "truth_counts",
    ]
)
"""About things, sums, or our own staff."""
_SILENT = frozenset(
    {"seq", "token_hash", "id_number_index", "phone_index", "code_index", "platform_user_index", "sha256", "blob",
     "picture", "photo", "dedupe", "counted", "perceptual_hash", "version", "hash", "mac"}
)  # fmt: skip
"""Columns that open or find something and tell nothing."""


@dataclass(frozen=True)
class Section:
    """Rows of one table, as plain values by column."""

    table: str
    rows: Sequence[Mapping[str, Any]]


def about(table: Table) -> About | None:
    """None: about nobody, or withheld. Raises `KeyError` for a table that nobody has answered for."""
    name = table.name
    if name in _BY_COLUMN:
        return About.PERSON
    for how, names in ((About.CASE, _BY_CASE), (About.PAGE, _BY_PAGE), (About.BOOKING, _BY_BOOKING)):
        if name in names:
            return how
    if name in WITHHELD or name in OF_NOBODY:
        return None
    raise KeyError(f"{name}: say in storage.holdings whether it is about a person")


def held_about(tx: Unit, person: str) -> Iterator[Section]:
    """Everything, table by table; only those that hold something."""
    for table in metadata.sorted_tables:
        how = about(table)
        rows = tx.all(select(table).where(_mine(table, how, person))) if how else ()
        if rows:
            yield Section(table.name, [_opened(tx, table, row) for row in rows])


def _mine(table: Table, how: About, person: str) -> ColumnElement[bool]:
    numbers = select(cases.c.number).where(cases.c.owner == person)
    if how is About.PERSON:
        return table.c[_BY_COLUMN[table.name]] == person
    if how is About.PAGE:
        return table.c.page_id.in_(select(pages.c.id).where(pages.c.case_number.in_(numbers)))
    if how is About.BOOKING:
        return table.c.booking_id.in_(select(bookings.c.id).where(bookings.c.case_number.in_(numbers)))
    theirs = table.c.case_number.in_(numbers)
    return or_(theirs, table.c.person == person) if "person" in table.c else theirs


def _opened(tx: Unit, table: Table, row: AnyRow) -> Mapping[str, Any]:
    sealed = Sealed(table, ())
    shown: dict[str, Any] = {}
    for column in table.columns:
        value = row._mapping[column.name]
        if value is None or column.name in _SILENT:
            continue
        if isinstance(column.type, LargeBinary):
            value = tx.unseal(table, column.name, sealed.row_name(row), value)
        shown[column.name] = to_plain(value)
    return shown
