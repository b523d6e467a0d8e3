"""One warm reader for the reading tests: making another for each would be all they do."""

from collections.abc import Iterator

import pytest

from preaudit.reading import Reader
from preaudit.sandbox import Sandbox
from preaudit.settings import ChildLimits, PreauditSettings


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(ChildLimits())
    yield made
    made.close()


@pytest.fixture(scope="session")
def reader(sandbox: Sandbox) -> Reader:
    made = Reader(PreauditSettings(), sandbox=sandbox)
    made.warm()
    return made
