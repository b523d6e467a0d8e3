"""What `zerotrip read` and `zerotrip preaudit` print for people: a reading, a judgement.

Signs and words say the same as the colours, so that a pipe or a colour-blind reader loses nothing. Names of kinds, fields
and materials stand beside their keys: whoever writes item files needs both.
"""

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cases.findings import CATALOGUE, Finding, Severity
from cases.items import Item, MaterialSpec
from cases.lifecycle import MaterialState
from cases.readings import Confirmed, Field, Reading
from preaudit.checks.builtin import FAULTS
from preaudit.documents import NAMES, field_name
from preaudit.judge import Judgement, MaterialJudgement, Verdict

CONFIRMED: Mapping[Confirmed, str] = {
    Confirmed.TWO_READERS: "two readers agree", Confirmed.CHECKSUM: "check digit", Confirmed.TEXT_LAYER: "text layer",
    Confirmed.PERSON: "a person", Confirmed.ONE_READER: "one reader", Confirmed.DISAGREEMENT: "readers disagree",
}  # fmt: skip
VERDICTS: Mapping[Verdict, tuple[str, str]] = {
    Verdict.PASSED: ("green", "预审通过: everything that is required is there, certain and right"),
    Verdict.RETURNED: ("red", "退回补正: the resident can mend all that is wrong"),
    Verdict.REVIEW: ("yellow", "人工预审: a person must look"),
}
WHOSE: Mapping[Severity, tuple[str, str]] = {
    Severity.FIXABLE: ("red", "✗"),
    Severity.DOUBTFUL: ("yellow", "?"),
    Severity.REFUSE: ("magenta", "!"),
}
STATES: Mapping[MaterialState, tuple[str, str]] = {
    MaterialState.ACCEPTED: ("green", "✓"),
    MaterialState.WAIVED: ("green", "✓"),
    MaterialState.DEFERRED: ("yellow", "…"),
    MaterialState.RETURNED: ("red", "✗"),
    MaterialState.READ: ("yellow", "?"),
    MaterialState.MISSING: ("dim", "–"),
}
MARKS: Mapping[str, str] = {"signature": "签名", "seal": "印章", "digital_signature": "数字签名"}


def _in(what: RenderableType, columns: int = 2, below: int = 0) -> Padding:
    return Padding(what, (0, 0, below, columns), expand=False)


def grid(*widths: int) -> Table:
    """Columns without lines; the last one folds."""
    made = Table.grid(padding=(0, 2))
    for width in widths:
        made.add_column(min_width=width, overflow="fold")
    return made


# ── a reading ───────────────────────────────────────────────────────────────────────────────────────────────────


def reading_shown(reading: Reading) -> RenderableType:
    page = f"  page {reading.page} of {reading.pages_in_file}" if reading.pages_in_file > 1 else ""
    parts: list[RenderableType] = [Text.assemble((reading.file, "bold"), page)]
    why = reading.failure
    if why is not None:
        return Group(*parts, _in(_said("✗", "red", why.message, why.advice, why.code)))
    parts += [_in(each) for each in (_kind(reading), *_problems(reading), *_marks(reading))]
    return Group(*parts, _in(_fields(reading) if reading.fields else _lines(reading), 4, below=1))


def _kind(reading: Reading) -> Text:
    known = reading.kind != "unknown"
    name = NAMES[reading.kind] if known else "no kind of document that is known"
    kind = f"{reading.kind} {reading.kind_confidence:.0%}" if known else ""
    turned = f"turned by {reading.rotation}°" if reading.rotation else "upright"
    how = f"{turned}, {reading.seconds:.2f} s, {reading.engine}"
    return Text.assemble((name, "cyan" if known else "yellow"), "  ", " · ".join(filter(None, (kind, how))))


def _problems(reading: Reading) -> Iterator[Text]:
    """A page that is blank or mirrored is that, whatever else was measured on it."""
    faults = [(name, *FAULTS[name]) for name in FAULTS if reading.marks.get(name)]
    for name, message, advice in faults:
        yield _said("✗", "red", message, advice, name)
    for problem in () if faults else reading.problems:
        text = CATALOGUE[problem.code]
        sign, colour = ("✗", "red") if problem.blocking else ("!", "yellow")
        measured = f"{problem.code} {problem.measure:g}, wanted {problem.threshold:g}"
        yield _said(sign, colour, text.message, text.advice, measured)


def _marks(reading: Reading) -> Iterator[Text]:
    """What is neither text nor a field, where there is some."""
    seen = {MARKS[name]: reading.marks[name] for name in MARKS if isinstance(reading.marks.get(name), Mapping)}
    there = [name for name, mark in seen.items() if mark.get("present")]
    if there:
        yield Text("、".join(there), "dim")


def _fields(reading: Reading) -> Table:
    made = grid(10, 8, 10, 12)
    for name, field in reading.fields.items():
        sign, colour = ("✓", "green") if field.certain else ("·", "yellow")
        other = Text(f"  or {field.alternative}?", "yellow") if field.alternative else Text()
        sure = Text(f"{sign} {CONFIRMED[field.confirmed]}, {field.confidence:.2f}", colour)
        made.add_row(Text(name, "dim"), field_name(name), Text(field.value, "bold") + other, sure)
    return made


def _lines(reading: Reading) -> Text:
    if not reading.lines:
        return Text("no text", "dim")
    return Text("\n".join(line.text for line in reading.lines))


def _said(sign: str, colour: str, message: str, advice: str, note: str) -> Text:
    return Text.assemble((f"{sign} {message}。", colour), advice, (f"  {note}", "dim"))


# ── a judgement ─────────────────────────────────────────────────────────────────────────────────────────────────


def judgement_shown(item: Item, judgement: Judgement, seconds: float) -> RenderableType:
    colour, words = VERDICTS[judgement.verdict]
    parts: list[RenderableType] = [
        Text.assemble((item.name, "bold"), f"  {item.code} v{item.version}, {seconds:.1f} s"),
        Text.assemble((judgement.verdict.upper(), f"bold {colour}"), f"  {words}"),
    ]
    if judgement.findings:
        parts += [Text(), _findings(item, judgement.findings)]
    parts += [Text(), _materials(item, judgement.materials)]
    for remark in judgement.remarks:
        parts.append(Text(f"remark: {remark.material}.{remark.field}: {remark.message}", "dim"))
    return Group(*parts)


def _findings(item: Item, findings: tuple[Finding, ...]) -> Table:
    made = grid(1, 8, 20)
    for number, each in enumerate(findings, 1):
        colour, sign = WHOSE[each.severity]
        said = Text.assemble((f"{each.message}。", colour), each.advice, (f"  {each.code}, {each.severity}", "dim"))
        made.add_row(Text(f"{number} {sign}", colour), _place(item, each), said)
    return made


def _place(item: Item, finding: Finding) -> Text:
    """Where it stands: the material's key, its page, the field."""
    if finding.material is None:
        return Text(finding.field or item.code, "dim")
    page = f" p{finding.page}" if finding.page else ""
    return Text(f"{finding.material}{page}", "dim")


def _materials(item: Item, judged: Mapping[str, MaterialJudgement]) -> Table:
    made = grid(1, 12, 8, 8, 20)
    for key, material in judged.items():
        colour, sign = STATES.get(material.state, ("", "·"))
        spec = item.material(key)
        name = spec.name if spec else key
        made.add_row(
            Text(sign, colour), name, Text(key, "dim"), Text(material.state, colour), _read(material.fields, spec)
        )
    return made


def _read(fields: Mapping[str, Field], spec: MaterialSpec | None) -> Text:
    told = (Text.assemble((f"{field_name(name, spec)} ", "dim"), field.value) for name, field in fields.items())
    return Text(" · ").join(told)
