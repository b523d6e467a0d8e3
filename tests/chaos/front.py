"""One address before several front doors, as a load balancer is: each connection goes to the next door that takes one.

It knows nothing of HTTP. A door that is closed is passed over; a connection that its door drops is dropped.
"""

import itertools
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE = 65_536


class Front:
    """`doors`: name → port, in turns; changed while it runs. `taken`: how many connections each has taken."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening, self._turns = listening, itertools.count()
        self.doors: dict[str, int] = {}
        self.taken: Counter[str] = Counter()

    def serve(self) -> None:
        """Until the socket is closed."""
        while True:
            try:
                caller, _ = self._listening.accept()
            except OSError:
                return
            threading.Thread(target=self._lead, args=(caller,), name="front", daemon=True).start()

    def _lead(self, caller: socket.socket) -> None:
        with caller:
            door = self._open_door()
            if door is None:
                return
            with door:
                back = threading.Thread(target=_pour, args=(door, caller), daemon=True)
                back.start()
                _pour(caller, door)
                back.join()

    def _open_door(self) -> socket.socket | None:
        doors, turn = list(self.doors.items()), next(self._turns)
        for n in range(len(doors)):
            name, port = doors[(turn + n) % len(doors)]
            with suppress(OSError):
                opened = socket.create_connection(("127.0.0.1", port), timeout=5)
                opened.settimeout(None)
                self.taken[name] += 1
                return opened
        return None


def _pour(from_: socket.socket, to: socket.socket) -> None:
    with suppress(OSError):
        while piece := from_.recv(PIECE):
            to.sendall(piece)
        to.shutdown(socket.SHUT_WR)


@contextmanager
def front(port: int) -> Iterator[Front]:
    with socket.create_server(("127.0.0.1", port), backlog=256) as listening:
        made = Front(listening)
        threading.Thread(target=made.serve, name="front", daemon=True).start()
        yield made
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
