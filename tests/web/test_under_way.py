"""Files on their way in: how many at once, of one account and of all, and what becomes of one that stands still."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.services import free_port
from tests.serving import serving
from tests.web.world import JPEG, Caller, World, make_world
from web.app import application

START = b'--b\r\nContent-Disposition: form-data; name="transaction_id"\r\n\r\none\r\n'
START += b'--b\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
END = b"\r\n--b--\r\n"


class Line:
    """A phone that sends a photograph as fast as it is told to."""

    def __init__(self, port: int, me: Caller, no: str, material: str = "id_front", data: bytes = JPEG) -> None:
        self._rest = data + END
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        token = me.headers["Authorization"]
        head = (
            f"POST /api/v1/cases/{no}/materials/{material}/pages HTTP/1.1\r\nHost: t\r\nAuthorization: {token}\r\n"
            f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(START) + len(self._rest)}\r\n\r\n"
        )
        self._socket.sendall(head.encode() + START)

    def ends(self) -> None:
        self._socket.sendall(self._rest)

    def answer(self) -> str:
        with self._socket.makefile("rb") as answer:
            head = answer.readline().decode()
            for line in iter(answer.readline, b"\r\n"):
                head += line.decode()
            return head

    def status(self) -> int:
        return int(self.answer().split(" ")[1])

    def close(self) -> None:
        self._socket.close()


@contextmanager
def doors(world: World, **changes: float) -> Iterator[tuple[World, int]]:
    made, port = make_world(world.database, world.blobs, **changes), free_port()
    with serving(application(made.doors), port):
        yield made, port


def test_one_file_too_many_is_told_when_to_come_again_before_it_is_read(plain_world: World) -> None:
    with doors(plain_world, files_under_way=2) as (world, port):
        first, second, third = (world.resident(name) for name in ("a", "b", "c"))
        on_the_way = [Line(port, me, me.opens()) for me in (first, second)]
        refused = Line(port, third, number := third.opens())
        said = refused.answer()
        assert said.startswith("HTTP/1.1 429")
        assert "retry-after: " in said.lower()
        for line in on_the_way:
            line.ends()
        assert [line.status() for line in on_the_way] == [201, 201]
        again = Line(port, third, number)
        again.ends()
        assert again.status() == 201


def test_one_account_takes_no_more_than_its_part(plain_world: World) -> None:
    with doors(plain_world, files_of_one=1) as (world, port):
        me, other = world.resident("a"), world.resident("b")
        number = me.opens()
        on_the_way = Line(port, me, number)
        assert Line(port, me, number, "form").status() == 429
        neighbour = Line(port, other, other.opens())
        for line in (on_the_way, neighbour):
            line.ends()
        assert (on_the_way.status(), neighbour.status()) == (201, 201)


def test_a_file_of_which_nothing_more_comes_gives_its_place_back(plain_world: World) -> None:
    with doors(plain_world, files_under_way=1, stalled_after_s=0.2) as (world, port):
        me = world.resident()
        number = me.opens()
        stalled = Line(port, me, number)
        assert stalled.status() == 408
        next_one = Line(port, me, number)
        next_one.ends()
        assert next_one.status() == 201


def test_a_phone_that_leaves_gives_its_place_back(plain_world: World) -> None:
    with doors(plain_world, files_under_way=1) as (world, port):
        me = world.resident()
        number = me.opens()
        Line(port, me, number).close()
        status = 429
        while status == 429:  # the server hears of it a moment later
            line = Line(port, me, number)
            line.ends()
            status = line.status()
        assert status == 201


@pytest.mark.parametrize("token", ["", "zt_nobody"])
def test_whoever_is_nobody_is_refused_before_the_file(plain_world: World, token: str) -> None:
    with doors(plain_world, files_under_way=1) as (world, port):
        stranger = Caller(world, {"Authorization": f"Bearer {token}"})
        assert Line(port, stranger, world.resident().opens()).status() == 401
