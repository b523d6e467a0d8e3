"""A file of several pages: each page of it becomes a page of the case, read with the first."""

from collections.abc import Sequence
from dataclasses import dataclass

from cases.effects import Add, Fact, Outcome
from cases.findings import Finding
from cases.lifecycle import PageState
from cases.model import CaseFile, Page
from cases.moment import Moment


@dataclass(frozen=True)
class FurtherPage:
    """The second, third, … page of a file, as read."""

    id: str
    kind: str
    findings: tuple[Finding, ...]


def unfold(file: CaseFile, page_id: str, further: Sequence[FurtherPage], now: Moment) -> Outcome:
    """The further pages as rows of the same blob, after all pages that the material has."""
    first = file.page(page_id)
    if first is None or first.state not in (PageState.UPLOADED, PageState.UNREADABLE) or not further:
        return ()
    last = max(p.ordinal for p in file.pages if p.material == first.material)
    return (
        *(Add(_page(first, last + i, f, now)) for i, f in enumerate(further, 1)),
        Fact("page_unfolded", {"page": page_id, "material": first.material, "pages": 1 + len(further)}),
    )


def _page(first: Page, ordinal: int, read: FurtherPage, now: Moment) -> Page:
    return Page(
        read.id,
        first.material,
        ordinal,
        first.blob,
        first.sha256,
        first.media_type,
        first.size,
        PageState.READ,
        first.uploaded_at,
        now.at,
        read.kind,
        read.findings,
    )
