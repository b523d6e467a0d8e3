"""What the tests of the item manager share: an item without a fault, and the worker's part of linting and judging again."""

from typing import Any

from cases.effects import JobKind
from cases.items import item_from
from storage.words import JobState
from tests.cases.world import ITEM
from tests.storage.kept import reading
from tests.web.world import JPEG, World, small_copy
from tests.workers.room import OFFICE
from workers.actors.registry import HANDLERS
from workers.context import Context, Messages
from workers.jobs import perform

CODE = ITEM["code"]
CHECKS: dict[str, Any] = {
    "id_front": ["name_plausible"],
    "register": ["name_plausible"],
    "form": [{"filled_in": ["applicant_name"]}],
    "photo": [{"mentions": {"words": ["回执"]}}],
}
APPLICATION = {"key": "application", "fields": {"姓名": "applicant_name"}}
FAULTLESS: dict[str, Any] = {
    **ITEM,
    "version": 9,
    "summary": "社会保障卡遗失、损坏后补领新卡。",
    "materials": [
        {**m, "checks": CHECKS[m["key"]], **(APPLICATION if m["key"] == "form" else {})} for m in ITEM["materials"]
    ],
}
"""As the linter sees it; without English, which is a warning."""


def publish_faultless(world: World, **changes: Any) -> None:
    raw = {**FAULTLESS, **changes}
    with world.database.transaction() as tx:
        tx.publish_item(raw, item_from(raw))


def works(world: World, *kinds: JobKind) -> None:
    """What waits of the item manager's jobs, as the worker does it."""
    context = Context(world.database, world.blobs, world.doors.partners, Messages(), OFFICE)
    with world.database.reading() as tx:
        waiting = [job for kind in kinds for job in tx.jobs.list(JobState.QUEUED, kind)]
    for job in waiting:
        perform(context, HANDLERS[job.kind], job.id)


def past_case(world: World, picture: bytes = small_copy(), **read: Any) -> str:
    """A case that was judged, its pages read."""
    me = world.resident()
    no = me.opens()
    for material in ("id_front", "application"):
        me.uploads(no, material, JPEG + material.encode())
    world.read_all(no)
    me.post(f"/api/v1/cases/{no}/submit")
    for page in world.file(no).pages:
        copy = world.blobs.put(picture)
        with world.database.transaction() as tx:
            tx.save_reading(page.id, reading("姓名陈样本", **read), copy)
    world.judge(no, "returned")
    return no
