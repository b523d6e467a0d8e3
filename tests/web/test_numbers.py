"""Every number that a call may carry fits into what keeps it: one that does not is refused as a mistake of the caller's.

Found by calls made from the document: `?cursor=9223372036854775808` was answered by a fault.
"""

from collections.abc import Iterator
from typing import Any

from storage.words import Role
from tests.web.test_schema_fuzz import whole_document
from tests.web.world import World
from web.asks import LARGEST

BOUNDED = {"maximum", "exclusiveMaximum", "const", "enum"}


def numbers(node: Any, where: str) -> Iterator[tuple[str, Any]]:
    """With where it stands."""
    if isinstance(node, dict):
        if node.get("type") in ("integer", "number"):
            yield where, node
        for name, inner in node.items():
            yield from numbers(inner, f"{where} {name}")
    elif isinstance(node, list):
        for inner in node:
            yield from numbers(inner, where)


def bodies(document: Any, node: Any, known: dict[str, Any]) -> dict[str, Any]:
    """The models that stand in what is sent, and in those."""
    if isinstance(node, dict):
        name = str(node.get("$ref", "")).rsplit("/", 1)[-1]
        if name and name not in known:
            known[name] = document["components"]["schemas"][name]
            bodies(document, known[name], known)
    for inner in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        bodies(document, inner, known)
    return known


def test_every_number_of_a_call_has_an_end() -> None:
    document = whole_document()
    calls = [(f"{m} {path}", call) for path, known in document["paths"].items() for m, call in known.items()]
    sent = {name: [call.get("parameters", []), call.get("requestBody", {})] for name, call in calls}
    sent |= bodies(document, [call.get("requestBody", {}) for _, call in calls], {})
    found = [where for name, node in sent.items() for where, one in numbers(node, name) if not BOUNDED & one.keys()]
    assert found == []


def test_a_number_that_no_database_keeps_is_a_mistake_of_the_callers(plain_world: World) -> None:
    desk = plain_world.system(*Role)
    for path in ("/desk/api/deletions", "/desk/deletions", "/desk/api/catalogue/drafts", "/desk/api/jobs"):
        assert desk.raw("GET", path, params={"cursor": 2**63}).status_code == 422, path
        assert desk.raw("GET", path, params={"cursor": LARGEST}).status_code == 200, path
