"""Packing, counting, handing to departments: whose every paper is, and what was seen of it."""

from datetime import timedelta

import pytest

from cases.actions import deciding, opening, packing, receiving, transferring
from cases.actions.packing import PackedLine, Packing
from cases.actions.transferring import Found, Offer
from cases.allowed import resident_actions
from cases.custody import Condition, Received, chain_is_unbroken, chain_of
from cases.effects import JobKind
from cases.errors import Conflict, InvalidRequest, NotFound, TransitionRefused
from cases.incidents import IncidentKind
from cases.labels import read_label
from cases.lifecycle import CaseState, LegState, TransferState
from cases.model import Direction, Holder
from tests.cases.world import World

C, D = Direction.COLLECTION, Direction.DELIVERY


def packed(world: World, seal: str | None = "FQ001", **conditions: str) -> World:
    lines = tuple(PackedLine(k, condition=conditions.get(k, "good")) for k in ("id_front", "form"))
    return world.apply(packing.pack(world.file, C, Packing(seal, lines), world.now))


def at_the_office(world: World, seal: str | None = "FQ001", *, broken: bool = False, **copies: int) -> World:
    lines = [Received(k, n) for k, n in ({"id_front": 1, "form": 1} | copies).items()]
    return world.apply(receiving.receive_originals(world.file, lines, seal, world.now, broken=broken))


def carried(world: World) -> World:
    booking = world.booked(C)
    return world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)


def holder(world: World, key: str) -> Holder:
    assert chain_is_unbroken(world.file.originals, world.file.hand_overs)
    found = world.file.original(key)
    assert found is not None
    return found.holder


# ── the manifest and the envelope ──


def test_every_paper_and_the_envelope_have_a_label_of_their_own() -> None:
    world = World().to_passed()
    labels = [o.label for o in world.file.originals] + [p.label for p in world.file.parcels]
    assert len(set(labels)) == 3
    assert all(label and read_label(label) == label for label in labels)


def test_what_the_resident_packs_stands_on_the_manifest_and_is_printed() -> None:
    world = packed(World().to_passed(), id_front="worn")
    parcel = world.file.parcels[0]
    assert (parcel.seal, parcel.packed_at, parcel.keys) == ("FQ001", world.at, ("id_front", "form"))
    assert world.file.original("id_front").condition == "worn"
    assert [d.kind for d in world.file.documents] == ["label", "manifest"]
    assert len(world.asked_for(JobKind.DOCUMENT_MAKE)) == 2


def test_packing_again_before_the_pickup_amends_and_prints_the_same_papers_anew() -> None:
    world = packed(World().to_passed())
    world.booked(C)
    packed(world, seal="FQ002")
    assert world.file.parcels[0].seal == "FQ002"
    assert [d.kind for d in world.file.documents] == ["label", "manifest"]
    assert len(world.asked_for(JobKind.DOCUMENT_MAKE)) == 4


def test_what_the_courier_has_cannot_be_packed_again() -> None:
    world = packed(World().to_passed())
    assert "pack_collection" in resident_actions(world.file)
    world.track(world.booked(C), LegState.PICKED_UP)
    with pytest.raises(Conflict, match="已经取走"):
        packed(world)
    assert "pack_collection" not in resident_actions(world.file)


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ([PackedLine("id_front")], "请一并装入"),
        ([PackedLine("id_front"), PackedLine("form"), PackedLine("x")], "不该放进这个信封"),
        ([PackedLine("id_front"), PackedLine("id_front"), PackedLine("form")], "不该放进这个信封"),
        ([PackedLine("id_front"), PackedLine("form", condition="ok")], "原件状况"),
        ([PackedLine("id_front"), PackedLine("form", copies=0)], "份数不够"),
    ],
)
def test_a_manifest_that_does_not_say_what_is_inside_is_refused(lines: list[PackedLine], said: str) -> None:
    world = World().to_passed()
    with pytest.raises(InvalidRequest, match=said):
        packing.pack(world.file, C, Packing(None, tuple(lines)), world.now)


def test_a_photograph_is_kept_with_the_envelope_and_the_manifest_made_anew() -> None:
    world = packed(World().to_passed())
    world.apply(packing.photograph(world.file, C, "blob", "0" * 64, world.now))
    assert world.file.parcels[0].photo == "blob"
    assert len(world.asked_for(JobKind.DOCUMENT_MAKE)) == 3


def test_there_is_nothing_to_pack_without_a_leg() -> None:
    with pytest.raises(NotFound):
        packed(World())


# ── the chain ──


def test_the_seal_and_the_place_are_seen_at_every_change_of_hands() -> None:
    world = carried(packed(World().to_passed()))
    at_the_office(world)
    courier, office = chain_of(world.file, "form")
    assert (courier.giver, courier.taker, courier.seal) == (Holder.RESIDENT, Holder.COURIER, "FQ001")
    assert (office.giver, office.taker, office.seal) == (Holder.COURIER, Holder.OFFICE, "FQ001")
    assert (office.place, office.by, office.found) == ("政务服务中心窗口", "tester", "与清单一致")


# ── counting ──


@pytest.mark.parametrize(
    ("seen", "differs"),
    [
        ({"seal": "FQ999"}, "other_seal"),
        ({"seal": None}, "other_seal"),
        ({"seal": "FQ001", "broken": True}, "broken_seal"),
        ({"form": 0}, "missing"),
        ({"form": 2}, "over"),
        ({"passport": 1}, "over"),
    ],
)
def test_whatever_differs_stops_the_case_with_an_incident(seen: dict[str, object], differs: str) -> None:
    world = at_the_office(carried(packed(World().to_passed())), **seen)  # type: ignore[arg-type]
    (incident,) = world.file.open_incidents
    assert [line["differs"] for line in incident.detail["lines"]] == [differs]
    assert (incident.kind, incident.owner) == (IncidentKind.MANIFEST_DIFFERENCE, "intake")
    assert incident.due_at == world.at + timedelta(days=2, hours=8)
    assert world.state is CaseState.COLLECTING
    assert world.notices[-1].template == "originals_differ"
    assert chain_is_unbroken(world.file.originals, world.file.hand_overs)


def test_what_is_there_is_the_offices_even_if_something_is_missing() -> None:
    world = at_the_office(carried(packed(World().to_passed())), form=0)
    assert (holder(world, "id_front"), holder(world, "form")) == (Holder.OFFICE, Holder.COURIER)
    assert world.file.leg(C).state is LegState.HANDED_OVER


def test_a_paper_that_nobody_announced_is_kept_and_goes_home() -> None:
    world = carried(packed(World().to_passed()))
    lines = [Received("id_front", 1), Received("form", 1), Received("passport", 1, name="护照")]
    world.apply(receiving.receive_originals(world.file, lines, "FQ001", world.now))
    extra = world.file.original("passport")
    assert extra is not None
    assert (extra.name, extra.holder, bool(read_label(extra.label or ""))) == ("护照", Holder.OFFICE, True)


def test_a_paper_packed_as_worn_and_found_worn_is_no_difference() -> None:
    world = carried(packed(World().to_passed(), id_front="worn"))
    lines = [Received("id_front", 1, Condition.WORN), Received("form", 1)]
    world.apply(receiving.receive_originals(world.file, lines, "FQ001", world.now))
    assert world.state is CaseState.RECEIVED


def test_a_second_count_that_differs_says_what_is_wrong_by_now() -> None:
    world = at_the_office(carried(packed(World().to_passed())), form=0)
    world.apply(receiving.receive_originals(world.file, [Received("form", 2)], None, world.now))
    (incident,) = world.file.open_incidents
    assert [line["differs"] for line in incident.detail["lines"]] == ["over"]


def test_nothing_is_counted_twice() -> None:
    world = at_the_office(carried(packed(World().to_passed())))
    with pytest.raises(TransitionRefused):
        at_the_office(world)


# ── departments ──


def given(world: World, *keys: str, department: str = "rsj", giver: Holder = Holder.OFFICE) -> str:
    world.apply(transferring.offer(world.file, Offer(keys or ("id_front",), giver, department), world.now))
    return world.file.transfers[-1].id


def taken(world: World, transfer: str, **found: tuple[str, ...]) -> World:
    return world.apply(transferring.acknowledge(world.file, transfer, Found(**found), world.now))  # type: ignore[arg-type]


def test_papers_go_to_a_department_when_it_acknowledges_and_come_back_the_same_way() -> None:
    world = World().to_processing()
    out = given(world)
    assert holder(world, "id_front") is Holder.OFFICE
    taken(world, out)
    assert (holder(world, "id_front"), world.file.original("id_front").department) == (Holder.DEPARTMENT, "rsj")
    taken(world, given(world, giver=Holder.DEPARTMENT))
    assert (holder(world, "id_front"), world.file.original("id_front").department) == (Holder.OFFICE, None)
    assert [h.place for h in chain_of(world.file, "id_front")[-2:]] == ["rsj", "政务服务中心窗口"]
    assert world.file.leg(D) is None, "nothing goes home before the case is concluded"


def test_only_who_holds_a_paper_can_give_it() -> None:
    world = World().to_processing()
    with pytest.raises(Conflict):
        given(world, giver=Holder.DEPARTMENT)
    taken(world, given(world))
    with pytest.raises(Conflict):
        given(world, department="gaj", giver=Holder.DEPARTMENT)
    with pytest.raises(Conflict):
        given(world)


def test_a_paper_is_offered_to_one_at_a_time_and_to_who_has_a_task() -> None:
    world = World().to_processing()
    first = given(world)
    with pytest.raises(Conflict, match="正在移交"):
        given(world, department="gaj")
    with pytest.raises(InvalidRequest, match="没有本办件的任务"):
        given(world, "form", department="zjj")
    world.apply(transferring.recall(world.file, first, world.now))
    assert world.file.transfers[0].state is TransferState.RECALLED
    given(world, department="gaj")


def test_an_offer_that_was_declined_leaves_the_papers_where_they_are() -> None:
    world = World().to_processing()
    transfer = given(world)
    with pytest.raises(InvalidRequest):
        transferring.decline(world.file, transfer, "", world.now)
    world.apply(transferring.decline(world.file, transfer, "不是我科的", world.now))
    assert holder(world, "id_front") is Holder.OFFICE
    with pytest.raises(TransitionRefused):
        taken(world, transfer)


@pytest.mark.parametrize("declined", [True, False])
def test_an_offer_that_ends_after_the_case_did_sends_the_papers_home(declined: bool) -> None:
    world = World().to_processing()
    transfer = given(world, "id_front", "form")
    world.apply(opening.withdraw(world.file, world.now))
    assert world.file.leg(D) is None, "the department may have them any moment"
    end = transferring.decline(world.file, transfer, "不是我科的", world.now)
    world.apply(end if declined else transferring.recall(world.file, transfer, world.now))
    assert world.file.leg(D) is not None


def test_what_a_department_does_not_find_stays_the_offices_with_an_incident() -> None:
    world = World().to_processing()
    taken(world, given(world, "id_front", "form"), missing=("form",), damaged=("id_front",))
    assert (holder(world, "id_front"), holder(world, "form")) == (Holder.DEPARTMENT, Holder.OFFICE)
    assert {i.kind: i.keys for i in world.file.open_incidents} == {
        "original_lost": ("form",),
        "original_damaged": ("id_front",),
    }


def test_a_case_is_not_concluded_while_a_department_has_a_paper_that_goes_home() -> None:
    world = World().to_processing()
    taken(world, given(world))
    world.decide("card").decide("photo").decide("issue")
    with pytest.raises(Conflict, match="还在业务部门"):
        deciding.conclude(world.file, world.now)
    taken(world, given(world, giver=Holder.DEPARTMENT))
    world.apply(deciding.conclude(world.file, world.now))
    assert world.file.leg(D) is not None


def test_a_withdrawn_cases_papers_go_home_when_the_department_has_given_them_back() -> None:
    world = World().to_processing()
    taken(world, given(world))
    world.apply(opening.withdraw(world.file, world.now))
    assert world.file.leg(D) is None
    taken(world, given(world, giver=Holder.DEPARTMENT))
    assert world.file.leg(D).state is LegState.OFFERED
    booking = world.booked(D)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    assert {holder(world, k) for k in ("id_front", "form")} == {Holder.RESIDENT}


def test_the_office_packs_what_goes_home() -> None:
    world = World().to_concluded()
    with pytest.raises(InvalidRequest, match="不该放进这个信封"):
        packing.pack(world.file, D, Packing("BG9", (PackedLine("id_front"), PackedLine("form"))), world.now)
    world.apply(packing.pack(world.file, D, Packing("BG9", (PackedLine("id_front"),)), world.now))
    booking = world.booked(D)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    assert [(h.giver, h.seal) for h in chain_of(world.file, "id_front")[-2:]] == [
        (Holder.OFFICE, "BG9"),
        (Holder.COURIER, "BG9"),
    ]
