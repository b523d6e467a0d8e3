"""Which documents belong to which material, where a page shows several.

A material takes from its pages what it asks for. One that has no page of its own takes what stands on the pages of others
and is not asked for there: the back of a card that was copied onto the sheet of its front is neither missing nor wrong.
"""

from collections.abc import Mapping, Sequence

from cases.items import MaterialSpec
from cases.readings import Reading, documents_on

from .documents import LOOSE, kinds_of

Pages = tuple[tuple[Reading, ...], ...]
"""For each page of a material, the documents on it that are the material's."""


def pages_of(
    specs: Sequence[MaterialSpec], readings: Mapping[str, Sequence[Reading]], form: Mapping[str, str]
) -> dict[str, Pages]:
    """By material key. `form`: what the resident typed; of two people's cards on one page it says whose is meant."""
    own = {s.key: tuple(own_documents(s, r, form) for r in readings.get(s.key, ())) for s in specs}
    spare = [
        d for s in specs for r, mine in zip(readings.get(s.key, ()), own[s.key], strict=True) for d in _others(r, mine)
    ]
    return {s.key: own[s.key] or _taken(s, spare) for s in specs}


def own_documents(spec: MaterialSpec, reading: Reading, form: Mapping[str, str]) -> tuple[Reading, ...]:
    """Never empty: a page that shows nothing of what is asked for stands for itself."""
    if spec.document in LOOSE:
        return (reading,)
    fitting = [each for each in documents_on(reading) if each.kind in kinds_of(spec.document)]
    if not fitting:
        return (reading,)
    one_wanted = spec.max_pages == 1 and len(kinds_of(spec.document)) == 1
    return (next((d for d in fitting if _is_of(d, form)), fitting[0]),) if one_wanted else tuple(fitting)


def _is_of(document: Reading, form: Mapping[str, str]) -> bool:
    number, name = document.fields.get("id_number"), document.fields.get("name")
    typed = form.get("id_number"), form.get("applicant_name")
    same_number = number is not None and number.value == typed[0]
    return same_number or (name is not None and name.value == typed[1])


def _others(reading: Reading, mine: Sequence[Reading]) -> list[Reading]:
    """What the page shows beside these. A page that is not what its material asked for gives nothing away: it has a
    finding of its own."""
    documents = documents_on(reading)
    return [each for each in documents if each not in mine] if len(documents) > 1 and mine[0] in documents else []


def _taken(spec: MaterialSpec, spare: list[Reading]) -> Pages:
    """Taken out of `spare`, so that no two materials have the same one."""
    if spec.document in LOOSE:
        return ()
    fitting = [each for each in spare if each.kind in kinds_of(spec.document)][: spec.max_pages]
    for each in fitting:
        spare.remove(each)
    return tuple((each,) for each in fitting)
