"""How well and how fast pages are read: real photographs where there are any, invented papers of every kind at each level,
by this program and by its peers.

Every picture goes to every contender in turn, and who goes first alternates, so that a busy machine hurts all alike. One
worker is one process that may use every core, with as many threads; two workers are two processes with a thread each,
each pinned to a core of its own. What is read is noted at once (`bench.notebook`).

The slow peers take an hour, and what they read does not depend on how busy the machine is: `--beforehand` has them read
everything and counts no seconds. A run with `--resume` then times them on some pictures of each group.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, replace
from multiprocessing import get_context
from threading import Lock

from bench.contenders import CONTENDERS, OURS, Contender, Outcome
from bench.keys import keys_found
from bench.lanes import ContenderLost, Lane
from bench.machine import cores
from bench.notebook import Key, Notebook
from bench.options import Options
from bench.papers import REAL, Paper, photographs, plans, some_of_each, specimen_of
from bench.progress import Progress, Say
from bench.reading_report import Measured, section
from bench.scores import Readings

WORKERS = (1, 2)


def run(options: Options, say: Say) -> str:
    """The section of the report, in Markdown."""
    contenders = [each for each in CONTENDERS.values() if not each.missing]
    left_out = [f"{each.name} ({each.missing} is not installed)" for each in CONTENDERS.values() if each.missing]
    papers = _papers(options, say)
    session = Session(options, Notebook(options.cache / "readings.jsonl", fresh=not options.resume), say)
    readings = {workers: session.read(workers, papers, contenders) for workers in WORKERS}
    _tell_photographs(papers, readings[1], say)
    return section(Measured(papers, readings, (*left_out, *session.lost), session.earlier))


def beforehand(options: Options, say: Say) -> None:
    """The slow peers alone; only what they read is kept."""
    session = Session(options, Notebook(options.cache / "readings.jsonl", fresh=not options.resume), say)
    slow = [each for each in CONTENDERS.values() if each.slow and not each.missing]
    session.read(1, _papers(options, say), slow)


def _tell_photographs(papers: Sequence[Paper], readings: Readings, say: Say) -> None:
    """They are not ours to carry along, so their single results are only printed."""
    for paper in papers:
        if paper.group == REAL and paper.strings:
            hits = {
                name: keys_found(paper.strings, by[paper.digest].lines)
                for name, by in readings.items()
                if paper.digest in by
            }
            say(f"  {paper.name}: " + ", ".join(f"{name} {right}/{whole}" for name, (right, whole) in hits.items()))


def _papers(options: Options, say: Say) -> list[Paper]:
    """All in memory: some 300 MB."""
    real, wanted = photographs(options.photos), plans(options.each_level)
    say(f"  {len(real)} real photographs")
    progress, made = Progress("specimens drawn and photographed", len(wanted), say), list[Paper]()
    with ProcessPoolExecutor(len(cores()), get_context("spawn")) as pool:
        for paper in pool.map(specimen_of, wanted, chunksize=4):
            made.append(paper)
            progress.step()
    return [*real, *made]


Found = dict[str, dict[str, Outcome]]
"""By contender, by the picture's digest."""


@dataclass(frozen=True, eq=False)
class _Task:
    paper: Paper
    contender: Contender


class Session:
    """`lost`: peers that would not start. `earlier`: how many readings come from a run before this one."""

    def __init__(self, options: Options, notebook: Notebook, say: Say) -> None:
        self._options, self._notebook, self._say = options, notebook, say
        self.lost: list[str] = []
        self.earlier = 0

    def read(self, workers: int, papers: Sequence[Paper], contenders: Sequence[Contender]) -> Found:
        tasks = list(_tasks(workers, papers, contenders, self._options))
        progress = Progress(f"reading, {workers} worker{'s' * (workers > 1)}", len(tasks), self._say)
        known = {task: self._notebook.get(_key(task, workers)) for task in tasks}
        known |= dict.fromkeys(self._to_be_timed(papers, known))
        found: Found = defaultdict(dict)
        for task, outcome in known.items():
            if outcome is not None:
                found[task.contender.name][task.paper.digest] = outcome
                self.earlier += 1
                progress.skip()
        to_do = [task for task in tasks if known[task] is None]
        until = time.monotonic() + 60 * self._options.peers_minutes
        early = self._options.beforehand
        turn = _Round(len(cores()) if early else workers, found, self._notebook, progress, until, timed=not early)
        self.lost += turn.one_by_one(to_do) if workers == 1 and not early else turn.side_by_side(to_do)
        return {each.name: found[each.name] for each in contenders if found[each.name]}

    def _to_be_timed(self, papers: Sequence[Paper], known: Mapping[_Task, Outcome | None]) -> list[_Task]:
        """Read beforehand, and now on a quiet machine once more: of slow peers, some pictures of each group."""
        if self._options.beforehand:
            return []
        some = {paper.digest for paper in some_of_each(papers, self._options.timed_each)}
        untimed = [task for task, outcome in known.items() if outcome is not None and not outcome.timed]
        return [task for task in untimed if not task.contender.slow or task.paper.digest in some]


def _tasks(workers: int, papers: Sequence[Paper], contenders: Sequence[Contender], options: Options) -> Iterator[_Task]:
    """One worker: picture by picture, the contenders by turns. Several: one contender after the other."""
    chosen = {each.name: some_of_each(papers, _most(workers, each, options)) for each in contenders}
    if workers > 1:
        yield from (_Task(paper, each) for each in contenders for paper in chosen[each.name])
        return
    wanted = {name: {paper.digest for paper in some} for name, some in chosen.items()}
    for place, paper in enumerate(some_of_each(papers, None)):
        for each in _by_turns(contenders, place):
            if paper.digest in wanted[each.name]:
                yield _Task(paper, each)


def _by_turns(contenders: Sequence[Contender], place: int) -> list[Contender]:
    first = place % len(contenders)
    return [*contenders[first:], *contenders[:first]]


def _most(workers: int, contender: Contender, options: Options) -> int | None:
    """Pictures of each group; None: all."""
    limits = [options.peers_limit if contender.slow else None, options.two_workers if workers > 1 else None]
    return min((limit for limit in limits if limit is not None), default=None)


class _Round:
    """Every picture once, by so many workers; after `until` slow peers get no more. What they were given by then is an
    even choice, as the pictures come spread out. Both ways of going return which peers would not start; ours must."""

    def __init__(
        self, workers: int, found: Found, notebook: Notebook, progress: Progress, until: float, *, timed: bool
    ) -> None:
        self._workers, self._found, self._notebook, self._progress = workers, found, notebook, progress
        self._until, self._timed = until, timed
        self._lock = Lock()

    def one_by_one(self, tasks: Iterable[_Task]) -> list[str]:
        available, lost = cores(), list[str]()
        with ExitStack() as stack:
            lanes: dict[str, Lane] = {}
            for task in tasks:
                name = task.contender.name
                if name not in lanes:
                    lanes[name] = stack.enter_context(Lane(task.contender, len(available), available))
                    lost += [] if _starts(lanes[name]) else [name]
                if name not in lost:
                    self._step(lanes[name], task)
        return lost

    def side_by_side(self, tasks: Sequence[_Task]) -> list[str]:
        """Each contender's pictures in one queue; each worker takes the next when it is free."""
        available, lost = cores(), list[str]()
        for name in dict.fromkeys(task.contender.name for task in tasks):
            queue = iter([task for task in tasks if task.contender.name == name])
            with ExitStack() as stack, ThreadPoolExecutor(self._workers) as pool:
                own = ([available[place % len(available)]] for place in range(self._workers))
                lanes = [stack.enter_context(Lane(CONTENDERS[name], 1, each)) for each in own]
                if all(map(_starts, lanes)):
                    list(pool.map(self._drain, lanes, [queue] * self._workers))
                else:
                    lost.append(name)
        return lost

    def _drain(self, lane: Lane, queue: Iterator[_Task]) -> None:
        while (task := self._next(queue)) is not None:
            self._step(lane, task)

    def _next(self, queue: Iterator[_Task]) -> _Task | None:
        with self._lock:
            return next(queue, None)

    def _step(self, lane: Lane, task: _Task) -> None:
        if task.contender.slow and time.monotonic() > self._until:
            self._progress.drop()
            return
        outcome = replace(lane.read(task.paper.data, task.paper.labels), timed=self._timed)
        with self._lock:
            self._found[task.contender.name][task.paper.digest] = outcome
            self._notebook.add(_key(task, self._workers if self._timed else 1), outcome)
            self._progress.step()


def _starts(lane: Lane) -> bool:
    try:
        lane.start()
    except ContenderLost:
        if lane.contender.name == OURS:
            raise
        return False
    return True


def _key(task: _Task, workers: int) -> Key:
    return Key(task.contender.name, workers, task.paper.digest)
