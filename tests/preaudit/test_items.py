"""Each item of the catalogue: it lints, a complete application passes, and what is wrong with one is found."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from cases.checklist import wanted
from cases.findings import Finding
from cases.items import CheckCall, Item, MaterialSpec, Need, OriginalUse, applies
from preaudit.catalogue import load
from preaudit.checks import CROSS_CHECKS, MATERIAL_CHECKS, cross_check_of
from preaudit.judge import ALWAYS, Verdict, judge
from preaudit.linter import lint
from preaudit.region import region_of
from tests.preaudit import applications_of_families, applications_of_trades
from tests.preaudit.applications import Application
from tests.preaudit.builders import TODAY, said, weak
from tests.preaudit.papers import (
    CHILD,
    HOME,
    MAN,
    OLD,
    SELLER,
    STRANGER,
    WOMAN,
    card,
    deed,
    driver,
    marriage,
    paper,
    recent_back,
    register,
)

COMPLETE = (*applications_of_families.ALL, *applications_of_trades.ALL)
ITEMS = load()


def name(made: Application) -> str:
    return f"{made.code}-{'-'.join(str(a) for a in made.answers.values())}"


def each_required() -> Iterator[tuple[Application, MaterialSpec]]:
    for made in COMPLETE:
        for spec in wanted(made.item, made.answers):
            if spec.need is not Need.OPTIONAL:
                yield made, spec


def test_every_item_has_a_complete_application_with_every_material() -> None:
    covered = {(made.code, key) for made in COMPLETE for key in made.pages}
    assert covered >= {(code, m.key) for code, loaded in ITEMS.items() for m in loaded.item.materials}


@pytest.mark.parametrize("code", ITEMS)
def test_an_item_lints_and_can_be_found_in_plain_words(code: str) -> None:
    loaded = ITEMS[code]
    assert lint(loaded.file) == []
    assert len(loaded.item.keywords) >= 6
    assert 20 <= len(loaded.item.summary) <= 120
    assert loaded.file.stem == code
    assert all(m.accept for m in loaded.item.materials)


@pytest.mark.parametrize("made", COMPLETE, ids=name)
def test_a_complete_application_read_with_certainty_passes(made: Application) -> None:
    judgement = made.judged()
    assert [(str(f.code), f.material, f.field, f.message) for f in judgement.findings] == []
    assert judgement.verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("made", "spec"), list(each_required()), ids=lambda x: name(x) if isinstance(x, Application) else x.key
)
def test_a_material_that_is_missing_is_one_finding(made: Application, spec: MaterialSpec) -> None:
    findings = made.having(**{spec.key: ()}).judged().findings
    assert [(str(f.code), f.material) for f in findings] == [("missing_material", spec.key)]


def test_every_check_that_there_is_is_asked_for_by_an_item() -> None:
    """A vocabulary that nobody speaks is not kept."""
    called = {c.name for x in ITEMS.values() for m in x.item.materials for c in m.checks}
    called |= {c.name for x in ITEMS.values() for c in x.item.cross_checks} | {c.name for c in ALWAYS}
    assert set(MATERIAL_CHECKS) | set(CROSS_CHECKS) == called


# ── each cross-check fires on its planted defect ────────────────────────────────────────────────────────────────

OTHERS = {
    "name": STRANGER.name,
    "number": STRANGER.number,
    "plate": "粤B54321",
    "vin": "LFV2A21K6A3000000",
    "phone": "13900139000",
    "class": "C1",
    "credit_code": "91350100M000100Y43",
    "certificate_number": "粤(2020)广州市不动产权第09999999号",
    "place": "广东省广州市天河区体育东路9号",
    "born_on": "2020-02-02",
}
PLACES = frozenset({"address", "location", "premises"})
PEOPLE = frozenset({"owner", "holder"})


def another(field: str) -> str:
    """A value that is right in itself, and another's."""
    if field in OTHERS:
        return OTHERS[field]
    if field in PLACES:
        return OTHERS["place"]
    if "name" in field or field in PEOPLE or field.endswith("holder"):
        return OTHERS["name"]
    return OTHERS["number"]


def defects(made: Application, call: CheckCall) -> Iterator[Application]:
    """The application with each side of that cross-check, in turn, saying something else."""
    check, params = cross_check_of(call)
    match call.name:
        case "paper_shows" | "mentions_applicant" if params["material"] in made.pages:
            yield made.having(**{params["material"]: paper("某某说明")})
        case "as_many_pages" if all(key in made.pages for key in params["values"]):
            front = params["values"][0]
            yield made.having(**{front: (*made.pages[front], card(STRANGER))})
        case "filled_in_when" if made.answers.get(params["question"]) and params["material"] in made.pages:
            yield from (made.reading_as(params["material"], **{name: ""}) for name in params["fields"])
        case "pages_for_each" if params["material"] in made.pages:
            yield made.having(**{params["material"]: made.pages[params["material"]][:2]})
        case "term_fits_age" if params["back"] in made.pages:
            yield made.reading_as(params["back"], valid_from="2024-01-01", valid_to="2029-01-01")
        case "answer_fits_days" | "answer_fits_age":
            yield made.answering(**{params["question"]: not made.answers.get(params["question"])})
        case "one_of" | "owners_are":
            yield from _saying(made, params.get("value") or params["owner"])
        case "same" | "couple" | "everyone_in" | "same_place" | "licence_covers":
            sides = [r for r in check.reads(params) if r.partition(".")[0] in (*made.pages, "form")]
            if (
                len({r.partition(".")[0] for r in sides}) >= (3 if call.name == "couple" else 2)
                or call.name == "licence_covers"
            ):
                for ref in sides:
                    yield from _saying(made, ref)


def _saying(made: Application, ref: str) -> Iterator[Application]:
    owner, _, field = ref.partition(".")
    if owner == "form":
        yield made.typing(**{field: another(field)})
    elif owner in made.pages:
        pages = [i for i, page in enumerate(made.pages[owner]) if field in page.fields]
        changed = made
        for i in pages:
            changed = changed.reading_on(i, owner, {field: another(field)})
        yield changed


def planted() -> list[tuple[Application, int]]:
    return [(made, i) for made in COMPLETE for i in range(len(made.item.cross_checks))]


def test_there_is_a_defect_for_every_cross_check_of_every_item() -> None:
    tried = {(m.code, i) for m, i in planted() if any(defects(m, m.item.cross_checks[i]))}
    assert tried == {(code, i) for code, x in ITEMS.items() for i in range(len(x.item.cross_checks))}


@pytest.mark.parametrize(("made", "i"), planted(), ids=lambda x: name(x) if isinstance(x, Application) else str(x))
def test_a_cross_check_fires_on_its_planted_defect(made: Application, i: int) -> None:
    """Alone, with no check of a single material beside it: silent on the complete application, not on the defect."""
    call = made.item.cross_checks[i]
    alone = replace(
        made.item, cross_checks=(call,), materials=tuple(replace(m, checks=()) for m in made.item.materials)
    )
    assert judged(alone, made) == []
    for defect in defects(made, call):
        assert judged(alone, defect), call
        assert defect.judged().verdict is not Verdict.PASSED, call


def judged(item: Item, made: Application) -> list[tuple[str, str]]:
    return said(judge(item, made.answers, made.form, made.pages, today=TODAY).findings)


# ── defects as they come in, each with the findings it makes in the whole ───────────────────────────────────────

F, T = applications_of_families, applications_of_trades

REAL: list[tuple[str, Application, list[tuple[str, str | None, str | None]]]] = [
    (
        "the certificate of another marriage",
        F.BIRTH_TO_COME.having(marriage_certificate=marriage(STRANGER, WOMAN)),
        [("mismatch", "marriage_certificate", "id_number_1")],
    ),
    (
        "the spouse's card twice",
        F.BIRTH_TO_COME.having(spouse_id_front=card(MAN)),
        [("mismatch", "spouse_id_front", "id_number")],
    ),
    (
        "a co-owner who does not sell",
        T.SALE.having(property_certificate=deed(SELLER, STRANGER)),
        [("mismatch", "property_certificate", "owner")],
    ),
    (
        "a seller without the back of the card",
        T.SALE.having(seller_id_back=T.SALE.pages["seller_id_back"][:1]),
        [("missing_page", "seller_id_back", None)],
    ),
    (
        "no gas account although there is gas",
        T.SALE.reading_as("linked_form", gas_account=""),
        [("not_filled_in", "linked_form", "gas_account")],
    ),
    (
        "a home in another district",
        T.SALE.reading_as("property_certificate", location="广州市天河区体育东路9号"),
        [("mismatch", "property_certificate", "location")],
    ),
    (
        "a driver with a licence for cars",
        T.FREIGHT.reading_as("driving_licence", **{"class": "C1"}),
        [("mismatch", "driving_licence", "class")],
    ),
    (
        "a driver past sixty",
        T.FREIGHT.having(driving_licence=driver(OLD), qualification=paper("从业资格证", "道路货物运输", OLD.name)),
        [("age_out_of_range", "driving_licence", "licence_number")],
    ),
    (
        "the report of another lorry",
        T.LORRY.having(technical_report=paper("检测报告", "粤B54321", "LFV2A21K6A3000000")),
        [("mismatch", "technical_report", None)],
    ),
    (
        "a digit of the vehicle's number misread",
        T.LORRY.reading_as("vehicle_licence", vin="LSVAM4187C2184841"),
        [("code_invalid", "vehicle_licence", "vin")],
    ),
    (
        "a relative who is not in the register",
        F.POOR.having(members_id_front=(*F.POOR.pages["members_id_front"], card(STRANGER)),
                      members_id_back=(*F.POOR.pages["members_id_back"], recent_back(STRANGER))),
        [("mismatch", "members_id_front", "id_number")],
    ),
    (
        "a family member whom the authorisation leaves out",
        F.POOR.having(check_authorisation=paper("家庭经济状况核对授权书", MAN.name, WOMAN.name)),
        [("mismatch", "check_authorisation", "household_register.name")],
    ),
    (
        "a household registered elsewhere",
        F.POOR.having(household_register=register(MAN, WOMAN, CHILD, address="广东省广州市天河区体育东路9号")),
        [("mismatch", "household_register", "address")],
    ),
    (
        "a birth said to be recent",
        F.BORN_UNMARRIED.reading_as("birth_certificate", born_on="2026-09-01")
        .reading_as("application_form", born_on="2026-09-01"),
        [("mismatch", "birth_certificate", "born_on")],
    ),
    (
        "an aunt who applies",
        F.BORN.typing(id_number=STRANGER.number, applicant_name=STRANGER.name)
        .reading_as("application_form", id_number=STRANGER.number, applicant_name=STRANGER.name),
        [("mismatch", None, "form.id_number")],
    ),
    (
        "a shop at another address than the lessor's",
        T.RENTED_SHOP.having(lessor_certificate=deed(STRANGER, location="广东省广州市海珠区新港路77号")),
        [("mismatch", "application_form", "premises")],
    ),
    (
        "a shop in another district",
        T.SHOP_CHENGDU.reading_as("application_form", premises="四川省成都市锦江区春熙路1号"),
        [("mismatch", "application_form", "premises")],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("made", "findings"), [(m, f) for _, m, f in REAL], ids=[n for n, _, _ in REAL])
def test_a_defect_is_told_once_at_its_place(
    made: Application, findings: list[tuple[str, str | None, str | None]]
) -> None:
    judgement = made.judged()
    assert sorted((str(f.code), str(f.material), str(f.field)) for f in judgement.findings) == sorted(
        (code, str(material), str(field)) for code, material, field in findings
    )
    assert judgement.verdict is not Verdict.PASSED


def test_findings_never_print_a_number_an_address_or_a_name() -> None:
    private = {STRANGER.number, MAN.number, WOMAN.number, SELLER.number, STRANGER.name, MAN.name, HOME}
    for _, made, _ in REAL:
        told = "".join(f.message + f.advice for f in made.judged().findings)
        assert not [p for p in private if p in told]


# ── what an item means ──────────────────────────────────────────────────────────────────────────────────────────


def test_weak_readings_confirmed_by_another_paper_pass() -> None:
    """Names are read by one reader; the certificate and the cards of both confirm each other."""
    made = F.BIRTH_TO_COME
    for key in ("id_front", "spouse_id_front"):
        made = made.reading_as(key, name=weak(made.pages[key][0].fields["name"].value))
    assert made.judged().verdict is Verdict.PASSED


def test_the_bundle_opens_water_power_and_gas_with_what_they_inherit() -> None:
    """As the parent's follow-ons have it: each child is complete with the inherited materials alone."""
    for child in (T.WATER, T.POWER, T.GAS):
        (follow,) = [f for f in T.SALE.item.follow_ons if f.item == child.code]
        inherited = {key: T.SALE.pages[key] for key in follow.inherits}
        assert applies(follow.when, T.SALE.answers)
        judgement = judge(child.item, {}, T.SALE.form, inherited, today=TODAY)
        assert judged_codes(judgement.findings) == []
    assert not any(applies(f.when, {"linked": False}) for f in T.SALE.item.follow_ons)
    assert [f.item for f in T.SALE.item.follow_ons if applies(f.when, {"linked": True})] == [
        "440105-YSGH",
        "440105-YDGH",
    ]


def judged_codes(findings: Sequence[Finding]) -> list[tuple[str, str | None, str | None]]:
    return [(str(f.code), f.material, f.field) for f in findings]


def test_the_identity_card_says_that_it_cannot_be_zero_trip_and_why() -> None:
    item = ITEMS["440105-JMSFZ-BL"].item
    assert item.in_person is not None
    assert "指纹" in item.in_person
    assert item.channels == ("counter",)
    assert [code for code, x in ITEMS.items() if x.item.in_person] == [item.code]


def test_assistance_is_submitted_by_others_and_hangs_out_for_seven_days() -> None:
    item = ITEMS["440105-ZDSHBZ"].item
    assert item.channels == ("agent", "counter")
    notice = next(s for s in item.routing if "公示" in s.task)
    assert (notice.days, set(notice.after)) == (7, {"visit", "data"})
    assert {m.key for m in item.materials if m.source == "shared"} == {"disability_certificate"}


def test_what_is_deferred_or_reused_may_be() -> None:
    for loaded in ITEMS.values():
        for spec in loaded.item.materials:
            assert not (spec.reuse_days and spec.original is OriginalUse.COLLECT), (loaded.item.code, spec.key)
            assert not (spec.need is Need.DEFERRABLE and spec.document.startswith("id_card")), spec.key


# ── lists are data: two regions ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["SHBZK-BL", "LNYDZ", "JZZ-SL", "GTHDJ"])
def test_the_same_item_asks_for_other_things_in_another_region(name: str) -> None:
    haizhu, wuhou = (ITEMS[f"{region}-{name}"].item for region in ("440105", "510107"))
    assert haizhu.name == wuhou.name
    assert {m.key for m in haizhu.materials} != {m.key for m in wuhou.materials}
    assert haizhu.limits != wuhou.limits


def test_a_region_lists_the_proofs_that_it_kept() -> None:
    wuhou, haizhu = region_of("510107"), region_of("440105")
    assert wuhou is not None
    assert haizhu is not None
    assert len(wuhou.retained_proofs) == 15
    assert set(haizhu.retained_proofs) - set(wuhou.retained_proofs) >= {"就业证明", "就读证明", "网络经营场所使用证明"}
    assert all(wuhou.retained_proofs.values())


@pytest.mark.parametrize(
    ("code", "proofs"), [("440105-JZZ-SL", {"就业证明", "就读证明"}), ("440105-GTHDJ", {"网络经营场所使用证明"})]
)
def test_a_list_carried_into_the_other_region_is_refused_for_its_proofs(
    code: str, proofs: set[str], tmp_path: Path
) -> None:
    moved = tmp_path / "moved.yaml"
    text = ITEMS[code].file.read_text("utf-8")
    moved.write_text(
        text.replace('region: "440105"', 'region: "510107"').replace(f'"{code}"', '"510107-MOVED"'), "utf-8"
    )
    problems = lint(moved)
    assert {p.rule for p in problems} == {"proof_not_retained"}
    assert all(any(proof in p.message for p in problems) for proof in proofs)
