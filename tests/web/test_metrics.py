"""`/metrics`: everything that is documented is told and nothing else, nothing personal; a database away is a figure."""

import re
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from cases.effects import JobKind
from storage import audit, metering, operating
from storage.actors import Actor
from storage.metering import Meter
from storage.tracking import StoredEvent
from tests.web.world import ADDRESS, APPLICANT, World
from web.told import BY_NAME, TOLD, page
from workers.scanning import REASON

DOCS = Path(__file__).parents[2] / "docs" / "metrics.md"
FIXED = {"courier_unknown_codes_total", "web_requests_total", "zerotrip_jobs", "zerotrip_cases", "zerotrip_inbox"}
"""Names that operators' rules use since the first version."""


def told(world: World) -> dict[str, dict[tuple[str, ...], float]]:
    """Samples by name, each by the values of its labels."""
    found: dict[str, dict[tuple[str, ...], float]] = {}
    for family in text_string_to_metric_families(world.client.get("/metrics").text):
        for sample in family.samples:
            found.setdefault(sample.name, {})[tuple(sample.labels.values())] = sample.value
    return found


def everything_happened(world: World) -> None:
    """Once, so that every figure has something to say."""
    world.client.post("/hooks/couriers/ems/wrong", content=b"{}")
    me = world.resident()
    me.uploads(me.opens(), "id_front")
    with world.database.transaction() as tx:
        for meter in Meter:
            labels = dict.fromkeys(BY_NAME[meter].labels, "x")
            if BY_NAME[meter].kind == "histogram":
                metering.count(tx, {metering.sample(meter, le=le, **labels): 1 for le in ("1.0", "sum")})
            else:
                metering.count(tx, {metering.sample(meter, **labels): 1})
        metering.beat(tx, "p1", "reader", 1_000)
        audit.anchor(tx)
        tx.add_courier_events(None, [StoredEvent("k", "ems", "W1", None, tx.now(), {"kind": "unknown"}, "999")])
        tx.execute(text("INSERT INTO partner_health (partner, failures) VALUES ('ems', 1)"))


def test_the_page_of_figures_is_the_table_and_every_figure_is_told(world: World) -> None:
    assert page() in DOCS.read_text(encoding="utf-8")
    everything_happened(world)
    assert {str(m) for m in Meter} <= set(BY_NAME), "what processes count stands in the table"
    names = {re.sub(r"_(bucket|count|sum)$", "", n) for n in told(world) if not n.endswith("_created")}
    assert names == {t.exported for t in TOLD}
    assert names >= FIXED


def test_no_label_holds_what_a_person_gave(plain_world: World) -> None:
    everything_happened(plain_world)
    no = plain_world.resident("li").opens()
    said = plain_world.client.get("/metrics").text
    given = [str(v) for v in (*APPLICANT.values(), *ADDRESS.values()) if len(str(v)) > 1 and str(v) != "person"]
    assert [value for value in (*given, no) if value in said] == []


def test_a_database_that_is_away_is_a_figure_and_no_fault(plain_world: World) -> None:
    plain_world.client.get("/healthz")
    with plain_world.database.engine.begin() as connection:
        connection.execute(text("ALTER TABLE jobs RENAME TO gone"))
    found = told(plain_world)
    assert found["zerotrip_database_up"] == {(): 0.0}
    assert found["web_requests_total"]
    assert "zerotrip_jobs" not in found


def test_what_waits_for_the_scanner_is_found_by_its_own_word() -> None:
    assert operating.SCANNER_AWAY == REASON


def test_work_is_told_by_its_kind_and_age(plain_world: World) -> None:
    me = plain_world.resident()
    me.uploads(me.opens(), "id_front")
    found = told(plain_world)
    assert found["zerotrip_stage_jobs"][(str(JobKind.PAGE_READ), "waiting")] == 1.0
    assert found["zerotrip_stage_oldest_seconds"][(str(JobKind.PAGE_READ),)] >= 0.0
    assert found["zerotrip_processes"][("reader",)] == 0.0


def test_what_processes_counted_in_buckets_is_told_as_prometheus_wants_it(plain_world: World) -> None:
    with plain_world.database.transaction() as tx:
        for le, n in (("0.5", 2), ("2.0", 1), ("sum", 2.5)):
            metering.count(tx, {metering.sample(Meter.READING_SECONDS, engine="ppocr", le=le): n})
    buckets = told(plain_world)["zerotrip_reading_seconds_bucket"]
    assert (buckets[("ppocr", "0.25")], buckets[("ppocr", "0.5")], buckets[("ppocr", "+Inf")]) == (0.0, 2.0, 3.0)
    assert told(plain_world)["zerotrip_reading_seconds_sum"] == {("ppocr",): 2.5}


def test_the_record_that_was_not_anchored_is_counted(plain_world: World) -> None:
    with plain_world.database.transaction() as tx:
        audit.record(tx, "system", Actor("system", "x"), "case_opened")
    assert told(plain_world)["zerotrip_audit_unanchored"] == {(): 1.0}
