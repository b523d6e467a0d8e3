"""Checks against what came in before: the person's other cases, and pictures that other people handed in.

The worker gathers it; without a database (`zerotrip preaudit`) there is none, and nothing is said.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cases.findings import Finding, FindingCode, found
from cases.readings import Reading
from cases.sentences import say
from preaudit.checks.across import normal
from preaudit.checks.builtin import same_view
from preaudit.checks.identities import bearers_on, named_beside
from preaudit.checks.outcomes import at_field
from preaudit.checks.sight import Sheet, Whole

Readings = Mapping[str, Sequence[Reading]]
THINGS = ("vin", "plate", "certificate_number", "unit_number", "child_name", "credit_code")
"""What an application may be about beside its applicant: two of different things are no repetition."""


@dataclass(frozen=True)
class OwnCase:
    """Another case of the same applicant. `open`: handed in and not at its end."""

    item: str
    open: bool
    readings: Readings


@dataclass(frozen=True)
class History:
    """`pictures`: by the digest of a file of this case, whether another person handed in the same. `views`: readings of
    pages of other people's cases that look like one of this case."""

    own: tuple[OwnCase, ...] = ()
    pictures: frozenset[str] = frozenset()
    views: tuple[Reading, ...] = ()


NOTHING = History()


def picture_of_another(whole: Whole, history: History) -> Iterator[Finding]:
    """No page is a photograph that stands in another person's case.

    Source: 居民身份证法 art. 17 (using another's card); practice against bought application papers.
    Certain: in no other person's case.
    Doubtful: the same file, or the same view with the same text: families share papers, agents share more.
    Cannot tell: pages without a digest are not compared; a photograph taken again is another one.
    """
    for sheet in _sheets(whole):
        same_file = sheet.reading.sha256 in history.pictures
        if same_file or any(same_view(sheet.reading, other) for other in history.views):
            yield found(FindingCode.REUSED_IMAGE, material=sheet.material, page=sheet.page)


def applied_twice(whole: Whole, history: History) -> Iterator[Finding]:
    """The same person has not the same item under way already, for the same thing.

    Source: 行政许可法 art. 32 (a matter is accepted once); practice: the office merges or withdraws one of the two.
    Certain: no such case.
    Doubtful: there is one, and no vehicle, property or child tells the two apart.
    Cannot tell: such a thing was not read in one of them: told as the same.
    """
    mine = _things(s.reading for s in _sheets(whole))
    for case in history.own:
        theirs = _things(r for pages in case.readings.values() for r in pages)
        apart = any(mine[name].isdisjoint(theirs[name]) for name in mine.keys() & theirs.keys())
        if case.open and case.item == whole.item.code and not apart:
            message = "您已有一件相同事项的申请正在办理"
            advice = "不用再申请一次。工作人员会看两件是合在一起，还是撤回一件。"
            yield found(FindingCode.MISMATCH, message=message, advice=advice)
            return


def contradicts_earlier(whole: Whole, history: History) -> Iterator[Finding]:
    """Whoever bears a number bears the name that was read beside it before, in the person's other cases.

    Source: 居民身份证法 art. 3 and 4; a change of name (户口登记条例 art. 18) comes with a paper that says so.
    Certain: the same name, or nobody known before.
    Doubtful: another name, then and now both read with certainty.
    Cannot tell: a name that was read with doubt, then or now, is not compared.
    """
    known = _known_names(history)
    for sight in whole.sights.values():
        for bearer in bearers_on(sight):
            names = known.get(bearer.number)
            if names and bearer.at is not None and bearer.at.sure and bearer.name not in names:
                del known[bearer.number]  # one name, told once
                message = say("{paper}上的姓名与本人以前办件中的不一致，号码却相同", paper=sight.spec.name)
                yield at_field(bearer.at, FindingCode.MISMATCH, message)


LOOKS: Mapping[str, Callable[[Whole, History], Iterator[Finding]]] = {
    "picture_of_another": picture_of_another,
    "applied_twice": applied_twice,
    "contradicts_earlier": contradicts_earlier,
}


def of_history(whole: Whole, history: History) -> list[Finding]:
    return [f for look in LOOKS.values() for f in look(whole, history) if f.material not in whole.settled]


def _sheets(whole: Whole) -> list[Sheet]:
    return [sheet for sight in whole.sights.values() for sheet in sight.sheets]


def _things(readings: Iterable[Reading]) -> dict[str, frozenset[str]]:
    """By field, what was read for certain."""
    made: dict[str, frozenset[str]] = {}
    for reading in readings:
        for name in THINGS:
            field = reading.fields.get(name)
            if field is not None and field.certain and field.value.strip():
                made[name] = made.get(name, frozenset()) | {normal(name, field.value)}
    return made


def _known_names(history: History) -> dict[str, set[str]]:
    """By number, every name that was read for certain beside it."""
    known: dict[str, set[str]] = {}
    for reading in (r for case in history.own for pages in case.readings.values() for r in pages):
        for number, of_name in named_beside(reading.fields):
            if reading.fields[of_name].certain:
                known.setdefault(number, set()).add(normal("name", reading.fields[of_name].value))
    return known
