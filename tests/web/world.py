"""A small world for the tests of the doors: the application on a fresh database, people who call it, and the worker's
part played by the same use-cases the workers call."""

import atexit
import io
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import httpx2
import pyotp
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import APIRouter
from fastapi.testclient import TestClient
from PIL import Image

from cases.actions import carrying, deciding, judging, ordering
from cases.actions.judging import Verdict
from cases.effects import Outcome, Put
from cases.findings import Finding
from cases.items import item_from
from cases.lifecycle import LegState, MaterialState
from cases.model import CaseFile, Direction, Window
from cases.moment import Moment
from courier.fake import FakePartner
from courier.settings import from_mapping as courier_settings
from storage.actors import Actor
from storage.blobs import Blobs
from storage.ids import new_id
from storage.session import Database
from storage.words import ActorKind, Role
from tests.cases.world import ITEM
from web.app import application
from web.doors import Doors
from web.limits import Rates
from web.metrics import Meters
from web.platforms import platforms
from web.settings import WebSettings

SYSTEM = Actor(ActorKind.SYSTEM, "test")
HOOK_SECRET = "a-hook-secret-of-the-tests"
PUSH_TOKEN = "tok123"
PASSWORD = "a long enough password"
JPEG = b"\xff\xd8\xff\xe0 not really a picture"


def small_copy() -> bytes:
    """A real picture, as the reader's child leaves one to be looked at."""
    made = io.BytesIO()
    Image.new("RGB", (320, 200), (250, 250, 250)).save(made, "JPEG")
    return made.getvalue()


APPLICANT = {"kind": "person", "name": "陈样本", "id_number": "440105199003070019", "phone": "13800000000"}
ADDRESS = {
    "province": "广东省",
    "city": "广州市",
    "county": "海珠区",
    "detail": "样本路1号",
    "contact": "陈样本",
    "phone": "13800000000",
}
_numbers = itertools.count(1)


def unique() -> str:
    return f"t-{next(_numbers)}"


def settings(**changes: Any) -> WebSettings:
    plain = {"public_url": "https://zerotrip.example", "embedded_platform": True, "push_token": PUSH_TOKEN}
    plain |= {"misses_per_person": 10_000, "misses_per_address": 10_000, "failed_logins_per_address": 10_000}
    return WebSettings(**{**plain, **changes})


CARRIERS = {
    "ZEROTRIP_COURIERS": "ems",
    "ZEROTRIP_EMS_BASE_URL": "https://ems.example",
    "ZEROTRIP_EMS_SENDER_NO": "1100",
    "ZEROTRIP_EMS_AUTHORIZATION": "authorization",
    "ZEROTRIP_EMS_SIGN_KEY": "MTIzNDU2Nzg5MDEyMzQ1Ng==",
    "ZEROTRIP_EMS_HOOK_SECRET": HOOK_SECRET,
}


@dataclass
class World:
    database: Database
    blobs: Blobs
    partner: FakePartner
    doors: Doors
    client: TestClient

    # ── people ──

    def resident(self, name: str = "chen") -> "Caller":
        answer = self.client.post("/api/v1/session", json={"code": f"dev:{name}", "platform": "embedded"})
        assert answer.status_code == 200, answer.text
        return Caller(self, {"Authorization": f"Bearer {answer.json()['token']}"})

    def system(self, *roles: Role, departments: tuple[str, ...] = ("rsj", "gaj")) -> "Caller":
        """A department's system, or a desk of several roles, with a key."""
        with self.database.transaction() as tx:
            _, token = tx.staff.add_api_key(
                "test", roles=frozenset(roles), departments=frozenset(departments), actor=SYSTEM
            )
        return Caller(self, {"X-API-Key": token})

    def staff(self, login: str, *roles: Role, departments: tuple[str, ...] = ("rsj",)) -> dict[str, str]:
        """What somebody of the office types to log in."""
        with self.database.transaction() as tx:
            _, secret = tx.staff.add(
                login, "张三", PASSWORD, roles=frozenset(roles), departments=frozenset(departments), actor=SYSTEM
            )
        return {"login": login, "password": PASSWORD, "totp": pyotp.TOTP(secret).now()}

    def publish(self, **changes: Any) -> str:
        raw = {**ITEM, **changes}
        with self.database.transaction() as tx:
            tx.publish_item(raw, item_from(raw))
        return str(raw["code"])

    # ── the worker's part ──

    def decide(self, no: str, decision: Callable[[CaseFile, Moment], Outcome]) -> None:
        with self.database.transaction() as tx:
            file = tx.case_file(no, for_change=True)
            tx.apply(no, decision(file, Moment(tx.now(), tx.calendar(), new_id)), actor=SYSTEM)

    def file(self, no: str) -> CaseFile:
        with self.database.reading() as tx:
            return tx.case_file(no)

    def read(self, no: str, page: str, *findings: Finding) -> None:
        self.decide(no, lambda file, now: judging.record_reading(file, page, "id_card_front", findings, now))

    def read_all(self, no: str) -> None:
        for page in self.file(no).unread:
            self.read(no, page.id)

    def judge(self, no: str, verdict: str, *findings: Finding, **states: MaterialState) -> None:
        said = Verdict(verdict, findings, states)
        self.decide(no, lambda file, now: judging.record_verdict(file, said, now))

    def book_at_partner(self, no: str) -> str:
        """The waybill of the booking that was asked for."""
        booking = self.file(no).bookings[-1]
        self.decide(no, lambda file, now: ordering.record_booked(file, booking.id, f"WB{booking.id[-9:]}", now))
        return booking.id

    def track(self, no: str, booking: str, *states: LegState) -> None:
        for state in states:
            self.decide(
                no,
                lambda file, now, state=state: carrying.record_tracking(  # type: ignore[misc]
                    file, booking, carrying.Tracked(state, now.at, confirmed=True), now
                ),
            )

    def route(self, no: str) -> None:
        self.decide(no, deciding.route_case)

    def makes_pdf(self, no: str, document: str, pdf: bytes, sha256: str | None = None) -> None:
        made = {"blob": self.blobs.put(pdf), "sha256": sha256}
        self.decide(no, lambda _file, _now: (Put("document", document, made),))

    def window_passes(self, no: str, booking: str) -> None:
        def moved(_: CaseFile, now: Moment) -> Outcome:
            window = Window(now.at - timedelta(hours=4), now.at - timedelta(hours=2))
            return (Put("booking", booking, {"window": window}),)

        self.decide(no, moved)


@dataclass
class Caller:
    """Somebody with credentials. Every call answers the parsed body and checks the status."""

    world: World
    headers: Mapping[str, str]

    def ask(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        answer = self.raw(method, path, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def raw(self, method: str, path: str, **more: Any) -> httpx2.Response:
        headers = {**self.headers, **more.pop("headers", {})}
        return self.world.client.request(method, path, headers=headers, **more)

    def get(self, path: str, status: int = 200, **more: Any) -> Any:
        return self.ask("GET", path, status, **more)

    def post(self, path: str, status: int = 200, **body: Any) -> Any:
        return self.ask("POST", path, status, json=body)

    # ── a resident's usual calls ──

    def opens(self, item: str = "440105-SHBZK-BL", **changes: Any) -> str:
        body = {
            "item": item,
            "answers": {"under_16": False},
            "applicant": APPLICANT,
            "address": ADDRESS,
            "channel": "miniapp",
        }
        opened = self.post("/api/v1/cases", 201, **{**body, "transaction_id": unique(), **changes})
        return str(opened["case"])

    def uploads(self, no: str, material: str, data: bytes = JPEG, status: int = 201, **fields: str) -> Any:
        files = {"file": ("photo.jpg", data, "image/jpeg")}
        form = {"transaction_id": unique(), **fields}
        path = f"/api/v1/cases/{no}/materials/{material}/pages"
        return self.ask("POST", path, status, files=files, data=form)

    def submits(self, no: str) -> None:
        """Uploads what is required, waits for the reader, hands in."""
        for material in ("id_front", "form"):
            self.uploads(no, material, JPEG + material.encode())
        self.world.read_all(no)
        self.post(f"/api/v1/cases/{no}/submit")

    def books(self, no: str, leg: Direction = Direction.COLLECTION) -> str:
        windows = self.get(f"/api/v1/cases/{no}/windows?leg={leg}")["windows"]
        booked = self.post(f"/api/v1/cases/{no}/bookings", 201, leg=str(leg), window=windows[0]["id"])
        return str(booked["id"])


def client_of(doors: Doors) -> TestClient:
    """Calls are made in one event loop of this process and by its threads: a loop of its own for every call takes longer
    than the call."""
    app = application(doors)
    app.router = _routes(app.router)
    client = TestClient(app, base_url="https://zerotrip.example")
    client.portal = _portal()
    return client


_known: list[APIRouter] = []


def _routes(made: APIRouter) -> APIRouter:
    """Those of the first application: a router looks through hundreds of signatures when it is first asked, and the routes
    know nothing of the doors behind them."""
    if not _known:
        _known.append(made)
    return _known[0]


@cache
def _portal() -> BlockingPortal:
    started = start_blocking_portal()
    portal = started.__enter__()
    atexit.register(started.__exit__, None, None, None)
    return portal


def make_world(database: Database, blobs: Blobs, **changes: Any) -> World:
    web, partner, meters = settings(**changes), FakePartner(database.now, "ems"), Meters()
    meters.watch(database)
    doors = Doors(
        settings=web,
        database=database,
        blobs=blobs,
        couriers=courier_settings(CARRIERS),
        partners={"ems": partner},
        platforms=platforms(embedded=web.embedded_platform),
        rates=Rates.of(web),
        meters=meters,
    )
    made = World(database, blobs, partner, doors, client_of(doors))
    made.publish()
    return made
