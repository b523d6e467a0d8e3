"""How a page of an upload is to be opened, from the settings: for whoever reads it, and for whoever only copies it. By itself, because
who copies needs no models."""

from .decoding import Job
from .settings import PreauditSettings


def job_for(kind: str, page: int, settings: PreauditSettings, *, side: int | None = None, draft: bool = False) -> Job:
    files = settings.files
    return Job(
        kind=kind,
        page=page,
        working_side=side or files.working_side,
        max_pixels=files.max_pixels,
        max_pages=files.max_pages,
        pdf_dpi=files.pdf_dpi,
        text_layer_chars=files.text_layer_chars,
        text_layer_max_chars=files.text_layer_max_chars,
        draft=draft,
    )
