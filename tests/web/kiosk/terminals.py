"""A terminal of the tests, and whoever stands before it."""

from dataclasses import dataclass, field
from typing import Any

import httpx2
from fastapi.testclient import TestClient

from cases.actions import judging
from cases.readings import Confirmed, Field, Reading
from tests.web.world import JPEG, SYSTEM, World, client_of, unique
from web.guests import COOKIE

PHONE = "13800000000"
NAME, NUMBER = "陈样本", "440105199003070013"
ITEM = "440105-SHBZK-BL"


@dataclass
class Terminal:
    """One device with its browser."""

    world: World
    client: TestClient
    id: str
    session: str = ""
    token: str = field(default="", repr=False)

    def raw(self, method: str, path: str, **more: Any) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.request(method, path, headers=headers, **more)

    def ask(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        answer = self.raw(method, path, **more)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def begins(self) -> None:
        begun = self.ask("POST", "/kiosk/api/sessions", 201)
        self.session, self.token = begun["session"], begun["token"]

    def ends(self, how: str, status: int = 200) -> Any:
        return self.ask("POST", f"/kiosk/api/sessions/{self.session}/end", status, json={"how": how})

    def opens(self, item: str = ITEM, status: int = 201) -> str:
        body = {"item": item, "answers": {"under_16": False}, "consent": True, "transaction_id": unique()}
        return str(self.ask("POST", "/kiosk/api/cases", status, json=body).get("case", ""))

    def identifies(self, no: str, status: int = 200, **changes: Any) -> Any:
        body = {"how": "reader", "name": NAME, "id_number": NUMBER, **changes}
        return self.ask("POST", f"/kiosk/api/cases/{no}/identity", status, json=body)

    def phones(self, no: str, *, keep: bool, status: int = 200) -> Any:
        return self.ask("POST", f"/kiosk/api/cases/{no}/phone", status, json={"phone": PHONE, "keep": keep})

    def scans(self, no: str, key: str, status: int = 201) -> Any:
        files, form = {"file": ("page.jpg", JPEG + key.encode(), "image/jpeg")}, {"transaction_id": unique()}
        return self.ask("POST", f"/api/v1/cases/{no}/materials/{key}/pages", status, files=files, data=form)

    def hands_in(self, *, keep: bool = False) -> str:
        """From the first touch to the submission."""
        self.begins()
        no = self.opens()
        self.identifies(no)
        self.phones(no, keep=keep)
        for key in ("id_front", "form"):
            self.scans(no, key)
        self.world.read_all(no)
        self.ask("POST", f"/api/v1/cases/{no}/submit", json={"transaction_id": unique()})
        return no


def enrolled(world: World, name: str = "一号机", region: str = "440105") -> Terminal:
    with world.database.transaction() as tx:
        made, code = tx.devices.add(name, "海珠政务大厅", region, actor=SYSTEM)
    world.publish(version=99, channels=["miniapp", "kiosk"])
    client = client_of(world.doors)
    answer = client.post("/kiosk/enrol", json={"code": code.lower()})
    assert answer.status_code == 200, answer.text
    assert COOKIE in client.cookies
    return Terminal(world, client, made.id)


def card_read(world: World, no: str, page: str, **fields: str) -> None:
    """The worker's part: the page is read as the front of an identity card."""
    seen = {k: Field(v, 0.99, Confirmed.TWO_READERS) for k, v in fields.items()}
    reading = Reading("page.jpg", 1, 0.1, "test", 0, 100, 60, (), "id_card_front", 0.99, seen, ())
    with world.database.transaction() as tx:
        tx.save_reading(page, reading)
    world.decide(no, lambda file, now: judging.record_reading(file, page, "id_card_front", (), now))
