"""The smallest body that a route takes, made from the route's own model: enough to get past validation, so that what is
refused afterwards is refused for who asks."""

from typing import Any

from fastapi.routing import APIRoute

EXAMPLES = {"date": "2026-12-01", "date-time": "2026-12-01T09:00:00+08:00", "binary": "x"}
PATTERNED = {r"^\s*\d{6}\s*$": "123456", r"^(\d{6})?$": ""}


def smallest(route: APIRoute) -> Any:
    """None: the route takes no body."""
    if route.body_field is None:
        return None
    schema = route.body_field._type_adapter.json_schema(ref_template="#/$defs/{model}")
    return _value(schema, schema.get("$defs", {}))


def _value(schema: dict[str, Any], defs: dict[str, Any]) -> Any:
    if "$ref" in schema:
        return _value(defs[schema["$ref"].rsplit("/", 1)[1]], defs)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for several in ("anyOf", "oneOf", "allOf"):
        if several in schema:
            return _value(schema[several][0], defs)
    kind = schema.get("type")
    if kind == "object":
        return {name: _value(schema["properties"][name], defs) for name in schema.get("required", [])}
    if kind == "array":
        return [_value(schema["items"], defs) for _ in range(schema.get("minItems", 0))]
    if kind in ("integer", "number"):
        return schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
    if kind == "boolean":
        return True
    if schema.get("format") in EXAMPLES:
        return EXAMPLES[schema["format"]]
    if "pattern" in schema:
        return PATTERNED.get(schema["pattern"], "aa")
    return "x" * max(1, schema.get("minLength", 1))


def query(route: APIRoute) -> dict[str, str]:
    """What it wants behind the question mark."""
    return {p.alias: "x" for p in route.dependant.query_params if p.field_info.is_required()}
