"""The protocol's two bodies, as pure functions: a question to JSON, and JSON to an answer, judged against its question.

An answer about somebody else, about another kind of document, or without its values proves nothing. A person's name and
number stand in the body alone, never in an address, a header or a reason.
"""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from cases.findings import Box
from cases.readings import Confirmed, Field, Line, Reading
from sharing.port import Answer, Authorisation, NotFound, Person, Proven, Refused, Unavailable

PATH = "/v1/proofs"
_NOWHERE: Box = ((0.0, 0.0), (0.0, 0.0), (0.0, 0.0), (0.0, 0.0))
MOST_PAGES = 40
LONGEST_VALUE = 500
FAMILIES: Mapping[str, frozenset[str]] = {
    "household_register": frozenset({"household_register_head", "household_register_member"})
}
"""Resources whose pages are of several kinds."""


def question(kind: str, person: Person, authorisation: Authorisation) -> bytes:
    said = {
        "id": authorisation.id,
        "kind": kind,
        "person": {"name": person.name, "id_number": person.id_number},
        "authorisation": {"version": authorisation.version, "given_at": authorisation.given_at.isoformat()},
        "purpose": {"case": authorisation.case, "item": authorisation.item, "name": authorisation.purpose},
    }
    return json.dumps(said, ensure_ascii=False).encode()


class Unintelligible(Exception):
    """The body is not what the protocol says. `reason`: a stable word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def answer(kind: str, person: Person, authorisation: Authorisation, body: bytes, seconds: float) -> Answer:
    """Of a signed answer. Whatever does not fit the question is `Unavailable`, or `Refused` where it is about another."""
    try:
        said = _mapping(json.loads(body))
        if said.get("id") != authorisation.id:
            raise Unintelligible("other_question")
        return _judged(kind, person, said, seconds)
    except (ValueError, RecursionError):
        return Unavailable("not_json")
    except Unintelligible as error:
        return Unavailable(error.reason)


def _judged(kind: str, person: Person, said: Mapping[str, Any], seconds: float) -> Answer:
    receipt = _text(said.get("receipt"), 64) if said.get("receipt") else None
    match said.get("result"):
        case "not_found":
            return NotFound(receipt)
        case "refused":
            return Refused("by_registry")
        case "found":
            return _proven(kind, person, said, receipt, seconds)
        case _:
            raise Unintelligible("unknown_result")


def _proven(kind: str, person: Person, said: Mapping[str, Any], receipt: str | None, seconds: float) -> Answer:
    holder = _mapping(said.get("holder"))
    if (holder.get("name"), holder.get("id_number")) != (person.name, person.id_number):
        return Refused("other_person")
    pages = said.get("pages")
    if not isinstance(pages, list) or not 0 < len(pages) <= MOST_PAGES:
        raise Unintelligible("no_pages")
    readings = tuple(_reading(kind, _mapping(page), place, seconds) for place, page in enumerate(pages, 1))
    ends = [r.fields["valid_to"].value for r in readings if "valid_to" in r.fields]
    return Proven(readings, _day(said.get("as_of")), next(iter(ends), None), receipt)


def _reading(kind: str, page: Mapping[str, Any], place: int, seconds: float) -> Reading:
    document = _text(page.get("document"), 64)
    if document not in FAMILIES.get(kind, {kind}):
        raise Unintelligible("other_document")
    fields = {_text(name, 64): _field(value) for name, value in _mapping(page.get("fields")).items()}
    if not fields:
        raise Unintelligible("no_fields")
    return Reading(
        file="registry",
        page=place,
        seconds=seconds,
        engine="registry",
        rotation=0,
        width=0,
        height=0,
        problems=(),
        kind=document,
        kind_confidence=1.0,
        fields=fields,
        # for checks that look for words: what stands in the record is all there is to find them in
        lines=tuple(Line(f.value, 1.0, _NOWHERE) for f in fields.values()),
    )


def _field(value: Any) -> Field:
    return Field(_text(value, LONGEST_VALUE), 1.0, Confirmed.DATA_SOURCE)


def _mapping(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Unintelligible("not_an_object")
    return value


def _text(value: Any, most: int) -> str:
    """Text that any database keeps."""
    if (
        not isinstance(value, str)
        or len(value) > most
        or "\x00" in value
        or any("\ud800" <= c <= "\udfff" for c in value)
    ):
        raise Unintelligible("not_a_text")
    return value


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(_text(value, 10))
    except ValueError:
        raise Unintelligible("not_a_day") from None
