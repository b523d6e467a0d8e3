"""An HTTP host that answers as a test tells it, and remembers what it was asked."""

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

Answering = Callable[[BaseHTTPRequestHandler], None]


class Host:
    """Answers every POST with `answering`, remembers the paths asked for."""

    def __init__(self) -> None:
        self.answering: Answering = lambda h: say(h, 200, b"ok")
        self.paths: list[str] = []
        self.forms: list[bytes] = []
        self.closing = threading.Event()
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                host.paths.append(self.path)
                host.forms.append(self.rfile.read(int(self.headers["Content-Length"])))
                host.answering(self)

            def do_GET(self) -> None:
                host.paths.append(self.path)
                say(self, 200, b"followed")

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda request, client_address: None  # type: ignore[method-assign] # hung-up clients
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}/open"

    @property
    def asked(self) -> list[dict[str, str]]:
        return [dict(parse_qsl(form.decode(), keep_blank_values=True)) for form in self.forms]

    def answers(self, *bodies: bytes) -> None:
        """These one after the other, the last one again and again."""
        left = list(bodies)
        self.answering = lambda h: say(h, 200, left.pop(0) if len(left) > 1 else left[0])

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.server.server_close()


def say(handler: BaseHTTPRequestHandler, status: int, body: bytes = b"", **headers: str) -> None:
    handler.send_response(status)
    for name, value in {"Content-Length": str(len(body)), **headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)
