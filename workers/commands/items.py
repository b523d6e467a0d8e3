"""`zerotrip items`: the catalogue, its linter, and what a changed item would have judged."""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from cases.errors import NotFound, Refusal
from cases.items import Item
from courier.offers import ability
from courier.registry import capabilities
from preaudit.backtest import VerdictChange, backtest
from preaudit.catalogue import LoadedItem, find, load, load_file
from preaudit.checks import Described, describe
from preaudit.checks.described import page
from preaudit.linter import lint as lint_items
from preaudit.linter import warnings
from storage.history import judged_cases
from workers.actors.catalogue import past_cases
from workers.commands.common import NO, database, no, out, table
from workers.commands.guides import guide_lines

app = typer.Typer(no_args_is_help=True, help="The catalogue of items.")
AsJson = Annotated[bool, typer.Option("--json", help="for programs")]
Where = Annotated[Path | None, typer.Argument(exists=True, help="an item file or a folder; the package's own without")]


@app.command("lint")
def lint(path: Where = None) -> None:
    """Find what an item says that cannot be kept, checked or asked. Exit 1 with a line for each problem. Texts without
    English are told, and are no problem."""
    can = {name: ability(c) for name, c in capabilities().items()}
    problems = lint_items(path, carriers=can)
    for warning in warnings(path):
        print(f"warning: {replace(warning, file=_near(warning.file))}", file=sys.stderr)
    for problem in problems:
        print(replace(problem, file=_near(problem.file)))
    if not problems:
        out.print(f"[green]{len(load(path))} items, no problems[/]", highlight=False)
    raise typer.Exit(NO if problems else 0)


def _near(file: str) -> str:
    """As seen from here, if it lies below: a line of eighty columns is soon full of folders."""
    here = Path.cwd()
    return str(Path(file).relative_to(here)) if Path(file).is_relative_to(here) else file


@app.command("list")
def list_items(as_json: AsJson = False) -> None:
    """Every item of the package."""
    items = [loaded.item for loaded in _loaded(None).values()]
    if as_json:
        for i in items:
            print(
                json.dumps(
                    {"code": i.code, "version": i.version, "name": i.name, "region": i.region}, ensure_ascii=False
                )
            )
        return
    columns = ("code", "v", "name", "kind", "days", "papers", "trips")
    out.print(table(columns, map(_line, items)))


def _line(i: Item) -> tuple[object, ...]:
    """Fits eighty columns. `trips`: how often the resident has to come, 到办事现场次数."""
    return i.code, i.version, i.name, i.kind, i.limits.promised_days, len(i.materials), 1 if i.in_person else 0


def _loaded(path: Path | None) -> dict[str, LoadedItem]:
    try:
        return load(path)
    except Refusal as error:
        raise no(error.message) from error


@app.command("show")
def show(
    code: str, guide: Annotated[bool, typer.Option("--guide", help="as a resident reads it, not the file")] = False
) -> None:
    """One item as it stands in its file."""
    try:
        loaded = find(code)
    except NotFound as error:
        raise no(error.message) from error
    if guide:
        names = {code: each.item.name for code, each in _loaded(None).items()}
        out.print("\n".join(guide_lines(loaded.item, names)), highlight=False, markup=False)
    else:
        print(loaded.file.read_text(encoding="utf-8"), end="")


@app.command("checks")
def checks(
    name: Annotated[str, typer.Argument(help="one check; all without")] = "",
    as_json: AsJson = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="docs/checks.md")] = False,
) -> None:
    """What is looked at: each check with its source and what it is certain of, doubts and cannot tell."""
    told = [each for each in describe() if name in ("", each.name)]
    if not told:
        raise no(f"没有名为 {name} 的检查；可用的有 {', '.join(each.name for each in describe())}")
    if markdown:
        print(page(told), end="")
    elif as_json:
        for each in told:
            print(json.dumps(asdict(each), ensure_ascii=False))
    elif name:
        out.print("\n".join(_in_full(told[0])), highlight=False, markup=False)
    else:
        out.print(table(("check", "looks at", "says"), ((c.name, c.scope, c.what) for c in told)))


def _in_full(check: Described) -> Iterator[str]:
    yield f"{check.name}  ({check.scope})"
    yield check.what
    yield from (f"  {param}" for param in check.params)
    yield from (f"{label}: {text}" for label, text in check.outcomes())


@app.command("backtest")
def run_backtest(
    code: Annotated[str, typer.Argument(help="the item whose past cases are judged again")],
    against: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="the changed item file")],
    limit: Annotated[int, typer.Option(help="newest cases looked at")] = 500,
) -> None:
    """Judge past cases by a changed item: which verdicts would change. Exit 1 if any would."""
    try:
        new = load_file(against).item
    except Refusal as error:
        raise no(error.message) from error
    with database() as db, db.reading() as tx:
        try:
            old = tx.item(code)
        except NotFound as error:
            raise no(f"{error.message}（{code}）") from error
        past = list(past_cases(tx, judged_cases(tx, code, limit)))
    changes = backtest(old, new, past)
    for change in changes:
        out.print("\n".join(_told(change)), highlight=False, markup=False)
    out.print(f"{len(past)} past cases, {len(changes)} verdicts would change", highlight=False)
    raise typer.Exit(NO if changes else 0)


def _told(change: VerdictChange) -> Iterator[str]:
    """One case: its verdicts, and a line for each finding that would go (-) or come (+)."""
    yield f"{change.number}  {change.before} → {change.after}"
    for sign, findings in (("-", change.gone), ("+", change.new)):
        yield from (f"  {sign} {f.code}  {f.material or f.field or ''}  {f.message}" for f in findings)
