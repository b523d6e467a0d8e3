"""The terminal of the demonstration: a bar for each stage, a line for each step, and the timeline at the end."""

from collections.abc import Sequence
from datetime import datetime
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from workers.demo.client import Json
from workers.demo.story import Step


class Screen:
    def __init__(self, steps: Sequence[Step], console: Console | None = None) -> None:
        self.console = console or Console()
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=30),
            TextColumn("{task.completed:.0f}/{task.total:.0f}"),
            TimeElapsedColumn(),
            console=self.console,
        )
        self._tasks: dict[str, TaskID] = {}
        for stage in dict.fromkeys(s.stage for s in steps):
            total = sum(s.stage == stage for s in steps)
            self._tasks[stage] = self._progress.add_task(stage, total=total, start=False)

    def __enter__(self) -> "Screen":
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def begins(self, step: Step) -> None:
        self._progress.start_task(self._tasks[step.stage])

    def done(self, step: Step, said: str, seconds: float) -> None:
        self._progress.advance(self._tasks[step.stage])
        task = self._progress.tasks[self._tasks[step.stage]]
        if task.finished:
            self._progress.stop_task(self._tasks[step.stage])
        self._progress.console.print(_line("[green]✓[/]", step.title, f"{seconds:.1f} s", said))

    def failed(self, step: Step, said: str) -> None:
        self._progress.console.print(f"[red]✗ {step.stage} · {step.title}[/]\n  {said}", highlight=False)

    def note(self, text: str) -> None:
        self._progress.console.print(f"[dim]{text}[/]", highlight=False)


def _line(mark: str, title: str, took: str, said: str) -> Table:
    """Columns of their own, so that a long sentence stays in its own."""
    row = Table.grid(padding=(0, 1))
    row.add_column(width=1)
    row.add_column(width=22, no_wrap=True)
    row.add_column(width=6, justify="right", no_wrap=True)
    row.add_column(overflow="fold")
    row.add_row(mark, f"[bold]{title}[/]", f"[dim]{took}[/]", said)
    return row


def timeline(lines: Sequence[Json], title: str) -> Table:
    """What the service says happened, and how long after the event before it."""
    table = Table(title=title, show_edge=False, pad_edge=False)
    for column in ("时间", "历时", "事项", "经办"):
        table.add_column(column, no_wrap=column != "事项", justify="right" if column == "历时" else "left")
    before: datetime | None = None
    for line in lines:
        at = datetime.fromisoformat(line["at"])
        took = "" if before is None else f"{(at - before).total_seconds():.2f} s"
        table.add_row(f"{at:%H:%M:%S}", took, line["label"], line["by_label"])
        before = at
    return table
