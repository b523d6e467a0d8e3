"""The HTTP server: the partner's protocol on any path outside `/control`, and the control pages beside it.

POST /…                               the protocol of the partner it was started as; see ems.py, sf.py, kuaidi100.py
GET  /healthz                         alive
GET  /control/orders                  what is known of each parcel, with its operations
GET  /control/pushes                  every push sent, with what was answered
POST /control/orders/{id}/advance     {"event" or "events" or "code", "times": 1, "order": "given|reversed|shuffled",
                                       "deliver_code"?, "attempt_code"?}: makes it happen and pushes it before it answers;
                                       `times` pushes the whole list so often; one event may be several pushes
POST /control/orders/{id}/life        {"events": […]}: what becomes of it if it is left alone, from its beginning
GET  /control/faults · POST {"faults": "double,drop:0.3,5xx#2", "seed"?}
GET  /control/struck                  how often each fault has struck
POST /control/clock                   {"to"}: only with --clock, see `times.Agenda`. Everything due by then happens and is
                                       pushed before it answers {"next", "happened"}
POST /control/push-url                {"url"}; empty: nobody listens any more, and what was to be sent again is not

`{id}` is an order number or a waybill. Operations are shown in the partner's own words. The control pages answer this machine only and take JSON only.
"""

import json
import random
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from courier.sandbox import ems, kuaidi100, sf
from courier.sandbox.depot import Depot, Operation, Parcel
from courier.sandbox.faults import Fault, Faults
from courier.sandbox.life import LIVES, ORDINARY, STEPS, Step, by_window, in_earnest, life_of, reached, steady
from courier.sandbox.pushes import Pusher, Sent
from courier.sandbox.speaker import Account, Desk, Push, Reply, Request, Speaker
from courier.sandbox.times import Agenda, Later
from courier.sf.settings import SfProof

BODY_BYTES_MAX = 1024 * 1024
_BEFORE = (Fault.HTTP_5XX, Fault.TIMEOUT_BEFORE_ACCEPT, Fault.REFUSE)
_AFTER = (
    Fault.TIMEOUT_AFTER_ACCEPT,
    Fault.HTTP_5XX_AFTER_ACCEPT,
    Fault.GARBAGE_AFTER_ACCEPT,
    Fault.RESET_AFTER_ACCEPT,
    Fault.UNCLEAR_AFTER_ACCEPT,
)
WAYBILLS = {"ems": ems.waybill, "sf": sf.waybill, "kuaidi100": kuaidi100.waybill}


@dataclass(frozen=True)
class Config:
    """`speed`: 60 plays one step of a parcel's life a second, 0 none but what the control pages ask for. `hold_s`:
    how long an unanswered request is kept waiting, `slow_s` a slow answer. `clock`: it stands there until the control
    page turns it; then lives keep to their windows, `speed` counts for nothing and retries come in its seconds. `proof`
    and `xml` are SF's."""

    account: Account
    partner: str = "ems"
    proof: SfProof = SfProof.STANDARD_MD5
    xml: bool = False
    push_url: str = ""
    host: str = "127.0.0.1"
    port: int = 0
    speed: float = 60.0
    faults: str = ""
    seed: int = 0
    hold_s: float = 30.0
    slow_s: float = 1.0
    retry_s: float = 1.0
    journal: Path | None = None
    clock: datetime | None = None


class BadRequest(Exception):
    pass


class Sandbox:
    """Everything but HTTP."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self.closing = threading.Event()
        self.faults = Faults(config.faults, config.seed)
        self.agenda = Agenda(config.clock) if config.clock is not None else None
        self.later = self.agenda or Later()
        self.depot = Depot(config.seed, self.later.now, config.journal, WAYBILLS[config.partner])
        desk = Desk(
            config.account,
            self.depot,
            self._live,
            lambda parcel, operation: self.later.at(0, lambda: self.pusher.send(self._pushes(parcel, operation))),
            self.faults.strikes,
            self.later.now,
        )
        self.speaker = _speaker(config, desk)
        self.pusher = Pusher(config.push_url, self.speaker, self.faults, self.later, config.retry_s)
        self._random = random.Random(config.seed)
        self._lives: dict[str, tuple[str, ...]] = {}
        self._pace = by_window(self._random, self.later.now) if self.agenda else steady(config.speed)
        # never the same twice, also over restarts with one seed; a turned clock starts once
        self._serials = random.Random(config.seed if self.agenda else None)
        for parcel in self.depot.all():
            self._live(parcel)

    def advance(self, parcel: Parcel, asked: dict[str, Any]) -> list[Sent]:
        """Make steps happen in the given order and push them in the asked order, so often."""
        steps = _steps(asked, self.speaker)
        happened = [p for step in steps for p in self._pushes(parcel, self.depot.happen(parcel, step))]
        pushes = happened * max(1, min(int(asked.get("times", 1)), 20))
        if asked.get("order") == "reversed":
            pushes.reverse()
        elif asked.get("order") == "shuffled":
            self._random.shuffle(pushes)
        return [sent for push in pushes for sent in self.pusher.deliver(push)]

    def turn(self, to: datetime) -> dict[str, Any]:
        """The clock to then; what has happened since it was last turned, and when there is more to happen."""
        if self.agenda is None:
            raise BadRequest("this clock is the real one: start with --clock")
        following = self.agenda.turn(to)
        happened = [self._told(operation) for operation in self.depot.news()]
        return {"next": following.isoformat() if following else None, "happened": happened}

    def _told(self, operation: Operation) -> dict[str, Any]:
        """`true`: really happened; otherwise it is only said, and taken back later."""
        parcel = self.depot.by_waybill(operation.waybill)
        assert parcel is not None
        until = [o.event for o in parcel.operations[: parcel.operations.index(operation) + 1]]
        true = in_earnest(self._lives.get(operation.waybill, ()), until)
        return {"order_no": operation.order_no, "event": operation.event, "at": operation.at, "true": true}

    def lead(self, parcel: Parcel, events: Sequence[str]) -> None:
        """Another life than the one that was drawn. What has happened of it stays."""
        _known(events, self.speaker)
        self._lives[parcel.waybill] = tuple(events)

    def close(self) -> None:
        self.closing.set()
        self.later.stop()

    def _live(self, parcel: Parcel) -> None:
        """Lead its life from where the parcel is, one step after the other; an ordinary one, if nothing strikes."""
        if parcel.waybill not in self._lives:
            self._lives[parcel.waybill] = self._draw()
        pause = self._pace(parcel.window, not parcel.operations)
        if pause is not None:
            self.later.at(pause, lambda: self._next_step(parcel))

    def _next_step(self, parcel: Parcel) -> None:
        life = self._lives[parcel.waybill]
        following = reached(life, [o.event for o in parcel.operations])
        stays = parcel.status == "cancelled" and not self._moves_all_the_same(parcel)
        if stays or following >= len(life):
            return
        self.pusher.send(self._pushes(parcel, self.depot.happen(parcel, STEPS[life[following]])))
        self._live(parcel)

    def _draw(self) -> tuple[str, ...]:
        lives = ((fault, life_of(fault, self.speaker.knows)) for fault in LIVES)
        return next((life for fault, life in lives if life is not None and self.faults.strikes(fault)), ORDINARY)

    def _moves_all_the_same(self, parcel: Parcel) -> bool:
        """Drawn when the courier should have stayed; once he moves, he goes to the end."""
        last = parcel.operations[-1].event if parcel.operations else ""
        return last != "cancelled" or self.faults.strikes(Fault.CANCELLED_BUT_MOVING)

    def shown(self, parcel: Parcel) -> dict[str, Any]:
        """Without what the protocol remembers: the salt of pushes is nobody's business."""
        known = {k: v for k, v in asdict(parcel).items() if k not in ("extra", "operations")}
        return known | {"operations": [self.speaker.shown(o) for o in parcel.operations], "status": parcel.status}

    def _pushes(self, parcel: Parcel, operation: Operation) -> list[Push]:
        return self.speaker.pushes(parcel, operation, lambda: f"{self._serials.getrandbits(128):032X}")


def _speaker(config: Config, desk: Desk) -> Speaker:
    if config.partner == "sf":
        return sf.SfSpeaker(desk, config.proof, config.xml)
    return kuaidi100.Kuaidi100Speaker(desk) if config.partner == "kuaidi100" else ems.EmsSpeaker(desk)


def _steps(asked: dict[str, Any], speaker: Speaker) -> list[Step]:
    names = asked.get("events") or ([asked["event"]] if "event" in asked else [])
    steps = _known(names, speaker)
    if "code" in asked:
        code = str(asked["code"])
        steps.append(Step(speaker.event_of(code), str(asked.get("name", code)), code=code))
    if not steps:
        raise BadRequest("say event, events or code")
    finer = {k: str(asked[k]) for k in ("deliver_code", "attempt_code") if k in asked}
    return [replace(s, **finer) for s in steps]


def _known(names: Sequence[str], speaker: Speaker) -> list[Step]:
    known = [n for n in STEPS if speaker.knows(n)]
    unknown = [n for n in names if n not in known]
    if unknown:
        raise BadRequest(f"unknown event {unknown[0]!r}: one of {', '.join(known)}")
    return [STEPS[n] for n in names]


class Handler(BaseHTTPRequestHandler):
    """One request. The sandbox hangs on the server."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body are two writes; the second would wait for the first's receipt
    server: "Server"
    timeout = 60

    def do_GET(self) -> None:
        pages: dict[str, Callable[[], object]] = {
            "/healthz": lambda: {"ok": True},
            "/control/orders": lambda: [self.server.sandbox.shown(p) for p in self.server.sandbox.depot.all()],
            "/control/pushes": self.server.sandbox.pusher.log,
            "/control/faults": self.server.sandbox.faults.as_dict,
            "/control/struck": self.server.sandbox.faults.struck,
        }
        page = pages.get(self.path)
        if page is None or (self.path.startswith("/control") and not self._is_near()):
            return self._say(404, {"error": "not found"})
        return self._say(200, page())

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > BODY_BYTES_MAX:
            self.close_connection = True
            return self._say(413, {"error": "too large or no length"})
        body = self.rfile.read(int(length))
        return self._control(body) if self.path.startswith("/control") else self._speak(body)

    def _speak(self, body: bytes) -> None:
        sandbox = self.server.sandbox
        request = Request(urlsplit(self.path).path, self.headers.get("Content-Type", ""), body)
        changing = sandbox.speaker.is_changing(request)
        before = sandbox.faults.first(*_BEFORE) if changing else None
        if before is not None:
            return self._fail(before)
        reply = sandbox.speaker.answer(request)
        after = sandbox.faults.first(*_AFTER) if reply.accepted else None
        if after is not None:
            return self._fail(after)
        if reply.accepted and sandbox.faults.strikes(Fault.SLOW):
            sandbox.closing.wait(sandbox.config.slow_s)
        return self._reply(reply)

    def _fail(self, fault: Fault) -> None:
        sandbox = self.server.sandbox
        if fault in {Fault.HTTP_5XX, Fault.HTTP_5XX_AFTER_ACCEPT}:
            return self._say(503, {"error": "service unavailable"})
        if fault is Fault.REFUSE:
            return self._reply(sandbox.speaker.refusal())
        if fault is Fault.UNCLEAR_AFTER_ACCEPT:
            return self._reply(sandbox.speaker.unclear())
        if fault is Fault.GARBAGE_AFTER_ACCEPT:
            return self._send(200, "text/html", "<html>网关错误".encode())
        self.close_connection = True
        if fault is Fault.RESET_AFTER_ACCEPT:
            # Linger 0: closing sends a reset instead of a farewell.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return None
        sandbox.closing.wait(sandbox.config.hold_s)
        return None

    def _reply(self, reply: Reply) -> None:
        self._send(200, reply.content_type, reply.body)

    def _control(self, body: bytes) -> None:
        if not self._is_near() or not self.headers.get("Content-Type", "").startswith("application/json"):
            return self._say(404, {"error": "not found"})
        try:
            asked = json.loads(body or b"{}")
            return self._say(200, self._controlled(asked))
        except (ValueError, KeyError, TypeError, AttributeError, BadRequest) as e:
            return self._say(400, {"error": str(e)})

    def _controlled(self, asked: dict[str, Any]) -> object:
        sandbox = self.server.sandbox
        parts = [unquote(p) for p in self.path.strip("/").split("/")]
        if parts == ["control", "faults"]:
            sandbox.faults.replace(asked["faults"], asked.get("seed"))
            return sandbox.faults.as_dict()
        if parts == ["control", "push-url"]:
            sandbox.pusher.direct_to(str(asked["url"]))
            return {"url": sandbox.pusher.url}
        if parts == ["control", "clock"]:
            return sandbox.turn(datetime.fromisoformat(asked["to"]))
        if len(parts) == 4 and parts[1] == "orders":
            return self._order(parts[2], parts[3], asked)
        raise BadRequest("no such page")

    def _order(self, number: str, page: str, asked: dict[str, Any]) -> object:
        sandbox = self.server.sandbox
        parcel = sandbox.depot.by_order(number) or sandbox.depot.by_waybill(number)
        if parcel is None:
            raise BadRequest(f"no order {number!r}")
        if page == "advance":
            return {"pushes": [asdict(s) for s in sandbox.advance(parcel, asked)], "order": sandbox.shown(parcel)}
        if page == "life":
            sandbox.lead(parcel, asked["events"])
            return sandbox.shown(parcel)
        raise BadRequest("no such page")

    def _is_near(self) -> bool:
        return self.client_address[0] in {"127.0.0.1", "::1"}

    def _say(self, status: int, value: object) -> None:
        self._send(status, "application/json;charset=UTF-8", json.dumps(value, ensure_ascii=False).encode())

    def _send(self, status: int, content_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet: /control/orders and /control/pushes say more than an access log."""


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, config: Config) -> None:
        super().__init__((config.host, config.port), Handler)
        self.sandbox = Sandbox(config)

    @property
    def base_url(self) -> str:
        return f"http://{self.sandbox.config.host}:{self.server_address[1]}{self.sandbox.speaker.path}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is everyday life here."""
