"""Seeds and sizes from the command line (`--chaos-seed`, `--chaos-cases`, `--chaos-seconds`), and one service for a module."""

from collections.abc import Iterator

import pytest

from tests.chaos.house import House, house
from tests.chaos.run import Size

SEEDS, CASES, SECONDS = (1,), 100, 70.0
"""The small run: every kind of fault once; `python -m tests.chaos` is the large one."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "chaos_seed" in metafunc.fixturenames:
        metafunc.parametrize("chaos_seed", metafunc.config.getoption("chaos_seed") or SEEDS)


@pytest.fixture
def chaos_size(request: pytest.FixtureRequest) -> Size:
    asked = request.config.getoption
    return Size(asked("chaos_cases") or CASES, asked("chaos_seconds") or SECONDS)


@pytest.fixture(scope="module")
def running() -> Iterator[House]:
    with house() as here:
        yield here
