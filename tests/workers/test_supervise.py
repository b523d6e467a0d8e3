"""Children of the embedded service that are meant to end."""

import sys
from pathlib import Path
from time import monotonic

import pytest

from tests.workers.service import until
from workers.supervise import STOP_SECONDS, ChildRefused, Spec, Supervisor


def started(folder: Path, words: str) -> Supervisor:
    supervisor = Supervisor({}, folder, lambda _: None)
    argv = [sys.executable, "-S", "-c", words]
    supervisor.start(Spec("once", argv, folder / "once.log", (folder / "done").exists, ends=True))
    return supervisor


def test_a_child_that_is_done_is_not_started_again(tmp_path: Path) -> None:
    supervisor = started(tmp_path, "open('done', 'a').write('x')")
    supervisor.wait_ready(30, lambda: False)
    child = supervisor.children["once"]

    def over() -> bool:
        supervisor.look()
        return child.done

    until(over, "the child to end", 30)
    supervisor.look()
    assert child.process is None
    assert (tmp_path / "done").read_text() == "x"


def test_one_that_fails_lets_nothing_go_on(tmp_path: Path) -> None:
    supervisor = started(tmp_path, "raise SystemExit('there is no room')")
    with pytest.raises(ChildRefused, match="once: there is no room"):
        supervisor.wait_ready(30, lambda: False)


def test_no_more_load_at_once_than_was_said_and_who_loads_nothing_is_not_counted(tmp_path: Path) -> None:
    """Each is ready when the one before it was seen to run; a third would have begun before the first was ready."""
    supervisor, begun = Supervisor({}, tmp_path, lambda _: None), list[set[str]]()

    def spec(name: str, *, light: bool = False) -> Spec:
        def ready() -> bool:
            begun.append(set(supervisor.children))
            return len(begun) > 20

        argv = [sys.executable, "-S", "-c", "import signal; signal.pause()"]
        return Spec(name, argv, tmp_path / f"{name}.log", ready, light=light)

    try:
        supervisor.bring_up([spec("a"), spec("b"), spec("c", light=True), spec("d")], 2, 60, lambda: False)
    finally:
        supervisor.stop()
    assert begun[19] == {"a", "b", "c"}
    assert begun[-1] == {"a", "b", "c", "d"}


def test_the_first_that_is_not_ready_in_time_is_named(tmp_path: Path) -> None:
    supervisor = Supervisor({}, tmp_path, lambda _: None)
    argv = [sys.executable, "-S", "-c", "import signal; signal.pause()"]
    try:
        with pytest.raises(TimeoutError, match="late did not start"):
            supervisor.bring_up([Spec("late", argv, tmp_path / "log", lambda: False)], 2, 0.2, lambda: False)
    finally:
        supervisor.stop()


def test_who_was_never_ready_is_not_waited_for_long(tmp_path: Path) -> None:
    supervisor = Supervisor({}, tmp_path, lambda _: None)
    words = "import signal; signal.signal(15, signal.SIG_IGN); open('deaf', 'w'); signal.pause()"
    supervisor.start(Spec("loading", [sys.executable, "-S", "-c", words], tmp_path / "log", lambda: False))
    until((tmp_path / "deaf").exists, "a process that hears no signal", 30)
    began = monotonic()
    supervisor.stop()
    assert monotonic() - began < STOP_SECONDS / 2
    assert supervisor.children["loading"].process is None
