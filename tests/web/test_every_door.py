"""What holds at every address of the doors, walked one by one: headers, the CSRF word, and nothing kept by whoever is
between."""

import re
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import text
from starlette.routing import Mount, Route

from storage.words import Role
from tests.web.kiosk.terminals import enrolled
from tests.web.test_hooks import _push
from tests.web.world import SYSTEM, World, make_world
from web.app import DESK, KIOSK, OUTSIDE, RESIDENT
from web.auth import CSRF_HEADER

ROOT = Path(__file__).parents[2] / "web"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
BEFORE_ONE_IS_IN = {"POST /desk/login", "POST /desk/enter", "POST /grid/login"}
"""There is no session yet whose word could be shown; the cookie that they set is SameSite=strict."""


def every() -> list[tuple[str, APIRoute]]:
    routers = (*OUTSIDE, *KIOSK, *RESIDENT, *DESK)
    found = [r for router in routers for r in router.routes if isinstance(r, APIRoute)]
    return [(method, r) for r in found for method in sorted(r.methods)]


def filled(path: str) -> str:
    return re.sub(r"{[^}]+}", "x", path)


def test_nothing_but_files_stands_beside_the_routers(plain_world: World) -> None:
    app = plain_world.client.app
    known = {r.path for _, r in every()}
    more = [r for r in app.routes if isinstance(r, Route | Mount) and r.path not in known]  # type: ignore[attr-defined]
    assert {r.path for r in more} <= {"/static", "/app", "/openapi.json", ""}


def test_every_answer_of_every_address_wears_its_headers(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, address_per_minute=100_000, misses_per_address=100_000)
    for method, route in [*every(), ("GET", None), ("GET", "/openapi.json")]:  # type: ignore[list-item]
        path = filled(route.path) if isinstance(route, APIRoute) else route or "/nowhere"
        answer = world.client.request(method, path, follow_redirects=False)
        said, name = answer.headers, f"{method} {path}: {answer.status_code}"
        assert answer.status_code < 500 or path == "/metrics", name
        assert said["X-Content-Type-Options"] == "nosniff", name
        assert said["Referrer-Policy"] == "no-referrer", name
        assert said["X-Frame-Options"] == "DENY", name
        assert "max-age=" in said["Strict-Transport-Security"], name
        assert said["Cache-Control"] == ("no-cache" if path.endswith("/sw.js") else "no-store"), name
        policy = said["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in policy, name
        assert "object-src 'none'" in policy, name
        assert not re.search(r"unsafe-(inline|eval)|script-src[^;]*(\*|data:|https?:)", policy), name


def wears_its_headers(answer: Any, name: str, status: int) -> None:
    said = answer.headers
    assert answer.status_code == status, f"{name}: {answer.status_code} {answer.text[:200]}"
    assert said["X-Content-Type-Options"] == "nosniff", name
    assert said["Referrer-Policy"] == "no-referrer", name
    assert said["X-Frame-Options"] == "DENY", name
    assert said["Strict-Transport-Security"] == "max-age=31536000", name
    policy = said["Content-Security-Policy"]
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action"):
        assert part in policy, name
    assert "X-Request-Id" in said, name


def test_every_kind_of_answer_wears_its_headers(plain_world: World) -> None:
    """Whoever is in, whoever is refused, and a fault of ours."""
    world = make_world(plain_world.database, plain_world.blobs, lookups_per_minute=1)
    me, desk, here = world.resident(), world.system(*Role), enrolled(world)
    no = me.opens()
    seen = me.raw("GET", f"/api/v1/cases/{no}")
    wears_its_headers(seen, "a resident's case", 200)
    wears_its_headers(me.raw("GET", f"/api/v1/cases/{no}", headers={"If-None-Match": seen.headers["ETag"]}), "304", 304)
    wears_its_headers(desk.raw("GET", "/desk/queues/unclaimed"), "a page of the desk", 200)
    wears_its_headers(here.raw("GET", "/kiosk/api/device"), "a terminal", 200)
    wears_its_headers(here.raw("GET", "/kiosk"), "a terminal's page", 200)
    wears_its_headers(_push(world, world.partner.sign(b"{}")), "a courier", 204)
    wears_its_headers(world.client.get("/static/desk.css"), "a file", 200)
    wears_its_headers(world.client.get("/static/none.css"), "no file", 404)
    wears_its_headers(desk.raw("GET", "/desk/nowhere"), "no page", 404)
    wears_its_headers(world.client.request("BREW", "/api/v1/cases"), "no such method", 405)
    wears_its_headers(world.client.put("/static/desk.css"), "no method of a file", 405)
    wears_its_headers(world.client.post("/api/v1/session", content=b"x" * 300_000), "too large", 413)
    wears_its_headers(world.client.post("/api/v1/session", json={}), "a mistake", 422)
    world.client.get("/api/v1/verify/0123456789ABCDEF")
    wears_its_headers(world.client.get("/api/v1/verify/0123456789ABCDEF"), "too often", 429)
    with world.database.transaction() as tx:
        tx.execute(text("UPDATE cases SET applicant = :broken"), [{"broken": b"not sealed by us"}])
    wears_its_headers(me.raw("GET", f"/api/v1/cases/{no}"), "a fault", 500)


def test_a_page_that_is_refused_says_when_to_come_again(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, lookups_per_minute=1, logins_per_minute=1)
    desk, form = world.system(*Role), {"login": "a", "password": "wrong password", "totp": "123456", "next": "/desk"}
    for ask in (
        lambda: world.client.get("/v/0123456789ABCDEF"),
        lambda: desk.raw("POST", "/desk/search", data={"text": "440105199003070019"}),
        lambda: world.client.post("/desk/enter", data=form),
    ):
        refused = next((answer for answer in (ask() for _ in range(4)) if answer.status_code == 429), None)
        assert refused is not None
        assert int(refused.headers["Retry-After"]) > 0


def test_hsts_is_said_only_where_there_is_tls(plain_world: World) -> None:
    bare = make_world(plain_world.database, plain_world.blobs, cookie_secure=False)
    assert "Strict-Transport-Security" not in bare.client.get("/healthz").headers


def test_every_change_at_the_desk_wants_the_csrf_word(plain_world: World) -> None:
    world = make_world(plain_world.database, plain_world.blobs, person_per_minute=100_000)
    changes = [(m, r) for m, r in every() if m in UNSAFE and r.path.startswith(("/desk", "/grid"))]
    tried = [(m, r) for m, r in changes if f"{m} {r.path}" not in BEFORE_ONE_IS_IN]
    assert len(tried) > 100
    world.client.post("/desk/login", json=world.staff("zhang", *Role))
    cookie = world.client.cookies
    name, value = next((c.name, c.value) for c in cookie.jar)
    cookie.clear()
    for method, route in tried:
        for shown in ({}, {CSRF_HEADER: "0" * 64}):
            sent = {**shown, "Cookie": f"{name}={value}"}
            answer = world.client.request(method, filled(route.path), headers=sent, follow_redirects=False)
            assert answer.status_code == 403, f"{method} {route.path}: {answer.status_code} {answer.text[:200]}"
            assert "过期" in answer.text or "expired" in answer.text, f"{method} {route.path}"


def test_every_cookie_is_out_of_reach_of_scripts_and_other_sites(plain_world: World) -> None:
    login = plain_world.staff("zhang", Role.GRID, Role.CLERK)
    set_by = [
        plain_world.client.post("/desk/login", json=login).headers["set-cookie"],
        _cookie_of_a_terminal(plain_world),
    ]
    for cookie in set_by:
        for flag in ("HttpOnly", "Secure", "SameSite=strict"):
            assert flag.lower() in cookie.lower(), cookie


def _cookie_of_a_terminal(world: World) -> str:
    with world.database.transaction() as tx:
        _, code = tx.devices.add("一号机", "海珠政务大厅", "440105", actor=SYSTEM)
    return str(world.client.post("/kiosk/enrol", json={"code": code}).headers["set-cookie"])


def test_no_page_holds_a_script_or_a_style_of_its_own() -> None:
    """The policy would not let it run; so it would be a page that does not work."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>\s*\S|\son[a-z]+\s*=\s*[\"']|\sstyle\s*=\s*[\"']|<style\b", re.I)
    pages = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").glob("*.html")]
    assert pages
    assert [str(p.name) for p in pages if inline.search(p.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("path", ["/desk/login", "/grid/login", "/kiosk/enrol"])
def test_what_sets_a_cookie_takes_no_form_of_another_site(plain_world: World, path: str) -> None:
    """JSON alone: a form of another site cannot send it without asking first (CORS)."""
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = plain_world.client.post(path, content="login=a&password=b&totp=c&code=1234567890", headers=form)
    assert answer.status_code == 422
