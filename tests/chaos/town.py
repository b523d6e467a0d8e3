"""`python -m tests.chaos.town --port N`: everybody outside who is told something: the messaging platform (WeChat's own
protocol), and the system of a department. Each writes down what it took: the ledger that the run is compared with.

GET  /control/ledger   {"messages": [{"to", "template", "case"}], "news": [webhook-id]}: everything that was accepted
POST /control/mood     {"mood": "good|down|deaf|forgetful"}: 503; no answer; taken, and the answer is lost
"""

import argparse
import json
import signal
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import yaml

from messaging import texts
from tests.messaging.fake_wechat import Answer, FakeWechat

DEAF_SECONDS = 8.0
CASE_FIELD = "character_string2"
TEXTS = Path(texts.__file__).with_name("texts.yaml")


def templates_file(path: Path) -> Path:
    """For `WECHAT_TEMPLATES`: every message of ours has a template, which is named like it."""
    names = list(yaml.safe_load(TEXTS.read_text("utf-8")))
    told = {name: {"template_id": f"T-{name}", "fields": {"thing1": "title", CASE_FIELD: "no"}} for name in names}
    path.write_text(yaml.safe_dump(told), "utf-8")
    return path


class Town(FakeWechat):
    """Whoever signs in with the code `o-…` is that person."""

    def __init__(self) -> None:
        super().__init__()
        self.mood, self.closing = "good", threading.Event()
        self.messages: list[dict[str, str]] = []
        self.news: list[str] = []
        self._lock = threading.Lock()

    def _session(self, query: dict[str, str]) -> Answer:
        return {"openid": query["js_code"], "session_key": "never-for-clients"}

    def _send(self, body: Answer) -> Answer:
        case = body["data"].get(CASE_FIELD, {}).get("value", "")
        with self._lock:
            self.messages.append({"to": body["touser"], "template": body["template_id"], "case": case})
        return {"errcode": 0, "errmsg": "ok"}

    def take_news(self, identity: str) -> Answer:
        with self._lock:
            self.news.append(identity)
        return {}

    def ledger(self) -> dict[str, Any]:
        with self._lock:
            return {"messages": list(self.messages), "news": list(self.news)}


def handler(town: Town) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path)
            if path.path == "/control/ledger":
                self._say(200, town.ledger())
            else:
                self._platform(path.path, dict(parse_qsl(path.query)), None)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            path = urlsplit(self.path)
            if path.path == "/control/mood":
                town.mood = json.loads(body)["mood"]
                self._say(200, {"mood": town.mood})
            elif path.path == "/news":
                self._within_mood(lambda: town.take_news(self.headers["webhook-id"]))
            else:
                self._platform(path.path, dict(parse_qsl(path.query)), json.loads(body or b"{}"))

        def _platform(self, path: str, query: dict[str, str], body: Any) -> None:
            # signing in is not what fails here: the doors would only say so
            if path == "/sns/jscode2session":
                self._say(200, town.answer(path, query, body))
            else:
                self._within_mood(lambda: town.answer(path, query, body))

        def _within_mood(self, take: Any) -> None:
            if town.mood == "down":
                self._say(503, {})
            elif town.mood == "deaf":
                town.closing.wait(DEAF_SECONDS)
            elif town.mood == "forgetful":
                take()
            else:
                self._say(200, take())

        def _say(self, status: int, value: Any) -> None:
            raw = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Whoever hung up was killed."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    town = Town()
    server = Server(("127.0.0.1", parser.parse_args().port), handler(town))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(0.1)
    town.closing.set()


if __name__ == "__main__":
    main()
