"""registry.ask: the job that asks a registry, against the sandbox over HTTP, and what the judge makes of its answer."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from cases.actions import opening, waiving
from cases.actions.waiving import Consent
from cases.effects import JobKind
from cases.items import Item
from cases.known import Wanted, from_registries, is_own
from cases.lifecycle import MaterialState
from cases.model import Applicant
from cases.waived import CONSENTS, LATE, PATIENCE, InquiryState, WaiverSource
from preaudit.catalogue import load
from preaudit.judge import judge
from sharing.client import HttpRegistry
from sharing.port import Authorisation, Person, Proven
from sharing.sandbox.people import PEOPLE
from sharing.sandbox.server import Config, Fault, Registry, Server, serving
from sharing.settings import SharingSettings
from storage.proof_tables import inquiries
from storage.session import Database
from tests.cases.world import APPLICANT, ITEM
from tests.workers.room import Room
from workers import sweeps
from workers.context import Context
from workers.jobs import Ended

SECRET = "a-secret-of-the-tests"
MATERIALS = [
    {**ITEM["materials"][0], "reuse_days": 365, "sources": ["registry:id_card_front"], "holder": "applicant"},
    *ITEM["materials"][1:],
]
RECORD = [
    {"document": "id_card_front", "fields": {"name": APPLICANT.name, "id_number": APPLICANT.id_number}},
]
YES = Consent(CONSENTS[WaiverSource.REGISTRY].version, agreed=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(Registry(Config("zerotrip", SECRET))) as running:
        running.registry.add(APPLICANT.name, APPLICANT.id_number, {"id_card_front": RECORD})
        yield running


@pytest.fixture
def sandbox(server: Server) -> Iterator[Server]:
    server.registry.asked.clear()
    yield server
    server.registry.fault = Fault.NONE


class Asking(Room):
    """A room with a registry, and a question under way."""

    server: Server | None = None

    @property
    def context(self) -> Context:
        if self.server is None:
            return super().context
        settings = SharingSettings(self.server.url, "zerotrip", SECRET)
        return replace(super().context, registry=HttpRegistry(settings))

    def asks(self) -> str:
        world = self.world
        spec = world.file.spec("id_front")
        assert spec is not None
        (offer,) = from_registries(Wanted(world.file.item, spec, APPLICANT, world.now.today))
        world.apply(waiving.ask(world.file, offer, YES, 0, world.now))
        return world.file.inquiries[-1].id

    @property
    def state(self) -> tuple[InquiryState, MaterialState]:
        file = self.seen().file
        material = file.material("id_front")
        assert material is not None
        return file.inquiries[-1].state, material.state

    def age(self, span: timedelta) -> None:
        """The question was authorised so long ago."""
        with self.database.transaction() as tx:
            tx.execute(update(inquiries).values(authorised_at=tx.now() - span))


@pytest.fixture
def asking(database: Database, tmp_path: Path, sandbox: Server) -> Asking:
    room = Asking(database, tmp_path, item_changes={"materials": MATERIALS})
    room.server = sandbox
    return room


def test_a_proof_stands_in_for_the_photograph_and_every_query_is_on_record(asking: Asking) -> None:
    inquiry = asking.asks()
    assert asking.do(JobKind.REGISTRY_ASK) is Ended.DONE
    assert asking.state == (InquiryState.PROVEN, MaterialState.WAIVED)
    with asking.database.reading() as tx:
        (proven,) = tx.proven_readings(asking.number)["id_front"]
    assert proven.fields["id_number"].value == APPLICANT.id_number
    (asked,) = asking.facts("registry_asked")
    assert asked == {"material": "id_front", "resource": "id_card_front", "authorised_by": "tester", "try": 1}
    (heard,) = asking.facts("inquiry_answered")
    assert (heard["result"], heard["receipt"]) == ("proven", "SB00000001")
    said = str([line.detail for line in _timeline(asking)])
    assert APPLICANT.id_number not in said
    assert APPLICANT.name not in said
    assert asking.seen().file.inquiry(inquiry).receipt == "SB00000001"  # type: ignore[union-attr]


def _timeline(asking: Asking) -> list[object]:
    with asking.database.reading() as tx:
        return list(tx.timeline(asking.number))


@pytest.mark.parametrize(
    ("fault", "state"),
    [
        (Fault.WRONG_PERSON, InquiryState.REFUSED),
        (Fault.REFUSE, InquiryState.REFUSED),
    ],
)
def test_what_may_not_be_used_is_not_and_the_resident_photographs(
    asking: Asking, fault: Fault, state: InquiryState
) -> None:
    asking.server.registry.fault = fault  # type: ignore[union-attr]
    asking.asks()
    assert asking.do(JobKind.REGISTRY_ASK) is Ended.DONE
    assert asking.state == (state, MaterialState.MISSING)
    asking.upload("id_front")


def test_a_person_the_registry_does_not_know_is_not_found(database: Database, tmp_path: Path, sandbox: Server) -> None:
    case = {"applicant": Applicant("person", "王样本", "440105199003070051", "13800000000")}
    room = Asking(database, tmp_path, item_changes={"materials": MATERIALS}, **case)
    room.server = sandbox
    room.asks()
    room.do(JobKind.REGISTRY_ASK)
    assert room.state == (InquiryState.NOT_FOUND, MaterialState.MISSING)


@pytest.mark.parametrize("fault", [Fault.DOWN, Fault.WRONG_SIGNATURE, Fault.GARBAGE])
def test_a_registry_that_does_not_answer_is_asked_again_for_a_minute_and_no_longer(
    asking: Asking, fault: Fault
) -> None:
    asking.server.registry.fault = fault  # type: ignore[union-attr]
    asking.asks()
    assert asking.do(JobKind.REGISTRY_ASK) is Ended.RETRIED
    assert asking.state == (InquiryState.WAITING, MaterialState.MISSING)
    asking.age(PATIENCE)
    asking.make_due(JobKind.REGISTRY_ASK)
    assert asking.do(JobKind.REGISTRY_ASK) is Ended.DONE
    assert asking.state == (InquiryState.UNAVAILABLE, MaterialState.MISSING)
    assert [f["try"] for f in asking.facts("registry_asked")] == [1, 2]


def test_where_no_registry_is_connected_it_is_unavailable(asking: Asking) -> None:
    asking.server = None
    asking.asks()
    asking.age(PATIENCE)
    asking.do(JobKind.REGISTRY_ASK)
    assert asking.state == (InquiryState.UNAVAILABLE, MaterialState.MISSING)


def test_an_authorisation_that_was_withdrawn_is_not_used(asking: Asking, sandbox: Server) -> None:
    asking.asks()
    asking.world.apply(waiving.take_back(asking.world.file, "id_front", asking.world.now))
    assert asking.do(JobKind.REGISTRY_ASK) is Ended.FAILED
    assert sandbox.registry.asked == []


def test_a_question_whose_job_is_lost_is_ended_by_a_sweep(asking: Asking) -> None:
    asking.asks()
    assert sweeps.unheard(asking.database) == 0
    asking.age(LATE + timedelta(seconds=1))
    assert sweeps.unheard(asking.database) == 1
    assert asking.state == (InquiryState.UNAVAILABLE, MaterialState.MISSING)


def test_a_case_handed_in_meanwhile_is_judged_with_what_the_registry_said(asking: Asking) -> None:
    asking.asks()
    page = asking.upload("form")
    asking.do(JobKind.PAGE_READ, page)
    asking.seen().apply(opening.submit(asking.world.file, asking.world.now))
    asking.do(JobKind.REGISTRY_ASK)
    assert asking.do(JobKind.CASE_JUDGE) is Ended.DONE
    about = [f for f in asking.seen().file.findings if f.material == "id_front"]
    assert about == []
    assert asking.state == (InquiryState.PROVEN, MaterialState.WAIVED)


# ── the catalogue's promises ──


def _declared() -> list[tuple[Item, str, str]]:
    return [
        (loaded.item, spec.key, source.partition(":")[2])
        for loaded in load().values()
        for spec in loaded.item.materials
        for source in spec.sources
    ]


@pytest.mark.parametrize(("item", "key", "kind"), _declared(), ids=lambda x: getattr(x, "code", x))
def test_what_an_item_says_a_registry_proves_is_proved_by_it(server: Server, item: Item, key: str, kind: str) -> None:
    """The record passes the item's own checks of that material, as a photograph would."""
    assert is_own(item, key)
    person = next(p for p, records in PEOPLE.items() if kind in records)
    client = HttpRegistry(SharingSettings(server.url, "zerotrip", SECRET))
    asked = Authorisation("q", "n", item.code, item.name, YES.version, datetime.now(UTC))
    found = client.ask(kind, Person(*person), asked)
    assert isinstance(found, Proven)
    spec = item.material(key)
    assert spec is not None
    answers = {name: value[0] if isinstance(value, list) else value for name, value in spec.when.items()}
    said = judge(item, answers, {}, {key: list(found.readings)}, today=date(2026, 3, 2))
    told = [(f.code, f.message) for f in said.findings if f.material == key]
    assert [t for t in told if str(t[0]) != "age_out_of_range"] == []
