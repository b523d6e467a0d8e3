"""What the judgement of a child of a bundle 一件事 takes over from its parent's case."""

from collections.abc import Mapping

from cases.bundles import looked_at_by_a_person
from cases.model import CaseFile
from storage.session import Transaction


def settled_by_parent(tx: Transaction, file: CaseFile) -> Mapping[str, str]:
    """What a person has accepted of the parent: it is not doubted a second time."""
    if file.case.parent is None:
        return {}
    parent = tx.case_file(file.case.parent)
    inherited = [w for w in file.waivers if w.ended_at is None and w.source_case == file.case.parent]
    seen = {w.material for w in inherited if looked_at_by_a_person(parent, w.source_material or "")}
    return {m.key: str(m.state) for m in file.materials if m.key in seen}
