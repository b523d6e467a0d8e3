"""The tables of what was read: what is to be reached, right or wrong beside the peers, each kind, time, memory."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.contenders import CONTENDERS, OURS, Outcome
from bench.goals import Goal, at_least, at_most, goals_table, none_of, under
from bench.machine import cores
from bench.papers import KINDS_WITH_FIELDS, REAL, TURNED, Paper
from bench.scores import Readings, Tally, exact_by_kind, missed, read_by_all, tallied
from bench.tables import Spread, share, spread, table

GOOD = ("scan", "phone", TURNED)
"""Groups whose pictures nobody should be asked to take again."""
TOLD_GROUPS = ("scan", "phone", TURNED)
"""Groups whose single misses are listed."""


@dataclass(frozen=True)
class Measured:
    """`readings` by the number of workers. `left_out`: peers that were not there. `earlier`: readings of a run before."""

    papers: Sequence[Paper]
    readings: Mapping[int, Readings]
    left_out: Sequence[str] = ()
    earlier: int = 0


def section(m: Measured) -> str:
    one = m.readings[1]
    tallies = tallied(m.papers, one)
    parts = [
        _about(m),
        goals_table(_goals(tallies)),
        "### Right and wrong, one worker\n\n" + _right_table(tallies),
        *_same_pictures(m, "### On the pictures that every reader was given", tallies),
        "### Seconds a picture, one worker\n\n" + _seconds_table(tallies),
        _workers_part(m),
        _kinds_part(m.papers, one),
        _missed_part(m.papers, one),
    ]
    return "\n\n".join(parts)


def _about(m: Measured) -> str:
    groups = Counter(paper.group for paper in m.papers)
    unkeyed = sum(paper.group == REAL and not paper.strings for paper in m.papers)
    readers = "".join(f"\n- **{c.name}**: {c.about}" for c in CONTENDERS.values() if c.name in m.readings[1])
    pictures = ", ".join(f"{n} {group}" for group, n in groups.items())
    text = (
        f"Pictures: {pictures}. Every kind that has fields comes by turns, the same papers at each level, "
        "3, 5, 8 and 12 megapixels; no reader is told what to expect, but the labels of a form are known, as in an item file."
    )
    text += f" Of the real photographs {unkeyed} have no key strings and count for their time only." if unkeyed else ""
    text += " There were no real photographs at hand (`--photos DIR` or `PHOTOS`)." if REAL not in groups else ""
    text += f"\n\nReaders:{readers}"
    text += f"\n\nLeft out: {', '.join(m.left_out)}." if m.left_out else ""
    text += f"\n\n{m.earlier} of these readings are of an earlier run that was taken up again." if m.earlier else ""
    untimed = sum(not o.timed for outcomes in m.readings[1].values() for o in outcomes.values())
    text += f" {untimed} were read beforehand on a busy machine: right or wrong, but not timed." if untimed else ""
    return text


# -- what is to be reached -------------------------------------------------------------------------------------------


def _goals(tallies: Mapping[tuple[str, str], Tally]) -> list[Goal]:
    real, phone = tallies.get((REAL, OURS), Tally()), tallies.get(("phone", OURS), Tally())
    mine = [tally for (_, name), tally in tallies.items() if name == OURS]
    good = [tallies[group, OURS] for group in GOOD if (group, OURS) in tallies]
    seconds = spread(real.seconds) if real.seconds else None
    return [
        at_least("real photographs: key strings exact", real.counts["strings"], real.counts["all_strings"], 95),
        under("real photographs: median seconds", seconds.median if seconds else None, 0.6),
        under("real photographs: the slowest", seconds.most if seconds else None, 3.0),
        at_least("phone: kind right", phone.counts["kinds"], phone.pictures, 99),
        at_least("phone: fields exact", phone.counts["fields"], phone.counts["all_fields"], 97),
        at_least("phone: identity numbers exact", phone.counts["numbers"], phone.counts["all_numbers"], 99.5),
        none_of("identity numbers certain but wrong, all levels", *_sums(mine, "number_lies", "all_numbers")),
        at_most(
            "good specimens (scan, phone, turned) refused", _sum(good, "refused"), sum(t.pictures for t in good), 2
        ),
    ]


def _sum(tallies: Sequence[Tally], part: str) -> int:
    return sum(tally.counts[part] for tally in tallies)


def _sums(tallies: Sequence[Tally], part: str, whole: str) -> tuple[int, int]:
    return _sum(tallies, part), _sum(tallies, whole)


# -- right and wrong -------------------------------------------------------------------------------------------------

RIGHT_HEADS = (
    "pictures",
    "reader",
    "n",
    "key strings exact",
    "identity numbers in the text",
    "kind right",
    "fields exact",
    "identity numbers exact",
    "… certain but wrong",
    "fields certain and right",
    "… certain but wrong",
    "refused",
    "failed",
)


def _right_table(tallies: Mapping[tuple[str, str], Tally]) -> str:
    return table(RIGHT_HEADS, (_right_row(group, name, tally) for (group, name), tally in tallies.items()))


def _right_row(group: str, name: str, t: Tally) -> tuple[object, ...]:
    """A dash for what this reader does not do, or these pictures do not have."""
    said = (group, name, t.pictures, t.share("strings", "all_strings"), t.share("numbers_in_text", "all_numbers"))
    if not t.counts["all_fields"]:
        return (*said, *["–"] * 7, t.counts["failed"])
    return (
        *said,
        t.of_pictures("kinds"),
        t.share("fields", "all_fields"),
        t.share("numbers", "all_numbers"),
        t.counts["number_lies"],
        t.share("certain", "all_fields"),
        t.counts["lies"],
        t.of_pictures("refused"),
        t.counts["failed"],
    )


def _same_pictures(m: Measured, title: str, whole: Mapping[tuple[str, str], Tally]) -> list[str]:
    """Only when a slow peer was given fewer pictures than the others."""
    same = tallied(read_by_all(m.papers, m.readings[1]), m.readings[1])
    if {key: tally.pictures for key, tally in same.items()} == {key: tally.pictures for key, tally in whole.items()}:
        return []
    rows = [
        (
            group,
            name,
            t.pictures,
            t.share("strings", "all_strings"),
            t.share("numbers_in_text", "all_numbers"),
            *_times(t),
        )
        for (group, name), t in same.items()
        if t.seconds
    ]
    heads = (
        "pictures",
        "reader",
        "n",
        "key strings exact",
        "identity numbers in the text",
        "median s",
        "p95 s",
        "max s",
    )
    return [f"{title}\n\n" + table(heads, rows)]


# -- time and memory -------------------------------------------------------------------------------------------------


def _seconds_table(tallies: Mapping[tuple[str, str], Tally]) -> str:
    rows = [(group, name, len(t.seconds), *_times(t)) for (group, name), t in tallies.items() if t.seconds]
    return table(("pictures", "reader", "n", "median", "p95", "max"), rows)


def _times(tally: Tally) -> tuple[float, float, float]:
    s: Spread = spread(tally.seconds)
    return s.median, s.p95, s.most


WORKERS_HEADS = ("reader", "workers", "n", "median", "p95", "max", "pictures per second", "peak memory, RSS", "Pss")


def _workers_part(m: Measured) -> str:
    """Of each reader the pictures that it was given both times, all groups together."""
    rows = [
        _workers_row(name, workers, m)
        for name in m.readings[1]
        if all(name in readings for readings in m.readings.values())
        for workers in m.readings
    ]
    threads = len(cores())
    text = (
        f"One worker: one process with {threads} threads on {threads} cores. Two workers: two processes with one thread "
        "each, each pinned to a core of its own. The same pictures both times, all groups mixed. Pictures per second: "
        "workers divided by the mean seconds of a picture, as each takes the next at once. Memory: the most that the "
        "processes and those they start were seen to hold, in MB, looked at each quarter second, all workers together; "
        "RSS counts shared pages once for each process, Pss once in all."
    )
    return f"### One worker and two\n\n{text}\n\n" + table(WORKERS_HEADS, rows)


def _workers_row(name: str, workers: int, m: Measured) -> tuple[object, ...]:
    both = set.intersection(*(_timed(readings.get(name, {})) for readings in m.readings.values()))
    outcomes = [outcome for digest, outcome in m.readings[workers][name].items() if digest in both]
    s = spread(o.seconds for o in outcomes)
    rate = workers * len(outcomes) / sum(o.seconds for o in outcomes)
    rss, pss = (workers * max(values) for values in zip(*((o.held.rss, o.held.pss) for o in outcomes), strict=True))
    return name, workers, s.count, s.median, s.p95, s.most, rate, f"{rss:.0f}", f"{pss:.0f}"


def _timed(outcomes: Mapping[str, Outcome]) -> set[str]:
    return {digest for digest, outcome in outcomes.items() if outcome.timed}


# -- each kind -------------------------------------------------------------------------------------------------------


def _kinds_part(papers: Sequence[Paper], readings: Readings) -> str:
    counted = exact_by_kind(papers, readings[OURS])
    groups = list(dict.fromkeys(paper.group for paper in papers if paper.fields))
    kinds = table(
        ("kind", *(f"{group}: {what}" for group in groups for what in ("kind", "fields"))),
        [(kind, *(cell for g in groups for cell in _kind_cells(counted.get((kind, g))))) for kind in KINDS_WITH_FIELDS],
    )
    names = sorted({row for row, _ in counted if "." in row})
    fields = table(
        ("field", *groups), [(name, *(_exact(counted.get((name, group))) for group in groups)) for name in names]
    )
    return f"### Exact by kind and by field, ours\n\n{kinds}\n\n{fields}"


def _kind_cells(counts: Counter[str] | None) -> tuple[str, str]:
    return ("–", "–") if counts is None else (share(counts["kinds"], counts["pictures"]), _exact(counts))


def _exact(counts: Counter[str] | None) -> str:
    return "–" if counts is None else share(counts["right"], counts["all"])


def _missed_part(papers: Sequence[Paper], readings: Readings) -> str:
    """Everybody on these papers is invented."""
    all_of_them = missed(papers, readings[OURS])
    told = [miss for miss in all_of_them if miss[0] in TOLD_GROUPS or miss[3].endswith("(certain)")]
    heads = ("pictures", "field", "on the paper", "read")
    more = f"\n\nAnd {len(all_of_them) - len(told)} of the hard ones." if len(told) < len(all_of_them) else ""
    return "### What was not read exactly, ours\n\n" + (table(heads, told) if told else "Nothing.") + more
