"""`python -m courier.sandbox`: start the sandbox, print one JSON line with its address, run until a signal."""

import argparse
import json
import secrets
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from courier.sandbox.faults import parse
from courier.sandbox.server import WAYBILLS, Config, Server
from courier.sandbox.speaker import Account
from courier.sf.settings import SfProof
from courier.signing import sm4_key


def main(argv: Sequence[str] | None = None) -> int:
    """Exit 0 after a signal, 2 for wrong use."""
    parser = _parser()
    server = Server(_config(parser.parse_args(argv), parser))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"listening": server.base_url}), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.sandbox.close()
    server.server_close()
    return 0


def _parser() -> argparse.ArgumentParser:
    p = argparse.ArgumentParser(
        "python -m courier.sandbox", description="A courier that speaks the protocol of EMS, SF Express or Kuaidi100."
    )
    p.add_argument("--partner", choices=sorted(WAYBILLS), default="ems")
    p.add_argument("--port", type=int, default=0, help="0 takes a free one; the first line printed says which")
    p.add_argument("--host", default="127.0.0.1")
    p.add_argument("--push-url", default="", help="where pushes go: https://…/hooks/couriers/PARTNER/SECRET")
    p.add_argument("--key", required=True, help="ems: SM4 key, 16 bytes in Base64; sf: check word; kuaidi100: secret")
    p.add_argument("--sender-no", default="1100000000001", help="ems: senderNo; sf: partnerID; kuaidi100: customer")
    p.add_argument("--authorization", default="sandbox-authorization", help="ems: authorization; kuaidi100: key")
    p.add_argument("--proof", type=SfProof, choices=list(SfProof), default=SfProof.STANDARD_MD5, help="sf")
    p.add_argument("--xml", action="store_true", help="sf: push as XML in a form")
    p.add_argument("--seed", type=int, default=None, help="makes waybills and drawn faults the same each time")
    p.add_argument("--speed", type=float, default=60.0, help="60: one step a second; 0: only by the control pages")
    p.add_argument("--faults", type=_faults, default="", help="double,drop:0.3,5xx#2 …; see faults.py")
    p.add_argument("--hold", type=float, default=30.0, help="seconds an unanswered request is kept waiting")
    p.add_argument("--slow", type=float, default=1.0, help="seconds that a slow answer takes")
    p.add_argument("--retry", type=float, default=1.0, help="seconds before a push is sent again; doubles")
    p.add_argument("--journal", type=Path, default=None, help="keep orders and operations in this file")
    p.add_argument(
        "--clock", type=_time, default=None, help="ISO 8601: it stands there; turned by /control/clock alone"
    )
    return p


def _config(args: argparse.Namespace, parser: argparse.ArgumentParser) -> Config:
    if args.partner == "ems":
        _check_key(args.key, parser)
    seed = args.seed if args.seed is not None else secrets.randbits(64)
    return Config(
        account=Account(args.sender_no, args.authorization, args.key),
        partner=args.partner,
        proof=args.proof,
        xml=args.xml,
        push_url=args.push_url,
        host=args.host,
        port=args.port,
        speed=args.speed,
        faults=args.faults,
        seed=seed,
        hold_s=args.hold,
        slow_s=args.slow,
        retry_s=args.retry,
        journal=args.journal,
        clock=args.clock,
    )


def _check_key(text: str, parser: argparse.ArgumentParser) -> None:
    try:
        sm4_key(text)
    except ValueError as e:
        parser.error(f"--key: {e}")


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as e:
        raise argparse.ArgumentTypeError(str(e)) from None
    if at.tzinfo is None:
        raise argparse.ArgumentTypeError("a time with its offset: 2026-03-02T10:00:00+08:00")
    return at


def _faults(text: str) -> str:
    try:
        parse(text)
    except ValueError as e:
        raise argparse.ArgumentTypeError(str(e)) from None
    return text


if __name__ == "__main__":
    sys.exit(main())
