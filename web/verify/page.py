"""The page at `/v`: a box for the code; at `/v/CODE`, where the code on a paper leads, what is known of that paper.

A file that is dropped there is compared in the browser, by its SHA-256, and never leaves it.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from cases.errors import NotFound, TooMany
from web.doors import Doors, doors
from web.errors import when
from web.verify.letters import NOT_FOUND, LetterView, verify

router = APIRouter(include_in_schema=False)
TEMPLATES = Path(__file__).parents[1] / "templates" / "verify"
_environment = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
D = Annotated[Doors, Depends(doors)]


@router.get("/v", response_class=HTMLResponse, response_model=None)
def asking(code: Annotated[str, Query(max_length=64)] = "") -> HTMLResponse | RedirectResponse:
    """The box; a code that was typed into it leads to its own address."""
    plain = "".join(code.split())
    return RedirectResponse(f"/v/{plain}", status_code=303) if plain.isalnum() and plain.isascii() else _page()


@router.get("/v/{code}", response_class=HTMLResponse)
def letter_page(code: str, request: Request, d: D) -> HTMLResponse:
    try:
        return _page(verify(code, request, d))
    except NotFound:
        return _page(problem=NOT_FOUND, status=404)
    except TooMany as error:
        return _page(problem=error.message, status=429, more=when(error))


def _page(
    letter: LetterView | None = None, problem: str = "", status: int = 200, more: Mapping[str, str] | None = None
) -> HTMLResponse:
    made = _environment.get_template("letter.html").render(letter=letter, problem=problem)
    return HTMLResponse(made, status_code=status, headers={"Cache-Control": "no-store", **(more or {})})
