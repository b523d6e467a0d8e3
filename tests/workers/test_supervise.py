"""Children of the embedded service that are meant to end."""

import sys
from pathlib import Path

import pytest

from tests.workers.service import until
from workers.supervise import ChildRefused, Spec, Supervisor


def started(folder: Path, words: str) -> Supervisor:
    supervisor = Supervisor({}, folder, lambda _: None)
    argv = [sys.executable, "-S", "-c", words]
    supervisor.start(Spec("once", argv, folder / "once.log", (folder / "done").exists, ends=True))
    return supervisor


def test_a_child_that_is_done_is_not_started_again(tmp_path: Path) -> None:
    supervisor = started(tmp_path, "open('done', 'a').write('x')")
    supervisor.wait_ready(["once"], 30, lambda: False)
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
        supervisor.wait_ready(["once"], 30, lambda: False)
