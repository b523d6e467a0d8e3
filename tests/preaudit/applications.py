"""What a complete application is made of: the answers, what was typed, the pages of each material."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cases.items import Item
from cases.readings import Field, Reading
from preaudit.catalogue import load
from preaudit.judge import Judgement, judge
from tests.preaudit.builders import TODAY
from tests.preaudit.papers import AGENT, HOME, Person, card, filled, paper, recent_back

ITEMS = load()
PHONE, SIGNED_ON = "13800138000", "2026-11-01"
AGENT_TYPED = {"agent_name": AGENT.name, "agent_id_number": AGENT.number}


@dataclass(frozen=True)
class Application:
    """All certain, all right, unless a test has planted something in it."""

    code: str
    answers: Mapping[str, Any]
    form: Mapping[str, str]
    pages: Mapping[str, tuple[Reading, ...]]

    @property
    def item(self) -> Item:
        return ITEMS[self.code].item

    def having(self, **pages: Reading | tuple[Reading, ...]) -> "Application":
        """The same with other pages; no pages at all: without that material."""
        changed = {k: v if isinstance(v, tuple) else (v,) for k, v in pages.items()}
        return replace(self, pages={k: v for k, v in {**self.pages, **changed}.items() if v})

    def reading_as(self, key: str, **values: str | Field) -> "Application":
        """The same with other values read, just as certainly, on the first page of that material."""
        return self.reading_on(0, key, values)

    def reading_on(self, page: int, key: str, values: Mapping[str, str | Field]) -> "Application":
        pages = list(self.pages[key])
        fields = dict(pages[page].fields)
        for name, value in values.items():
            fields[name] = value if isinstance(value, Field) else replace(fields[name], value=value)
        pages[page] = replace(pages[page], fields=fields)
        return self.having(**{key: tuple(pages)})

    def typing(self, **form: str) -> "Application":
        return replace(self, form={**self.form, **form})

    def answering(self, **answers: Any) -> "Application":
        return replace(self, answers={**self.answers, **answers})

    def judged(self) -> Judgement:
        return judge(self.item, self.answers, self.form, self.pages, today=TODAY)


def typed(person: Person, **more: str) -> dict[str, str]:
    return {"applicant_name": person.name, "id_number": person.number, "phone": PHONE, "address": HOME} | more


def form_of(code: str, key: str = "application_form", **values: str) -> Reading:
    """The form of that item, filled in with `values` beside the usual phone, address and date."""
    item = ITEMS[code].item
    spec = item.material(key)
    assert spec is not None
    names = set(spec.form_fields.values())
    usual = {"phone": PHONE, "applied_on": SIGNED_ON, "address": HOME}
    return filled(item, key, **{k: v for k, v in usual.items() if k in names} | values)


def of_person(code: str, person: Person, key: str = "application_form", **values: str) -> Reading:
    return form_of(code, key, applicant_name=person.name, id_number=person.number, **values)


def both_sides(key: str, *people: Person) -> dict[str, tuple[Reading, ...]]:
    return {f"{key}_front": tuple(map(card, people)), f"{key}_back": tuple(map(recent_back, people))}


def authorised(*people: Person) -> Reading:
    """An authorisation of the agent by these."""
    return paper("授权委托书", "委托代理下列事项", *(p.name for p in (*people, AGENT)))
