"""Agent points of the tests: who works there, and people to help."""

import re
from dataclasses import dataclass

import pyotp

from cases.helping import Point
from cases.model import Address, PersonId
from storage.words import Role
from tests.web.world import PASSWORD, SYSTEM, Caller, World

ITEM_CODE = "440105-SHBZK-BL"
NAMES = "赵钱孙李周吴郑王冯陈"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True)
class Login:
    login: str
    secret: str

    def typed(self) -> dict[str, str]:
        return {"login": self.login, "password": PASSWORD, "totp": pyotp.TOTP(self.secret).now()}


def person(n: int) -> dict[str, str]:
    """The n-th resident of a village: a name, an identity number that holds, a phone."""
    body = f"4401051990{1 + n // 28 % 12:02d}{1 + n % 28:02d}{n % 1000:03d}"
    check = "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, body, strict=True)) % 11]
    return {"name": f"{NAMES[n % 10]}样本{NAMES[n // 10 % 10]}", "id_number": body + check, "phone": f"139{n:08d}"}


def publish(world: World) -> None:
    """The item, also for agents."""
    world.publish(version=2, channels=["miniapp", "agent"])


def point(world: World, code: str = "cg-01", name: str = "赤岗村代办点") -> Point:
    address = Address("广东省", "广州市", "海珠区", "赤岗街道党群服务中心", name, "02000000000")
    with world.database.transaction() as tx:
        return tx.agents.put_point(Point(code, name, name[:3], "440105", PersonId(""), address), actor=SYSTEM)


def login(world: World, name: str, at: str = "cg-01", *more: Role) -> Login:
    with world.database.transaction() as tx:
        roles = frozenset({Role.AGENT, *more})
        staff, secret = tx.staff.add(name, f"{name}代办", PASSWORD, roles=roles, departments=frozenset(), actor=SYSTEM)
        tx.agents.assign(staff.id, at, actor=SYSTEM)
    return Login(name, secret)


def agent(world: World, name: str = "wang", at: str = "cg-01") -> Caller:
    """Somebody of the point, signed in."""
    typed = login(world, name, at).typed()
    answer = world.client.post("/api/v1/agent/session", json=typed)
    assert answer.status_code == 200, answer.text
    return Caller(world, {"Authorization": f"Bearer {answer.json()['token']}"})


def code_of(world: World, no: str) -> str:
    """What the applicant reads in the newest text message with a code."""
    with world.database.reading() as tx:
        code = str(next(n.data["code"] for n in reversed(tx.notices_of(no)) if "code" in n.data))
    assert re.fullmatch(r"\d{6}", code)
    return code


def proves(world: World, who: Caller, no: str) -> None:
    who.post(f"/api/v1/cases/{no}/agent/code", purpose="authority")
    who.post(f"/api/v1/cases/{no}/agent/authority", code=code_of(world, no))
