"""Checks of papers without fixed fields (contracts, receipts, authorisations) that must repeat what others say."""

from collections.abc import Iterator

from cases.findings import Finding, FindingCode, found
from cases.sentences import say
from preaudit import validators
from preaudit.checks.across import FORM, all_settled, on, place, source, split, typed_spot, unreadable
from preaudit.checks.ink import page_text
from preaudit.checks.params import Option, Params
from preaudit.checks.registry import Findings, cross_check
from preaudit.checks.sight import Located, Sight, Spot, Whole
from preaudit.documents import field_name
from preaudit.variants import folded

SHORTEST = 2
"""Characters of a value that can be looked for: a name of two."""


def _reads(params: Params) -> tuple[str, ...]:
    return (params["material"], *params["values"])


def _text(sight: Sight) -> str:
    return folded("".join(page_text(s.reading) for s in sight.sheets))


def _stands(value: str, text: str) -> bool:
    plain = folded(validators.plain(value))
    return len(plain) >= SHORTEST and plain in text


def _spots(whole: Whole, params: Params) -> Iterator[Spot]:
    """What another paper repeats was read rightly."""
    sight = whole.sights.get(params["material"])
    text = _text(sight) if sight else ""
    for ref in params["values"]:
        found_there = source(whole, ref)
        for at in found_there.located if found_there else ():
            if _stands(at.value, text):
                yield at.spot
        if split(ref)[0] == FORM and _stands(whole.form.get(split(ref)[1], ""), text):
            yield typed_spot(ref)


@cross_check("paper_shows", Option("material", str), Option("values", tuple), reads=_reads, confirms=_spots)
def paper_shows(whole: Whole, params: Params) -> Findings:
    """A contract names both parties, a test report its vehicle, an authorisation everybody who signs.

    Source: 民法典 art. 165 and 470.
    Certain: each value of each reference, page by page, found in the readable text.
    Doubtful: not found.
    Cannot tell: a value was not read anywhere, so that there is nothing to look for.
    """
    sight = whole.sights.get(params["material"])
    if sight is None or sight.blocked or not sight.sheets or params["material"] in whole.settled:
        return
    if all_settled(whole, params["values"]):
        return
    text = _text(sight)
    for ref in params["values"]:
        yield from unreadable(whole, ref)
        yield from _absent(whole, sight, text, ref)


def _absent(whole: Whole, sight: Sight, text: str, ref: str) -> Iterator[Finding]:
    said = source(whole, ref)
    if said is None:
        return
    values: tuple[str | Located, ...] = said.located or (whole.form.get(split(ref)[1], ""),)
    absent = [v for v in values if not _stands(v.value if isinstance(v, Located) else v, text)]
    if absent:
        owner, name = split(ref)
        label = field_name(name, whole.sights[owner].spec if owner != FORM else None)
        yield found(
            FindingCode.MISMATCH,
            material=sight.spec.key,
            page=sight.only_page,
            field=ref,
            message=say("没有在{paper}上找到{values}", paper=sight.spec.name, values=[on(place(whole, ref), [label])]),
            absent=len(absent),
            between=[ref],
            compared=[
                Spot(sight.spec.key, sight.only_page or 0, ""),
                *(v.spot if isinstance(v, Located) else typed_spot(ref) for v in absent),
            ],
        )
