"""Whole applications through the real reader and the real judging: is each planted fault of content found, and a good
application let through? And how long does judging take once the pages are read?

Every fault is planted in every resident's application, the rest of it left as it was (`bench.planted`). A fault is found
when the verdict has a finding of a code that fits, on a material that fits.
"""

import gc
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.goals import Goal, at_least, goals_table, none_of, under
from bench.options import Options
from bench.planted import FAULTS, PROMISED, TODAY, Trial, family_application, residents, trials
from bench.progress import Progress, Say
from bench.tables import Spread, share, spread, table
from cases.readings import Reading
from preaudit.documents import hint
from preaudit.judge import Judgement, Verdict, judge
from preaudit.reading import Reader

ROUNDS = 200
"""Judgings of the same readings."""
PROMISED_MILLISECONDS = 50.0
Readings = Mapping[str, tuple[Reading, ...]]


@dataclass(frozen=True)
class Judged:
    trial: Trial
    judgement: Judgement

    @property
    def planted(self) -> bool:
        return bool(self.trial.fault.codes)

    @property
    def found(self) -> bool:
        return any(self.trial.fits(finding) for finding in self.judgement.findings)

    @property
    def others(self) -> list[str]:
        """Findings that were not planted: code, material, field."""
        extra = (f for f in self.judgement.findings if not self.trial.fits(f))
        return [" ".join(filter(None, (str(f.code), f.material, f.field))) for f in extra]

    @property
    def passed(self) -> bool:
        return self.judgement.verdict is Verdict.PASSED


class Remembering:
    """The real reader, each file read once for each thing it is expected to be: applications share most of their pages."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._known: dict[tuple[bytes, str | None], tuple[Reading, ...]] = {}

    def readings(self, trial: Trial) -> Readings:
        return {
            key: tuple(r for data in files for r in self._read(trial, key, data)) for key, files in trial.files.items()
        }

    def _read(self, trial: Trial, key: str, data: bytes) -> tuple[Reading, ...]:
        spec = trial.item.material(key)
        assert spec is not None, key
        expected = hint(spec.document)
        if (data, expected) not in self._known:
            read = self._reader.read(data, name=key, document=expected, form_labels=spec.form_labels)
            self._known[data, expected] = read
        return self._known[data, expected]


def judged(trial: Trial, readings: Readings) -> Judgement:
    return judge(trial.item, trial.answers, trial.form, readings, today=TODAY)


def run(options: Options, say: Say) -> str:
    """The section of the report, in Markdown."""
    reader = Reader()
    reader.warm()
    seeds = residents(options.applications)
    progress, all_judged = Progress("judging, residents", len(seeds), say), list[Judged]()
    for place, seed in enumerate(seeds):
        known = Remembering(reader)
        all_judged += [Judged(each, judged(each, known.readings(each))) for each in trials(seed, place)]
        progress.step()
    times = [_timed(trial, Remembering(reader)) for trial in (next(trials(seeds[0], 0)), family_application())]
    reader.close()
    return section(all_judged, times)


# -- time ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Timed:
    pages: int
    milliseconds: Spread
    findings: int


def _timed(trial: Trial, known: Remembering) -> Timed:
    """The readings are taken once; what is timed is the judging, with the collector running as it does in a worker."""
    readings = known.readings(trial)
    gc.collect()
    taken = [_milliseconds(trial, readings) for _ in range(ROUNDS)]
    pages = sum(map(len, readings.values()))
    return Timed(pages, spread(taken), len(judged(trial, readings).findings))


def _milliseconds(trial: Trial, readings: Readings) -> float:
    started = time.perf_counter()
    judged(trial, readings)
    return 1000 * (time.perf_counter() - started)


# -- the section -----------------------------------------------------------------------------------------------------


def section(every: Sequence[Judged], times: Sequence[Timed]) -> str:
    planted = [each for each in every if each.planted]
    plain = [each for each in every if not each.planted]
    about = (
        f"{len(every)} applications of invented residents, photographed as by phone at 3, 5 and 8 megapixels, half of the forms "
        "filled in by hand, read and judged as the service does. Found: a finding of a code that fits, on a material that fits."
    )
    return "\n\n".join(
        [
            about,
            goals_table(_goals(planted, times)),
            "### Each planted fault\n\n" + table(FAULT_HEADS, _fault_rows(planted)),
            "### Nothing planted\n\n" + table(PLAIN_HEADS, _plain_rows(plain)) + "\n\n" + _surplus(plain),
            "### What was not found\n\n" + _not_found(planted),
            f"### Judging, the readings at hand\n\nMilliseconds, {ROUNDS} times each.\n\n" + _times_table(times),
        ]
    )


def _goals(planted: Sequence[Judged], times: Sequence[Timed]) -> list[Goal]:
    by_fault = _grouped((each.trial.fault.name, each) for each in planted)
    found = [(fault.name, by_fault.get(fault.name, [])) for fault in PROMISED]
    largest = max(times, key=lambda t: t.pages, default=None)
    return [
        *(at_least(f"{name}: found", sum(x.found for x in group), len(group), 100) for name, group in found),
        none_of("passed in spite of a planted fault", sum(x.passed for x in planted), len(planted)),
        under(
            f"a {largest.pages}-page application judged, slowest of {ROUNDS}"
            if largest
            else "a 12-page application judged",
            largest.milliseconds.most if largest else None,
            PROMISED_MILLISECONDS,
            "ms",
        ),
    ]


def _grouped(pairs: Iterable[tuple[str, Judged]]) -> dict[str, list[Judged]]:
    groups = defaultdict[str, list[Judged]](list)
    for name, each in pairs:
        groups[name].append(each)
    return groups


FAULT_HEADS = (
    "planted",
    "where",
    "n",
    "found",
    "passed all the same",
    "returned",
    "to a person",
    "with other findings too",
)


def _fault_rows(planted: Sequence[Judged]) -> list[tuple[object, ...]]:
    rows = []
    for fault in FAULTS:
        own = [each for each in planted if each.trial.fault.name == fault.name]
        for where, group in _grouped((each.trial.where, each) for each in own).items():
            n = len(group)
            counts = (sum(x.found for x in group), *_verdicts(group), sum(bool(x.others) for x in group))
            rows.append((fault.name, where, n, *(share(part, n) for part in counts)))
    return rows


def _verdicts(group: Sequence[Judged]) -> tuple[int, int, int]:
    told = Counter(x.judgement.verdict for x in group)
    return told[Verdict.PASSED], told[Verdict.RETURNED], told[Verdict.REVIEW]


PLAIN_HEADS = ("application", "n", "passed", "returned", "to a person")


def _plain_rows(plain: Sequence[Judged]) -> list[tuple[object, ...]]:
    groups = _grouped((f"{each.trial.item.name}, {each.trial.where}", each) for each in plain)
    return [(name, len(group), *(share(v, len(group)) for v in _verdicts(group))) for name, group in groups.items()]


def _surplus(plain: Sequence[Judged]) -> str:
    counted = Counter(finding for each in plain for finding in each.others)
    if not counted:
        return "No finding on any of them."
    return "Findings on them:\n\n" + table(("finding", "times"), counted.most_common())


def _not_found(planted: Sequence[Judged]) -> str:
    lost = [each for each in planted if not each.found]
    if not lost:
        return "Nothing."
    rows = (
        (
            x.trial.fault.name,
            x.trial.where,
            x.trial.form["applicant_name"],
            x.judgement.verdict,
            "; ".join(x.others) or "–",
        )
        for x in lost
    )
    return table(("planted", "where", "resident (invented)", "verdict", "found instead"), rows)


def _times_table(times: Sequence[Timed]) -> str:
    rows = [
        (t.pages, t.findings, t.milliseconds.least, t.milliseconds.median, t.milliseconds.p95, t.milliseconds.most)
        for t in times
    ]
    return table(("pages", "findings", "min", "median", "p95", "max"), rows)
