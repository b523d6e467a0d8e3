"""When a material is needed, in plain words: `{under_16: false}` → 持卡人已满16周岁, to stand between 如果 and 才需要.

The item's own clauses are taken where it has them; else the question is quoted with its answer.
"""

from collections.abc import Mapping
from typing import Any, Literal

from cases.items import Item, Question

Language = Literal["zh", "en"]
AND: Mapping[Language, str] = {"zh": "，并且", "en": " and "}
OR: Mapping[Language, str] = {"zh": "，或者", "en": " or "}
YES_NO: Mapping[Language, tuple[str, str]] = {"zh": ("不是", "是"), "en": ("No", "Yes")}
QUOTED: Mapping[Language, str] = {"zh": "“{ask}”答“{answer}”", "en": "the answer to “{ask}” is “{answer}”"}


def only_if(item: Item, when: Mapping[str, Any], language: Language) -> str:
    """All the conditions in one clause; empty for a material that is always needed."""
    questions = {question.key: question for question in item.questions}
    clauses = [_clause(questions[key], wanted, language) for key, wanted in when.items() if key in questions]
    return AND[language].join(clauses)


def _clause(question: Question, wanted: Any, language: Language) -> str:
    either = wanted if isinstance(wanted, list | tuple) else (wanted,)
    return OR[language].join(_said(question, value, language) for value in either)


def _said(question: Question, value: Any, language: Language) -> str:
    if isinstance(value, bool):
        own, answer = question.if_yes if value else question.if_no, YES_NO[language][value]
    else:
        own, answer = question.if_chosen.get(str(value), ""), question.labels.get(str(value), str(value))
    return own or QUOTED[language].format(ask=question.ask, answer=answer)
