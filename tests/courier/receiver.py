"""A hook that does what the web door does, without its database: verify over raw bytes, keep, answer in form."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from courier.port import Partner, Push, PushRejected
from courier.vocabulary import CourierEvent


class Receiver:
    """Keeps events in the order of their coming. `broken`: how many deliveries to fail before keeping any. What comes
    to any address but its own finds nobody."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.lost = 0
        self.broken = 0
        self.events: list[CourierEvent] = []
        self.delivery_ids: list[str] = []
        self.rejected: list[PushRejected] = []
        self.changed = threading.Condition()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/hooks/couriers/ems/secret"

    def take(self, path: str, raw: bytes, headers: dict[str, str]) -> tuple[int, bytes]:
        if not path.endswith("/secret"):
            self.lost += 1
            return 404, b'{"error": "no such address"}'
        with self.changed:
            self.changed.notify_all()
            push = self.partner.verify_push(raw, headers, headers.get("Content-Type", ""))
            if isinstance(push, PushRejected):
                self.rejected.append(push)
            elif self.broken:
                self.broken -= 1
                answer = self.partner.answer_push(push, kept=False)
                return answer.status, answer.body
            else:
                self._keep(push)
            answer = self.partner.answer_push(push, kept=True)
            return answer.status, answer.body

    def _keep(self, push: Push) -> None:
        self.delivery_ids.append(push.delivery_id)
        self.events += self.partner.parse_push(push)

    def wait(self, condition: Callable[[], bool], seconds: float = 15) -> None:
        with self.changed:
            assert self.changed.wait_for(condition, seconds), f"not in {seconds} s; {[e.code for e in self.events]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            status, body = receiver.take(self.path, raw, dict(self.headers.items()))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    return Handler
