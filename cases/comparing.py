"""The same fact 同一信息 as it stands in several places of a case: side by side, with what differs marked.

What is the same fact, the item says: the places that its cross-checks `same` and `same_place` compare. Of the applicant's
own papers also what every paper about a person shows (name, number, birth, address), compared or not. Values that differ
here are shown, never judged: what is wrong with them the checks have said.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from cases.field_names import field_name
from cases.findings import Box
from cases.items import Item
from cases.known import is_own
from cases.model import CaseFile
from cases.readings import Field

FORM = "form"
COMPARING = ("same", "same_place")
PERSONAL = ("name", "id_number", "birth_date", "sex", "address")
_TYPED = {"name": "applicant_name", "id_number": "id_number"}
"""Own papers are held against what was typed, where it was."""
_REFERENCE = re.compile(r"(\w+)\.(\w+)")
Ref = tuple[str, str]
Read = Mapping[str, Mapping[str, Field]]
"""What was read, by page and field."""


@dataclass(frozen=True)
class Place:
    """Where a value stands. `page`: None for what was typed; `differs`: from what most say, or from what was typed."""

    material: str
    label: str
    field: str
    value: str
    page: str | None = None
    certain: bool = True
    box: Box | None = None
    differs: bool = False


@dataclass(frozen=True)
class SameFact:
    name: str
    label: str
    places: tuple[Place, ...]

    @property
    def differs(self) -> bool:
        return any(place.differs for place in self.places)


def facts(file: CaseFile, read: Read, typed: Mapping[str, str]) -> tuple[SameFact, ...]:
    """By what is compared, those that differ first; only what stands in two places or more. `read`: by page. `typed`:
    what the resident typed, under the names that items call `form.`."""
    made = [_fact(group, file, read, typed) for group in groups(file.item)]
    shown = [fact for fact in made if len(fact.places) > 1]
    return tuple(sorted(shown, key=lambda fact: not fact.differs))


def groups(item: Item) -> tuple[tuple[Ref, ...], ...]:
    """Places of one fact, each place in one group, in the order of the item."""
    joined: list[list[Ref]] = []
    for refs in (*_compared(item), *_personal(item)):
        into = [group for group in joined if set(group) & set(refs)]
        merged = [ref for group in into for ref in group]
        fresh = merged + [ref for ref in refs if ref not in merged]
        at = joined.index(into[0]) if into else len(joined)
        joined = [group for group in joined if group not in into]
        joined.insert(at, fresh)
    return tuple(tuple(group) for group in joined)


def _compared(item: Item) -> Iterator[list[Ref]]:
    for call in item.cross_checks:
        if call.name in COMPARING:
            yield [ref for ref in map(_ref, call.params) if ref is not None]


def _ref(text: Any) -> Ref | None:
    found = _REFERENCE.fullmatch(str(text))
    return (found[1], found[2]) if found else None


def _personal(item: Item) -> Iterator[list[Ref]]:
    own = [m.key for m in item.materials if is_own(item, m.key) and m.document != "application_form"]
    for name in PERSONAL:
        typed = [(FORM, _TYPED[name])] if name in _TYPED else []
        if own:
            yield [(key, name) for key in own] + typed


def _fact(group: Sequence[Ref], file: CaseFile, read: Read, typed: Mapping[str, str]) -> SameFact:
    places = [place for ref in group for place in _places(ref, file, read, typed)]
    material, name = next((ref for ref in group if ref[0] != FORM), group[0])
    said = [p.value for p in places if p.material == FORM] or _most([p.value for p in places])
    marked = tuple(replace(p, differs=bool(said) and not alike(p.value, said[0])) for p in places)
    return SameFact(f"{material}.{name}", field_name(name, file.spec(material)), marked)


def _most(values: Sequence[str]) -> list[str]:
    """What most places say; nothing where there is no value."""
    counted = Counter(_plain(value) for value in values)
    likeliest = counted.most_common(1)
    return [v for v in values if likeliest and _plain(v) == likeliest[0][0]][:1]


def _places(ref: Ref, file: CaseFile, read: Read, typed: Mapping[str, str]) -> Iterator[Place]:
    key, name = ref
    if key == FORM:
        if typed.get(name):
            yield Place(FORM, "申请时填写", name, typed[name])
        return
    material = file.material(key)
    for number, page in enumerate(file.pages_of(key), 1):
        field = _field(read.get(page.id), name, file, key)
        if material is not None and field is not None and field.value:
            label = f"{material.name} 第{number}页" if len(file.pages_of(key)) > 1 else material.name
            yield Place(key, label, name, field.value, page.id, field.certain, field.box)


def _field(fields: Mapping[str, Field] | None, name: str, file: CaseFile, key: str) -> Field | None:
    """By the item's own name for it, or as the form prints it."""
    if fields is None:
        return None
    spec = file.spec(key)
    printed = next((label for label, field in spec.form_fields.items() if field == name), name) if spec else name
    return fields.get(name) or fields.get(printed)


def alike(one: str, other: str) -> bool:
    """The same but for how it is written; an address may begin further down."""
    a, b = _plain(one), _plain(other)
    return a == b or (min(len(a), len(b)) > SHORTEST_PLACE and (a.endswith(b) or b.endswith(a)))


SHORTEST_PLACE = 5
"""Characters: shorter endings are shared by accident."""


def _plain(value: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", value).upper() if c.isalnum())


def typed_in(file: CaseFile) -> Mapping[str, str]:
    """What the resident typed, under the names that items call `form.`."""
    applicant, address = file.case.applicant, file.case.address
    form = {"applicant_name": applicant.name, "id_number": applicant.id_number, "phone": applicant.phone}
    if address is not None:
        form["address"] = f"{address.city}{address.county}{address.detail}"
    # whoever works at an agent point acts in its name: theirs is no paper of the case
    agent = {} if "point" in (file.case.agent or {}) else (file.case.agent or {})
    return form | {f"agent_{key}": str(agent[key]) for key in ("name", "id_number") if key in agent}
