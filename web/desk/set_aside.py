"""What the program could not do and leaves to a person: jobs that were set aside, released or buried with a reason, and files
in which the scanner named something. `zerotrip jobs` does the same from the command line."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from cases.effects import JobKind
from storage import set_aside
from storage.session import Transaction
from storage.set_aside import Bury, Infection, Release, SetAside
from web.asks import LARGEST, Write
from web.auth import Desk, requires
from web.doors import Doors, doors
from web.permissions import Permission
from web.shapes import Shape, Time
from web.writing import asked, write

router = APIRouter(prefix="/desk/api", tags=["supervision"])
D = Annotated[Doors, Depends(doors)]
Reader = Annotated[Desk, Depends(requires(Permission.JOB_READ))]
Worker = Annotated[Desk, Depends(requires(Permission.JOB_WORK))]
KINDS: Mapping[JobKind, str] = {
    JobKind.PAGE_READ: "识读一页材料",
    JobKind.CASE_JUDGE: "预审一个办件",
    JobKind.CASE_ROUTE: "转交部门",
    JobKind.COURIER_BOOK: "向寄递伙伴下单",
    JobKind.COURIER_FIND: "核实是否已经下单",
    JobKind.COURIER_CANCEL: "取消寄递",
    JobKind.COURIER_POLL: "查询寄递进度",
    JobKind.COURIER_SUBSCRIBE: "订阅寄递进度",
    JobKind.PICKUP_BOOK: "合并取件下单",
    JobKind.PICKUP_FIND: "核实合并取件",
    JobKind.PICKUP_CANCEL: "取消合并取件",
    JobKind.INBOX_HANDLE: "处理寄递推送",
    JobKind.DOCUMENT_MAKE: "制作文书",
    JobKind.NOTICE_SEND: "发送通知",
    JobKind.REGISTRY_ASK: "向主管部门核验",
    JobKind.WEBHOOK_SEND: "推送部门系统",
    JobKind.BUNDLE_OPEN: "开办联办事项",
    JobKind.COMPLAINT_PICTURE: "打开随附的文件",
    JobKind.ITEM_LINT: "检查事项草稿",
    JobKind.ITEM_BACKTEST: "试运行事项草稿",
}
WHY_RELEASE: Mapping[Release, str] = {
    Release.MENDED: "原因已经排除",
    Release.UPGRADED: "程序已经更新",
    Release.ONCE_MORE: "再试一次",
}
WHY_BURY: Mapping[Bury, str] = {
    Bury.BY_HAND: "已经人工处理",
    Bury.NOT_WANTED: "不再需要",
    Bury.CASE_OVER: "办件已经结束",
    Bury.HARMFUL: "文件有害，不再打开",
}


class JobView(Shape):
    """`error`: what happened last, for whoever runs the service. `alone`: it took whoever did it down, and was tried alone."""

    id: str
    kind: JobKind
    kind_label: str
    error: str
    attempts: int
    alone: bool
    made_at: Time
    since: Time
    case: str | None
    item_name: str | None


class InfectionView(Shape):
    """Of one case. `virus`: as the scanner names it."""

    case: str
    item_name: str
    files: int
    virus: str
    at: Time


class SetAsideView(Shape):
    """`cursor`: where the next page of jobs goes on."""

    jobs: list[JobView]
    cursor: int | None
    infections: list[InfectionView]


class ReleaseAsk(Write):
    reason: Release


class BuryAsk(Write):
    reason: Bury


@router.get("/jobs")
def show_set_aside(me: Reader, d: D, cursor: Annotated[int | None, Query(ge=0, le=LARGEST)] = None) -> SetAsideView:
    """Jobs that wait for a person, the longest first, and cases with infected files."""
    with d.database.reading() as tx:
        return _view(tx, me, cursor)


def _view(tx: Transaction, me: Desk, cursor: int | None = None) -> SetAsideView:
    found, more = set_aside.set_aside(tx, me.scope, cursor)
    infections = set_aside.infections(tx, me.scope)
    return SetAsideView(
        jobs=[_job(one) for one in found], cursor=more, infections=[_infection(one) for one in infections]
    )


@router.post("/jobs/{job}/release")
def release(job: str, ask: ReleaseAsk, me: Worker, d: D) -> SetAsideView:
    """A fresh start. 409: another job does the same work now."""

    def work(tx: Transaction) -> SetAsideView:
        set_aside.release(tx, job, ask.reason, me.actor, me.scope)
        return _view(tx, me)

    return write(d.database, asked(me, ask, "release-job", job), SetAsideView, work)


@router.post("/jobs/{job}/bury")
def bury(job: str, ask: BuryAsk, me: Worker, d: D) -> SetAsideView:
    """It is not done, and has ended."""

    def work(tx: Transaction) -> SetAsideView:
        set_aside.bury(tx, job, ask.reason, me.actor, me.scope)
        return _view(tx, me)

    return write(d.database, asked(me, ask, "bury-job", job), SetAsideView, work)


@router.post("/infections/{no}/dealt-with")
def deal_with(no: str, me: Worker, d: D, ask: Write | None = None) -> SetAsideView:
    """Somebody has looked: what was named in this case's files so far is dealt with."""

    def work(tx: Transaction) -> SetAsideView:
        set_aside.deal_with(tx, no, me.actor, me.scope)
        return _view(tx, me)

    return write(d.database, asked(me, ask, "deal-with-infection", no), SetAsideView, work)


def _job(one: SetAside) -> JobView:
    return JobView(kind_label=KINDS[one.kind], **vars(one))


def _infection(one: Infection) -> InfectionView:
    return InfectionView(**vars(one))
