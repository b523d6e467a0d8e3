"""`zerotrip up`, `demo`, `relay`, `clock`: processes."""

import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from courier.sandbox.launch import PARTNERS
from workers import clock as clock_process
from workers import relay as relay_process
from workers.commands.common import missing
from workers.demo.photos import PhotosMissing, photos
from workers.demo.show import NoService
from workers.demo.show import demo as run_demo
from workers.embedded import CannotStart, Options, default_data

SOCIAL_CARD = "440105-SHBZK-BL"
Courier = StrEnum("Courier", {name: name for name in PARTNERS})  # type: ignore[misc]  # one list, the sandbox's
Port = Annotated[int, typer.Option(min=1, max=65535, help="port of the web server")]


def up(  # noqa: PLR0917  # the options of a command line
    data: Annotated[Path | None, typer.Option(help="folder that holds everything; made if it is not there")] = None,
    port: Port = 8000,
    courier: Annotated[Courier, typer.Option(help="whose language the sandbox courier speaks")] = Courier(
        Options.courier
    ),
    courier_speed: Annotated[float, typer.Option(min=0, help="60: the courier takes a step a second; 0: none")] = 12.0,
    courier_faults: Annotated[str, typer.Option(help="what goes wrong at the courier: double,drop:0.3,…")] = "",
    quiet: Annotated[bool, typer.Option("--quiet", help="print nothing but what goes wrong")] = False,
) -> None:
    """Run the whole service on this machine until Ctrl-C: the resident page, the desk, the sandbox courier.

    Needs nothing but this package and Debian's tesseract and fonts. Exit 3 names a port that is taken or what is missing.
    """
    argv = [sys.executable, "-m", "workers.embedded", "--data", str(data or default_data()), "--port", str(port)]
    argv += ["--courier", courier]
    argv += ["--courier-speed", str(courier_speed), "--courier-faults", courier_faults, *(["--quiet"] if quiet else [])]
    sys.stdout.flush()
    os.execv(sys.executable, argv)  # the readers of pictures that this command line has loaded are not needed there


def demo(
    item: Annotated[str, typer.Option(help="code of the item to apply for")] = SOCIAL_CARD,
    photo_folder: Annotated[
        Path | None, typer.Option("--photos", exists=True, file_okay=False, help="your pictures, named by material key")
    ] = None,
    courier: Annotated[Courier | None, typer.Option(help="which courier to book; any without")] = None,
    data: Annotated[
        Path | None, typer.Option(help="folder of a service: one that runs is used, else started there")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="for a service that is started; any free one without")
    ] = None,
) -> None:
    """One real application, from photographs to delivered, over HTTP. Exit 1 with the step that did not work.

    Every item of the catalogue can be applied for; one that wants the applicant themselves is booked a visit for.
    Without --photos the invented papers of tests/samples are used, or papers are drawn for the item. A folder may hold applicant.json with name,
    id_number, phone and address, and the answers to the item's questions. What follows from the item by itself is taken
    to its end, too: try --item 440105-CLFZY, a home with its water, power and gas.
    """
    try:
        code = run_demo(data, port, photos(photo_folder, item), item, courier)
    except PhotosMissing as error:
        raise typer.BadParameter(str(error), param_hint="--photos") from error
    except (NoService, CannotStart) as error:
        raise missing(error) from error
    raise typer.Exit(code)


def relay() -> None:
    """The process that rings the doorbell for due jobs."""
    relay_process.main()


def clock() -> None:
    """The process that sweeps: dead leases, deadlines, couriers that did not come."""
    clock_process.main()
