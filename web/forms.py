"""Files that come in a form: what the form says in OpenAPI, its transaction id, its texts, its file within a cap."""

from typing import Any

from starlette.datastructures import FormData, UploadFile

from cases.errors import InvalidRequest
from web.asks import Write, storable
from web.errors import too_large


def multipart(*texts: str, required: tuple[str, ...] = ("transaction_id",)) -> dict[str, Any]:
    """For `openapi_extra`: a `file`, a `transaction_id` and these texts."""
    properties: dict[str, Any] = {
        "file": {"type": "string", "format": "binary"},
        "transaction_id": {"type": "string", "maxLength": 100},
        **{name: {"type": "string"} for name in texts},
    }
    schema = {"type": "object", "required": list(required), "properties": properties}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


MULTIPART = multipart(required=("file", "transaction_id"))


def transaction_of(form: FormData) -> Write:
    given = form.get("transaction_id")
    if not isinstance(given, str) or not 0 < len(given.strip()) <= 100 or not storable(given):
        raise InvalidRequest("填写的内容有问题（transaction_id：缺少此项或格式不对）。", field="transaction_id")
    return Write(transaction_id=given)


def text_of(form: FormData, name: str, most: int) -> str:
    """Empty where it was left out. Raises `InvalidRequest` where it is too long, or no text."""
    given = form.get(name, "")
    if not isinstance(given, str) or not storable(given) or len(given) > most:
        raise InvalidRequest("填写的内容过长，请缩短后重试。", field=name)
    return given.strip()


def file_of(form: FormData, cap: int) -> tuple[bytes, str] | None:
    """The bytes and the name; None where no file was chosen. Raises `TooLarge`."""
    file = form.get("file")
    if not isinstance(file, UploadFile):
        return None
    data = file.file.read(cap + 1)
    if len(data) > cap:
        raise too_large(cap)
    name = file.filename or ""
    return (data, name[:100] if storable(name) else "") if data else None
