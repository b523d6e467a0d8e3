"""Correction after acceptance 受理后补正: which papers a department wants mended while it decides, and whose turn it is.

It is a special procedure of its own kind (`cases.clocks.DEMAND`), asked for once by each department with everything it
wants, and granted by another person: whoever accepted has said that the papers are complete (行政许可法 art. 32), so that a
second look is owed to the resident. Both limits stand still while the papers are with the resident, within the days told.
"""

from collections.abc import Sequence
from datetime import datetime

from cases.clocks import DEMAND, Demand
from cases.errors import Conflict, InvalidRequest
from cases.lifecycle import MATERIAL, MATERIAL_SETTLED, MATERIAL_WITH_US, CaseState, MaterialEvent, MaterialState
from cases.model import CaseFile, Material, Special
from cases.sentences import say


def open_demand(file: CaseFile) -> Special | None:
    running = file.open_special
    return running if running is not None and running.kind == DEMAND else None


def demanded(file: CaseFile) -> tuple[Material, ...]:
    """Everything that the demand that is open wants, mended meanwhile or not."""
    running = open_demand(file)
    keys = {d.material for d in running.demands} if running and file.case.state is CaseState.PROCESSING else set()
    return tuple(m for m in file.materials if m.key in keys)


def awaited(file: CaseFile) -> tuple[Material, ...]:
    return tuple(m for m in demanded(file) if m.state not in MATERIAL_SETTLED)


def with_resident(file: CaseFile) -> tuple[Material, ...]:
    """What the resident has still to hand in."""
    return tuple(m for m in awaited(file) if m.state not in MATERIAL_WITH_US)


def complete_demands(file: CaseFile, wanted: Sequence[Demand], assignment: str | None) -> tuple[Demand, ...]:
    """Each with the page that it is about. Raises `InvalidRequest` and `Conflict`: one list, once for each department."""
    if not wanted:
        raise InvalidRequest("请至少选择一份要补正的材料，并一次写全。")
    if any(s.kind == DEMAND and s.assignment == assignment for s in file.specials):
        raise Conflict("补正只能一次性告知：本部门已经要求补正过一次。")
    if len({d.material for d in wanted}) < len(wanted):
        raise InvalidRequest("同一份材料请写在一处。")
    return tuple(_complete(file, one) for one in wanted)


def _complete(file: CaseFile, one: Demand) -> Demand:
    material = file.material(one.material)
    if material is None:
        raise InvalidRequest("该办件没有这份材料。", materials=[m.key for m in file.materials])
    if not one.reason.strip():
        raise InvalidRequest(say("请写明“{paper}”要怎么补正。", paper=material.name), material=material.key)
    promised = material.defer_until is not None and material.state not in MATERIAL_SETTLED
    if promised or not (may_go_back(material) or material.state is MaterialState.RETURNED):
        raise Conflict(say("“{paper}”正在补交或核对，不能要求补正。", paper=material.name), material=material.key)
    pages = file.pages_of(material.key)
    return Demand(material.key, one.reason.strip(), pages[0].id if len(pages) == 1 else None)


def may_go_back(material: Material) -> bool:
    return MaterialEvent.RETURN in MATERIAL.allowed(material.state)


def came_at(file: CaseFile, running: Special, now: datetime) -> datetime:
    """When the last of it came: the time that the office then needs to look counts. By hand or by post: now."""
    keys = {d.material for d in running.demands}
    by_hand = [key for key in keys if not any(p.uploaded_at > running.started_at for p in file.pages_of(key))]
    pages = [p.uploaded_at for key in keys for p in file.pages_of(key)]
    return now if by_hand or not pages else max(pages)
