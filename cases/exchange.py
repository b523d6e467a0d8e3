"""Items 事项 in the fields of the national exchange (up_task_general_*, after GB/T 39046-2020 table 4), there and back.

Names are ours inside and codes at the edge: this table is the edge. What the exchange asks for and an item does not know
(基本编码, 设定依据, 行使层级, …) lies in `Item.national` as it came, so that an item that was imported is exported the same.
What an item knows and the exchange does not (recognisers, checks, questions, routing) is taken from `base`, the version
that is there already, on the way in. Refuses a code outside its table, a text that is too long, and a field it never
heard of, each by its place.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cases.exchange_fields import LISTS, MATERIAL, SECTIONS, ExchangeField
from cases.items import Item, ItemInvalid, Kind, MaterialSpec, Need, OriginalUse

Plain = dict[str, Any]

_NEEDS = {Need.REQUIRED: "1", Need.OPTIONAL: "2", Need.DEFERRABLE: "3"}
_KINDS = {Kind.INSTANT: "1", Kind.PROMISE: "2"}
_APPLICANTS = {"person": "1", "organisation": "2"}
_SOURCES = {"applicant": "10", "issued": "20", "shared": "99"}
_CHANNELS = {"counter": "1", "miniapp": "3", "kiosk": "9"}
_NOT_CERTIFICATES = frozenset({"application_form", "other_paper", "contract", "portrait"})


# ── out ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def item_to_exchange(item: Item, departments: Mapping[str, str] | None = None) -> Plain:
    """`{directory, basic, extend, materials, fees}`; fields without a value are left out. `departments`: code → name."""
    names = departments or {}
    made = {
        "directory": {"task_name": item.name, "task_version": str(item.version)},
        "basic": _basic(item, names),
        "extend": _extend(item, names),
    }
    filled: Plain = {
        section: _in_order(fields, {**made[section], **_kept(item.national, fields)})
        for section, fields in SECTIONS.items()
    }
    materials = [_in_order(MATERIAL, _material(spec, i)) for i, spec in enumerate(item.materials, 1)]
    return {**filled, "materials": materials, "fees": _fees(item)}


def _kept(national: Mapping[str, str], fields: Sequence[ExchangeField]) -> dict[str, str]:
    return {f.name: national[f.name] for f in fields if f.name in national}


def _in_order(fields: Sequence[ExchangeField], values: Mapping[str, str]) -> dict[str, str]:
    return {f.name: values[f.name] for f in fields if values.get(f.name)}


def _basic(item: Item, names: Mapping[str, str]) -> dict[str, str]:
    steps = (f"{s.task}（{names.get(s.department, s.department)}，{s.days}个工作日）" for s in item.routing)
    forms = {_CHANNELS[c] for c in item.channels if c in _CHANNELS} | ({"4"} if _by_courier(item) else set())
    return {
        "task_code": item.code,
        "region_code": item.region,
        "dept_code": item.department,
        "dept_name": names.get(item.department, ""),
        "anticipate_day": str(item.limits.statutory_days),
        "anticipate_type": "1",
        "promise_day": str(item.limits.promised_days),
        "promise_type": "1",
        "handle_flow": "→".join(["受理", *steps, "办结", "送达"]),
        "handle_type": ",".join(sorted(forms)),
        "project_type": _KINDS[item.kind],
        "server_type": ",".join(_APPLICANTS[kind] for kind in item.applicants if kind in _APPLICANTS),
        "limit_scene_num": "0" if item.in_person is None else "1",
        "limit_scene_explain": item.in_person or "",
        "is_fee": "1" if item.fee else "0",
        "fee_basis": item.fee.basis if item.fee else "",
    }


def _by_courier(item: Item) -> bool:
    papers = any(m.original is not OriginalUse.NONE for m in item.materials)
    return item.in_person is None and (papers or "courier" in item.result.delivery)


def _extend(item: Item, names: Mapping[str, str]) -> dict[str, str]:
    others = dict.fromkeys(s.department for s in item.routing if s.department != item.department)
    return {
        "is_express": "1" if _by_courier(item) else "0",
        "is_online": "0" if item.in_person else "1",
        "is_schedule": "1" if item.in_person else "0",
        "is_service_terminals": "1" if "kiosk" in item.channels else "0",
        "online_handle_depth": "1" if item.in_person else "4",
        "other_dept": "；".join(names.get(code, code) for code in others),
        "result_name": item.result.name,
    }


def _material(spec: MaterialSpec, order: int) -> dict[str, str]:
    paper = spec.original is not OriginalUse.NONE
    form = "2" if spec.document == "application_form" else "3" if spec.document in _NOT_CERTIFICATES else "1"
    made = {
        "row_guid": spec.key,
        "material_name": spec.name,
        "is_need": _NEEDS[spec.need],
        "material_type": form,
        "material_format": "3" if paper else "2",
        "page_num": "1" if paper else "0",
        "page_copynum": str(spec.copies),
        "source_type": _SOURCES.get(spec.source, "99"),
        "source_explain": "数据共享" if spec.source == "shared" else "",
        "accept_stand": spec.accept,
        "order_num": str(order),
    }
    return {**made, **_kept(spec.national, MATERIAL)}


def _fees(item: Item) -> list[dict[str, str]]:
    if item.fee is None:
        return []
    yuan, fen = divmod(item.fee.amount_fen, 100)
    return [{"fee_name": item.name, "fee_stand": f"{yuan}.{fen:02d}元", "by_law": item.fee.basis}]


# ── in ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_OURS = {
    "directory": frozenset({"task_name", "task_version"}),
    "basic": frozenset({
        "task_code", "region_code", "dept_code", "dept_name", "anticipate_day", "promise_day", "handle_flow", "project_type",
        "server_type", "limit_scene_num", "limit_scene_explain", "is_fee", "fee_basis", "anticipate_type", "promise_type",
        "handle_type",
    }),
    "extend": frozenset({
        "is_express", "is_online", "is_schedule", "is_service_terminals", "online_handle_depth", "other_dept", "result_name",
    }),
}  # fmt: skip
_OURS_OF_MATERIAL = frozenset({
    "row_guid", "material_name", "is_need", "material_type", "material_format", "page_num", "page_copynum", "source_type",
    "source_explain", "accept_stand", "order_num",
})  # fmt: skip
_GUESSES = {
    "国徽面": "id_card_back", "人像面": "id_card_front", "户口": "household_register", "结婚证": "marriage_certificate",
    "出生医学证明": "birth_certificate", "营业执照": "business_licence", "不动产权": "property_certificate",
    "驾驶证": "driving_licence", "行驶证": "vehicle_licence", "银行卡": "bank_card", "合同": "contract",
}  # fmt: skip
"""Which recogniser reads a paper of that name: only a first proposal, for a material that no version had before."""


def item_from_exchange(
    given: Mapping[str, Any], base: Mapping[str, Any] | None = None, departments: Mapping[str, str] | None = None
) -> Plain:
    """The plain data of an item, as `item_from` takes it and a YAML file holds it. `base`: the plain data of the version
    that is there, from which comes whatever the exchange does not carry. Raises `ItemInvalid` with the place."""
    problems = list(exchange_problems(given))
    if problems:
        where, what = problems[0]
        raise ItemInvalid(f"{where}: {what}", path=where, problems=[f"{w}: {p}" for w, p in problems])
    directory, basic, extend = (dict(given.get(section, {})) for section in SECTIONS)
    old = dict(base or {})
    made: Plain = {
        **old,
        **_head(directory, basic, old, departments or {}),
        "materials": [_material_from(m, i, old) for i, m in enumerate(given.get("materials", ()), 1)],
        "result": _result(extend, old),
        "fee": _fee_from(basic, given.get("fees", ()), old),
    }
    made.setdefault("routing", [_one_step(made)])
    national = _national(given)
    return {**made, "national": national} if national else {k: v for k, v in made.items() if k != "national"}


def exchange_problems(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Everything that does not fit the tables: `(basic.promise_day, 应为整数)`."""
    for name in sorted(set(map(str, given)) - {*SECTIONS, *LISTS}):
        yield name, "不认识的部分"
    for section, fields in SECTIONS.items():
        yield from _section_problems(given.get(section, {}), fields, section)
    for name, fields in LISTS.items():
        rows = given.get(name, ())
        if not isinstance(rows, list | tuple):
            yield name, "应为列表"
            continue
        for i, row in enumerate(rows):
            yield from _section_problems(row, fields, f"{name}[{i}]")
    yield from _wanted(given)


_WANTED = {
    "directory": ("task_name",),
    "basic": ("task_code", "dept_code", "anticipate_day", "promise_day", "project_type"),
    "extend": ("result_name",),
}
_NUMBERS = frozenset({"anticipate_day", "promise_day", "limit_scene_num", "page_num", "page_copynum", "order_num"})


def _wanted(given: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for section, names in _WANTED.items():
        part = given.get(section, {})
        for name in names if isinstance(part, Mapping) else ():
            if not part.get(name):
                yield f"{section}.{name}", "缺少此项"
    for i, row in enumerate(given.get("materials", ())):
        if isinstance(row, Mapping) and not row.get("material_name"):
            yield f"materials[{i}].material_name", "缺少此项"


def _section_problems(part: Any, fields: Sequence[ExchangeField], path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(part, Mapping):
        yield path, "应为键值对"
        return
    known = {f.name: f for f in fields}
    for name, value in part.items():
        found = known.get(str(name))
        problem = "不认识的字段" if found is None else _value_problem(found, value)
        if problem:
            yield f"{path}.{name}", problem


def _value_problem(expected: ExchangeField, value: Any) -> str | None:
    if not isinstance(value, str):
        return "应为文字"
    if len(value) > expected.most:
        return f"{expected.label}最长{expected.most}字，给了{len(value)}字"
    if value and expected.name in _NUMBERS and not (value.isascii() and value.isdigit()):
        return f"{expected.label}应为整数"
    codes = expected.codes or {}
    given = value.split(",") if expected.several else [value]
    wrong = [code for code in given if codes and value and code not in codes]
    return f"{expected.label}没有代码{'、'.join(wrong)}" if wrong else None


def _head(directory: Plain, basic: Plain, old: Plain, departments: Mapping[str, str]) -> Plain:
    region = basic.get("region_code") or old.get("region") or str(basic["task_code"])[:6]
    applicants = [name for name, code in _APPLICANTS.items() if code in basic.get("server_type", "1").split(",")]
    version = directory.get("task_version", "")
    hours = old.get("limits", {}).get("preaudit_hours", 8)
    return {
        "code": basic["task_code"],
        "version": int(version) if version.isdigit() and int(version) else int(old.get("version", 0)) + 1,
        "name": directory["task_name"],
        "region": region,
        "department": _department(basic, departments),
        "kind": next(str(kind) for kind, code in _KINDS.items() if code == _known_kind(basic)),
        "limits": {
            "statutory_days": int(basic["anticipate_day"]),
            "promised_days": int(basic["promise_day"]),
            "preaudit_hours": hours,
        },
        "applicants": applicants or ["person"],
        "channels": old.get("channels", ["miniapp"]),
        "in_person": _in_person(basic),
    }


def _known_kind(basic: Plain) -> str:
    if basic["project_type"] not in _KINDS.values():
        raise ItemInvalid("basic.project_type: 只能办理即办件和承诺件", path="basic.project_type")
    return str(basic["project_type"])


def _department(basic: Plain, departments: Mapping[str, str]) -> str:
    """By its code here; else by its name; else a code of somebody else's stays what it is."""
    if basic["dept_code"] in departments:
        return str(basic["dept_code"])
    return next((code for code, name in departments.items() if name == basic.get("dept_name")), str(basic["dept_code"]))


def _in_person(basic: Plain) -> str | None:
    if basic.get("limit_scene_num", "0") in ("", "0"):
        return None
    return str(basic.get("limit_scene_explain") or "必须到办事现场")


def _material_from(given: Mapping[str, str], order: int, old: Plain) -> Plain:
    before: Plain = next((m for m in old.get("materials", ()) if _is_same(m, given)), {})
    source = next((name for name, code in _SOURCES.items() if code == given.get("source_type", "10")), "applicant")
    made: Plain = {
        **{k: v for k, v in before.items() if k != "national"},
        "key": before.get("key") or _key(given, order),
        "name": given["material_name"],
        "document": before.get("document") or _guess(given),
        "need": next(str(need) for need, code in _NEEDS.items() if code == given.get("is_need", "1")),
        "original": _original(given, before),
        "copies": int(given.get("page_copynum") or 0),
        "source": source,
        "accept": given.get("accept_stand", ""),
    }
    national = {name: value for name, value in given.items() if name not in _OURS_OF_MATERIAL and value}
    return {**made, "national": national} if national else made


def _is_same(material: Mapping[str, Any], given: Mapping[str, str]) -> bool:
    guid = given.get("row_guid")
    return bool(material["key"] == guid if guid else material["name"] == given["material_name"])


def _key(given: Mapping[str, str], order: int) -> str:
    guid = given.get("row_guid", "")
    return guid if guid.isidentifier() and guid.isascii() and guid.islower() else f"material_{order}"


def _guess(given: Mapping[str, str]) -> str:
    if given.get("material_type") == "2":
        return "application_form"
    return next((kind for word, kind in _GUESSES.items() if word in given["material_name"]), "other_paper")


def _original(given: Mapping[str, str], before: Mapping[str, Any]) -> str:
    if given.get("page_num", "0") in ("", "0"):
        return str(OriginalUse.NONE)
    kept = str(before.get("original", OriginalUse.SHOW))
    return kept if kept != OriginalUse.NONE else str(OriginalUse.SHOW)


def _result(extend: Plain, old: Plain) -> Plain:
    before = old.get("result", {})
    form = before.get("form") or ("paper" if extend.get("is_express") == "1" else "electronic")
    delivery = before.get("delivery", ["courier", "counter"] if form == "paper" else [])
    return {**before, "name": extend["result_name"], "form": form, "delivery": delivery}


def _fee_from(basic: Plain, fees: Sequence[Mapping[str, str]], old: Plain) -> Plain | None:
    """The first: an item has one fee. A standard that is no sum of money is not understood, and said so."""
    if basic.get("is_fee") != "1":
        return None
    if not fees:
        kept: Plain | None = old.get("fee")
        return kept
    stand = fees[0].get("fee_stand", "")
    yuan, _, fen = stand.removesuffix("元").partition(".")
    if not (yuan.isascii() and yuan.isdigit() and (fen == "" or (fen.isascii() and fen.isdigit() and len(fen) <= 2))):
        raise ItemInvalid("fees[0].fee_stand: 应为金额，如20.00元", path="fees[0].fee_stand")
    basis = fees[0].get("by_law") or basic.get("fee_basis", "")
    before = old.get("fee") or {}
    said = {"en": before["en"]} if before.get("basis") == basis and "en" in before else {}
    return {"amount_fen": int(yuan) * 100 + int(fen.ljust(2, "0")), "basis": basis, **said}


def _one_step(made: Plain) -> Plain:
    days = made["limits"]["promised_days"]
    return {"key": "handle", "department": made["department"], "days": days, "task": "办理"}


def _national(given: Mapping[str, Any]) -> dict[str, str]:
    """What the sections say that no field of an item is made of."""
    return {
        name: value
        for section, ours in _OURS.items()
        for name, value in given.get(section, {}).items()
        if name not in ours and value
    }
