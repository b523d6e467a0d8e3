"""The story, step by step. Each step is a function from the stage to one line for the terminal; `STORY` is the order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cases.deadlines import beijing_day
from workers.demo.client import Api, Json, StepFailed, wait_for
from workers.demo.photos import MEDIA_TYPES, Photos

READ_SECONDS = 180.0
"""A page takes a second or two; a reader that was killed in between costs half a minute and its models again."""
SOON_SECONDS = 120.0
SEAL = "FQ-20260001"
DAYS_AHEAD = 15


@dataclass
class Stage:
    """Who takes part, and what the story has come to."""

    service: str
    courier: Api
    desk: Api
    departments: dict[str, Api]
    photos: Photos
    item: str
    partner: str | None = None
    resident: Api = field(default_factory=lambda: Api("", {}))
    number: str = ""
    guide: Json = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/api/v1/cases/{self.number}"

    @property
    def desk_path(self) -> str:
        return f"/desk/api/cases/{self.number}"

    def case(self) -> Json:
        return self.resident.get(self.path)

    def until(self, *states: str) -> Json:
        return wait_for(f"state {' or '.join(states)}", self.case, lambda c: c["state"] in states, SOON_SECONDS)


@dataclass(frozen=True)
class Step:
    stage: str
    title: str
    do: Callable[[Stage], str]


def log_in(s: Stage) -> str:
    session = Api(s.service, {}).post("/api/v1/session", code=f"dev:{s.photos.applicant['name']}", platform="embedded")
    s.resident = Api(s.service, {"Authorization": f"Bearer {session['token']}"})
    return f"居民已登录，会话有效期至 {session['ends_at']}"


def read_guide(s: Stage) -> str:
    s.guide = s.resident.get(f"/api/v1/items/{s.item}")
    return f"{s.guide['name']}（{s.item}）：共 {len(s.guide['materials'])} 种材料"


PLACES = {"440105": ("广东省", "广州市", "海珠区"), "510107": ("四川省", "成都市", "武侯区")}
CHANNELS = ("miniapp", "counter")
"""As the item allows: what is not applied for on a phone is entered at the window."""


def open_case(s: Stage) -> str:
    who = s.photos.applicant
    kind = who.get("kind", s.guide["applicants"][0])
    applicant = {"kind": kind, "name": who["name"], "id_number": who["id_number"], "phone": who["phone"]}
    channel = next((c for c in CHANNELS if c in s.guide["channels"]), s.guide["channels"][0])
    opened = s.resident.write(
        "/api/v1/cases",
        item=s.item,
        answers=_usual_answers(s),
        applicant=applicant,
        address=_address(s),
        channel=channel,
    )
    s.number = opened["case"]
    by_window = "" if channel == "miniapp" else "（该事项不在手机上申请，由窗口录入）"
    wanted = "、".join(m["name"] for m in opened["materials"])
    return f"办件编号：{s.number}{by_window}，{opened['state_label']}，需要：{wanted}"


def _address(s: Stage) -> Json:
    who = s.photos.applicant
    place = PLACES.get(s.item[:6], PLACES["440105"])
    detail = who.get("address", "江南大道中258号")
    for part in place:
        detail = detail.removeprefix(part)
    named = dict(zip(("province", "city", "county"), place, strict=True))
    return named | {"detail": detail, "contact": who["name"], "phone": who["phone"]}


def _usual_answers(s: Stage) -> Json:
    """No to every yes-or-no, the first of every choice, where the pictures come without answers."""
    guide = s.guide or s.resident.get(f"/api/v1/items/{s.item}")
    usual = {q["key"]: False if q["type"] == "bool" else (q["choices"] or [""])[0] for q in guide["questions"]}
    return usual | {key: value for key, value in s.photos.answers.items() if key in usual}


def send_bad(s: Stage) -> str:
    if not s.photos.bad:
        return "没有准备拍坏的照片，跳过"
    key, file = next(iter(s.photos.bad.items()))
    page = _upload(s, key, file)
    told = _read(s, key, page)
    if not told["findings"]:
        raise StepFailed(f"{file.name} was taken for a good picture")
    s.resident.delete(f"{s.path}/pages/{page}")
    return f"{_name(s, key)}：" + "；".join(f"{f['message']}。{f['advice']}" for f in told["findings"])


def send_good(s: Stage) -> str:
    wanted = [m["key"] for m in s.case()["materials"] if m["key"] in s.photos.good]
    if not wanted:
        raise StepFailed(f"none of the pictures is named after a material: {', '.join(s.photos.good)}")
    pages = {key: _upload(s, key, s.photos.good[key]) for key in wanted}
    read = {key: _read(s, key, page) for key, page in pages.items()}
    seen = (f"{_name(s, k)}→{p['kind']}" + ("（有问题）" if p["findings"] else "") for k, p in read.items())
    return "；".join(seen)


def _upload(s: Stage, key: str, file: Path) -> str:
    added = s.resident.upload(f"{s.path}/materials/{key}/pages", file, MEDIA_TYPES[file.suffix.lower()])
    return str(added["id"])


def _read(s: Stage, key: str, page: str) -> Json:
    """The page, once it has been read."""

    def page_now() -> Json:
        pages = [p for m in s.case()["materials"] if m["key"] == key for p in m["pages"] if p["id"] == page]
        return pages[0] if pages else {"state": "gone"}

    return wait_for(
        f"page of {key} to be read", page_now, lambda p: p["state"] not in ("uploaded", "gone"), READ_SECONDS
    )


def _name(s: Stage, key: str) -> str:
    return next((str(m["name"]) for m in s.guide["materials"] if m["key"] == key), key)


def submit(s: Stage) -> str:
    s.resident.write(f"{s.path}/submit")
    judged = s.until("in_review", "preaudit_passed", "returned", *MOVING, "concluded", "delivered")
    return f"机器预审完成：{judged['state_label']}"


MOVING = ("received", "accepted", "processing", "approved")
"""An instant case that nobody doubts goes through these by itself."""


def goes_by_itself(s: Stage) -> bool:
    """即办件: whether no person is needed any more; waits for it to come to its end then."""
    if s.guide["kind"] != "instant" or s.desk.get(s.desk_path)["findings"]:
        return False
    return bool(s.until("in_review", "concluded", "delivered")["state"] != "in_review")


def review(s: Stage) -> str:
    """A person looks at what the machine doubts, accepts it with a note and closes the review."""
    state = s.case()["state"]
    if state == "returned":
        raise StepFailed("the machine returned the case: " + "；".join(_sentences(s.case()["correction"]["findings"])))
    if state != "in_review":
        return "全部材料确定无误，无需人工预审"
    return looked_at(s)


def looked_at(s: Stage) -> str:
    s.desk.write(f"{s.desk_path}/claim")
    answer_alike(s)
    seen = s.desk.get(s.desk_path)
    doubted = list(dict.fromkeys(f["material"] for f in seen["findings"] if f["material"]))
    for key in doubted:
        s.desk.write(f"{s.desk_path}/materials/{key}/decision", decision="accept", note="已与申请人电话核实，系笔误")
    s.desk.write(f"{s.desk_path}/preaudit", decision="pass")
    return "工作人员核对：" + "；".join(_sentences(seen["findings"])) + f"→{s.case()['state_label']}"


def answer_alike(s: Stage) -> None:
    """The same person's other cases, and papers that stand in them too, are in order."""
    for question in s.desk.get(f"{s.desk_path}/duplicates")["questions"]:
        if question["state"] == "open":
            s.desk.write(f"{s.desk_path}/duplicates/{question['id']}", answer="in_order")


def _sentences(findings: Sequence[Json]) -> list[str]:
    return [f["message"] for f in findings]


def pack(s: Stage) -> str:
    """What goes into the envelope, and under which seal; label and manifest are made from it."""
    lines = [{"key": o["key"]} for o in s.case()["originals"]]
    packed = s.resident.write(f"{s.path}/packing", seal=SEAL, lines=lines)
    return f"封装 {len(lines)} 件，封签号 {SEAL}，标签编码 {packed['parcels'][0]['label']}"


def book_collection(s: Stage) -> str:
    return _book(s, "collection")


def book_delivery(s: Stage) -> str:
    return _book(s, "delivery")


def _book(s: Stage, leg: str) -> str:
    """The second window offered, so that it is a choice."""
    windows = [w for w in s.resident.get(f"{s.path}/windows", leg=leg)["windows"] if s.partner in (None, w["partner"])]
    if not windows:
        raise StepFailed(f"no window is offered for {leg}" + (f" by {s.partner}" if s.partner else ""))
    chosen = windows[min(1, len(windows) - 1)]
    s.resident.write(f"{s.path}/bookings", leg=leg, window=chosen["id"])
    booked = wait_for("the courier's answer", lambda: _leg(s, leg), _answered, SOON_SECONDS)
    if booked["booking"]["state"] != "booked":
        raise StepFailed(f"the booking is {booked['booking']['state_label']}: {booked['booking']['reason']}")
    b = booked["booking"]
    return f"{b['partner_name']}，{b['window']['label']}，运单号 {b['waybill']}"


def _answered(leg: Json) -> bool:
    return leg["booking"] is not None and leg["booking"]["state"] not in ("requested", "unknown")


def _leg(s: Stage, leg: str) -> Json:
    found = [x for x in s.case()["legs"] if x["leg"] == leg]
    if not found:
        raise StepFailed(f"the case has no {leg} leg")
    newest: Json = found[-1]
    return newest


def collect(s: Stage) -> str:
    """The courier comes: one push doubled, two in the wrong order."""
    sent = _push(s, "collection", ["courier_assigned"], times=2)
    turned = _push(s, "collection", ["picked_up", "in_transit"], order="reversed")
    sent += turned + _push(s, "collection", ["out_for_delivery", "delivered"])
    leg = wait_for("the papers at the office", lambda: _leg(s, "collection"), _is("delivered"), SOON_SECONDS)
    holders = "、".join(f"{o['name']}{o['where']}" for o in s.case()["originals"])
    again = len(sent) - len({p["op_code"] for p in sent})
    return f"收到推送{len(sent)}次（{again}次重复、{len(turned)}次乱序）→{leg['state_label']}；{holders}"


def deliver(s: Stage) -> str:
    _push(s, "delivery", ["courier_assigned", "picked_up"])
    _push(s, "delivery", ["in_transit", "out_for_delivery"], order="reversed")
    _push(s, "delivery", ["delivered"], times=2)
    done = s.until("delivered")
    return f"{_leg(s, 'delivery')['state_label']}→{done['state_label']}；原件回到" + "、".join(
        sorted({o["holder_label"] for o in done["originals"] if o["use"] == "show"})
    )


def _push(s: Stage, leg: str, events: list[str], **how: object) -> list[Json]:
    """What the courier sent, each taken by the service."""
    waybill = _leg(s, leg)["booking"]["waybill"]
    sent: list[Json] = s.courier.post(f"/control/orders/{waybill}/advance", events=events, **how)["pushes"]
    lost = [p for p in sent if p["status"] != 200]
    if lost:
        raise StepFailed(f"the service did not take a push of the courier: {lost[0]}")
    return sent


def _is(state: str) -> Callable[[Json], bool]:
    return lambda leg: bool(leg["state"] == state)


def confirm_originals(s: Stage) -> str:
    manifest = s.case()["originals"]
    received = [{"key": o["key"], "copies": o["copies"], "condition": "good"} for o in manifest]
    after = s.desk.write(f"{s.desk_path}/originals", seal=SEAL, received=received)
    return f"封签 {SEAL} 完好，清点 {len(received)} 件，与清单一致→{after['state_label']}"


ENDED = ("concluded", "delivering", "delivered")
BY_ITSELF = "即办件，机器核验全部确定，无需人工"


def accept(s: Stage) -> str:
    if goes_by_itself(s):
        return BY_ITSELF
    s.desk.write(f"{s.desk_path}/accept")
    routed = s.until("processing")
    due = routed["deadlines"]
    return f"{routed['state_label']}：承诺 {due['promised']}，法定 {due['statutory']}"


def decide(s: Stage) -> str:
    """Every department finds its own part in its own list and decides it; parts that wait for others come later."""
    if s.case()["state"] in ENDED:
        return BY_ITSELF
    done: list[str] = []
    while s.case()["state"] == "processing":
        done += _decide_open(s)
    return "部门办理 " + "→".join(done) + f"→{s.case()['state_label']}"


def _decide_open(s: Stage) -> list[str]:
    """Whoever leads a step that several decide together comes last."""
    opened = [a for a in s.desk.get(s.desk_path)["assignments"] if a["state"] == "open"]
    opened.sort(key=lambda a: a["joint"] == a["key"])
    if not opened:
        raise StepFailed("no department has anything to decide, and the case is not decided")
    for a in opened:
        system = s.departments.get(a["department"])
        if system is None:
            raise StepFailed(f"no key for department {a['department']}")
        listed = system.get("/desk/api/assignments", department=a["department"])["assignments"]
        mine = next((x for x in listed if x["id"] == a["id"]), None)
        if mine is None:
            raise StepFailed(f"{a['task']} does not stand in the list of {a['department']}")
        system.write(f"/desk/api/assignments/{a['id']}/decision", decision="approve", opinion=f"{a['task']}：同意")
    return ["、".join(f"{a['task']}（{a['department']}）" for a in opened)]


def conclude(s: Stage) -> str:
    if (state := s.case()["state"]) in ENDED:
        return f"{BY_ITSELF}→{s.case()['state_label']}" if state != "delivering" else BY_ITSELF
    after = s.desk.write(f"{s.desk_path}/conclude")
    return f"结果已制作→{after['state_label']}"


def rate(s: Stage) -> str:
    s.resident.write(f"{s.path}/rating", level=1, text="一次都没跑，很方便")
    rating = s.case()["rating"]
    return f"满意度 {rating['level']} 级：{rating['text']}"


def fetch_documents(s: Stage) -> str:
    made = wait_for("every notice as PDF", s.case, lambda c: all(d["ready"] for d in c["documents"]), SOON_SECONDS)
    for d in made["documents"]:
        if not s.resident.get_bytes(f"{s.path}/documents/{d['id']}").startswith(b"%PDF"):
            raise StepFailed(f"{d['title']} is not a PDF")
    return "、".join(d["title"] for d in made["documents"])


# ── where one has to go oneself ──


def book_visit(s: Stage) -> str:
    """The first free hour at an office of the region, so that one trip is enough."""
    offices = s.resident.get("/api/v1/offices", region=s.item[:6])["offices"]
    for office in offices:
        for ahead in range(1, DAYS_AHEAD):
            day = beijing_day(datetime.now(UTC)) + timedelta(days=ahead)
            slots = s.resident.get(f"/api/v1/offices/{office['code']}/slots", day=day.isoformat())["slots"]
            free = next((x for x in slots if x["left"] > 0), None)
            if free is not None:
                body = {"item": s.item, "office": office["code"], "start": free["start"]}
                made = s.resident.write("/api/v1/appointments", **body, phone=s.photos.applicant["phone"])
                return f"{s.guide['in_person']}。已预约：{office['name']}，{made['start']}"
    raise StepFailed("no office of the region has a free hour")


# ── what follows by itself ──


def follow(s: Stage) -> str:
    """Approval has opened the children: nobody applied for them, nothing was handed in again."""
    seen = wait_for("what follows to be opened", lambda: _bundle(s), _all_opened, SOON_SECONDS)
    if wrong := [c for c in seen["children"] if c["how"] != "opened"]:
        raise StepFailed(
            f"{wrong[0]['item_name']}: {wrong[0]['how_label']} {wrong[0]['problem'] or wrong[0]['lacking']}"
        )
    return "、".join(f"{c['item_name']} {c['case']}" for c in seen["children"]) + "，沿用已通过的材料，不再另交"


def _bundle(s: Stage) -> Json:
    return s.resident.get(f"{s.path}/bundle")


def _all_opened(bundle: Json) -> bool:
    return bool(bundle["children"]) and all(c["how"] != "waiting" for c in bundle["children"])


def conclude_children(s: Stage) -> str:
    """Each at its own office: looked at if the machine doubts, accepted, decided, concluded."""
    for child in _bundle(s)["children"]:
        _to_its_end(replace(s, number=child["case"]))
    ended = _bundle(s)["children"]
    return "；".join(f"{c['item_name']}→{c['state_label']}" for c in ended)


def _to_its_end(child: Stage) -> None:
    child.until("in_review", "received", "returned")
    review(child)
    child.until("received")
    accept(child)
    decide(child)
    conclude(child)
    child.until("delivered")


PHOTOGRAPH, PREAUDIT, COLLECT, DECIDE, DELIVER = "拍照上传", "智能预审", "上门收件", "部门办理", "送达评价"
FOLLOW = "一并办理"
STORY = (
    Step(PHOTOGRAPH, "登录", log_in),
    Step(PHOTOGRAPH, "查看办事指南", read_guide),
    Step(PHOTOGRAPH, "填写申请", open_case),
    Step(PHOTOGRAPH, "上传一张拍坏的照片", send_bad),
    Step(PHOTOGRAPH, "重拍并上传全部材料", send_good),
    Step(PREAUDIT, "提交，机器预审", submit),
    Step(PREAUDIT, "人工预审", review),
    Step(COLLECT, "封装原件", pack),
    Step(COLLECT, "预约上门取件", book_collection),
    Step(COLLECT, "快递员取件", collect),
    Step(COLLECT, "窗口清点原件", confirm_originals),
    Step(DECIDE, "受理并分派", accept),
    Step(DECIDE, "各部门作出决定", decide),
    Step(DECIDE, "办结", conclude),
    Step(DELIVER, "预约送达", book_delivery),
    Step(DELIVER, "快递员送达", deliver),
    Step(DELIVER, "领取文书", fetch_documents),
    Step(DELIVER, "评价", rate),
)
BUNDLE = (Step(FOLLOW, "后续事项自动开办", follow), Step(FOLLOW, "后续事项办结", conclude_children))
"""After the story of an item that others follow from."""


VISIT = (
    Step(PHOTOGRAPH, "登录", log_in),
    Step(PHOTOGRAPH, "查看办事指南", read_guide),
    Step(PHOTOGRAPH, "预约到场办理", book_visit),
)
"""Of an item that wants the applicant themselves: one trip, at a time of their own."""
WITH_PAPERS = frozenset({pack, book_collection, collect, confirm_originals})
BY_COURIER = frozenset({book_delivery, deliver})


def plan(guide: Json, answers: Json) -> tuple[Step, ...]:
    """The story that fits an item, as its guide tells it: nothing is packed where no original is asked for, nothing is
    carried home where the result is electronic and there is nothing to give back."""
    if guide["in_person"]:
        return VISIT
    needed = [m for m in guide["materials"] if _applies(m["when"], answers)]
    papers = any(m["original"] != "none" for m in needed)
    home = guide["result"]["form"] == "paper" or any(m["original"] == "show" for m in needed)
    left_out = (frozenset() if papers else WITH_PAPERS) | (frozenset() if home else BY_COURIER)
    follows = [f for f in guide["follow_ons"] if _applies(f["when"], answers)]
    return (*(step for step in STORY if step.do not in left_out), *(BUNDLE if follows else ()))


def _applies(when: Json, answers: Json) -> bool:
    """As `cases.items.applies`: each answer is the one that is named, or among those."""
    return all(answers.get(k) in v if isinstance(v, list) else answers.get(k) == v for k, v in when.items())


def story_of(s: Stage) -> tuple[Step, ...]:
    """Asked of the service: what the item wants, with these answers."""
    s.guide = Api(s.service, {}).get(f"/api/v1/items/{s.item}")
    return plan(s.guide, _usual_answers(s))
