"""A house with work in every corner for looking at the desk's pages: long names of items, people and departments, lists of
a thousand, something waiting on every page."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from cases.actions.bundling import record_problem
from cases.actions.deferring import on_promises
from cases.effects import Add, JobKind
from cases.model import CaseNumber, Child
from preaudit.region import region_of
from storage import outgoing
from storage.finding import RegionNames
from storage.outgoing import Attempt
from storage.words import Role
from tests.browser.test_desk import to_review
from tests.browser.test_desk_departments import LOST, TOGETHER, processing
from tests.browser.test_desk_supervision import furnished as late_cases
from tests.browser.test_desk_truth import drawn, kept
from tests.cases.world import ITEM
from tests.web.catalogue_world import CODE, past_case, publish_faultless, works
from tests.web.in_house import Town
from tests.web.test_care import complains, delivered
from tests.web.test_deferrals import overdue
from tests.web.world import PASSWORD, SYSTEM, Caller
from workers.demo.photos import SAMPLES

LONG_ITEM = "国有建设用地使用权及房屋所有权转移登记（存量房买卖，含继承、受遗赠后再转让及共有份额变更的情形）"
LONG_NAME = "古丽巴哈尔·阿不都热合曼·买买提艾力"
LONG_STAFF = "欧阳雨桐（综合窗口第一组组长）"
MANY = 1_200
SAMPLED = "440105-DZYDZ"


@dataclass
class Furniture:
    """What stands where, by the names of the parameters of addresses."""

    values: dict[str, str] = field(default_factory=dict)


def furnish(town: Town, *, many: int = MANY) -> Furniture:
    region = region_of("440105")
    assert region is not None
    with town.database.transaction() as tx:
        tx.put_region_names(RegionNames("440105", region.name, region.departments))
        tx.put_retained_proofs("440105", region.retained_proofs)
    made = Furniture({"item": CODE, "name": "unclaimed", "kind": "id_card_front", "field": "name"})
    _staff(town, made)
    _systems(town, made)
    drawn(town, SAMPLED)
    _review(town, made)
    _departments(town, made)
    _care(town, made)
    late_cases(town)
    _bundle(town, made)
    _drafts(town, made)
    _many(town, made, many)
    return made


def _staff(town: Town, made: Furniture) -> None:
    with town.database.transaction() as tx:
        for place in range(24):
            name = LONG_STAFF if place == 0 else f"样本{place}号"
            person, _ = tx.staff.add(
                f"staff-{place:02d}", name, PASSWORD, roles=frozenset({Role.CLERK, Role.INTAKE, Role.PRE_AUDITOR}),
                departments=frozenset({"rsj", "gaj"}), actor=SYSTEM,
            )  # fmt: skip
            made.values.setdefault("person", person.id)


def _systems(town: Town, made: Furniture) -> None:
    with town.database.transaction() as tx:
        book = tx.department_systems
        system = book.add(
            "广州市公安局海珠区分局人口信息综合应用系统（政务数据共享交换前置机）",
            ["gaj"],
            region="440105",
            actor=SYSTEM,
        )
        book.new_key(system, actor=SYSTEM)
        taking, _ = book.add_endpoint(system, "https://oa.gaj.example.gov.cn/zerotrip/news/of/every/case", actor=SYSTEM)
    made.values["endpoint"] = taking.id


def _departments(town: Town, made: Furniture) -> None:
    routing = [*ITEM["routing"], TOGETHER, LOST]
    no = made.values["processing"] = processing(town, routing=routing, name=LONG_ITEM)
    clerk = town.system(Role.CLERK, departments=("gaj",))
    clerk.post(
        f"/desk/api/cases/{no}/extension", days=5, reason="当事人户籍在外省，需要向原籍公安机关发函协查，等待回函"
    )
    with town.database.transaction() as tx:
        for sent in outgoing.deliveries(tx, made.values["endpoint"])[0]:
            for status, problem in ((None, "timeout"), (503, None)):
                outgoing.attempted(tx, sent.id, Attempt(tx.now(), status, problem, 9812))


def _review(town: Town, made: Furniture) -> None:
    publish_long(town)
    no = made.values["no"] = to_review(town)
    one, other = to_review(town), to_review(town)
    kept(town, no)
    auditor = town.system(Role.PRE_AUDITOR)
    for case in (one, other):
        auditor.post(
            f"/desk/api/cases/{case}/materials/form/decision",
            decision="refuse",
            reason="表格上的签名与身份证上的姓名不是同一个人，本人也否认签过",
        )
    deferred = overdue(town, 2)
    town.decide(overdue(town), on_promises)
    made.values["deferred"] = deferred
    made.values["sampled"] = SAMPLED


def publish_long(town: Town) -> None:
    town.publish(version=8, name=LONG_ITEM)


def _care(town: Town, made: Furniture) -> None:
    me = town.resident("chen")
    no = delivered(town, me)
    me.post(f"/api/v1/cases/{no}/rating", level=5, text="窗口来回跑了三趟，没有人说清楚要什么材料。" * 4)
    filed = complains(me, no, text="交了材料两周没有人理，打电话也没有人接。" * 5)
    made.values["complaint"] = filed["id"]
    boss: Caller = town.system(Role.SUPERVISOR)
    made.values["rectification"] = boss.get("/desk/api/rectifications")["rectifications"][0]["id"]


def _bundle(town: Town, made: Furniture) -> None:
    no = made.values["bundle"] = overdue(town, 5)
    for place, item in enumerate(("440105-YSGH", "440105-SHBZK-BL")):
        child = Child(f"child-{no}-{place}", item, town.database.now())
        town.decide(no, lambda _file, _now, child=child: (Add(child),))  # type: ignore[misc]
    first = town.file(no).children[0]
    town.decide(no, lambda file, _now: record_problem(file, first, "没有找到该事项。", {}))


def _drafts(town: Town, made: Furniture) -> None:
    publish_faultless(town, version=21, name=LONG_ITEM)
    past_case(town, (SAMPLES / "id_front.jpg").read_bytes(), width=2000, height=1400)
    manager = town.system(Role.ITEM_MANAGER)
    draft = manager.post("/desk/api/catalogue/drafts", code=CODE)["id"]
    works(town, JobKind.ITEM_LINT)
    manager.post(f"/desk/api/catalogue/drafts/{draft}/backtests")
    works(town, JobKind.ITEM_BACKTEST)
    made.values |= {"draft": draft, "code": CODE}


def _many(town: Town, made: Furniture, many: int) -> None:
    """In one transaction, each as somebody would have handed it in."""
    file = town.file(made.values["no"])
    since = town.database.now() - timedelta(days=2)
    with town.database.transaction() as tx:
        for place in range(many):
            changes: dict[str, Any] = {
                "number": CaseNumber(f"44010520260101{place:06d}1"),
                "opened_at": since,
                "submitted_at": since,
                "deadline_at": since + timedelta(hours=40 + place % 30),
            }
            name = LONG_NAME if place % 3 == 0 else "陈样本"
            changes["applicant"] = replace(file.case.applicant, name=name, id_number=f"44010519800101{place:04d}")
            tx.open_case(replace(file.case, **changes), file.materials)
