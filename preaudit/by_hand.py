"""What the resident corrected by hand: put beside what was read, and a person's to judge where the two differ.

A word of the resident proves nothing: the value that was read stays the one that is compared, and stays as doubtful as it
was. Where the resident says another, that is one doubtful finding at the field's place, instead of what the machine would
have said of the same field; so a misread date is not returned as expired, and nothing passes on a word alone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from cases.findings import Finding, FindingCode, found
from cases.items import MaterialSpec
from cases.readings import Confirmed, Field, Reading
from cases.sentences import say
from preaudit.checks.across import normal
from preaudit.checks.sight import Sight
from preaudit.documents import field_name

ByHand = Mapping[str, str]
"""Field → what the resident says stands there."""
_OF_THE_VALUE = frozenset(
    {
        FindingCode.FIELD_MISSING,
        FindingCode.FIELD_DOUBTFUL,
        FindingCode.ID_NUMBER_INVALID,
        FindingCode.CODE_INVALID,
        FindingCode.DATE_INVALID,
        FindingCode.EXPIRED,
        FindingCode.EXPIRING,
        FindingCode.NOT_YET_VALID,
        FindingCode.AGE_OUT_OF_RANGE,
        FindingCode.MISMATCH,
    }
)
"""What is said of a value as it was read. An empty line or a missing signature is there whatever anybody types."""


def beside(spec: MaterialSpec, reading: Reading, by_hand: ByHand) -> Reading:
    """The reading with the resident's words in it, whatever name the form prints for a field."""
    names = spec.form_fields
    fields = {
        name: replace(field, by_resident=by_hand.get(names.get(name, name))) for name, field in reading.fields.items()
    }
    told = {names.get(name, name) for name in fields}
    unread = {name: Field("", 0.0, Confirmed.ONE_READER, None, None, said) for name, said in by_hand.items()}
    return replace(reading, fields={**fields, **{name: f for name, f in unread.items() if name not in told}})


def with_words(
    specs: Iterable[MaterialSpec], readings: Mapping[str, Sequence[Reading]], words: Mapping[str, Sequence[ByHand]]
) -> dict[str, Sequence[Reading]]:
    """`words`: by material, one for each of its readings."""
    made = dict(readings)
    for spec in specs:
        if any(words.get(spec.key, ())):
            made[spec.key] = [beside(spec, r, w) for r, w in zip(readings[spec.key], words[spec.key], strict=True)]
    return made


def corrected(sights: Iterable[Sight]) -> Iterator[Finding]:
    """One for each field of which the resident says something else than what was read."""
    for sight in sights:
        for sheet in sight.sheets:
            for name, field in sheet.fields.items():
                if field.by_resident is not None and normal(name, field.by_resident) != normal(name, field.value):
                    yield _finding(sight.spec, sheet.page, name, field)


def _finding(spec: MaterialSpec, page: int, name: str, field: Field) -> Finding:
    """Names no value: findings are shown where those are masked. `between` says that it explains comparisons that fail
    at the same place (`preaudit.causes`)."""
    return found(
        FindingCode.FIELD_DOUBTFUL,
        material=spec.key,
        page=page,
        field=name,
        box=field.box,
        message=say("申请人更正了{paper}上的{field}", paper=spec.name, field=field_name(name, spec)),
        advice="请对照图片核对识读内容与申请人更正的内容。",
        confirmed="by_resident",
        between=["resident"],
    )


def instead(findings: Iterable[Finding], words: Sequence[Finding]) -> list[Finding]:
    """The findings, where the resident's word is one leaving out what the machine says of the same value."""
    spoken = {(f.material, f.page, f.field) for f in words}
    return [
        *words,
        *(f for f in findings if f.code not in _OF_THE_VALUE or (f.material, f.page, f.field) not in spoken),
    ]
