"""Many people at once: a list checked line by line, a case and a request for the code for each, and handing in all that
are ready. Each line stands for itself: what one refuses does not hold up the others.
"""

import base64
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field, StringConstraints

from cases.actions import entrusting, opening
from cases.actions.entrusting import LASTS, Purpose
from cases.errors import Conflict, InvalidRequest, NotFound, Refusal
from cases.helping import CHANNEL, LINES_AT_MOST, Came, RosterLine, check_roster, read_roster
from cases.items import Item
from cases.model import Applicant, CaseNumber
from cases.sentences import say
from storage import agent_batches, one_time_codes
from storage.agent_batches import Batch, Line
from storage.session import Transaction
from storage.turns import Stage
from web.asks import MAX_ENTRIES, AddressAsk, AnswerValue, Ask, TransactionId, Word, Write
from web.auth import AgentCaller, resident
from web.doors import Doors, doors
from web.resident.agents import the_agent
from web.resident.cases import for_point
from web.shapes import Shape, Time
from web.views import CASE_SHOWN
from web.words import perhaps, said, shown_item
from web.writing import Caller, asked, change_case, moment, write

router = APIRouter(prefix="/api/v1/agent", tags=["agents"])
Me = Annotated[Caller, Depends(resident)]
D = Annotated[Doors, Depends(doors)]
ROSTER_BYTES = 100_000
"""A list of fifty is a few kilobytes; what is larger is no list."""
Said = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True)]
NOT_TEXT = "名单应为文本或CSV文件；如果是Excel表格，请另存为CSV后再选。"


class RosterAsk(Ask):
    """A list as pasted, or a file in base64."""

    text: Annotated[str, StringConstraints(max_length=ROSTER_BYTES)] = ""
    file: Annotated[str, StringConstraints(max_length=2 * ROSTER_BYTES)] = ""


class LineAsk(Ask):
    """What is wrong with a line is told in its outcome, never for the whole list."""

    transaction_id: TransactionId
    name: Said = ""
    id_number: Said = ""
    phone: Said = ""


class BatchAsk(Write):
    item: Word
    answers: dict[Word, AnswerValue] = Field(default_factory=dict, max_length=MAX_ENTRIES)
    address: AddressAsk | None = None
    lines: Annotated[list[LineAsk], Field(min_length=1, max_length=LINES_AT_MOST)]
    transaction_id: TransactionId


class SubmissionsAsk(Write):
    cases: Annotated[list[Word], Field(min_length=1, max_length=LINES_AT_MOST)]
    transaction_id: TransactionId


class RosterLineView(Shape):
    """To be looked over by whoever pasted it, before anything is opened."""

    name: str
    id_number: str
    phone: str
    problem: str | None


class RosterView(Shape):
    lines: list[RosterLineView]
    good: int


class LineView(Shape):
    """`outcome`: opened | refused, and then `message` says why. `code_sent`: the applicant was asked by phone."""

    ordinal: int
    transaction_id: str
    name: str
    outcome: str
    case: str | None
    message: str | None
    code_sent: bool = False


class BatchView(Shape):
    id: str
    item: str
    item_name: str
    made_at: Time
    lines: list[LineView]


class BatchLine(Shape):
    id: str
    item: str
    item_name: str
    made_at: Time


class BatchesView(Shape):
    batches: list[BatchLine]


class SubmissionView(Shape):
    case: str
    outcome: str
    """submitted | refused"""
    state: str | None = None
    state_label: str | None = None
    message: str | None = None


class SubmissionsView(Shape):
    results: list[SubmissionView]


# ── the list ──


@router.post("/lists")
def check_list(ask: RosterAsk, me: Me) -> RosterView:
    """What a pasted or uploaded list says, and what is wrong with each line. Nothing is kept."""
    the_agent(me)
    lines = check_roster(read_roster(ask.text or _text_of(ask.file)))
    if not lines:
        raise InvalidRequest("名单是空的：每行写一个人的姓名、身份证号码和手机号码。", field="text")
    if len(lines) > LINES_AT_MOST:
        raise InvalidRequest(
            say("一次最多{most}人，这份名单有{lines}人，请分批办理。", most=LINES_AT_MOST, lines=len(lines)),
            field="text",
        )
    return RosterView(
        lines=[RosterLineView(**{**vars(line), "problem": perhaps(line.problem)}) for line in lines],
        good=sum(not x.problem for x in lines),
    )


def _text_of(file: str) -> str:
    """Files come from spreadsheets: UTF-8 with or without a mark, or GB 18030."""
    try:
        raw = base64.b64decode(file, validate=True)
        if b"\x00" in raw:
            raise InvalidRequest(NOT_TEXT, field="file")
        return _decoded(raw)
    except ValueError as error:  # no Base64, no letters of ASCII, no text
        raise InvalidRequest(NOT_TEXT, field="file") from error


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030")


# ── a case for each ──


@router.post("/batches")
def open_batch(ask: BatchAsk, me: Me, d: D) -> BatchView:
    """A case for each line, and a code to each phone. A line sent again, with its own `transaction_id`, opens nothing
    twice; one that was refused may be sent again mended."""
    agent = the_agent(me)
    d.pressure.admit(d.database, d.settings, Stage.TELLING, of_list=True)
    said = check_roster(RosterLine(x.name, x.id_number.upper(), x.phone.replace(" ", "")) for x in ask.lines)
    once = Write(transaction_id=ask.transaction_id)  # not the lines: they may come again mended
    batch = write(d.database, asked(me, once, "batch", ask.item), BatchLine, lambda tx: _begun(tx, ask, agent))
    views = [
        _line(d, agent, _Wanted(ask, batch.id, n, x.transaction_id), line)
        for n, (x, line) in enumerate(zip(ask.lines, said, strict=True), 1)
    ]
    return BatchView(**{**batch.model_dump(), "lines": views})


class _Wanted:
    """One line of a list: for which case, and under which name it may come again."""

    def __init__(self, ask: BatchAsk, batch: str, ordinal: int, transaction_id: str) -> None:
        self.ask, self.batch, self.ordinal, self.transaction_id = ask, batch, ordinal, transaction_id

    def line(self, said: RosterLine, number: CaseNumber | None, problem: str | None) -> Line:
        return Line(self.batch, self.ordinal, self.transaction_id, number, problem, said)


def _begun(tx: Transaction, ask: BatchAsk, me: AgentCaller) -> BatchLine:
    """The batch of the first line that is known already, or a new one."""
    item = tx.item(ask.item)
    known = (agent_batches.line(tx, me.point.code, x.transaction_id) for x in ask.lines)
    before = next((line.batch for line in known if line is not None), None)
    point = me.point.code
    batch = agent_batches.find(tx, point, before) if before else agent_batches.make(tx, point, me.actor.id, item.code)
    if batch.item != item.code:
        raise Conflict("这份名单已用于另一个事项，请重新开始。", item=batch.item)
    return _batch_line(batch, item)


def _batch_line(batch: Batch, item: Item) -> BatchLine:
    return BatchLine(id=batch.id, item=batch.item, item_name=shown_item(item).name, made_at=batch.made_at)


def _line(d: Doors, me: AgentCaller, wanted: _Wanted, said: RosterLine) -> LineView:
    """In its own transaction. A refusal is kept with its sentence."""
    try:
        if said.problem:
            raise InvalidRequest(said.problem)
        return write(d.database, asked(me, None, "line"), LineView, lambda tx: _opened(tx, me, wanted, said))
    except Refusal as refusal:
        message = refusal.message
    return write(d.database, asked(me, None, "line"), LineView, lambda tx: _refused(tx, me, wanted, said, message))


def _opened(tx: Transaction, me: AgentCaller, wanted: _Wanted, said: RosterLine) -> LineView:
    before = agent_batches.line(tx, me.point.code, wanted.transaction_id)
    if before is not None and before.number is not None:
        if before.said.id_number != said.id_number:
            raise Conflict("该行编号已用于另一个人，请更换编号后重试。")
        return _view(before, code_sent=True)
    # the line is taken before anything is opened: a twin request waits here, and finds what became of it
    _keep(tx, me, wanted.line(said, None, None))
    number = _open_case(tx, me, wanted, said)
    _ask_applicant(tx, me, number)
    return _view(_keep(tx, me, wanted.line(said, number, None)), code_sent=True)


def _open_case(tx: Transaction, me: AgentCaller, wanted: _Wanted, said: RosterLine) -> CaseNumber:
    ask, now, item = wanted.ask, moment(tx, me), tx.item(wanted.ask.item)
    if (begun := tx.agents.open_draft_of(me.point.code, item.code, said.id_number)) is not None:
        raise Conflict(say("此人已有一件未提交的同一事项（{case}），请接着办那一件。", case=begun))
    applicant = Applicant("person", said.name, said.id_number, said.phone)
    address = ask.address.address() if ask.address else None
    request = for_point(opening.OpenRequest(dict(ask.answers), applicant, address, CHANNEL), me, wanted.batch)
    number = tx.next_case_number(item.region, now.today)
    case, materials = opening.open_case(item, request, me.point.person, number, now)
    tx.open_case(case, materials, actor=me.actor)
    tx.agents.take(number, me.point.code, Came.OPENED, me.actor.id, batch=wanted.batch)
    return number


def _ask_applicant(tx: Transaction, me: AgentCaller, number: CaseNumber) -> None:
    file = tx.case_file(number)
    code = one_time_codes.make_code(tx, Purpose.AUTHORITY, number, LASTS[Purpose.AUTHORITY])
    tx.apply(number, entrusting.code_told(file, Purpose.AUTHORITY, code), actor=me.actor)


def _refused(tx: Transaction, me: AgentCaller, wanted: _Wanted, said: RosterLine, message: str) -> LineView:
    before = agent_batches.line(tx, me.point.code, wanted.transaction_id)
    if before is not None and before.number is not None:
        shown = _view(before)
        return shown if before.said.id_number == said.id_number else _told(shown, wanted, said, message)
    return _view(_keep(tx, me, wanted.line(said, None, message)))


def _told(shown: LineView, wanted: _Wanted, said: RosterLine, message: str) -> LineView:
    """Another person under the name of a line that stands: told, and the line is left as it is."""
    return shown.model_copy(
        update={"ordinal": wanted.ordinal, "name": said.name, "outcome": "refused", "case": None, "message": message}
    )


def _keep(tx: Transaction, me: AgentCaller, line: Line) -> Line:
    if agent_batches.line(tx, me.point.code, line.transaction_id) is not None:
        agent_batches.mend(tx, me.point.code, line)
    elif not agent_batches.keep(tx, me.point.code, line):
        raise Conflict("同一行正在处理，请稍后重试。")
    return line


def _view(line: Line, *, code_sent: bool = False) -> LineView:
    return LineView(
        ordinal=line.ordinal,
        transaction_id=line.transaction_id,
        name=line.said.name,
        outcome="opened" if line.number else "refused",
        case=line.number,
        message=perhaps(line.problem),
        code_sent=code_sent,
    )


@router.get("/batches")
def list_batches(me: Me, d: D) -> BatchesView:
    """The point's, newest first."""
    agent = the_agent(me)
    with d.database.reading() as tx:
        found = agent_batches.of_point(tx, agent.point.code)
        return BatchesView(batches=[_batch_line(b, tx.item(b.item)) for b in found])


@router.get("/batches/{batch}")
def show_batch(batch: str, me: Me, d: D) -> BatchView:
    """What became of each line; of cases that the point looks after no more, the number alone."""
    if not isinstance(me, AgentCaller):
        raise NotFound("没有找到这份名单。", id=batch)
    with d.database.reading() as tx:
        found = agent_batches.find(tx, me.point.code, batch)
        shown = _batch_line(found, tx.item(found.item))
        lines = [_still_ours(tx, me, line) for line in agent_batches.lines(tx, batch)]
    return BatchView(**{**shown.model_dump(), "lines": lines})


def _still_ours(tx: Transaction, me: AgentCaller, line: Line) -> LineView:
    shown = _view(line)
    ours = line.number is None or tx.case_exists(line.number, me.scope)
    return shown if ours else shown.model_copy(update={"name": ""})


# ── all that are ready ──


@router.post("/submissions")
def submit_all(ask: SubmissionsAsk, me: Me, d: D) -> SubmissionsView:
    """Hands in each of them; each has its own outcome, and sent again has it once more."""
    agent = the_agent(me)
    d.pressure.admit(d.database, d.settings, Stage.JUDGING, of_list=True)
    return SubmissionsView(results=[_submitted(d, agent, ask, no) for no in dict.fromkeys(ask.cases)])


def _submitted(d: Doors, me: AgentCaller, ask: SubmissionsAsk, number: str) -> SubmissionView:
    once = Write(transaction_id=f"{ask.transaction_id[:70]}:{number}"[:100])
    try:
        done = change_case(d.database, asked(me, once, "submit", number), number, opening.submit, CASE_SHOWN)
    except Refusal as refusal:
        return SubmissionView(case=number, outcome="refused", message=said(refusal.message))
    return SubmissionView(case=number, outcome="submitted", state=done.state, state_label=done.state_label)
