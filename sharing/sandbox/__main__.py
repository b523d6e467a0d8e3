"""`python -m sharing.sandbox`: start the sandbox, print one JSON line with its address, run until a signal."""

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence

from sharing.sandbox.server import Config, Registry, Server


def main(argv: Sequence[str] | None = None) -> int:
    """Exit 0 after a signal, 2 for wrong use."""
    parser = argparse.ArgumentParser("python -m sharing.sandbox", description="A registry that knows invented people.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one; the first line printed says which")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--client", required=True, help="SHARING_CLIENT of the service")
    parser.add_argument("--secret", required=True, help="SHARING_SECRET of the service")
    parser.add_argument("--slow", type=float, default=Config.slow_s, help="seconds that a slow answer takes")
    given = parser.parse_args(argv)
    server = Server(Registry(Config(given.client, given.secret, given.host, given.port, given.slow)))
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    print(json.dumps({"listening": server.url}), flush=True)
    server.serve_forever(poll_interval=0.1)
    server.stopping.set()
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
