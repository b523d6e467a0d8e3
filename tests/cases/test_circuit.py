"""When a partner is left alone, when it is tried again, and by how many."""

from datetime import UTC, datetime, timedelta

from cases.circuit import Circuit, CircuitRules, CircuitState, admitted, after_failure, after_success

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
RULES = CircuitRules(failures=3, pause=timedelta(seconds=60), probe=timedelta(seconds=30))


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def failed(times: int, circuit: Circuit | None = None, at: datetime = NOON) -> Circuit:
    circuit = circuit or Circuit()
    for _ in range(times):
        circuit = after_failure(circuit, at, RULES)
    return circuit


def test_it_opens_after_so_many_failures_in_a_row_and_not_before() -> None:
    assert failed(2).state(NOON) is CircuitState.CLOSED
    assert failed(3).state(NOON) is CircuitState.OPEN
    assert failed(2, after_success()).state(NOON) is CircuitState.CLOSED


def test_while_it_is_open_nobody_is_let_through() -> None:
    assert admitted(failed(3), after(59), RULES) is None


def test_after_the_pause_one_is_let_through_and_the_next_only_when_that_one_took_too_long() -> None:
    tried = admitted(failed(3), after(60), RULES)
    assert tried is not None
    assert tried.state(after(60)) is CircuitState.HALF_OPEN
    assert admitted(tried, after(61), RULES) is None
    assert admitted(tried, after(90), RULES) is not None


def test_a_try_that_succeeds_closes_it_and_one_that_fails_opens_it_for_another_pause() -> None:
    tried = admitted(failed(3), after(60), RULES)
    assert tried is not None
    again = after_failure(tried, after(62), RULES)
    assert again.state(after(121)) is CircuitState.OPEN
    assert again.state(after(122)) is CircuitState.HALF_OPEN
    assert after_success() == Circuit()


def test_a_late_failure_of_somebody_else_does_not_put_off_the_next_try() -> None:
    late = after_failure(failed(3), after(50), RULES)
    assert (late.failures, late.state(after(60))) == (4, CircuitState.HALF_OPEN)
