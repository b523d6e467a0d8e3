"""`zerotrip`: the command line. Exit codes: 0 good, 1 the answer is no, 2 wrong use, 3 the environment is missing
something, which it names."""

import os
from collections.abc import Callable

import typer

from storage import crashpoints
from workers.commands import (
    backup,
    boxes,
    calendar,
    couriers,
    departments,
    devices,
    export,
    figures,
    grants,
    items,
    keys,
    offices,
    operating,
    people,
    reading,
    record,
    retention,
    running,
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Finish any government errand without a single trip: photographs in, pre-audit, two-way courier, delivered.",
)


def add(*commands: Callable[..., None]) -> None:
    for command in commands:
        app.command()(command)


add(running.up, running.demo, reading.read, reading.preaudit)
app.add_typer(items.app, name="items")
add(operating.migrate, operating.seed, operating.doctor)
app.add_typer(operating.jobs, name="jobs")
app.add_typer(record.app, name="audit")
app.add_typer(retention.app, name="retention")
app.add_typer(grants.app, name="db")
add(operating.sweep, operating.census, operating.backed_up, operating.replay, figures.stats, couriers.couriers)
app.add_typer(people.app, name="staff")
app.add_typer(people.app, name="people", hidden=True)  # agents are people, and no staff of an office
app.add_typer(boxes.app, name="boxes")
app.add_typer(offices.app, name="offices")
app.add_typer(devices.app, name="devices")
app.add_typer(departments.app, name="departments")
app.add_typer(calendar.app, name="calendar")
app.add_typer(keys.app, name="keys")
add(export.export, running.relay, running.clock, backup.backup, backup.restore)


def main() -> None:
    crashpoints.arm(os.environ)
    app(prog_name="zerotrip")


if __name__ == "__main__":
    main()
