"""One warm reader for the reading tests: making another for each would be all they do. It looks at no picture twice."""

from collections.abc import Iterator
from hashlib import sha256

import pytest

from cases.readings import Line
from preaudit.images.geometry import Pixels
from preaudit.reading import Reader, recogniser_for
from preaudit.recognise import Recogniser
from preaudit.sandbox import Sandbox
from preaudit.settings import ChildLimits, PreauditSettings


class Remembering:
    """The real recogniser, which knows what it read: tests look at one picture with several questions."""

    def __init__(self, real: Recogniser) -> None:
        self._real, self._known, self.name = real, dict[bytes, tuple[Line, ...]](), real.name

    def read(self, pixels: Pixels) -> tuple[Line, ...]:
        picture = sha256(repr(pixels.shape).encode() + pixels.tobytes()).digest()
        if picture not in self._known:
            self._known[picture] = self._real.read(pixels)
        return self._known[picture]

    def read_crop(self, pixels: Pixels) -> tuple[str, float]:
        return self._real.read_crop(pixels)

    def warm(self) -> None:
        self._real.warm()


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(ChildLimits())
    yield made
    made.close()


@pytest.fixture(scope="session")
def reader(sandbox: Sandbox) -> Reader:
    settings = PreauditSettings()
    made = Reader(settings, Remembering(recogniser_for(settings)), sandbox=sandbox)
    made.warm()
    return made
