"""The residents' app as the build left it, served small."""

import gzip
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from web.miniapp import mount

SCRIPT = b"console.log('x');" * 40


@pytest.fixture
def client(tmp_path: Path) -> TestClient:
    assets = tmp_path / "assets"
    assets.mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>app</title>", encoding="utf-8")
    (assets / "index-1.js").write_bytes(SCRIPT)
    (assets / "index-1.js.br").write_bytes(b"as brotli has it")
    (assets / "index-1.js.gz").write_bytes(gzip.compress(SCRIPT))
    app = FastAPI()
    mount(app, tmp_path)
    return TestClient(app)


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "br"), ("gzip;q=0.8", "gzip"), ("identity", None), ("", None)],
)
def test_a_script_is_sent_as_small_as_the_browser_takes_it(
    client: TestClient, accepted: str, encoding: str | None
) -> None:
    with client.stream("GET", "/app/assets/index-1.js", headers={"Accept-Encoding": accepted}) as answer:
        assert answer.status_code == 200
        assert answer.headers.get("Content-Encoding") == encoding
        assert answer.headers["Content-Type"].startswith("text/javascript")
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "immutable" in answer.headers["Cache-Control"]
        sent = b"".join(answer.iter_raw())
    assert sent == {"br": b"as brotli has it", "gzip": gzip.compress(SCRIPT), None: SCRIPT}[encoding]


def test_the_page_itself_is_asked_for_each_time_and_lets_in_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/app/")
    assert page.headers["Cache-Control"] == "no-cache"
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")


def test_what_lies_outside_and_what_is_missing_is_not_found(client: TestClient) -> None:
    assert client.get("/app/assets/none.js").status_code == 404
    assert client.get("/app/%2e%2e/secrets").status_code == 404


def test_without_a_build_there_is_no_app(tmp_path: Path) -> None:
    app = FastAPI()
    mount(app, tmp_path)
    assert TestClient(app).get("/app/").status_code == 404
