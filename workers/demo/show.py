"""Running the story: against a service that runs already, or one of its own in a temporary folder."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from workers.demo.client import Api, StepFailed
from workers.demo.photos import Photos
from workers.demo.screen import Screen, timeline
from workers.demo.story import Stage, Step, story_of
from workers.embedded import Options, free_port
from workers.supervise import die_with_parent, tail

START_SECONDS = 150.0
STOP_SECONDS = 45.0


class NoService(Exception):
    """The service could not be started; the message is what it said."""


@dataclass(frozen=True)
class Running:
    """Where a service answers and the keys of its back office."""

    url: str
    courier: str
    api_keys: dict[str, str]


def running(data: Path) -> Running | None:
    """The embedded service of that folder, if it runs."""
    try:
        service: dict[str, Any] = json.loads((data / "service.json").read_text())
        os.kill(int(service["pid"]), 0)
        keys = json.loads((data / "credentials.json").read_text())["api_keys"]
    except (OSError, ValueError, KeyError):
        return None
    return Running(service["url"], service["courier"], keys)


@contextmanager
def service(data: Path | None, port: int | None, courier: str) -> Iterator[Running]:
    """That of the folder, or a new one, stopped at the end (and its folder removed, if it is not the user's)."""
    if data is not None and (found := running(data)) is not None:
        yield found
        return
    folder = data or Path(tempfile.mkdtemp(prefix="zerotrip-"))
    try:
        with _started(folder, port or free_port(), courier) as new:
            yield new
    finally:
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _started(folder: Path, port: int, courier: str) -> Iterator[Running]:
    """`zerotrip up` in that folder, with a courier that does only what it is told."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    log = folder / "up.log"
    argv = ["--data", str(folder), "--port", str(port), "--courier", courier, "--courier-speed", "0"]
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "workers.embedded", *argv],
            stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509  # no other thread runs yet
        )  # fmt: skip
    try:
        yield _answering(process, folder, log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()


def _answering(process: "subprocess.Popen[bytes]", folder: Path, log: Path) -> Running:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if (folder / "run" / "ready").exists() and (found := running(folder)) is not None:
            return found
        time.sleep(0.1)
    raise NoService(tail(log))


def stage(found: Running, photos: Photos, item: str, partner: str | None) -> Stage:
    def office(name: str) -> Api:
        return Api(found.url, {"X-API-Key": found.api_keys[name]})

    departments = {n.removeprefix("dept-"): office(n) for n in found.api_keys if n.startswith("dept-")}
    return Stage(found.url, Api(found.courier, {}), office("desk"), departments, photos, item, partner)


def play(here: Stage, console: Console, started: float) -> int:
    """0 when the story ends well; 1 with the step that did not work and what the server said."""
    story = story_of(here)
    with Screen(story, console) as screen:
        screen.note(f"服务已就绪 {here.service}，用时 {time.monotonic() - started:.1f} s")
        for step in story:
            if not _played(step, here, screen):
                return 1
    if not here.number:
        return _visit_booked(here, console, started)
    lines = here.resident.get(f"{here.path}/timeline")["timeline"]
    console.print(timeline(lines, f"办件 {here.number} 的办理过程"))
    end, figures = here.case(), here.desk.get("/desk/api/stats")
    console.print(
        f"[bold green]{end['state_label']}[/]  {end['item_name']}，全程 {time.monotonic() - started:.1f} s，"
        f"累计为群众少跑 {figures['trips_saved']} 趟",
        highlight=False,
    )
    return 0


def _visit_booked(here: Stage, console: Console, started: float) -> int:
    """An item that wants the applicant themselves: there is no case, and that is how it is meant."""
    name, took = here.guide["name"], time.monotonic() - started
    console.print(f"[bold green]已预约[/]  {name}须本人到场，跑一次办好，用时 {took:.1f} s", highlight=False)
    return 0


def _played(step: Step, here: Stage, screen: Screen) -> bool:
    screen.begins(step)
    begun = time.monotonic()
    try:
        said = step.do(here)
    except StepFailed as error:
        screen.failed(step, str(error))
        return False
    screen.done(step, said, time.monotonic() - begun)
    return True


def demo(data: Path | None, port: int | None, photos: Photos, item: str, partner: str | None) -> int:
    """Raises `NoService`."""
    console = Console(width=None if sys.stdout.isatty() else 110)
    started = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # so that what was started is stopped
    console.print("[dim]正在启动服务（识读模型需要几秒钟）…[/]")
    with service(data, port, partner or Options.courier) as found:
        return play(stage(found, photos, item, partner), console, started)
