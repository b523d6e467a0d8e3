"""The parts of the benchmark by name: each measures one thing and returns its section of the report, in Markdown.

They are run in this order: what waits for a quiet machine first.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bench import (
    app,
    cold,
    follow,
    judging,
    million,
    overhead,
    polling,
    pushes,
    quality,
    reading,
    scale,
    service_parts,
    simulated,
    spoilt,
    throughput,
    uploads,
)
from bench.goals import Goal, at_least, at_most, goals_table
from bench.options import Options
from bench.progress import Progress, Say
from bench.tables import table
from preaudit.reading import Reader


@dataclass(frozen=True)
class Part:
    title: str
    run: Callable[[Options, Say], str]


def _quality(options: Options, say: Say) -> str:
    """The pictures, the looking and the table are `bench.quality`'s own."""
    shots = list(spoilt.shots(options.each_defect))
    progress, looked = Progress("quality", len(shots), say), []
    reader = Reader()
    reader.warm()
    for shot in shots:
        looked.append(quality.look(reader, shot))
        progress.step()
    reader.close()
    quality.draw(looked, options.results.with_name("quality.png"))
    text = "Invented papers of all kinds; each defect at several strengths, good ones beside them. "
    text += "A screen too fine for the camera is told, and no figure is to be reached. The plot: `quality.png`."
    return "\n\n".join([text, goals_table(quality_goals(looked)), table(quality.HEADS, quality.rows(looked))])


def quality_goals(looked: list[quality.Looked]) -> list[Goal]:
    good = [each for each in looked if each.shot.planted in spoilt.GOOD_ONES]
    found = {
        planted: [each.named for each in looked if each.shot.planted == planted]
        for planted in spoilt.PLANTED
        if planted not in (*spoilt.GOOD_ONES, *spoilt.BEYOND)
    }
    refused = sum(not each.reading.acceptable for each in good)
    return [
        at_most("good pictures refused", refused, len(good), 2),
        *(at_least(f"{planted}: found under its name", sum(n), len(n), 95) for planted, n in found.items()),
    ]


def _pushes(options: Options, say: Say) -> str:
    followed = follow.run(options.follow_seconds, say)
    return under_title(PUSHES, [*pushes.run(options.push_seconds, say), followed])


def under_title(title: str, sections: Sequence[str]) -> str:
    """Sections with headings of their own, one level down; a heading that only repeats the title is left out."""
    whole = "\n\n".join(sections)
    return re.sub(r"^#", "##", whole.removeprefix(f"## {title}").strip(), flags=re.MULTILINE)


PUSHES = "Pushes of couriers"


PARTS: Mapping[str, Part] = {
    "cold": Part("From nothing to the first page read", cold.run),
    "service": Part("The running service", service_parts.run),
    "judging": Part("Judging whole applications", judging.run),
    "throughput": Part("Two hundred photographs, one after the other", throughput.run),
    "reading": Part("Reading", reading.run),
    "quality": Part("Planted quality defects", _quality),
    "pushes": Part(PUSHES, _pushes),
    "overhead": Part("A job that does nothing", overhead.run),
    "polling": Part("Residents who look again and again", polling.run),
    "uploads": Part("Pages that come in by the dozen a second", uploads.run),
    "app": Part("The residents' app", app.run),
    "scale": Part("How much of what is needed", scale.run),
    "simulator": Part("The simulated domain", simulated.run),
    "million": Part("The desk with a million cases", million.run),
}
