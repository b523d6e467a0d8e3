"""The registry's client against the sandbox, over HTTP: what is proved, and everything that must not be believed."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import requests

from cases.readings import CERTAIN
from cases.waived import RESOURCES
from sharing import signing, wire
from sharing.client import HttpRegistry
from sharing.port import Answer, Authorisation, NotFound, Person, Proven, Refused, Unavailable
from sharing.sandbox.people import PEOPLE
from sharing.sandbox.server import Config, Fault, Registry, Server, serving
from sharing.settings import SharingSettings, SharingSettingWrong

SECRET = "a-secret-of-the-tests"
CAO = Person("曹梅珊", "440105198707289983")
AUTHORISATION = Authorisation(
    "q1", "440105202603020000011", "440105-SHBZK-BL", "社会保障卡补领", "registry-1", datetime(2026, 3, 2, tzinfo=UTC)
)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serving(Registry(Config("zerotrip", SECRET, slow_s=0.6))) as running:
        yield running


@pytest.fixture
def sandbox(server: Server) -> Iterator[Server]:
    server.registry.asked.clear()
    yield server
    server.registry.fault = Fault.NONE


def client(sandbox: Server, *, secret: str = SECRET, timeout_s: float = 5.0, **more: object) -> HttpRegistry:
    return HttpRegistry(SharingSettings(sandbox.url, "zerotrip", secret, timeout_s), **more)  # type: ignore[arg-type]


def ask(sandbox: Server, kind: str = "id_card_front", person: Person = CAO, **more: object) -> Answer:
    return client(sandbox, **more).ask(kind, person, AUTHORISATION)  # type: ignore[arg-type]


def test_a_record_comes_back_as_readings_that_are_certain(sandbox: Server) -> None:
    found = ask(sandbox)
    assert isinstance(found, Proven)
    (reading,) = found.readings
    assert (reading.kind, reading.engine) == ("id_card_front", "registry")
    assert reading.fields["id_number"].value == CAO.id_number
    assert all(f.confirmed in CERTAIN for f in reading.fields.values())
    assert found.receipt == "SB00000001"
    assert isinstance(found.as_of, date)


def test_a_register_has_its_pages_and_a_card_its_end(sandbox: Server) -> None:
    register, back = ask(sandbox, "household_register"), ask(sandbox, "id_card_back")
    assert isinstance(register, Proven)
    assert isinstance(back, Proven)
    assert [r.kind for r in register.readings] == ["household_register_head", "household_register_member"]
    assert back.valid_to == "2045-12-03"


def test_the_sandbox_knows_somebody_for_every_resource() -> None:
    assert {kind for records in PEOPLE.values() for kind in records} == set(RESOURCES)


@pytest.mark.parametrize(
    ("kind", "person"),
    [
        ("business_licence", CAO),
        ("id_card_front", Person("曹梅珊", "440105199501129970")),
        ("id_card_front", Person("吴鑫帆", "440105198707289983")),
    ],
)
def test_no_record_and_a_name_that_does_not_go_with_the_number_look_alike(
    sandbox: Server, kind: str, person: Person
) -> None:
    assert isinstance(ask(sandbox, kind, person), NotFound)


@pytest.mark.parametrize(
    ("fault", "answer"),
    [
        (Fault.DOWN, Unavailable("http_503")),
        (Fault.HANG_UP, Unavailable("connection_ConnectionError")),
        (Fault.WRONG_SIGNATURE, Unavailable("wrong_signature")),
        (Fault.WRONG_PERSON, Refused("other_person")),
        (Fault.WRONG_DOCUMENT, Unavailable("other_document")),
        (Fault.GARBAGE, Unavailable("not_json")),
        (Fault.REFUSE, Refused("by_registry")),
    ],
)
def test_what_cannot_be_believed_proves_nothing(sandbox: Server, fault: Fault, answer: Answer) -> None:
    sandbox.registry.fault = fault
    assert ask(sandbox) == answer


def test_a_slow_registry_is_waited_for_as_long_as_was_said(sandbox: Server) -> None:
    sandbox.registry.fault = Fault.SLOW
    assert ask(sandbox, timeout_s=0.2) == Unavailable("timeout")


def test_a_registry_that_is_not_there_is_unavailable() -> None:
    nobody = HttpRegistry(SharingSettings("http://127.0.0.1:9", "zerotrip", SECRET))
    assert nobody.ask("id_card_front", CAO, AUTHORISATION) == Unavailable("connection_ConnectionError")


def test_a_question_under_a_wrong_secret_or_with_a_clock_that_is_wrong_is_turned_away(sandbox: Server) -> None:
    assert ask(sandbox, secret="another-secret-altogether") == Refused("http_401")
    late = datetime.now(UTC) - timedelta(seconds=signing.TOLERANCE_S + 5)
    assert ask(sandbox, now=lambda: late) == Refused("http_401")
    assert sandbox.registry.asked == []


def test_a_question_that_was_listened_to_is_worth_nothing_a_second_time(sandbox: Server) -> None:
    body = wire.question("id_card_front", CAO, AUTHORISATION)
    stamp = signing.Stamp("zerotrip", str(int(datetime.now(UTC).timestamp())), "nonce-1")
    signed = {
        signing.CLIENT: stamp.client,
        signing.TIMESTAMP: stamp.timestamp,
        signing.NONCE: stamp.nonce,
        signing.SIGNATURE: signing.of_request(SECRET, stamp, wire.PATH, body),
    }
    said = [requests.post(sandbox.url + wire.PATH, data=body, headers=signed, timeout=5).status_code for _ in range(2)]
    assert said == [200, 401]


def test_nobodys_name_or_number_stands_in_an_address_a_header_or_a_repr(sandbox: Server) -> None:
    found = ask(sandbox)
    for shown in (repr(found), repr(CAO), json.dumps(sandbox.registry.asked), sandbox.url + wire.PATH):
        assert CAO.name not in shown
        assert CAO.id_number not in shown


GOOD = {
    "id": "q1",
    "result": "found",
    "holder": {"name": CAO.name, "id_number": CAO.id_number},
    "as_of": "2026-03-02",
    "pages": [{"document": "id_card_front", "fields": {"name": CAO.name}}],
}


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({"id": "q2"}, Unavailable("other_question")),
        ({"result": "perhaps"}, Unavailable("unknown_result")),
        ({"holder": None}, Unavailable("not_an_object")),
        ({"holder": {"name": CAO.name}}, Refused("other_person")),
        ({"pages": []}, Unavailable("no_pages")),
        ({"pages": [{"document": "id_card_front", "fields": {}}]}, Unavailable("no_fields")),
        ({"pages": [{"document": "id_card_front", "fields": {"name": 7}}]}, Unavailable("not_a_text")),
        ({"pages": [{"document": "id_card_front", "fields": {"name": "a\x00"}}]}, Unavailable("not_a_text")),
        ({"as_of": "yesterday"}, Unavailable("not_a_day")),
        ({"as_of": "2026-02-30"}, Unavailable("not_a_day")),
    ],
)
def test_a_body_that_does_not_fit_its_question_proves_nothing(changed: dict[str, object], answer: Answer) -> None:
    body = json.dumps({**GOOD, **changed}).encode()
    assert wire.answer("id_card_front", CAO, AUTHORISATION, body, 0.1) == answer


def test_the_same_body_unchanged_does() -> None:
    good = wire.answer("id_card_front", CAO, AUTHORISATION, json.dumps(GOOD).encode(), 0.1)
    assert isinstance(good, Proven)
    assert isinstance(wire.answer("id_card_front", CAO, AUTHORISATION, b"[" * 100_000, 0.1), Unavailable)


URL = {"SHARING_URL": "https://share.example", "SHARING_CLIENT": "c", "SHARING_SECRET": SECRET}


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"SHARING_URL": "http://share.example"}, "SHARING_URL"),
        ({"SHARING_CLIENT": ""}, "SHARING_CLIENT"),
        ({"SHARING_SECRET": "short"}, "SHARING_SECRET"),
        ({"SHARING_TIMEOUT_S": "soon"}, "SHARING_TIMEOUT_S"),
        ({"SHARING_TIMEOUT_S": "600"}, "SHARING_TIMEOUT_S"),
    ],
)
def test_a_setting_that_is_wrong_is_named(changed: dict[str, str], named: str) -> None:
    with pytest.raises(SharingSettingWrong, match=f"^{named}"):
        SharingSettings.from_mapping({**URL, **changed})


def test_without_an_address_there_is_no_registry() -> None:
    assert SharingSettings.from_mapping({}) is None
    assert SharingSettings.from_mapping(URL) == SharingSettings("https://share.example", "c", SECRET)
