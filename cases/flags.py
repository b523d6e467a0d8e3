"""What a person should look at first in a case, said from the findings of its last judgement."""

from collections.abc import Iterable
from enum import StrEnum

from cases.findings import Finding, FindingCode, Severity
from cases.items import Item

IDENTITY_DOCUMENTS = frozenset({"id_card_front", "id_card_back"})
IDENTITY_FIELDS = frozenset({"name", "id_number", "applicant_name"})
NOT_THE_CARD = frozenset({FindingCode.SCREEN_PHOTO, FindingCode.COPY_NOT_ORIGINAL})
"""The resident can mend these; whoever decides should all the same know that the card itself was not there."""


class MarkedFor(StrEnum):
    """Why a case is taken out of the work and the figures as a test, or back. Closed: it stands in the open record."""

    TRAINING = "training"
    TRIAL = "trial"
    """Before a service is opened, or after it was changed."""
    FAULT = "fault"
    """Somebody looks for what is broken."""
    MISTAKE = "mistake"
    """The mark before was one."""


def identity_is_doubtful(findings: Iterable[Finding], item: Item) -> bool:
    """Whether somebody must make sure who the applicant is: a doubt about an identity card, or about the name or number
    on any paper. What is only badly photographed is no doubt about a person."""
    cards = {m.key for m in item.materials if m.document in IDENTITY_DOCUMENTS}
    return any(_is_of_identity(finding, cards) for finding in findings)


def _is_of_identity(finding: Finding, cards: set[str]) -> bool:
    if finding.material in cards and finding.code in NOT_THE_CARD:
        return True
    if finding.severity is Severity.FIXABLE:
        return False
    field = (finding.field or "").rpartition(".")[2]
    return finding.material in cards or field in IDENTITY_FIELDS


def is_reused(findings: Iterable[Finding]) -> bool:
    """Whether a picture was seen in somebody else's case."""
    return any(finding.code is FindingCode.REUSED_IMAGE for finding in findings)
