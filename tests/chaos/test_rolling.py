"""A rolling deploy and its way back, as docs/deploying.md tells them, with every process of both versions and with people
at it all along: the last released version (`tests.older`) and this one.
"""

import signal
from pathlib import Path

import pytest

from tests.chaos.callers import Caller, Json, NotTaken
from tests.chaos.house import last_words
from tests.chaos.journeys import MATERIAL, Case, Life, marked
from tests.chaos.load import Load
from tests.chaos.rolling import NEW, OLD, WORKING, Roll, rolling
from tests.chaos.verdict import judge

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(2400)]
EACH, SOME = 6, 2
"""Cases that come in each part of the roll, and of how many the end is waited for before the next."""
OLD_DESK = ("/desk/api/queues", "/desk/api/supervision", "/desk/api/stats", "/desk/api/urges")


def part(roll: Roll) -> None:
    """People come, and some of them get through as things stand now; the others live into the next part."""
    roll.until_over(roll.come(EACH), SOME)


def held(roll: Roll) -> Load:
    """Two cases on a department's desk."""
    crowd = roll.come(2, Life.DECIDED)
    roll.until_over(crowd, 2)
    return crowd


def judged(roll: Roll) -> None:
    verdict = judge(roll.house, roll.said, [c.number for c in roll.cases])
    told = "\n".join([*verdict.everything(), *roll.wrong, *roll.falls])
    assert verdict.good, f"{told}\n{last_words(roll.house)}"
    assert (roll.wrong, roll.falls) == ([], [])
    assert set(roll.left.values()) <= {0, -signal.SIGTERM}, roll.left  # of itself, in time; nobody had to be killed


# ── what only the new version knows ──


def attach(roll: Roll, crowd: Load, case: Case) -> str:
    """A file with a decision. The assignment's path."""
    clerk = roll.at(NEW, crowd.office.department)
    (assignment,) = crowd.seen[case.number].assignments
    clerk.upload(f"/desk/api/assignments/{assignment}/files", marked(case.picture, "decided"))
    return f"/desk/api/assignments/{assignment}/files"


def demand(roll: Roll, crowd: Load, case: Case) -> None:
    """A correction after acceptance, granted."""
    path = f"/desk/api/cases/{case.number}"
    wanted = [{"material": MATERIAL, "reason": "请重新拍摄"}]
    asked = roll.at(NEW, crowd.office.department).write(f"{path}/demands", reason="看不清", days=5, materials=wanted)
    (request,) = asked["clocks"]["requests"]
    roll.at(NEW, crowd.office.desk).write(f"{path}/clock-requests/{request['id']}", decision="grant", note="")


def mend(roll: Roll, crowd: Load, case: Case) -> None:
    """What was demanded is photographed again, and the department takes it."""
    roll.at(NEW, case.resident).upload(f"{case.path}/materials/{MATERIAL}/pages", marked(case.picture, "again"))
    clerk = roll.at(NEW, crowd.office.department)

    def taken() -> bool:
        try:
            clerk.write(f"/desk/api/cases/{case.number}/demands/{MATERIAL}", decision="accept")
        except NotTaken as refused:
            if refused.status != 409:
                raise
            return False
        return True

    roll.until(taken, "what was mended to be taken", crowd)


def opened(files: Json) -> bool:
    return all(f["state"] != "checking" for f in files["files"])


def looks(caller: Caller, *paths: str) -> None:
    """Each answers, whatever it shows: never an error of its own."""
    for path in paths:
        try:
            caller.get(path)
        except NotTaken as refused:
            if refused.status != 404:
                raise


# ── the tests ──


def test_old_and_new_processes_work_side_by_side_and_nothing_is_lost_or_doubled(tmp_path: Path) -> None:
    with rolling(tmp_path) as roll:
        roll.start(OLD)
        part(roll)
        two = held(roll)
        with_file, with_demand = two.cases
        roll.zerotrip(NEW, "migrate")
        part(roll)  # old processes, new schema
        roll.start(NEW, "web")
        files = attach(roll, two, with_file)
        part(roll)  # both front doors, old workers
        roll.start(NEW, *WORKING)
        part(roll)
        roll.leave(OLD, *WORKING)
        demand(roll, two, with_demand)
        part(roll)  # new workers, both front doors
        looks(roll.at(OLD, with_demand.resident), with_demand.path)
        looks(roll.at(OLD, two.office.desk), f"/desk/api/cases/{with_demand.number}", *OLD_DESK)
        roll.leave(OLD, "web")
        part(roll)
        mend(roll, two, with_demand)
        clerk = roll.at(NEW, two.office.department)
        roll.until(lambda: opened(clerk.get(files)), "the file to be opened", two)
        two.go_on(Life.WHOLE)
        roll.end()
        judged(roll)


def test_a_version_is_taken_back_in_an_emergency_and_brought_again(tmp_path: Path) -> None:
    with rolling(tmp_path, filled_by=NEW) as roll:
        roll.start(NEW)
        two = held(roll)
        with_file, with_demand = two.cases
        part(roll)
        demand(roll, two, with_demand)
        roll.leave(NEW, *WORKING)
        files = attach(roll, two, with_file)
        roll.leave(NEW, "web")  # new processes are gone, what they began is there
        roll.start(OLD)
        part(roll)
        looks(roll.at(OLD, with_demand.resident), with_demand.path)
        looks(roll.at(OLD, two.office.desk), f"/desk/api/cases/{with_demand.number}", *OLD_DESK)
        roll.start(NEW)
        roll.leave(OLD)
        part(roll)
        mend(roll, two, with_demand)
        clerk = roll.at(NEW, two.office.department)
        roll.until(lambda: opened(clerk.get(files)), "the file to be opened", two)
        two.go_on(Life.WHOLE)
        roll.end()
        judged(roll)
