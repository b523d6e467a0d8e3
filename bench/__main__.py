"""`python -m bench [--people N] [--times N] [--photos DIR] [--url URL] [--push-seconds N]`: runs everything and writes `bench/RESULTS.md`."""

import argparse
import sys
from pathlib import Path

from bench import machine, pushes, reading, report, upload_to_reading
from bench.service import ServiceNotReady
from tests.services import ServiceMissing


def main() -> int:
    """Exit 0 when everything was measured, 3 when the service would not start (the readings are written all the same)."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure, and write bench/RESULTS.md.")
    parser.add_argument("--people", type=int, default=8, help="invented people, eleven pictures each (default 8)")
    parser.add_argument("--times", type=int, default=10, help="uploads of each size (default 10)")
    parser.add_argument("--photos", type=Path, default=reading.PHOTOS, help="real photographs with their key strings")
    parser.add_argument("--url", help="a running embedded service; without it one is started")
    parser.add_argument("--push-seconds", type=float, default=20, help="each run of the push intake (default 20)")
    asked = parser.parse_args()
    here = machine.describe()
    print("reading", flush=True)
    sections = reading.run(asked.people, asked.photos, _say)
    print("from upload to reading", flush=True)
    try:
        sections = [*upload_to_reading.run(asked.url, asked.times, _say), *sections]
        status = 0
    except ServiceNotReady as refused:
        sections = [f"## From upload to reading\n\nNot measured: {str(refused).splitlines()[0]}", *sections]
        print(refused, file=sys.stderr)
        status = 3
    print("pushes of couriers", flush=True)
    try:
        sections += pushes.run(asked.push_seconds, _say)
    except (ServiceNotReady, ServiceMissing) as refused:
        sections.append(f"## Pushes of couriers\n\nNot measured: {str(refused).splitlines()[0]}")
        print(refused, file=sys.stderr)
        status = 3
    report.write(here, sections, " ".join(["python -m bench", *sys.argv[1:]]))
    print(
        f"written: {report.RESULTS.relative_to(Path.cwd()) if report.RESULTS.is_relative_to(Path.cwd()) else report.RESULTS}"
    )
    return status


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
