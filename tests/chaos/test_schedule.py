"""What a seed decides, it decides every time; and a clock that is wrong is wrong for one process alone."""

import subprocess
import sys
import time
from itertools import pairwise

import pytest

from storage.crashpoints import CrashPoint
from tests.chaos.faults import HOLDERS, PAST_A_LEASE_S, POINTS, PROCESSES, Fault, Kind, schedule
from tests.chaos.journeys import id_number, marked
from tests.chaos.test_dying import OPERATORS
from tests.workers.service import ROOT
from workers.jobs import LEASE


def test_a_seed_strikes_the_same_way_every_time_and_another_seed_otherwise() -> None:
    assert schedule(7, 150) == schedule(7, 150)
    assert schedule(7, 150) != schedule(8, 150)


def test_a_longer_run_begins_as_a_shorter_one() -> None:
    short = schedule(7, 60)
    assert schedule(7, 150)[: len(short)] == short


@pytest.mark.parametrize("seed", range(1, 6))
def test_in_a_whole_run_every_kind_of_fault_strikes(seed: int) -> None:
    plan = schedule(seed, 200)
    assert {fault.kind for fault in plan} == set(Kind)
    assert {f.on for f in plan if f.kind is Kind.KILL} == set(PROCESSES), "each is killed"
    assert {f.on for f in plan if f.kind is Kind.PLATFORM} == {"down", "deaf", "forgetful"}
    assert any(f.lasts > LEASE.total_seconds() and f.on in HOLDERS for f in plan if f.kind is Kind.FREEZE), (
        "stopped past a lease"
    )
    restarts = [f.at for f in plan if f.kind is Kind.POSTGRES]
    assert all(5 <= later - earlier <= 40.1 for earlier, later in pairwise(restarts))


def test_a_fault_says_what_it_is() -> None:
    assert Fault(4.2, Kind.FREEZE, "web", 8.0).line() == "   4.2 s  SIGSTOP, SIGCONT: web for 8 s"


def test_what_must_come_in_every_run_is_counted_apart() -> None:
    assert Fault(1, Kind.KILL, "web").label == "kill -9: web"
    assert Fault(1, Kind.FREEZE, "worker", PAST_A_LEASE_S).label == "SIGSTOP past a lease"
    assert Fault(1, Kind.REDIS_WIPED).label == "Redis wiped"


def test_every_crash_point_is_died_at() -> None:
    assert {point for of in POINTS.values() for point in of} | set(OPERATORS) == set(CrashPoint)


def test_residents_are_strangers_to_each_other() -> None:
    assert len({id_number(n) for n in range(5000)}) == 5000
    assert all(len(id_number(n)) == 18 for n in range(50))
    assert marked(b"\xff\xd8rest", "a") != marked(b"\xff\xd8rest", "b")


def test_a_wrong_clock_is_wrong_for_its_process_alone() -> None:
    command = [sys.executable, "-m", "tests.chaos.skewed", "3600", "tests.chaos.tell_time"]
    said = float(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60).stdout)
    assert 3500 < said - time.time() < 3700
