"""A whole case by HTTP on PostgreSQL, the doors under the role of the doors and the workers' sweeps under theirs."""

from storage.blobs import blobs_from
from storage.grants import Names, Process
from storage.session import Database
from tests.storage.test_grants import names, signed_in  # noqa: F401  # the fixture
from tests.web.test_retention import lives, passes, sweep
from tests.web.world import make_world
from workers import record, sweeps


def test_a_whole_life_under_the_restricted_roles(postgresql_database: Database, names: Names) -> None:  # noqa: F811
    owner = make_world(postgresql_database, blobs_from(postgresql_database.settings))
    with signed_in(postgresql_database, names, Process.WEB) as doors:
        world = make_world(doors, blobs_from(doors.settings))
        no = lives(world)
        assert world.resident().get("/api/v1/me/data/all")["held"]
        world.resident("other").post("/api/v1/me/erase")
    passes(owner, 3700)
    with signed_in(postgresql_database, names, Process.WORKERS) as workers:
        working = make_world(workers, blobs_from(workers.settings))
        assert sweep(working) > 0
        assert working.file(no).case.applicant.name == ""
        assert record.anchor(workers) > 0
        record.check(workers)
        for name, one in sweeps.ALL.items():
            assert one(workers) >= 0, name
