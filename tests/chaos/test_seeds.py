"""Whatever is done to the service, nothing is lost and nothing happens twice."""

import pytest

from tests.chaos.run import Size, run

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(1800)]


def test_nothing_is_lost_and_nothing_is_doubled(chaos_seed: int, chaos_size: Size) -> None:
    ran = run(chaos_seed, chaos_size, print)
    told = "\n".join(ran.verdict.everything())
    assert ran.good, f"again with --chaos-seed {chaos_seed}\n{told}\n{ran.words}"
