"""Writes `bench/RESULTS.md`: the machine, the day, the command, and the tables."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from bench.tables import table

RESULTS = Path(__file__).with_name("RESULTS.md")


def write(machine: Sequence[tuple[str, str]], sections: Sequence[str], command: str, path: Path = RESULTS) -> None:
    head = (
        "# What was measured\n\n"
        f"Written by `{command}` on {datetime.now(UTC):%Y-%m-%d}. Contenders take turns in the same run: "
        "compare within a table, not across machines.\n\n"
        "Exact means equal, character by character. A field is certain when a second reader, a check digit or a text layer "
        "confirmed it: what is certain and wrong is what nobody would look at again."
    )
    parts = [head, "## The machine\n\n" + table(("", ""), machine), *sections]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
