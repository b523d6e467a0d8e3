"""The load of the push bench is what it says: genuine pushes, each its own event."""

import os
import secrets

from bench.push_client import Heard, Load, push
from bench.pushes import HEADS, Cpu, Run, cpu_seconds, row
from courier.port import Push
from courier.registry import partners
from courier.sandbox.launch import new_credentials, settings


def test_each_push_of_the_load_is_genuine_and_an_event_of_its_own() -> None:
    credentials = new_credentials(secrets.token_bytes)
    ems = partners(settings(credentials, 1))["ems"]
    load = Load(1, "/", credentials.sign_key, credentials.sender_no, 1.0, 1, "t")
    events = set()
    for number in range(3):
        serial, body = push(load, number)
        said = ems.verify_push(body, {}, "application/json")
        assert isinstance(said, Push)
        assert said.delivery_id.startswith(f"{serial}:")
        events |= {e.unique_key for e in ems.parse_push(said)}
    assert len(events) == 3


def test_ranks_are_of_answered_pushes_in_milliseconds() -> None:
    run = Run("web", 1.0, [Heard(str(n), 200, n / 1000, 0.0) for n in range(100)] + [Heard("x", 0, 9.0, 0.0)])
    assert (run.rank(0.5), run.rank(0.99), run.rank(1)) == (50.0, 99.0, 99.0)


def test_a_row_of_the_table_has_as_many_cells_as_the_table_has_columns() -> None:
    heard = [Heard("a", 200, 0.001, 0.0)]
    assert len(row(Run("web", 1.0, heard, Cpu(0.1, 0.1)), {"a"})) == len(HEADS)
    assert len(row(Run("web, killed", 1.0, heard), {"a"})) == len(HEADS)


def test_the_processor_time_of_a_process_that_is_gone_is_nothing() -> None:
    assert cpu_seconds(os.getpid()) > 0
    assert cpu_seconds(2**22 + 1) == 0
