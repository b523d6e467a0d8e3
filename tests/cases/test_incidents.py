"""Lost, damaged, refused, returned: whose it is, how long it may take, and how the case goes on."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from cases.actions import deciding, incidents, opening, ordering, receiving, settling, transferring
from cases.actions.incidents import Report
from cases.actions.settling import Settling
from cases.actions.transferring import Offer
from cases.custody import Received, chain_is_unbroken
from cases.deadlines import BEIJING
from cases.errors import Conflict, InvalidRequest, NotFound, TransitionRefused
from cases.incidents import RULES, IncidentKind, Settlement
from cases.lifecycle import CaseState, IncidentEvent, IncidentState, LegState
from cases.model import Direction, Holder, Incident
from tests.cases.world import World

C, D = Direction.COLLECTION, Direction.DELIVERY
S, E = Settlement, IncidentEvent


def short() -> World:
    """The form was not in the envelope."""
    world = World().to_passed()
    booking = world.booked(C)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    return world.count(id_front=1)


def lost() -> World:
    world = World().to_passed()
    booking = world.booked(C)
    return world.track(booking, LegState.PICKED_UP).track(booking, LegState.LOST)


def sent_back(*states: LegState) -> World:
    world = World().to_concluded()
    booking = world.booked(D)
    for state in (LegState.PICKED_UP, *states):
        world.track(booking, state)
    return world


def open_one(world: World) -> Incident:
    (incident,) = world.file.open_incidents
    return incident


def settled(world: World, how: Settlement, reason: str = "已核实", amount_fen: int = 0) -> World:
    outcome = settling.settle(world.file, open_one(world).id, Settling(how, reason, amount_fen), world.now)
    world.apply(outcome)
    assert chain_is_unbroken(world.file.originals, world.file.hand_overs)
    return world


def day(at: datetime | None) -> str:
    return at.astimezone(BEIJING).strftime("%m-%d %H:%M") if at else ""


# ── a count that differs ──


def test_a_paper_found_after_all_lets_the_case_go_on() -> None:
    world = settled(short(), S.FOUND)
    assert world.state is CaseState.RECEIVED
    assert {o.holder for o in world.file.originals} == {Holder.OFFICE}
    assert [d.kind for d in world.file.documents] == ["receipt"]


def test_a_paper_that_stayed_at_home_is_collected_on_a_leg_of_its_own() -> None:
    world = settled(short(), S.RESENT)
    assert (world.state, world.file.original("form").holder) == (CaseState.PREAUDIT_PASSED, Holder.RESIDENT)
    assert world.notices[-2].data == {"names": ["申请表"]} or world.notices[-2].template == "originals_resend"
    booking = world.booked(C)
    assert len([leg for leg in world.file.legs if leg.direction is C]) == 2
    world.track(booking, LegState.PICKED_UP)
    assert [o.holder for o in world.file.originals] == [Holder.OFFICE, Holder.COURIER]
    world.apply(receiving.receive_originals(world.file, [Received("form", 1)], None, world.now))
    assert world.state is CaseState.RECEIVED


@pytest.mark.parametrize(("how", "amount_fen"), [(S.ACCEPTED_WITHOUT, 0), (S.COMPENSATED, 5000)])
def test_the_case_goes_on_without_a_paper_where_somebody_answers_for_it(how: Settlement, amount_fen: int) -> None:
    world = settled(short(), how, amount_fen=amount_fen)
    assert world.state is CaseState.RECEIVED
    assert world.file.original("form").excused == how
    receipt = world.file.documents[-1]
    assert any("经核实不再提交" in p for p in receipt.content["paragraphs"])


def test_a_return_ends_the_case_and_sends_the_papers_home() -> None:
    world = settled(short(), S.RETURNED)
    assert world.state is CaseState.ABORTED
    booking = world.booked(D)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    assert {o.holder for o in world.file.originals} == {Holder.RESIDENT}


def test_what_was_not_in_the_envelope_is_at_home_also_when_the_case_has_ended_meanwhile() -> None:
    """Found by a simulation: the record left it with a courier who never had it, and nobody looked for it any more."""
    world = short()
    said = Report(IncidentKind.ORIGINAL_DAMAGED, ("id_front",), "被水浸湿")
    world.apply(incidents.report(world.file, said, "clerk", world.now))
    missing, damaged = world.file.open_incidents
    world.apply(settling.settle(world.file, damaged.id, Settling(S.RETURNED, "已核实"), world.now))
    assert (world.state, open_one(world).id) == (CaseState.ABORTED, missing.id)
    settled(world, S.RETURNED)
    assert world.file.original("form").holder is Holder.RESIDENT


def test_papers_of_a_case_that_has_ended_go_home_also_when_the_count_differs() -> None:
    """Found by a simulation: withdrawn before the partner's answer, and one paper more in the envelope."""
    world = World().to_passed()
    booking = world.book(C)
    world.apply(opening.withdraw(world.file, world.now))
    world.apply(ordering.record_booked(world.file, booking, "W1", world.now))
    world.track(booking, LegState.PICKED_UP)
    world.count(id_front=1, form=1, passport=1)
    assert open_one(world).kind == "manifest_difference"
    home = world.booked(D)
    world.track(home, LegState.PICKED_UP).track(home, LegState.DELIVERED)
    assert {o.holder for o in world.file.originals} == {Holder.RESIDENT}


def test_a_paper_too_many_goes_home_with_the_result() -> None:
    world = World().to_passed()
    world.count(id_front=1, form=1, passport=1)
    settled(world, S.RETURNED)
    assert world.state is CaseState.RECEIVED


def test_a_broken_seal_is_accepted_by_somebody_with_a_reason() -> None:
    world = World().to_passed()
    lines = [Received("id_front", 1), Received("form", 1)]
    world.apply(receiving.receive_originals(world.file, lines, None, world.now, broken=True))
    with pytest.raises(InvalidRequest, match="理由"):
        settled(world, S.ACCEPTED_WITHOUT, reason="")
    settled(world, S.ACCEPTED_WITHOUT, reason="逐页核对，无缺无换")
    assert world.state is CaseState.RECEIVED
    assert all(o.excused is None for o in world.file.originals)


def test_a_compensation_names_its_amount_and_an_end_belongs_to_its_kind() -> None:
    world = short()
    with pytest.raises(InvalidRequest, match="赔偿金额"):
        settled(world, S.COMPENSATED)
    with pytest.raises(InvalidRequest, match="不能这样办结"):
        settled(world, S.FETCHED)
    settled(world, S.FOUND)
    with pytest.raises(TransitionRefused):
        settling.settle(world.file, world.file.incidents[0].id, Settling(S.FOUND, "又一次"), world.now)


# ── lost ──


def test_a_lost_parcel_belongs_to_somebody_and_names_its_papers() -> None:
    incident = open_one(lost())
    assert (incident.kind, incident.owner, incident.keys) == ("parcel_lost", "intake", ("id_front", "form"))
    assert day(incident.due_at) == "03-05 18:00"


def test_a_lost_parcel_that_turns_up_closes_its_incident() -> None:
    world = lost()
    world.track(world.file.bookings[0].id, LegState.IN_TRANSIT)
    assert world.file.open_incidents == ()
    assert world.file.incidents[0].settlement == S.FOUND


def test_a_confirmed_loss_is_stated_in_writing_and_the_resident_is_asked() -> None:
    world = lost()
    world.apply(incidents.confirm_loss(world.file, open_one(world).id, "承运方书面确认丢失。", world.now))
    incident = open_one(world)
    assert (incident.state, day(incident.due_at)) == (IncidentState.WITH_RESIDENT, "03-16 18:00")
    statement = world.file.documents[-1]
    assert (statement.title, statement.number[-4:-2]) == ("原件遗失情况说明", "11")
    assert "寄递途中遗失" in "".join(statement.content["paragraphs"])
    assert all(o.lost_at == world.at for o in world.file.originals)
    assert {n.template for n in world.notices} >= {"original_lost", "incident_asks"}


def test_papers_issued_again_are_collected_in_place_of_the_lost_ones() -> None:
    world = lost()
    world.apply(incidents.confirm_loss(world.file, open_one(world).id, "承运方书面确认丢失。", world.now))
    settled(world, S.RESENT)
    assert [o.key for o in world.file.originals] == ["id_front", "form", "id_front~2", "form~2"]
    assert world.file.original("form~2").name.endswith("（补办）")
    booking = world.booked(C)
    world.track(booking, LegState.PICKED_UP)
    assert [o.holder for o in world.file.originals] == [Holder.COURIER] * 4
    lines = [Received("id_front~2", 1), Received("form~2", 1)]
    world.apply(receiving.receive_originals(world.file, lines, None, world.now))
    assert world.state is CaseState.RECEIVED
    assert [o.holder for o in world.file.originals] == [Holder.COURIER] * 2 + [Holder.OFFICE] * 2


def test_the_parcel_that_was_lost_never_comes_home_with_another_one() -> None:
    world = settled(lost(), S.ACCEPTED_WITHOUT)
    world.apply(deciding.accept(world.file, world.now)).apply(deciding.route_case(world.file, world.now))
    world.decide("card").decide("photo").decide("issue").apply(deciding.conclude(world.file, world.now))
    booking = world.booked(D)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    assert {o.holder for o in world.file.originals} == {Holder.COURIER}


def test_a_department_that_lost_a_paper_answers_to_the_supervisor() -> None:
    world = World().to_processing()
    said = Report(IncidentKind.ORIGINAL_LOST, ("id_front",), "盘点时未见")
    world.apply(incidents.report(world.file, said, "clerk", world.now))
    assert open_one(world).owner == "supervisor"
    with pytest.raises(Conflict, match="已经登记"):
        incidents.report(world.file, said, "clerk", world.now)
    with pytest.raises(NotFound):
        incidents.report(world.file, Report(IncidentKind.ORIGINAL_LOST, ("x",)), "clerk", world.now)
    with pytest.raises(InvalidRequest):
        incidents.report(world.file, Report(IncidentKind.PARCEL_LOST, ("form",)), "clerk", world.now)


def test_a_paper_sent_once_more_while_the_departments_work_does_not_move_the_case() -> None:
    world = World().to_processing()
    said = Report(IncidentKind.ORIGINAL_DAMAGED, ("form",), "被水浸湿")
    world.apply(incidents.report(world.file, said, "clerk", world.now))
    settled(world, S.RESENT)
    assert world.file.original("form").condition == "damaged"
    world.track(world.booked(C), LegState.PICKED_UP)
    world.apply(receiving.receive_originals(world.file, [Received("form~2", 1)], None, world.now))
    assert (world.state, world.file.original("form~2").holder) == (CaseState.PROCESSING, Holder.OFFICE)


# ── refused and returned ──


def test_a_refused_delivery_has_one_incident_until_it_is_delivered() -> None:
    world = sent_back(LegState.REFUSED, LegState.RETURNING, LegState.RETURNED)
    assert open_one(world).kind == "parcel_refused"
    booking = world.booked(D)
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.DELIVERED)
    assert (world.file.open_incidents, world.file.incidents[0].settlement) == ((), S.REDELIVERED)
    assert world.state is CaseState.DELIVERED


def test_a_parcel_that_came_back_may_be_fetched_at_the_counter() -> None:
    world = sent_back(LegState.RETURNED)
    assert open_one(world).kind == "parcel_returned"
    settled(world, S.FETCHED, reason="申请人持身份证到窗口领取")
    assert (world.state, world.file.original("id_front").holder) == (CaseState.DELIVERED, Holder.RESIDENT)
    assert world.file.hand_overs[-1].giver is Holder.OFFICE


def test_nothing_is_fetched_while_the_courier_has_it() -> None:
    with pytest.raises(Conflict, match="尚未退回"):
        settled(sent_back(LegState.REFUSED), S.FETCHED)


def test_a_resident_refuses_what_is_on_its_way_and_the_courier_says_it_once_more() -> None:
    world = sent_back()
    said = Report(IncidentKind.PARCEL_REFUSED, (), "封套已破")
    world.apply(incidents.report(world.file, said, "resident", world.now))
    world.track(world.file.bookings[-1].id, LegState.REFUSED)
    assert open_one(world).detail["said_by"] == "resident"
    with pytest.raises(Conflict, match="没有正在送达"):
        incidents.report(World().to_concluded().file, said, "resident", world.now)


def test_what_came_home_damaged_is_paid_for_and_not_collected_again() -> None:
    world = World().to_delivered()
    said = Report(IncidentKind.ORIGINAL_DAMAGED, ("id_front",), "送达时已折断")
    world.apply(incidents.report(world.file, said, "resident", world.now))
    with pytest.raises(Conflict, match="已办结"):
        settled(world, S.RESENT)
    settled(world, S.COMPENSATED, amount_fen=2000)
    assert (world.state, world.file.original("id_front").holder) == (CaseState.DELIVERED, Holder.RESIDENT)


# ── whose turn it is ──


def test_each_turn_has_its_own_deadline_and_the_resident_is_told() -> None:
    world = short()
    number = open_one(world).id
    turns = [(E.TAKE, "03-04 18:00"), (E.ASK_RESIDENT, "03-16 18:00"), (E.CLAIM, "03-30 18:00")]
    for event, due in turns:
        world.apply(incidents.step(world.file, number, event, "说明", world.now))
        assert day(open_one(world).due_at) == due
    assert [n["text"] for n in open_one(world).detail["notes"]] == ["说明"] * 3
    with pytest.raises(InvalidRequest):
        incidents.step(world.file, number, E.SETTLE, "", world.now)


def test_a_resident_answers_when_asked() -> None:
    world = short()
    number = open_one(world).id
    with pytest.raises(Conflict):
        incidents.answer(world.file, number, S.RESENT, "在家里", world.now)
    world.apply(incidents.step(world.file, number, E.ASK_RESIDENT, "表格在您手中吗？", world.now))
    with pytest.raises(InvalidRequest):
        incidents.answer(world.file, number, S.FETCHED, "", world.now)
    world.apply(incidents.answer(world.file, number, S.RESENT, "在家里", world.now))
    assert open_one(world).state is IncidentState.IN_HAND
    assert open_one(world).detail["notes"][-1]["wish"] == "resent"


def test_an_incident_that_takes_too_long_is_the_supervisors_once() -> None:
    world = short().wait(days=3)
    world.apply(incidents.on_incident_deadline(world.file, world.now))
    incident = open_one(world)
    assert (incident.owner, incident.escalated_at) == ("supervisor", world.at)
    assert world.notices[-1].template == "incident_late"
    assert incidents.on_incident_deadline(world.file, world.now) == ()


def test_an_offer_that_nobody_answers_becomes_an_incident_and_ends_with_the_answer() -> None:
    world = World().to_processing()
    world.apply(transferring.offer(world.file, Offer(("form",), Holder.OFFICE, "rsj"), world.now)).wait(days=2)
    world.apply(incidents.on_incident_deadline(world.file, world.now))
    assert (open_one(world).kind, open_one(world).owner) == ("transfer_unanswered", "supervisor")
    assert incidents.on_incident_deadline(world.file, world.now) == ()
    world.apply(transferring.recall(world.file, world.file.transfers[0].id, world.now))
    assert world.file.open_incidents == ()


def test_a_case_is_not_accepted_while_a_paper_is_in_doubt() -> None:
    world = World().to_received()
    said = Report(IncidentKind.ORIGINAL_DAMAGED, ("form",), "撕裂")
    world.apply(incidents.report(world.file, said, "intake", world.now))
    with pytest.raises(Conflict, match="不能受理"):
        deciding.accept(world.file, world.now)
    settled(world, S.ACCEPTED_WITHOUT)
    deciding.accept(world.file, world.now)


def test_every_kind_has_its_owner_its_days_and_its_ends() -> None:
    assert RULES.keys() == set(IncidentKind)
    assert all(r.days > 0 and r.settlements and r.owner in ("intake", "supervisor") for r in RULES.values())
    assert timedelta(0) < timedelta(days=min(r.days for r in RULES.values()))


def test_a_paper_lost_a_second_time_and_its_forerunner_are_issued_again_under_names_of_their_own() -> None:
    world = World().to_passed()
    booking = world.booked(Direction.COLLECTION)
    again = replace(world.file.originals[0], key="id_front~2", label="another")
    parcel = replace(world.file.parcels[0], keys=("id_front", "id_front~2", "form"))
    world.file = replace(world.file, originals=(*world.file.originals, again), parcels=(parcel,))
    world.track(booking, LegState.PICKED_UP).track(booking, LegState.LOST)
    settled = settling.settle(
        world.file, world.file.open_incidents[0].id, settling.Settling(Settlement.RESENT, "遗失"), world.now
    )
    keys = [o.key for o in world.apply(settled).file.originals]
    assert len(keys) == len(set(keys))
