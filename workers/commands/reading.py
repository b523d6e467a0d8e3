"""`zerotrip read` and `zerotrip preaudit`: pictures and PDFs from files; no server, no database."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from cases.deadlines import beijing_day
from cases.errors import InvalidRequest, NotFound, Refusal
from cases.items import Item
from cases.readings import Reading, reading_to_json
from preaudit.application import preaudit_files
from preaudit.catalogue import find, load_file
from preaudit.documents import FIELDS
from preaudit.judge import Judgement, Verdict, judgement_to_json
from preaudit.reading import Reader
from preaudit.recognise import EngineMissing
from preaudit.settings import EngineName
from workers import settings
from workers.commands.common import NO, err, missing, no, out, pairs
from workers.commands.shown import judgement_shown, reading_shown

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True)]
Engine = Annotated[EngineName | None, typer.Option("--engine", help="which recogniser reads")]
AsJson = Annotated[bool, typer.Option("--json", help="for programs")]


@contextmanager
def reader(engine: EngineName | None) -> Iterator[Reader]:
    """A warm reader; exit 3 when an engine or its models are missing."""
    try:
        made = settings.preaudit(os.environ)
        opened = Reader(replace(made, engine=engine) if engine else made)
        opened.warm()
    except (settings.SettingsInvalid, EngineMissing) as error:
        raise missing(error) from error
    try:
        yield opened
    finally:
        opened.close()


def read(
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, help="pictures or PDFs")],
    as_json: AsJson = False,
    engine: Engine = None,
    document: Annotated[str | None, typer.Option(help="the kind of document to expect")] = None,
) -> None:
    """Read pictures or PDFs: quality, kind of document, fields, lines. Exit 1 if a file could not be read at all."""
    if document is not None and document not in FIELDS:
        raise typer.BadParameter(f"{document} is no kind of document: {', '.join(FIELDS)}", param_hint="--document")
    failed = False
    with reader(engine) as opened:
        for file in files:
            with err.status(f"reading {file.name}"):
                readings = opened.read(file.read_bytes(), name=str(file), document=document)
            for reading in readings:
                failed |= reading.failure is not None
                _print_reading(reading, as_json)
    raise typer.Exit(NO if failed else 0)


def _print_reading(reading: Reading, as_json: bool) -> None:
    if as_json:
        print(json.dumps(reading_to_json(reading), ensure_ascii=False), flush=True)
    else:
        out.print(reading_shown(reading), highlight=False)


def preaudit(  # noqa: PLR0917  # options of a command line, given by name
    item: Annotated[str, typer.Argument(help="code of an item, or an item file")],
    page: Annotated[
        list[str], typer.Option("--page", metavar="KEY=FILE", help="a page of a material; again for more")
    ] = [],  # noqa: B006
    answer: Annotated[list[str], typer.Option("--answer", metavar="K=V", help="an answer to a question")] = [],  # noqa: B006
    applicant: Annotated[
        list[str], typer.Option("--applicant", metavar="K=V", help="name, id_number, phone, address")
    ] = [],  # noqa: B006
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="judge as on this day")] = None,
    as_json: AsJson = False,
    engine: Engine = None,
) -> None:
    """Judge a whole application from files. Exit 0 when it passed, 1 when it did not."""
    started = time.perf_counter()
    chosen = _item(item)
    pages: dict[str, list[Path]] = {}
    for key, name in pairs(page, "--page"):
        if not Path(name).is_file():
            raise typer.BadParameter(f"{name}: no such file", param_hint="--page")
        pages.setdefault(key, []).append(Path(name))
    day = today.date() if today else beijing_day(datetime.now(UTC))
    typed = {("applicant_name" if k == "name" else k): v for k, v in pairs(applicant, "--applicant")}
    answers = dict(_answers(chosen, answer))
    with reader(engine) as opened, err.status(f"reading {sum(map(len, pages.values()))} files"):
        try:
            judgement = preaudit_files(chosen, pages, answers, typed, day, opened)
        except InvalidRequest as error:
            raise typer.BadParameter(error.message) from error
    _print_judgement(chosen, judgement, time.perf_counter() - started, as_json)
    raise typer.Exit(0 if judgement.verdict is Verdict.PASSED else NO)


def _item(code: str) -> Item:
    try:
        if code.endswith((".yaml", ".yml")):
            return load_file(Path(code)).item
        return find(code).item
    except NotFound as error:
        raise typer.BadParameter(error.message) from error
    except Refusal as error:
        raise no(error.message) from error


def _answers(item: Item, given: list[str]) -> Iterator[tuple[str, Any]]:
    """By the question's type: `true` and `是` are a yes."""
    types = {q.key: q.type for q in item.questions}
    for key, value in pairs(given, "--answer"):
        yes = value.lower() in ("true", "yes", "1", "是")
        yield key, yes if types.get(key) == "bool" else value


def _print_judgement(item: Item, judgement: Judgement, seconds: float, as_json: bool) -> None:
    if as_json:
        print(json.dumps(judgement_to_json(item, judgement, seconds), ensure_ascii=False), flush=True)
    else:
        out.print(judgement_shown(item, judgement, seconds), highlight=False)
