"""How many photographs a second go through: the whole of ours, files in, text, fields and judgement of quality out, beside
engines and programs that give text alone.

Each contender has all cores, arranged as serves it best: ours as the reader process of the service (one process, a thread
of the engine a core, two pages at a time), rapidocr as one process on all cores or one a core, whichever passes the first
pictures faster; the programs one a core. A round gives the pictures to each in turn, and who begins alternates. Slow peers are
given an even sample. What has passed is noted at once, and a run with `--resume` goes on behind it.
"""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from hashlib import sha256
from multiprocessing import get_context
from pathlib import Path
from threading import Lock

from bench.bars import Bar, draw
from bench.contenders import EVERYBODY, OPENVINO, OUR_SIZE, OURS, PAPERLESS_STEPS, Contender, Outcome, reader_for_ours
from bench.goals import Goal, goals_table
from bench.lanes import ContenderLost, Lane
from bench.machine import cores
from bench.notebook import version_of
from bench.options import Options
from bench.papers import REAL, Paper, Plan, photographs, specimen_of, spread_out
from bench.progress import Say
from bench.scores import Readings, tallied
from bench.tables import spread, table
from preaudit.memory import share_stores
from preaudit.reading import Reader
from preaudit.settings import PreauditSettings
from tests.specimens.camera import Level

NAMES = (OURS, OPENVINO, OUR_SIZE, "tesseract", "ocrmypdf", PAPERLESS_STEPS)
AT_A_TIME = 2  # pages that the reader process of the service reads at the same time
TRIED = 6  # pictures by which an arrangement is chosen; the models are warm after them
OF_THE_ENGINE, OF_OCRMYPDF = 0.95, 3.0
Given = tuple[bytes, Mapping[str, str] | None]


@dataclass(frozen=True)
class Passage:
    """Some pictures once through a contender: the clock's seconds of all, what it made of each, by digest, and how it used
    the cores."""

    seconds: float
    outcomes: Mapping[str, Outcome]
    told: str = ""

    @property
    def rate(self) -> float:
        return len(self.outcomes) / self.seconds


def run(options: Options, say: Say) -> str:
    """The section of the report, in Markdown."""
    papers = pictures(options)
    slow = spread_out(papers)[: options.slow_pictures]
    there = [EVERYBODY[name] for name in NAMES if not EVERYBODY[name].missing]
    left_out = [f"{name} ({EVERYBODY[name].missing} is not installed)" for name in NAMES if EVERYBODY[name].missing]
    passages: dict[str, list[Passage]] = {each.name: [] for each in there}
    notes = Notes(options.cache / "throughput.jsonl", fresh=not options.resume)
    with ExitStack() as stack:
        ways = dict[str, Way]()
        for number in range(options.rounds):
            for each in _by_turns(there, number):
                given = slow if each.slow else papers
                passage = notes.get(each.name, number, given)
                if passage is None:
                    if each.name not in ways:
                        ways[each.name] = stack.enter_context(_way(each, papers[:TRIED]))
                        _warm(ways[each.name], each, papers[:TRIED])
                    passage = ways[each.name].passage(given)
                    notes.add(each.name, number, given, passage)
                passages[each.name].append(passage)
                say(f"  round {number + 1}, {each.name}: {passage.rate:.2f} pictures a second")
    plot = options.results.with_name("throughput.png")
    draw_rates(plot, passages)
    return f"{section(papers, passages, left_out)}\n\nThe plot: `{plot.name}`."


def draw_rates(path: Path, passages: Mapping[str, Sequence[Passage]]) -> None:
    bars = [Bar(name, [p.rate for p in each], ours=name == OURS) for name, each in passages.items()]
    wanted = ("wanted", OF_THE_ENGINE * _median(passages[OPENVINO])) if OPENVINO in passages else None
    draw(path, "Photographs read", "pictures a second, all cores", bars, wanted)


def pictures(options: Options) -> list[Paper]:
    """Real photographs, and as many drawn and photographed as by phone as there are too few, evenly mixed."""
    real = photographs(options.photos)[: options.pictures]
    with ProcessPoolExecutor(len(cores()), get_context("spawn")) as pool:
        plans = [Plan("phone", Level.PHONE, place) for place in range(options.pictures - len(real))]
        return spread_out([*real, *pool.map(specimen_of, plans, chunksize=4)])


def _by_turns(contenders: Sequence[Contender], number: int) -> list[Contender]:
    first = number % len(contenders)
    return [*contenders[first:], *contenders[:first]]


class Notes:
    """What has passed so far, on disk: one JSON object a passage, good for the same pictures and the same sources."""

    def __init__(self, path: Path, *, fresh: bool) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
        lines = path.read_text("utf-8").splitlines() if path.exists() else []
        self._known = {note["key"]: note for note in map(json.loads, lines)}

    def get(self, name: str, number: int, given: Sequence[Paper]) -> Passage | None:
        note = self._known.get(_key(name, number, given))
        if note is None:
            return None
        outcomes = {digest: Outcome.from_json(outcome) for digest, outcome in note["outcomes"].items()}
        return Passage(note["seconds"], outcomes, note["told"])

    def add(self, name: str, number: int, given: Sequence[Paper], passage: Passage) -> None:
        outcomes = {digest: outcome.as_json() for digest, outcome in passage.outcomes.items()}
        key = _key(name, number, given)
        note = {"key": key, "seconds": passage.seconds, "told": passage.told, "outcomes": outcomes}
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(note, ensure_ascii=False) + "\n")


def _key(name: str, number: int, given: Sequence[Paper]) -> str:
    pictures = sha256("".join(paper.digest for paper in given).encode()).hexdigest()[:16]
    return f"{name} {number} {pictures} {version_of(name)}"


# -- ways to use all cores -------------------------------------------------------------------------------------------


class Ours:
    """The reader as `workers.reader` arranges it, in a process of its own. `told`: how it uses the cores."""

    def __init__(self) -> None:
        self._process = ProcessPoolExecutor(1, get_context("spawn"), initializer=_prepare)
        self.told = f"one process, {len(cores())} threads of the engine, {AT_A_TIME} pages at a time"

    def __enter__(self) -> "Ours":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.shutdown()

    def passage(self, papers: Sequence[Paper]) -> Passage:
        started = time.perf_counter()
        read = self._process.submit(_read_all, [(paper.data, paper.labels) for paper in papers]).result()
        seconds = time.perf_counter() - started
        outcomes = {paper.digest: outcome for paper, outcome in zip(papers, read, strict=True)}
        return Passage(seconds, outcomes, self.told)


_prepared: list[Reader] = []


def _prepare() -> None:
    share_stores()
    os.environ.setdefault("OMP_THREAD_LIMIT", "1")
    reader = Reader(PreauditSettings(threads=len(cores()), cpu_pinning=True))
    reader.warm()
    _prepared.append(reader)


def _read_all(given: Sequence[Given]) -> list[Outcome]:
    read = reader_for_ours(_prepared[0])
    with ThreadPoolExecutor(AT_A_TIME) as threads:
        return list(threads.map(lambda one: read(*one), given))


class Peers:
    """So many processes of a peer, with so many threads each."""

    def __init__(self, contender: Contender, workers: int) -> None:
        own = [cores()[place::workers] for place in range(workers)]
        self._lanes = [Lane(contender, len(each), each) for each in own]
        threads = len(own[0])
        self.told = f"{workers} process{'es' * (workers > 1)}, {threads} thread{'s' * (threads > 1)} each"

    def __enter__(self) -> "Peers":
        for lane in self._lanes:
            lane.start()
        return self

    def __exit__(self, *_: object) -> None:
        for lane in self._lanes:
            lane.stop()

    def passage(self, papers: Sequence[Paper]) -> Passage:
        """Each process takes the next picture when it is free."""
        queue, outcomes, lock = iter(papers), dict[str, Outcome](), Lock()
        started = time.perf_counter()
        with ThreadPoolExecutor(len(self._lanes)) as threads:
            list(threads.map(lambda lane: _drain(lane, queue, outcomes, lock), self._lanes))
        return Passage(time.perf_counter() - started, outcomes, self.told)


def _drain(lane: Lane, queue: Iterator[Paper], outcomes: dict[str, Outcome], lock: Lock) -> None:
    while True:
        with lock:
            paper = next(queue, None)
        if paper is None:
            return
        outcomes[paper.digest] = lane.read(paper.data, paper.labels)


Way = Ours | Peers


def _way(contender: Contender, tried: Sequence[Paper]) -> Way:
    if contender.name == OURS:
        return Ours()
    if contender.slow or len(cores()) == 1:
        return Peers(contender, len(cores()))
    return Peers(contender, max((1, len(cores())), key=lambda workers: _tried(contender, workers, tried)))


def _warm(way: Way, contender: Contender, papers: Sequence[Paper]) -> None:
    """Models loaded and some sizes seen; a program starts anew for each picture."""
    if not contender.slow:
        way.passage(papers)


def _tried(contender: Contender, workers: int, papers: Sequence[Paper]) -> float:
    """Pictures a second of this arrangement, the second time that it sees them; 0 where it does not start."""
    try:
        with Peers(contender, workers) as way:
            way.passage(papers)
            return way.passage(papers).rate
    except ContenderLost:
        return 0.0


# -- the report --------------------------------------------------------------------------------------------------------

HEADS = ("reader", "how it uses the cores", "pictures", "pictures a second: least", "median", "most", "failed")


def section(
    papers: Sequence[Paper],
    passages: Mapping[str, Sequence[Passage]],
    left_out: Sequence[str] = (),
) -> str:
    real = sum(paper.group == REAL for paper in papers)
    slow = min(len(passage.outcomes) for each in passages.values() for passage in each)
    text = (
        f"{len(papers)} photographs: {real} real ones, all that there are, and {len(papers) - real} invented papers photographed "
        f"as by phone at 3 to 12 megapixels. Slow peers have an even sample of {slow} of them. Ours gives text, fields and a judgement of quality; "
        "the others text. Rounds by turns; pictures a second by the clock, from the first file in to the last answer."
    )
    about = "".join(f"\n- **{name}**: {EVERYBODY[name].about}" for name in passages)
    missing = f"\n\nLeft out: {', '.join(left_out)}." if left_out else ""
    rows = [_row(name, each) for name, each in passages.items()]
    parts = [f"{text}\n{about}{missing}", goals_table(goals(passages)), table(HEADS, rows), _right(papers, passages)]
    return "\n\n".join(parts)


def goals(passages: Mapping[str, Sequence[Passage]]) -> list[Goal]:
    return [
        _times("pictures a second, ours by the raw engine's at its defaults", passages, OPENVINO, OF_THE_ENGINE),
        _times("pictures a second, ours by ocrmypdf's", passages, "ocrmypdf", OF_OCRMYPDF),
        _times("pictures a second, ours by those of paperless-ngx' steps", passages, PAPERLESS_STEPS, OF_OCRMYPDF),
    ]


def _times(what: str, passages: Mapping[str, Sequence[Passage]], peer: str, wanted: float) -> Goal:
    """By the medians of the rounds."""
    if peer not in passages:
        return Goal(what, f"≥ {wanted:g}", "–", None)
    ratio = _median(passages[OURS]) / _median(passages[peer])
    return Goal(what, f"≥ {wanted:g}", f"{ratio:.2f}", ratio >= wanted)


def _median(passages: Sequence[Passage]) -> float:
    return spread(each.rate for each in passages).median


def _row(name: str, passages: Sequence[Passage]) -> tuple[object, ...]:
    s, last = spread(each.rate for each in passages), passages[-1].outcomes.values()
    return name, passages[-1].told, len(last), s.least, s.median, s.most, sum(bool(outcome.failed) for outcome in last)


def _right(papers: Sequence[Paper], passages: Mapping[str, Sequence[Passage]]) -> str:
    readings: Readings = {name: each[-1].outcomes for name, each in passages.items()}
    rows = [
        (group, name, t.pictures, t.share("strings", "all_strings"), t.share("fields", "all_fields"), t.counts["lies"])
        for (group, name), t in tallied(papers, readings).items()
    ]
    heads = ("pictures", "reader", "n", "key strings exact", "fields exact", "… certain but wrong")
    return "### Right and wrong, of the last round\n\n" + table(heads, rows)
