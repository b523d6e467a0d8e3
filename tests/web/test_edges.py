"""The edges of every call: one envelope for refusals, nothing of a fault outside, headers, limits, health, the schema."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from cases.errors import Refusal
from storage.words import Role
from tests.web.world import ADDRESS, APPLICANT, CARRIERS, HOOK_SECRET, World, make_world, unique
from web.app import create_app
from web.errors import STATUS
from web.limits import RateLimit
from web.observing import configure_logs
from web.settings import WebSettings, WebSettingWrong
from workers.settings import VARIABLES


def _opening(**changes: object) -> dict[str, object]:
    body = {
        "item": "440105-SHBZK-BL",
        "answers": {"under_16": False},
        "applicant": APPLICANT,
        "address": ADDRESS,
        "transaction_id": unique(),
    }
    return {**body, **changes}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nowhere", 404, "not_found"),
        ("GET", "/api/v1/items/unknown", 404, "not_found"),
        ("GET", "/api/v1/items/%00", 404, "not_found"),
        ("GET", "/api/v1/items?q=%00", 404, "not_found"),
        ("PUT", "/api/v1/items", 405, "method_not_allowed"),
        ("POST", "/api/v1/session", 422, "invalid_request"),
        ("GET", "/static/../app.py", 404, "not_found"),
        ("GET", "/static/nothing.css", 404, "not_found"),
    ],
)
def test_refusals_have_one_envelope(plain_world: World, method: str, path: str, status: int, code: str) -> None:
    answer = plain_world.client.request(method, path)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"].keys() == {"code", "message", "details"}


def test_every_refusal_of_the_domain_has_a_status() -> None:
    kinds = Refusal.__subclasses__()
    assert all(any(k in STATUS for k in kind.__mro__[:-3]) for kind in kinds)


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"item": "unknown"}, 404, "not_found"),
        ({"answers": {"nobody_asked": True}}, 422, "invalid_request"),
        ({"answers": {}}, 422, "invalid_request"),
        ({"channel": "pigeon"}, 422, "invalid_request"),
        ({"applicant": {**APPLICANT, "kind": "dog"}}, 422, "invalid_request"),
        ({"applicant": {**APPLICANT, "name": "\x00"}}, 422, "invalid_request"),
        ({"applicant": {**APPLICANT, "name": "x" * 300}}, 422, "invalid_request"),
        ({"answers": {"under_16": {"deep": 1}}}, 422, "invalid_request"),
        ({"transaction_id": None}, 422, "invalid_request"),
        ({"transaction_id": " "}, 422, "invalid_request"),
    ],
)
def test_a_case_that_cannot_be_opened_is_refused(
    world: World, changes: dict[str, object], status: int, code: str
) -> None:
    refused = world.resident().post("/api/v1/cases", status, **_opening(**changes))
    assert refused["error"]["code"] == code


def test_an_item_that_needs_the_person_says_so(plain_world: World) -> None:
    code = plain_world.publish(code="440105-BRDC", in_person="须现场采集指纹")
    refused = plain_world.resident().post("/api/v1/cases", 409, **_opening(item=code))
    assert refused["error"]["code"] == "in_person_only"
    assert "须现场采集指纹" in refused["error"]["message"]


def test_a_validation_error_names_the_field_and_never_the_value(plain_world: World) -> None:
    bad = {**APPLICANT, "id_number": "4401051990030700190" * 10}
    answer = plain_world.resident().raw("POST", "/api/v1/cases", json=_opening(applicant=bad))
    assert answer.json()["error"]["details"]["fields"] == [{"field": "applicant.id_number", "problem": "内容太长"}]
    assert bad["id_number"] not in answer.text


@pytest.mark.parametrize(
    "body", [b"{", b"[" * 100_000, b'{"code": "\\ud800", "platform": "embedded"}', b"\xff", b"null"]
)
def test_a_body_that_is_no_request_is_refused(plain_world: World, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = plain_world.client.post("/api/v1/session", content=body, headers=headers)
    assert answer.status_code in (400, 422)
    assert "error" in answer.json()


def test_a_body_past_the_cap_is_refused(plain_world: World) -> None:
    answer = plain_world.client.post("/api/v1/session", content=b"x" * 300_000)
    assert (answer.status_code, answer.json()["error"]["details"]["max_bytes"]) == (413, 262_144)


def test_a_fault_says_nothing_outside_and_one_line_inside(
    plain_world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs()
    me = plain_world.resident()
    no = me.opens()
    with plain_world.database.transaction() as tx:
        tx.execute(text("UPDATE cases SET applicant = :broken"), [{"broken": b"not sealed by us"}])
    capsys.readouterr()
    answer = me.raw("GET", f"/api/v1/cases/{no}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    said = capsys.readouterr().out
    assert said.count("request_failed") == 1
    assert "SealBroken" in said
    assert "vault.py" in said
    assert "sealed by an unknown" not in said + answer.text


def test_a_database_that_is_gone_is_said_to_be_busy(plain_world: World, tmp_path: Path) -> None:
    me = plain_world.resident()
    plain_world.database.dispose()
    (tmp_path / "zerotrip.db").unlink()
    (tmp_path / "zerotrip.db").mkdir()
    answer = me.raw("GET", "/api/v1/cases")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    ready = plain_world.client.get("/readyz")
    assert (ready.status_code, ready.json()["database"]) == (503, False)
    assert plain_world.client.get("/healthz").status_code == 200


def test_readiness_asks_the_database_and_the_blobs(world: World) -> None:
    assert world.client.get("/readyz").json() == {"ready": True, "database": True, "blobs": True}


def test_answers_carry_their_headers(plain_world: World) -> None:
    answer = plain_world.client.get("/api/v1/items")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert len(answer.headers["X-Request-Id"]) == 26
    assert "Cache-Control" not in plain_world.client.get("/static/page.css").headers


def test_a_person_who_calls_too_often_waits(plain_world: World) -> None:
    me = make_world(plain_world.database, plain_world.blobs, person_per_minute=3).resident()
    answers = [me.raw("GET", "/api/v1/cases") for _ in range(8)]
    assert 429 in [a.status_code for a in answers]
    refused = next(a for a in answers if a.status_code == 429)
    assert 1 <= int(refused.headers["Retry-After"]) <= 60


def test_an_address_that_calls_too_often_waits_but_may_always_be_watched(plain_world: World) -> None:
    busy = make_world(plain_world.database, plain_world.blobs, address_per_minute=3)
    assert 429 in [busy.client.get("/api/v1/items").status_code for _ in range(8)]
    assert {busy.client.get("/healthz").status_code for _ in range(8)} == {200}


def test_a_courier_at_the_address_we_gave_him_is_never_told_to_wait_but_whoever_guesses_is(plain_world: World) -> None:
    busy = make_world(plain_world.database, plain_world.blobs, address_per_minute=3)
    pushed = [busy.partner.sign(f'{{"n": {n}}}'.encode()) for n in range(8)]
    hook = f"/hooks/couriers/ems/{HOOK_SECRET}"
    assert {busy.client.post(hook, content=p.raw, headers=p.headers).status_code for p in pushed} == {204}
    guesses = [busy.client.post(f"/hooks/couriers/ems/{HOOK_SECRET}{n}", content=b"{}").status_code for n in range(8)]
    assert guesses == [404] * 3 + [429] * 5
    assert busy.client.post(hook + "/more", content=b"{}").status_code == 429


def test_logging_in_to_the_desk_is_tried_only_so_often(plain_world: World) -> None:
    busy = make_world(plain_world.database, plain_world.blobs, logins_per_minute=3)
    login = {"login": "x", "password": "x", "totp": "x"}
    tried = [busy.client.post("/desk/login", json=login) for _ in range(8)]
    assert 429 in [t.status_code for t in tried]


def test_a_rate_counts_by_minute_and_key() -> None:
    at = [0.0]
    rate = RateLimit(2, lambda: at[0])
    rate.take("a")
    rate.take("a")
    rate.take("b")
    with pytest.raises(Refusal, match="太频繁") as refused:
        rate.take("a")
    assert refused.value.details == {"retry_after": 60}
    at[0] = 60.0
    rate.take("a")


def test_the_figures_tell_what_the_ledger_holds(world: World) -> None:
    me = world.resident()
    me.uploads(me.opens(), "id_front")
    said = world.client.get("/metrics").text
    assert 'zerotrip_jobs{queue="reader",state="waiting"} 1.0' in said
    assert 'zerotrip_cases{state="draft"} 1.0' in said
    assert 'zerotrip_inbox{state="new"} 0.0' in said
    assert 'web_requests_total{method="POST",route="/api/v1/cases",status="201"} 1.0' in said


FILES = (".pdf", ".csv", "/yaml", "/exchange", "/export", "/proof", "/{attachment}", "/files/{file}", "/data/all")
"""Answered with a file."""


def test_the_schema_is_complete(plain_world: World) -> None:
    schema = plain_world.client.get("/openapi.json").json()
    calls = {(m.upper(), path): call for path, item in schema["paths"].items() for m, call in item.items()}
    for (method, path), call in calls.items():
        bytes_come = (
            "documents" in path or path.endswith(FILES) or (method == "GET" and path.endswith(("/photo", "/picture")))
        )
        if path.startswith(("/api/", "/desk/")) and not bytes_come:
            (good,) = [s for s in call["responses"] if s.startswith("2")]
            assert "$ref" in call["responses"][good]["content"]["application/json"]["schema"], f"{method} {path}"
            assert "4XX" in call["responses"], f"{method} {path}"
        assert call.get("description"), f"{method} {path}"
    upload = schema["paths"]["/api/v1/cases/{no}/materials/{key}/pages"]["post"]
    assert "multipart/form-data" in upload["requestBody"]["content"]
    assert json.dumps(schema).count("HTTPValidationError") == 0


def test_the_first_page_lists_the_items(plain_world: World) -> None:
    page = plain_world.client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    assert "社会保障卡补领" in page.text
    assert "<script" not in page.text


def test_the_guide_shows_questions_checklist_and_samples(world: World) -> None:
    (line,) = world.client.get("/api/v1/items", params={"q": "社会保障", "region": "440105"}).json()["items"]
    assert (line["code"], line["kind_label"]) == ("440105-SHBZK-BL", "承诺件")
    guide = world.client.get(f"/api/v1/items/{line['code']}").json()
    assert [q["key"] for q in guide["questions"]] == ["under_16"]
    front = guide["materials"][0]
    assert (front["need_label"], front["original_label"]) == ("要交", "原件看过后还给您")
    picture = world.client.get(front["samples"][0])
    assert picture.headers["content-type"] == "image/webp"
    nothing = world.client.get("/api/v1/items", params={"q": "没有这个"}).json()
    assert (nothing["items"], nothing["elsewhere"]) == ([], [])


def test_a_document_is_made_in_the_background(world: World) -> None:
    me = world.resident()
    no = me.opens()
    me.submits(no)
    world.judge(no, "returned")
    (document,) = me.get(f"/api/v1/cases/{no}")["documents"]
    path = f"/api/v1/cases/{no}/documents/{document['id']}"
    waiting = me.raw("GET", path)
    assert (waiting.status_code, waiting.json()["error"]["code"]) == (409, "not_ready")
    assert "正在生成" in waiting.json()["error"]["message"]
    assert waiting.headers["Retry-After"] == "2"
    world.makes_pdf(no, document["id"], b"%PDF-1.7 made")
    made = me.raw("GET", path)
    assert (made.content, made.headers["content-type"]) == (b"%PDF-1.7 made", "application/pdf")
    assert made.headers["content-disposition"].startswith("attachment; filename=")
    me.get(f"/api/v1/cases/{no}/documents/unknown", 404)
    desk_path = path.replace("/api/v1", "/desk/api")
    assert world.system(Role.INTAKE).raw("GET", desk_path).content == made.content
    world.system(Role.INTAKE, departments=("elsewhere",)).get(desk_path, 404)


# ── the start ──


def _env(world: World) -> dict[str, str]:
    storage = world.database.settings
    return {
        "STORAGE_DATABASE_URL": storage.database_url,
        "STORAGE_BLOBS": storage.blobs,
        "STORAGE_KEY_FILE": str(storage.key_file),
        "WEB_PUBLIC_URL": "https://zerotrip.example",
        **CARRIERS,
    }


def test_the_application_starts_from_its_environment(plain_world: World) -> None:
    with TestClient(create_app(_env(plain_world))) as client:
        assert client.get("/readyz").status_code == 200
        answer = client.post("/api/v1/session", json={"code": "dev:chen", "platform": "embedded"})
        assert answer.status_code == 422, "the embedded platform must be allowed by name"


def test_a_missing_variable_is_named(plain_world: World) -> None:
    env = _env(plain_world)
    for name in env:
        rest = {k: v for k, v in env.items() if k != name}
        with pytest.raises(Exception, match=name) as missing:
            create_app(rest)
        assert type(missing.value).__name__ in ("WebSettingWrong", "SettingMissing", "SettingsWrong")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PUBLIC_URL", "ftp://x"),
        ("WEB_PORT", "eighty"),
        ("WEB_PORT", "0"),
        ("WEB_EMBEDDED_PLATFORM", "yes"),
        ("WEB_PUSH_TOKEN", "no"),
        ("WEB_CHUNK_MAX_BYTES", "40000000"),
    ],
)
def test_an_unusable_variable_is_named(name: str, value: str) -> None:
    with pytest.raises(WebSettingWrong, match=name):
        WebSettings.from_mapping({"WEB_PUBLIC_URL": "https://x.example", name: value})


def test_every_setting_is_documented_and_every_documented_one_exists() -> None:
    named = {v.name for group in VARIABLES.values() for v in group if v.name.startswith("WEB_")}
    assert named == {f"WEB_{f.name.upper()}" for f in fields(WebSettings)}


def test_settings_are_read_by_name() -> None:
    made = WebSettings.from_mapping({"WEB_PUBLIC_URL": "https://x.example", "WEB_PORT": "9", "WEB_COOKIE_SECURE": "0"})
    assert (made.port, made.cookie_secure, made.upload_max_bytes) == (9, False, 30_000_000)
